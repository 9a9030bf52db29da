// WARC 0.17 to 1.1 (ISO 28500): records of web pages. Packed ones come through archive.cpp.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "import/charset.h"
#include "import/format.h"
#include "parsers/parsers.h"

namespace reportedly::importer {
namespace {

constexpr size_t kLongestLine = size_t{64} << 10;
constexpr size_t kMostHeaderLines = 1000;

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string_view trimmed(std::string_view s) {
  const size_t begin = s.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return s.substr(begin, s.find_last_not_of(" \t\r\n") - begin + 1);
}

/// "Name: value" lines up to an empty one; the last of equal names wins.
using Header = std::map<std::string, std::string>;
bool read_header(Stream& stream, Header& out) {
  for (size_t i = 0; i < kMostHeaderLines; ++i) {
    bool too_long = false;
    const auto line = stream.line(kLongestLine, too_long);
    if (!line || too_long) return false;
    if (trimmed(*line).empty()) return true;
    const size_t colon = line->find(':');
    if (colon == std::string::npos) continue;
    out[lower(trimmed(std::string_view(*line).substr(0, colon)))] = trimmed(std::string_view(*line).substr(colon + 1));
  }
  return false;
}

std::string value(const Header& header, const char* name) {
  const auto at = header.find(name);
  return at == header.end() ? std::string() : at->second;
}

/// Bodies sent in chunks: size in hexadecimal, the bytes, a line end; size 0 at the end.
std::optional<std::string> without_chunks(std::string_view s) {
  std::string out;
  while (!s.empty()) {
    const size_t eol = s.find("\r\n");
    if (eol == std::string_view::npos || eol > 100) return std::nullopt;
    size_t n = 0;
    const std::string_view digits = s.substr(0, std::min(eol, s.find(';')));
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n, 16);
    if (error != std::errc() || end == digits.data()) return std::nullopt;
    s.remove_prefix(eol + 2);
    if (n == 0) return out;
    if (n > s.size()) return std::nullopt;
    out += s.substr(0, n);
    s.remove_prefix(n);
    if (s.starts_with("\r\n")) s.remove_prefix(2);
  }
  return out;
}

/// gzip or zlib or bare deflate, at most `limit` bytes.
std::optional<std::string> inflated(std::string_view s, size_t limit) {
  for (const int window : {15 + 32, -15}) {
    z_stream z{};
    if (inflateInit2(&z, window) != Z_OK) return std::nullopt;
    std::string out;
    std::array<char, 16384> chunk{};
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(s.data()));
    z.avail_in = static_cast<uInt>(std::min(s.size(), size_t{1} << 30));
    int state = Z_OK;
    while (state == Z_OK && out.size() <= limit) {
      z.next_out = reinterpret_cast<Bytef*>(chunk.data());
      z.avail_out = chunk.size();
      state = inflate(&z, Z_NO_FLUSH);
      out.append(chunk.data(), chunk.size() - z.avail_out);
    }
    inflateEnd(&z);
    if (out.size() > limit) return std::nullopt;
    if (state == Z_STREAM_END) return out;
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(Stream& stream, const About& about, Shared& shared) : stream_(stream), outer_(about), shared_(shared) {}

  void read() {
    while (record()) {
    }
    if (stream_.error()) refuse(shared_, outer_, stream_.error()->code, stream_.error()->message, {}, number_);
  }

 private:
  /// False at the end, or where the file makes no sense any more.
  bool record() {
    bool too_long = false;
    std::optional<std::string> line;
    do line = stream_.line(kLongestLine, too_long);
    while (line && !too_long && trimmed(*line).empty());
    if (!line) return false;
    ++number_;
    Header header;
    uint64_t length = 0;
    if (!line->starts_with("WARC/") || !read_header(stream_, header)) return broken("its header is none");
    const std::string said = value(header, "content-length");
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), length);
    if (error != std::errc() || end != said.data() + said.size()) return broken("its length is not given");
    if (++shared_.entries > shared_.job.limits.entries)
      return broken(fmt::format("entry limit: there are more than {}", shared_.job.limits.entries));

    const std::string type = lower(value(header, "warc-type"));
    const bool wanted = type == "response" || type == "resource" || type == "conversion";
    if (!wanted) return skip(length);
    About about = outer_;
    about.record = number_;
    about.url = value(header, "warc-target-uri");
    if (about.url.starts_with('<') && about.url.ends_with('>')) about.url = about.url.substr(1, about.url.size() - 2);
    about.url = shortened(about.url, 4096);
    about.name = about.url;
    about.depth = outer_.depth + 1;
    if (length > shared_.job.limits.document_bytes) {
      refuse(shared_, about, ErrorCode::too_large,
             fmt::format("size limit: the record is longer than {} MiB", shared_.job.limits.document_bytes >> 20));
      return skip(length);
    }
    std::string body;
    body.reserve(std::min<uint64_t>(length, uint64_t{1} << 20));
    while (body.size() < length) {
      const std::string_view seen = stream_.peek();
      if (seen.empty()) {
        if (!stream_.error()) refuse(shared_, about, ErrorCode::bad_format, "the file ends in the middle of this record", "fetch it again");
        return false;
      }
      const size_t take = std::min<uint64_t>(seen.size(), length - body.size());
      body += seen.substr(0, take);
      stream_.consume(take);
    }
    std::string kind = lower(value(header, "content-type"));
    if (kind.starts_with("application/http")) {
      if (!open_response(body, about, kind)) return true;
    } else {
      about.charset = charset_of(kind);
    }
    hand_on(std::move(body), about, kind);
    return true;
  }

  bool broken(const std::string& reason) {
    refuse(shared_, outer_, ErrorCode::bad_format, fmt::format("the record cannot be read: {}", reason), "the records before it are read",
           number_);
    return false;
  }

  bool skip(uint64_t n) {
    while (n > 0) {
      const std::string_view seen = stream_.peek();
      if (seen.empty()) return false;
      const size_t take = std::min<uint64_t>(seen.size(), n);
      stream_.consume(take);
      n -= take;
    }
    return true;
  }

  static std::string charset_of(const std::string& content_type) {
    const size_t at = content_type.find("charset=");
    if (at == std::string::npos) return {};
    return content_type.substr(at + 8, content_type.find(';', at) - at - 8);
  }

  /// Takes the HTTP header off. False: no page (then it was counted or refused).
  bool open_response(std::string& bytes, About& about, std::string& kind) {
    MemoryStream message(bytes);
    bool too_long = false;
    const auto status = message.line(kLongestLine, too_long);
    Header header;
    if (!status || !status->starts_with("HTTP/") || !read_header(message, header)) {
      refuse(shared_, about, ErrorCode::bad_format, "the response has no HTTP header");
      return false;
    }
    const size_t space = status->find(' ');
    if (space == std::string::npos || std::string_view(*status).substr(space + 1, 3) != "200") {
      shared_.output.passed_over();  // redirections, errors
      return false;
    }
    kind = lower(value(header, "content-type"));
    about.charset = charset_of(kind);
    const std::string_view left = message.peek(bytes.size());
    std::string body(left);
    if (lower(value(header, "transfer-encoding")).find("chunked") != std::string::npos)
      if (auto joined = without_chunks(body)) body = std::move(*joined);  // many writers have joined them and left the header
    const std::string coding = lower(value(header, "content-encoding"));
    if (coding.find("gzip") != std::string::npos || coding.find("deflate") != std::string::npos) {
      if (auto plain = inflated(body, shared_.job.limits.document_bytes)) {
        shared_.unpacked += plain->size();
        body = std::move(*plain);
      } else if (body.starts_with("\x1F\x8B")) {
        refuse(shared_, about, ErrorCode::bad_format, "the page's gzip coding is damaged, or it unpacks to more than the size limit");
        return false;
      }
    } else if (coding.find("br") != std::string::npos || coding.find("zstd") != std::string::npos) {
      refuse(shared_, about, ErrorCode::bad_format, fmt::format("the page is coded as {}, which is not read", shortened(coding, 20)),
             "fetch it with --no-compression, or convert the file with warcio recompress");
      return false;
    }
    bytes = std::move(body);
    return true;
  }

  void hand_on(std::string body, About& about, const std::string& kind) {
    const Sniffed sniffed = sniff(std::string_view(body).substr(0, kSniffed), about.name, text::FieldNames(shared_.job.columns));
    Format format = sniffed.format;
    const bool text = kind.empty() || kind.starts_with("text/") || kind.find("xml") != std::string::npos ||
                      kind.find("pdf") != std::string::npos || kind.find("octet-stream") != std::string::npos;
    if (format == Format::unknown || !text || format == Format::records || format == Format::archive || format == Format::warc)
      return shared_.output.passed_over();
    // What a server calls a page is one; of plain texts only what it calls so (not CSS, not scripts).
    if (kind.starts_with("text/html") && format != Format::pdf && format != Format::feed) format = Format::html;
    if (format == Format::plain && !kind.starts_with("text/plain")) return shared_.output.passed_over();
    MemoryStream stream(body);
    parse(stream, format, about, shared_);
  }

  Stream& stream_;
  const About& outer_;
  Shared& shared_;
  size_t number_ = 0;
};

}  // namespace

void parse_warc(Stream& stream, const About& about, Shared& shared) {
  Reader(stream, about, shared).read();
}

}  // namespace reportedly::importer
