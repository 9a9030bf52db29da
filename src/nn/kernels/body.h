// The kernels over sixteen virtual lanes. Included by one .cpp for each instruction set, after its vec_*.h; everything
// is local to that file, and no template of the standard library is used, so that no code made for one instruction set
// can be linked into another's place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace {

using reportedly::nn::BlockAttention;
using reportedly::nn::kChunkBytes;
using reportedly::nn::Kernels;
using reportedly::nn::kLanes;
using reportedly::nn::kMostBlocks;
using reportedly::nn::kQueryRows;
using reportedly::nn::LayerNormView;
using reportedly::nn::PackedF32;
using reportedly::nn::PackedS8;
using reportedly::nn::QuantisedBlocks;
using reportedly::nn::QuantisedRows;
using reportedly::nn::round_up;
using reportedly::nn::RowsS8;

constexpr size_t kFewRows = 11;  // up to here a product is done with a panel before the next could arrive

inline size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

/// f(0) … f(N−1) with constant arguments. A loop would be unrolled too late for g++ to keep an array in registers.
template <int N, class Function>
__attribute__((always_inline)) inline void each_of(Function f) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, i>{}), ...);
  }
  (std::make_integer_sequence<int, N>{});
}
#define EACH(i) [&](auto i) __attribute__((always_inline))

// ---- matrix products: a tile of rows × blocks of 16 columns is kept in registers over the whole of k

template <int Rows, int Blocks>
inline void tile_f32(const float* a, size_t lda, const float* b, size_t k, size_t columns, const float* bias, float* c, size_t ldc) {
  F acc[Rows][Blocks];
  each_of<Rows>(EACH(r) { each_of<Blocks>(EACH(j) { acc[r][j] = set1(0.0f); }); });
  for (size_t i = 0; i < k; ++i) {
    F w[Blocks];
    each_of<Blocks>(EACH(j) { w[j] = load(b + (j * k + i) * kLanes); });
    each_of<Rows>(EACH(r) {
      const F x = set1(a[r * lda + i]);
      each_of<Blocks>(EACH(j) { acc[r][j] = fma(x, w[j], acc[r][j]); });
    });
  }
  each_of<Blocks>(EACH(j) {
    const size_t left = columns - j * kLanes;
    const F y = bias == nullptr ? set1(0.0f) : load_part(bias + j * kLanes, left);
    each_of<Rows>(EACH(r) {
      const F out = bias == nullptr ? acc[r][j] : add(acc[r][j], y);
      if (left >= kLanes) {
        store(c + r * ldc + j * kLanes, out);
      } else {
        store_part(c + r * ldc + j * kLanes, out, left);
      }
    });
  });
}

template <int Rows, int Blocks>
inline void rows_f32(const float* a, size_t lda, size_t m, const float* b, size_t k, size_t columns, const float* bias, float* c,
                     size_t ldc) {
  if constexpr (Rows > 0) {
    for (; m >= Rows; m -= Rows, a += Rows * lda, c += Rows * ldc) tile_f32<Rows, Blocks>(a, lda, b, k, columns, bias, c, ldc);
    rows_f32<Rows / 2, Blocks>(a, lda, m, b, k, columns, bias, c, ldc);
  }
}

template <int Blocks>
inline void panels_f32(const float* a, size_t lda, size_t m, const float* b, size_t n, size_t k, const float* bias, float* c, size_t ldc) {
  if constexpr (Blocks > 0) {
    const size_t blocks = round_up(n, kLanes) / kLanes;
    size_t j = 0;
    for (; j + Blocks <= blocks; j += Blocks) {
      rows_f32<kRowsF32, Blocks>(a, lda, m, b + j * k * kLanes, k, n - j * kLanes, bias == nullptr ? nullptr : bias + j * kLanes,
                                 c + j * kLanes, ldc);
    }
    if (j < blocks) {
      panels_f32<Blocks / 2>(a, lda, m, b + j * k * kLanes, n - j * kLanes, k, bias == nullptr ? nullptr : bias + j * kLanes,
                             c + j * kLanes, ldc);
    }
  }
}

void gemm_f32(const float* a, size_t lda, size_t m, const PackedF32& b, const float* bias, float* c, size_t ldc) {
  panels_f32<kBlocksF32>(a, lda, m, b.data, b.n, b.k, bias, c, ldc);
}

/// The last step of every int8 product: one definition, one order.
inline F scaled(F sums, F row_scale, F column_scale, F bias) {
  return fma(sums, mul(row_scale, column_scale), bias);
}

/// Not inlined: among the variables of its callers g++ would not keep the sums in registers.
/// From `next` on, `ahead` times 64 bytes are fetched into the second cache for a later tile, bit by bit between the products.
template <int Rows, int Blocks>
__attribute__((noinline)) void tile_s8(const QuantisedRows& a, size_t row, const uint8_t* b, size_t k, size_t columns, const float* scale,
                                       const float* bias, float* c, size_t ldc, const uint8_t* next, size_t ahead) {
  I acc[Rows][Blocks];
  each_of<Rows>(EACH(r) { each_of<Blocks>(EACH(j) { acc[r][j] = zero_i(); }); });
  const int8_t* x = a.data + row * a.stride;
  size_t i = 0;
  const auto steps = [&](size_t end) __attribute__((always_inline)) {
    for (; i < end; i += 4) {
      Block4 w[Blocks];
      each_of<Blocks>(EACH(j) { w[j] = load_block(b + (j * k + i) * kLanes); });
      each_of<Rows>(EACH(r) {
        const Four four = load_four(x + r * a.stride + i);
        each_of<Blocks>(EACH(j) { dot(acc[r][j], w[j], four); });
      });
    }
  };
  if (ahead > 0) {
    const size_t stretch = round_up((k + ahead - 1) / ahead, 4);
    for (; i + stretch <= k; next += 64) {
      __builtin_prefetch(next, 0, 2);
      steps(i + stretch);
    }
  }
  steps(k);
  each_of<Blocks>(EACH(j) {
    const size_t left = columns - j * kLanes;
    const F y = bias == nullptr ? set1(0.0f) : load_part(bias + j * kLanes, left);
    const F s = load(scale + j * kLanes);
    each_of<Rows>(EACH(r) {
      const F out = scaled(to_float(acc[r][j], kOffset ? 128 * a.sum[row + r] : 0), set1(a.scale[row + r]), s, y);
      float* to = c + (row + r) * ldc + j * kLanes;
      if (left >= kLanes) {
        store(to, out);
      } else {
        store_part(to, out, left);
      }
    });
  });
}

/// The last rows of a product, fewer than a whole tile has.
template <int Rows, int Blocks>
inline void last_rows_s8(const QuantisedRows& a, size_t row, size_t left, const uint8_t* b, size_t k, size_t columns, const float* scale,
                         const float* bias, float* c, size_t ldc) {
  if constexpr (Rows > 0) {
    if (left == Rows) {
      tile_s8<Rows, Blocks>(a, row, b, k, columns, scale, bias, c, ldc, nullptr, 0);
    } else {
      last_rows_s8<Rows - 1, Blocks>(a, row, left, b, k, columns, scale, bias, c, ldc);
    }
  }
}

/// Weights do not fit into a core's own caches, and fetching a panel only when its first tile asks for it costs a fifth of the
/// speed: each tile of a panel fetches its part of the next one. Past the last panel lies the next matrix, mostly (gemm.h).
template <int Rows, int Blocks>
inline void rows_s8(const QuantisedRows& a, size_t m, const uint8_t* b, size_t k, size_t columns, const float* scale, const float* bias,
                    float* c, size_t ldc) {
  const size_t lines = m > kFewRows ? Blocks * k * kLanes * Rows / m / 64 + 1 : 0;
  const uint8_t* next = b + Blocks * k * kLanes;
  size_t row = 0;
  for (; row + Rows <= m; row += Rows, next += lines * 64) tile_s8<Rows, Blocks>(a, row, b, k, columns, scale, bias, c, ldc, next, lines);
  last_rows_s8<Rows - 1, Blocks>(a, row, m - row, b, k, columns, scale, bias, c, ldc);
}

template <int Blocks>
inline void panels_s8(const QuantisedRows& a, size_t m, const uint8_t* b, size_t n, size_t k, const float* scale, const float* bias,
                      float* c, size_t ldc) {
  if constexpr (Blocks > 0) {
    const size_t blocks = round_up(n, kLanes) / kLanes;
    size_t j = 0;
    for (; j + Blocks <= blocks; j += Blocks) {
      rows_s8<kRowsS8, Blocks>(a, m, b + j * k * kLanes, k, n - j * kLanes, scale + j * kLanes,
                               bias == nullptr ? nullptr : bias + j * kLanes, c + j * kLanes, ldc);
    }
    if (j < blocks) {
      panels_s8<Blocks / 2>(a, m, b + j * k * kLanes, n - j * kLanes, k, scale + j * kLanes, bias == nullptr ? nullptr : bias + j * kLanes,
                            c + j * kLanes, ldc);
    }
  }
}

void gemm_s8(const QuantisedRows& a, size_t m, const PackedS8& b, const float* bias, float* c, size_t ldc) {
  panels_s8<kBlocksS8>(a, m, static_cast<const uint8_t*>(b.data), b.n, b.k, b.scale, bias, c, ldc);
}

// ---- quantisation

/// 1.5 · 2²³: a float this large has no digits after the point, so adding it rounds to a whole number (ties to even), which
/// then stands in the low bits, in two's complement; its own lowest byte is zero.
constexpr float kWhole = 12582912.0f;
constexpr uint32_t kWholeBits = 0x4B400000;

/// The largest |x| of a row of which `top` holds lanes, as a factor to ±127 and the scale back.
struct Step {
  float factor, scale;
};
inline Step step_of(float top) {
  // Below this the reciprocal would overflow; such a row is zero for all that can be told.
  if (!(top > 1e-30f)) return {0.0f, 0.0f};
  return {127.0f / top, top / 127.0f};
}

/// Largest |x| of a row.
inline float peak_of(const float* x, size_t columns) {
  F a = set1(0.0f), b = a;
  size_t i = 0;
  for (; i + 2 * kLanes <= columns; i += 2 * kLanes) {
    a = max(a, abs(load(x + i)));
    b = max(b, abs(load(x + i + kLanes)));
  }
  for (; i + kLanes <= columns; i += kLanes) a = max(a, abs(load(x + i)));
  if (i < columns) b = max(b, abs(load_part(x + i, columns - i)));
  return largest(max(a, b));
}

/// Quantises a row whose largest |x| is `top`; returns the sum of the results.
inline int32_t quantise_by(const float* x, size_t columns, float factor, int8_t* q) {
  const F f = set1(factor), whole = set1(kWhole);
  I total = zero_i();
  size_t i = 0;
  for (; i + kLanes <= columns; i += kLanes) {
    const F n = fma(load(x + i), f, whole);
    total = add(total, bits(n));
    store_low(q + i, bits(n));
  }
  if (i < columns) {
    const F n = fma(load_part(x + i, columns - i), f, whole);
    total = add(total, bits(n));
    store_low(q + i, bits(n));
  }
  return static_cast<int32_t>(sum(total) - static_cast<uint32_t>(round_up(columns, kLanes)) * kWholeBits);
}

inline void quantise_row(const float* x, size_t columns, float top, const QuantisedRows& out, size_t row) {
  const Step step = step_of(top);
  out.scale[row] = step.scale;
  out.sum[row] = quantise_by(x, columns, step.factor, out.data + row * out.stride);
}

void quantise(const float* x, size_t ldx, size_t m, size_t columns, const QuantisedRows& out) {
  for (size_t r = 0; r < m; ++r) quantise_row(x + r * ldx, columns, peak_of(x + r * ldx, columns), out, r);
}

// ---- GELU: x/2 · (1 + erf(x/√2)), erf as a ratio of two polynomials on [−4, 4], where its ends are 1 to the last bit but a few
// (the coefficients are those of Eigen's single-precision erf).

inline F gelu_of(F x) {
  const F z = min(max(mul(x, set1(0.70710678118654752f)), set1(-4.0f)), set1(4.0f));
  const F z2 = mul(z, z);
  F p = fma(z2, set1(-2.72614225801306e-10f), set1(2.77068142495902e-08f));
  p = fma(z2, p, set1(-2.10102402082508e-06f));
  p = fma(z2, p, set1(-5.69250639462346e-05f));
  p = fma(z2, p, set1(-7.34990630326855e-04f));
  p = fma(z2, p, set1(-2.95459980854025e-03f));
  p = fma(z2, p, set1(-1.60960333262415e-02f));
  p = mul(z, p);
  F q = fma(z2, set1(-1.45660718464996e-05f), set1(-2.13374055278905e-04f));
  q = fma(z2, q, set1(-1.68282697438203e-03f));
  q = fma(z2, q, set1(-7.37332916720468e-03f));
  q = fma(z2, q, set1(-1.42647390514189e-02f));
  const F half = mul(x, set1(0.5f));
  return fma(half, div(p, q), half);
}

void gelu(float* x, size_t count) {
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(x + i, gelu_of(load(x + i)));
  if (i < count) store_part(x + i, gelu_of(load_part(x + i, count - i)), count - i);
}

/// GELU for values that are rounded to one of 255 steps right after: Φ(x) − ½ as an odd polynomial on ±4.5, without a division. The error,
/// below 10⁻⁵ · max(1, |x|), is less than a hundredth of a step where a row's largest value is 1/5 or more.
inline F gelu_coarse(F x) {
  const F z = clamp(x, 4.5f);
  const F u = mul(z, z);
  F p = fma(u, set1(-1.4068379707715684e-12f), set1(1.7043259858962045e-10f));
  p = fma(u, p, set1(-9.224819130793094e-09f));
  p = fma(u, p, set1(2.966544627724943e-07f));
  p = fma(u, p, set1(-6.3766933635633904e-06f));
  p = fma(u, p, set1(9.797802340472117e-05f));
  p = fma(u, p, set1(-1.1232895776629448e-03f));
  p = fma(u, p, set1(9.835217148065567e-03f));
  p = fma(u, p, set1(-6.634050607681274e-02f));
  p = fma(u, p, set1(3.9888596534729004e-01f));
  return mul(x, fma(z, p, set1(0.5f)));
}

// ---- LayerNorm, embeddings

/// `Rows` rows side by side: a row's mean, variance and largest value are each waited for, and the wait is shared.
template <int Rows>
inline void layer_norm_rows(float* x, const float* y, size_t columns, const LayerNormView& norm, size_t first) {
  const float count = static_cast<float>(columns);
  float* row[Rows];
  F a[Rows], mean[Rows], inverse[Rows];
  each_of<Rows>(EACH(r) {
    row[r] = x + (first + r) * columns;
    a[r] = set1(0.0f);
  });
  for (size_t i = 0; i < columns; i += kLanes) {
    each_of<Rows>(EACH(r) {
      F v = load(row[r] + i);
      if (y != nullptr) {
        v = add(v, load(y + (first + r) * columns + i));
        store(row[r] + i, v);
      }
      a[r] = add(a[r], v);
    });
  }
  each_of<Rows>(EACH(r) {
    mean[r] = set1(sum(a[r]) / count);
    a[r] = set1(0.0f);
  });
  for (size_t i = 0; i < columns; i += kLanes) {
    each_of<Rows>(EACH(r) {
      const F d = sub(load(row[r] + i), mean[r]);
      a[r] = fma(d, d, a[r]);
    });
  }
  each_of<Rows>(EACH(r) { inverse[r] = set1(1.0f / __builtin_sqrtf(sum(a[r]) / count + norm.eps)); });
  for (size_t i = 0; i < columns; i += kLanes) {
    const F weight = load(norm.weight + i), bias = load(norm.bias + i);
    each_of<Rows>(EACH(r) {
      const F v = fma(mul(sub(load(row[r] + i), mean[r]), inverse[r]), weight, bias);
      store(row[r] + i, v);
    });
  }
}

void add_layer_norm(float* x, const float* y, size_t m, size_t columns, const LayerNormView& norm) {
  size_t r = 0;
  for (; r + kRowsNorm <= m; r += kRowsNorm) layer_norm_rows<kRowsNorm>(x, y, columns, norm, r);
  for (; r < m; ++r) layer_norm_rows<1>(x, y, columns, norm, r);
}

void embed(const float* word, const int8_t* word_i8, float scale, const float* position, const float* shape, const float* space,
           size_t columns, float* x) {
  const F s = set1(scale);
  for (size_t i = 0; i < columns; i += kLanes) {
    const F w = word != nullptr ? load(word + i) : mul(from_i8(word_i8 + i), s);
    store(x + i, add(add(add(w, load(position + i)), load(shape + i)), load(space + i)));
  }
}

// ---- attention

/// e^x for x ≤ 0; below −87 it is e^−87. Cephes' polynomial, error below 2 ulp.
inline F exp_of(F x) {
  x = max(x, set1(-87.0f));
  const F n = round(mul(x, set1(1.44269504088896341f)));
  F r = fma(n, set1(-0.693359375f), x);
  r = fma(n, set1(2.12194440e-4f), r);
  F p = fma(r, set1(1.9875691500e-4f), set1(1.3981999507e-3f));
  p = fma(r, p, set1(8.3334519073e-3f));
  p = fma(r, p, set1(4.1665795894e-2f));
  p = fma(r, p, set1(1.6666665459e-1f));
  p = fma(r, p, set1(5.0000001201e-1f));
  p = add(fma(mul(r, r), p, r), set1(1.0f));
  return mul(p, pow2(n));
}

/// Turns a row of logits into unnormalised weights; returns one over their sum.
inline float softmax_row(float* s, size_t length, float factor, const float* bias) {
  constexpr float kNothing = -3.0e38f;
  const F f = set1(factor);
  F peak = set1(kNothing);
  for (size_t j = 0; j < length; j += kLanes) {
    const size_t left = length - j;
    F v = mul(load(s + j), f);
    if (bias != nullptr) v = add(v, load_part(bias + j, left));
    if (left < kLanes) v = keep(v, left, kNothing);
    store(s + j, v);
    peak = max(peak, v);
  }
  const F top = set1(largest(peak));
  F total = set1(0.0f);
  for (size_t j = 0; j < length; j += kLanes) {
    const size_t left = length - j;
    F e = exp_of(sub(load(s + j), top));
    if (left < kLanes) e = keep(e, left, 0.0f);
    store(s + j, e);
    total = add(total, e);
  }
  return 1.0f / sum(total);
}

void attention(const float* qkv, size_t length, size_t width, size_t heads, const float* bias, size_t span, float* scratch, float* out) {
  const size_t d = width / heads, row = 3 * width;
  const size_t keys = round_up(length, kLanes), values = round_up(d, kLanes);
  float* k = scratch;              // [keys/16][d][16]
  float* v = k + keys * d;         // [values/16][length][16]
  float* s = v + values * length;  // [kQueryRows][keys]
  float* inverse = s + kQueryRows * keys;
  const float factor = 1.0f / __builtin_sqrtf(static_cast<float>(d));
  for (size_t h = 0; h < heads; ++h) {
    const float* q_in = qkv + h * d;
    const float* k_in = q_in + width;
    const float* v_in = k_in + width;
    for (size_t j = 0; j < keys; j += kLanes) {
      const size_t count = smaller(kLanes, length - j);
      size_t i = 0;
      for (; i + kLanes <= d; i += kLanes) transpose(k_in + j * row + i, row, count, k + j * d + i * kLanes);
      for (; i < d; ++i) {
        for (size_t l = 0; l < kLanes; ++l) k[j * d + i * kLanes + l] = l < count ? k_in[(j + l) * row + i] : 0.0f;
      }
    }
    for (size_t i = 0; i < values; i += kLanes) {
      for (size_t j = 0; j < length; ++j) store(v + (i * length) + j * kLanes, load_part(v_in + j * row + i, d - i));
    }
    for (size_t first = 0; first < length; first += kQueryRows) {
      const size_t rows = smaller(kQueryRows, length - first);
      panels_f32<kBlocksF32>(q_in + first * row, row, rows, k, keys, d, nullptr, s, keys);
      for (size_t r = 0; r < rows; ++r) {
        inverse[r] =
            softmax_row(s + r * keys, length, factor, bias == nullptr ? nullptr : bias + h * (2 * span - 1) + (span - 1) - (first + r));
      }
      float* o = out + first * width + h * d;
      panels_f32<kBlocksF32>(s, keys, rows, v, d, length, nullptr, o, width);
      for (size_t r = 0; r < rows; ++r) {
        const F f = set1(inverse[r]);
        for (size_t i = 0; i < d; i += kLanes) {
          const size_t left = d - i;
          store_part(o + r * width + i, mul(load_part(o + r * width + i, left), f), left);
        }
      }
    }
  }
}

// ---- the int8 encoder, on blocks of sixteen wordpieces

void to_blocks(const float* rows, size_t m, size_t columns, float* x) {
  for (size_t first = 0; first < m; first += kLanes, x += columns * kLanes) {
    const size_t count = smaller(kLanes, m - first);
    for (size_t i = 0; i < columns; i += kLanes) transpose(rows + first * columns + i, columns, count, x + i * kLanes);
  }
}

void from_blocks(const float* x, size_t m, size_t columns, float* rows) {
  alignas(64) float room[kLanes * kLanes];
  for (size_t first = 0; first < m; first += kLanes, x += columns * kLanes) {
    const size_t count = smaller(kLanes, m - first);
    for (size_t i = 0; i < columns; i += kLanes) {
      transpose(x + i * kLanes, kLanes, kLanes, room);
      for (size_t r = 0; r < count; ++r) store(rows + (first + r) * columns + i, load(room + r * kLanes));
    }
  }
}

/// As kWhole, for values that are stored plus 128 where the dot product wants that: queries, and what meets weights.
constexpr float kWholeQuery = kOffset ? kWhole + 128 : kWhole, kWholeBlock = kBlockOffset ? kWhole + 128 : kWhole;

/// Factors to ±127, and the scales back into `scale`, for sixteen peaks; a peak of zero, or what is zero for all that can be told, gives
/// zeros.
inline F steps_of(F peaks, float* scale) {
  const F top = max(peaks, set1(1e-30f));
  store(scale, mul(top, set1(1.0f / 127.0f)));
  return div(set1(127.0f), top);
}

/// One block, of which the largest |x| of each wordpiece are known.
inline void quantise_block(const float* x, size_t columns, F peaks, uint8_t* out, float* scale) {
  const F factor = steps_of(peaks, scale), whole = set1(kWholeBlock);
  for (size_t i = 0; i < columns; i += 4, x += 4 * kLanes, out += 4 * kLanes) {
    store_low4(out, fma(load(x), factor, whole), fma(load(x + kLanes), factor, whole), fma(load(x + 2 * kLanes), factor, whole),
               fma(load(x + 3 * kLanes), factor, whole));
  }
}

void block_quantise(const float* x, size_t blocks, size_t columns, const QuantisedBlocks& out) {
  for (size_t b = 0; b < blocks; ++b, x += columns * kLanes) {
    F top[4];
    each_of<4>(EACH(j) { top[j] = set1(0.0f); });
    for (size_t i = 0; i < columns; i += 4) each_of<4>(EACH(j) { top[j] = max(top[j], abs(load(x + (i + j) * kLanes))); });
    quantise_block(x, columns, max(max(top[0], top[1]), max(top[2], top[3])), out.data + b * columns * kLanes, out.scale + b * kLanes);
  }
}

void block_norm(float* x, const float* y, size_t blocks, size_t columns, const LayerNormView& norm, const QuantisedBlocks& out) {
  const F count = set1(static_cast<float>(columns));
  // Four sums by turns: one alone would wait for itself.
  F a[4];
  const auto clear = [&] { each_of<4>(EACH(j) { a[j] = set1(0.0f); }); };
  const auto all = [&] { return add(add(a[0], a[1]), add(a[2], a[3])); };
  for (size_t b = 0; b < blocks; ++b, x += columns * kLanes) {
    clear();
    if (y != nullptr) {
      for (size_t i = 0; i < columns; i += 4, y += 4 * kLanes) {
        each_of<4>(EACH(j) {
          const F v = add(load(x + (i + j) * kLanes), load(y + j * kLanes));
          store(x + (i + j) * kLanes, v);
          a[j] = add(a[j], v);
        });
      }
    } else {
      for (size_t i = 0; i < columns; i += 4) each_of<4>(EACH(j) { a[j] = add(a[j], load(x + (i + j) * kLanes)); });
    }
    const F mean = div(all(), count);
    clear();
    for (size_t i = 0; i < columns; i += 4) {
      each_of<4>(EACH(j) {
        const F d = sub(load(x + (i + j) * kLanes), mean);
        a[j] = fma(d, d, a[j]);
      });
    }
    const F inverse = div(set1(1.0f), sqrt(add(div(all(), count), set1(norm.eps))));
    clear();
    for (size_t i = 0; i < columns; i += 4) {
      each_of<4>(EACH(j) {
        const F v = fma(mul(sub(load(x + (i + j) * kLanes), mean), inverse), set1(norm.weight[i + j]), set1(norm.bias[i + j]));
        store(x + (i + j) * kLanes, v);
        a[j] = max(a[j], abs(v));
      });
    }
    if (out.data == nullptr) continue;
    quantise_block(x, columns, max(max(a[0], a[1]), max(a[2], a[3])), out.data + b * columns * kLanes, out.scale + b * kLanes);
  }
}

void row_starts(const int8_t* weights, size_t n, size_t k, int32_t* start) {
  for (size_t r = 0; r < n; ++r, weights += k) {
    int32_t total = 0;
    if constexpr (kBlockOffset) {
      for (size_t i = 0; i < k; ++i) total += weights[i];
    }
    start[r] = -128 * total;
  }
}

/// Where a tile finds its operands: `b` in blocks, b_block bytes apart, 64 bytes for four k; for each row of `a` four bytes for four k,
/// rows a_row and fours a_step bytes apart. `ahead`: what is to be fetched for a later tile lies that many bytes behind `a`.
struct Operands {
  const uint8_t* b;
  size_t b_block;
  const int8_t* a;
  size_t a_row, a_step, steps, ahead;
};

/// Sums over k of a row of `a` times sixteen columns of `b`, for Rows × Blocks at once; they begin with start[row] and go to
/// end(row, block, sums). Not inlined: among the variables of its callers g++ would not keep the sums in registers.
template <int Rows, int Blocks, bool Wide, class End>
__attribute__((noinline)) void tile(const Operands& from, const int32_t* start, const End& end) {
  I acc[Rows][Blocks];
  each_of<Rows>(EACH(r) {
    const I first = start == nullptr ? zero_i() : set1_i(start[r]);
    each_of<Blocks>(EACH(j) { acc[r][j] = first; });
  });
  const int8_t* a = from.a;
  const uint8_t* b = from.b;
  const size_t a_row = from.a_row, b_block = from.b_block, a_step = from.a_step;
  const auto run = [&](size_t steps) __attribute__((always_inline)) {
    for (size_t i = 0; i < steps; ++i, a += a_step, b += 4 * kLanes) {
      Block4 x[Blocks];
      each_of<Blocks>(EACH(j) { x[j] = load_block(b + j * b_block); });
      each_of<Rows>(EACH(r) {
        const Four four = load_four(a + r * a_row);
        each_of<Blocks>(EACH(j) {
          if constexpr (Wide) {
            dot16(acc[r][j], x[j], four);
          } else {
            dot(acc[r][j], x[j], four);
          }
        });
      });
    }
  };
  size_t left = from.steps;
  if (from.ahead != 0) {
    for (; left >= 16; left -= 16) {
      each_of<Rows>(EACH(r) { __builtin_prefetch(a + from.ahead + r * a_row); });
      run(16);
    }
  }
  run(left);
  each_of<Blocks>(EACH(j) { each_of<Rows>(EACH(r) { end(r, j, acc[r][j]); }); });
}

/// Rows of a product that are left: fewer than a whole tile has.
template <int Rows, int Blocks, bool Wide, class Make>
inline void last_rows(size_t row, size_t left, const Operands& from, const int32_t* start, const Make& make) {
  if constexpr (Rows > 0) {
    if (left == Rows) {
      tile<Rows, Blocks, Wide>(from, start, make(row));
    } else {
      last_rows<Rows - 1, Blocks, Wide>(row, left, from, start, make);
    }
  }
}

/// Rows [first, last) of `a`; make(row) is what a tile from that row on ends with.
template <int Rows, int Blocks, bool Wide, class Make>
inline void tiles(Operands from, size_t first, size_t last, const int32_t* start, const Make& make) {
  from.a += first * from.a_row;
  const auto at = [&](size_t row) { return start == nullptr ? nullptr : start + row; };
  size_t row = first;
  for (; row + Rows <= last; row += Rows, from.a += Rows * from.a_row) tile<Rows, Blocks, Wide>(from, at(row), make(row));
  from.ahead = 0;
  last_rows<Rows - 1, Blocks, Wide>(row, last - row, from, at(row), make);
}

/// One block alone needs many rows: two sums are added to in each cycle, and each waits five.
template <int Blocks>
constexpr int kRowsOf = Blocks == 1 ? kRowsOne : kRowsS8;

template <bool Gelu>
struct ProductEnd {
  const float *scale, *bias, *lane_scale;
  float *c, *peaks;
  size_t c_block;
  template <class R, class J>
  __attribute__((always_inline)) void operator()(R r, J j, I sums) const {
    F v = scaled(to_float(sums), load(lane_scale + j * kLanes), set1(scale[r]), set1(bias[r]));
    if constexpr (Gelu) {
      v = gelu_coarse(v);
      store(peaks + j * kLanes, max(load(peaks + j * kLanes), abs(v)));
    }
    store(c + j * c_block + r * kLanes, v);
  }
};

/// A tile for one block whose fours come in an order of their own (kernels.h); sums are exact, so the order changes nothing.
template <int Rows, class End>
__attribute__((noinline)) void tile_in_order(const uint8_t* b, const int8_t* a, size_t k, const uint16_t* order, RowsS8::Spans spans,
                                             const int32_t* start, const End& end) {
  I acc[Rows];
  const int8_t* row[Rows];
  each_of<Rows>(EACH(r) {
    acc[r] = set1_i(start[r]);
    row[r] = a + r * k;
    asm("" : "+r"(row[r]));  // else g++ adds up each address anew
  });
  const uint16_t *twos = order + spans.twos, *easy = order + spans.easy, *last = order + k / 4;
  for (; order < twos; order += 2) {
    const size_t one = order[0], two = order[1];
    const Block4 x = load_block(b + one * 4 * kLanes), y = load_block(b + two * 4 * kLanes);
    each_of<Rows>(EACH(r) { two_dots(acc[r], x, load_four(row[r] + one * 4), y, load_four(row[r] + two * 4)); });
  }
  const auto until = [&](const uint16_t* stop, auto dot) __attribute__((always_inline)) {
    for (; order < stop; ++order) {
      const size_t four = *order;
      const Block4 x = load_block(b + four * 4 * kLanes);
      each_of<Rows>(EACH(r) { dot(acc[r], x, load_four(row[r] + four * 4)); });
    }
  };
  until(
      easy, [](auto& sum, const auto& x, const auto& w) __attribute__((always_inline)) { easy_dot(sum, x, w); });
  until(
      last, [](auto& sum, const auto& x, const auto& w) __attribute__((always_inline)) { careful_dot(sum, x, w); });
  each_of<Rows>(EACH(r) { end(r, std::integral_constant<int, 0>{}, acc[r]); });
}

/// The rows [first, last), groups of `Rows` and then one of fewer.
template <int Rows, class Make>
inline void groups(const uint8_t* b, const RowsS8& w, size_t first, size_t last, const Make& make) {
  if constexpr (Rows > 0) {
    for (; first + Rows <= last; first += Rows) {
      const size_t group = first / (kGroup > 0 ? kGroup : 1);
      tile_in_order<Rows>(b, w.data + first * w.k, w.k, w.order + group * (w.k / 4), w.spans[group], w.start + first, make(first));
    }
    groups<Rows - 1>(b, w, first, last, make);
  }
}

/// Rows [first, last) of the weights for `Blocks` blocks.
template <int Blocks, bool Gelu>
inline void product_rows(const QuantisedBlocks& a, size_t block, const RowsS8& w, size_t first, size_t last, float* c, float* peaks) {
  const size_t bytes = w.k * kLanes, c_block = w.n * kLanes;
  constexpr int rows = kRowsOf<Blocks>;
  if constexpr (kGroup > 0) {
    static_assert(Blocks == 1);
    return groups<kGroup>(a.data + block * bytes, w, first, last, [&](size_t row) {
      return ProductEnd<Gelu>{w.scale + row, w.bias + row, a.scale + block * kLanes, c + row * kLanes, peaks, c_block};
    });
  }
  tiles<rows, Blocks, false>({a.data + block * bytes, bytes, w.data, w.k, 4, w.k / 4, rows * w.k}, first, last, w.start, [&](size_t row) {
    return ProductEnd<Gelu>{w.scale + row, w.bias + row, a.scale + block * kLanes, c + row * kLanes, peaks, c_block};
  });
}

template <int Blocks, bool Gelu>
inline void product_last(const QuantisedBlocks& a, size_t block, size_t left, const RowsS8& w, size_t first, size_t last, float* c,
                         float* peaks) {
  if constexpr (Blocks > 0) {
    if (left == Blocks) {
      product_rows<Blocks, Gelu>(a, block, w, first, last, c, peaks);
    } else {
      product_last<Blocks - 1, Gelu>(a, block, left, w, first, last, c, peaks);
    }
  }
}

/// Some weights stay in the second cache while all blocks pass by, some blocks in the first while these weights do. `at(block)` is where a
/// block's results go, `done(block, count)` is called when all of some blocks are there.
template <bool Gelu, class At, class Done>
inline void product(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* peaks, const At& at, const Done& done) {
  constexpr size_t kStep = kRowsOne * kRowsS8;  // whole tiles
  const size_t chunk = w.n * w.k <= kChunkBytes ? w.n : smaller(w.n, round_up(kChunkBytes / w.k, kStep));
  for (size_t first = 0; first < w.n; first += chunk) {
    const size_t last = smaller(w.n, first + chunk);
    for (size_t block = 0; block < blocks; block += kBlocksS8) {
      const size_t count = smaller(kBlocksS8, blocks - block);
      float* top = Gelu ? peaks + block * kLanes : nullptr;
      if (count == kBlocksS8) {
        product_rows<kBlocksS8, Gelu>(a, block, w, first, last, at(block), top);
      } else {
        product_last<kBlocksS8 - 1, Gelu>(a, block, count, w, first, last, at(block), top);
      }
      if (last == w.n) done(block, count);
    }
  }
}

void block_product(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* c) {
  product<false>(
      a, blocks, w, nullptr, [&](size_t block) { return c + block * w.n * kLanes; }, [](size_t, size_t) {});
}

/// GELU and quantisation around a product; `by` is `product` or one that takes its arguments.
template <class Product>
inline void product_gelu(size_t blocks, const RowsS8& w, float* room, const QuantisedBlocks& out, const Product& by) {
  // The peaks stand where the scales will.
  for (size_t b = 0; b < blocks; ++b) store(out.scale + b * kLanes, set1(0.0f));
  const bool whole = w.n * w.k <= kChunkBytes;  // all of a block's results are there before the next begins
  const auto at = [&](size_t block) { return whole ? room : room + block * w.n * kLanes; };
  by(out.scale, at, [&](size_t block, size_t count) {
    for (size_t b = 0; b < count; ++b) {
      quantise_block(at(block) + b * w.n * kLanes, w.n, load(out.scale + (block + b) * kLanes), out.data + (block + b) * w.n * kLanes,
                     out.scale + (block + b) * kLanes);
    }
  });
}

void block_product_gelu(const QuantisedBlocks& a, size_t blocks, const RowsS8& w, float* room, const QuantisedBlocks& out) {
  product_gelu(blocks, w, room, out, [&](float* peaks, const auto& at, const auto& done) { product<true>(a, blocks, w, peaks, at, done); });
}

/// 2ᵗ for t ≤ 0, below −100 2⁻¹⁰⁰; relative error below 10⁻⁴.
inline F exp2_of(F t) {
  t = max(t, set1(-100.0f));
  const F n = add(t, set1(kWhole));
  const F r = sub(t, sub(n, set1(kWhole)));
  F p = fma(r, set1(0.055171653628349304f), set1(0.2426111251115799f));
  p = fma(r, p, set1(0.6932609677314758f));
  p = fma(r, p, set1(0.9999280571937561f));
  return shift_exponent(p, n);
}

/// Queries or keys of one head for one block: x [d][16], groups of four columns out_step bytes apart. Keys take the part of weights: their
/// bytes are signed, and `start` gets −128 times each one's sum where the dot product wants that.
template <bool Keys>
inline void pack_block(const float* x, size_t d, uint8_t* out, size_t out_step, float* scale, int32_t* start) {
  const F whole = set1(Keys ? kWhole : kWholeQuery);
  F a = set1(0.0f), b = a;
  size_t i = 0;
  for (; i + 2 <= d; i += 2) {
    a = max(a, abs(load(x + i * kLanes)));
    b = max(b, abs(load(x + (i + 1) * kLanes)));
  }
  if (i < d) a = max(a, abs(load(x + i * kLanes)));
  const F factor = steps_of(max(a, b), scale);
  I total = zero_i();
  const auto value = [&](size_t j) __attribute__((always_inline)) {
    const F n = j < d ? fma(load(x + j * kLanes), factor, whole) : whole;
    if constexpr (Keys && kOffset) total = add(total, bits(n));
    return n;
  };
  for (i = 0; i < d; i += 4, out += out_step) {
    const F n0 = value(i), n1 = value(i + 1), n2 = value(i + 2), n3 = value(i + 3);
    store_low4(out, n0, n1, n2, n3);
  }
  if constexpr (Keys && kOffset) {
    store_i(start, times_minus_128(add(total, set1_i(static_cast<int32_t>(0u - static_cast<uint32_t>(round_up(d, 4)) * kWholeBits)))));
  }
}

struct LogitEnd {
  const float *key_scale, *query_scale, *bias;
  float* out;
  size_t out_block;
  template <class R, class J>
  __attribute__((always_inline)) void operator()(R r, J j, I sums) const {
    const F y = bias == nullptr ? set1(0.0f) : load(bias + static_cast<ptrdiff_t>(j * kLanes) - r);
    store(out + j * out_block + r * kLanes, scaled(to_float(sums), load(query_scale + j * kLanes), set1(key_scale[r]), y));
  }
};

struct ContextEnd {
  const float *value_scale, *inverse;
  float* out;
  size_t out_block, kept;
  template <class R, class J>
  __attribute__((always_inline)) void operator()(R r, J j, I sums) const {
    float* to = out + j * out_block + r * kLanes;
    F v = scaled(to_float(sums), load(inverse + j * kLanes), set1(value_scale[r]), set1(0.0f));
    if (j == 0 && kept > 0) v = blend(load(to), v, kept);
    store(to, v);
  }
};

constexpr float kWeightSteps = 127 * 128;

/// Fewer blocks need more rows, as in products.
template <int Blocks>
constexpr int kRowsLogitsOf = kBlocksAttention / Blocks* kRowsLogits;
template <int Blocks>
constexpr int kRowsContextOf = kBlocksAttention / Blocks* kRowsContext;

/// Logits (times log₂e) of sixteen queries for keys [first, last) at s[(key − first / 2 · 2)][16] become weights of 0…127·128, the largest
/// about 127·128, in pairs of keys; a half pair is filled with 0. Returns one over their sums.
inline F soft_weights(const float* s, size_t first, size_t last, uint8_t* out) {
  const size_t shift = first % 2, length = last - first;
  const float* from = s + shift * kLanes;
  F a[4];
  each_of<4>(EACH(j) { a[j] = load(from); });
  size_t i = 0;
  for (; i + 4 <= length; i += 4) each_of<4>(EACH(j) { a[j] = max(a[j], load(from + (i + j) * kLanes)); });
  for (; i < length; ++i) a[0] = max(a[0], load(from + i * kLanes));
  const F top = max(max(a[0], a[1]), max(a[2], a[3])), whole = set1(kWhole), steps = set1(kWeightSteps);
  const auto weight = [&](size_t at) __attribute__((always_inline)) {
    return fma(exp2_of(sub(load(s + at * kLanes), top)), steps, whole);
  };
  I total = zero_i();
  const Four ones = ones16();
  const auto put = [&](size_t at, F even, F odd) __attribute__((always_inline)) {
    const Block4 pair = low16_pairs(even, odd);
    store_block(out + at * kLanes * 2, pair);
    dot16(total, pair, ones);
  };
  const size_t end = shift + length;
  size_t at = 0;
  if (shift != 0) {
    put(0, whole, weight(1));
    at = 2;
  }
  for (; at + 2 <= end; at += 2) put(at, weight(at), weight(at + 1));
  if (at < end) put(at, weight(at), whole);
  return div(set1(1.0f), to_float(total));
}

template <int Blocks>
inline void attend(const uint8_t* queries, const uint8_t* keys, const int8_t* values, size_t all, size_t d, size_t first, size_t last,
                   const float* query_scale, const float* key_scale, const int32_t* key_start, const float* value_scale, const float* bias,
                   float* s, uint8_t* p, size_t kept, float* out, size_t out_block) {
  const size_t d4 = round_up(d, 4), begin = first / 2 * 2, pairs = (last - begin + 1) / 2;
  tiles<kRowsLogitsOf<Blocks>, Blocks, false>(
      {queries, d4 * kLanes, reinterpret_cast<const int8_t*>(keys), 4, all * 4, d4 / 4, 0}, begin, last, kOffset ? key_start : nullptr,
      [&](size_t key) {
        return LogitEnd{key_scale + key, query_scale, bias == nullptr ? nullptr : bias - key, s + (key - begin) * kLanes, all * kLanes};
      });
  alignas(64) float inverse[Blocks * kLanes];
  for (int j = 0; j < Blocks; ++j) store(inverse + j * kLanes, soft_weights(s + j * all * kLanes, first, last, p + j * all * kLanes * 2));
  tiles<kRowsContextOf<Blocks>, Blocks, true>({p, all * kLanes * 2, values + begin * 2, all * 2, 4, pairs, 0}, 0, d, nullptr,
                                              [&](size_t column) {
                                                return ContextEnd{value_scale + column, inverse, out + column * kLanes, out_block, kept};
                                              });
}

/// Values of one head: x [block][3·width][16] at its first column; each column with its own scale over the window's wordpieces
/// [first, last), as 16-bit numbers [d][all].
inline void pack_values(const float* x, size_t ld, size_t all, size_t d, size_t first, size_t last, int16_t* out, float* scale) {
  const F whole = set1(kWhole), zero = set1(0.0f);
  for (size_t i = 0; i < d; ++i) {
    const float* column = x + i * kLanes;
    F a = zero;
    for (size_t b = 0; b * kLanes < last; ++b) {
      F v = abs(load(column + b * ld));
      if (b == 0) v = blend(zero, v, first);
      if (last < (b + 1) * kLanes) v = blend(v, zero, last - b * kLanes);
      a = max(a, v);
    }
    const Step step = step_of(largest(a));
    scale[i] = step.scale;
    const F factor = set1(step.factor);
    for (size_t b = 0; b * kLanes < all; ++b) store_low2(out + i * all + b * kLanes, bits(fma(load(column + b * ld), factor, whole)));
  }
}

void block_attention(const float* qkv, size_t first, size_t length, size_t width, size_t heads, const float* bias, size_t span,
                     float* scratch, float* out) {
  const size_t d = width / heads, d4 = round_up(d, 4), ld = 3 * width * kLanes, block = first / kLanes;
  // From here on wordpieces are counted from the first of the window's first block.
  const size_t begin = first % kLanes, end = begin + length, all = round_up(end, kLanes), blocks = all / kLanes;
  const BlockAttention at(length, d);
  auto* bytes = reinterpret_cast<uint8_t*>(scratch);
  uint8_t* keys = bytes + at.keys;
  uint8_t* queries = bytes + at.queries;
  auto* values = reinterpret_cast<int16_t*>(bytes + at.values);
  auto* key_scale = reinterpret_cast<float*>(bytes + at.key_scales);
  auto* query_scale = reinterpret_cast<float*>(bytes + at.query_scales);
  auto* key_start = reinterpret_cast<int32_t*>(bytes + at.key_starts);
  auto* value_scale = reinterpret_cast<float*>(bytes + at.value_scales);
  auto* s = reinterpret_cast<float*>(bytes + at.logits);
  uint8_t* p = bytes + at.weights;
  const F factor = set1(1.44269504088896341f / __builtin_sqrtf(static_cast<float>(d)));
  for (size_t h = 0; h < heads; ++h) {
    const float* in = qkv + block * ld + h * d * kLanes;
    for (size_t b = 0; b < blocks; ++b) {
      pack_block<false>(in + b * ld, d, queries + b * d4 * kLanes, 4 * kLanes, query_scale + b * kLanes, nullptr);
      store(query_scale + b * kLanes, mul(load(query_scale + b * kLanes), factor));
      pack_block<true>(in + b * ld + width * kLanes, d, keys + b * 4 * kLanes, 4 * all, key_scale + b * kLanes, key_start + b * kLanes);
    }
    pack_values(in + 2 * width * kLanes, ld, all, d, begin, end, values, value_scale);
    for (size_t b = 0; b < blocks;) {
      const auto some = [&]<int Count>(std::integral_constant<int, Count>) __attribute__((always_inline)) {
        attend<Count>(queries + b * d4 * kLanes, keys, reinterpret_cast<const int8_t*>(values), all, d, begin, end,
                      query_scale + b * kLanes, key_scale, key_start, value_scale,
                      bias == nullptr ? nullptr : bias + h * (2 * span - 1 + 2 * kLanes) + b * kLanes + span - 1 + kLanes, s, p,
                      b == 0 ? begin : 0, out + (block + b) * width * kLanes + h * d * kLanes, width * kLanes);
        b += Count;
      };
      if (b + kBlocksAttention <= blocks) {
        some(std::integral_constant<int, kBlocksAttention>{});
      } else if (kBlocksAttention > 2 && b + 2 <= blocks) {
        some(std::integral_constant < int, kBlocksAttention == 1 ? 1 : 2 > {});
      } else {
        some(std::integral_constant<int, 1>{});
      }
    }
  }
}

constexpr Kernels table(const char* name) {
  return {.name = name,
          .offset = kOffset,
          .block_offset = kBlockOffset,
          .group = kGroup,
          .depth = 4,
          .gemm_f32 = gemm_f32,
          .gemm_s8 = gemm_s8,
          .quantise = quantise,
          .gelu = gelu,
          .add_layer_norm = add_layer_norm,
          .embed = embed,
          .attention = attention,
          .to_blocks = to_blocks,
          .from_blocks = from_blocks,
          .block_norm = block_norm,
          .block_quantise = block_quantise,
          .row_starts = row_starts,
          .block_product = block_product,
          .block_product_gelu = block_product_gelu,
          .block_attention = block_attention};
}

}  // namespace
