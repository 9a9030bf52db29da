// The outermost attributions by the model, then contents read again.
#include <algorithm>
#include <array>
#include <cmath>

#include "attribution/link.h"
#include "attribution/refine.h"
#include "attribution/rules.h"
#include "base/one_of.h"

namespace reportedly::attribution {
namespace {

using syntax::Rel;
using syntax::Trees;
using syntax::Upos;

/// Added to the label O before decoding. A loose word of content costs more than a loose cue: contents without a cue are dropped, and cues
/// without a content. Chosen on PolNeAR dev (docs/voices.md, M0).
constexpr float kOutsideSource = -0.9F, kOutsideCue = -0.4F, kOutsideContent = 0.4F;
/// Raw confidence c (product of label and link probabilities) to a probability that source, cue and content are exactly right:
/// 1 / (1 + exp(−(slope · logit(c) + offset))), fitted on PolNeAR dev.
constexpr double kSlope = 0.69, kOffset = -0.68;
constexpr std::array kRoles{nn::TagHead::source, nn::TagHead::cue, nn::TagHead::content};
constexpr size_t kStances = 14;    ///< values of Stance
constexpr float kNever = -20.0F;   ///< log-probability of a stance that the model does not know
constexpr int kDeepest = 6;        ///< times that a content is read again
constexpr uint32_t kShortest = 4;  ///< words of a content that may hold another attribution

bool overlap(const std::vector<Fragment>& a, const std::vector<Fragment>& b) {
  for (const Fragment& x : a)
    for (const Fragment& y : b)
      if (x.first < y.second && y.first < x.second) return true;
  return false;
}

/// A cue is possible on this word: listed, or a verb with a clause.
bool possible_cue(const Trees& trees, const CueLexicon::Impl& lexicon, uint32_t w) {
  const auto& word = trees.words[w];
  if (word.upos == Upos::PUNCT) return false;
  if (lower(word.form) == "according") return true;
  const bool content_word = word.upos == Upos::VERB || word.upos == Upos::NOUN || word.upos == Upos::ADJ || word.upos == Upos::ADV;
  if (!content_word) return false;
  bool clause = false;
  for (const uint32_t c : trees.children(w))
    clause |= trees.words[c].rel == Rel::ccomp || trees.words[c].rel == Rel::xcomp || trees.words[c].rel == Rel::parataxis ||
              (trees.words[c].rel == Rel::acl && word.upos == Upos::NOUN);
  if (word.upos == Upos::VERB && clause && !lexicon.not_cues.contains(lower(word.lemma))) return true;
  const CueMatch m = lexicon.match(trees, w);
  if (!m) return false;
  if (m.entry->kind == CueKind::adverb) return true;
  if (word.upos == Upos::NOUN) return clause || m.group->takes.object || m.group->takes.complaint;
  // "expected the lists by Friday", "could not accept a strike on wheels"
  const bool object = trees.child_with(w, Rel::obj) >= 0 || (trees.child_with(w, Rel::obl) >= 0 && !m.others.empty());
  return clause || object || !m.group->opinion;
}

/// Soldiers who "attacked a village" do not speak of it: a word of blame without a clause, whose source bears arms, is an act.
bool armed_deed(const Trees& trees, const CueLexicon::Impl& lexicon, const entities::EntityLayer& entities, const Linked& l) {
  const Fragment cue = l.cue.front();
  bool blame = false;
  for (uint32_t w = cue.first; w < cue.second; ++w) {
    if (const CueMatch m = lexicon.match(trees, w); m && trees.words[w].upos == Upos::VERB) blame |= m.group->stance == Stance::accuses;
    for (const uint32_t c : trees.children(w)) {
      const Rel rel = trees.words[c].rel;
      if (rel == Rel::ccomp || rel == Rel::xcomp || rel == Rel::parataxis || rel == Rel::advcl) return false;
    }
  }
  if (!blame) return false;
  for (const Fragment& f : l.source)
    for (uint32_t w = f.first; w < f.second && w < entities.entity_of_word.size(); ++w) {
      const int32_t e = entities.entity_of_word[w];
      if (e < 0) continue;
      const Entity& source = entities.entities[static_cast<size_t>(e)];
      if (source.kind == "armed_group") return true;
      for (const char* sector : {"MIL", "REB", "UAF", "PRM"})
        if (std::find(source.sectors.begin(), source.sectors.end(), sector) != source.sectors.end()) return true;
    }
  return false;
}

/// M12 "A plan to close the mill" inside a content, where nobody is said to have it, is a thing and no voice.
bool nobodys_plan(const Trees& trees, const Linked& l) {
  const uint32_t noun = l.cue.front().second - 1;
  return l.source.empty() && trees.words[noun].upos == Upos::NOUN &&
         one_of(trees.words[noun].lemma, {"plan", "request", "proposal", "appeal"});
}

/// M12 What the rules alone find inside a content is said, not done, only if it is a clause or a quotation, or felt: "feared a precedent",
/// but not "attacked a convoy", "withdrew the bill".
bool mere_object(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, const Linked& l) {
  if (l.cue.empty() || l.cue.front().second > trees.words.size()) return false;
  for (uint32_t w = l.cue.front().first; w < l.cue.front().second; ++w) {
    if (const CueMatch m = lexicon.match(trees, w); m && (m.entry->kind == CueKind::adverb || m.group->stance == Stance::fears ||
                                                          m.group->stance == Stance::hopes || trees.words[w].lemma == "want"))
      return false;
    for (const uint32_t c : trees.children(w)) {
      const syntax::Word& child = trees.words[c];
      if (child.rel == Rel::ccomp || child.rel == Rel::xcomp || child.rel == Rel::parataxis ||
          (child.rel == Rel::acl && trees.words[w].upos == Upos::NOUN))
        return false;
    }
    if (trees.words[w].rel == Rel::parataxis || lower(trees.words[w].form) == "according") return false;
  }
  for (const Fragment& f : l.content)
    if (quotes.of_word[f.first] >= 0 && quotes.of_word[f.first] != quotes.of_word[l.cue.front().first]) return false;
  return std::none_of(l.why.begin(), l.why.end(), [](const std::string& w) { return w == kBeforeAs; });
}

/// A cue inside a content has a listed word in it, or a verb with a clause: the model is less sure there.
bool plausible(const Trees& trees, const CueLexicon::Impl& lexicon, Fragment cue) {
  for (uint32_t w = cue.first; w < cue.second; ++w)
    if (possible_cue(trees, lexicon, w) || lexicon.match(trees, w) || lexicon.match_phrase(trees, w, cue.second)) return true;
  return trees.words[cue.first].form == ":";
}

/// The words of a content fragment that are read alone: without the marks around it and "that".
Fragment inner_words(const Trees& trees, Fragment f) {
  auto is_quote = [&](uint32_t w) {
    const std::string& s = trees.words[w].form;
    return s == "\"" || s == "“" || s == "”" || s == "‘" || s == "’" || s == "'" || s == "''" || s == "``";
  };
  if (f.first < f.second && (trees.words[f.first].rel == Rel::mark && lower(trees.words[f.first].form) == "that")) ++f.first;
  while (f.first < f.second && is_quote(f.first)) ++f.first;
  while (f.first < f.second && is_quote(f.second - 1)) --f.second;
  return f;
}

/// R12 where the tree does not show it: “X denied that C, as Y says Z told W”. The report of Z has no content of its own in what Y says; it
/// takes C, the content that ends right before the “as”.
void report_before_as(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, const std::vector<Linked>& level,
                      const Linked& outer, Fragment inside, std::vector<Linked>& found) {
  if (outer.cue.empty() || outer.source.empty()) return;
  const uint32_t begin = std::min(outer.cue.front().first, outer.source.front().first);
  if (begin == 0 || lower(trees.words[begin - 1].form) != "as") return;
  const uint32_t as = begin - 1;
  const auto before = std::find_if(level.begin(), level.end(), [&](const Linked& l) {
    if (&l == &outer || l.content.empty()) return false;
    const uint32_t end = l.content.back().second;
    return end == as || (end + 1 == as && trees.words[end].upos == Upos::PUNCT);
  });
  if (before == level.end()) return;
  for (uint32_t w = inside.first; w < inside.second; ++w) {
    if (trees.words[w].upos != Upos::VERB) continue;
    const CueMatch m = lexicon.match(trees, w);
    if (!m || !m.group->takes.clause || !m.group->takes.quotation || trees.child_with(w, Rel::ccomp) >= 0) continue;
    const auto source = source_by_rule(trees, lexicon, quotes, w);
    if (source.empty() || source.front().first < inside.first || source.front().second > inside.second) continue;
    found.push_back({source, {{w, w + 1}}, before->content, 0, {kBeforeAs}});
    return;
  }
}

/// What is told in a content that its own cue interrupts: “Weavers fear, the guild said, that looms will be sold”. Its pieces were read one
/// by one; the tree has them together.
void across(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, const Linked& outer,
            std::vector<Linked>& found) {
  if (outer.content.size() < 2) return;
  for (Linked& l : rules(trees, lexicon, quotes, outer.content.front().first, outer.content.back().second)) {
    const auto within = [&](const std::vector<Fragment>& part) {
      std::vector<Fragment> out;
      for (const Fragment& f : part)
        for (const Fragment& g : outer.content)
          if (std::max(f.first, g.first) < std::min(f.second, g.second))
            out.emplace_back(std::max(f.first, g.first), std::min(f.second, g.second));
      return out;
    };
    if (l.cue.empty() || within(l.cue) != l.cue || within(l.source) != l.source) continue;
    l.content = within(l.content);
    if (l.content.empty()) continue;
    const auto known = std::find_if(found.begin(), found.end(), [&](const Linked& m) { return overlap(m.cue, l.cue); });
    if (known == found.end()) {
      if (std::none_of(found.begin(), found.end(), [&](const Linked& m) { return overlap(m.cue, l.content) && overlap(m.content, l.cue); }))
        found.push_back(std::move(l));
    } else if (known->source.empty() && !overlap(known->content, l.source)) {
      known->source = l.source;
      known->why.push_back("source from the tree");
    }
  }
}

/// Labels of the words of one stretch by Viterbi, with the chosen labels' probabilities.
void decode(nn::Matrix& logits, float outside, size_t first, size_t n, std::vector<uint8_t>& labels, std::vector<float>& p) {
  const size_t k = logits.columns;
  for (size_t i = 0; i < n; ++i) logits.row(first + i)[0] += outside;
  std::vector<float> log_p(n * k);
  for (size_t i = 0; i < n; ++i) {
    const float* row = logits.row(first + i);
    const float highest = *std::max_element(row, row + k);
    float sum = 0;
    for (size_t j = 0; j < k; ++j) sum += std::exp(row[j] - highest);
    const float log_sum = highest + std::log(sum);
    for (size_t j = 0; j < k; ++j) log_p[i * k + j] = row[j] - log_sum;
  }
  labels = syntax::decode_bio(log_p.data(), n, k);
  p.resize(n);
  for (size_t i = 0; i < n; ++i) p[i] = std::exp(log_p[i * k + labels[i]]);
}

/// One more reading: each fragment as a text of its own.
std::vector<std::vector<Linked>> read_again(const Trees& trees, const text::Text& text, const std::vector<Fragment>& fragments,
                                            const nn::Scorer& scorer, nn::Workspace& workspace) {
  std::vector<std::pair<uint32_t, uint32_t>> stretches;
  std::vector<uint32_t> rows;  // of each word, fragment after fragment
  uint32_t offset = 0;
  for (const Fragment& f : fragments) {
    const uint32_t a = trees.words[f.first].unit;
    const uint32_t b = f.second < trees.words.size() ? trees.words[f.second].unit : static_cast<uint32_t>(text.units.size());
    for (uint32_t w = f.first; w < f.second; ++w) rows.push_back(offset + trees.words[w].unit - a);
    stretches.emplace_back(a, b);
    offset += b - a;
  }
  nn::Matrix h;
  scorer.encode_alone(text, stretches, workspace, h);
  std::array<nn::Matrix, kRoles.size()> logits;
  scorer.tag(kRoles, h, rows, workspace, logits.data());
  auto& [source, cue, content] = logits;
  std::vector<std::vector<Linked>> out;
  size_t at = 0;
  std::vector<uint8_t> s, c, t;
  std::vector<float> sp, cp, tp;
  for (const Fragment& f : fragments) {
    const size_t n = f.second - f.first;
    decode(source, kOutsideSource, at, n, s, sp);
    decode(cue, kOutsideCue, at, n, c, cp);
    decode(content, kOutsideContent, at, n, t, tp);
    out.push_back(
        link_stretch(trees, {f.first, s, c, t, sp, cp, tp}, scorer, h, std::span<const uint32_t>(rows).subspan(at, n), workspace));
    at += n;
  }
  return out;
}

/// R11 at the outermost level: "PRESENTER: …" in capitals at the start of a paragraph, where the tagger did not see it. A place there is a
/// dateline, and `not_labels` head a text ("UPDATE:").
void labels_in_capitals(const Trees& trees, const CueLexicon::Impl& lexicon, const entities::EntityLayer& entities,
                        std::vector<Linked>& all) {
  for (size_t s = 0; s < trees.sentences.size(); ++s) {
    const Sentence& sentence = trees.sentences[s];
    if (sentence.part != Part::body || (s > 0 && trees.sentences[s - 1].paragraph == sentence.paragraph)) continue;
    uint32_t colon = sentence.first_word;
    bool capitals = true, known = false;
    while (colon < sentence.last_word && colon < sentence.first_word + 5 && trees.words[colon].form != ":") {
      const std::string& form = trees.words[colon].form;
      capitals &= std::all_of(form.begin(), form.end(), [](unsigned char c) { return (c >= 'A' && c <= 'Z') || c >= 128; });
      known |= lexicon.not_labels.contains(lower(form));
      if (const int32_t e = colon < entities.entity_of_word.size() ? entities.entity_of_word[colon] : -1; e >= 0) {
        const std::string& kind = entities.entities[static_cast<size_t>(e)].kind;
        known |= kind == "place" || kind == "state";
      }
      ++colon;
    }
    if (colon == sentence.first_word || colon + 2 >= sentence.last_word || trees.words[colon].form != ":" || !capitals || known) continue;
    uint32_t end = sentence.last_word;
    for (size_t t = s + 1; t < trees.sentences.size() && trees.sentences[t].paragraph == sentence.paragraph; ++t)
      end = trees.sentences[t].last_word;
    if (std::any_of(all.begin(), all.end(), [&](const Linked& l) { return overlap(l.cue, {{colon, colon + 1}}); })) continue;
    // Whoever the label names does not say what is told inside; that is found again.
    std::erase_if(all, [&](const Linked& l) {
      return overlap(l.cue, {{colon + 1, end}}) && overlap(l.source, {{sentence.first_word, colon}});
    });
    all.push_back({{{sentence.first_word, colon}}, {{colon, colon + 1}}, {{colon + 1, end}}, 0, {"name before a colon"}});
  }
}

/// "told them that soldiers | attacked a boat": a clause that "that" begins does not end before its verb. No further than `last`.
void whole_clauses(const Trees& trees, std::vector<Linked>& all, uint32_t last) {
  for (Linked& l : all)
    for (Fragment& f : l.content) {
      const syntax::Word& mark = trees.words[f.first];
      if (mark.rel != Rel::mark || mark.lemma != "that" || mark.head < static_cast<int32_t>(f.second)) continue;
      const auto verb = static_cast<uint32_t>(mark.head);
      uint32_t end = std::min(trees.extent(verb).second, last);
      while (end > verb + 1 && trees.words[end - 1].upos == syntax::Upos::PUNCT) --end;
      const std::vector<Fragment> more{{f.second, end}};
      if (verb >= end || overlap(l.source, more)) continue;
      // what lies behind another word of saying is another's
      if (std::none_of(all.begin(), all.end(), [&](const Linked& other) { return overlap(other.cue, more); })) f.second = end;
    }
}

/// Words that belong to a source, a cue or a content.
class Taken {
 public:
  Taken(const Trees& trees, const std::vector<Linked>& all) : words_(trees.words.size(), 0) {
    for (const Linked& l : all)
      for (const auto* part : {&l.source, &l.cue, &l.content}) mark(*part);
  }
  void mark(const std::vector<Fragment>& fragments) {
    for (const Fragment& f : fragments) std::fill(words_.begin() + f.first, words_.begin() + f.second, 1);
  }
  bool any(uint32_t first, uint32_t last) const {
    return std::any_of(words_.begin() + first, words_.begin() + last, [](char c) { return c != 0; });
  }

 private:
  std::vector<char> words_;
};

/// M11 A content does not end inside a phrase or a clause: what hangs on its words without a mark between goes on, and so does a second
/// clause of the same subject or with a "that" of its own: "said that men came | and burned the mill".
void whole_phrases(const Trees& trees, std::vector<Linked>& all) {
  const auto text_end = static_cast<uint32_t>(trees.words.size());
  Taken taken(trees, all);
  for (Linked& l : all)
    for (Fragment& f : l.content)
      for (int step = 0; step < 3 && f.first < f.second && f.second < text_end; ++step) {
        const uint32_t sentence = trees.words[f.second - 1].sentence;
        uint32_t next = f.second;
        const bool comma = trees.words[next].form == "," && next + 1 < text_end && trees.words[next + 1].rel == Rel::cc;
        if (comma) ++next;
        if (trees.words[next].sentence != sentence || trees.words[next].upos == Upos::PUNCT) break;
        uint32_t top = next;
        for (int up = 0; up < 24 && trees.words[top].head >= static_cast<int32_t>(f.second); ++up)
          top = static_cast<uint32_t>(trees.words[top].head);
        const int32_t above = trees.words[top].head;
        const Rel rel = trees.words[top].rel;
        if (rel == Rel::parataxis || rel == Rel::punct || rel == Rel::discourse) break;
        const int32_t mark = trees.child_with(top, Rel::mark);
        const bool that = mark >= 0 && trees.words[static_cast<size_t>(mark)].lemma == "that";
        const bool on_cue = that && !l.cue.empty() && above >= static_cast<int32_t>(l.cue.front().first) &&
                            above < static_cast<int32_t>(l.cue.back().second);
        if (!on_cue && (above < static_cast<int32_t>(f.first) || above >= static_cast<int32_t>(f.second))) break;
        if (rel == Rel::conj && trees.child_with(top, Rel::nsubj) >= 0 && !that) break;
        if (comma && rel != Rel::conj) break;
        uint32_t end = trees.extent(top).second;
        while (end > next && trees.words[end - 1].upos == Upos::PUNCT) --end;
        if (end <= f.second || taken.any(f.second, end) || overlap(std::vector<Fragment>{f}, l.cue)) break;
        taken.mark({{f.second, end}});
        f.second = end;
      }
}

/// R3 What hangs on a content behind an inserted word of saying: "The road is open, officials said, two years after it was mined."
void behind_inserted(const Trees& trees, const CueLexicon::Impl& lexicon, const Quotations& quotes, std::vector<Linked>& all) {
  constexpr uint32_t kModifiers = 14;  // words between: "on Tuesday, in a statement to parliament"
  Taken taken(trees, all);
  for (Linked& l : all) {
    if (l.cue.empty() || l.content.empty()) continue;
    uint32_t begin = l.cue.front().first, end = l.cue.back().second;
    if (!l.source.empty()) begin = std::min(begin, l.source.front().first), end = std::max(end, l.source.back().second);
    const Fragment before = l.content.back();
    // what stands behind a quotation is the narrator's
    const int32_t quotation = quotes.of_word[before.second - 1];
    if (before.second > begin || (quotation >= 0 && quotation == quotes.of_word[before.first])) continue;
    const uint32_t s = trees.words[begin].sentence;
    if (trees.words[before.second - 1].sentence != s || trees.words[end - 1].sentence != s) continue;
    bool beside = true;
    for (uint32_t w = before.second; w < begin; ++w) beside &= trees.words[w].upos == Upos::PUNCT;
    uint32_t last = trees.sentences[s].last_word;
    while (last > end && trees.words[last - 1].upos == Upos::PUNCT) --last;
    uint32_t from = end;
    while (from < last && from < end + kModifiers && trees.words[from].form != "," && trees.words[from].upos != Upos::VERB) ++from;
    if (!beside || from >= last || trees.words[from].form != ",") continue;
    if (++from + 1 >= last) continue;
    // the tree seldom knows what it hangs on; "adding that …", "and called for …", "who …" go on with the source
    const syntax::Word& first = trees.words[from];
    if (first.morph.wh || first.xpos == "VBN") continue;
    bool speaks = first.xpos == "VBG";
    for (uint32_t w = from; w < last && w < from + 4 && !speaks; ++w) {
      if (trees.words[w].upos == Upos::NOUN || trees.words[w].upos == Upos::PROPN || trees.words[w].upos == Upos::PRON) break;
      speaks = trees.words[w].upos == Upos::VERB && lexicon.match(trees, w);
    }
    if (speaks) continue;
    if (taken.any(from, last)) continue;
    taken.mark({{from, last}});
    l.content.push_back({from, last});
  }
}

/// R11: what a name before a colon says goes on to the end of its sentence, where the tagger broke off.
void to_the_end(const Trees& trees, std::vector<Linked>& all) {
  for (Linked& l : all) {
    if (l.cue.size() != 1 || l.cue[0].second != l.cue[0].first + 1 || trees.words[l.cue[0].first].form != ":" || l.content.size() != 1)
      continue;
    const Sentence& sentence = trees.sentences[trees.words[l.cue[0].first].sentence];
    Fragment& content = l.content[0];
    if (content.first != l.cue[0].first + 1 || content.second >= sentence.last_word) continue;
    uint32_t end = sentence.last_word;
    while (end > content.second && trees.words[end - 1].form == ".") --end;
    content.second = end;
  }
}

/// What the model makes of the stance of each cue.
void read_stances(const nn::Scorer& scorer, const nn::Matrix& h, std::span<const uint32_t> rows, nn::Workspace& workspace,
                  std::vector<Linked>& all) {
  if (!scorer.has_events()) return;
  std::vector<uint32_t> at;
  for (const Linked& l : all)
    if (!l.cue.empty()) at.push_back(rows[l.cue.front().first]);
  if (at.empty()) return;
  nn::Matrix logits;
  scorer.tag(nn::TagHead::stance, h, at, workspace, logits);
  const std::vector<std::string>& names = scorer.tags().stance;
  size_t i = 0;
  for (Linked& l : all) {
    if (l.cue.empty()) continue;
    const float* row = logits.row(i++);
    const float highest = *std::max_element(row, row + names.size());
    float sum = 0;
    for (size_t k = 0; k < names.size(); ++k) sum += std::exp(row[k] - highest);
    l.stances.assign(kStances, kNever);
    for (size_t k = 0; k < names.size(); ++k)
      if (const auto stance = stance_from_name(names[k])) l.stances[static_cast<size_t>(*stance)] = row[k] - highest - std::log(sum);
  }
}

double probability(double raw) {
  const double c = std::clamp(raw, 1e-4, 1 - 1e-4);
  return 1 / (1 + std::exp(-(kSlope * std::log(c / (1 - c)) + kOffset)));
}

}  // namespace

std::vector<Attribution> find_attributions(const Trees& trees, const text::Text& text, const syntax::Tags& /*tags*/,
                                           const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace,
                                           entities::EntityLayer& entities, const CueLexicon& cues) {
  const CueLexicon::Impl& lexicon = cues.impl();
  const Quotations quotes = find_quotations(trees);
  std::vector<uint32_t> rows(trees.words.size());
  for (size_t w = 0; w < rows.size(); ++w) rows[w] = trees.words[w].unit;
  syntax::Tags labels;
  std::array<nn::Matrix, kRoles.size()> logits;
  scorer.tag(kRoles, h, rows, workspace, logits.data());
  decode(logits[0], kOutsideSource, 0, rows.size(), labels.source, labels.source_p);
  decode(logits[1], kOutsideCue, 0, rows.size(), labels.cue, labels.cue_p);
  decode(logits[2], kOutsideContent, 0, rows.size(), labels.content, labels.content_p);
  std::vector<Linked> all = refine(trees, lexicon, quotes, link(trees, labels, scorer, h, rows, workspace));
  whole_clauses(trees, all, static_cast<uint32_t>(trees.words.size()));
  to_the_end(trees, all);
  whole_phrases(trees, all);
  behind_inserted(trees, lexicon, quotes, all);
  labels_in_capitals(trees, lexicon, entities, all);
  std::vector<Linked> level = all;
  for (int depth = 0; depth < kDeepest && !level.empty(); ++depth) {
    std::vector<Fragment> again;
    std::vector<const Linked*> of;
    for (const Linked& l : level)
      for (const Fragment& whole : l.content) {
        const Fragment f = inner_words(trees, whole);
        if (f.second < f.first + kShortest) continue;
        bool possible = false;
        for (uint32_t w = f.first; w < f.second && !possible; ++w) possible = possible_cue(trees, lexicon, w);
        if (!possible) continue;
        again.push_back(f);
        of.push_back(&l);
      }
    const bool torn = std::any_of(level.begin(), level.end(), [](const Linked& l) { return l.content.size() > 1; });
    if (again.empty() && !torn) break;
    const auto read = again.empty() ? std::vector<std::vector<Linked>>{} : read_again(trees, text, again, scorer, workspace);
    std::vector<Linked> next;
    for (size_t i = 0; i < again.size(); ++i) {
      std::vector<Linked> found;
      for (Linked& l : refine(trees, lexicon, quotes, read[i], true)) {
        // a content without a cue, or one that is all of what was read, says nothing new
        if (l.cue.empty() || !plausible(trees, lexicon, l.cue.front()) || armed_deed(trees, lexicon, entities, l) || nobodys_plan(trees, l))
          continue;
        if (overlap(l.cue, of[i]->cue)) continue;
        found.push_back(std::move(l));
      }
      for (Linked& l : rules(trees, lexicon, quotes, again[i].first, again[i].second)) {
        if (overlap(l.cue, of[i]->cue) || overlap(l.content, of[i]->cue)) continue;
        if (!l.cue.empty() && (armed_deed(trees, lexicon, entities, l) || mere_object(trees, lexicon, quotes, l) || nobodys_plan(trees, l)))
          continue;
        // what is said inside a content lies inside it, but for what an as-clause comments on
        const bool comments = std::find(l.why.begin(), l.why.end(), kBeforeAs) != l.why.end();
        if (!comments)
          for (Fragment& f : l.content)
            f = {std::max(f.first, again[i].first), std::max(std::max(f.first, again[i].first), std::min(f.second, again[i].second))};
        std::erase_if(l.content, [](const Fragment& f) { return f.first >= f.second; });
        if (l.content.empty()) continue;
        const bool known =
            std::any_of(found.begin(), found.end(), [&](const Linked& m) { return overlap(m.cue, l.cue) || (overlap(m.content, l.cue)); });
        if (!known) found.push_back(std::move(l));
      }
      whole_clauses(trees, found, again[i].second);
      if (found.empty()) report_before_as(trees, lexicon, quotes, level, *of[i], again[i], found);
      next.insert(next.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    if (torn)
      for (const Linked& l : level) across(trees, lexicon, quotes, l, next);
    all.insert(all.end(), next.begin(), next.end());
    level = std::move(next);
  }
  // The same cue twice: the first reading stands.
  std::vector<Linked> kept;
  std::vector<char> taken(trees.words.size(), 0);
  for (Linked& l : all) {
    bool twice = false;
    for (const Fragment& f : l.cue)
      for (uint32_t w = f.first; w < f.second; ++w) twice |= taken[w] != 0;
    if (twice) continue;
    for (const Fragment& f : l.cue)
      for (uint32_t w = f.first; w < f.second; ++w) taken[w] = 1;
    if (l.confidence > 0) l.confidence = probability(l.confidence);
    kept.push_back(std::move(l));
  }
  read_stances(scorer, h, rows, workspace, kept);
  return assemble(trees, text, kept, entities, cues);
}

}  // namespace reportedly::attribution
