#include "parsers/html_tree.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <new>
#include <optional>
#include <string>

namespace reportedly::importer {
namespace {

/// Every allocation of a parse stands in a list, so that the tree goes away without gumbo's recursive walk, which a deeply
/// nested page would drive through the end of the stack.
struct alignas(16) Link {
  Link *before, *after;
};

constexpr size_t kDeepest = 500;  // elements in elements; browsers stop at about as many

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lowered(x) == lowered(y); });
}

/// Is the element in no other's way: without contents, or closed by the next of its kind?
bool flat(std::string_view name) {
  static constexpr std::string_view kNames[] = {"area",  "base",     "body",   "br",    "col",   "colgroup", "dd",    "dt",
                                                "embed", "head",     "hr",     "html",  "img",   "input",    "li",    "link",
                                                "meta",  "optgroup", "option", "p",     "param", "rp",       "rt",    "source",
                                                "td",    "tbody",    "tfoot",  "thead", "th",    "tr",       "track", "wbr"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view n) { return same_letters(name, n); });
}

/// What stands between these tags is no markup.
bool raw(std::string_view name) {
  static constexpr std::string_view kNames[] = {"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view n) { return same_letters(name, n); });
}

/// gumbo's time grows with the square of a page's depth, and pages as deep as that are made to hurt. As in browsers the tags beyond a depth
/// are left out, blanks in their place, and what they hold stays. Nothing if the page is not so deep. Linear.
std::optional<std::string> flattened(std::string_view html) {
  std::optional<std::string> out;
  size_t depth = 0;
  for (size_t at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    const size_t begin = at++;
    if (at == html.size()) break;
    if (html.substr(at).starts_with("!--")) {
      at = html.find("-->", at + 3);
      continue;
    }
    const bool closes = html[at] == '/';
    size_t end = at + (closes ? 1 : 0);
    const size_t name_at = end;
    while (end < html.size() && ((html[end] | 0x20) >= 'a' && (html[end] | 0x20) <= 'z')) ++end;
    const std::string_view name = html.substr(name_at, end - name_at);
    if (name.empty()) continue;
    // To the end of the tag, over values in quotation marks.
    while (end < html.size() && html[end] != '>') {
      const char mark = html[end - 1] == '=' && (html[end] == '"' || html[end] == '\'') ? html[end] : '\0';
      ++end;
      if (mark != '\0') end = std::min(html.find(mark, end), html.size());
    }
    if (end >= html.size()) break;
    at = end + 1;
    if (!closes && raw(name)) {
      // To its end tag, which is read as the next one.
      const auto is_end = [&](size_t i) { return same_letters(html.substr(i + 2, name.size()), name); };
      for (at = html.find("</", at); at < html.size() && !is_end(at);) at = html.find("</", at + 2);
      ++depth;
      continue;
    }
    if (flat(name)) continue;
    const bool too_deep = closes ? depth > kDeepest : ++depth > kDeepest;
    if (closes && depth > 0) --depth;
    if (!too_deep) continue;
    if (!out) out = std::string(html);
    out->replace(begin, at - begin, at - begin, ' ');
  }
  return out;
}

}  // namespace

struct HtmlTree::Memory {
  std::optional<std::string> flattened;  ///< the page that is parsed, if not as it came
  Link all{&all, &all};
  ~Memory() {
    for (Link* link = all.after; link != &all;) {
      Link* next = link->after;
      std::free(link);
      link = next;
    }
  }
  static void* allocate(void* self, size_t n) {
    auto* memory = static_cast<Memory*>(self);
    auto* link = static_cast<Link*>(std::malloc(sizeof(Link) + n));
    // gumbo does not look whether it got something. In the child the handler of `new` ends the process with the reason.
    if (!link) {
      if (const std::new_handler handler = std::get_new_handler()) handler();
      std::abort();
    }
    *link = {&memory->all, memory->all.after};
    link->after->before = link;
    memory->all.after = link;
    return link + 1;
  }
  static void release(void*, void* p) {
    if (!p) return;
    Link* link = static_cast<Link*>(p) - 1;
    link->before->after = link->after;
    link->after->before = link->before;
    std::free(link);
  }
};

HtmlTree::HtmlTree(std::string_view utf8, bool fragment) : memory_(std::make_unique<Memory>()) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &Memory::allocate;
  options.deallocator = &Memory::release;
  options.userdata = memory_.get();
  options.max_errors = 0;
  if (fragment) {
    options.fragment_context = GUMBO_TAG_BODY;
    options.fragment_namespace = GUMBO_NAMESPACE_HTML;
  }
  memory_->flattened = flattened(utf8);
  if (memory_->flattened) utf8 = *memory_->flattened;
  const GumboOutput* output = gumbo_parse_with_options(&options, utf8.data(), utf8.size());

  struct Open {
    const GumboVector* children;
    unsigned next;
    int element;
  };
  std::vector<Open> open;
  const auto enter = [&](const GumboNode* node) {
    const int parent = open.empty() ? -1 : open.back().element;
    const int index = static_cast<int>(elements.size());
    elements.push_back({node, node->v.element.tag, parent, 0});
    items.push_back({HtmlItem::open, index, nullptr});
    open.push_back({&node->v.element.children, 0, index});
  };
  if (output->root) enter(output->root);
  while (!open.empty()) {
    Open& top = open.back();
    if (top.next == top.children->length) {
      elements[static_cast<size_t>(top.element)].end = static_cast<int>(elements.size());
      items.push_back({HtmlItem::close, top.element, nullptr});
      open.pop_back();
      continue;
    }
    const auto* child = static_cast<const GumboNode*>(top.children->data[top.next++]);
    switch (child->type) {
      case GUMBO_NODE_ELEMENT:
      case GUMBO_NODE_TEMPLATE:
        enter(child);
        break;
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE:
        items.push_back({HtmlItem::text, top.element, child->v.text.text});
        break;
      default:
        break;
    }
  }
}

HtmlTree::~HtmlTree() = default;

std::string_view HtmlTree::attribute(int element, const char* name) const {
  const GumboAttribute* a = gumbo_get_attribute(&elements[static_cast<size_t>(element)].node->v.element.attributes, name);
  return a && a->value ? std::string_view(a->value) : std::string_view();
}

bool HtmlTree::has_attribute(int element, const char* name) const {
  return gumbo_get_attribute(&elements[static_cast<size_t>(element)].node->v.element.attributes, name) != nullptr;
}

std::string HtmlTree::text_of(int element) const {
  std::string out;
  // Items are in order; the element's stand between its opening and its closing.
  bool inside = false;
  for (const HtmlItem& item : items) {
    if (item.element == element && item.kind == HtmlItem::open) inside = true;
    if (item.element == element && item.kind == HtmlItem::close) break;
    if (!inside) continue;
    if (item.kind == HtmlItem::text)
      append_collapsed(out, item.chars);
    else if (is_block_tag(elements[static_cast<size_t>(item.element)].tag))
      append_collapsed(out, " ");
  }
  trim(out);
  return out;
}

bool is_block_tag(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_P:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_HGROUP:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_TITLE:
      return true;
    default:
      return false;
  }
}

void append_collapsed(std::string& out, std::string_view text) {
  bool space = !out.empty() && (out.back() == ' ' || out.back() == '\n');
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    size_t white = 0;
    if (c <= ' ')
      white = 1;
    else if (text.substr(i).starts_with("\xC2\xA0"))
      white = 2;  // no-break space
    else if (text.substr(i).starts_with("\xE2\x80\x83") || text.substr(i).starts_with("\xE2\x80\x89"))
      white = 3;  // em space, thin space
    if (white > 0) {
      if (!space && !out.empty()) out.push_back(' ');
      space = true;
      i += white - 1;
    } else if (text.substr(i).starts_with("\xC2\xAD")) {
      ++i;
    } else if (text.substr(i).starts_with("\xE2\x80\x8B") || text.substr(i).starts_with("\xEF\xBB\xBF")) {
      i += 2;  // zero width space, a mark out of place
    } else {
      out.push_back(static_cast<char>(c));
      space = false;
    }
  }
}

void trim(std::string& text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.pop_back();
  size_t n = 0;
  while (n < text.size() && static_cast<unsigned char>(text[n]) <= ' ') ++n;
  text.erase(0, n);
}

std::string html_to_text(std::string_view utf8) {
  const HtmlTree tree(utf8, true);
  std::string out, block;
  const auto flush = [&] {
    trim(block);
    if (block.empty()) return;
    if (!out.empty()) out += "\n\n";
    out += block;
    block.clear();
  };
  int silent = -1;  // a script or style
  bool broken = false;
  for (const HtmlItem& item : tree.items) {
    const GumboTag tag = tree.elements[static_cast<size_t>(item.element)].tag;
    if (silent >= 0) {
      if (item.kind == HtmlItem::close && item.element == silent) silent = -1;
      continue;
    }
    if (item.kind == HtmlItem::open &&
        (tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_FIGURE || tag == GUMBO_TAG_IFRAME)) {
      flush();
      silent = item.element;
    } else if (item.kind == HtmlItem::text) {
      const size_t before = block.size();
      append_collapsed(block, item.chars);
      broken = broken && block.size() == before;
    } else if (tag == GUMBO_TAG_BR && item.kind == HtmlItem::open) {
      if (broken)
        flush();  // two of them part paragraphs
      else if (!block.empty())
        block.push_back('\n');
      broken = true;
    } else if (is_block_tag(tag)) {
      flush();
      broken = false;
    }
  }
  flush();
  return out;
}

std::string html_to_line(std::string_view utf8) {
  std::string out;
  append_collapsed(out, utf8.find_first_of("<&") == std::string_view::npos ? std::string(utf8) : html_to_text(utf8));
  trim(out);
  return out;
}

}  // namespace reportedly::importer
