// RSS 0.9x, 1.0 and 2.0, Atom: every item a document. Read with pugixml, which knows no entities but the five of XML;
// feeds that define their own are refused, since what they mean would be lost, or grow without end.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <pugixml.hpp>

#include "import/charset.h"
#include "parsers/html_tree.h"
#include "parsers/parsers.h"
#include "text/input.h"

namespace reportedly::importer {
namespace {

constexpr size_t kDeepest = 200;
constexpr size_t kSummary = 400;  ///< bytes: shorter texts are teasers

/// Name without its prefix.
std::string_view local(const char* name) {
  const char* colon = std::strchr(name, ':');
  return colon ? colon + 1 : name;
}

/// The child of that name; the one with the prefix where there is a choice.
pugi::xml_node child(const pugi::xml_node& node, std::string_view prefixed) {
  const size_t colon = prefixed.find(':');
  for (const pugi::xml_node& each : node.children()) {
    if (each.type() != pugi::node_element) continue;
    if (prefixed == each.name() || (colon == std::string_view::npos && !std::strchr(each.name(), ':') && prefixed == local(each.name())))
      return each;
  }
  return {};
}

/// All text below, with the tags of XHTML written out again, so that it can be read as HTML.
std::string inner(const pugi::xml_node& node) {
  struct Writer final : pugi::xml_writer {
    std::string out;
    void write(const void* data, size_t size) override { out.append(static_cast<const char*>(data), size); }
  } writer;
  for (const pugi::xml_node& each : node.children()) {
    if (each.type() == pugi::node_pcdata || each.type() == pugi::node_cdata)
      writer.out += each.value();
    else if (each.type() == pugi::node_element)
      each.print(writer, "", pugi::format_raw);
  }
  return std::move(writer.out);
}

std::optional<std::string> line(const pugi::xml_node& node) {
  if (!node) return std::nullopt;
  std::string out = html_to_line(shortened(inner(node), 8192));
  out = shortened(out, 2000);
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

template <class... Names>
std::optional<std::string> first_line(const pugi::xml_node& node, Names... names) {
  std::optional<std::string> out;
  ((out ? void() : void(out = line(child(node, names)))), ...);
  return out;
}

class Feed {
 public:
  Feed(const About& about, Shared& shared) : about_(about), shared_(shared) {}

  void read(Stream& stream) {
    const auto bytes = whole(stream, about_, shared_);
    if (!bytes) return;
    decoded_ = decode_text(*bytes, declared(*bytes));
    std::string& text = decoded_.text;
    if (!valid_utf8(text)) text = clean_utf8(text);
    if (defines_entities(text))
      return refuse(shared_, about_, ErrorCode::bad_format, "XML entities: the feed defines entities of its own, which are not read",
                    "remove its <!DOCTYPE …>");
    if (depth_of(text) > kDeepest)
      return refuse(shared_, about_, ErrorCode::too_large, fmt::format("depth limit: elements in elements more than {} deep", kDeepest));
    pugi::xml_document document;
    const pugi::xml_parse_result parsed =
        // with the zero behind it: pugixml overwrites the last byte, which would cut a character of a damaged feed
        document.load_buffer_inplace(text.data(), text.size() + 1, pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
    // What stands before the fault is read all the same.
    if (!parsed && parsed.status != pugi::status_end_element_mismatch && parsed.status != pugi::status_bad_end_element)
      refuse(shared_, about_, parsed.status == pugi::status_out_of_memory ? ErrorCode::too_large : ErrorCode::bad_format,
             fmt::format("the feed is damaged at byte {}: {}", parsed.offset, parsed.description()), "the items before it are read");
    const pugi::xml_node root = document.document_element();
    const std::string_view kind = local(root.name());
    const pugi::xml_node channel = kind == "rss" ? child(root, "channel") : kind == "RDF" ? child(root, "channel") : root;
    publisher_ = line(child(channel, "title"));
    language_ = line(child(channel, "language"));
    if (!language_ && root.attribute("xml:lang")) language_ = root.attribute("xml:lang").value();
    const bool atom = kind == "feed";
    size_t items = 0;
    for (const pugi::xml_node& parent : {channel, root}) {
      for (const pugi::xml_node& node : parent.children())
        if (local(node.name()) == (atom ? "entry" : "item")) item(node, ++items, atom);
      if (channel == root || kind != "RDF") break;
    }
    if (items == 0 && parsed) refuse(shared_, about_, ErrorCode::empty, "the feed has no items");
  }

 private:
  static std::string declared(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, 200);
    const size_t at = head.find("encoding=");
    if (at == std::string_view::npos || at + 10 >= head.size()) return {};
    return std::string(head.substr(at + 10, head.find_first_of("\"'", at + 10) - at - 10));
  }

  /// Looks before the first element.
  static bool defines_entities(std::string_view text) {
    for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
      const std::string_view s = text.substr(at);
      if (s.starts_with("<!ENTITY")) return true;
      if (s.starts_with("<!--")) {
        const size_t end = text.find("-->", at + 4);
        if (end == std::string_view::npos) return false;
        at = end;
      } else if (s.size() > 1 && s[1] != '!' && s[1] != '?') {
        return false;
      }
    }
    return false;
  }

  /// How deep elements stand in elements, as far as that can be counted without parsing; never too little for a well-formed feed.
  static size_t depth_of(std::string_view text) {
    size_t depth = 0, most = 0;
    for (size_t at = text.find('<'); at != std::string_view::npos && at + 1 < text.size(); at = text.find('<', at + 1)) {
      const char next = text[at + 1];
      if (next == '!' || next == '?') {
        const std::string_view s = text.substr(at);
        const std::string_view end = s.starts_with("<!--") ? "-->" : s.starts_with("<![CDATA[") ? "]]>" : ">";
        const size_t close = text.find(end, at + 2);
        if (close == std::string_view::npos) return most;
        at = close;
      } else if (next == '/') {
        depth -= depth > 0;
      } else {
        const size_t close = text.find('>', at);
        if (close == std::string_view::npos) return most;
        if (text[close - 1] != '/') most = std::max(most, ++depth);
      }
    }
    return most;
  }

  void item(const pugi::xml_node& node, size_t number, bool atom) {
    ImportedDocument out = begin_document(about_, Format::feed);
    out.record = number;
    std::string text;
    if (atom) {
      text = atom_text(child(node, "content"));
      const std::string summary = atom_text(child(node, "summary"));
      if (text.size() < summary.size()) text = summary;
    } else {
      text = html_to_text(inner(child(node, "content:encoded")));
      const std::string summary = html_to_text(inner(child(node, "description")));
      if (text.size() < summary.size()) text = summary;
    }
    out.input.title = first_line(node, "title", "dc:title");
    if (text.empty()) return refuse(shared_, about_, ErrorCode::empty, "the item has no text", "import the page it points at", number);
    if (text.size() < kSummary) out.warnings.emplace_back("the item has little text; it may be a teaser");
    out.input.text = std::move(text);
    out.input.publisher = publisher_;
    if (const auto source = line(child(node, "source")); source && !atom) out.input.publisher = source;
    if (language_) out.input.language = language_->substr(0, language_->find('-'));
    if (out.input.language && out.input.language->size() > 3) out.input.language.reset();
    if (atom) {
      for (const pugi::xml_node& link : node.children())
        if (local(link.name()) == "link" && (!link.attribute("rel") || std::string_view(link.attribute("rel").value()) == "alternate") &&
            !out.input.url)
          out.input.url = link.attribute("href").value();
      if (out.input.url && out.input.url->empty()) out.input.url.reset();
      std::optional<std::string> authors = author_names(node);
      out.input.byline = authors;
      date(out, first_line(node, "published", "dc:date", "issued"));
      if (!out.input.published) {
        date(out, line(child(node, "updated")));
        if (out.input.published) out.warnings.emplace_back("the feed gives no date of publication; the date of the last change is taken");
      }
    } else {
      out.input.url = first_line(node, "link");
      if (!out.input.url)
        if (const auto guid = line(child(node, "guid")); guid && guid->starts_with("http")) out.input.url = guid;
      out.input.byline = first_line(node, "dc:creator", "author");
      if (out.input.byline && out.input.byline->find('@') != std::string::npos) {
        // "mail@paper (Name)"
        const size_t open = out.input.byline->find('('), close = out.input.byline->rfind(')');
        if (open != std::string::npos && close != std::string::npos && open < close)
          out.input.byline = out.input.byline->substr(open + 1, close - open - 1);
        else
          out.input.byline.reset();
      }
      date(out, first_line(node, "pubDate", "dc:date", "published", "dcterms:issued"));
    }
    out.encoding = decoded_.encoding;
    out.encoding_origin = decoded_.origin;
    shared_.output.document(std::move(out));
  }

  static std::optional<std::string> author_names(const pugi::xml_node& node) {
    std::optional<std::string> out;
    for (const pugi::xml_node& each : node.children())
      if (local(each.name()) == "author") {
        const auto name = line(child(each, "name"));
        if (name) out = out ? *out + ", " + *name : *name;
        if (out && out->size() > 1000) break;
      }
    return out;
  }

  static std::string atom_text(const pugi::xml_node& node) {
    if (!node) return {};
    const std::string_view type = node.attribute("type").value();
    const std::string raw = inner(node);
    if (type.empty() || type == "text") {
      std::string out;
      append_collapsed(out, raw);
      trim(out);
      return out;
    }
    if (type.find("html") == std::string_view::npos) return {};  // a picture, a file in base64
    return html_to_text(raw);
  }

  static void date(ImportedDocument& out, const std::optional<std::string>& said) {
    if (!said || out.input.published) return;
    if (text::parse_date(*said)) {
      out.input.published = said;
      out.date_origin = DateOrigin::file;
    } else {
      out.warnings.push_back(fmt::format("the date \"{}\" is not read", shortened(*said, 60)));
    }
  }

  const About& about_;
  Shared& shared_;
  DecodedText decoded_;
  std::optional<std::string> publisher_, language_;
};

}  // namespace

void parse_feed(Stream& stream, const About& about, Shared& shared) {
  Feed(about, shared).read(stream);
}

}  // namespace reportedly::importer
