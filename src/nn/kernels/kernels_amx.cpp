// Products by AMX, all else as with AVX-512: a tile is sixteen rows of 64 bytes, and one instruction multiplies sixteen rows of signed
// values with sixteen columns over 64 inputs. Weights as they lie in the file are the first operand, blocks of sixteen wordpieces the
// second, and the sums come out as [output][wordpiece], so nothing is repacked. Sums are exact: the same bits as everywhere.
//
// Two by two tiles of sums are in work at once; the sums of the two by two before are scaled meanwhile, a few rows for each 64 inputs,
// since the tile unit and the vector units work side by side.
#include "nn/kernels/vec_avx512.h"
// after the lanes
#include "nn/kernels/body.h"

namespace {

constexpr size_t kDepth = 64;                   // inputs that one instruction takes
constexpr size_t kTileSums = kLanes * kLanes;   // sums in a tile
constexpr size_t kTileBytes = kDepth * kLanes;  // of an operand

struct alignas(64) TileShapes {
  uint8_t palette = 1, start_row = 0, unused[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

/// The tiles of this thread, for as long as one kernel runs: a thread that holds none costs nothing when it is switched. Tiles 0 to 3
/// are sums of `rows` rows, 4 and 5 so many rows of 64 bytes, 6 and 7 columns.
class TilesInUse {
 public:
  explicit TilesInUse(size_t rows = kLanes) {
    TileShapes shapes;
    for (int i = 0; i < 6; ++i) shapes.rows[i] = static_cast<uint8_t>(rows);
    // The header of g++ 12 tells the compiler of eight bytes alone.
    asm volatile("" ::"r"(&shapes) : "memory");
    _tile_loadconfig(&shapes);
  }
  ~TilesInUse() { _tile_release(); }
  TilesInUse(const TilesInUse&) = delete;
  TilesInUse& operator=(const TilesInUse&) = delete;
};

/// Where the tiles of a product lie: rows a_row bytes apart, columns in blocks b_block bytes apart.
struct TileOperands {
  const int8_t* a;
  size_t a_row;
  const uint8_t* b;
  size_t b_block, steps;
};

/// Sums of Rows × Blocks tiles, to sums[row tile][block][16][16]; between(step) is called after each 64 inputs.
template <int Rows, int Blocks, class Between>
inline void tile_products(const TileOperands& from, int32_t* sums, const Between& between) {
  _tile_zero(0);
  if constexpr (Blocks == 2) _tile_zero(1);
  if constexpr (Rows == 2) _tile_zero(2);
  if constexpr (Rows == 2 && Blocks == 2) _tile_zero(3);
  const int8_t* a = from.a;
  const uint8_t* b = from.b;
  for (size_t step = 0; step < from.steps; ++step, a += kDepth, b += kTileBytes) {
    _tile_loadd(4, a, from.a_row);
    if constexpr (Rows == 2) _tile_loadd(5, a + kLanes * from.a_row, from.a_row);
    _tile_loadd(6, b, 4 * kLanes);
    if constexpr (Blocks == 2) _tile_loadd(7, b + from.b_block, 4 * kLanes);
    _tile_dpbsud(0, 4, 6);
    if constexpr (Blocks == 2) _tile_dpbsud(1, 4, 7);
    if constexpr (Rows == 2) _tile_dpbsud(2, 5, 6);
    if constexpr (Rows == 2 && Blocks == 2) _tile_dpbsud(3, 5, 7);
    between(step);
  }
  _tile_stored(0, sums, 4 * kLanes);
  if constexpr (Blocks == 2) _tile_stored(1, sums + kTileSums, 4 * kLanes);
  if constexpr (Rows == 2) _tile_stored(2, sums + Blocks * kTileSums, 4 * kLanes);
  if constexpr (Rows == 2 && Blocks == 2) _tile_stored(3, sums + 3 * kTileSums, 4 * kLanes);
}

/// Sums that are still to be scaled.
template <bool Gelu>
struct Unscaled {
  const int32_t* sums = nullptr;
  const float *scale = nullptr, *bias = nullptr, *lane_scale = nullptr;
  const int32_t* start = nullptr;
  float *c = nullptr, *peaks = nullptr;
  size_t c_block = 0, rows = 0, blocks = 0, next = 0;

  template <int Blocks>
  __attribute__((always_inline)) void some(size_t end) {
    F by[Blocks], top[Blocks];
    each_of<Blocks>(EACH(j) {
      by[j] = load(lane_scale + j * kLanes);
      if constexpr (Gelu) top[j] = load(peaks + j * kLanes);
    });
    for (; next < end; ++next) {
      const int32_t* from = sums + next / kLanes * Blocks * kTileSums + next % kLanes * kLanes;
      const I first = set1_i(start[next]);
      const F s = set1(scale[next]), y = set1(bias[next]);
      each_of<Blocks>(EACH(j) {
        F v = scaled(to_float(add(load_i(from + j * kTileSums), first)), by[j], s, y);
        if constexpr (Gelu) {
          v = gelu_coarse(v);
          top[j] = max(top[j], abs(v));
        }
        store(c + j * c_block + next * kLanes, v);
      });
    }
    if constexpr (Gelu) each_of<Blocks>(EACH(j) { store(peaks + j * kLanes, top[j]); });
  }
  __attribute__((always_inline)) void until(size_t end) {
    end = smaller(end, rows);
    if (next >= end) return;
    if (blocks == 2) {
      some<2>(end);
    } else {
      some<1>(end);
    }
  }
};

/// As `product` (body.h), for k a multiple of 64 and n of 16. Sixteen or 32 rows of weights meet all blocks of a group before the next,
/// which are fetched into the second cache meanwhile, in the order in which they lie: tiles ask for their lines in an order that no
/// hardware foresees.
template <bool Gelu, class At, class Done>
inline void tiled_product(const QuantisedBlocks& a, size_t blocks, size_t group, const RowsS8& w, float* peaks, const At& at,
                          const Done& done) {
  const TilesInUse tiles;
  alignas(64) int32_t sums[2][4 * kTileSums];
  Unscaled<Gelu> before;
  int turn = 0;
  const size_t bytes = w.k * kLanes, steps = w.k / kDepth, share = 2 * kLanes / steps + 1;
  for (size_t block = 0; block < blocks; block += group) {
    const size_t count = smaller(group, blocks - block), pairs = (count + 1) / 2;
    const size_t ahead = (2 * kLanes + pairs - 1) / pairs;  // lines for each 64 inputs of a pair
    for (size_t row = 0; row < w.n; row += 2 * kLanes) {
      const size_t rows = smaller(2 * kLanes, w.n - row);
      const int8_t* next = w.data + (row + 2 * kLanes) * w.k;
      for (size_t j = 0; j < count; j += 2) {
        const size_t some = smaller(2, count - j);
        const TileOperands from = {w.data + row * w.k, w.k, a.data + (block + j) * bytes, bytes, steps};
        const auto between = [&](size_t step) __attribute__((always_inline)) {
          for (size_t i = 0; i < ahead; ++i, next += 64) __builtin_prefetch(next, 0, 2);
          before.until((step + 1) * share);
        };
        if (rows == 2 * kLanes) {
          some == 2 ? tile_products<2, 2>(from, sums[turn], between) : tile_products<2, 1>(from, sums[turn], between);
        } else {
          some == 2 ? tile_products<1, 2>(from, sums[turn], between) : tile_products<1, 1>(from, sums[turn], between);
        }
        before.until(before.rows);
        before = {.sums = sums[turn],
                  .scale = w.scale + row,
                  .bias = w.bias + row,
                  .lane_scale = a.scale + (block + j) * kLanes,
                  .start = w.start + row,
                  .c = at(block) + (j * w.n + row) * kLanes,
                  .peaks = Gelu ? peaks + (block + j) * kLanes : nullptr,
                  .c_block = w.n * kLanes,
                  .rows = rows,
                  .blocks = some};
        turn = 1 - turn;
      }
    }
    before.until(before.rows);
    done(block, count);
  }
}

inline bool fits_tiles(const RowsS8& w) {
  return w.k % kDepth == 0 && w.n % kLanes == 0;
}

void block_product_amx(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* c) {
  if (!fits_tiles(w)) return block_product(a, blocks, w, c);
  tiled_product<false>(
      a, blocks, blocks, w, nullptr, [&](size_t) { return c; }, [](size_t, size_t) {});
}

void block_product_gelu_amx(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* room, const QuantisedBlocks& out) {
  if (!fits_tiles(w)) return block_product_gelu(a, blocks, w, room, out);
  const size_t group = w.n * w.k <= kChunkBytes ? reportedly::nn::kMostGeluBlocks : blocks;
  product_gelu(blocks, w, room, out,
               [&](float* peaks, const auto& at, const auto& done) { tiled_product<true>(a, blocks, group, w, peaks, at, done); });
}

/// Rows [first, last) of gemm_s8, by tiles of up to `most` rows.
inline void tiled_rows(const QuantisedRows& a, size_t first, size_t last, size_t most, const PackedS8& b, const float* bias, float* c,
                       size_t ldc) {
  const TilesInUse tiles(most);
  alignas(64) int32_t sums[4 * kTileSums];
  const size_t bytes = b.k * kLanes, steps = b.k / kDepth;
  const auto* data = static_cast<const uint8_t*>(b.data);
  const auto nothing = [](size_t) {};
  for (size_t row = first; row < last; row += 2 * most) {
    const size_t rows = smaller(2 * most, last - row);
    for (size_t column = 0; column < b.n; column += 2 * kLanes) {
      const size_t some = column + kLanes < b.n ? 2 : 1;
      const TileOperands from = {a.data + row * a.stride, a.stride, data + column * b.k, bytes, steps};
      if (rows > most) {
        some == 2 ? tile_products<2, 2>(from, sums, nothing) : tile_products<2, 1>(from, sums, nothing);
      } else {
        some == 2 ? tile_products<1, 2>(from, sums, nothing) : tile_products<1, 1>(from, sums, nothing);
      }
      for (size_t j = 0; j < some; ++j) {
        const size_t at = column + j * kLanes, left = b.n - at;
        const F s = load(b.scale + at), y = bias == nullptr ? set1(0.0f) : load_part(bias + at, left);
        for (size_t r = 0; r < rows; ++r) {
          const I total = load_i(sums + (r / kLanes * some + j) * kTileSums + r % kLanes * kLanes);
          store_part(c + (row + r) * ldc + at, scaled(to_float(total, 128 * a.sum[row + r]), set1(a.scale[row + r]), s, y), left);
        }
      }
    }
  }
}

/// gemm_s8 (body.h): rows of `a` are the first operand, packed weights the second, so sums come out in rows.
void gemm_s8_amx(const QuantisedRows& a, size_t m, const PackedS8& b, const float* bias, float* c, size_t ldc) {
  constexpr size_t kFew = 3;  // vectors are faster
  if (b.k % kDepth != 0 || m <= kFew) return gemm_s8(a, m, b, bias, c, ldc);
  const size_t whole = m / kLanes * kLanes;
  if (whole > 0) tiled_rows(a, 0, whole, kLanes, b, bias, c, ldc);
  if (m - whole > kFew) {
    tiled_rows(a, whole, m, m - whole, b, bias, c, ldc);
  } else if (m > whole) {
    gemm_s8({a.data + whole * a.stride, a.stride, a.scale + whole, a.sum + whole}, m - whole, b, bias, c + whole * ldc, ldc);
  }
}

/// With zeros up to the next 64 columns.
void quantise_amx(const float* x, size_t ldx, size_t m, size_t columns, const QuantisedRows& out) {
  quantise(x, ldx, m, columns, out);
  const size_t filled = round_up(columns, kLanes), rest = round_up(columns, kDepth) - filled;
  if (rest == 0) return;
  for (size_t r = 0; r < m; ++r) __builtin_memset(out.data + r * out.stride + filled, 0, rest);
}

/// What is stored before tiles are loaded has to be in memory then: the compiler does not know that they read.
inline void before_tiles() {
  asm volatile("" ::: "memory");
}

/// Keys up to `end` times the queries of one block: sums[key][16], in steps of 64 keys. `keys`: rows of 64 bytes, zeros behind the last
/// column.
inline void tiled_logits(const int8_t* keys, const uint8_t* queries, size_t end, int32_t* sums) {
  _tile_loadd(6, queries, 4 * kLanes);
  for (size_t key = 0; key < end; key += 4 * kLanes, keys += 4 * kTileBytes, sums += 4 * kTileSums) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    _tile_loadd(4, keys, kDepth);
    _tile_dpbsud(0, 4, 6);
    _tile_loadd(5, keys + kTileBytes, kDepth);
    _tile_dpbsud(1, 5, 6);
    _tile_loadd(4, keys + 2 * kTileBytes, kDepth);
    _tile_dpbsud(2, 4, 6);
    _tile_loadd(5, keys + 3 * kTileBytes, kDepth);
    _tile_dpbsud(3, 5, 6);
    _tile_stored(0, sums, 4 * kLanes);
    _tile_stored(1, sums + kTileSums, 4 * kLanes);
    _tile_stored(2, sums + 2 * kTileSums, 4 * kLanes);
    _tile_stored(3, sums + 3 * kTileSums, 4 * kLanes);
  }
}

/// The sums become logits where they stand; returns the largest of each query.
inline F scaled_logits(int32_t* sums, size_t begin, size_t end, const float* query_scale, const float* key_scale, const int32_t* key_start,
                       const float* bias) {
  const F by = load(query_scale);
  F top[2] = {set1(-3.0e38f), set1(-3.0e38f)};
  auto* s = reinterpret_cast<float*>(sums);
  const auto one = [&](size_t key, F & peak) __attribute__((always_inline)) {
    const I total = add(load_i(sums + key * kLanes), set1_i(key_start[key]));
    const F y = bias == nullptr ? set1(0.0f) : load(bias - key);
    const F v = scaled(to_float(total), by, set1(key_scale[key]), y);
    peak = max(peak, v);
    store(s + key * kLanes, v);
  };
  size_t key = begin;
  for (; key + 2 <= end; key += 2) {
    one(key, top[0]);
    one(key + 1, top[1]);
  }
  if (key < end) one(key, top[0]);
  return max(top[0], top[1]);
}

/// soft_weights (body.h) for columns of tiles: the upper seven bits of each weight and the lower seven, each [keys/4][16][4], the lower
/// `plane` bytes behind the upper; zeros for keys outside [begin, end), up to a multiple of 64.
inline F tiled_weights(const float* s, size_t begin, size_t end, F top, uint8_t* out, size_t plane) {
  const F whole = set1(kWhole), steps = set1(kWeightSteps);
  const I low = set1_i(0x7F7F7F7F);
  I total = zero_i();
  const auto weight = [&](size_t key) __attribute__((always_inline)) {
    const F w = fma(exp2_of(sub(load(s + key * kLanes), top)), steps, whole);
    total = add(total, bits(w));
    return w;
  };
  const auto put = [&](size_t key, F a, F b, F c, F d) __attribute__((always_inline)) {
    uint8_t* to = out + key * kLanes;
    store_low4(to, upper(a), upper(b), upper(c), upper(d));
    store_block(to + plane, both(low4(a, b, c, d), low));
  };
  const auto put_some = [&](size_t key) {
    F w[4];
    for (size_t i = 0; i < 4; ++i) w[i] = key + i >= begin && key + i < end ? weight(key + i) : whole;
    put(key, w[0], w[1], w[2], w[3]);
  };
  size_t key = 0;
  for (; key < begin; key += 4) put_some(key);
  for (; key + 4 <= end; key += 4) {
    const F a = weight(key), b = weight(key + 1), c = weight(key + 2), d = weight(key + 3);
    put(key, a, b, c, d);
  }
  for (const size_t last = round_up(end, kDepth); key < last; key += 4) put_some(key);
  return div(set1(1.0f), to_float(add(total, set1_i(static_cast<int32_t>(0u - static_cast<uint32_t>(end - begin) * kWholeBits)))));
}

/// pack_values (body.h) in eight bits, rows of `room` bytes.
inline void pack_values_s8(const float* x, size_t ld, size_t blocks, size_t d, size_t begin, size_t end, size_t room, int8_t* out,
                           float* scale) {
  const F whole = set1(kWhole), zero = set1(0.0f);
  for (size_t i = 0; i < d; ++i) {
    const float* column = x + i * kLanes;
    F a = zero;
    for (size_t b = 0; b < blocks; ++b) {
      F v = abs(load(column + b * ld));
      if (b == 0) v = blend(zero, v, begin);
      if (end < (b + 1) * kLanes) v = blend(v, zero, end - b * kLanes);
      a = max(a, v);
    }
    const Step step = step_of(largest(a));
    scale[i] = step.scale;
    const F factor = set1(step.factor);
    for (size_t b = 0; b < blocks; ++b) store_low(out + i * room + b * kLanes, bits(fma(load(column + b * ld), factor, whole)));
  }
}

/// block_attention (body.h) for heads of 16, 32, 48 or 64 columns. Weights of fourteen bits meet the values as two times seven.
void block_attention_amx(const float* qkv, size_t first, size_t length, size_t width, size_t heads, const float* bias, size_t span,
                         float* scratch, float* out) {
  const size_t d = width / heads;
  if (d % kLanes != 0 || d > kDepth) return block_attention(qkv, first, length, width, heads, bias, span, scratch, out);
  const size_t ld = 3 * width * kLanes, block = first / kLanes;
  const size_t begin = first % kLanes, end = begin + length, blocks = round_up(end, kLanes) / kLanes, room = round_up(end, kDepth);
  const BlockAttention at(length, d);
  auto* bytes = reinterpret_cast<uint8_t*>(scratch);
  auto* keys = reinterpret_cast<int8_t*>(bytes + at.keys);
  uint8_t* queries = bytes + at.queries;
  auto* values = reinterpret_cast<int8_t*>(bytes + at.values);
  auto* key_scale = reinterpret_cast<float*>(bytes + at.key_scales);
  auto* query_scale = reinterpret_cast<float*>(bytes + at.query_scales);
  auto* key_start = reinterpret_cast<int32_t*>(bytes + at.key_starts);
  auto* value_scale = reinterpret_cast<float*>(bytes + at.value_scales);
  auto* first_logits = reinterpret_cast<int32_t*>(bytes + at.logits);
  int32_t* const logits[2] = {first_logits, first_logits + room * kLanes};
  uint8_t* weights = bytes + at.weights;
  alignas(64) float packed[kLanes * kLanes];
  alignas(64) int32_t sums[4 * kTileSums];
  const F factor = set1(1.44269504088896341f / __builtin_sqrtf(static_cast<float>(d)));
  const TilesInUse tiles;
  for (size_t h = 0; h < heads; ++h) {
    const float* in = qkv + block * ld + h * d * kLanes;
    for (size_t b = 0; b < blocks; ++b) {
      pack_block<false>(in + b * ld, d, queries + b * d * kLanes, 4 * kLanes, query_scale + b * kLanes, nullptr);
      store(query_scale + b * kLanes, mul(load(query_scale + b * kLanes), factor));
      pack_block<true>(in + b * ld + width * kLanes, d, reinterpret_cast<uint8_t*>(packed), 4 * kLanes, key_scale + b * kLanes,
                       key_start + b * kLanes);
      transpose(packed, kLanes, d / 4, reinterpret_cast<float*>(keys + b * kTileBytes));
    }
    pack_values_s8(in + 2 * width * kLanes, ld, blocks, d, begin, end, room, values, value_scale);
    before_tiles();
    tiled_logits(keys, queries, end, logits[0]);
    for (size_t b = 0; b < blocks; ++b) {
      int32_t* now = logits[b % 2];
      const F top = scaled_logits(now, begin, end, query_scale + b * kLanes, key_scale, key_start,
                                  bias == nullptr ? nullptr : bias + h * (2 * span - 1 + 2 * kLanes) + b * kLanes + span - 1 + kLanes);
      // The tiles of the next queries are in work while the weights of these are made.
      if (b + 1 < blocks) tiled_logits(keys, queries + (b + 1) * d * kLanes, end, logits[1 - b % 2]);
      const auto* s = reinterpret_cast<const float*>(now);
      const F inverse = tiled_weights(s, begin, end, top, weights, room * kLanes);
      before_tiles();
      float* to = out + (block + b) * width * kLanes + h * d * kLanes;
      for (size_t column = 0; column < d; column += 2 * kLanes) {
        const size_t rows = smaller(2 * kLanes, d - column);
        const TileOperands from = {values + column * room, room, weights, room * kLanes, room / kDepth};
        const auto nothing = [](size_t) {};
        rows == 2 * kLanes ? tile_products<2, 2>(from, sums, nothing) : tile_products<1, 2>(from, sums, nothing);
        for (size_t r = 0; r < rows; ++r) {
          const int32_t* upper_sums = sums + r / kLanes * 2 * kTileSums + r % kLanes * kLanes;
          const I total = add(times_128(load_i(upper_sums)), load_i(upper_sums + kTileSums));
          F v = scaled(to_float(total), inverse, set1(value_scale[column + r]), set1(0.0f));
          if (b == 0 && begin > 0) v = blend(load(to + (column + r) * kLanes), v, begin);
          store(to + (column + r) * kLanes, v);
        }
      }
    }
  }
}

constexpr Kernels amx_table() {
  Kernels kernels = table("amx");
  kernels.depth = kDepth;
  kernels.quantise = quantise_amx;
  kernels.gemm_s8 = gemm_s8_amx;
  kernels.block_product = block_product_amx;
  kernels.block_product_gelu = block_product_gelu_amx;
  kernels.block_attention = block_attention_amx;
  return kernels;
}

}  // namespace

namespace reportedly::nn {
const Kernels kKernelsAmx = amx_table();
}
