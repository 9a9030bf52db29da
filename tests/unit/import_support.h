// Files of every format, made here from invented articles.
#pragma once
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "import/import.h"

namespace reportedly::importer::test {

namespace fs = std::filesystem;

/// Files that go away with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() /
                  ("reportedly_import_" + std::to_string(::getpid()) + "_" + std::to_string(reinterpret_cast<uintptr_t>(this)));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, std::string_view content) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << content;
    return (path / name).string();
  }
};

struct Read {
  std::vector<ImportedDocument> documents;
  std::vector<ImportFailure> failures;
  size_t passed_over = 0;
};

inline Read read(std::vector<std::string> paths, ImportOptions options = {}) {
  Read out;
  Importer importer(std::move(paths), std::move(options));
  while (auto item = importer.next()) {
    if (*item)
      out.documents.push_back(std::move(**item));
    else
      out.failures.push_back(std::move(item->error()));
  }
  out.passed_over = importer.passed_over();
  return out;
}

/// What an article of two paragraphs says, used in most formats.
inline const std::string kFirst =
    "The harbour master of Port Selwyn closed the northern pier on Tuesday after two barges collided there, and nobody was hurt, he said.";
inline const std::string kSecond =
    "Union leaders accused the port authority of ignoring their warnings, which the authority denied in a statement late in the evening.";
inline const std::string kArticle = kFirst + "\n\n" + kSecond;

inline std::string page(const std::string& head, const std::string& body) {
  return "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">" + head + "</head><body>" + body + "</body></html>";
}
inline std::string paragraphs() {
  return "<p>" + kFirst + "</p>\n<p>" + kSecond + "</p>";
}

// ── zip ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
inline void little(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

inline std::string deflated(std::string_view bytes, int window = -15) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, bytes.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

inline std::string gzipped(std::string_view bytes) {
  return deflated(bytes, 15 + 16);
}

struct Member {
  std::string name, content;
  uint32_t mode = 0100644;  ///< Unix mode, in the central directory
};

inline std::string zip(const std::vector<Member>& members) {
  std::string out, directory;
  for (const Member& m : members) {
    const std::string packed = deflated(m.content);
    const auto crc = static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(m.content.data()), static_cast<uInt>(m.content.size())));
    const size_t at = out.size();
    const auto common = [&](std::string& to) {
      little(to, 20, 2), little(to, 0x0800, 2), little(to, 8, 2), little(to, 0, 4);  // version, UTF-8 names, deflate, time
      little(to, crc, 4), little(to, packed.size(), 4), little(to, m.content.size(), 4), little(to, m.name.size(), 2), little(to, 0, 2);
    };
    out += "PK\x03\x04";
    common(out);
    out += m.name + packed;
    directory += "PK\x01\x02";
    little(directory, (3 << 8) | 20, 2);  // made on Unix
    common(directory);
    little(directory, 0, 2), little(directory, 0, 2), little(directory, 0, 2), little(directory, static_cast<uint64_t>(m.mode) << 16, 4),
        little(directory, at, 4);
    directory += m.name;
  }
  const size_t start = out.size();
  out += directory + "PK\x05\x06";
  little(out, 0, 4), little(out, members.size(), 2), little(out, members.size(), 2), little(out, directory.size(), 4),
      little(out, start, 4), little(out, 0, 2);
  return out;
}

// ── tar ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
inline std::string tar_member(const std::string& name, const std::string& content, char type = '0', const std::string& link = "") {
  std::string h(512, '\0');
  const auto put = [&](size_t at, const std::string& s) { h.replace(at, s.size(), s); };
  const auto octal = [](size_t n, int width) {
    std::string s(static_cast<size_t>(width), '0');
    for (int i = width - 1; i >= 0; --i, n >>= 3) s[static_cast<size_t>(i)] = static_cast<char>('0' + (n & 7));
    return s;
  };
  put(0, name), put(100, "0000644"), put(108, "0000000"), put(116, "0000000"), put(124, octal(content.size(), 11)), put(136, "00000000000");
  put(148, "        "), h[156] = type, put(157, link), put(257, "ustar"), put(263, "00");
  size_t sum = 0;
  for (const char c : h) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6)), h[154] = '\0', h[155] = ' ';
  return h + content + std::string((512 - content.size() % 512) % 512, '\0');
}
inline std::string tar_end() {
  return std::string(1024, '\0');
}

// ── WARC ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
inline std::string warc_record(const std::string& type, const std::string& url, const std::string& kind, const std::string& body) {
  return "WARC/1.0\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + url + "\r\nContent-Type: " + kind +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body + "\r\n\r\n";
}
inline std::string response(const std::string& url, const std::string& headers, const std::string& body,
                            const std::string& status = "200 OK") {
  return warc_record("response", url, "application/http; msgtype=response", "HTTP/1.1 " + status + "\r\n" + headers + "\r\n\r\n" + body);
}

// ── PDF ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
/// One page with some lines of text.
inline std::string pdf(const std::vector<std::string>& lines) {
  std::string content = "BT /F1 12 Tf 50 700 Td 14 TL\n";
  for (const std::string& line : lines) content += "(" + line + ") Tj T*\n";
  content += "ET";
  const std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                                         "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                                         "<</Length " + std::to_string(content.size()) + ">>\nstream\n" + content + "\nendstream",
                                         "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"};
  std::string out = "%PDF-1.4\n";
  std::vector<size_t> at;
  for (size_t i = 0; i < objects.size(); ++i) {
    at.push_back(out.size());
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const size_t start = out.size();
  out += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (const size_t offset : at) {
    const std::string digits = std::to_string(offset);
    out += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  }
  return out + "trailer\n<</Size " + std::to_string(objects.size() + 1) + "/Root 1 0 R>>\nstartxref\n" + std::to_string(start) +
         "\n%%EOF\n";
}

}  // namespace reportedly::importer::test
