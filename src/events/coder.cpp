// Frames to events: which frames are contents of others, what tense and polarity make of a type, voices, status, numbers, contexts.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/one_of.h"
#include "events/answers.h"
#include "events/dates.h"
#include "events/denials.h"
#include "events/evidence.h"
#include "events/factuality.h"
#include "events/learned.h"
#include "events/match.h"
#include "events/numerals.h"
#include "events/several.h"

namespace reportedly::events {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Upos;
using syntax::Word;

constexpr TypeSet kVerbal = bit(Type::agree) | bit(Type::support) | bit(Type::concede) | bit(Type::request) | bit(Type::accuse) |
                            bit(Type::reject) | bit(Type::threaten) | bit(Type::consult);
constexpr TypeSet kPromised = bit(Type::consult) | bit(Type::support) | bit(Type::cooperate) | bit(Type::aid);
constexpr TypeSet kHostile = bit(Type::assault) | bit(Type::coerce) | bit(Type::sanction);
/// Told in the simple present, these go on: "Tokyo bears the cost". The present of the others is the news of the day: "Kabul blames …".
constexpr TypeSet kLasting = bit(Type::cooperate) | bit(Type::aid) | bit(Type::coerce);

// Chosen on the held-out twelfth of the training passages.
constexpr float kPlace = 0.5f, kNoPlace = 0.05f;  // the same of its place
constexpr float kSees = 0.4f;                     // an act that the model sees: what a rule has against it is weighed, not obeyed
constexpr float kType = 0.5f;                     // an act that rules take for one of another type than the model
constexpr float kKeepOdds = -0.5f;                // log-odds below which an act is left out
constexpr float kKeepEntryOdds = -1.2f;           // … of one that an entry knows
constexpr auto kDenied = static_cast<size_t>(std::find(kStatuses.begin(), kStatuses.end(), "denied") - kStatuses.begin());
constexpr float kHappened = 1.2f;  // how much likelier than any other status `happened` has to be: it is by far the most frequent

class Coder {
 public:
  Coder(const syntax::Trees& trees, const entities::EntityLayer& entities, const std::vector<TimeExpression>& times,
        const std::vector<Place>& places, const std::vector<Attribution>& attributions, const EventLexicon::Impl& lexicon,
        const entities::Actors& actors, const std::optional<std::string>& published, const Learned* learned)
      : trees_(trees),
        entities_(entities),
        times_(times),
        places_(places),
        attributions_(attributions),
        lexicon_(lexicon),
        published_(published),
        g_(trees, lexicon),
        states_(trees, g_, entities),
        learned_(learned),
        m_(match(trees, g_, entities, actors, places, lexicon)) {
    if (learned) {
      learn(trees, entities, *learned, {times, places, attributions}, m_);
      evidence_.emplace(trees, entities, lexicon, g_, *learned, published);
      if (learned->scorer.role_count() == nn::kRoles) dates_.emplace(trees, times, attributions, published, *learned);
    }
  }

  EventLayer run() {
    find_contents_in();
    find_contents();
    find_genres();
    find_sole();
    acts_.resize(trees_.sentences.size());
    for (const Frame& f : m_.frames)
      if (!f.doubted) ++acts_[g_.word(f.word).sentence];
    std::vector<uint32_t> order(m_.frames.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return m_.frames[a].word < m_.frames[b].word; });
    for (const uint32_t i : order) emit(m_.frames[i]);
    merge();
    whom_it_condemns();
    if (learned_ && learned_->scorer.role_count() == nn::kRoles) {
      add_answers(trees_, entities_, attributions_, m_, expected_, out_.events, out_.opinions.heard, learned_->candidates);
      find_rivals();
    } else {
      link_denials(trees_, entities_, attributions_, out_.events);
    }
    notes();
    return std::move(out_);
  }

 private:
  std::string why_of(const Frame& f) const {
    return f.learned > 0 ? fmt::format("model:event (p {:.2f})", f.learned) : lexicon_.entries[f.entry].why;
  }
  std::span<const Code> codes_of(const Frame& f) const {
    return f.learned > 0 ? std::span(&f.code, 1) : std::span(lexicon_.entries[f.entry].codes);
  }

  // ---- contents of others ----

  /// Is `below` reached from `above` through complements alone, so that it is what `above` speaks of?
  bool complement(uint32_t below, uint32_t above) const {
    uint32_t w = below;
    for (int i = 0; i < 24; ++i) {
      const Word& d = g_.word(w);
      if (d.head < 0) return false;
      const uint32_t h = static_cast<uint32_t>(d.head);
      switch (d.rel) {
        case Rel::xcomp:
        case Rel::ccomp:
        case Rel::obj:
        case Rel::iobj:
        case Rel::csubj:
          break;
        case Rel::conj:
          if (h == above && d.upos == g_.word(h).upos && !content_word(above, w)) return false;  // a second act beside the first
          break;
        case Rel::nsubj:
          if (d.sub != Sub::pass && !g_.passive(h) && h == above) return false;
          break;
        case Rel::obl:
        case Rel::nmod:
          for (const uint32_t c : g_.children(w))
            if (g_.word(c).rel == Rel::case_ && one_of(g_.word(c).lemma, {"after", "before", "during", "since", "amid", "despite",
                                                                          "following", "until", "as", "by", "through"}))
              return false;
          if (d.sub == Sub::tmod) return false;
          if (right_behind(w, above)) return true;
          break;
        case Rel::advcl:
        case Rel::acl: {
          if (d.sub == Sub::relcl) return false;
          bool link = false;
          for (const uint32_t c : g_.children(w)) {
            const Word& m = g_.word(c);
            if ((m.rel == Rel::mark || m.rel == Rel::case_) &&
                one_of(m.lemma, {"to", "of", "for", "from", "over", "about", "that", "against", "on", "into", "in", "if", "unless"}))
              link = true;
          }
          if (!link) return false;
          break;
        }
        case Rel::compound:
        case Rel::amod:
          break;
        default:
          return false;
      }
      if (h == above) return true;
      w = h;
    }
    return false;
  }

  /// "opened an investigation into killings", hung on the verb.
  bool right_behind(uint32_t w, uint32_t noun) const {
    const Word& n = g_.word(noun);
    return n.upos == Upos::NOUN && n.rel == Rel::obj && n.head == g_.word(w).head && trees_.extent(w).first == trees_.extent(noun).second;
  }

  bool content_word(uint32_t above, uint32_t w) const {
    const int32_t f = m_.frame_of[above];
    if (f < 0) return false;
    const Words& c = m_.frames[static_cast<size_t>(f)].contents;
    return std::find(c.begin(), c.end(), w) != c.end();
  }

  void find_contents() {
    for (size_t i = 0; i < m_.frames.size(); ++i) {
      Frame& f = m_.frames[i];
      // outermost wins: walk to the root and remember the last frame that speaks of this one
      int32_t h = g_.word(f.word).head;
      for (int step = 0; step < 24 && h >= 0; ++step, h = g_.word(static_cast<uint32_t>(h)).head) {
        const int32_t o = m_.frame_of[static_cast<size_t>(h)];
        if (o >= 0 && !m_.frames[static_cast<size_t>(o)].doubted && speaks_of(m_.frames[static_cast<size_t>(o)], f)) f.inside_of = o;
      }
    }
    for (Frame& f : m_.frames) {
      const Word& d = g_.word(f.word);
      if (f.inside_of >= 0 || d.rel != Rel::obl || d.head < 0) continue;
      const int32_t noun = trees_.child_with(static_cast<uint32_t>(d.head), Rel::obj);
      const int32_t o = noun < 0 ? -1 : m_.frame_of[static_cast<size_t>(noun)];
      if (o >= 0 && !m_.frames[static_cast<size_t>(o)].doubted && right_behind(f.word, static_cast<uint32_t>(noun)) &&
          speaks_of(m_.frames[static_cast<size_t>(o)], f))
        f.inside_of = o;
    }
    // contents that hang elsewhere (on the light verb of the noun)
    std::vector<std::vector<size_t>> of_sentence(trees_.sentences.size());
    for (size_t i = 0; i < m_.frames.size(); ++i) of_sentence[g_.word(m_.frames[i].word).sentence].push_back(i);
    for (size_t o = 0; o < m_.frames.size(); ++o)
      for (const uint32_t c : m_.frames[o].contents)
        for (const size_t i : of_sentence[g_.word(c).sentence]) {
          Frame& f = m_.frames[i];
          if (i == o || f.inside_of >= 0 || alleged(m_.frames[o], f) || charged(m_.frames[o], f)) continue;
          if (f.word == c || complement(f.word, c)) f.inside_of = static_cast<int32_t>(o);
        }
  }

  static bool alleged(const Frame& outer, const Frame& inner) {
    return outer.type == Type::accuse && (outer.mode == "allege" || outer.learned > 0) &&
           (bit(inner.type) & (kHostile | bit(Type::mobilize))) != 0;
  }

  bool speaks_of(const Frame& outer, const Frame& inner) const {
    if (!(bit(outer.type) & kVerbal)) {
      // the topic of a protest is no demand of its own
      if (outer.type == Type::protest)
        return (bit(inner.type) & (bit(Type::request) | bit(Type::reject) | bit(Type::accuse) | bit(Type::support) | bit(Type::agree) |
                                   bit(Type::consult) | bit(Type::concede) | bit(Type::retreat) | bit(Type::threaten))) != 0 &&
               subordinate(inner.word, outer.word);
      // what is prepared for
      if (outer.type == Type::mobilize) return inner.type == Type::assault && !g_.is_verb(inner.word) && complement(inner.word, outer.word);
      // what is stopped or given up: "halted its air strikes"
      if ((outer.type == Type::retreat || outer.type == Type::concede) && !g_.is_verb(inner.word))
        return complement(inner.word, outer.word);
      // what somebody is arrested or convicted for is the charge
      return (outer.mode == "arrest" || outer.mode == "convict") && g_.is_verb(inner.word) && complement(inner.word, outer.word);
    }
    // an alleged act is told in the accuser's voice, a denied one in that of who denies it
    if (alleged(outer, inner) || charged(outer, inner)) return false;
    return complement(inner.word, outer.word);
  }

  /// "rejected the charge that it had shelled the town": the shelling, which is denied.
  bool charged(const Frame& outer, const Frame& inner) const {
    if (outer.type != Type::reject || (bit(inner.type) & kHostile) == 0 || !g_.is_verb(inner.word)) return false;
    const Word& d = g_.word(inner.word);
    return d.rel == Rel::acl && d.head >= 0 && d.sub != syntax::Sub::relcl && claim_noun(g_.word(static_cast<uint32_t>(d.head)).lemma) &&
           g_.word(static_cast<uint32_t>(d.head)).head == static_cast<int32_t>(outer.word);
  }

  bool subordinate(uint32_t below, uint32_t above) const {
    uint32_t w = below;
    for (int i = 0; i < 24; ++i) {
      const Word& d = g_.word(w);
      if (d.head < 0 || d.rel == Rel::conj || d.rel == Rel::parataxis || d.rel == Rel::nsubj) return false;
      if (static_cast<uint32_t>(d.head) == above) return true;
      w = static_cast<uint32_t>(d.head);
    }
    return false;
  }

  // ---- voices ----

  bool in_content(size_t a, uint32_t w) const {
    const Span s = g_.word(w).span;
    for (const Span& c : attributions_[a].content)
      if (c.holds(s)) return true;
    return false;
  }
  uint32_t content_size(size_t a) const {
    uint32_t n = 0;
    for (const Span& c : attributions_[a].content) n += c.size();
    return n;
  }
  uint32_t cue_distance(size_t a, uint32_t w) const {
    uint32_t best = UINT32_MAX;
    const Span s = g_.word(w).span;
    for (const Span& c : attributions_[a].cue)
      best = std::min(best, c.end <= s.start ? s.start - c.end : c.start >= s.end ? c.start - s.end : 0);
    return best;
  }

  struct Voices {
    int32_t own = -1;
    std::vector<int32_t> innermost;  ///< of every chain
  };

  /// Attributions by the sentences of their contents.
  void find_contents_in() {
    contents_in_.resize(trees_.sentences.size());
    for (uint32_t a = 0; a < attributions_.size(); ++a)
      for (const Span& x : attributions_[a].content)
        for (uint32_t w = trees_.word_at(x.start); w < trees_.words.size() && g_.word(w).span.start < x.end;) {
          const uint32_t s = g_.word(w).sentence;
          if (contents_in_[s].empty() || contents_in_[s].back() != a) contents_in_[s].push_back(a);
          w = trees_.sentences[s].last_word;
        }
  }

  Voices voices_of(uint32_t w) const {
    Voices v;
    std::vector<size_t> holding;
    for (const uint32_t a : contents_in_[g_.word(w).sentence])
      if (in_content(a, w)) holding.push_back(a);
    for (const size_t a : holding) {
      if (v.own < 0) {
        v.own = static_cast<int32_t>(a);
      } else {
        const size_t best = static_cast<size_t>(v.own);
        const uint32_t x = content_size(a), y = content_size(best);
        if (x < y || (x == y && cue_distance(a, w) < cue_distance(best, w))) v.own = static_cast<int32_t>(a);
      }
      bool outer = false;
      for (const size_t b : holding)
        for (int32_t p = attributions_[b].parent, steps = 0; p >= 0 && steps < 32;
             p = attributions_[static_cast<size_t>(p)].parent, ++steps)
          outer |= p == static_cast<int32_t>(a);
      if (!outer) v.innermost.push_back(static_cast<int32_t>(a));
    }
    if (v.innermost.empty()) v.innermost.push_back(-1);
    return v;
  }

  Reality reality_in(uint32_t w, int32_t attribution) const {
    if (attribution < 0) return reality(g_, lexicon_, w, [](uint32_t) { return true; });
    const size_t a = static_cast<size_t>(attribution);
    return reality(g_, lexicon_, w, [&](uint32_t x) { return in_content(a, x); });
  }

  // ---- what is told in the words of politics and is none ----

  /// Genres of each paragraph as bits; a short text is one paragraph here.
  void find_genres() {
    constexpr size_t kShort = 12;  // sentences
    const bool whole = trees_.sentences.size() <= kShort;
    genres_.assign(trees_.sentences.size(), 0);
    weights_.assign(trees_.sentences.size() * lexicon_.genres.size(), 0);
    if (lexicon_.genres.empty()) return;
    std::vector<uint32_t> weight(lexicon_.genres.size());
    std::vector<std::string_view> seen;
    for (size_t first = 0; first < trees_.sentences.size();) {
      size_t last = first + 1;
      while (last < trees_.sentences.size() && (whole || trees_.sentences[last].paragraph == trees_.sentences[first].paragraph)) ++last;
      std::fill(weight.begin(), weight.end(), 0);
      seen.clear();
      const auto add = [&](std::string_view lemma) {
        const auto it = lexicon_.genre_words.find(lemma);
        if (it == lexicon_.genre_words.end() || std::find(seen.begin(), seen.end(), it->first) != seen.end()) return;
        seen.push_back(it->first);
        for (const auto& g : it->second) weight[g.genre] += g.weight;
      };
      std::string two;
      for (uint32_t w = trees_.sentences[first].first_word; w < trees_.sentences[last - 1].last_word; ++w) {
        add(g_.word(w).lemma);
        if (w + 1 < trees_.words.size()) add(two.assign(g_.word(w).lemma).append(" ").append(g_.word(w + 1).lemma));
      }
      uint32_t bits = 0;
      for (size_t g = 0; g < weight.size(); ++g)
        if (weight[g] >= 4) bits |= uint32_t{1} << g;
      for (size_t s = first; s < last; ++s)
        std::copy(weight.begin(), weight.end(), weights_.begin() + static_cast<std::ptrdiff_t>(s * weight.size()));
      std::fill(genres_.begin() + static_cast<std::ptrdiff_t>(first), genres_.begin() + static_cast<std::ptrdiff_t>(last), bits);
      first = last;
    }
  }

  static bool has_sector(const Participant& p, std::initializer_list<std::string_view> list) {
    return std::any_of(p.sectors.begin(), p.sectors.end(), [&](const std::string& s) { return one_of(s, list); });
  }
  std::string_view kind_of(const Participant& p) const {
    return p.entity < 0 ? std::string_view("state") : std::string_view(entities_.entities[static_cast<size_t>(p.entity)].kind);
  }
  bool of_state(const Participant& p) const { return kind_of(p) == "state" || has_sector(p, {"GOV", "COP", "JUD", "LEG"}); }
  bool governs(const Participant& p) const {
    return kind_of(p) == "state" || kind_of(p) == "armed_group" ||
           has_sector(p, {"GOV", "LEG", "MIL", "REB", "PTY", "OPP", "PRM", "SPY", "PRE", "JRN"});
  }
  bool political(const Participant& p) const {
    const std::string_view kind = kind_of(p);
    return kind == "state" || kind == "office" || kind == "armed_group" ||
           // a capital or a people that acts stands for its state
           (p.country && (kind == "place" || (kind == "group" && p.sectors.empty()))) ||
           (p.country && one_of(*p.country, {"UNO", "EUR", "IGO", "NGO", "IMG", "ISM"})) ||
           has_sector(p, {"COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "OPP", "PRE", "ELI", "UAF"});
  }
  template <class F>
  static bool any_party(const Event& e, F&& is) {
    return std::any_of(e.actors.begin(), e.actors.end(), is) || std::any_of(e.recipients.begin(), e.recipients.end(), is);
  }

  /// Why the event is none of politics; empty if it is one.
  struct Objection {
    std::string_view kind;  ///< as a feature of what is kept
    std::string reason;
  };
  Objection apolitical(const Event& e, uint32_t sentence) const {
    const bool politics = any_party(e, [&](const Participant& p) { return political(p); });
    for (size_t g = 0; g < lexicon_.genres.size(); ++g) {
      if (!(genres_[sentence] >> g & 1)) continue;
      const Genre& genre = lexicon_.genres[g];
      const bool spared = genre.spares == Genre::Spares::political    ? politics
                          : genre.spares == Genre::Spares::government ? any_party(e, [&](const Participant& p) { return governs(p); })
                          : genre.spares == Genre::Spares::state      ? any_party(e, [&](const Participant& p) { return of_state(p); })
                                                                      : false;
      if (!spared) return {"genre", fmt::format("the paragraph is about {}", genre.name)};
    }
    const bool street = one_of(e.type, {"PROTEST", "ASSAULT", "COERCE", "RETREAT", "MOBILIZE", "SANCTION"}) || e.mode == "allege" ||
                        e.mode == "investigate";
    const bool from_street =
        one_of(e.type, {"THREATEN", "CONCEDE", "REQUEST", "AGREE", "REJECT", "AID"}) && any_party(e, [](const Participant& p) {
          return has_sector(p, {"LAB", "AGR", "EDU", "REL", "MED", "SOC"});
        });
    if (!politics && !street && !from_street) return {"nobody", "nobody of politics on either side"};
    if (!politics && one_of(e.type, {"PROTEST", "ASSAULT", "COERCE"}) && !e.actors.empty() &&
        std::all_of(e.actors.begin(), e.actors.end(),
                    [&](const Participant& p) { return kind_of(p) == "person" || has_sector(p, {"BUS"}); }))
      return {"private", "a private matter"};
    if (e.date && e.date->size() >= 4) {
      const int year = std::atoi(e.date->substr(0, 4).c_str());
      const int now = published_ && published_->size() >= 4 ? std::atoi(published_->substr(0, 4).c_str()) : 1995;
      if (year > 0 && year < now - 50) return {"history", "history"};
    }
    return {};
  }

  /// The only country that the whole text speaks of, and more than once.
  void find_sole() {
    size_t named = 0;
    const auto see = [&](const std::optional<std::string>& country, size_t n) {
      if (!country || several_ || of_no_state(*country)) return;
      if (!sole_.empty() && sole_ != *country) several_ = true;
      sole_ = *country;
      named += n;
    };
    for (const Entity& e : entities_.entities) see(e.country, e.mentions.size());
    for (const Place& p : places_) see(p.country, 1);
    if (several_ || named < 2) sole_.clear();
  }

  // ---- one event ----

  void emit(const Frame& f) {
    if (f.doubted) {
      m_.failed.emplace_back(f.word, Candidate{why_of(f), "the model " + f.considered.back().reason});
      return;
    }
    std::string_view against;
    if (f.inside_of >= 0 && f.learned == 0) against = "inside";
    if (!against.empty() && !sees(f.word, f.type)) {
      const Frame& outer = m_.frames[static_cast<size_t>(f.inside_of)];
      m_.failed.emplace_back(f.word,
                             Candidate{why_of(f), fmt::format("is what '{}' speaks of, no act of its own", g_.word(outer.word).form)});
      return;
    }
    const Voices voices = voices_of(f.word);
    Reality r = reality_in(f.word, voices.own);
    for (const Code& code : codes_of(f)) emit_code(f, code, voices, r, against);
  }

  /// The type that the model sees at a word, and how sure it is; nothing without a model.
  std::pair<std::optional<Type>, float> seen_type(uint32_t word) const {
    if (!evidence_) return {};
    const auto& tags = learned_->tags;
    return {type_from(learned_->scorer.tags().event[tags.event[word]]), tags.event_p[word]};
  }
  bool sees(uint32_t word, Type type) const {
    const auto [seen, p] = seen_type(word);
    return seen == type && p >= kSees;
  }

  /// Does the innermost voice speak for the doer, so that a "will" is its own word?
  bool own_word(const Frame& f, int32_t voice) const {
    if (voice < 0) return false;
    const Attribution& a = attributions_[static_cast<size_t>(voice)];
    if (!any_stance(a.stance, {Stance::asserts, Stance::promises, Stance::threatens, Stance::concedes})) return false;
    if (const Signature* s = sign_of(a); s && s->future != Signature::Future::none && s->future != Signature::Future::word) return false;
    if (a.source_entity < 0) return !a.source.empty();
    const Entity& source = entities_.entities[static_cast<size_t>(a.source_entity)];
    return std::none_of(f.actors.begin(), f.actors.end(), [&](const Party& p) {
      const auto country = p.entity >= 0 ? entities_.entities[static_cast<size_t>(p.entity)].country : p.country;
      return p.entity != a.source_entity && country && source.country && country != source.country;
    });
  }
  /// What the cue makes of an act: "plans", "is expected", "ordered".
  const Signature* sign_of(const Attribution& a) const {
    if (!a.cue_lemma) return nullptr;
    for (const auto* table : {&lexicon_.verb_signs, &lexicon_.noun_signs, &lexicon_.adjective_signs})
      if (const auto it = table->find(*a.cue_lemma); it != table->end()) return &it->second;
    return nullptr;
  }
  static bool any_stance(Stance s, std::initializer_list<Stance> list) { return std::find(list.begin(), list.end(), s) != list.end(); }

  time::EventTime time_of(const Frame& f) const {
    return dates_ ? dates_->choose(f, learned_->candidates) : time::time_of(trees_, times_, f.word, published_);
  }
  int32_t place_of(const Frame& f) const {
    if (f.place >= 0 && f.place_p >= kPlace) return f.place;
    const int32_t place = places::place_of(trees_, places_, f.word);
    return f.place >= 0 && f.place_p < kNoPlace ? -1 : place;
  }

  void emit_code(const Frame& f, const Code& code, const Voices& voices, Reality r, std::string_view against) {
    const time::EventTime when = time_of(f);
    // what is dated after the day of publication is still to come
    if (published_ && when.date && when.date->size() >= published_->size() && *when.date > *published_ && !r.settled && !r.future &&
        r.value == Factuality::ct_plus) {
      r.future = true;
      r.ongoing = false;
      r.value = Factuality::pr_plus;
      r.why.push_back("factuality:date after publication");
    }
    // what a voice plans, expects or orders is still to come, too: the path through the tree ends at its content
    if (voices.own >= 0 && r.asserted && !r.settled && !r.future && r.value == Factuality::ct_plus)
      if (const Attribution& a = attributions_[static_cast<size_t>(voices.own)];
          any_stance(a.stance, {Stance::promises, Stance::supposes, Stance::demands, Stance::threatens}))
        if (const Signature* s = sign_of(a); s && s->future != Signature::Future::none) {
          r.future = true;
          r.own = s->future != Signature::Future::expected;
          r.word = s->future == Signature::Future::word;
          if (a.stance == Stance::demands) r.value = Factuality::pr_plus;
          r.why.push_back(s->why);
        }
    // "refused the request", "rejected the charge": what is refused has been asked
    if (voices.own >= 0 && attributions_[static_cast<size_t>(voices.own)].stance == Stance::denies && !g_.is_verb(f.word) &&
        (bit(code.type) & (bit(Type::request) | bit(Type::accuse) | bit(Type::agree) | bit(Type::threaten))))
      r.asserted = false;
    Type type = code.type;
    std::string mode = &code == &codes_of(f).front() ? f.mode : code.mode;
    std::string cameo = code.cameo;
    const int32_t cf = f.content_frame;
    if (cameo.empty() && cf >= 0)
      cameo = cameo_by_content(type, m_.frames[static_cast<size_t>(cf)].type, m_.frames[static_cast<size_t>(cf)].mode);
    std::vector<std::string> why{why_of(f)};
    why.insert(why.end(), f.why.begin(), f.why.end());
    if (f.filled) why.push_back("model:role");
    const auto reject = [&](std::string reason) { m_.failed.emplace_back(f.word, Candidate{why_of(f), std::move(reason)}); };

    const bool negative =
        r.value == Factuality::ct_minus || r.value == Factuality::pr_minus || (r.condition && r.value == Factuality::ps_minus);
    bool announced = false;
    const auto become = [&](Type to, const char* rule) {
      mode = mode_by_content(to, type, mode);
      cameo = cameo_by_content(to, type, code.mode);
      type = to;
      announced = true;
      why.push_back(rule);
    };
    if (f.learned > 0) {
      // The model was taught what a promise or a refusal is coded as.
    } else if (negative && (r.future || type == Type::support || (type == Type::agree && r.negated && g_.is_verb(f.word))) &&
               (bit(type) & (kPromised | bit(Type::retreat) | bit(Type::concede) | bit(Type::agree)))) {
      become(Type::reject, "rule:a refused act is REJECT");
    } else if (r.future && !negative && !r.conditional && !r.question) {  // a condition makes it no less announced
      if (bit(type) & kPromised)
        become(Type::agree, "rule:a promised act is AGREE");
      else if (type == Type::retreat)
        become(Type::concede, "rule:an announced RETREAT is CONCEDE");
      else if (r.own && !f.actors.empty() && (voices.own < 0 || r.word || own_word(f, voices.own)) &&
               ((bit(type) & kHostile) || (type == Type::protest && (mode == "boycott" || mode == "strike" || mode == "obstruct"))))
        become(Type::threaten, "rule:an announced hostile act is THREATEN");
    }
    if (const auto [seen, p] = seen_type(f.word);
        f.learned == 0 && !f.firm && codes_of(f).size() == 1 && seen && *seen != type && !(announced && *seen == code.type) && p >= kType) {
      why.push_back(fmt::format("model:type {}, not {} (p {:.2f})", info(*seen).name, info(type).name, p));
      type = *seen;
      const std::string& name = learned_->scorer.tags().mode[learned_->tags.event_mode[f.word]];
      mode = type == code.type ? f.mode : mode_of(type, name) ? name : std::string();
      cameo = type == code.type ? code.cameo : std::string();
      announced &= (bit(type) & kMadeByRules) != 0;
    }
    std::vector<Party> doers = f.actors, others = f.recipients;
    if (announced && (type == Type::agree || type == Type::reject) && code.type == Type::consult && others.empty() && g_.is_verb(f.word)) {
      // "they would meet the mediator": they agree, with the mediator; "she would not meet the governor": she refuses him
      Words subject;
      g_.subject(f.word, subject);
      const auto promises = [&](const Party& p) { return std::find(subject.begin(), subject.end(), p.word) != subject.end(); };
      if (std::any_of(doers.begin(), doers.end(), promises)) {
        std::copy_if(doers.begin(), doers.end(), std::back_inserter(others), [&](const Party& p) { return !promises(p); });
        std::erase_if(doers, [&](const Party& p) { return !promises(p); });
      }
    }
    if (announced && type == Type::reject && code.type == Type::consult && g_.is_verb(f.word) && !others.empty()) {
      // "the speaker will not receive the delegation": who is visited refuses
      Words subject;
      g_.subject(f.word, subject);
      const auto refuses = [&](const Party& p) { return std::find(subject.begin(), subject.end(), p.word) != subject.end(); };
      if (std::none_of(doers.begin(), doers.end(), refuses) && std::all_of(others.begin(), others.end(), refuses)) std::swap(doers, others);
    }
    // "the expelled envoys": not by their own state, whomever the model takes for the doer
    if (f.filled && (mode == "deport" || mode == "expel") && at_home(doers, others)) doers.clear();
    if (f.learned == 0 && code.type == Type::consult && code.mode == "visit" && at_home(doers, others))
      return reject("no visit: at home there");
    const bool seen_by_model = f.learned == 0 && sees(f.word, type);
    if (r.purpose && f.learned == 0 && (!announced || (bit(type) & kVerbal))) {
      if (!seen_by_model) return reject("only a purpose");
      against = "purpose";
    }
    if (r.obliged && f.learned == 0 && !(bit(type) & bit(Type::request))) return reject("only what must or should be");
    // The model has learned which acts are politics, whoever is named.
    const bool free = f.learned > 0 || seen_by_model;
    if (!free && f.actors.empty() && f.recipients.empty()) return reject("nobody named who does it or suffers it");
    if (!free && info(type).needs_recipient && f.recipients.empty() && !(f.actors.size() > 1 && type == Type::cooperate))
      return reject("no recipient, which the type needs");
    const bool bodily = type == Type::protest || type == Type::assault || type == Type::coerce;
    if (!free && !known(f.actors, bodily) && !known(f.recipients, bodily)) return reject("no actor with a country or a political sector");

    // COOPERATE needs a recipient: what several do together each does with all others
    if (type == Type::cooperate && others.empty() && doers.size() > 1) {
      others = doers;
      why.push_back("rule:with each other");
    }

    Event e;
    e.type = info(type).name;
    if (!mode.empty()) e.mode = mode;
    e.quad = info(type).quad;
    const ModeInfo* mode_info = mode.empty() ? nullptr : mode_of(type, mode);
    e.intensity = mode_info ? mode_info->intensity : info(type).intensity;
    e.cameo = !cameo.empty() ? cameo : std::string(mode_info ? mode_info->cameo : info(type).cameo);
    for (const Party& p : doers) e.actors.push_back(participant(p));
    for (const Party& p : others) e.recipients.push_back(participant(p));
    if (each_of(e.actors, doers) | each_of(e.recipients, others)) why.push_back("rule:parties of several states");
    if ((f.learned > 0 || f.filled) && !sole_.empty()) {  // an entry has its own rules
      bool given = false;
      for (std::vector<Participant>* list : {&e.actors, &e.recipients})
        for (Participant& p : *list)
          if (!p.country && one_of(kind_of(p), {"person", "group", "office", "organisation", "armed_group"}) &&
              !has_sector(p, {"REF", "JRN", "IGO"})) {
            p.country = sole_;
            given = true;
          }
      if (given) why.push_back("rule:the text speaks of " + sole_ + " alone");
    }
    e.trigger = f.trigger;
    e.trigger_lemma = trigger_lemma(f);
    e.trigger_word = f.word;
    e.date = when.date;
    e.time = when.time;
    e.date_why = when.why;
    e.place = place_of(f);
    e.attribution = voices.own;
    // a word that was given, a refusal that was spoken: that has happened, whatever becomes of it
    Reality seen = r;
    if (announced && (negative || r.word || (!r.due && own_word(f, voices.own)))) {
      seen = {};
      seen.asserted = false;
    }
    if (!seen.future && seen.value == Factuality::ct_plus && !any_title(f.word)) {
      seen.ongoing |= seen.present && (bit(type) & kLasting) != 0;
      seen.ongoing |= seen.modifier && (seen.progressive || type == Type::coerce);
    }
    for (const int32_t a : voices.innermost) {
      const Reality inside = a == voices.own ? seen : reality_in(f.word, a);
      e.voices.push_back({a, a < 0 ? inside.value : in_voice(inside, attributions_[static_cast<size_t>(a)])});
    }
    e.factuality = voices.own < 0 ? seen.value : in_voice(seen, attributions_[static_cast<size_t>(voices.own)]);
    e.status = status_of(seen, e.factuality);
    if (seen.asserted)
      for (int32_t a = voices.own, steps = 0; a >= 0 && steps < 32; a = attributions_[static_cast<size_t>(a)].parent, ++steps) {
        const Attribution& voice = attributions_[static_cast<size_t>(a)];
        if (voice.stance == Stance::denies && !voice.denies_in_content)
          e.status = voice.cue_lemma == "rule out" && !seen.settled ? "refused" : "denied";
        else if (voice.hypothetical && e.status != "denied")
          e.status = "hypothetical";
      }
    if (Objection o = apolitical(e, g_.word(f.word).sentence); !o.kind.empty()) {
      if (!(seen_by_model || (evidence_ && f.learned >= kSees))) return reject(std::move(o.reason));
      against = o.kind;
    }
    const bool nobody = evidence_ && !choose_status(f, seen, voices.own, announced, e, why);
    numbers(f, e);
    contexts(f, code, e);
    for (const std::string& w : r.why)
      if (std::find(why.begin(), why.end(), w) == why.end()) why.push_back(w);
    e.why = std::move(why);
    e.considered = f.considered;
    if (f.learned > 0) e.confidence = f.learned;
    if (evidence_ && !kept(f, e, nobody ? "denied" : e.status, against)) return;
    if (nobody) expected_.insert(f.word);
    out_.events.push_back(std::move(e));
  }

  /// Is a source of another state than all parties? Its "no" is seldom about them.
  bool outsider(uint32_t attribution, const Event& e) const {
    const int32_t source = attributions_[attribution].source_entity;
    if (source < 0 || !entities_.entities[static_cast<size_t>(source)].country) return false;
    const auto foreign = [&](const Participant& p) {
      return p.country && p.country != entities_.entities[static_cast<size_t>(source)].country;
    };
    return !e.actors.empty() && std::all_of(e.actors.begin(), e.actors.end(), foreign) &&
           std::none_of(e.recipients.begin(), e.recipients.end(), [&](const Participant& p) { return p.country && !foreign(p); });
  }

  /// Events of the frames that the model takes for rival accounts, and which events it takes for denied.
  void find_rivals() {
    out_.opinions.any = true;
    const auto& names = learned_->scorer.tags().status;
    const auto denied = static_cast<size_t>(std::find(names.begin(), names.end(), "denied") - names.begin());
    for (const Event& e : out_.events) {
      const float p = denied == names.size() ? 0.5f : learned_->tags.event_status_p[e.trigger_word * names.size() + denied];
      out_.opinions.denied.push_back(std::log(std::max(p, 1e-4f) / std::max(1 - p, 1e-4f)));
    }
    for (const Matches::Rivals& r : m_.rivals) {
      const auto event_of = [&](uint32_t frame) {
        const uint32_t word = m_.frames[frame].word;  // events stand in text order
        const auto at =
            std::lower_bound(out_.events.begin(), out_.events.end(), word, [](const Event& e, uint32_t w) { return e.trigger_word < w; });
        return at == out_.events.end() || at->trigger_word != word ? -1 : static_cast<int32_t>(at - out_.events.begin());
      };
      const int32_t a = event_of(r.earlier), b = event_of(r.later);
      if (a >= 0 && b >= 0 && a != b) out_.opinions.rivals.push_back({static_cast<uint32_t>(a), static_cast<uint32_t>(b), r.p});
    }
  }

  /// Are all of them of one state?
  bool at_home(const std::vector<Party>& guests, const std::vector<Party>& hosts) const {
    if (guests.empty() || hosts.empty()) return false;
    const auto home = participant(guests.front()).country;
    const auto there = [&](const Party& p) { return participant(p).country == home; };
    return home && std::all_of(guests.begin(), guests.end(), there) && std::all_of(hosts.begin(), hosts.end(), there);
  }

  /// The likeliest status by what the rules and the model find; the model names the factuality of another one than the rules'.
  /// False: it looks denied, but by nobody that is known. A voice elsewhere is looked for when all events are there (add_answers); until
  /// then it has the next likeliest status.
  bool choose_status(const Frame& f, const Reality& seen, int32_t own, bool announced, Event& e, std::vector<std::string>& why) const {
    const Attribution* voice = own < 0 ? nullptr : &attributions_[static_cast<size_t>(own)];
    const Features features = evidence_->status(f, seen, e, voice, announced);
    if (learned_->candidates)
      write_choice("status", f.trigger, trees_.sentences[g_.word(f.word).sentence].span, e.type, e.status, features, *learned_->candidates);
    auto scores = status_scores(features);
    scores[0] -= kHappened;
    const auto likeliest = [&] { return kStatuses[static_cast<size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())]; };
    std::string_view status = likeliest();
    if (status == e.status) return true;
    // what rules and model say alike stands
    const auto& names = learned_->scorer.tags().status;
    const float* p = learned_->tags.event_status_p.data() + f.word * names.size();
    if (e.status != kStatuses[0] && names[static_cast<size_t>(std::max_element(p, p + names.size()) - p)] == e.status) return true;
    // a denial by somebody of a third state is none of it
    constexpr float kView = 1.7f;  // logit of .85
    const auto third = [&](const Frame::View& v) { return v.denies >= v.holds && v.denies > kView && outsider(v.attribution, e); };
    if (status == "denied" && std::any_of(f.views.begin(), f.views.end(), third)) return true;
    const std::string& name = learned_->scorer.tags().factuality[learned_->tags.event_factuality[f.word]];
    const bool nobody = status == "denied" && !name.ends_with('-') && !denied_by_somebody(e);
    if (nobody) {
      scores[kDenied] = -std::numeric_limits<float>::infinity();
      status = likeliest();
      if (status == e.status) return false;
    }
    why.push_back(fmt::format("model:status {}, not {}", status, e.status));
    e.status = status;
    for (int i = 0; i <= static_cast<int>(Factuality::uu); ++i) {
      const auto value = static_cast<Factuality>(i);
      if (name != factuality_name(value)) continue;
      e.factuality = value;
      for (VoiceClaim& v : e.voices)
        if (v.attribution == own) v.factuality = value;
    }
    return !nobody;
  }

  /// Would a reader code it? Asked last, when its parties are known. `against`: what a rule has against it.
  bool kept(const Frame& f, const Event& e, std::string_view status, std::string_view against) {
    const size_t s = g_.word(f.word).sentence, n = lexicon_.genres.size();
    const Features features = evidence_->keep(f, e, status, {weights_.data() + s * n, n}, acts_[s], against);
    if (learned_->candidates) write_choice("keep", f.trigger, trees_.sentences[s].span, e.type, {}, features, *learned_->candidates);
    if (learned_->candidates) return true;
    // an entry that finds politics of a known country on both sides is right about these, whatever else speaks against it; so it is about
    // crowds against a state
    const auto home = [](const Participant& p) { return p.country.has_value(); };
    const auto told = [&](const std::vector<Participant>& side) {
      return std::any_of(side.begin(), side.end(), home) &&
             std::any_of(side.begin(), side.end(), [&](const Participant& p) { return political(p); });
    };
    if (f.learned == 0 && against.empty() && told(e.recipients) && (told(e.actors) || e.type == "PROTEST")) return true;
    const auto foreign = [&](const Participant& p) { return p.country && p.country != e.actors.front().country; };
    if (f.learned == 0 && against.empty() && told(e.actors) && std::any_of(e.actors.begin(), e.actors.end(), foreign))
      return true;  // with each other
    const float odds = keep_score(features);
    if (odds >= (f.learned == 0 ? kKeepEntryOdds : kKeepOdds)) return true;
    m_.failed.emplace_back(f.word,
                           Candidate{e.why.front(), fmt::format("hardly an act of politics (p {:.2f})", 1 / (1 + std::exp(-odds)))});
    return false;
  }

  bool any_title(uint32_t w) const { return trees_.sentences[g_.word(w).sentence].part == Part::title; }

  /// Has anybody a country or a sector of politics? In street and violence any sector will do.
  bool known(const std::vector<Party>& list, bool any_sector) const {
    return std::any_of(list.begin(), list.end(), [&](const Party& p) {
      if (p.country) return true;
      if (p.entity < 0) return false;
      const Entity& e = entities_.entities[static_cast<size_t>(p.entity)];
      return e.country || std::any_of(e.sectors.begin(), e.sectors.end(), [&](const std::string& s) {
               return any_sector || one_of(s, {"COP", "GOV", "JUD", "LEG", "MIL", "PRM", "PTY", "REB", "SPY", "UAF", "OPP", "PRE"});
             });
    });
  }

  /// "Both governments" are one party of each state. The other side is none of them.
  bool each_of(std::vector<Participant>& list, const std::vector<Party>& parties) const {
    std::vector<Participant> out;
    for (size_t i = 0; i < list.size(); ++i) {
      const std::vector<int32_t> states = states_.of(parties[i].entity, parties[i].word);
      if (states.empty()) out.push_back(list[i]);
      for (const int32_t s : states) {
        const Entity& e = entities_.entities[static_cast<size_t>(s)];
        if (std::none_of(list.begin(), list.end(), [&](const Participant& p) { return p.entity == s; }))
          out.push_back({s, e.country, e.sectors, list[i].span});
      }
    }
    const bool changed =
        out.size() != list.size() ||
        !std::equal(out.begin(), out.end(), list.begin(), [](const Participant& a, const Participant& b) { return a.entity == b.entity; });
    list = std::move(out);
    return changed;
  }

  Participant participant(const Party& p) const {
    Participant out;
    out.entity = p.entity;
    out.span = p.span;
    if (p.entity >= 0) {
      const Entity& e = entities_.entities[static_cast<size_t>(p.entity)];
      out.country = e.country ? e.country : p.country;
      out.sectors = e.sectors;
    } else {
      out.country = p.country;
    }
    return out;
  }

  std::string trigger_lemma(const Frame& f) const {
    std::string out;
    for (uint32_t w = f.word >= 3 ? f.word - 3 : 0; w < std::min<size_t>(f.word + 3, trees_.words.size()); ++w)
      if (f.trigger.holds(g_.word(w).span)) out += (out.empty() ? "" : " ") + g_.word(w).lemma;
    return out;
  }

  // ---- numbers and contexts ----

  static bool kills(std::string_view lemma) {
    return one_of(lemma, {"kill", "murder", "assassinate", "execute", "massacre", "slay", "behead", "hang", "lynch", "slaughter", "killing",
                          "execution", "massacre", "gun"});
  }
  static bool injures(std::string_view lemma) { return one_of(lemma, {"injure", "wound", "hurt", "maim"}); }

  /// How many: the numbers of the words added up, one for a single person. Nothing where one of them is a crowd without a number.
  void count(const Words& words, const char* kind, bool persons, Event& e) const {
    int64_t total = 0;
    Span span;
    bool number = false;
    for (const uint32_t x : words) {
      // "two workers, Anwar and a woman it did not name": those who are counted, told one by one
      if (number && x != words.front() && !figure_at(trees_, x) && trees_.child_with(words.front(), Rel::appos) >= 0) break;
      if (std::any_of(g_.children(x).begin(), g_.children(x).end(), [&](uint32_t c) { return g_.word(c).lemma == "not"; }))
        continue;  // "eleven men, not nine"
      if (const auto n = figure_at(trees_, x)) {
        total += n->first;
        if (!number) span = n->second;
        number = true;
        continue;
      }
      const int32_t who = x < entities_.entity_of_word.size() ? entities_.entity_of_word[x] : -1;
      const bool article = std::any_of(g_.children(x).begin(), g_.children(x).end(), [&](uint32_t c) {
        return g_.word(c).rel == Rel::det && one_of(g_.word(c).lemma, {"a", "an"});
      });
      const bool one = persons && g_.word(x).morph.number != syntax::Morph::plur && who >= 0 &&
                       one_of(entities_.entities[static_cast<size_t>(who)].kind, {"person", "office", article ? "group" : "person"});
      if (!one) {
        if (number) break;
        return;
      }
      if (total == 0) span = g_.word(x).span;
      total += 1;
    }
    if (total > 0) e.numbers.push_back({kind, total, total, span});
  }

  static constexpr uint32_t kSubject = 6;  ///< words before a counted subject that begins a clause
  /// "Two people were killed and eleven wounded", "and three others were injured": those that a second verb counts for itself, not the
  /// object that it would share with the first.
  std::optional<uint32_t> counted_before(uint32_t verb) const {
    if (g_.word(verb).rel != Rel::conj || !g_.word(verb).xpos.starts_with("VB") || verb == 0) return std::nullopt;
    const auto counted = [&](uint32_t x) {
      return g_.word(x).upos == Upos::NUM
                 ? g_.word(x).rel != Rel::nummod || g_.word(x).head == static_cast<int32_t>(verb)
                 : g_.word(x).upos == Upos::NOUN && one_of(g_.word(x).lemma, {"other", "people", "person"}) && figure_at(trees_, x);
    };
    if (g_.word(verb - 1).sentence == g_.word(verb).sentence && counted(verb - 1)) return verb - 1;
    // "and 17 others, five policemen among them, were injured": a passive with its own "were" has its own subject, wherever the tree hangs
    // it
    const auto children = g_.children(verb);
    const auto own = [&](Rel rel) {
      return std::any_of(children.begin(), children.end(), [&](uint32_t c) { return g_.word(c).rel == rel; });
    };
    const int32_t cc = trees_.child_with(verb, Rel::cc);
    if (cc < 0 || !own(Rel::aux) || own(Rel::nsubj)) return std::nullopt;
    for (auto x = static_cast<uint32_t>(cc) + 1; x < verb && x <= static_cast<uint32_t>(cc) + kSubject; ++x)
      if (counted(x)) return x;
    return std::nullopt;
  }

  void casualties(uint32_t verb, Event& e) const {
    const std::string& lemma = g_.word(verb).lemma;
    const char* kind = kills(lemma) && (lemma != "gun" || g_.has_particle(verb, "down")) ? "dead" : injures(lemma) ? "injured" : nullptr;
    Words words;
    if (kind) {
      if (const auto own = counted_before(verb)) {
        words.push_back(*own);
      } else {
        g_.object(verb, words);
        if (words.empty()) g_.prep(verb, "of", words);
      }
    } else if (one_of(lemma, {"die", "perish"})) {
      kind = "dead";
      g_.subject(verb, words);
    } else if (lemma == "leave") {  // "left 17 people dead"
      for (const uint32_t c : g_.children(verb))
        if (one_of(g_.word(c).lemma, {"dead", "wounded", "injured", "wound", "injure"}))
          kind = g_.word(c).lemma == "dead" ? "dead" : "injured";
      if (kind) g_.object(verb, words);
    } else if (lemma == "shoot" || lemma == "beat") {  // "shot dead", "beaten to death"
      for (const uint32_t c : g_.children(verb))
        if (g_.word(c).lemma == "dead" || g_.word(c).lemma == "death") kind = "dead";
      if (kind) g_.object(verb, words);
    }
    if (kind && std::none_of(e.numbers.begin(), e.numbers.end(), [&](const EventNumber& n) { return n.kind == kind; }))
      count(words, kind, true, e);
  }

  /// "Activists put the figure at 140", "gave a toll of nine": an act told again by how many there were. The figure goes with who tells it.
  bool told_by_figure(const Frame& f, Event& e) const {
    if (!recounts(f.word)) return false;
    const int32_t verb = g_.word(f.word).rel == Rel::obj || g_.word(f.word).rel == Rel::nsubj ? g_.word(f.word).head : -1;
    Words words;
    if (g_.word(f.word).upos == Upos::NUM) words.push_back(f.word);
    if (words.empty() && verb >= 0) g_.prep(static_cast<uint32_t>(verb), "at", words);
    if (words.empty()) g_.prep(f.word, "at", words);
    if (words.empty()) g_.prep(f.word, "of", words);
    const auto n = words.empty() ? std::nullopt : figure_at(trees_, words.front());
    if (!n) return false;
    const auto [first, last] = trees_.extent(f.word);
    bool hurt = false;
    for (uint32_t w = first; w < last; ++w) hurt |= injures(g_.word(w).lemma) || one_of(g_.word(w).lemma, {"injured", "wounded", "injury"});
    const char* kind = e.type == "ASSAULT"                                           ? (hurt ? "injured" : "dead")
                       : e.type == "PROTEST" || e.type == "MOBILIZE"                 ? "size"
                       : e.type == "COERCE" && e.mode.value_or("arrest") == "arrest" ? "arrested"
                                                                                     : nullptr;
    if (kind) e.numbers.push_back({kind, n->first, n->first, n->second});
    return kind != nullptr;
  }

  void numbers(const Frame& f, Event& e) const {
    if (told_by_figure(f, e)) return;
    if (e.type == "ASSAULT") {
      casualties(f.word, e);
      // "fired on the crowd, killing six and wounding nine"; "three were killed when soldiers opened fire"
      for (const uint32_t c : g_.children(f.word)) {
        if (g_.word(c).rel != Rel::advcl && g_.word(c).rel != Rel::conj) continue;
        casualties(c, e);
        for (const uint32_t d : g_.children(c))
          if (g_.word(d).rel == Rel::conj) casualties(d, e);
      }
      if (g_.word(f.word).head >= 0 &&
          (g_.word(f.word).rel == Rel::advcl || g_.word(f.word).rel == Rel::obl || g_.word(f.word).rel == Rel::nsubj))
        casualties(static_cast<uint32_t>(g_.word(f.word).head), e);
      return;
    }
    const bool of_subject = e.type == "PROTEST";
    const char* kind = of_subject                                 ? "size"
                       : e.type == "MOBILIZE"                     ? "size"
                       : e.type == "COERCE" && e.mode == "arrest" ? "arrested"
                                                                  : nullptr;
    if (!kind) return;
    Words words;
    if (of_subject)
      g_.subject(f.word, words);
    else
      g_.object(f.word, words);
    // "9,000 people took part in the protest", "joined the march"
    if (const int32_t h = g_.word(f.word).head; of_subject && h >= 0 && g_.word(f.word).upos == Upos::NOUN) {
      const auto verb = static_cast<uint32_t>(h);
      const bool part = one_of(g_.word(verb).lemma, {"join", "attend", "participate"}) ||
                        (g_.word(verb).lemma == "take" && std::any_of(g_.children(verb).begin(), g_.children(verb).end(),
                                                                      [&](uint32_t c) { return g_.word(c).lemma == "part"; }));
      if (part) words.clear(), g_.subject(verb, words);
    }
    if (words.empty()) g_.prep(f.word, of_subject ? "by" : "of", words);
    count(words, kind, e.type == "COERCE", e);
    // "17 arrests": each is one person's
    if (!of_subject && e.type == "COERCE" && e.numbers.empty() && g_.word(f.word).upos == Upos::NOUN)
      if (const auto n = figure_at(trees_, f.word)) e.numbers.push_back({kind, n->first, n->first, n->second});
  }

  void contexts(const Frame& f, const Code& code, Event& e) const {
    e.contexts = code.contexts;
    const auto add = [&](const std::string& c) {
      if (std::find(e.contexts.begin(), e.contexts.end(), c) == e.contexts.end()) e.contexts.push_back(c);
    };
    if (e.mode == "cyber" || e.mode == "misinformation") add(*e.mode);
    // words of the clause the trigger stands in
    uint32_t top = f.word;
    for (int i = 0; i < 8; ++i) {
      const Word& w = g_.word(top);
      if (w.head < 0 || (g_.is_verb(top) && (w.rel == Rel::ccomp || w.rel == Rel::conj || w.rel == Rel::parataxis || w.rel == Rel::advcl)))
        break;
      top = static_cast<uint32_t>(w.head);
    }
    const auto [first, last] = trees_.extent(top);
    for (uint32_t w = first; w < last; ++w) {
      const Word& word = g_.word(w);
      if (word.upos != Upos::NOUN && word.upos != Upos::ADJ && word.upos != Upos::VERB && word.upos != Upos::PROPN) continue;
      // "gas" is none of "tear gas"
      const bool second = w > first && lexicon_.context_words.contains(g_.word(w - 1).lemma + " " + word.lemma);
      const auto look = [&](const std::string& key) {
        if (const auto it = lexicon_.context_words.find(key); it != lexicon_.context_words.end())
          for (const std::string& c : it->second) add(c);
      };
      if (!second) look(word.lemma);
      if (!second && word.upos != Upos::ADJ && word.upos != Upos::VERB) look(word.lemma + "/noun");
      if (w + 1 < last) look(word.lemma + " " + g_.word(w + 1).lemma);
    }
  }

  // ---- one act told by several words ----

  static bool subset(const std::vector<Participant>& a, const std::vector<Participant>& b) {
    return std::all_of(a.begin(), a.end(), [&](const Participant& p) {
      return std::any_of(b.begin(), b.end(),
                         [&](const Participant& q) { return p.entity >= 0 ? p.entity == q.entity : q.entity < 0 && p.span == q.span; });
    });
  }

  /// Is it told by the word for how many there were, or by the number alone?
  bool recounts(uint32_t trigger) const {
    const Word& w = g_.word(trigger);
    return w.upos == Upos::NUM || one_of(w.lemma, {"figure", "number", "toll", "count", "total"});
  }

  static bool numbers_differ(const Event& a, const Event& b) {
    return a.attribution != b.attribution && std::any_of(a.numbers.begin(), a.numbers.end(), [&](const EventNumber& x) {
             return std::any_of(b.numbers.begin(), b.numbers.end(),
                                [&](const EventNumber& y) { return x.kind == y.kind && (x.low > y.high || y.low > x.high); });
           });
  }

  void merge() {
    std::vector<Event>& events = out_.events;
    std::vector<bool> gone(events.size(), false);
    for (size_t i = 0, first = 0; i < events.size(); ++i) {
      const uint32_t sentence = g_.word(events[i].trigger_word).sentence;
      while (g_.word(events[first].trigger_word).sentence != sentence) ++first;  // events stand in text order
      for (size_t j = first; j < events.size(); ++j) {
        if (g_.word(events[j].trigger_word).sentence != sentence) break;
        if (i == j || gone[i] || gone[j]) continue;
        Event &a = events[i], &b = events[j];
        // troops that move in an assault
        if (a.type == "MOBILIZE" && b.type == "ASSAULT" && !a.actors.empty() && subset(a.actors, b.actors)) {
          gone[i] = true;
          b.considered.push_back({a.why.front(), "no mobilisation apart from the assault"});
          continue;
        }
        if (a.type != b.type || (a.factuality == Factuality::ct_minus) != (b.factuality == Factuality::ct_minus)) continue;
        // "1,500 had marched, the association said; police said 300", "60 were held, he said, but she put the figure at 140": two accounts
        if (numbers_differ(a, b) || (a.attribution != b.attribution && (recounts(a.trigger_word) || recounts(b.trigger_word)))) continue;
        const bool fits = subset(a.actors, b.actors) && subset(a.recipients, b.recipients);
        const bool linked = hangs_on(a.trigger_word, b.trigger_word) &&
                            (a.recipients.empty() || b.recipients.empty() || a.type == "ASSAULT") && subset(a.actors, b.actors);
        if (!fits && !linked) continue;
        if (fits && subset(b.actors, a.actors) && subset(b.recipients, a.recipients) && j > i && a.mode && !b.mode)
          continue;  // the later one goes
        // who was hit, before where
        const auto place = [&](const Participant& p) {
          return p.entity >= 0 && entities_.entities[static_cast<size_t>(p.entity)].kind == "place";
        };
        const bool people =
            !std::all_of(b.recipients.begin(), b.recipients.end(), place) || !std::all_of(a.recipients.begin(), a.recipients.end(), place);
        for (Participant& p : a.recipients)
          if (!subset({p}, b.recipients)) b.recipients.push_back(p);
        if (people && b.type == "ASSAULT" &&
            std::any_of(b.recipients.begin(), b.recipients.end(), [&](const Participant& p) { return !place(p) && p.country; }))
          std::erase_if(b.recipients, place);
        if (!b.mode && a.mode) {
          b.mode = a.mode;
          b.intensity = a.intensity;
          b.cameo = a.cameo;
        }
        for (EventNumber& n : a.numbers)
          if (std::none_of(b.numbers.begin(), b.numbers.end(), [&](const EventNumber& m) { return m.kind == n.kind && m.span == n.span; }))
            b.numbers.push_back(std::move(n));
        for (std::string& c : a.contexts)
          if (std::find(b.contexts.begin(), b.contexts.end(), c) == b.contexts.end()) b.contexts.push_back(c);
        b.why.push_back(a.why.front());
        if (!b.date && a.date) b.date = a.date, b.time = a.time, b.date_why = a.date_why;
        if (b.place < 0) b.place = a.place;
        gone[i] = true;
      }
    }
    std::vector<Event> kept;
    for (size_t i = 0; i < events.size(); ++i) {
      if (gone[i]) continue;
      if (mere_casualties(events[i])) {
        m_.failed.emplace_back(events[i].trigger_word,
                               Candidate{events[i].why.front(), "nobody with a country, and no deed told: it may be an accident"});
        continue;
      }
      kept.push_back(std::move(events[i]));
    }
    events = std::move(kept);
  }

  /// "Twenty people were killed": no doer, no weapon, nobody of a state or a political group.
  bool mere_casualties(const Event& e) const {
    return e.type == "ASSAULT" && e.actors.empty() && !e.mode &&
           std::all_of(e.recipients.begin(), e.recipients.end(), [&](const Participant& p) {
             const bool named =
                 p.entity < 0 ? p.country.has_value() : entities_.entities[static_cast<size_t>(p.entity)].country.has_value();
             return !named && std::all_of(p.sectors.begin(), p.sectors.end(), [](const std::string& s) { return s == "CVL"; });
           });
  }

  /// Is the act noun a the subject, means or occasion of the verb b?
  bool hangs_on(uint32_t a, uint32_t b) const {
    uint32_t w = g_.carrier(a);
    const Word& d = g_.word(w);
    if (d.head != static_cast<int32_t>(b) && (g_.is_verb(b) || d.head < 0 || d.head != g_.light_verb(b))) return false;
    if (d.rel == Rel::nsubj || d.rel == Rel::obj || d.rel == Rel::advcl) return true;
    if (d.rel != Rel::obl) return false;
    for (const uint32_t c : g_.children(w))
      if (g_.word(c).rel == Rel::case_ && one_of(g_.word(c).lemma, {"in", "with", "by", "during", "at", "from"})) return true;
    return false;
  }

  /// The type of act that a noun speaks of; nothing else than violence and coercion.
  static std::string_view act_of(std::string_view noun) {
    if (one_of(noun, {"attack",    "shooting",   "killing",  "bombing",       "raid",      "strike",   "airstrike",
                      "assault",   "massacre",   "murder",   "shelling",      "ambush",    "blast",    "beating",
                      "abduction", "kidnapping", "stabbing", "assassination", "explosion", "violence", "execution"}))
      return "ASSAULT";
    if (one_of(noun, {"arrest", "detention", "crackdown", "seizure", "eviction", "demolition", "imprisonment"})) return "COERCE";
    return {};
  }

  bool after_by(uint32_t w) const {
    const auto children = g_.children(w);
    return std::any_of(children.begin(), children.end(),
                       [&](uint32_t c) { return g_.word(c).rel == Rel::case_ && g_.word(c).lemma == "by"; });
  }

  /// "The embassy condemned the attack": whoever did it, where an act of that kind was told before and its doer is known.
  void whom_it_condemns() {
    for (size_t i = 0; i < out_.events.size(); ++i) {
      Event& e = out_.events[i];
      if (e.type != "ACCUSE" || !one_of(e.trigger_lemma, {"condemn", "denounce", "deplore", "decry"})) continue;
      Words objects;
      g_.object(e.trigger_word, objects);
      if (objects.empty()) continue;
      const uint32_t noun = objects.front();
      const std::string_view type = act_of(g_.word(noun).lemma);
      const auto children = g_.children(noun);
      const auto any = [&](auto test) { return std::any_of(children.begin(), children.end(), test); };
      if (type.empty() || any([&](uint32_t c) { return g_.word(c).rel == Rel::nmod && g_.word(c).sub == syntax::Sub::poss; }) ||
          !any([&](uint32_t c) {
            return g_.word(c).rel == Rel::det && one_of(g_.word(c).lemma, {"the", "this", "that", "these", "those"});
          }) ||
          any([&](uint32_t c) { return after_by(c); }))
        continue;
      const Event* act = told_before(i, type, means_of(g_.word(noun).lemma));
      if (!act) continue;
      const auto is_doer = [&](const Participant& p) {
        return std::any_of(act->actors.begin(), act->actors.end(),
                           [&](const Participant& q) { return p.entity >= 0 && p.entity == q.entity; });
      };
      if (std::any_of(e.actors.begin(), e.actors.end(), is_doer) || std::any_of(e.recipients.begin(), e.recipients.end(), is_doer))
        continue;
      e.recipients = act->actors;
      e.why.push_back("rule:who did what is condemned");
    }
  }

  /// The mode of an act that a noun tells, empty where it tells none.
  static std::string_view means_of(std::string_view noun) {
    if (one_of(noun, {"abduction", "kidnapping"})) return "abduct";
    if (noun == "shooting") return "firearms";
    if (noun == "beating") return "beat";
    if (noun == "airstrike") return "aerial";
    return {};
  }

  /// The act of a type whose doer is known and that was told last before an event, by nobody who denies it: of these means, else as the
  /// document's own, else by anybody; null: none in ten sentences.
  const Event* told_before(size_t event, std::string_view type, std::string_view means) const {
    constexpr uint32_t kSentences = 10;
    const Event *own = nullptr, *any = nullptr;
    for (size_t j = event; j-- > 0;) {
      const Event& act = out_.events[j];
      if (g_.word(act.trigger_word).sentence + kSentences < g_.word(out_.events[event].trigger_word).sentence) break;
      if (act.type != type || act.actors.empty() || one_of(act.status, {"denied", "hypothetical", "planned"})) continue;
      if (!means.empty() && act.mode == means) return &act;
      if (!own && act.attribution < 0) own = &act;
      if (!any) any = &act;
    }
    return own ? own : any;
  }

  void notes() {
    std::vector<bool> has(trees_.sentences.size(), false);
    for (const Event& e : out_.events) has[g_.word(e.trigger_word).sentence] = true;
    std::vector<SentenceNote> notes(trees_.sentences.size());
    for (auto& [w, candidate] : m_.failed) {
      candidate.what += fmt::format(" ('{}')", g_.word(w).form);
      notes[g_.word(w).sentence].considered.push_back(std::move(candidate));
    }
    for (uint32_t s = 0; s < notes.size(); ++s) {
      notes[s].sentence = s;
      if (has[s] && notes[s].considered.empty()) continue;
      if (notes[s].considered.empty()) {
        const Part part = trees_.sentences[s].part;
        const bool head = part == Part::byline || part == Part::dateline || part == Part::footer;
        notes[s].considered.push_back(
            {"events", head ? "no events are looked for in this part" : "no word of it is a trigger in the lexicon"});
      }
      out_.notes.push_back(std::move(notes[s]));
    }
  }

  const syntax::Trees& trees_;
  const entities::EntityLayer& entities_;
  const std::vector<TimeExpression>& times_;
  const std::vector<Place>& places_;
  const std::vector<Attribution>& attributions_;
  const EventLexicon::Impl& lexicon_;
  const std::optional<std::string>& published_;
  Grammar g_;
  const Several states_;
  const Learned* learned_ = nullptr;
  std::string sole_;                                ///< the one country of the text; empty: none or several
  bool several_ = false;                            ///< countries
  std::vector<uint32_t> genres_;                    ///< of each sentence, bits
  std::vector<uint32_t> weights_;                   ///< [sentences × genres] of the genres' words around each sentence
  std::vector<size_t> acts_;                        ///< in each sentence
  std::vector<std::vector<uint32_t>> contents_in_;  ///< by sentence: attributions whose contents have words of it
  std::optional<Evidence> evidence_;
  std::optional<Dates> dates_;
  std::set<uint32_t> expected_;  ///< triggers of acts that the model takes for denied, by a voice that is still to be found
  Matches m_;
  EventLayer out_;
};

}  // namespace

EventLayer code_events(const syntax::Trees& trees, const Learned* learned, const entities::EntityLayer& entities,
                       const std::vector<TimeExpression>& times, const std::vector<Place>& places,
                       const std::vector<Attribution>& attributions, const EventLexicon& lexicon, const entities::Actors& actors,
                       const std::optional<std::string>& published) {
  return Coder(trees, entities, times, places, attributions, lexicon.impl(), actors, published, learned).run();
}

}  // namespace reportedly::events
