#include "import/message.h"

#include <charconv>
#include <cstring>

#include "import/charset.h"

namespace reportedly::importer {
namespace {

class Writer {
 public:
  explicit Writer(Frame frame) {
    out_.assign(4, '\0');
    out_.push_back(static_cast<char>(frame));
  }
  void text(char tag, std::string_view value) {
    out_.push_back(tag);
    length(value.size());
    out_ += value;
  }
  void optional(char tag, const std::optional<std::string>& value) {
    if (value) text(tag, *value);
  }
  void number(char tag, uint64_t value) { text(tag, std::to_string(value)); }
  std::string done() {
    const auto n = static_cast<uint32_t>(out_.size() - 4);
    std::memcpy(out_.data(), &n, 4);
    return std::move(out_);
  }

 private:
  void length(size_t n) {
    const auto n32 = static_cast<uint32_t>(n);
    out_.append(reinterpret_cast<const char*>(&n32), 4);
  }
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view frame) : rest_(frame) {}
  std::optional<Frame> frame() {
    if (rest_.empty()) return std::nullopt;
    const auto f = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    if (f < static_cast<uint8_t>(Frame::job) || f > static_cast<uint8_t>(Frame::pdf)) return std::nullopt;
    return static_cast<Frame>(f);
  }
  /// The next field; false at the end or where it is no field (then `bad`).
  bool next(char& tag, std::string_view& value) {
    if (rest_.empty()) return false;
    uint32_t n = 0;
    if (rest_.size() < 5) return bad = true, false;
    tag = rest_[0];
    std::memcpy(&n, rest_.data() + 1, 4);
    rest_.remove_prefix(5);
    if (n > rest_.size()) return bad = true, false;
    value = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return true;
  }
  bool bad = false;

 private:
  std::string_view rest_;
};

uint64_t number(std::string_view s) {
  uint64_t v = 0;
  std::from_chars(s.data(), s.data() + s.size(), v);
  return v;
}

template <class Enum>
Enum member_of(std::string_view s, Enum last) {
  const uint64_t v = number(s);
  return v <= static_cast<uint64_t>(last) ? static_cast<Enum>(v) : Enum{};
}

}  // namespace

std::string encode(const Job& job) {
  Writer w(Frame::job);
  w.number('f', static_cast<uint64_t>(job.format));
  w.text('n', job.name);
  w.text('h', job.head);
  w.number('s', job.first_member);
  for (const auto& [role, column] : job.columns) {
    w.text('r', role);
    w.text('c', column);
  }
  const ImportLimits& l = job.limits;
  w.number('D', l.document_bytes);
  w.number('M', l.memory);
  w.number('C', l.cpu_seconds);
  w.number('T', l.total_bytes);
  w.number('R', l.ratio);
  w.number('E', l.entries);
  w.number('P', l.depth);
  return w.done();
}

std::optional<Job> decode_job(std::string_view frame) {
  Reader r(frame);
  if (r.frame() != Frame::job) return std::nullopt;
  Job job;
  char tag = 0;
  std::string_view value;
  std::string role;
  while (r.next(tag, value)) switch (tag) {
      case 'f':
        job.format = member_of(value, Format::warc);
        break;
      case 'n':
        job.name = value;
        break;
      case 'h':
        job.head = value;
        break;
      case 's':
        job.first_member = number(value);
        break;
      case 'r':
        role = value;
        break;
      case 'c':
        job.columns[role] = value;
        break;
      case 'D':
        job.limits.document_bytes = number(value);
        break;
      case 'M':
        job.limits.memory = number(value);
        break;
      case 'C':
        job.limits.cpu_seconds = static_cast<unsigned>(number(value));
        break;
      case 'T':
        job.limits.total_bytes = number(value);
        break;
      case 'R':
        job.limits.ratio = static_cast<unsigned>(number(value));
        break;
      case 'E':
        job.limits.entries = number(value);
        break;
      case 'P':
        job.limits.depth = static_cast<unsigned>(number(value));
        break;
      default:
        break;
    }
  if (r.bad) return std::nullopt;
  return job;
}

std::string encode(const ImportedDocument& d) {
  Writer w(Frame::document);
  w.text('i', d.input.id);
  w.text('t', d.input.text);
  w.number('s', static_cast<uint64_t>(d.input.format));
  w.optional('T', d.input.title);
  w.optional('B', d.input.byline);
  w.optional('P', d.input.publisher);
  w.optional('U', d.input.url);
  w.optional('D', d.input.published);
  w.optional('L', d.input.language);
  w.number('o', static_cast<uint64_t>(d.date_origin));
  w.number('f', static_cast<uint64_t>(d.format));
  w.text('m', d.member);
  w.number('r', d.record);
  w.text('e', d.encoding);
  w.number('E', static_cast<uint64_t>(d.encoding_origin));
  for (const std::string& warning : d.warnings) w.text('w', warning);
  return w.done();
}

std::string encode(const ImportFailure& f) {
  Writer w(Frame::failure);
  w.number('c', static_cast<uint64_t>(f.code));
  w.text('m', f.member);
  w.number('r', f.record);
  w.text('x', f.reason);
  w.text('y', f.way_out);
  return w.done();
}

std::string encode(const EmbeddedPdf& pdf) {
  Writer w(Frame::pdf);
  w.text('m', pdf.member);
  w.number('r', pdf.record);
  w.text('u', pdf.url);
  w.text('b', pdf.bytes);
  return w.done();
}

std::string encode_member(Frame frame, size_t count, std::string_view name) {
  Writer w(frame);
  w.number('n', count);
  w.text('m', name);
  return w.done();
}

std::optional<Message> decode_message(std::string_view frame) {
  Reader r(frame);
  const auto kind = r.frame();
  if (!kind || *kind == Frame::job) return std::nullopt;
  Message out;
  out.frame = *kind;
  char tag = 0;
  std::string_view value;
  ImportedDocument& d = out.document;
  while (r.next(tag, value)) {
    if (*kind == Frame::document) switch (tag) {
        case 'i':
          d.input.id = clean_utf8(value);
          break;
        case 't':
          d.input.text = value;
          break;  // the text stage reads bytes and counts what is ill-formed
        case 's':
          d.input.format = member_of(value, SourceFormat::record);
          break;
        case 'T':
          d.input.title = clean_utf8(value);
          break;
        case 'B':
          d.input.byline = clean_utf8(value);
          break;
        case 'P':
          d.input.publisher = clean_utf8(value);
          break;
        case 'U':
          d.input.url = clean_utf8(value);
          break;
        case 'D':
          d.input.published = clean_utf8(value);
          break;
        case 'L':
          d.input.language = clean_utf8(value);
          break;
        case 'o':
          d.date_origin = member_of(value, DateOrigin::file);
          break;
        case 'f':
          d.format = member_of(value, Format::warc);
          break;
        case 'm':
          d.member = clean_utf8(value);
          break;
        case 'r':
          d.record = number(value);
          break;
        case 'e':
          d.encoding = clean_utf8(value);
          break;
        case 'E':
          d.encoding_origin = member_of(value, EncodingOrigin::assumed);
          break;
        case 'w':
          if (d.warnings.size() < 100) d.warnings.push_back(clean_utf8(value));
          break;
        default:
          break;
      }
    else if (*kind == Frame::failure)
      switch (tag) {
        case 'c':
          out.failure.code = member_of(value, ErrorCode::internal);
          break;
        case 'm':
          out.failure.member = clean_utf8(value);
          break;
        case 'r':
          out.failure.record = number(value);
          break;
        case 'x':
          out.failure.reason = clean_utf8(value);
          break;
        case 'y':
          out.failure.way_out = clean_utf8(value);
          break;
        default:
          break;
      }
    else if (*kind == Frame::pdf)
      switch (tag) {
        case 'm':
          out.pdf.member = clean_utf8(value);
          break;
        case 'r':
          out.pdf.record = number(value);
          break;
        case 'u':
          out.pdf.url = clean_utf8(value);
          break;
        case 'b':
          out.pdf.bytes = value;
          break;
        default:
          break;
      }
    else
      switch (tag) {
        case 'n':
          out.member_number = number(value);
          break;
        case 'm':
          out.member = clean_utf8(value);
          break;
        default:
          break;
      }
  }
  if (r.bad) return std::nullopt;
  return out;
}

}  // namespace reportedly::importer
