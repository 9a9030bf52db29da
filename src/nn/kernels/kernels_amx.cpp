// Products by AMX, all else as with AVX-512: a tile is sixteen rows of 64 bytes, and one instruction multiplies sixteen rows of signed
// values with sixteen columns over 64 inputs. Weights as they lie in the file are the first operand, blocks of sixteen wordpieces the second, and the sums
// come out as [output][wordpiece], so nothing is repacked. Sums are exact: the same bits as everywhere.
//
// Two by two tiles of sums are in work at once; the sums of the two by two before are scaled meanwhile, a few rows for each 64 inputs,
// since the tile unit and the vector units work side by side.
#include "nn/kernels/vec_avx512.h"
// after the lanes
#include "nn/kernels/body.h"

namespace {

constexpr size_t kDepth = 64;                     // inputs that one instruction takes
constexpr size_t kTileSums = kLanes * kLanes;     // sums in a tile
constexpr size_t kTileBytes = kDepth * kLanes;    // of an operand

struct alignas(64) TileShapes {
  uint8_t palette = 1, start_row = 0, unused[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

/// The tiles of this thread, for as long as one kernel runs: a thread that holds none costs nothing when it is switched. Tiles 0 to 3
/// are sums, 4 and 5 rows of `depth` bytes, 6 and 7 columns.
class TilesInUse {
 public:
  explicit TilesInUse(size_t depth = kDepth) {
    TileShapes shapes;
    for (int i = 4; i < 6; ++i) shapes.row_bytes[i] = static_cast<uint16_t>(depth);
    for (int i = 6; i < 8; ++i) shapes.rows[i] = static_cast<uint8_t>(depth / 4);
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
    _tile_loadd(6, b, 4 * kLanes);
    _tile_dpbsud(0, 4, 6);
    if constexpr (Blocks == 2) {
      _tile_loadd(7, b + from.b_block, 4 * kLanes);
      _tile_dpbsud(1, 4, 7);
    }
    if constexpr (Rows == 2) {
      _tile_loadd(5, a + kLanes * from.a_row, from.a_row);
      _tile_dpbsud(2, 5, 6);
      if constexpr (Blocks == 2) _tile_dpbsud(3, 5, 7);
    }
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

/// As `product` (body.h), for k a multiple of 64 and n of 16.
template <bool Gelu, class At, class Done>
inline void tiled_product(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* peaks, const At& at, const Done& done) {
  const TilesInUse tiles;
  alignas(64) int32_t sums[2][4 * kTileSums];
  Unscaled<Gelu> before;
  int turn = 0;
  const size_t bytes = w.k * kLanes, steps = w.k / kDepth, share = 2 * kLanes / steps + 1;
  const size_t chunk = w.n * w.k <= kChunkBytes ? w.n : smaller(w.n, round_up(kChunkBytes / w.k, 2 * kLanes));
  for (size_t first = 0; first < w.n; first += chunk) {
    const size_t last = smaller(w.n, first + chunk);
    for (size_t block = 0; block < blocks; block += kMostBlocks) {
      const size_t count = smaller(kMostBlocks, blocks - block);
      for (size_t row = first; row < last; row += 2 * kLanes) {
        const size_t rows = smaller(2 * kLanes, last - row);
        for (size_t j = 0; j < count; j += 2) {
          const size_t some = smaller(2, count - j);
          const TileOperands from = {w.data + row * w.k, w.k, a.data + (block + j) * bytes, bytes, steps};
          const auto between = [&](size_t step) __attribute__((always_inline)) { before.until((step + 1) * share); };
          if (rows == 2 * kLanes) {
            some == 2 ? tile_products<2, 2>(from, sums[turn], between) : tile_products<2, 1>(from, sums[turn], between);
          } else {
            some == 2 ? tile_products<1, 2>(from, sums[turn], between) : tile_products<1, 1>(from, sums[turn], between);
          }
          before.until(before.rows);
          before = {sums[turn], w.scale + row, w.bias + row, a.scale + (block + j) * kLanes, w.start + row,
                    at(block) + j * w.n * kLanes + row * kLanes, Gelu ? peaks + (block + j) * kLanes : nullptr, w.n * kLanes, rows, some, 0};
          turn = 1 - turn;
        }
      }
      if (last == w.n) {
        before.until(before.rows);
        done(block, count);
      }
    }
  }
  before.until(before.rows);
}

inline bool fits_tiles(const RowsS8& w) {
  return w.k % kDepth == 0 && w.n % kLanes == 0;
}

void block_product_amx(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* c) {
  if (!fits_tiles(w)) return block_product(a, blocks, w, c);
  tiled_product<false>(
      a, blocks, w, nullptr, [&](size_t block) { return c + block * w.n * kLanes; }, [](size_t, size_t) {});
}

void block_product_gelu_amx(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* room, const QuantisedBlocks& out) {
  if (!fits_tiles(w)) return block_product_gelu(a, blocks, w, room, out);
  product_gelu(blocks, w, room, out, [&](float* peaks, const auto& at, const auto& done) { tiled_product<true>(a, blocks, w, peaks, at, done); });
}

constexpr Kernels amx_table() {
  Kernels kernels = table("amx");
  kernels.block_product = block_product_amx;
  kernels.block_product_gelu = block_product_gelu_amx;
  return kernels;
}

}  // namespace

namespace reportedly::nn {
const Kernels kKernelsAmx = amx_table();
}
