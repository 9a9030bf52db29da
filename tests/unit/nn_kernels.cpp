// Every kernel of every instruction set of this machine against a slow twin in double precision, on random shapes, and
// against the plain C++ kernels bit by bit.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "nn/block_linear.h"
#include "nn/cpu.h"
#include "nn/encoder.h"
#include "nn/gemm.h"

namespace {

using namespace reportedly;
using namespace reportedly::nn;

std::vector<Isa> isas() {
  std::vector<Isa> list;
  for (const char* name : {"generic", "avx2", "avx_vnni", "avx512", "amx"}) {
    ::setenv("REPORTEDLY_KERNELS", name, 1);
    const Isa isa = *chosen_isa();
    if (std::find(list.begin(), list.end(), isa) == list.end()) list.push_back(isa);
  }
  ::unsetenv("REPORTEDLY_KERNELS");
  return list;
}

std::mt19937& random_bits() {
  static std::mt19937 random(11);
  return random;
}
size_t random_size(size_t low, size_t high) {
  return low + random_bits()() % (high - low + 1);
}
std::vector<float> random_floats(size_t n, float scale = 1.0f) {
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> v(n);
  for (float& x : v) x = normal(random_bits());
  return v;
}
std::vector<int8_t> random_bytes(size_t n, bool extreme) {
  std::vector<int8_t> v(n);
  for (int8_t& x : v)
    x = static_cast<int8_t>(extreme ? (random_bits()() % 2 == 0 ? 127 : -127) : static_cast<int>(random_bits()() % 255) - 127);
  return v;
}

const Kernels& best_kernels() {
  return kernels_for(best_isa());
}

/// Quantised value of a wordpiece.
int at_block(const Kernels& kernels, const QuantisedBlocks& q, size_t columns, size_t row, size_t column) {
  const uint8_t v = q.data[(row / kLanes * columns + column / 4 * 4) * kLanes + row % kLanes * 4 + column % 4];
  return kernels.block_offset ? v - 128 : static_cast<int8_t>(v);
}

double gelu_twin(double x) {
  return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
}

}  // namespace

TEST_CASE("int8 products: exact sums on every path, full range, any shape") {
  for (int round = 0; round < 24; ++round) {
    const size_t m = random_size(1, 40), n = random_size(1, 150), k = round % 2 == 0 ? 64 * random_size(1, 6) : random_size(1, 300);
    const bool extreme = round % 3 == 0;
    const auto a = random_bytes(m * k, extreme), w = random_bytes(n * k, extreme);
    std::vector<float> scale(n), bias = random_floats(n);
    for (float& s : scale) s = 0.25f * static_cast<float>(1 + random_bits()() % 4);  // powers of two and threes: exact products
    ModelFile::Weights weights;
    weights.i8 = w.data();
    weights.scale = scale.data();
    weights.rows = n;
    weights.columns = k;
    QuantisedBuffer buffer;
    const QuantisedRows& q = buffer.get(m, k);
    for (size_t i = 0; i < m; ++i) {
      std::memset(q.data + i * q.stride, 0, q.stride);
      std::memcpy(q.data + i * q.stride, a.data() + i * k, k);
      q.scale[i] = 0.5f;
      q.sum[i] = 0;
      for (size_t j = 0; j < k; ++j) q.sum[i] += a[i * k + j];
    }
    for (const Isa isa : isas()) {
      CAPTURE(isa_name(isa));
      const Backend backend = {isa, &kernels_for(isa), Precision::int8};
      const Linear linear = Linear::from(backend, weights, round % 4 == 0 ? nullptr : bias.data());
      REQUIRE(linear.int8());
      std::vector<float> c(m * n, -1.0f);
      GemmScratch scratch;
      linear.run(q, m, c.data(), n, scratch);
      bool same = true;
      for (size_t i = 0; i < m; ++i) {
        for (size_t j = 0; j < n; ++j) {
          int64_t sum = 0;
          for (size_t l = 0; l < k; ++l) sum += int64_t{a[i * k + l]} * w[j * k + l];
          const float expected = std::fma(static_cast<float>(sum), 0.5f * scale[j], round % 4 == 0 ? 0.0f : bias[j]);
          same = same && c[i * n + j] == expected;
        }
      }
      CHECK(same);
    }
  }
}

TEST_CASE("float products") {
  for (int round = 0; round < 16; ++round) {
    const size_t m = random_size(1, 30), n = random_size(1, 150), k = random_size(1, 200);
    const auto a = random_floats(m * k), w = random_floats(n * k), bias = random_floats(n);
    ModelFile::Weights weights;
    weights.f32 = w.data();
    weights.rows = n;
    weights.columns = k;
    std::vector<float> first;
    for (const Isa isa : isas()) {
      const Linear linear = Linear::from({isa, &kernels_for(isa), Precision::fp32}, weights, bias.data());
      std::vector<float> c(m * n);
      GemmScratch scratch;
      linear.run(a.data(), k, m, c.data(), n, scratch);
      if (first.empty()) first = c;
      CHECK(c == first);
    }
    double worst = 0;
    for (size_t i = 0; i < m; ++i) {
      for (size_t j = 0; j < n; ++j) {
        double sum = bias[j];
        for (size_t l = 0; l < k; ++l) sum += double{a[i * k + l]} * w[j * k + l];
        worst = std::max(worst, std::abs(sum - first[i * n + j]));
      }
    }
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("rows do not depend on their neighbours") {
  const size_t m = 37, n = 80, k = 128;
  const auto w = random_bytes(n * k, false);
  const auto x = random_floats(m * k);
  const std::vector<float> scale(n, 0.01f);
  ModelFile::Weights weights;
  weights.i8 = w.data();
  weights.scale = scale.data();
  weights.rows = n;
  weights.columns = k;
  for (const Isa isa : isas()) {
    const Linear linear = Linear::from({isa, &kernels_for(isa), Precision::int8}, weights, nullptr);
    GemmScratch scratch;
    std::vector<float> all(m * n), one(n);
    linear.run(x.data(), k, m, all.data(), n, scratch);
    for (size_t i = 0; i < m; ++i) {
      linear.run(x.data() + i * k, k, 1, one.data(), n, scratch);
      CHECK(std::equal(one.begin(), one.end(), all.begin() + static_cast<ptrdiff_t>(i * n)));
    }
  }
}

TEST_CASE("quantisation: symmetric, ±127, half a step at most; zero and tiny rows are zero") {
  for (int round = 0; round < 12; ++round) {
    const size_t m = random_size(1, 9), columns = random_size(1, 200);
    auto x = random_floats(m * columns, round % 2 == 0 ? 1.0f : 1000.0f);
    if (round % 3 == 0) std::fill_n(x.begin(), columns, 0.0f);
    std::vector<int8_t> first;
    for (const Isa isa : isas()) {
      QuantisedBuffer buffer;
      const QuantisedRows& q = buffer.get(m, columns);
      kernels_for(isa).quantise(x.data(), columns, m, columns, q);
      std::vector<int8_t> all;
      for (size_t i = 0; i < m; ++i) {
        int32_t sum = 0;
        float peak = 0;
        for (size_t j = 0; j < columns; ++j) {
          const int8_t v = q.data[i * q.stride + j];
          all.push_back(v);
          sum += v;
          peak = std::max(peak, std::abs(x[i * columns + j]));
          CHECK(std::abs(q.scale[i] * static_cast<float>(v) - x[i * columns + j]) <= 0.501f * q.scale[i]);
        }
        CHECK(sum == q.sum[i]);
        CHECK(q.scale[i] == doctest::Approx(peak / 127));
      }
      if (first.empty()) first = all;
      CHECK(all == first);
    }
  }
}

TEST_CASE("GELU") {
  std::vector<float> x;
  for (float v = -12; v <= 12; v += 0.00371f) x.push_back(v);
  x.resize(x.size() / 16 * 16);
  std::vector<float> first, coarse;
  for (const Isa isa : isas()) {
    std::vector<float> y = x;
    kernels_for(isa).gelu(y.data(), y.size());
    if (first.empty()) first = y;
    CHECK(y == first);
    // The coarse one by way of its product, with no inputs but the bias: what stands in `room` before it is quantised.
    const size_t n = x.size();
    std::vector<int8_t> weights(n * 4, 0);
    std::vector<float> scale(n, 1.0f);
    std::vector<int32_t> start(n, 0);
    BlockBuffer in, out;
    const QuantisedBlocks q = in.get(1, 4);
    std::fill_n(q.data, 4 * kLanes, uint8_t{0});
    std::fill_n(q.scale, kLanes, 1.0f);
    const RowsS8 rows = {weights.data(), scale.data(), start.data(), x.data(), n, 4, nullptr, nullptr};
    if (kernels_for(isa).group > 0) continue;  // wants an order of fours; compared as a whole in the test of products
    Buffer<float> room;
    float* z = room.get(block_gelu_room(1, rows));
    kernels_for(isa).block_product_gelu(q, 1, rows, z, out.get(1, n));
    std::vector<float> values(n);
    for (size_t i = 0; i < n; ++i) values[i] = z[i * kLanes];
    if (coarse.empty()) coarse = values;
    CHECK(values == coarse);
  }
  double worst = 0, worst_coarse = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    worst = std::max(worst, std::abs(gelu_twin(x[i]) - first[i]));
    worst_coarse = std::max(worst_coarse, std::abs(gelu_twin(x[i]) - coarse[i]) / std::max(1.0f, std::abs(x[i])));
  }
  CHECK(worst < 2e-6);
  CHECK(worst_coarse < 1.5e-5);
}

TEST_CASE("LayerNorm of a sum") {
  for (int round = 0; round < 8; ++round) {
    const size_t m = random_size(1, 40), columns = 16 * random_size(1, 30);
    const auto x = random_floats(m * columns), y = random_floats(m * columns), weight = random_floats(columns),
               bias = random_floats(columns);
    const bool with_y = round % 2 == 0;
    std::vector<float> first, first_blocks;
    for (const Isa isa : isas()) {
      std::vector<float> z = x;
      const Kernels& k = kernels_for(isa);
      k.add_layer_norm(z.data(), with_y ? y.data() : nullptr, m, columns, {weight.data(), bias.data(), 1e-5f});
      if (first.empty()) first = z;
      CHECK(z == first);

      const size_t blocks = round_up(m, kLanes) / kLanes;
      Buffer<float> bx, by;
      float* px = bx.get(blocks * kLanes * columns);
      float* py = by.get(blocks * kLanes * columns);
      k.to_blocks(x.data(), m, columns, px);
      k.to_blocks(y.data(), m, columns, py);
      BlockBuffer buffer;
      const QuantisedBlocks q = buffer.get(blocks, columns);
      k.block_norm(px, with_y ? py : nullptr, blocks, columns, {weight.data(), bias.data(), 1e-5f}, q);
      std::vector<float> back(m * columns);
      k.from_blocks(px, m, columns, back.data());
      if (first_blocks.empty()) first_blocks = back;
      CHECK(back == first_blocks);
      bool near = true;
      for (size_t i = 0; i < m; ++i) {
        for (size_t j = 0; j < columns; ++j)
          near = near &&
                 std::abs(q.scale[i] * static_cast<float>(at_block(k, q, columns, i, j)) - back[i * columns + j]) <= 0.501f * q.scale[i];
      }
      CHECK(near);
    }
    for (size_t i = 0; i < first.size(); ++i) CHECK(std::abs(first[i] - first_blocks[i]) < 2e-5);
    double worst = 0;
    for (size_t i = 0; i < m; ++i) {
      std::vector<double> v(columns);
      double mean = 0, variance = 0;
      for (size_t j = 0; j < columns; ++j) {
        v[j] = double{x[i * columns + j]} + (with_y ? y[i * columns + j] : 0.0f);
        mean += v[j] / static_cast<double>(columns);
      }
      for (const double d : v) variance += (d - mean) * (d - mean) / static_cast<double>(columns);
      for (size_t j = 0; j < columns; ++j) {
        worst = std::max(worst, std::abs((v[j] - mean) / std::sqrt(variance + 1e-5) * weight[j] + bias[j] - first[i * columns + j]));
      }
    }
    CHECK(worst < 2e-5);
  }
}

TEST_CASE("attention, with and without a bias by distance") {
  for (int round = 0; round < 14; ++round) {
    const size_t heads = random_size(1, 4), d = std::array<size_t, 4>{8, 16, 32, 48}[round % 4], width = heads * d,
                 length = random_size(1, 70);
    const size_t span = 70;
    const auto qkv = random_floats(length * 3 * width);
    const auto table = random_floats(heads * (2 * span - 1));
    const bool biased = round % 2 == 1;
    std::vector<float> first;
    for (const Isa isa : isas()) {
      Buffer<float> scratch;
      std::vector<float> out(length * width);
      kernels_for(isa).attention(qkv.data(), length, width, heads, biased ? table.data() : nullptr, span,
                                 scratch.get(attention_scratch(length, d)), out.data());
      if (first.empty()) first = out;
      CHECK(out == first);
    }
    double worst = 0;
    for (size_t h = 0; h < heads; ++h) {
      for (size_t i = 0; i < length; ++i) {
        std::vector<double> logit(length);
        for (size_t j = 0; j < length; ++j) {
          for (size_t l = 0; l < d; ++l) logit[j] += double{qkv[i * 3 * width + h * d + l]} * qkv[j * 3 * width + width + h * d + l];
          logit[j] /= std::sqrt(static_cast<double>(d));
          if (biased) logit[j] += table[h * (2 * span - 1) + (j + span - 1 - i)];
        }
        const double top = *std::max_element(logit.begin(), logit.end());
        double sum = 0;
        for (double& l : logit) sum += l = std::exp(l - top);
        for (size_t l = 0; l < d; ++l) {
          double value = 0;
          for (size_t j = 0; j < length; ++j) value += logit[j] / sum * qkv[j * 3 * width + 2 * width + h * d + l];
          worst = std::max(worst, std::abs(value - first[i * width + h * d + l]));
        }
      }
    }
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("int8 products of blocks: exact sums on every path, full range, any shape") {
  for (int round = 0; round < 32; ++round) {
    const size_t m = random_size(1, 150), n = round % 4 < 2 ? 16 * random_size(1, 9) : random_size(1, 150);
    const size_t k = round % 2 == 0 ? 64 * random_size(1, 4) : 16 * random_size(1, 12);
    const size_t blocks = round_up(m, kLanes) / kLanes;
    auto a = random_bytes(m * k, round % 3 == 0), w = random_bytes(n * k, round % 3 == 0);
    if (round % 3 == 1) {  // many weights of which two or four just fit into 16 bits, or just do not, with the largest values of one sign
      for (int8_t& v : w) v = static_cast<int8_t>(v / 3);
      for (size_t i = 0; i < m; ++i)
        std::fill_n(a.begin() + static_cast<ptrdiff_t>(i * k), k, static_cast<int8_t>(i % 2 == 0 ? 127 : -127));
    }
    std::vector<float> scale(n), bias = random_floats(n);
    for (float& s : scale) s = 0.0625f * static_cast<float>(1 + random_bits()() % 4);
    ModelFile::Weights weights;
    weights.i8 = w.data();
    weights.scale = scale.data();
    weights.rows = n;
    weights.columns = k;
    std::vector<float> expected(m * n);
    for (size_t i = 0; i < m; ++i) {
      for (size_t j = 0; j < n; ++j) {
        int64_t sum = 0;
        for (size_t l = 0; l < k; ++l) sum += int64_t{a[i * k + l]} * w[j * k + l];
        expected[i * n + j] = std::fma(static_cast<float>(sum), 0.5f * scale[j], bias[j]);
      }
    }
    std::vector<int> activated;
    for (const Isa isa : isas()) {
      CAPTURE(isa_name(isa));
      const Kernels& kernels = kernels_for(isa);
      const BlockLinear linear = BlockLinear::from({isa, &kernels, Precision::int8}, weights, bias.data());
      BlockBuffer buffer, out_buffer;
      const QuantisedBlocks q = buffer.get(blocks, k), out = out_buffer.get(blocks, round_up(n, 4));
      std::memset(q.data, kernels.block_offset ? 128 : 0, blocks * k * kLanes);
      std::fill_n(q.scale, blocks * kLanes, 0.5f);
      for (size_t i = 0; i < m; ++i) {
        for (size_t l = 0; l < k; ++l)
          q.data[(i / kLanes * k + l / 4 * 4) * kLanes + i % kLanes * 4 + l % 4] =
              static_cast<uint8_t>(a[i * k + l]) ^ (kernels.block_offset ? 128 : 0);
      }
      Buffer<float> c;
      float* y = c.get(blocks * n * kLanes);
      Buffer<float> room;
      linear.run(q, m, y);
      bool same = true;
      for (size_t i = 0; i < m; ++i) {
        for (size_t j = 0; j < n; ++j) same = same && y[(i / kLanes * n + j) * kLanes + i % kLanes] == expected[i * n + j];
      }
      CHECK(same);
      if (n % 4 != 0) continue;
      linear.run_gelu(q, m, out, room);
      std::vector<int> all;
      bool near = true;
      for (size_t i = 0; i < m; ++i) {
        for (size_t j = 0; j < n; ++j) {
          all.push_back(at_block(kernels, out, n, i, j));
          const double gelu = gelu_twin(expected[i * n + j]);
          near = near && std::abs(out.scale[i] * all.back() - gelu) <= 0.501 * out.scale[i] + 1e-4 * std::max(1.0, std::abs(gelu));
        }
      }
      CHECK(near);
      if (activated.empty()) activated = all;
      CHECK(all == activated);
    }
  }
}

namespace {

/// Rows of Q, K, V side by side through int8 attention, standing from wordpiece `first` on among others.
std::vector<float> attend(const Kernels& k, const std::vector<float>& qkv, size_t first, size_t length, size_t width, size_t heads,
                          const float* bias, size_t span) {
  const size_t m = first + length + 3, blocks = round_up(m, kLanes) / kLanes;
  std::vector<float> rows = random_floats(m * 3 * width);
  std::copy(qkv.begin(), qkv.end(), rows.begin() + static_cast<ptrdiff_t>(first * 3 * width));
  Buffer<float> in, out, scratch;
  float* x = in.get(blocks * kLanes * 3 * width);
  k.to_blocks(rows.data(), m, 3 * width, x);
  float* y = out.get(blocks * kLanes * width);
  std::fill_n(y, blocks * kLanes * width, 5.0f);
  k.block_attention(x, first, length, width, heads, bias, span, scratch.get(BlockAttention(length, width / heads).bytes / sizeof(float)),
                    y);
  std::vector<float> all(m * width);
  k.from_blocks(y, m, width, all.data());
  CHECK(std::all_of(all.begin(), all.begin() + static_cast<ptrdiff_t>(first * width), [](float v) { return v == 5.0f; }));
  return {all.begin() + static_cast<ptrdiff_t>(first * width), all.begin() + static_cast<ptrdiff_t>((first + length) * width)};
}

}  // namespace

TEST_CASE("attention in int8: the same bits everywhere and wherever a window stands, near the float one") {
  for (int round = 0; round < 16; ++round) {
    const size_t d = std::array<size_t, 5>{8, 16, 32, 48, 64}[round % 5], heads = 2 * random_size(1, 2), width = heads * d;
    const size_t length = round == 0 ? 1 : random_size(2, 192), span = 192;
    const auto qkv = random_floats(length * 3 * width);
    const auto table = random_floats(heads * (2 * span - 1));
    const auto packed = distance_bias(table.data(), heads, span);
    const bool biased = round % 2 == 1;
    std::vector<float> first, exact(length * width);
    for (const Isa isa : isas()) {
      const Kernels& k = kernels_for(isa);
      for (const size_t offset : {size_t{0}, random_size(1, 40)}) {
        CAPTURE(offset);
        const auto out = attend(k, qkv, offset, length, width, heads, biased ? packed.data() : nullptr, span);
        if (first.empty()) first = out;
        CHECK(out == first);
      }
    }
    Buffer<float> scratch;
    best_kernels().attention(qkv.data(), length, width, heads, biased ? table.data() : nullptr, span,
                             scratch.get(attention_scratch(length, d)), exact.data());
    double squares = 0, errors = 0;
    for (size_t i = 0; i < exact.size(); ++i) {
      squares += double{exact[i]} * exact[i];
      errors += (double{exact[i]} - first[i]) * (double{exact[i]} - first[i]);
    }
    CHECK(std::sqrt(errors / squares) < 0.02);
  }
}

TEST_CASE("attention in int8: many small weights beside a large one are not lost") {
  // One key takes half of the weight, the others share the rest: in steps of 1/127 they would all be nothing.
  const size_t d = 32, length = 190;
  std::vector<float> qkv(length * 3 * d, 0.0f);
  for (size_t i = 0; i < length; ++i) {
    qkv[i * 3 * d] = 1;                                                                        // query
    qkv[i * 3 * d + d] = i == 0 ? std::sqrt(static_cast<float>(d)) * std::log(189.0f) : 0.0f;  // key
    qkv[i * 3 * d + 2 * d] = i == 0 ? 0.0f : 1.0f;                                             // value
  }
  const auto out = attend(best_kernels(), qkv, 0, length, d, 1, nullptr, length);
  CHECK(out[0] == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE("buckets of relative positions") {
  CHECK(relative_bucket(0) == 0);
  CHECK(relative_bucket(-7) == 7);
  CHECK(relative_bucket(7) == 23);
  CHECK(relative_bucket(-8) == 8);
  CHECK(relative_bucket(-11) == 8);
  CHECK(relative_bucket(-12) == 9);
  CHECK(relative_bucket(-15) == 9);
  CHECK(relative_bucket(-16) == 10);
  CHECK(relative_bucket(-31) == 11);
  CHECK(relative_bucket(32) == 28);
  CHECK(relative_bucket(63) == 29);
  CHECK(relative_bucket(64) == 30);
  CHECK(relative_bucket(91) == 31);
  CHECK(relative_bucket(-5000) == 15);
}

TEST_CASE("an unknown name of kernels is an error") {
  ::setenv("REPORTEDLY_KERNELS", "abacus", 1);
  const auto isa = chosen_isa();
  ::unsetenv("REPORTEDLY_KERNELS");
  REQUIRE(!isa.has_value());
  CHECK(isa.error().code == ErrorCode::usage);
  CHECK(isa.error().message.find("abacus") != std::string::npos);
}

TEST_CASE("denormal numbers are zero only while asked for") {
  volatile float tiny = 1e-38f;
  volatile float half = 0.5f;
  {
    const FlushToZero flush;
#if defined(__x86_64__)
    CHECK(tiny * half * half * half == 0.0f);
#endif
  }
  CHECK(tiny * half * half * half > 0.0f);
}
