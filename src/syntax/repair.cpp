#include "syntax/repair.h"

#include <algorithm>

#include "syntax/morphology.h"

namespace reportedly::syntax {
namespace {

template <size_t N>
bool among(std::string_view word, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

constexpr std::string_view kArticles[] = {"a", "an", "the"};
constexpr std::string_view kPrepositions[] = {"against", "among", "at",   "between", "by",      "for",    "from",    "in", "into", "near",
                                              "of",      "on",    "onto", "over",    "through", "toward", "towards", "to", "upon", "with"};
/// In a subject, before the verb: "police in Lima", not "on Monday".
constexpr std::string_view kOfSubject[] = {"of", "in", "from", "at", "near", "by", "for", "against", "with", "between"};
/// "of" is the verb's: "accused him of fraud".
constexpr std::string_view kTakesOf[] = {"accuse", "convict",  "inform",   "warn",    "rob",   "remind",  "deprive", "strip",
                                         "rid",    "assure",   "notify",   "acquit",  "clear", "suspect", "relieve", "cure",
                                         "tell",   "say",      "hear",     "make",    "know",  "think",   "speak",   "dispose",
                                         "advise", "persuade", "convince", "consist", "free",  "guilty"};
constexpr std::string_view kGives[] = {"give",    "grant", "offer",   "send",  "award", "lend",  "show",      "hand",  "deny",
                                       "promise", "pay",   "sell",    "teach", "tell",  "bring", "call",      "name",  "elect",
                                       "appoint", "make",  "declare", "owe",   "cost",  "allow", "guarantee", "refuse"};
/// What is called, and what it is called.
constexpr std::string_view kNames[] = {"declare", "name", "elect", "appoint", "label", "brand", "dub", "consider", "designate", "proclaim"};
constexpr std::string_view kTimes[] = {
    "monday", "tuesday", "wednesday", "thursday", "friday",    "saturday", "sunday",   "january",   "february", "march", "april",
    "may",    "june",    "july",      "august",   "september", "october",  "november", "december",  "day",      "week",  "month",
    "year",   "morning", "evening",   "night",    "weekend",   "recent",   "addition", "statement", "turn",     "fact",  "response"};

/// Titles that are written as part of a name.
constexpr std::string_view kOffices[] = {"president", "premier", "chancellor", "minister", "secretary", "ambassador", "governor", "mayor",
                                         "senator",   "king",    "queen",      "prince",   "princess",  "emir",       "sultan",   "pope",
                                         "general",   "colonel", "admiral",    "captain",  "commander", "judge",      "justice",  "sheikh"};

/// Groups and arms that begin a sentence and are taken for a name: "Prosecutors charged …", "Shells killed …".
constexpr std::string_view kGroups[] = {
    "police",     "prosecutors", "rangers",      "pirates",     "soldiers",   "troops",        "rebels",        "militants",  "protesters",
    "gunmen",     "officials",   "officers",     "lawmakers",   "deputies",   "senators",      "ministers",     "diplomats",  "workers",
    "nurses",     "doctors",     "teachers",     "students",    "farmers",    "miners",        "drivers",       "guards",     "villagers",
    "residents",  "refugees",    "migrants",     "activists",   "insurgents", "guerrillas",    "fighters",      "militiamen", "gendarmes",
    "commandos",  "marines",     "hackers",      "smugglers",   "settlers",   "demonstrators", "investigators", "judges",     "warplanes",
    "jets",       "tanks",       "peacekeepers", "shells",      "rockets",    "missiles",      "mortars",       "drones",     "bombs",
    "airstrikes", "mediators",   "envoys",       "separatists", "jihadists",  "mutineers",     "lawyers",       "detectives"};

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

class Repairer {
 public:
  Repairer(Trees& trees, uint32_t first, uint32_t last) : t_(trees), first_(first), last_(last) {}

  void run() {
    for (uint32_t w = first_; w < last_; ++w) tag(w);
    for (uint32_t w = first_; w < last_; ++w) passive(w);
    for (uint32_t w = first_; w < last_; ++w) part_of_speech(w);
    for (uint32_t w = first_; w < last_; ++w) no_mark(w);
    for (uint32_t w = first_; w < last_; ++w) no_clause(w);
    for (uint32_t w = first_; w < last_; ++w) particle(w);
    for (uint32_t w = first_; w + 2 < last_; ++w) prefix(w);
    for (uint32_t w = first_; w + 1 < last_; ++w) says_that(w);
    for (uint32_t w = first_; w < last_; ++w) across(w);
    for (uint32_t w = first_; w < last_; ++w) clause_begins(w);
    for (uint32_t w = first_ + 1; w + 1 < last_; ++w) answer(w);
    for (uint32_t w = first_; w < last_; ++w) article(w);
    for (uint32_t w = first_; w + 1 < last_; ++w) compound(w);
    for (uint32_t w = first_; w + 1 < last_; ++w) title(w);
    for (uint32_t w = first_; w + 1 < last_; ++w) owner(w);
    for (uint32_t w = first_; w + 1 < last_; ++w) preposition(w);
    for (uint32_t w = first_; w < last_; ++w) two_prepositions(w);
    for (uint32_t w = first_; w < last_; ++w) of_two(w);
    for (uint32_t w = first_; w < last_; ++w) against(w);
    for (uint32_t w = first_; w < last_; ++w) joined(w);
    for (uint32_t w = first_; w < last_; ++w) marked(w);
    for (uint32_t w = first_; w < last_; ++w) joined(w);  // "a truce between Peru and Chile began": where the first has its place since
    for (uint32_t w = first_; w < last_; ++w) object(w);
  }

 private:
  Word& at(uint32_t w) { return t_.words[w]; }
  bool noun(uint32_t w) { return at(w).upos == Upos::NOUN || at(w).upos == Upos::PROPN; }
  bool nominal(uint32_t w) { return noun(w) || at(w).upos == Upos::PRON || at(w).upos == Upos::NUM; }
  uint32_t head(uint32_t w) { return static_cast<uint32_t>(at(w).head); }

  void set(uint32_t w, uint32_t h, Rel rel, std::string_view deprel, Sub sub = Sub::none) {
    Word& word = at(w);
    if (w == h) return;
    int32_t up = static_cast<int32_t>(h);  // no circle
    for (uint32_t i = 0; up >= 0 && i <= last_ - first_; ++i) {
      if (up == static_cast<int32_t>(w)) return;
      up = at(static_cast<uint32_t>(up)).head;
    }
    word.head = static_cast<int32_t>(h);
    word.rel = rel;
    word.sub = sub;
    word.deprel = deprel;
  }

  bool has_child(uint32_t w, Rel rel) {
    for (uint32_t c = first_; c < last_; ++c)
      if (at(c).head == static_cast<int32_t>(w) && at(c).rel == rel) return true;
    return false;
  }

  bool has_passive(uint32_t w) {
    for (uint32_t c = first_; c < w; ++c)
      if (at(c).head == static_cast<int32_t>(w) && at(c).rel == Rel::aux && at(c).sub == Sub::pass) return true;
    return false;
  }

  /// Also of the words that hang on it: "from September 1".
  bool has_child_before(uint32_t w, Rel rel) {
    for (uint32_t c = first_; c < w; ++c)
      if (at(c).rel == rel &&
          (at(c).head == static_cast<int32_t>(w) || (at(c).head > static_cast<int32_t>(c) && at(head(c)).head == static_cast<int32_t>(w))))
        return true;
    return false;
  }

  static bool inner(const Word& w) {
    return w.rel == Rel::amod || w.rel == Rel::compound || w.rel == Rel::nummod || w.rel == Rel::det || w.rel == Rel::advmod ||
           (w.rel == Rel::nmod && w.sub == Sub::poss);
  }

  /// Head of the noun phrase that begins at w; last_ if none does.
  uint32_t phrase(uint32_t w) {
    for (int i = 0; i < 8 && w < last_; ++i) {
      const Word& word = at(w);
      if (!inner(word) || word.head <= static_cast<int32_t>(w)) break;
      w = head(w);
    }
    return w < last_ && nominal(w) ? w : last_;
  }

  bool has_article(uint32_t w) {
    for (uint32_t c = first_; c < w; ++c)
      if (at(c).head == static_cast<int32_t>(w) && at(c).upos == Upos::DET && among(at(c).lemma, kArticles)) return true;
    return false;
  }

  void make_noun(uint32_t w) {
    Word& word = at(w);
    const bool group = among(lower(word.form), kGroups) && (word.form.ends_with("s") || word.form.ends_with("men"));
    const bool plural = group || word.xpos == "NNS" || word.xpos == "NNPS";
    word.upos = Upos::NOUN;
    word.xpos = plural ? "NNS" : "NN";
    word.lemma = lemma_of(word.form, word.xpos, lower(word.form));
    word.morph = {};
    word.morph.number = plural ? Morph::plur : Morph::sing;
    // "ordered the release": no clause
    if ((word.rel == Rel::xcomp || word.rel == Rel::parataxis) && word.head >= 0 && head(w) < w && at(head(w)).upos == Upos::VERB &&
        !has_child(head(w), Rel::obj))
      set(w, head(w), Rel::obj, "obj");
  }

  /// Which part of speech a word is, where the coarse tag, the finer one and the words that hang on it disagree.
  void part_of_speech(uint32_t w) {
    Word& word = at(w);
    if (word.form.empty()) return;
    const bool small = word.form[0] >= 'a' && word.form[0] <= 'z';
    const bool noun_tag = word.xpos.starts_with("NN");
    // "The shelling of villages", "the recognition of Kosovo"; "the release of", read as an infinitive
    if (word.upos == Upos::VERB && noun_tag && !has_child(w, Rel::nsubj) && !has_child(w, Rel::aux) &&
        (has_child(w, Rel::det) || has_child(w, Rel::nmod)))
      return make_noun(w);
    if (small && (word.upos == Upos::VERB || word.upos == Upos::ADV || word.upos == Upos::ADP) && word.rel != Rel::root &&
        !has_child(w, Rel::nsubj) && has_article(w) && w > first_ && at(w - 1).upos == Upos::DET)
      return make_noun(w);
    if (word.upos == Upos::PRON && noun_tag && among(lower(word.form), kGroups)) return make_noun(w);
    // "the bush": a name has a capital
    if (word.upos == Upos::PROPN && small && (!word.xpos.starts_with("NNP") || has_article(w)) && word.form.size() > 3 &&
        word.rel != Rel::flat && !has_child(w, Rel::flat) &&
        std::all_of(word.form.begin(), word.form.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
        !(w > first_ && at(w - 1).upos == Upos::PROPN) && !(w + 1 < last_ && at(w + 1).upos == Upos::PROPN))
      return make_noun(w);
    const bool misread = word.upos == Upos::PROPN || (word.upos == Upos::NOUN && word.xpos == "NN" && word.form.ends_with("s"));
    if (misread && !small && (w == first_ || at(w - 1).upos == Upos::PUNCT) && among(lower(word.form), kGroups) &&
        !(w + 1 < last_ && at(w + 1).upos == Upos::PROPN) && word.rel != Rel::flat)
      return make_noun(w);
    // "holds two reporters", read as a particle; "threatened to jail him", read as an auxiliary
    if (word.upos != Upos::VERB && word.upos != Upos::NOUN && word.upos != Upos::ADJ && word.xpos.starts_with("VB") &&
        word.rel != Rel::aux && word.rel != Rel::cop && (has_child(w, Rel::obj) || (word.upos != Upos::AUX && has_child(w, Rel::nsubj)))) {
      word.upos = Upos::VERB;
      if (word.rel == Rel::obl && word.head >= 0 && at(head(w)).upos == Upos::VERB && has_child(w, Rel::mark))
        set(w, head(w), Rel::xcomp, "xcomp");
    }
    // "gunmen shot a soldier", read as an adjective: those have no object
    if (word.upos == Upos::ADJ && has_child(w, Rel::obj) && has_child(w, Rel::nsubj) && !has_child(w, Rel::cop)) {
      word.upos = Upos::VERB;
      if (!word.xpos.starts_with("VB")) {
        word.xpos = "VBD";
        word.lemma = lemma_of(word.form, "VBD", lower(word.form));
      }
    }
    // "let families in", "wants its men back from Brazil": an adverb without a subject is no clause, and what hangs on it is the verb's
    if (word.upos == Upos::ADV && word.rel == Rel::xcomp && word.head >= 0 && at(head(w)).upos == Upos::VERB && !has_child(w, Rel::nsubj) &&
        !has_child(w, Rel::cop)) {
      set(w, head(w), Rel::advmod, "advmod");
      for (uint32_t c = w + 1; c < last_; ++c)
        if (at(c).head == static_cast<int32_t>(w) && at(c).rel == Rel::obl) set(c, head(w), Rel::obl, "obl");
    }
    // "resorted to firing": a verb behind a conjunction is a clause
    if (word.upos == Upos::VERB && word.rel == Rel::obl && word.head >= 0 && at(head(w)).upos == Upos::VERB && has_child(w, Rel::mark))
      set(w, head(w), Rel::advcl, "advcl");
    // "began intelligence sharing"
    if (word.upos == Upos::VERB && word.xpos == "VBG" && word.rel == Rel::xcomp && w > first_ && noun(w - 1) &&
        at(w - 1).rel == Rel::compound && at(w - 1).head == static_cast<int32_t>(w))
      return make_noun(w);
  }

  /// "open to dialogue", "conceded to demands": before a noun "to" begins no clause. "went on strike": nor does "on".
  void no_clause(uint32_t w) {
    Word& word = at(w);
    if (word.upos == Upos::PART && word.lemma == "to" && word.rel == Rel::mark && word.head > static_cast<int32_t>(w) && noun(head(w)) &&
        phrase(w + 1) == head(w) && !has_child(head(w), Rel::cop) && !has_child(head(w), Rel::aux)) {
      word.upos = Upos::ADP;
      word.rel = Rel::case_;
      word.deprel = "case";
    }
    if (word.rel == Rel::xcomp && noun(w) && word.head >= 0 && head(w) < w && at(head(w)).upos == Upos::VERB && has_child(w, Rel::case_) &&
        !has_child(w, Rel::cop))
      set(w, head(w), Rel::obl, "obl");
    // "sent a petition": a noun with an article right behind a verb without object
    if (word.rel == Rel::parataxis && noun(w) && word.head >= 0 && head(w) + 2 == w && at(head(w)).upos == Upos::VERB && has_article(w) &&
        !has_child(head(w), Rel::obj))
      set(w, head(w), Rel::obj, "obj");
  }

  /// "sealed off a village": what stands between a verb and its object is the verb's.
  void particle(uint32_t w) {
    static constexpr std::string_view kParticles[] = {"off", "up", "out", "down", "away", "back"};
    const Word& word = at(w);
    if (word.rel != Rel::case_ || w == first_ || word.head <= static_cast<int32_t>(w) || !among(word.lemma, kParticles)) return;
    const Word& n = at(head(w));
    if (n.rel != Rel::obj || n.head != static_cast<int32_t>(w) - 1 || at(w - 1).upos != Upos::VERB) return;
    set(w, w - 1, Rel::compound, "compound:prt", Sub::prt);
  }

  /// "150 were killed", "and at least forty injured": what was done to people is told by a passive, however much the participle looks like
  /// an adjective.
  void passive(uint32_t w) {
    static constexpr std::string_view kDone[] = {"killed",   "injured",  "wounded",   "arrested", "detained",  "shot",     "executed",
                                                 "beaten",   "abducted", "kidnapped", "hanged",   "deported",  "expelled", "jailed",
                                                 "beheaded", "tortured", "massacred", "evicted",  "sentenced", "convicted"};
    Word& word = at(w);
    if (word.upos != Upos::VERB && word.upos != Upos::ADJ) return;
    if (!among(word.form, kDone)) {
      // "is expected": the participle, whatever the finer tag says
      if (word.xpos != "VBD" || !has_passive(w)) return;
      word.xpos = "VBN";
      word.morph.form = Morph::part;
      word.morph.tense = Morph::past;
      word.morph.passive = true;
      for (uint32_t c = first_; c < w; ++c)
        if (at(c).head == static_cast<int32_t>(w) && at(c).rel == Rel::nsubj) set(c, w, Rel::nsubj, "nsubj:pass", Sub::pass);
      return;
    }
    int32_t be = -1, subject = -1;
    for (uint32_t c = first_; c < w; ++c) {
      if (at(c).head != static_cast<int32_t>(w)) continue;
      if (at(c).lemma == "be" && at(c).upos == Upos::AUX) be = static_cast<int32_t>(c);
      if (at(c).rel == Rel::nsubj) subject = static_cast<int32_t>(c);
    }
    const bool second = word.rel == Rel::conj && word.head >= 0 && among(at(head(w)).form, kDone) && w > first_ &&
                        (at(w - 1).upos == Upos::NUM || at(w - 1).upos == Upos::NOUN);
    if (be < 0 ? !second : subject < 0) return;
    word.upos = Upos::VERB;
    word.xpos = "VBN";
    word.lemma = lemma_of(word.form, "VBN", lower(word.form));
    if (be < 0) return;
    set(static_cast<uint32_t>(be), w, Rel::aux, "aux:pass", Sub::pass);
    set(static_cast<uint32_t>(subject), w, Rel::nsubj, "nsubj:pass", Sub::pass);
  }

  /// "its co-chair Ana Ruiz": the prefix is the noun's, and what hung on it hangs on what it is part of.
  void prefix(uint32_t w) {
    static constexpr std::string_view kPrefixes[] = {"co", "ex", "vice"};
    if (!among(lower(at(w).form), kPrefixes) || at(w).space_after || at(w + 1).form != "-" || at(w + 1).space_after || !noun(w + 2)) return;
    const uint32_t n = w + 2;
    if (at(w).head == static_cast<int32_t>(n)) return;
    uint32_t top = n;
    for (int i = 0; i < 4 && at(top).head >= 0 && at(top).head != static_cast<int32_t>(w); ++i) top = head(top);
    if (at(top).head != static_cast<int32_t>(w)) return;
    const Word was = at(w);
    at(top).head = was.head;
    at(top).rel = was.rel;
    at(top).sub = was.sub;
    at(top).deprel = was.deprel;
    for (uint32_t c = first_; c < last_; ++c)
      if (at(c).head == static_cast<int32_t>(w)) at(c).head = static_cast<int32_t>(c < w ? n : top);
    set(w, n, Rel::compound, "compound");
    set(w + 1, n, Rel::punct, "punct");
  }

  /// "he said, adding that a soldier had told him": a clause that begins with "that" right behind a verb is what the verb says, not
  /// something about a verb further back.
  void says_that(uint32_t w) {
    const uint32_t mark = w + 1;
    if (at(w).upos != Upos::VERB || lower(at(mark).form) != "that" || at(mark).rel != Rel::mark ||
        at(mark).head <= static_cast<int32_t>(mark))
      return;
    const uint32_t clause = head(mark);
    if (at(clause).upos != Upos::VERB || at(clause).head < 0 || at(clause).head >= static_cast<int32_t>(w) ||
        at(clause).rel != Rel::advcl || has_child(w, Rel::obj) || has_child(w, Rel::ccomp))
      return;
    set(clause, w, Rel::ccomp, "ccomp");
  }

  /// "to call a strike from September 1 after talks broke down": what stands before "after" is no part of the clause behind it.
  void clause_begins(uint32_t w) {
    static constexpr std::string_view kBegins[] = {"after", "although", "because", "before", "since", "though", "unless", "until", "while"};
    if (!among(lower(at(w).form), kBegins) || at(w).head <= static_cast<int32_t>(w)) return;
    uint32_t v = head(w);
    if (at(w).rel == Rel::case_) {  // "after talks broke down": of the clause, not of its subject
      if (at(v).rel != Rel::nsubj || at(v).head <= static_cast<int32_t>(v)) return;
      v = head(v);
    } else if (at(w).rel != Rel::mark) {
      return;
    }
    if (at(v).upos != Upos::VERB || at(v).head < 0 || at(v).head >= static_cast<int32_t>(w)) return;
    set(w, v, Rel::mark, "mark");
    for (uint32_t d = first_; d < w; ++d)
      if (at(d).head == static_cast<int32_t>(v) && (at(d).rel == Rel::obl || at(d).rel == Rel::nmod) && d > head(v) &&
          has_child_before(d, Rel::case_)) {
        uint32_t verb = head(v);  // the nearest that hangs on it: "threatened to call"
        for (uint32_t x = verb + 1; x < d; ++x)
          if (at(x).rel == Rel::xcomp && at(x).upos == Upos::VERB && at(x).head == static_cast<int32_t>(verb)) verb = x;
        set(d, verb, Rel::obl, "obl");
      }
  }

  /// "dawn raids across three provinces", "shares in the mine's owner": what stands before a preposition is not part of the phrase behind
  /// it, and the preposition before an owner is that of the thing owned.
  void across(uint32_t w) {
    const Word& word = at(w);
    if (word.head <= static_cast<int32_t>(w)) return;
    const uint32_t n = head(w);
    if (word.rel == Rel::case_ && word.upos == Upos::ADP && at(n).rel == Rel::nmod && at(n).sub == Sub::poss && at(n).head > at(w).head &&
        n + 1 < last_ && at(n + 1).xpos == "POS" && noun(head(n)) && !has_child(head(n), Rel::case_))
      return set(w, head(n), Rel::case_, "case");
    if (word.rel != Rel::compound || !noun(n) || !noun(w + 1) || w + 1 >= n) return;
    for (uint32_t c = w + 2; c < n; ++c) {
      const bool preposition = at(c).rel == Rel::case_ && at(c).upos == Upos::ADP && at(c).head == static_cast<int32_t>(n);
      const bool verb = at(c).upos == Upos::VERB && at(n).head == static_cast<int32_t>(c);  // "artillery fire killed nurses"
      if (!preposition && !verb) continue;
      const uint32_t x = phrase(w + 1);
      if (x < c) set(w, x, Rel::compound, "compound");
      return;
    }
  }

  /// "had been summoned": a passive, whose "been" is no copula.
  bool been(uint32_t w) {
    for (uint32_t c = first_; c < w; ++c)
      if (at(c).head == static_cast<int32_t>(w) && at(c).rel == Rel::cop && lower(at(c).form) == "been") {
        at(c).rel = Rel::aux;
        at(c).sub = Sub::pass;
        at(c).deprel = "aux:pass";
        for (uint32_t s = first_; s < w; ++s)
          if (at(s).head == static_cast<int32_t>(w) && at(s).rel == Rel::nsubj) at(s).sub = Sub::pass, at(s).deprel = "nsubj:pass";
        return true;
      }
    return false;
  }

  /// A verb hangs on nothing as punctuation does: "a claim that ships fired", "he left, they stayed".
  void no_mark(uint32_t w) {
    const Word& word = at(w);
    if (word.rel != Rel::punct || word.upos != Upos::VERB || word.head < 0) return;
    if (noun(head(w))) return set(w, head(w), Rel::acl, "acl");
    if (at(head(w)).upos == Upos::VERB && has_child(w, Rel::mark)) return set(w, head(w), Rel::advcl, "advcl");
    if (at(head(w)).upos == Upos::VERB) set(w, head(w), Rel::parataxis, "parataxis");
  }

  /// A word of letters is no punctuation: what the finer tag says.
  void tag(uint32_t w) {
    Word& word = at(w);
    if (word.upos == Upos::VERB && word.xpos == "VBN" && has_child(w, Rel::cop) && !been(w)) {  // "is prepared to strike"
      word.upos = Upos::ADJ;
      word.lemma = lower(word.form);
    }
    const bool no_content_word = word.upos != Upos::VERB && word.upos != Upos::NOUN && word.upos != Upos::PROPN && word.upos != Upos::ADJ;
    if (word.form.size() > 3 && word.form.ends_with("ed") && !word.xpos.starts_with("VB") && (no_content_word || word.upos == Upos::VERB) &&
        (has_child(w, Rel::nsubj) || has_child(w, Rel::ccomp))) {  // "denied", read as a particle or an adverb
      word.upos = Upos::VERB;
      word.xpos = "VBD";
      word.lemma = lemma_of(word.form, "VBD", lower(word.form));
    }
    if (word.upos == Upos::VERB && (word.xpos == "VBZ" || word.xpos == "VBG") && word.form.ends_with("ed")) {
      // "waged", "is expected": no present in -s and no -ing
      word.xpos = has_child(w, Rel::aux) ? "VBN" : "VBD";
      word.lemma = lemma_of(word.form, word.xpos, lower(word.form));
      if (word.xpos == "VBN") word.morph.form = Morph::part, word.morph.tense = Morph::past;
    }
    // "dockworkers", "oilworkers": many, where the tagger does not know the word
    static constexpr std::string_view kWorkers[] = {"workers", "fighters", "keepers",  "makers", "leaders", "holders",
                                                    "drivers", "owners",   "dwellers", "goers",  "growers"};
    const bool singular = word.upos == Upos::NOUN && word.xpos == "NN" && word.lemma.size() == word.form.size();
    const bool begins = w == first_ && word.upos == Upos::PROPN && word.xpos.starts_with("NN") && word.form.size() > 8;
    if ((singular || begins) &&
        std::any_of(std::begin(kWorkers), std::end(kWorkers), [&](std::string_view s) { return word.form.ends_with(s); })) {
      word.upos = Upos::NOUN;
      word.xpos = "NNS";
      word.morph.number = Morph::plur;
      word.lemma = lemma_of(word.form, "NNS", lower(word.form));
    }
    if (word.upos == Upos::NOUN && !word.lemma.empty() && word.lemma[0] >= 'A' && word.lemma[0] <= 'Z' && word.form.size() > 3 &&
        (w == first_ || at(w - 1).upos == Upos::PUNCT) && lower(word.form).substr(1) == word.form.substr(1))
      word.lemma = lower(word.lemma);  // a noun that has its capital from the sentence
    if (word.upos == Upos::NOUN && word.xpos == "VBG" && word.rel == Rel::obl && has_child(w, Rel::mark)) {
      word.upos = Upos::VERB;  // "resorted to firing": a mark is a clause's
      set(w, head(w), Rel::advcl, "advcl");
    }
    if (word.upos == Upos::PUNCT && word.xpos == "IN") word.upos = Upos::ADP;
    if (word.upos != Upos::PUNCT || word.form.size() < 3 ||
        !std::all_of(word.form.begin(), word.form.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }))
      return;
    if (word.xpos.starts_with("VB") || word.form.ends_with("ed"))
      word.upos = Upos::VERB;
    else if (word.xpos.starts_with("NNP"))
      word.upos = Upos::PROPN;
    else if (word.xpos.starts_with("NN"))
      word.upos = Upos::NOUN;
    else if (word.xpos.starts_with("JJ"))
      word.upos = Upos::ADJ;
  }

  void article(uint32_t w) {
    Word& word = at(w);
    if (word.upos != Upos::DET || word.head < 0 || word.rel == Rel::det || !among(word.lemma, kArticles)) return;
    if (word.rel != Rel::nsubj && word.rel != Rel::obj && word.rel != Rel::obl && word.rel != Rel::iobj && word.rel != Rel::nmod) return;
    const uint32_t n = w + 1 < last_ ? phrase(w + 1) : last_;
    if (n < last_) set(w, n, Rel::det, "det");
  }

  /// "United Nations peacekeepers arrived": two subjects side by side are one.
  void compound(uint32_t w) {
    const uint32_t next = w + 1;
    if (at(w).upos == Upos::NUM && noun(next) && at(w).head >= 0 && at(w).head == at(next).head && at(w).rel == at(next).rel &&
        (at(w).rel == Rel::nsubj || at(w).rel == Rel::obj))
      return set(w, next, Rel::nummod, "nummod");
    // "said that 9,000 people took part": a number governs no noun behind it; the noun is the subject of a verb that has none
    if (at(w).upos == Upos::NUM && noun(next) && at(next).head == static_cast<int32_t>(w) && at(next).rel == Rel::nsubj &&
        next + 1 < last_ && at(next + 1).upos == Upos::VERB && !has_child(next + 1, Rel::nsubj) && at(next + 1).head >= 0) {
      set(next, next + 1, Rel::nsubj, "nsubj");
      if (at(next).head == static_cast<int32_t>(next + 1)) set(w, next, Rel::nummod, "nummod");
      return;
    }
    // "arrested eleven people": behind the verb a number is what stands right behind it
    if (at(w).upos == Upos::NUM && noun(next) && at(w).head >= 0 && head(w) < w && at(w).head == at(next).head &&
        (at(w).rel == Rel::nsubj || at(w).rel == Rel::iobj) && at(next).rel == Rel::obj && !among(at(head(w)).lemma, kGives))
      return set(w, next, Rel::nummod, "nummod");
    // "Chilean soldiers attacked": an adjective is its noun's, not the verb's
    if (at(w).rel == Rel::amod && noun(next) && at(w).head > static_cast<int32_t>(next) && at(head(w)).upos == Upos::VERB)
      return set(w, next, Rel::amod, "amod");
    // "Belarusian police beat Polish reporters": nor the object's behind the verb
    if (at(w).rel == Rel::amod && noun(next) && at(next).head > static_cast<int32_t>(next) && at(w).head > at(next).head)
      return set(w, next, Rel::amod, "amod");
    if (!noun(w) || at(next).upos != Upos::NOUN || at(w).head < 0 || at(w).head != at(next).head || at(w).rel != at(next).rel) return;
    if (at(w).rel == Rel::nsubj || (at(w).rel == Rel::obj && !among(at(head(w)).lemma, kGives))) set(w, next, Rel::compound, "compound");
  }

  /// "the ambassador to Russia Ann Holm said", "they met President Ann Holm": of two subjects or objects of a verb with nothing between
  /// them the second is the first's name.
  void title(uint32_t w) {
    const Rel rel = at(w).rel;
    const bool named = at(w).upos == Upos::PROPN;
    if (at(w).upos != Upos::NOUN && !(named && among(lower(at(w).form), kOffices))) return;
    if ((rel != Rel::nsubj && rel != Rel::obj) || at(w).head < 0 || has_child_before(w, Rel::case_)) return;
    if (rel == Rel::obj && (among(at(head(w)).lemma, kGives) || among(at(head(w)).lemma, kNames))) return;
    const uint32_t end = rel == Rel::nsubj ? head(w) : std::min(w + 2, last_);  // an object has its name right behind it
    for (uint32_t p = w + 1; p < end; ++p) {
      const Word& word = at(p);
      if (word.upos == Upos::PUNCT || word.upos == Upos::CCONJ) return;
      if (word.head != at(w).head || word.rel != rel) continue;
      if (word.upos == Upos::PROPN && !among(lower(word.form), kTimes)) set(w, p, Rel::nmod, "nmod:desc", Sub::desc);
      return;
    }
  }

  /// "Turkey's government": what belongs to somebody is no subject or object, wherever the tree hangs its owner.
  void owner(uint32_t w) {
    const Word& mark = at(w + 1);
    if (!noun(w) || at(w).head < 0 || (mark.form != "'s" && mark.form != "’s") || mark.rel != Rel::case_ || mark.xpos != "POS") return;
    const Rel rel = at(w).rel;
    if (rel != Rel::nsubj && rel != Rel::obj && rel != Rel::obl) return;
    const uint32_t n = w + 2 < last_ ? phrase(w + 2) : last_;
    if (n >= last_ || !noun(n) || (at(n).head != at(w).head && head(w) != n)) return;
    set(w, n, Rel::nmod, "nmod:poss", Sub::poss);
    set(w + 1, w, Rel::case_, "case");
  }

  /// "said no to the offer": what is answered is the object, and whom it is answered hangs on the verb.
  void answer(uint32_t w) {
    static constexpr std::string_view kAnswers[] = {"yes", "no"};
    if (at(w).rel != Rel::discourse || !among(lower(at(w).form), kAnswers) || at(w).head != static_cast<int32_t>(w) - 1) return;
    if (at(w - 1).upos != Upos::VERB || at(w + 1).lemma != "to" || has_child(w - 1, Rel::obj)) return;
    set(w, w - 1, Rel::obj, "obj");
    if (const uint32_t n = phrase(w + 2); n < last_ && (head(n) == w || head(n) == w - 1)) set(n, w - 1, Rel::obl, "obl");
  }

  void preposition(uint32_t w) {
    Word& word = at(w);
    if (word.upos != Upos::ADP || word.head < 0 || !among(word.lemma, kPrepositions)) return;
    if (word.rel == Rel::case_ && word.head == static_cast<int32_t>(w) + 1 && noun(w + 1) && at(w + 1).rel == Rel::compound &&
        at(w + 1).head > static_cast<int32_t>(w) + 1) {  // "to South Sudan"
      if (const uint32_t n = phrase(w + 1); n < last_ && !has_child(n, Rel::case_)) set(w, n, Rel::case_, "case");
      return;
    }
    if (word.head >= static_cast<int32_t>(w)) return;
    const bool lost = word.rel == Rel::advmod || word.rel == Rel::punct || word.rel == Rel::dep ||
                      (word.rel == Rel::mark && word.lemma != "to") || (word.rel == Rel::compound && word.lemma == "by");
    const bool backwards = word.rel == Rel::case_ && at(head(w)).upos != Upos::ADP;
    if (!lost && !backwards) return;
    const uint32_t n = phrase(w + 1);
    if (n >= last_ || n == head(w) || has_child(n, Rel::case_)) return;
    if (backwards) return set(w, n, Rel::case_, "case");
    if (at(n).head != word.head) return;
    const Rel rel = at(n).rel;
    if (rel != Rel::obj && rel != Rel::obl && rel != Rel::nsubj && rel != Rel::iobj && rel != Rel::dep) return;
    set(w, n, Rel::case_, "case");
    if (rel != Rel::obl && at(head(n)).upos == Upos::VERB) set(n, head(n), Rel::obl, "obl");
  }

  /// A noun with a preposition before it: no subject or object, and with "of" mostly no adjunct of a verb.
  void marked(uint32_t w) {
    if (!nominal(w) || at(w).head < 0) return;
    const Rel rel = at(w).rel;
    if (rel != Rel::nsubj && rel != Rel::obj && rel != Rel::obl && rel != Rel::iobj) return;
    const uint32_t h = head(w);
    uint32_t begin = last_;
    for (uint32_t c = first_; c < w && begin == last_; ++c) {
      if (at(c).head != static_cast<int32_t>(w) || at(c).rel != Rel::case_) continue;
      if (lower(at(c).form) == "according") return set(w, h, Rel::obl, "obl");
      if (at(c).upos == Upos::ADP) begin = c;
    }
    if (begin == last_ || (begin + 1 < w && phrase(begin + 1) != w && at(begin + 1).head != static_cast<int32_t>(w))) return;
    const std::string& link = at(begin).lemma;
    if (!among(link, kPrepositions)) return;
    const Upos up = at(h).upos;
    if ((up == Upos::NOUN || up == Upos::PROPN) && rel == Rel::obl && h < w && !has_child(h, Rel::cop)) return set(w, h, Rel::nmod, "nmod");
    if (up != Upos::VERB) return;
    if (begin > first_ && noun(begin - 1)) {
      uint32_t n = begin - 1;  // the phrase that ends there
      for (int i = 0; i < 4 && at(n).head >= 0 && at(n).head < static_cast<int32_t>(n) && at(n).rel == Rel::flat; ++i) n = head(n);
      const bool of = link == "of" && !(among(at(h).lemma, kTakesOf) && rel == Rel::obl) && !among(lower(at(w).form), kTimes);
      uint32_t top = n;  // "the shelling of villages by Oslo resumed"
      for (int i = 0; i < 4 && link == "by" && at(top).rel == Rel::nmod && at(top).head >= 0 && at(top).head < static_cast<int32_t>(top);
           ++i)
        top = head(top);
      const bool subject = w < h && at(top).head == static_cast<int32_t>(h) && at(top).rel == Rel::nsubj && among(link, kOfSubject) &&
                           !among(lower(at(w).form), kTimes) && at(w).upos != Upos::NUM;
      if (of ? (w < h || n > h) : subject) return set(w, of ? n : top, Rel::nmod, "nmod");
    }
    if (rel != Rel::obl && at(w).sub != Sub::agent && h < w) set(w, h, Rel::obl, "obl");
  }

  /// "clashed with police in Senegal": each noun has the preposition that stands before it.
  void two_prepositions(uint32_t w) {
    if (at(w).rel != Rel::case_ || at(w).head <= static_cast<int32_t>(w)) return;
    const uint32_t n = head(w);
    uint32_t second = w + 1;
    while (second < n && !(at(second).rel == Rel::case_ && at(second).head == static_cast<int32_t>(n))) ++second;
    if (second >= n) return;
    for (uint32_t x = second; x-- > w + 1;)
      if (nominal(x) && at(x).head == at(n).head && (at(x).rel == Rel::obl || at(x).rel == Rel::nmod) && !has_child(x, Rel::case_))
        return set(w, x, Rel::case_, "case");
  }

  /// "the ministers of Denmark and Canada": a noun behind "of" is no part of the name before it, and of two names the second is joined to
  /// the first.
  void of_two(uint32_t w) {
    if (!noun(w) || at(w).head < 0 || head(w) >= w) return;
    const uint32_t h = head(w);
    if (at(w).rel == Rel::compound && has_child_case(w)) set(w, h, Rel::nmod, "nmod");
    if (at(w).rel != Rel::conj || at(w).upos != Upos::PROPN || at(h).upos != Upos::NOUN || w < first_ + 2) return;
    const uint32_t x = w - 2;
    if (at(w - 1).rel == Rel::cc && at(x).upos == Upos::PROPN && at(x).rel == Rel::nmod && at(x).head == static_cast<int32_t>(h) &&
        has_child_case(x))
      set(w, x, Rel::conj, "conj");
  }
  bool has_child_case(uint32_t w) {
    for (uint32_t c = first_; c < w; ++c)
      if (at(c).head == static_cast<int32_t>(w) && at(c).rel == Rel::case_ && at(c).upos == Upos::ADP) return true;
    return false;
  }

  /// "a war of aggression against Peru", "a campaign of violence against farmers": whom it is against hangs on what it is.
  void against(uint32_t w) {
    if (at(w).rel != Rel::nmod || at(w).head < 0 || !nominal(w) || head(w) >= w) return;
    const uint32_t n = head(w);
    if (!noun(n) || at(n).rel != Rel::nmod || at(n).head < 0 || head(n) >= n || !noun(head(n)) || has_child(n, Rel::det)) return;
    const auto link = [&](uint32_t of, std::string_view lemma) {
      for (uint32_t c = first_; c < of; ++c)
        if (at(c).head == static_cast<int32_t>(of) && at(c).rel == Rel::case_) return at(c).lemma == lemma;
      return false;
    };
    if (link(w, "against") && link(n, "of")) set(w, head(n), Rel::nmod, "nmod");
  }

  /// "talks between Armenia and Turkey": what "and" stands before is joined to what has the same place.
  void joined(uint32_t w) {
    const Rel rel = at(w).rel;
    if (at(w).head < 0 || !nominal(w) || (rel != Rel::nmod && rel != Rel::obl && rel != Rel::nsubj && rel != Rel::obj)) return;
    uint32_t cc = w;
    while (cc > first_ && !(at(cc).rel == Rel::cc && at(cc).head == static_cast<int32_t>(w))) --cc;
    if (at(cc).rel != Rel::cc || at(cc).head != static_cast<int32_t>(w) || has_child(w, Rel::case_)) return;
    for (uint32_t x = cc; x-- > first_;) {
      if (at(x).upos == Upos::VERB || x == head(w)) return;
      // "India and Pakistan exchanged fire": before the verb the second is no object
      const auto adjunct = [](Rel r) { return r == Rel::nmod || r == Rel::obl; };
      const bool both =
          at(x).rel == rel || (adjunct(at(x).rel) && adjunct(rel)) || (at(x).rel == Rel::nsubj && rel == Rel::obj && w < head(w));
      if (nominal(x) && at(x).head == at(w).head && both) return set(w, x, Rel::conj, "conj");
    }
  }

  void object(uint32_t w) {
    if (at(w).head < 0) return;
    const uint32_t h = head(w);
    // "that the shots came from a boat": an apposition stands behind what it explains
    if (at(w).rel == Rel::appos && w < h && nominal(w) && w + 1 < h && at(w + 1).upos == Upos::VERB && at(w + 1).xpos != "VBG" &&
        !has_child(w + 1, Rel::nsubj))
      return set(w, w + 1, Rel::nsubj, "nsubj");
    if (at(w).rel == Rel::nsubj && w < h && noun(h) && at(h).rel == Rel::xcomp && at(h).head >= 0 && head(h) < w &&
        (among(at(head(h)).lemma, kNames) || at(head(h)).lemma == "call") && !has_child(h, Rel::cop))
      return set(w, head(h), Rel::obj, "obj");  // "called the drill a rehearsal": what is called so
    if (at(h).upos != Upos::VERB) return;
    if (at(w).rel == Rel::obj && w > h && nominal(w)) {
      // "struck the harbour, killing five people": of the verb right before it
      uint32_t edge = w;
      while (edge > h + 1 && at(edge - 1).head == static_cast<int32_t>(w) && inner(at(edge - 1))) --edge;
      const uint32_t v = edge - 1;
      if (v > h && at(v).upos == Upos::VERB && at(v).xpos == "VBG" && at(v).head == static_cast<int32_t>(h) && at(v).rel == Rel::advcl &&
          !has_child(v, Rel::obj))
        return set(w, v, Rel::obj, "obj");
    }
    if (at(w).rel == Rel::obj && w > h && nominal(w)) {
      // "used gas to disperse demonstrators": of two objects that behind an infinitive is the infinitive's
      uint32_t edge = w;
      while (edge > h + 1 && at(edge - 1).head == static_cast<int32_t>(w) && inner(at(edge - 1))) --edge;
      const uint32_t v = edge - 1;
      bool other = false;
      for (uint32_t c = h + 1; c < v; ++c) other |= at(c).head == static_cast<int32_t>(h) && at(c).rel == Rel::obj;
      if (other && at(v).upos == Upos::VERB && at(v).head == static_cast<int32_t>(h) && !has_child(v, Rel::obj))
        return set(w, v, Rel::obj, "obj");
    }
    if (at(w).rel == Rel::obj && w > h && nominal(w) && among(at(h).lemma, kNames)) {
      // "declared the ambassador persona non grata": who is called something is the object
      for (uint32_t c = h + 1; c < w; ++c)
        if (at(c).head == static_cast<int32_t>(h) && at(c).rel == Rel::iobj) {
          set(c, h, Rel::obj, "obj");
          return set(w, h, Rel::xcomp, "xcomp");
        }
    }
    if (at(w).rel == Rel::conj && at(w).xpos == "VBG" && at(h).xpos != "VBG" && h < w) {
      // "killing five people and sinking two trawlers": a participle is joined to a participle
      for (uint32_t v = w; v-- > h + 1;)
        if (at(v).upos == Upos::VERB && at(v).xpos == "VBG" && at(v).head == static_cast<int32_t>(h) && at(v).rel == Rel::advcl)
          return set(w, v, Rel::conj, "conj");
    }
    if (at(w).rel == Rel::nsubj && w < h && at(h).rel == Rel::xcomp && at(h).head > static_cast<int32_t>(w) &&
        at(h).head < static_cast<int32_t>(h) && !has_child(head(h), Rel::nsubj))  // "the president is due to visit": of both
      return set(w, head(h), Rel::nsubj, "nsubj");
    if ((at(w).rel == Rel::nsubj || at(w).rel == Rel::obj) && w < h && at(h).xpos == "VBG" && at(h).head >= 0 &&
        at(h).head < static_cast<int32_t>(w) && at(head(h)).upos == Upos::VERB) {
      // "accused the navy of firing": what stands before "of" is the object of the verb above
      for (uint32_t c = w + 1; c < h; ++c)
        if (at(c).head == static_cast<int32_t>(h) && (at(c).rel == Rel::mark || at(c).rel == Rel::case_) &&
            (at(c).lemma == "of" || at(c).lemma == "from"))
          return set(w, head(h), Rel::obj, "obj");
    }
    if (at(w).rel == Rel::nsubj && w > h && at(w).sub == Sub::none && noun(w) && !has_child(h, Rel::obj) && !has_child(w, Rel::case_)) {
      // "police questioned a minister": the subject is there already, right before the verb
      for (uint32_t c = first_; c < h; ++c)
        if (at(c).head == static_cast<int32_t>(h) && at(c).rel == Rel::nsubj && nominal(c)) return set(w, h, Rel::obj, "obj");
    }
    if (at(w).rel == Rel::obj && w > h && among(at(h).lemma, kGives) && nominal(w)) {
      // "granted two officers asylum": of two objects the first has it
      for (uint32_t c = w + 1; c < last_; ++c)
        if (at(c).head == static_cast<int32_t>(h) && at(c).rel == Rel::obj && noun(c)) return set(w, h, Rel::iobj, "iobj");
    }
  }

  Trees& t_;
  uint32_t first_, last_;
};

}  // namespace

void repair(Trees& trees) {
  for (const Sentence& s : trees.sentences)
    if (s.last_word - s.first_word > 1) Repairer(trees, s.first_word, s.last_word).run();
}

}  // namespace reportedly::syntax
