#include "import/import.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>

#include "import/charset.h"
#include "import/format.h"
#include "import/records.h"
#include "import/stream.h"
#include "import/worker.h"

namespace reportedly::importer {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr int kRestarts = 16;  ///< of the child for one archive; a member that kills it does not take the others with it

class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }
  void reset(int value = -1) {
    if (value_ > 2) ::close(value_);
    value_ = value;
  }
  int get() const { return value_; }

 private:
  int value_;
};

bool is_blank(std::string_view s) {
  return s.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos;
}

}  // namespace

std::string_view date_origin_name(DateOrigin origin) {
  constexpr std::array kNames{"none"sv, "json-ld"sv, "meta"sv, "url"sv, "header"sv, "file"sv, "given"sv};
  return kNames[static_cast<size_t>(origin)];
}

std::string_view encoding_origin_name(EncodingOrigin origin) {
  constexpr std::array kNames{"none"sv, "bom"sv, "declared"sv, "utf-8"sv, "detected"sv, "assumed"sv};
  return kNames[static_cast<size_t>(origin)];
}

std::string place(std::string_view file, std::string_view member, size_t record) {
  std::string out(file);
  if (!member.empty()) out += fmt::format("!{}", member);
  if (record > 0) out += fmt::format(":{}", record);
  return out;
}

Error ImportFailure::error() const {
  return {code, way_out.empty() ? reason : fmt::format("{}; {}", reason, way_out), place(file, member, record)};
}

Result<std::vector<std::string>> list_files(const std::string& path) {
  if (path == "-") return std::vector<std::string>{path};
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return fail(ErrorCode::not_found, "there is no such file", path);
    return fail(ErrorCode::unreadable, fmt::format("cannot be read: {}", std::strerror(errno)), path);
  }
  if (!S_ISDIR(about.st_mode)) return std::vector<std::string>{path};
  std::vector<std::string> out, folders{path};
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().string();
      if (name.starts_with(".")) continue;
      std::error_code ignored;
      if (entries->is_directory(ignored) && !entries->is_symlink(ignored))
        folders.push_back(entries->path().string());
      else if (entries->is_regular_file(ignored))
        out.push_back(entries->path().string());
    }
    if (error) return fail(ErrorCode::unreadable, fmt::format("the folder cannot be read: {}", error.message()), folder);
  }
  std::sort(out.begin(), out.end());
  return out;
}

struct Importer::Impl {
  Impl(std::vector<std::string> given, ImportOptions how)
      : paths(std::move(given)), options(std::move(how)), worker(options), pdf_worker(options) {}

  std::vector<std::string> paths;
  ImportOptions options;
  Worker worker, pdf_worker;  ///< the second for PDFs that the first has found in an archive
  size_t next_path = 0, readable = 0, passed_over = 0;
  std::deque<std::string> files;

  // The file that is being read.
  enum class State : uint8_t { none, records, child, pdf_in_archive } state = State::none;
  std::string file;
  Descriptor descriptor, pdf_memory;
  std::unique_ptr<FileStream> stream;
  std::unique_ptr<RecordReader> records;
  Job job;
  EmbeddedPdf pdf;
  std::optional<size_t> open_member;
  std::string open_member_name;
  int restarts = 0;
  bool any = false;     ///< the file has given something
  bool at_end = false;  ///< of all paths

  std::optional<ImportItem> next() {
    for (;;) {
      std::optional<ImportItem> item;
      try {
        item = step();
      } catch (const std::bad_alloc&) {
        // What is left of the file is left alone: nobody knows how far it was read.
        end_file();
        item = failed(ErrorCode::internal, "not enough memory to read it", "split it, or make memory free");
      }
      if (item) return finished(std::move(*item));
      if (at_end) return std::nullopt;
    }
  }

  /// A document, a failure, or nothing yet.
  std::optional<ImportItem> step() {
    std::optional<ImportItem> item;
    switch (state) {
      case State::none:
        if (files.empty()) {
          at_end = next_path == paths.size();
          if (at_end) return std::nullopt;
          item = list(paths[next_path++]);
        } else {
          file = std::move(files.front());
          files.pop_front();
          item = begin_file();
        }
        break;
      case State::records:
        item = records->next();
        if (!item) end_file();
        break;
      case State::child:
        item = from_child();
        break;
      case State::pdf_in_archive:
        item = from_pdf();
        break;
    }
    return item;
  }

  ImportItem failed(ErrorCode code, std::string reason, std::string way_out = {}) const {
    return tl::unexpected(ImportFailure{code, {}, {}, 0, std::move(reason), std::move(way_out)});
  }
  ImportItem failed(Refusal refusal) const { return failed(refusal.code, std::move(refusal.reason), std::move(refusal.way_out)); }

  /// What is the same for all documents and failures.
  ImportItem finished(ImportItem item) const {
    if (!item) {
      if (item.error().file.empty()) item.error().file = file;
      return item;
    }
    ImportedDocument& d = *item;
    d.file = file;
    d.input.origin = place(d.file, d.member, d.record);
    if (!d.input.published && options.published) {
      d.input.published = options.published;
      d.date_origin = DateOrigin::given;
    }
    if (!d.input.language) d.input.language = options.language;
    return item;
  }

  std::optional<ImportItem> list(const std::string& path) {
    auto found = list_files(path);
    if (!found) return tl::unexpected(ImportFailure{found.error().code, found.error().place, {}, 0, found.error().message, {}});
    if (found->empty()) return tl::unexpected(ImportFailure{ErrorCode::empty, path, {}, 0, "the folder has no files", {}});
    files.assign(std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
    return std::nullopt;
  }

  void end_file() {
    records.reset();
    stream.reset();
    descriptor.reset();
    state = State::none;
  }

  std::optional<ImportItem> begin_file() {
    const bool standard = file == "-";
    if (standard) {
      file = "standard input";
      descriptor.reset(0);
    } else {
      struct stat about {};
      if (::stat(file.c_str(), &about) != 0) return failed(ErrorCode::not_found, "there is no such file");
      if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode) && !S_ISCHR(about.st_mode))
        return failed(ErrorCode::unreadable, "this is no file that can be read");
      descriptor.reset(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
      if (descriptor.get() < 0) return failed(ErrorCode::unreadable, fmt::format("cannot be read: {}", std::strerror(errno)));
    }
    stream = std::make_unique<FileStream>(descriptor.get(), "", options.stopped);
    const std::string_view head = stream->peek(kSniffed);
    if (stream->error()) {
      ImportItem item = failed(stream->error()->code, stream->error()->message);
      end_file();
      return item;
    }
    ++readable;
    Sniffed sniffed =
        sniff(head.substr(0, kSniffed), standard ? "" : fs::path(file).filename().string(), text::FieldNames(options.columns));
    if (sniffed.refusal) {
      end_file();
      return failed(std::move(*sniffed.refusal));
    }
    switch (sniffed.format) {
      case Format::plain: {
        ImportItem item = plain();
        end_file();
        return item;
      }
      case Format::records:
        records = std::make_unique<RecordReader>(*stream, options.limits.plain_bytes, text::FieldNames(options.columns));
        state = State::records;
        return std::nullopt;
      default:
        break;
    }
    job = Job{};
    job.format = sniffed.format;
    job.name = standard ? "" : fs::path(file).filename().string();
    job.columns = options.columns;
    job.limits = options.limits;
    // Standard input may be a file that somebody has read a part of: it is never read twice.
    if (standard || stream->seek(0, SEEK_SET) != 0) job.head = std::string(stream->peek());
    stream.reset();
    restarts = 0;
    any = false;
    return begin_child();
  }

  ImportItem plain() {
    const std::optional<std::string> bytes = stream->read_all(options.limits.plain_bytes);
    if (!bytes && stream->error()) return failed(stream->error()->code, stream->error()->message);
    if (!bytes)
      return failed(ErrorCode::too_large, fmt::format("the text is longer than {} bytes", options.limits.plain_bytes), "split it");
    DecodedText decoded = decode_text(*bytes, {});
    if (is_blank(decoded.text)) return failed(ErrorCode::empty, "there is no text in it");
    ImportedDocument out;
    out.input.text = std::move(decoded.text);
    out.format = Format::plain;
    out.encoding = std::move(decoded.encoding);
    out.encoding_origin = decoded.origin;
    out.warnings = std::move(decoded.warnings);
    return out;
  }

  std::optional<ImportItem> begin_child() {
    open_member.reset();
    if (auto refusal = worker.begin(job, descriptor.get(), file != "standard input")) {
      end_file();
      return failed(std::move(*refusal));
    }
    state = State::child;
    return std::nullopt;
  }

  std::optional<ImportItem> from_child() {
    std::optional<Message> message = worker.next();
    if (!message) return child_ended();
    switch (message->frame) {
      case Frame::document:
        any = true;
        return std::move(message->document);
      case Frame::failure:
        any = true;
        return tl::unexpected(std::move(message->failure));
      case Frame::member:
        open_member = message->member_number;
        open_member_name = std::move(message->member);
        break;
      case Frame::member_done:
        open_member.reset();
        break;
      case Frame::passed_over:
        ++passed_over;
        break;
      case Frame::pdf:
        any = true;
        return begin_pdf(std::move(message->pdf));
      case Frame::job:
        break;
    }
    return std::nullopt;
  }

  std::optional<ImportItem> child_ended() {
    std::optional<Refusal> ending = worker.ending();
    if (!ending) {
      const bool nothing = !any;
      end_file();
      if (nothing) return failed(ErrorCode::empty, "there are no documents in it");
      return std::nullopt;
    }
    ImportItem item = failed(std::move(*ending));
    if (open_member) item.error().member = open_member_name;
    if (item.error().code == ErrorCode::stopped) {
      files.clear();
      next_path = paths.size();
    } else if (open_member && ++restarts <= kRestarts && job.head.empty() && ::lseek(descriptor.get(), 0, SEEK_SET) == 0) {
      any = true;
      job.first_member = *open_member + 1;
      if (auto again = begin_child()) return again;
      return item;
    } else if (open_member) {
      item.error().way_out = "what follows it in the archive was not read; unpack the archive";
    }
    end_file();
    return item;
  }

  std::optional<ImportItem> begin_pdf(EmbeddedPdf found) {
    pdf = std::move(found);
    const auto refused = [&](std::string reason) {
      ImportItem item = failed(ErrorCode::internal, std::move(reason));
      item.error().member = pdf.member;
      item.error().record = pdf.record;
      return item;
    };
    pdf_memory.reset(memfd_create("pdf", MFD_CLOEXEC));
    if (pdf_memory.get() < 0) return refused(fmt::format("no memory file for a PDF: {}", std::strerror(errno)));
    for (std::string_view rest = pdf.bytes; !rest.empty();) {
      const ssize_t n = ::write(pdf_memory.get(), rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return refused(fmt::format("no memory file for a PDF: {}", std::strerror(errno)));
      rest.remove_prefix(static_cast<size_t>(n));
    }
    pdf.bytes = {};
    ::lseek(pdf_memory.get(), 0, SEEK_SET);
    Job inner;
    inner.format = Format::pdf;
    inner.limits = options.limits;
    if (auto refusal = pdf_worker.begin(inner, pdf_memory.get(), true)) return refused(refusal->reason);
    state = State::pdf_in_archive;
    return std::nullopt;
  }

  std::optional<ImportItem> from_pdf() {
    std::optional<Message> message = pdf_worker.next();
    ImportItem item = failed(ErrorCode::internal, "");
    if (!message) {
      state = State::child;
      pdf_memory.reset();
      if (!pdf_worker.ending()) return std::nullopt;
      item = failed(*pdf_worker.ending());
    } else if (message->frame == Frame::document) {
      item = std::move(message->document);
      if (!pdf.url.empty()) item->input.url = pdf.url;
      item->member = pdf.member;
      item->record = pdf.record;
      return item;
    } else if (message->frame == Frame::failure) {
      item = tl::unexpected(std::move(message->failure));
    } else {
      return std::nullopt;
    }
    item.error().member = pdf.member;
    item.error().record = pdf.record;
    return item;
  }
};

Importer::Importer(std::vector<std::string> paths, ImportOptions options)
    : impl_(std::make_unique<Impl>(std::move(paths), std::move(options))) {}
Importer::~Importer() = default;
Importer::Importer(Importer&&) noexcept = default;
Importer& Importer::operator=(Importer&&) noexcept = default;
void Importer::push(std::string path) {
  if (impl_->next_path == impl_->paths.size()) impl_->paths.clear(), impl_->next_path = 0;
  impl_->paths.push_back(std::move(path));
}
std::optional<ImportItem> Importer::next() {
  return impl_->next();
}
size_t Importer::readable_files() const {
  return impl_->readable;
}
size_t Importer::passed_over() const {
  return impl_->passed_over;
}

Result<ImportCounts> import_source(const std::string& path, const ImportOptions& options,
                                   const std::function<bool(ImportItem&&)>& callback) {
  if (auto files = list_files(path); !files) return tl::unexpected(files.error());
  Importer importer({path}, options);
  ImportCounts counts;
  while (auto item = importer.next()) {
    if (!*item && item->error().code == ErrorCode::stopped) return tl::unexpected(item->error().error());
    ++(*item ? counts.documents : counts.failures);
    if (!callback(std::move(*item))) break;
  }
  counts.files = importer.readable_files();
  counts.passed_over = importer.passed_over();
  return counts;
}

}  // namespace reportedly::importer
