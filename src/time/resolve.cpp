#include "time/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>

#include "base/one_of.h"

namespace reportedly::time {
namespace {

using syntax::Morph;
using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

/// Words whose complement lies ahead: "plans to", "expected to", "due", "ahead of".
bool looks_ahead(std::string_view lemma) {
  return one_of(lemma, {"plan",     "expect",   "schedule", "intend", "want",     "hope", "vow",    "promise",  "pledge",
                        "threaten", "agree",    "ask",      "urge",   "call",     "aim",  "set",    "due",      "demand",
                        "prepare",  "slate",    "propose",  "decide", "order",    "seek", "invite", "forecast", "predict",
                        "ready",    "deadline", "until",    "likely", "unlikely", "tell", "warn",   "offer",    "mean"});
}

/// "set for Friday": what was set free, up or on fire on Friday is over.
bool is_set_for(const syntax::Trees& trees, uint32_t word) {
  return std::any_of(trees.children(word).begin(), trees.children(word).end(),
                     [&](uint32_t c) { return trees.words[c].rel == Rel::case_ && trees.words[c].lemma == "for"; });
}

bool negated(const syntax::Trees& trees, uint32_t word) {
  const auto children = trees.children(word);
  return std::any_of(children.begin(), children.end(), [&](uint32_t c) { return one_of(trees.words[c].lemma, {"not", "never", "n't"}); });
}

/// The verb above a word, the word itself at last.
uint32_t verb_above(const syntax::Trees& trees, uint32_t word) {
  uint32_t w = word;
  for (int steps = 0; steps < 6 && trees.words[w].upos != Upos::VERB && trees.words[w].head >= 0; ++steps)
    w = static_cast<uint32_t>(trees.words[w].head);
  return w;
}

/// "Had left by Friday".
bool is_pluperfect(const syntax::Trees& trees, uint32_t word) {
  const auto children = trees.children(verb_above(trees, word));
  return std::any_of(children.begin(), children.end(), [&](uint32_t c) {
    return trees.words[c].rel == Rel::aux && trees.words[c].lemma == "have" && trees.words[c].form != "have" &&
           trees.words[c].form != "has";
  });
}

/// "Will be ready for May", "is to run until May".
bool is_infinitive(const syntax::Trees& trees, uint32_t verb) {
  const auto children = trees.children(verb);
  return std::any_of(children.begin(), children.end(),
                     [&](uint32_t c) { return trees.words[c].rel == Rel::mark && trees.words[c].lemma == "to"; });
}

/// "asked them to leave by June": a term for what is still to be done, however long ago it was asked.
bool is_demanded(const syntax::Trees& trees, uint32_t word) {
  uint32_t verb = verb_above(trees, word);
  if (!is_infinitive(trees, verb)) {  // the parser may hang the term on what is asked
    const int32_t done = trees.child_with(verb, Rel::xcomp);
    if (done < 0 || static_cast<uint32_t>(done) > word || !is_infinitive(trees, static_cast<uint32_t>(done))) return false;
  } else {
    if (trees.words[verb].head < 0) return false;
    verb = static_cast<uint32_t>(trees.words[verb].head);
  }
  return one_of(trees.words[verb].lemma,
                {"ask",     "tell",   "order", "urge", "instruct",  "request", "call", "demand",   "require", "oblige", "press",
                 "promise", "pledge", "agree", "vow",  "undertake", "want",    "warn", "threaten", "command", "invite", "commit"});
}

bool is_foretold(const syntax::Trees& trees, uint32_t word) {
  const uint32_t verb = verb_above(trees, word);
  const auto children = trees.children(verb);
  return is_infinitive(trees, verb) || std::any_of(children.begin(), children.end(), [&](uint32_t c) {
           const Word& w = trees.words[c];
           return w.rel == Rel::aux && w.xpos == "MD" && w.form != "could";
         });
}

/// "The talks begin on Monday", "the final is on Monday": what the present tense says of a day is fixed.
bool is_fixed(const syntax::Trees& trees, uint32_t word) {
  uint32_t w = word;
  for (int steps = 0; steps < 4; ++steps) {
    const Word& v = trees.words[w];
    const int32_t cop = trees.child_with(w, Rel::cop);
    if (cop >= 0) return one_of(trees.words[static_cast<size_t>(cop)].form, {"is", "are", "'s", "’s"});
    if (v.upos == Upos::VERB) {
      const bool present = (v.morph.form == Morph::fin && v.morph.tense == Morph::pres) || one_of(v.xpos, {"VBZ", "VBP"});
      return present && trees.sentences[v.sentence].part != Part::title &&
             !one_of(v.lemma,
                     {"say",  "tell", "report",   "write",  "claim",      "add",     "deny",  "insist", "maintain", "state", "show",
                      "know", "date", "disagree", "differ", "contradict", "dispute", "blame", "accuse", "believe",  "think", "recall"});
    }
    const bool part_of_it =
        v.rel == Rel::flat || v.rel == Rel::compound || v.rel == Rel::nummod || (v.rel == Rel::nmod && v.sub == Sub::unmarked);
    if (v.head < 0 || (v.rel != Rel::obl && v.rel != Rel::advmod && !(part_of_it && steps == 0))) return false;
    if (steps > 0 && !part_of_it && trees.words[static_cast<size_t>(v.head)].upos != Upos::VERB) return false;
    w = static_cast<uint32_t>(v.head);
  }
  return false;
}

constexpr int kNearest = 2;       // of tenses: the one is as likely as the other
constexpr uint32_t kSameDay = 6;  // sentences
constexpr int64_t kNews = 45;     // days from publication within which a report goes on about its own time

const char* const kYearOfStory = "year of what was told before";
const char* const kNoPublication = "no publication date to count from";

}  // namespace

int tense_at(const syntax::Trees& trees, uint32_t word) {
  // Up to the verb that governs the word; a non-finite verb takes its time from its own marks or from the verb above it.
  int32_t w = static_cast<int32_t>(word);
  for (int steps = 0; w >= 0 && steps < 24; ++steps) {
    const Word& v = trees.words[static_cast<size_t>(w)];
    const bool predicate = v.upos == Upos::VERB || v.upos == Upos::AUX || trees.child_with(static_cast<uint32_t>(w), Rel::cop) >= 0;
    if (!predicate) {
      if (static_cast<uint32_t>(w) != word && looks_ahead(v.lemma) && (v.upos == Upos::ADJ || v.upos == Upos::NOUN)) return 1;
      w = v.head;
      continue;
    }
    bool past = v.morph.form == Morph::fin && v.morph.tense == Morph::past,
         present = v.morph.form == Morph::fin && v.morph.tense == Morph::pres;
    bool future = false, to = false, have = false;
    for (const uint32_t c : trees.children(static_cast<uint32_t>(w))) {
      const Word& a = trees.words[c];
      if (a.rel == Rel::mark && a.lemma == "to") to = true;
      if (a.rel != Rel::aux && a.rel != Rel::cop) continue;
      if (one_of(a.lemma, {"will", "shall", "wo", "'ll", "would"}) || one_of(a.form, {"will", "wo", "'ll", "would", "'d"}))
        future = true;
      else if (a.lemma == "may" || a.lemma == "might" || a.lemma == "can" || a.lemma == "could" || a.lemma == "should" || a.lemma == "must")
        future = a.form != "could" || !negated(trees, static_cast<uint32_t>(w));
      else if (a.lemma == "have")
        have = true;
      if (one_of(a.xpos, {"VBD"}) || (a.morph.tense == Morph::past && a.morph.form == Morph::fin)) past = true;
      if (one_of(a.xpos, {"VBZ", "VBP"}) || (a.morph.tense == Morph::pres && a.morph.form == Morph::fin)) present = true;
    }
    if (have) return -1;  // "has met", "would have met": before now
    if (future) return 1;
    if (looks_ahead(v.lemma) && one_of(v.lemma, {"schedule", "slate", "expect", "due", "plan", "set"}) &&
        (v.morph.passive || v.morph.form == Morph::part || present) && (v.lemma != "set" || present || is_set_for(trees, word)))
      return 1;
    if (v.lemma == "go" && to) return 1;
    if (to) {  // an infinitive: what governs it decides
      if (v.head >= 0) {
        const Word& above = trees.words[static_cast<size_t>(v.head)];
        if (looks_ahead(above.lemma) || above.upos == Upos::ADJ || above.upos == Upos::NOUN) return 1;
        bool is_be = above.lemma == "be";
        for (const uint32_t c : trees.children(static_cast<uint32_t>(w)))
          is_be = is_be || ((trees.words[c].rel == Rel::aux || trees.words[c].rel == Rel::cop) && trees.words[c].lemma == "be");
        if (is_be) return 1;
      } else {
        return 1;  // headlines: "Ministers to meet Friday"
      }
      w = v.head;
      continue;
    }
    if (past) return -1;
    if (v.morph.form == Morph::part && v.morph.tense == Morph::past &&
        (v.rel == Rel::acl || v.rel == Rel::amod || v.rel == Rel::advcl || v.head < 0))
      return -1;
    // The present tells of now and of what is fixed ("the talks begin on Monday").
    if (present)
      return v.head < 0 || v.rel == Rel::parataxis ? 0
             : one_of(v.lemma,
                      {"begin", "start", "open", "meet", "take", "end", "expire", "vote", "travel", "arrive", "leave", "hold", "visit"})
                 ? 1
                 : 0;
    w = v.head;
  }
  return 0;
}

std::vector<Resolved> Resolver::sentence(uint32_t index, const std::vector<Piece>& pieces, const std::vector<Match>& matches) {
  sentence_ = index;
  std::vector<Resolved> out(matches.size());
  std::vector<std::optional<Day>> days(matches.size());  // of day grain, for clock times beside them
  for (size_t k = 0; k < matches.size(); ++k) {
    const Match& m = matches[k];
    if (m.rule == Rule::clock) continue;
    Found f = resolve(m, pieces);
    if (f.stretch && f.value.empty()) {
      f.value = value_of(*f.stretch);
      f.known = true;
    }
    out[k].why = f.why.empty() ? m.why : f.why;
    if (f.known) out[k].value = f.value + m.clock;
    if (f.stretch) {
      if (f.stretch->grain == Grain::day) days[k] = f.stretch->day;
      speak_of(*f.stretch, m.year != kUnknown || f.why == kYearOfStory);
    } else if (m.rule == Rule::literal && m.type == Type::date && m.literal.size() == 4 && m.literal[0] >= '0' && m.literal[0] <= '9') {
      speak_of({Grain::year, {std::atoi(m.literal.c_str()), 1, 1}}, true);
    }
  }
  for (size_t k = 0; k < matches.size(); ++k) {
    const Match& m = matches[k];
    if (m.rule != Rule::clock) continue;
    // The day: named beside it in the sentence, spoken of just before, else that of publication.
    std::optional<Day> day;
    std::string why;
    for (size_t away = 1; away < matches.size() && !day; ++away) {
      if (k + away < matches.size() && days[k + away])
        day = days[k + away], why = "day named after it";
      else if (k >= away && days[k - away])
        day = days[k - away], why = "day named before it";
    }
    if (!day && day_.stretch && day_.sentence + 1 == index) day = day_.stretch->day, why = "day spoken of before";
    if (!day && published_) day = published_, why = "day of publication";
    if (day)
      out[k].value = value_of({Grain::day, *day}) + m.clock;
    else
      out[k].value = "XXXX-XX-XX" + m.clock, why = kNoPublication;
    out[k].why = why;
  }
  return out;
}

void Resolver::speak_of(const Stretch& s, bool year_written) {
  any_ = {s, sentence_, year_written};
  if (s.grain != Grain::day) return;
  if (day_.stretch && !(day_.stretch->day == s.day)) day_before_ = day_;
  day_ = any_;
}

std::optional<int> Resolver::year_of_story(int month, int day, int tense) const {
  const Stretch* s = spoken_of(Grain::year);
  if (s == nullptr || !any_.year_written) return std::nullopt;
  if (!published_) return s->day.year;
  // Before the publication's own year a past date that follows a date of an earlier year goes on in that year.
  if (tense == 1 || s->grain < Grain::month || s->day.year >= published_->year) return std::nullopt;
  const Day d{s->day.year, month, std::min(std::max(day, 1), days_in_month(s->day.year, month))};
  if (day == 0 ? d.month < s->day.month : day_number(d) < day_number(s->day)) return std::nullopt;
  return s->day.year;
}

const Stretch* Resolver::spoken_of(Grain grain, uint32_t reach) const {
  const Anchor& a = grain == Grain::day ? day_ : any_;
  return a.stretch && sentence_ - a.sentence <= reach ? &*a.stretch : nullptr;
}

std::optional<int> Resolver::year_of(const Match& m) const {
  if (m.year != kUnknown) return m.year;
  if (m.year_shift == kUnknown) return std::nullopt;
  if (const Stretch* s = m.year_anchored ? spoken_of(Grain::year) : nullptr) return s->day.year + m.year_shift;
  if (published_) return published_->year + m.year_shift;
  return std::nullopt;
}

Resolver::Found Resolver::resolve(const Match& m, const std::vector<Piece>& pieces) {
  if (m.rule == Rule::literal) return {std::nullopt, m.literal, m.why, true};
  if (m.rule == Rule::unknown) return {std::nullopt, "", m.why, false};
  int tense = tense_at(trees_, pieces[m.last - 1].word);
  // Prepositions that point by themselves.
  const uint32_t last_word = pieces[m.last - 1].word;
  const bool owner = last_word + 1 < trees_.words.size() && trees_.words[last_word + 1].upos == Upos::PART &&
                     one_of(trees_.words[last_word + 1].form, {"'s", "’s", "'", "’"});
  if (m.first > 0 && !owner) {
    const std::string& before = pieces[m.first - 1].text;
    const bool day = m.rule == Rule::weekday, written = m.rule == Rule::date || m.rule == Rule::period;
    if (before == "since")
      tense = -1;
    else if (one_of(before, {"by", "until", "till"}) && is_demanded(trees_, last_word))
      tense = 1;
    else if ((before == "until" || before == "till") && (tense == 0 || (day && !is_pluperfect(trees_, last_word))))
      tense = 1;
    else if (before == "by" && (tense == 0 || (day && m.first > 1 && !is_pluperfect(trees_, last_word))))
      tense = 1;
    else if (before == "for" && day)
      tense = 1;  // "called a rally for Saturday"
    else if (written && (before == "for" || (tense < 0 && one_of(before, {"from", "until", "till", "to", "by"}))) &&
             !is_foretold(trees_, last_word))
      tense = kNearest;  // "set the vote for June", "a ban from July"
  }
  switch (m.rule) {
    case Rule::weekday:
      return weekday(m, tense, tense == 0 && is_fixed(trees_, last_word));
    case Rule::period:
      return period(m, tense);
    case Rule::date:
      return date(m, tense);
    case Rule::monthday:
      return month_day(m, tense);
    case Rule::shift:
      return shift(m, tense);
    case Rule::holiday: {
      std::optional<int> year = year_of(m);
      std::string why = "holiday";
      if (!year) {
        if (!published_) return {std::nullopt, "", kNoPublication, false};
        const int y = published_->year;
        const int64_t now = day_number(*published_), here = day_number(holiday_day(m.index, y));
        year = y;
        const int which = m.which == kFree ? tense : m.which;
        if (which < 0 && here > now)
          --*year;
        else if (which > 0 && here < now)
          ++*year;
        else if (which == 0 && m.which == kFree && here - now > 180)
          --*year;
        else if (which == 0 && m.which == kFree && now - here > 250)
          ++*year;
      }
      return {Stretch{Grain::day, holiday_day(m.index, *year)}, "", why, false};
    }
    case Rule::week_of: {
      Match month = m;
      month.grain = Grain::month;
      Found f = period(month, tense);
      if (!f.stretch) return f;
      const Day first = f.stretch->day, last = last_day(*f.stretch);
      Day in = m.amount < 0 ? add_days(last, -6) : add_days(first, 7 * (m.amount - 1) + 3);
      if (m.amount < 0 && m.grain == Grain::weekend) in = add_days(last, -(weekday_of(last) + 1) % 7);
      return {stretch_of(m.grain, in), "", "counted in the month", false};
    }
    case Rule::literal:
    case Rule::clock:
    case Rule::unknown:
      break;
  }
  return {};
}

Resolver::Found Resolver::weekday(const Match& m, int tense, bool fixed) const {
  if (const Stretch* s = m.anchored ? spoken_of(Grain::day) : nullptr) {
    const int gap = (m.weekday - weekday_of(s->day) + 7) % 7;
    const int days = m.which > 0 ? (gap == 0 ? 7 : gap) : gap - 7;
    return {Stretch{Grain::day, add_days(s->day, days)}, "", "counted from the day spoken of", false};
  }
  if (!published_) return {std::nullopt, fmt::format("XXXX-WXX-{}", m.weekday), kNoPublication, true};
  const Day now = *published_;
  const int gap = (m.weekday - weekday_of(now) + 7) % 7;  // days ahead, 0 today
  const auto at = [&](int days, const char* why) { return Found{Stretch{Grain::day, add_days(now, days)}, "", why, false}; };
  if (m.which >= 9 && m.which <= 11) {  // "Friday of last week"
    const Day monday = add_days(monday_of(now), 7 * (m.which - 10));
    return {Stretch{Grain::day, add_days(monday, m.weekday - 1)}, "", "weekday of that week", false};
  }
  if (m.which == -1) return at(gap - 7, "last such weekday before publication");
  if (m.which == 1) return at(gap == 0 ? 7 : gap, "next such weekday after publication");
  if (m.which == 0) {
    if (tense < 0) return at(gap == 0 ? 0 : gap - 7, "weekday before publication");
    return at(gap, "weekday after publication");
  }
  if (tense > 0 || fixed) return at(gap, gap == 0 ? "day of publication" : "weekday after publication");
  return at(gap == 0 ? 0 : gap - 7, gap == 0 ? "day of publication" : "weekday before publication");
}

Resolver::Found Resolver::date(const Match& m, int tense) const {
  if (const std::optional<int> year = year_of(m)) {
    const Day d{*year, m.month, m.day};
    if (!is_valid(d)) return {std::nullopt, "", "there is no such day", false};
    return {Stretch{Grain::day, d}, "", m.year != kUnknown ? m.why : "year told beside it", false};
  }
  if (const std::optional<int> year = m.which == kFree ? year_of_story(m.month, m.day, tense) : std::nullopt) {
    const Day d{*year, m.month, m.day};
    if (is_valid(d)) return {Stretch{Grain::day, d}, "", kYearOfStory, false};
  }
  if (!published_) return {std::nullopt, fmt::format("XXXX-{:02}-{:02}", m.month, m.day), kNoPublication, true};
  const int64_t now = day_number(*published_);
  int year = published_->year;
  const auto days_off = [&](int y) {
    const Day d{y, m.month, std::min(m.day, days_in_month(y, m.month))};
    return day_number(d) - now;
  };
  const char* why = "year of publication";
  const int64_t off = days_off(year);
  if (m.which == -1 ? off >= 0 : (tense < 0 && m.which == kFree && off > 14)) {
    --year;
    why = "last such day before publication";
  } else if (m.which == 1 ? off <= 0 : (tense == 1 && m.which == kFree && off < -45)) {
    ++year;
    why = "next such day after publication";
  } else if ((tense == 0 || tense == kNearest) && m.which == kFree) {
    if (off > 183)
      --year, why = "nearest such day";
    else if (off < -183)
      ++year, why = "nearest such day";
  }
  const Day d{year, m.month, m.day};
  if (!is_valid(d)) return {std::nullopt, "", "there is no such day in that year", false};
  return {Stretch{Grain::day, d}, "", why, false};
}

Resolver::Found Resolver::month_day(const Match& m, int tense) const {
  const auto in_month = [&](Day of, int months) {
    const Day first = add_months({of.year, of.month, 1}, months);
    return Day{first.year, first.month, m.day};
  };
  const Stretch* s = spoken_of(Grain::month);
  if (s != nullptr && s->grain < Grain::month) s = nullptr;
  if (s != nullptr && (!published_ || std::abs(day_number(s->day) - day_number(*published_)) > kNews)) {
    // the story is of another time: the first such day from there on
    for (int k = 0; k < 3; ++k)
      if (const Day d = in_month(s->day, k); is_valid(d) && (s->grain == Grain::month || day_number(d) >= day_number(s->day)))
        return {Stretch{Grain::day, d}, "", "month of what was told before", false};
  }
  if (!published_) return {std::nullopt, fmt::format("XXXX-XX-{:02}", m.day), kNoPublication, true};
  const int64_t now = day_number(*published_);
  std::optional<Day> best;
  for (int k = -2; k <= 2; ++k) {
    const Day d = in_month(*published_, k);
    if (!is_valid(d)) continue;
    const int64_t off = day_number(d) - now;
    if ((tense < 0 && off > 0) || (tense > 0 && off < 0)) continue;
    if (!best || std::abs(off) < std::abs(day_number(*best) - now)) best = d;
  }
  return {Stretch{Grain::day, *best}, "",
          tense < 0   ? "last such day before publication"
          : tense > 0 ? "next such day after publication"
                      : "nearest such day",
          false};
}

Resolver::Found Resolver::period(const Match& m, int tense) const {
  const auto make = [&](int year) {
    if (m.grain == Grain::month) return Stretch{Grain::month, {year, m.month, 1}};
    if (m.grain == Grain::quarter) return Stretch{Grain::quarter, {year, 3 * m.index - 2, 1}, m.index};
    if (m.grain == Grain::half) return Stretch{Grain::half, {year, m.index == 1 ? 1 : 7, 1}, m.index};
    return Stretch{Grain::season, {year, m.index == 0 ? 12 : 3 * m.index, 1}, m.index};
  };
  if (const std::optional<int> year = year_of(m))
    return {make(*year), "", m.year != kUnknown ? "as written" : "year told beside it", false};
  if (m.grain == Grain::month && m.which == kFree)
    if (const std::optional<int> year = year_of_story(m.month, 0, tense)) return {make(*year), "", kYearOfStory, false};
  std::optional<Day> base = published_;
  const char* from = "";
  if (const Stretch* a = m.anchored ? spoken_of(m.grain) : nullptr)
    base = m.which < 0 ? a->day : last_day(*a), from = " from the time spoken of";
  if (!base) {
    Stretch s = make(2000);
    return {std::nullopt, value_of(s).replace(0, 4, "XXXX"), kNoPublication, true};
  }
  // Candidates of three years; the stretch that holds the day itself is "this".
  const int64_t now = day_number(*base);
  const auto place = [&](const Stretch& s) { return day_number(last_day(s)) < now ? -1 : day_number(s.day) > now ? 1 : 0; };
  Stretch s = make(base->year);
  if (m.grain == Grain::season && m.index == 0 && base->month < 3)
    s = make(base->year - 1);  // January lies in the winter begun in December
  std::string why;
  if (m.which == -1) {
    // In May "last April" may be the one just over; in use it is the last one that is past.
    if (place(s) >= 0) s = make(s.day.year - 1);
    why = "last one before publication";
  } else if (m.which == 1) {
    if (place(s) <= 0) s = make(s.day.year + 1);
    why = "next one after publication";
  } else if (m.which == 0) {
    why = "that of this year";
  } else if (tense == kNearest) {
    const auto gap = [&](const Stretch& x) {
      return place(x) > 0 ? day_number(x.day) - now : place(x) < 0 ? now - day_number(last_day(x)) : 0;
    };
    for (const int year : {base->year - 1, base->year + 1})
      if (gap(make(year)) < gap(s)) s = make(year);
    why = "the nearest to publication";
  } else if (tense < 0) {
    if (place(s) > 0) s = make(s.day.year - 1);
    why = "the latest before publication";
  } else if (tense > 0) {
    if (place(s) < 0) s = make(s.day.year + 1);
    why = "the first after publication";
  } else {
    // Without a tense the nearest, the past first.
    if (place(s) > 0 && day_number(s.day) - now > 150)
      s = make(s.day.year - 1);
    else if (place(s) < 0 && now - day_number(last_day(s)) > 240)
      s = make(s.day.year + 1);
    why = "the nearest to publication";
  }
  return {s, "", why + from, false};
}

Resolver::Found Resolver::shift(const Match& m, int tense) const {
  if (m.anchored && (m.year_shift != kUnknown || m.year != kUnknown)) {
    // "the same period last year": what was spoken of, in another year.
    const std::optional<int> year = year_of(m);
    if (!year) return {std::nullopt, "", kNoPublication, false};
    std::optional<Stretch> like = any_.stretch;
    if (m.index == 0 && published_ && !(like && like->grain <= m.grain)) like = stretch_of(m.grain, *published_);
    if (!like) return {std::nullopt, "", "nothing spoken of before", false};
    if (m.index == 0 && like->grain != m.grain) like = stretch_of(m.grain, like->day);
    Stretch s = *like;
    if (s.grain <= Grain::year) return {Stretch{Grain::year, {*year, 1, 1}}, "", "the same time of another year", false};
    // A period already told of that year stays.
    s.day.year = m.year_anchored || like->day.year > *year || m.year != kUnknown ? *year : like->day.year + m.year_shift;
    s.day.day = std::min(s.day.day, days_in_month(s.day.year, s.day.month));
    return {s, "", "the same time of another year", false};
  }
  std::optional<Day> base;
  Stretch from{};
  std::string why = m.why;
  if (m.anchored) {
    // What is counted from must be told as finely as what is counted: a year gives no "following day".
    // "The same evening" may be that of a day some sentences away; what is counted on is nearer.
    const Stretch* a = spoken_of(m.index == 1 ? Grain::year : m.grain, m.amount == 0 && m.grain == Grain::day ? kSameDay : 2);
    if (a != nullptr && m.grain == Grain::day && m.amount > 0 && tense < 0 && published_ && day_before_.stretch &&
        sentence_ - day_before_.sentence <= 2) {
      // "said on Monday that they had fled the following day": what is past is not counted from the day of telling.
      const int64_t now = day_number(*published_);
      if (day_number(a->day) + m.amount > now && day_number(day_before_.stretch->day) + m.amount <= now) a = &*day_before_.stretch;
    }
    const bool fits = a != nullptr && (a->grain >= m.grain || m.index == 1) && !(m.grain == Grain::week && a->grain == Grain::month);
    if (fits) {
      from = *a;
      why = "counted from the time spoken of";
      if (m.amount == 0) why = "the time spoken of";
      // A year earlier than a month or quarter is a month or quarter again; a day counts on days.
      if (m.index == 1) return {from, "", why, false};
      if (m.grain == Grain::year && m.amount != 0 && (from.grain == Grain::month || from.grain == Grain::quarter)) {
        Stretch s = from;
        s.day.year += m.amount;
        return {s, "", why, false};
      }
      base = from.day;
    } else if (m.amount == 0 && published_ && m.index == 0 && m.may_be_publication) {
      base = published_;
      why = "that of publication";
    } else if (m.may_be_publication && published_) {
      base = published_;
      why = "no earlier time told: counted from publication";
    } else {
      return {std::nullopt, "", "the time it counts from is not told", false};
    }
  } else {
    base = published_;
  }
  if (!base) return {std::nullopt, "", kNoPublication, false};
  if (m.grain == Grain::weekend && m.which == kFree && m.amount == 0 && !m.anchored && m.why[0] == '\0') {
    // "the weekend": on working days the one past or the one to come, by tense.
    const bool in_it = weekday_of(*base) >= 6;
    Stretch s = stretch_of(Grain::weekend, *base);
    if (!in_it && tense <= 0) s = shifted(s, -1);
    return {s, "", in_it ? "weekend of publication" : tense > 0 ? "weekend after publication" : "weekend before publication", false};
  }
  if (m.grain == Grain::weekend) {
    const bool in_it = weekday_of(*base) >= 6;
    Stretch s = stretch_of(Grain::weekend, *base);
    if (m.amount < 0)
      s = shifted(s, m.amount);
    else if (m.amount == 0 && !in_it && tense < 0)
      s = shifted(s, -1);
    else if (m.amount > 0 && in_it)
      s = shifted(s, m.amount);
    return {s, "", why, false};
  }
  return {shifted(stretch_of(m.grain, *base), m.amount), "", why, false};
}

}  // namespace reportedly::time
