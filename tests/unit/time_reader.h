// Sentences for the tests of times: plain words, a guess at parts of speech, and heads that are right as far as tense goes.
// tests/data/times.txt says how to correct it. The real tags and trees come from the model.
#pragma once
#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "syntax/conllu.h"

namespace time_test {

struct Token {
  std::string form, tag;  ///< tag as written after a slash; empty: guess
  bool glued = false;     ///< to the one before
};

inline bool in_list(const std::string& w, std::initializer_list<const char*> list) {
  return std::any_of(list.begin(), list.end(), [&](const char* x) { return w == x; });
}

/// Brackets out; `spans` in code points of the joined text, which is ASCII here.
struct Reading {
  reportedly::syntax::Trees trees;
  std::string text;
  std::vector<std::pair<uint32_t, uint32_t>> spans;
};

inline std::vector<Token> tokens_of(const std::string& sentence) {
  std::vector<Token> out;
  size_t i = 0;
  while (i < sentence.size()) {
    while (i < sentence.size() && sentence[i] == ' ') ++i;
    size_t j = i;
    while (j < sentence.size() && sentence[j] != ' ') ++j;
    std::string chunk = sentence.substr(i, j - i);
    i = j;
    if (chunk.empty()) continue;
    Token t;
    const size_t slash = chunk.find('/');
    if (slash != std::string::npos && slash > 0 && slash + 1 < chunk.size() && chunk[slash + 1] >= 'A' && chunk[slash + 1] <= 'Z') {
      size_t end = slash + 1;
      while (end < chunk.size() &&
             ((chunk[end] >= 'A' && chunk[end] <= 'Z') || (chunk[end] >= 'a' && chunk[end] <= 'z') || chunk[end] == '-'))
        ++end;
      t.tag = chunk.substr(slash + 1, end - slash - 1);
      chunk.erase(slash, end - slash);
    }
    std::string tail;
    while (!chunk.empty() && (chunk.back() == ',' || chunk.back() == ';')) {
      tail.insert(tail.begin(), chunk.back());
      chunk.pop_back();
    }
    if (chunk.size() > 2 && chunk.ends_with("'s") && !(chunk[0] >= '0' && chunk[0] <= '9')) {
      tail = "'s" + tail;
      chunk.resize(chunk.size() - 2);
    }
    t.form = chunk;
    out.push_back(t);
    if (tail.starts_with("'s")) out.push_back({"'s", "PART", true}), tail.erase(0, 2);
    for (const char c : tail) out.push_back({std::string(1, c), "PUNCT", true});
  }
  return out;
}

inline Reading read(const std::string& marked) {
  std::string plain;
  Reading out;
  uint32_t open = 0;
  // Offsets are of the text without brackets and without tags.
  std::string visible;
  for (size_t i = 0; i < marked.size(); ++i) {
    const char c = marked[i];
    if (c == '[') {
      open = static_cast<uint32_t>(visible.size());
      continue;
    }
    if (c == ']') {
      out.spans.emplace_back(open, static_cast<uint32_t>(visible.size()));
      continue;
    }
    plain += c;
    if (c == '/' && i + 1 < marked.size() && marked[i + 1] >= 'A' && marked[i + 1] <= 'Z') {
      while (i + 1 < marked.size() &&
             (marked[i + 1] == '-' || (marked[i + 1] >= 'A' && marked[i + 1] <= 'Z') || (marked[i + 1] >= 'a' && marked[i + 1] <= 'z')))
        plain += marked[++i];
      continue;
    }
    visible += c;
  }
  const std::vector<Token> tokens = tokens_of(plain);
  struct Word {
    std::string upos, feats = "_", lemma;
    int head = -1;
    std::string rel = "dep";
  };
  std::vector<Word> words(tokens.size());
  std::vector<int> verbs;
  const auto n = static_cast<int>(tokens.size());
  for (int i = 0; i < n; ++i) {
    const std::string& f = tokens[static_cast<size_t>(i)].form;
    Word& w = words[static_cast<size_t>(i)];
    std::string low = f;
    for (char& c : low)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    w.lemma = low;
    const std::string& tag = tokens[static_cast<size_t>(i)].tag;
    const bool capital = f[0] >= 'A' && f[0] <= 'Z';
    if (!tag.empty())
      w.upos = tag.substr(0, tag.find('-'));
    else if (f[0] >= '0' && f[0] <= '9')
      w.upos = "NUM";
    else if (in_list(low, {"on", "in", "at", "of", "by", "since", "until", "for", "from", "over", "between", "to", "as", "that"}))
      w.upos = "ADP";
    else if (in_list(low, {"the", "a", "an", "this", "every", "each"}))
      w.upos = "DET";
    else if (in_list(low, {"was", "were", "is", "are", "will", "had", "has", "would"}))
      w.upos = "AUX";
    else if (in_list(low, {"and", "but", "or"}))
      w.upos = "CCONJ";
    else if (in_list(low, {"they", "it", "he", "she"}))
      w.upos = "PRON";
    else if (in_list(low, {"ago", "later", "earlier", "yesterday", "tomorrow", "currently", "recently", "again", "not", "twice", "nearly"}))
      w.upos = "ADV";
    else if (capital && i > 0)
      w.upos = "PROPN";
    else if (in_list(low, {"met", "said", "rose", "took", "held", "meet", "open", "speak", "found"}) || low.ends_with("ed"))
      w.upos = "VERB";
    else
      w.upos = "NOUN";
    if (tag == "VERB-past" || (w.upos == "VERB" && (low.ends_with("ed") || in_list(low, {"met", "said", "rose", "took", "held", "found"}))))
      w.feats = "Mood=Ind|Tense=Past|VerbForm=Fin";
    if (low == "was" || low == "were" || low == "had") w.feats = "Mood=Ind|Tense=Past|VerbForm=Fin";
    if (low == "is" || low == "are" || low == "will" || low == "has") w.feats = "Mood=Ind|Tense=Pres|VerbForm=Fin";
    if (w.upos == "VERB" && low.ends_with("ed")) {
      w.lemma = low.substr(0, low.size() - 1);  // "scheduled" → schedule; good enough for the words that matter
      for (int k = std::max(0, i - 2); k < i; ++k)
        if (words[static_cast<size_t>(k)].upos == "AUX") w.feats = "Tense=Past|VerbForm=Part|Voice=Pass";
    }
    if (w.upos == "VERB") verbs.push_back(i);
  }
  if (verbs.empty())
    for (int i = 0; i < n; ++i)
      if (words[static_cast<size_t>(i)].upos == "AUX") verbs.push_back(i);
  const int root = verbs.empty() ? 0 : verbs[0];
  for (size_t k = 1; k < verbs.size(); ++k)
    words[static_cast<size_t>(verbs[k])].head = verbs[k - 1], words[static_cast<size_t>(verbs[k])].rel = "ccomp";
  for (int i = 0; i < n; ++i) {
    Word& w = words[static_cast<size_t>(i)];
    if (i == root || w.head >= 0) continue;
    int before = -1, after = -1;
    for (const int v : verbs) {
      if (v < i) before = v;
      if (v > i && after < 0) after = v;
    }
    if (w.upos == "AUX" && after >= 0 && after - i <= 3)
      w.head = after, w.rel = "aux";
    else
      w.head = before >= 0 ? before : after >= 0 ? after : root;
  }
  std::string conllu;
  for (int i = 0; i < n; ++i) {
    const Word& w = words[static_cast<size_t>(i)];
    const bool glued = i + 1 < n && tokens[static_cast<size_t>(i) + 1].glued;
    conllu += std::to_string(i + 1) + '\t' + tokens[static_cast<size_t>(i)].form + '\t' + w.lemma + '\t' + w.upos + "\t_\t" + w.feats +
              '\t' + std::to_string(i == root ? 0 : w.head + 1) + '\t' + (i == root ? "root" : w.rel) + "\t_\t" +
              (glued ? "SpaceAfter=No" : "_") + '\n';
  }
  auto r = reportedly::syntax::read_conllu(conllu + "\n");
  if (r) {
    out.trees = std::move(r->trees);
    out.text = std::move(r->text);
  }
  return out;
}

}  // namespace time_test
