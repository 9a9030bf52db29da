#include "syntax/conllu.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

namespace reportedly::syntax {
namespace {

std::vector<std::string_view> split(std::string_view line, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const size_t i = line.find(at);
    out.push_back(line.substr(0, i));
    if (i == std::string_view::npos) return out;
    line.remove_prefix(i + 1);
  }
}

uint32_t code_points(std::string_view utf8) {
  uint32_t n = 0;
  for (const char c : utf8) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

int to_int(std::string_view s) {
  int v = -1;
  std::from_chars(s.data(), s.data() + s.size(), v);
  return v;
}

/// Character offset → byte offset, walked forwards only.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}
  size_t byte_of(uint32_t at) {
    while (point_ < at && byte_ < text_.size()) {
      ++byte_;
      while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0) == 0x80) ++byte_;
      ++point_;
    }
    return byte_;
  }

 private:
  std::string_view text_;
  size_t byte_ = 0;
  uint32_t point_ = 0;
};

/// A verb, or another word that heads a clause ("The mayor is *ill*").
bool predicate(const Trees& trees, uint32_t w) {
  const Word& word = trees.words[w];
  if (word.upos == Upos::VERB) return true;
  if (word.upos == Upos::AUX || word.upos == Upos::PUNCT) return false;
  for (const uint32_t c : trees.children(w))
    if (const Rel r = trees.words[c].rel; r == Rel::cop || r == Rel::nsubj || r == Rel::csubj) return true;
  return false;
}

}  // namespace

Result<ReadTrees> read_conllu(std::string_view conllu) {
  ReadTrees out;
  Trees& trees = out.trees;
  auto pool = std::make_shared<std::unordered_set<std::string>>();  // node-based: views into it stay valid
  auto intern = [&](std::string_view s) -> std::string_view { return *pool->emplace(s).first; };

  uint32_t at = 0, paragraph = 0, line_number = 0;
  bool new_paragraph = false, space = false;
  std::vector<std::pair<uint32_t, int>> heads;  // word, head id in the sentence
  uint32_t first_word = 0;
  int token_last = 0;
  uint32_t token_first_word = 0;
  Span token_span{};
  bool token_space = true;

  auto finish = [&] {
    if (trees.words.size() == first_word) return;
    for (const auto& [w, h] : heads) trees.words[w].head = h <= 0 ? -1 : static_cast<int32_t>(first_word) + h - 1;
    Sentence s;
    s.first_word = first_word;
    s.last_word = static_cast<uint32_t>(trees.words.size());
    s.paragraph = paragraph;
    s.span = trees.span_of(s.first_word, s.last_word);
    trees.sentences.push_back(s);
    first_word = s.last_word;
    heads.clear();
    token_last = 0;
  };
  auto add_text = [&](std::string_view form) -> Span {
    if (!out.text.empty()) {
      if (new_paragraph) {
        out.text += "\n\n";
        at += 2;
        ++paragraph;
      } else if (space) {
        out.text += ' ';
        ++at;
      }
    }
    new_paragraph = false;
    const Span span{at, at + code_points(form)};
    out.text += form;
    at = span.end;
    return span;
  };

  while (!conllu.empty()) {
    const size_t eol = conllu.find('\n');
    std::string_view line = conllu.substr(0, eol);
    conllu = eol == std::string_view::npos ? std::string_view{} : conllu.substr(eol + 1);
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) {
      finish();
      continue;
    }
    if (line[0] == '#') {
      if (line.starts_with("# newpar") || line.starts_with("# newdoc")) new_paragraph = true;
      continue;
    }
    const auto columns = split(line, '\t');
    if (columns.size() != 10)
      return fail(ErrorCode::bad_format, fmt::format("a CoNLL-U line has 10 columns, this has {}", columns.size()),
                  fmt::format("line {}", line_number));
    const bool space_after = columns[9].find("SpaceAfter=No") == std::string_view::npos;
    if (columns[0].find('.') != std::string_view::npos) continue;  // empty nodes of enhanced graphs
    if (const size_t dash = columns[0].find('-'); dash != std::string_view::npos) {
      token_last = to_int(columns[0].substr(dash + 1));
      token_span = add_text(columns[1]);
      token_first_word = static_cast<uint32_t>(trees.words.size());
      token_space = space_after;
      space = space_after;
      continue;
    }
    const int id = to_int(columns[0]), head = columns[6] == "_" ? 0 : to_int(columns[6]);
    if (id != static_cast<int>(trees.words.size() - first_word) + 1)
      return fail(ErrorCode::bad_format, fmt::format("expected word {}, found '{}'", trees.words.size() - first_word + 1, columns[0]),
                  fmt::format("line {}", line_number));
    Word w;
    w.form = columns[1];
    w.lemma = columns[2];
    w.upos = upos_from(columns[3]);
    w.xpos = intern(columns[4]);
    w.feats = intern(columns[5]);
    w.deprel = intern(columns[7]);
    w.rel = rel_from(w.deprel);
    w.sub = sub_from(w.deprel);
    w.morph = morph_from(w.feats);
    w.sentence = static_cast<uint32_t>(trees.sentences.size());
    w.unit = static_cast<uint32_t>(trees.words.size());
    if (id <= token_last) {
      // Words of a token share its characters in order; one that does not spell them out gets what is left.
      const auto index = static_cast<uint32_t>(trees.words.size());
      const uint32_t used = index == token_first_word ? token_span.start : trees.words.back().span.end;
      const uint32_t end = id == token_last ? token_span.end : std::min(token_span.end, used + code_points(w.form));
      w.span = {used, end};
      w.space_after = id == token_last ? token_space : false;
      w.token_words = 0;
      if (index == token_first_word)
        w.token_words = 1;
      else
        ++trees.words[token_first_word].token_words;
    } else {
      w.span = add_text(columns[1]);
      w.space_after = space_after;
      space = space_after;
    }
    heads.emplace_back(static_cast<uint32_t>(trees.words.size()), head);
    trees.words.push_back(std::move(w));
  }
  finish();
  for (size_t i = 0; i < trees.words.size(); ++i)
    if (const int32_t h = trees.words[i].head; h >= static_cast<int32_t>(trees.words.size()) || h == static_cast<int32_t>(i))
      return fail(ErrorCode::bad_format, fmt::format("head of word {} is not in its sentence", i + 1));
  trees.pool = pool;
  trees.index();
  return out;
}

std::string write_conllu(const Trees& trees, std::string_view utf8_text, const std::vector<Name>& names, std::string_view document_id,
                         std::span<const float> factuality, std::span<const std::string> more, size_t before) {
  fmt::memory_buffer out;
  auto append = [&](std::string_view s) { out.append(s.data(), s.data() + s.size()); };
  // A line break in an id would end the comment.
  std::string id_text(document_id);
  std::replace_if(
      id_text.begin(), id_text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  Walker starts(utf8_text);
  size_t name = 0;
  uint32_t paragraph = UINT32_MAX;
  for (size_t s = 0; s < trees.sentences.size(); ++s) {
    const Sentence& sentence = trees.sentences[s];
    if (before + s == 0) fmt::format_to(std::back_inserter(out), "# newdoc id = {}\n", id_text);
    if (sentence.paragraph != paragraph) append("# newpar\n");
    paragraph = sentence.paragraph;
    fmt::format_to(std::back_inserter(out), "# sent_id = {}-{}\n# text = ", id_text, before + s + 1);
    // Line breaks inside a sentence would end the comment: any white space becomes one space.
    const size_t from = starts.byte_of(sentence.span.start), to = starts.byte_of(sentence.span.end);
    bool in_space = false;
    for (const char c : utf8_text.substr(from, to - from)) {
      const bool is_space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
      if (!is_space)
        out.push_back(c);
      else if (!in_space)
        out.push_back(' ');
      in_space = is_space;
    }
    out.push_back('\n');
    for (uint32_t w = sentence.first_word; w < sentence.last_word; ++w) {
      const Word& word = trees.words[w];
      const uint32_t id = w - sentence.first_word + 1;
      if (word.token_words > 1) {
        fmt::format_to(std::back_inserter(out), "{}-{}\t", id, id + word.token_words - 1);
        for (uint32_t k = 0; k < word.token_words; ++k) append(trees.words[w + k].form);
        append("\t_\t_\t_\t_\t_\t_\t_\t");
        append(trees.words[w + word.token_words - 1].space_after ? "_\n" : "SpaceAfter=No\n");
      }
      const int32_t head = word.head < 0 ? 0 : word.head - static_cast<int32_t>(sentence.first_word) + 1;
      fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t_\t", id, word.form, word.lemma.empty() ? "_" : word.lemma,
                     upos_name(word.upos), word.xpos.empty() ? "_" : word.xpos, word.feats.empty() ? "_" : word.feats, head, word.deprel);
      std::string misc;
      const auto add = [&](std::string_view item) { misc.append(misc.empty() ? "" : "|").append(item); };
      if (w < factuality.size() && predicate(trees, w)) {
        const double value = std::round(std::clamp(factuality[w], -3.0F, 3.0F) * 100.0) / 100.0;
        add(fmt::format("Fact={:.2f}", value == 0 ? 0.0 : value));  // never "-0.00"
      }
      while (name < names.size() && names[name].span.end <= word.span.start) ++name;
      if (name < names.size() && names[name].span.touches(word.span))
        add(fmt::format("NE={}-{}", names[name].span.start >= word.span.start ? "B" : "I", names[name].type));
      if (w < more.size() && !more[w].empty()) add(more[w]);
      const bool inside_token = word.token_words != 1 || (w + 1 < sentence.last_word && trees.words[w + 1].token_words == 0);
      if (!word.space_after && !inside_token) add("SpaceAfter=No");
      append(misc.empty() ? std::string_view("_") : std::string_view(misc));
      out.push_back('\n');
    }
    out.push_back('\n');
  }
  return fmt::to_string(out);
}

}  // namespace reportedly::syntax
