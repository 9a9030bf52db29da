#include "events/counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/one_of.h"
#include "events/numerals.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Upos;
using syntax::Word;

constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();
constexpr uint32_t kReach = 2;  ///< sentences between two counts

enum class Of : uint8_t { bare, dead, injured, arrested, things };

struct Count {
  int32_t voice = -1;  ///< −1: the narrator
  uint32_t first = 0, last = 0;
  int64_t low = 0, high = 0;
  Of of = Of::things;
  std::string_view noun;  ///< what is counted; empty where only the number is told
};

class Counter {
 public:
  Counter(const syntax::Trees& trees, const std::vector<Event>& events, const std::vector<Attribution>& attributions)
      : trees_(trees), events_(events), attributions_(attributions), voice_(trees.words.size(), -1) {}

  std::vector<Dispute> run() {
    find_voices();
    for (uint32_t w = 0; w < trees_.words.size();) w = read(w);
    std::vector<Dispute> out;
    for (size_t j = 1; j < counts_.size(); ++j) {
      const Count& later = counts_[j];
      if (later.voice < 0) continue;
      for (size_t i = j; i-- > 0;) {
        const Count& earlier = counts_[i];
        if (sentence(later) > sentence(earlier) + kReach) break;
        if (same_source(earlier.voice, later.voice) || !same_thing(earlier, later)) continue;
        // what the document counts itself may be anything
        if (earlier.voice < 0 && earlier.of == Of::things && !of_event(earlier)) continue;
        if (earlier.high < later.low || later.high < earlier.low)
          if (const int32_t event = event_of(earlier); event >= 0) {
            const std::string what = later.of != Of::bare ? name(later) : name(earlier);
            out.push_back({"number",
                           {event},
                           {{told(earlier, earlier.of == Of::bare ? what : name(earlier)), event, {earlier.voice}},
                            {told(later, what), event, {later.voice}}}});
          }
        if (later.of == Of::bare || earlier.high < later.low || later.high < earlier.low) break;  // it answers the last one
      }
    }
    return out;
  }

 private:
  const Word& word(uint32_t w) const { return trees_.words[w]; }
  uint32_t sentence(const Count& c) const { return word(c.first).sentence; }

  /// The innermost attribution around each word.
  void find_voices() {
    std::vector<uint64_t> size(attributions_.size(), 0);
    std::vector<uint32_t> order;
    for (uint32_t a = 0; a < attributions_.size(); ++a) {
      order.push_back(a);
      for (const Span& s : attributions_[a].content) size[a] += s.size();
    }
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return size[a] > size[b]; });
    for (const uint32_t a : order)
      for (const Span& s : attributions_[a].content)
        for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && word(w).span.start < s.end; ++w)
          voice_[w] = static_cast<int32_t>(a);
  }

  static bool joins(const Word& w) { return w.lemma == "and" || w.form == "-"; }
  bool numeral(uint32_t w) const {
    if (w >= trees_.words.size()) return false;
    // "dozens", "hundreds of": nobody's number
    if (word(w).form.ends_with("s") && (word(w).lemma == "dozen" || magnitude(word(w)) > 0)) return false;
    return (word(w).upos == Upos::NUM && number_of(word(w))) || magnitude(word(w)) > 0 || word(w).lemma == "dozen";
  }

  /// A number from w on; returns the first word behind it.
  uint32_t read(uint32_t w) {
    if (!numeral(w)) return w + 1;
    int64_t total = 0, part = 0;
    uint32_t end = w;
    for (; end < trees_.words.size() && word(end).sentence == word(w).sentence; ++end) {
      if (const int64_t unit = word(end).lemma == "dozen" ? 12 : magnitude(word(end)); unit > 0) {
        part = std::max<int64_t>(part, 1) * unit;
        if (unit >= 1000) total += part, part = 0;
      } else if (const auto n = numeral(end) ? number_of(word(end)) : std::nullopt) {
        if (end > w && magnitude(word(end - 1)) == 0 && !joins(word(end - 1))) break;
        part += *n;
      } else if (!(joins(word(end)) && end > w && numeral(end + 1) && magnitude(word(end - 1)) > 0)) {
        break;
      }
    }
    Count c;
    c.voice = voice_[w];
    c.first = w;
    c.last = end;
    c.low = c.high = total + part;
    if (c.low > 0 && counted(c)) {
      bounds(c);
      counts_.push_back(c);
    }
    return end;
  }

  /// "at least 26", "more than 120", "fewer than 250", "between 20 and 40".
  void bounds(Count& c) {
    const auto before = [&](uint32_t back) -> std::string_view {
      return c.first >= back && word(c.first - back).sentence == word(c.first).sentence ? std::string_view(word(c.first - back).lemma)
                                                                                        : std::string_view();
    };
    const std::string_view one = before(1), two = before(2);
    if (one_of(one, {"about", "around", "some", "nearly", "almost", "roughly", "approximately"})) {
      c.low -= c.low / 10;
      c.high += c.high / 10;
    } else if ((one == "least" && two == "at") || one == "over") {
      c.high = kNoBound;
    } else if (one == "than" && one_of(two, {"more", "much", "many"})) {
      ++c.low;
      c.high = kNoBound;
    } else if (one == "most" || (one == "to" && two == "up") || (one == "than" && one_of(two, {"few", "little", "less", "fewer"}))) {
      c.low = 0;
    } else if (one_of(one, {"and", "to", "or"}) && !counts_.empty() && counts_.back().last + 1 == c.first && counts_.back().low <= c.low) {
      c.low = counts_.back().low;  // one range
      c.first = counts_.back().first;
      counts_.pop_back();
    }
  }

  /// What is counted; false if it is nothing that voices count: a date, money, an age.
  bool counted(Count& c) const {
    uint32_t top = c.last - 1;
    for (uint32_t w = c.first; w < c.last; ++w) {
      const int32_t h = word(w).head;
      if (h < static_cast<int32_t>(c.first) || h >= static_cast<int32_t>(c.last)) top = w;
    }
    const auto form = [&](uint32_t w) { return w < trees_.words.size() ? std::string_view(word(w).form) : std::string_view(); };
    if (one_of(form(c.last), {"%", "percent", "-", ":", "per", "p.m.", "a.m."}) ||
        (c.first > 0 && one_of(form(c.first - 1), {"$", "€", "£", "-", ":"})))
      return false;
    for (uint32_t w = c.first; w-- > 0 && w + 6 >= c.first && word(w).sentence == word(c.first).sentence;)
      if (one_of(form(w), {"aged", "ages"})) return false;
    // "Ana Ruiz, 58, with": an age
    if (c.first > 1 && c.last == c.first + 1 && form(c.first - 1) == "," && one_of(form(c.last), {",", "."}) &&
        word(c.first - 2).upos == Upos::PROPN && c.high < 120)
      return false;
    if ((c.first > 0 && is_month(word(c.first - 1))) || (c.last < trees_.words.size() && is_month(word(c.last)))) return false;  // a day
    // "eleven more", "two others", "another six": on top of those told before
    if (one_of(form(c.last), {"more", "other", "others", "further", "additional", "extra"}) ||
        (c.first > 0 && one_of(form(c.first - 1), {"another", "other", "further", "additional"})))
      return false;
    int32_t noun = -1;
    if (word(top).rel == Rel::nummod && word(top).head >= 0) noun = word(top).head;
    if (noun >= 0) {
      const Word& n = word(static_cast<uint32_t>(noun));
      if (n.upos == Upos::PROPN || static_cast<uint32_t>(noun) < c.first) return false;  // "June 16", "Unit 731"
      if (one_of(n.lemma, {"year",   "day",       "hour",      "minute", "week",    "month",   "century", "decade",  "time",
                           "night",  "kilometre", "kilometer", "km",     "metre",   "meter",   "mile",    "percent", "per",
                           "dollar", "euro",      "pound",     "cent",   "tonne",   "ton",     "degree",  "litre",   "season",
                           "party",  "side",      "half",      "thing",  "version", "account", "way",     "stone",   "o’clock"}))
        return false;
      c.noun = n.lemma;
      c.of = category(static_cast<uint32_t>(noun));
      return true;
    }
    // the number alone: "it was 112", "spoke of 70,000", "put the toll at nine", “Eleven,”
    if (one_of(form(c.last), {"of"}) || word(top).rel == Rel::compound || word(top).rel == Rel::amod) return false;
    if (c.low >= 1900 && c.low < 2100 && word(c.first).form.find(',') == std::string::npos && c.last == c.first + 1) return false;
    if (c.low == 1 && word(c.first).lemma == "one" && content_words(c) > 1) return false;
    c.of = Of::bare;
    const Word& t = word(top);
    if (one_of(t.lemma, {"dead"})) c.of = Of::dead;
    // a number that does something of its own is the number alone only where little else is said
    const bool does = t.rel == Rel::nsubj || t.rel == Rel::obj;
    if (does && c.voice >= 0) {
      const uint32_t up = t.head < 0 ? top : static_cast<uint32_t>(t.head);
      c.of = verb(up);
      if (c.of == Of::things)
        c.of =
            one_of(word(up).lemma, {"be", "count", "put", "give", "see", "find", "name", "list", "have", "treat"}) || content_words(c) <= 4
                ? Of::bare
                : Of::things;
    }
    if (c.of == Of::things || (c.voice < 0 && c.of == Of::bare)) return false;
    if (c.of == Of::bare) c.of = told_of(c);
    for (const uint32_t x : trees_.children(top))
      if (word(x).rel == Rel::case_ && !one_of(word(x).lemma, {"at", "of", "to", "between", "than"})) return false;  // "in 2031", "by six"
    return true;
  }
  /// "the number of wounded at 18": what the words around a bare number say.
  Of told_of(const Count& c) const {
    Of of = Of::bare;
    for (const Span& s : attributions_[static_cast<size_t>(c.voice)].content)
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && word(w).span.start < s.end; ++w) {
        if (one_of(word(w).lemma, {"dead", "death", "killed", "victim"})) of = Of::dead;
        if (one_of(word(w).lemma, {"wounded", "injured", "wound", "injure", "injury"})) of = Of::injured;
      }
    return of;
  }
  size_t content_words(const Count& c) const {
    size_t n = 0;
    if (c.voice < 0) return n;
    for (const Span& s : attributions_[static_cast<size_t>(c.voice)].content)
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && word(w).span.start < s.end; ++w)
        n += word(w).upos != Upos::PUNCT && (w < c.first || w >= c.last) ? 1 : 0;
    return n + (c.last > c.first ? 1 : 0);
  }

  Of verb(uint32_t w) const {
    const std::string_view lemma = word(w).lemma;
    if (one_of(lemma, {"kill", "die", "perish", "murder", "execute", "massacre", "bury"})) return Of::dead;
    if (one_of(lemma, {"injure", "wound", "hurt"})) return Of::injured;
    if (one_of(lemma, {"arrest", "detain", "jail", "imprison"})) return Of::arrested;
    return Of::things;
  }
  Of category(uint32_t noun) const {
    const Word& n = word(noun);
    if (one_of(n.lemma, {"dead", "death", "body", "corpse", "fatality", "grave", "burial", "funeral"})) return Of::dead;
    if (one_of(n.lemma, {"injured", "wounded", "injury"})) return Of::injured;
    if (one_of(n.lemma, {"arrest", "detainee", "prisoner"})) return Of::arrested;
    for (const uint32_t c : trees_.children(noun))
      if (word(c).lemma == "dead") return Of::dead;
    if (n.head >= 0 && (n.rel == Rel::nsubj || n.rel == Rel::obj)) return verb(static_cast<uint32_t>(n.head));
    return Of::things;
  }

  bool same_source(int32_t a, int32_t b) const {
    if (a == b) return true;
    if (a < 0 || b < 0) return false;
    const int32_t x = attributions_[static_cast<size_t>(a)].source_entity;
    if (x >= 0 && x == attributions_[static_cast<size_t>(b)].source_entity) return true;
    for (int32_t up = a; up >= 0; up = attributions_[static_cast<size_t>(up)].parent)
      if (up == b) return true;
    for (int32_t up = b; up >= 0; up = attributions_[static_cast<size_t>(up)].parent)
      if (up == a) return true;
    return false;
  }

  static bool same_thing(const Count& a, const Count& b) {
    if (b.of == Of::bare) return true;
    if (a.of == Of::bare) return b.of != Of::things && a.voice >= 0;
    if (a.of == Of::things || a.of != b.of) return false;
    const auto anybody = [](std::string_view noun) {
      return noun.empty() || one_of(noun, {"people", "person", "man", "woman", "civilian", "dead", "death", "body", "corpse", "victim",
                                           "grave", "burial", "fatality", "arrest", "detainee", "prisoner", "casualty"});
    };
    return a.noun == b.noun || anybody(a.noun) || anybody(b.noun);
  }

  static bool within(const EventNumber& n, const Span& count) { return n.span.start < count.end && count.start < n.span.end; }
  Span span_of(const Count& c) const { return {word(c.first).span.start, word(c.last - 1).span.end}; }
  /// Events from the sentence before a count on; they stand in text order.
  std::vector<Event>::const_iterator events_around(const Count& c) const {
    const uint32_t s = sentence(c);
    const uint32_t from = trees_.sentences[s > 0 ? s - 1 : 0].first_word;
    return std::lower_bound(events_.begin(), events_.end(), from, [](const Event& e, uint32_t w) { return e.trigger_word < w; });
  }
  bool of_event(const Count& c) const {
    const auto from = events_around(c);
    const auto to = std::find_if(from, events_.end(), [&](const Event& e) { return word(e.trigger_word).sentence > sentence(c); });
    return std::any_of(from, to, [&](const Event& e) {
      return std::any_of(e.numbers.begin(), e.numbers.end(), [&](const EventNumber& n) { return within(n, span_of(c)); });
    });
  }

  /// The event that a count belongs to: with this number, else told by the voice in its sentence, else in that sentence or the one before.
  int32_t event_of(const Count& c) const {
    int32_t best = -1, best_rank = 0;
    for (auto at = events_around(c); at != events_.end(); ++at) {
      const Event& e = *at;
      const uint32_t s = word(e.trigger_word).sentence;
      if (s > sentence(c)) break;
      int rank = s == sentence(c) ? 2 : 1;
      if (s == sentence(c) && std::any_of(e.voices.begin(), e.voices.end(), [&](const VoiceClaim& v) { return v.attribution == c.voice; }))
        rank = e.quad == 4 ? 4 : 3;
      for (const EventNumber& n : e.numbers)
        if (within(n, span_of(c))) rank = 5;
      if (rank > best_rank || (rank == best_rank && rank == 1)) {
        best = static_cast<int32_t>(at - events_.begin());
        best_rank = rank;
      }
    }
    return best;
  }

  static std::string name(const Count& c) {
    switch (c.of) {
      case Of::dead:
        return "dead";
      case Of::injured:
        return "injured";
      case Of::arrested:
        return "arrested";
      default:
        return std::string(c.noun);
    }
  }
  static std::string told(const Count& c, const std::string& what) {
    std::string n = c.high == kNoBound ? fmt::format("at least {}", c.low)
                    : c.low == 0       ? fmt::format("at most {}", c.high)
                    : c.low < c.high   ? fmt::format("{} to {}", c.low, c.high)
                                       : fmt::format("{}", c.low);
    return what.empty() ? n : n + " " + what;
  }

  const syntax::Trees& trees_;
  const std::vector<Event>& events_;
  const std::vector<Attribution>& attributions_;
  std::vector<int32_t> voice_;  ///< innermost attribution around each word
  std::vector<Count> counts_;   ///< in text order
};

}  // namespace

std::vector<Dispute> rival_counts(const syntax::Trees& trees, const std::vector<Event>& events,
                                  const std::vector<Attribution>& attributions) {
  if (events.empty() || attributions.empty()) return {};
  return Counter(trees, events, attributions).run();
}

}  // namespace reportedly::events
