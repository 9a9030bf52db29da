#include "attribution/refine.h"

#include <algorithm>

#include "base/one_of.h"

namespace reportedly::attribution {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

constexpr uint32_t kGap = 4;  ///< words between two pieces of one content that the tagger tore apart

constexpr uint32_t kLabel = 8;  ///< words of a name before a colon

enum Role : uint8_t { kNone, kSource, kCue, kContent };

class Refiner {
 public:
  Refiner(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, std::vector<Linked> linked, bool inner)
      : trees_(trees), lexicon_(lexicon), quotes_(quotes), linked_(std::move(linked)), inner_(inner), role_(trees.words.size(), kNone) {}

  std::vector<Linked> run() {
    // Who wrote the text is no source in it, whatever the tagger makes of "five reported dead" above a byline.
    for (Linked& l : linked_)
      for (auto* role : {&l.source, &l.cue}) std::erase_if(*role, [&](const Fragment& f) { return outside(f); });
    std::erase_if(linked_, [&](const Linked& l) {
      return !l.content.empty() && std::all_of(l.content.begin(), l.content.end(), [&](const Fragment& f) { return outside(f); });
    });
    for (Linked& l : linked_) std::erase_if(l.content, [&](const Fragment& f) { return far_away(l, f); });
    std::erase_if(linked_, [](const Linked& l) { return !l.cue.empty() && l.content.empty(); });
    for (const Linked& l : linked_) {
      mark(l.source, kSource);
      mark(l.content, kContent);
      mark(l.cue, kCue);
    }
    for (Linked& l : linked_) {
      std::sort(l.content.begin(), l.content.end());
      tails(l);
      ends(l.content, kContent);
      ends(l.source, kSource);
      join(l);
    }
    for (Linked& l : linked_) part(l);
    for (Linked& l : linked_) {
      label(l);
      if (inner_) without_clause(l);
      find_source(l);
    }
    std::erase_if(linked_, [](const Linked& l) { return l.cue.empty() && l.source.empty(); });
    if (!inner_) as_clauses();
    // what was cut off as said in its turn
    for (const Fragment& tail : tails_)
      for (Linked& l : rules(trees_, lexicon_, quotes_, tail.first, tail.second)) {
        const bool fresh = is_free(l.cue.front().first, l.cue.front().second) &&
                           std::all_of(l.content.begin(), l.content.end(), [&](const Fragment& f) { return is_free(f.first, f.second); });
        if (!fresh || l.source.empty()) continue;
        mark(l.content, kContent);
        mark(l.cue, kCue);
        linked_.push_back(std::move(l));
      }
    return std::move(linked_);
  }

 private:
  const Word& word(uint32_t w) const { return trees_.words[w]; }
  void mark(const std::vector<Fragment>& fragments, Role role) {
    for (const Fragment& f : fragments)
      for (uint32_t w = f.first; w < f.second; ++w) role_[w] = role;
  }
  bool outside(const Fragment& f) const {
    if (inner_ || f.first >= trees_.words.size()) return false;
    const Part part = trees_.sentences[word(f.first).sentence].part;
    return part == Part::byline || part == Part::dateline || part == Part::footer;
  }
  bool depends(uint32_t w, uint32_t on) const { return word(w).head == static_cast<int32_t>(on); }
  static bool leans_right(const Word& w) {
    switch (w.rel) {
      case Rel::det:
      case Rel::amod:
      case Rel::compound:
      case Rel::case_:
      case Rel::nummod:
      case Rel::aux:
      case Rel::cop:
      case Rel::mark:
      case Rel::cc:
        return true;
      case Rel::nmod:
        return w.sub == Sub::poss;
      case Rel::advmod:
        return true;
      default:
        return false;
    }
  }

  /// M1 no fragment ends on a word that leans on the next ones ("in the | prisons"), none begins after one that leans on it.
  void ends(std::vector<Fragment>& fragments, Role role) {
    for (Fragment& f : fragments) {
      for (int step = 0; step < 6 && f.second < trees_.words.size(); ++step) {
        const Word& last = word(f.second - 1);
        if (!leans_right(last) || last.head < static_cast<int32_t>(f.second)) break;
        const auto to = static_cast<uint32_t>(last.head) + 1;
        if (to > f.second + 6 || word(to - 1).sentence != last.sentence) break;
        // "The | Emirates, accused by experts of arming them, denied it": a source may stand in what another says
        const bool article = role == kSource && last.rel == Rel::det && f.second - f.first == 1;
        if (!is_free(f.second, to) && !(article && no_cue(f.second, to))) break;
        for (uint32_t w = f.second; w < to; ++w) role_[w] = role;
        f.second = to;
      }
      // a quotation that the fragment opens is closed in it
      if (f.second < trees_.words.size() && role_[f.second] == kNone && quotes_.of_word[f.second] >= 0) {
        const Quotation& q = quotes_.all[static_cast<size_t>(quotes_.of_word[f.second])];
        if (q.last == f.second + 1 && q.first >= f.first) role_[f.second++] = role;
      }
      for (int step = 0; step < 4 && f.first > 0; ++step) {
        const Word& before = word(f.first - 1);
        if (role_[f.first - 1] != kNone || before.rel == Rel::punct || before.rel == Rel::cc || before.rel == Rel::mark ||
            before.rel == Rel::advmod || before.rel == Rel::case_ || !leans_right(before) || before.head < static_cast<int32_t>(f.first) ||
            before.head >= static_cast<int32_t>(f.second) || before.sentence != word(f.first).sentence)
          break;
        role_[--f.first] = role;
      }
    }
  }
  bool no_cue(uint32_t a, uint32_t b) const { return std::find(role_.begin() + a, role_.begin() + b, kCue) == role_.begin() + b; }
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

  /// M6 a content ends before "and called for …", which the source says in its turn, and before ", which".
  void tails(Linked& l) {
    const uint32_t cue = l.cue.empty() ? 0 : head_of(trees_, l.cue.front().first, l.cue.front().second);
    for (Fragment& f : l.content) {
      if (!l.cue.empty() && f.first > cue)
        for (const uint32_t c : trees_.children(cue)) {
          if (word(c).rel != Rel::conj || word(c).upos != Upos::VERB || c <= f.first || c >= f.second ||
              quotes_.of_word[c] != quotes_.of_word[cue])
            continue;
          uint32_t at = c;
          for (const uint32_t d : trees_.children(c))
            if (word(d).rel == Rel::cc || word(d).rel == Rel::aux || word(d).rel == Rel::advmod || word(d).rel == Rel::nsubj ||
                word(d).rel == Rel::punct)
              at = std::min(at, d);
          if (at > f.first + 1) {
            for (uint32_t w = at; w < f.second; ++w) role_[w] = kNone;
            tails_.push_back({at, f.second});
            f.second = at;
          }
        }
      while (f.second > f.first + 1) {
        const Word& last = word(f.second - 1);
        const bool dangling = (last.morph.wh && last.upos == Upos::PRON && last.head >= static_cast<int32_t>(f.second)) ||
                              last.form == "," || last.form == "(" || (last.rel == Rel::cc && last.head >= static_cast<int32_t>(f.second));
        if (!dangling) break;
        role_[--f.second] = kNone;
      }
    }
  }

  /// M13 what is no quotation lies within two sentences of its cue: a piece further off is of another attribution, whose cue was not found.
  bool far_away(const Linked& l, const Fragment& f) const {
    constexpr uint32_t kSentences = 2;
    if (l.cue.empty() || quotes_.of_word[f.first] >= 0 || quotes_.of_word[f.second - 1] >= 0) return false;
    const uint32_t at = word(l.cue.front().first).sentence, first = word(f.first).sentence, last = word(f.second - 1).sentence;
    return last + kSentences < at || at + kSentences < first;
  }

  /// R12 at the outermost level: "…, as a newspaper claimed last month", where the tagger saw nothing. What is said there lies in what
  /// another says.
  /// Only of words for saying: "as they prepare for the vote" is a time.
  void as_clauses() {
    const auto says = [&](uint32_t w) {
      return one_of(word(w).lemma, {"say", "claim", "report", "allege", "argue", "assert", "note", "state", "insist", "maintain", "suggest",
                                    "explain", "announce", "write", "testify", "contend", "charge"});
    };
    for (uint32_t w = 0; w < trees_.words.size(); ++w) {
      if (word(w).upos != Upos::VERB || word(w).rel != Rel::advcl || role_[w] != kNone || quotes_.of_word[w] >= 0) continue;
      const auto children = trees_.children(w);
      if (std::none_of(children.begin(), children.end(), [&](uint32_t c) { return word(c).rel == Rel::mark && word(c).lemma == "as"; }) ||
          !says(w) || !lexicon_.match(trees_, w))
        continue;
      const Sentence& sentence = trees_.sentences[word(w).sentence];
      if (sentence.part != Part::body && sentence.part != Part::title) continue;
      for (Linked& l : rules(trees_, lexicon_, quotes_, sentence.first_word, sentence.last_word)) {
        if (l.cue.front().first > w || l.cue.front().second <= w || l.source.empty() || !is_free(l.cue.front().first, l.cue.front().second))
          continue;
        mark(l.cue, kCue);
        linked_.push_back(std::move(l));
        break;
      }
    }
  }

  bool quoted(const Fragment& f) const {
    const int32_t q = quotes_.of_word[f.first];
    return q >= 0 && quotes_.all[static_cast<size_t>(q)].first <= f.first + 1;
  }
  /// One clause in two pieces: the head of one hangs on the other, or both on the cue as who and what of it.
  bool one_clause(const Fragment& a, const Fragment& b, const Fragment& cue) const {
    const uint32_t x = head_of(trees_, a.first, a.second), y = head_of(trees_, b.first, b.second);
    auto in = [](int32_t w, const Fragment& f) { return w >= static_cast<int32_t>(f.first) && w < static_cast<int32_t>(f.second); };
    if (in(word(x).head, b) || in(word(y).head, a)) return true;
    auto subject = [&](uint32_t w) { return in(word(w).head, cue) && word(w).rel == Rel::nsubj; };
    auto complement = [&](uint32_t w) {
      return in(word(w).head, cue) && (word(w).rel == Rel::xcomp || word(w).rel == Rel::ccomp || word(w).rel == Rel::obl ||
                                       word(w).rel == Rel::advcl || word(w).rel == Rel::obj);
    };
    return (subject(x) && complement(y)) || (subject(y) && complement(x)) ||
           (in(word(x).head, cue) && in(word(y).head, cue) && (x < cue.first) == (y < cue.first));
  }

  /// M3 pieces that belong together: around the cue in its sentence, or quotations that go on; the others belong to a cue that was not
  /// found and are left out.
  void part(Linked& l) {
    if (l.cue.empty() || l.content.size() < 2) return;
    const uint32_t cue = l.cue.front().first;
    const uint32_t sentence = word(cue).sentence;
    // the main piece: what the cue governs, else the nearest to it
    size_t main = 0;
    uint32_t best = UINT32_MAX;
    for (size_t i = 0; i < l.content.size(); ++i) {
      const Fragment& f = l.content[i];
      const int32_t up = word(head_of(trees_, f.first, f.second)).head;
      const bool governed = up >= static_cast<int32_t>(cue) && up < static_cast<int32_t>(l.cue.front().second);
      const uint32_t d = governed ? 0 : 1 + (f.first > cue ? f.first - cue : cue > f.second ? cue - f.second : 0);
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
      if (apart == 0 && one_clause(m, f, l.cue.front()))
        keep[i] = 1;
      else if (other_side && apart <= 1 && main_quoted && quoted(f))
        keep[i] = 1;  // “A,” he said. “B.”, the bridge, he said, is …
      else if (main_quoted && quoted(f) && apart <= 2 && is_clear(m, f, l))
        keep[i] = 1;  // quotation after quotation
    }
    std::vector<Fragment> kept;
    for (size_t i = 0; i < l.content.size(); ++i) {
      if (keep[i]) kept.push_back(l.content[i]);
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

  /// M5 a content without a cue behind "MAYOR:" at the start of a paragraph: the name is the source, the colon the cue.
  void label(Linked& l) {
    if (!l.cue.empty() || l.content.empty()) return;
    uint32_t colon = l.content.front().first;
    if (colon == 0 || word(--colon).form != ":" || role_[colon] != kNone) return;
    const uint32_t paragraph = trees_.sentences[word(colon).sentence].paragraph;
    uint32_t a = colon;
    bool name = false;
    while (a > 0 && trees_.sentences[word(a - 1).sentence].paragraph == paragraph && word(a - 1).upos != Upos::PUNCT &&
           colon - a < kLabel) {
      --a;
      if (word(a).upos == Upos::VERB || word(a).upos == Upos::AUX) return;
      name |= word(a).upos == Upos::PROPN;
    }
    if (a == colon || !name) return;
    l.cue = {{colon, colon + 1}};
    if (l.source.empty()) l.source = {{a, colon}};
    l.why.push_back("name before a colon");
  }

  /// M4 a verb without a source takes its subject, where that is no part of the content.
  void find_source(Linked& l) {
    if (l.cue.empty()) return;
    if (!l.source.empty() && inner_) told_to(l);
    if (!l.source.empty()) {
      if (inner_) own_subject(l);
      return;
    }
    const uint32_t cue = head_of(trees_, l.cue.front().first, l.cue.front().second);
    // inside a content also a subject that it shares: "and wondered whether", "fearing that"
    if (word(cue).upos != Upos::VERB || (!inner_ && trees_.child_with(cue, Rel::nsubj) < 0)) return;
    const auto s = source_by_rule(trees_, lexicon_, quotes_, cue);
    if (s.empty()) return;
    for (uint32_t w = s[0].first; w < s[0].second; ++w)
      if ((role_[w] == kCue && inside(l.cue, w)) || (!inner_ && role_[w] == kCue) || inside(l.content, w)) return;
    l.source = s;
    l.why.push_back("source from the tree");
  }
  /// M10 inside a content who was told something is no source of it, but who told it: "he was told by a clerk that …".
  void told_to(Linked& l) {
    const uint32_t cue = head_of(trees_, l.cue.front().first, l.cue.front().second);
    const int32_t subject = trees_.child_with(cue, Rel::nsubj);
    if (word(cue).upos != Upos::VERB || subject < 0 || !passive(cue) || !inside(l.source, static_cast<uint32_t>(subject))) return;
    l.source.clear();
    l.why.push_back("told to the subject");
  }
  /// M7 inside a content a verb with a subject of its own has that one as its source, whatever source stood nearest.
  void own_subject(Linked& l) {
    const uint32_t cue = head_of(trees_, l.cue.front().first, l.cue.front().second);
    const int32_t subject = trees_.child_with(cue, Rel::nsubj);
    auto s = before_who(l);
    if (s.empty()) {
      if (word(cue).upos != Upos::VERB || subject < 0 || passive(cue) || inside(l.source, static_cast<uint32_t>(subject))) return;
      s = source_by_rule(trees_, lexicon_, quotes_, cue);
    }
    if (s.empty()) return;
    for (uint32_t w = s[0].first; w < s[0].second; ++w)
      if (inside(l.source, w) || inside(l.content, w) || inside(l.cue, w)) return;
    l.source = s;
    l.why.push_back("source from the tree");
  }
  bool passive(uint32_t verb) const {
    for (const uint32_t c : trees_.children(verb))
      if ((word(c).rel == Rel::aux || word(c).rel == Rel::nsubj || word(c).rel == Rel::csubj) && word(c).sub == Sub::pass) return true;
    return false;
  }
  /// R15 for a source that is no more than "who" or "which" the noun before it.
  std::vector<Fragment> before_who(const Linked& l) const {
    if (l.source.size() != 1 || l.source[0].second != l.source[0].first + 1 || l.source[0].first == 0) return {};
    const uint32_t who = l.source[0].first;
    if (!one_of(word(who).lemma, {"who", "which", "that"}) || word(who).upos != Upos::PRON) return {};
    uint32_t noun = who - 1;
    if (noun > 0 && word(noun).form == ",") --noun;
    if (word(noun).sentence != word(who).sentence) return {};
    // "a geologist from Baku who": the geologist; "the heads of villagers who": the villagers
    while (word(noun).head >= 0 && word(noun).head < static_cast<int32_t>(noun) &&
           (word(noun).rel == Rel::flat || word(noun).rel == Rel::appos || (word(noun).rel == Rel::nmod && word(noun).upos == Upos::PROPN)))
      noun = static_cast<uint32_t>(word(noun).head);
    if (word(noun).upos != Upos::NOUN && word(noun).upos != Upos::PROPN) return {};
    uint32_t a = trees_.extent(noun).first;
    uint32_t b = word(who - 1).form == "," ? who - 1 : who;
    while (a < b && (word(a).rel == Rel::case_ || word(a).rel == Rel::cc || word(a).upos == Upos::PUNCT)) ++a;
    return a < b ? std::vector<Fragment>{{a, b}} : std::vector<Fragment>{};
  }
  /// M8 no relative clause set off by a comma in a source (R15): "her mother | , who lives in Rome,".
  void without_clause(Linked& l) {
    for (Fragment& f : l.source) {
      const uint32_t head = head_of(trees_, f.first, f.second);
      for (const uint32_t c : trees_.children(head)) {
        if (word(c).rel != Rel::acl || word(c).sub != Sub::relcl || c <= head || c >= f.second) continue;
        uint32_t to = trees_.extent(c).first;
        const bool comma = word(to).upos == Upos::PUNCT || (to > 0 && word(to - 1).upos == Upos::PUNCT);
        while (to > head + 1 && word(to - 1).upos == Upos::PUNCT) --to;
        if (comma && to > head && to < f.second) {
          for (uint32_t w = to; w < f.second; ++w) role_[w] = kNone;
          f.second = to;
        }
      }
    }
  }
  static bool inside(const std::vector<Fragment>& fragments, uint32_t w) {
    return std::any_of(fragments.begin(), fragments.end(), [w](const Fragment& f) { return f.first <= w && w < f.second; });
  }

  const Trees& trees_;
  const CueLexicon::Impl& lexicon_;
  const Quotations& quotes_;
  std::vector<Linked> linked_;
  bool inner_;
  std::vector<Role> role_;
  std::vector<Fragment> tails_;  ///< cut off contents
};

}  // namespace

std::vector<Linked> refine(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, std::vector<Linked> linked,
                           bool inner) {
  return Refiner(trees, lexicon, quotes, std::move(linked), inner).run();
}

}  // namespace reportedly::attribution
