#include "attribution/link.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace reportedly::attribution {
namespace {

using syntax::Trees;

constexpr uint32_t kFarthest = 400;  ///< words between two fragments that may be linked

struct Scored {
  Fragment words;
  double p = 0;  ///< mean probability of its labels
};

std::vector<Scored> fragments_of(uint32_t first, std::span<const uint8_t> labels, std::span<const float> p) {
  std::vector<Scored> out;
  for (uint32_t i = 0; i < labels.size();) {
    if (labels[i] == 0) {
      ++i;
      continue;
    }
    const uint32_t begin = i++;
    while (i < labels.size() && labels[i] == 2) ++i;
    double sum = 0;
    for (uint32_t k = begin; k < i; ++k) sum += k < p.size() ? p[k] : 1.0;
    out.push_back({{first + begin, first + i}, sum / (i - begin)});
  }
  return out;
}

bool is_double_mark(const std::string& form) {
  return form == "\"" || form == "“" || form == "”";
}

uint32_t between(Fragment a, Fragment b) {
  if (a > b) std::swap(a, b);
  return b.first > a.second ? b.first - a.second : 0;
}

/// Is there a number in the sorted list with lo < x < hi that is neither of the two?
bool any_between(std::span<const uint32_t> sorted, uint32_t lo, uint32_t hi, uint32_t not_one, uint32_t not_two) {
  for (auto it = std::upper_bound(sorted.begin(), sorted.end(), lo); it != sorted.end() && *it < hi; ++it)
    if (*it != not_one && *it != not_two) return true;
  return false;
}

/// Best partner of `from` among `to` (sorted by position), -1 for none; `p` is its softmax probability.
int best_partner(const Trees& trees, const Scored& from, const float* vector, const std::vector<Scored>& to, const nn::Matrix& to_vectors,
                 nn::LinkHead head, std::span<const uint32_t> cues, std::span<const uint32_t> sources, const nn::Scorer& scorer,
                 std::span<const uint32_t> marks, nn::Workspace& workspace, double& p) {
  const double none = scorer.no_link(head, vector);
  double best = none, highest = none;
  int partner = -1;
  std::vector<double> scores{none};
  const uint32_t reach = kFarthest + 1;
  auto it = std::partition_point(to.begin(), to.end(), [&](const Scored& s) { return s.words.second + reach <= from.words.first; });
  // All that may be within reach are scored together, the few beyond it left out after.
  const auto begin = static_cast<size_t>(it - to.begin());
  auto last = it;
  while (last != to.end() && last->words.first < from.words.second + reach) ++last;
  const auto count = static_cast<size_t>(last - it);
  std::vector<float> features(count * nn::kLinkFeatures), links(count);
  for (size_t i = 0; i < count; ++i)
    pair_features(trees, from.words, to[begin + i].words, cues, sources, marks, features.data() + i * nn::kLinkFeatures);
  if (count > 0) scorer.links(head, vector, to_vectors.row(begin), features.data(), count, workspace, links.data());
  for (size_t i = 0; i < count; ++i) {
    if (between(from.words, to[begin + i].words) > kFarthest) continue;
    const double s = links[i];
    scores.push_back(s);
    highest = std::max(highest, s);
    if (s > best) {
      best = s;
      partner = static_cast<int>(begin + i);
    }
  }
  double sum = 0;
  for (const double s : scores) sum += std::exp(s - highest);
  p = std::exp(best - highest) / sum;
  return partner;
}

nn::Matrix vectors_of(const std::vector<Scored>& fragments, uint32_t first, std::span<const uint32_t> rows, const nn::Scorer& scorer,
                      const nn::Matrix& h, nn::Workspace& workspace) {
  std::vector<std::pair<uint32_t, uint32_t>> ends;
  ends.reserve(fragments.size());
  for (const Scored& f : fragments) ends.emplace_back(rows[f.words.first - first], rows[f.words.second - 1 - first]);
  nn::Matrix out;
  scorer.fragments(h, ends, workspace, out);
  return out;
}

}  // namespace

void pair_features(const Trees& trees, Fragment one, Fragment two, std::span<const uint32_t> cues, std::span<const uint32_t> sources,
                   std::span<const uint32_t> marks, float* g) {
  std::fill(g, g + nn::kLinkFeatures, 0.0f);
  const Fragment x = std::min(one, two), y = std::max(one, two);
  const uint32_t distance = y.first > x.second ? y.first - x.second : 0;
  static constexpr std::array<uint32_t, 7> kEdges{1, 2, 3, 5, 9, 17, 33};
  g[std::upper_bound(kEdges.begin(), kEdges.end(), distance) - kEdges.begin()] = 1;
  g[8] = two < one ? 1.0f : 0.0f;
  const uint32_t s = trees.words[x.second - 1].sentence, t = trees.words[y.first].sentence;
  g[9 + std::min<uint32_t>(t > s ? t - s : s - t, 2)] = 1;
  const auto mark = std::lower_bound(marks.begin(), marks.end(), x.second);
  g[12] = mark != marks.end() && *mark < y.first ? 1.0f : 0.0f;
  g[13] = any_between(cues, x.second - 1, y.first, one.first, two.first) ? 1.0f : 0.0f;
  g[14] = any_between(sources, x.second - 1, y.first, one.first, two.first) ? 1.0f : 0.0f;
}

std::vector<Linked> link_stretch(const Trees& trees, const StretchTags& tags, const nn::Scorer& scorer, const nn::Matrix& h,
                                 std::span<const uint32_t> rows, nn::Workspace& workspace) {
  const auto sources = fragments_of(tags.first, tags.source, tags.source_p);
  const auto cues = fragments_of(tags.first, tags.cue, tags.cue_p);
  const auto contents = fragments_of(tags.first, tags.content, tags.content_p);
  if (contents.empty()) return {};
  const nn::Matrix source_vectors = vectors_of(sources, tags.first, rows, scorer, h, workspace);
  const nn::Matrix cue_vectors = vectors_of(cues, tags.first, rows, scorer, h, workspace);
  const nn::Matrix content_vectors = vectors_of(contents, tags.first, rows, scorer, h, workspace);
  std::vector<uint32_t> cue_starts, source_starts;
  for (const Scored& f : cues) cue_starts.push_back(f.words.first);
  for (const Scored& f : sources) source_starts.push_back(f.words.first);
  std::vector<uint32_t> marks;
  for (size_t i = 0; i < tags.content.size(); ++i)
    if (is_double_mark(trees.words[tags.first + i].form)) marks.push_back(tags.first + static_cast<uint32_t>(i));

  std::vector<Linked> of_cue(cues.size()), cueless;
  std::vector<double> certainty(cues.size(), 1.0);
  for (size_t i = 0; i < contents.size(); ++i) {
    double p = 0;
    const int cue = best_partner(trees, contents[i], content_vectors.row(i), cues, cue_vectors, nn::LinkHead::content_cue, cue_starts,
                                 source_starts, scorer, marks, workspace, p);
    const double sure = p * contents[i].p;
    if (cue < 0) {
      cueless.push_back({{}, {}, {contents[i].words}, sure, {}});
    } else {
      of_cue[static_cast<size_t>(cue)].content.push_back(contents[i].words);
      certainty[static_cast<size_t>(cue)] = std::min(certainty[static_cast<size_t>(cue)], sure);
    }
  }
  std::vector<Linked> out;
  for (size_t i = 0; i < cues.size(); ++i) {
    Linked& l = of_cue[i];
    if (l.content.empty()) continue;
    l.cue = {cues[i].words};
    double p = 0;
    const int source = best_partner(trees, cues[i], cue_vectors.row(i), sources, source_vectors, nn::LinkHead::cue_source, cue_starts,
                                    source_starts, scorer, marks, workspace, p);
    l.confidence = certainty[i] * p * cues[i].p;
    if (source >= 0) {
      l.source = {sources[static_cast<size_t>(source)].words};
      l.confidence *= sources[static_cast<size_t>(source)].p;
    }
    out.push_back(std::move(l));
  }
  out.insert(out.end(), cueless.begin(), cueless.end());
  return out;
}

std::vector<Linked> link(const Trees& trees, const syntax::Tags& tags, const nn::Scorer& scorer, const nn::Matrix& h,
                         std::span<const uint32_t> rows, nn::Workspace& workspace) {
  return link_stretch(trees, {0, tags.source, tags.cue, tags.content, tags.source_p, tags.cue_p, tags.content_p}, scorer, h, rows,
                      workspace);
}

}  // namespace reportedly::attribution
