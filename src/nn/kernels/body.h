// The kernels over sixteen virtual lanes. Included by one .cpp for each instruction set, after its vec_*.h; everything
// is local to that file, and no template of the standard library is used, so that no code made for one instruction set
// can be linked into another's place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace {

using reportedly::nn::AttentionScratch;
using reportedly::nn::Kernels;
using reportedly::nn::kLanes;
using reportedly::nn::kQueryRows;
using reportedly::nn::LayerNormView;
using reportedly::nn::PackedF32;
using reportedly::nn::PackedS8;
using reportedly::nn::QuantisedRows;
using reportedly::nn::round_up;

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

/// The last step of every int8 product, here and in `dequantise`: one definition, one order.
inline F scaled(F sums, F row_scale, F column_scale, F bias) {
  return fma(sums, mul(row_scale, column_scale), bias);
}

/// With `Planes` 2, rows stand in pairs that make one row of c: high and low seven bits of each value; scale and sum stand with the first.
/// Not inlined: among the variables of its callers g++ would not keep the sums in registers.
/// From `next` on, `ahead` times 64 bytes are fetched into the second cache for a later tile, bit by bit between the products.
template <int Rows, int Blocks, int Planes>
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
    each_of<Rows / Planes>(EACH(r) {
      constexpr int first = r * Planes;
      I sums = acc[first][j];
      if constexpr (Planes == 2) sums = add(shift_left7(sums), acc[first + 1][j]);
      const F out = scaled(to_float(sums, kOffset ? 128 * a.sum[row + first] : 0), set1(a.scale[row + first]), s, y);
      float* to = c + (row / Planes + r) * ldc + j * kLanes;
      if (left >= kLanes) {
        store(to, out);
      } else {
        store_part(to, out, left);
      }
    });
  });
}

/// The last rows of a product, fewer than a whole tile has.
template <int Rows, int Blocks, int Planes>
inline void last_rows_s8(const QuantisedRows& a, size_t row, size_t left, const uint8_t* b, size_t k, size_t columns, const float* scale,
                         const float* bias, float* c, size_t ldc) {
  if constexpr (Rows >= Planes) {
    if (left == Rows) {
      tile_s8<Rows, Blocks, Planes>(a, row, b, k, columns, scale, bias, c, ldc, nullptr, 0);
    } else {
      last_rows_s8<Rows - Planes, Blocks, Planes>(a, row, left, b, k, columns, scale, bias, c, ldc);
    }
  }
}

/// Weights do not fit into a core's own caches, and fetching a panel only when its first tile asks for it costs a fifth of the
/// speed: each tile of a panel fetches its part of the next one (Ahead). Past the last panel lies the next matrix, mostly (gemm.h).
template <int Rows, int Blocks, int Planes, bool Ahead>
inline void rows_s8(const QuantisedRows& a, size_t m, const uint8_t* b, size_t k, size_t columns, const float* scale, const float* bias,
                    float* c, size_t ldc) {
  const size_t lines = Ahead && m > kFewRows ? Blocks * k * kLanes * Rows / m / 64 + 1 : 0;
  const uint8_t* next = b + Blocks * k * kLanes;
  size_t row = 0;
  for (; row + Rows <= m; row += Rows, next += lines * 64)
    tile_s8<Rows, Blocks, Planes>(a, row, b, k, columns, scale, bias, c, ldc, next, lines);
  last_rows_s8<Rows - Planes, Blocks, Planes>(a, row, m - row, b, k, columns, scale, bias, c, ldc);
}

template <int Blocks, int Planes, bool Ahead>
inline void panels_s8(const QuantisedRows& a, size_t m, const uint8_t* b, size_t n, size_t k, const float* scale, const float* bias,
                      float* c, size_t ldc) {
  if constexpr (Blocks > 0) {
    const size_t blocks = round_up(n, kLanes) / kLanes;
    size_t j = 0;
    for (; j + Blocks <= blocks; j += Blocks) {
      rows_s8<kRowsS8, Blocks, Planes, Ahead>(a, m, b + j * k * kLanes, k, n - j * kLanes, scale + j * kLanes,
                                              bias == nullptr ? nullptr : bias + j * kLanes, c + j * kLanes, ldc);
    }
    if (j < blocks) {
      panels_s8<Blocks / 2, Planes, Ahead>(a, m, b + j * k * kLanes, n - j * kLanes, k, scale + j * kLanes,
                                           bias == nullptr ? nullptr : bias + j * kLanes, c + j * kLanes, ldc);
    }
  }
}

void gemm_s8(const QuantisedRows& a, size_t m, const PackedS8& b, const float* bias, float* c, size_t ldc) {
  panels_s8<kBlocksS8, 1, true>(a, m, static_cast<const uint8_t*>(b.data), b.n, b.k, b.scale, bias, c, ldc);
}

void dequantise(const int32_t* sums, size_t lds, size_t m, const float* row_scale, const PackedS8& b, const float* bias, float* c,
                size_t ldc) {
  for (size_t r = 0; r < m; ++r) {
    const F s = set1(row_scale[r]);
    for (size_t j = 0; j < b.n; j += kLanes) {
      const size_t left = b.n - j;
      const F y = bias == nullptr ? set1(0.0f) : load_part(bias + j, left);
      store_part(c + r * ldc + j, scaled(from_i32(sums + r * lds + j), s, load(b.scale + j), y), left);
    }
  }
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
  const F z = min(max(x, set1(-4.5f)), set1(4.5f));
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

void gelu_quantise(float* x, size_t ldx, size_t m, size_t columns, const QuantisedRows& out) {
  for (size_t r = 0; r < m; ++r) {
    float* row = x + r * ldx;
    F peak = set1(0.0f);
    size_t i = 0;
    for (; i + kLanes <= columns; i += kLanes) {
      const F y = gelu_coarse(load(row + i));
      peak = max(peak, abs(y));
      store(row + i, y);
    }
    if (i < columns) {
      const F y = gelu_coarse(load_part(row + i, columns - i));
      peak = max(peak, abs(y));
      store_part(row + i, y, columns - i);
    }
    quantise_row(row, columns, largest(peak), out, r);
  }
}

// ---- LayerNorm, embeddings

/// `Rows` rows side by side: a row's mean, variance and largest value are each waited for, and the wait is shared.
template <int Rows>
inline void layer_norm_rows(float* x, const float* y, size_t columns, const LayerNormView& norm, const QuantisedRows& out, size_t first) {
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
  each_of<Rows>(EACH(r) {
    inverse[r] = set1(1.0f / __builtin_sqrtf(sum(a[r]) / count + norm.eps));
    a[r] = set1(0.0f);
  });
  for (size_t i = 0; i < columns; i += kLanes) {
    const F weight = load(norm.weight + i), bias = load(norm.bias + i);
    each_of<Rows>(EACH(r) {
      const F v = fma(mul(sub(load(row[r] + i), mean[r]), inverse[r]), weight, bias);
      store(row[r] + i, v);
      a[r] = max(a[r], abs(v));
    });
  }
  if (out.data == nullptr) return;
  each_of<Rows>(EACH(r) { quantise_row(row[r], columns, largest(a[r]), out, first + r); });
}

void add_layer_norm(float* x, const float* y, size_t m, size_t columns, const LayerNormView& norm, const QuantisedRows& out) {
  size_t r = 0;
  for (; r + kRowsNorm <= m; r += kRowsNorm) layer_norm_rows<kRowsNorm>(x, y, columns, norm, out, r);
  for (; r < m; ++r) layer_norm_rows<1>(x, y, columns, norm, out, r);
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

// ---- the same in int8

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

constexpr float kWeightSteps = 127 * 128;

/// Turns a row of logits (times log₂e) into weights of 0…127·128, the largest about 127·128, in two planes: high and low seven bits;
/// returns their sum. Weights up to the next multiple of 16 are zeros. Seven bits alone lose the many small weights beside a large one.
inline int32_t softmax_row_s8(float* s, size_t length, const float* bias, int8_t* high, int8_t* low) {
  constexpr float kNothing = -3.0e38f;
  F peak = set1(kNothing);
  size_t j = 0;
  if (bias != nullptr) {
    const F log2e = set1(1.44269504088896341f);
    for (; j + kLanes <= length; j += kLanes) {
      const F v = fma(load(bias + j), log2e, load(s + j));
      store(s + j, v);
      peak = max(peak, v);
    }
    if (j < length) store(s + j, fma(load_part(bias + j, length - j), log2e, load(s + j)));
  } else {
    for (; j + kLanes <= length; j += kLanes) peak = max(peak, load(s + j));
  }
  if (j < length) peak = max(peak, keep(load(s + j), length - j, kNothing));
  const F top = set1(largest(peak)), steps = set1(kWeightSteps), whole = set1(kWhole);
  I total = zero_i();
  const auto put = [&](F weights) {
    const I n = bits(fma(weights, steps, whole));
    total = add(total, n);
    store_low(low + j, low7(n));
    store_low(high + j, shift_right7(n));
  };
  for (j = 0; j + kLanes <= length; j += kLanes) put(exp2_of(sub(load(s + j), top)));
  if (j < length) put(keep(exp2_of(sub(load(s + j), top)), length - j, 0.0f));
  return static_cast<int32_t>(sum(total) - static_cast<uint32_t>(round_up(length, kLanes)) * kWholeBits);
}

/// Factors to ±127 and scales back, of sixteen peaks at once; a peak of zero, or what is zero for all that can be told, gives zeros.
inline void steps_of(F peaks, float* factor, float* scale) {
  const F top = max(peaks, set1(1e-30f));
  store(factor, div(set1(127.0f), top));
  store(scale, mul(top, set1(1.0f / 127.0f)));
}

/// Keys of one head: each key with its own scale, in blocks as weights are (kernels.h). Keys stand across the lanes, so that nothing is
/// summed or compared along a vector. `room`: round_up(d, 16) · 16 floats.
inline void pack_keys(const float* in, size_t ld, size_t length, size_t d, uint8_t* out, float* scale, float* room) {
  constexpr uint32_t kFlip = kOffset ? 0x80808080u : 0;
  const size_t groups = round_up(d, 4) / 4;
  const F whole = set1(kWhole);
  alignas(64) float factors[kLanes];
  for (size_t j = 0; j < length; j += kLanes, out += groups * kLanes * 4) {
    const size_t count = smaller(kLanes, length - j);
    size_t i = 0;
    for (; i + kLanes <= d; i += kLanes) transpose(in + j * ld + i, ld, count, room + i * kLanes);
    for (; i < 4 * groups; ++i) {
      for (size_t l = 0; l < kLanes; ++l) room[i * kLanes + l] = l < count && i < d ? in[(j + l) * ld + i] : 0.0f;
    }
    F a = set1(0.0f), b = a;
    for (i = 0; i < 4 * groups; i += 2) {
      a = max(a, abs(load(room + i * kLanes)));
      b = max(b, abs(load(room + (i + 1) * kLanes)));
    }
    steps_of(max(a, b), factors, scale + j);
    const F factor = load(factors);
    const auto whole_of = [&](size_t k) { return fma(load(room + k * kLanes), factor, whole); };
    for (size_t g = 0; g < groups; ++g) {
      store_low4(out + g * kLanes * 4, whole_of(4 * g), whole_of(4 * g + 1), whole_of(4 * g + 2), whole_of(4 * g + 3), kFlip);
    }
  }
}

/// Values of one head: each column with its own scale over the window, in blocks as weights are.
inline void pack_values(const float* in, size_t ld, size_t length, size_t d, uint8_t* out, float* scale) {
  constexpr uint32_t kFlip = kOffset ? 0x80808080u : 0;
  const size_t groups = round_up(length, 4) / 4;
  const F whole = set1(kWhole);
  for (size_t i = 0; i < d; i += kLanes) {
    const size_t left = d - i;
    const auto value = [&](size_t j) { return left >= kLanes ? load(in + j * ld + i) : load_part(in + j * ld + i, left); };
    F a = set1(0.0f), b = a;
    size_t j = 0;
    for (; j + 2 <= length; j += 2) {
      a = max(a, abs(value(j)));
      b = max(b, abs(value(j + 1)));
    }
    if (j < length) a = max(a, abs(value(j)));
    alignas(64) float factors[kLanes];
    steps_of(max(a, b), factors, scale + i);
    const F factor = load(factors);
    const auto whole_of = [&](size_t k) { return k < length ? fma(value(k), factor, whole) : whole; };
    uint8_t* block = out + i * groups * 4;
    for (size_t g = 0; g < groups; ++g, block += kLanes * 4) {
      store_low4(block, whole_of(4 * g), whole_of(4 * g + 1), whole_of(4 * g + 2), whole_of(4 * g + 3), kFlip);
    }
  }
}

void attention_s8(const float* qkv, size_t length, size_t width, size_t heads, const float* bias, size_t span, const uint32_t* rows,
                  size_t count, float* scratch, float* out) {
  const size_t d = width / heads, ld = 3 * width;
  const size_t keys = round_up(length, kLanes), d4 = round_up(d, 4), d16 = round_up(d, kLanes), length4 = round_up(length, 4);
  const AttentionScratch at(length, d);
  auto* bytes = reinterpret_cast<uint8_t*>(scratch);
  uint8_t* k = bytes + at.keys;
  uint8_t* v = bytes + at.values;
  auto* k_scale = reinterpret_cast<float*>(bytes + at.key_scales);
  auto* v_scale = reinterpret_cast<float*>(bytes + at.value_scales);
  auto* s = reinterpret_cast<float*>(bytes + at.logits);
  const QuantisedRows q = {reinterpret_cast<int8_t*>(bytes + at.queries), d16, reinterpret_cast<float*>(bytes + at.query_scales),
                           reinterpret_cast<int32_t*>(bytes + at.query_scales) + round_up(kQueryRows, kLanes)};
  const QuantisedRows p = {reinterpret_cast<int8_t*>(bytes + at.weights), keys, reinterpret_cast<float*>(bytes + at.weight_scales),
                           reinterpret_cast<int32_t*>(bytes + at.weight_scales) + round_up(2 * kQueryRows, kLanes)};
  const float factor = 1.44269504088896341f / __builtin_sqrtf(static_cast<float>(d));
  for (size_t h = 0; h < heads; ++h) {
    const float* q_in = qkv + h * d;
    pack_keys(q_in + width, ld, length, d, k, k_scale, s);
    pack_values(q_in + 2 * width, ld, length, d, v, v_scale);
    for (size_t first = 0; first < count; first += kQueryRows) {
      const size_t m = smaller(kQueryRows, count - first);
      // Peaks and sums of all rows first: their divisions are done sixteen at once.
      const auto query = [&](size_t r) { return q_in + (rows == nullptr ? first + r : rows[first + r]) * ld; };
      for (size_t r = 0; r < m; ++r) q.scale[r] = peak_of(query(r), d);
      alignas(64) float factors[round_up(kQueryRows, kLanes)];
      for (size_t r = 0; r < m; r += kLanes) steps_of(load(q.scale + r), factors + r, q.scale + r);
      for (size_t r = 0; r < m; ++r) q.sum[r] = quantise_by(query(r), d, factors[r], q.data + r * q.stride);
      for (size_t r = 0; r < m; r += kLanes) store(q.scale + r, mul(load(q.scale + r), set1(factor)));
      panels_s8<kBlocksS8, 1, false>(q, m, k, keys, d4, k_scale, nullptr, s, keys);
      for (size_t r = 0; r < m; ++r) {
        const size_t row = rows == nullptr ? first + r : rows[first + r];
        int8_t* high = p.data + 2 * r * p.stride;
        p.sum[2 * r] = softmax_row_s8(s + r * keys, length, bias == nullptr ? nullptr : bias + h * (2 * span - 1) + (span - 1) - row, high,
                                      high + p.stride);
      }
      for (size_t r = 0; r < 2 * m; r += kLanes) store(p.scale + r, div(set1(1.0f), from_i32(p.sum + r)));
      panels_s8<kBlocksS8, 2, false>(p, 2 * m, v, d, length4, v_scale, nullptr, out + first * width + h * d, width);
    }
  }
}

constexpr Kernels table(const char* name) {
  return {name, kOffset, gemm_f32, gemm_s8, dequantise, quantise, gelu, gelu_quantise, add_layer_norm, embed, attention, attention_s8};
}

}  // namespace
