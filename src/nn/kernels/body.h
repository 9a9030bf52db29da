// The kernels over sixteen virtual lanes. Included by one .cpp for each instruction set, after its vec_*.h; everything
// is local to that file, and no template of the standard library is used, so that no code made for one instruction set
// can be linked into another's place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace {

using reportedly::nn::Kernels;
using reportedly::nn::kLanes;
using reportedly::nn::kQueryRows;
using reportedly::nn::LayerNormView;
using reportedly::nn::PackedF32;
using reportedly::nn::PackedS8;
using reportedly::nn::QuantisedRows;
using reportedly::nn::round_up;

inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// f(0) … f(N−1) with constant arguments. A loop would be unrolled too late for g++ to keep an array in registers.
template <int N, class Function>
__attribute__((always_inline)) inline void each_of(Function f) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) { (f(std::integral_constant<int, i>{}), ...); }
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
inline void rows_f32(const float* a, size_t lda, size_t m, const float* b, size_t k, size_t columns, const float* bias, float* c, size_t ldc) {
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
      panels_f32<Blocks / 2>(a, lda, m, b + j * k * kLanes, n - j * kLanes, k, bias == nullptr ? nullptr : bias + j * kLanes, c + j * kLanes, ldc);
    }
  }
}

void gemm_f32(const float* a, size_t lda, size_t m, const PackedF32& b, const float* bias, float* c, size_t ldc) {
  panels_f32<kBlocksF32>(a, lda, m, b.data, b.n, b.k, bias, c, ldc);
}

/// The last step of every int8 product, here and in `dequantise`: one definition, one order.
inline F scaled(F sums, F row_scale, F column_scale, F bias) { return fma(sums, mul(row_scale, column_scale), bias); }

template <int Rows, int Blocks>
inline void tile_s8(const QuantisedRows& a, size_t row, const uint8_t* b, size_t k, size_t columns, const float* scale, const float* bias,
                    float* c, size_t ldc) {
  I acc[Rows][Blocks];
  each_of<Rows>(EACH(r) { each_of<Blocks>(EACH(j) { acc[r][j] = zero_i(); }); });
  const int8_t* x = a.data + row * a.stride;
  for (size_t i = 0; i < k; i += 4) {
    Block4 w[Blocks];
    each_of<Blocks>(EACH(j) { w[j] = load_block(b + (j * k + i) * kLanes); });
    each_of<Rows>(EACH(r) {
      const Four four = load_four(x + r * a.stride + i);
      each_of<Blocks>(EACH(j) { dot(acc[r][j], w[j], four); });
    });
  }
  each_of<Blocks>(EACH(j) {
    const size_t left = columns - j * kLanes;
    const F y = bias == nullptr ? set1(0.0f) : load_part(bias + j * kLanes, left);
    const F s = load(scale + j * kLanes);
    each_of<Rows>(EACH(r) {
      const F out = scaled(to_float(acc[r][j], kOffset ? 128 * a.sum[row + r] : 0), set1(a.scale[row + r]), s, y);
      if (left >= kLanes) {
        store(c + (row + r) * ldc + j * kLanes, out);
      } else {
        store_part(c + (row + r) * ldc + j * kLanes, out, left);
      }
    });
  });
}

template <int Rows, int Blocks>
inline void rows_s8(const QuantisedRows& a, size_t row, size_t m, const uint8_t* b, size_t k, size_t columns, const float* scale,
                    const float* bias, float* c, size_t ldc) {
  if constexpr (Rows > 0) {
    for (; row + Rows <= m; row += Rows) tile_s8<Rows, Blocks>(a, row, b, k, columns, scale, bias, c, ldc);
    rows_s8<Rows / 2, Blocks>(a, row, m, b, k, columns, scale, bias, c, ldc);
  }
}

template <int Blocks>
inline void panels_s8(const QuantisedRows& a, size_t m, const uint8_t* b, size_t n, size_t k, const float* scale, const float* bias, float* c,
                      size_t ldc) {
  if constexpr (Blocks > 0) {
    const size_t blocks = round_up(n, kLanes) / kLanes;
    size_t j = 0;
    for (; j + Blocks <= blocks; j += Blocks) {
      rows_s8<kRowsS8, Blocks>(a, 0, m, b + j * k * kLanes, k, n - j * kLanes, scale + j * kLanes,
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

void dequantise(const int32_t* sums, size_t lds, size_t m, const float* row_scale, const PackedS8& b, const float* bias, float* c, size_t ldc) {
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

inline void quantise_row(const float* x, size_t columns, int8_t* q, float* scale, int32_t* sum_out) {
  F peak = set1(0.0f);
  size_t i = 0;
  for (; i + kLanes <= columns; i += kLanes) peak = max(peak, abs(load(x + i)));
  if (i < columns) peak = max(peak, abs(load_part(x + i, columns - i)));
  const float top = largest(peak);
  // Below this the reciprocal would overflow; such a row is zero for all that can be told.
  const bool zero = !(top > 1e-30f);
  *scale = zero ? 0.0f : top / 127.0f;
  const F factor = set1(zero ? 0.0f : 127.0f / top);
  const F low = set1(-127.0f), high = set1(127.0f);
  F total = set1(0.0f);  // whole numbers far below 2²⁴: exact
  for (i = 0; i < columns; i += kLanes) {
    const F v = i + kLanes <= columns ? load(x + i) : load_part(x + i, columns - i);
    const F n = min(max(round(mul(v, factor)), low), high);
    total = add(total, n);
    store_i8(q + i, n);
  }
  *sum_out = static_cast<int32_t>(sum(total));
}

void quantise(const float* x, size_t ldx, size_t m, size_t columns, const QuantisedRows& out) {
  for (size_t r = 0; r < m; ++r) quantise_row(x + r * ldx, columns, out.data + r * out.stride, out.scale + r, out.sum + r);
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

void gelu_quantise(float* x, size_t ldx, size_t m, size_t columns, const QuantisedRows& out) {
  for (size_t r = 0; r < m; ++r) {
    gelu(x + r * ldx, columns);
    quantise_row(x + r * ldx, columns, out.data + r * out.stride, out.scale + r, out.sum + r);
  }
}

// ---- LayerNorm, embeddings

void add_layer_norm(float* x, const float* y, size_t m, size_t columns, const LayerNormView& norm, const QuantisedRows& out) {
  const float count = static_cast<float>(columns);
  for (size_t r = 0; r < m; ++r) {
    float* row = x + r * columns;
    F total = set1(0.0f);
    for (size_t i = 0; i < columns; i += kLanes) {
      const F v = y == nullptr ? load(row + i) : add(load(row + i), load(y + r * columns + i));
      store(row + i, v);
      total = add(total, v);
    }
    const F mean = set1(sum(total) / count);
    F squares = set1(0.0f);
    for (size_t i = 0; i < columns; i += kLanes) {
      const F d = sub(load(row + i), mean);
      squares = fma(d, d, squares);
    }
    const F inverse = set1(1.0f / __builtin_sqrtf(sum(squares) / count + norm.eps));
    for (size_t i = 0; i < columns; i += kLanes) {
      const F d = mul(sub(load(row + i), mean), inverse);
      store(row + i, fma(d, load(norm.weight + i), load(norm.bias + i)));
    }
    if (out.data != nullptr) quantise_row(row, columns, out.data + r * out.stride, out.scale + r, out.sum + r);
  }
}

void embed(const float* word, const int8_t* word_i8, float scale, const float* position, const float* shape, const float* space, size_t columns,
           float* x) {
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
  float* k = scratch;                 // [keys/16][d][16]
  float* v = k + keys * d;            // [values/16][length][16]
  float* s = v + values * length;     // [kQueryRows][keys]
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
        inverse[r] = softmax_row(s + r * keys, length, factor, bias == nullptr ? nullptr : bias + h * (2 * span - 1) + (span - 1) - (first + r));
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

constexpr Kernels table(const char* name) {
  return {name, kOffset, gemm_f32, gemm_s8, dequantise, quantise, gelu, gelu_quantise, add_layer_norm, embed, attention};
}

}  // namespace
