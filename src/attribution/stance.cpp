// Cues on words, and what negation, refusal, modality and condition make of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "attribution/cues.h"

namespace reportedly::attribution {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

namespace {

constexpr uint32_t kReach = 8;     ///< how far behind its first word the rest of a cue may stand
constexpr uint32_t kWildcard = 4;  ///< words that `*` may stand for

// How many times likelier (natural logarithm) the model must find another stance than the one that the words have: of a construction, of
// any other listed word or of what is said, of a plain report. Chosen on the held-out twelfth of the training passages (`accurate` 0.4.0).
constexpr float kTrustConstruction = 3.0F, kTrustWord = 1.0F, kTrustReport = 0.4F;

CueKind kind_of(Upos upos) {
  switch (upos) {
    case Upos::NOUN:
    case Upos::PROPN:
      return CueKind::noun;
    case Upos::ADJ:
      return CueKind::adjective;
    case Upos::ADV:
      return CueKind::adverb;
    default:
      return CueKind::verb;
  }
}

/// Does the word belong to the phrase of `main`, and not to a clause that it governs ("insists that they opened up *on* us")?
bool attached(const Trees& trees, uint32_t word, uint32_t main) {
  int32_t w = static_cast<int32_t>(word);
  for (int steps = 0; steps <= 3 && w >= 0; ++steps) {
    if (w == static_cast<int32_t>(main)) return true;
    const Word& d = trees.words[static_cast<size_t>(w)];
    if (steps > 0 && (d.rel == Rel::ccomp || d.rel == Rel::csubj || d.rel == Rel::parataxis || d.sub == Sub::relcl)) return false;
    w = d.head;
  }
  return false;
}

bool has_child(const Trees& trees, uint32_t w, std::initializer_list<Rel> rels) {
  for (const uint32_t c : trees.children(w))
    for (const Rel rel : rels)
      if (trees.words[c].rel == rel) return true;
  return false;
}

bool has_be(const Trees& trees, uint32_t w) {
  for (const uint32_t c : trees.children(w))
    if ((trees.words[c].rel == Rel::cop || trees.words[c].rel == Rel::aux) &&
        (trees.words[c].lemma == "be" || trees.words[c].lemma == "get"))
      return true;
  return trees.words[w].rel == Rel::acl && trees.words[w].morph.form == syntax::Morph::part &&
         trees.words[w].morph.tense == syntax::Morph::past;
}

bool infinitive_mark(const Trees& trees, uint32_t w) {
  for (const uint32_t c : trees.children(w))
    if (trees.words[c].rel == Rel::mark && trees.words[c].lemma == "to") return true;
  return false;
}

bool is_day(const std::string& lemma) {
  static constexpr std::array<std::string_view, 12> kDays{"monday", "tuesday", "wednesday", "thursday", "friday",  "saturday",
                                                          "sunday", "day",     "night",     "eve",      "morning", "evening"};
  return std::find(kDays.begin(), kDays.end(), lemma) != kDays.end();
}

/// The entry's further words, each attached to the main one; false if one is missing.
bool match_rest(const Trees& trees, const CueEntry& entry, uint32_t word, std::vector<uint32_t>& others) {
  others.clear();
  uint32_t at = word + 1;
  const uint32_t end = std::min<uint32_t>(trees.sentences[trees.words[word].sentence].last_word, word + 1 + kReach);
  for (size_t i = 1; i < entry.words.size(); ++i) {
    const std::string& wanted = entry.words[i];
    if (i + 1 == entry.words.size() && wanted == "that") return has_child(trees, word, {Rel::ccomp, Rel::acl});
    if (i + 1 == entry.words.size() && wanted == "to" && entry.kind != CueKind::noun) {
      for (const uint32_t c : trees.children(word))
        if ((trees.words[c].rel == Rel::xcomp || trees.words[c].rel == Rel::acl || trees.words[c].rel == Rel::ccomp) &&
            infinitive_mark(trees, c))
          return true;
      // "committed to peace": a preposition after all
    }
    while (at < end && !(lower(trees.words[at].lemma) == wanted && attached(trees, at, word))) ++at;
    if (at == end) return false;
    if (entry.kind == CueKind::verb && i + 1 == entry.words.size() && trees.words[at].rel == Rel::case_ && trees.words[at].head >= 0 &&
        is_day(lower(trees.words[static_cast<size_t>(trees.words[at].head)].lemma)))
      return false;  // "insisted on Friday"
    others.push_back(at++);
  }
  return true;
}

/// Governor of which `w` is an open complement, or the support verb of a noun; -1 without one.
int32_t governor(const Trees& trees, uint32_t w, const CueLexicon::Impl& lexicon) {
  const Word& word = trees.words[w];
  if (word.head < 0) return -1;
  const Word& head = trees.words[static_cast<size_t>(word.head)];
  if (word.rel == Rel::xcomp) return word.head;
  if (word.upos == Upos::NOUN && word.rel == Rel::obj && lexicon.carriers.contains(head.lemma)) return word.head;
  if ((word.rel == Rel::advcl || word.rel == Rel::obl) && lexicon.refusers.contains(head.lemma)) return word.head;
  return -1;
}

bool refuses(const Trees& trees, uint32_t w, const CueLexicon::Impl& lexicon) {
  const Word& word = trees.words[w];
  if (lexicon.refusers.contains(word.lemma)) return true;
  if (has_be(trees, w) && lexicon.refusers.contains("be " + lower(word.form))) return true;
  return word.lemma == "stop" && lexicon.refusers.contains("stop short of") && has_child(trees, w, {Rel::advmod});
}

}  // namespace

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

uint32_t head_of(const Trees& trees, uint32_t first, uint32_t last) {
  for (const bool punctuation : {false, true})
    for (uint32_t w = first; w < last; ++w) {
      const int32_t h = trees.words[w].head;
      const bool outside = h < static_cast<int32_t>(first) || h >= static_cast<int32_t>(last);
      if (outside && (punctuation || trees.words[w].upos != Upos::PUNCT)) return w;
    }
  return first;
}

CueMatch CueLexicon::Impl::match(const Trees& trees, uint32_t word, bool any_kind) const {
  const Word& w = trees.words[word];
  CueMatch out;
  if (w.upos == Upos::PUNCT || w.upos == Upos::DET || w.upos == Upos::ADP) return out;
  const CueKind own = kind_of(w.upos);
  const std::string lemma = lower(w.lemma);
  std::vector<std::string> keys{w.upos == Upos::NOUN || w.upos == Upos::PROPN ? std::string() : lower(w.form), lemma};
  // a lemma that is the inflected form is a slip: "predicts"
  if (w.upos == Upos::VERB && lemma.size() > 4 && lemma == keys.front()) {
    const auto strip = [&](std::string_view ending, std::string_view instead) {
      if (lemma.ends_with(ending)) keys.push_back(lemma.substr(0, lemma.size() - ending.size()).append(instead));
    };
    strip("s", "");
    strip("ed", "");
    strip("ed", "e");
    strip("ied", "y");
    strip("ies", "y");
  }
  const auto is_lemma = [&](const std::string& key) { return key != keys.front() || key == lemma; };
  for (const CueKind kind : {own, CueKind::verb, CueKind::noun, CueKind::adjective, CueKind::adverb}) {
    if (kind != own && !any_kind && !(own == CueKind::adjective && kind == CueKind::verb && w.morph.form == syntax::Morph::part)) continue;
    const auto& table = by_first[static_cast<size_t>(kind)];
    // Participles are listed as they stand in text: "concerned", "be said".
    for (const std::string& key : keys) {
      const auto it = table.find(key);
      if (it == table.end()) continue;
      for (const uint32_t i : it->second) {
        const CueEntry& e = entries[i];
        if (e.be ? !has_be(trees, word) : !is_lemma(key) && kind == CueKind::verb) continue;
        if (e.negative && !negated(trees, word)) continue;
        if (!match_rest(trees, e, word, out.others)) continue;
        out.entry = &e;
        out.group = &groups[e.group];
        out.word = word;
        return out;
      }
    }
  }
  out.others.clear();
  return out;
}

CueMatch CueLexicon::Impl::match_phrase(const Trees& trees, uint32_t word, uint32_t last) const {
  CueMatch out;
  const auto& table = by_first[static_cast<size_t>(CueKind::phrase)];
  const auto it = table.find(lower(trees.words[word].form));
  if (it == table.end()) return out;
  for (const uint32_t i : it->second) {
    const CueEntry& e = entries[i];
    uint32_t at = word + 1;
    out.others.clear();
    bool fits = true;
    for (size_t k = 1; k < e.words.size() && fits; ++k) {
      if (e.words[k] == "*") {
        if (k + 1 == e.words.size()) {
          fits = at < last;
          break;
        }
        const uint32_t limit = std::min(last, at + 1 + kWildcard);
        ++at;  // one word at least
        while (at < limit && lower(trees.words[at].form) != e.words[k + 1]) ++at;
        fits = at < limit;
      } else {
        fits = at < last && lower(trees.words[at].form) == e.words[k];
        if (fits) out.others.push_back(at++);
      }
    }
    if (!fits) continue;
    out.entry = &e;
    out.group = &groups[e.group];
    out.word = word;
    return out;
  }
  out.others.clear();
  return out;
}

bool CueLexicon::Impl::negated(const Trees& trees, uint32_t word) const {
  const Word& w = trees.words[word];
  for (const uint32_t c : trees.children(word)) {
    const Word& child = trees.words[c];
    const std::string lemma = lower(child.lemma);
    if (child.rel == Rel::advmod || child.rel == Rel::cc || child.rel == Rel::aux || child.morph.negative) {
      if (negators.contains(lemma)) {
        const bool only = c + 1 < trees.words.size() && not_negation.contains(lower(trees.words[c + 1].lemma));
        if (!only) return true;
      }
    } else if (child.rel == Rel::det) {
      if (negative_determiners.contains(lemma)) return true;
    } else if (child.rel == Rel::nsubj) {
      if (negative_subjects.contains(lemma)) return true;
      for (const uint32_t d : trees.children(c))
        if (trees.words[d].rel == Rel::det && negative_determiners.contains(lower(trees.words[d].lemma))) return true;
    } else if ((child.rel == Rel::mark || child.rel == Rel::case_) && lemma == "without") {
      return true;
    }
  }
  // "did not confirm or deny": the negation of the first reaches the second
  if (w.rel == Rel::conj && w.head >= 0 && trees.child_with(word, Rel::nsubj) < 0) {
    const int32_t cc = trees.child_with(word, Rel::cc);
    if (cc >= 0 && (trees.words[static_cast<size_t>(cc)].lemma == "or" || trees.words[static_cast<size_t>(cc)].lemma == "nor"))
      return negated(trees, static_cast<uint32_t>(w.head));
  }
  return false;
}

namespace {

/// "neither … confirm … deny", in this order, each word in the cue or next to it in the tree.
const Construction* construction(const Trees& trees, const CueLexicon::Impl& lexicon, uint32_t first, uint32_t last) {
  const Sentence& sentence = trees.sentences[trees.words[first].sentence];
  const uint32_t from = first > sentence.first_word + 3 ? first - 3 : sentence.first_word, to = std::min(sentence.last_word, last + 4);
  auto near = [&](uint32_t w) {
    if (w >= first && w < last) return true;
    const int32_t h = trees.words[w].head;
    if (h >= static_cast<int32_t>(first) && h < static_cast<int32_t>(last)) return true;
    if (h >= 0) {  // "have no intention to": the determiner of the cue's object
      const int32_t hh = trees.words[static_cast<size_t>(h)].head;
      if (hh >= static_cast<int32_t>(first) && hh < static_cast<int32_t>(last) && trees.words[static_cast<size_t>(h)].rel == Rel::obj)
        return true;
    }
    for (uint32_t c = first; c < last; ++c)
      if (trees.words[c].head == static_cast<int32_t>(w)) return true;
    return false;
  };
  const Construction* best = nullptr;
  for (uint32_t w = from; w < to; ++w) {
    const auto it = lexicon.constructions_by_first.find(lower(trees.words[w].lemma == "n't" ? "not" : trees.words[w].lemma));
    if (it == lexicon.constructions_by_first.end() || !near(w)) continue;
    for (const uint32_t i : it->second) {
      const Construction& c = lexicon.constructions[i];
      size_t k = 1;
      bool inside = w >= first && w < last;
      for (uint32_t v = w + 1; v < to && k < c.words.size(); ++v)
        if ((lower(trees.words[v].lemma) == c.words[k] || lower(trees.words[v].form) == c.words[k]) && near(v)) {
          inside |= v >= first && v < last;
          ++k;
        }
      if (k == c.words.size() && inside && (!best || best->words.size() < c.words.size())) best = &c;
    }
  }
  return best;
}

bool hypothetical(const Trees& trees, const CueLexicon::Impl& lexicon, uint32_t main, std::vector<std::string>& why) {
  int32_t w = static_cast<int32_t>(main);
  for (int steps = 0; steps < 4 && w >= 0; ++steps) {
    const Word& word = trees.words[static_cast<size_t>(w)];
    bool first_person = false, modal = false, question = false, only = false;
    std::string sign;
    for (const uint32_t c : trees.children(static_cast<uint32_t>(w))) {
      const Word& child = trees.words[c];
      const std::string lemma = lower(child.lemma);
      if (child.rel == Rel::nsubj) first_person = child.morph.person == 1 || lemma == "i" || lemma == "we";
      only |= child.rel == Rel::advmod && lexicon.not_negation.contains(lemma);  // "will only say": says so
      if (child.rel == Rel::aux && lexicon.modals.contains(lemma)) {
        modal = true;
        sign = lower(child.form);
      }
      if (child.rel == Rel::mark && lexicon.conditions.contains(lemma)) {
        // "did not say whether": the cue under "whether" is open, "whether he denies"
        why.push_back("condition:" + lemma);
        return true;
      }
      if (child.rel == Rel::punct && child.form == "?" && word.rel == Rel::root) question = true;
    }
    if (modal && !only && !(first_person && lexicon.polite.contains(lower(word.lemma))) &&
        !lexicon.never_hypothetical.contains(lower(word.lemma)) && !lexicon.negated(trees, static_cast<uint32_t>(w))) {
      why.push_back("modal:" + sign);
      return true;
    }
    if (question && word.morph.form == syntax::Morph::inf) {
      why.push_back("question");
      return true;
    }
    if (word.morph.mood == syntax::Morph::imp && word.rel == Rel::root) {
      why.push_back("imperative");
      return true;
    }
    if (word.rel != Rel::xcomp || word.head < 0) break;
    const Word& head = trees.words[static_cast<size_t>(word.head)];
    const std::string lemma = lower(head.lemma);
    if (lexicon.governors.contains(lemma) ||
        (has_be(trees, static_cast<uint32_t>(word.head)) && lexicon.governors.contains("be " + lower(head.form)))) {
      why.push_back("not yet:" + lemma);
      return true;
    }
    w = word.head;
  }
  return false;
}

/// Wh-word or whether/if at the start of the content, or a question mark at its end.
bool ends_with_question(const Trees& trees, const std::vector<Fragment>& content) {
  for (uint32_t w = content.empty() ? 0 : content.back().second; !content.empty() && w > content.back().first; --w) {
    const Word& word = trees.words[w - 1];
    if (word.upos != Upos::PUNCT) return false;
    if (word.form.front() == '?') return true;
  }
  return false;
}

bool is_question(const Trees& trees, const std::vector<Fragment>& content) {
  if (content.empty()) return false;
  for (uint32_t w = content.front().first; w < content.front().second; ++w) {
    const Word& word = trees.words[w];
    if (word.upos == Upos::PUNCT) continue;
    const std::string form = lower(word.form);
    if (form == "whether" || form == "if" || (word.morph.wh && word.upos != Upos::DET)) return true;
    break;
  }
  return ends_with_question(trees, content);
}

/// "told a different story", "gave another account": what follows stands against what was told before.
bool other_account(const Trees& trees, const CueLexicon::Impl& lexicon, uint32_t main) {
  const auto other = [&](uint32_t noun) {
    if (!lexicon.accounts.contains(lower(trees.words[noun].lemma))) return false;
    for (const uint32_t c : trees.children(noun))
      if (lexicon.other.contains(lower(trees.words[c].lemma))) return true;
    return false;
  };
  if (other(main)) return true;
  for (const uint32_t c : trees.children(main))
    if (trees.words[c].rel == Rel::obj && other(c)) return true;
  return false;
}

}  // namespace

Judgement judge(const Trees& trees, const CueLexicon::Impl& lexicon, const std::vector<Fragment>& fragments,
                const std::vector<Fragment>& content, bool has_source) {
  Judgement out;
  if (fragments.empty()) {
    out.why.push_back("no cue");
    return out;
  }
  const auto [first, last] = fragments.front();
  uint32_t main = head_of(trees, first, last);
  const uint32_t top = main;
  int negations = 0;
  bool flipped_by_refusal = false;

  // Down from "refused to say", "went on to say" to the word that says.
  CueMatch match = lexicon.match(trees, main);
  for (int steps = 0; steps < 3; ++steps) {
    const bool refuses_here = refuses(trees, main, lexicon);
    if (!refuses_here && match && !lexicon.carriers.contains(lower(trees.words[main].lemma))) break;
    CueMatch below;
    for (const uint32_t c : trees.children(main)) {
      const Word& child = trees.words[c];
      const bool complement = child.rel == Rel::xcomp || (refuses_here && (child.rel == Rel::advcl || child.rel == Rel::obl));
      const bool inside = c >= first && c < last;
      if (!complement &&
          !(inside && (child.rel == Rel::obj || child.rel == Rel::acl || child.rel == Rel::advcl || child.rel == Rel::ccomp)))
        continue;
      // A refusal turns round what is refused also where that stands in the content: "declined | to say why".
      const CueMatch m = inside || refuses_here ? lexicon.match(trees, c) : CueMatch{};
      if (m && (inside || (m.group->takes.clause && m.group->takes.quotation))) {
        below = m;
        break;
      }
    }
    if (!below) break;
    if (refuses_here) {
      if (lexicon.negated(trees, main)) ++negations;
      ++negations;
      flipped_by_refusal = true;
      out.why.push_back("refusal:" + lower(trees.words[main].lemma));
    }
    match = below;
    main = below.word;
  }
  // "issued a statement calling for …": the last verb of the cue that the carrier leads to
  if (lexicon.carriers.contains(lower(trees.words[top].lemma)))
    for (uint32_t w = main + 1; w < last; ++w)
      if (trees.words[w].upos == Upos::VERB && trees.dominates(top, w))
        if (const CueMatch m = lexicon.match(trees, w)) {
          match = m;
          main = w;
        }
  if (!match && trees.words[main].rel == Rel::aux)
    main = trees.words[main].head >= 0 ? static_cast<uint32_t>(trees.words[main].head) : main;
  if (!match)
    for (uint32_t w = first; w < last && !match; ++w) match = lexicon.match(trees, w);
  CueMatch phrase;
  for (uint32_t w = first; w < last && !phrase; ++w)
    phrase = lexicon.match_phrase(trees, w, std::min(last + 5, trees.sentences[trees.words[first].sentence].last_word));
  // "in the words of the mayor": a whole phrase says more than a noun in it.
  if (phrase && (!match || phrase.entry->words.size() > match.entry->words.size() || match.entry->kind == CueKind::noun)) match = phrase;
  if (!match)
    for (uint32_t w = first; w < last && !match; ++w) match = lexicon.match(trees, w, true);
  if (match && match.entry->be && match.group->stance == Stance::relays && has_source) {
    // "was told by the mayor": somebody does say so
    const auto& table = lexicon.by_first[static_cast<size_t>(CueKind::verb)];
    if (const auto it = table.find(lower(trees.words[match.word].lemma)); it != table.end())
      for (const uint32_t i : it->second)
        if (!lexicon.entries[i].be && lexicon.entries[i].words.size() == 1) {
          match.entry = &lexicon.entries[i];
          match.group = &lexicon.groups[match.entry->group];
        }
  }

  if (match && match.entry->kind != CueKind::phrase) main = match.word;
  out.word = static_cast<int32_t>(main);
  const Construction* special = construction(trees, lexicon, first, last);
  if (match) {
    out.listed = true;
    const CueEntry& e = *match.entry;
    std::string lemma;
    for (size_t i = 0; i < e.words.size(); ++i) {
      if (i > 0 && i + 1 == e.words.size() && (e.words[i] == "that" || e.words[i] == "to") && match.others.size() + 1 < e.words.size() &&
          e.kind != CueKind::phrase)
        break;
      if (e.words[i] == "*") continue;
      lemma += (lemma.empty() ? "" : " ") + e.words[i];
    }
    if (e.be && e.words.size() == 1 && e.kind == CueKind::verb)
      lemma = lower(trees.words[match.word].lemma);  // "be said" is listed as a form
    out.lemma = lemma;
    out.why.insert(out.why.begin(), "cues:" + lemma);
    out.stance = match.group->stance;
  } else {
    const std::string lemma = lower(trees.words[main].lemma);
    out.lemma = lemma.empty() ? lower(trees.words[main].form) : lemma;
    if (trees.words[main].upos == Upos::PUNCT) {
      out.why.push_back("cue is punctuation");
      if (ends_with_question(trees, content)) out.stance = Stance::asks;
    } else if (is_question(trees, content)) {
      out.stance = Stance::asks;
      out.why.push_back("cue not listed; content is a question");
    } else {
      bool plain = has_child(trees, main, {Rel::ccomp, Rel::parataxis}) || trees.words[main].rel == Rel::parataxis;
      out.why.push_back(plain ? "cue not listed; plain report" : "cue not listed; taken as a report");
    }
  }
  if (special) {
    out.stance = special->stance;
    out.constructed = true;
    out.why.push_back("stances:" + special->id);
  } else {
    if (!(match && match.entry->negative)) {
      int32_t w = static_cast<int32_t>(main);
      for (int steps = 0; steps < 3 && w >= 0; ++steps) {
        if (lexicon.negated(trees, static_cast<uint32_t>(w))) ++negations;
        const int32_t up = governor(trees, static_cast<uint32_t>(w), lexicon);
        if (up < 0) break;
        if (up >= static_cast<int32_t>(first) && up < static_cast<int32_t>(last) && flipped_by_refusal) break;  // counted on the way down
        if (refuses(trees, static_cast<uint32_t>(up), lexicon)) {
          ++negations;
          out.why.push_back("refusal:" + lower(trees.words[static_cast<size_t>(up)].lemma));
        }
        w = up;
      }
      if (negations % 2 == 1) {
        const Stance negated = match ? match.group->negated : Stance::denies;
        out.why.push_back("negated");
        out.stance = negated;
        // what the lexicon says of a negated cue counts for more than that it has nothing to say
        out.constructed = match && negated != Stance::withholds;
      }
    }
  }
  // "How did he know?" asks; a listed plain report of a question does as well: “Why?” she said.
  if (out.stance == Stance::asserts && negations == 0 && match && match.group->takes.quotation && is_question(trees, content) &&
      ends_with_question(trees, content)) {
    out.stance = Stance::asks;
    out.why.push_back("content is a question");
  }
  // "asked that work begin" demands
  if (out.stance == Stance::asks && !content.empty() && lower(trees.words[content.front().first].form) == "that" &&
      trees.words[content.front().first].rel == Rel::mark) {
    out.stance = Stance::demands;
    out.why.push_back("content with 'that'");
  }
  out.hypothetical = hypothetical(trees, lexicon, main, out.why);
  const bool report = !match || (match.group->takes.clause && match.group->takes.quotation) || match.entry->kind == CueKind::phrase;
  out.plain = negations == 0 && !special && report && (out.stance == Stance::asserts || out.stance == Stance::relays);
  out.other_account = other_account(trees, lexicon, main);
  out.warns = negations == 0 && match && match.group->id == "warn";
  return out;
}

namespace {

bool is_word(const Word& w) {
  return w.upos != Upos::PUNCT;
}

/// "never", "nobody", "no such cellar exists", "there was no call": a fact is denied, not a wish, a plan or a possibility.
bool denies_fact(const Trees& trees, const CueLexicon::Impl& lexicon, uint32_t head) {
  const Word& w = trees.words[head];
  const auto determined = [&](uint32_t n) {
    for (const uint32_t d : trees.children(n))
      if (trees.words[d].rel == Rel::det && lexicon.denial_determiners.contains(lower(trees.words[d].lemma))) return true;
    return false;
  };
  bool denied = false, plain_not = false, past = w.morph.tense == syntax::Morph::past && w.morph.form == syntax::Morph::fin, cop = false,
       perfect = false,
       existential = w.lemma == "be" || w.lemma == "exist" || w.lemma == "have" || w.lemma == "know" || w.lemma == "see" ||
                     w.lemma == "find" || w.lemma == "receive";
  if (determined(head)) denied = true;  // “No shots,”
  for (const uint32_t c : trees.children(head)) {
    const Word& d = trees.words[c];
    const std::string lemma = lower(d.lemma);
    if (d.rel == Rel::aux && (lexicon.modals.contains(lemma) || lexicon.own_act.contains(lemma) || lemma == "can")) return false;
    existential |= d.rel == Rel::expl;
    past |= (d.rel == Rel::aux || d.rel == Rel::cop) && d.morph.tense == syntax::Morph::past;
    perfect |= d.rel == Rel::aux && lemma == "have";
    cop |= d.rel == Rel::cop;
    plain_not |= d.rel == Rel::advmod && (lemma == "not" || lemma == "n't");
    switch (d.rel) {
      case Rel::advmod:
        denied |= lexicon.denial_adverbs.contains(lemma);
        break;
      case Rel::nsubj: {
        denied |= lexicon.denial_subjects.contains(lemma) || determined(c);
        // "not one of his soldiers"
        for (const uint32_t e : trees.children(c)) denied |= lower(trees.words[e].lemma) == "not" && trees.words[e].rel == Rel::advmod;
        break;
      }
      default:
        break;
    }
  }
  // "did not jump", "is not his": not what "has not been decided"
  if (plain_not && !perfect && (past || cop)) return true;
  // "no such order", "nothing of the kind"
  for (const uint32_t c : trees.children(head))
    if (trees.words[c].rel == Rel::obj || trees.words[c].rel == Rel::nsubj)
      for (const uint32_t d : trees.children(c)) {
        const std::string lemma = lower(trees.words[d].lemma);
        if ((lemma == "such" && determined(c)) || ((lemma == "kind" || lemma == "sort") && lower(trees.words[c].lemma) == "nothing"))
          return true;
      }
  if (!denied && existential)
    for (const uint32_t c : trees.children(head)) {
      const Word& d = trees.words[c];
      if (d.rel == Rel::obj || d.rel == Rel::nsubj) denied |= determined(c) || lexicon.denial_subjects.contains(lower(d.lemma));
    }
  return denied;
}

}  // namespace

void judge_content(const Trees& trees, const CueLexicon::Impl& lexicon, const std::vector<Fragment>& content,
                   const std::function<bool(uint32_t)>& own, Judgement& j) {
  if (content.empty()) return;
  const Fragment& first = content.front();
  const uint32_t head = head_of(trees, first.first, first.second);
  // S10 a claim called slander
  if (j.plain || j.stance == Stance::asserts || j.stance == Stance::supposes || j.stance == Stance::accuses || j.stance == Stance::doubts)
    for (const Fragment& f : content) {
      const uint32_t top = head_of(trees, f.first, f.second);
      for (uint32_t w = f.first; w < f.second; ++w) {
        const Word& word = trees.words[w];
        if (!lexicon.dismissive.contains(lower(word.lemma)) && !lexicon.dismissive.contains(lower(word.form))) continue;
        const bool outside = word.head < static_cast<int32_t>(f.first) || word.head >= static_cast<int32_t>(f.second);
        const bool predicate =
            w == top ? trees.child_with(w, Rel::cop) >= 0 || word.rel == Rel::xcomp || word.rel == Rel::obl ||
                           (outside && f.second - f.first <= 3)
                     : outside || (static_cast<uint32_t>(word.head) == top && w > top && word.rel != Rel::conj && word.rel != Rel::nmod);
        if (!predicate || lexicon.negated(trees, w)) continue;
        j.stance = Stance::denies;
        // “We fired no shot. The report is a lie”: what stands in other sentences holds as it stands
        j.denies_in_content =
            j.plain && std::any_of(content.begin(), content.end(), [&](const Fragment& g) {
              return trees.words[g.first].sentence != word.sentence || trees.words[g.second - 1].sentence != word.sentence;
            });
        // "said the charge was baseless and that he had staged it himself"
        const auto joined = trees.children(w);
        j.denies_in_content |= j.plain && std::any_of(joined.begin(), joined.end(), [&](uint32_t c) {
                                 return c > w && trees.words[c].rel == Rel::conj && trees.words[c].upos == Upos::VERB;
                               });
        j.why.push_back("stances:dismissive " + lower(word.lemma));
        return;
      }
    }
  if (!j.plain && !j.warns) return;
  // what is commanded, promised or threatened in so many words: will and would
  const Word* auxiliary = nullptr;
  int32_t subject = -1;
  bool no_promise = lexicon.no_promise.contains(lower(trees.words[head].lemma));
  int32_t condition = -1;
  for (const uint32_t c : trees.children(head)) {
    const Word& d = trees.words[c];
    if (d.rel == Rel::aux && lexicon.own_act.contains(lower(d.lemma))) auxiliary = &d;
    if (d.rel == Rel::nsubj) subject = static_cast<int32_t>(c);
    if (d.rel == Rel::advmod) no_promise |= lexicon.no_promise.contains(lower(d.lemma));
    if (d.rel == Rel::advcl) {
      bool mark = false, inverted = false, seen = false;
      for (const uint32_t m : trees.children(c)) {
        const std::string lemma = lower(trees.words[m].lemma);
        mark |= trees.words[m].rel == Rel::mark && (lemma == "if" || lemma == "unless");
        seen |= trees.words[m].rel == Rel::nsubj;
        inverted |= !seen && trees.words[m].rel == Rel::aux && lemma == "should";
      }
      if (mark || inverted) condition = static_cast<int32_t>(c);
    }
  }
  if (j.warns) {
    // S12 a warning of what will be done threatens; of what could happen it fears
    if (auxiliary || condition >= 0) {
      j.stance = Stance::threatens;
      j.why.push_back(condition >= 0 ? "content has a condition" : "content says what will be");
    }
    return;
  }
  // S14 “Sit down,” he told them
  const bool imperative = trees.words[head].morph.mood == syntax::Morph::imp || trees.words[head].xpos == "VB";
  if (imperative && trees.words[head].lemma != "let" && subject < 0 && trees.child_with(head, Rel::aux) < 0 &&
      trees.child_with(head, Rel::cop) < 0 && trees.child_with(head, Rel::mark) < 0) {
    j.stance = Stance::demands;
    j.why.push_back("content is an imperative");
    return;
  }
  // S13 “I can neither confirm nor deny it”
  if (const Construction* c = construction(trees, lexicon, head, std::min(head + 4, first.second)); c && c->stance == Stance::withholds) {
    j.stance = Stance::withholds;
    j.why.push_back("stances:" + c->id);
    return;
  }
  // S17 what may be is supposed
  bool uncertain = lexicon.uncertain_adjectives.contains(lower(trees.words[head].lemma)) && trees.child_with(head, Rel::cop) >= 0;
  for (const uint32_t c : trees.children(head)) {
    const std::string lemma = lower(trees.words[c].lemma);
    uncertain |= trees.words[c].rel == Rel::aux && lexicon.uncertain_auxiliaries.contains(lemma);
    uncertain |= trees.words[c].rel == Rel::advmod && lexicon.uncertain_adverbs.contains(lemma);
  }
  if (uncertain && !lexicon.negated(trees, head)) {
    j.stance = Stance::supposes;
    j.why.push_back("says what may be");
    return;
  }
  // S11
  const bool pledge = j.lemma && lexicon.pledges.contains(*j.lemma);
  const bool refused = auxiliary && subject >= 0 && !no_promise && !pledge && lexicon.negated(trees, head);
  if (auxiliary && subject >= 0 && !no_promise && (pledge || refused || own(static_cast<uint32_t>(subject)))) {
    if (refused) {
      j.stance = Stance::denies;
      j.denies_in_content = true;
      j.why.push_back("says what will not be done");
      return;
    }
    const bool threat = condition >= 0 && static_cast<uint32_t>(condition) < head;
    j.stance = threat ? Stance::threatens : Stance::promises;
    j.why.push_back(threat ? "says what the source will do under a condition" : "says what the source will do");
    return;
  }
  // S9
  bool answer = false;
  for (uint32_t w = first.first; w < first.second; ++w) {
    if (!is_word(trees.words[w])) continue;
    const std::string form = lower(trees.words[w].form);
    const bool ends = w + 1 >= first.second || !is_word(trees.words[w + 1]);
    answer = lexicon.denial_answers.contains(form)
                 ? ends
                 : form == "not" && first.second - first.first <= 8 && trees.child_with(head, Rel::nsubj) < 0;
    break;
  }
  if (j.other_account || (j.lemma && lexicon.contrary.contains(*j.lemma))) {
    j.stance = Stance::denies;
    j.denies_in_content = true;
    j.why.push_back(j.other_account ? kOtherAccount : "stances:contrary");
    return;
  }
  if (answer || denies_fact(trees, lexicon, head)) {
    j.stance = Stance::denies;
    j.denies_in_content = true;
    j.why.push_back("content denies");
  }
}

void weigh(std::span<const float> model, Judgement& j) {
  if (model.empty()) return;
  const bool colourless = !j.listed || (j.plain && (j.stance == Stance::asserts || j.stance == Stance::relays));
  const float words = j.constructed ? kTrustConstruction : colourless ? kTrustReport : kTrustWord;
  const auto by_words = static_cast<size_t>(j.stance);
  const auto likeliest = static_cast<size_t>(std::max_element(model.begin(), model.end()) - model.begin());
  if (likeliest == by_words || model[likeliest] <= model[by_words] + words) return;
  j.why.push_back(fmt::format("model: {} (p {:.2f}), not {}", stance_name(static_cast<Stance>(likeliest)), std::exp(model[likeliest]),
                              stance_name(j.stance)));
  j.stance = static_cast<Stance>(likeliest);
  // “It is theatre,” he said: a report that denies does so in its own words
  j.denies_in_content = j.stance == Stance::denies && j.plain;
}

}  // namespace reportedly::attribution
