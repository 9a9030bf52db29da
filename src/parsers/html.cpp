// Pages to articles: what the page says of itself (JSON-LD, meta), then what its layout shows.
//
// Text: paragraphs of the element that the page marks as the article, else of the one with the most running text, as
// Readability and Boilerpipe do it: long paragraphs with commas and few links count for the elements around them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "import/charset.h"
#include "parsers/html_tree.h"
#include "parsers/json_ld.h"
#include "parsers/parsers.h"
#include "text/input.h"
#include "text/language.h"

namespace reportedly::importer {
namespace {

using namespace std::string_view_literals;

constexpr size_t kLongBlock = 80;   ///< bytes: a paragraph rather than a label
constexpr size_t kLeastText = 80;   ///< bytes of an article
constexpr size_t kShortText = 400;  ///< bytes: worth a warning

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

/// Why an element is no part of the text.
enum class Out : uint8_t {
  no,
  head,  ///< title, byline, date: no part of the body, but they are looked for in it
  yes
};

bool is_boilerplate_word(std::string_view word) {
  constexpr std::array kWords{"ad"sv,
                              "ads"sv,
                              "adslot"sv,
                              "advert"sv,
                              "advertisement"sv,
                              "banner"sv,
                              "bio"sv,
                              "breadcrumb"sv,
                              "breadcrumbs"sv,
                              "caption"sv,
                              "carousel"sv,
                              "comment"sv,
                              "comments"sv,
                              "consent"sv,
                              "cookie"sv,
                              "cookies"sv,
                              "copyright"sv,
                              "credit"sv,
                              "disqus"sv,
                              "footer"sv,
                              "gallery"sv,
                              "gdpr"sv,
                              "login"sv,
                              "masthead"sv,
                              "menu"sv,
                              "modal"sv,
                              "mostread"sv,
                              "nav"sv,
                              "navbar"sv,
                              "navigation"sv,
                              "newsletter"sv,
                              "outbrain"sv,
                              "overlay"sv,
                              "pager"sv,
                              "pagination"sv,
                              "paywall"sv,
                              "popular"sv,
                              "popup"sv,
                              "promo"sv,
                              "promotion"sv,
                              "rail"sv,
                              "recirc"sv,
                              "recommendations"sv,
                              "recommended"sv,
                              "related"sv,
                              "share"sv,
                              "sharing"sv,
                              "sidebar"sv,
                              "signup"sv,
                              "slideshow"sv,
                              "social"sv,
                              "sponsor"sv,
                              "sponsored"sv,
                              "subscribe"sv,
                              "subscription"sv,
                              "taboola"sv,
                              "tags"sv,
                              "toolbar"sv,
                              "topics"sv,
                              "trending"sv,
                              "widget"sv};
  static_assert(std::is_sorted(kWords.begin(), kWords.end()));
  return std::binary_search(kWords.begin(), kWords.end(), word);
}

/// Words of class and id: "storyBody__share-bar" is story body share bar.
template <class Use>
void each_word(std::string_view names, const Use& use) {
  std::string word;
  const auto done = [&] {
    if (!word.empty()) use(std::string_view(word));
    word.clear();
  };
  bool was_lower = false;
  for (const char c : names) {
    const bool upper = c >= 'A' && c <= 'Z', letter = upper || (c >= 'a' && c <= 'z');
    if (!letter || (upper && was_lower)) done();
    if (letter) word.push_back(upper ? static_cast<char>(c + 32) : c);
    was_lower = letter && !upper;
  }
  done();
}

struct Block {
  std::string text;
  int owner = 0;      ///< the block element it stands in
  int container = 0;  ///< the one around its paragraphs
  size_t links = 0;   ///< bytes of text in links
  GumboTag tag = GUMBO_TAG_P;
  Out out = Out::no;
};

bool is_heading(GumboTag tag) {
  return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6;
}

bool ends_sentence(std::string_view s) {
  for (const std::string_view end : {"."sv, "!"sv, "?"sv, "…"sv, "\""sv, "”"sv, "’"sv, "»"sv, ":"sv, ")"sv, ";"sv})
    if (s.ends_with(end)) return true;
  return false;
}

bool running_text(const Block& b) {
  return b.text.size() >= kLongBlock && b.links * 2 < b.text.size();
}

/// Lines that pages put between paragraphs.
bool is_noise(std::string_view text) {
  if (text.size() > 200) return false;
  const std::string s = lower(text);
  for (const std::string_view begin : {"advertisement"sv,
                                       "read more"sv,
                                       "read also"sv,
                                       "also read"sv,
                                       "see also"sv,
                                       "related:"sv,
                                       "recommended:"sv,
                                       "more on this"sv,
                                       "share this"sv,
                                       "sign up"sv,
                                       "subscribe"sv,
                                       "follow us"sv,
                                       "click here"sv,
                                       "©"sv,
                                       "copyright ©"sv,
                                       "all rights reserved"sv,
                                       "image source"sv,
                                       "image caption"sv,
                                       "getty images"sv,
                                       "story continues below"sv,
                                       "article continues"sv,
                                       "continue reading"sv,
                                       "skip to"sv,
                                       "watch:"sv,
                                       "listen:"sv,
                                       "loading"sv,
                                       "photo:"sv,
                                       "photograph:"sv,
                                       "most read"sv,
                                       "editor's picks"sv,
                                       "enable javascript"sv,
                                       "please enable"sv,
                                       "comments are"sv,
                                       "leave a comment"sv})
    if (s.starts_with(begin)) return true;
  return false;
}

std::string folded(std::string_view s) {
  std::string out;
  for (const char c : lower(s))
    if (static_cast<unsigned char>(c) >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  return out;
}

/// "Published: Monday 5 May 2031" to its date; what says that it was changed is none.
std::optional<std::string> dated_line(std::string_view text) {
  if (text.size() > 100) return std::nullopt;
  std::string s = lower(text);
  for (const std::string_view word : {"first published"sv, "published"sv, "posted"sv, "date"sv, "created"sv})
    if (s.starts_with(word)) {
      s.erase(0, word.size());
      while (!s.empty() && (s[0] == ' ' || s[0] == ':')) s.erase(0, 1);
      if (s.starts_with("on ")) s.erase(0, 3);
      break;
    }
  if (const size_t bar = s.find(" | "); bar != std::string::npos) s.resize(bar);
  return text::parse_date(s);
}

std::optional<std::string> date_in_url(std::string_view url) {
  const auto digits = [&](size_t at, size_t n) {
    if (at + n > url.size()) return false;
    return std::all_of(url.begin() + static_cast<ptrdiff_t>(at), url.begin() + static_cast<ptrdiff_t>(at + n),
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto digit = [&](size_t at) { return at < url.size() && url[at] >= '0' && url[at] <= '9'; };
  size_t at = url.find("://");
  at = at == std::string_view::npos ? 0 : url.find('/', at + 3);
  if (at == std::string_view::npos) return std::nullopt;
  for (; at + 8 < url.size() && url[at] != '?'; ++at) {
    if (url[at] != '/' && url[at] != '-' && url[at] != '_') continue;
    const size_t y = at + 1;
    if (!digits(y, 4) || (url[y] != '1' && url[y] != '2')) continue;
    if (digits(y, 8) && !digit(y + 8)) {
      if (auto date = text::parse_date(url.substr(y, 8))) return date;
      continue;
    }
    const char separator = y + 4 < url.size() ? url[y + 4] : ' ';
    if (separator != '/' && separator != '-') continue;
    const size_t end = url.find(separator, y + 5);
    if (end == std::string_view::npos || end - (y + 5) > 9) continue;
    size_t day_end = end + 1;
    while (digit(day_end) && day_end < end + 3) ++day_end;
    if (day_end == end + 1 || digit(day_end)) continue;
    const std::string_view year = url.substr(y, 4), month = url.substr(y + 5, end - y - 5), day = url.substr(end + 1, day_end - end - 1);
    if (auto date = text::parse_date(fmt::format("{}-{}-{}", year, month, day))) return date;
    if (auto date = text::parse_date(fmt::format("{} {} {}", day, month, year))) return date;
  }
  return std::nullopt;
}

std::string host_of(std::string_view url) {
  const size_t at = url.find("://");
  if (at == std::string_view::npos) return {};
  std::string_view host = url.substr(at + 3);
  host = host.substr(0, host.find_first_of("/?#:"));
  if (host.starts_with("www.")) host.remove_prefix(4);
  return lower(host);
}

std::string without_by(std::string s) {
  trim(s);
  if (lower(s.substr(0, 3)) == "by ") s.erase(0, 3);
  trim(s);
  return s;
}

class Page {
 public:
  Page(std::string_view utf8, const About& about) : tree_(utf8), about_(about) {}

  /// What the page gives; text is empty if there is no article in it.
  ImportedDocument read() {
    ImportedDocument out = begin_document(about_, Format::html);
    out_ = &out;
    read_head();
    mark_out();
    collect_blocks();
    choose_root();
    std::string text = body();
    choose_json_ld(text);
    if (ld_ && ld_->body) {
      // The layout wins, for it has paragraphs, unless most of the text is not in it.
      const std::string given = html_to_text(*ld_->body);
      if (text.size() * 2 < given.size()) text = given;
    }
    out.input.text = std::move(text);
    if (out.input.text.size() < kLeastText) {
      out.input.text.clear();
      return out;
    }
    if (out.input.text.size() < kShortText) out.warnings.emplace_back("the page has little text; it may be a teaser");
    if (ld_ && ld_->paid) out.warnings.emplace_back("the page says that its article is not free: the text may be cut off");
    set_url();
    set_title();
    set_byline();
    set_publisher();
    set_date();
    set_language();
    return out;
  }

 private:
  GumboTag tag(int e) const { return tree_.elements[static_cast<size_t>(e)].tag; }
  int parent(int e) const { return tree_.elements[static_cast<size_t>(e)].parent; }
  bool inside(int e, int ancestor) const { return e >= ancestor && e < tree_.elements[static_cast<size_t>(ancestor)].end; }
  bool has_word(int e, std::string_view wanted) const {
    bool found = false;
    each_word(tree_.attribute(e, "class"), [&](std::string_view w) { found = found || w == wanted; });
    return found;
  }

  /// <meta>, <title>, <link rel=canonical>, JSON-LD: whatever is told in attributes and scripts.
  void read_head() {
    const int n = static_cast<int>(tree_.elements.size());
    std::vector<int> wanted;
    for (int e = 0; e < n; ++e) switch (tag(e)) {
        case GUMBO_TAG_META: {
          std::string name = lower(tree_.attribute(e, "property"));
          if (name.empty()) name = lower(tree_.attribute(e, "name"));
          if (name.empty()) name = lower(tree_.attribute(e, "itemprop"));
          const std::string content = html_to_line(shortened(tree_.attribute(e, "content"), 4096));
          if (!name.empty() && !content.empty()) meta_.emplace(name, content);
          break;
        }
        case GUMBO_TAG_LINK:
          if (lower(tree_.attribute(e, "rel")) == "canonical" && canonical_.empty()) canonical_ = tree_.attribute(e, "href");
          break;
        case GUMBO_TAG_TITLE:
          if (title_element_ < 0 && parent(e) >= 0 && tag(parent(e)) == GUMBO_TAG_HEAD) title_element_ = e;
          break;
        default:
          break;
      }
    // Scripts have one text child.
    for (const HtmlItem& item : tree_.items)
      if (item.kind == HtmlItem::text && tag(item.element) == GUMBO_TAG_SCRIPT &&
          lower(tree_.attribute(item.element, "type")).find("ld+json") != std::string::npos && articles_.size() < 1000) {
        bool bad = false;
        auto found = read_json_ld(item.chars, bad);
        bad_json_ld_ = bad_json_ld_ || bad;
        articles_.insert(articles_.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
      }
  }

  std::optional<std::string> meta(std::initializer_list<const char*> names) const {
    for (const char* name : names)
      if (const auto at = meta_.find(name); at != meta_.end()) return at->second;
    return std::nullopt;
  }

  /// Which elements are no text. What holds most of the page's text is never left out, whatever it is called.
  void mark_out() {
    const size_t n = tree_.elements.size();
    std::vector<size_t> size(n, 0);
    for (const HtmlItem& item : tree_.items)
      if (item.kind == HtmlItem::text && tag(item.element) != GUMBO_TAG_SCRIPT && tag(item.element) != GUMBO_TAG_STYLE)
        size[static_cast<size_t>(item.element)] += std::string_view(item.chars).size();
    for (size_t e = n; e-- > 1;) size[static_cast<size_t>(parent(static_cast<int>(e)))] += size[e];
    const size_t whole = n > 0 ? size[0] : 0;
    out_of_.assign(n, Out::no);
    for (size_t e = 0; e < n; ++e) {
      const int i = static_cast<int>(e);
      const Out above = parent(i) >= 0 ? out_of_[static_cast<size_t>(parent(i))] : Out::no;
      if (above == Out::yes) {
        out_of_[e] = Out::yes;
        continue;
      }
      out_of_[e] = std::max(above, size[e] * 2 > whole ? Out::no : own_out(i));
      if (never_text(tag(i))) out_of_[e] = Out::yes;
    }
  }

  static bool never_text(GumboTag t) {
    return t == GUMBO_TAG_SCRIPT || t == GUMBO_TAG_STYLE || t == GUMBO_TAG_TEMPLATE || t == GUMBO_TAG_HEAD || t == GUMBO_TAG_NOSCRIPT ||
           t == GUMBO_TAG_IFRAME || t == GUMBO_TAG_SVG || t == GUMBO_TAG_MATH || t == GUMBO_TAG_SELECT || t == GUMBO_TAG_TEXTAREA ||
           t == GUMBO_TAG_OBJECT || t == GUMBO_TAG_CANVAS || t == GUMBO_TAG_VIDEO || t == GUMBO_TAG_AUDIO || t == GUMBO_TAG_BUTTON;
  }

  Out own_out(int e) const {
    switch (tag(e)) {
      case GUMBO_TAG_HTML:
      case GUMBO_TAG_BODY:
      case GUMBO_TAG_ARTICLE:
      case GUMBO_TAG_MAIN:
        return Out::no;
      case GUMBO_TAG_NAV:
      case GUMBO_TAG_FOOTER:
      case GUMBO_TAG_ASIDE:
      case GUMBO_TAG_FORM:
      case GUMBO_TAG_FIGURE:
      case GUMBO_TAG_FIGCAPTION:
      case GUMBO_TAG_MENU:
        return Out::yes;
      case GUMBO_TAG_HEADER:
      case GUMBO_TAG_TIME:
      case GUMBO_TAG_ADDRESS:
        return tag(e) == GUMBO_TAG_TIME && parent(e) >= 0 && tag(parent(e)) == GUMBO_TAG_P ? Out::no : Out::head;
      default:
        break;
    }
    if (tree_.has_attribute(e, "hidden") || tree_.attribute(e, "aria-hidden") == "true") return Out::yes;
    std::string style = lower(tree_.attribute(e, "style"));
    style.erase(std::remove(style.begin(), style.end(), ' '), style.end());
    if (style.find("display:none") != std::string::npos) return Out::yes;
    const std::string role = lower(tree_.attribute(e, "role"));
    for (const std::string_view r : {"navigation"sv, "banner"sv, "contentinfo"sv, "complementary"sv, "dialog"sv, "alertdialog"sv,
                                     "search"sv, "menu"sv, "menubar"sv, "toolbar"sv})
      if (role == r) return Out::yes;
    if (tag(e) == GUMBO_TAG_P || is_heading(tag(e)) || tag(e) == GUMBO_TAG_BLOCKQUOTE) return has_word(e, "byline") ? Out::head : Out::no;
    Out out = Out::no;
    const bool in_paragraph = parent(e) >= 0 && tag(parent(e)) == GUMBO_TAG_P;
    for (const char* name : {"class", "id"})
      each_word(tree_.attribute(e, name).substr(0, 500), [&](std::string_view w) {
        if (is_boilerplate_word(w))
          out = Out::yes;
        else if (out == Out::no && !in_paragraph && (w == "byline" || w == "author" || w == "timestamp" || w == "pubdate"))
          out = Out::head;
      });
    return out;
  }

  void collect_blocks() {
    std::vector<int> owners;
    Block block;
    bool broken = false;
    size_t links = 0;  // links that are open
    const auto flush = [&] {
      trim(block.text);
      if (!block.text.empty() && !owners.empty()) {
        int owner = owners.back();
        block.owner = owner;
        block.tag = tag(owner);
        block.out = out_of_[static_cast<size_t>(owner)];
        while (parent(owner) >= 0 && is_paragraph_like(tag(owner))) owner = parent(owner);
        block.container = owner;
        blocks_.push_back(std::move(block));
      }
      block = Block{};
      broken = false;
    };
    for (const HtmlItem& item : tree_.items) {
      const GumboTag t = tag(item.element);
      if (item.kind == HtmlItem::text) {
        if (out_of_[static_cast<size_t>(item.element)] == Out::yes) continue;
        const size_t before = block.text.size();
        append_collapsed(block.text, item.chars);
        const size_t more = block.text.size() - before;
        if (links > 0) block.links += more;
        if (more > 0) broken = false;
        continue;
      }
      if (t == GUMBO_TAG_A) links += item.kind == HtmlItem::open ? 1 : static_cast<size_t>(-1);
      if (t == GUMBO_TAG_BR) {
        if (item.kind != HtmlItem::open) continue;
        if (broken)
          flush();
        else if (!block.text.empty())
          block.text.push_back('\n');
        broken = true;
        continue;
      }
      // Inline elements that belong to the head (a date in a span) do not run into the text around them.
      const bool apart = out_of_[static_cast<size_t>(item.element)] == Out::head &&
                         (parent(item.element) < 0 || out_of_[static_cast<size_t>(parent(item.element))] == Out::no);
      if (!is_block_tag(t) && !apart) continue;
      flush();
      if (item.kind == HtmlItem::open)
        owners.push_back(item.element);
      else if (!owners.empty())
        owners.pop_back();
    }
    flush();
  }

  static bool is_paragraph_like(GumboTag t) {
    return t == GUMBO_TAG_P || is_heading(t) || t == GUMBO_TAG_LI || t == GUMBO_TAG_UL || t == GUMBO_TAG_OL || t == GUMBO_TAG_BLOCKQUOTE ||
           t == GUMBO_TAG_PRE || t == GUMBO_TAG_DL || t == GUMBO_TAG_DD || t == GUMBO_TAG_DT || t == GUMBO_TAG_TIME || t == GUMBO_TAG_SPAN;
  }

  /// Bytes of running text below every element.
  std::vector<size_t> running() const {
    std::vector<size_t> good(tree_.elements.size(), 0);
    for (const Block& b : blocks_)
      if (b.out == Out::no && running_text(b)) good[static_cast<size_t>(b.owner)] += b.text.size();
    for (size_t e = good.size(); e-- > 1;) good[static_cast<size_t>(parent(static_cast<int>(e)))] += good[e];
    return good;
  }

  void choose_root() {
    const int n = static_cast<int>(tree_.elements.size());
    root_ = 0;
    if (n == 0) return;
    const std::vector<size_t> good = running();
    const size_t whole = good[0];
    const auto best = [&](auto fits) {
      int found = -1;
      for (int e = 0; e < n; ++e)
        if (good[static_cast<size_t>(e)] > 0 && fits(e) && (found < 0 || good[static_cast<size_t>(e)] > good[static_cast<size_t>(found)]))
          found = e;
      return found;
    };
    const int marked = best([&](int e) { return lower(tree_.attribute(e, "itemprop")).find("articlebody") != std::string::npos; });
    if (marked >= 0 && good[static_cast<size_t>(marked)] * 4 > whole) {
      root_ = marked;
      return;
    }
    const int article = best([&](int e) { return tag(e) == GUMBO_TAG_ARTICLE; });
    if (article >= 0 && good[static_cast<size_t>(article)] * 2 > whole) {
      root_ = article;
      return;
    }
    int within = best([&](int e) { return tag(e) == GUMBO_TAG_MAIN || tree_.attribute(e, "role") == "main"; });
    if (within < 0 || good[static_cast<size_t>(within)] * 2 < whole) within = 0;

    std::vector<double> score(static_cast<size_t>(n), 0);
    for (const Block& b : blocks_) {
      if (b.out != Out::no || b.text.size() < 25 || b.links * 2 > b.text.size() || !inside(b.owner, within)) continue;
      const auto commas = static_cast<double>(std::count(b.text.begin(), b.text.end(), ','));
      double s = (1 + commas + std::min(3.0, static_cast<double>(b.text.size()) / 100)) *
                 (1 - static_cast<double>(b.links) / static_cast<double>(b.text.size()));
      double share = 1;
      for (int e = b.container, level = 0; e >= within && level < 3; e = parent(e), ++level, share /= level + 1.0)
        score[static_cast<size_t>(e)] += s * share;
    }
    root_ = within;
    double most = 0;
    for (int e = within; e < n; ++e)
      if (score[static_cast<size_t>(e)] > most) most = score[static_cast<size_t>(e)], root_ = e;
    // Banners cut articles into several elements: where more running text stands beside it, the element around both is meant.
    while (parent(root_) >= within && good[static_cast<size_t>(root_)] * 6 < good[static_cast<size_t>(parent(root_))] * 5 &&
           score[static_cast<size_t>(parent(root_))] * 3 > most && tag(parent(root_)) != GUMBO_TAG_BODY)
      root_ = parent(root_);
  }

  std::string body() {
    // Titles that may be repeated above the text.
    std::string h1;
    for (const Block& b : blocks_)
      if (b.tag == GUMBO_TAG_H1 && b.out != Out::yes) {
        h1_ = b.text;
        h1 = folded(b.text);
        if (inside(b.owner, root_)) break;
      }
    const std::string og = folded(meta({"og:title"}).value_or(""));
    std::vector<const Block*> kept;
    std::vector<bool> prose;
    for (const Block& b : blocks_) {
      if (!inside(b.owner, root_) || b.out != Out::no) continue;
      if (b.tag == GUMBO_TAG_H1) continue;
      const bool linked = b.links * 10 > b.text.size() * 6 && b.text.size() < 300;
      if (linked || is_noise(b.text)) continue;
      const std::string f = folded(b.text);
      if (f.empty() || (b.text.size() < 300 && (f == h1 || f == og))) continue;
      if (kept.empty() && (dated_line(b.text) || (lower(b.text.substr(0, 3)) == "by " && b.text.size() < 100 && !ends_sentence(b.text)))) {
        early_.push_back(&b);
        continue;
      }
      kept.push_back(&b);
      prose.push_back(running_text(b) || (!is_heading(b.tag) && b.text.size() > 25 && ends_sentence(b.text)));
    }
    // Labels before the first and after the last sentence belong to the page, not to the article.
    size_t first = 0, last = kept.size();
    while (first < last && !prose[first]) ++first;
    while (last > first && !prose[last - 1]) --last;
    for (size_t i = 0; i < first; ++i) early_.push_back(kept[i]);
    first_owner_ = first < last ? kept[first]->owner : root_;
    std::string out;
    for (size_t i = first; i < last; ++i) {
      if (!out.empty()) out += "\n\n";
      out += kept[i]->text;
    }
    return out;
  }

  /// The article that this page is about: pages list others, too.
  void choose_json_ld(const std::string& text) {
    if (articles_.empty()) {
      if (bad_json_ld_) out_->warnings.emplace_back("the page's JSON-LD is damaged and was left out");
      return;
    }
    const std::string h1 = folded(h1_), og = folded(meta({"og:title"}).value_or(""));
    const JsonLdArticle* best = &articles_[0];
    int most = -1;
    for (const JsonLdArticle& a : articles_) {
      const std::string headline = folded(a.headline.value_or(""));
      int points = 0;
      if (!headline.empty() && (headline == h1 || headline == og)) points += 4;
      if (a.url && (*a.url == canonical_ || *a.url == about_.url)) points += 2;
      if (a.body && !text.empty() && folded(a.body->substr(0, 60)) == folded(std::string_view(text).substr(0, 60))) points += 1;
      if (points > most) most = points, best = &a;
    }
    ld_ = best;
  }

  void set_url() {
    const auto web = [](std::string_view s) { return s.starts_with("http://") || s.starts_with("https://"); };
    std::string own = canonical_;
    if (!web(own)) own = meta({"og:url"}).value_or("");
    if (!web(own) && ld_) own = ld_->url.value_or("");
    if (!web(own)) return;
    // A page that names an address of another house is a copy: where it was fetched counts.
    if (out_->input.url && host_of(*out_->input.url) != host_of(own)) return;
    out_->input.url = shortened(own, 4096);
  }

  void set_title() {
    std::optional<std::string> title;
    if (ld_) title = ld_->headline;
    if (!title) {
      title = meta({"og:title", "twitter:title", "dc.title", "headline"});
      if (!title && title_element_ >= 0) {
        const std::string text = tree_.text_of(title_element_);
        if (!text.empty()) title = text;
      }
      // "Title - Paper": the heading has it without the paper.
      if (!h1_.empty() && (!title || (h1_.size() >= 10 && folded(*title).starts_with(folded(h1_))))) title = h1_;
      if (title)
        for (const std::string_view dash : {" | "sv, " - "sv, " – "sv, " — "sv}) {
          const size_t at = title->rfind(dash);
          if (at == std::string::npos || at < 15) continue;
          const std::string tail = folded(std::string_view(*title).substr(at + dash.size()));
          if (dash == " | " || tail == folded(meta({"og:site_name"}).value_or("?"))) title->resize(at);
        }
    }
    if (title) out_->input.title = shortened(*title, 1000);
  }

  void set_byline() {
    std::optional<std::string> byline;
    const auto take = [&](std::string s) {
      s = without_by(std::move(s));
      if (byline || s.empty() || s.size() > 200 || s.starts_with("http") || s.find('@') != std::string::npos) return;
      byline = s;
    };
    if (ld_ && ld_->author) take(*ld_->author);
    if (const auto m = meta({"author", "byl", "article:author", "dc.creator", "parsely-author", "sailthru.author"})) take(*m);
    if (!byline)
      for (int e = 0; e < static_cast<int>(tree_.elements.size()) && !byline && e < first_owner_; ++e) {
        if (out_of_[static_cast<size_t>(e)] == Out::yes) continue;
        const bool marked =
            lower(tree_.attribute(e, "rel")) == "author" || lower(tree_.attribute(e, "itemprop")) == "author" || has_word(e, "byline");
        if (!marked) continue;
        take(tree_.text_of(e));
        if (++looked_ > 20) break;
      }
    if (!byline)
      for (const Block* b : early_)
        if (lower(b->text.substr(0, 3)) == "by ") take(b->text);
    out_->input.byline = byline;
  }

  void set_publisher() {
    if (ld_ && ld_->publisher)
      out_->input.publisher = ld_->publisher;
    else if (const auto m = meta({"og:site_name", "application-name", "dc.publisher", "publisher"}))
      out_->input.publisher = m;
    else if (out_->input.url && !host_of(*out_->input.url).empty())
      out_->input.publisher = host_of(*out_->input.url);
  }

  void set_date() {
    const auto take = [&](const std::optional<std::string>& said, DateOrigin origin) {
      if (!said || out_->input.published) return;
      // What no date can be read from is not handed on: another origin may have one.
      if (text::parse_date(*said)) {
        out_->input.published = said;
        out_->date_origin = origin;
      } else {
        out_->warnings.push_back(fmt::format("the date \"{}\" in the page is not read", shortened(*said, 60)));
      }
    };
    if (ld_) take(ld_->published, DateOrigin::json_ld);
    for (const char* name : {"article:published_time", "datepublished", "og:published_time", "parsely-pub-date", "sailthru.date",
                             "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date",
                             "citation_publication_date", "pubdate", "publishdate", "publish-date", "publication_date", "date"})
      if (!out_->input.published) take(meta({name}), DateOrigin::meta);
    if (out_->input.published) return;
    // Before the address: microdata in the article's own head.
    if (out_->input.url)
      if (auto date = date_in_url(*out_->input.url)) return take(date, DateOrigin::url);
    for (int e = 0; e < static_cast<int>(tree_.elements.size()); ++e) {
      if (out_of_[static_cast<size_t>(e)] == Out::yes) continue;
      const bool marked = lower(tree_.attribute(e, "itemprop")) == "datepublished";
      if (!marked && (tag(e) != GUMBO_TAG_TIME || e > first_owner_)) continue;
      if (lower(tree_.attribute(e, "itemprop")) == "datemodified" || has_word(e, "updated") || has_word(e, "modified")) continue;
      std::string_view said = tree_.attribute(e, "datetime");
      if (said.empty()) said = tree_.attribute(e, "content");
      if (text::parse_date(said)) return take(std::string(said), DateOrigin::header);
    }
    for (const Block& b : blocks_) {
      if (b.owner >= first_owner_ && b.owner != first_owner_) break;
      if (b.out == Out::yes) continue;
      if (auto date = dated_line(b.text)) return take(date, DateOrigin::header);
    }
  }

  void set_language() {
    std::string said = ld_ && ld_->language ? *ld_->language : std::string();
    if (said.empty() && !tree_.elements.empty()) said = tree_.attribute(0, "lang");
    if (said.empty()) said = meta({"og:locale", "content-language"}).value_or("");
    said = lower(said.substr(0, std::min(said.find_first_of("-_"), said.size())));
    if (said.size() != 2 && said.size() != 3) return;
    // Templates are translated less often than texts.
    const text::Language found = text::detect_language(out_->input.text, std::nullopt);
    if (found.code == said || !found.reliable)
      out_->input.language = said;
    else
      out_->warnings.push_back(fmt::format("the page says that it is in '{}', its text is in '{}'", clean_utf8(said), found.code));
  }

  HtmlTree tree_;
  const About& about_;
  ImportedDocument* out_ = nullptr;
  std::map<std::string, std::string> meta_;
  std::string canonical_, h1_;
  int title_element_ = -1, root_ = 0, first_owner_ = 0, looked_ = 0;
  std::vector<JsonLdArticle> articles_;
  const JsonLdArticle* ld_ = nullptr;
  bool bad_json_ld_ = false;
  std::vector<Out> out_of_;
  std::vector<Block> blocks_;
  std::vector<const Block*> early_;  ///< lines before the text: byline, date
};

/// charset= in the first kilobytes, as browsers look for it.
std::string declared_charset(std::string_view bytes) {
  const std::string head = lower(bytes.substr(0, 4096));
  for (size_t at = head.find("charset"); at != std::string::npos; at = head.find("charset", at + 7)) {
    size_t i = at + 7;
    while (i < head.size() && (head[i] == ' ' || head[i] == '=')) ++i;
    if (i == at + 7) continue;
    if (i < head.size() && (head[i] == '"' || head[i] == '\'')) ++i;
    size_t end = i;
    while (end < head.size() && end < i + 40 && head[end] != '"' && head[end] != '\'' && head[end] != ' ' && head[end] != '>' &&
           head[end] != ';' && head[end] != '/')
      ++end;
    std::string label = head.substr(i, end - i);
    if (canonical_encoding(label).empty()) continue;
    return label.starts_with("utf-16") ? "utf-8" : label;  // whoever can read this has no UTF-16 before him
  }
  if (head.starts_with("<?xml"))
    if (const size_t at = head.find("encoding="); at != std::string::npos && at < head.find("?>"))
      return head.substr(at + 10, head.find_first_of("\"'", at + 10) - at - 10);
  return {};
}

}  // namespace

void parse_html(Stream& stream, const About& about, Shared& shared) {
  const auto bytes = whole(stream, about, shared);
  if (!bytes) return;
  DecodedText decoded =
      decode_text(*bytes, about.charset.empty() || canonical_encoding(about.charset).empty() ? declared_charset(*bytes) : about.charset);
  if (!valid_utf8(decoded.text)) decoded.text = clean_utf8(decoded.text);
  ImportedDocument out = Page(decoded.text, about).read();
  if (out.input.text.empty())
    return refuse(shared, about, ErrorCode::empty, "the page has no article in it, or its text is put in by a script",
                  "save its text as a .txt file");
  out.encoding = std::move(decoded.encoding);
  out.encoding_origin = decoded.origin;
  out.warnings.insert(out.warnings.end(), std::make_move_iterator(decoded.warnings.begin()),
                      std::make_move_iterator(decoded.warnings.end()));
  shared.output.document(std::move(out));
}

}  // namespace reportedly::importer
