// Matrix products with fixed weights: packed once, run often. One file for each backend; nothing else knows of them.
#pragma once
#include <memory>
#include <string>

#include "nn/buffer.h"
#include "nn/cpu.h"
#include "nn/kernels/kernels.h"
#include "nn/model_file.h"

namespace reportedly::nn {

/// Storage for quantised rows.
class QuantisedBuffer {
 public:
  /// Room for m rows of `columns` values; rows are padded to whole 64 bytes.
  const QuantisedRows& get(size_t m, size_t columns);
  const QuantisedRows& rows() const { return rows_; }

 private:
  Buffer<int8_t> data_;
  Buffer<float> scale_;
  Buffer<int32_t> sum_;
  QuantisedRows rows_ = {};
};

/// Scratch of one thread for products.
struct GemmScratch {
  QuantisedBuffer quantised;
};

/// c = x·Wᵀ + b. Immutable; `run` may be called from several threads, each with its own scratch.
class Gemm {
 public:
  virtual ~Gemm() = default;
  size_t outputs() const { return n_; }
  size_t inputs() const { return k_; }
  /// True: takes quantised rows, else float rows.
  virtual bool int8() const = 0;
  /// x [m × inputs] with row stride ldx (floats), or `q` where int8(); c [m × outputs] with row stride ldc.
  virtual void run(const float* x, size_t ldx, const QuantisedRows& q, size_t m, float* c, size_t ldc, GemmScratch& scratch) const = 0;

 protected:
  Gemm(size_t n, size_t k) : n_(n), k_(k) {}
  size_t n_, k_;
};

/// Backends. `bias` may be null; values are copied, the file need not outlive them.
std::unique_ptr<Gemm> make_gemm_f32(const Kernels& kernels, const ModelFile::Weights& weights, const float* bias);
/// With an arena the packed weights lie there, and it must outlive the product.
std::unique_ptr<Gemm> make_gemm_s8(const Kernels& kernels, const ModelFile::Weights& weights, const float* bias, Arena* arena = nullptr);

/// Packs f32 rows [n × k] into blocks of 16 rows (kernels.h); `out` has round_up(n, 16) · k floats.
void pack_f32(const float* rows, size_t ld, size_t n, size_t k, float* out);

/// What an open model runs on.
struct Backend {
  Isa isa = Isa::generic;
  const Kernels* kernels = &kKernelsGeneric;
  Precision precision = Precision::int8;
  Arena* arena = nullptr;  ///< where packed int8 weights go, in the order in which they are loaded; null: each on its own
};

/// A linear layer of the file. In `fp32` all weights are used as floats; in `int8` a layer works as the file stores it.
class Linear {
 public:
  Linear() = default;
  /// Tensors `name`.weight [outputs × inputs] and `name`.bias [outputs].
  static Result<Linear> load(const ModelFile& file, const Backend& backend, const std::string& name, size_t outputs, size_t inputs);
  /// A bare matrix without bias.
  static Result<Linear> load_matrix(const ModelFile& file, const Backend& backend, const std::string& name, size_t outputs, size_t inputs);
  static Linear from(const Backend& backend, const ModelFile::Weights& weights, const float* bias);

  bool int8() const { return gemm_->int8(); }
  size_t outputs() const { return gemm_->outputs(); }
  size_t inputs() const { return gemm_->inputs(); }
  /// Float rows in; quantised inside where needed.
  void run(const float* x, size_t ldx, size_t m, float* c, size_t ldc, GemmScratch& scratch) const;
  /// Rows that are quantised already, for int8 layers.
  void run(const QuantisedRows& q, size_t m, float* c, size_t ldc, GemmScratch& scratch) const {
    gemm_->run(nullptr, 0, q, m, c, ldc, scratch);
  }

 private:
  const Kernels* kernels_ = nullptr;
  std::unique_ptr<Gemm> gemm_;
};

}  // namespace reportedly::nn
