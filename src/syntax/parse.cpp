#include "syntax/parse.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <numeric>

#include "syntax/morphology.h"
#include "syntax/repair.h"
#include "syntax/words.h"
#include "text/chars.h"

namespace reportedly::syntax {
namespace {

constexpr size_t kChunk = 256;  // rows scored at once: label sets are large, documents may be too

/// Calls `use(first row of the chunk, logits)` for all rows, a chunk at a time.
template <class Use>
void for_chunks(const nn::Scorer& scorer, nn::TagHead head, const nn::Matrix& h, std::span<const uint32_t> rows, nn::Workspace& workspace,
                Use use) {
  nn::Matrix logits;
  for (size_t first = 0; first < rows.size(); first += kChunk) {
    const auto chunk = rows.subspan(first, std::min(kChunk, rows.size() - first));
    scorer.tag(head, h, chunk, workspace, logits);
    use(first, chunk.size(), logits);
  }
}

/// Where the highest score stands. Four highest side by side, then a search: sets have hundreds of labels.
uint32_t highest(const float* row, size_t labels) {
  float most[4] = {row[0], row[0], row[0], row[0]};
  size_t l = 0;
  for (; l + 4 <= labels; l += 4)
    for (size_t k = 0; k < 4; ++k) most[k] = row[l + k] > most[k] ? row[l + k] : most[k];
  for (; l < labels; ++l) most[0] = row[l] > most[0] ? row[l] : most[0];
  const float* found = std::find(row, row + labels, std::max(std::max(most[0], most[1]), std::max(most[2], most[3])));
  return found == row + labels ? 0 : static_cast<uint32_t>(found - row);
}

/// The best label of each row for each head.
template <size_t N>
std::array<std::vector<uint32_t>, N> best_labels(const nn::Scorer& scorer, const std::array<nn::TagHead, N>& heads, const nn::Matrix& h,
                                                 std::span<const uint32_t> rows, nn::Workspace& workspace) {
  std::array<std::vector<uint32_t>, N> best;
  for (auto& list : best) list.reserve(rows.size());
  std::array<nn::Matrix, N> logits;
  for (size_t first = 0; first < rows.size(); first += kChunk) {
    const size_t count = std::min(kChunk, rows.size() - first);
    scorer.tag(heads, h, rows.subspan(first, count), workspace, logits.data());
    for (size_t k = 0; k < N; ++k)
      for (size_t i = 0; i < count; ++i) best[k].push_back(highest(logits[k].row(i), logits[k].columns));
  }
  return best;
}

/// The strings of a tag set that a document uses, kept with the document.
class Strings {
 public:
  explicit Strings(std::deque<std::string>& pool) : pool_(pool) {}
  std::string_view get(const std::vector<std::string>& set, uint32_t id) {
    if (views_.size() < set.size()) views_.resize(set.size());
    if (id >= set.size()) return {};
    if (views_[id].data() == nullptr) views_[id] = pool_.emplace_back(set[id]);
    return views_[id];
  }

 private:
  std::deque<std::string>& pool_;  // a deque: strings stay where they are
  std::vector<std::string_view> views_;
};

struct Decoded {
  std::vector<uint8_t> labels;
  std::vector<float> p;  ///< mean probability of the chosen labels over the word's fragment
};

Decoded decode(const nn::Scorer& scorer, nn::TagHead head, const nn::Matrix& h, std::span<const uint32_t> rows, nn::Workspace& workspace) {
  std::vector<float> log_p;
  size_t labels = 0;
  for_chunks(scorer, head, h, rows, workspace, [&](size_t first, size_t count, const nn::Matrix& logits) {
    labels = logits.columns;
    log_p.resize(rows.size() * labels);
    for (size_t i = 0; i < count; ++i) {
      const float* row = logits.row(i);
      const float most = *std::max_element(row, row + labels);
      float sum = 0;
      for (size_t l = 0; l < labels; ++l) sum += std::exp(row[l] - most);
      const float norm = most + std::log(sum);
      for (size_t l = 0; l < labels; ++l) log_p[(first + i) * labels + l] = row[l] - norm;
    }
  });
  Decoded out{decode_bio(log_p.data(), rows.size(), labels), std::vector<float>(rows.size())};
  for (size_t i = 0; i < rows.size();) {
    size_t end = i + 1;
    if (out.labels[i] != 0)
      while (end < rows.size() && out.labels[end] != 0 && out.labels[end] % 2 == 0) ++end;
    float sum = 0;
    for (size_t k = i; k < end; ++k) sum += std::exp(log_p[k * labels + out.labels[k]]);
    for (size_t k = i; k < end; ++k) out.p[k] = sum / static_cast<float>(end - i);
    i = end;
  }
  return out;
}

std::vector<uint32_t> word_rows(const Trees& trees) {
  std::vector<uint32_t> rows(trees.words.size());
  std::transform(trees.words.begin(), trees.words.end(), rows.begin(), [](const Word& w) { return w.unit; });
  return rows;
}

}  // namespace

Trees parse(const text::Text& text, const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace) {
  Trees trees;
  const auto pool = std::make_shared<std::deque<std::string>>();
  trees.pool = pool;
  if (text.units.empty()) {
    trees.index();
    return trees;
  }
  const nn::TagSets& sets = scorer.tags();

  // Words and sentences.
  std::vector<uint32_t> rows(text.units.size());
  std::iota(rows.begin(), rows.end(), 0U);
  std::vector<float> boundary(rows.size() * 3);
  for_chunks(scorer, nn::TagHead::boundary, h, rows, workspace, [&](size_t first, size_t count, const nn::Matrix& logits) {
    for (size_t i = 0; i < count; ++i) std::copy_n(logits.row(i), 3, boundary.begin() + static_cast<std::ptrdiff_t>(3 * (first + i)));
  });
  const std::vector<WordCut> cuts = cut_words(text, boundary.data());
  trees.words.reserve(cuts.size());
  const std::u32string_view analysis = text.analysis;
  for (const WordCut& cut : cuts) {
    const text::Unit &first = text.units[cut.first], &last = text.units[cut.last - 1];
    const auto w = static_cast<uint32_t>(trees.words.size());
    if (cut.sentence) {
      Sentence s;
      s.first_word = w;
      s.paragraph = first.paragraph;
      s.part = text.paragraphs[first.paragraph].part;
      trees.sentences.push_back(s);
    }
    Word& word = trees.words.emplace_back();
    word.span = {first.span.start, last.span.end};
    word.form = text::to_utf8(analysis.substr(first.begin, last.end - first.begin));
    word.unit = cut.first;
    word.sentence = static_cast<uint32_t>(trees.sentences.size() - 1);
    word.space_after = cut.last == text.units.size() || text.units[cut.last].space > 0;
    trees.sentences.back().last_word = w + 1;
  }
  for (Sentence& s : trees.sentences) s.span = trees.span_of(s.first_word, s.last_word);

  // Tags and lemmas.
  rows = word_rows(trees);
  constexpr std::array kWordHeads{nn::TagHead::upos, nn::TagHead::xpos, nn::TagHead::feats, nn::TagHead::lemma};
  const auto [upos, xpos, feats, lemma] = best_labels(scorer, kWordHeads, h, rows, workspace);
  Strings xpos_strings(*pool), feats_strings(*pool), deprel_strings(*pool);
  std::vector<Upos> upos_of(sets.upos.size());
  std::transform(sets.upos.begin(), sets.upos.end(), upos_of.begin(), [](const std::string& s) { return upos_from(s); });
  for (size_t w = 0; w < trees.words.size(); ++w) {
    Word& word = trees.words[w];
    word.upos = upos_of[upos[w]];
    word.xpos = xpos_strings.get(sets.xpos, xpos[w]);
    word.feats = feats_strings.get(sets.feats, feats[w]);
    word.morph = morph_from(word.feats);
    const text::Unit &first = text.units[cuts[w].first], &last = text.units[cuts[w].last - 1];
    word.lemma =
        lemma_of(word.form, word.xpos, apply_lemma_script(sets.lemma[lemma[w]], analysis.substr(first.begin, last.end - first.begin)));
  }
  mark_tokens(trees);

  // Trees.
  nn::Matrix arcs;
  std::vector<uint16_t> relations;
  const auto root = static_cast<uint16_t>(std::find(sets.deprel.begin(), sets.deprel.end(), "root") - sets.deprel.begin());
  for (const Sentence& s : trees.sentences) {
    const std::span<const uint32_t> words(rows.data() + s.first_word, s.last_word - s.first_word);
    std::vector<int32_t> heads{-1};
    if (words.size() == 1) {
      relations.assign(1, root);  // nothing to choose: lists and tables are full of such sentences
    } else {
      scorer.arcs(h, words, workspace, arcs);
      heads = best_tree(arcs.values.data(), words.size());
      scorer.relations(h, words, heads, workspace, relations);
    }
    for (size_t i = 0; i < words.size(); ++i) {
      Word& word = trees.words[s.first_word + i];
      word.head = heads[i] < 0 ? -1 : static_cast<int32_t>(s.first_word) + heads[i];
      word.deprel = deprel_strings.get(sets.deprel, relations[i]);
      word.rel = rel_from(word.deprel);
      word.sub = sub_from(word.deprel);
    }
  }
  repair(trees);
  trees.index();
  return trees;
}

namespace {

/// Likeliest label of each word from `first` on, and its probability.
void likeliest(const nn::Scorer& scorer, nn::TagHead head, const nn::Matrix& h, std::span<const uint32_t> rows, nn::Workspace& workspace,
               std::vector<uint8_t>& labels, std::vector<float>& p, size_t first_label, std::vector<float>* rest = nullptr) {
  labels.resize(rows.size());
  p.resize(rows.size());
  if (rest) rest->resize(rows.size());
  for_chunks(scorer, head, h, rows, workspace, [&](size_t first, size_t count, const nn::Matrix& logits) {
    for (size_t i = 0; i < count; ++i) {
      const float* row = logits.row(i);
      const float most = *std::max_element(row, row + logits.columns);
      float sum = 0, skipped = 0;
      for (size_t l = 0; l < logits.columns; ++l) {
        const float e = std::exp(row[l] - most);
        sum += e;
        if (l < first_label) skipped += e;
      }
      const float* best = std::max_element(row + first_label, row + logits.columns);
      labels[first + i] = static_cast<uint8_t>(best - row);
      p[first + i] = std::exp(*best - most) / sum;
      if (rest) (*rest)[first + i] = 1 - skipped / sum;
    }
  });
}

void softmax(std::span<const float> logits, float* out) {
  const float most = *std::max_element(logits.begin(), logits.end());
  float sum = 0;
  for (size_t i = 0; i < logits.size(); ++i) sum += out[i] = std::exp(logits[i] - most);
  for (size_t i = 0; i < logits.size(); ++i) out[i] /= sum;
}

void tag_events(const nn::Scorer& scorer, const nn::Matrix& h, std::span<const uint32_t> rows, nn::Workspace& workspace, Tags& tags) {
  std::vector<float> unused;
  likeliest(scorer, nn::TagHead::event, h, rows, workspace, tags.event, tags.event_p, 1, &tags.act_p);
  if (!scorer.tags().mode.empty()) likeliest(scorer, nn::TagHead::mode, h, rows, workspace, tags.event_mode, tags.event_mode_p, 0);
  likeliest(scorer, nn::TagHead::factuality, h, rows, workspace, tags.event_factuality, unused, 0);
  const size_t labels = scorer.tags().status.size();
  tags.event_status_p.resize(rows.size() * labels);
  for_chunks(scorer, nn::TagHead::status, h, rows, workspace, [&](size_t first, size_t count, const nn::Matrix& logits) {
    for (size_t i = 0; i < count; ++i) softmax({logits.row(i), labels}, tags.event_status_p.data() + (first + i) * labels);
  });
}

}  // namespace

Tags tag(const Trees& trees, const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace) {
  Tags tags;
  const std::vector<uint32_t> rows = word_rows(trees);
  if (rows.empty()) return tags;
  auto into = [&](nn::TagHead head, std::vector<uint8_t>& labels, std::vector<float>* p) {
    Decoded decoded = decode(scorer, head, h, rows, workspace);
    labels = std::move(decoded.labels);
    if (p) *p = std::move(decoded.p);
  };
  into(nn::TagHead::names, tags.names, &tags.names_p);
  into(nn::TagHead::polnames, tags.polnames, nullptr);
  scorer.factuality(h, rows, workspace, tags.factuality);
  if (scorer.has_events()) tag_events(scorer, h, rows, workspace, tags);
  return tags;
}

}  // namespace reportedly::syntax
