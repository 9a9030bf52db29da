#include "nn/block_linear.h"

#include <algorithm>
#include <cstring>

namespace reportedly::nn {

bool BlockLinear::fits(const ModelFile& file, const std::string& name) {
  const Tensor* tensor = file.find(name + ".weight");
  return tensor != nullptr && tensor->dtype == DType::i8;
}

BlockLinear BlockLinear::from(const Backend& backend, const ModelFile::Weights& weights, const float* bias) {
  BlockLinear linear;
  linear.kernels_ = backend.kernels;
  linear.n_ = weights.rows;
  linear.k_ = weights.columns;
  linear.data_ = weights.i8;
  linear.scale_.resize(weights.rows);
  for (size_t r = 0; r < weights.rows; ++r) linear.scale_[r] = weights.scale[r / weights.rows_per_scale];
  linear.start_.resize(weights.rows);
  backend.kernels->row_starts(weights.i8, weights.rows, weights.columns, linear.start_.data());
  linear.bias_.assign(bias, bias + weights.rows);
  if (backend.kernels->group > 0) linear.order_fours(backend.kernels->group);
  return linear;
}

namespace {

/// Marks neighbours of which 255 times both could leave 16 bits: of one sign, and more than 128 together.
void mark_care(const int8_t* weights, size_t pairs, int16_t* care) {
  for (size_t i = 0; i < pairs; ++i) {
    int16_t both;
    std::memcpy(&both, weights + 2 * i, 2);
    const auto sum = static_cast<int16_t>(static_cast<int8_t>(both & 0xFF) + (both >> 8));
    care[i] = static_cast<int16_t>(care[i] | (sum > 128) | (sum < -128));
  }
}

}  // namespace

void BlockLinear::order_fours(size_t group) {
  const size_t fours = k_ / 4;
  std::vector<int16_t> care(k_ / 2);
  std::vector<uint16_t> careful;
  for (size_t first = 0; first < n_; first += group) {
    const size_t last = std::min(n_, first + group);
    std::fill(care.begin(), care.end(), 0);
    for (size_t r = first; r < last; ++r) mark_care(data_ + r * k_, k_ / 2, care.data());
    careful.clear();
    const size_t begin = order_.size();
    for (size_t i = 0; i < fours; ++i) ((care[2 * i] | care[2 * i + 1]) != 0 ? careful : order_).push_back(static_cast<uint16_t>(i));
    easy_.push_back(static_cast<uint16_t>(order_.size() - begin));
    order_.insert(order_.end(), careful.begin(), careful.end());
  }
}

Result<BlockLinear> BlockLinear::load(const ModelFile& file, const Backend& backend, const std::string& name, size_t outputs,
                                      size_t inputs) {
  auto weights = file.weights(name + ".weight", outputs, inputs);
  if (!weights) return tl::unexpected(weights.error());
  auto bias = file.weights(name + ".bias", 1, outputs);
  if (!bias) return tl::unexpected(bias.error());
  if (weights->i8 == nullptr || bias->f32 == nullptr) return tl::unexpected(file.error(name + " is not int8 with a bias in f32"));
  return from(backend, *weights, bias->f32);
}

void BlockLinear::run(const QuantisedBlocks& a, size_t m, float* c) const {
  kernels_->block_product(a, round_up(m, kLanes) / kLanes, rows(), c);
}

void BlockLinear::run_gelu(const QuantisedBlocks& a, size_t m, const QuantisedBlocks& out, Buffer<float>& room) const {
  const size_t blocks = round_up(m, kLanes) / kLanes;
  kernels_->block_product_gelu(a, blocks, rows(), room.get(block_gelu_room(blocks, rows())), out);
}

}  // namespace reportedly::nn
