// Files of every format that is read (docs/import.md), for the import.
#include <fmt/format.h>

#include "import/import.h"
#include "reportedly/corpus.h"

namespace reportedly {
namespace {

class FileSource : public ImportSource {
 public:
  explicit FileSource(FileSourceOptions options)
      : options_({.published = std::move(options.published),
                  .columns = std::move(options.columns),
                  .helper = std::move(options.helper),
                  .stopped = std::move(options.stopped)}) {}

  Result<void> read(const std::filesystem::path& file, const Take& take) override {
    // One importer for all files, since starting its parser costs more than many a file.
    if (!importer_) importer_.emplace(std::vector<std::string>{}, options_);
    importer_->push(file.string());
    std::optional<Error> of_the_file;
    while (auto next = importer_->next()) {
      const auto item_of = [](const auto& about) {
        if (about.record == 0) return about.member;
        return about.member.empty() ? fmt::format("{}", about.record) : fmt::format("{}:{}", about.member, about.record);
      };
      bool more = true;
      if (!*next) {
        const std::string item = item_of(next->error());
        if (item.empty())
          of_the_file = next->error().error();
        else
          more = take(tl::unexpected(next->error().error()), item);
      } else {
        const std::string item = item_of(**next);
        more = take(document(std::move(**next), item), item);
      }
      if (!more) {
        importer_.reset();  // leaves the rest of the file
        break;
      }
    }
    if (of_the_file) return tl::unexpected(*of_the_file);
    return {};
  }

  std::string options() const override {
    std::string out = options_.published ? "published=" + *options_.published : "";
    for (const auto& [field, column] : options_.columns) out += fmt::format("{}column:{}={}", out.empty() ? "" : " ", field, column);
    return out;
  }

 private:
  static SourceDocument document(importer::ImportedDocument&& from, const std::string& item) {
    SourceDocument out{.input = std::move(from.input),
                       .item = item,
                       .format = std::string(importer::format_name(from.format)),
                       .encoding = std::move(from.encoding)};
    if (out.input.published) out.published_origin = importer::date_origin_name(from.date_origin);
    for (std::string& warning : from.warnings) out.warnings.push_back({"import", std::move(warning), {}});
    return out;
  }

  importer::ImportOptions options_;
  std::optional<importer::Importer> importer_;
};

}  // namespace

std::unique_ptr<ImportSource> file_source(FileSourceOptions options) {
  return std::make_unique<FileSource>(std::move(options));
}

}  // namespace reportedly
