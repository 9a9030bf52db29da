#include "import/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "import/charset.h"

namespace reportedly::importer {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  size_t at;
  Format format;          ///< unknown: refused
  std::string_view what;  ///< "a Word document"
  std::string_view advice;
  bool asset = false;
};

constexpr std::string_view kAsText = "save it as text, HTML or PDF";

constexpr std::array kMagics{
    Magic{"PK\x03\x04"sv, 0, Format::archive, {}, {}},
    Magic{"PK\x05\x06"sv, 0, Format::archive, {}, {}},
    Magic{"\x1F\x8B"sv, 0, Format::archive, {}, {}},
    Magic{"1AY&SY"sv, 4, Format::archive, {}, {}},
    Magic{"\xFD"
          "7zXZ\0"sv,
          0,
          Format::archive,
          {},
          {}},
    Magic{"\x28\xB5\x2F\xFD"sv, 0, Format::archive, {}, {}},
    Magic{"ustar"sv, 257, Format::archive, {}, {}},
    Magic{"WARC/1."sv, 0, Format::warc, {}, {}},
    Magic{"WARC/0."sv, 0, Format::warc, {}, {}},
    Magic{"7z\xBC\xAF\x27\x1C"sv, 0, Format::unknown, "a 7z archive"sv, "unpack it, or pack it as zip"sv},
    Magic{"Rar!"sv, 0, Format::unknown, "a RAR archive"sv, "unpack it, or pack it as zip"sv},
    Magic{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, 0, Format::unknown, "an old Office document"sv, kAsText},
    Magic{"{\\rtf"sv, 0, Format::unknown, "an RTF document"sv, kAsText},
    Magic{"SQLite format 3\0"sv, 0, Format::unknown, "an SQLite database"sv, "export its table as CSV"sv},
    Magic{"PAR1"sv, 0, Format::unknown, "a Parquet file"sv, "convert it to CSV or JSONL"sv},
    Magic{"ARROW1"sv, 0, Format::unknown, "an Arrow file"sv, "convert it to CSV or JSONL"sv},
    Magic{"\x7F"
          "ELF"sv,
          0,
          Format::unknown,
          "a program"sv,
          {},
          true},
    Magic{"MZ\x90"sv, 0, Format::unknown, "a program"sv, {}, true},
    Magic{"\x89PNG"sv, 0, Format::unknown, "a picture"sv, "text in pictures is not read; run OCR first"sv, true},
    Magic{"\xFF\xD8\xFF"sv, 0, Format::unknown, "a picture"sv, "text in pictures is not read; run OCR first"sv, true},
    Magic{"GIF8"sv, 0, Format::unknown, "a picture"sv, "text in pictures is not read; run OCR first"sv, true},
    Magic{"WEBP"sv, 8, Format::unknown, "a picture"sv, "text in pictures is not read; run OCR first"sv, true},
    Magic{"II*\0"sv, 0, Format::unknown, "a picture"sv, "text in pictures is not read; run OCR first"sv, true},
    Magic{"MM\0*"sv, 0, Format::unknown, "a picture"sv, "text in pictures is not read; run OCR first"sv, true},
    Magic{"\0\0\1\0"sv, 0, Format::unknown, "a picture"sv, {}, true},
    Magic{"ftyp"sv, 4, Format::unknown, "a film or sound"sv, "speech is not read; make a transcript first"sv, true},
    Magic{"ID3\x03"sv, 0, Format::unknown, "sound"sv, "speech is not read; make a transcript first"sv, true},
    Magic{"ID3\x04"sv, 0, Format::unknown, "sound"sv, "speech is not read; make a transcript first"sv, true},
    Magic{"OggS"sv, 0, Format::unknown, "sound"sv, "speech is not read; make a transcript first"sv, true},
    Magic{"wOFF"sv, 0, Format::unknown, "a font"sv, {}, true},
    Magic{"wOF2"sv, 0, Format::unknown, "a font"sv, {}, true},
};

/// Names of members that no one expects to be articles.
constexpr std::array kAssets{".css"sv, ".js"sv,   ".mjs"sv,  ".map"sv,  ".png"sv, ".jpg"sv,   ".jpeg"sv, ".gif"sv, ".svg"sv,
                             ".ico"sv, ".webp"sv, ".avif"sv, ".woff"sv, ".ttf"sv, ".woff2"sv, ".mp3"sv,  ".mp4"sv};

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The name of the first tag, lower case, with "!doctype html" and "?xml" passed over but told.
struct FirstTag {
  std::string name;
  bool html_doctype = false, xml = false;
  bool cut = false;  ///< the head ended before a tag came
};
FirstTag first_tag(std::string_view s) {
  FirstTag out;
  for (;;) {
    const size_t at = s.find_first_not_of(" \t\r\n\f");
    if (at == std::string_view::npos || s[at] != '<') {
      out.cut = at == std::string_view::npos;
      return out;
    }
    s.remove_prefix(at + 1);
    std::string_view end = ">";
    if (s.starts_with("!--")) {
      end = "-->";
    } else if (s.starts_with("?")) {
      end = "?>";
      out.xml = out.xml || s.starts_with("?xml");
    } else if (s.starts_with("!")) {
      const std::string word = lower(s.substr(0, 20));
      if (word.starts_with("!doctype")) {
        const size_t kind = word.find_first_not_of(" \t\r\n", 8);
        out.html_doctype = kind != std::string::npos && std::string_view(word).substr(kind).starts_with("html");
        // An internal subset may hold '>' of its own.
        const size_t open = s.find('['), close = s.find('>');
        if (open < close) end = "]";
      }
    } else {
      size_t n = 0;
      while (n < s.size() && (letter(s[n]) || (n > 0 && (s[n] == ':' || s[n] == '-' || (s[n] >= '0' && s[n] <= '9'))))) ++n;
      out.name = lower(s.substr(0, n));
      return out;
    }
    const size_t after = s.find(end);
    if (after == std::string_view::npos) {
      out.cut = true;
      return out;
    }
    s.remove_prefix(after + end.size());
    if (end == "]" && s.find('>') != std::string_view::npos) s.remove_prefix(s.find('>') + 1);
  }
}

bool is_page_tag(std::string_view tag) {
  constexpr std::array kTags{"html"sv,  "head"sv,  "body"sv, "meta"sv, "title"sv,   "link"sv,    "script"sv,
                             "style"sv, "div"sv,   "p"sv,    "h1"sv,   "h2"sv,      "article"sv, "main"sv,
                             "span"sv,  "table"sv, "a"sv,    "base"sv, "section"sv, "center"sv,  "br"sv};
  return std::find(kTags.begin(), kTags.end(), tag) != kTags.end();
}

Sniffed refused(ErrorCode code, std::string reason, std::string way_out) {
  return {Format::unknown, Refusal{code, std::move(reason), std::move(way_out)}, false};
}

/// A first line that names columns, one of which holds text.
bool has_header(std::string_view head, const text::FieldNames& names) {
  const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
  if (line.size() == head.size() || line.size() > 2000) return false;
  for (const char separator : {',', '\t', ';', '|'}) {
    bool text = false;
    size_t columns = 0;
    for (size_t at = 0; at <= line.size(); ++columns) {
      const size_t end = std::min(line.find(separator, at), line.size());
      std::string_view name = line.substr(at, end - at);
      if (name.size() > 60) return false;
      if (const auto held = names.find(name)) text = text || held->field == text::Field::text;
      at = end + 1;
    }
    if (text && columns > 1) return true;
  }
  return false;
}

}  // namespace

std::string_view format_name(Format format) {
  constexpr std::array kNames{"unknown"sv, "plain"sv, "jsonl"sv, "csv"sv, "html"sv, "pdf"sv, "feed"sv, "archive"sv, "warc"sv};
  return kNames[static_cast<size_t>(format)];
}

Sniffed sniff(std::string_view head, std::string_view full_name, const text::FieldNames& names) {
  const std::string name = lower(full_name.substr(0, full_name.find_first_of("?#")));
  const auto named = [&](std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
  };
  if (head.empty()) return refused(ErrorCode::empty, "there is nothing in it", {});
  for (const Magic& magic : kMagics) {
    if (head.size() < magic.at + magic.bytes.size() || head.substr(magic.at, magic.bytes.size()) != magic.bytes) continue;
    if (magic.format != Format::unknown) return {magic.format, std::nullopt, false};
    Sniffed out = refused(ErrorCode::bad_format, fmt::format("this is {}", magic.what), std::string(magic.advice));
    out.asset = magic.asset;
    return out;
  }
  if (head.substr(0, 1024).find("%PDF-") != std::string_view::npos) return {Format::pdf, std::nullopt, false};
  for (const std::string_view end : kAssets)
    if (name.ends_with(end)) {
      Sniffed out = refused(ErrorCode::bad_format, fmt::format("{} files are not read", end), {});
      out.asset = true;
      return out;
    }

  std::string decoded;
  const Encoding encoding = find_encoding(head, {}, head.size() < kSniffed);
  head.remove_prefix(encoding.bom);
  if (encoding.name != "UTF-8") {
    // An odd byte at the end of what was seen is no fault.
    decoded = convert(head.substr(0, head.size() & ~size_t{3}), encoding.name);
    if (encoding.name.starts_with("UTF-")) head = decoded;
  }
  const size_t begin = head.find_first_not_of(" \t\r\n\f");
  const std::string_view body = begin == std::string_view::npos ? std::string_view() : head.substr(begin);

  size_t controls = 0;
  for (const char c : head)
    controls += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1B';
  if (controls * 10 > head.size() && controls > 8)
    return refused(ErrorCode::bad_encoding, "this is no text but binary data of an unknown kind", {});

  if (body.starts_with('<')) {
    const FirstTag tag = first_tag(body);
    if (tag.name == "rss" || tag.name == "feed" || tag.name == "rdf:rdf") return {Format::feed, std::nullopt, false};
    if (tag.html_doctype || tag.name == "html" || tag.name == "head" || tag.name == "body") return {Format::html, std::nullopt, false};
    if (named({".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx"})) return {Format::html, std::nullopt, false};
    if (named({".rss", ".atom"})) return {Format::feed, std::nullopt, false};
    if (tag.xml || named({".xml"})) {
      // A long internal subset hides the first tag; the reader of feeds refuses it by name.
      if (tag.cut) return {Format::feed, std::nullopt, false};
      return refused(ErrorCode::bad_format, fmt::format("this is XML of a kind that is not read ({})", tag.name.substr(0, 40)),
                     "RSS, Atom and XHTML are read; turn others into HTML or JSONL");
    }
    if (!named({".txt", ".text", ".md"}) && is_page_tag(tag.name)) return {Format::html, std::nullopt, false};
  }
  if (named({".jsonl", ".ndjson"})) return {Format::records, std::nullopt, false};
  if (body.starts_with('{')) {
    const size_t quote = body.find_first_not_of(" \t\r\n", 1);
    const bool one_line = quote != std::string_view::npos && body.substr(0, quote).find('\n') == std::string_view::npos;
    if (quote != std::string_view::npos && body[quote] == '"') {
      if (one_line) return {Format::records, std::nullopt, false};
      if (named({".json"}) || name.empty())
        return refused(ErrorCode::bad_format, "this is JSON over several lines, not JSONL",
                       "write each document on one line: jq -c . FILE");
    }
  }
  if (body.starts_with('[') && named({".json"}))
    return refused(ErrorCode::bad_format, "this is a JSON array, not JSONL", "write each document on one line: jq -c '.[]' FILE");
  if (named({".csv", ".tsv", ".tab"}) || has_header(head, names)) return {Format::csv, std::nullopt, false};
  if (named({".html", ".htm", ".xhtml"}) && body.find('<') != std::string_view::npos) return {Format::html, std::nullopt, false};
  const std::string start = lower(head.substr(0, 200));
  if (start.find("mime-version:") != std::string::npos && lower(head).find("multipart/related") != std::string::npos)
    return refused(ErrorCode::bad_format, "this is a web page saved as MHTML", "save it as HTML");
  return {Format::plain, std::nullopt, false};
}

}  // namespace reportedly::importer
