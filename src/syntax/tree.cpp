#include "syntax/tree.h"

#include <algorithm>
#include <array>

namespace reportedly::syntax {
namespace {

constexpr std::array<const char*, 17> kUpos{"ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN", "NUM",
                                            "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"};
constexpr std::array<const char*, 37> kRel{"acl",       "advcl",      "advmod",   "amod",     "appos", "aux",      "case",   "cc",
                                           "ccomp",     "clf",        "compound", "conj",     "cop",   "csubj",    "dep",    "det",
                                           "discourse", "dislocated", "expl",     "fixed",    "flat",  "goeswith", "iobj",   "list",
                                           "mark",      "nmod",       "nsubj",    "nummod",   "obj",   "obl",      "orphan", "parataxis",
                                           "punct",     "reparandum", "root",     "vocative", "xcomp"};
constexpr std::array<std::pair<std::string_view, Sub>, 13> kSub{{{"agent", Sub::agent},
                                                                 {"pass", Sub::pass},
                                                                 {"poss", Sub::poss},
                                                                 {"relcl", Sub::relcl},
                                                                 {"prt", Sub::prt},
                                                                 {"tmod", Sub::tmod},
                                                                 {"npmod", Sub::npmod},
                                                                 {"unmarked", Sub::unmarked},
                                                                 {"preconj", Sub::preconj},
                                                                 {"desc", Sub::desc},
                                                                 {"foreign", Sub::foreign},
                                                                 {"outer", Sub::outer},
                                                                 {"", Sub::none}}};

}  // namespace

const char* upos_name(Upos upos) {
  return kUpos[static_cast<size_t>(upos)];
}

Upos upos_from(std::string_view name) {
  for (size_t i = 0; i < kUpos.size(); ++i)
    if (name == kUpos[i]) return static_cast<Upos>(i);
  return Upos::X;
}

const char* rel_name(Rel rel) {
  return kRel[static_cast<size_t>(rel)];
}

Rel rel_from(std::string_view deprel) {
  const std::string_view base = deprel.substr(0, deprel.find(':'));
  for (size_t i = 0; i < kRel.size(); ++i)
    if (base == kRel[i]) return static_cast<Rel>(i);
  return Rel::dep;
}

Sub sub_from(std::string_view deprel) {
  const size_t colon = deprel.find(':');
  if (colon == std::string_view::npos) return Sub::none;
  const std::string_view sub = deprel.substr(colon + 1);
  for (const auto& [name, value] : kSub)
    if (sub == name) return value;
  return Sub::other;
}

Morph morph_from(std::string_view feats) {
  Morph m;
  while (!feats.empty()) {
    const size_t bar = feats.find('|');
    const std::string_view pair = feats.substr(0, bar);
    feats = bar == std::string_view::npos ? std::string_view{} : feats.substr(bar + 1);
    const size_t eq = pair.find('=');
    if (eq == std::string_view::npos) continue;
    const std::string_view key = pair.substr(0, eq), value = pair.substr(eq + 1);
    if (key == "Tense")
      m.tense = value == "Past" ? Morph::past : value == "Pres" ? Morph::pres : Morph::no_tense;
    else if (key == "Mood")
      m.mood = value == "Ind" ? Morph::ind : value == "Imp" ? Morph::imp : value == "Sub" ? Morph::sub : Morph::no_mood;
    else if (key == "VerbForm")
      m.form = value == "Fin"    ? Morph::fin
               : value == "Inf"  ? Morph::inf
               : value == "Part" ? Morph::part
               : value == "Ger"  ? Morph::ger
                                 : Morph::no_form;
    else if (key == "Number")
      m.number = value == "Sing" ? Morph::sing : value == "Plur" || value == "Ptan" ? Morph::plur : Morph::no_number;
    else if (key == "Person")
      m.person = static_cast<uint8_t>(value[0] - '0');
    else if (key == "Voice")
      m.passive = value == "Pass";
    else if (key == "Polarity")
      m.negative = value == "Neg";
    else if (key == "Poss")
      m.possessive = value == "Yes";
    else if (key == "PronType") {
      m.wh = value.find("Int") != std::string_view::npos || value.find("Rel") != std::string_view::npos;
      m.personal = value == "Prs";
    } else if (key == "Gender")
      m.gender = value == "Masc" ? 'm' : value == "Fem" ? 'f' : value == "Neut" ? 'n' : 0;
  }
  return m;
}

void Trees::index() {
  const size_t n = words.size();
  child_start.assign(n + 1, 0);
  child.clear();
  for (const Word& w : words)
    if (w.head >= 0) ++child_start[static_cast<size_t>(w.head) + 1];
  for (size_t i = 0; i < n; ++i) child_start[i + 1] += child_start[i];
  child.resize(child_start[n]);
  std::vector<uint32_t> next(child_start.begin(), child_start.end() - 1);
  for (size_t i = 0; i < n; ++i)
    if (words[i].head >= 0) child[next[static_cast<size_t>(words[i].head)]++] = static_cast<uint32_t>(i);
}

int32_t Trees::child_with(uint32_t w, Rel rel) const {
  for (uint32_t c : children(w))
    if (words[c].rel == rel) return static_cast<int32_t>(c);
  return -1;
}

int32_t Trees::child_with(uint32_t w, Rel rel, Sub sub) const {
  for (uint32_t c : children(w))
    if (words[c].rel == rel && words[c].sub == sub) return static_cast<int32_t>(c);
  return -1;
}

std::pair<uint32_t, uint32_t> Trees::extent(uint32_t w) const {
  uint32_t first = w, last = w;
  std::vector<uint32_t> stack{w};
  while (!stack.empty()) {
    const uint32_t v = stack.back();
    stack.pop_back();
    first = std::min(first, v);
    last = std::max(last, v);
    for (uint32_t c : children(v)) stack.push_back(c);
  }
  return {first, last + 1};
}

bool Trees::dominates(uint32_t above, uint32_t below) const {
  for (int32_t w = static_cast<int32_t>(below); w >= 0; w = words[static_cast<size_t>(w)].head)
    if (w == static_cast<int32_t>(above)) return true;
  return false;
}

uint32_t Trees::word_at(uint32_t at) const {
  const auto it = std::partition_point(words.begin(), words.end(), [at](const Word& w) { return w.span.end <= at; });
  return static_cast<uint32_t>(it - words.begin());
}

}  // namespace reportedly::syntax
