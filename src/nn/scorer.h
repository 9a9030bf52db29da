// The model behind one narrow door: units in, vectors and scores out. Later stages know nothing of layers or kernels.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "reportedly/result.h"
#include "text/text.h"

namespace reportedly::nn {

/// Row-major matrix of floats.
struct Matrix {
  size_t rows = 0, columns = 0;
  std::vector<float> values;
  void resize(size_t r, size_t c) {
    rows = r;
    columns = c;
    values.resize(r * c);
  }
  float* row(size_t r) { return values.data() + r * columns; }
  const float* row(size_t r) const { return values.data() + r * columns; }

  /// The rows as heads in int8 take them, made by `encode`; whoever changes a value afterwards must clear `bytes`.
  struct Quantised {
    std::vector<int8_t> bytes;
    std::vector<float> scale;
    std::vector<int32_t> sum;
  } quantised;
};

enum class Precision : uint8_t { int8, fp32 };
enum class TagHead : uint8_t {
  boundary,
  upos,
  xpos,
  feats,
  lemma,
  names,
  polnames,
  source,
  cue,
  content,
  event,
  mode,
  factuality,
  status,
  stance
};
inline constexpr size_t kTagHeads = 15;
/// What the second of two words may be to the first (docs/model.md §5, `role`).
enum class Role : uint8_t { actor, recipient, time, place, home, holds, denies, rival };
inline constexpr size_t kRoles = 8;
enum class LinkHead : uint8_t { content_cue, cue_source };
inline constexpr size_t kLinkFeatures = 15;  ///< docs/model.md §6
inline constexpr size_t kFragment = 128;

struct TagSets {
  std::vector<std::string> upos, xpos, feats, lemma, deprel, names, polnames;
  std::vector<std::string> event, mode, factuality, status, stance;  ///< empty where the model has no such heads
};

struct ModelInfo {
  std::string name, version, hash;  ///< hash: first 16 hex digits of the data's SHA-256
  std::string path;
  uint32_t layers = 0, width = 0, heads = 0;
  size_t bytes = 0;
  std::string kernels;  ///< the instruction set in use: "amx", "avx512_vnni", "avx2", "generic"
};

/// Scratch memory of one thread; grows to the largest batch, not to the document.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;
  struct Impl;
  std::unique_ptr<Impl> impl;
};

/// Immutable after `open`; all methods are const and may be called from several threads, each with its own Workspace.
class Scorer {
 public:
  /// Maps the model file. Errors: bad_model with the file's name and what is wrong with it (missing, not a model, other version, cut short,
  /// checksum).
  static Result<std::unique_ptr<Scorer>> open(const std::filesystem::path& model, Precision precision);
  ~Scorer();

  const TagSets& tags() const;
  const ModelInfo& info() const;

  /// Encoder states of all units of a text: h [units × width]. Windows are cut and packed inside (docs/model.md §2); linear in the text.
  void encode(const text::Text& text, Workspace& workspace, Matrix& h) const;
  /// The same for stretches of units [first, last) read alone, each as if it were a whole text (contents read again).
  /// Rows of `h` follow the stretches, one after the other.
  void encode_alone(const text::Text& text, std::span<const std::pair<uint32_t, uint32_t>> stretches, Workspace& workspace,
                    Matrix& h) const;

  /// Scores (logits) of a tag head for chosen rows of h: out [rows.size() × labels].
  void tag(TagHead head, const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, Matrix& out) const;
  /// The same of several heads, one after the other in `out`; what they share is done once.
  void tag(std::span<const TagHead> heads, const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, Matrix* out) const;
  /// Arc scores in one sentence of n words: out [n × (n+1)], column 0 the root, column j+1 word j.
  void arcs(const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, Matrix& out) const;
  /// Best relation for each word given heads (−1 the root, else position in `rows`): out[i] is an index into tags().deprel.
  /// `root` is taken exactly where head is −1.
  void relations(const Matrix& h, std::span<const uint32_t> rows, std::span<const int32_t> heads, Workspace& workspace,
                 std::vector<uint16_t>& out) const;
  /// Factuality −3…3 of words.
  void factuality(const Matrix& h, std::span<const uint32_t> rows, Workspace& workspace, std::vector<float>& out) const;

  /// Has the model heads for events: TagHead::event, factuality, status, stance, and roles?
  bool has_events() const;
  /// What a mention is to an event: actor, recipient, and where there are more than two its time and its place; then, of two
  /// mentions, whether the first is of the country of the second; of a trigger and a cue, whether its source holds or denies the event; of
  /// two triggers, whether they are rival accounts of one thing (docs/model.md §5).
  size_t role_count() const;  ///< 2, or kRoles
  /// How far it is that, as logits out [pairs × role_count()], for pairs of rows of h: trigger, head of the mention.
  void roles(const Matrix& h, std::span<const std::pair<uint32_t, uint32_t>> pairs, Workspace& workspace, std::vector<float>& out) const;

  /// Fragment vectors (docs/model.md §6) for (first row, last row) pairs: out [pairs × kFragment].
  void fragments(const Matrix& h, std::span<const std::pair<uint32_t, uint32_t>> first_last, Workspace& workspace, Matrix& out) const;
  /// Scores of links from fragment a to fragments [count × kFragment], each with its 15 pair features [count × kLinkFeatures]; and of no
  /// link at all.
  void links(LinkHead head, const float* a, const float* fragments, const float* features, size_t count, Workspace& workspace,
             float* scores) const;
  float no_link(LinkHead head, const float* a) const;

  /// Antecedent scores: for mention heads given as rows of h in text order, and their word positions, fills
  /// out[i * rows.size() + j] for j < i; 0 is the score of "new entity".
  void antecedents(const Matrix& h, std::span<const uint32_t> rows, std::span<const uint32_t> positions, Workspace& workspace,
                   Matrix& out) const;

 private:
  Scorer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reportedly::nn
