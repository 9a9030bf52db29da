// Attributions from trees and the cue lexicon alone (docs/voices.md, rules R1–R12).
#include "attribution/rules.h"

#include <algorithm>

namespace reportedly::attribution {
namespace {

using syntax::Morph;
using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

constexpr uint32_t kLongestLabel = 8;  ///< words before the colon in "MAYOR: …"

bool is_quote_form(const std::string& f) {
  return f == "\"" || f == "“" || f == "”" || f == "‘" || f == "’" || f == "'" || f == "''" || f == "``";
}

bool trimmed(const Word& w, bool at_start) {
  if (w.upos != Upos::PUNCT || is_quote_form(w.form)) return false;
  const char c = w.form.front();
  if (c == '(' || c == '[') return !at_start;
  if (c == ')' || c == ']' || c == '?' || c == '!') return at_start;
  return true;
}

class Rules {
 public:
  Rules(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, uint32_t first, uint32_t last)
      : trees_(trees), lexicon_(lexicon), quotes_(quotes), first_(first), last_(last) {}

  std::vector<Linked> run() {
    for (uint32_t w = first_; w < last_; ++w) at(w);
    continue_quotations();
    labels();
    std::stable_sort(out_.begin(), out_.end(), [](const Linked& a, const Linked& b) { return a.cue < b.cue; });
    return std::move(out_);
  }

  std::vector<Fragment> source(uint32_t cue) const { return source_span(word(cue).upos == Upos::NOUN ? owner(cue) : subject(cue), cue); }

 private:
  const Word& word(uint32_t w) const { return trees_.words[w]; }
  int32_t child(uint32_t w, Rel rel) const { return trees_.child_with(w, rel); }
  bool has_mark(uint32_t w, std::string_view lemma) const {
    for (const uint32_t c : trees_.children(w))
      if (word(c).rel == Rel::mark && lower(word(c).form) == lemma) return true;
    return false;
  }
  bool passive(uint32_t w) const {
    for (const uint32_t c : trees_.children(w))
      if ((word(c).rel == Rel::aux || word(c).rel == Rel::nsubj || word(c).rel == Rel::csubj) && word(c).sub == Sub::pass) return true;
    return false;
  }
  bool case_is(uint32_t w, std::string_view preposition) const {
    for (const uint32_t c : trees_.children(w))
      if (word(c).rel == Rel::case_ && lower(word(c).form) == preposition) return true;
    return false;
  }

  /// Words [a, b) without punctuation at the ends; empty if nothing is left.
  Fragment trim(uint32_t a, uint32_t b) const {
    while (a < b && trimmed(word(a), true)) ++a;
    while (a < b && trimmed(word(b - 1), false)) --b;
    // one quotation mark without its partner inside belongs to something else
    if (a < b && is_quote_form(word(a).form) && word(a).upos == Upos::PUNCT &&
        (quotes_.of_word[a] < 0 || quotes_.all[static_cast<size_t>(quotes_.of_word[a])].first != a))
      ++a;
    if (a < b && is_quote_form(word(b - 1).form) && word(b - 1).upos == Upos::PUNCT) {
      const int32_t q = quotes_.of_word[b - 1];
      if (q < 0 || quotes_.all[static_cast<size_t>(q)].last != b || quotes_.all[static_cast<size_t>(q)].first < a) {
        --b;
        while (a < b && trimmed(word(b - 1), false)) --b;
      }
    }
    return {a, b};
  }

  /// Grows a fragment to the whole quotation that its head stands in, unless that one holds the cue as well.
  Fragment with_quotation(Fragment f, uint32_t cue) const {
    for (uint32_t w : {f.first, f.first + 1 < f.second ? f.first + 1 : f.first}) {
      int32_t best = -1;
      for (int32_t q = w < trees_.words.size() ? quotes_.of_word[w] : -1; q >= 0 && !quotes_.covers(q, cue);
           q = quotes_.all[static_cast<size_t>(q)].parent)
        best = q;
      if (best < 0) continue;
      const Quotation& q = quotes_.all[static_cast<size_t>(best)];
      // “A” and more: only a fragment that begins with the quotation is all of it
      if (q.first + 1 >= f.first && q.first <= f.first + 1) return {std::min(f.first, q.first), std::max(f.second, q.last)};
    }
    // the quotation opens right before the fragment
    if (f.first > 0 && quotes_.of_word[f.first - 1] >= 0) {
      const Quotation& q = quotes_.all[static_cast<size_t>(quotes_.of_word[f.first - 1])];
      if (q.first + 1 == f.first && !quotes_.covers(quotes_.of_word[f.first - 1], cue)) return {q.first, std::max(f.second, q.last)};
    }
    return f;
  }

  /// The clause or phrase of `head` as fragments, without the words of `hole` (−1: none) and without the leading words that `skip` heads.
  std::vector<Fragment> clause(uint32_t head, int32_t hole, uint32_t cue) const {
    auto [a, b] = trees_.extent(head);
    std::vector<Fragment> parts;
    // R12 "…, as A says" comments on the clause and is no part of what is reported in it
    if (hole < 0)
      for (const uint32_t c : trees_.children(head))
        if (c > head && c > cue && word(c).rel == Rel::advcl && has_mark(c, "as") && lexicon_.match(trees_, c))
          hole = static_cast<int32_t>(c);
    if (hole >= 0 && trees_.dominates(head, static_cast<uint32_t>(hole))) {
      const auto [x, y] = trees_.extent(static_cast<uint32_t>(hole));
      parts = {{a, std::min(x, b)}, {std::max(y, a), b}};
    } else {
      if (cue >= a && cue < b) {  // the cue interrupts it
        const auto [x, y] = cue_and_source_;
        parts = {{a, std::max(a, std::min(x, b))}, {std::min(b, std::max(y, a)), b}};
      } else {
        parts = {{a, b}};
      }
    }
    std::vector<Fragment> out;
    for (Fragment f : parts) {
      if (f.first >= f.second) continue;
      f = trim(f.first, f.second);
      if (f.first >= f.second) continue;
      f = with_quotation(f, cue);
      if (!out.empty() && f.first <= out.back().second)
        out.back().second = std::max(out.back().second, f.second);
      else
        out.push_back(f);
    }
    return out;
  }

  std::vector<Fragment> phrase(uint32_t head, std::string_view without_case) const {
    auto [a, b] = trees_.extent(head);
    if (!without_case.empty() && lower(word(a).form) == without_case) ++a;
    const Fragment f = trim(a, b);
    return f.first < f.second ? std::vector<Fragment>{f} : std::vector<Fragment>{};
  }

  /// Subject of a verb, also one it shares: of a chain of complements, a coordination, a participle.
  int32_t subject(uint32_t w, int depth = 0) const {
    const Word& v = word(w);
    if (passive(w)) {
      for (const uint32_t c : trees_.children(w))
        if (word(c).rel == Rel::obl && (word(c).sub == Sub::agent || case_is(c, "by"))) return static_cast<int32_t>(c);
      return -1;
    }
    if (const int32_t s = child(w, Rel::nsubj); s >= 0) {
      if (word(static_cast<uint32_t>(s)).morph.wh && v.rel == Rel::acl && v.head >= 0) return v.head;
      return s;
    }
    if (depth == 4 || v.head < 0 || child(w, Rel::expl) >= 0) return -1;
    const auto head = static_cast<uint32_t>(v.head);
    switch (v.rel) {
      case Rel::conj:
      case Rel::xcomp: {
        // "urged him to say": the one urged is to say it
        if (v.rel == Rel::xcomp)
          if (const int32_t object = child(head, Rel::obj); object >= 0 && static_cast<uint32_t>(object) < w) return object;
        return subject(head, depth + 1);
      }
      case Rel::advcl:
        return v.morph.form == Morph::part || v.morph.form == Morph::ger || v.morph.form == Morph::inf || v.morph.form == Morph::no_form
                   ? subject_any(head, depth + 1)
                   : -1;
      case Rel::acl: {
        // "has grounds to believe": who has them
        const Word& n = word(head);
        if (has_mark(w, "to") && n.rel == Rel::obj && n.head >= 0) return subject_any(static_cast<uint32_t>(n.head), depth + 1);
        return v.head;
      }
      default:
        return -1;
    }
  }
  int32_t subject_any(uint32_t w, int depth) const {
    const int32_t s = child(w, Rel::nsubj);
    return s >= 0 ? s : subject(w, depth);
  }

  /// Possessor of a noun cue, or who "has" or "makes" it.
  int32_t owner(uint32_t noun) const {
    for (const uint32_t c : trees_.children(noun))
      if (word(c).rel == Rel::nmod && word(c).sub == Sub::poss) return static_cast<int32_t>(c);
    for (const uint32_t c : trees_.children(noun))
      if (word(c).rel == Rel::nmod && (case_is(c, "by") || case_is(c, "from") || case_is(c, "among") || case_is(c, "of"))) {
        const bool somebody = word(c).upos == Upos::PROPN || (word(c).upos == Upos::NOUN && !case_is(c, "of"));
        if (somebody) return static_cast<int32_t>(c);
      }
    const Word& n = word(noun);
    if (n.head >= 0 && n.rel == Rel::obj &&
        (lexicon_.carriers.contains(word(static_cast<uint32_t>(n.head)).lemma) || word(static_cast<uint32_t>(n.head)).lemma == "express"))
      return subject(static_cast<uint32_t>(n.head));
    return -1;
  }

  std::vector<Fragment> source_span(int32_t s, uint32_t cue) const {
    if (s < 0) return {};
    auto [a, b] = trees_.extent(static_cast<uint32_t>(s));
    if (cue >= a && cue < b) {
      // the cue is inside ("the man who said …", "her claim that"): the noun with what stands before its clause
      b = std::min(b, static_cast<uint32_t>(s) + 1);
    } else {
      // "the man, who …," – the clause is no part of the name
      for (const uint32_t c : trees_.children(static_cast<uint32_t>(s)))
        if (word(c).rel == Rel::acl && word(c).sub == Sub::relcl && c > static_cast<uint32_t>(s)) b = std::min(b, trees_.extent(c).first);
    }
    while (a < b && (word(a).rel == Rel::case_ || word(a).rel == Rel::cc || trimmed(word(a), true))) ++a;
    while (a < b && (trimmed(word(b - 1), false) || (word(b - 1).rel == Rel::case_ && word(b - 1).upos == Upos::PART))) --b;
    return a < b ? std::vector<Fragment>{{a, b}} : std::vector<Fragment>{};
  }

  /// The cue's words: auxiliaries and negation in front, a refusal it hangs on, particles behind.
  Fragment cue_span(uint32_t w, const CueMatch& match) const {
    uint32_t a = w, b = w + 1;
    auto pull = [&](uint32_t of) {
      while (a > 0 && word(a - 1).head == static_cast<int32_t>(of) &&
             (word(a - 1).rel == Rel::aux || word(a - 1).rel == Rel::cop || word(a - 1).rel == Rel::mark ||
              (word(a - 1).rel == Rel::advmod && (word(a - 1).morph.negative || lexicon_.negators.contains(lower(word(a - 1).lemma))))) &&
             !(word(a - 1).rel == Rel::mark && lower(word(a - 1).form) != "to"))
        --a;
    };
    pull(w);
    if (word(w).rel == Rel::xcomp && word(w).head >= 0 && static_cast<uint32_t>(word(w).head) + 1 == a) {
      const auto g = static_cast<uint32_t>(word(w).head);
      if (lexicon_.refusers.contains(lower(word(g).lemma)) || lexicon_.carriers.contains(lower(word(g).lemma))) {
        a = g;
        pull(g);
      }
    }
    if (a < w && word(a).rel == Rel::mark) ++a;
    for (const uint32_t o : match.others)
      if (o == b) ++b;
    for (const uint32_t c : trees_.children(w))
      if (c == b && word(c).rel == Rel::compound && word(c).sub == Sub::prt) ++b;
    return {a, b};
  }

  /// What "as A says" says: the clause it belongs to; of one that itself reports, what that one reports.
  std::vector<Fragment> before_as(uint32_t w) const {
    uint32_t v = w;
    for (int steps = 0; steps < 4; ++steps) {
      const Word& clause_head = word(v);
      if (clause_head.head < 0) return {};
      if (clause_head.rel == Rel::advcl && has_mark(v, "as")) {
        uint32_t matrix = static_cast<uint32_t>(clause_head.head);
        if (const int32_t reported = child(matrix, Rel::ccomp); reported >= 0 && lexicon_.match(trees_, matrix))
          matrix = static_cast<uint32_t>(reported);
        auto parts = clause(matrix, static_cast<int32_t>(v), w);
        return parts;
      }
      if (clause_head.rel != Rel::ccomp) return {};
      v = static_cast<uint32_t>(clause_head.head);
    }
    return {};
  }

  static bool is_clause(const Word& w) {
    return w.upos == Upos::VERB || w.upos == Upos::AUX || w.upos == Upos::ADJ || w.upos == Upos::NOUN || w.upos == Upos::PROPN ||
           w.upos == Upos::PRON || w.upos == Upos::NUM || w.upos == Upos::ADV;
  }

  void add(uint32_t w, const CueMatch& match, int32_t source, std::vector<Fragment> content, std::vector<std::string> why) {
    std::vector<Fragment> kept;
    for (const Fragment& f : content)
      if (f.first < f.second) kept.push_back(f);
    if (kept.empty()) return;
    Linked l;
    l.cue = {cue_span(w, match)};
    for (const Fragment& f : kept)
      if (f.first < l.cue.front().second && l.cue.front().first < f.second) return;  // a cue inside its own content: no tree we understand
    l.source = source_span(source, w);
    // "X of Y" where a source would lie in the content: leave the source out
    if (!l.source.empty())
      for (const Fragment& f : kept)
        if (f.first < l.source.front().second && l.source.front().first < f.second) {
          l.source.clear();
          break;
        }
    l.content = std::move(kept);
    l.why = std::move(why);
    out_.push_back(std::move(l));
  }

  void at(uint32_t w) {
    const Word& v = word(w);
    if (v.upos == Upos::PUNCT) return;
    if (lower(v.form) == "according" || lower(v.form) == "per") {
      according(w);
      return;
    }
    const CueMatch m = lexicon_.match(trees_, w);
    if (v.upos == Upos::VERB || (v.upos == Upos::ADJ && (child(w, Rel::ccomp) >= 0 || child(w, Rel::xcomp) >= 0)))
      verb(w, m);
    else if (v.upos == Upos::NOUN && m)
      noun(w, m);
    else if (v.upos == Upos::ADV && m && m.entry->kind == CueKind::adverb)
      adverb(w, m);
  }

  void verb(uint32_t w, const CueMatch& m) {
    const Word& v = word(w);
    const std::string lemma = lower(v.lemma);
    if (lexicon_.not_cues.contains(lemma) && !(m && m.entry->words.size() > 1)) return;
    const int32_t source = subject(w);
    const Fragment span = cue_span(w, m);
    Fragment both = span;
    if (const auto s = source_span(source, w); !s.empty() && std::max(s[0].second, span.second) - std::min(s[0].first, span.first) < 40)
      both = {std::min(s[0].first, span.first), std::max(s[0].second, span.second)};
    cue_and_source_ = both;
    const bool unlisted = !m;
    Takes takes = m ? m.group->takes : Takes{.clause = true};
    const bool opinion = m && m.group->opinion;
    const bool is_passive = passive(w);

    // R1 a clause that it governs
    if (takes.clause) {
      std::vector<Fragment> content;
      std::vector<std::string> why;
      for (const uint32_t c : trees_.children(w)) {
        if (word(c).rel == Rel::ccomp && is_clause(word(c))) {
          for (const Fragment& f : clause(c, -1, w)) content.push_back(f);
        } else if (word(c).rel == Rel::parataxis && c > w && !opinion && !unlisted &&
                   (colon_between(w, c) || quotes_.of_word[c] != quotes_.of_word[w])) {
          for (const Fragment& f : clause(c, -1, w)) content.push_back(f);
        } else if (!opinion && !unlisted && (word(c).rel == Rel::obj || word(c).rel == Rel::dep) && quoted(c, w)) {
          for (const Fragment& f : clause(c, -1, w)) content.push_back(f);
        }
      }
      if (content.empty() && is_passive && m && m.entry->be) {
        // R9 "is said to have sold": who and what of the report
        const int32_t x = child(w, Rel::xcomp), s = child(w, Rel::nsubj);
        if (x >= 0 && s >= 0) {
          content = phrase(static_cast<uint32_t>(s), "");
          for (const Fragment& f : clause(static_cast<uint32_t>(x), -1, w)) content.push_back(f);
        }
      }
      if (content.empty() && v.rel == Rel::parataxis && v.head >= 0 && !opinion && m) {
        // R3 inserted: “…,” he said
        content = clause(static_cast<uint32_t>(v.head), static_cast<int32_t>(w), w);
        why.push_back("inserted");
      }
      if (content.empty() && !unlisted) {
        content = before_as(w);
        if (!content.empty()) why.push_back(kBeforeAs);
      }
      if (content.empty() && takes.quotation) {
        content = neighbour_quotation(w, span);
        if (!content.empty()) why.push_back("quotation beside the cue");
      }
      std::sort(content.begin(), content.end());
      if (!content.empty()) {
        if ((opinion || unlisted) && (source < 0 && !is_passive)) return;
        if (unlisted && !animate(source)) return;
        if (unlisted) why.push_back("unlisted verb with a clause");
        add(w, m, source, std::move(content), std::move(why));
        return;
      }
    }
    if (unlisted) return;
    const int32_t xcomp = child(w, Rel::xcomp);
    const int32_t object = child(w, Rel::obj);
    // R5 somebody else is to act
    if (takes.person) {
      int32_t who = is_passive ? child(w, Rel::nsubj) : object;
      if (who < 0 && !m.others.empty())
        for (const uint32_t c : trees_.children(w))
          if (word(c).rel == Rel::obl && case_in(c, m)) who = static_cast<int32_t>(c);
      int32_t act = xcomp >= 0 ? xcomp : child(w, Rel::advcl);
      if (act >= 0 && !has_mark(static_cast<uint32_t>(act), "to")) act = -1;
      if (act >= 0) {
        std::vector<Fragment> content = clause(static_cast<uint32_t>(act), -1, w);
        if (who >= 0 && static_cast<uint32_t>(who) < static_cast<uint32_t>(act)) {
          auto party = phrase(static_cast<uint32_t>(who), is_passive || m.others.empty() ? "" : lower(word(m.others.back()).form));
          if (!party.empty() && !content.empty() && !is_passive)
            content.front().first = std::min(content.front().first, party.front().first);
          else if (!party.empty())
            content.insert(content.begin(), party.front());
        }
        add(w, m, source, std::move(content), {});
        return;
      }
    }
    // R4 the source is to act
    if (takes.infinitive && xcomp >= 0 && has_mark(static_cast<uint32_t>(xcomp), "to")) {
      if (lexicon_.refusers.contains(lemma)) {
        const CueMatch inner = lexicon_.match(trees_, static_cast<uint32_t>(xcomp));
        if (inner && (inner.group->takes.clause || inner.group->takes.object) && child(static_cast<uint32_t>(xcomp), Rel::ccomp) >= 0)
          return;  // that one is the cue
      }
      if (opinion && source < 0 && !is_passive) return;
      std::vector<Fragment> content = clause(static_cast<uint32_t>(xcomp), -1, w);
      if (object >= 0 && object < xcomp && !content.empty()) {  // "wants the curfew to end"
        if (const auto o = phrase(static_cast<uint32_t>(object), ""); !o.empty())
          content.front().first = std::min(content.front().first, o.front().first);
      }
      add(w, m, source, std::move(content), {});
      return;
    }
    // R17 "deny being smugglers", "admitted forging the seal"
    if (takes.object && !opinion && source >= 0 && xcomp > static_cast<int32_t>(w) &&
        word(static_cast<uint32_t>(xcomp)).upos == Upos::VERB && word(static_cast<uint32_t>(xcomp)).xpos == "VBG" && !takes.complaint) {
      add(w, m, source, clause(static_cast<uint32_t>(xcomp), -1, w), {});
      return;
    }
    // R6 accusations: the person and the complaint
    if (takes.complaint) {
      const int32_t who = is_passive ? child(w, Rel::nsubj) : object;
      int32_t what = -1;
      for (const uint32_t c : trees_.children(w)) {
        if (c < w) continue;
        const bool complaint = (word(c).rel == Rel::obl || word(c).rel == Rel::advcl) && !(word(c).sub == Sub::agent) &&
                               !case_is(c, "by") && !case_is(c, "in") && !case_is(c, "at") && !case_is(c, "on") && !case_is(c, "after");
        const bool of = case_is(c, "of") || case_is(c, "for") || case_is(c, "with") || case_is(c, "over") || case_is(c, "as") ||
                        has_mark(c, "of") || has_mark(c, "for") || has_mark(c, "over") || has_mark(c, "as");
        if (complaint && of) what = static_cast<int32_t>(c);
      }
      std::vector<Fragment> content;
      if (who >= 0) content = phrase(static_cast<uint32_t>(who), "");
      if (what >= 0) {
        const auto more = clause(static_cast<uint32_t>(what), -1, w);
        if (!content.empty() && !more.empty() && !is_passive && more.front().first >= content.back().second)
          content.back().second = more.front().second;
        else
          content.insert(content.end(), more.begin(), more.end());
      }
      if (who < 0 && what < 0 && !m.others.empty()) content = by_preposition(w, m);
      if (!content.empty() && (source >= 0 || is_passive)) add(w, m, source, std::move(content), {});
      return;
    }
    // R7 an object, or what a preposition of the cue brings
    if (!m.others.empty()) {
      auto content = by_preposition(w, m);
      if (!content.empty() && source >= 0) {
        add(w, m, source, std::move(content), {});
        return;
      }
    }
    if (takes.object && source >= 0) {
      const int32_t thing = is_passive ? child(w, Rel::nsubj) : object;
      if (thing >= 0 && word(static_cast<uint32_t>(thing)).upos != Upos::PRON)
        add(w, m, source, phrase(static_cast<uint32_t>(thing), ""), {});
    }
  }

  void noun(uint32_t w, const CueMatch& m) {
    cue_and_source_ = {w, w + 1};
    std::vector<Fragment> content;
    for (const uint32_t c : trees_.children(w)) {
      if (c < w) continue;
      const Word& v = word(c);
      const bool that = (v.rel == Rel::acl || v.rel == Rel::ccomp) && v.sub != Sub::relcl &&
                        (has_mark(c, "that") || has_mark(c, "whether") || v.rel == Rel::ccomp);
      const bool to = v.rel == Rel::acl && has_mark(c, "to") && (m.group->takes.infinitive || m.group->takes.person);
      if (that || to) content = clause(c, -1, w);
    }
    // "His statement is that …", "The claim was “…”"
    if (content.empty() && word(w).rel == Rel::nsubj && word(w).head >= 0) {
      const auto head = static_cast<uint32_t>(word(w).head);
      if (child(head, Rel::cop) >= 0 && has_mark(head, "that")) {
        const int32_t mark = child(head, Rel::mark);
        const Fragment f = trim(static_cast<uint32_t>(mark), trees_.extent(head).second);
        content = {f};
      }
    }
    if (content.empty() && (m.group->takes.object || m.group->takes.complaint || !m.others.empty()))
      for (const uint32_t c : trees_.children(w))
        if (c > w && word(c).rel == Rel::nmod && (m.others.empty() ? case_is(c, "of") : case_in(c, m)) && word(c).upos != Upos::PROPN)
          content = phrase(c, lower(word(trees_.extent(c).first).form));
    if (content.empty()) return;
    add(w, m, owner(w), std::move(content), {});
  }

  /// R10 "reportedly": the clause without the word, from nobody named.
  void adverb(uint32_t w, const CueMatch& m) {
    const Word& v = word(w);
    if (v.head < 0 || v.rel != Rel::advmod) return;
    auto head = static_cast<uint32_t>(v.head);
    if (word(head).upos != Upos::VERB && child(head, Rel::cop) < 0) return;
    cue_and_source_ = {w, w + 1};
    std::vector<Fragment> content = clause(head, static_cast<int32_t>(w), w);
    for (Fragment& f : content)
      if (f.first <= w && w < f.second) return;
    add(w, m, -1, std::move(content), {});
  }

  /// R8 "according to A, …"
  void according(uint32_t w) {
    const Word& v = word(w);
    const CueMatch m = lexicon_.match_phrase(trees_, w, last_);
    if (!m || v.head < 0) return;
    int32_t source = v.rel == Rel::case_ || v.rel == Rel::mark ? v.head : child(w, Rel::obl);
    uint32_t top = static_cast<uint32_t>(source);
    if (source < 0) return;
    if (v.rel != Rel::case_ && v.rel != Rel::mark) top = w;
    if (word(top).head < 0) return;
    // up through a noun phrase it was hung on: "the loss of two bridges, according to the army"
    uint32_t head = static_cast<uint32_t>(word(top).head);
    while (word(head).head >= 0 &&
           (word(head).rel == Rel::obj || word(head).rel == Rel::obl || word(head).rel == Rel::nmod || word(head).rel == Rel::xcomp ||
            word(head).rel == Rel::nsubj) &&
           word(head).sentence == v.sentence)
      head = static_cast<uint32_t>(word(head).head);
    cue_and_source_ = trees_.extent(top);
    Linked l;
    const uint32_t cue_last = m.others.empty() ? w + 1 : m.others.back() + 1;
    l.cue = {{w, cue_last}};
    auto [a, b] = trees_.extent(static_cast<uint32_t>(source));
    a = std::max(a, cue_last);
    for (const uint32_t c : trees_.children(static_cast<uint32_t>(source)))
      if (word(c).rel == Rel::acl && word(c).sub == Sub::relcl) b = std::min(b, trees_.extent(c).first);
    const Fragment s = trim(a, b);
    if (s.first >= s.second) return;
    l.source = {s};
    for (const Fragment& f : clause(head, static_cast<int32_t>(top), w))
      if (f.second <= l.cue.front().first || f.first >= s.second) l.content.push_back(f);
    if (!l.content.empty()) out_.push_back(std::move(l));
  }

  bool case_in(uint32_t c, const CueMatch& m) const {
    for (const uint32_t o : m.others)
      if (word(o).head == static_cast<int32_t>(c) && word(o).rel == Rel::case_) return true;
    return false;
  }
  std::vector<Fragment> by_preposition(uint32_t w, const CueMatch& m) const {
    for (const uint32_t c : trees_.children(w))
      if (c > w && (word(c).rel == Rel::obl || word(c).rel == Rel::obj || word(c).rel == Rel::advcl) &&
          (case_in(c, m) || marked_by(c, m))) {
        auto content = phrase(c, lower(word(m.others.back()).form));
        return content;
      }
    return {};
  }
  bool marked_by(uint32_t c, const CueMatch& m) const {
    return !m.others.empty() && word(m.others.back()).head == static_cast<int32_t>(c) && word(m.others.back()).rel == Rel::mark;
  }
  bool colon_between(uint32_t a, uint32_t b) const {
    for (uint32_t w = a + 1; w < b; ++w)
      if (word(w).form == ":") return true;
    return false;
  }
  /// Is a direct object the beginning of a quotation that does not hold the cue?
  bool quoted(uint32_t c, uint32_t cue) const {
    const auto [a, b] = trees_.extent(c);
    const int32_t q = quotes_.of_word[a];
    return q >= 0 && !quotes_.covers(q, cue) && quotes_.all[static_cast<size_t>(q)].first + 1 >= a &&
           quotes_.all[static_cast<size_t>(q)].last + 1 >= b && b - a > 2;
  }
  bool animate(int32_t source) const {
    if (source < 0) return false;
    const Word& s = word(static_cast<uint32_t>(source));
    return s.upos == Upos::PROPN ||
           (s.upos == Upos::PRON && lower(s.lemma) != "it" && lower(s.lemma) != "this" && lower(s.lemma) != "that" && !s.morph.wh) ||
           s.upos == Upos::NOUN;
  }

  /// R2 a quotation right before or after the cue and its source, in the same paragraph.
  std::vector<Fragment> neighbour_quotation(uint32_t w, Fragment span) const {
    const Sentence& sentence = trees_.sentences[word(w).sentence];
    // before: “…,” said A   /   “…,” A said
    uint32_t a = std::min(cue_and_source_.first, span.first);
    uint32_t b = std::max(cue_and_source_.second, span.second);
    auto usable = [&](int32_t q) {
      return q >= 0 && !quotes_.covers(q, w) && quotes_.all[static_cast<size_t>(q)].last - quotes_.all[static_cast<size_t>(q)].first > 4;
    };
    if (a > 0 && word(a - 1).upos == Upos::PUNCT && trees_.sentences[word(a - 1).sentence].paragraph == sentence.paragraph) {
      const int32_t q = quotes_.of_word[a - 1];
      if (usable(q) && quotes_.all[static_cast<size_t>(q)].last == a)
        return {{quotes_.all[static_cast<size_t>(q)].first, quotes_.all[static_cast<size_t>(q)].last}};
    }
    // after: A said: “…”
    uint32_t seen = 0;
    for (uint32_t v = b; v < trees_.words.size() && seen < 12 && trees_.sentences[word(v).sentence].paragraph == sentence.paragraph;
         ++v, ++seen) {
      const int32_t q = quotes_.of_word[v];
      if (usable(q) && quotes_.all[static_cast<size_t>(q)].first == v) {
        const bool introduced = v > 0 && word(v - 1).upos == Upos::PUNCT && (word(v - 1).form == ":" || word(v - 1).form == ",");
        if (!introduced) return {};
        return {{quotes_.all[static_cast<size_t>(q)].first, quotes_.all[static_cast<size_t>(q)].last}};
      }
      if (word(v).sentence != word(w).sentence) return {};
    }
    return {};
  }

  /// R2b “…,” he said. “…”: a quotation that makes up the next sentence of the paragraph goes on.
  void continue_quotations() {
    for (Linked& l : out_) {
      if (l.content.empty() || l.cue.empty()) continue;
      const uint32_t cue = l.cue.front().first;
      const uint32_t s = word(cue).sentence;
      const int32_t q = quotes_.of_word[l.content.front().first];
      if (q < 0 || quotes_.covers(q, cue) || quotes_.all[static_cast<size_t>(q)].first != l.content.front().first) continue;
      if (l.content.back().first > cue) continue;  // goes on already
      uint32_t next = s + 1;
      if (next >= trees_.sentences.size() || trees_.sentences[next].paragraph != trees_.sentences[s].paragraph) continue;
      const uint32_t f = trees_.sentences[next].first_word;
      const int32_t more = quotes_.of_word[f];
      if (more < 0 || f >= last_) continue;
      const Quotation& quotation = quotes_.all[static_cast<size_t>(more)];
      if (quotation.first != f || quotes_.covers(more, cue)) continue;
      // the sentence must end with the quotation: else it has a cue of its own
      const uint32_t end = trees_.sentences[word(quotation.last - 1).sentence].last_word;
      bool own = false;
      for (uint32_t v = quotation.last; v < end; ++v) own |= word(v).upos != Upos::PUNCT;
      if (!own) l.content.push_back({quotation.first, quotation.last});
    }
  }

  /// R11 "MAYOR: The bridge is closed." – a name before a colon at the start of a paragraph or title.
  void labels() {
    if (first_ >= last_) return;
    std::vector<char> covered(last_ - first_, 0);
    for (const Linked& l : out_)
      for (const Fragment& f : l.content)
        for (uint32_t w = std::max(f.first, first_); w < std::min(f.second, last_); ++w) covered[w - first_] = 1;
    for (uint32_t s = word(first_).sentence; s < trees_.sentences.size() && trees_.sentences[s].first_word < last_; ++s) {
      const Sentence& sentence = trees_.sentences[s];
      if (sentence.first_word < first_) continue;
      const bool starts = s == 0 || trees_.sentences[s - 1].paragraph != sentence.paragraph;
      if (!starts && sentence.part != Part::title) continue;
      uint32_t a = sentence.first_word;
      while (a < sentence.last_word && is_quote_form(word(a).form)) ++a;
      uint32_t colon = a;
      bool name = false, verb = false;
      while (colon < sentence.last_word && colon - a < kLongestLabel && word(colon).form != ":") {
        name |= word(colon).upos == Upos::PROPN;
        verb |= word(colon).upos == Upos::VERB || word(colon).upos == Upos::AUX || word(colon).upos == Upos::NUM;
        ++colon;
      }
      if (colon == sentence.last_word || colon == a || word(colon).form != ":" || !name || verb || colon + 2 >= sentence.last_word)
        continue;
      uint32_t end = sentence.last_word;
      bool clause_follows = false;
      if (sentence.part != Part::title)
        for (uint32_t t = s + 1; t < trees_.sentences.size() && trees_.sentences[t].paragraph == sentence.paragraph; ++t)
          end = trees_.sentences[t].last_word;
      for (uint32_t v = colon + 1; v < sentence.last_word; ++v) clause_follows |= word(v).upos == Upos::VERB || word(v).upos == Upos::AUX;
      const bool taken = colon + 1 < last_ && covered[colon + 1 - first_];
      if (!clause_follows || taken) continue;
      Linked l;
      l.source = {{a, colon}};
      l.cue = {{colon, colon + 1}};
      const Fragment f = trim(colon + 1, end);
      if (f.first >= f.second) continue;
      l.content = {f};
      l.why = {"name before a colon"};
      out_.push_back(std::move(l));
    }
  }

  const Trees& trees_;
  const CueLexicon::Impl& lexicon_;
  const Quotations& quotes_;
  uint32_t first_, last_;
  Fragment cue_and_source_{};
  std::vector<Linked> out_;
};

}  // namespace

std::vector<Fragment> source_by_rule(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, uint32_t cue) {
  return Rules(trees, lexicon, quotes, cue, cue + 1).source(cue);
}

std::vector<Linked> rules(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, uint32_t first, uint32_t last) {
  return Rules(trees, lexicon, quotes, first, last).run();
}

std::vector<Linked> link_by_rule(const Trees& trees, const CueLexicon& cues, uint32_t first_word, uint32_t last_word) {
  return rules(trees, cues.impl(), find_quotations(trees), first_word, last_word);
}

}  // namespace reportedly::attribution
