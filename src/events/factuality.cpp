#include "events/factuality.h"

#include <algorithm>

#include "base/one_of.h"
#include "events/denials.h"

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

/// What the clause of a predicate says by itself.
struct Local {
  bool negated = false, future = false, would = false, perfect = false, conditional = false, obliged = false, progressive = false,
       any_aux = false, open = false, due = false, since = false, present_aux = false, past_aux = false;
  Factuality modal = Factuality::ct_plus;
};

/// Is the clause turned round like a question: "should Rome sign", "had they known"?
bool inverted(const Grammar& g, uint32_t v) {
  uint32_t aux = v;
  for (const uint32_t c : g.children(v)) {
    const Word& d = g.word(c);
    if (d.rel == Rel::mark) return false;
    if (d.rel == Rel::nsubj) return aux < c;
    if (d.rel == Rel::aux && aux == v && one_of(d.lemma, {"should", "have", "be"})) aux = c;
  }
  return false;
}

/// Does the clause hang on an "if", "unless", "provided that" or "should …"?
bool has_condition(const Grammar& g, uint32_t v) {
  for (const uint32_t c : g.children(v)) {
    const Word& d = g.word(c);
    if (d.rel != Rel::advcl) continue;
    if (inverted(g, c) || one_of(d.lemma, {"provided", "providing"})) return true;
    for (const uint32_t m : g.children(c)) {
      if (g.word(m).rel == Rel::mark && one_of(g.word(m).lemma, {"if", "unless", "provided", "providing", "lest", "supposing"})) {
        // "even if": it will in any case; "as if": no condition
        const bool always = m > 0 && one_of(g.word(m - 1).lemma, {"even", "as"});
        if (!always) return true;
      }
    }
  }
  return false;
}

/// "since May", "since noon": what began then still goes on.
bool has_since(const Grammar& g, uint32_t v) {
  for (const uint32_t c : g.children(v)) {
    const Word& d = g.word(c);
    if (d.rel != Rel::obl && d.rel != Rel::nmod && d.rel != Rel::advmod) continue;
    for (const uint32_t m : g.children(c))
      if (g.word(m).rel == Rel::case_ && g.word(m).lemma == "since") return true;
  }
  return false;
}

bool has_no(const Grammar& g, uint32_t phrase) {
  for (const uint32_t c : g.children(phrase))
    if (g.word(c).rel == Rel::det && one_of(g.word(c).lemma, {"no", "neither"})) return true;
  return one_of(g.word(phrase).lemma, {"nobody", "nothing", "none"}) || (g.word(phrase).lemma == "no" && g.word(phrase).upos == Upos::PRON);
}

Local local(const Grammar& g, const EventLexicon::Impl& lexicon, uint32_t v, int depth = 0) {
  Local l;
  bool subject = false;
  // "are to meet": the infinitive after a "be"
  const auto be_to = [&](uint32_t be) {
    if (g.word(v).xpos != "VB" || g.word(be).lemma != "be" || g.word(be).morph.tense == Morph::past) return false;
    for (const uint32_t m : g.children(v))
      if (m > be && g.word(m).rel == Rel::mark && g.word(m).lemma == "to") return true;
    return false;
  };
  for (const uint32_t c : g.children(v)) {
    const Word& d = g.word(c);
    switch (d.rel) {
      case Rel::aux: {
        l.any_aux = true;
        if (one_of(d.lemma, {"will", "shall", "'ll", "wo"}))
          l.future = true;
        else if (d.lemma == "would" || d.lemma == "'d")
          l.would = true;
        else if (d.lemma == "have")
          l.perfect = true;
        else if (d.lemma == "be") {
          l.progressive |= (d.sub != Sub::pass && g.word(v).xpos == "VBG") || d.xpos == "VBG";  // is building, is being built
          l.due |= d.sub != Sub::pass && be_to(c);
        }
        l.present_aux |= one_of(d.xpos, {"VBZ", "VBP"});
        l.past_aux |= d.xpos == "VBD";
        const auto modal = lexicon.modals.find(d.lemma);
        if (modal != lexicon.modals.end()) {
          l.modal = modal->second;
          l.obliged |= modal->second == Factuality::uu;
        }
        break;
      }
      case Rel::cop:
        l.due |= be_to(c);
        l.future |= d.lemma == "be" && g.word(v).xpos == "VB" && d.xpos != "VBD" && !l.due;  // "is due to visit", read as one predicate
        break;
      case Rel::advmod:
        if (one_of(d.lemma, {"not", "n't", "never", "nowhere"}) || d.morph.negative ||
            (d.form == "longer" && c > 0 && g.word(c - 1).lemma == "no")) {
          const bool only = c + 1 <= v && one_of(g.word(c + 1).lemma, {"only", "just", "merely"});
          if (!only) l.negated = true;
        } else {
          const auto adverb = lexicon.adverbs.find(d.lemma);
          if (adverb != lexicon.adverbs.end()) l.modal = compose(l.modal, adverb->second);
        }
        break;
      case Rel::mark:
      case Rel::case_:
        if (one_of(d.lemma, {"if", "unless", "whether", "lest"}))
          // "asks if it fired", "whether it fired is open": nothing hangs on it
          (d.lemma == "whether" || g.word(v).rel == Rel::ccomp || g.word(v).rel == Rel::csubj ? l.open : l.conditional) = true;
        if (one_of(d.lemma, {"without", "instead"})) l.negated = true;
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
  if (w.rel == Rel::advcl && inverted(g, v)) l.conditional = true;
  l.since = has_since(g, v);
  // "will meet and sign": the second shares the auxiliary of the first
  if (w.rel == Rel::conj && !subject && !l.any_aux && w.head >= 0 && depth < 4 && w.xpos != "VBD" && w.xpos != "VBZ" && w.xpos != "VBP") {
    const Local h = local(g, lexicon, static_cast<uint32_t>(w.head), depth + 1);
    l.future |= h.future;
    l.would |= h.would;
    l.perfect |= h.perfect;
    l.obliged |= h.obliged;
    l.due |= h.due;
    l.negated |= h.negated && w.xpos == g.word(static_cast<uint32_t>(w.head)).xpos;
    l.modal = compose(l.modal, h.modal);
  }
  return l;
}

/// "has begun to", "continues to", "resumed": what follows goes on.
bool goes_on(const Grammar& g, const EventLexicon::Impl& lexicon, uint32_t v) {
  const Word& w = g.word(v);
  const Local l = local(g, lexicon, v);
  if (l.negated || l.future || l.would || l.modal != Factuality::ct_plus) return false;
  if (one_of(w.lemma, {"continue", "keep", "resume"}) || (w.lemma == "go" && g.has_particle(v, "on"))) return true;
  return one_of(w.lemma, {"begin", "start"}) && (l.perfect || one_of(w.xpos, {"VBZ", "VBP"}) || (l.progressive && l.present_aux));
}

/// "Who burned the archive?", "When did they sign?": that it was done is taken for granted.
bool asks_who(const Grammar& g, uint32_t v) {
  for (const uint32_t c : g.children(v)) {
    const Word& d = g.word(c);
    const bool wh = d.morph.wh || one_of(d.lemma, {"who", "what", "which", "when", "where", "why", "how"});
    if (wh && (d.rel == Rel::nsubj || d.rel == Rel::obj || d.rel == Rel::advmod || d.rel == Rel::obl)) return true;
    if (d.rel == Rel::nsubj || d.rel == Rel::obj || d.rel == Rel::obl)
      for (const uint32_t e : g.children(c))
        if (g.word(e).morph.wh && g.word(e).rel == Rel::det) return true;
  }
  return false;
}

}  // namespace

Factuality in_stance(Factuality value, Stance stance) {
  switch (stance) {
    case Stance::denies:
      return compose(value, Factuality::ct_minus);
    case Stance::doubts:
      return compose(value, Factuality::pr_minus);
    case Stance::demands:
      return value == Factuality::pr_plus ? value : Factuality::uu;  // PR+ inside: an order, that will be followed
    case Stance::withholds:
    case Stance::asks:
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

Factuality in_voice(const Reality& reality, const Attribution& attribution) {
  if (!reality.asserted || attribution.denies_in_content) return reality.value;
  // "is said to have", "reportedly": nobody stands by it
  if (attribution.stance == Stance::relays && attribution.source.empty()) return compose(reality.value, Factuality::pr_plus);
  return in_stance(reality.value, attribution.stance);
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
    } else if (l.due) {
      r.future = r.due = true;
      r.value = compose(r.value, Factuality::pr_plus);
      r.why.push_back("factuality:be to");
    }
    if ((l.future || l.would || l.modal == Factuality::ps_plus) && has_condition(g, v)) {
      r.condition = true;
      r.value = compose(r.value, Factuality::ps_plus);
      r.why.push_back("factuality:under a condition");
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
    if (l.open) {
      r.question = true;
      r.value = Factuality::uu;
      r.why.push_back("factuality:whether");
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
    if (s.future == Signature::Future::own || s.future == Signature::Future::word) r.own = true;
    if (s.future == Signature::Future::word && !negated) r.word = true;
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
      r.present = one_of(w.xpos, {"VBZ", "VBP"}) && !l.any_aux;
      r.modifier = w.rel == Rel::amod && one_of(w.xpos, {"VBG", "VBN"});
      r.progressive = w.xpos == "VBG";
      r.settled = w.xpos == "VBD" || l.perfect || l.past_aux;
      const bool clause = w.rel == Rel::root || w.rel == Rel::conj || w.rel == Rel::ccomp || w.rel == Rel::parataxis || w.sub == Sub::relcl;
      if (l.progressive)
        r.ongoing = clause && !l.past_aux && (l.present_aux || !l.any_aux);
      else
        // "…, killing two and sinking a trawler" is as past as the verb that it is joined to
        r.ongoing =
            w.xpos == "VBG" && !l.any_aux &&
            (w.rel == Rel::root || (w.rel == Rel::conj && one_of(g.word(static_cast<uint32_t>(w.head)).xpos, {"VBG", "NN", "NNS"})));
      if (l.since && (l.perfect || r.present || (w.rel == Rel::acl && w.sub != Sub::relcl))) r.ongoing = true;
    }
  }

  bool reached = false;  // the top of what is said, through words that pass it on
  for (int step = 0; step < 24; ++step) {
    const Word& w = g.word(cur);
    if (w.head < 0) {
      if (w.morph.mood == Morph::imp) r.value = Factuality::uu;
      // a question asks whether it is so
      for (const uint32_t c : g.children(cur))
        if (g.word(c).rel == Rel::punct && g.word(c).lemma == "?" && !asks_who(g, cur)) {
          r.question = true;
          r.value = Factuality::uu;
          r.why.push_back("factuality:question");
        }
      reached = true;
      break;
    }
    const uint32_t h = static_cast<uint32_t>(w.head);
    if (!inside(h)) {
      reached = true;
      break;
    }
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
      if (as_object && cur != trigger && claim_noun(w.lemma)) {
        go_on = true;
      } else if (p.upos == Upos::VERB || p.upos == Upos::ADJ) {
        const bool light = lexicon.support.contains(p.lemma), happens = lexicon.occurrence.contains(p.lemma);
        const Signature* s = as_object || w.rel == Rel::obl || w.rel == Rel::nsubj ? find(lexicon.object_signs, p) : nullptr;
        if (w.rel == Rel::obl && preposition == "without") r.value = compose(r.value, Factuality::ct_minus);
        if (s && (as_object || (w.rel == Rel::obl && one_of(preposition, {"for", "to", "of", "about", "against", "on", "from"})))) {
          apply_sign(*s, local(g, lexicon, h).negated);
          apply_local(h, false);
          go_on = true;
        } else if (as_object && goes_on(g, lexicon, h)) {
          r.ongoing = true;
          const Local l = apply_local(h, true);
          r.negated |= l.negated;
          go_on = true;
        } else if ((as_object && light) || (w.rel == Rel::obl && g.light_verb(cur) == static_cast<int32_t>(h)) ||
                   ((as_object || w.rel == Rel::nsubj) && happens)) {
          const Local l = apply_local(h, true);
          r.negated |= l.negated;
          r.ongoing |= (l.progressive && l.present_aux && !l.past_aux) || (l.since && l.perfect);
          go_on = true;
        }
      } else if (w.rel == Rel::nmod && (p.upos == Upos::NOUN)) {
        if (const Signature* s = find(lexicon.noun_signs, p)) {
          if (one_of(preposition, {"of", "for", "to", "against", "about", "on"})) {
            apply_sign(*s, has_no(g, h));
            go_on = true;
          }
        } else if (lexicon.transparent_nouns.contains(p.lemma)) {
          if (has_no(g, h)) r.value = compose(r.value, Factuality::ct_minus);
          go_on = true;
        }
      }
    } else {
      bool infinitive = false, finite_mark = false, finite_aux = false;
      std::string_view mark;
      for (const uint32_t c : g.children(cur)) {
        const Word& m = g.word(c);
        finite_aux |= m.rel == Rel::aux && m.morph.form == Morph::fin;
        if (m.rel == Rel::mark && m.lemma == "to")
          infinitive = true;
        else if (m.rel == Rel::mark || m.rel == Rel::case_)
          mark = m.lemma, finite_mark = true;
        else if (m.rel == Rel::advmod && one_of(m.lemma, {"when", "once"}))
          mark = m.lemma;
      }
      const auto& table = p.upos == Upos::ADJ ? lexicon.adjective_signs : p.upos == Upos::NOUN ? lexicon.noun_signs : lexicon.verb_signs;
      const Signature* s = find(table, p);
      switch (w.rel) {
        case Rel::xcomp:
        case Rel::ccomp:
        case Rel::csubj:
          if (p.lemma == "have" && !infinitive) s = nullptr;  // "had the gate closed", or a perfect read as a complement
          if (one_of(p.lemma, {"tell", "direct", "set", "say", "understand"}) && !infinitive) s = nullptr;
          if (w.rel == Rel::xcomp) r.ongoing |= goes_on(g, lexicon, h);
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
          if (one_of(mark, {"if", "unless"})) break;
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
          } else if (one_of(mark, {"when", "once", "after", "until", "before"}) && (w.morph.form == Morph::fin || finite_aux)) {
            const Local l = local(g, lexicon, h);
            if (mark == "until" && (l.future || l.would) && l.negated) {  // "would not talk until they were freed": what they wait for
              r.conditional = true;
              r.value = Factuality::uu;
            } else if (l.future || l.would) {
              r.future = true;
              r.value = compose(r.value, Factuality::pr_plus);
            }
          } else if (mark.empty() && !finite_mark && w.morph.form != Morph::fin) {
            apply_local(h, false);
            go_on = true;
          }
          break;
        case Rel::acl:
          // "ordered the vessels held": a participle on the object of an order
          if (w.sub != Sub::relcl && w.xpos == "VBN" && p.rel == Rel::obj && p.head >= 0 &&
              one_of(g.word(static_cast<uint32_t>(p.head)).lemma, {"order", "want", "need"}) && cur == h + 1 && g.children(cur).empty()) {
            if (const Signature* o = find(lexicon.verb_signs, g.word(static_cast<uint32_t>(p.head)))) apply_sign(*o, false);
            break;
          }
          if (w.sub != Sub::relcl && infinitive) {
            if (s)
              apply_sign(*s, has_no(g, h));
            else
              r.value = compose(r.value, Factuality::uu);
            if (!s) r.purpose = true;
            go_on = s != nullptr;
          } else if (w.sub != Sub::relcl && s && one_of(mark, {"of", "for", "that"})) {
            apply_sign(*s, has_no(g, h));
            go_on = true;
          } else if (mark == "that" && claim_noun(p.lemma)) {
            go_on = true;  // "the charge that it had attacked": whoever speaks of the charge speaks of the attack
          }
          break;
        default:
          break;
      }
    }
    if (!go_on) break;
    cur = h;
  }
  // "did not say how many were shot": that they were is taken for granted
  r.asserted = (reached && !asks_who(g, cur)) || r.value != Factuality::ct_plus;
  return r;
}

std::string status_of(const Reality& r, Factuality value) {
  switch (value) {
    case Factuality::ct_minus:
    case Factuality::pr_minus:
      return r.refused || (r.future && r.own) ? "refused" : "denied";
    default:
      break;
  }
  if (r.conditional || (r.condition && value == Factuality::ps_plus)) return "hypothetical";
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
