// The inner loops of the runtime as a table of functions, one table for each instruction set.
//
// All tables are built from one source (body.h) over 16 virtual lanes. Every sum is taken in the same order and every
// multiply-add is one fused operation on all of them, so that their results are the same to the last bit
// (tests/unit/nn_kernels.cpp compares them). Rows never mix except in attention, which sees one window at a time:
// results do not depend on how windows are put together into batches.
//
// All functions are pure, allocate nothing and may run in any number of threads.
#pragma once
#include <cstddef>
#include <cstdint>

namespace reportedly::nn {

inline constexpr size_t kLanes = 16;  ///< columns of a packed block

/// Weights [n outputs × k inputs] in blocks of 16 outputs: f32 as [n/16][k][16], int8 as [n/16][k/4][16][4] (the last
/// block and the last inputs padded with zeros). With `offset` set, the int8 values are stored plus 128, unsigned.
struct PackedF32 {
  const float* data;
  size_t n, k;
};
struct PackedS8 {
  const void* data;
  const float* scale;  ///< per output, padded to whole blocks
  size_t n, k;         ///< k padded to a multiple of `depth`
};

/// Rows quantised each with its own scale: value = scale[row] · data[row · stride + column]; sum[row] = Σ data.
struct QuantisedRows {
  int8_t* data;
  size_t stride;
  float* scale;
  int32_t* sum;
};

/// The int8 encoder has sixteen wordpieces side by side, in blocks: floats as [block][column][16], quantised values as
/// [block][column/4][16][4], each wordpiece with its own scale [block][16]. Sums over columns then need no sums along a vector, and weights
/// are read as they lie in the file. Wordpieces beyond the last are zeros at first, and finite always.
struct QuantisedBlocks {
  uint8_t* data;  ///< with `block_offset` set, plus 128
  float* scale;
};

/// int8 weights as the file has them: [n outputs × k inputs], k a multiple of 4.
struct RowsS8 {
  const int8_t* data;
  const float* scale;    ///< per output
  const int32_t* start;  ///< what an output's sum begins with: −128 · Σ weights with `block_offset` set, else 0
  const float* bias;     ///< per output
  size_t n, k;
  /// For kernels with a `group`: the fours of each group's rows, k / 4 a group. First stand `twos` fours of which each two may be added in
  /// 16 bits, up to `easy` those that may not, then those that need care by themselves.
  struct Spans {
    uint16_t twos, easy;
  };
  const uint16_t* order;
  const Spans* spans;
};

struct LayerNormView {
  const float* weight;
  const float* bias;
  float eps;
};

struct Kernels {
  const char* name;
  bool offset;        ///< int8 weights of heads are stored plus 128
  bool block_offset;  ///< so are values in blocks
  /// Where a product adds neighbours in 16 bits (AVX2), 255 times two weights of one sign can be too much for it; for most, four are not.
  /// Rows of weights then go in groups of so many (four or fewer), each with its fours (weights of four columns) in an order: RowsS8.
  /// Otherwise 0.
  size_t group;
  size_t depth;  ///< inputs of int8 heads are padded with zeros to a multiple of this

  /// c[m × n] = a[m × k] · bᵀ + bias. `bias` may be null. Sums run over k from 0 upwards, bias is added last.
  void (*gemm_f32)(const float* a, size_t lda, size_t m, const PackedF32& b, const float* bias, float* c, size_t ldc);
  /// The same for int8: exact int32 sums, then one fused multiply-add with the product of both scales.
  void (*gemm_s8)(const QuantisedRows& a, size_t m, const PackedS8& b, const float* bias, float* c, size_t ldc);
  /// Symmetric, ±127, scale = max|x| / 127, ties to even. Columns up to the next multiple of 16, and of `depth`, are filled with zeros.
  void (*quantise)(const float* x, size_t ldx, size_t m, size_t columns, const QuantisedRows& out);
  /// x = GELU(x) in place, by the error function (|error| < 1e-6 for |x| < 6).
  void (*gelu)(float* x, size_t count);
  /// x = LayerNorm(x + y). `y` may be null. `columns` is a multiple of 16.
  void (*add_layer_norm)(float* x, const float* y, size_t m, size_t columns, const LayerNormView& norm);
  /// x = word row (f32, or int8 times its scale) + position + shape + space rows; `columns` is a multiple of 16.
  void (*embed)(const float* word, const int8_t* word_i8, float scale, const float* position, const float* shape, const float* space,
                size_t columns, float* x);
  /// Self-attention of one window of `length` rows of Q, K, V side by side [length × 3·width], into out [length × width].
  /// `bias`, if not null: [heads × (2·span − 1)], added to the logit of key j for query i at j − i + span − 1.
  /// `scratch`: attention_scratch(length, width / heads) floats, aligned to 64 bytes.
  void (*attention)(const float* qkv, size_t length, size_t width, size_t heads, const float* bias, size_t span, float* scratch,
                    float* out);

  // The int8 encoder, on blocks of sixteen wordpieces.

  /// Rows x [m × columns] to blocks and back; `columns` is a multiple of 16. Wordpieces of the last block beyond m become zeros.
  void (*to_blocks)(const float* rows, size_t m, size_t columns, float* x);
  void (*from_blocks)(const float* x, size_t m, size_t columns, float* rows);
  /// x = LayerNorm(x + y), then quantised as `quantise` does. `y` and `out.data` may be null. `columns` is a multiple of 16.
  void (*block_norm)(float* x, const float* y, size_t blocks, size_t columns, const LayerNormView& norm, const QuantisedBlocks& out);
  void (*block_quantise)(const float* x, size_t blocks, size_t columns, const QuantisedBlocks& out);
  /// What RowsS8::start has for weights [n × k].
  void (*row_starts)(const int8_t* weights, size_t n, size_t k, int32_t* start);
  /// c [blocks][n][16]: exact int32 sums, then one fused multiply-add with the product of both scales and the bias, as in gemm_s8.
  void (*block_product)(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* c);
  /// The same, then GELU to 10⁻⁵ · max(1, |x|), then quantised into `out`. `room`: block_gelu_room(blocks, w) floats, aligned to 64 bytes.
  void (*block_product_gelu)(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* room, const QuantisedBlocks& out);
  /// Self-attention of one window: `length` wordpieces from the `first`, of Q, K, V one after the other [blocks][3·width][16], into
  /// out [blocks][width][16]. Queries and keys are quantised each with its own scale, values column by column over the window, weights in
  /// steps of 1/16256 of a query's largest, and divided by the sum of what they were rounded to. Wordpieces before the window keep what
  /// they have in `out`, those after it in its last block get anything finite. `bias`, if not null, is made by distance_bias. `scratch`:
  /// BlockAttention(length, width / heads).bytes, aligned to 64 bytes.
  void (*block_attention)(const float* qkv, size_t first, size_t length, size_t width, size_t heads, const float* bias, size_t span,
                          float* scratch, float* out);
};

constexpr size_t round_up(size_t n, size_t to) {
  return (n + to - 1) / to * to;
}
inline constexpr size_t kQueryRows = 24;  ///< query rows that float attention handles together
inline size_t attention_scratch(size_t length, size_t head_width) {
  return round_up(length, kLanes) * head_width + length * round_up(head_width, kLanes) + kQueryRows * round_up(length, kLanes) +
         kQueryRows * 2;
}

inline constexpr size_t kChunkBytes = 640 << 10;  ///< weights that a product keeps in the second cache while all blocks pass by
inline constexpr size_t kMostBlocks = 4;          ///< blocks that a product handles together, at most
inline constexpr size_t kMostGeluBlocks = 8;  ///< blocks whose GELU stands in floats at once, where all weights stay in the second cache
inline size_t block_gelu_room(size_t blocks, const RowsS8& w) {
  return (w.n * w.k <= kChunkBytes && blocks > kMostGeluBlocks ? kMostGeluBlocks : blocks) * w.n * kLanes;
}

/// The bias of int8 attention by distance, for one head: lane l of sixteen queries from the q-th on meets key j at
/// out[q + l − j + span − 1 + kLanes], so that sixteen stand together; times log₂e, with room for a block at each end.
inline constexpr size_t distance_bias_size(size_t span) {
  return 2 * span - 1 + 2 * kLanes;
}

inline constexpr size_t kMaxAttention = 512;  ///< longest window of int8 attention: its sums stay below 2³¹

/// Where things lie in the scratch memory of int8 attention, in bytes from its start.
struct BlockAttention {
  size_t keys, queries, values, key_scales, query_scales, key_starts, value_scales, logits, weights, bytes;
  BlockAttention(size_t length, size_t head_width) {
    // Room for what AMX takes: rows of 64 bytes, and wordpieces in steps of 64.
    const size_t all = round_up(round_up(length, kLanes) + kLanes, 64), d = round_up(head_width, 64);
    bytes = 0;
    const auto room = [this](size_t n) {
      const size_t at = bytes;
      bytes += round_up(n, 64);
      return at;
    };
    keys = room(all * d);
    queries = room(all * d);
    values = room(all * d * sizeof(int16_t));
    key_scales = room(all * sizeof(float));
    query_scales = room(all * sizeof(float));
    key_starts = room(all * sizeof(int32_t));
    value_scales = room(d * sizeof(float));
    logits = room(kMostBlocks * all * kLanes * sizeof(float));
    weights = room(kMostBlocks * all * kLanes * sizeof(int16_t));
  }
};

extern const Kernels kKernelsGeneric;
extern const Kernels kKernelsAvx2;     ///< AVX2 and FMA
extern const Kernels kKernelsAvxVnni;  ///< and 256-bit VNNI
extern const Kernels kKernelsAvx512;   ///< AVX-512 F, BW, DQ, VL and VNNI
extern const Kernels kKernelsAmx;      ///< and AMX's int8 tiles

}  // namespace reportedly::nn
