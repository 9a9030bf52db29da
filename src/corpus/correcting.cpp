#include "corpus/correcting.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "corpus/days.h"
#include "entities/fold.h"
#include "events/factuality.h"
#include "events/scheme.h"
#include "output/describe.h"

namespace reportedly::corpus {
namespace {

using Json = nlohmann::json;

constexpr std::array<const char*, 7> kStatuses{"happened", "ongoing", "planned", "possible", "denied", "refused", "hypothetical"};

bool negative(Factuality value) {
  return value == Factuality::ct_minus || value == Factuality::pr_minus;
}
bool positive(Factuality value) {
  return value == Factuality::ct_plus || value == Factuality::pr_plus;
}

/// How certain a voice is of what has this status; `value` where the two agree.
Factuality factuality_for(const std::string& status, Factuality value) {
  if (status == "denied" || status == "refused") return negative(value) ? value : Factuality::ct_minus;
  if (status == "happened" || status == "ongoing") return Factuality::ct_plus;
  if (status == "planned") return positive(value) ? value : Factuality::pr_plus;
  if (status == "possible") return positive(value) || negative(value) ? Factuality::ps_plus : value;
  return value;
}

/// The status of what a voice is so certain of; `status` where the two agree.
std::string status_for(Factuality value, const std::string& status) {
  if (negative(value)) return status == "refused" ? status : "denied";
  if (value == Factuality::ct_plus) return status == "denied" || status == "possible" ? "happened" : status;
  return status == "happened" || status == "ongoing" || status == "denied" ? "possible" : status;
}

/// What a voice of that stance makes `value` of; nullopt: nothing that we know of.
std::optional<Factuality> inside(Factuality value, Stance stance) {
  for (size_t i = 0; i <= static_cast<size_t>(Factuality::uu); ++i)
    if (events::in_stance(static_cast<Factuality>(i), stance) == value) return static_cast<Factuality>(i);
  return std::nullopt;
}

std::optional<std::string> word(const Json& j, const char* name) {
  const auto at = j.find(name);
  return at != j.end() && at->is_string() ? std::optional(at->get<std::string>()) : std::nullopt;
}

std::vector<std::string> parts(const std::string& list, std::string_view between) {
  std::vector<std::string> out;
  for (size_t at = 0; at <= list.size();) {
    const size_t end = std::min(list.find(between, at), list.size());
    const size_t first = list.find_first_not_of(" \t\n", at), last = list.find_last_not_of(" \t\n", end - 1);
    if (end > at && first < end && last != std::string::npos && last >= first) out.push_back(list.substr(first, last + 1 - first));
    at = end + between.size();
  }
  return out;
}

class Layers {
 public:
  Layers(Analysis& analysis, std::vector<std::string>& faults_found) : faults(faults_found), a_(analysis), d_(analysis) {}

  void event(size_t number, const Json& value) {
    Event& e = a_.events[number];
    const Event was = e;
    kind(e, value);
    if (value.contains("date")) {
      const auto date = word(value, "date");
      if (date && !days_of(*date))
        faults.push_back(fmt::format("the date '{}' is no day, month or year: write 2031-05-06, 2031-05 or 2031", *date));
      else if (date != e.date)
        e.date = date, e.time.reset(), e.date_why = {"a reviewer"};
    }
    if (value.contains("place")) place(e, word(value, "place"));
    if (value.contains("actors")) parties(e, e.actors, word(value, "actors").value_or(""));
    if (value.contains("recipients")) parties(e, e.recipients, word(value, "recipients").value_or(""));
    if (value.contains("voice")) voice(e, word(value, "voice").value_or(""));
    if (const auto status = word(value, "status")) {
      if (std::find(kStatuses.begin(), kStatuses.end(), *status) == kStatuses.end()) {
        faults.push_back(fmt::format("'{}' is no status", *status));
      } else {
        e.status = *status;
        const Factuality value_now = factuality_for(e.status, e.factuality);
        for (VoiceClaim& claim : e.voices)
          if (claim.attribution == e.attribution) claim.factuality = value_now;
        e.factuality = value_now;
      }
    }
    e.decision = Decision::corrected;
    const auto place_name = [&](const Event& x) { return x.place >= 0 ? a_.places[x.place].name : std::string(); };
    note(e.why, "type", was.type, e.type);
    note(e.why, "mode", was.mode.value_or(""), e.mode.value_or(""));
    note(e.why, "date", was.date.value_or(""), e.date.value_or(""));
    note(e.why, "place", place_name(was), place_name(e));
    note(e.why, "actors", d_.names(was.actors), d_.names(e.actors));
    note(e.why, "recipients", d_.names(was.recipients), d_.names(e.recipients));
    note(e.why, "voice", d_.voice(was.attribution), d_.voice(e.attribution));
    note(e.why, "status", was.status, e.status);
  }

  void attribution(size_t number, const Json& value) {
    Attribution& x = a_.attributions[number];
    const Attribution was = x;
    const auto index = static_cast<int32_t>(number);
    const std::string source = d_.source(index), content = d_.quote(x.content);
    if (const auto form = word(value, "form")) {
      if (*form == "direct" || *form == "mixed" || *form == "indirect")
        x.form = *form == "direct" ? Form::direct : *form == "mixed" ? Form::mixed : Form::indirect;
      else
        faults.push_back(fmt::format("the form '{}' is none of direct, mixed, indirect", *form));
    }
    if (const auto at = value.find("hypothetical"); at != value.end() && at->is_boolean()) x.hypothetical = at->get<bool>();
    if (value.contains("source")) {
      const Span cue = place_of(x);
      const auto name = word(value, "source");
      if (!name)
        x.source.clear(), x.source_entity = -1;
      else if (const auto who = party(*name, cue))
        x.source = {who->span}, x.source_entity = who->entity;
      else
        faults.push_back(nowhere(*name));
    }
    if (const auto words = word(value, "content")) {
      std::vector<Span> spans;
      const Span near = place_of(x);
      for (const std::string& part : parts(*words, " … ")) {
        const auto found = find(part, near);
        if (!found) {
          faults.push_back(nowhere(part));
          spans.clear();
          break;
        }
        spans.push_back(*found);
      }
      if (!spans.empty()) x.content = std::move(spans);
    }
    if (const auto name = word(value, "stance"))
      if (const auto stance = stance_from_name(*name); stance && *stance != x.stance) {
        x.stance = *stance;
        const std::string reason = fmt::format("reviewer: the stance of a{} was {}", number + 1, stance_name(was.stance));
        heard_as(index, reason, [&](Factuality value_then) -> std::optional<Factuality> {
          const auto what = inside(value_then, was.stance);
          return what ? std::optional(events::in_stance(*what, x.stance)) : std::nullopt;
        });
      }
    x.decision = Decision::corrected;
    note(x.why, "stance", stance_name(was.stance), stance_name(x.stance));
    note(x.why, "form", form_name(was.form), form_name(x.form));
    note(x.why, "source", source, d_.source(index));
    note(x.why, "content", content, d_.quote(x.content));
    if (was.hypothetical != x.hypothetical) note(x.why, "hypothetical", was.hypothetical ? "true" : "false", "");
  }

  void reject_event(size_t number) {
    Event& e = a_.events[number];
    e.decision = Decision::rejected;
    e.why.emplace_back("reviewer: rejected");
    for (Dispute& dispute : a_.disputes) {
      std::erase(dispute.events, static_cast<int32_t>(number));
      std::erase_if(dispute.positions, [&](const Position& p) { return p.event == static_cast<int32_t>(number); });
    }
    std::erase_if(a_.disputes, [](const Dispute& dispute) { return dispute.positions.size() < 2; });
  }

  /// What is told in it is told by the voice around it, as that voice would have told it.
  void reject_attribution(size_t number) {
    Attribution& x = a_.attributions[number];
    const auto index = static_cast<int32_t>(number);
    const int32_t around = x.parent;
    const std::string reason = fmt::format("reviewer: a{} was rejected", number + 1);
    heard_as(index, reason, [&](Factuality value) { return inside(value, x.stance); });
    for (Event& e : a_.events) {
      if (e.attribution == index) e.attribution = around;
      const bool heard = std::any_of(e.voices.begin(), e.voices.end(), [&](const VoiceClaim& v) { return v.attribution == around; });
      if (heard) std::erase_if(e.voices, [&](const VoiceClaim& v) { return v.attribution == index; });
      for (VoiceClaim& v : e.voices)
        if (v.attribution == index) v.attribution = around;
    }
    for (Dispute& dispute : a_.disputes)
      for (Position& p : dispute.positions) {
        std::replace(p.voices.begin(), p.voices.end(), index, around);
        std::sort(p.voices.begin(), p.voices.end());
        p.voices.erase(std::unique(p.voices.begin(), p.voices.end()), p.voices.end());
      }
    for (Attribution& other : a_.attributions)
      if (other.parent == index) other.parent = around;
    x.decision = Decision::rejected;
    x.why.emplace_back("reviewer: rejected");
  }

 private:
  std::vector<std::string>& faults;

  static void note(std::vector<std::string>& why, const char* what, const std::string& was, const std::string& is) {
    if (was != is) why.push_back(fmt::format("reviewer: {} was {}", what, was.empty() ? "none" : was));
  }
  static std::string nowhere(const std::string& words) {
    return fmt::format("'{}' stands nowhere in the document: write words of its text, or a name as its entities have it", words);
  }

  /// Type and mode, and what follows from the two.
  void kind(Event& e, const Json& value) {
    const auto type = events::type_from(word(value, "type").value_or(e.type));
    if (!type) return faults.push_back(fmt::format("'{}' is no PLOVER type", *word(value, "type")));
    std::optional<std::string> mode = value.contains("mode") ? word(value, "mode") : e.mode;
    if (mode && !events::mode_of(*type, *mode)) {
      if (value.contains("mode")) faults.push_back(fmt::format("{} has no mode '{}'", events::info(*type).name, *mode));
      mode = value.contains("mode") && events::type_from(e.type) == type ? e.mode : std::nullopt;
    }
    const events::TypeInfo& info = events::info(*type);
    if (info.name == e.type && mode == e.mode) return;
    const events::ModeInfo* by_mode = mode ? events::mode_of(*type, *mode) : nullptr;
    e.type = info.name;
    e.mode = mode;
    e.quad = info.quad;
    e.intensity = by_mode ? by_mode->intensity : info.intensity;
    const std::string_view cameo = by_mode ? by_mode->cameo : info.cameo;
    e.cameo = cameo.empty() ? std::nullopt : std::optional<std::string>(cameo);
  }

  void place(Event& e, const std::optional<std::string>& name) {
    if (!name) {
      e.place = -1;
      return;
    }
    const std::string folded = entities::fold(*name);
    if (e.place >= 0 && entities::fold(a_.places[e.place].name) == folded) return;
    std::optional<size_t> best;
    for (size_t i = 0; i < a_.places.size(); ++i)
      if (entities::fold(a_.places[i].name) == folded || entities::fold(d_.quote(a_.places[i].span)) == folded)
        if (!best || apart(a_.places[i].span, e.trigger) < apart(a_.places[*best].span, e.trigger)) best = i;
    if (!best) {
      best = a_.places.size();
      Place made;
      made.span = find(*name, e.trigger).value_or(e.trigger);
      made.name = *name;
      made.role = "mention";
      made.why = {"a reviewer"};
      a_.places.push_back(std::move(made));
    }
    e.place = static_cast<int32_t>(*best);
  }

  /// Those of the event that are named keep their codes.
  void parties(const Event& e, std::vector<Participant>& side, const std::string& names) {
    std::vector<Participant> out;
    for (const std::string& name : parts(names, ";")) {
      const std::string folded = entities::fold(name);
      const Participant* before = nullptr;
      for (const auto* list : {&e.recipients, &e.actors})
        for (const Participant& p : *list)
          if (entities::fold(d_.name(p)) == folded) before = &p;
      if (before)
        out.push_back(*before);
      else if (auto who = party(name, e.trigger))
        out.push_back(std::move(*who));
      else
        return faults.push_back(nowhere(name));
    }
    side = std::move(out);
  }

  /// "a3"; anything else is the narrator's name.
  void voice(Event& e, const std::string& name) {
    int32_t to = -1;
    if (name.size() > 1 && name[0] == 'a' && name.find_first_not_of("0123456789", 1) == std::string::npos && name.size() < 9) {
      to = std::stoi(name.substr(1)) - 1;
      if (to < 0 || static_cast<size_t>(to) >= a_.attributions.size())
        return faults.push_back(fmt::format("the document has no attribution '{}'", name));
    } else if (!name.empty() && name != "narrator") {
      return faults.push_back(fmt::format("the voice '{}' is neither the id of an attribution (a3) nor narrator", name));
    }
    if (to == e.attribution) return;
    std::erase_if(e.voices, [&](const VoiceClaim& v) { return v.attribution == to; });
    for (VoiceClaim& v : e.voices)
      if (v.attribution == e.attribution) v.attribution = to;
    e.attribution = to;
  }

  /// Whoever is called so: an entity by its name or by words for it, else words of the text; those that are nearest.
  std::optional<Participant> party(const std::string& name, Span near) const {
    const std::string folded = entities::fold(name);
    std::optional<Participant> best;
    for (const bool by_name : {true, false}) {
      for (size_t i = 0; i < a_.entities.size(); ++i) {
        const Entity& entity = a_.entities[i];
        if (by_name && entities::fold(entity.name) != folded) continue;
        for (const Mention& m : entity.mentions) {
          if (!by_name && entities::fold(d_.quote(m.span)) != folded) continue;
          if (!best || apart(m.span, near) < apart(best->span, near))
            best = Participant{static_cast<int32_t>(i), entity.country, entity.sectors, m.span};
        }
      }
      if (best) return best;
    }
    if (const auto span = find(name, near)) best = Participant{-1, std::nullopt, {}, *span};
    return best;
  }

  static uint32_t apart(Span x, Span y) { return x.start > y.start ? x.start - y.start : y.start - x.start; }

  /// Words of the text, where they stand nearest; line ends count as blanks.
  std::optional<Span> find(const std::string& words, Span near) const {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    std::optional<Span> best;
    const std::string& text = a_.document.text;
    uint32_t at = 0;  // in code points
    for (size_t byte = 0; byte < text.size(); ++byte) {
      if ((static_cast<unsigned char>(text[byte]) & 0xc0) == 0x80) continue;
      size_t in = byte, of = 0;
      uint32_t length = 0;
      while (of < words.size() && in < text.size()) {
        if (is_space(words[of]) && is_space(text[in])) {
          while (of < words.size() && is_space(words[of])) ++of;
          while (in < text.size() && is_space(text[in])) ++in, ++length;
        } else if (words[of] == text[in]) {
          length += (static_cast<unsigned char>(text[in]) & 0xc0) != 0x80;
          ++of, ++in;
        } else {
          break;
        }
      }
      const Span span{at, at + length};
      if (of == words.size() && length > 0 && (!best || apart(span, near) < apart(*best, near))) best = span;
      ++at;
    }
    return best;
  }

  /// Events that are told in this voice are told otherwise.
  template <class Otherwise>
  void heard_as(int32_t attribution, const std::string& reason, Otherwise otherwise) {
    for (Event& e : a_.events) {
      bool changed = false;
      const auto change = [&](Factuality& value) {
        const std::optional<Factuality> now = otherwise(value);
        if (!now || *now == value) return;
        value = *now;
        changed = true;
      };
      for (VoiceClaim& claim : e.voices)
        if (claim.attribution == attribution) change(claim.factuality);
      if (e.attribution == attribution) {
        const Factuality before = e.factuality;
        change(e.factuality);
        if (e.factuality != before) {
          const std::string status = status_for(e.factuality, e.status);
          note(e.why, "status", e.status, status);
          e.status = status;
        }
      }
      if (changed) e.why.push_back(reason);
    }
  }

  Analysis& a_;
  output::Description d_;
};

}  // namespace

void Correcting::event(size_t number, const Json& value) {
  Layers(a_, faults).event(number, value);
}
void Correcting::attribution(size_t number, const Json& value) {
  Layers(a_, faults).attribution(number, value);
}
void Correcting::reject_event(size_t number) {
  Layers(a_, faults).reject_event(number);
}
void Correcting::reject_attribution(size_t number) {
  Layers(a_, faults).reject_attribution(number);
}

Span place_of(const Attribution& attribution) {
  if (!attribution.cue.empty()) return attribution.cue.front();
  if (!attribution.source.empty()) return attribution.source.front();
  if (!attribution.content.empty()) return {attribution.content.front().start, attribution.content.back().end};
  return {};
}

}  // namespace reportedly::corpus
