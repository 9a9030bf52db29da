#include "events/grammar.h"

#include <algorithm>

namespace reportedly::events {
namespace {

using syntax::Morph;
using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

constexpr int kDeepest = 8;  // control through control through …: deeper is a broken tree

/// Verbs whose infinitive belongs to their subject although they have an object.
bool subject_control(std::string_view lemma) {
  return lemma == "promise" || lemma == "threaten" || lemma == "use" || lemma == "vow" || lemma == "offer";
}

/// Verbs whose object is the doer of the clause that follows ("accused Oslo of shelling").
bool object_control(std::string_view lemma) {
  static constexpr std::string_view kVerbs[] = {"accuse",  "ask",       "ban",       "bar",   "blame",  "charge", "condemn",
                                                "convict", "criticise", "criticize", "order", "praise", "press",  "pressure",
                                                "prevent", "stop",      "suspect",   "thank", "urge"};
  return std::find(std::begin(kVerbs), std::end(kVerbs), lemma) != std::end(kVerbs);
}

/// Verbs that make no passive: their participle is a finite verb that the parser took for one ("Oslo mediated between …").
bool intransitive(std::string_view lemma) {
  static constexpr std::string_view kVerbs[] = {"mediate",   "apologise", "apologize", "demonstrate", "resign",  "arrive",
                                                "retaliate", "intervene", "cooperate", "negotiate",   "quarrel", "capitulate",
                                                "surrender", "rebel",     "mutiny",    "riot"};
  return std::find(std::begin(kVerbs), std::end(kVerbs), lemma) != std::end(kVerbs);
}

bool is_by_time(const Word& w) {
  return w.upos == Upos::NUM;
}

/// Adjectives that say something of somebody: their "it" is no expletive.
bool personal_adjective(std::string_view lemma) {
  static constexpr std::string_view kWords[] = {"willing", "unwilling", "ready",     "prepared", "determined", "reluctant",
                                                "eager",   "keen",      "committed", "able",     "unable"};
  return std::find(std::begin(kWords), std::end(kWords), lemma) != std::end(kWords);
}

}  // namespace

bool Grammar::is_verb(uint32_t w) const {
  return word(w).upos == Upos::VERB;
}

bool Grammar::is_nominal(uint32_t w) const {
  const Upos u = word(w).upos;
  return u == Upos::NOUN || u == Upos::PROPN || u == Upos::PRON || u == Upos::NUM;
}

bool Grammar::attributive(uint32_t w) const {
  const Word& v = word(w);
  return v.upos == Upos::VERB && v.rel == Rel::amod && v.xpos == "VBN" && v.head > static_cast<int32_t>(w);
}

bool Grammar::finite(uint32_t w) const {
  if (word(w).morph.form == Morph::fin) return true;
  for (const uint32_t c : children(w))
    if (word(c).rel == Rel::aux || word(c).rel == Rel::cop) return true;
  return false;
}

bool Grammar::passive(uint32_t w) const {
  const Word& v = word(w);
  if (v.upos != Upos::VERB && v.upos != Upos::ADJ) return false;
  if (intransitive(v.lemma)) return false;
  bool own_aux = false, passive_subject = false, perfect = false, be = false;
  for (const uint32_t c : children(w))  // whatever the tree calls the subject that stands before it
    if (word(c).sub == Sub::pass && word(c).rel == Rel::aux) return true;
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    if (d.rel == Rel::obl && d.sub == Sub::agent) return true;
    if (d.rel == Rel::aux) own_aux = true, perfect |= d.lemma == "have", be |= d.lemma == "be" || d.lemma == "get";
    if ((d.rel == Rel::nsubj && d.sub != Sub::pass) || d.rel == Rel::obj) return false;
    passive_subject |= d.sub == Sub::pass;
  }
  // "tanks fired on a camp": a passive subject without any auxiliary is a slip of the parser, save where the auxiliary is shared or left
  // out
  if (passive_subject && perfect && !be) return false;  // "has asked": whatever the parser calls its subject
  if (passive_subject)
    return own_aux || v.rel == Rel::conj || v.rel == Rel::acl || v.rel == Rel::advcl || v.rel == Rel::xcomp || v.rel == Rel::parataxis;
  if (attributive(w)) return true;
  const bool participle = v.xpos == "VBN" || (v.morph.form == Morph::part && v.morph.tense == Morph::past) || v.morph.passive;
  if (!participle) return false;
  if (v.morph.passive && !own_aux) return true;
  // "the man arrested in Tromsø"; "the party, banned since spring, …"
  if ((v.rel == Rel::acl && v.sub != Sub::relcl) || v.rel == Rel::advcl) return true;
  if (v.rel == Rel::conj && !own_aux && v.head >= 0) return passive(static_cast<uint32_t>(v.head));
  return v.rel == Rel::xcomp;  // "had him arrested", "was seen beaten"
}

void Grammar::expand(uint32_t w, Words& out) const {
  if (std::find(out.begin(), out.end(), w) != out.end()) return;
  out.push_back(w);
  for (const uint32_t c : children(w)) {
    if (word(c).rel == Rel::conj && (is_nominal(c) || word(c).upos == Upos::ADJ || word(c).upos == Upos::X)) expand(c, out);
    if (word(c).rel != Rel::flat && word(c).rel != Rel::appos) continue;
    for (const uint32_t d : children(c))  // "President A B and Prime Minister C": the second hangs on the name of the first
      if (word(d).rel == Rel::conj && is_nominal(d)) expand(d, out);
  }
}

uint32_t Grammar::antecedent(uint32_t p) const {
  const Word& pronoun = word(p);
  const bool relative = pronoun.morph.wh || pronoun.lemma == "which" || pronoun.lemma == "who" || pronoun.lemma == "whom" ||
                        (pronoun.lemma == "that" && pronoun.upos == Upos::PRON);
  if (!relative) return p;
  int32_t up = pronoun.head;
  for (int i = 0; i < kDeepest && up >= 0; ++i) {
    const Word& v = word(static_cast<uint32_t>(up));
    if (v.rel == Rel::acl && v.sub == Sub::relcl && v.head >= 0) return static_cast<uint32_t>(v.head);
    if (v.rel != Rel::conj && v.rel != Rel::xcomp && v.rel != Rel::ccomp && v.rel != Rel::obj && v.rel != Rel::nmod) break;
    up = v.head;
  }
  return p;
}

void Grammar::controller(uint32_t w, Words& out, int depth) const {
  const Word& v = word(w);
  const uint32_t h = static_cast<uint32_t>(v.head);
  const Word& g = word(h);
  const auto own_word = lexicon_.classes.find("intent");
  const int32_t object = trees_.child_with(h, Rel::obj);  // "repeated its threat to attack", "took a decision to leave"
  const bool intent =
      object >= 0 && own_word != lexicon_.classes.end() && own_word->second.contains(word(static_cast<uint32_t>(object)).lemma);
  if (!subject_control(g.lemma) && !intent) {
    // "urged Oslo to leave": the object; "called on Oslo to leave": the object of the preposition
    Words held;
    if (!passive(h)) {
      deep_object(h, held, depth + 1);
      if (held.empty()) indirect(h, held);
      if (held.empty() && (g.lemma == "call" || g.lemma == "appeal" || g.lemma == "plead"))
        for (const char* preposition : {"on", "upon", "to"})
          if (held.empty()) prep_on(h, preposition, held);
      held.erase(std::remove(held.begin(), held.end(), w), held.end());
    }
    if (!held.empty()) {
      out.insert(out.end(), held.begin(), held.end());
      return;
    }
  }
  surface(h, out, depth + 1);
}

void Grammar::surface(uint32_t w, Words& out, int depth) const {
  if (depth > kDeepest) return;
  const Word& v = word(w);
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    if (d.rel == Rel::nsubj && d.sub != Sub::outer) {
      if (d.upos == Upos::PRON && (d.lemma == "it" || d.lemma == "there") && trees_.child_with(w, Rel::expl) >= 0) continue;
      if (std::any_of(children(c).begin(), children(c).end(), [&](uint32_t m) { return genitive(m); })) continue;
      const uint32_t a = antecedent(c);
      // "it was Cuba that cut …": the clause hangs on the one it speaks of
      const bool cleft = a == c && (d.lemma == "that" || d.lemma == "which" || d.lemma == "who") && v.head >= 0 && v.rel != Rel::root &&
                         is_nominal(static_cast<uint32_t>(v.head)) && static_cast<uint32_t>(v.head) < c;
      if (cleft)
        expand(static_cast<uint32_t>(v.head), out);
      else if (a != w)
        expand(a, out);
      return;
    }
    if (d.rel == Rel::csubj) return;
    if (d.rel == Rel::expl && d.lemma == "it" && personal_adjective(v.lemma)) return expand(c, out);
  }
  if (v.head < 0) return;
  const uint32_t h = static_cast<uint32_t>(v.head);
  switch (v.rel) {
    case Rel::conj:
      if (is_verb(h) || word(h).upos == Upos::ADJ) surface(h, out, depth + 1);
      return;
    case Rel::xcomp:
      controller(w, out, depth);
      return;
    case Rel::advcl:
    case Rel::ccomp:
    case Rel::parataxis:
    case Rel::dep:
      if (v.rel == Rel::advcl || v.morph.form == Morph::part || v.morph.form == Morph::ger || v.morph.form == Morph::inf ||
          v.xpos == "VBG" || v.xpos == "VB") {
        if (v.rel == Rel::parataxis || v.rel == Rel::dep) return;
        if (finite(w) && v.rel == Rel::ccomp) return;
        if (is_verb(h) || word(h).upos == Upos::ADJ) {
          // "urged Oslo to leave"; but "urged Oslo to leave, accusing it of …": who urged
          const bool participle = v.rel == Rel::advcl && v.xpos == "VBG" && trees_.child_with(w, Rel::mark) < 0;
          if (!participle && trees_.child_with(h, Rel::obj) >= 0 && !passive(h) && object_control(word(h).lemma)) {
            Words held;
            deep_object(h, held, depth + 1);
            out.insert(out.end(), held.begin(), held.end());
            return;
          }
          if (v.rel == Rel::advcl && (word(h).lemma == "call" || word(h).lemma == "appeal")) {
            controller(w, out, depth);
            return;
          }
          // "the camp was attacked by militiamen, killing twelve": the militiamen
          if (v.rel == Rel::advcl && v.xpos == "VBG" && w > h && passive(h)) deep_subject(h, out, depth + 1);
          if (out.empty()) surface(h, out, depth + 1);
        } else if (v.rel == Rel::advcl) {
          surface(h, out, depth + 1);
        }
      }
      return;
    case Rel::amod:
      if (attributive(w)) out.push_back(h);
      return;
    case Rel::acl:
      if (v.sub == Sub::relcl) {
        if (!finite(w)) expand(antecedent(h), out);
        return;
      }
      if (v.xpos == "VBG" || v.xpos == "VBN" || v.morph.form == Morph::part) {
        // "issued a statement demanding": who issued it
        const auto documents = lexicon_.classes.find("document");
        if (v.xpos == "VBG" && documents != lexicon_.classes.end() && documents->second.contains(word(h).lemma)) {
          const int32_t light = light_verb(h);
          if (light >= 0) deep_subject(static_cast<uint32_t>(light), out, depth + 1);
          if (out.empty()) possessor(h, out);
          if (!out.empty()) return;
        }
        expand(h, out);
        return;
      }
      // "its decision to leave", "the government made an offer to send troops"
      possessor(h, out);
      if (out.empty()) {
        const int32_t light = light_verb(h);
        if (light >= 0)
          surface(static_cast<uint32_t>(light), out, depth + 1);
        else if (word(h).rel == Rel::obj && word(h).head >= 0)
          surface(static_cast<uint32_t>(word(h).head), out, depth + 1);
      }
      if (out.empty()) modifier(h, out);
      return;
    default:
      return;
  }
}

void Grammar::deep_subject(uint32_t w, Words& out, int depth) const {
  if (depth > kDeepest) return;
  if (!passive(w)) {
    surface(w, out, depth);
    return;
  }
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    if (d.rel != Rel::obl || is_by_time(d)) continue;
    if (d.sub == Sub::agent && is_nominal(c)) {
      expand(antecedent(c), out);
      return;
    }
  }
  prep_on(w, "by", out);
  if (!out.empty()) return;
  for (const uint32_t c : children(w))
    if (word(c).rel == Rel::conj && is_verb(c) && trees_.child_with(c, Rel::nsubj) < 0 && passive(c)) {
      deep_subject(c, out, depth + 1);
      if (!out.empty()) return;
    }
}

void Grammar::deep_object(uint32_t w, Words& out, int depth) const {
  if (depth > kDeepest) return;
  if (passive(w)) {
    surface(w, out, depth);
    return;
  }
  bool subject = false, relative_subject = false;
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    if (d.rel == Rel::obj) {
      const uint32_t a = antecedent(c);
      if (a != w) expand(a, out);
      return;
    }
    if (d.rel == Rel::nsubj) {
      subject = true;
      relative_subject = antecedent(c) != c;
    }
  }
  const Word& v = word(w);
  // an object taken for an adjunct: neither preposition nor time
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    if (d.rel != Rel::obl || d.sub != Sub::none || c < w || !is_nominal(c)) continue;
    const bool marked = std::any_of(children(c).begin(), children(c).end(),
                                    [&](uint32_t m) { return word(m).rel == Rel::case_ || word(m).rel == Rel::mark; });
    if (!marked) {
      expand(c, out);
      return;
    }
  }
  // "ordered police to patrol", "warned Oslo over the islands": whom, taken for an indirect object
  {
    const int32_t i = trees_.child_with(w, Rel::iobj);
    if (i >= 0 && trees_.child_with(w, Rel::ccomp) < 0) return expand(antecedent(static_cast<uint32_t>(i)), out);
  }
  // an object taken for a predicate: "stopped work", "gave the president a warm welcome"
  if (v.lemma != "become" && v.lemma != "remain" && v.lemma != "stay" && v.lemma != "seem" && v.lemma != "be")
    for (const uint32_t c : children(w)) {
      const Word& d = word(c);
      if (d.rel != Rel::xcomp || d.upos != Upos::NOUN || c < w) continue;
      const bool plain = std::none_of(children(c).begin(), children(c).end(), [&](uint32_t m) {
        return word(m).rel == Rel::case_ || word(m).rel == Rel::mark || word(m).rel == Rel::cop || word(m).rel == Rel::nsubj;
      });
      if (plain) return expand(c, out);
    }
  if (v.head < 0) return;
  const uint32_t h = static_cast<uint32_t>(v.head);
  // "the man (whom) police arrested"
  if (v.rel == Rel::acl && v.sub == Sub::relcl && subject && !relative_subject && is_nominal(h)) {
    for (const uint32_t c : children(w))
      if (word(c).rel == Rel::obl || word(c).rel == Rel::advmod)
        if (antecedent(c) != c || word(c).morph.wh) return;  // "the town where …", "the plan under which …"
    expand(h, out);
    return;
  }
  // "attacked and killed soldiers": the object hangs on the first verb and stands after the second
  if (v.rel == Rel::conj && is_verb(h)) {
    const int32_t shared = trees_.child_with(h, Rel::obj);
    if (shared > static_cast<int32_t>(w)) expand(antecedent(static_cast<uint32_t>(shared)), out);
  }
}

void Grammar::indirect(uint32_t w, Words& out) const {
  const int32_t i = trees_.child_with(w, Rel::iobj);
  if (i >= 0) expand(antecedent(static_cast<uint32_t>(i)), out);
}

void Grammar::prep_on(uint32_t w, std::string_view preposition, Words& out) const {
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    if (d.sub == Sub::prt && d.lemma == preposition) {
      const int32_t at = after_preposition(w, c);
      if (at >= 0) expand(antecedent(static_cast<uint32_t>(at)), out);
    }
    if (d.rel != Rel::obl && d.rel != Rel::nmod && d.rel != Rel::advcl && d.rel != Rel::acl && d.rel != Rel::xcomp && d.rel != Rel::obj)
      continue;
    for (const uint32_t m : children(c)) {
      const Word& k = word(m);
      if ((k.rel == Rel::case_ || k.rel == Rel::mark) && k.lemma == preposition) {
        if (k.rel == Rel::mark && preposition == "to") continue;  // an infinitive
        const uint32_t a = antecedent(c);
        if (a != w) expand(a, out);
        break;
      }
    }
  }
}

uint32_t Grammar::carrier(uint32_t noun) const {
  for (int i = 0; i < kDeepest; ++i) {
    const Word& n = word(noun);
    if (n.head < 0) return noun;
    const uint32_t h = static_cast<uint32_t>(n.head);
    const bool of = n.rel == Rel::nmod && lexicon_.transparent_nouns.contains(word(h).lemma);
    const bool conj = n.rel == Rel::conj && word(h).upos == Upos::NOUN;
    if (!of && !conj) return noun;
    noun = h;
  }
  return noun;
}

int32_t Grammar::light_verb(uint32_t noun) const {
  const Word& n = word(carrier(noun));
  if (n.head < 0) return -1;
  const uint32_t h = static_cast<uint32_t>(n.head);
  const Word& v = word(h);
  if (v.upos != Upos::VERB) return -1;
  if (lexicon_.support.contains(v.lemma) &&
      (n.rel == Rel::obj || (n.rel == Rel::xcomp && n.upos == Upos::NOUN) || (n.rel == Rel::nsubj && passive(h)) ||
       (n.rel == Rel::obl && v.lemma != "hold" && v.lemma != "make"))) {
    if (n.rel == Rel::obl) {
      // "engaged in talks", "took part in a raid", "went on strike", "came under attack": the act itself, not its time or place
      bool in = false;
      for (const uint32_t c : children(carrier(noun)))
        in |= word(c).rel == Rel::case_ &&
              (word(c).lemma == "in" || word(c).lemma == "into" || word(c).lemma == "on" || word(c).lemma == "with");
      static constexpr std::string_view kInto[] = {"engage", "participate", "take",    "enter",    "go",
                                                   "join",   "proceed",     "involve", "continue", "respond"};
      if (!in || std::find(std::begin(kInto), std::end(kInto), v.lemma) == std::end(kInto)) return -1;
    }
    return static_cast<int32_t>(h);
  }
  return -1;
}

void Grammar::prep(uint32_t w, std::string_view preposition, Words& out) const {
  prep_on(w, preposition, out);
  if (is_verb(w)) {
    Words objects;
    const int32_t o = trees_.child_with(w, Rel::obj);
    if (o >= 0)
      prep_on(static_cast<uint32_t>(o), preposition, out);
    else if (passive(w)) {
      const int32_t s = trees_.child_with(w, Rel::nsubj);
      if (s >= 0) prep_on(static_cast<uint32_t>(s), preposition, out);
    }
    const int32_t x = trees_.child_with(w, Rel::xcomp);
    if (out.empty() && x >= 0 && !is_verb(static_cast<uint32_t>(x))) prep_on(static_cast<uint32_t>(x), preposition, out);
    // "met and spoke with": shared
    if (out.empty() && word(w).rel != Rel::conj)
      for (const uint32_t c : children(w))
        if (word(c).rel == Rel::conj && is_verb(c) && trees_.child_with(c, Rel::nsubj) < 0 && trees_.child_with(c, Rel::obj) < 0 &&
            trees_.child_with(w, Rel::obj) < 0)
          prep_on(c, preposition, out);
    return;
  }
  // "the arrest of two sailors by Iran": the parser may hang the doer on the sailors
  if (out.empty() && preposition == "by")
    for (const uint32_t c : children(w))
      if (word(c).rel == Rel::nmod && word(c).sub != Sub::poss)
        for (const uint32_t m : children(c))
          if (word(m).rel == Rel::case_ && word(m).lemma == "of") prep_on(c, preposition, out);
  const uint32_t top = carrier(w);
  if (top != w) prep_on(top, preposition, out);
  const int32_t light = light_verb(w);
  if (light >= 0) prep_on(static_cast<uint32_t>(light), preposition, out);
  if (out.empty() && preposition != "in" && preposition != "at" && preposition != "near") behind(top, preposition, out);
}

void Grammar::behind(uint32_t noun, std::string_view preposition, Words& out) const {
  const Word& n = word(noun);
  if (n.head < 0 || n.upos != Upos::NOUN || (n.rel != Rel::obj && n.rel != Rel::obl && n.rel != Rel::nsubj)) return;
  const uint32_t last = trees_.extent(noun).second;
  for (const uint32_t c : children(static_cast<uint32_t>(n.head))) {
    if (word(c).rel != Rel::obl || c < last || trees_.extent(c).first != last) continue;
    for (const uint32_t m : children(c))
      if (word(m).rel == Rel::case_ && word(m).lemma == preposition) return expand(antecedent(c), out);
  }
}

void Grammar::possessor(uint32_t w, Words& out) const {
  const auto on = [&](uint32_t n) {
    for (const uint32_t c : children(n))
      if (word(c).rel == Rel::nmod && word(c).sub == Sub::poss) expand(antecedent(c), out);
  };
  on(w);
  const uint32_t top = carrier(w);
  if (out.empty() && top != w) on(top);
  // "Norway's rejection surprised …": wherever the tree hangs "Norway's"
  if (!out.empty()) return;
  const uint32_t edge = trees_.extent(w).first;
  if (edge < 2 || word(edge - 1).sentence != word(w).sentence || !genitive(edge - 1) || word(edge - 1).head < 0) return;
  const auto owner = static_cast<uint32_t>(word(edge - 1).head);
  if (owner < edge && is_nominal(owner)) expand(owner, out);
}

bool Grammar::genitive(uint32_t w) const {
  const std::string& form = word(w).form;
  return word(w).rel == Rel::case_ && (form == "'s" || form == "’s" || form == "'" || form == "’");
}

void Grammar::modifier(uint32_t w, Words& out) const {
  const auto on = [&](uint32_t n) {
    for (const uint32_t c : children(n)) {
      const Word& d = word(c);
      if (d.rel == Rel::amod || d.rel == Rel::compound || (d.rel == Rel::nmod && (d.sub == Sub::desc || d.sub == Sub::unmarked)))
        expand(c, out);
    }
  };
  on(w);
  const uint32_t top = carrier(w);
  if (out.empty() && top != w) on(top);
}

void Grammar::clause(uint32_t w, Words& out) const {
  for (const uint32_t c : children(w)) {
    const Word& d = word(c);
    switch (d.rel) {
      case Rel::xcomp:
      case Rel::ccomp:
        out.push_back(c);
        break;
      case Rel::advcl:
      case Rel::acl: {
        if (d.sub == Sub::relcl) break;
        bool complement = false;
        for (const uint32_t m : children(c)) {
          const Word& k = word(m);
          if (k.rel == Rel::mark || k.rel == Rel::case_)
            complement |= k.lemma == "to" || k.lemma == "of" || k.lemma == "for" || k.lemma == "from" || k.lemma == "against" ||
                          k.lemma == "over" || k.lemma == "in" || k.lemma == "with" || k.lemma == "that" || k.lemma == "into";
        }
        if (complement) out.push_back(c);
        break;
      }
      default:
        break;
    }
  }
  // a clause said after the verb's noun: "made an offer to send", "issued a warning that"
  if (out.empty() && word(w).upos == Upos::NOUN) {
    const int32_t light = light_verb(w);
    if (light >= 0)
      for (const uint32_t c : children(static_cast<uint32_t>(light)))
        if (word(c).rel == Rel::xcomp || word(c).rel == Rel::ccomp) out.push_back(c);
  }
  const size_t own = out.size();
  for (size_t i = 0; i < own; ++i)
    for (const uint32_t c : children(out[i]))
      if (word(c).rel == Rel::conj && (is_verb(c) || word(c).upos == Upos::ADJ)) out.push_back(c);
}

bool Grammar::has_particle(uint32_t verb, std::string_view particle) const {
  for (const uint32_t c : children(verb)) {
    const Word& d = word(c);
    if (d.lemma == particle && (d.sub == Sub::prt || d.rel == Rel::advmod || d.rel == Rel::compound)) return true;
  }
  // the parser may hang the particle on what follows
  return verb + 1 < trees_.words.size() && word(verb + 1).sentence == word(verb).sentence && word(verb + 1).lemma == particle &&
         (word(verb + 1).upos == Upos::ADP || word(verb + 1).upos == Upos::ADV);
}

bool Grammar::has_any_particle(uint32_t verb) const {
  for (const uint32_t c : children(verb))
    if (word(c).rel == Rel::compound && word(c).sub == Sub::prt && after_preposition(verb, c) < 0) return true;
  return false;
}

int32_t Grammar::after_preposition(uint32_t verb, uint32_t particle) const {
  static constexpr std::string_view kPrepositions[] = {"on", "upon", "for", "to", "at", "with", "into", "of", "from", "against", "about"};
  if (word(particle).sub != Sub::prt ||
      std::find(std::begin(kPrepositions), std::end(kPrepositions), word(particle).lemma) == std::end(kPrepositions))
    return -1;
  for (const uint32_t c : children(verb))
    if (c > particle && is_nominal(c) && (word(c).rel == Rel::obj || word(c).rel == Rel::obl) && trees_.extent(c).first == particle + 1)
      return static_cast<int32_t>(c);
  return -1;
}

}  // namespace reportedly::events
