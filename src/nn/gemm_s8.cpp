// int8 products by our own kernels.
#include <algorithm>
#include <cstring>
#include <vector>

#include "nn/gemm.h"

namespace reportedly::nn {
namespace {

class GemmS8 final : public Gemm {
 public:
  GemmS8(const Kernels& kernels, const ModelFile::Weights& w, const float* bias, Arena* arena)
      : Gemm(w.rows, w.columns), kernels_(kernels) {
    const size_t blocks = round_up(w.rows, kLanes) / kLanes;
    padded_k_ = round_up(w.columns, kernels.depth);
    const size_t bytes = blocks * kLanes * padded_k_;
    uint8_t* out = arena == nullptr ? own_.get(bytes) : static_cast<uint8_t*>(arena->get(bytes));
    packed_ = out;
    const uint8_t flip = kernels.offset ? 0x80 : 0;
    // What no weight is written to: rows beyond the last, and the end of each row.
    if (w.rows % kLanes != 0) std::memset(out + (blocks - 1) * kLanes * padded_k_, flip, kLanes * padded_k_);
    if (const size_t spare = padded_k_ - w.columns / 4 * 4; spare > 0) {
      for (size_t b = 1; b <= blocks; ++b) std::memset(out + b * kLanes * padded_k_ - spare * kLanes, flip, spare * kLanes);
    }
    for (size_t r = 0; r < w.rows; ++r) {
      const int8_t* row = w.i8 + r * w.columns;
      uint8_t* lane = out + r / kLanes * kLanes * padded_k_ + r % kLanes * 4;
      size_t i = 0;
      for (; i + 4 <= w.columns; i += 4, lane += 64) {
        uint32_t four;
        std::memcpy(&four, row + i, 4);
        four ^= flip * 0x01010101u;
        std::memcpy(lane, &four, 4);
      }
      for (; i < w.columns; ++i) lane[i % 4] = static_cast<uint8_t>(row[i]) ^ flip;
    }
    float* scale = scale_.get(blocks * kLanes);
    for (size_t r = 0; r < blocks * kLanes; ++r) scale[r] = r < w.rows ? w.scale[r / w.rows_per_scale] : 0.0f;
    if (bias != nullptr) bias_.assign(bias, bias + w.rows);
  }

  bool int8() const override { return true; }
  void run(const float*, size_t, const QuantisedRows& q, size_t m, float* c, size_t ldc, GemmScratch&) const override {
    kernels_.gemm_s8(q, m, {packed_, scale_.data(), n_, padded_k_}, bias_.empty() ? nullptr : bias_.data(), c, ldc);
  }

 private:
  const Kernels& kernels_;
  size_t padded_k_;
  Buffer<uint8_t> own_;
  const uint8_t* packed_ = nullptr;
  Buffer<float> scale_;
  std::vector<float> bias_;
};

}  // namespace

std::unique_ptr<Gemm> make_gemm_s8(const Kernels& kernels, const ModelFile::Weights& weights, const float* bias, Arena* arena) {
  return std::make_unique<GemmS8>(kernels, weights, bias, arena);
}

}  // namespace reportedly::nn
