// zip, tar, and what gzip, bzip2, xz and zstd pack, through libarchive. Nothing is ever written anywhere. All limits are
// counted while reading; what an archive says of itself is not believed.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "import/charset.h"
#include "import/format.h"
#include "parsers/parsers.h"

namespace reportedly::importer {
namespace {

using namespace std::string_view_literals;

constexpr uint64_t kFreely = uint64_t{16} << 20;  ///< unpacked bytes before the ratio counts
constexpr size_t kLongestName = 1024;

struct Free {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, Free>;

/// Why a member's name is not taken; nullptr: it is.
const char* trick(std::string_view name) {
  if (name.empty()) return "path trick: it has no name";
  if (name.size() > kLongestName) return "path trick: its name is longer than any path";
  if (name.starts_with('/') || name.starts_with('\\') || (name.size() > 1 && name[1] == ':'))
    return "path trick: its name is an absolute path";
  for (size_t at = 0; at <= name.size();) {
    const size_t end = std::min(name.find_first_of("/\\", at), name.size());
    if (name.substr(at, end - at) == "..") return "path trick: its name leads out of the archive (..)";
    at = end + 1;
  }
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return "path trick: its name has control characters";
  // Marks that turn the direction of writing make a name look like another one.
  for (const std::string_view mark :
       {"\u202A"sv, "\u202B"sv, "\u202C"sv, "\u202D"sv, "\u202E"sv, "\u2066"sv, "\u2067"sv, "\u2068"sv, "\u2069"sv})
    if (name.find(mark) != std::string_view::npos) return "path trick: its name hides the direction of its letters";
  return nullptr;
}

/// What systems leave in archives, and nobody means.
bool litter(std::string_view name) {
  const size_t slash = name.rfind('/');
  const std::string_view base = slash == std::string_view::npos ? name : name.substr(slash + 1);
  return name.starts_with("__MACOSX/") || base.starts_with('.') || base == "Thumbs.db" || base == "desktop.ini";
}

class Reader;

/// The bytes of a member, counted.
class MemberStream final : public Stream {
 public:
  MemberStream(Reader& reader) : reader_(reader) {}

 private:
  size_t read(char* buffer, size_t n) override;
  Reader& reader_;
};

class Reader {
 public:
  Reader(Stream& stream, const About& about, Shared& shared) : stream_(stream), about_(about), shared_(shared) {}

  void read() {
    if (about_.depth >= shared_.job.limits.depth) {
      refuse(shared_, about_, ErrorCode::too_large,
             fmt::format("depth limit: archives in archives more than {} deep", shared_.job.limits.depth), "unpack it");
      return;
    }
    archive_.reset(archive_read_new());
    archive* a = archive_.get();
    if (!a) return refuse(shared_, about_, ErrorCode::internal, "the reader of archives does not start");
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_gnutar(a);
    if (stream_.size() > 0)
      archive_read_support_format_zip(a);
    else
      archive_read_support_format_zip_streamable(a);
    archive_read_support_format_raw(a);
    archive_read_set_read_callback(a, &give);
    archive_read_set_seek_callback(a, stream_.size() > 0 ? &seek : nullptr);
    archive_read_set_callback_data(a, this);
    if (archive_read_open1(a) != ARCHIVE_OK) return damaged();
    for (;;) {
      archive_entry* entry = nullptr;
      const int state = archive_read_next_header(a, &entry);
      if (state == ARCHIVE_EOF) return;
      if (state < ARCHIVE_WARN) return damaged();
      if (!one(entry)) return;
    }
  }

  size_t member_bytes(char* buffer, size_t n, std::optional<Error>& error) {
    if (stopped_) return 0;
    const la_ssize_t got = archive_read_data(archive_.get(), buffer, n);
    if (got < 0) {
      error = explained();
      return 0;
    }
    shared_.unpacked += static_cast<uint64_t>(got);
    unpacked_ += static_cast<uint64_t>(got);
    if (auto limit = beyond()) {
      stopped_ = true;
      error = Error{ErrorCode::too_large, std::move(*limit), {}};
      return 0;
    }
    return static_cast<size_t>(got);
  }

 private:
  static la_ssize_t give(archive*, void* self, const void** buffer) {
    auto* me = static_cast<Reader*>(self);
    me->stream_.consume(me->given_);
    const std::string_view seen = me->stream_.peek();
    me->given_ = seen.size();
    me->packed_ += seen.size();
    *buffer = seen.data();
    if (me->stream_.error()) {
      archive_set_error(me->archive_.get(), EIO, "%s", me->stream_.error()->message.c_str());
      return -1;
    }
    return static_cast<la_ssize_t>(seen.size());
  }
  static la_int64_t seek(archive*, void* self, la_int64_t offset, int whence) {
    auto* me = static_cast<Reader*>(self);
    const int64_t at = me->stream_.seek(offset, whence);
    me->given_ = 0;
    return at < 0 ? ARCHIVE_FATAL : at;
  }

  /// The limit that has been passed, in words.
  std::optional<std::string> beyond() const {
    const ImportLimits& limits = shared_.job.limits;
    if (shared_.unpacked > limits.total_bytes) return fmt::format("size limit: it unpacks to more than {} MiB", limits.total_bytes >> 20);
    // A zip may point at the same packed bytes again and again; they count once.
    const uint64_t packed = stream_.size() > 0 ? std::min<uint64_t>(packed_, stream_.size()) : packed_;
    if (unpacked_ > kFreely && unpacked_ / limits.ratio > packed)
      return fmt::format("ratio limit: it unpacks to more than {} times its size, as archive bombs do", limits.ratio);
    return std::nullopt;
  }

  Error explained() const {
    const int number = archive_errno(archive_.get());
    const char* text = archive_error_string(archive_.get());
    const std::string said = text ? clean_utf8(text) : "unknown fault";
    if (stream_.error()) return *stream_.error();
    if (number == ENOMEM) return {ErrorCode::too_large, "memory limit: unpacking takes more than is allowed", {}};
    if (said.find("assphrase") != std::string::npos || said.find("ncrypt") != std::string::npos)
      return {ErrorCode::unreadable, "it is encrypted", {}};
    return {ErrorCode::bad_format, fmt::format("the archive is damaged: {}", said), {}};
  }
  void damaged() {
    Error error = explained();
    refuse(shared_, about_, error.code, std::move(error.message));
  }

  bool outermost() const { return about_.depth == 0; }

  /// One member. False ends the archive.
  bool one(archive_entry* entry) {
    const bool raw = archive_format(archive_.get()) == ARCHIVE_FORMAT_RAW;
    if (raw && archive_filter_count(archive_.get()) <= 1) {
      refuse(shared_, about_, ErrorCode::bad_format, "the archive is damaged: it begins as one and goes on as none");
      return false;
    }
    const size_t number = outermost() ? shared_.members++ : 0;
    if (++shared_.entries > shared_.job.limits.entries) {
      refuse(shared_, about_, ErrorCode::too_large, fmt::format("entry limit: it has more than {} members", shared_.job.limits.entries),
             "split it");
      return false;
    }
    if (outermost() && number < shared_.job.first_member) return true;

    About inner = about_;
    inner.depth = about_.depth + 1;
    if (raw) {
      // A single packed file: "story.html.gz" is the page story.html, not a member of anything.
      for (const std::string_view end : {".gz"sv, ".bz2"sv, ".xz"sv, ".zst"sv, ".tgz"sv})
        if (inner.name.ends_with(end)) {
          inner.name.resize(inner.name.size() - end.size());
          break;
        }
      // gzip may keep the name the file had.
    } else {
      const char* path = archive_entry_pathname(entry);
      if (!path) path = archive_entry_pathname_utf8(entry);
      const std::string bytes = path ? path : "";
      std::string name = valid_utf8(bytes) ? bytes : convert(bytes, "windows-1252");
      const std::string shown = shortened(name, kLongestName);
      inner.name = name;
      inner.member = about_.member.empty() ? shown : fmt::format("{}!{}", about_.member, shown);
      if (const char* why = trick(name)) {
        if (inner.member.empty()) inner.member = "?";
        refuse(shared_, inner, ErrorCode::bad_format, why, "nothing of this member was read");
        return true;
      }
      if (archive_entry_hardlink(entry) || archive_entry_symlink(entry) || archive_entry_filetype(entry) == AE_IFLNK) {
        refuse(shared_, inner, ErrorCode::bad_format, "path trick: it is a link", "nothing of this member was read");
        return true;
      }
      if (archive_entry_filetype(entry) == AE_IFDIR || name.ends_with('/')) return true;
      if (archive_entry_filetype(entry) != AE_IFREG) {
        refuse(shared_, inner, ErrorCode::bad_format, "path trick: it is a device or pipe", "nothing of this member was read");
        return true;
      }
      if (litter(name)) {
        shared_.output.passed_over();
        return true;
      }
      if (archive_entry_is_encrypted(entry) == 1) {
        refuse(shared_, inner, ErrorCode::unreadable, "it is encrypted", "unpack the archive with its password");
        return true;
      }
      if (name == "[Content_Types].xml" || name == "mimetype") {
        refuse(shared_, about_, ErrorCode::bad_format, "this is an Office document or e-book",
               "save it as text, HTML or PDF (tables: as CSV)");
        return false;
      }
    }
    const bool announced = outermost() && !raw;
    if (announced) shared_.output.member(number, inner.member);
    member(inner);
    if (announced) shared_.output.member_done(number);
    return !stopped_;
  }

  void member(const About& inner) {
    MemberStream stream(*this);
    const std::string_view head = stream.peek(kSniffed);
    if (stream.error()) {
      refuse(shared_, inner, stream.error()->code, stream.error()->message, encrypted_advice(*stream.error()));
      return;
    }
    Sniffed sniffed = sniff(head.substr(0, kSniffed), inner.name, text::FieldNames(shared_.job.columns));
    if (sniffed.asset) return shared_.output.passed_over();
    if (sniffed.refusal) {
      refuse(shared_, inner, sniffed.refusal->code, std::move(sniffed.refusal->reason), std::move(sniffed.refusal->way_out));
      return;
    }
    parse(stream, sniffed.format, inner, shared_);
  }

  static std::string encrypted_advice(const Error& error) {
    return error.code == ErrorCode::unreadable ? "unpack the archive with its password" : "";
  }

  Stream& stream_;
  const About& about_;
  Shared& shared_;
  Archive archive_;
  size_t given_ = 0;
  uint64_t packed_ = 0, unpacked_ = 0;
  bool stopped_ = false;
};

size_t MemberStream::read(char* buffer, size_t n) {
  return reader_.member_bytes(buffer, n, error_);
}

}  // namespace

void parse_archive(Stream& stream, const About& about, Shared& shared) {
  Reader(stream, about, shared).read();
}

}  // namespace reportedly::importer
