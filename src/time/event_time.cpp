// The time of an event: what hangs on its word, else what hangs on the clause it shares. A time that belongs to the saying of a thing is
// not the time of the thing: "said on Friday that troops had crossed" gives the crossing no date.
#include <algorithm>
#include <cstdio>
#include <initializer_list>

#include "base/one_of.h"
#include "time/calendar.h"
#include "time/times.h"

namespace reportedly::time {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

/// Verbs that tell of an event rather than make it: their time is that of the telling.
bool tells(std::string_view lemma) {
  return one_of(lemma,
                {"say",         "tell",     "report",  "announce", "deny",    "condemn", "denounce", "accuse",  "blame",       "criticize",
                 "criticise",   "praise",   "discuss", "recall",   "demand",  "urge",    "call",     "ask",     "warn",        "claim",
                 "state",       "add",      "note",    "confirm",  "reject",  "welcome", "describe", "mention", "allege",      "admit",
                 "acknowledge", "think",    "believe", "know",     "fear",    "hope",    "expect",   "predict", "investigate", "mark",
                 "commemorate", "remember", "protest", "threaten", "promise", "vow",     "pledge",   "plan",    "want",        "intend",
                 "propose",     "consider", "order",   "agree",    "decide",  "seek",    "try",      "prepare", "insist",      "argue",
                 "suggest",     "reveal",   "declare", "cite",     "write",   "read",    "see"});
}

/// Verbs that only say that an event noun took place.
bool is_light(std::string_view lemma) {
  return one_of(lemma, {"take",  "occur",  "happen", "begin", "start",   "hold",   "carry",    "launch",   "conduct", "make",   "stage",
                        "mount", "commit", "sign",   "reach", "open",    "end",    "come",     "break",    "erupt",   "follow", "have",
                        "give",  "impose", "issue",  "pay",   "perform", "resume", "continue", "schedule", "set",     "host",   "due"});
}

struct Anchored {
  const TimeExpression* time = nullptr;
  uint32_t head = 0;  ///< the word of the expression that hangs on something outside it
};

/// Times of the trigger's sentence with the word they hang by.
std::vector<Anchored> times_of_sentence(const Trees& trees, const std::vector<TimeExpression>& times, const Sentence& sentence) {
  std::vector<Anchored> out;
  const auto first = std::lower_bound(times.begin(), times.end(), sentence.span.start,
                                      [](const TimeExpression& t, uint32_t at) { return t.span.start < at; });
  for (auto t = first; t != times.end() && t->span.start < sentence.span.end; ++t) {
    if ((t->type != "DATE" && t->type != "TIME") || in_dateline(trees, *t)) continue;
    const uint32_t from = trees.word_at(t->span.start);
    uint32_t head = from;
    for (uint32_t w = from; w < sentence.last_word && trees.words[w].span.start < t->span.end; ++w) {
      const int32_t h = trees.words[w].head;
      const bool outside = h < 0 || trees.words[static_cast<size_t>(h)].span.end <= t->span.start ||
                           trees.words[static_cast<size_t>(h)].span.start >= t->span.end;
      if (outside && trees.words[w].upos != Upos::ADP && trees.words[w].upos != Upos::PUNCT && trees.words[w].upos != Upos::DET) {
        head = w;
        break;
      }
    }
    out.push_back({&*t, head});
  }
  return out;
}

/// A day, month or year: a week becomes the month that holds most of it, a season, quarter or half its year.
std::string iso_date(const std::string& value) {
  if (value.size() < 7 || value[4] != '-' || (value[5] >= '0' && value[5] <= '9')) return value;
  if (value[5] == 'W' && value[6] >= '0' && value[6] <= '9' && value.size() >= 8) {
    const int year = std::stoi(value.substr(0, 4)), week = std::stoi(value.substr(6, 2));
    const Day first_thursday = add_days(monday_of({year, 1, 4}), 3);  // 4 January lies in the first week
    const Day d = add_days(first_thursday, 7L * (week - 1));
    char out[16];
    std::snprintf(out, sizeof out, "%04d-%02d", d.year, d.month);
    return out;
  }
  return value.substr(0, 4);
}

/// A usable value begins with a year.
bool is_dated(const TimeExpression& t) {
  return t.value && t.value->size() >= 3 && (*t.value)[0] >= '0' && (*t.value)[0] <= '9';
}

enum class Fit { yes, bound, no };

/// Does the preposition before the time place an event in it? "until Friday", "since 2029" only bound it.
Fit fits(const Trees& trees, const Anchored& a) {
  for (const uint32_t c : trees.children(a.head)) {
    if (trees.words[c].rel != Rel::case_ && trees.words[c].rel != Rel::mark) continue;
    const std::string_view l = trees.words[c].lemma;
    if (one_of(l, {"since", "until", "till", "by", "before", "after", "ahead", "to", "than", "following", "beyond", "into"}))
      return Fit::bound;
    if (one_of(l, {"like", "unlike", "as", "compare", "versus", "about"})) return Fit::no;
  }
  return Fit::yes;
}

const char* part_of_day(std::string_view code) {
  if (code == "MO") return "morning";
  if (code == "MI") return "midday";
  if (code == "AF") return "afternoon";
  if (code == "EV") return "evening";
  if (code == "NI") return "night";
  return nullptr;
}

std::string words_of(const Trees& trees, const TimeExpression& t) {
  std::string out;
  for (uint32_t w = trees.word_at(t.span.start); w < trees.words.size() && trees.words[w].span.start < t.span.end; ++w) {
    if (!out.empty() && trees.words[w - 1].space_after) out += ' ';
    out += trees.words[w].form;
  }
  return out;
}

class Finder {
 public:
  Finder(const Trees& trees, std::vector<Anchored> times) : trees_(trees), times_(std::move(times)) {}

  EventTime run(uint32_t trigger) {
    if (on(trigger, "its own modifier")) {
      result_.own = true;
      return std::move(result_);
    }
    through_modifiers(trigger);
    if (found_) return std::move(result_);
    climb(trigger);
    if (found_) return std::move(result_);
    if (result_.why.empty()) result_.why.push_back("no date given");
    return std::move(result_);
  }

 private:
  /// The finest time that hangs on w.
  bool on(uint32_t w, const char* how) {
    const Anchored* best = nullptr;
    for (const Anchored& a : times_) {
      if (!hangs_on(a.head, w)) continue;
      if (!is_dated(*a.time)) {
        note("a time without a date: " + describe(a));
        continue;
      }
      const Fit fit = fits(trees_, a);
      if (fit == Fit::bound) note("only a bound is given: " + describe(a));
      if (fit != Fit::yes) continue;
      if (best == nullptr || fineness(*a.time) > fineness(*best->time)) best = &a;
    }
    if (best == nullptr) return false;
    take(*best, how);
    return true;
  }
  /// Directly, by a temporal noun ("in the hours of Friday"), or as the day beside another time.
  bool hangs_on(uint32_t time_word, uint32_t w) const {
    int32_t h = trees_.words[time_word].head;
    if (time_word == w) return false;
    if (!joins(trees_.words[time_word].rel)) return false;
    for (int steps = 0; h >= 0 && steps < 3; ++steps) {
      if (static_cast<uint32_t>(h) == w) return true;
      const Word& between = trees_.words[static_cast<size_t>(h)];
      const bool temporal =
          one_of(between.lemma, {"hour",    "morning", "night",     "evening", "afternoon", "day",     "week", "month",  "year",
                                 "weekend", "end",     "beginning", "start",   "middle",    "eve",     "dawn", "minute", "course",
                                 "part",    "half",    "quarter",   "late",    "early",     "earlier", "later"}) ||
          is_time_word(static_cast<uint32_t>(h));
      if (!temporal || !joins(between.rel)) return false;
      h = between.head;
    }
    return false;
  }
  static bool joins(Rel r) {
    return r == Rel::obl || r == Rel::advmod || r == Rel::nmod || r == Rel::nummod || r == Rel::amod || r == Rel::compound ||
           r == Rel::appos || r == Rel::dep || r == Rel::flat || r == Rel::conj || r == Rel::parataxis || r == Rel::orphan;
  }
  bool is_time_word(uint32_t w) const {
    const Span s = trees_.words[w].span;
    return std::any_of(times_.begin(), times_.end(), [&](const Anchored& a) { return a.time->span.touches(s); });
  }
  static int fineness(const TimeExpression& t) { return static_cast<int>(std::min<size_t>(t.value->size(), 10)); }
  std::string describe(const Anchored& a) const { return words_of(trees_, *a.time); }
  void note(std::string text) {
    if (std::find(result_.why.begin(), result_.why.end(), text) == result_.why.end()) result_.why.push_back(std::move(text));
  }
  void take(const Anchored& a, const char* how) {
    found_ = true;
    result_ = dated_by(trees_, *a.time, how);
  }

  /// "the attack launched on Friday", "the vote that took place on Friday"
  void through_modifiers(uint32_t trigger) {
    for (const uint32_t c : trees_.children(trigger)) {
      const Word& v = trees_.words[c];
      if (v.rel != Rel::acl) continue;
      if (v.sub == Sub::relcl && !is_light(v.lemma)) continue;
      if (tells(v.lemma)) continue;
      if (on(c, "modifier of what describes it")) return;
    }
  }

  /// Up to the clause that the trigger shares, as long as no telling lies between.
  void climb(uint32_t trigger) {
    uint32_t w = trigger;
    for (int steps = 0; steps < 4; ++steps) {
      const Word& word = trees_.words[w];
      if (word.head < 0) return;
      const auto up = static_cast<uint32_t>(word.head);
      const Word& above = trees_.words[up];
      const bool noun = word.upos == Upos::NOUN || word.upos == Upos::PROPN;
      switch (word.rel) {
        case Rel::nsubj:
        case Rel::obj:
        case Rel::obl:
          if (!noun || (above.upos != Upos::VERB && above.upos != Upos::ADJ)) return;
          if (tells(above.lemma)) {
            const bool any = std::any_of(times_.begin(), times_.end(), [&](const Anchored& a) { return hangs_on(a.head, up); });
            if (any) note("the time is that of the telling");
            return;
          }
          if (word.rel == Rel::obl && !is_light(above.lemma) && !has_case(w, {"in", "during", "with", "by"})) return;
          if (on(up, is_light(above.lemma) ? "clause of its verb" : "its clause")) return;
          break;
        case Rel::conj:
          if (on(up, "what it is joined to")) return;
          break;
        case Rel::advcl:
          if (tells(above.lemma) ||
              has_mark(w, {"if", "before", "after", "until", "because", "since", "when", "although", "though", "unless"}))
            return;
          if (on(up, "the clause it belongs to")) return;
          break;
        case Rel::xcomp:
          if (tells(above.lemma)) return;
          if (on(up, "the verb that governs it")) return;
          break;
        case Rel::compound:
        case Rel::nmod:
          if (!noun) return;
          // "the attack in the region's capital": only up to a noun that is itself an act, "a series of attacks".
          if (!one_of(above.lemma, {"series", "wave", "round", "string", "spate", "number", "act", "case", "campaign", "night", "day"}))
            return;
          if (on(up, "the whole it is part of")) return;
          break;
        case Rel::ccomp:
        case Rel::parataxis: {
          const bool any = std::any_of(times_.begin(), times_.end(), [&](const Anchored& a) { return hangs_on(a.head, up); });
          if (any) note("the time is that of the telling");
          return;
        }
        default:
          return;
      }
      w = up;
    }
  }
  bool has_case(uint32_t w, std::initializer_list<std::string_view> lemmas) const {
    for (const uint32_t c : trees_.children(w))
      if (trees_.words[c].rel == Rel::case_ && one_of(trees_.words[c].lemma, lemmas)) return true;
    return false;
  }
  bool has_mark(uint32_t w, std::initializer_list<std::string_view> lemmas) const {
    for (const uint32_t c : trees_.children(w))
      if ((trees_.words[c].rel == Rel::mark || trees_.words[c].rel == Rel::advmod) && one_of(trees_.words[c].lemma, lemmas)) return true;
    return false;
  }

  const Trees& trees_;
  const std::vector<Anchored> times_;
  EventTime result_;
  bool found_ = false;
};

/// "P2D", "P1W", "P5M", "P3Y": how many, and of what. Nothing for lengths in hours, and for vague ones.
std::optional<std::pair<int, char>> length_of(const TimeExpression& t) {
  if (t.type != "DURATION" || !t.value || t.value->size() < 3 || t.value->front() != 'P') return std::nullopt;
  const char unit = t.value->back();
  int count = 0;
  for (size_t i = 1; i + 1 < t.value->size(); ++i) {
    const char c = (*t.value)[i];
    if (c < '0' || c > '9' || count > 1000) return std::nullopt;
    count = 10 * count + (c - '0');
  }
  return std::string_view("DWMY").find(unit) != std::string_view::npos ? std::optional(std::pair(count, unit)) : std::nullopt;
}

/// A length told in months leads to a month, one in years to a year.
Stretch away(Day from, int count, char unit) {
  switch (unit) {
    case 'M':
      return stretch_of(Grain::month, add_months({from.year, from.month, 1}, count));
    case 'Y':
      return stretch_of(Grain::year, {from.year + count, 1, 1});
    default:
      return stretch_of(Grain::day, add_days(from, unit == 'W' ? 7 * count : count));
  }
}

/// "left on Thursday, two days after the army had stormed the town": what follows "after" is counted back from the day of the rest.
EventTime counted_from(const Trees& trees, const std::vector<TimeExpression>& times, uint32_t trigger,
                       const std::optional<std::string>& published) {
  const Sentence& sentence = trees.sentences[trees.words[trigger].sentence];
  const auto first = std::lower_bound(times.begin(), times.end(), sentence.span.start,
                                      [](const TimeExpression& t, uint32_t at) { return t.span.start < at; });
  for (auto length = first; length != times.end() && length->span.start < sentence.span.end; ++length) {
    const auto how_long = length_of(*length);
    if (!how_long) continue;
    uint32_t link = trees.word_at(length->span.start);
    while (link < sentence.last_word && trees.words[link].span.start < length->span.end) ++link;
    if (link >= sentence.last_word || trees.words[link].head < 0) continue;
    const Word& word = trees.words[link];
    const bool after = word.lemma == "after";
    if ((!after && word.lemma != "before") || (word.rel != Rel::mark && word.rel != Rel::case_)) continue;
    // the trigger, or what it governs: "after it had ordered them to leave", "after it passed a resolution"
    int32_t at = static_cast<int32_t>(trigger);
    for (int steps = 0; steps < 2 && at >= 0 && at != word.head; ++steps) {
      const Word& w = trees.words[static_cast<size_t>(at)];
      at = w.rel == Rel::xcomp || w.rel == Rel::conj || w.rel == Rel::obj ? w.head : -1;
    }
    if (at != word.head) continue;
    // less than, more than, at least two days: not the day; "held them for two days before it freed them": how long
    const uint32_t start = trees.word_at(length->span.start);
    bool vague = false;
    for (uint32_t w = start > sentence.first_word ? start - 1 : start; w < link; ++w)
      vague |= one_of(trees.words[w].lemma, {"than", "least", "about", "most", "some", "nearly", "almost", "for", "within"});
    if (vague) continue;
    // the day of the rest: the one told last before the length, or else the first behind
    const TimeExpression* day = nullptr;
    for (auto t = first; t != times.end() && t->span.start < sentence.span.end; ++t) {
      if (!is_dated(*t) || (t->type != "DATE" && t->type != "TIME") || !day_from_iso(*t->value) || in_dateline(trees, *t)) continue;
      if (day == nullptr || t->span.start < length->span.start) day = &*t;
    }
    // "is back in Oslo two days after it was shot at": from the report's
    if (day == nullptr && (!published || !day_from_iso(*published))) continue;
    const auto [count, unit] = *how_long;
    const Stretch found = away(*day_from_iso(day ? *day->value : *published), after ? -count : count, unit);
    EventTime out;
    out.own = out.counted = true;
    out.date = value_of(found);
    out.why = {"time: " + (day ? words_of(trees, *day) : std::string("day of publication")) + ", " + words_of(trees, *length) + " " +
               std::string(word.lemma) + " it"};
    if (day) out.why.insert(out.why.end(), day->why.begin(), day->why.end());
    return out;
  }
  return {};
}

}  // namespace

bool in_dateline(const Trees& trees, const TimeExpression& t) {
  const uint32_t first = trees.word_at(t.span.start);
  if (first >= trees.words.size()) return false;
  const Sentence& sentence = trees.sentences[trees.words[first].sentence];
  for (uint32_t w = sentence.first_word; w < first; ++w)
    if (trees.words[w].upos == Upos::VERB || trees.words[w].upos == Upos::AUX || w - sentence.first_word > 12) return false;
  uint32_t next = first;
  while (next < sentence.last_word && trees.words[next].span.start < t.span.end) ++next;
  return next < sentence.last_word && one_of(trees.words[next].form, {"–", "—", "-", "--", "―"}) && trees.words[next - 1].space_after;
}

EventTime dated_by(const Trees& trees, const TimeExpression& expression, const std::string& how) {
  EventTime out;
  if (!is_dated(expression)) return out;
  const std::string& value = *expression.value;
  const size_t t = value.find('T');
  out.date = iso_date(value.substr(0, t));
  if (t != std::string::npos) {
    const std::string_view rest = std::string_view(value).substr(t + 1);
    const char* part = part_of_day(rest);
    out.time = part != nullptr ? std::string(part) : std::string(rest);
  }
  out.why.push_back("time: " + words_of(trees, expression) + ", " + how);
  out.why.insert(out.why.end(), expression.why.begin(), expression.why.end());
  return out;
}

EventTime time_of(const Trees& trees, const std::vector<TimeExpression>& times, uint32_t trigger,
                  const std::optional<std::string>& published) {
  if (EventTime counted = counted_from(trees, times, trigger, published); counted.date) return counted;
  const Sentence& sentence = trees.sentences[trees.words[trigger].sentence];
  return Finder(trees, times_of_sentence(trees, times, sentence)).run(trigger);
}

}  // namespace reportedly::time
