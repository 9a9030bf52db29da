#include "nn/scorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "nn/cpu.h"
#include "nn/encoder.h"
#include "nn/gemm.h"
#include "nn/model_file.h"
#include "text/windows.h"
#include "text/wordpiece.h"

namespace reportedly::nn {
namespace {

constexpr size_t kMicroBatch = 256;  // wordpieces that go through the layers together
constexpr size_t kHeadRows = 256;    // rows that go through a head together
constexpr size_t kCorefBuckets = 10;
constexpr size_t kLinkInput = 3 * kFragment + kLinkFeatures;
constexpr uint8_t kInnerShape = 7, kOtherShape = 6, kParagraphSpace = 3;

/// Bucket of a distance in words, docs/model.md §7.
size_t coref_bucket(uint32_t distance) {
  constexpr std::array<uint32_t, kCorefBuckets> kFrom = {0, 2, 3, 4, 5, 8, 16, 32, 64, 128};
  size_t b = kFrom.size() - 1;
  while (distance < kFrom[b]) --b;
  return b;
}

/// Σ a·b, in sixteen sums that the compiler can keep side by side.
float dot(const float* a, const float* b, size_t n) {
  float sums[16] = {};
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (size_t l = 0; l < 16; ++l) sums[l] += a[i + l] * b[i + l];
  }
  for (size_t l = 0; i + l < n; ++l) sums[l] += a[i + l] * b[i + l];
  for (size_t width = 8; width > 0; width /= 2) {
    for (size_t l = 0; l < width; ++l) sums[l] += sums[l + width];
  }
  return sums[0];
}

/// Linear, or MLP and linear, as the file has it.
struct TagLayers {
  bool mlp = false;
  Linear first, out;
  size_t labels = 0;
};

}  // namespace

struct Workspace::Impl {
  EncoderScratch encoder;
  GemmScratch gemm;
  QuantisedBuffer rows;  // of h, for heads in int8
  Batch batch;
  Buffer<float> in, hidden, a, b, packed;
  std::vector<int32_t> pieces;        // wordpieces of the units that are read
  std::vector<uint32_t> piece_start;  // first wordpiece of each unit, in `pieces`
  std::vector<uint32_t> piece_count;
  std::vector<uint32_t> by_head;  // words of a sentence, or pairs by the second
  std::vector<uint32_t> triggers, mentions;
};

Workspace::Workspace() : impl(std::make_unique<Impl>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

struct Scorer::Impl {
  std::unique_ptr<ModelFile> file;
  ModelInfo info;
  Arena arena;
  Backend backend;
  std::unique_ptr<Encoder> encoder;
  std::optional<text::WordPiece> wordpiece;
  std::array<TagLayers, kTagHeads> tags;
  Linear arc_dep, arc_head, arc_u, rel_dep, rel_head, rel_u, link_p, fact, coref_m, coref_a, coref_u, role_trigger, role_mention, role_u;
  std::vector<float> arc_root, rel_root, coref_dist;
  struct Link {
    Linear hidden, out, none;
  };
  std::array<Link, 2> links;
  size_t width = 0, labels = 0;
  size_t arc = 0, rel = 0, coref = 0, role = 0, role_count = 0;  // widths of the heads' vectors, as the file has them

  Result<void> load_heads();
  Result<void> load_relations();

  /// What is read of one stretch and where its vectors go.
  struct Piece {
    text::Window window;
    uint32_t stretch_first = 0;  ///< this unit begins a text
    uint32_t out = 0;            ///< row of the first unit of the core
    uint32_t length = 0;         ///< wordpieces with [CLS] and [SEP]
  };
  void read(const text::Text& text, std::span<const std::pair<uint32_t, uint32_t>> stretches, Workspace::Impl& w, Matrix& h) const;
  void add_window(const text::Text& text, const Piece& piece, Workspace::Impl& w, std::vector<uint32_t>& targets) const;

  /// Rows of h, one after the other.
  const float* gather(const Matrix& h, std::span<const uint32_t> rows, Buffer<float>& buffer) const {
    float* x = buffer.get(rows.size() * width);
    for (size_t i = 0; i < rows.size(); ++i) std::memcpy(x + i * width, h.row(rows[i]), width * sizeof(float));
    return x;
  }
  /// The same for heads in int8, which find their rows quantised already.
  const QuantisedRows& gather_quantised(const Matrix& h, std::span<const uint32_t> rows, Workspace::Impl& w) const {
    const QuantisedRows& q = w.rows.get(rows.size(), width);
    const Matrix::Quantised& from = h.quantised;
    if (from.bytes.size() != h.rows * width) {
      backend.kernels->quantise(gather(h, rows, w.in), width, rows.size(), width, q);
      return q;
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      std::memcpy(q.data + i * q.stride, from.bytes.data() + rows[i] * width, width);
      q.scale[i] = from.scale[rows[i]];
      q.sum[i] = from.sum[rows[i]];
    }
    return q;
  }
  /// Rows of h, gathered once in each form that is asked for.
  class Rows {
   public:
    Rows(const Impl& impl, const Matrix& h, std::span<const uint32_t> rows, Workspace::Impl& w) : s_(impl), h_(h), rows_(rows), w_(w) {}
    /// linear(rows) into out [rows × outputs].
    void run(const Linear& linear, float* out) {
      if (linear.int8()) {
        if (quantised_ == nullptr) quantised_ = &s_.gather_quantised(h_, rows_, w_);
        linear.run(*quantised_, rows_.size(), out, linear.outputs(), w_.gemm);
      } else {
        if (floats_ == nullptr) floats_ = s_.gather(h_, rows_, w_.in);
        linear.run(floats_, s_.width, rows_.size(), out, linear.outputs(), w_.gemm);
      }
    }
    /// GELU(linear(rows)).
    void mlp(const Linear& linear, float* out) {
      run(linear, out);
      s_.backend.kernels->gelu(out, rows_.size() * linear.outputs());
    }

   private:
    const Impl& s_;
    const Matrix& h_;
    std::span<const uint32_t> rows_;
    Workspace::Impl& w_;
    const QuantisedRows* quantised_ = nullptr;
    const float* floats_ = nullptr;
  };
  /// GELU(linear(rows)) into out [m × outputs].
  void mlp(const Linear& linear, const float* x, size_t m, float* out, GemmScratch& scratch) const {
    linear.run(x, linear.inputs(), m, out, linear.outputs(), scratch);
    backend.kernels->gelu(out, m * linear.outputs());
  }
  /// out[i × columns + j] = left_i · right_j + right_j[k], for left [m × k] and right [n × (k+1)].
  void bilinear(const float* left, size_t m, const float* right, size_t n, size_t k, Workspace::Impl& w, float* out, size_t columns) const;
};

Scorer::Scorer() : impl_(std::make_unique<Impl>()) {}
Scorer::~Scorer() = default;
const TagSets& Scorer::tags() const {
  return impl_->file->tags();
}
const ModelInfo& Scorer::info() const {
  return impl_->info;
}

Result<std::unique_ptr<Scorer>> Scorer::open(const std::filesystem::path& model, Precision precision) {
  const auto isa = chosen_isa();
  if (!isa) return tl::unexpected(isa.error());
  auto file = ModelFile::open(model);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<Scorer> scorer(new Scorer);
  Impl& s = *scorer->impl_;
  s.file = std::move(*file);
  s.backend = {*isa, &kernels_for(*isa), precision, &s.arena};
  s.width = s.file->config().width;

  auto vocabulary = s.file->text("vocab");
  if (!vocabulary) return tl::unexpected(vocabulary.error());
  auto wordpiece = text::WordPiece::from_vocab(*vocabulary);
  if (!wordpiece) return tl::unexpected(s.file->error(wordpiece.error().message));
  s.wordpiece = std::move(*wordpiece);

  const FlushToZero flush;
  auto encoder = Encoder::load(*s.file, s.backend);
  if (!encoder) return tl::unexpected(encoder.error());
  s.encoder = std::move(*encoder);
  if (s.encoder->vocabulary() < s.wordpiece->size()) {
    return tl::unexpected(
        s.file->error(fmt::format("has {} wordpieces and vectors for only {}", s.wordpiece->size(), s.encoder->vocabulary())));
  }
  if (auto heads = s.load_heads(); !heads) return tl::unexpected(heads.error());

  const ModelConfig& c = s.file->config();
  s.info = {s.file->name(),
            s.file->version(),
            s.file->sha256().substr(0, 16),
            s.file->path().string(),
            static_cast<uint32_t>(c.layers),
            static_cast<uint32_t>(c.width),
            static_cast<uint32_t>(c.heads),
            s.file->bytes(),
            isa_name(*isa)};
  return scorer;
}

Result<void> Scorer::Impl::load_heads() {
  const ModelFile& f = *file;
  const TagSets& sets = f.tags();
  labels = sets.deprel.size();
  Error problem;
  bool good = true;
  const auto linear = [&](Linear& target, const std::string& name, size_t outputs, size_t inputs) {
    if (!good) return;
    auto loaded = Linear::load(f, backend, name, outputs, inputs);
    good = loaded.has_value();
    if (good) {
      target = std::move(*loaded);
    } else {
      problem = loaded.error();
    }
  };
  const auto matrix = [&](Linear& target, const std::string& name, size_t outputs, size_t inputs) {
    if (!good) return;
    auto loaded = Linear::load_matrix(f, backend, name, outputs, inputs);
    good = loaded.has_value();
    if (good) {
      target = std::move(*loaded);
    } else {
      problem = loaded.error();
    }
  };
  // How wide a hidden layer is stands in its tensor alone.
  const auto rows_of = [&](const std::string& name) -> size_t {
    const Tensor* tensor = f.find(name);
    return tensor == nullptr ? 0 : tensor->rows();
  };
  const auto vector = [&](std::vector<float>& target, const std::string& name, size_t size) {
    if (!good) return;
    const auto w = f.weights(name, 1, size);
    good = w.has_value();
    if (!good) {
      problem = w.error();
      return;
    }
    target.resize(size);
    for (size_t i = 0; i < size; ++i) target[i] = w->at(0, i);
  };

  const struct {
    TagHead head;
    const char* name;
    size_t labels;
  } heads[] = {{TagHead::boundary, "boundary", 3},
               {TagHead::upos, "upos", sets.upos.size()},
               {TagHead::xpos, "xpos", sets.xpos.size()},
               {TagHead::feats, "feats", sets.feats.size()},
               {TagHead::lemma, "lemma", sets.lemma.size()},
               {TagHead::names, "names", sets.names.size()},
               {TagHead::polnames, "polnames", sets.polnames.size()},
               {TagHead::source, "source", 3},
               {TagHead::cue, "cue", 3},
               {TagHead::content, "content", 3},
               {TagHead::event, "event", sets.event.size()},
               {TagHead::mode, "mode", sets.mode.size()},
               {TagHead::factuality, "factuality", sets.factuality.size()},
               {TagHead::status, "status", sets.status.size()},
               {TagHead::stance, "stance", sets.stance.size()}};
  for (const auto& h : heads) {
    if (h.labels == 0) continue;
    TagLayers& t = tags[static_cast<size_t>(h.head)];
    const std::string name = h.name;
    t.labels = h.labels;
    t.mlp = f.find(name + ".mlp.weight") != nullptr;
    if (t.mlp) {
      const size_t hidden = rows_of(name + ".mlp.weight");
      linear(t.first, name + ".mlp", hidden, width);
      linear(t.out, name + ".out", h.labels, hidden);
    } else {
      linear(t.out, name, h.labels, width);
    }
  }
  arc = rows_of("arc_dep.weight");
  rel = rows_of("rel_dep.weight");
  coref = rows_of("coref_m.weight");
  linear(arc_dep, "arc_dep", arc, width);
  linear(arc_head, "arc_head", arc, width);
  vector(arc_root, "arc_root", arc);
  matrix(arc_u, "arc_u", arc + 1, arc);
  linear(rel_dep, "rel_dep", rel, width);
  linear(rel_head, "rel_head", rel, width);
  vector(rel_root, "rel_root", rel);
  if (good) {
    if (auto loaded = load_relations(); !loaded) return loaded;
  }
  linear(link_p, "link_p", kFragment / 2, width);
  for (const auto& [name, link] :
       {std::pair<std::string, Link*>{"link_cc", &links[0]}, std::pair<std::string, Link*>{"link_cs", &links[1]}}) {
    const size_t hidden = rows_of(name + ".weight");
    linear(link->hidden, name, hidden, kLinkInput);
    linear(link->out, name + "_out", 1, hidden);
    linear(link->none, name + "_none", 1, kFragment);
  }
  linear(fact, "fact", 1, width);
  linear(coref_m, "coref_m", coref, width);
  linear(coref_a, "coref_a", coref, width);
  matrix(coref_u, "coref_u", coref + 1, coref);
  vector(coref_dist, "coref_dist", kCorefBuckets);
  if (!sets.event.empty()) {
    role = rows_of("role_trigger.weight");
    linear(role_trigger, "role_trigger", role, width);
    linear(role_mention, "role_mention", role, width);
    role_count = std::max<size_t>(rows_of("role_u") / (role + 1), 2);
    matrix(role_u, "role_u", role_count * (role + 1), role);
  }
  if (!good) return tl::unexpected(problem);
  return {};
}

/// U's rows (label, input of the dependent) in such an order that its product with a head vector is the packed matrix
/// [label × input] (kernels.h), ready to be multiplied with the dependent. In int8 a file's floats are quantised row by row.
Result<void> Scorer::Impl::load_relations() {
  const size_t inner = rel + 1, padded = round_up(labels, kLanes);
  const auto u = file->weights("rel_u", labels * inner, inner);
  if (!u) return tl::unexpected(u.error());
  std::vector<float> values(padded * inner * inner, 0.0f), scales(padded * inner, 0.0f);
  std::vector<int8_t> quantised;
  for (size_t l = 0; l < labels; ++l) {
    for (size_t i = 0; i < inner; ++i) {
      float* row = values.data() + (l / kLanes * inner * kLanes + i * kLanes + l % kLanes) * inner;
      for (size_t j = 0; j < inner; ++j) row[j] = u->at(l * inner + i, j);
    }
  }
  ModelFile::Weights weights;
  weights.rows = padded * inner;
  weights.columns = inner;
  if (backend.precision == Precision::fp32) {
    weights.f32 = values.data();
  } else {
    quantised.resize(round_up(inner, 64) + values.size());
    for (size_t r = 0; r < weights.rows; ++r) {
      int32_t sum = 0;
      const QuantisedRows row = {quantised.data() + r * inner, inner, scales.data() + r, &sum};
      // Fills up to whole 16 or 64 columns; the next row, or the spare end, is written after.
      backend.kernels->quantise(values.data() + r * inner, inner, 1, inner, row);
    }
    weights.i8 = quantised.data();
    weights.scale = scales.data();
  }
  rel_u = Linear::from(backend, weights, nullptr);
  return {};
}

// ---- encoding

void Scorer::encode(const text::Text& text, Workspace& workspace, Matrix& h) const {
  const std::pair<uint32_t, uint32_t> all(0, static_cast<uint32_t>(text.units.size()));
  impl_->read(text, {&all, 1}, *workspace.impl, h);
}

void Scorer::encode_alone(const text::Text& text, std::span<const std::pair<uint32_t, uint32_t>> stretches, Workspace& workspace,
                          Matrix& h) const {
  impl_->read(text, stretches, *workspace.impl, h);
}

void Scorer::Impl::read(const text::Text& text, std::span<const std::pair<uint32_t, uint32_t>> stretches, Workspace::Impl& w,
                        Matrix& h) const {
  const FlushToZero flush;
  size_t rows = 0;
  w.pieces.clear();
  w.piece_start.assign(text.units.size(), 0);
  w.piece_count.assign(text.units.size(), 0);
  const std::u32string_view analysis = text.analysis;
  for (const auto& [first, last] : stretches) {
    rows += last - first;
    for (uint32_t u = first; u < last; ++u) {
      if (w.piece_count[u] != 0) continue;  // stretches may overlap
      const size_t before = w.pieces.size();
      wordpiece->encode(analysis.substr(text.units[u].begin, text.units[u].end - text.units[u].begin), w.pieces);
      w.piece_start[u] = static_cast<uint32_t>(before);
      w.piece_count[u] = static_cast<uint32_t>(w.pieces.size() - before);
    }
  }
  h.resize(rows, width);
  const bool int8 = backend.precision == Precision::int8;
  h.quantised.bytes.resize(int8 ? rows * width : 0);
  h.quantised.scale.resize(int8 ? rows : 0);
  h.quantised.sum.resize(int8 ? rows : 0);

  std::vector<Piece> pieces;
  uint32_t out = 0;
  for (const auto& [first, last] : stretches) {
    for (const text::Window& window : text::cut_windows(text, w.piece_count, first, last)) {
      uint32_t length = 2;
      for (uint32_t u = window.first; u < window.last; ++u) length += w.piece_count[u];
      pieces.push_back({window, first, out + window.core_first - first, std::min(length, text::kWindow)});
    }
    out += last - first;
  }
  // Windows of like length go together; the order changes nothing in the results.
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.length < b.length; });

  std::vector<uint32_t> targets;
  const auto flush_batch = [&] {
    if (w.batch.ids.empty()) return;
    const float* x = encoder->run(w.batch, w.encoder);
    for (size_t i = 0; i < targets.size(); ++i) std::memcpy(h.row(targets[i]), x + i * width, width * sizeof(float));
    if (int8) {
      const QuantisedRows& q = w.rows.get(targets.size(), width);
      backend.kernels->quantise(x, width, targets.size(), width, q);
      for (size_t i = 0; i < targets.size(); ++i) {
        std::memcpy(h.quantised.bytes.data() + targets[i] * width, q.data + i * q.stride, width);
        h.quantised.scale[targets[i]] = q.scale[i];
        h.quantised.sum[targets[i]] = q.sum[i];
      }
    }
    w.batch.clear();
    targets.clear();
  };
  w.batch.clear();
  for (const Piece& piece : pieces) {
    if (w.batch.ids.size() + piece.length > kMicroBatch) flush_batch();
    add_window(text, piece, w, targets);
  }
  flush_batch();
}

void Scorer::Impl::add_window(const text::Text& text, const Piece& piece, Workspace::Impl& w, std::vector<uint32_t>& targets) const {
  Batch& b = w.batch;
  const auto add = [&](int32_t id, uint8_t shape, uint8_t space) {
    b.ids.push_back(static_cast<uint32_t>(id));
    b.shapes.push_back(shape);
    b.spaces.push_back(space);
  };
  const size_t begin = b.ids.size();
  const size_t end = begin + text::kWindow - 1;  // room for [SEP]
  add(wordpiece->cls(), kOtherShape, 0);
  for (uint32_t u = piece.window.first; u < piece.window.last; ++u) {
    if (u >= piece.window.core_first && u < piece.window.core_last) {
      b.keep.push_back(static_cast<uint32_t>(b.ids.size()));
      targets.push_back(piece.out + (u - piece.window.core_first));
    }
    const text::Unit& unit = text.units[u];
    for (uint32_t i = 0; i < w.piece_count[u] && b.ids.size() < end; ++i) {
      // A stretch read alone begins like a text.
      const uint8_t space = u == piece.stretch_first ? kParagraphSpace : unit.space;
      add(w.pieces[w.piece_start[u] + i], i == 0 ? unit.shape : kInnerShape, i == 0 ? space : 0);
    }
  }
  add(wordpiece->sep(), kOtherShape, 0);
  b.lengths.push_back(static_cast<uint32_t>(b.ids.size() - begin));
}

// ---- heads

void Scorer::tag(TagHead head, const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, Matrix& out) const {
  tag({&head, 1}, h, rows, workspace, &out);
}

void Scorer::tag(std::span<const TagHead> heads, const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, Matrix* out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  for (size_t i = 0; i < heads.size(); ++i) out[i].resize(rows.size(), impl_->tags[static_cast<size_t>(heads[i])].labels);
  for (size_t first = 0; first < rows.size(); first += kHeadRows) {
    const size_t m = std::min(kHeadRows, rows.size() - first);
    Impl::Rows x(*impl_, h, rows.subspan(first, m), w);
    for (size_t i = 0; i < heads.size(); ++i) {
      const TagLayers& t = impl_->tags[static_cast<size_t>(heads[i])];
      if (t.mlp) {
        float* hidden = w.hidden.get(m * t.first.outputs());
        x.mlp(t.first, hidden);
        t.out.run(hidden, t.out.inputs(), m, out[i].row(first), t.labels, w.gemm);
      } else {
        x.run(t.out, out[i].row(first));
      }
    }
  }
}

void Scorer::Impl::bilinear(const float* left, size_t m, const float* right, size_t n, size_t k, Workspace::Impl& w, float* out,
                            size_t columns) const {
  float* packed = w.packed.get(round_up(n, kLanes) * k + n);
  float* bias = packed + round_up(n, kLanes) * k;
  pack_f32(right, k + 1, n, k, packed);
  for (size_t j = 0; j < n; ++j) bias[j] = right[j * (k + 1) + k];
  backend.kernels->gemm_f32(left, k, m, {packed, n, k}, bias, out, columns);
}

void Scorer::arcs(const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, Matrix& out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  const size_t n = rows.size(), arc = impl_->arc;
  out.resize(n, n + 1);
  if (n == 0) return;
  Impl::Rows x(*impl_, h, rows, w);
  float* dep = w.hidden.get(n * arc);
  x.mlp(impl_->arc_dep, dep);
  float* head = w.a.get((n + 1) * arc);
  std::copy(impl_->arc_root.begin(), impl_->arc_root.end(), head);
  x.mlp(impl_->arc_head, head + arc);
  // U·head for each head: one number for each input of the dependent, and the one that its 1 meets.
  float* u = w.b.get((n + 1) * (arc + 1));
  impl_->arc_u.run(head, arc, n + 1, u, arc + 1, w.gemm);
  impl_->bilinear(dep, n, u, n + 1, arc, w, out.row(0), n + 1);
}

void Scorer::relations(const Matrix& h, std::span<const uint32_t> rows, std::span<const int32_t> heads, Workspace& workspace,
                       std::vector<uint16_t>& out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  const Impl& s = *impl_;
  const size_t n = rows.size(), rel = s.rel, inner = rel + 1;
  const auto root = static_cast<size_t>(std::find(tags().deprel.begin(), tags().deprel.end(), "root") - tags().deprel.begin());
  out.assign(n, 0);
  if (n == 0) return;
  Impl::Rows x(s, h, rows, w);
  float* dep = w.hidden.get(n * rel);
  x.mlp(s.rel_dep, dep);
  float* head = w.a.get(n * rel);
  x.mlp(s.rel_head, head);
  // U·head is made once for all dependents of a head: words by their heads, the root's first.
  w.by_head.resize(n);
  for (uint32_t i = 0; i < n; ++i) w.by_head[i] = i;
  std::sort(w.by_head.begin(), w.by_head.end(), [&](uint32_t i, uint32_t j) { return std::pair(heads[i], i) < std::pair(heads[j], j); });
  constexpr size_t kRows = 12;
  const size_t products = s.rel_u.outputs();
  float* chosen = w.packed.get((kRows + 1) * inner + s.labels);
  float* dependent = chosen + kRows * inner;
  float* scores = dependent + inner;
  float* u = w.b.get(kRows * products);
  for (size_t first = 0; first < n;) {
    size_t rows_used = 0, end = first;
    for (; end < n; ++end) {
      const int32_t j = heads[w.by_head[end]];
      if (end > first && j == heads[w.by_head[end - 1]]) continue;
      if (rows_used == kRows) break;
      float* row = chosen + rows_used++ * inner;
      std::memcpy(row, j < 0 ? s.rel_root.data() : head + static_cast<size_t>(j) * rel, rel * sizeof(float));
      row[rel] = 1.0f;
    }
    s.rel_u.run(chosen, inner, rows_used, u, products, w.gemm);
    const float* product = u;
    for (size_t at = first; at < end; ++at) {
      const uint32_t i = w.by_head[at];
      if (at > first && heads[i] != heads[w.by_head[at - 1]]) product += products;
      if (heads[i] < 0 && root < s.labels) {
        out[i] = static_cast<uint16_t>(root);
        continue;
      }
      std::memcpy(dependent, dep + i * rel, rel * sizeof(float));
      dependent[rel] = 1.0f;
      s.backend.kernels->gemm_f32(dependent, inner, 1, {product, s.labels, inner}, nullptr, scores, s.labels);
      if (root < s.labels) scores[root] = -std::numeric_limits<float>::infinity();
      out[i] = static_cast<uint16_t>(std::max_element(scores, scores + s.labels) - scores);
    }
    first = end;
  }
}

void Scorer::factuality(const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, std::vector<float>& out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  out.resize(rows.size());
  for (size_t first = 0; first < rows.size(); first += kHeadRows) {
    const size_t m = std::min(kHeadRows, rows.size() - first);
    Impl::Rows(*impl_, h, rows.subspan(first, m), w).run(impl_->fact, out.data() + first);
  }
}

bool Scorer::has_events() const {
  return impl_->role != 0;
}

size_t Scorer::role_count() const {
  return impl_->role_count;
}

void Scorer::roles(const Matrix& h, std::span<const std::pair<uint32_t, uint32_t>> pairs, Workspace& workspace,
                   std::vector<float>& out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  const Impl& s = *impl_;
  const size_t role = s.role, inner = role + 1, count = s.role_count;
  out.resize(count * pairs.size());
  // A word stands in many pairs: its vectors are made once, and U·mention once for each mention.
  const auto vectors = [&](const Linear& linear, auto row_of, std::vector<uint32_t>& rows, Buffer<float>& buffer) {
    rows.clear();
    for (const auto& pair : pairs) rows.push_back(row_of(pair));
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    float* vector = buffer.get(rows.size() * role);
    for (size_t first = 0; first < rows.size(); first += kHeadRows) {
      const size_t m = std::min(kHeadRows, rows.size() - first);
      Impl::Rows(s, h, std::span<const uint32_t>(rows).subspan(first, m), w).mlp(linear, vector + first * role);
    }
    return vector;
  };
  const float* triggers = vectors(
      s.role_trigger, [](const auto& pair) { return pair.first; }, w.triggers, w.hidden);
  const float* mentions = vectors(
      s.role_mention, [](const auto& pair) { return pair.second; }, w.mentions, w.a);
  w.by_head.resize(pairs.size());
  for (uint32_t i = 0; i < pairs.size(); ++i) w.by_head[i] = i;
  std::sort(w.by_head.begin(), w.by_head.end(), [&](uint32_t i, uint32_t j) {
    return std::pair(pairs[i].second, pairs[i].first) < std::pair(pairs[j].second, pairs[j].first);
  });
  auto next = w.by_head.begin();
  constexpr size_t kMentions = 48;
  for (size_t first = 0; first < w.mentions.size(); first += kMentions) {
    const size_t m = std::min(kMentions, w.mentions.size() - first);
    // For every role one number for each input of the trigger, and the one that its 1 meets.
    float* u = w.b.get(kMentions * count * inner);
    s.role_u.run(mentions + first * role, role, m, u, count * inner, w.gemm);
    for (size_t i = 0; i < m; ++i) {
      for (; next != w.by_head.end() && pairs[*next].second == w.mentions[first + i]; ++next) {
        const auto trigger = std::lower_bound(w.triggers.begin(), w.triggers.end(), pairs[*next].first) - w.triggers.begin();
        for (size_t k = 0; k < count; ++k) {
          const float* product = u + (count * i + k) * inner;
          out[count * *next + k] = product[role] + dot(triggers + static_cast<size_t>(trigger) * role, product, role);
        }
      }
    }
  }
}

void Scorer::fragments(const Matrix& h, std::span<const std::pair<uint32_t, uint32_t>> first_last, Workspace& workspace,
                       Matrix& out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  out.resize(first_last.size(), kFragment);
  for (size_t begin = 0; begin < first_last.size(); begin += kHeadRows / 2) {
    const size_t m = std::min(kHeadRows / 2, first_last.size() - begin);
    std::array<uint32_t, kHeadRows> rows;
    for (size_t i = 0; i < m; ++i) {
      rows[2 * i] = first_last[begin + i].first;
      rows[2 * i + 1] = first_last[begin + i].second;
    }
    Impl::Rows(*impl_, h, {rows.data(), 2 * m}, w).run(impl_->link_p, out.row(begin));
  }
}

void Scorer::links(LinkHead head, const float* a, const float* fragments, const float* features, size_t count, Workspace& workspace,
                   float* scores) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  const Impl::Link& l = impl_->links[static_cast<size_t>(head)];
  const size_t width = l.hidden.outputs();
  for (size_t first = 0; first < count; first += kHeadRows) {
    const size_t m = std::min(kHeadRows, count - first);
    float* x = w.in.get(m * kLinkInput);
    for (size_t r = 0; r < m; ++r) {
      float* row = x + r * kLinkInput;
      const float* b = fragments + (first + r) * kFragment;
      std::memcpy(row, a, kFragment * sizeof(float));
      std::memcpy(row + kFragment, b, kFragment * sizeof(float));
      for (size_t i = 0; i < kFragment; ++i) row[2 * kFragment + i] = a[i] * b[i];
      std::memcpy(row + 3 * kFragment, features + (first + r) * kLinkFeatures, kLinkFeatures * sizeof(float));
    }
    float* hidden = w.hidden.get(m * width);
    impl_->mlp(l.hidden, x, m, hidden, w.gemm);
    l.out.run(hidden, width, m, scores + first, 1, w.gemm);
  }
}

float Scorer::no_link(LinkHead head, const float* a) const {
  const FlushToZero flush;
  float x[kFragment], score;
  std::memcpy(x, a, sizeof x);
  impl_->backend.kernels->gelu(x, kFragment);
  thread_local GemmScratch scratch;
  impl_->links[static_cast<size_t>(head)].none.run(x, kFragment, 1, &score, 1, scratch);
  return score;
}

void Scorer::antecedents(const Matrix& h, std::span<const uint32_t> rows, std::span<const uint32_t> positions, Workspace& workspace,
                         Matrix& out) const {
  const FlushToZero flush;
  Workspace::Impl& w = *workspace.impl;
  const size_t n = rows.size(), coref = impl_->coref;
  out.resize(n, n);
  if (n == 0) return;
  Impl::Rows x(*impl_, h, rows, w);
  float* mention = w.hidden.get(n * coref);
  x.mlp(impl_->coref_m, mention);
  float* antecedent = w.a.get(n * coref);
  x.mlp(impl_->coref_a, antecedent);
  float* u = w.b.get(n * (coref + 1));
  impl_->coref_u.run(antecedent, coref, n, u, coref + 1, w.gemm);
  impl_->bilinear(mention, n, u, n, coref, w, out.row(0), n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) {
      const uint32_t distance = positions[i] >= positions[j] ? positions[i] - positions[j] : 0;
      out.row(i)[j] += impl_->coref_dist[coref_bucket(distance)];
    }
  }
}

}  // namespace reportedly::nn
