// Best trees and best label sequences.
#include <algorithm>
#include <cmath>
#include <limits>

#include "syntax/parse.h"

namespace reportedly::syntax {
namespace {

constexpr double kNever = -1e300;

/// Heads (0 the root, i + 1 word i) form a tree with one child of the root?
bool is_tree(const std::vector<uint32_t>& head) {
  const size_t n = head.size();
  size_t roots = 0;
  for (const uint32_t h : head) roots += h == 0;
  if (roots != 1) return false;
  std::vector<uint32_t> seen(n, 0);  // number of the walk that came by
  for (size_t i = 0; i < n; ++i) {
    size_t w = i + 1;
    while (w != 0 && seen[w - 1] == 0) {
      seen[w - 1] = static_cast<uint32_t>(i) + 1;
      w = head[w - 1];
    }
    if (w != 0 && seen[w - 1] == i + 1) return false;
  }
  return true;
}

/// Chu-Liu/Edmonds by growing a path of best incoming arcs and contracting each cycle it closes. A contracted node keeps the
/// slot of one member; nodes are numbered 0 … 2n, members hang below the node that holds them. O(n²) for each contraction.
class Arborescence {
 public:
  Arborescence(const std::vector<double>& score, size_t n)
      : slots_(n + 1), score_(score), from_(slots_ * slots_), to_(slots_ * slots_), node_(slots_), live_(slots_, true) {
    for (size_t h = 0; h < slots_; ++h)
      for (size_t d = 0; d < slots_; ++d) {
        from_[h * slots_ + d] = static_cast<uint32_t>(h);
        to_[h * slots_ + d] = static_cast<uint32_t>(d);
      }
    for (size_t s = 0; s < slots_; ++s) node_[s] = static_cast<uint32_t>(s);
    above_.assign(2 * slots_, kNone);
    in_from_.assign(2 * slots_, 0);
    in_to_.assign(2 * slots_, 0);
  }

  /// head[d] for d = 1 … n.
  std::vector<uint32_t> solve() {
    std::vector<uint8_t> state(slots_, 0);  // 0 new, 1 on the path, 2 done
    state[0] = 2;
    std::vector<uint32_t> path;
    size_t nodes = slots_;
    for (size_t start = 1; start < slots_; ++start) {
      if (!live_[start] || state[start] == 2) continue;
      path.assign(1, static_cast<uint32_t>(start));
      state[start] = 1;
      while (!path.empty()) {
        const size_t v = path.back();
        size_t best = kNone;
        for (size_t h = 0; h < slots_; ++h)
          if (live_[h] && h != v && (best == kNone || score_[h * slots_ + v] > score_[best * slots_ + v])) best = h;
        in_from_[node_[v]] = from_[best * slots_ + v];
        in_to_[node_[v]] = to_[best * slots_ + v];
        best_in_[v] = score_[best * slots_ + v];
        if (state[best] == 2) {
          for (const uint32_t p : path) state[p] = 2;
          path.clear();
        } else if (state[best] == 0) {
          state[best] = 1;
          path.push_back(static_cast<uint32_t>(best));
        } else {
          const auto first = std::find(path.begin(), path.end(), static_cast<uint32_t>(best));
          contract(std::vector<uint32_t>(first, path.end()), static_cast<uint32_t>(nodes++));
          path.erase(first + 1, path.end());
        }
      }
    }
    // Outermost first: the arc that enters a contracted node replaces the arc of the member it enters.
    for (size_t c = nodes; c-- > slots_;) {
      size_t member = in_to_[c];
      while (above_[member] != c) member = above_[member];
      in_from_[member] = in_from_[c];
      in_to_[member] = in_to_[c];
    }
    return {in_from_.begin(), in_from_.begin() + static_cast<std::ptrdiff_t>(slots_)};
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  void contract(const std::vector<uint32_t>& cycle, uint32_t node) {
    const size_t c = cycle[0];
    for (const uint32_t w : cycle) {
      above_[node_[w]] = node;
      live_[w] = false;
    }
    for (size_t u = 0; u < slots_; ++u) {
      if (!live_[u]) continue;
      // Into the cycle: what is gained against the member's own best arc. Out of it: the best member.
      size_t into = c, out = c;
      double best = kNever, best_out = kNever;
      for (const uint32_t w : cycle) {
        if (const double s = score_[u * slots_ + w] - best_in_[w]; s > best) best = s, into = w;
        if (const double s = score_[w * slots_ + u]; s > best_out) best_out = s, out = w;
      }
      const size_t in_cell = u * slots_ + c, out_cell = c * slots_ + u, in_from = u * slots_ + into, out_from = out * slots_ + u;
      from_[in_cell] = from_[in_from], to_[in_cell] = to_[in_from];
      from_[out_cell] = from_[out_from], to_[out_cell] = to_[out_from];
      score_[in_cell] = best;
      score_[out_cell] = best_out;
    }
    live_[c] = true;
    node_[c] = node;
  }

  size_t slots_;
  std::vector<double> score_;  ///< [head × dependent], by slot
  std::vector<uint32_t> from_, to_;
  std::vector<uint32_t> node_;
  std::vector<bool> live_;
  std::vector<double> best_in_ = std::vector<double>(slots_, 0);
  std::vector<uint32_t> above_, in_from_, in_to_;
};

}  // namespace

std::vector<int32_t> best_tree(const float* scores, size_t n) {
  std::vector<uint32_t> head(n, 0);
  auto at = [&](size_t d, size_t h) {
    const float s = scores[d * (n + 1) + h];
    return std::isnan(s) ? -1e30 : std::clamp(static_cast<double>(s), -1e30, 1e30);
  };
  double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
  for (size_t d = 0; d < n; ++d) {
    size_t best = d == 0 && n > 1 ? 2 : d == 0 ? 0 : 1;
    for (size_t h = 0; h <= n; ++h) {
      if (h == d + 1) continue;
      const double s = at(d, h);
      low = std::min(low, s), high = std::max(high, s);
      if (s > at(d, best) || (s == at(d, best) && h < best)) best = h;
    }
    head[d] = static_cast<uint32_t>(best);
  }
  if (!is_tree(head)) {
    // A root arc costs more than all else can bring: the best arborescence then has exactly one.
    const double fine = (high - low + 1.0) * static_cast<double>(n + 1);
    std::vector<double> score((n + 1) * (n + 1), kNever);
    for (size_t d = 0; d < n; ++d)
      for (size_t h = 0; h <= n; ++h)
        if (h != d + 1) score[h * (n + 1) + d + 1] = (at(d, h) - low) - (h == 0 ? fine : 0.0);
    const std::vector<uint32_t> solved = Arborescence(score, n).solve();
    for (size_t d = 0; d < n; ++d) head[d] = solved[d + 1];
  }
  std::vector<int32_t> out(n);
  for (size_t d = 0; d < n; ++d) out[d] = static_cast<int32_t>(head[d]) - 1;
  return out;
}

std::vector<uint8_t> decode_bio(const float* log_probabilities, size_t n, size_t labels) {
  std::vector<uint8_t> out(n, 0);
  if (n == 0 || labels == 0) return out;
  constexpr float kForbidden = -std::numeric_limits<float>::infinity();
  std::vector<float> score(labels), next(labels);
  std::vector<uint8_t> back(n * labels, 0);
  auto is_inside = [](size_t label) { return label > 0 && label % 2 == 0; };
  for (size_t l = 0; l < labels; ++l) score[l] = is_inside(l) ? kForbidden : log_probabilities[l];
  for (size_t i = 1; i < n; ++i) {
    const float* p = log_probabilities + i * labels;
    const auto best = static_cast<size_t>(std::max_element(score.begin(), score.end()) - score.begin());
    const float offset = score[best];  // taken off, so that sums over a long document keep their precision
    for (size_t l = 0; l < labels; ++l) {
      size_t from = best;
      if (is_inside(l)) from = score[l - 1] >= score[l] ? l - 1 : l;
      next[l] = score[from] - offset + p[l];
      back[i * labels + l] = static_cast<uint8_t>(from);
    }
    score.swap(next);
  }
  auto label = static_cast<uint8_t>(std::max_element(score.begin(), score.end()) - score.begin());
  for (size_t i = n; i-- > 0;) {
    out[i] = label;
    label = back[i * labels + label];
  }
  return out;
}

}  // namespace reportedly::syntax
