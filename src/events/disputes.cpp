// Positions on one event that cannot all hold. Two mentions are of one event if type, trigger lemma and what is known of participants, day
// and place agree; whatever is unknown on one side agrees with everything, but at least one named participant must be shared.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "events/contests.h"
#include "events/counts.h"
#include "events/denials.h"
#include "events/events.h"

namespace reportedly::events {
namespace {

enum class Holds : uint8_t { open, happened, not_happened };

Holds holds(Factuality f) {
  switch (f) {
    case Factuality::ct_plus:
    case Factuality::pr_plus:
      return Holds::happened;
    case Factuality::ct_minus:
    case Factuality::pr_minus:
      return Holds::not_happened;
    default:
      return Holds::open;
  }
}

std::set<int32_t> ids(const std::vector<Participant>& list) {
  std::set<int32_t> out;
  for (const Participant& p : list)
    if (p.entity >= 0) out.insert(p.entity);
  return out;
}

template <class T>
bool overlap(const std::set<T>& a, const std::set<T>& b) {
  return std::any_of(a.begin(), a.end(), [&](const T& x) { return b.contains(x); });
}

class Finder {
 public:
  Finder(const syntax::Trees& trees, const std::vector<Event>& events, const std::vector<Attribution>& attributions,
         const std::vector<Entity>& entities)
      : trees_(trees), events_(events), attributions_(attributions), entities_(entities) {}

  std::vector<Dispute> run(const Opinions& opinions) {
    for (uint32_t i = 0; i < entities_.size(); ++i)
      for (const Mention& m : entities_[i].mentions) entity_at_.emplace(m.head, static_cast<int32_t>(i));
    for (uint32_t i = 0; i < events_.size(); ++i)
      for (const VoiceClaim& v : events_[i].voices)
        if (v.attribution >= 0) tells_[v.attribution].push_back(static_cast<int32_t>(i));
    std::vector<Dispute> counts = rival_counts(trees_, events_, attributions_);
    other_doer();
    named_by_another();
    said_by_whom();
    blamed();
    occurrence_within(counts);
    for (const Opinions::Rivals& r : opinions.rivals)
      if (r.p >= kRival) rival(static_cast<int32_t>(r.earlier), static_cast<int32_t>(r.later));
    for (uint32_t i = 0; i < events_.size(); ++i)
      for (uint32_t j = i + 1; j < events_.size() && j < i + kReach; ++j)
        if (!disputed(static_cast<int32_t>(i), static_cast<int32_t>(j))) pair(i, j);
    std::set<std::pair<std::vector<int32_t>, std::vector<int32_t>>> known;
    for (const Dispute& d : out_)
      if (d.kind == "number") known.emplace(d.positions[0].voices, d.positions[1].voices);
    for (Dispute& d : counts)
      if (known.emplace(d.positions[0].voices, d.positions[1].voices).second) out_.push_back(std::move(d));
    once();
    one_side_each();
    return std::move(out_);
  }

 private:
  /// A denial is one dispute, however many words tell what is denied: the first that it was found for stands.
  void once() {
    std::set<int32_t> denials;
    std::erase_if(out_, [&](const Dispute& d) {
      if (d.kind != "occurrence") return false;
      bool known = true, any = false;
      for (const Position& p : d.positions)
        if (p.holds == kNot)
          for (const int32_t v : p.voices)
            if (v >= 0) any = true, known &= !denials.insert(v).second;
      return any && known;
    });
  }

  /// Nobody stands against himself: who denies an act, or blames another for it, does not tell it as well. And two who speak for one state
  /// and name two doers differ in how much they tell.
  void one_side_each() {
    std::erase_if(out_, [&](Dispute& d) {
      if (d.positions.size() != 2 || (d.kind != "occurrence" && d.kind != "agent")) return false;
      Position &first = d.positions[0], &second = d.positions[1];
      if (d.kind == "agent" && first.voices.size() == 1 && second.voices.size() == 1 && second.holds.ends_with(kDidIt) &&
          one_government(attributions_, entities_, first.voices.front(), second.voices.front()))
        return true;
      Position& told = first.holds == kNot || first.holds.ends_with(kDidNot) ? second : first;
      const Position& other = &told == &first ? second : first;
      without_sources_of(attributions_, other.voices, told.voices);
      return told.voices.empty();
    });
  }

  /// Is the same kind of thing disputed between the same voices?
  static bool same_voices(const Dispute& a, const Dispute& b) {
    return a.kind == b.kind && a.positions[0].voices == b.positions[0].voices && a.positions[1].voices == b.positions[1].voices;
  }

  static constexpr float kRival = 0.92f;  ///< two accounts that exclude each other, whatever else is known
  static constexpr std::string_view kDidIt = " did it", kDidNot = "did not do it";
  static constexpr const char* kNot = "did not happen";
  static constexpr ptrdiff_t kTwice = 8;  ///< disputes back in which the same one is looked for
  static constexpr uint32_t kReach = 64;  ///< how many events apart two mentions may be: keeps the work linear

  std::string source(int32_t a) const { return source_of(attributions_, a); }

  /// "It was the rebels who burned it": another is named for what was told before.
  bool cleft(uint32_t w) const {
    const syntax::Word& d = trees_.words[w];
    if (d.rel != syntax::Rel::acl && d.rel != syntax::Rel::advcl && d.rel != syntax::Rel::ccomp && d.rel != syntax::Rel::csubj)
      return false;
    if (d.head < 0) return false;
    const auto head = static_cast<uint32_t>(d.head);
    bool it = false;
    for (const uint32_t c : trees_.children(head))
      it |= trees_.words[c].lemma == "it" && (trees_.words[c].rel == syntax::Rel::nsubj || trees_.words[c].rel == syntax::Rel::expl);
    return it && trees_.child_with(head, syntax::Rel::cop) >= 0;
  }

  /// Who did it: a voice that denies the act, or says "it was …", names another doer of the same kind of act nearby.
  void other_doer() {
    answered_.assign(events_.size(), 0);
    for (uint32_t j = 1; j < events_.size(); ++j) {
      const Event& b = events_[j];
      if (b.actors.empty() || b.quad != 4 || holds(b.factuality) != Holds::happened || b.status == "planned" || b.voices.empty()) continue;
      const int32_t voice_b = b.voices.front().attribution;
      for (uint32_t i = j; i-- > 0;) {
        const Event& a = events_[i];
        if (trees_.words[b.trigger_word].sentence > trees_.words[a.trigger_word].sentence + 3) break;
        if (a.type != b.type || a.actors.empty() || a.voices.empty() || answered_[i] || (a.mode && b.mode && a.mode != b.mode)) continue;
        const int32_t voice_a = a.voices.front().attribution;
        if (source(voice_a) == source(voice_b) || holds(a.voices.front().factuality) != Holds::happened) continue;
        if (overlap(ids(a.actors), ids(b.actors))) continue;
        const bool same_country = !countries(a.actors).empty() && countries(a.actors) == countries(b.actors);
        // both tell, each in its own voice, of the same one suffering it
        const bool same_victim = voice_a >= 0 && voice_b >= 0 && overlap(ids(a.recipients), ids(b.recipients)) && same_day(a, b);
        const bool denied = std::any_of(a.voices.begin() + 1, a.voices.end(), [&](const VoiceClaim& v) {
          return holds(v.factuality) == Holds::not_happened && voice_b >= 0 && source(v.attribution) == source(voice_b);
        });
        if (!same_victim && (same_country || (!denied && !(cleft(b.trigger_word) && voice_b >= 0)))) continue;
        answered_[i] = 1;
        add({"agent",
             {static_cast<int32_t>(i), static_cast<int32_t>(j)},
             {{fmt::format("{} did it", names(a.actors)), static_cast<int32_t>(i), {voice_a}},
              {fmt::format("{} did it", names(b.actors)), static_cast<int32_t>(j), {voice_b}}}});
        break;
      }
    }
  }

  template <typename Test>
  bool any_word(const std::vector<Span>& spans, const Test& test) const {
    for (const Span& s : spans)
      for (uint32_t w = trees_.word_at(s.start); w < trees_.words.size() && trees_.words[w].span.start < s.end; ++w)
        if (test(w)) return true;
    return false;
  }

  static std::string did_it(const std::string& who) { return who.empty() ? "they did it" : who + " did it"; }
  static std::string did_not(const std::string& who) { return who.empty() ? "they did not do it" : who + " did not do it"; }

  /// "denied any involvement", "rejected any suggestion that they took part": who did it is in dispute.
  bool involvement(const Attribution& a) const {
    return any_word(a.content, [&](uint32_t w) {
      const std::string& lemma = trees_.words[w].lemma;
      if (lemma == "involvement" || lemma == "responsibility" || lemma == "complicity" || lemma == "link" || lemma == "connection" ||
          lemma == "role" || lemma == "involve" || lemma == "responsible")
        return true;
      const std::string_view next = w + 1 < trees_.words.size() ? std::string_view(trees_.words[w + 1].lemma) : std::string_view();
      return (lemma == "take" && next == "part") || (lemma == "part" && next == "in") || (lemma == "do" && next == "with");
    });
  }

  /// Where the shots came from, whose the balloons are, who armed themselves, in the words of who denies an act: another did it. In the
  /// attribution of the denial or the next one of the same source; empty: nothing of the kind.
  std::string origin(int32_t denier, const Event& e) const {
    for (auto a = static_cast<size_t>(denier); a < attributions_.size() && a <= static_cast<size_t>(denier) + 1; ++a) {
      if (source(static_cast<int32_t>(a)) != source(denier)) break;
      std::string found;
      any_word(attributions_[a].content, [&](uint32_t w) {
        const syntax::Word& d = trees_.words[w];
        if (d.upos != syntax::Upos::VERB) return false;
        const int32_t subject = trees_.child_with(w, syntax::Rel::nsubj);
        if (subject < 0) return false;
        const bool himself = d.lemma == trees_.words[e.trigger_word].lemma;
        for (const uint32_t c : trees_.children(w)) {
          const syntax::Word& child = trees_.words[c];
          if (himself && child.rel == syntax::Rel::obj && child.form.ends_with("selves")) found = phrase(static_cast<uint32_t>(subject));
          if (child.rel != syntax::Rel::obl || child.sub == syntax::Sub::tmod) continue;
          const int32_t preposition = trees_.child_with(c, syntax::Rel::case_);
          if (preposition < 0) continue;
          const std::string& p = trees_.words[static_cast<size_t>(preposition)].lemma;
          const auto who = entity_at_.find(c);
          if (who != entity_at_.end() && ids(e.actors).contains(who->second)) continue;
          if ((d.lemma == "come" && p == "from") || (d.lemma == "belong" && p == "to")) found = phrase(c);
        }
        return !found.empty();
      });
      if (!found.empty()) return did_it(found);
    }
    return {};
  }

  /// A noun with what stands before it, as in the text.
  std::string phrase(uint32_t noun) const {
    if (const auto e = entity_at_.find(noun); e != entity_at_.end()) return entities_[static_cast<size_t>(e->second)].name;
    std::string out;
    for (uint32_t w = trees_.extent(noun).first; w <= noun; ++w) out += (out.empty() ? "" : " ") + trees_.words[w].form;
    return out;
  }

  uint32_t cue_word(const Attribution& a) const { return trees_.word_at(!a.cue.empty() ? a.cue.front().start : a.content.front().start); }

  /// Whom "it was soldiers", "they were boys in stolen shirts" names; −1: nobody.
  int32_t predicate(const Attribution& a) const {
    int32_t found = -1;
    any_word(a.content, [&](uint32_t w) {
      const syntax::Word& d = trees_.words[w];
      if ((d.upos != syntax::Upos::NOUN && d.upos != syntax::Upos::PROPN) || trees_.child_with(w, syntax::Rel::cop) < 0) return false;
      const int32_t subject = trees_.child_with(w, syntax::Rel::nsubj);
      const int32_t it = subject >= 0 ? subject : trees_.child_with(w, syntax::Rel::expl);
      if (it < 0) return false;
      const std::string& pronoun = trees_.words[static_cast<size_t>(it)].lemma;
      const auto entity = entity_at_.find(w);
      if ((pronoun != "it" && pronoun != "they") || entity == entity_at_.end()) return false;
      const std::string& kind = entities_[static_cast<size_t>(entity->second)].kind;
      if (kind == "place" || kind == "document" || kind == "thing") return false;
      for (const uint32_t c : trees_.children(w))
        if (trees_.words[c].rel == syntax::Rel::case_ || trees_.words[c].lemma == "not" || trees_.words[c].lemma == "no") return false;
      found = entity->second;
      return true;
    });
    return found;
  }

  /// The act of force told last before a word, in its sentence or one of the two before; −1: none.
  int32_t act_before(uint32_t word) const {
    const auto end = std::lower_bound(events_.begin(), events_.end(), word, [](const Event& e, uint32_t w) { return e.trigger_word < w; });
    for (auto i = static_cast<size_t>(end - events_.begin()); i-- > 0;) {
      const Event& e = events_[i];
      if (trees_.words[e.trigger_word].sentence + 2 < trees_.words[word].sentence) return -1;
      if (e.quad == 4 && e.status != "planned" && e.status != "hypothetical" && !e.voices.empty()) return static_cast<int32_t>(i);
    }
    return -1;
  }

  /// “It was soldiers in a white pick-up,” said a parent: of what somebody else told.
  void named_by_another() {
    for (uint32_t a = 0; a < attributions_.size(); ++a) {
      const int32_t who = predicate(attributions_[a]);
      const int32_t i = who < 0 ? -1 : act_before(cue_word(attributions_[a]));
      if (i < 0 || answered_[static_cast<size_t>(i)]) continue;
      const Event& e = events_[static_cast<size_t>(i)];
      const int32_t voice = e.voices.front().attribution;
      if (voice == static_cast<int32_t>(a) || source(voice) == source(static_cast<int32_t>(a)) || e.actors.empty() ||
          ids(e.actors).contains(who))
        continue;
      answered_[static_cast<size_t>(i)] = 1;
      add({"agent",
           {i},
           {{did_it(names(e.actors)), i, {voice}}, {did_it(entities_[static_cast<size_t>(who)].name), i, {static_cast<int32_t>(a)}}}});
    }
  }

  /// Whom a content names that is no more than "by the police": the doer of an act in another's words; −1: it says something else.
  int32_t only_doer(const Attribution& a) const {
    constexpr uint32_t kWords = 8;
    if (a.content.empty()) return -1;
    const uint32_t first = trees_.word_at(a.content.front().start);
    if (first + 1 >= trees_.words.size() || trees_.words[first].lemma != "by") return -1;
    int32_t found = -1;
    uint32_t words = 0;
    for (uint32_t w = first + 1; w < trees_.words.size() && trees_.words[w].span.start < a.content.front().end; ++w, ++words) {
      if (trees_.words[w].upos == syntax::Upos::VERB) return -1;
      if (const auto e = entity_at_.find(w); e != entity_at_.end() && found < 0) found = e->second;
    }
    return words <= kWords ? found : -1;
  }

  /// "The huts were burned: by the police, say the families; by the families, says the police report."
  void said_by_whom() {
    int32_t before = -1, doer_before = -1;
    for (uint32_t a = 0; a < attributions_.size(); ++a) {
      const int32_t doer = only_doer(attributions_[a]);
      if (doer < 0) continue;
      const uint32_t word = trees_.word_at(attributions_[a].content.front().start);
      const int32_t i = act_before(word);
      // the first of the two may hold the act itself: "Beaten by guards, according to his mother, or by inmates, according to the prison"
      int32_t teller = before;
      std::string who = doer_before >= 0 ? entities_[static_cast<size_t>(doer_before)].name : std::string();
      if (i >= 0 && teller < 0) {
        const Event& e = events_[static_cast<size_t>(i)];
        if (!e.actors.empty() && !ids(e.actors).contains(doer)) {
          teller = e.voices.front().attribution;
          who = names(e.actors);
        }
      }
      const bool fits = i >= 0 && !answered_[static_cast<size_t>(i)] && teller >= 0 && doer != doer_before &&
                        source(teller) != source(static_cast<int32_t>(a)) &&
                        trees_.words[cue_word(attributions_[static_cast<size_t>(teller)])].sentence + 1 >= trees_.words[word].sentence;
      if (fits) {
        answered_[static_cast<size_t>(i)] = 1;
        add({"agent",
             {i},
             {{did_it(who), i, {teller}}, {did_it(entities_[static_cast<size_t>(doer)].name), i, {static_cast<int32_t>(a)}}}});
      }
      before = static_cast<int32_t>(a);
      doer_before = doer;
    }
  }

  /// "An officer blamed the rebels, who denied it": of an act that was told before. An accusation that names its act is a dispute over
  /// that.
  void blamed() {
    for (uint32_t a = 0; a < attributions_.size(); ++a) {
      const Attribution& accusing = attributions_[a];
      if (accusing.stance != Stance::accuses || accusing.hypothetical) continue;
      const auto acts = [&](uint32_t w) {
        return trees_.words[w].upos == syntax::Upos::VERB && trees_.words[w].rel != syntax::Rel::acl &&
               trees_.words[w].rel != syntax::Rel::amod;
      };
      if (any_word(accusing.content, acts)) continue;
      std::set<int32_t> accused;
      any_word(accusing.content, [&](uint32_t w) {
        if (const auto e = entity_at_.find(w); e != entity_at_.end()) accused.insert(e->second);
        return false;
      });
      const int32_t i = act_before(cue_word(accusing));
      if (i < 0 || answered_[static_cast<size_t>(i)]) continue;
      for (uint32_t d = a + 1; d < attributions_.size() && d <= a + 3; ++d) {
        const Attribution& answer = attributions_[d];
        if (trees_.words[cue_word(answer)].sentence > trees_.words[cue_word(accusing)].sentence + 2) break;
        if (answer.stance != Stance::denies || answer.hypothetical || source(static_cast<int32_t>(a)) == source(static_cast<int32_t>(d)))
          continue;
        const bool itself = answer.source_entity >= 0 && accused.contains(answer.source_entity);
        const bool about_it = involvement(answer) || (answer.content.size() == 1 && answer.content.front().size() <= 8);
        const auto told = tells_.find(static_cast<int32_t>(d));
        const bool told_there = told != tells_.end() && (told->second.size() > 1 || told->second.front() != i);
        if ((!itself && !about_it) || told_there) continue;
        answered_[static_cast<size_t>(i)] = 1;
        std::string who;
        for (const int32_t e : accused) who += (who.empty() ? "" : ", ") + entities_[static_cast<size_t>(e)].name;
        add({"agent", {i}, {{did_it(who), i, {static_cast<int32_t>(a)}}, {did_not(who), i, {static_cast<int32_t>(d)}}}});
        break;
      }
    }
  }

  /// One event, several voices.
  void occurrence_within(const std::vector<Dispute>& counts) {
    std::set<int32_t> by_number;
    for (const Dispute& d : counts) by_number.insert(d.positions[1].voices.front());
    for (uint32_t i = 0; i < events_.size(); ++i) {
      if (answered_[i]) continue;
      const Event& e = events_[i];
      const bool linked = std::find(e.why.begin(), e.why.end(), kDeniedElsewhere) != e.why.end();
      const bool settled = e.attribution >= 0 && attributions_[static_cast<size_t>(e.attribution)].stance == Stance::asserts;
      Position yes{"happened", static_cast<int32_t>(i), {}}, no{kNot, static_cast<int32_t>(i), {}};
      for (const VoiceClaim& v : e.voices) {
        // A denial of what one voice expects is a dispute where it is told as settled: "is preparing to annul the vote", "there is no such
        // plan". A mere expectation that another does not share is none.
        if (holds(v.factuality) == Holds::happened && e.status != "planned" && (!linked || v.factuality == Factuality::ct_plus || settled))
          yes.voices.push_back(v.attribution);
        if (holds(v.factuality) == Holds::not_happened) no.voices.push_back(v.attribution);
      }
      if (no.voices.empty() && e.status == "denied" && !yes.voices.empty())
        if (const int32_t outer = denies_around(attributions_, yes.voices.front()); outer >= 0) no.voices.push_back(outer);
      if (yes.voices.empty() || no.voices.empty() || source(yes.voices.front()) == source(no.voices.front())) continue;
      const int32_t denier = no.voices.front();
      // another number is no denial
      if (denier >= 0 && attributions_[static_cast<size_t>(denier)].stance != Stance::denies && by_number.contains(denier)) continue;
      if (const std::string other = denier < 0 ? std::string() : origin(denier, e); !other.empty()) {
        out_.push_back({"agent",
                        {static_cast<int32_t>(i)},
                        {{did_it(names(e.actors)), static_cast<int32_t>(i), std::move(yes.voices)},
                         {other, static_cast<int32_t>(i), std::move(no.voices)}}});
        continue;
      }
      if (denier >= 0 && involvement(attributions_[static_cast<size_t>(denier)])) {
        out_.push_back({"agent",
                        {static_cast<int32_t>(i)},
                        {{did_it(names(e.actors)), static_cast<int32_t>(i), std::move(yes.voices)},
                         {did_not(names(e.actors)), static_cast<int32_t>(i), std::move(no.voices)}}});
        continue;
      }
      Dispute d{"occurrence", {static_cast<int32_t>(i)}, {std::move(yes), std::move(no)}};
      // two words for one act in a sentence
      const auto told_twice = [&](const Dispute& known) {
        const Event& other = events_[static_cast<size_t>(known.events.front())];
        return same_voices(known, d) && other.type == e.type &&
               trees_.words[other.trigger_word].sentence == trees_.words[e.trigger_word].sentence;
      };
      const auto last = out_.end() - std::min<ptrdiff_t>(out_.end() - out_.begin(), kTwice);
      if (std::none_of(last, out_.end(), told_twice)) out_.push_back(std::move(d));
    }
  }

  bool same_day(const Event& a, const Event& b) const {
    return !a.date || !b.date || a.date->starts_with(*b.date) || b.date->starts_with(*a.date);
  }

  void pair(uint32_t i, uint32_t j) {
    const Event &a = events_[i], &b = events_[j];
    if (a.type != b.type || a.status == "planned" || b.status == "planned" || a.status == "hypothetical" || b.status == "hypothetical")
      return;
    if (a.trigger_lemma != b.trigger_lemma && !(a.mode && a.mode == b.mode)) return;
    if (a.mode && b.mode && a.mode != b.mode) return;  // "fired tear gas", "fired live rounds"
    if (!same_day(a, b)) return;
    if (a.place >= 0 && b.place >= 0 && a.place != b.place) return;
    const auto actors_a = ids(a.actors), actors_b = ids(b.actors), recipients_a = ids(a.recipients), recipients_b = ids(b.recipients);
    // the same one, or another of the same country: "Eritrea" and "its troops"
    const bool same_actor = overlap(actors_a, actors_b) || overlap(countries(a.actors), countries(b.actors));
    const bool same_recipient = overlap(recipients_a, recipients_b) || overlap(countries(a.recipients), countries(b.recipients));
    if (a.voices.empty() || b.voices.empty()) return;
    const int32_t voice_a = a.voices.front().attribution, voice_b = b.voices.front().attribution;
    if (source(voice_a) == source(voice_b)) return;
    const Holds ha = holds(a.factuality), hb = holds(b.factuality);
    // in other words it must be told of the same two: "the envoy arrived", "he was not received"
    const bool same_word = a.trigger_lemma == b.trigger_lemma || a.quad == 4;  // of violence each side has its own words
    const bool compatible = (same_actor || (same_word && (actors_a.empty() || actors_b.empty()))) &&
                            (same_recipient || (same_word && (recipients_a.empty() || recipients_b.empty()))) &&
                            (same_actor || same_recipient);
    if (compatible && ((ha == Holds::happened && hb == Holds::not_happened) || (ha == Holds::not_happened && hb == Holds::happened))) {
      const auto position = [&](uint32_t e, Holds h, int32_t v) {
        return Position{h == Holds::happened ? "happened" : kNot, static_cast<int32_t>(e), {v}};
      };
      add({"occurrence", {static_cast<int32_t>(i), static_cast<int32_t>(j)}, {position(i, ha, voice_a), position(j, hb, voice_b)}});
      return;
    }
    if (ha != Holds::happened || hb != Holds::happened || a.trigger_lemma != b.trigger_lemma) return;
    // who did it: the same thing done to the same one, by others
    if (same_recipient && !actors_a.empty() && !actors_b.empty() && !same_actor && countries(a.actors) != countries(b.actors) &&
        a.quad == 4 && a.date == b.date) {
      add({"agent",
           {static_cast<int32_t>(i), static_cast<int32_t>(j)},
           {{fmt::format("{} did it", names(a.actors)), static_cast<int32_t>(i), {voice_a}},
            {fmt::format("{} did it", names(b.actors)), static_cast<int32_t>(j), {voice_b}}}});
      return;
    }
    // how many
    if (!compatible) return;
    for (const EventNumber& x : a.numbers)
      for (const EventNumber& y : b.numbers)
        if (x.kind == y.kind && (x.low > y.high || y.low > x.high)) {
          add({"number",
               {static_cast<int32_t>(i), static_cast<int32_t>(j)},
               {{fmt::format("{} {}", x.low, x.kind), static_cast<int32_t>(i), {voice_a}},
                {fmt::format("{} {}", y.low, y.kind), static_cast<int32_t>(j), {voice_b}}}});
          return;
        }
  }

  bool disputed(int32_t a, int32_t b) const { return disputed_.contains({std::min(a, b), std::max(a, b)}); }

  /// Two accounts that are known to exclude each other: by what they differ in.
  void rival(int32_t i, int32_t j) {
    const Event &a = events_[static_cast<size_t>(i)], &b = events_[static_cast<size_t>(j)];
    if (a.voices.empty() || b.voices.empty() || disputed(i, j)) return;
    if (source(a.voices.front().attribution) == source(b.voices.front().attribution))
      return;  // who tells both sets neither against the other
    const std::vector<int32_t> voice_a{a.voices.front().attribution}, voice_b{b.voices.front().attribution};
    const Holds ha = holds(a.factuality), hb = holds(b.factuality);
    for (const EventNumber& x : a.numbers)
      for (const EventNumber& y : b.numbers)
        if (x.kind == y.kind && (x.low > y.high || y.low > x.high))
          return add(
              {"number", {i, j}, {{fmt::format("{} {}", x.low, x.kind), i, voice_a}, {fmt::format("{} {}", y.low, y.kind), j, voice_b}}});
    if (ha != hb && ha != Holds::open && hb != Holds::open) {
      // "the envoy arrived" is no answer to "he was not received"
      if (a.trigger_lemma != b.trigger_lemma && a.quad != 4 && !overlap(ids(a.recipients), ids(b.recipients))) return;
      const auto held = [](Holds h) { return h == Holds::happened ? "happened" : kNot; };
      return add({"occurrence", {i, j}, {{held(ha), i, voice_a}, {held(hb), j, voice_b}}});
    }
    if (a.type != b.type) return;  // who did it, and how, is asked of one kind of act
    if (!a.actors.empty() && !b.actors.empty() && !overlap(ids(a.actors), ids(b.actors)))
      return add({"agent",
                  {i, j},
                  {{fmt::format("{} did it", names(a.actors)), i, voice_a}, {fmt::format("{} did it", names(b.actors)), j, voice_b}}});
    add({"other", {i, j}, {{a.trigger_lemma, i, voice_a}, {b.trigger_lemma, j, voice_b}}});
  }

  std::set<std::string> countries(const std::vector<Participant>& list) const {
    std::set<std::string> out;
    for (const Participant& p : list)
      if (p.country) out.insert(*p.country);
    return out;
  }

  std::string names(const std::vector<Participant>& list) const {
    std::string out;
    for (const Participant& p : list) {
      const std::string name = p.entity >= 0 ? entities_[static_cast<size_t>(p.entity)].name : p.country.value_or("");
      if (!name.empty()) out += (out.empty() ? "" : ", ") + name;
    }
    return out;
  }

  void add(Dispute d) {
    if (d.events.size() == 2) disputed_.insert({std::min(d.events[0], d.events[1]), std::max(d.events[0], d.events[1])});
    out_.push_back(std::move(d));
  }

  const syntax::Trees& trees_;
  const std::vector<Event>& events_;
  const std::vector<Attribution>& attributions_;
  const std::vector<Entity>& entities_;
  std::map<uint32_t, int32_t> entity_at_;           ///< entities by the heads of their mentions
  std::map<int32_t, std::vector<int32_t>> tells_;   ///< events by each attribution that speaks of them
  std::vector<char> answered_;                      ///< events with an agent dispute already
  std::set<std::pair<int32_t, int32_t>> disputed_;  ///< pairs with a dispute already
  std::vector<Dispute> out_;
};

}  // namespace

std::vector<Dispute> find_disputes(const syntax::Trees& trees, const std::vector<Event>& events,
                                   const std::vector<Attribution>& attributions, const std::vector<Entity>& entities,
                                   const Opinions& opinions, std::string* rows) {
  std::vector<Dispute> found = Finder(trees, events, attributions, entities).run(opinions);
  return opinions.any ? weigh_disputes(trees, events, attributions, entities, opinions, std::move(found), rows) : found;
}

}  // namespace reportedly::events
