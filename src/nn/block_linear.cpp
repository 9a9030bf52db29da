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

/// Of four columns: what 255 is to be multiplied with at most, in each lane of 16 bits, that is, the sum of the positive ones of two
/// neighbouring weights and that of the negative ones, without its sign. A byte each, for four rows of weights.
struct Reach {
  uint64_t positive, negative;
};
constexpr uint64_t kTooFar = 0x8080808080808080;  // 255 · 127 fits into 16 bits

bool too_far(const Reach& a) {
  return ((a.positive | a.negative) & kTooFar) != 0;
}
/// None of either is too far.
bool too_far_together(const Reach& a, const Reach& b) {
  return (((a.positive + b.positive) | (a.negative + b.negative)) & kTooFar) != 0;
}

/// Adds a row of the weights of `fours` times four columns, the `row`-th of its group.
void add_row(const int8_t* weights, size_t fours, size_t row, std::vector<uint32_t>& sums, Reach* reach) {
  for (size_t i = 0; i < 2 * fours; ++i) {
    int16_t both;
    std::memcpy(&both, weights + 2 * i, 2);
    const int a = static_cast<int8_t>(both & 0xFF), b = both >> 8;
    sums[i] = static_cast<uint32_t>((std::max(a, 0) + std::max(b, 0)) | (std::max(-a, 0) + std::max(-b, 0)) << 16);
  }
  for (size_t i = 0; i < fours; ++i) {
    const uint64_t lanes = sums[2 * i] | static_cast<uint64_t>(sums[2 * i + 1]) << 8;
    reach[i].positive |= (lanes & 0xFFFF) << (16 * row);
    reach[i].negative |= (lanes >> 16 & 0xFFFF) << (16 * row);
  }
}

}  // namespace

void BlockLinear::order_fours(size_t group) {
  constexpr size_t kWaiting = 8;  // with so many, 87 % of the fours find another; with 16, 88 %
  const size_t fours = k_ / 4;
  std::vector<uint32_t> sums(2 * fours);
  std::vector<Reach> reach(fours);
  std::vector<uint16_t> alone, careful;
  order_.reserve((n_ + group - 1) / group * fours);
  for (size_t first = 0; first < n_; first += group) {
    std::fill(reach.begin(), reach.end(), Reach{0, 0});
    for (size_t r = first; r < std::min(n_, first + group); ++r) add_row(data_ + r * k_, fours, r - first, sums, reach.data());
    alone.clear();
    careful.clear();
    const size_t begin = order_.size();
    uint16_t waiting[kWaiting];
    size_t count = 0;
    for (size_t i = 0; i < fours; ++i) {
      const auto four = static_cast<uint16_t>(i);
      if (too_far(reach[i])) {
        careful.push_back(four);
        continue;
      }
      size_t other = 0;
      while (other < count && too_far_together(reach[i], reach[waiting[other]])) ++other;
      if (other < count) {
        order_.push_back(waiting[other]);
        order_.push_back(four);
        waiting[other] = waiting[--count];
        continue;
      }
      if (count == kWaiting) alone.push_back(waiting[--count]);
      waiting[count++] = four;
    }
    alone.insert(alone.end(), waiting, waiting + count);
    const size_t twos = order_.size() - begin;
    order_.insert(order_.end(), alone.begin(), alone.end());
    spans_.push_back({static_cast<uint16_t>(twos), static_cast<uint16_t>(twos + alone.size())});
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
