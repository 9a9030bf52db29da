// A linear layer of the int8 encoder, on blocks of sixteen wordpieces (kernels.h).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "nn/gemm.h"

namespace reportedly::nn {

/// Storage for quantised blocks.
class BlockBuffer {
 public:
  /// Room for so many blocks of `columns` values.
  const QuantisedBlocks& get(size_t blocks, size_t columns) {
    blocks_ = {data_.get(blocks * columns * kLanes), scale_.get(blocks * kLanes)};
    return blocks_;
  }
  const QuantisedBlocks& blocks() const { return blocks_; }

 private:
  Buffer<uint8_t> data_;
  Buffer<float> scale_;
  QuantisedBlocks blocks_ = {};
};

/// y = x·Wᵀ + b with W in int8. The weights stay in the file's mapping, which must outlive this. Immutable;
/// may be run from several threads.
class BlockLinear {
 public:
  /// Can the tensor `name`.weight be used so? It has to be int8.
  static bool fits(const ModelFile& file, const std::string& name);
  /// Tensors `name`.weight [outputs × inputs] and `name`.bias [outputs]; inputs a multiple of 16.
  static Result<BlockLinear> load(const ModelFile& file, const Backend& backend, const std::string& name, size_t outputs, size_t inputs);
  static BlockLinear from(const Backend& backend, const ModelFile::Weights& weights, const float* bias);

  /// m wordpieces in quantised blocks to c [blocks][outputs][16].
  void run(const QuantisedBlocks& a, size_t m, float* c) const;
  /// The same, then GELU, then quantised. `room` is scratch of the calling thread.
  void run_gelu(const QuantisedBlocks& a, size_t m, const QuantisedBlocks& out, Buffer<float>& room) const;

 private:
  void order_fours(size_t group);
  RowsS8 rows() const { return {data_, scale_.data(), start_.data(), bias_.data(), n_, k_, order_.data(), spans_.data()}; }

  const Kernels* kernels_ = nullptr;
  const int8_t* data_ = nullptr;
  size_t n_ = 0, k_ = 0;
  std::vector<float> scale_, bias_;
  std::vector<int32_t> start_;
  std::vector<uint16_t> order_;  // of groups of rows, where the kernels have groups
  std::vector<RowsS8::Spans> spans_;
};

}  // namespace reportedly::nn
