// Corrected values and rejections, laid over the codes of one record: a pure function of both. (The store calls a list of events `events`,
// as the stage is called, so that this knows nothing of the store.)
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "reportedly/analysis.h"

namespace reportedly::corpus {

/// What cannot be laid over is left as it is, and said in `faults`. Numbers are indices of the layer, `value` is an object with corrected
/// fields (docs/server.md).
class Correcting {
 public:
  explicit Correcting(Analysis& analysis) : a_(analysis) {}
  void event(size_t number, const nlohmann::json& value);
  void attribution(size_t number, const nlohmann::json& value);
  void reject_event(size_t number);
  /// What is told in it is told by the voice around it, as that voice would have told it.
  void reject_attribution(size_t number);
  std::vector<std::string> faults;

 private:
  Analysis& a_;
};

/// Where an attribution stands: at its cue, else at its source, else at its content.
Span place_of(const Attribution& attribution);

}  // namespace reportedly::corpus
