#include "syntax/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "text/chars.h"

namespace reportedly::syntax {
namespace {

// A missed sentence end costs more trees than one too many: the two are joined into one wrong tree. Best on EWT dev (raw text,
// sentences 88.5 → 89.4, LAS +0.14), and GUM dev agrees (94.4 → 94.9).
constexpr float kSentenceBias = 0.5F;
// Behind a plain word on the same line the other way round: such a sentence would end without any mark (EWT dev, sentences 89.9 → 90.3 with
// the fast model, 90.7 → 91.5 with the accurate one).
constexpr float kMidLineBias = -1.0F;
constexpr float kLeantBias = -4.0F;  // … and behind "to", "the", "of" before small letters hardly ever (EWT dev stays as it is)
constexpr float kNameBias = -3.0F;   // … and behind a name before small letters seldom ("Amnesty International called")
constexpr float kEndBias = 4.0F;     // behind a point that ends no abbreviation and before "He", "The", "In" nearly always
constexpr uint32_t kLeastCut = 50;   // words before a forced cut, so that a long sentence does not crumble

/// Lower case of ASCII, ’ as '.
std::string token_form(std::string_view form) {
  std::string out;
  for (size_t i = 0; i < form.size() && out.size() < 8; ++i) {
    if (form.substr(i).starts_with("\u2019")) {
      out.push_back('\'');
      i += 2;
    } else {
      out.push_back(form[i] >= 'A' && form[i] <= 'Z' ? static_cast<char>(form[i] + 32) : form[i]);
    }
  }
  return out;
}

bool one_token(std::string_view first, std::string_view second, Upos second_upos) {
  static constexpr std::array<std::string_view, 7> kClitics{"'s", "'m", "'re", "'ve", "'ll", "'d", "n't"};
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPairs{
      {{"can", "not"}, {"gon", "na"}, {"got", "ta"}, {"wan", "na"}, {"lem", "me"}, {"gim", "me"}, {"du", "n"}, {"n", "no"}}};
  if (std::find(kClitics.begin(), kClitics.end(), second) != kClitics.end()) return true;
  if (second == "'") return second_upos == Upos::PART;
  return std::find(kPairs.begin(), kPairs.end(), std::pair{first, second}) != kPairs.end();
}

/// Log-probabilities of I, W and S.
std::array<float, 3> log_softmax(const float* s) {
  const float most = std::max({s[0], s[1], s[2]});
  const float norm = most + std::log(std::exp(s[0] - most) + std::exp(s[1] - most) + std::exp(s[2] - most));
  return {s[0] - norm, s[1] - norm, s[2] - norm};
}

/// Punctuation inside a run of letters and digits ("al-Sadr", "1,100", "a.b@c"): nearly always both sides are joined or both are
/// parted, and an apostrophe may go with what follows ("'s"). Joined to the left alone ("al-|Sadr") is what two separate
/// decisions get wrong.
bool inside_punctuation(const text::Text& text, uint32_t u) {
  if (u == 0 || u + 1 >= text.units.size()) return false;
  const text::Unit &before = text.units[u - 1], &unit = text.units[u], &after = text.units[u + 1];
  if (unit.space != 0 || after.space != 0 || unit.end - unit.begin != 1) return false;
  auto word = [](char32_t c) { return text::is_letter(c) || text::is_digit(c); };
  return !word(text.analysis[unit.begin]) && word(text.analysis[before.end - 1]) && word(text.analysis[after.begin]);
}

/// The comma of "2,000", the point of "3.5": inside a figure, one word whatever the model thinks. Three digits follow the comma.
bool inside_figure(const text::Text& text, uint32_t u) {
  if (u == 0 || u + 1 >= text.units.size() || text.units[u].space > 0 || text.units[u + 1].space > 0) return false;
  const text::Unit &before = text.units[u - 1], &mark = text.units[u], &after = text.units[u + 1];
  const char32_t c = text.analysis[mark.begin];
  if (mark.end - mark.begin != 1 || (c != U',' && c != U'.') || (c == U',' && after.end - after.begin != 3)) return false;
  const auto digits = [&](const text::Unit& unit) {
    return std::all_of(text.analysis.begin() + unit.begin, text.analysis.begin() + unit.end, text::is_digit);
  };
  return digits(before) && digits(after);
}

/// The apostrophe of "Norway's", whose s ends the string: two words in UD, whatever the model thinks.
bool possessive(const text::Text& text, uint32_t u) {
  if (u == 0 || u + 1 >= text.units.size() || text.units[u].space > 0 || text.units[u + 1].space > 0) return false;
  const text::Unit &before = text.units[u - 1], &mark = text.units[u], &s = text.units[u + 1];
  if (mark.end - mark.begin != 1 || !text::is_apostrophe(text.analysis[mark.begin]) || !text::is_letter(text.analysis[before.end - 1]))
    return false;
  const char32_t c = text.analysis[s.begin];
  if (s.end - s.begin != 1 || (c != U's' && c != U'S')) return false;
  return u + 2 >= text.units.size() || text.units[u + 2].space > 0 || !text::is_letter(text.analysis[text.units[u + 2].begin]);
}

/// Does a unit in small letters follow a word that leans on what comes ("plan to | sail")?
bool leant_on(const text::Text& text, uint32_t u) {
  const text::Unit &before = text.units[u - 1], &unit = text.units[u];
  const char32_t c = text.analysis[unit.begin];
  if (c < U'a' || c > U'z') return false;
  const std::u32string_view word(text.analysis.data() + before.begin, before.end - before.begin);
  return word == U"to" || word == U"the" || word == U"a" || word == U"an" || word == U"of";
}

/// Does a unit follow a plain word on the same line? A sentence that begins there ends without any mark.
bool inside_line(const text::Text& text, uint32_t u) {
  if (u == 0 || text.units[u].space > 1) return false;
  const char32_t c = text.analysis[text.units[u - 1].end - 1];
  return text::is_letter(c) || text::is_digit(c) || c == U',';
}

/// Does a unit in small letters follow one with a capital?
bool behind_a_name(const text::Text& text, uint32_t u) {
  const char32_t c = text.analysis[text.units[u].begin], before = text.analysis[text.units[u - 1].begin];
  return c >= U'a' && c <= U'z' && before >= U'A' && before <= U'Z';
}

/// "page. | He", "alley”. | He": a word of four small letters or more, a point, perhaps a closing quotation mark on either side of it,
/// white space, and a word that begins clauses, with a capital.
bool surely_begins(const text::Text& text, uint32_t u) {
  static constexpr std::array<std::u32string_view, 30> kBegin{U"He",    U"She",   U"It",   U"They", U"We",    U"The",   U"A",      U"An",
                                                              U"In",    U"On",    U"At",   U"But",  U"And",   U"His",   U"Her",    U"Its",
                                                              U"Their", U"These", U"This", U"If",   U"When",  U"After", U"Before", U"There",
                                                              U"Some",  U"Many",  U"Last", U"Both", U"Those", U"Nobody"};
  if (text.units[u].space == 0) return false;
  uint32_t at = u;
  const auto mark = [&](auto&& is) {
    if (at == 0 || text.units[at - 1].end - text.units[at - 1].begin != 1 || (at < u && text.units[at].space > 0) ||
        !is(text.analysis[text.units[at - 1].begin]))
      return false;
    --at;
    return true;
  };
  const auto closing = [](char32_t c) { return c == U'"' || c == 0x201D || c == 0x2019 || c == U'\'' || c == U')'; };
  mark(closing);
  if (!mark([](char32_t c) { return c == U'.' || c == U'!' || c == U'?'; })) return false;
  mark(closing);
  if (at == 0 || text.units[at].space > 0) return false;
  const text::Unit &unit = text.units[u], &before = text.units[at - 1];
  const std::u32string_view word(text.analysis.data() + unit.begin, unit.end - unit.begin);
  return before.end - before.begin >= 4 && std::find(kBegin.begin(), kBegin.end(), word) != kBegin.end() &&
         std::all_of(text.analysis.begin() + before.begin, text.analysis.begin() + before.end,
                     [](char32_t x) { return x >= U'a' && x <= U'z'; });
}

float bias(const text::Text& text, uint32_t u) {
  if (!inside_line(text, u)) return surely_begins(text, u) ? kEndBias : kSentenceBias;
  return leant_on(text, u) ? kLeantBias : behind_a_name(text, u) ? kNameBias : kMidLineBias;
}

}  // namespace

std::vector<WordCut> cut_words(const text::Text& text, const float* boundary) {
  std::vector<WordCut> words;
  const auto n = static_cast<uint32_t>(text.units.size());
  uint32_t paragraph = UINT32_MAX;
  enum { kFree, kJoin, kPart } decided = kFree;  // what the punctuation before a unit decided for it
  for (uint32_t u = 0; u < n; ++u) {
    const text::Unit& unit = text.units[u];
    const float* s = boundary + size_t{3} * u;
    const bool forced = unit.paragraph != paragraph;
    paragraph = unit.paragraph;
    bool join = decided == kFree ? s[0] > s[1] && s[0] > s[2] : decided == kJoin;
    decided = kFree;
    if (possessive(text, u)) {
      join = false;
      decided = kJoin;
    } else if (inside_figure(text, u)) {
      join = true;
      decided = kJoin;
    } else if (inside_punctuation(text, u)) {
      const auto here = log_softmax(s), next = log_softmax(s + 3);
      const float next_begins = std::max(next[1], next[2]);
      const float both = here[0] + next[0], neither = here[1] + next_begins;
      join = both > neither;
      decided = join ? kJoin : kPart;
      if (text::is_apostrophe(text.analysis[unit.begin]) && here[1] + next[0] > std::max(both, neither)) {
        join = false;
        decided = kJoin;
      }
    }
    if (!forced && unit.space == 0 && join)
      words.back().last = u + 1;
    else
      words.push_back({u, u + 1, forced || s[2] + bias(text, u) > s[1]});
  }
  // Sentences that are too long.
  for (size_t begin = 0; begin < words.size();) {
    size_t end = begin + 1;
    while (end < words.size() && !words[end].sentence) ++end;
    if (end - begin <= kMaxSentence) {
      begin = end;
      continue;
    }
    auto margin = [&](size_t w) {
      const float* s = boundary + size_t{3} * words[w].first;
      return std::pair{text.units[words[w].first].space > 0, s[2] - s[1]};
    };
    size_t best = begin + kLeastCut;
    for (size_t w = best + 1; w <= begin + kMaxSentence; ++w)
      if (margin(w) > margin(best)) best = w;
    words[best].sentence = true;
    begin = best;
  }
  return words;
}

void mark_tokens(Trees& trees) {
  for (const Sentence& sentence : trees.sentences) {
    uint32_t start = sentence.first_word;  // first word of the token that is open
    std::string previous;
    for (uint32_t w = sentence.first_word; w < sentence.last_word; ++w) {
      Word& word = trees.words[w];
      word.token_words = 1;
      std::string form = token_form(word.form);
      if (w > sentence.first_word && !trees.words[w - 1].space_after && trees.words[start].token_words < 100 &&
          trees.words[w - 1].upos != Upos::PUNCT && one_token(previous, form, word.upos)) {
        word.token_words = 0;
        ++trees.words[start].token_words;
      } else {
        start = w;
      }
      previous = std::move(form);
    }
  }
}

std::string apply_lemma_script(std::string_view script, std::u32string_view form) {
  if (script.size() > 1 && script[0] == '=') {
    const std::string_view whole = script.substr(1);
    // A mark for a word is a slip of the tagger.
    const bool mark =
        std::none_of(whole.begin(), whole.end(), [](char c) { return text::is_letter(static_cast<unsigned char>(c)) || c < 0; });
    if (!mark || std::none_of(form.begin(), form.end(), text::is_letter)) return std::string(whole);
    script = "c0|";
  }
  const size_t bar = script.find('|');
  size_t drop = 0;
  const bool as_is = !script.empty() && script[0] == 'C';
  if (bar == std::string_view::npos || (script[0] != 'c' && !as_is)) return text::to_utf8(form);
  const auto [end, error] = std::from_chars(script.data() + 1, script.data() + bar, drop);
  if (error != std::errc() || end != script.data() + bar || drop > form.size()) return text::to_utf8(form);
  std::string lemma;
  for (const char32_t c : form.substr(0, form.size() - drop)) text::append_utf8(lemma, as_is ? c : text::lower(c));
  lemma += script.substr(bar + 1);
  return lemma.empty() ? text::to_utf8(form) : lemma;
}

}  // namespace reportedly::syntax
