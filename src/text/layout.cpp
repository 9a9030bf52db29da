#include "text/layout.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "text/chars.h"
#include "text/decode.h"
#include "text/input.h"

namespace reportedly::text {
namespace {

constexpr uint32_t kLongLine = 160;         // a line this long was not wrapped by hand: its end is a paragraph's end
constexpr uint32_t kFurnitureLength = 120;  // a running head is no longer, blanks between its parts included
constexpr uint32_t kFurnitureWords = 12;
constexpr uint32_t kTitleLength = 250;
constexpr uint32_t kTitleWords = 30;
constexpr uint32_t kDatelineLength = 100;
constexpr uint32_t kHeadLines = 8;
constexpr uint32_t kFooterBlocks = 10;
constexpr uint32_t kFooterWords = 60;
constexpr std::u32string_view kFieldMarks = U",|\u00B7\u2022";

/// A stretch of lines without a blank one between; white space at its ends left out.
struct Block {
  uint32_t begin = 0, end = 0;
  uint32_t first_line = 0, last_line = 0;  ///< [first, last)
  Part part = Part::body;
  enum Fate : uint8_t { kept, running_head, page_number } fate = kept;
};

struct Line {
  uint32_t begin = 0, end = 0;   ///< without white space at its ends; begin == end: blank
  bool page_after = false;       ///< a form feed ends it
  bool paragraph_after = false;  ///< U+2029 ends it
};

std::string lower_ascii(std::u32string_view s) {
  std::string out;
  for (const char32_t c : s) append_utf8(out, lower(c));
  return out;
}

class Layout {
 public:
  Layout(Text& text, const DocumentInput& input) : text_(text), input_(input), chars_(text.chars) {}

  std::vector<AnalysisParagraph> run() {
    read_lines();
    make_blocks();
    find_furniture();
    if (input_.format == SourceFormat::plain)
      find_head();
    else
      find_given_title();
    find_footer();
    find_dateline();
    build();
    std::stable_sort(text_.repairs.begin(), text_.repairs.end(), [](const Repair& a, const Repair& b) { return a.span < b.span; });
    return std::move(paragraphs_);
  }

 private:
  using View = std::u32string_view;
  View view(uint32_t begin, uint32_t end) const { return chars_.substr(begin, end - begin); }
  View view(const Line& l) const { return view(l.begin, l.end); }
  View view(const Block& b) const { return view(b.begin, b.end); }
  static uint32_t lines_of(const Block& b) { return b.last_line - b.first_line; }

  /// Words between white space, counted up to a limit.
  static uint32_t words(View s, uint32_t limit) {
    uint32_t n = 0;
    bool in_word = false;
    for (const char32_t c : s) {
      const bool white = is_white(c);
      if (!white && !in_word && ++n > limit) return n;
      in_word = !white;
    }
    return n;
  }

  // ---- lines and blocks

  void read_lines() {
    const auto n = static_cast<uint32_t>(chars_.size());
    Line line;
    uint32_t first = n, last = 0;
    auto finish = [&] {
      line.begin = first < n ? first : 0;
      line.end = first < n ? last : 0;
      lines_.push_back(line);
      line = {};
      first = n;
    };
    for (uint32_t i = 0; i < n; ++i) {
      const char32_t c = chars_[i];
      if (c == U'\r' && i + 1 < n && chars_[i + 1] == U'\n') continue;
      if (c == U'\n' || c == U'\r' || c == 0x85 || c == 0x2028 || c == 0x2029 || c == U'\f') {
        line.page_after = c == U'\f';
        line.paragraph_after = c == 0x2029;
        finish();
      } else if (!is_white(c)) {
        if (first == n) first = i;
        last = i + 1;
      }
    }
    finish();
  }

  void make_blocks() {
    const auto n = static_cast<uint32_t>(lines_.size());
    for (uint32_t i = 0; i < n;) {
      if (lines_[i].begin == lines_[i].end) {
        ++i;
        continue;
      }
      uint32_t j = i;
      bool long_line = false;
      while (j < n && lines_[j].begin < lines_[j].end) {
        long_line = long_line || lines_[j].end - lines_[j].begin > kLongLine;
        ++j;
        if (lines_[j - 1].page_after || lines_[j - 1].paragraph_after) break;
      }
      if (long_line) {
        for (uint32_t k = i; k < j; ++k) blocks_.push_back({lines_[k].begin, lines_[k].end, k, k + 1});
      } else {
        blocks_.push_back({lines_[i].begin, lines_[j - 1].end, i, j});
      }
      i = j;
    }
  }

  // ---- page numbers and running heads

  /// "12", "Page 3", "Page 3 of 7", "3 of 7", "3/7", "- 3 -". A number of four digits alone may be a year.
  static bool is_page_number(View s, bool* bare = nullptr) {
    if (s.size() > 20) return false;
    std::string l = lower_ascii(s);
    std::erase_if(l, [](char c) { return c == '-' || c == '[' || c == ']' || c == '|'; });
    const size_t first = l.find_first_not_of(" \xC2\xA0\xE2\x80\x93\x94");
    if (first == std::string::npos) return false;
    l = l.substr(first, l.find_last_not_of(" \xC2\xA0\xE2\x80\x93\x94") - first + 1);
    const bool named = l.starts_with("page ") || l.starts_with("p. ");
    if (named) l = l.substr(l.find(' ') + 1);
    auto numeral = [](std::string_view x, size_t most) {
      return !x.empty() && x.size() <= most && std::all_of(x.begin(), x.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    for (const std::string_view between : {" of ", "/"})
      if (const size_t at = l.find(between); at != std::string::npos)
        return numeral(std::string_view(l).substr(0, at), 4) && numeral(std::string_view(l).substr(at + between.size()), 4);
    if (bare) *bare = std::all_of(s.begin(), s.end(), is_digit);
    return numeral(l, named ? 4 : 3);
  }

  /// A running head's line with digits as 0, so that the page's number does not tell one from the other; empty: cannot be one.
  std::u32string furniture_key(View s) const {
    if (s.empty() || s.size() > kFurnitureLength || words(s, kFurnitureWords) > kFurnitureWords) return {};
    if (is_end_punctuation(s.back()) || is_quote(s.back()) || is_quote(s.front()) || s.back() == U':' || s.back() == U',') return {};
    if (std::count_if(s.begin(), s.end(), is_letter) < 2) return {};
    std::u32string key;
    for (const char32_t c : s)
      if (!is_digit(c))
        key.push_back(c);
      else if (key.empty() || key.back() != U'0')
        key.push_back(U'0');
    return key;
  }

  /// Does a page begin with this line, or end with it? Form feeds say so.
  bool at_page_edge(uint32_t line) const { return lines_[line].page_after || (line > 0 && lines_[line - 1].page_after); }

  /// Lines that stand alone, and the first and last lines of a page, become blocks of their own if they are furniture.
  void find_furniture() {
    if (blocks_.size() < 3) return;
    std::unordered_map<std::u32string, uint32_t> seen;  // looked up only, never walked
    auto candidate = [&](const Block& b, uint32_t line) {
      return lines_of(b) == 1 || ((line == b.first_line || line + 1 == b.last_line) && at_page_edge(line));
    };
    auto is_short_block = [&](const Block& b) { return lines_of(b) <= 3 && b.end - b.begin <= 3 * kFurnitureLength; };
    for (const Block& b : blocks_)
      for (const uint32_t l : {b.first_line, b.last_line - 1})
        if (candidate(b, l) && (l == b.first_line || lines_of(b) > 1))
          if (auto key = furniture_key(view(lines_[l])); !key.empty()) ++seen[std::move(key)];
    // A page number with a head or foot right above or below it.
    std::vector<Block> parted;
    for (const Block& b : blocks_) {
      bool number = false;
      for (uint32_t l = b.first_line; is_short_block(b) && l < b.last_line; ++l) number = number || is_page_number(view(lines_[l]));
      uint32_t first = b.first_line, last = b.last_line;
      auto furniture = [&](uint32_t line) {
        if (is_page_number(view(lines_[line]))) return true;
        const auto key = furniture_key(view(lines_[line]));
        const auto it = key.empty() ? seen.end() : seen.find(key);
        return it != seen.end() && it->second >= 2;
      };
      auto put = [&](uint32_t from, uint32_t to) { parted.push_back({lines_[from].begin, lines_[to - 1].end, from, to}); };
      if (lines_of(b) == 1) {
        parted.push_back(b);
        continue;
      }
      if (number) {
        for (uint32_t l = first; l < last; ++l) put(l, l + 1);
        continue;
      }
      while (first + 1 < last && (first == b.first_line ? at_page_edge(first) : first < b.first_line + 2) && furniture(first)) {
        put(first, first + 1);
        ++first;
      }
      uint32_t end = last;
      while (end > first + 1 && (end == last ? lines_[end - 1].page_after : end + 2 > last) && furniture(end - 1)) --end;
      put(first, end);
      for (; end < last; ++end) put(end, end + 1);
    }
    blocks_ = std::move(parted);
    seen.clear();
    for (const Block& b : blocks_)
      if (lines_of(b) == 1)
        if (auto key = furniture_key(view(b)); !key.empty()) ++seen[std::move(key)];
    std::vector<bool> bare(blocks_.size(), false);
    for (size_t i = 1; i < blocks_.size(); ++i) {
      bool only_digits = false;
      if (lines_of(blocks_[i]) == 1 && is_page_number(view(blocks_[i]), &only_digits)) {
        blocks_[i].fate = Block::page_number;
        bare[i] = only_digits;
      }
    }
    const std::u32string first = lines_of(blocks_[0]) == 1 ? furniture_key(view(blocks_[0])) : std::u32string();
    for (size_t i = 0; i < blocks_.size(); ++i) {
      Block& b = blocks_[i];
      if (lines_of(b) != 1 || b.fate != Block::kept) continue;
      const std::u32string key = furniture_key(view(b));
      if (key.empty()) continue;
      const uint32_t times = seen.at(key);
      const bool beside_number =
          (i > 0 && blocks_[i - 1].fate == Block::page_number) || (i + 1 < blocks_.size() && blocks_[i + 1].fate == Block::page_number);
      const bool certain = times >= 3 || (times >= 2 && (key == first || beside_number || at_page_edge(b.first_line)));
      if (!certain) continue;
      // The first block is the title, unless a better one follows it.
      if (i == 0) {
        const Block* next = blocks_.size() > 1 && blocks_[1].fate == Block::kept ? &blocks_[1] : nullptr;
        if (times < 3 || !next || !is_title(*next) || furniture_key(view(*next)) == key || is_byline(view(*next), false) ||
            read_date_line(view(*next)))
          continue;
      }
      b.fate = Block::running_head;
    }
    // A number alone may as well count the items of a list: it needs a page's edge, a running head, or a sentence that goes on.
    for (size_t i = 1; i < blocks_.size(); ++i) {
      if (!bare[i]) continue;
      const bool beside_head =
          blocks_[i - 1].fate == Block::running_head || (i + 1 < blocks_.size() && blocks_[i + 1].fate == Block::running_head);
      const bool interrupts = i + 1 < blocks_.size() && goes_on(blocks_[i - 1], blocks_[i + 1], false);
      if (!beside_head && !interrupts && !at_page_edge(blocks_[i].first_line)) blocks_[i].fate = Block::kept;
    }
    for (const Block& b : blocks_)
      if (b.fate != Block::kept) {
        text_.repairs.push_back({b.fate == Block::page_number ? "page_number" : "running_head", {b.begin, b.end}});
        furniture_.push_back(b.begin);
      }
    std::erase_if(blocks_, [](const Block& b) { return b.fate != Block::kept; });
  }

  // ---- characters

  static bool is_end_punctuation(char32_t c) { return c == U'.' || c == U'!' || c == U'?' || c == 0x2026; }
  static bool is_quote(char32_t c) { return c == U'"' || c == U'\'' || (c >= 0x2018 && c <= 0x201F) || c == 0xAB || c == 0xBB; }
  static bool is_closing(char32_t c) { return is_quote(c) || c == U')' || c == U']' || c == U'*' || c == U'_'; }

  /// The last character that is not a closing mark, 0 if there is none.
  static char32_t last_telling(View s) {
    while (!s.empty() && is_closing(s.back())) s.remove_suffix(1);
    return s.empty() ? 0 : s.back();
  }

  static size_t heading_marks(View s) {
    size_t n = 0;
    while (n < s.size() && n < 7 && s[n] == U'#') ++n;
    if (n == 0 || n == s.size() || !is_white(s[n])) return 0;
    while (n < s.size() && is_white(s[n])) ++n;
    return n == s.size() ? 0 : n;
  }

  static View trim(View s) {
    while (!s.empty() && is_white(s.front())) s.remove_prefix(1);
    while (!s.empty() && is_white(s.back())) s.remove_suffix(1);
    return s;
  }

  /// Bold and italic marks of Markdown around a whole line.
  static View plain_line(View s) {
    s = trim(s);
    while (s.size() > 2 && (s.front() == U'*' || s.front() == U'_') && s.back() == s.front()) s = trim(s.substr(1, s.size() - 2));
    return s;
  }

  // ---- head

  /// `sure`: what follows shows that a head ends here, so that the line may end like a sentence.
  bool is_title(const Block& b, bool sure = false) const {
    const View s = view(b);
    if (heading_marks(s)) return true;
    if (lines_of(b) > 3 || s.size() > kTitleLength || words(s, kTitleWords) > kTitleWords) return false;
    if (s.front() == U'-' || s.front() == U'*' || s.front() == 0x2022 || is_lower(s.front())) return false;
    if (std::none_of(s.begin(), s.end(), is_letter) || dateline_end(s) != 0) return false;
    if (sure) return true;
    const char32_t end = last_telling(s);
    if (end == U':' || end == U';' || end == U',' || end == 0x2026 || end == U'-') return false;
    if (end == U'.' && !(s.size() >= 4 && s[s.size() - 3] == U'.')) return false;  // U.S. may end a title
    // Words of speech with the speaker's sentence around them are body.
    return !(is_closing(s.back()) && is_end_punctuation(end) && !is_quote(s.front()));
  }

  static bool is_particle(const std::string& w) {
    static constexpr std::array<std::string_view, 22> kParticles{"de",  "del", "della", "der", "den", "da",  "di", "dos",
                                                                 "du",  "el",  "la",    "le",  "bin", "ibn", "al", "van",
                                                                 "von", "ter", "y",     "and", "&",   "of"};
    return std::find(kParticles.begin(), kParticles.end(), w) != kParticles.end();
  }

  /// A line that is one to four names: capitalised words, initials, particles. Section labels are none.
  static bool is_name_line(View s) {
    static constexpr std::array<std::string_view, 34> kLabels{
        "news",         "world",         "politics",  "opinion", "analysis",  "comment", "breaking", "live",       "update",
        "updates",      "advertisement", "photo",     "file",    "video",     "the",     "business", "sport",      "sports",
        "national",     "international", "editorial", "feature", "exclusive", "report",  "reports",  "background", "summary",
        "introduction", "contents",      "today",     "latest",  "local",     "top",     "press"};
    if (s.size() > 80 || s.empty()) return false;
    uint32_t n = 0, capitalised = 0;
    for (size_t i = 0; i < s.size();) {
      if (is_white(s[i]) || s[i] == U',') {
        ++i;
        continue;
      }
      size_t end = i;
      while (end < s.size() && !is_white(s[end]) && s[end] != U',') ++end;
      const View w = s.substr(i, end - i);
      i = end;
      if (++n > 12) return false;
      const std::string l = lower_ascii(w);
      if (std::find(kLabels.begin(), kLabels.end(), l) != kLabels.end()) return false;
      if (is_particle(l)) continue;
      if (!is_upper(w.front()) && !(w.size() > 3 && (l.starts_with("al-") || l.starts_with("el-") || l.starts_with("d'")))) return false;
      for (const char32_t c : w)
        if (!is_letter(c) && c != U'-' && !is_apostrophe(c) && c != U'.') return false;
      if (w.back() == U'.' && w.size() > 3) return false;
      ++capitalised;
    }
    return capitalised >= 2 && capitalised <= 9;
  }

  /// "By X" where X is given, or with `bare` a line that is names and nothing else. Gives X.
  static std::optional<View> is_byline(View s, bool bare) {
    s = plain_line(s);
    if (s.empty() || s.size() > 120 || is_end_punctuation(last_telling(s))) return std::nullopt;
    if (s.size() > 4 && lower(s[0]) == U'b' && lower(s[1]) == U'y' && (is_white(s[2]) || s[2] == U':')) {
      const View rest = trim(s.substr(3));
      if (!rest.empty() && is_upper(rest.front()) && words(rest, 14) <= 14) return rest;
      for (const auto known : {U"our ", U"staff", U"a staff", U"agencies"})
        if (rest.starts_with(known)) return rest;
      return std::nullopt;
    }
    if (bare && is_name_line(s)) return s;
    return std::nullopt;
  }

  static std::optional<std::string> date_of(View s) {
    s = trim(s);
    if (s.size() > 60) return std::nullopt;
    return parse_date(to_utf8(s));
  }

  struct DateLine {
    std::optional<std::string> date;
    bool place = false;  ///< a place in capitals stands before it
  };

  /// A line that is a date, with or without "Published", a clock time, or a place in capitals before it.
  static std::optional<DateLine> read_date_line(View s) {
    s = plain_line(s);
    if (s.empty() || s.size() > 120) return std::nullopt;
    const std::string l = lower_ascii(s);
    size_t skip = 0;
    for (const std::string_view word : {"published on", "published at", "published", "first published", "last updated", "last modified",
                                        "updated on", "updated", "posted on", "posted", "date"})
      if (l.starts_with(word) && word.size() > skip) skip = word.size();
    View rest = s.substr(skip);
    while (!rest.empty() && (is_white(rest.front()) || rest.front() == U':' || rest.front() == U',')) rest.remove_prefix(1);
    // Several dates on a line ("published … ; updated …"): the first is the publication.
    if (const size_t cut = rest.find_first_of(U";|"); cut != View::npos)
      if (date_of(rest.substr(0, cut)) && (rest[cut] == U';' || read_date_line(rest.substr(cut + 1))))
        return DateLine{date_of(rest.substr(0, cut))};
    if (auto date = date_of(rest)) return DateLine{std::move(date)};
    if (skip == 0) {
      rest = without_agency(rest);
      for (size_t comma = rest.find(U','); comma != View::npos && comma < 40; comma = rest.find(U',', comma + 1))
        if (auto date = date_of(rest.substr(comma + 1));
            date && (is_place(rest.substr(0, comma), false) || written_as_place(rest.substr(0, comma))))
          return DateLine{std::move(date), true};
    }
    return std::nullopt;
  }

  /// A dateline that stands alone, without its dash and the agency: "KADUNA, Nigeria, 17 August 2031 (Wire) -".
  static View without_agency(View s) {
    s = trim(s);
    while (!s.empty() && (s.back() == U'-' || s.back() == 0x2013 || s.back() == 0x2014 || s.back() == 0x2015))
      s = trim(s.substr(0, s.size() - 1));
    if (!s.empty() && s.back() == U')')
      if (const size_t open = s.rfind(U'('); open != View::npos && open > 0 && s.size() - open <= 40) s = trim(s.substr(0, open));
    return s;
  }

  /// "Lucknow", "Millbrook, Ohio", "New Delhi" before a date: a place, though not in capitals. Two other words may be a name.
  static bool written_as_place(View s) {
    static constexpr std::array<std::string_view, 38> kBeginPlaces{
        "abu", "addis", "baton",  "buenos", "cape",  "dar",   "den",  "east",  "el",     "fort",  "hong", "kuala",     "la",
        "las", "los",   "mexico", "new",    "north", "phnom", "port", "porto", "rio",    "saint", "san",  "santa",     "santo",
        "sao", "south", "sri",    "st",     "st.",   "tel",   "the",  "ulan",  "united", "west",  "são",  "washington"};
    s = trim(s);
    if (!is_place(s, true) || is_byline(s, false)) return false;
    const size_t space = s.find(U' ');
    if (space == View::npos || s.find(U',') != View::npos) return true;
    return std::find(kBeginPlaces.begin(), kBeginPlaces.end(), lower_ascii(s.substr(0, space))) != kBeginPlaces.end();
  }

  struct HeadLine {
    Part part = Part::byline;
    std::optional<std::string> date;
    View name;
    bool place = false;
  };

  /// One line of a head below the title. `bare`: a name alone counts.
  static std::optional<HeadLine> read_head_line(View line, bool bare) {
    if (auto date = read_date_line(line)) return HeadLine{Part::dateline, std::move(date->date), {}, date->place};
    const View whole = plain_line(line);
    if (whole.size() <= 160)
      // "By X, 5 May 2031", "X | 5 May 2031", "5 May 2031 | X"
      for (size_t cut = whole.find_first_of(kFieldMarks); cut != View::npos; cut = whole.find_first_of(kFieldMarks, cut + 1)) {
        const View left = whole.substr(0, cut), right = whole.substr(cut + 1);
        auto date = read_date_line(right);
        auto name = is_byline(left, bare);
        if (!date && whole[cut] != U',') {
          date = read_date_line(left);
          name = is_byline(right, bare);
        }
        if (date && name) return HeadLine{Part::byline, std::move(date->date), trim(*name), false};
      }
    if (auto name = is_byline(line, bare)) return HeadLine{Part::byline, std::nullopt, *name, false};
    return std::nullopt;
  }

  void take(const HeadLine& head, const Line& line) {
    if (!text_.published) text_.published = head.date;
    if (!text_.byline && !head.name.empty()) text_.byline = to_utf8(head.name);
    if (head.place && !text_.dateline) text_.dateline = Span{line.begin, line.end};
  }

  /// Would every one of these lines be a head line?
  bool all_head_lines(uint32_t first, uint32_t last, bool bare) const {
    if (last - first > 4) return false;
    for (uint32_t l = first; l < last; ++l)
      if (!read_head_line(view(lines_[l]), bare)) return false;
    return true;
  }

  void split_block(size_t b, uint32_t line) {
    Block rest = blocks_[b];
    rest.first_line = line;
    rest.begin = lines_[line].begin;
    blocks_[b].last_line = line;
    blocks_[b].end = lines_[line - 1].end;
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(b) + 1, rest);
  }

  static std::string one_line(View s) {
    std::string out;
    bool space = false;
    for (const char32_t c : s) {
      if (is_white(c)) {
        space = !out.empty();
      } else {
        if (space) out.push_back(' ');
        space = false;
        append_utf8(out, c);
      }
    }
    return out;
  }

  std::string title_text(const Block& b) const { return one_line(plain_line(view(b).substr(heading_marks(view(b))))); }

  bool is_given_title(const Block& b) const {
    return input_.title && view(b).size() <= 4 * input_.title->size() + 16 && title_text(b) == one_line(decode_utf8(*input_.title).chars);
  }

  void find_given_title() {
    if (!input_.title || blocks_.empty()) return;
    Block first = blocks_[0];
    if (is_given_title(first) && blocks_.size() > 1) {
      blocks_[0].part = Part::title;
    } else if (lines_of(first) > 1) {
      first.last_line = first.first_line + 1;
      first.end = lines_[first.first_line].end;
      if (!is_given_title(first)) return;
      split_block(0, first.last_line);
      blocks_[0].part = Part::title;
    }
  }

  void find_head() {
    if (blocks_.empty()) return;
    // A heading mark, or a first line that only head lines follow, ends a title inside a block.
    if (lines_of(blocks_[0]) > 1) {
      const uint32_t second = blocks_[0].first_line + 1;
      const View first = view(lines_[blocks_[0].first_line]);
      uint32_t end = second;
      while (end < blocks_[0].last_line && end - second < 4 && all_head_lines(end, end + 1, false)) ++end;
      if (heading_marks(first) || (end > second && !read_date_line(first) && !is_byline(first, false)) ||
          (blocks_.size() > 1 && lines_of(blocks_[0]) <= 4 && all_head_lines(second, blocks_[0].last_line, true)))
        split_block(0, second);
    }
    if (blocks_.size() < 2) return;
    size_t next = 0;
    const bool head_ends = dateline_end(view(blocks_[1])) != 0 || (blocks_.size() > 2 && lines_of(blocks_[1]) <= 4 &&
                                                                   all_head_lines(blocks_[1].first_line, blocks_[1].last_line, false));
    if (is_given_title(blocks_[0]) || (is_title(blocks_[0], head_ends) && !goes_on(blocks_[0], blocks_[1], false) &&
                                       !read_date_line(view(lines_[blocks_[0].first_line])) && !is_byline(view(blocks_[0]), false))) {
      blocks_[0].part = Part::title;
      text_.title = title_text(blocks_[0]);
      next = 1;
      // A standfirst: one short block between the title and a line that surely belongs to the head.
      if (blocks_.size() > 3 && lines_of(blocks_[1]) <= 3 && words(view(blocks_[1]), 40) <= 40 &&
          !all_head_lines(blocks_[1].first_line, blocks_[1].last_line, true) &&
          all_head_lines(blocks_[2].first_line, blocks_[2].first_line + 1, false)) {
        blocks_[1].part = Part::title;
        next = 2;
      }
    }
    for (uint32_t taken = 0; next + 1 < blocks_.size() && taken < kHeadLines; ++taken, ++next) {
      // A name alone counts where nothing but head lines stand in its block: else it is the body's first line.
      const Block b = blocks_[next];
      const Line& line = lines_[b.first_line];
      const bool bare = !text_.byline && all_head_lines(b.first_line, b.last_line, true);
      const auto head = read_head_line(view(line), bare);
      if (!head) break;
      if (lines_of(b) > 1) split_block(next, b.first_line + 1);
      take(*head, line);
      blocks_[next].part = head->part;
    }
  }

  // ---- footer

  static bool is_address(View word) {
    const std::string l = lower_ascii(word);
    if (l.find("http://") != std::string::npos || l.find("https://") != std::string::npos || l.starts_with("www.")) return true;
    const size_t at = l.find('@');
    return at != std::string::npos && (at == 0 ? l.size() > 2 : l.find('.', at) != std::string::npos);
  }

  bool is_footer(const Block& b) const {
    if (b.end - b.begin > 1000 || words(view(b), kFooterWords) > kFooterWords) return false;
    const View s = plain_line(view(b));
    if (std::none_of(s.begin(), s.end(), [](char32_t c) { return is_letter(c) || is_digit(c); })) return true;
    const std::string l = one_line(decode_utf8(lower_ascii(s)).chars);
    for (const std::string_view begin : {"to contact",
                                         "contact us",
                                         "contact the",
                                         "contact:",
                                         "follow us",
                                         "follow @",
                                         "follow him on",
                                         "follow her on",
                                         "subscribe",
                                         "sign up",
                                         "sign in to",
                                         "© ",
                                         "©",
                                         "(c) ",
                                         "copyright",
                                         "all rights reserved",
                                         "read more",
                                         "read next",
                                         "read also",
                                         "share this",
                                         "share on",
                                         "related:",
                                         "related articles",
                                         "related stories",
                                         "more on this",
                                         "this article was originally",
                                         "this article first appeared",
                                         "this article was first",
                                         "this story was originally",
                                         "this story first appeared",
                                         "originally published",
                                         "first published",
                                         "download our",
                                         "download the",
                                         "our standards:",
                                         "reporting by",
                                         "additional reporting by",
                                         "(reporting by",
                                         "(additional reporting",
                                         "editing by",
                                         "(editing by",
                                         "(writing by",
                                         "writing by",
                                         "support our",
                                         "donate",
                                         "join our",
                                         "click here",
                                         "like us on",
                                         "e-mail:",
                                         "email:",
                                         "tel:",
                                         "tel.",
                                         "phone:",
                                         "print this",
                                         "advertisement",
                                         "newsletter",
                                         "get our",
                                         "visit us",
                                         "for more information,"})
      if (l.starts_with(begin)) return true;
    for (const std::string_view inside : {"all rights reserved", "subscribe to our", "newsletter sign", "terms of use"})
      if (l.find(inside) != std::string::npos) return true;
    if (l == "ends" || l == "-30-") return true;
    // Nothing but addresses: every word is one, or a label with a colon.
    bool address = false;
    for (size_t i = 0; i < s.size();) {
      if (is_white(s[i])) {
        ++i;
        continue;
      }
      size_t end = i;
      while (end < s.size() && !is_white(s[end])) ++end;
      const View w = s.substr(i, end - i);
      i = end;
      if (is_address(w))
        address = true;
      else if (w.back() != U':' && w.size() > 2)
        return false;
    }
    return address;
  }

  void find_footer() {
    size_t first_body = 0;
    while (first_body < blocks_.size() && blocks_[first_body].part != Part::body) ++first_body;
    for (size_t i = blocks_.size(), n = 0; i > first_body + 1 && n < kFooterBlocks; --i, ++n) {
      Block& b = blocks_[i - 1];
      if (!is_footer(b)) break;
      b.part = Part::footer;
      text_.repairs.push_back({"footer", {b.begin, b.end}});
    }
  }

  // ---- dateline

  /// A place as datelines write it: in capitals up to the first comma, or with `sure` merely capitalised.
  static bool is_place(View s, bool sure) {
    s = trim(s);
    if (s.empty() || s.size() > 50 || words(s, 6) > 6) return false;
    const View first = s.substr(0, s.find(U','));
    size_t capitals = 0;
    bool all_capitals = true;
    for (const char32_t c : first) {
      if (is_upper(c))
        ++capitals;
      else if (is_letter(c))
        all_capitals = false;
      else if (is_digit(c) || is_quote(c) || c == U':')
        return false;
    }
    if (all_capitals && capitals >= 3) {
      for (size_t i = first.size(); i < s.size(); ++i)
        if (is_digit(s[i])) return false;
      return true;
    }
    if (!sure) return false;
    bool start = true;
    for (size_t i = 0; i < s.size(); ++i) {
      if (is_digit(s[i])) return false;
      if (start && is_letter(s[i]) && !is_upper(s[i])) {
        size_t end = i;
        while (end < s.size() && !is_white(s[end])) ++end;
        if (!is_particle(lower_ascii(s.substr(i, end - i)))) return false;
      }
      start = is_white(s[i]);
    }
    return is_upper(s.front());
  }

  /// Day and month, or a weekday: a dateline's date need not give the year.
  static bool is_day(View s) {
    s = trim(s);
    if (s.empty() || s.size() > 40) return false;
    const std::string utf8 = to_utf8(s);
    if (parse_date(utf8) || parse_date(utf8 + " 2000")) return true;
    return parse_date(utf8 + " 1 January 2000").has_value() && words(s, 1) == 1 && s.size() > 2;  // a weekday changes nothing
  }

  /// Length of the dateline that `s` begins with, its dash included; 0 if there is none. `date`: the part that is its date.
  static size_t dateline_end(View s, View* date_part = nullptr) {
    s = s.substr(0, kDatelineLength);
    size_t dash = 0, after = 0;
    for (size_t i = 1; i < s.size() && after == 0; ++i) {
      if (s[i] == U'\n' || s[i] == U'\r') return 0;
      const bool long_dash = s[i] == 0x2013 || s[i] == 0x2014 || s[i] == 0x2015;
      const bool hyphens = s[i] == U'-' && (i + 1 < s.size() && s[i + 1] == U'-');
      const bool hyphen = s[i] == U'-' && (is_white(s[i - 1]) || s[i - 1] == U')') && i + 1 < s.size() && is_white(s[i + 1]);
      if (!long_dash && !hyphens && !hyphen) continue;
      dash = i;
      after = i + (hyphens ? 2 : 1);
    }
    if (after == 0) return 0;
    View head = trim(s.substr(0, dash));
    bool sure = false;
    if (!head.empty() && head.back() == U')') {
      const size_t open = head.rfind(U'(');
      if (open == View::npos || open == 0 || head.size() - open > 40) return 0;
      head = trim(head.substr(0, open));
      sure = true;
    }
    // The longest tail after a comma that is a date.
    for (size_t comma = head.find(U','); comma != View::npos; comma = head.find(U',', comma + 1))
      if (const View tail = trim(head.substr(comma + 1)); is_day(tail)) {
        if (date_part) *date_part = tail;
        head = trim(head.substr(0, comma));
        sure = true;
        break;
      }
    if (head.empty() || !is_place(head, sure)) return 0;
    size_t next = after;
    while (next < s.size() && is_white(s[next])) ++next;
    if (next == s.size()) return 0;
    // "NATO – the alliance – …" is no dateline: a sentence must begin here.
    if (!sure && !is_upper(s[next]) && !is_quote(s[next]) && !is_digit(s[next])) return 0;
    return after;
  }

  /// At the start of the body, or of its second paragraph where a line stands before it that may be a title.
  void find_dateline() {
    size_t seen = 0;
    for (const Block& b : blocks_) {
      if (b.part != Part::body) continue;
      View date;
      if (const size_t n = dateline_end(view(b), &date)) {
        text_.dateline = Span{b.begin, b.begin + static_cast<uint32_t>(n)};
        if (!text_.published) text_.published = date_of(date);
        return;
      }
      if (++seen == 2 || lines_of(b) > 1 || b.end - b.begin > kTitleLength) return;
    }
  }

  // ---- joins

  static bool is_function_word(View word) {
    static constexpr std::array<std::string_view, 51> kWords{
        "a",   "an",   "the", "of",   "to",   "in",    "on",    "at",    "by",     "for",     "from",    "with",   "and",
        "or",  "but",  "nor", "as",   "that", "which", "who",   "whose", "whom",   "is",      "are",     "was",    "were",
        "be",  "been", "has", "have", "had",  "will",  "would", "could", "should", "may",     "might",   "must",   "their",
        "its", "his",  "her", "our",  "into", "than",  "if",    "when",  "while",  "because", "between", "against"};
    if (word.size() > 8) return false;
    return std::find(kWords.begin(), kWords.end(), lower_ascii(word)) != kWords.end();
  }

  static View last_word(View s) {
    size_t at = s.size();
    while (at > 0 && s.size() - at < 20 && !is_white(s[at - 1])) --at;
    return s.substr(at);
  }

  /// Does a paragraph evidently go on in the next block?
  bool goes_on(const Block& a, const Block& b, bool across_pages = true) const {
    const View before = view(a), next = view(b);
    if (heading_marks(before) || heading_marks(next)) return false;
    // "… as mediators fly in", and whose report it is, or where it was written
    if (is_byline(view(lines_[b.first_line]), false) || dateline_end(next) != 0) return false;
    const char32_t end = last_telling(before);
    if (end == 0 || is_end_punctuation(end) || end == U':' || end == U';') return false;
    const uint32_t n = words(before, 5);
    const char32_t first = next.front();
    if (is_function_word(last_word(before)) && n >= 3 && (is_letter(first) || is_digit(first) || is_quote(first))) return true;
    if (n < 5) return false;
    if (is_lower(first)) return true;
    // A page's head or foot lay between: a sentence without an end went on, whatever it goes on with.
    return across_pages && page_between(a, b) && before.size() > 40 && (is_letter(first) || is_digit(first) || is_quote(first)) &&
           !is_title_like_short(b);
  }

  bool is_title_like_short(const Block& b) const {
    return lines_of(b) == 1 && words(view(b), 8) < 8 && !is_end_punctuation(last_telling(view(b)));
  }

  bool page_between(const Block& a, const Block& b) const {
    if (a.last_line > 0 && lines_[a.last_line - 1].page_after) return true;
    const auto it = std::lower_bound(furniture_.begin(), furniture_.end(), a.end);
    if (it != furniture_.end() && *it < b.begin) return true;
    for (uint32_t l = a.last_line; l < b.first_line && l < a.last_line + 8; ++l)
      if (lines_[l].page_after) return true;
    return false;
  }

  /// A word broken by a hyphen at `end` and going on at `next`? 0: no; 1: the hyphen stays; 2: it goes.
  int broken_word(uint32_t begin, uint32_t end, uint32_t next) const {
    if (end < begin + 2 || next >= chars_.size()) return 0;
    const char32_t hyphen = chars_[end - 1];
    if (hyphen != U'-' && hyphen != 0x2010 && hyphen != 0xAD) return 0;
    if (!is_letter(chars_[end - 2]) && !(is_digit(chars_[end - 2]) && hyphen != 0xAD)) return 0;
    if (is_upper(chars_[next]) && hyphen != 0xAD) return 1;  // "Franco-\nGerman": no word is broken before a capital
    if (!is_lower(chars_[next])) return 0;
    uint32_t stop = next;
    while (stop < chars_.size() && stop - next < 4 && is_letter(chars_[stop])) ++stop;
    const std::string follows = lower_ascii(view(next, stop));
    if (follows == "and" || follows == "or" || follows == "to") return 0;  // "short- and long-term"
    if (hyphen == 0xAD) return 2;
    uint32_t start = end - 1;
    size_t upper = 0;
    while (start > begin && end - start < 40 && (is_letter(chars_[start - 1]) || is_apostrophe(chars_[start - 1])))
      upper += is_upper(chars_[--start]);
    const View left = view(start, end - 1);
    if (left.size() < 2 || upper > 1 ||
        (start > begin && (chars_[start - 1] == U'-' || is_digit(chars_[start - 1]) || chars_[start - 1] == U'.')))
      return 1;
    // Words that are rarely the first half of a broken one, unless a mere ending follows: cross-ing.
    static constexpr std::array<std::string_view, 14> kPrefixes{"anti", "self", "well",  "non",  "semi", "half",  "cross",
                                                                "vice", "two",  "three", "four", "long", "short", "high"};
    return stop - next > 3 && std::find(kPrefixes.begin(), kPrefixes.end(), lower_ascii(left)) != kPrefixes.end() ? 1 : 2;
  }

  // ---- the analysis text

  void copy(uint32_t begin, uint32_t end) {
    text_.analysis.append(chars_.substr(begin, end - begin));
    for (uint32_t i = begin; i < end; ++i) text_.origin.push_back(i);
  }

  void white(View s, uint32_t from) {
    text_.analysis.append(s);
    text_.origin.insert(text_.origin.end(), s.size(), from);
  }

  /// A block's characters without the hyphens at its line ends. `end`: where the block ends for this purpose.
  void copy_block(const Block& b, uint32_t begin, uint32_t end) {
    for (uint32_t l = b.first_line; l + 1 < b.last_line; ++l) {
      const uint32_t line_end = lines_[l].end, next = lines_[l + 1].begin;
      const int broken = line_end > begin ? broken_word(std::max(begin, lines_[l].begin), line_end, next) : 0;
      if (broken == 0) continue;
      const uint32_t keep = line_end - (broken == 2 ? 1 : 0);
      copy(begin, keep);
      text_.repairs.push_back({"hyphen_join", {keep, next}});
      begin = next;
    }
    copy(begin, end);
  }

  void build() {
    text_.analysis.reserve(chars_.size() + 64);
    text_.origin.reserve(chars_.size() + 64);
    for (size_t i = 0; i < blocks_.size();) {
      const Block& first = blocks_[i];
      if (i > 0) white(U"\n\n", blocks_[i - 1].end);
      AnalysisParagraph place{static_cast<uint32_t>(text_.analysis.size()), 0};
      uint32_t begin = first.begin;
      if (const size_t marks = heading_marks(view(first)); marks > 0 && lines_of(first) == 1) {
        begin += static_cast<uint32_t>(marks);
        text_.repairs.push_back({"markup", {first.begin, begin}});
      }
      const uint32_t paragraph_begin = begin;
      for (;; ++i) {
        const Block& b = blocks_[i];
        const Block* next = i + 1 < blocks_.size() && b.part == Part::body && blocks_[i + 1].part == Part::body ? &blocks_[i + 1] : nullptr;
        const int broken = next && is_lower(chars_[next->begin]) ? broken_word(begin, b.end, next->begin) : 0;
        if (broken == 0 && !(next && goes_on(b, *next))) {
          copy_block(b, begin, b.end);
          break;
        }
        const uint32_t end = b.end - (broken == 2 ? 1 : 0);
        copy_block(b, begin, end);
        text_.repairs.push_back({broken ? "hyphen_join" : "paragraph_join", {end, next->begin}});
        if (!broken) white(U" ", end);
        begin = next->begin;
      }
      place.end = static_cast<uint32_t>(text_.analysis.size());
      text_.paragraphs.push_back({{paragraph_begin, blocks_[i].end}, first.part});
      paragraphs_.push_back(place);
      ++i;
    }
  }

  Text& text_;
  const DocumentInput& input_;
  std::u32string_view chars_;
  std::vector<Line> lines_;
  std::vector<Block> blocks_;
  std::vector<uint32_t> furniture_;
  std::vector<AnalysisParagraph> paragraphs_;
};

}  // namespace

std::vector<AnalysisParagraph> lay_out(Text& text, const DocumentInput& input) {
  return Layout(text, input).run();
}

}  // namespace reportedly::text
