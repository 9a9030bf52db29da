#include "import/stream.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace reportedly::importer {
namespace {

constexpr size_t kChunk = size_t{64} << 10;

}  // namespace

bool Stream::more(size_t n) {
  if (ended_ || error_) return false;
  if (begin_ > 0) buffer_.erase(0, begin_), begin_ = 0;
  const size_t had = buffer_.size();
  buffer_.resize(had + std::max(n, kChunk));
  const size_t got = read(buffer_.data() + had, buffer_.size() - had);
  buffer_.resize(had + got);
  ended_ = got == 0;
  return got > 0;
}

std::string_view Stream::peek() {
  if (begin_ == buffer_.size()) more(kChunk);
  return std::string_view(buffer_).substr(begin_);
}

std::string_view Stream::peek(size_t n) {
  while (buffer_.size() - begin_ < n && more(n)) {
  }
  return std::string_view(buffer_).substr(begin_);
}

std::optional<std::string> Stream::read_all(size_t limit) {
  std::string out;
  for (std::string_view seen = peek(); !seen.empty(); seen = peek()) {
    if (out.size() + seen.size() > limit) return std::nullopt;
    out += seen;
    consume(seen.size());
  }
  if (error_) return std::nullopt;
  return out;
}

std::optional<std::string> Stream::line(size_t limit, bool& too_long) {
  too_long = false;
  std::string out;
  bool any = false;
  for (std::string_view seen = peek(); !seen.empty(); seen = peek()) {
    any = true;
    const size_t end = seen.find('\n');
    const size_t take = std::min(end, seen.size());
    if (out.size() + take > limit) too_long = true;
    try {
      if (!too_long) out += seen.substr(0, take);
    } catch (const std::bad_alloc&) {
      too_long = true;
      out = {};
    }
    consume(std::min(take + 1, seen.size()));
    if (end != std::string_view::npos) break;
  }
  if (!any) return std::nullopt;
  if (!out.empty() && out.back() == '\r') out.pop_back();
  return out;
}

FileStream::FileStream(int descriptor, std::string head, std::function<bool()> stopped)
    : descriptor_(descriptor), head_(std::move(head)), stopped_(std::move(stopped)) {
  struct stat about {};
  if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) && head_.empty()) {
    size_ = static_cast<uint64_t>(about.st_size);
    seekable_ = true;
  }
}

size_t FileStream::read(char* buffer, size_t n) {
  if (!head_.empty()) {
    const size_t take = std::min(n, head_.size());
    std::memcpy(buffer, head_.data(), take);
    head_.erase(0, take);
    return take;
  }
  for (;;) {
    if (stopped_ && !seekable_) {
      // A signal may come right before a read that then waits for ever: so the wait is cut into pieces.
      pollfd wait{descriptor_, POLLIN, 0};
      const int ready = ::poll(&wait, 1, 200);
      if (stopped_()) {
        error_ = Error{ErrorCode::stopped, "stopped", {}};
        return 0;
      }
      if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    }
    const ssize_t got = ::read(descriptor_, buffer, n);
    if (got >= 0) return static_cast<size_t>(got);
    if (errno == EINTR) continue;
    error_ = Error{ErrorCode::unreadable, fmt::format("cannot be read: {}", std::strerror(errno)), {}};
    return 0;
  }
}

int64_t FileStream::seek(int64_t offset, int whence) {
  if (!seekable_) return -1;
  const off_t at = lseek(descriptor_, offset, whence);
  if (at >= 0) forget();
  return at;
}

size_t MemoryStream::read(char* buffer, size_t n) {
  const size_t take = std::min(n, bytes_.size() - at_);
  std::memcpy(buffer, bytes_.data() + at_, take);
  at_ += take;
  return take;
}

int64_t MemoryStream::seek(int64_t offset, int whence) {
  const int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? static_cast<int64_t>(at_) : static_cast<int64_t>(bytes_.size());
  if (offset > static_cast<int64_t>(bytes_.size()) || from + offset < 0 || from + offset > static_cast<int64_t>(bytes_.size())) return -1;
  at_ = static_cast<size_t>(from + offset);
  forget();
  return static_cast<int64_t>(at_);
}

namespace {

class ConvertedStream final : public Stream {
 public:
  ConvertedStream(Stream& from, const std::string& encoding) : from_(from) {
    UErrorCode status = U_ZERO_ERROR;
    source_ = ucnv_open(encoding.c_str(), &status);
    target_ = ucnv_open("UTF-8", &status);
    if (U_FAILURE(status)) error_ = Error{ErrorCode::bad_encoding, fmt::format("the encoding {} is not known", encoding), {}};
  }
  ~ConvertedStream() override {
    ucnv_close(source_);
    ucnv_close(target_);
  }

 private:
  size_t read(char* buffer, size_t n) override {
    char* out = buffer;
    while (out == buffer && !ended_) {
      const std::string_view seen = from_.peek();
      if (from_.error()) {
        error_ = from_.error();
        return 0;
      }
      const bool last = seen.empty();
      const char* in = seen.data();
      UErrorCode status = U_ZERO_ERROR;
      ucnv_convertEx(target_, source_, &out, buffer + n, &in, in + seen.size(), pivot_.data(), &pivot_source_, &pivot_target_,
                     pivot_.data() + pivot_.size(), first_, last, &status);
      first_ = false;
      from_.consume(static_cast<size_t>(in - seen.data()));
      if (last && status != U_BUFFER_OVERFLOW_ERROR) ended_ = true;
      if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR) ended_ = true;
    }
    return static_cast<size_t>(out - buffer);
  }

  Stream& from_;
  UConverter *source_ = nullptr, *target_ = nullptr;
  std::array<UChar, 4096> pivot_{};
  UChar *pivot_source_ = pivot_.data(), *pivot_target_ = pivot_.data();
  bool first_ = true, ended_ = false;
};

}  // namespace

std::unique_ptr<Stream> converted(Stream& from, const std::string& encoding) {
  return std::make_unique<ConvertedStream>(from, encoding);
}

}  // namespace reportedly::importer
