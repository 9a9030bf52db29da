// Names of the closed lists, as they stand in the output.
#include <array>
#include <string_view>

#include "reportedly/analysis.h"

namespace reportedly {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::unreadable:
      return "unreadable";
    case ErrorCode::bad_encoding:
      return "bad_encoding";
    case ErrorCode::bad_format:
      return "bad_format";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::empty:
      return "empty";
    case ErrorCode::bad_model:
      return "bad_model";
    case ErrorCode::bad_data:
      return "bad_data";
    case ErrorCode::language:
      return "language";
    case ErrorCode::stopped:
      return "stopped";
    case ErrorCode::unwritable:
      return "unwritable";
    case ErrorCode::locked:
      return "locked";
    case ErrorCode::bad_store:
      return "bad_store";
    case ErrorCode::duplicate_id:
      return "duplicate_id";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

const char* part_name(Part part) {
  static constexpr std::array<const char*, 5> kNames{"body", "title", "byline", "dateline", "footer"};
  return kNames[static_cast<size_t>(part)];
}

const char* decision_name(Decision decision) {
  static constexpr std::array<const char*, 3> kNames{"none", "corrected", "rejected"};
  return kNames[static_cast<size_t>(decision)];
}

const char* form_name(Form form) {
  static constexpr std::array<const char*, 3> kNames{"direct", "mixed", "indirect"};
  return kNames[static_cast<size_t>(form)];
}

namespace {
constexpr std::array<const char*, 14> kStances{"asserts",   "denies",  "doubts",   "withholds", "asks",  "demands",  "promises",
                                               "threatens", "accuses", "supposes", "hopes",     "fears", "concedes", "relays"};
}

const char* stance_name(Stance stance) {
  return kStances[static_cast<size_t>(stance)];
}

std::optional<Stance> stance_from_name(std::string_view name) {
  for (size_t i = 0; i < kStances.size(); ++i)
    if (name == kStances[i]) return static_cast<Stance>(i);
  return std::nullopt;
}

const char* factuality_name(Factuality value) {
  static constexpr std::array<const char*, 8> kNames{"CT+", "PR+", "PS+", "CT-", "PR-", "PS-", "CTu", "Uu"};
  return kNames[static_cast<size_t>(value)];
}

}  // namespace reportedly
