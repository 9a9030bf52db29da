#include "corpus/copies.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "entities/fold.h"

namespace reportedly::corpus {
namespace {

constexpr size_t kRun = 3;          // words of a run that similarity is counted in
constexpr size_t kPassage = 7;      // words of a run that stands for a passage
constexpr uint64_t kPassages = 24;  // one such run of so many is kept
constexpr size_t kMostHashes = 4096;
constexpr size_t kRows = 4, kBands = 16;  // of the MinHash signature: texts that share half of their runs meet with p = .64, 70 %: .99
constexpr size_t kLeastRuns = 20;         // shorter texts are copies only where all is equal

uint64_t mix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  x ^= x >> 33;
  return x;
}

std::vector<uint64_t> word_hashes(std::string_view body) {
  std::vector<uint64_t> out;
  std::string folded;
  entities::fold_word(body, folded);
  for (size_t at = 0; at < folded.size();) {
    size_t end = folded.find(' ', at);
    if (end == std::string::npos) end = folded.size();
    if (end > at) out.push_back(entities::hash(std::string_view(folded).substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

uint64_t run_hash(const std::vector<uint64_t>& words, size_t at, size_t length) {
  uint64_t h = length;
  for (size_t i = at; i < at + length; ++i) h = mix(h * 31 + words[i]);
  return h;
}

/// Agencies whose name is taken for one wherever a byline or the end of a text has it. Others are found by the form "CITY (Name) –".
constexpr std::array<std::string_view, 47> kAgencies{"Reuters",
                                                     "Associated Press",
                                                     "AP",
                                                     "Agence France-Presse",
                                                     "AFP",
                                                     "dpa",
                                                     "Deutsche Presse-Agentur",
                                                     "Xinhua",
                                                     "TASS",
                                                     "ANSA",
                                                     "EFE",
                                                     "PTI",
                                                     "Kyodo",
                                                     "Kyodo News",
                                                     "Yonhap",
                                                     "Interfax",
                                                     "UPI",
                                                     "Bernama",
                                                     "Anadolu",
                                                     "Anadolu Agency",
                                                     "IRNA",
                                                     "SANA",
                                                     "NTB",
                                                     "TT",
                                                     "Ritzau",
                                                     "APA",
                                                     "Belga",
                                                     "ANP",
                                                     "PAP",
                                                     "CTK",
                                                     "MTI",
                                                     "RIA Novosti",
                                                     "Ukrinform",
                                                     "MENA",
                                                     "WAM",
                                                     "SPA",
                                                     "PA Media",
                                                     "Press Association",
                                                     "Canadian Press",
                                                     "AAP",
                                                     "Press Trust of India",
                                                     "IANS",
                                                     "ANI",
                                                     "KCNA",
                                                     "BTA",
                                                     "STT",
                                                     "Agerpres"};

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9');
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// The word or words, in that case, with no letter beside.
size_t find_words(std::string_view in, std::string_view what, size_t from = 0) {
  for (size_t at = in.find(what, from); at != std::string_view::npos; at = in.find(what, at + 1)) {
    const size_t end = at + what.size();
    if ((at == 0 || !letter(in[at - 1])) && (end == in.size() || !letter(in[end]))) return at;
  }
  return std::string_view::npos;
}
bool has_words(std::string_view in, std::string_view what) {
  return find_words(in, what) != std::string_view::npos;
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\n' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\n' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

bool starts_with_dash(std::string_view s) {
  s = trim(s);
  return s.starts_with("-") || s.starts_with("–") || s.starts_with("—");
}

/// "(Nordwire) –" behind a place or a date near the beginning of the text.
std::string dateline_agency(std::string_view text) {
  const std::string_view head = text.substr(0, 200);
  for (size_t open = head.find('('); open != std::string_view::npos; open = head.find('(', open + 1)) {
    const size_t close = head.find(')', open);
    if (close == std::string_view::npos) return {};
    const std::string_view name = head.substr(open + 1, close - open - 1);
    const bool is_name = name.size() >= 2 && name.size() <= 40 && letter(name[0]) && name.find('\n') == std::string_view::npos &&
                         std::any_of(name.begin(), name.end(), upper) && name.find_first_of(".!?;:") == std::string_view::npos;
    if (open > 0 && is_name && starts_with_dash(head.substr(close + 1))) return std::string(trim(name));
  }
  return {};
}

/// The last lines: "(Nordwire)", "– Nordwire", "Source: Nordwire", "With material from Nordwire".
std::string closing_agency(std::string_view text) {
  std::string_view rest = trim(text);
  if (rest.size() > 300) rest.remove_prefix(rest.size() - 300);
  const size_t line = rest.rfind('\n');
  const std::string_view last = trim(line == std::string_view::npos ? (rest.size() < 80 ? rest : std::string_view()) : rest.substr(line));
  if (rest.ends_with(")")) {
    const size_t open = rest.rfind('(');
    const std::string_view inside = open == std::string_view::npos ? std::string_view() : rest.substr(open + 1, rest.size() - open - 2);
    if (inside.size() >= 2 && inside.size() <= 30 && upper(inside[0]) &&
        std::all_of(inside.begin(), inside.end(), [](char c) { return letter(c) || c == ' ' || c == '-'; }))
      return std::string(inside);
  }
  const auto name = [](std::string_view s) {
    s = trim(s);
    while (!s.empty() && (s.back() == '.' || s.back() == ')')) s.remove_suffix(1);
    return s.size() >= 2 && s.size() <= 40 && upper(s[0]) && s.find_first_of(".!?;:,") == std::string_view::npos ? std::string(s) : "";
  };
  for (const std::string_view lead :
       {"Source:", "Source :", "With material from", "With reporting by", "With reports from", "Additional reporting by"})
    if (last.starts_with(lead)) return name(last.substr(lead.size()));
  if (last.size() <= 46) {
    for (const std::string_view dash : {"– ", "— ", "-- ", "- "})
      if (last.starts_with(dash)) return name(last.substr(dash.size()));
  }
  return {};
}

}  // namespace

Markers find_markers(std::string_view title, std::string_view byline, std::string_view text) {
  Markers out;
  out.agency = dateline_agency(text);
  if (out.agency.empty()) out.agency = closing_agency(text);
  const std::string_view tail = text.size() > 200 ? text.substr(text.size() - 200) : std::string_view();
  for (const std::string_view name : kAgencies) {
    if (!out.agency.empty()) break;
    if (has_words(byline, name) || tail.ends_with("(" + std::string(name) + ")")) out.agency = name;
  }
  // "Nordwire staff", "Agency reporter, Nordwire": the part behind the last comma of a byline that also says "agency" or "wire".
  if (out.agency.empty() && !byline.empty()) {
    std::string_view name = byline;
    if (const size_t comma = name.rfind(','); comma != std::string_view::npos) name.remove_prefix(comma + 1);
    for (const std::string_view lead : {"By ", "by ", "From ", "from "})
      if (trim(name).starts_with(lead)) name = trim(name).substr(lead.size());
    std::string folded;
    entities::fold_word(name, folded);
    for (const std::string_view word : {"wire", "agency", "press agency", "news agency", "newswire"})
      if (folded.ends_with(word) && folded != word) out.agency = std::string(trim(name));
  }
  std::string head, end;
  entities::fold_word(title, head);
  head += ' ';
  entities::fold_word(text.substr(0, 300), head);
  entities::fold_word(tail, end);
  const auto says = [&](std::string_view words) { return has_words(head, words) || has_words(end, words); };
  for (const std::string_view words : {"correction", "corrects", "corrected", "clarification", "an earlier version", "a previous version"})
    out.correction |= says(words);
  out.update = out.correction;
  for (const std::string_view words : {"update", "updates", "updated", "this story has been"}) out.update |= says(words);
  return out;
}

Sketch sketch(std::string_view body) {
  Sketch out;
  const std::vector<uint64_t> words = word_hashes(body);
  std::vector<uint64_t> runs;
  for (size_t i = 0; i + kRun <= words.size(); ++i) runs.push_back(run_hash(words, i, kRun));
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  for (const uint64_t r : runs) out.hashes.push_back(static_cast<uint32_t>(r >> 32));
  out.hashes.erase(std::unique(out.hashes.begin(), out.hashes.end()), out.hashes.end());
  while (out.hashes.size() > kMostHashes) {
    ++out.scale;
    const uint32_t below = uint32_t{1} << (32 - out.scale);
    while (!out.hashes.empty() && out.hashes.back() >= below) out.hashes.pop_back();
  }
  if (runs.size() < kLeastRuns) {  // only equal texts can meet
    uint64_t h = words.size();
    for (const uint64_t w : words) h = mix(h * 31 + w);
    if (words.size() >= kRun) out.bands.push_back(static_cast<int64_t>(h));
    return out;
  }
  // MinHash over what is kept, so that a text of any length costs the same.
  for (size_t band = 0; band < kBands; ++band) {
    uint64_t h = band + 1;
    for (size_t row = 0; row < kRows; ++row) {
      const uint64_t seed = mix(band * kRows + row + 1);
      uint64_t least = ~uint64_t{0};
      for (const uint32_t x : out.hashes) least = std::min(least, mix(x ^ seed));
      h = mix(h ^ least);
    }
    out.bands.push_back(static_cast<int64_t>(h));
  }
  // Passages: a copy that is a third of its origin shares few bands with it, yet all of its own passages.
  // Of a text as long as a book the smallest.
  std::vector<uint64_t> passages;
  for (size_t i = 0; i + kPassage <= words.size(); ++i)
    if (const uint64_t h = run_hash(words, i, kPassage); h % kPassages == 0) passages.push_back(h);
  std::sort(passages.begin(), passages.end());
  passages.erase(std::unique(passages.begin(), passages.end()), passages.end());
  if (passages.size() > kMostHashes) passages.resize(kMostHashes);
  for (const uint64_t h : passages) out.bands.push_back(static_cast<int64_t>(h));
  std::sort(out.bands.begin(), out.bands.end());
  out.bands.erase(std::unique(out.bands.begin(), out.bands.end()), out.bands.end());
  return out;
}

Overlap overlap(const std::vector<uint32_t>& a, int scale_a, const std::vector<uint32_t>& b, int scale_b) {
  const int scale = std::max(scale_a, scale_b);
  const auto kept = [scale](const std::vector<uint32_t>& v) {
    return scale == 0 ? v.end() : std::lower_bound(v.begin(), v.end(), uint32_t{1} << (32 - scale));
  };
  const auto end_a = kept(a), end_b = kept(b);
  Overlap out{.a = static_cast<size_t>(end_a - a.begin()), .b = static_cast<size_t>(end_b - b.begin())};
  for (auto x = a.begin(), y = b.begin(); x != end_a && y != end_b;) {
    if (*x == *y) {
      ++out.common;
      ++x;
      ++y;
    } else if (*x < *y) {
      ++x;
    } else {
      ++y;
    }
  }
  return out;
}

bool is_copy(const Overlap& o, bool same_agency) {
  if (o.common > 0 && o.common == o.a && o.common == o.b) return true;
  if (std::min(o.a, o.b) < kLeastRuns) return false;
  const double contained = std::max(o.of_a(), o.of_b());
  return o.jaccard() >= (same_agency ? .3 : .45) || contained >= (same_agency ? .5 : .65);
}

CopyKind kind_of_copy(const Overlap& o, bool revised) {
  const double size = o.b > 0 ? static_cast<double>(o.a) / static_cast<double>(o.b) : 1;
  if (o.common > 0 && o.common == o.a && o.common == o.b) return {"exact", 1};
  if (size < .8 && !revised) return {"shortened", o.of_a()};
  if (size > 1.25 || revised) return {"updated", o.of_b()};
  return {"near", o.jaccard()};
}

std::string rank_of(const std::optional<std::string>& published, bool agencys_own, const Markers& markers, size_t shingles,
                    const std::string& id) {
  return fmt::format("{}|{}|{}|{:08}|{}", published.value_or("9999-99-99"),
                     agencys_own              ? 0
                     : markers.agency.empty() ? 1
                                              : 2,
                     markers.update ? 1 : 0, 99999999 - std::min<size_t>(shingles, 99999999), id);
}

}  // namespace reportedly::corpus
