#include "attribution/sources.h"

#include <algorithm>
#include <array>

#include "attribution/cues.h"

namespace reportedly::attribution {
namespace {

using entities::EntityLayer;
using syntax::Rel;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

constexpr uint32_t kLongest = 16;  ///< words of a source that a mention in it is widened to

bool first_person(const Word& w) {
  return w.morph.person == 1 && w.upos == Upos::PRON && !w.morph.possessive;
}

class Namer {
 public:
  Namer(const Trees& trees, EntityLayer& layer) : trees_(trees), layer_(layer) {}

  /// E1–E3.
  int32_t of(const std::vector<Fragment>& source) {
    for (const Fragment& f : source) {
      uint32_t head = head_of(trees_, f.first, f.second);
      const Word& word = trees_.words[head];
      if (word.morph.wh && word.upos != Upos::NOUN) {
        // who → what its relative clause hangs on
        for (int32_t v = word.head; v >= 0; v = trees_.words[static_cast<size_t>(v)].head)
          if (trees_.words[static_cast<size_t>(v)].rel == Rel::acl) {
            const int32_t antecedent = trees_.words[static_cast<size_t>(v)].head;
            if (antecedent >= 0)
              if (const int32_t e = named(static_cast<uint32_t>(antecedent)); e >= 0) return e;
            break;
          }
      }
      // "imams and trustees" are neither the imams nor the trustees; of two names the first has to do
      if (word.upos == Upos::NOUN && joined(head, f)) return itself(f);
      if (const int32_t e = entity(head); e >= 0) return widen(e, head, f);
      // "Smith, the mayor": the tagger's span may have its head elsewhere
      for (const uint32_t c : trees_.children(head))
        if (c >= f.first && c < f.second && (trees_.words[c].rel == Rel::flat || trees_.words[c].rel == Rel::appos))
          if (const int32_t e = entity(c); e >= 0) return widen(e, c, f);
      if (const int32_t e = named(head); e >= 0) return widen(e, head, f);
      for (const uint32_t c : trees_.children(head))
        if (c >= f.first && c < f.second && trees_.words[c].rel == Rel::compound)
          if (const int32_t e = entity(c); e >= 0) return widen(e, c, f);
      if (const int32_t e = head < layer_.entity_covering.size() ? layer_.entity_covering[head] : -1; e >= 0) return e;
      if (f.second - f.first == 1 && word.head >= 0 && word.rel == Rel::flat)
        if (const int32_t e = entity(static_cast<uint32_t>(word.head)); e >= 0) return e;
    }
    return source.empty() ? -1 : itself(source.front());
  }

  /// A first person of a quotation is a mention of who speaks.
  void speaks(uint32_t w, int32_t entity) {
    if (w >= layer_.entity_of_word.size() || layer_.entity_of_word[w] >= 0) return;
    layer_.entity_of_word[w] = entity;
    if (static_cast<size_t>(entity) >= layer_.entities.size()) return;
    std::vector<Mention>& mentions = layer_.entities[static_cast<size_t>(entity)].mentions;
    const Mention m{trees_.span_of(w, w + 1), w, MentionKind::pronoun};
    mentions.insert(
        std::upper_bound(mentions.begin(), mentions.end(), m, [](const Mention& a, const Mention& b) { return a.span < b.span; }), m);
  }

 private:
  int32_t entity(uint32_t w) const { return w < layer_.entity_of_word.size() ? layer_.entity_of_word[w] : -1; }
  /// The same, or a phrase that becomes an entity because a source is one.
  int32_t named(uint32_t w) {
    if (const int32_t e = entity(w); e >= 0) return e;
    const int32_t other = w < layer_.other_of_word.size() ? layer_.other_of_word[w] : -1;
    return other < 0 ? -1 : entities::adopt(layer_, other);
  }
  bool joined(uint32_t head, const Fragment& f) const {
    const auto children = trees_.children(head);
    return std::any_of(children.begin(), children.end(),
                       [&](uint32_t c) { return trees_.words[c].rel == Rel::conj && f.first <= c && c < f.second; });
  }
  /// E2: “a source close to the ministry” is a mention as long as the tagger's source.
  int32_t widen(int32_t e, uint32_t head, const Fragment& f) {
    if (f.second - f.first > kLongest || static_cast<size_t>(e) >= layer_.entities.size() || joined(head, f)) return e;
    for (Mention& m : layer_.entities[static_cast<size_t>(e)].mentions) {
      const Span whole = trees_.span_of(f.first, f.second);
      if (m.head == head && whole.start <= m.span.start && m.span.end <= whole.end) m.span = whole;
    }
    return e;
  }
  /// E3: what stands for nobody else in the text is an entity of its own, but for pronouns that need another to be understood.
  int32_t itself(const Fragment& f) {
    const uint32_t head = head_of(trees_, f.first, f.second);
    const Word& word = trees_.words[head];
    static constexpr std::array kOpen = {"it", "this", "that", "what", "there"};
    if (word.upos == Upos::PUNCT || word.morph.personal || first_person(word) || word.morph.wh || word.morph.person == 2 ||
        word.morph.person == 3 || std::find(kOpen.begin(), kOpen.end(), lower(word.lemma)) != kOpen.end() ||
        head >= layer_.entity_of_word.size())
      return -1;
    Entity out;
    for (uint32_t w = f.first; w < f.second; ++w) {
      out.name += trees_.words[w].form;
      if (w + 1 < f.second && trees_.words[w].space_after) out.name += ' ';
    }
    out.kind = joined(head, f) ? "group" : "thing";
    out.mentions.push_back(
        {trees_.span_of(f.first, f.second), head, word.upos == Upos::PRON ? MentionKind::pronoun : MentionKind::nominal});
    const auto id = static_cast<int32_t>(layer_.entities.size());
    layer_.entities.push_back(std::move(out));
    return id;
  }

  const Trees& trees_;
  EntityLayer& layer_;
};

}  // namespace

Form form_of(const Trees& trees, const Quotations& quotes, const Linked& l) {
  const int64_t anchor = !l.cue.empty()      ? static_cast<int64_t>(l.cue.front().first)
                         : !l.source.empty() ? static_cast<int64_t>(l.source.front().first)
                                             : -1;
  uint32_t inside = 0, outside = 0;
  for (const Fragment& f : l.content)
    for (uint32_t w = f.first; w < f.second; ++w) {
      if (trees.words[w].upos == Upos::PUNCT) continue;
      int32_t q = quotes.of_word[w];
      while (q >= 0 && anchor >= 0 && quotes.covers(q, static_cast<uint32_t>(anchor))) q = quotes.all[static_cast<size_t>(q)].parent;
      // "that" before a quotation belongs to the sentence around it, not to what is said
      if (q < 0 && w == f.first && trees.words[w].rel == Rel::mark) continue;
      ++(q >= 0 ? inside : outside);
    }
  if (inside == 0) return Form::indirect;
  return outside == 0 ? Form::direct : Form::mixed;
}

std::vector<int32_t> find_sources(const Trees& trees, const Quotations& quotes, const std::vector<Linked>& linked, EntityLayer& layer) {
  Namer namer(trees, layer);
  std::vector<int32_t> out(linked.size(), -1);
  const auto speaker = [&](const Linked& l) {
    return !l.source.empty() && first_person(trees.words[head_of(trees, l.source.front().first, l.source.front().second)]);
  };
  for (size_t i = 0; i < linked.size(); ++i)
    if (!speaker(linked[i])) out[i] = namer.of(linked[i].source);
  // E4: "I" in what is quoted is who speaks; "we" where that is no single person. The innermost quotation counts.
  std::vector<size_t> order;
  for (size_t i = 0; i < linked.size(); ++i) {
    const Linked& l = linked[i];
    const bool label = !l.cue.empty() && trees.words[l.cue.front().first].form == ":";
    if (out[i] >= 0 && (label || form_of(trees, quotes, l) != Form::indirect)) order.push_back(i);
  }
  const auto size = [&](size_t i) {
    uint32_t n = 0;
    for (const Fragment& f : linked[i].content) n += f.second - f.first;
    return n;
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return size(a) < size(b); });
  for (const size_t i : order) {
    const Linked& l = linked[i];
    const bool label = !l.cue.empty() && trees.words[l.cue.front().first].form == ":";
    const std::string kind = static_cast<size_t>(out[i]) < layer.entities.size() ? layer.entities[static_cast<size_t>(out[i])].kind : "";
    for (const Fragment& f : l.content)
      for (uint32_t w = f.first; w < f.second; ++w) {
        if (!first_person(trees.words[w])) continue;
        int32_t q = quotes.of_word[w];
        while (q >= 0 && !l.cue.empty() && quotes.covers(q, l.cue.front().first)) q = quotes.all[static_cast<size_t>(q)].parent;
        if (q < 0 && !label) continue;
        const std::string form = lower(trees.words[w].form);
        const bool we = form == "we" || form == "us" || form == "our" || form == "ours" || form == "ourselves";
        if (!we || (kind != "person" && kind != "office")) namer.speaks(w, out[i]);
      }
  }
  for (size_t i = 0; i < linked.size(); ++i)
    if (speaker(linked[i])) out[i] = namer.of(linked[i].source);
  return out;
}

}  // namespace reportedly::attribution
