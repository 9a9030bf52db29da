#include "nn/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "text/windows.h"

namespace reportedly::nn {
namespace {

constexpr size_t kBuckets = 32, kShapes = 8, kSpaces = 4, kWidest = 8192;
constexpr float kHeadNormEps = 1e-5f;
static_assert(text::kWindow <= kMaxAttention);

}  // namespace

void Batch::clear() {
  ids.clear();
  shapes.clear();
  spaces.clear();
  lengths.clear();
  keep.clear();
}

size_t relative_bucket(int64_t key_minus_query) {
  const size_t half = key_minus_query > 0 ? kBuckets / 2 : 0;
  const auto n = static_cast<uint64_t>(std::abs(key_minus_query));
  if (n < 8) return half + n;
  size_t far = 8;
  for (uint64_t square = 128; far < 15 && n * n >= square; square *= 2) ++far;  // n² ≥ 64·2^k
  return half + far;
}

Result<Encoder::Norm> Encoder::load_norm(const ModelFile& file, const std::string& name, size_t width, float eps) {
  auto weight = load_table(file, name + ".weight", 1, width);
  if (!weight) return tl::unexpected(weight.error());
  auto bias = load_table(file, name + ".bias", 1, width);
  if (!bias) return tl::unexpected(bias.error());
  return Norm{std::move(*weight), std::move(*bias), eps};
}

Result<std::vector<float>> Encoder::load_table(const ModelFile& file, const std::string& name, size_t rows, size_t columns) {
  const auto w = file.weights(name, rows, columns);
  if (!w) return tl::unexpected(w.error());
  std::vector<float> values(rows * columns);
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) values[r * columns + c] = w->at(r, c);
  }
  return values;
}

/// Rows of 4 bits stay as they are; `embed.row`, where it is there, says which row a wordpiece has (docs/model.md §8).
Result<void> Encoder::find_words(const ModelFile& file, const Tensor& words) {
  const size_t rows = words.rows();
  const Tensor* scale = file.find("embed.word.scale");
  if (words.columns() != config_.width || scale == nullptr || scale->dtype != DType::f32 || scale->size() != rows) {
    return tl::unexpected(file.error("has word embeddings of another shape than its header says"));
  }
  const Tensor* row_of = file.find("embed.row");
  if (row_of != nullptr && (row_of->dtype != DType::u8 || row_of->bytes % 2 != 0))
    return tl::unexpected(file.error("tensor embed.row is unfit"));
  vocabulary_ = row_of == nullptr ? rows : row_of->bytes / 2;
  word_i4_ = reinterpret_cast<const uint8_t*>(words.data);
  words_.scale = scale->f32();
  if (row_of == nullptr) return {};
  word_row_.resize(vocabulary_);
  std::memcpy(word_row_.data(), row_of->data, row_of->bytes);
  if (std::any_of(word_row_.begin(), word_row_.end(), [&](uint16_t r) { return r >= rows; }))
    return tl::unexpected(file.error("tensor embed.row points behind the last row"));
  return {};
}

Result<std::unique_ptr<Encoder>> Encoder::load(const ModelFile& file, const Backend& backend) {
  std::unique_ptr<Encoder> e(new Encoder);
  const ModelConfig& c = file.config();
  e->kernels_ = backend.kernels;
  e->config_ = c;

  const Tensor* words = file.find("embed.word");
  if (words == nullptr) return tl::unexpected(file.error("lacks the tensor embed.word"));
  if (words->dtype == DType::i4) {
    if (auto found = e->find_words(file, *words); !found) return tl::unexpected(found.error());
  } else {
    e->vocabulary_ = words->rows();
    auto w = file.weights("embed.word", e->vocabulary_, c.width);
    if (!w) return tl::unexpected(w.error());
    e->words_ = *w;
  }

  // Only as many positions as a window can have are kept.
  const Tensor* positions = file.find("embed.position");
  if (positions == nullptr) return tl::unexpected(file.error("lacks the tensor embed.position"));
  const size_t rows = positions->rows();
  if (rows < c.position_offset + text::kWindow) {
    return tl::unexpected(file.error(fmt::format("has {} positions, windows ask for {}", rows, c.position_offset + text::kWindow)));
  }
  auto p = load_table(file, "embed.position", rows, c.width);
  if (!p) return tl::unexpected(p.error());
  e->position_rows_ = text::kWindow;
  const auto first = p->begin() + static_cast<ptrdiff_t>(c.position_offset * c.width);
  e->positions_.assign(first, first + static_cast<ptrdiff_t>(text::kWindow * c.width));

  auto shapes = load_table(file, "embed.shape", kShapes, c.width);
  if (!shapes) return tl::unexpected(shapes.error());
  e->shapes_ = std::move(*shapes);
  auto spaces = load_table(file, "embed.space", kSpaces, c.width);
  if (!spaces) return tl::unexpected(spaces.error());
  e->spaces_ = std::move(*spaces);

  if (c.relative) {
    auto table = load_table(file, "embed.relative", kBuckets, c.heads);
    if (!table) return tl::unexpected(table.error());
    const auto span = static_cast<int64_t>(e->position_rows_);
    e->relative_.resize(c.heads * (2 * e->position_rows_ - 1));
    float* out = e->relative_.data();
    for (size_t h = 0; h < c.heads; ++h) {
      for (int64_t d = 1 - span; d < span; ++d) *out++ = (*table)[relative_bucket(d) * c.heads + h];
    }
    e->distance_bias_ = distance_bias(e->relative_.data(), c.heads, e->position_rows_);
  }

  auto norm = load_norm(file, "embed.ln", c.width, c.layer_norm_eps);
  if (!norm) return tl::unexpected(norm.error());
  e->input_norm_ = std::move(*norm);
  norm = load_norm(file, "head_ln", c.width, kHeadNormEps);
  if (!norm) return tl::unexpected(norm.error());
  e->head_norm_ = std::move(*norm);

  e->int8_ = backend.precision == Precision::int8;
  for (size_t i = 0; i < c.layers; ++i) {
    for (const char* name : {"qkv", "out", "ffn1", "ffn2"})
      e->int8_ = e->int8_ && BlockLinear::fits(file, fmt::format("layer.{}.{}", i, name));
  }
  for (size_t i = 0; i < c.layers; ++i) {
    const std::string name = fmt::format("layer.{}.", i);
    Layer layer;
    struct {
      const char* name;
      Linear* rows;
      BlockLinear* blocks;
      size_t outputs, inputs;
    } const linears[] = {{"qkv", &layer.qkv, &layer.block_qkv, 3 * c.width, c.width},
                         {"out", &layer.out, &layer.block_out, c.width, c.width},
                         {"ffn1", &layer.ffn1, &layer.block_ffn1, c.ffn, c.width},
                         {"ffn2", &layer.ffn2, &layer.block_ffn2, c.width, c.ffn}};
    for (const auto& l : linears) {
      if (e->int8_) {
        auto linear = BlockLinear::load(file, backend, name + l.name, l.outputs, l.inputs);
        if (!linear) return tl::unexpected(linear.error());
        *l.blocks = std::move(*linear);
      } else {
        auto linear = Linear::load(file, backend, name + l.name, l.outputs, l.inputs);
        if (!linear) return tl::unexpected(linear.error());
        *l.rows = std::move(*linear);
      }
    }
    for (auto [norm_name, target] : {std::pair{"ln1", &layer.ln1}, std::pair{"ln2", &layer.ln2}}) {
      auto n = load_norm(file, name + norm_name, c.width, c.layer_norm_eps);
      if (!n) return tl::unexpected(n.error());
      *target = std::move(*n);
    }
    e->layers_.push_back(std::move(layer));
  }
  return e;
}

std::vector<float> distance_bias(const float* relative, size_t heads, size_t span) {
  std::vector<float> bias(heads * distance_bias_size(span), 0.0f);
  for (size_t h = 0; h < heads; ++h) {
    for (size_t i = 0; i < 2 * span - 1; ++i)
      bias[(h + 1) * distance_bias_size(span) - kLanes - 1 - i] = relative[h * (2 * span - 1) + i] * 1.44269504088896341f;
  }
  return bias;
}

void Encoder::embed_row(const Batch& batch, size_t row, size_t position, float* x) const {
  const size_t width = config_.width, id = batch.ids[row];
  const float* word_f32 = words_.f32 == nullptr ? nullptr : words_.f32 + id * width;
  const int8_t* word_i8 = words_.i8 == nullptr ? nullptr : words_.i8 + id * width;
  float scale = words_.i8 == nullptr ? 0.0f : words_.scale[id / words_.rows_per_scale];
  std::array<int8_t, kWidest> unpacked;
  if (word_i4_ != nullptr) {
    const size_t r = word_row_.empty() ? id : word_row_[id];
    const uint8_t* bytes = word_i4_ + r * width / 2;
    for (size_t i = 0; i < width / 2; ++i) {
      unpacked[2 * i] = static_cast<int8_t>(((bytes[i] & 15) ^ 8) - 8);
      unpacked[2 * i + 1] = static_cast<int8_t>(((bytes[i] >> 4) ^ 8) - 8);
    }
    word_i8 = unpacked.data();
    scale = words_.scale[r];
  }
  kernels_->embed(word_f32, word_i8, scale, positions_.data() + position * width, shapes_.data() + batch.shapes[row] * width,
                  spaces_.data() + batch.spaces[row] * width, width, x);
}

const float* Encoder::run(const Batch& batch, EncoderScratch& s) const {
  return int8_ ? run_blocks(batch, s) : run_rows(batch, s);
}

const float* Encoder::run_rows(const Batch& batch, EncoderScratch& s) const {
  const Kernels& k = *kernels_;
  const size_t width = config_.width, ffn = config_.ffn;
  size_t m = batch.ids.size();
  float* x = s.x.get(m * width);
  float* qkv = s.qkv.get(m * 3 * width);
  float* context = s.context.get(m * width);
  float* hidden = s.hidden.get(m * ffn);
  float* sub = s.sub.get(m * width);
  const size_t longest = *std::max_element(batch.lengths.begin(), batch.lengths.end());
  float* scratch = s.attention.get(attention_scratch(longest, width / config_.heads));
  const float* bias = relative_.empty() ? nullptr : relative_.data();

  size_t row = 0;
  for (const uint32_t length : batch.lengths) {
    for (size_t i = 0; i < length; ++i, ++row) embed_row(batch, row, i, x + row * width);
  }
  k.add_layer_norm(x, nullptr, m, width, input_norm_.view());
  for (const Layer& layer : layers_) {
    layer.qkv.run(x, width, m, qkv, 3 * width, s.gemm);
    row = 0;
    for (const uint32_t length : batch.lengths) {
      k.attention(qkv + row * 3 * width, length, width, config_.heads, bias, position_rows_, scratch, context + row * width);
      row += length;
    }
    // In the last layer what follows works on single rows: only those that are asked for.
    if (&layer == &layers_.back()) {
      size_t to = 0;
      for (const uint32_t from : batch.keep) {
        std::memmove(x + to * width, x + from * width, width * sizeof(float));
        std::memmove(context + to * width, context + from * width, width * sizeof(float));
        ++to;
      }
      m = to;
    }
    layer.out.run(context, width, m, sub, width, s.gemm);
    k.add_layer_norm(x, sub, m, width, layer.ln1.view());
    layer.ffn1.run(x, width, m, hidden, ffn, s.gemm);
    k.gelu(hidden, m * ffn);
    layer.ffn2.run(hidden, ffn, m, sub, width, s.gemm);
    k.add_layer_norm(x, sub, m, width, layer.ln2.view());
  }
  k.add_layer_norm(x, nullptr, m, width, head_norm_.view());
  return x;
}

namespace {

/// Chosen wordpieces (ascending) move together in place, in blocks [columns][16].
void keep_lanes(const std::vector<uint32_t>& keep, size_t columns, float* x) {
  std::array<const float*, kLanes> from;
  for (size_t first = 0; first < keep.size(); first += kLanes) {
    const size_t count = std::min(kLanes, keep.size() - first);
    for (size_t l = 0; l < kLanes; ++l) {
      const uint32_t row = keep[first + std::min(l, count - 1)];
      from[l] = x + row / kLanes * columns * kLanes + row % kLanes;
    }
    float* to = x + first * columns;
    for (size_t i = 0; i < columns * kLanes; i += kLanes) {
      std::array<float, kLanes> lanes;
      for (size_t l = 0; l < kLanes; ++l) lanes[l] = from[l][i];
      std::memcpy(to + i, lanes.data(), sizeof lanes);
    }
  }
}

}  // namespace

const float* Encoder::run_blocks(const Batch& batch, EncoderScratch& s) const {
  const Kernels& k = *kernels_;
  const size_t width = config_.width, ffn = config_.ffn;
  size_t m = batch.ids.size(), blocks = round_up(m, kLanes) / kLanes;
  const size_t all = blocks * kLanes;
  float* x = s.x.get(all * width);
  float* qkv = s.qkv.get(all * 3 * width);
  float* context = s.context.get(all * width);
  float* sub = s.sub.get(all * width);
  const size_t longest = *std::max_element(batch.lengths.begin(), batch.lengths.end());
  float* scratch = s.attention.get(BlockAttention(longest, width / config_.heads).bytes / sizeof(float));
  const float* bias = distance_bias_.empty() ? nullptr : distance_bias_.data();
  const QuantisedBlocks q = s.quantised.get(blocks, width), wide = s.wide.get(blocks, ffn), none = {};

  size_t row = 0;
  for (const uint32_t length : batch.lengths) {
    for (size_t i = 0; i < length; ++i, ++row) embed_row(batch, row, i, sub + row * width);
  }
  k.to_blocks(sub, m, width, x);
  // Each pass that ends a step also quantises for the next product.
  k.block_norm(x, nullptr, blocks, width, input_norm_.view(), q);
  for (const Layer& layer : layers_) {
    const bool last = &layer == &layers_.back();
    layer.block_qkv.run(q, m, qkv);
    row = 0;
    for (const uint32_t length : batch.lengths) {
      k.block_attention(qkv, row, length, width, config_.heads, bias, position_rows_, scratch, context);
      row += length;
    }
    // In the last layer what follows works on single wordpieces: only those that are asked for.
    if (last) {
      keep_lanes(batch.keep, width, x);
      keep_lanes(batch.keep, width, context);
      m = batch.keep.size();
      blocks = round_up(m, kLanes) / kLanes;
    }
    k.block_quantise(context, blocks, width, q);
    layer.block_out.run(q, m, sub);
    k.block_norm(x, sub, blocks, width, layer.ln1.view(), q);
    layer.block_ffn1.run_gelu(q, m, wide, s.room);
    layer.block_ffn2.run(wide, m, sub);
    k.block_norm(x, sub, blocks, width, layer.ln2.view(), last ? none : q);
  }
  k.block_norm(x, nullptr, blocks, width, head_norm_.view(), none);
  k.from_blocks(x, m, width, sub);
  return sub;
}

}  // namespace reportedly::nn
