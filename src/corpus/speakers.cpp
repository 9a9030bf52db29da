#include "corpus/speakers.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <numeric>

#include "base/one_of.h"
#include "entities/fold.h"

namespace reportedly::corpus {
namespace {

using Words = std::vector<std::string>;

Words words_of(const std::string& text) {
  const std::string folded = entities::fold(text);
  Words out;
  for (size_t at = 0; at < folded.size();) {
    const size_t end = std::min(folded.find(' ', at), folded.size());
    if (end > at) out.push_back(folded.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// What a body or an office is called, without article, owner and where it sits: "interior ministry" of "Norway's interior ministry in
/// Oslo". Empty: it is not said which one.
struct Body {
  Words words;
  Words rest;  ///< "in oslo"
};

Body body_of(const Speaker& s) {
  Words all = words_of(s.label);
  Body out;
  // "interior minister (NOR)": the store's own label of an office
  if (s.named && !s.country.empty() && all.size() > 1 && all.back() == entities::fold(s.country)) all.pop_back();
  if (all.empty()) return out;
  // Folding leaves the owner's s as a word: "norway s interior ministry".
  for (size_t i = 1; i < all.size(); ++i)
    if (all[i] == "s" && i + 1 < all.size()) {
      all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      break;
    }
  static constexpr std::array<std::string_view, 30> kOpen{
      "a",     "an", "one", "two", "three", "some", "many", "several", "another", "any",  "no",     "all", "both",  "nobody", "neither",
      "other", "i",  "we",  "he",  "she",   "they", "each", "most",    "this",    "that", "former", "who", "which", "those",  "these"};
  if (std::find(kOpen.begin(), kOpen.end(), all[0]) != kOpen.end()) return out;
  if (one_of(all[0], {"the", "its", "their", "his", "her", "our"})) all.erase(all.begin());
  size_t end = 0;
  while (end < all.size() && !one_of(all[end], {"in", "of", "at", "for", "from", "near", "on", "to", "who", "which", "s"})) ++end;
  out.words.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(end));
  out.rest.assign(all.begin() + static_cast<std::ptrdiff_t>(end), all.end());
  return out;
}

/// One of a kind in its place: an office, a ministry, the police, a union. Not persons, and not groups without a name.
bool institution(const Speaker& s) {
  if (one_of(s.kind, {"office", "organisation", "armed_group"})) return true;
  if (!s.kind.empty() && s.kind != "group") return false;
  static constexpr std::array<std::string_view, 5> kSectors{" GOV ", " COP ", " JUD ", " LAB ", " MIL "};
  const std::string sectors = " " + s.sectors + " ";
  return std::any_of(kSectors.begin(), kSectors.end(), [&](std::string_view sector) { return sectors.find(sector) != std::string::npos; });
}

bool ends_with(const Words& all, const Words& tail) {
  return !tail.empty() && tail.size() <= all.size() && std::equal(tail.rbegin(), tail.rend(), all.rbegin());
}

bool same_body(const Body& a, const Body& b) {
  if (a.words.empty() || b.words.empty()) return false;
  if (!a.rest.empty() && !b.rest.empty() && a.rest != b.rest) return false;
  if (a.words == b.words) return true;
  const Body &longer = a.words.size() > b.words.size() ? a : b, &shorter = a.words.size() > b.words.size() ? b : a;
  return longer.words.size() == shorter.words.size() + 1 && ends_with(longer.words, shorter.words) && nationality(longer.words.front());
}

/// Words that two voices have in common if they are one.
Words tokens(const Speaker& s) {
  Words out;
  if (const Words all = words_of(s.label); !all.empty()) out.push_back(all.back());
  if (const Body body = body_of(s); !body.words.empty()) out.push_back(body.words.back());
  if (const Words office = words_of(s.office); !office.empty()) out.push_back(office.back());
  return out;
}

}  // namespace

bool same_speaker(const Speaker& a, const Speaker& b) {
  if (a.key == b.key) return true;
  if (a.narrator || b.narrator) return false;
  if (!a.country.empty() && !b.country.empty() && a.country != b.country) return false;
  const bool person_a = a.named && a.kind == "person", person_b = b.named && b.kind == "person";
  const Words all_a = words_of(a.label), all_b = words_of(b.label);
  if (person_a && person_b) return ends_with(all_a, all_b) || ends_with(all_b, all_a);  // "Ada Berg" and "Berg"
  if (person_a || person_b) {
    const Speaker &person = person_a ? a : b, &other = person_a ? b : a;
    const Words &name = person_a ? all_a : all_b, &words = person_a ? all_b : all_a;
    if (!other.named && name.size() > 1 && ends_with(words, name)) return true;  // "Defence Minister Liv Berg"
    Words office = words_of(person.office);
    if (!office.empty() && office.front() == "the") office.erase(office.begin());
    const Body body = body_of(other);
    return !office.empty() && (office == body.words || office == words_of(other.office));
  }
  return institution(a) && institution(b) && same_body(body_of(a), body_of(b));
}

bool nationality(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kEnds{"an", "ese", "ish", "i", "ch", "ic", "ek"};
  return word.size() > 3 && std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return word.ends_with(end); });
}

bool identified(const Speaker& s) {
  return s.named || s.narrator || (institution(s) && !body_of(s).words.empty());
}

std::vector<size_t> speakers_of(const std::vector<Speaker>& voices) {
  std::vector<size_t> first(voices.size());
  std::iota(first.begin(), first.end(), size_t{0});
  const auto root = [&](size_t i) {
    while (first[i] != i) i = first[i] = first[first[i]];
    return i;
  };
  std::map<std::string, std::vector<size_t>> by_word;
  for (size_t i = 0; i < voices.size(); ++i)
    for (const std::string& word : tokens(voices[i])) {
      std::vector<size_t>& met = by_word[word];
      if (!met.empty() && met.back() == i) continue;
      for (const size_t j : met)
        if (same_speaker(voices[i], voices[j])) first[root(i)] = root(j);
      met.push_back(i);
    }
  for (size_t i = 0; i < voices.size(); ++i) first[i] = root(i);
  return first;
}

}  // namespace reportedly::corpus
