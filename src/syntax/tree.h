// Words and trees of one document, in Universal Dependencies.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reportedly/analysis.h"

namespace reportedly::syntax {

enum class Upos : uint8_t { ADJ, ADP, ADV, AUX, CCONJ, DET, INTJ, NOUN, NUM, PART, PRON, PROPN, PUNCT, SCONJ, SYM, VERB, X };

/// UD relations without their subtype.
enum class Rel : uint8_t {
  acl,
  advcl,
  advmod,
  amod,
  appos,
  aux,
  case_,
  cc,
  ccomp,
  clf,
  compound,
  conj,
  cop,
  csubj,
  dep,
  det,
  discourse,
  dislocated,
  expl,
  fixed,
  flat,
  goeswith,
  iobj,
  list,
  mark,
  nmod,
  nsubj,
  nummod,
  obj,
  obl,
  orphan,
  parataxis,
  punct,
  reparandum,
  root,
  vocative,
  xcomp
};

/// Subtypes that rules ask for; every other one is `other`, and `Word::deprel` has it in full.
enum class Sub : uint8_t { none, agent, pass, poss, relcl, prt, tmod, npmod, unmarked, preconj, desc, foreign, outer, other };

struct Morph {
  enum Tense : uint8_t { no_tense, past, pres } tense = no_tense;
  enum Mood : uint8_t { no_mood, ind, imp, sub } mood = no_mood;
  enum Form : uint8_t { no_form, fin, inf, part, ger } form = no_form;
  enum Number : uint8_t { no_number, sing, plur } number = no_number;
  uint8_t person = 0;       ///< 1 2 3, 0 none
  bool passive = false;     ///< Voice=Pass
  bool negative = false;    ///< Polarity=Neg
  bool possessive = false;  ///< Poss=Yes
  bool wh = false;          ///< PronType=Int or Rel
  bool personal = false;    ///< PronType=Prs
  char gender = 0;          ///< 'm' 'f' 'n', 0 none
};

struct Word {
  Span span;         ///< in the document; words of one multiword token have neighbouring spans
  std::string form;  ///< UTF-8; bridged breaks left out
  std::string lemma;
  Upos upos = Upos::X;
  Rel rel = Rel::dep;
  Sub sub = Sub::none;
  Morph morph;
  std::string_view xpos, feats, deprel;  ///< into Trees::pool
  int32_t head = -1;                     ///< word index in the document; -1: root of its sentence
  uint32_t sentence = 0;
  uint32_t unit = 0;  ///< first unit; its encoder state is the word's vector
  bool space_after = true;
  uint8_t token_words = 1;  ///< at the first word of a multiword token: how many words it has; 0 at the others
};

/// Words of a document with their heads. Built once, then read only.
struct Trees {
  std::vector<Word> words;
  std::vector<Sentence> sentences;
  std::vector<uint32_t> child_start, child;  ///< children of w: child[child_start[w] … child_start[w+1]), in text order
  std::shared_ptr<const void> pool;          ///< keeps the tag strings alive

  std::span<const uint32_t> children(uint32_t w) const { return {child.data() + child_start[w], child.data() + child_start[w + 1]}; }
  /// First child with that relation (any subtype), -1 if none.
  int32_t child_with(uint32_t w, Rel rel) const;
  int32_t child_with(uint32_t w, Rel rel, Sub sub) const;
  /// Words [first, last) that w dominates if contiguous, else from its leftmost to its rightmost descendant.
  std::pair<uint32_t, uint32_t> extent(uint32_t w) const;
  /// Is `below` in the subtree of `above` (itself included)?
  bool dominates(uint32_t above, uint32_t below) const;
  /// Word that holds code point `at`, or the first after it; words.size() if none.
  uint32_t word_at(uint32_t at) const;
  Span span_of(uint32_t first, uint32_t last) const { return {words[first].span.start, words[last - 1].span.end}; }
  /// Fills child_start and child from the heads.
  void index();
};

const char* upos_name(Upos upos);
Upos upos_from(std::string_view name);
Rel rel_from(std::string_view deprel);  ///< "nsubj:pass" → nsubj; unknown → dep
Sub sub_from(std::string_view deprel);
const char* rel_name(Rel rel);
Morph morph_from(std::string_view feats);

}  // namespace reportedly::syntax
