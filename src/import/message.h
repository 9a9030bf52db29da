// What goes between this program and the child that parses: frames of a length and fields. Whatever comes from the child is
// read as if an enemy had written it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "import/format.h"
#include "import/import.h"

namespace reportedly::importer {

enum class Frame : uint8_t {
  job = 1,   ///< to the child: what to parse
  document,  ///< from the child
  failure,
  member,       ///< a member of an archive begins; what kills the child now is its fault
  member_done,  ///< and ends
  passed_over,  ///< a member that is no document by kind
  pdf           ///< a PDF found in an archive, to be parsed by a child of its own
};

/// What the child is to do.
struct Job {
  Format format = Format::unknown;
  std::string name;         ///< of the file, for what the bytes leave open
  std::string head;         ///< bytes that were read already and cannot be read again
  size_t first_member = 0;  ///< members before it are passed over, after a child has died
  std::map<std::string, std::string> columns;
  ImportLimits limits;
};

/// A PDF inside an archive: where it is and its bytes.
struct EmbeddedPdf {
  std::string member;
  size_t record = 0;
  std::string url, bytes;
};

struct Message {
  Frame frame = Frame::failure;
  ImportedDocument document;
  ImportFailure failure;
  EmbeddedPdf pdf;
  size_t member_number = 0;
  std::string member;
};

/// Frames with their length before them.
std::string encode(const Job& job);
std::string encode(const ImportedDocument& document);
std::string encode(const ImportFailure& failure);
std::string encode(const EmbeddedPdf& pdf);
std::string encode_member(Frame frame, size_t number, std::string_view name);

/// A frame without its length. nullopt: it is not well-formed.
std::optional<Message> decode_message(std::string_view frame);
std::optional<Job> decode_job(std::string_view frame);

}  // namespace reportedly::importer
