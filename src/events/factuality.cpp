#include "events/factuality.h"

#include <algorithm>

namespace reportedly::events {
namespace {

using syntax::Morph;
using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

/// A value as certainty (CT 3, PR 2, PS 1, U 0) and polarity (1, −1, 0 unknown).
struct Value {
  int certainty, polarity;
};

Value parts(Factuality f) {
  switch (f) {
    case Factuality::ct_plus:
      return {3, 1};
    case Factuality::pr_plus:
      return {2, 1};
    case Factuality::ps_plus:
      return {1, 1};
    case Factuality::ct_minus:
      return {3, -1};
    case Factuality::pr_minus:
      return {2, -1};
    case Factuality::ps_minus:
      return {1, -1};
    case Factuality::ct_u:
      return {3, 0};
    case Factuality::uu:
      return {0, 0};
  }
  return {0, 0};
}

Factuality whole(Value v) {
  if (v.certainty == 0 || v.polarity == 0) return v.certainty == 3 ? Factuality::ct_u : Factuality::uu;
  static constexpr Factuality kPlus[] = {Factuality::uu, Factuality::ps_plus, Factuality::pr_plus, Factuality::ct_plus};
  static constexpr Factuality kMinus[] = {Factuality::uu, Factuality::ps_minus, Factuality::pr_minus, Factuality::ct_minus};
  return v.polarity > 0 ? kPlus[v.certainty] : kMinus[v.certainty];
}

/// The weaker certainty of the two, the product of the polarities.
Factuality compose(Factuality inner, Factuality outer) {
  const Value a = parts(inner), b = parts(outer);
  if (inner == Factuality::uu || outer == Factuality::uu) return Factuality::uu;
  return whole({std::min(a.certainty, b.certainty), a.polarity * b.polarity});
}

bool any_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// What the clause of a predicate says by itself.
struct Local {
  bool negated = false, future = false, would = false, perfect = false, conditional = false, obliged = false, progressive = false,
       any_aux = false;
  Factuality modal = Factuality::ct_plus;
};

bool has_no(const Grammar& g, uint32_t phrase) {
  for (const uint32_t c : g.children(phrase))
    if (g.word(c).rel == Rel::det && any_of(g.word(c).lemma, {"no", "neither"})) return true;
  return any_of(g.word(phrase).lemma, {"nobody", "nothing", "none"}) || (g.word(phrase).lemma == "no" && g.word(phrase).upos == Upos::PRON);
}

Local local(const Grammar& g, const EventLexicon::Impl& lexicon, uint32_t v, int depth = 0) {
  Local l;
  bool subject = false;
  for (const uint32_t c : g.children(v)) {
    const Word& d = g.word(c);
    switch (d.rel) {
      case Rel::aux: {
        l.any_aux = true;
        if (any_of(d.lemma, {"will", "shall", "'ll", "wo"}))
          l.future = true;
        else if (d.lemma == "would" || d.lemma == "'d")
          l.would = true;
        else if (d.lemma == "have")
          l.perfect = true;
        else if (d.lemma == "be")
          l.progressive |= d.sub != Sub::pass && g.word(v).xpos == "VBG";
        const auto modal = lexicon.modals.find(d.lemma);
        if (modal != lexicon.modals.end()) {
          l.modal = modal->second;
          l.obliged |= modal->second == Factuality::uu;
        }
        break;
      }
      case Rel::cop:
        l.future |= d.lemma == "be" && g.word(v).xpos == "VB" && d.xpos != "VBD";  // "is due to visit", read as one predicate
        break;
      case Rel::advmod:
        if (any_of(d.lemma, {"not", "n't", "never", "nowhere"}) || d.morph.negative) {
          const bool only = c + 1 <= v && any_of(g.word(c + 1).lemma, {"only", "just", "merely"});
          if (!only) l.negated = true;
        } else {
          const auto adverb = lexicon.adverbs.find(d.lemma);
          if (adverb != lexicon.adverbs.end()) l.modal = compose(l.modal, adverb->second);
        }
        break;
      case Rel::mark:
      case Rel::case_:
        if (any_of(d.lemma, {"if", "unless", "whether", "lest"})) l.conditional = true;
        if (any_of(d.lemma, {"without", "instead"})) l.negated = true;
        break;
      case Rel::cc:
        if (d.lemma == "nor") l.negated = true;
        break;
      case Rel::nsubj:
        subject = true;
        [[fallthrough]];
      case Rel::obj:
        if (has_no(g, c)) l.negated = !l.negated;
        break;
      default:
        break;
    }
  }
  const Word& w = g.word(v);
  // "will meet and sign": the second shares the auxiliary of the first
  if (w.rel == Rel::conj && !subject && !l.any_aux && w.head >= 0 && depth < 4 && w.xpos != "VBD" && w.xpos != "VBZ" && w.xpos != "VBP") {
    const Local h = local(g, lexicon, static_cast<uint32_t>(w.head), depth + 1);
    l.future |= h.future;
    l.would |= h.would;
    l.perfect |= h.perfect;
    l.obliged |= h.obliged;
    l.negated |= h.negated && w.xpos == g.word(static_cast<uint32_t>(w.head)).xpos;
    l.modal = compose(l.modal, h.modal);
  }
  return l;
}

}  // namespace

Factuality in_stance(Factuality value, Stance stance) {
  switch (stance) {
    case Stance::denies:
      return compose(value, Factuality::ct_minus);
    case Stance::doubts:
      return compose(value, Factuality::pr_minus);
    case Stance::withholds:
    case Stance::asks:
    case Stance::demands:
    case Stance::hopes:
      return Factuality::uu;
    case Stance::promises:
    case Stance::threatens:
    case Stance::supposes:
      return compose(value, Factuality::pr_plus);
    case Stance::fears:
      return compose(value, Factuality::ps_plus);
    case Stance::asserts:
    case Stance::accuses:
    case Stance::concedes:
    case Stance::relays:
      return value;
  }
  return value;
}

Reality reality(const Grammar& g, const EventLexicon::Impl& lexicon, uint32_t trigger, const std::function<bool(uint32_t)>& inside) {
  Reality r;
  const auto apply_local = [&](uint32_t v, bool negation) {
    const Local l = local(g, lexicon, v);
    if (l.would && l.perfect) {
      r.conditional = true;
      r.value = compose(r.value, Factuality::uu);
      r.why.push_back("factuality:would have");
    } else if (l.future || l.would) {
      r.future = true;
      r.own |= !g.passive(v);
      r.value = compose(r.value, Factuality::pr_plus);
      r.why.push_back("factuality:future");
    }
    if (l.modal != Factuality::ct_plus) {
      r.value = compose(r.value, l.modal);
      r.why.push_back("factuality:modal");
    }
    r.obliged |= l.obliged;
    if (l.conditional) {
      r.conditional = true;
      r.value = Factuality::uu;
      r.why.push_back("factuality:if");
    }
    if (negation && l.negated) {
      r.value = compose(r.value, Factuality::ct_minus);
      r.why.push_back("factuality:negation");
    }
    return l;
  };
  const auto apply_sign = [&](const Signature& s, bool negated) {
    r.value = compose(r.value, negated ? s.negative : s.positive);
    if (s.future != Signature::Future::none) r.future = true;
    if (s.future == Signature::Future::own) r.own = true;
    if (s.refused && !negated) r.refused = true;
    r.why.push_back(s.why);
  };
  const auto find = [&](const auto& table, const Word& word) -> const Signature* {
    const auto it = table.find(word.lemma);
    return it == table.end() ? nullptr : &it->second;
  };

  uint32_t cur = trigger;
  {
    const Word& w = g.word(trigger);
    if (w.upos == Upos::NOUN || w.upos == Upos::PROPN) {
      if (has_no(g, trigger)) {
        r.value = Factuality::ct_minus;
        r.negated = true;
      }
      for (const uint32_t c : g.children(trigger))
        if (g.word(c).rel == Rel::amod)
          if (const Signature* s = find(lexicon.adjective_signs, g.word(c))) apply_sign(*s, false);
      if (g.children(trigger).size())
        for (const uint32_t c : g.children(trigger))
          if (g.word(c).rel == Rel::cop) {
            r.negated |= apply_local(trigger, true).negated;
            break;
          }
    } else {
      const Local l = apply_local(trigger, true);
      r.negated = l.negated;
      r.ongoing = l.progressive || (w.xpos == "VBG" && !l.any_aux && w.rel != Rel::advcl);
      for (const uint32_t c : g.children(trigger))
        if (g.word(c).rel == Rel::aux && g.word(c).lemma == "be" && g.word(c).morph.tense == Morph::past) r.ongoing = false;
      if (w.rel != Rel::root && w.rel != Rel::conj && !l.progressive) r.ongoing = false;
    }
  }

  for (int step = 0; step < 24; ++step) {
    const Word& w = g.word(cur);
    if (w.head < 0) {
      if (w.morph.mood == Morph::imp) r.value = Factuality::uu;
      // a question asks whether it is so
      for (const uint32_t c : g.children(cur))
        if (g.word(c).rel == Rel::punct && g.word(c).lemma == "?") {
          r.question = true;
          r.value = Factuality::uu;
          r.why.push_back("factuality:question");
        }
      break;
    }
    const uint32_t h = static_cast<uint32_t>(w.head);
    if (!inside(h)) break;
    const Word& p = g.word(h);
    const bool nominal = w.upos == Upos::NOUN || w.upos == Upos::PROPN || w.upos == Upos::PRON || w.upos == Upos::NUM;
    bool go_on = false;
    if (w.rel == Rel::conj) {
      go_on = true;
    } else if (nominal && w.rel != Rel::ccomp && w.rel != Rel::xcomp && w.rel != Rel::advcl) {
      std::string_view preposition;
      for (const uint32_t c : g.children(cur))
        if (g.word(c).rel == Rel::case_) preposition = g.word(c).lemma;
      const bool as_object = w.rel == Rel::obj || (w.rel == Rel::nsubj && g.passive(h));
      if (p.upos == Upos::VERB || p.upos == Upos::ADJ) {
        const bool light = lexicon.support.contains(p.lemma), happens = lexicon.occurrence.contains(p.lemma);
        const Signature* s = as_object || w.rel == Rel::obl || w.rel == Rel::nsubj ? find(lexicon.object_signs, p) : nullptr;
        if (w.rel == Rel::obl && preposition == "without") r.value = compose(r.value, Factuality::ct_minus);
        if (s && (as_object || (w.rel == Rel::obl && any_of(preposition, {"for", "to", "of", "about", "against", "on", "from"})))) {
          apply_sign(*s, local(g, lexicon, h).negated);
          apply_local(h, false);
          go_on = true;
        } else if ((as_object && light) || (w.rel == Rel::obl && g.light_verb(cur) == static_cast<int32_t>(h)) ||
                   ((as_object || w.rel == Rel::nsubj) && happens)) {
          const Local l = apply_local(h, true);
          r.negated |= l.negated;
          go_on = true;
        }
      } else if (w.rel == Rel::nmod && (p.upos == Upos::NOUN)) {
        if (const Signature* s = find(lexicon.noun_signs, p)) {
          if (any_of(preposition, {"of", "for", "to", "against", "about", "on"})) {
            apply_sign(*s, has_no(g, h));
            go_on = true;
          }
        } else if (lexicon.transparent_nouns.contains(p.lemma)) {
          if (has_no(g, h)) r.value = compose(r.value, Factuality::ct_minus);
          go_on = true;
        }
      }
    } else {
      bool infinitive = false, finite_mark = false;
      std::string_view mark;
      for (const uint32_t c : g.children(cur)) {
        const Word& m = g.word(c);
        if (m.rel == Rel::mark && m.lemma == "to")
          infinitive = true;
        else if (m.rel == Rel::mark || m.rel == Rel::case_)
          mark = m.lemma, finite_mark = true;
        else if (m.rel == Rel::advmod && any_of(m.lemma, {"when", "once"}))
          mark = m.lemma;
      }
      const auto& table = p.upos == Upos::ADJ ? lexicon.adjective_signs : p.upos == Upos::NOUN ? lexicon.noun_signs : lexicon.verb_signs;
      const Signature* s = find(table, p);
      switch (w.rel) {
        case Rel::xcomp:
        case Rel::ccomp:
        case Rel::csubj:
          if (s) {
            apply_sign(*s, local(g, lexicon, h).negated);
            apply_local(h, false);
          } else if (w.rel == Rel::xcomp && infinitive && !lexicon.transparent_verbs.contains(p.lemma)) {
            r.value = compose(r.value, Factuality::uu);
            r.why.push_back("factuality:infinitive");
          } else if (w.rel == Rel::xcomp) {
            const Local l = apply_local(h, true);
            r.negated |= l.negated;
          } else if (local(g, lexicon, h).conditional) {
            r.conditional = true;
            r.value = Factuality::uu;
          }
          go_on = true;
          break;
        case Rel::advcl:
          if (any_of(mark, {"if", "unless"})) break;
          if (mark == "until" && w.morph.tense != Morph::past) {
            r.conditional = true;
            r.value = Factuality::uu;
            break;
          }
          if (infinitive && s && s->future != Signature::Future::none) {
            apply_sign(*s, local(g, lexicon, h).negated);
            apply_local(h, false);
            go_on = true;
          } else if (infinitive) {
            r.purpose = true;
            r.value = compose(r.value, Factuality::uu);
            r.why.push_back("factuality:purpose");
          } else if (any_of(mark, {"when", "once", "after", "until", "before"}) && w.morph.form == Morph::fin) {
            const Local l = local(g, lexicon, h);
            if (l.future || l.would) {
              r.future = true;
              r.value = compose(r.value, Factuality::pr_plus);
            }
          } else if (mark.empty() && !finite_mark && w.morph.form != Morph::fin) {
            apply_local(h, false);
            go_on = true;
          }
          break;
        case Rel::acl:
          if (w.sub != Sub::relcl && infinitive) {
            if (s)
              apply_sign(*s, has_no(g, h));
            else
              r.value = compose(r.value, Factuality::uu);
            if (!s) r.purpose = true;
            go_on = s != nullptr;
          } else if (w.sub != Sub::relcl && s && any_of(mark, {"of", "for", "that"})) {
            apply_sign(*s, has_no(g, h));
            go_on = true;
          }
          break;
        default:
          break;
      }
    }
    if (!go_on) break;
    cur = h;
  }
  return r;
}

std::string status_of(const Reality& r, Factuality value) {
  switch (value) {
    case Factuality::ct_minus:
    case Factuality::pr_minus:
      return r.refused ? "refused" : "denied";
    default:
      break;
  }
  if (r.conditional) return "hypothetical";
  if (r.refused) return "refused";
  switch (value) {
    case Factuality::ct_plus:
      return r.future ? "planned" : r.ongoing ? "ongoing" : "happened";
    case Factuality::pr_plus:
      return r.future ? "planned" : "possible";
    case Factuality::uu:
    case Factuality::ct_u:
      return r.purpose && r.own ? "planned" : r.question || !r.purpose ? "possible" : "planned";
    default:
      return "possible";
  }
}

}  // namespace reportedly::events
