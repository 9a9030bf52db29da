// Linked fragments to the attribution layer: spans, sources, stance, form, parents.
#include <algorithm>
#include <numeric>

#include "attribution/cues.h"
#include "attribution/quotes.h"
#include "attribution/sources.h"

namespace reportedly::attribution {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;

/// Spans of word fragments; those parted by white space alone are one.
std::vector<Span> spans_of(const Trees& trees, const text::Text& text, std::vector<Fragment> fragments) {
  std::sort(fragments.begin(), fragments.end());
  std::vector<Span> out;
  for (const Fragment& f : fragments) {
    if (f.first >= f.second) continue;
    const Span span = trees.span_of(f.first, f.second);
    if (!out.empty() && span.start >= out.back().end) {
      bool blank = true;
      for (uint32_t i = out.back().end; i < span.start && blank; ++i) {
        const char32_t c = i < text.chars.size() ? text.chars[i] : U' ';
        blank = c == U' ' || c == U'\n' || c == U'\r' || c == U'\t' || c == U'\u00a0' || c == U'\u2028' || c == U'\u2029';
      }
      if (blank) {
        out.back().end = span.end;
        continue;
      }
    } else if (!out.empty() && span.start < out.back().end) {
      out.back().end = std::max(out.back().end, span.end);
      continue;
    }
    out.push_back(span);
  }
  return out;
}

struct Interval {
  uint32_t start, end;
  uint32_t owner;
};

/// parent = the smallest other attribution whose content holds the anchor; no cycles. Sweep over sorted intervals.
void find_parents(std::vector<Attribution>& all) {
  std::vector<Interval> contents;
  std::vector<uint64_t> size(all.size(), 0);
  std::vector<std::pair<Span, uint32_t>> anchors;
  for (uint32_t i = 0; i < all.size(); ++i) {
    for (const Span& s : all[i].content) {
      contents.push_back({s.start, s.end, i});
      size[i] += s.size();
    }
    const auto& of = !all[i].cue.empty() ? all[i].cue : all[i].source;
    if (!of.empty()) anchors.emplace_back(of.front(), i);
  }
  std::sort(contents.begin(), contents.end(), [](const Interval& a, const Interval& b) {
    return a.start != b.start ? a.start < b.start : a.end != b.end ? a.end > b.end : a.owner < b.owner;
  });
  std::sort(anchors.begin(), anchors.end());
  std::vector<Interval> open;
  size_t next = 0;
  std::vector<uint32_t> candidates;
  for (const auto& [anchor, i] : anchors) {
    while (next < contents.size() && contents[next].start <= anchor.start) open.push_back(contents[next++]);
    std::erase_if(open, [end = anchor.start](const Interval& v) { return v.end <= end; });
    candidates.clear();
    for (const Interval& v : open)
      if (v.owner != i && v.end >= anchor.end) candidates.push_back(v.owner);
    std::sort(candidates.begin(), candidates.end(), [&](uint32_t a, uint32_t b) { return size[a] != size[b] ? size[a] < size[b] : a < b; });
    for (const uint32_t c : candidates) {
      bool cycle = false;
      for (int32_t p = static_cast<int32_t>(c); p >= 0 && !cycle; p = all[static_cast<size_t>(p)].parent)
        cycle = p == static_cast<int32_t>(i);
      if (cycle) continue;
      all[i].parent = static_cast<int32_t>(c);
      break;
    }
  }
}

}  // namespace

std::vector<Attribution> assemble(const Trees& trees, const text::Text& text, const std::vector<Linked>& linked,
                                  entities::EntityLayer& entities, const CueLexicon& cues) {
  const Quotations quotes = find_quotations(trees);
  const std::vector<int32_t> sources = find_sources(trees, quotes, linked, entities);
  std::vector<Attribution> out;
  out.reserve(linked.size());
  for (const Linked& l : linked) {
    Attribution a;
    a.source = spans_of(trees, text, l.source);
    a.cue = spans_of(trees, text, l.cue);
    a.content = spans_of(trees, text, l.content);
    if (a.content.empty() || (a.source.empty() && a.cue.empty())) continue;
    a.source_entity = sources[static_cast<size_t>(&l - linked.data())];
    std::vector<Fragment> content = l.content;
    std::sort(content.begin(), content.end());
    Judgement judgement = judge(trees, cues.impl(), l.cue, content, !l.source.empty());
    judge_content(
        trees, cues.impl(), content,
        [&](uint32_t w) {
          const auto& word = trees.words[w];
          const int32_t e = w < entities.entity_of_word.size() ? entities.entity_of_word[w] : -1;
          if (e >= 0 && e == a.source_entity) return true;
          const Entity* source = a.source_entity < 0 ? nullptr : &entities.entities[static_cast<size_t>(a.source_entity)];
          if (word.upos == Upos::PRON) {
            if (word.morph.person == 1) return true;
            if (word.lemma == "it" && source) return source->kind != "person" && source->kind != "office";
            return e < 0 && word.morph.personal && word.morph.person == 3;
          }
          // "his government", "its navy"
          for (const uint32_t c : trees.children(w))
            if (trees.words[c].rel == Rel::nmod && trees.words[c].sub == Sub::poss && trees.words[c].upos == Upos::PRON) return true;
          if (e < 0 || !source) return false;
          const Entity& x = entities.entities[static_cast<size_t>(e)];
          const bool office = std::find(source->sectors.begin(), source->sectors.end(), "GOV") != source->sectors.end();
          return x.kind == "state" && x.country && (x.country == source->country || (!source->country && office));
        },
        judgement);
    weigh(l.stances, judgement);
    a.cue_lemma = judgement.lemma;
    a.stance = judgement.stance;
    a.hypothetical = judgement.hypothetical;
    a.denies_in_content = judgement.denies_in_content;
    a.why = judgement.why;
    a.why.insert(a.why.end(), l.why.begin(), l.why.end());
    a.form = form_of(trees, quotes, l);
    if (l.confidence > 0) a.confidence = l.confidence;
    out.push_back(std::move(a));
  }
  auto place = [](const Attribution& a) { return !a.cue.empty() ? a.cue.front() : a.content.front(); };
  std::stable_sort(out.begin(), out.end(), [&](const Attribution& a, const Attribution& b) {
    return std::make_pair(place(a), a.content.front()) < std::make_pair(place(b), b.content.front());
  });
  find_parents(out);
  return out;
}

}  // namespace reportedly::attribution
