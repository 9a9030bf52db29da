// Scratch memory aligned to cache lines that keeps its size between uses. Its contents are undefined after `get`.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace reportedly::nn {

template <class T>
class Buffer {
 public:
  /// Room for n elements; what was there before is lost when it grows.
  T* get(size_t n) {
    if (n > size_) {
      size_ = 0;
      data_.reset();
      const size_t bytes = (n * sizeof(T) + 63) / 64 * 64;
      data_.reset(static_cast<T*>(std::aligned_alloc(64, bytes)));
      if (data_ == nullptr) throw std::bad_alloc();
      size_ = n;
    }
    return data_.get();
  }
  T* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { std::free(p); }
  };
  std::unique_ptr<T, Free> data_;
  size_t size_ = 0;
};

/// Memory for weights, handed out one piece after the other: a product that fetches beyond the end of one matrix (kernels/body.h) mostly
/// meets the one that is used next. Pages that nothing is written to cost nothing. Not for several threads.
class Arena {
 public:
  /// Zero or more bytes aligned to 64, as long-lived as the arena.
  void* get(size_t bytes) {
    bytes = (bytes + 63) / 64 * 64;
    if (bytes > left_) {
      constexpr size_t kChunk = size_t{16} << 20;
      left_ = bytes > kChunk ? bytes : kChunk;
      at_ = reinterpret_cast<std::byte*>(chunks_.emplace_back(std::make_unique<Buffer<std::byte>>())->get(left_));
    }
    void* piece = at_;
    at_ += bytes;
    left_ -= bytes;
    return piece;
  }

 private:
  std::vector<std::unique_ptr<Buffer<std::byte>>> chunks_;
  std::byte* at_ = nullptr;
  size_t left_ = 0;
};

}  // namespace reportedly::nn
