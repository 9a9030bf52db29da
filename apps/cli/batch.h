// Many documents through the engine, results in the order of the input.
#pragma once
#include <functional>
#include <string>

#include "reader.h"
#include "reportedly/engine.h"
#include "reportedly/export.h"
#include "run.h"

namespace reportedly::cli {

/// One document's result, ready to be written, and what is to be told about it.
struct Outcome {
  std::string text;
  std::optional<Error> error;
  size_t bytes = 0;           ///< of input
  std::vector<Piece> pieces;  ///< of an export, in place of `text`
};

struct BatchCounts {
  size_t inputs = 0;     ///< documents, and files and lines that gave none
  size_t documents = 0;  ///< read from the input, whatever became of them
  size_t bad_lines = 0;  ///< lines of readable files that gave no document
  size_t failed = 0;     ///< of all inputs
};

/// `work` turns a document into its result; it is called from several threads, each with its own workspace. `refuse` makes
/// the result of an input that gave no document. At most 2 documents a thread are in memory at once, so memory is bounded
/// by the longest documents. Failures go to standard error when their turn comes. Ends early when stopped() or when the
/// sink takes no more; what was begun is finished and written. `put`, if given, takes the results in place of the sink, in the order of the
/// input, and says whether it can take more.
BatchCounts run_batch(Reader& reader, unsigned threads, Sink& sink, const std::function<Outcome(DocumentInput&&, EngineWorkspace&)>& work,
                      const std::function<std::string(const Error&)>& refuse, const std::function<bool(Outcome&&)>& put = {});

}  // namespace reportedly::cli
