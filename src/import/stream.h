// Bytes that come one after the other, from a file, from memory, or out of another stream.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "reportedly/result.h"

namespace reportedly::importer {

/// A stream of bytes with a look ahead. Errors end it and stay in `error()`.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// What is in the buffer; reads more if it is empty. Empty: the end, or an error.
  std::string_view peek();
  /// At least n bytes if the stream has so many.
  std::string_view peek(size_t n);
  void consume(size_t n) { begin_ += n; }
  /// All that is left, at most `limit` bytes; nullopt if there is more than that or an error.
  std::optional<std::string> read_all(size_t limit);
  /// Up to and without the next \n, with a \r before it taken away; nullopt at the end. Longer lines than `limit` come cut, `too_long` set;
  /// those for which there is no memory come empty.
  std::optional<std::string> line(size_t limit, bool& too_long);
  const std::optional<Error>& error() const { return error_; }

  /// For those that can be read at any place (zip needs that). −1 where they cannot.
  virtual int64_t seek(int64_t /*offset*/, int /*whence*/) { return -1; }
  /// Bytes of the whole, 0 if unknown.
  virtual uint64_t size() const { return 0; }

 protected:
  /// Fills a buffer; 0 at the end; sets error_ where it fails and returns 0.
  virtual size_t read(char* buffer, size_t n) = 0;
  void forget() { buffer_.clear(), begin_ = 0, ended_ = false; }
  std::optional<Error> error_;

 private:
  bool more(size_t n);
  std::string buffer_;
  size_t begin_ = 0;
  bool ended_ = false;
};

/// A descriptor, which is not closed; `head` comes before what it gives.
class FileStream final : public Stream {
 public:
  /// `stopped`: asked while input is waited for; true ends the stream with the error `stopped`.
  FileStream(int descriptor, std::string head, std::function<bool()> stopped = {});
  int64_t seek(int64_t offset, int whence) override;
  uint64_t size() const override { return size_; }

 private:
  size_t read(char* buffer, size_t n) override;
  int descriptor_;
  std::string head_;
  std::function<bool()> stopped_;
  uint64_t size_ = 0;
  bool seekable_ = false;
};

/// Memory of somebody else.
class MemoryStream final : public Stream {
 public:
  explicit MemoryStream(std::string_view bytes) : bytes_(bytes) {}
  int64_t seek(int64_t offset, int whence) override;
  uint64_t size() const override { return bytes_.size(); }

 private:
  size_t read(char* buffer, size_t n) override;
  std::string_view bytes_;
  size_t at_ = 0;
};

/// Another encoding to UTF-8 on the way.
std::unique_ptr<Stream> converted(Stream& from, const std::string& encoding);

}  // namespace reportedly::importer
