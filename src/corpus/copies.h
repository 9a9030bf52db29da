// Is one text a copy of another? Pure functions over what a text is compared by; docs/claims.md explains the rules.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reportedly::corpus {

/// What tells that a text came from elsewhere, or replaces an earlier one.
struct Markers {
  std::string agency;  ///< as written: "Reuters"; empty: none
  bool update = false;
  bool correction = false;
};
/// `head`: title, byline and dateline together with the beginning of the text; `body`: the text that is read. `byline` alone is looked
/// through for agencies that are nowhere listed ("By a correspondent of Nordwire" is not, "(Nordwire)" behind a dateline is).
Markers find_markers(std::string_view title, std::string_view byline, std::string_view text);

/// All that a text is compared by. Equal for equal words, whatever their case, punctuation and division.
struct Sketch {
  std::vector<uint32_t> hashes;  ///< of runs of three words, sorted, each once; of long texts a fixed share
  int scale = 0;                 ///< only hashes below 2^(32 - scale) were kept
  std::vector<int64_t> bands;    ///< texts that may be copies of each other share one
};
Sketch sketch(std::string_view body);

struct Overlap {
  size_t a = 0, b = 0, common = 0;
  double jaccard() const { return a + b > common ? static_cast<double>(common) / static_cast<double>(a + b - common) : 0; }
  double of_a() const { return a > 0 ? static_cast<double>(common) / static_cast<double>(a) : 0; }
  double of_b() const { return b > 0 ? static_cast<double>(common) / static_cast<double>(b) : 0; }
};
Overlap overlap(const std::vector<uint32_t>& a, int scale_a, const std::vector<uint32_t>& b, int scale_b);

/// Does one go back to the other? It does not matter which is which.
bool is_copy(const Overlap& overlap, bool same_agency);

struct CopyKind {
  const char* kind;  ///< exact near shortened updated
  double similarity;
};
/// `a` is the copy, `b` the origin. `revised`: the copy says that it replaces something, or is a later one of the same publisher.
CopyKind kind_of_copy(const Overlap& overlap, bool revised);

/// Comparing two of these tells which text is the earlier: date, the agency's own before those who name none, these before those who
/// name one that is not themselves, first versions before updates, longer before shorter, id.
std::string rank_of(const std::optional<std::string>& published, bool agencys_own, const Markers& markers, size_t shingles,
                    const std::string& id);

}  // namespace reportedly::corpus
