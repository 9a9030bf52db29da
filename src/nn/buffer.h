// Scratch memory aligned to cache lines that keeps its size between uses. Its contents are undefined after `get`.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

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

}  // namespace reportedly::nn
