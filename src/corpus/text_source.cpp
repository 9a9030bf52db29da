// .txt and .jsonl through the reader of the command `code`.
#include "reportedly/corpus.h"
#include "text/input.h"

namespace reportedly {
namespace {

class TextSource : public ImportSource {
 public:
  explicit TextSource(std::optional<std::string> published) : published_(std::move(published)) {}

  Result<void> read(const std::filesystem::path& file, const Take& take) const override {
    const std::string path = file.string(), name = path == "-" ? "standard input" : path;
    text::InputReader reader({path}, {});
    while (auto next = reader.next()) {
      // Errors and documents carry the file, or file:line.
      const std::string& place = *next ? (*next)->origin : next->error().place;
      const std::string item = place.starts_with(name + ":") ? place.substr(name.size() + 1) : "";
      if (!*next && item.empty()) return tl::unexpected(next->error());
      if (!*next) {
        if (!take(tl::unexpected(next->error()), item)) return {};
        continue;
      }
      SourceDocument document;
      document.input = std::move(**next);
      document.item = item;
      document.format = document.input.format == SourceFormat::record ? "jsonl" : "plain";
      document.encoding = "utf-8";
      if (document.input.published) {
        document.published_origin = "record";
      } else if (published_) {
        document.input.published = published_;
        document.published_origin = "option";
      }
      if (!take(std::move(document), item)) return {};
    }
    return {};
  }

  bool wants(const std::filesystem::path& file) const override {
    const std::string extension = file.extension().string();
    return extension == ".txt" || extension == ".jsonl" || extension == ".ndjson";
  }

  std::string options() const override { return published_ ? "published=" + *published_ : ""; }

 private:
  std::optional<std::string> published_;
};

}  // namespace

std::unique_ptr<ImportSource> text_source(std::optional<std::string> published) {
  return std::make_unique<TextSource>(std::move(published));
}

}  // namespace reportedly
