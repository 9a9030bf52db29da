// A page as flat arrays: elements in document order with their parents, and the order of openings, texts and closings.
// Parsed with gumbo (HTML5). No recursion anywhere: pages may nest as deep as they like.
#pragma once
#include <gumbo.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reportedly::importer {

struct HtmlElement {
  const GumboNode* node = nullptr;
  GumboTag tag = GUMBO_TAG_UNKNOWN;
  int parent = -1;
  int end = 0;  ///< one behind its last descendant
};

struct HtmlItem {
  enum Kind : uint8_t { open, text, close } kind = text;
  int element = 0;
  const char* chars = nullptr;  ///< of a text
};

class HtmlTree {
 public:
  /// `utf8` must outlive the tree. `fragment`: a piece of a body.
  explicit HtmlTree(std::string_view utf8, bool fragment = false);
  ~HtmlTree();
  HtmlTree(const HtmlTree&) = delete;
  HtmlTree& operator=(const HtmlTree&) = delete;

  std::vector<HtmlElement> elements;
  std::vector<HtmlItem> items;

  /// Value of an attribute, empty where it is not there.
  std::string_view attribute(int element, const char* name) const;
  bool has_attribute(int element, const char* name) const;
  /// All text below, white space joined.
  std::string text_of(int element) const;

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

bool is_block_tag(GumboTag tag);
/// Appends text with every run of white space as one space, none at the beginning of `out`; soft hyphens are left out.
void append_collapsed(std::string& out, std::string_view text);
void trim(std::string& text);
/// Text of a fragment of HTML, paragraphs parted by empty lines: for feeds and for strings that hold markup.
std::string html_to_text(std::string_view utf8);
/// The same on one line, for titles and names.
std::string html_to_line(std::string_view utf8);

}  // namespace reportedly::importer
