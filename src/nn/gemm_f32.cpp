// Products in floats: the reference arithmetic, and the small matrices of the heads.
#include <algorithm>
#include <vector>

#include "nn/gemm.h"

namespace reportedly::nn {
namespace {

class GemmF32 final : public Gemm {
 public:
  GemmF32(const Kernels& kernels, const ModelFile::Weights& w, const float* bias) : Gemm(w.rows, w.columns), kernels_(kernels) {
    float* out = packed_.get(round_up(w.rows, kLanes) * w.columns);
    std::vector<float> block(kLanes * w.columns);
    for (size_t r = 0; r < w.rows; r += kLanes) {
      const size_t rows = std::min(kLanes, w.rows - r);
      for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < w.columns; ++j) block[i * w.columns + j] = w.at(r + i, j);
      }
      pack_f32(block.data(), w.columns, rows, w.columns, out + r * w.columns);
    }
    if (bias != nullptr) bias_.assign(bias, bias + w.rows);
  }

  bool int8() const override { return false; }
  void run(const float* x, size_t ldx, const QuantisedRows&, size_t m, float* c, size_t ldc, GemmScratch&) const override {
    kernels_.gemm_f32(x, ldx, m, {packed_.data(), n_, k_}, bias_.empty() ? nullptr : bias_.data(), c, ldc);
  }

 private:
  const Kernels& kernels_;
  Buffer<float> packed_;
  std::vector<float> bias_;
};

}  // namespace

std::unique_ptr<Gemm> make_gemm_f32(const Kernels& kernels, const ModelFile::Weights& weights, const float* bias) {
  return std::make_unique<GemmF32>(kernels, weights, bias);
}

}  // namespace reportedly::nn
