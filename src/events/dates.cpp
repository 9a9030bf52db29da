#include "events/dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/one_of.h"
#include "events/choices.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Upos;
using syntax::Word;

struct Weight {
  std::string_view name;
  float value;
};
#include "events/date_weights.inc"
static_assert(std::is_sorted(kDateWeights.begin(), kDateWeights.end(), [](const Weight& a, const Weight& b) { return a.name < b.name; }),
              "features are found by halving");

constexpr float kNone = -1.0f;  // what `none` is worth beside a date: readers infer more than the likeliest answer would
constexpr float kClip = 6;      // log-odds beyond are no surer
constexpr int kSteps = 8;       // of a path through the tree

float weight_of(std::string_view name) {
  const auto at =
      std::lower_bound(kDateWeights.begin(), kDateWeights.end(), name, [](const Weight& w, std::string_view n) { return w.name < n; });
  return at != kDateWeights.end() && at->name == name ? at->value : 0;
}

/// How far off publication a date is; `fine`: a day.
const char* distance(const std::optional<long>& days, bool fine) {
  if (!days) return "unknown";
  if (*days > 0) return "ahead";
  if (!fine) return *days > -62 ? "months" : *days > -370 ? "year" : "years";
  return *days == 0 ? "today" : *days == -1 ? "yesterday" : *days > -8 ? "week" : *days > -62 ? "months" : *days > -370 ? "year" : "years";
}

}  // namespace

/// Adds up the weights of features; keeps them where they are to be written.
class Dates::Sum {
 public:
  explicit Sum(bool keep) : keep_(keep) {}
  void add(std::string_view name, float value = 1) {
    score += weight_of(name) * value;
    if (keep_) features.push_back({std::string(name), value});
  }
  template <typename... T>
  void named(float value, fmt::format_string<T...> format, T&&... parts) {
    std::array<char, 64> name;
    const auto end = fmt::format_to_n(name.data(), name.size(), format, std::forward<T>(parts)...);
    add({name.data(), std::min(end.size, name.size())}, value);
  }
  float score = 0;
  Features features;

 private:
  bool keep_;
};

Dates::Dates(const syntax::Trees& trees, const std::vector<TimeExpression>& times, const std::vector<Attribution>& attributions,
             const std::optional<std::string>& published, const Learned& learned)
    : trees_(trees),
      times_(times),
      attributions_(attributions),
      published_(published),
      learned_(learned),
      told_(times.size()),
      content_of_(innermost_contents(trees, attributions)) {
  std::vector<int32_t> cue_of(trees.words.size(), -1);
  for (size_t a = 0; a < attributions.size(); ++a)
    for (const Span& s : attributions[a].cue)
      for (uint32_t w = trees.word_at(s.start); w < trees.words.size() && trees.words[w].span.start < s.end; ++w)
        cue_of[w] = static_cast<int32_t>(a);
  const auto now = published ? time::day_from_iso(*published) : std::nullopt;
  for (size_t i = 0; i < times.size(); ++i) {
    Told& t = told_[i];
    t.head = head_of(trees, times[i].span);
    t.dateline = time::in_dateline(trees, times[i]);
    const Word& head = trees.words[t.head];
    if (head.head >= 0) t.teller = cue_of[static_cast<size_t>(head.head)];
    for (const uint32_t c : trees.children(t.head)) {
      const Word& w = trees.words[c];
      if ((w.rel == Rel::case_ || w.rel == Rel::mark) && one_of(w.lemma, {"since", "until", "till", "by", "before", "after", "from",
                                                                          "between", "to", "than", "for", "during", "in", "on"}))
        t.bound = w.lemma;
    }
    if (times[i].type != "DATE" && times[i].type != "TIME") continue;
    t.date = time::dated_by(trees, times[i], "").date.value_or("");
    t.fine = t.date.size() >= 10;
    if (news_ < 0 && !t.date.empty() && !t.dateline) news_ = static_cast<int32_t>(i);
    if (!now || t.date.size() < 4) continue;
    // of a month or year the end nearest to publication
    if (const auto day = time::day_from_iso(t.date))
      t.days = static_cast<long>(time::day_number(*day) - time::day_number(*now));
    else if (t.date.compare(0, std::string::npos, *published, 0, t.date.size()) == 0)
      t.days = 0;
    else
      t.days =
          366L * (std::atoi(t.date.c_str()) - now->year) + (t.date.size() >= 7 ? 31L * (std::atoi(t.date.c_str() + 5) - now->month) : 0L);
  }
}

float Dates::status(uint32_t word, std::string_view name) const {
  const auto& names = learned_.scorer.tags().status;
  const auto at = static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  return at < names.size() ? learned_.tags.event_status_p[word * names.size() + at] : 0;
}

Dates::Setting Dates::setting_of(const Frame& f) const {
  Setting out;
  // the verb whose tense it is
  uint32_t w = f.word;
  for (int steps = 0; steps < 3 && trees_.words[w].upos != Upos::VERB && trees_.words[w].head >= 0; ++steps)
    w = static_cast<uint32_t>(trees_.words[w].head);
  if (trees_.words[w].upos != Upos::VERB) w = f.word;
  const Word& verb = trees_.words[w];
  out.form = verb.xpos;
  for (const uint32_t c : trees_.children(w)) {
    const Word& a = trees_.words[c];
    if (a.rel == Rel::mark && a.lemma == "to") out.form = "to";
    if (a.rel != Rel::aux) continue;
    if (a.lemma == "have")
      out.form = a.morph.tense == syntax::Morph::past ? "had" : "has";
    else if (a.xpos == "MD" && out.form != "had" && out.form != "has")
      out.form = "modal";
    else if (a.lemma == "be" && out.form != "had" && out.form != "has" && out.form != "modal")
      out.form = a.morph.tense == syntax::Morph::past ? "was" : "is";
  }
  out.planned = status(f.word, "planned") + status(f.word, "possible") + status(f.word, "hypothetical");
  out.ongoing = status(f.word, "ongoing");
  out.happened = status(f.word, "happened");
  out.voice = content_of_[f.word];
  return out;
}

/// From the trigger up and down to the time: how far, and through which clauses.
void Dates::path(uint32_t trigger, uint32_t head, Sum& to) const {
  std::array<uint32_t, kSteps> up;
  size_t n = 0;
  for (int32_t w = static_cast<int32_t>(trigger); w >= 0 && n < up.size(); w = trees_.words[static_cast<size_t>(w)].head)
    up[n++] = static_cast<uint32_t>(w);
  int32_t w = static_cast<int32_t>(head);
  for (int down = 0; w >= 0 && down < kSteps; ++down, w = trees_.words[static_cast<size_t>(w)].head) {
    const auto met = std::find(up.begin(), up.begin() + n, static_cast<uint32_t>(w));
    if (met == up.begin() + n) continue;
    const auto steps = met - up.begin();
    to.named(1, "up:{}", std::min<ptrdiff_t>(steps, 4));
    to.named(1, "down:{}", std::min(down, 4));
    to.named(1, "path:{}.{}", std::min<ptrdiff_t>(steps, 3), std::min(down, 3));
    if (steps > 0) to.named(1, "first:{}{}", syntax::rel_name(trees_.words[trigger].rel), down == 1 ? "" : "+");
    for (auto x = up.begin(); x != met; ++x) to.named(1, "up:{}", syntax::rel_name(trees_.words[*x].rel));
    int below = 0;
    for (int32_t x = static_cast<int32_t>(head); x != w; x = trees_.words[static_cast<size_t>(x)].head)
      if (below++ > 0) to.named(1, "down:{}", syntax::rel_name(trees_.words[static_cast<size_t>(x)].rel));
    return;
  }
  to.add("path.long");
}

/// A year before publication's, told in a later paragraph: what it dates is background of its own ("In August 2031 three farmers had
/// died").
bool Dates::of_the_past(const Told& t, uint32_t sentence) const {
  const uint32_t there = trees_.words[t.head].sentence;
  return there > sentence && trees_.sentences[there].paragraph != trees_.sentences[sentence].paragraph && published_ &&
         published_->size() >= 4 && t.date.size() >= 4 && t.date.substr(0, 4) < published_->substr(0, 4);
}

void Dates::expression(const Frame& f, const Setting& setting, size_t asked, const time::EventTime& rules, Sum& to) const {
  const Frame::Time& time = f.times[asked];
  const Told& t = told_[time.expression];
  const TimeExpression& x = times_[time.expression];
  const Word& trigger = trees_.words[f.word];
  const uint32_t sentence = trees_.words[t.head].sentence;
  const float l = std::clamp(time.logit, -kClip, kClip);
  to.add("time");
  to.add("logit", l);
  to.add("logit.sure", std::max(0.0f, l));
  // against the others
  float others = -kClip;
  size_t nearer = 0;
  const bool behind = x.span.start > trigger.span.start;
  for (size_t k = 0; k < f.times.size(); ++k) {
    const Told& o = told_[f.times[k].expression];
    if (k == asked || o.date.empty() || o.dateline) continue;
    if (o.date != t.date) others = std::max(others, std::min(f.times[k].logit, kClip));
    const Span s = times_[f.times[k].expression].span;
    if (behind ? s.start > trigger.span.start && s.start < x.span.start : s.start < trigger.span.start && s.start > x.span.start) ++nearer;
  }
  to.add("lead", l - others);
  if (l > others) to.add("best");
  to.named(1, "nearer:{}{}", std::min<size_t>(nearer, 2), behind ? "+" : "-");
  // what the rules make of it
  if (rules.date && *rules.date == t.date)
    to.add(rules.own ? "rules.own" : "rules.clause");
  else if (rules.date)
    to.add(rules.own ? "rules.other" : "rules.other.clause");
  // where
  const int away = static_cast<int>(sentence) - static_cast<int>(trigger.sentence);
  to.named(1, "at:{}", away);
  to.named(1, "at:{}.{}", std::clamp(away, -2, 1), setting.form);
  if (away != 0) {
    to.named(1, "off.{}", info(f.type).name);
    to.named(1, "off.{}", setting.voice < 0 ? "narrator" : "told");
    if (trees_.sentences[sentence].paragraph != trees_.sentences[trigger.sentence].paragraph) to.add("paragraph");
  } else {
    to.add(behind ? "behind" : "before");
    to.named(1, "in.{}", info(f.type).name);
    path(f.word, t.head, to);
  }
  to.named(1, "hangs:{}", syntax::rel_name(trees_.words[t.head].rel));
  if (t.dateline) to.add("dateline");
  if (static_cast<int32_t>(time.expression) == news_) to.add("news"), to.named(1, "news.{}", setting.form);
  // whose voice
  const int32_t held = content_of_[t.head];
  if (t.teller >= 0 && t.teller == setting.voice)
    to.add("of.telling");
  else if (t.teller >= 0 && trigger.span.start >= attributions_[static_cast<size_t>(t.teller)].cue.front().start &&
           trigger.span.end <= attributions_[static_cast<size_t>(t.teller)].cue.back().end)
    to.add("of.cue");
  else if (t.teller >= 0)
    to.add("of.other");
  if (held == setting.voice)
    to.add(held < 0 ? "same.narrator" : "same.voice");
  else
    to.add(held < 0 ? "time.narrator" : setting.voice < 0 ? "act.narrator" : "other.voice");
  // what
  if (!t.bound.empty()) {
    to.named(1, "case:{}", t.bound);
    to.named(setting.ongoing, "case.ongoing:{}", t.bound);
  }
  if (x.type == "TIME") to.add("clock");
  to.named(1, "grain:{}", t.date.size());
  const char* far = distance(t.days, t.fine);
  to.named(1, "far:{}", far);
  to.named(1, "far:{}.{}", far, setting.form);
  to.named(setting.planned, "planned:{}", far);
  to.named(setting.ongoing, "ongoing:{}", far);
  if (away != 0) to.named(1, "off.far:{}", far);
}

void Dates::none(const Frame& f, const Setting& setting, const time::EventTime& rules, Sum& to) const {
  const Word& trigger = trees_.words[f.word];
  to.add("none");
  to.named(1, "none.{}", info(f.type).name);
  to.named(1, "none.{}", setting.form);
  to.named(1, "none.xpos:{}", trigger.xpos);
  to.named(1, "none.rel:{}", syntax::rel_name(trigger.rel));
  to.add("none.planned", setting.planned);
  to.add("none.ongoing", setting.ongoing);
  to.add("none.happened", setting.happened);
  to.add(setting.voice < 0 ? "none.narrator" : "none.told");
  if (setting.voice >= 0) to.named(1, "none.stance:{}", stance_name(attributions_[static_cast<size_t>(setting.voice)].stance));
  to.named(1, "none.sentence:{}", std::min<uint32_t>(trigger.sentence, 3));
  if (trees_.sentences[trigger.sentence].part == Part::title) to.add("none.title");
  if (rules.date) to.add(rules.own ? "none.own" : "none.clause");
  float most = -kClip;
  bool here = false;
  for (const Frame::Time& t : f.times) {
    if (told_[t.expression].date.empty()) {
      to.add("none.undated", 1 / (1 + std::exp(-t.logit)));  // it has a time that is no date
      continue;
    }
    most = std::max(most, t.logit);
    here |= trees_.words[told_[t.expression].head].sentence == trigger.sentence;
  }
  to.add("none.most", most);
  to.add("none.unlikely", std::min(most, -2.0f));
  if (here) to.add("none.here");
  if (f.times.empty()) to.add("none.timeless");
  if (f.learned > 0) to.add("none.learned");
}

void Dates::publication(const Frame& f, const Setting& setting, Sum& to) const {
  const Word& trigger = trees_.words[f.word];
  to.add("day");
  to.named(1, "day.{}", setting.form);
  to.named(1, "day.{}", info(f.type).name);
  to.add("day.planned", setting.planned);
  to.add("day.ongoing", setting.ongoing);
  to.add(setting.voice < 0 ? "day.narrator" : "day.told");
  to.named(1, "day.sentence:{}", std::min<uint32_t>(trigger.sentence, 3));
  if (news_ >= 0) to.named(1, "day.news:{}", distance(told_[static_cast<size_t>(news_)].days, told_[static_cast<size_t>(news_)].fine));
}

time::EventTime Dates::choose(const Frame& f, std::string* rows) const {
  time::EventTime rules = time::time_of(trees_, times_, f.word, published_);
  const Setting setting = setting_of(f);
  struct Candidate {
    std::string_view date;
    int32_t expression;  // of the document's, or −1
    float score;
  };
  std::vector<Candidate> candidates;
  std::string written;
  const auto weigh = [&](std::string_view date, int32_t expression, const auto& describe) {
    Sum sum(rows != nullptr);
    describe(sum);
    candidates.push_back({date, expression, sum.score});
    if (!rows) return;
    written += fmt::format("{}{{\"date\":\"{}\",\"features\":{{", written.empty() ? "" : ",", date);
    for (const Feature& x : sum.features) written += fmt::format("{}\"{}\":{:.3f}", &x == sum.features.data() ? "" : ",", x.name, x.value);
    written += "}}";
  };
  weigh({}, -1, [&](Sum& to) { none(f, setting, rules, to); });
  if (published_ && published_->size() >= 10)
    weigh(std::string_view(*published_).substr(0, 10), -1, [&](Sum& to) { publication(f, setting, to); });
  if (rules.counted) weigh(*rules.date, -1, [&](Sum& to) { to.add("counted"), to.named(1, "counted.{}", setting.form); });
  for (size_t k = 0; k < f.times.size(); ++k)
    if (const auto e = f.times[k].expression; !told_[e].date.empty() && !of_the_past(told_[e], trees_.words[f.word].sentence))
      weigh(told_[e].date, static_cast<int32_t>(e), [&](Sum& to) { expression(f, setting, k, rules, to); });
  if (rows)
    *rows += fmt::format("{{\"dates\":[{}],\"trigger\":[{},{}],\"type\":\"{}\",\"rules\":\"{}\"}}\n", written, f.trigger.start,
                         f.trigger.end, info(f.type).name, rules.date.value_or(""));

  // the likeliest date, however it is told
  candidates.front().score += kNone;
  float most = candidates.front().score, total = 0;
  for (const Candidate& c : candidates) most = std::max(most, c.score);
  for (Candidate& c : candidates) total += c.score = std::exp(c.score - most);
  const auto mass = [&](std::string_view date) {
    float out = 0;
    for (const Candidate& c : candidates)
      if (c.date == date) out += c.score;
    return out / total;
  };
  const Candidate* best = nullptr;
  float p = 0;
  for (const Candidate& c : candidates) {
    const float m = mass(c.date);
    if (best == nullptr || m > p || (c.date == best->date && c.score > best->score)) best = &c, p = m;
  }
  if (rules.date.value_or("") == best->date) return rules;
  if (best->date.empty()) return {.why = {rules.why.front(), fmt::format("the model sees no time of it (p {:.2f})", p)}};
  if (best->expression < 0)
    return {.date = std::string(best->date), .why = {fmt::format("time: the day of the report, model:time (p {:.2f})", p)}};
  return time::dated_by(trees_, times_[static_cast<size_t>(best->expression)], fmt::format("model:time (p {:.2f})", p));
}

}  // namespace reportedly::events
