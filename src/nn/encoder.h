// The transformer: wordpieces of some windows in, vectors of chosen wordpieces out (docs/model.md §3).
#pragma once
#include <vector>

#include "nn/block_linear.h"
#include "nn/gemm.h"
#include "nn/model_file.h"

namespace reportedly::nn {

/// Some windows, one after the other without padding.
struct Batch {
  std::vector<uint32_t> ids;            ///< wordpieces of all windows, with [CLS] and [SEP]
  std::vector<uint8_t> shapes, spaces;  ///< of each wordpiece
  std::vector<uint32_t> lengths;        ///< wordpieces of each window; their sum is ids.size()
  std::vector<uint32_t> keep;           ///< wordpieces whose vectors are wanted, ascending
  void clear();
};

struct EncoderScratch {
  Buffer<float> x, qkv, context, hidden, sub, attention;
  GemmScratch gemm;
  BlockBuffer quantised, wide;
  Buffer<float> room;  ///< of GELU
};

/// Immutable; `run` may be called from several threads, each with its own scratch. The file must outlive it.
class Encoder {
 public:
  static Result<std::unique_ptr<Encoder>> load(const ModelFile& file, const Backend& backend);
  /// Vectors after head_ln of the wordpieces in batch.keep: [keep × width], in scratch until the next call. Windows do not
  /// touch each other: a window's vectors are the same to the last bit in any batch.
  const float* run(const Batch& batch, EncoderScratch& scratch) const;
  size_t vocabulary() const { return vocabulary_; }

 private:
  struct Norm {
    std::vector<float> weight, bias;
    float eps = 0;
    LayerNormView view() const { return {weight.data(), bias.data(), eps}; }
  };
  struct Layer {
    Linear qkv, out, ffn1, ffn2;                               // in floats
    BlockLinear block_qkv, block_out, block_ffn1, block_ffn2;  // in int8
    Norm ln1, ln2;
  };
  Encoder() = default;
  /// Layers in floats, on rows; or layers in int8, on blocks of sixteen wordpieces.
  const float* run_rows(const Batch& batch, EncoderScratch& scratch) const;
  const float* run_blocks(const Batch& batch, EncoderScratch& scratch) const;
  void embed_row(const Batch& batch, size_t row, size_t position, float* x) const;
  static Result<Norm> load_norm(const ModelFile& file, const std::string& name, size_t width, float eps);
  Result<void> find_words(const ModelFile& file, const Tensor& words);
  static Result<std::vector<float>> load_table(const ModelFile& file, const std::string& name, size_t rows, size_t columns);

  const Kernels* kernels_ = nullptr;
  ModelConfig config_;
  size_t vocabulary_ = 0;
  ModelFile::Weights words_;          // in the mapping
  const uint8_t* word_i4_ = nullptr;  // where the file has 4 bits a number
  std::vector<uint16_t> word_row_;    // of each wordpiece, where wordpieces share rows
  std::vector<float> positions_;      // row 0 is a window's first wordpiece
  size_t position_rows_ = 0;
  std::vector<float> shapes_, spaces_;
  bool int8_ = false;
  std::vector<float> relative_;       // [heads × (2·position_rows_ − 1)], empty for absolute positions
  std::vector<float> distance_bias_;  // the same for the int8 encoder (kernels.h)
  Norm input_norm_, head_norm_;
  std::vector<Layer> layers_;
};

/// T5's bidirectional bucket (32 buckets, distance at most 128) of a key's position minus a query's, as MPNet has it.
/// Source: Raffel et al. 2020, §2.1; Song et al. 2020. Far buckets by whole numbers: 8 + ⌊2·log₂(n/8)⌋.
size_t relative_bucket(int64_t key_minus_query);

/// Biases of all heads [heads × (2·span − 1)], by key minus query, as the int8 encoder's attention takes them.
std::vector<float> distance_bias(const float* relative, size_t heads, size_t span);

}  // namespace reportedly::nn
