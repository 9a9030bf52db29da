// The parsers of foreign formats. They run in a process that is shut in (sandbox.h), but are written as if they did not:
// no input may crash them, none may take more than linear time and memory beyond what their libraries need.
#pragma once
#include <string>
#include <string_view>

#include "import/message.h"
#include "import/stream.h"

namespace reportedly::importer {

/// Where results go. Calls come in the order of the input.
class Output {
 public:
  virtual ~Output() = default;
  virtual void document(ImportedDocument&& document) = 0;
  virtual void failure(ImportFailure&& failure) = 0;
  virtual void pdf(EmbeddedPdf&& pdf) = 0;
  virtual void member(size_t number, const std::string& name) = 0;
  virtual void member_done(size_t number) = 0;
  virtual void passed_over() = 0;
};

/// What is known of a stream besides its bytes.
struct About {
  std::string name;     ///< file name, for what the bytes leave open
  std::string member;   ///< path inside archives
  size_t record = 0;    ///< of a WARC file
  std::string url;      ///< where it was fetched
  std::string charset;  ///< as a server declares it
  unsigned depth = 0;   ///< archives around it
};

/// What all of one file share.
struct Shared {
  Job job;
  Output& output;
  uint64_t unpacked = 0;  ///< bytes out of archives, all layers together
  size_t entries = 0;
  size_t members = 0;  ///< of the outermost archive
};

void parse(Stream& stream, Format format, const About& about, Shared& shared);

void parse_plain(Stream& stream, const About& about, Shared& shared);
void parse_csv(Stream& stream, const About& about, Shared& shared);
void parse_html(Stream& stream, const About& about, Shared& shared);
void parse_feed(Stream& stream, const About& about, Shared& shared);
void parse_archive(Stream& stream, const About& about, Shared& shared);
void parse_warc(Stream& stream, const About& about, Shared& shared);

/// A failure at a place.
void refuse(Shared& shared, const About& about, ErrorCode code, std::string reason, std::string way_out = {}, size_t record = 0);
/// A document with place, format and encoding set.
ImportedDocument begin_document(const About& about, Format format);
/// All of the stream, or nullopt after refusing it because it is too long or cannot be read.
std::optional<std::string> whole(Stream& stream, const About& about, Shared& shared);

}  // namespace reportedly::importer
