// Sixteen virtual lanes in plain C++: the twin that every other instruction set is compared with.
#pragma once
#include <cmath>
#include <cstring>

#include "nn/kernels/kernels.h"

namespace {

struct F {
  float v[16];
};
struct I {
  int32_t v[16];
};
struct Block4 {
  int8_t v[64];
};

constexpr bool kOffset = false, kBlockOffset = false;
constexpr int kGroup = 0;
constexpr int kRowsF32 = 4, kBlocksF32 = 1, kRowsS8 = 4, kBlocksS8 = 1, kRowsNorm = 1;
constexpr int kRowsOne = 4, kBlocksAttention = 1, kRowsLogits = 4, kRowsContext = 4;

template <class Function>
inline F each(Function f) {
  F r;
  for (int i = 0; i < 16; ++i) r.v[i] = f(i);
  return r;
}
inline F load(const float* p) {
  return each([&](int i) { return p[i]; });
}
inline F load_part(const float* p, size_t n) {
  return each([&](int i) { return static_cast<size_t>(i) < n ? p[i] : 0.0f; });
}
inline void store(float* p, F a) {
  std::memcpy(p, a.v, sizeof a.v);
}
inline void store_part(float* p, F a, size_t n) {
  std::memcpy(p, a.v, (n < 16 ? n : 16) * sizeof(float));
}
inline F set1(float x) {
  return each([&](int) { return x; });
}
inline F add(F a, F b) {
  return each([&](int i) { return a.v[i] + b.v[i]; });
}
inline F sub(F a, F b) {
  return each([&](int i) { return a.v[i] - b.v[i]; });
}
inline F mul(F a, F b) {
  return each([&](int i) { return a.v[i] * b.v[i]; });
}
inline F div(F a, F b) {
  return each([&](int i) { return a.v[i] / b.v[i]; });
}
inline F fma(F a, F b, F c) {
  return each([&](int i) { return std::fma(a.v[i], b.v[i], c.v[i]); });
}
inline F max(F a, F b) {
  return each([&](int i) { return a.v[i] > b.v[i] ? a.v[i] : b.v[i]; });
}
inline F min(F a, F b) {
  return each([&](int i) { return a.v[i] < b.v[i] ? a.v[i] : b.v[i]; });
}
inline F abs(F a) {
  return each([&](int i) { return std::fabs(a.v[i]); });
}
/// What is beyond ±limit becomes that.
inline F clamp(F a, float limit) {
  return min(max(a, set1(-limit)), set1(limit));
}
inline F sqrt(F a) {
  return each([&](int i) { return std::sqrt(a.v[i]); });
}
/// Lanes below n from a, the others from b.
inline F blend(F a, F b, size_t n) {
  return each([&](int i) { return static_cast<size_t>(i) < n ? a.v[i] : b.v[i]; });
}
inline F round(F a) {
  return each([&](int i) { return std::nearbyintf(a.v[i]); });
}
/// 2ⁿ for whole n in −126…127.
inline F pow2(F n) {
  return each([&](int i) {
    const uint32_t bits = static_cast<uint32_t>(static_cast<int32_t>(n.v[i]) + 127) << 23;
    float r;
    std::memcpy(&r, &bits, 4);
    return r;
  });
}
/// Lanes below n as they are, the others `other`.
inline F keep(F a, size_t n, float other) {
  return each([&](int i) { return static_cast<size_t>(i) < n ? a.v[i] : other; });
}
inline float sum(F a) {
  for (int w = 8; w > 0; w /= 2) {
    for (int i = 0; i < w; ++i) a.v[i] += a.v[i + w];
  }
  return a.v[0];
}
inline float largest(F a) {
  for (int w = 8; w > 0; w /= 2) {
    for (int i = 0; i < w; ++i) a.v[i] = a.v[i] > a.v[i + w] ? a.v[i] : a.v[i + w];
  }
  return a.v[0];
}
inline F from_i8(const int8_t* p) {
  return each([&](int i) { return static_cast<float>(p[i]); });
}
inline uint32_t bits_of(float x) {
  uint32_t b;
  std::memcpy(&b, &x, 4);
  return b;
}
/// The bits of each lane.
inline I bits(F a) {
  I r;
  std::memcpy(r.v, a.v, sizeof r.v);
  return r;
}
/// Sums of whole numbers modulo 2³².
inline I add(I a, I b) {
  for (int i = 0; i < 16; ++i) a.v[i] = static_cast<int32_t>(static_cast<uint32_t>(a.v[i]) + static_cast<uint32_t>(b.v[i]));
  return a;
}
inline uint32_t sum(I a) {
  uint32_t s = 0;
  for (int i = 0; i < 16; ++i) s += static_cast<uint32_t>(a.v[i]);
  return s;
}
inline I set1_i(int32_t x) {
  I r;
  for (int32_t& v : r.v) v = x;
  return r;
}
inline void store_i(int32_t* p, I a) {
  std::memcpy(p, a.v, sizeof a.v);
}
inline I times_minus_128(I a) {
  for (int32_t& v : a.v) v = static_cast<int32_t>(0u - (static_cast<uint32_t>(v) << 7));
  return a;
}
/// The lowest byte of each lane.
inline void store_low(int8_t* p, I a) {
  for (int i = 0; i < 16; ++i) p[i] = static_cast<int8_t>(a.v[i] & 0xFF);
}
/// The two lowest bytes of each lane.
inline void store_low2(int16_t* p, I a) {
  for (int i = 0; i < 16; ++i) p[i] = static_cast<int16_t>(a.v[i] & 0xFFFF);
}
/// The lowest bytes of four, as the four bytes of each lane.
inline void store_low4(void* p, F a, F b, F c, F d) {
  uint32_t r[16];
  for (int i = 0; i < 16; ++i)
    r[i] = (bits_of(a.v[i]) & 0xFF) | (bits_of(b.v[i]) & 0xFF) << 8 | (bits_of(c.v[i]) & 0xFF) << 16 | (bits_of(d.v[i]) & 0xFF) << 24;
  std::memcpy(p, r, sizeof r);
}
/// The lower halves of each lane's bits in a (first) and b.
inline Block4 low16_pairs(F a, F b) {
  uint32_t r[16];
  for (int i = 0; i < 16; ++i) r[i] = (bits_of(a.v[i]) & 0xFFFF) | bits_of(b.v[i]) << 16;
  Block4 block;
  std::memcpy(block.v, r, sizeof r);
  return block;
}
inline void store_block(void* p, const Block4& a) {
  std::memcpy(p, a.v, sizeof a.v);
}
/// p · 2ⁿ for p and the product normal, n as the low bits of a float's bits.
inline F shift_exponent(F p, F n) {
  return each([&](int i) {
    const uint32_t b = bits_of(p.v[i]) + (bits_of(n.v[i]) << 23);
    float r;
    std::memcpy(&r, &b, 4);
    return r;
  });
}

/// out[i][l] = in[l][i] for 16 × 16; rows from `count` on count as zeros.
inline void transpose(const float* in, size_t ld, size_t count, float* out) {
  for (size_t i = 0; i < 16; ++i) {
    for (size_t l = 0; l < 16; ++l) out[i * 16 + l] = l < count ? in[l * ld + i] : 0.0f;
  }
}

inline I zero_i() {
  return I{};
}
inline Block4 load_block(const void* p) {
  Block4 b;
  std::memcpy(b.v, p, 64);
  return b;
}
/// acc[i] += Σ over four k of a[k] · b[i][k].
struct Four {
  int8_t v[4];
};
inline Four load_four(const int8_t* a) {
  return {{a[0], a[1], a[2], a[3]}};
}
inline void dot(I& acc, const Block4& b, const Four& a) {
  for (int i = 0; i < 16; ++i) {
    for (int k = 0; k < 4; ++k) acc.v[i] += int32_t{a.v[k]} * int32_t{b.v[i * 4 + k]};
  }
}
/// Two products of 16-bit numbers.
inline void dot16(I& acc, const Block4& b, const Four& a) {
  int16_t x[32], y[2];
  std::memcpy(x, b.v, sizeof x);
  std::memcpy(y, a.v, sizeof y);
  for (int i = 0; i < 16; ++i) acc.v[i] += int32_t{x[2 * i]} * y[0] + int32_t{x[2 * i + 1]} * y[1];
}
inline Four ones16() {
  const int16_t ones[2] = {1, 1};
  Four a;
  std::memcpy(a.v, ones, sizeof ones);
  return a;
}
inline F to_float(I a) {
  return each([&](int i) { return static_cast<float>(a.v[i]); });
}
inline F to_float(I a, int32_t minus) {
  return each([&](int i) { return static_cast<float>(a.v[i] - minus); });
}

}  // namespace
