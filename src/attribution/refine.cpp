#include "attribution/refine.h"

#include <algorithm>

namespace reportedly::attribution {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

constexpr uint32_t kGap = 25;  ///< words between two pieces of one content that the tagger tore apart

enum Role : uint8_t { kNone, kSource, kCue, kContent };

class Refiner {
 public:
  Refiner(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, std::vector<Linked> linked)
      : trees_(trees), lexicon_(lexicon), quotes_(quotes), linked_(std::move(linked)), role_(trees.words.size(), kNone) {}

  std::vector<Linked> run() {
    for (const Linked& l : linked_) {
      mark(l.source, kSource);
      mark(l.content, kContent);
      mark(l.cue, kCue);
    }
    for (Linked& l : linked_) {
      std::sort(l.content.begin(), l.content.end());
      ends(l);
      join(l);
    }
    std::vector<Linked> orphans;
    for (Linked& l : linked_) part(l, orphans);
    for (Linked& l : orphans) adopt(l);
    linked_.insert(linked_.end(), std::make_move_iterator(orphans.begin()), std::make_move_iterator(orphans.end()));
    return std::move(linked_);
  }

 private:
  const Word& word(uint32_t w) const { return trees_.words[w]; }
  void mark(const std::vector<Fragment>& fragments, Role role) {
    for (const Fragment& f : fragments)
      for (uint32_t w = f.first; w < f.second; ++w) role_[w] = role;
  }
  bool depends(uint32_t w, uint32_t on) const { return word(w).head == static_cast<int32_t>(on); }
  static bool leans_right(const Word& w) {
    switch (w.rel) {
      case Rel::det: case Rel::amod: case Rel::compound: case Rel::case_: case Rel::nummod: case Rel::aux: case Rel::cop: case Rel::mark: case Rel::cc: return true;
      case Rel::nmod: return w.sub == Sub::poss;
      case Rel::advmod: return true;
      default: return false;
    }
  }

  /// M1 no fragment ends on a word that leans on the next ones ("in the | prisons"), none begins after one that leans on it.
  void ends(Linked& l) {
    for (Fragment& f : l.content) {
      for (int step = 0; step < 6 && f.second < trees_.words.size(); ++step) {
        const Word& last = word(f.second - 1);
        if (!leans_right(last) || last.head < static_cast<int32_t>(f.second)) break;
        const auto to = static_cast<uint32_t>(last.head) + 1;
        if (to > f.second + 6 || word(to - 1).sentence != last.sentence || !is_free(f.second, to)) break;
        for (uint32_t w = f.second; w < to; ++w) role_[w] = kContent;
        f.second = to;
      }
      for (int step = 0; step < 4 && f.first > 0; ++step) {
        const Word& before = word(f.first - 1);
        if (role_[f.first - 1] != kNone || before.rel == Rel::punct || before.rel == Rel::cc || before.rel == Rel::mark || before.rel == Rel::advmod || before.rel == Rel::case_ ||
            !leans_right(before) || before.head < static_cast<int32_t>(f.first) || before.head >= static_cast<int32_t>(f.second) || before.sentence != word(f.first).sentence)
          break;
        role_[--f.first] = kContent;
      }
    }
  }
  bool is_free(uint32_t a, uint32_t b) const {
    for (uint32_t w = a; w < b; ++w)
      if (role_[w] != kNone) return false;
    return true;
  }

  /// M2 two pieces with nothing of any attribution between them: one, where they stand in one sentence or one quotation, close together.
  void join(Linked& l) {
    std::vector<Fragment> out;
    for (const Fragment& f : l.content) {
      if (!out.empty()) {
        Fragment& p = out.back();
        const bool same_sentence = word(p.second - 1).sentence == word(f.first).sentence;
        const int32_t q = quotes_.of_word[p.second - 1];
        const bool same_quotation = q >= 0 && quotes_.of_word[f.first] == q && quotes_.covers(q, f.first);
        const bool torn = p.second + 1 >= f.first || same_sentence || same_quotation;
        if (f.first - p.second <= kGap && torn && is_free(p.second, f.first)) {
          for (uint32_t w = p.second; w < f.first; ++w) role_[w] = kContent;
          p.second = f.second;
          continue;
        }
      }
      out.push_back(f);
    }
    l.content = std::move(out);
  }

  bool quoted(const Fragment& f) const {
    const int32_t q = quotes_.of_word[f.first];
    return q >= 0 && quotes_.all[static_cast<size_t>(q)].first <= f.first + 1 && !is_inside_larger(q);
  }
  bool is_inside_larger(int32_t) const { return false; }

  /// M3 pieces that belong together: around the cue in its sentence, or quotations that go on; the others lost their own cue.
  void part(Linked& l, std::vector<Linked>& orphans) {
    if (l.cue.empty() || l.content.size() < 2) return;
    const uint32_t cue = l.cue.front().first;
    const uint32_t sentence = word(cue).sentence;
    // the main piece: the nearest to the cue
    size_t main = 0;
    uint32_t best = UINT32_MAX;
    for (size_t i = 0; i < l.content.size(); ++i) {
      const Fragment& f = l.content[i];
      const uint32_t d = f.first > cue ? f.first - cue : cue > f.second ? cue - f.second : 0;
      if (d < best) {
        best = d;
        main = i;
      }
    }
    std::vector<char> keep(l.content.size(), 0);
    keep[main] = 1;
    const Fragment m = l.content[main];
    const bool main_before = m.first < cue;
    const bool main_quoted = quoted(m);
    for (size_t i = 0; i < l.content.size(); ++i) {
      if (i == main) continue;
      const Fragment& f = l.content[i];
      const bool other_side = (f.first < cue) != main_before;
      const uint32_t s = word(f.first).sentence;
      const uint32_t apart = s > sentence ? s - sentence : sentence - s;
      if (other_side && apart <= 1) keep[i] = 1;                                         // “A,” he said. “B.”, the bridge, he said, is …
      else if (main_quoted && quoted(f) && apart <= 2 && is_clear(m, f, l)) keep[i] = 1;  // quotation after quotation
    }
    std::vector<Fragment> kept;
    for (size_t i = 0; i < l.content.size(); ++i) {
      if (keep[i]) kept.push_back(l.content[i]);
      else orphans.push_back({{}, {}, {l.content[i]}, l.confidence, {}});
    }
    l.content = std::move(kept);
  }
  /// No cue of another attribution between the two pieces.
  bool is_clear(Fragment a, Fragment b, const Linked& l) const {
    if (b < a) std::swap(a, b);
    for (uint32_t w = a.second; w < b.first; ++w)
      if (role_[w] == kCue && !(w >= l.cue.front().first && w < l.cue.front().second)) return false;
    return true;
  }

  /// M4 an orphan's cue: the word that governs it in the tree, if that may be one.
  void adopt(Linked& l) {
    const Fragment f = l.content.front();
    const uint32_t head = head_of(trees_, f.first, f.second);
    const int32_t up = word(head).head;
    if (up < 0) return;
    auto cue = static_cast<uint32_t>(up);
    if (role_[cue] != kNone) return;
    const CueMatch m = lexicon_.match(trees_, cue);
    if (!m || lexicon_.not_cues.contains(lower(word(cue).lemma))) return;
    for (const Linked& r : rules(trees_, lexicon_, quotes_, cue, cue + 1)) {
      if (r.cue.empty() || !is_free(r.cue.front().first, r.cue.front().second)) continue;
      l.cue = r.cue;
      l.source = r.source;
      l.why = {"cue from the tree"};
      for (const Fragment& c : l.cue)
        for (uint32_t w = c.first; w < c.second; ++w) role_[w] = kCue;
      return;
    }
  }

  const Trees& trees_;
  const CueLexicon::Impl& lexicon_;
  const Quotations& quotes_;
  std::vector<Linked> linked_;
  std::vector<Role> role_;
};

}  // namespace

std::vector<Linked> refine(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, std::vector<Linked> linked) {
  return Refiner(trees, lexicon, quotes, std::move(linked)).run();
}

}  // namespace reportedly::attribution
