#include "nn/gemm.h"

namespace reportedly::nn {

const QuantisedRows& QuantisedBuffer::get(size_t m, size_t columns) {
  const size_t rows = round_up(m, 16);
  rows_.stride = round_up(columns, 64);
  rows_.data = data_.get(rows * rows_.stride);
  rows_.scale = scale_.get(rows);
  rows_.sum = sum_.get(rows);
  return rows_;
}

void pack_f32(const float* rows, size_t ld, size_t n, size_t k, float* out) {
  for (size_t block = 0; block < n; block += kLanes) {
    for (size_t i = 0; i < k; ++i) {
      for (size_t j = 0; j < kLanes; ++j) *out++ = block + j < n ? rows[(block + j) * ld + i] : 0.0f;
    }
  }
}

Linear Linear::from(const Backend& backend, const ModelFile::Weights& weights, const float* bias) {
  Linear linear;
  linear.kernels_ = backend.kernels;
  if (weights.f32 != nullptr || backend.precision == Precision::fp32) {
    linear.gemm_ = make_gemm_f32(*backend.kernels, weights, bias);
  } else {
    linear.gemm_ = make_gemm_s8(*backend.kernels, weights, bias, backend.arena);
  }
  return linear;
}

Result<Linear> Linear::load_matrix(const ModelFile& file, const Backend& backend, const std::string& name, size_t outputs, size_t inputs) {
  auto weights = file.weights(name, outputs, inputs);
  if (!weights) return tl::unexpected(weights.error());
  return from(backend, *weights, nullptr);
}

Result<Linear> Linear::load(const ModelFile& file, const Backend& backend, const std::string& name, size_t outputs, size_t inputs) {
  auto weights = file.weights(name + ".weight", outputs, inputs);
  if (!weights) return tl::unexpected(weights.error());
  auto bias = file.weights(name + ".bias", 1, outputs);
  if (!bias) return tl::unexpected(bias.error());
  if (bias->f32 == nullptr) return tl::unexpected(file.error(name + ".bias is not f32"));
  return from(backend, *weights, bias->f32);
}

void Linear::run(const float* x, size_t ldx, size_t m, float* c, size_t ldc, GemmScratch& scratch) const {
  if (!gemm_->int8()) {
    gemm_->run(x, ldx, {}, m, c, ldc, scratch);
    return;
  }
  const QuantisedRows& q = scratch.quantised.get(m, gemm_->inputs());
  kernels_->quantise(x, ldx, m, gemm_->inputs(), q);
  gemm_->run(nullptr, 0, q, m, c, ldc, scratch);
}

}  // namespace reportedly::nn
