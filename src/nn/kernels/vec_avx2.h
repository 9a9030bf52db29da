// Sixteen virtual lanes as two registers of AVX2 with FMA; with __AVXVNNI__ the int8 dot product is one instruction.
#pragma once
#include <immintrin.h>

#include <cstring>

#include "nn/kernels/kernels.h"

namespace {

struct F {
  __m256 lo, hi;
};
struct I {
  __m256i lo, hi;
};
struct Block4 {
  __m256i lo, hi;
};

#ifdef __AVXVNNI__
constexpr bool kOffset = true;
constexpr int kGroup = 0;
#else
constexpr bool kOffset = false;
constexpr int kGroup = 4;
#endif
constexpr bool kBlockOffset = true;
constexpr int kRowsF32 = 6, kBlocksF32 = 1, kRowsS8 = 6, kBlocksS8 = 1, kRowsNorm = 2;
constexpr int kRowsOne = 6, kBlocksAttention = 1, kRowsLogits = 6, kRowsContext = 6;

inline F load(const float* p) {
  return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)};
}
inline F load_part(const float* p, size_t n) {
  alignas(32) float t[16] = {};
  std::memcpy(t, p, (n < 16 ? n : 16) * sizeof(float));
  return load(t);
}
inline void store(float* p, F a) {
  _mm256_storeu_ps(p, a.lo);
  _mm256_storeu_ps(p + 8, a.hi);
}
inline void store_part(float* p, F a, size_t n) {
  alignas(32) float t[16];
  store(t, a);
  std::memcpy(p, t, (n < 16 ? n : 16) * sizeof(float));
}
inline F set1(float x) {
  return {_mm256_set1_ps(x), _mm256_set1_ps(x)};
}
inline F add(F a, F b) {
  return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)};
}
inline F sub(F a, F b) {
  return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)};
}
inline F mul(F a, F b) {
  return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)};
}
inline F div(F a, F b) {
  return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)};
}
inline F fma(F a, F b, F c) {
  return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
inline F max(F a, F b) {
  return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)};
}
inline F min(F a, F b) {
  return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)};
}
inline F abs(F a) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  return {_mm256_andnot_ps(sign, a.lo), _mm256_andnot_ps(sign, a.hi)};
}
inline F clamp(F a, float limit) {
  return min(max(a, set1(-limit)), set1(limit));
}
inline F sqrt(F a) {
  return {_mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)};
}
inline F blend(F a, F b, size_t n) {
  alignas(32) float x[16], y[16];
  store(x, a);
  store(y, b);
  for (size_t i = 0; i < 16 && i < n; ++i) y[i] = x[i];
  return load(y);
}
inline F round(F a) {
  constexpr int mode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_ps(a.lo, mode), _mm256_round_ps(a.hi, mode)};
}
inline F pow2(F n) {
  const auto half = [](__m256 x) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(x), _mm256_set1_epi32(127)), 23));
  };
  return {half(n.lo), half(n.hi)};
}
inline F keep(F a, size_t n, float other) {
  alignas(32) float t[16];
  store(t, a);
  for (size_t i = n; i < 16; ++i) t[i] = other;
  return load(t);
}
inline float sum(F a) {
  const __m256 s8 = _mm256_add_ps(a.lo, a.hi);
  const __m128 s4 = _mm_add_ps(_mm256_castps256_ps128(s8), _mm256_extractf128_ps(s8, 1));
  const __m128 s2 = _mm_add_ps(s4, _mm_movehl_ps(s4, s4));
  return _mm_cvtss_f32(_mm_add_ss(s2, _mm_shuffle_ps(s2, s2, 1)));
}
inline float largest(F a) {
  const __m256 s8 = _mm256_max_ps(a.lo, a.hi);
  const __m128 s4 = _mm_max_ps(_mm256_castps256_ps128(s8), _mm256_extractf128_ps(s8, 1));
  const __m128 s2 = _mm_max_ps(s4, _mm_movehl_ps(s4, s4));
  return _mm_cvtss_f32(_mm_max_ss(s2, _mm_shuffle_ps(s2, s2, 1)));
}
inline F from_i8(const int8_t* p) {
  const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return {_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(x)), _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(x, 8)))};
}
inline I bits(F a) {
  return {_mm256_castps_si256(a.lo), _mm256_castps_si256(a.hi)};
}
inline I add(I a, I b) {
  return {_mm256_add_epi32(a.lo, b.lo), _mm256_add_epi32(a.hi, b.hi)};
}
inline uint32_t sum(I a) {
  const __m256i s8 = _mm256_add_epi32(a.lo, a.hi);
  const __m128i s4 = _mm_add_epi32(_mm256_castsi256_si128(s8), _mm256_extracti128_si256(s8, 1));
  const __m128i s2 = _mm_add_epi32(s4, _mm_shuffle_epi32(s4, 0x4E));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_add_epi32(s2, _mm_shuffle_epi32(s2, 0xB1))));
}
inline I set1_i(int32_t x) {
  return {_mm256_set1_epi32(x), _mm256_set1_epi32(x)};
}
inline void store_i(int32_t* p, I a) {
  auto* q = reinterpret_cast<__m256i*>(p);
  _mm256_storeu_si256(q, a.lo);
  _mm256_storeu_si256(q + 1, a.hi);
}
inline I times_minus_128(I a) {
  const auto half = [](__m256i x) { return _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_slli_epi32(x, 7)); };
  return {half(a.lo), half(a.hi)};
}
inline void store_low(int8_t* p, I a) {
  const __m256i low = _mm256_set1_epi32(0xFF);
  const __m256i w = _mm256_packus_epi32(_mm256_and_si256(a.lo, low), _mm256_and_si256(a.hi, low));  // lo0-3 hi0-3 lo4-7 hi4-7
  const __m256i o = _mm256_permute4x64_epi64(w, 0xD8);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(_mm256_castsi256_si128(o), _mm256_extracti128_si256(o, 1)));
}
inline void store_low2(int16_t* p, I a) {
  const __m256i low = _mm256_set1_epi32(0xFFFF);
  const __m256i w = _mm256_packus_epi32(_mm256_and_si256(a.lo, low), _mm256_and_si256(a.hi, low));  // lo0-3 hi0-3 lo4-7 hi4-7
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_permute4x64_epi64(w, 0xD8));
}
inline void store_low4(void* p, F a, F b, F c, F d) {
  const auto half = [](__m256 w, __m256 x, __m256 y, __m256 z) {
    const __m256i low = _mm256_set1_epi32(0xFF);
    const auto byte = [low](__m256 v) { return _mm256_and_si256(_mm256_castps_si256(v), low); };
    const __m256i wx = _mm256_or_si256(byte(w), _mm256_slli_epi32(byte(x), 8));
    const __m256i yz = _mm256_or_si256(byte(y), _mm256_slli_epi32(byte(z), 8));
    return _mm256_or_si256(wx, _mm256_slli_epi32(yz, 16));
  };
  auto* q = static_cast<__m256i*>(p);
  _mm256_storeu_si256(q, half(a.lo, b.lo, c.lo, d.lo));
  _mm256_storeu_si256(q + 1, half(a.hi, b.hi, c.hi, d.hi));
}
inline Block4 low16_pairs(F a, F b) {
  const auto half = [](__m256 x, __m256 y) {
    return _mm256_blend_epi16(_mm256_castps_si256(x), _mm256_slli_epi32(_mm256_castps_si256(y), 16), 0xAA);
  };
  return {half(a.lo, b.lo), half(a.hi, b.hi)};
}
inline void store_block(void* p, const Block4& a) {
  auto* q = static_cast<__m256i*>(p);
  _mm256_storeu_si256(q, a.lo);
  _mm256_storeu_si256(q + 1, a.hi);
}
inline F shift_exponent(F p, F n) {
  const auto half = [](__m256 x, __m256 k) {
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), _mm256_slli_epi32(_mm256_castps_si256(k), 23)));
  };
  return {half(p.lo, n.lo), half(p.hi, n.hi)};
}

/// out[i][l] = in[l][i] for 16 × 16; rows from `count` on count as zeros.
inline void transpose(const float* in, size_t ld, size_t count, float* out) {
  for (size_t i = 0; i < 16; ++i) {
    for (size_t l = 0; l < 16; ++l) out[i * 16 + l] = l < count ? in[l * ld + i] : 0.0f;
  }
}

inline I zero_i() {
  return {_mm256_setzero_si256(), _mm256_setzero_si256()};
}
inline Block4 load_block(const void* p) {
  const auto* q = static_cast<const __m256i*>(p);
  return {_mm256_load_si256(q), _mm256_load_si256(q + 1)};
}
using Four = __m256i;
inline Four load_four(const int8_t* a) {
  int32_t four;
  std::memcpy(&four, a, 4);
  return _mm256_set1_epi32(four);
}
inline void dot(I& acc, const Block4& b, const Four& x) {
#ifdef __AVXVNNI__
  // In assembly, since g++ 12 copies every sum to the stack and back around the intrinsic.
  asm("%{vex%} vpdpbusd %2, %1, %0" : "+x"(acc.lo) : "x"(b.lo), "x"(x));
  asm("%{vex%} vpdpbusd %2, %1, %0" : "+x"(acc.hi) : "x"(b.hi), "x"(x));
#else
  // |a| times w with the sign of a: both lie in ±127, so that a pair's sum is at most 2·127² = 32258 and never saturates.
  const __m256i magnitude = _mm256_abs_epi8(x);
  const __m256i ones = _mm256_set1_epi16(1);
  acc.lo = _mm256_add_epi32(acc.lo, _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(b.lo, x)), ones));
  acc.hi = _mm256_add_epi32(acc.hi, _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(b.hi, x)), ones));
#endif
}
#ifndef __AVXVNNI__
/// Values plus 128 times weights, of which no two neighbours need care (kernels.h).
inline void easy_dot(I& acc, const Block4& b, const Four& x) {
  const __m256i ones = _mm256_set1_epi16(1);
  acc.lo = _mm256_add_epi32(acc.lo, _mm256_madd_epi16(_mm256_maddubs_epi16(b.lo, x), ones));
  acc.hi = _mm256_add_epi32(acc.hi, _mm256_madd_epi16(_mm256_maddubs_epi16(b.hi, x), ones));
}
/// The same for two fours that may be added in 16 bits: three multiplications in place of four.
inline void two_dots(I& acc, const Block4& b, const Four& x, const Block4& c, const Four& y) {
  const __m256i ones = _mm256_set1_epi16(1);
  const auto both = [&](__m256i v, __m256i w) {
    return _mm256_madd_epi16(_mm256_add_epi16(_mm256_maddubs_epi16(v, x), _mm256_maddubs_epi16(w, y)), ones);
  };
  acc.lo = _mm256_add_epi32(acc.lo, both(b.lo, c.lo));
  acc.hi = _mm256_add_epi32(acc.hi, both(b.hi, c.hi));
}
/// The same for all weights: in 16 bits each, so that products and their sums have 32.
inline void careful_dot(I& acc, const Block4& b, const Four& x) {
  const __m256i low = _mm256_set1_epi16(0xFF);
  const __m256i even = _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8), odd = _mm256_srai_epi16(x, 8);
  const auto both = [&](__m256i v) {
    return _mm256_add_epi32(_mm256_madd_epi16(_mm256_and_si256(v, low), even), _mm256_madd_epi16(_mm256_srli_epi16(v, 8), odd));
  };
  acc.lo = _mm256_add_epi32(acc.lo, both(b.lo));
  acc.hi = _mm256_add_epi32(acc.hi, both(b.hi));
}
#endif
inline void dot16(I& acc, const Block4& b, const Four& x) {
#ifdef __AVXVNNI__
  asm("%{vex%} vpdpwssd %2, %1, %0" : "+x"(acc.lo) : "x"(b.lo), "x"(x));
  asm("%{vex%} vpdpwssd %2, %1, %0" : "+x"(acc.hi) : "x"(b.hi), "x"(x));
#else
  acc.lo = _mm256_add_epi32(acc.lo, _mm256_madd_epi16(b.lo, x));
  acc.hi = _mm256_add_epi32(acc.hi, _mm256_madd_epi16(b.hi, x));
#endif
}
inline Four ones16() {
  return _mm256_set1_epi16(1);
}
inline F to_float(I a) {
  return {_mm256_cvtepi32_ps(a.lo), _mm256_cvtepi32_ps(a.hi)};
}
inline F to_float(I a, int32_t minus) {
  const __m256i m = _mm256_set1_epi32(minus);
  return {_mm256_cvtepi32_ps(_mm256_sub_epi32(a.lo, m)), _mm256_cvtepi32_ps(_mm256_sub_epi32(a.hi, m))};
}

}  // namespace
