// Sixteen virtual lanes as one register of AVX-512; the int8 dot product is VNNI's.
#pragma once
#include <immintrin.h>

#include <cstring>

#include "nn/kernels/kernels.h"

namespace {

using F = __m512;
using I = __m512i;
using Block4 = __m512i;

constexpr bool kOffset = true, kBlockOffset = true;
constexpr int kGroup = 0;
constexpr int kRowsF32 = 6, kBlocksF32 = 4, kRowsS8 = 6, kBlocksS8 = 4, kRowsNorm = 4;
constexpr int kRowsOne = 12, kBlocksAttention = 3, kRowsLogits = 6, kRowsContext = 4;

inline __mmask16 first_lanes(size_t n) {
  return n >= 16 ? 0xFFFF : static_cast<__mmask16>((1u << n) - 1);
}
inline F load(const float* p) {
  return _mm512_loadu_ps(p);
}
inline F load_part(const float* p, size_t n) {
  return _mm512_maskz_loadu_ps(first_lanes(n), p);
}
inline void store(float* p, F a) {
  _mm512_storeu_ps(p, a);
}
inline void store_part(float* p, F a, size_t n) {
  _mm512_mask_storeu_ps(p, first_lanes(n), a);
}
inline F set1(float x) {
  return _mm512_set1_ps(x);
}
inline F add(F a, F b) {
  return _mm512_add_ps(a, b);
}
inline F sub(F a, F b) {
  return _mm512_sub_ps(a, b);
}
inline F mul(F a, F b) {
  return _mm512_mul_ps(a, b);
}
inline F div(F a, F b) {
  return _mm512_div_ps(a, b);
}
inline F fma(F a, F b, F c) {
  return _mm512_fmadd_ps(a, b, c);
}
inline F max(F a, F b) {
  return _mm512_max_ps(a, b);
}
inline F min(F a, F b) {
  return _mm512_min_ps(a, b);
}
inline F abs(F a) {
  return _mm512_abs_ps(a);
}
/// What is beyond ±limit becomes that.
inline F clamp(F a, float limit) {
  return _mm512_range_ps(a, _mm512_set1_ps(limit), 2);
}
inline F sqrt(F a) {
  return _mm512_sqrt_ps(a);
}
/// Lanes below n from a, the others from b.
inline F blend(F a, F b, size_t n) {
  return _mm512_mask_blend_ps(first_lanes(n), b, a);
}
inline F round(F a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
inline F pow2(F n) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127)), 23));
}
inline F keep(F a, size_t n, float other) {
  return _mm512_mask_blend_ps(first_lanes(n), _mm512_set1_ps(other), a);
}
inline float sum(F a) {
  const __m256 s8 = _mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1));
  const __m128 s4 = _mm_add_ps(_mm256_castps256_ps128(s8), _mm256_extractf128_ps(s8, 1));
  const __m128 s2 = _mm_add_ps(s4, _mm_movehl_ps(s4, s4));
  return _mm_cvtss_f32(_mm_add_ss(s2, _mm_shuffle_ps(s2, s2, 1)));
}
inline float largest(F a) {
  return _mm512_reduce_max_ps(a);
}
inline F from_i8(const int8_t* p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
inline I bits(F a) {
  return _mm512_castps_si512(a);
}
inline I add(I a, I b) {
  return _mm512_add_epi32(a, b);
}
inline uint32_t sum(I a) {
  return static_cast<uint32_t>(_mm512_reduce_add_epi32(a));
}
inline I set1_i(int32_t x) {
  return _mm512_set1_epi32(x);
}
inline I load_i(const int32_t* p) {
  return _mm512_loadu_si512(p);
}
inline void store_i(int32_t* p, I a) {
  _mm512_storeu_si512(p, a);
}
inline I times_minus_128(I a) {
  return _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(a, 7));
}
inline void store_low(int8_t* p, I a) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(a));
}
/// The two lowest bytes of each lane.
inline void store_low2(int16_t* p, I a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(a));
}
/// The lowest bytes of four, as the four bytes of each lane.
inline Block4 low4(F a, F b, F c, F d) {
  const auto choose = [](int mask, __m512i x, __m512i y) { return _mm512_ternarylogic_epi32(_mm512_set1_epi32(mask), x, y, 0xCA); };
  const __m512i cd = choose(0x00FF0000, _mm512_slli_epi32(bits(c), 16), _mm512_slli_epi32(bits(d), 24));
  const __m512i bcd = choose(0x0000FF00, _mm512_slli_epi32(bits(b), 8), cd);
  return choose(0x000000FF, bits(a), bcd);
}
inline void store_low4(void* p, F a, F b, F c, F d) {
  _mm512_storeu_si512(p, low4(a, b, c, d));
}
/// What stands above the lowest seven bits.
inline F upper(F a) {
  return _mm512_castsi512_ps(_mm512_srli_epi32(bits(a), 7));
}
inline Block4 both(Block4 a, Block4 b) {
  return _mm512_and_si512(a, b);
}
inline I times_128(I a) {
  return _mm512_slli_epi32(a, 7);
}
/// The lower halves of each lane's bits in a (first) and b.
inline Block4 low16_pairs(F a, F b) {
  return _mm512_mask_blend_epi16(0xAAAAAAAA, bits(a), _mm512_slli_epi32(bits(b), 16));
}
inline void store_block(void* p, const Block4& a) {
  _mm512_storeu_si512(p, a);
}
inline F shift_exponent(F p, F n) {
  return _mm512_castsi512_ps(_mm512_add_epi32(bits(p), _mm512_slli_epi32(bits(n), 23)));
}
/// out[i][l] = in[l][i] for 16 × 16; rows from `count` on count as zeros.
inline void transpose(const float* in, size_t ld, size_t count, float* out) {
  __m512 r[16], t[16];
  for (size_t l = 0; l < 16; ++l) r[l] = l < count ? _mm512_loadu_ps(in + l * ld) : _mm512_setzero_ps();
  for (size_t l = 0; l < 16; l += 2) {
    t[l] = _mm512_unpacklo_ps(r[l], r[l + 1]);
    t[l + 1] = _mm512_unpackhi_ps(r[l], r[l + 1]);
  }
  for (size_t l = 0; l < 16; l += 4) {
    const auto pair = [&](size_t a, size_t b, bool high) {
      const __m512d x = _mm512_castps_pd(t[a]), y = _mm512_castps_pd(t[b]);
      return _mm512_castpd_ps(high ? _mm512_unpackhi_pd(x, y) : _mm512_unpacklo_pd(x, y));
    };
    r[l] = pair(l, l + 2, false);
    r[l + 1] = pair(l, l + 2, true);
    r[l + 2] = pair(l + 1, l + 3, false);
    r[l + 3] = pair(l + 1, l + 3, true);
  }
  // r[4g + c], quarter q: column 4q + c of rows 4g … 4g + 3.
  for (size_t c = 0; c < 4; ++c) {
    const __m512 a = _mm512_shuffle_f32x4(r[c], r[c + 4], 0x44), b = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0x44);
    const __m512 e = _mm512_shuffle_f32x4(r[c], r[c + 4], 0xEE), f = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0xEE);
    _mm512_storeu_ps(out + c * 16, _mm512_shuffle_f32x4(a, b, 0x88));
    _mm512_storeu_ps(out + (c + 4) * 16, _mm512_shuffle_f32x4(a, b, 0xDD));
    _mm512_storeu_ps(out + (c + 8) * 16, _mm512_shuffle_f32x4(e, f, 0x88));
    _mm512_storeu_ps(out + (c + 12) * 16, _mm512_shuffle_f32x4(e, f, 0xDD));
  }
}

inline I zero_i() {
  return _mm512_setzero_si512();
}
inline Block4 load_block(const void* p) {
  return _mm512_load_si512(p);
}
using Four = __m512i;
inline Four load_four(const int8_t* a) {
  int32_t four;
  std::memcpy(&four, a, 4);
  return _mm512_set1_epi32(four);
}
inline void dot(I& acc, const Block4& b, const Four& a) {
  // In assembly, since g++ 12 copies every sum to the stack and back around the intrinsic (a third of the speed).
  asm("vpdpbusd %2, %1, %0" : "+v"(acc) : "v"(b), "v"(a));
}
/// Two products of 16-bit numbers.
inline void dot16(I& acc, const Block4& b, const Four& a) {
  asm("vpdpwssd %2, %1, %0" : "+v"(acc) : "v"(b), "v"(a));
}
inline Four ones16() {
  return _mm512_set1_epi16(1);
}
inline F to_float(I a) {
  return _mm512_cvtepi32_ps(a);
}
inline F to_float(I a, int32_t minus) {
  return _mm512_cvtepi32_ps(_mm512_sub_epi32(a, _mm512_set1_epi32(minus)));
}

}  // namespace
