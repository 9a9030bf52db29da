#include "nn/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "text/windows.h"

namespace reportedly::nn {
namespace {

constexpr size_t kBuckets = 32, kShapes = 8, kSpaces = 4;
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

/// Rows of 4 bits become rows of 8; `embed.row`, where it is there, says which row a wordpiece has (docs/model.md §8).
Result<void> Encoder::unpack_words(const ModelFile& file, const Tensor& words) {
  const size_t width = words.columns(), rows = words.rows();
  const Tensor* scale = file.find("embed.word.scale");
  if (width != config_.width || scale == nullptr || scale->dtype != DType::f32 || scale->size() != rows) {
    return tl::unexpected(file.error("has word embeddings of another shape than its header says"));
  }
  const Tensor* row_of = file.find("embed.row");
  if (row_of != nullptr && (row_of->dtype != DType::u8 || row_of->bytes % 2 != 0))
    return tl::unexpected(file.error("tensor embed.row is unfit"));
  vocabulary_ = row_of == nullptr ? rows : row_of->bytes / 2;
  word_rows_.resize(vocabulary_ * width);
  word_scales_.resize(vocabulary_);
  const auto* index = row_of == nullptr ? nullptr : reinterpret_cast<const uint8_t*>(row_of->data);
  for (size_t v = 0; v < vocabulary_; ++v) {
    const size_t r = index == nullptr ? v : static_cast<size_t>(index[2 * v]) | static_cast<size_t>(index[2 * v + 1]) << 8;
    if (r >= rows) return tl::unexpected(file.error("tensor embed.row points behind the last row"));
    const auto* bytes = reinterpret_cast<const uint8_t*>(words.data) + r * width / 2;
    int8_t* out = word_rows_.data() + v * width;
    for (size_t i = 0; i < width / 2; ++i) {
      out[2 * i] = static_cast<int8_t>(((bytes[i] & 15) ^ 8) - 8);
      out[2 * i + 1] = static_cast<int8_t>(((bytes[i] >> 4) ^ 8) - 8);
    }
    word_scales_[v] = scale->f32()[r];
  }
  words_ = {};
  words_.i8 = word_rows_.data();
  words_.scale = word_scales_.data();
  words_.rows = vocabulary_;
  words_.columns = width;
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
    if (auto unpacked = e->unpack_words(file, *words); !unpacked) return tl::unexpected(unpacked.error());
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
  }

  auto norm = load_norm(file, "embed.ln", c.width, c.layer_norm_eps);
  if (!norm) return tl::unexpected(norm.error());
  e->input_norm_ = std::move(*norm);
  norm = load_norm(file, "head_ln", c.width, kHeadNormEps);
  if (!norm) return tl::unexpected(norm.error());
  e->head_norm_ = std::move(*norm);

  for (size_t i = 0; i < c.layers; ++i) {
    const std::string name = fmt::format("layer.{}.", i);
    Layer layer;
    struct {
      const char* name;
      Linear* linear;
      size_t outputs, inputs;
    } const linears[] = {{"qkv", &layer.qkv, 3 * c.width, c.width},
                         {"out", &layer.out, c.width, c.width},
                         {"ffn1", &layer.ffn1, c.ffn, c.width},
                         {"ffn2", &layer.ffn2, c.width, c.ffn}};
    for (const auto& l : linears) {
      auto linear = Linear::load(file, backend, name + l.name, l.outputs, l.inputs);
      if (!linear) return tl::unexpected(linear.error());
      *l.linear = std::move(*linear);
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

const float* Encoder::run(const Batch& batch, EncoderScratch& s) const {
  const Kernels& k = *kernels_;
  const size_t width = config_.width, ffn = config_.ffn;
  size_t m = batch.ids.size();
  float* x = s.x.get(m * width);
  float* qkv = s.qkv.get(m * 3 * width);
  float* context = s.context.get(m * width);
  float* hidden = s.hidden.get(m * ffn);
  float* sub = s.sub.get(m * width);
  const size_t longest = *std::max_element(batch.lengths.begin(), batch.lengths.end());
  const size_t head = width / config_.heads;
  float* scratch = s.attention.get(std::max(attention_scratch(longest, head), AttentionScratch(longest, head).bytes / sizeof(float)));
  const QuantisedRows none = {};

  size_t row = 0;
  for (const uint32_t length : batch.lengths) {
    for (size_t i = 0; i < length; ++i, ++row) {
      const size_t id = batch.ids[row];
      k.embed(words_.f32 == nullptr ? nullptr : words_.f32 + id * width, words_.i8 == nullptr ? nullptr : words_.i8 + id * width,
              words_.i8 == nullptr ? 0.0f : words_.scale[id / words_.rows_per_scale], positions_.data() + i * width,
              shapes_.data() + batch.shapes[row] * width, spaces_.data() + batch.spaces[row] * width, width, x + row * width);
    }
  }
  // Each pass that ends a step also quantises, where the next product wants that.
  const bool first_int8 = layers_.front().qkv.int8();
  k.add_layer_norm(x, nullptr, m, width, input_norm_.view(), first_int8 ? s.quantised.get(m, width) : none);

  for (size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const bool last = i + 1 == layers_.size();
    if (layer.qkv.int8()) {
      layer.qkv.run(s.quantised.rows(), m, qkv, 3 * width, s.gemm);
    } else {
      layer.qkv.run(x, width, m, qkv, 3 * width, s.gemm);
    }
    // In the last layer what follows works on single rows: only those that are asked for.
    const float* bias = relative_.empty() ? nullptr : relative_.data();
    const bool int8 = layer.qkv.int8();
    row = 0;
    size_t kept = 0;
    for (const uint32_t length : batch.lengths) {
      if (int8 && last) {
        uint32_t rows[text::kWindow];
        size_t count = 0;
        for (; kept < batch.keep.size() && batch.keep[kept] < row + length; ++kept)
          rows[count++] = batch.keep[kept] - static_cast<uint32_t>(row);
        k.attention_s8(qkv + row * 3 * width, length, width, config_.heads, bias, position_rows_, rows, count, scratch,
                       context + (kept - count) * width);
      } else if (int8) {
        k.attention_s8(qkv + row * 3 * width, length, width, config_.heads, bias, position_rows_, nullptr, length, scratch,
                       context + row * width);
      } else {
        k.attention(qkv + row * 3 * width, length, width, config_.heads, bias, position_rows_, scratch, context + row * width);
      }
      row += length;
    }
    if (last) {
      size_t to = 0;
      for (const uint32_t from : batch.keep) {
        std::memmove(x + to * width, x + from * width, width * sizeof(float));
        if (!int8) std::memmove(context + to * width, context + from * width, width * sizeof(float));
        ++to;
      }
      m = to;
    }
    layer.out.run(context, width, m, sub, width, s.gemm);
    k.add_layer_norm(x, sub, m, width, layer.ln1.view(), layer.ffn1.int8() ? s.quantised.get(m, width) : none);
    if (layer.ffn1.int8()) {
      layer.ffn1.run(s.quantised.rows(), m, hidden, ffn, s.gemm);
    } else {
      layer.ffn1.run(x, width, m, hidden, ffn, s.gemm);
    }
    if (layer.ffn2.int8()) {
      const QuantisedRows& wide = s.wide.get(m, ffn);
      k.gelu_quantise(hidden, ffn, m, ffn, wide);
      layer.ffn2.run(wide, m, sub, width, s.gemm);
    } else {
      k.gelu(hidden, m * ffn);
      layer.ffn2.run(hidden, ffn, m, sub, width, s.gemm);
    }
    const bool next_int8 = !last && layers_[i + 1].qkv.int8();
    k.add_layer_norm(x, sub, m, width, layer.ln2.view(), next_int8 ? s.quantised.get(m, width) : none);
  }
  k.add_layer_norm(x, nullptr, m, width, head_norm_.view(), none);
  return x;
}

}  // namespace reportedly::nn
