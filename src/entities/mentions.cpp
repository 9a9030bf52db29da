#include "entities/mentions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "entities/fold.h"
#include "entities/given_names.h"

namespace reportedly::entities {
namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

/// A dictionary name in the text.
struct Found {
  uint32_t first = 0, last = 0;
  Hit hit;
  std::string_view owner;  ///< the text's own word for the state whose it is, where the dictionary has another
  bool open = false;       ///< a name that many states have, and the text speaks of others than the dictionary's
};

/// Behind a hyphen, beside participles in -ed.
constexpr std::array kNotEvidence = {"born", "style", "speaking", "run", "held", "made", "built", "leaning", "friendly", "bound", "bred"};
/// What befalls towns, and what they are like, whoever governs there.
constexpr std::array<std::string_view, 16> kOfTowns = {"connect", "flood", "freeze", "hit",   "host",  "lie",   "link",   "rank",
                                                       "record",  "rise",  "see",    "shake", "share", "stage", "suffer", "swelter"};
constexpr std::array kAgainst = {"anti", "pro", "non", "ex", "post", "pre", "trans", "inter", "cross"};

class Finder {
 public:
  Finder(const Trees& trees, const Actors& actors, const std::string& date)
      : trees_(trees),
        dict_(actors.impl()),
        date_(date),
        name_of_(trees.words.size(), -1),
        found_of_(trees.words.size(), -1),
        folded_(trees.words.size()),
        lemma_(trees.words.size()) {}

  MentionLayer run(const std::vector<TaggedName>* tagged) {
    for (uint32_t w = 0; w < trees_.words.size(); ++w) {
      fold_word(trees_.words[w].form, folded_[w]);
      fold_word(trees_.words[w].lemma, lemma_[w]);
    }
    if (tagged)
      take_tagged(*tagged);
    else
      guess_names();
    scan_dictionary();
    scan_halves();
    settle();
    if (tagged) mend_runs();
    for (const Run& r : runs_) out_.names.push_back({trees_.span_of(r.first, r.last), r.type});
    for (size_t n = 0; n < runs_.size(); ++n) add_name(n);
    for (size_t f = 0; f < found_.size(); ++f) add_found(f);
    for (uint32_t w = 0; w < trees_.words.size(); ++w) add_word(w);
    finish();
    return std::move(out_);
  }

 private:
  struct Run {
    uint32_t first, last, head;
    std::string type;
  };

  const Word& word(uint32_t w) const { return trees_.words[w]; }
  bool same_sentence(uint32_t a, uint32_t b) const { return word(a).sentence == word(b).sentence; }

  // ---- names
  uint32_t head_of_run(uint32_t first, uint32_t last) const {
    for (uint32_t w = first; w < last; ++w) {
      const int32_t h = word(w).head;
      if ((h < static_cast<int32_t>(first) || h >= static_cast<int32_t>(last)) && word(w).upos != Upos::PUNCT && word(w).upos != Upos::DET)
        return w;
    }
    return first;
  }
  void add_run(uint32_t first, uint32_t last, std::string type) {
    if (first >= last) return;
    const uint32_t head = head_of_run(first, last);
    for (uint32_t w = first; w < last; ++w) name_of_[w] = static_cast<int32_t>(runs_.size());
    runs_.push_back({first, last, head, std::move(type)});
  }
  static constexpr float kSure = 0.52f;  ///< least mean probability of a tagged name; chosen on UNER dev
  void take_tagged(const std::vector<TaggedName>& tagged) {
    for (const TaggedName& t : tagged) {
      uint32_t first = t.first, last = t.last;
      if (t.probability < kSure) continue;
      if (last - first == 1 && word(first).upos == Upos::PRON && !is_acronym(word(first).form)) continue;  // "It has denied", not "US"
      if (t.type == "PER" && last - first == 1 && word(first).upos == Upos::NOUN && !starts_upper(word(first).form))
        continue;  // "the bush"
      if (last - first == 1 && ((t.type == "misc" && word(first).upos == Upos::NOUN) ||
                                (t.type == "country" && word(first).upos == Upos::ADJ && !country_word(first))))
        continue;  // "Artillery fire", "Western countries"
      if (t.type == "PER") {
        // A title is no part of a name; where the tagger took the title alone, the name follows it.
        while (first < last && (is_title(first) || word(first).form == ".")) ++first;
        if (first == last)
          while (last < trees_.words.size() && same_sentence(first, last) && word(last).upos == Upos::PROPN &&
                 starts_upper(word(last).form))
            ++last;
      }
      while (last > first && word(last - 1).upos == Upos::PUNCT && word(last - 1).form != "." && word(last - 1).form != "!") --last;
      while (last > first + 1 && word(last - 1).form == "." && !ends_in_abbreviation(last - 2)) --last;
      while (first < last && word(first).upos == Upos::PUNCT) ++first;
      if (t.type == "PER")  // "Omar al|-|Bashir"
        while (last + 1 < trees_.words.size() && word(last).form == "-" && !word(last).space_after && !word(last - 1).space_after &&
               word(last + 1).upos == Upos::PROPN)
          last += 2;
      if (first >= last || no_name(first, last, t.probability)) continue;
      if (!runs_.empty() && runs_.back().last > first) continue;
      const uint32_t state = t.type == "LOC" ? state_of_town(first, last) : last;
      add_run(first, state, t.type);
      add_run(state, last, t.type);
    }
    bool added = false;
    for (uint32_t w = 0; w < trees_.words.size(); ++w) {
      const Word& t = word(w);
      if (t.sub != Sub::desc || t.head <= static_cast<int32_t>(w) || name_of_[w] >= 0 || !starts_upper(t.form)) continue;
      const auto head = static_cast<uint32_t>(t.head);
      static constexpr std::array kAddressed = {"mr", "mrs", "ms", "miss", "dr", "madam"};
      const Role* r = dict_.role(lemma_[w]);
      const bool titled = (r && r->kind == "office") || std::find(kAddressed.begin(), kAddressed.end(), folded_[w]) != kAddressed.end();
      if (word(head).upos != Upos::PROPN || name_of_[head] >= 0 || !titled) continue;
      uint32_t end = head + 1;
      while (end < trees_.words.size() && word(end).rel == Rel::flat && word(end).head == t.head && name_of_[end] < 0) ++end;
      for (uint32_t x = head; x < end; ++x) name_of_[x] = static_cast<int32_t>(runs_.size());
      runs_.push_back({head, end, head, "PER"});
      added = true;
    }
    if (!added) return;
    std::sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.first < b.first; });
    for (size_t n = 0; n < runs_.size(); ++n)
      for (uint32_t w = runs_[n].first; w < runs_[n].last; ++w) name_of_[w] = static_cast<int32_t>(n);
  }
  /// "San Rafael California", "Reno NV": the town and its state are two names, comma or not. Where the state begins; `last` if there is
  /// none.
  uint32_t state_of_town(uint32_t first, uint32_t last) const {
    static constexpr std::array kStates = {"alabama",      "alaska",      "arizona",     "arkansas", "california",
                                           "colorado",     "connecticut", "delaware",    "florida",  "hawaii",
                                           "idaho",        "illinois",    "indiana",     "iowa",     "kansas",
                                           "kentucky",     "louisiana",   "maine",       "maryland", "massachusetts",
                                           "michigan",     "minnesota",   "mississippi", "missouri", "montana",
                                           "nebraska",     "nevada",      "ohio",        "oklahoma", "oregon",
                                           "pennsylvania", "tennessee",   "texas",       "utah",     "vermont",
                                           "virginia",     "wisconsin",   "wyoming",     "al",       "ak",
                                           "az",           "ca",          "co",          "ct",       "fl",
                                           "ga",           "ia",          "il",          "ks",       "ky",
                                           "md",           "mi",          "mn",          "mo",       "ms",
                                           "mt",           "nc",          "nd",          "ne",       "nh",
                                           "nj",           "nm",          "nv",          "ny",       "ok",
                                           "pa",           "ri",          "sc",          "sd",       "tn",
                                           "tx",           "ut",          "va",          "vt",       "wa",
                                           "wi",           "wv",          "wy"};
    // What stands before a state's name and makes one name with it: "West Virginia", "Lake Michigan", "Gulf of Maine".
    static constexpr std::array kParts = {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central",
                                          "upper", "lower", "mid",  "new",  "greater",  "baja",     "lake",    "fort",    "port",
                                          "mount", "camp",  "of",   "the",  "downtown", "rural",    "coastal", "inland"};
    if (last - first < 2) return last;
    if (std::find(kStates.begin(), kStates.end(), folded_[last - 1]) == kStates.end()) return last;
    if (std::find(kParts.begin(), kParts.end(), folded_[last - 2]) != kParts.end() || word(last - 2).upos == Upos::PUNCT) return last;
    return last - 1;
  }
  bool is_title(uint32_t w) const {
    const std::string& f = folded_[w];
    static constexpr std::array kForms = {
        "mr",        "mrs",    "ms",       "miss",   "dr",      "sir",         "gov",           "gen",
        "sen",       "rep",    "lt",       "col",    "sgt",     "prof",        "professor",     "judge",
        "justice",   "sheikh", "king",     "queen",  "prince",  "princess",    "pope",          "saint",
        "ayatollah", "rev",    "reverend", "doctor", "senator", "congressman", "congresswoman", "archbishop",
        "bishop",    "imam",   "mullah",   "rabbi",  "grand",   "prime",       "vice",          "foreign"};
    if (!starts_upper(word(w).form)) return false;
    if (std::find(kForms.begin(), kForms.end(), f) != kForms.end())
      return word(w).sub == Sub::desc || word(w).upos != Upos::PROPN || w + 1 < trees_.words.size();
    const Role* r = dict_.role(f);
    return r && (r->kind == "office" || (r->kind == "person" && r->takes)) && w + 1 < trees_.words.size() &&
           word(w + 1).upos == Upos::PROPN && same_sentence(w, w + 1);
  }
  bool ends_in_abbreviation(uint32_t w) const {
    static constexpr std::array kShort = {"inc", "ltd", "corp", "co", "jr", "sr", "bros", "llc", "dept", "st"};
    return folded_[w].size() == 1 || word(w).form.find('.') != std::string::npos ||
           std::find(kShort.begin(), kShort.end(), folded_[w]) != kShort.end();
  }
  /// Addresses, file names, and words without a capital.
  bool no_name(uint32_t first, uint32_t last, float probability) const {
    bool capital = false;
    for (uint32_t w = first; w < last; ++w) {
      const std::string& f = word(w).form;
      if (f.find('@') != std::string::npos || f.find('_') != std::string::npos || f.find("://") != std::string::npos ||
          f.starts_with("www."))
        return true;
      capital = capital || starts_upper(f) || f.size() < 2 ||
                std::any_of(f.begin(), f.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) || static_cast<unsigned char>(f[0]) >= 0x80;
    }
    return !capital && probability < 0.75f;
  }
  /// Where a name of the hand-written dictionaries and a tagged one overlap, the dictionary knows where it begins and ends ("United
  /// States").
  void mend_runs() {
    std::vector<Run> more;
    for (const Found& f : found_) {
      const Entry& e = dict_.entries[f.hit.entry];
      const bool adjective = f.hit.alias == Alias::adjective || f.hit.alias == Alias::people;
      if (e.rank == 0 || e.kind == "person" || adjective || word(f.last - 1).upos == Upos::ADJ) continue;
      const bool place = e.kind == "state" || e.kind == "place";
      bool inside = false, touched = false;
      for (uint32_t w = f.first; w < f.last; ++w)
        if (name_of_[w] >= 0) {
          touched = true;
          const Run& r = runs_[static_cast<size_t>(name_of_[w])];
          inside = inside || (r.first <= f.first && f.last <= r.last);
          if (r.first == f.first && r.last == f.last && (e.kind == "organisation" || e.kind == "armed_group"))
            runs_[static_cast<size_t>(name_of_[w])].type = "ORG";
        }
      if (inside || (!touched && !(place && e.kind == "state"))) continue;
      if (f.last - f.first == 1 && touched) continue;
      std::string type = place ? "LOC" : "ORG";
      for (uint32_t w = f.first; w < f.last; ++w)
        if (name_of_[w] >= 0) runs_[static_cast<size_t>(name_of_[w])].last = runs_[static_cast<size_t>(name_of_[w])].first;  // emptied
      more.push_back({f.first, f.last, head_of_run(f.first, f.last), std::move(type)});
    }
    if (more.empty()) return;
    for (Run& r : runs_)
      if (r.first < r.last) more.push_back(std::move(r));
    std::sort(more.begin(), more.end(), [](const Run& a, const Run& b) { return a.first < b.first; });
    runs_.clear();
    std::fill(name_of_.begin(), name_of_.end(), -1);
    for (Run& r : more)
      if (runs_.empty() || runs_.back().last <= r.first) add_run(r.first, r.last, std::move(r.type));
  }
  /// Without a tagger: neighbouring proper nouns of one phrase, without the titles before them.
  void guess_names() {
    const auto n = static_cast<uint32_t>(trees_.words.size());
    for (uint32_t w = 0; w < n;) {
      if (word(w).upos != Upos::PROPN) {
        ++w;
        continue;
      }
      uint32_t end = w + 1;
      const auto inside = [&](uint32_t x) {
        const int32_t h = word(x).head;
        return h >= static_cast<int32_t>(w) && h <= static_cast<int32_t>(end);
      };
      while (end < n && same_sentence(w, end) && word(end).rel != Rel::appos && word(end).rel != Rel::conj &&
             ((word(end).upos == Upos::PROPN &&
               (inside(end) || word(end - 1).head == static_cast<int32_t>(end) || word(w).head == static_cast<int32_t>(end))) ||
              (word(end).form == "-" && end + 1 < n && word(end + 1).upos == Upos::PROPN && !word(end).space_after)))
        ++end;
      uint32_t first = w;
      for (uint32_t x = w; x + 1 < end; ++x)
        if (word(x).sub == Sub::desc ||
            (word(x).rel == Rel::compound && dict_.role(folded_[x]) && dict_.role(folded_[x])->kind == "office"))
          first = x + 1;
      if (!(end - first == 1 && dict_.role(lemma_[first]) && !country_word(first))) add_run(first, end, "");
      w = end;
    }
  }
  bool country_word(uint32_t w) const {
    std::vector<Hit> hits;
    dict_.find(folded_[w], is_acronym(word(w).form), hits);
    return !hits.empty();
  }

  /// Longest dictionary names at capitalised words that no tagged name covers (or inside tagged names, for their parts).
  void scan_dictionary() {
    const auto n = static_cast<uint32_t>(trees_.words.size());
    std::string phrase;
    std::vector<Hit> hits;
    for (uint32_t w = 0; w < n; ++w) {
      const bool begins_run = name_of_[w] >= 0 && runs_[static_cast<size_t>(name_of_[w])].first == w;
      if (!starts_upper(word(w).form) && !begins_run && folded_[w] != "al" &&
          !(word(w).form[0] >= '0' && word(w).form[0] <= '9' && word(w).upos == Upos::PROPN))
        continue;
      if (folded_[w].empty() || word(w).upos == Upos::AUX || word(w).upos == Upos::PRON || !dict_.may_begin(folded_[w])) continue;
      phrase.clear();
      Found best;
      for (uint32_t end = w; end < n && end < w + 9 && same_sentence(w, end); ++end) {
        const Word& e = word(end);
        if (!folded_[end].empty()) {
          if (!phrase.empty()) phrase += ' ';
          phrase += folded_[end];
        } else if (e.upos == Upos::PUNCT && e.form != "-" && e.form != "–" && e.form != "." && e.form != "'" && e.form != "’" &&
                   e.form != ",") {
          break;
        } else if (e.form == "," && !(end + 1 < n && word(end + 1).upos == Upos::PROPN)) {
          break;
        }
        if (folded_[end].empty()) continue;
        bool acronym = true;
        for (uint32_t x = w; x <= end; ++x) acronym = acronym && (is_acronym(word(x).form) || folded_[x].empty());
        dict_.find(phrase, acronym, hits);
        if (end == w)
          std::erase_if(hits, [&](const Hit& h) { return !single_word_ok(h, w); });
        else
          std::erase_if(hits, [&](const Hit& h) {
            return dict_.entries[h.entry].kind == "organisation" && dict_.entries[h.entry].rank == 0 && !starts_upper(word(end).form);
          });
        const std::string_view type =
            name_of_[w] >= 0 ? std::string_view(runs_[static_cast<size_t>(name_of_[w])].type) : std::string_view{};
        if (type == "LOC" || type == "ORG")  // "Tel Modi"
          std::erase_if(hits, [&](const Hit& h) { return dict_.entries[h.entry].kind == "person"; });
        const auto hit = dict_.choose(hits, date_, type == "PER" && any_person(hits));
        if (hit) best = {w, end + 1, *hit};
      }
      if (!best.last) continue;
      // A title or a longer name is no town: inside a person's name only a whole match counts.
      if (name_of_[w] >= 0) {
        const Run& r = runs_[static_cast<size_t>(name_of_[w])];
        if (r.type == "PER" && !(best.first == r.first && best.last >= r.last)) continue;
      }
      if (dict_.never.contains(phrase_of(best.first, best.last))) continue;
      if (names_water(best) || part_of_name(best) || of_a_region(best)) continue;
      for (uint32_t x = best.first; x < best.last; ++x) found_of_[x] = static_cast<int32_t>(found_.size());
      found_.push_back(best);
      w = best.last - 1;
    }
  }
  /// "the North fired first": where the text names one of two states with such a name, the bare word stands for a state.
  void scan_halves() {
    std::vector<std::pair<std::string_view, Hit>> known;
    std::vector<Hit> hits;
    for (const auto& [half, state] : dict_.halves) {
      dict_.find(state, false, hits);
      if (const auto hit = dict_.choose(hits, date_, false)) known.emplace_back(half, *hit);
    }
    const bool named = std::any_of(found_.begin(), found_.end(), [&](const Found& f) {
      return std::any_of(known.begin(), known.end(), [&](const auto& k) { return k.second.entry == f.hit.entry; });
    });
    if (!named) return;
    const auto n = static_cast<uint32_t>(trees_.words.size());
    for (uint32_t w = 0; w < n; ++w) {
      if (!starts_upper(word(w).form) || found_of_[w] >= 0 || (w + 1 < n && same_sentence(w, w + 1) && starts_upper(word(w + 1).form)))
        continue;
      const auto at = std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.first == folded_[w]; });
      if (at == known.end()) continue;
      if (name_of_[w] >= 0 && runs_[static_cast<size_t>(name_of_[w])].last - runs_[static_cast<size_t>(name_of_[w])].first != 1) continue;
      found_of_[w] = static_cast<int32_t>(found_.size());
      found_.push_back({w, w + 1, at->second, {}, false});
    }
  }
  /// Does that name end or begin within a longer one? "Young Democrats", "Trade and Security Council", "Democratic Villages Party"
  bool part_of_name(const Found& f) const {
    const Entry& e = dict_.entries[f.hit.entry];
    if ((e.kind != "organisation" && e.kind != "armed_group") || name_of_[f.first] < 0) return false;
    const Run& run = runs_[static_cast<size_t>(name_of_[f.first])];
    uint32_t before = f.first;
    if (before > run.first && folded_[before - 1].empty()) --before;  // "Dar al-Haq"
    if (before > run.first) {
      const Word& b = word(before - 1);
      if ((b.upos == Upos::CCONJ || (b.upos != Upos::DET && b.upos != Upos::ADP && starts_upper(b.form))) && found_of_[before - 1] < 0 &&
          !dict_.role(folded_[before - 1]))
        return true;
    }
    // a short form of the name, behind which other words stand than the name's own
    return f.last < run.last && starts_upper(word(f.last).form) && f.last - f.first == 1 && e.name.find(' ') != std::string_view::npos &&
           fold(e.name).starts_with(folded_[f.first] + " ") && !fold(e.name).starts_with(phrase_of(f.first, f.last + 1));
  }
  /// A place of a state, or its people: what several states may have by one name.
  bool within_state(const Hit& h) const {
    return dict_.entries[h.entry].kind == "place" || h.alias == Alias::adjective || h.alias == Alias::people;
  }
  /// The same name in another state?
  bool elsewhere(const Hit& h, const Found& f) const { return within_state(h) && dict_.country(h.entry) != dict_.country(f.hit.entry); }
  /// Of the states that have a place, a people or a body of one name, the text's comes before the dictionary's.
  void settle() {
    std::vector<std::string_view> spoken;  // states that the text speaks of
    const auto speaks_of = [&](std::string_view code) { return std::find(spoken.begin(), spoken.end(), code) != spoken.end(); };
    const auto speak = [&](const Found& f) {
      const auto code = dict_.country(f.hit.entry);
      if (!speaks_of(code)) spoken.push_back(code);
    };
    std::vector<Hit> hits;
    std::vector<size_t> many;  // places and peoples that several states have
    for (size_t n = 0; n < found_.size(); ++n) {
      const Found& f = found_[n];
      const Entry& e = dict_.entries[f.hit.entry];
      if (e.kind != "state" && e.kind != "place") continue;
      // "Serb forces" may be away from home; "Serb teachers" are at home where they are.
      const Role* of = e.kind == "state" && word(f.first).head >= 0 ? dict_.role(lemma_[static_cast<size_t>(word(f.first).head)]) : nullptr;
      if (within_state(f.hit) && !(of && of->abroad)) {
        dict_.find(phrase_of(f.first, f.last), false, hits);
        if (std::any_of(hits.begin(), hits.end(), [&](const Hit& h) { return elsewhere(h, f); })) {
          many.push_back(n);
          continue;
        }
      }
      speak(f);
    }
    for (const size_t n : many) {
      Found& f = found_[n];
      dict_.find(phrase_of(f.first, f.last), false, hits);
      for (const std::string_view code : spoken) {
        if (code == dict_.country(f.hit.entry)) break;
        const auto at =
            std::find_if(hits.begin(), hits.end(), [&](const Hit& h) { return within_state(h) && dict_.country(h.entry) == code; });
        if (at == hits.end()) continue;
        f.hit = *at;
        break;
      }
    }
    for (const size_t n : many) speak(found_[n]);
    // Is a state spoken of only well behind a name, and another before it? "The Joint Chiefs of Staff" of a report from Seoul that names
    // Washington at its end are not Washington's.
    constexpr uint32_t kSentences = 2;
    std::unordered_map<std::string_view, uint32_t> first_of;  // sentences, by state
    uint32_t first_word = UINT32_MAX;
    for (const Found& f : found_) {
      const Entry& e = dict_.entries[f.hit.entry];
      if (e.kind != "state" && e.kind != "place") continue;
      first_of.try_emplace(dict_.country(f.hit.entry), word(f.first).sentence);
      first_word = std::min(first_word, f.first);
    }
    const auto only_later = [&](std::string_view code, const Found& name) {
      const auto at = first_of.find(code);
      return at != first_of.end() && at->second > word(name.first).sentence + kSentences && first_word < name.first;
    };
    std::unordered_map<uint32_t, std::string_view> owners;  // by entry; empty where there are several
    for (Found& f : found_) {
      const Entry& e = dict_.entries[f.hit.entry];
      if (e.kind != "organisation" && e.kind != "armed_group") continue;
      const auto code = dict_.country(f.hit.entry);
      if (!dict_.state_of.contains(std::string(code)) && code != "NGO") continue;
      f.owner = owner_of(f);
      if (!f.owner.empty()) {
        const auto [at, fresh] = owners.try_emplace(f.hit.entry, f.owner);
        if (!fresh && at->second != f.owner) at->second = {};
      } else if (const auto at = owners.find(f.hit.entry); at != owners.end()) {
        f.owner = at->second;
      }
      const bool owned = !f.owner.empty();
      if (f.owner == code) f.owner = {};
      const bool another = f.first > 0 && word(f.first - 1).upos == Upos::PART;  // "the North's National Guard"
      f.open = !owned && !spoken.empty() && (another || !speaks_of(code) || only_later(code, f)) &&
               dict_.common_name(phrase_of(f.first, f.last));
    }
  }
  /// "Jordan's Red Crescent", "the Danish Red Cross", "the National Guard of Chile"
  std::string_view owner_of(const Found& f) const {
    const auto state = [&](uint32_t w) -> std::string_view {
      if (found_of_[w] < 0) return {};
      const Found& other = found_[static_cast<size_t>(found_of_[w])];
      if (dict_.entries[other.hit.entry].kind != "state" || spoiled(other.first, other.last)) return {};
      return dict_.country(other.hit.entry);
    };
    uint32_t before = f.first;
    if (before > 0 && word(before - 1).upos == Upos::PART) --before;
    if (before > 0 && same_sentence(before - 1, f.first))
      if (const auto code = state(before - 1); !code.empty()) return code;
    uint32_t after = f.last;
    if (after < trees_.words.size() && lemma_[after] == "of") {
      ++after;
      if (after < trees_.words.size() && word(after).upos == Upos::DET) ++after;
      if (after < trees_.words.size() && same_sentence(after, f.first)) return state(after);
    }
    return {};
  }
  /// What the dictionary says of a name in the text, and the text of whose it is.
  ActorFacts facts_of(const Found& f) const {
    ActorFacts facts = dict_.facts(f.hit.entry, date_);
    if (!f.owner.empty()) {
      facts.country = std::string(f.owner);
      facts.why += fmt::format(", of {} in the text", f.owner);
    }
    return facts;
  }
  /// "the Gulf of Guinea", "the South China Sea", "Lake Chad": no country acts there by its name.
  bool names_water(const Found& f) const {
    static constexpr std::array kWaters = {"gulf", "sea", "bay", "strait", "straits", "bight", "cape", "ocean", "river", "channel", "lake"};
    const auto water = [&](uint32_t w) {
      return starts_upper(word(w).form) && std::find(kWaters.begin(), kWaters.end(), folded_[w]) != kWaters.end();
    };
    const Entry& e = dict_.entries[f.hit.entry];
    if (f.last < trees_.words.size() && (e.kind == "state" || e.kind == "place") && same_sentence(f.first, f.last) && water(f.last))
      return true;
    if (f.first >= 1 && folded_[f.first - 1] == "lake") return true;
    return f.first >= 2 && folded_[f.first - 1] == "of" && std::find(kWaters.begin(), kWaters.end(), folded_[f.first - 2]) != kWaters.end();
  }
  /// "Central American", "Inter-American": of a part of the world.
  bool of_a_region(const Found& f) const {
    uint32_t first = f.first;
    while (first > 0 && first + 2 > f.first && folded_[first - 1].empty()) --first;
    return first > 0 && (f.hit.alias == Alias::adjective || word(f.first).upos == Upos::ADJ) && same_sentence(first - 1, f.first) &&
           dict_.never.contains(phrase_of(first - 1, f.last));
  }
  bool any_person(const std::vector<Hit>& hits) const {
    return std::any_of(hits.begin(), hits.end(), [&](const Hit& h) { return dict_.entries[h.entry].kind == "person"; });
  }
  /// Single words: only names that are no ordinary words there.
  bool single_word_ok(const Hit& h, uint32_t w) const {
    const Entry& e = dict_.entries[h.entry];
    const Word& x = word(w);
    if (x.upos == Upos::ADJ)  // "republican villagers" are of no party
      return h.alias == Alias::adjective || h.alias == Alias::people || (h.alias == Alias::name && e.rank > 0 && starts_upper(x.form));
    if (x.upos != Upos::PROPN && x.upos != Upos::NOUN) return false;
    if (w + 1 < trees_.words.size() && (e.kind == "organisation" || e.kind == "armed_group") &&
        dict_.role(folded_[w] + " " + lemma_[w + 1]))
      return false;  // "Labour Minister"
    if (e.kind == "place" && h.alias == Alias::city) return x.upos == Upos::PROPN;
    if (e.rank == 0) return x.upos == Upos::PROPN;
    return true;
  }
  std::string phrase_of(uint32_t first, uint32_t last) const {
    std::string out;
    for (uint32_t w = first; w < last; ++w) {
      if (folded_[w].empty()) continue;
      if (!out.empty()) out += ' ';
      out += folded_[w];
    }
    return std::string(trim_folded(out));
  }
  std::string text_of(uint32_t first, uint32_t last) const {
    std::string out;
    for (uint32_t w = first; w < last; ++w) {
      out += word(w).form;
      if (word(w).space_after && w + 1 < last) out += ' ';
    }
    return out;
  }

  // ---- what modifiers say
  bool hyphen_after(uint32_t w) const {
    return w + 1 < trees_.words.size() && !word(w).space_after &&
           (word(w + 1).form == "-" || word(w + 1).form == "–" || word(w + 1).form == "‑");
  }
  /// A country word that is no evidence: "Turkish-backed", "anti-Syrian".
  bool spoiled(uint32_t first, uint32_t last) const {
    if (hyphen_after(last - 1) && last + 1 < trees_.words.size() &&
        (std::find(kNotEvidence.begin(), kNotEvidence.end(), folded_[last + 1]) != kNotEvidence.end() ||
         (folded_[last + 1].size() > 4 && folded_[last + 1].ends_with("ed"))))
      return true;
    if (first >= 1 && !word(first - 1).space_after && (word(first - 1).form.ends_with("-") && word(first - 1).form.size() > 1)) {
      const std::string_view before = folded_[first - 1];
      if (std::find(kAgainst.begin(), kAgainst.end(), before) != kAgainst.end()) return true;
    }
    if (first >= 2 && word(first - 1).form == "-" && !word(first - 1).space_after &&
        std::find(kAgainst.begin(), kAgainst.end(), folded_[first - 2]) != kAgainst.end())
      return true;
    return false;
  }
  /// Country that a modifier names, with why; empty if none.
  std::optional<std::string> country_at(uint32_t w, std::string* why) const {
    if (found_of_[w] >= 0) {
      const Found& f = found_[static_cast<size_t>(found_of_[w])];
      if (f.open || spoiled(f.first, f.last)) return std::nullopt;
      const ActorFacts facts = facts_of(f);
      if (facts.country && why) *why = facts.why;
      return facts.country;
    }
    return std::nullopt;
  }
  bool is_state_name(uint32_t w) const {
    const Hit& hit = found_[static_cast<size_t>(found_of_[w])].hit;
    return dict_.entries[hit.entry].kind == "state" && hit.alias == Alias::name;
  }
  bool premodifier(uint32_t child, uint32_t head) const {
    if (child >= head) return false;
    switch (word(child).rel) {
      case Rel::amod:
      case Rel::compound:
      case Rel::det:
      case Rel::nummod:
      case Rel::flat:
        return true;
      case Rel::nmod:
        return word(child).sub == Sub::poss || word(child).sub == Sub::desc || word(child).sub == Sub::unmarked ||
               trees_.child_with(child, Rel::case_) < 0 || is_possessive(child);
      case Rel::advmod:
        return false;
      default:
        return false;
    }
  }
  bool is_possessive(uint32_t w) const {
    for (const uint32_t c : trees_.children(w))
      if (word(c).rel == Rel::case_ && (word(c).form == "'s" || word(c).form == "’s" || word(c).form == "'" || word(c).form == "’"))
        return true;
    return false;
  }
  std::string_view preposition(uint32_t w) const {
    for (const uint32_t c : trees_.children(w))
      if (word(c).rel == Rel::case_) return lemma_[c];
    return {};
  }

  struct Evidence {
    std::optional<std::string> country;
    std::string why;
    bool several = false;
  };
  /// Country of the phrase headed by `head`, from the words around it. `local`: "in X" counts.
  Evidence country_of_phrase(uint32_t head, bool local, int depth = 0) const {
    Evidence out;
    if (depth > 3) return out;
    const Role* own_role = dict_.role(lemma_[head]);
    const bool other = own_role && own_role->other;
    const bool mission = own_role && own_role->organ && own_role->abroad;
    bool ethnic = false;
    for (const uint32_t c : trees_.children(head))
      if (c < head && lemma_[c] == "ethnic") ethnic = true;
    std::string why;
    // 1. before the head: the nearest modifier first, possessors last
    const auto take = [&](uint32_t c) {
      if (ethnic && word(c).upos != Upos::PROPN) return;
      // "its Dakar embassy" stands there and is another's
      if (mission && word(c).rel != Rel::amod && !is_possessive(c) && found_of_[c] >= 0 &&
          dict_.entries[found_[static_cast<size_t>(found_of_[c])].hit.entry].kind == "place")
        return;
      auto found = country_at(c, &why);
      if (!found && word(c).rel == Rel::nmod && c < head) {
        const Evidence deep = country_of_phrase(c, false, depth + 1);
        found = deep.country;
        why = deep.why;
      }
      // "British Defence Secretary": the adjective may hang on the word between
      if (!found && word(c).rel == Rel::compound)
        for (const uint32_t g : trees_.children(c))
          if (!found && g < c && word(g).rel == Rel::amod) found = country_at(g, &why);
      if (!found && word(c).rel == Rel::nmod && word(c).sub == Sub::desc) return;
      if (!found) return;
      if (out.country && *out.country != *found) return;
      out.country = found;
      out.why = why;
      for (const uint32_t g : trees_.children(c))
        if (word(g).rel == Rel::conj) {
          const auto other = country_at(g, nullptr);
          if (other && *other != *found) out.several = true;
        }
    };
    const auto children = trees_.children(head);
    for (size_t i = children.size(); i-- > 0;) {
      const uint32_t c = children[i];
      if (!premodifier(c, head) || out.country || (other && word(c).rel == Rel::nmod)) continue;
      take(c);
    }
    // "Danish and Polish sailors" where both hang on the noun
    if (out.country)
      for (const uint32_t c : children)
        if (c + 1 < head && word(c).rel != Rel::nmod && premodifier(c, head) && found_of_[c] >= 0 && !out.several &&
            (word(c + 1).upos == Upos::CCONJ || word(c + 1).form == ","))
          if (const auto another = country_at(c, nullptr)) out.several = *another != *out.country && dict_.state_of.contains(*another);
    // "Slovenia's Italian teachers": a people within that state; "Turkey's Syrian refugees" are at home elsewhere
    if (out.country && !(own_role && own_role->abroad))
      for (const uint32_t c : children)
        if (c < head && word(c).rel == Rel::nmod && is_possessive(c) && found_of_[c] >= 0)
          if (const auto found = is_state_name(c) ? country_at(c, &why) : std::nullopt) {
            out.country = found;
            out.why = why;
          }
    if (out.country) return out;
    if (!ethnic && !other) {
      // A tree that hangs "Norway's" elsewhere does not change whose ministry stands right behind it.
      uint32_t edge = left_edge(head);
      if (edge > 0 && same_sentence(edge - 1, head)) {
        uint32_t before = edge - 1;
        const std::string& form = word(before).form;
        const bool possessive = form == "'s" || form == "’s" || form == "'" || form == "’";
        if (possessive && before > 0) --before;
        const bool adjective = word(before).upos == Upos::ADJ && trees_.words[before].head != static_cast<int32_t>(head);
        if ((possessive || adjective) && found_of_[before] >= 0 && found_[static_cast<size_t>(found_of_[before])].last == before + 1) {
          out.country = country_at(before, &why);
          out.why = why;
          if (out.country) return out;
        }
      }
    }
    // "US-led forces": led says whose they are
    for (const uint32_t c : children)
      if (c < head && folded_[c] == "led" && word(c).rel == Rel::amod)
        for (const uint32_t g : trees_.children(c))
          if (const auto found = country_at(g, &why)) {
            out.country = found;
            out.why = why;
            return out;
          }
    // "a group based in Quito"
    for (const uint32_t c : children) {
      if (c < head || word(c).rel != Rel::acl || (lemma_[c] != "base" && lemma_[c] != "headquarter")) continue;
      for (const uint32_t g : trees_.children(c)) {
        if (word(g).rel != Rel::obl) continue;
        out.country = country_at(g, &why);
        if (!out.country) return country_of_phrase(g, true, depth + 1);
        out.why = why;
        return out;
      }
    }
    // 2. after the head: of, from, then in
    for (const std::string_view want : {"of", "from", "for", "in", "at", "throughout", "across", "around", "near"}) {
      if (want == "in" && (!local || mission)) break;
      if (other && want != "in") continue;
      for (const uint32_t c : children) {
        if (c < head || word(c).rel != Rel::nmod || preposition(c) != want) continue;
        if (want == "for" && depth == 0 && !local) continue;
        auto found = country_at(c, &why);
        if (!found) {
          const Evidence deep = country_of_phrase(c, true, depth + 1);
          found = deep.country;
          why = deep.why;
        }
        if (!found) continue;
        out.country = found;
        out.why = why;
        // "guards from Peru and Chile", "the ministers of Peru and Chile"
        if (word(head).morph.number != syntax::Morph::sing && (want == "of" || want == "from"))
          for (const uint32_t g : trees_.children(c))
            if (word(g).rel == Rel::conj)
              if (const auto another = country_at(g, nullptr); another && *another != *found && dict_.state_of.contains(*another))
                out.several = true;
        return out;
      }
    }
    // "Icelandic frigates and trawlers": bare nouns share the adjective of the first
    if (word(head).rel == Rel::conj && word(head).head >= 0 && word(head).upos == Upos::NOUN) {
      const auto first = static_cast<uint32_t>(word(head).head);
      const bool bare = std::none_of(children.begin(), children.end(),
                                     [&](uint32_t c) { return c < head && word(c).rel != Rel::cc && word(c).rel != Rel::punct; });
      if (bare && word(first).upos == Upos::NOUN && word(first).rel != Rel::conj)
        for (const uint32_t c : trees_.children(first))
          if (c < first && word(c).rel == Rel::amod && !out.country) {
            out.country = country_at(c, &why);
            out.why = why;
          }
    }
    return out;
  }

  /// "denied that soldiers fired", "demanded that its minister resign": a conjunction that the tree has as a determiner.
  bool conjunction(uint32_t c, uint32_t head) const {
    return word(c).form == "that" && (word(head).morph.number == syntax::Morph::plur || word(c + 1).upos == Upos::DET ||
                                      word(c + 1).morph.possessive || word(c + 1).xpos == "NNP");
  }
  /// Words of the noun phrase before its head that belong to it, and the head: [first, head].
  uint32_t left_edge(uint32_t head) const {
    uint32_t first = head;
    const auto children = trees_.children(head);
    for (size_t i = children.size(); i-- > 0;) {
      const uint32_t c = children[i];
      if (c > head) continue;
      if (!premodifier(c, head) &&
          !(word(c).upos == Upos::PUNCT && c + 1 == first && first < head && (word(c).form == "-" || word(c).form == "–"))) {
        if (word(c).rel == Rel::case_ || word(c).rel == Rel::cc || word(c).rel == Rel::punct) continue;
        break;
      }
      if (conjunction(c, head)) continue;
      const uint32_t edge = trees_.extent(c).first;
      if (edge < first) first = edge;
    }
    return first;
  }
  uint32_t right_edge(uint32_t head) const {
    uint32_t last = head + 1;
    for (const uint32_t c : trees_.children(head)) {
      if (c < head) continue;
      if ((word(c).rel == Rel::flat || word(c).rel == Rel::compound || (word(c).rel == Rel::nummod && c == last)) &&
          trees_.extent(c).first <= last)
        last = std::max(last, trees_.extent(c).second);
    }
    return last;
  }

  // ---- roles
  struct Phrase {
    const Role* role = nullptr;
    std::string text;  ///< the role's words, lower case, as they stand
  };
  /// The longest role that ends at `head`: lemmas of the words before it, or "minister of defence".
  Phrase role_at(uint32_t head) const {
    Phrase best;
    std::string key;
    // with a complement: "member of parliament", "secretary of state"
    for (const uint32_t c : trees_.children(head)) {
      if (c < head || word(c).rel != Rel::nmod || preposition(c) != "of") continue;
      key = lemma_[head] + " of ";
      const uint32_t from = left_edge(c);
      for (uint32_t w = from; w < c; ++w)
        if (!folded_[w].empty() && word(w).upos != Upos::DET) key += folded_[w] + " ";
      key += lemma_[c];
      if (const Role* r = dict_.role(key)) return {r, key};
      key = lemma_[head] + " of " + lemma_[c];
      if (const Role* r = dict_.role(key)) return {r, key};
    }
    const uint32_t edge = left_edge(head);
    for (const bool by_form : {false, true}) {
      key = by_form ? folded_[head] : lemma_[head];
      if (by_form && key == lemma_[head]) break;
      for (uint32_t w = head;; --w) {
        if (const Role* r = dict_.role(key)) {
          best.role = r;
          best.text = key;
        }
        if (w == edge || head - w > 3) break;
        if (folded_[w - 1].empty()) continue;
        key = folded_[w - 1] + " " + key;
      }
      if (best.role) break;
    }
    return best;
  }
  /// "fisheries minister": the words before a title that tell the office.
  std::string office_of(uint32_t head, const Phrase& p) const {
    std::string out;
    for (uint32_t w = left_edge(head); w < head; ++w) {
      if (folded_[w].empty() || found_of_[w] >= 0 || name_of_[w] >= 0 || word(w).upos == Upos::DET || word(w).upos == Upos::PRON ||
          word(w).upos == Upos::PART || word(w).upos == Upos::NUM) {
        if (found_of_[w] >= 0 || name_of_[w] >= 0 || word(w).upos == Upos::PART) out.clear();
        continue;
      }
      if (word(w).rel == Rel::amod && dict_.modifiers.contains(folded_[w])) continue;
      if (lemma_[w] == "new" || lemma_[w] == "late" || lemma_[w] == "then" || lemma_[w] == "current") continue;
      if (!out.empty()) out += ' ';
      out += folded_[w];
    }
    if (!out.empty()) out += ' ';
    out += lemma_[head];
    return out.size() >= p.text.size() && p.text.find(" of ") == std::string::npos ? out : p.text;
  }
  /// Sectors of a phrase: its role, its modifiers, its complement.
  void sectors_of(uint32_t head, const Phrase& p, Candidate& c) const {
    std::vector<std::string> own = p.role->sectors;
    if (p.role->takes) {
      const auto put_first = [&](const std::vector<std::string>& more) {
        if (!more.empty()) own = more;
      };
      bool taken = false;
      for (const uint32_t ch : trees_.children(head)) {
        if (!premodifier(ch, head) || word(ch).sub == Sub::desc) continue;
        if (found_of_[ch] >= 0) {
          const ActorFacts f = dict_.facts(found_[static_cast<size_t>(found_of_[ch])].hit.entry, date_);
          if (f.kind != "place" && f.kind != "state" && f.kind != "person" && !f.sectors.empty()) {
            put_first(f.sectors);
            taken = true;
          }
          continue;
        }
        if (word(ch).rel == Rel::compound || word(ch).rel == Rel::nmod) {
          const Phrase q = role_at(ch);
          if (q.role && !q.role->takes && q.role->kind != "document") {
            put_first(q.role->sectors);
            taken = true;
          }
        }
      }
      if (!taken)
        for (const uint32_t ch : trees_.children(head)) {
          if (ch < head || word(ch).rel != Rel::nmod) continue;
          const auto prep = preposition(ch);
          if (prep != "of" && prep != "for" && prep != "from" && prep != "with" && prep != "in") continue;
          if (found_of_[ch] >= 0) {
            const ActorFacts f = dict_.facts(found_[static_cast<size_t>(found_of_[ch])].hit.entry, date_);
            if (f.kind == "state" && own.empty()) own = {"GOV"};
            if (f.kind != "place" && f.kind != "state" && f.kind != "person" && !f.sectors.empty()) put_first(f.sectors);
            break;
          }
          const Phrase q = role_at(ch);
          if (q.role && q.role->kind != "document" && q.role->kind != "place") {
            Candidate inner;
            sectors_of(ch, q, inner);
            put_first(inner.text_sectors);
            if (inner.text_sectors.empty() && q.role->takes) continue;  // "hundreds of thousands of people"
          }
          break;
        }
    }
    // "two companies of marines"
    if (p.text == "company")
      for (const uint32_t ch : trees_.children(head)) {
        if (ch < head || preposition(ch) != "of") continue;
        const Phrase q = role_at(ch);
        std::vector<std::string> theirs = q.role ? q.role->sectors : std::vector<std::string>{};
        if (found_of_[ch] >= 0) theirs = dict_.facts(found_[static_cast<size_t>(found_of_[ch])].hit.entry, date_).sectors;
        if (!theirs.empty() && (theirs[0] == "MIL" || theirs[0] == "COP" || theirs[0] == "REB" || theirs[0] == "PRM")) own = theirs;
      }
    // former, opposition, rebel …
    for (uint32_t w = left_edge(head); w < head; ++w) {
      std::string key = folded_[w];
      if (w + 2 < head && word(w + 1).form == "-") key += " " + folded_[w + 2];
      auto at = dict_.modifiers.find(key);
      if (at == dict_.modifiers.end()) at = dict_.modifiers.find(folded_[w]);
      if (at == dict_.modifiers.end() || found_of_[w] >= 0) continue;
      if (trees_.words[w].head != static_cast<int32_t>(head) && !(w + 2 < head && word(w + 1).form == "-")) continue;
      for (const Modifier& m : at->second) {
        if (!m.after.empty() && (own.empty() || std::find(m.after.begin(), m.after.end(), own[0]) == m.after.end())) continue;
        if (!m.words.empty() && std::find(m.words.begin(), m.words.end(), lemma_[head]) == m.words.end()) continue;
        if (m.replaces) {
          own = m.sectors;
        } else {
          for (auto s = m.sectors.rbegin(); s != m.sectors.rend(); ++s) {
            std::erase(own, *s);
            own.insert(own.begin(), *s);
          }
        }
        c.why.push_back("agents:" + at->first);
      }
    }
    c.text_sectors = std::move(own);
  }
  static Animacy animacy_of(std::string_view kind) {
    if (kind == "person" || kind == "office") return Animacy::person;
    if (kind == "group") return Animacy::people;
    if (kind == "organisation" || kind == "armed_group") return Animacy::organisation;
    if (kind == "state") return Animacy::state;
    if (kind == "place") return Animacy::place;
    if (kind.empty()) return Animacy::unknown;
    return Animacy::thing;
  }

  /// "Moscow and Paris": of two joined subjects that are capitals or states both are governments.
  bool two_governments(uint32_t w) const {
    const auto governs = [&](uint32_t x) {
      if (found_of_[x] < 0) return false;
      const Hit& hit = found_[static_cast<size_t>(found_of_[x])].hit;
      return hit.alias == Alias::capital || hit.alias == Alias::seat || dict_.entries[hit.entry].kind == "state";
    };
    if (!governs(w)) return false;
    return std::any_of(trees_.children(w).begin(), trees_.children(w).end(),
                       [&](uint32_t c) { return word(c).rel == Rel::conj && governs(c); });
  }
  bool political_context(uint32_t w) const {
    const Word& x = word(w);
    if (x.head < 0) return false;
    const auto h = static_cast<uint32_t>(x.head);
    const bool verb = word(h).upos == Upos::VERB;
    if (x.rel == Rel::nsubj && (verb || word(h).upos == Upos::ADJ) && two_governments(w) &&
        std::find(kOfTowns.begin(), kOfTowns.end(), word(h).lemma) == kOfTowns.end())
      return true;
    if (x.rel == Rel::nsubj && x.sub != Sub::pass && verb) {
      if (dict_.acting_verbs.contains(word(h).lemma)) return true;
      // "Brussels was following the case and expected": the subject of both
      for (const uint32_t ch : trees_.children(h))
        if (word(ch).rel == Rel::conj && ch > h && word(ch).upos == Upos::VERB && trees_.child_with(ch, Rel::nsubj) < 0 &&
            dict_.acting_verbs.contains(word(ch).lemma))
          return true;
      return false;
    }
    if (x.rel == Rel::nsubj && x.sub == Sub::pass) return dict_.receiving_verbs.contains(word(h).lemma);
    if (x.rel == Rel::obl && x.sub == Sub::agent) return true;
    if ((x.rel == Rel::obj || x.rel == Rel::iobj) && verb) return dict_.receiving_verbs.contains(word(h).lemma);
    if (x.rel == Rel::conj && word(h).upos == Upos::PROPN && h != w) return political_context(h);
    const auto prep = preposition(w);
    if (x.rel == Rel::nmod) {
      if (is_possessive(w)) return dict_.acting_nouns.contains(word(h).lemma);
      if (prep == "with" || prep == "between" || prep == "against" || prep == "from" || prep == "to" || prep == "by" || prep == "toward" ||
          prep == "towards")
        return dict_.acting_nouns.contains(word(h).lemma);
      return false;
    }
    if (x.rel == Rel::obl && verb) return (prep == "with" || prep == "against") && dict_.acting_verbs.contains(word(h).lemma);
    if (x.rel == Rel::compound) return false;
    return false;
  }

  // ---- candidates
  Candidate& push(uint32_t head, uint32_t first, uint32_t last, MentionKind kind) {
    Candidate c;
    c.head = head;
    c.first = first;
    c.last = last;
    c.kind = kind;
    c.plural = word(head).morph.number == syntax::Morph::plur;
    out_.candidates.push_back(std::move(c));
    taken_.push_back(head);
    return out_.candidates.back();
  }
  bool is_modifier(uint32_t w) const {
    const Word& x = word(w);
    return x.rel == Rel::amod || x.rel == Rel::compound ||
           (x.rel == Rel::nmod && (x.sub == Sub::poss || x.sub == Sub::desc || x.sub == Sub::unmarked || is_possessive(w)));
  }
  void state_identity(Candidate& c, const std::string& code, uint32_t entry) const {
    const auto at = dict_.state_of.find(code);
    const uint32_t e = dict_.entries[entry].kind == "state" ? entry : at == dict_.state_of.end() ? entry : at->second;
    c.identity = "state:" + std::to_string(e);
    c.facts = dict_.facts(e, date_);
    c.name = c.facts->name;
    c.entity_kind = "state";
    c.animacy = Animacy::state;
  }
  /// Facts of a dictionary hit for the name at [first, last).
  void apply_hit(Candidate& c, const Hit& hit, bool adjective, const Found* found = nullptr) {
    const Entry& e = dict_.entries[hit.entry];
    ActorFacts facts = found && found->hit.entry == hit.entry ? facts_of(*found) : dict_.facts(hit.entry, date_);
    if (e.kind == "state" && hit.alias == Alias::people) {
      c.facts = facts;
      c.entity_kind = "group";
      c.animacy = Animacy::people;
      c.name = c.plural || folded_[c.head].ends_with("s") ? text_of(c.head, c.head + 1) : c.name;
      c.text_country = facts.country;
      c.facts->sectors.clear();
      c.plural = c.plural || folded_[c.head].ends_with("s");
      c.identity = "people:" + std::string(e.name);
      c.kind = MentionKind::name;
      for (const uint32_t ch : trees_.children(c.head))
        if (word(ch).rel == Rel::nummod || (word(ch).rel == Rel::amod && ch < c.head)) c.counted = true;
      if (trees_.child_with(c.head, Rel::nummod) >= 0) c.counted = true;
      for (const uint32_t ch : trees_.children(c.head))
        if (ch < c.head && lemma_[ch] == "ethnic") {
          const Evidence where = country_of_phrase(c.head, true);
          c.text_country = where.country && !found_country(c.head, *where.country) ? where.country : std::nullopt;
          c.facts.reset();
          c.identity.clear();
          c.counted = true;
        }
      if (c.counted) {
        c.identity.clear();
        c.text_sectors = {"CVL"};
        c.weak_sectors = true;
      }
      return;
    }
    if (e.kind == "state") {
      state_identity(c, std::string(dict_.country(hit.entry)), hit.entry);
      c.demonym_adjective = adjective;
      return;
    }
    if (hit.alias == Alias::seat && e.segments.substr(4) == "GOV") {
      state_identity(c, *facts.country, hit.entry);
      c.why.push_back(dict_.why(hit.entry));
      c.why.push_back("seat stands for government");
      return;
    }
    const auto other = dict_.stands_for.find(c.key);
    if (other != dict_.stands_for.end() && political_context(c.head)) {
      std::vector<Hit> hits;
      dict_.find(other->second, false, hits);
      if (const auto whole = dict_.choose(hits, date_, false)) {
        c.why.push_back(text_of(c.first, c.last) + " stands for " + std::string(dict_.entries[whole->entry].name));
        c.key = other->second;
        return apply_hit(c, *whole, false);
      }
    }
    if (hit.alias == Alias::capital && political_context(c.head)) {
      state_identity(c, std::string(dict_.country(hit.entry)), hit.entry);
      c.why.push_back("capital stands for government");
      return;
    }
    c.facts = facts;
    c.name = facts.name;
    c.entity_kind = facts.kind;
    c.animacy = animacy_of(facts.kind);
    c.identity = "entry:" + std::to_string(hit.entry);
    if (found && !found->owner.empty()) c.identity += fmt::format(":{}", found->owner);
    if (e.kind == "place") c.name = text_of(c.first, c.last);
  }
  /// "the National Guard" where the text speaks of other states than the dictionary's: what it is, and of the country at hand.
  void of_many(Candidate& c, const Found& f) const {
    const ActorFacts facts = dict_.facts(f.hit.entry, date_);
    c.entity_kind = facts.kind;
    c.animacy = animacy_of(facts.kind);
    c.text_sectors = facts.sectors;
    c.bare_organ = true;
  }
  bool found_country(uint32_t w, const std::string& country) const {
    return found_of_[w] >= 0 && dict_.country(found_[static_cast<size_t>(found_of_[w])].hit.entry) == country;
  }
  /// Titles and modifiers before a person's name: "Danish Fisheries Minister Karen Holm".
  void read_titles(Candidate& c) {
    // A title right before the name counts wherever the tree hangs it.
    int32_t beside = -1;
    if (name_of_[c.head] >= 0) {
      const uint32_t first = runs_[static_cast<size_t>(name_of_[c.head])].first;
      if (first > 0 && same_sentence(first - 1, first) && starts_upper(word(first - 1).form) && name_of_[first - 1] < 0 &&
          word(first - 1).head != static_cast<int32_t>(c.head)) {
        const Role* r = dict_.role(lemma_[first - 1]);
        if (r && r->kind == "office") beside = static_cast<int32_t>(first - 1);
      }
    }
    const auto children = trees_.children(c.head);
    std::vector<uint32_t> before(children.begin(), children.end());
    if (beside >= 0) before.push_back(static_cast<uint32_t>(beside));
    for (const uint32_t ch : before) {
      if (ch >= c.head) continue;
      const Word& t = word(ch);
      const bool title = t.sub == Sub::desc || t.rel == Rel::compound ||
                         (t.rel == Rel::nmod && !is_possessive(ch) && t.upos != Upos::PRON) || (t.rel == Rel::flat) ||
                         static_cast<int32_t>(ch) == beside;
      if (!title || name_of_[ch] == name_of_[c.head]) continue;
      const std::string& l = lemma_[ch];
      if (l == "mr")
        c.gender = 'm';
      else if (l == "mrs" || l == "ms" || l == "miss")
        c.gender = 'f';
      const Phrase p = role_at(ch);
      if (!p.role || p.role->kind == "document" || p.role->kind == "place") continue;
      if (p.role->kind == "organisation" || p.role->kind == "armed_group") continue;
      Candidate title_says;
      sectors_of(ch, p, title_says);
      c.text_sectors = title_says.text_sectors;
      if (p.role->gender) c.gender = p.role->gender;
      if (p.role->kind == "office" || p.role->kind == "person") c.text_office = office_of(ch, p);
      c.why.push_back("agents:" + p.role->word);
      c.visiting = c.visiting || visits(ch) || visits(c.head);
      const Evidence e = country_of_phrase(ch, false);
      if (e.country) {
        c.text_country = e.country;
        c.why.push_back(e.why);
      }
      c.animacy = Animacy::person;
      c.entity_kind = "person";
    }
    if (!c.text_country && !c.facts && c.text_office && !c.key.empty()) {
      const std::string_view last = std::string_view(c.key).substr(c.key.rfind(' ') + 1);
      if (last.size() > 2)
        if (const auto facts = dict_.by_last_name(c.key, date_)) {
          c.facts = facts;
          c.facts->name = c.name;
        }
    }
    if (!c.text_country) {
      const Evidence e = country_of_phrase(c.head, c.entity_kind != "person");
      if (e.country && !(c.facts && c.facts->kind == "state")) {
        c.text_country = e.country;
        c.why.push_back(e.why);
      }
    }
  }
  /// "visiting Interior Minister Ana Ruiz" is of no country that the text speaks of so far.
  bool visits(uint32_t head) const {
    return std::any_of(trees_.children(head).begin(), trees_.children(head).end(), [&](uint32_t c) { return folded_[c] == "visiting"; });
  }
  void add_name(size_t n) {
    const Run run = runs_[n];
    std::vector<Hit> hits;
    const std::string key = phrase_of(run.first, run.last);
    dict_.find(key, is_acronym(text_of(run.first, run.last)), hits);
    const bool person = run.type == "PER";
    // A tagged person is no town or state of that name.
    std::optional<Hit> hit;
    if (person) {
      hit = dict_.choose(hits, date_, true);
      if (!hit && run.last - run.first == 1 &&
          std::any_of(hits.begin(), hits.end(), [&](const Hit& h) { return h.alias != Alias::city && dict_.entries[h.entry].rank > 1; }))
        hit = dict_.choose(hits, date_, false);
    } else {
      if (run.type == "LOC" || run.type == "ORG")
        std::erase_if(hits, [&](const Hit& h) { return dict_.entries[h.entry].kind == "person"; });
      hit = dict_.choose(hits, date_, false);
    }
    if (!hit && found_of_[run.head] >= 0) {  // "King Hussein": the dictionary's name has the title in it
      const Found& f = found_[static_cast<size_t>(found_of_[run.head])];
      if (f.first <= run.first && run.last <= f.last &&
          dict_.entries[f.hit.entry].kind == (person ? "person" : dict_.entries[f.hit.entry].kind))
        hit = f.hit;
    }
    if (dict_.halves.contains(key) && found_of_[run.head] >= 0)
      hit = found_[static_cast<size_t>(found_of_[run.head])].hit;
    else if (dict_.never.contains(key))
      return;
    const Found* found = hit && found_of_[run.head] >= 0 ? &found_[static_cast<size_t>(found_of_[run.head])] : nullptr;
    if (found && found->first == run.first && found->last == run.last && within_state(found->hit)) hit = found->hit;
    if (found && found->hit.entry != hit->entry) found = nullptr;
    const bool modifier = is_modifier(run.head);
    Candidate& c = push(run.head, modifier ? run.first : std::min(run.first, left_edge(run.head)),
                        modifier ? run.last : std::max(run.last, right_edge(run.head)), MentionKind::name);
    c.plural = false;
    c.key = key;
    c.name = text_of(run.first, run.last);
    if (run.type == "PER")
      c.entity_kind = "person", c.animacy = Animacy::person;
    else if (run.type == "LOC")
      c.entity_kind = "place", c.animacy = Animacy::place;
    else if (run.type == "ORG")
      c.entity_kind = "organisation", c.animacy = Animacy::organisation;
    if (found && found->open) {
      of_many(c, *found);
    } else if (hit) {
      apply_hit(c, *hit, false, found);
    } else if (run.type != "PER" && run.last - run.first > 1) {
      compose(run, c);
    }
    if (c.animacy == Animacy::person || c.animacy == Animacy::unknown)
      read_titles(c);
    else if (c.entity_kind == "organisation" && !c.facts && !c.text_country) {
      const Evidence e = country_of_phrase(run.head, true);
      if (e.country) {
        c.text_country = e.country;
        c.why.push_back(e.why);
      }
    }
    if (c.entity_kind.empty() && run.type.empty()) {
      const bool flat = std::any_of(trees_.children(run.head).begin(), trees_.children(run.head).end(),
                                    [&](uint32_t ch) { return word(ch).rel == Rel::flat; });
      if (flat) c.entity_kind = "person", c.animacy = Animacy::person;
    }
    if (run.type == "PER" && !c.gender) c.gender = gender_of_given_name(folded_[run.first], run.last - run.first == 1);
    if (run.type == "PER" && !c.gender) c.gender = gender_of_last_name(folded_[run.last - 1]);
    if (c.facts && c.entity_kind != "state")
      c.why.insert(c.why.begin(), c.facts->why);
    else if (c.facts)
      c.why.insert(c.why.begin(), c.facts->why);
    if (c.entity_kind == "place" && !c.facts) c.local = true;
  }
  /// An unknown organisation whose name tells: "Kenya Police Service", "Ministry of Fisheries", "Bank of Norway".
  void compose(const Run& run, Candidate& c) {
    std::string country_why;
    for (uint32_t w = run.first; w < run.last; ++w) {
      if (found_of_[w] < 0) continue;
      const Found& f = found_[static_cast<size_t>(found_of_[w])];
      if (f.first < run.first || f.last > run.last || (f.first == run.first && f.last == run.last)) continue;
      if (dict_.entries[f.hit.entry].kind == "person" || c.text_country) continue;
      c.text_country = country_at(w, &country_why);
    }
    const Role* role = nullptr;
    size_t words = 0;
    for (uint32_t from = run.first; from < run.last; ++from) {
      std::string key;
      for (uint32_t to = from; to < run.last && to < from + 5; ++to) {
        if (folded_[to].empty()) continue;
        if (!key.empty()) key += ' ';
        key += folded_[to];
        const bool edge = to + 1 == run.last || from == run.first || (found_of_[from > run.first ? from - 1 : from] >= 0) ||
                          word(to + 1).upos == Upos::ADP;
        if (!edge) continue;
        const Role* r = dict_.role(key);
        if (!r) {
          std::string singular = key;
          if (singular.ends_with("ies"))
            singular.replace(singular.size() - 3, 3, "y");
          else if (singular.ends_with("s"))
            singular.pop_back();
          r = dict_.role(singular);
        }
        const size_t n = to - from + 1;
        if (r && r->kind != "document" && n > words) role = r, words = n;
      }
    }
    if (role) {
      c.text_sectors = role->sectors;
      if (!role->country.empty() && !c.text_country) c.text_country = role->country;
      c.why.push_back("agents:" + role->word);
      if (c.entity_kind.empty() || c.entity_kind == "place") {
        c.entity_kind = role->kind == "group" ? "organisation" : role->kind;
        c.animacy = animacy_of(c.entity_kind);
      }
      if (role->organ) {
        if (!c.text_country) {
          const Evidence e = country_of_phrase(run.head, true);
          if (e.country) c.text_country = e.country, country_why = e.why;
        }
        if (c.text_country) {
          const auto at = dict_.state_of.find(*c.text_country);
          if (at != dict_.state_of.end()) {
            state_identity(c, *c.text_country, at->second);
            c.text_country.reset();
            return;
          }
        } else {
          c.bare_organ = true;
        }
      }
    }
    if (!country_why.empty()) c.why.push_back(country_why);
  }

  /// Dictionary names that no tagged name covers exactly.
  void add_found(size_t n) {
    const Found f = found_[n];
    const uint32_t head = head_of_run(f.first, f.last);
    for (const uint32_t t : {head}) {
      if (name_of_[t] >= 0) {
        const Run& r = runs_[static_cast<size_t>(name_of_[t])];
        if (r.head == t || (r.first <= f.first && f.last <= r.last && r.type == "PER")) return;
        // inside a longer name: only countries and their people are mentions of their own
        if (r.first <= f.first && f.last <= r.last && dict_.entries[f.hit.entry].kind != "state") return;
      }
    }
    const Word& x = word(head);
    const bool adjective = x.upos == Upos::ADJ;
    if (f.hit.alias == Alias::adjective && !adjective && !x.morph.possessive && x.upos == Upos::NOUN && x.rel == Rel::obj)
      return;  // languages: "spoke French"
    if (f.hit.alias == Alias::people && (x.rel == Rel::amod || x.rel == Rel::compound) && f.last - f.first == 1 &&
        !folded_[head].ends_with("s")) {
      // "a Serb commander": as an adjective
    }
    const bool modifier = is_modifier(head);
    Candidate& c = push(head, modifier ? f.first : std::min(f.first, left_edge(head)),
                        modifier ? f.last : std::max(f.last, right_edge(head)), MentionKind::name);
    c.key = phrase_of(f.first, f.last);
    c.name = text_of(f.first, f.last);
    Hit hit = f.hit;
    if (dict_.entries[hit.entry].kind == "state" && hit.alias != Alias::name && !modifier && !adjective && hit.alias == Alias::adjective)
      hit.alias = Alias::people;  // "an Iraqi was killed"
    if (hit.alias == Alias::people && modifier) hit.alias = Alias::adjective;
    if (hit.alias != Alias::people && x.morph.number != syntax::Morph::plur) c.plural = false;
    if (f.open)
      of_many(c, f);
    else
      apply_hit(c, hit, adjective || hit.alias == Alias::adjective, &f);
    if (c.animacy == Animacy::person) read_titles(c);
    if (c.facts)
      c.why.insert(c.why.begin(), c.facts->why);
    else if (c.text_country)
      c.why.push_back("actors/states:" + *c.text_country);
  }

  void add_word(uint32_t w) {
    const Word& x = word(w);
    if (x.upos == Upos::PRON || (x.upos == Upos::DET && x.morph.possessive)) return add_pronoun(w);
    if (x.upos == Upos::NUM && x.morph.number != syntax::Morph::plur) return add_counted(w);
    if (x.upos != Upos::NOUN && x.upos != Upos::PROPN && !(x.upos == Upos::ADJ && nominal_adjective(w)) &&
        !(x.upos == Upos::NUM && x.morph.number == syntax::Morph::plur))
      return;
    if (name_of_[w] >= 0) {
      const Run& r = runs_[static_cast<size_t>(name_of_[w])];
      if (r.head == w || x.rel == Rel::flat || x.rel == Rel::compound) return;
      if (r.first <= w && w < r.last) return;
    }
    if (found_of_[w] >= 0 &&
        head_of_run(found_[static_cast<size_t>(found_of_[w])].first, found_[static_cast<size_t>(found_of_[w])].last) == w)
      return;
    if (x.sub == Sub::desc) return;  // a title
    if (lemma_[w] == "state" && no_state(w)) return;
    if (folded_[w] == "force" && trees_.children(w).size() == 1 && (preposition(w) == "by" || preposition(w) == "with"))
      return;  // "broken up by force"
    if (x.rel == Rel::flat || x.rel == Rel::fixed || x.rel == Rel::goeswith) return;
    Phrase p = role_at(w);
    if (p.role && p.text == "house" && !starts_upper(x.form)) p.role = dict_.role("home");  // "burned houses", not "the House voted"
    if (!p.role && years_old(w)) p.role = dict_.role("person");                             // "a 34-year-old programmer"
    if (p.role && ((p.text == "bank" && river_bank(w)) || (p.text == "party" && side_of_a_conflict(w)))) return add_other(w);
    if (p.role && p.text == "officer" && of_police_alone()) p.role = dict_.role("police officer");
    if (!p.role) return add_other(w);
    if (x.rel == Rel::compound) {
      // the agent of a noun: "rebel attack"; not "army spokesman"
      if (x.head < 0 || p.role->takes || p.role->kind == "document" || p.role->kind == "place" || lemma_[w] == "artillery") return;
      const auto h = static_cast<uint32_t>(x.head);
      if (name_of_[h] >= 0 || found_of_[h] >= 0 || role_at(h).role) return;
    }
    uint32_t first = left_edge(w), last = right_edge(w);
    if (x.rel == Rel::compound) last = w + 1;
    // "the president of Kenya" and the like are one mention
    for (const uint32_t c : trees_.children(w))
      if (c > w && word(c).rel == Rel::nmod && preposition(c) == "of" && trees_.extent(c).first == last &&
          (p.role->kind == "office" || p.role->organ || p.role->takes || p.text.find(" of ") != std::string::npos))
        last = right_edge(c);
    Candidate& c = push(w, first, last, MentionKind::nominal);
    c.key = lemma_[w];
    c.name = text_of(first, last);
    c.entity_kind = p.role->kind;
    c.animacy = animacy_of(p.role->kind);
    c.takes = p.role->takes;
    c.gender = p.role->gender;
    c.why.push_back("agents:" + p.role->word);
    sectors_of(w, p, c);
    if (c.plural && (c.entity_kind == "person" || c.entity_kind == "office")) {
      c.entity_kind = "group";
      c.animacy = Animacy::people;
    } else if (c.entity_kind == "group" && !c.plural && x.morph.number == syntax::Morph::sing && lemma_[w] != "people" &&
               lemma_[w] != "crowd" && lemma_[w] != "mob" && lemma_[w] != "public" && lemma_[w] != "population" &&
               lemma_[w] != "community" && lemma_[w] != "family" && lemma_[w] != "minority" && lemma_[w] != "crew" &&
               lemma_[w] != "tribe" && lemma_[w] != "folk" && lemma_[w] != "staff" && lemma_[w] != "majority") {
      c.entity_kind = "person";
      c.animacy = Animacy::person;
    }
    if (p.role->kind == "office" && !c.plural) c.text_office = office_of(w, p);
    c.weak_sectors = !p.role->sectors.empty() && p.role->sectors[0] == "CVL" && c.text_sectors == p.role->sectors;
    c.local = !p.role->abroad;
    const Evidence e =
        p.role->country.empty() ? country_of_phrase(w, !p.role->abroad && p.role->kind != "document") : country_of_phrase(w, false);
    if (p.role->kind == "document" || p.role->kind == "thing") {
      // a document belongs to whoever made it; it is no actor of a country
    } else if (e.country && e.several) {
      c.several_countries = true;
    } else if (e.country) {
      c.text_country = e.country;
      c.why.push_back(e.why);
      if (p.role->organ) {
        const auto at = dict_.state_of.find(*e.country);
        if (at != dict_.state_of.end()) {
          const std::string role_why = c.why.front();
          state_identity(c, *e.country, at->second);
          c.why = {c.facts->why, role_why};
          c.text_country.reset();
          c.text_sectors.clear();
        }
      }
    } else if (!p.role->country.empty()) {
      c.text_country = p.role->country;
    }
    if (!c.text_country && c.identity.empty() && !c.several_countries && c.local && p.role->kind != "document" && p.role->kind != "place" &&
        p.role->kind != "office" && p.role->kind != "state" && (!p.role->takes || (p.role->kind == "group" && !c.text_sectors.empty())) &&
        !p.role->organ)
      if (const Evidence at = acts_in(w); at.country) {
        c.text_country = at.country;
        c.why.push_back(at.why);
        c.why.push_back("acts there");
      }
    c.bare_organ = !c.text_country && c.identity.empty() && !c.several_countries && !c.plural && !p.role->takes &&
                   (p.role->organ || p.role->kind == "office" ||
                    (p.role->kind == "organisation" &&
                     (p.role->sectors == std::vector<std::string>{"MIL"} || p.role->sectors == std::vector<std::string>{"COP"} ||
                      p.role->sectors == std::vector<std::string>{"LEG"})));
    // An embassy is another's, a secretary general no state's.
    if ((p.role->organ && p.role->abroad) || visits(w) || p.text.ends_with("secretary general")) c.bare_organ = false;
    for (const uint32_t ch : trees_.children(w)) {
      const std::string& l = lemma_[ch];
      if (word(ch).rel == Rel::det && (l == "the" || l == "this" || l == "that" || l == "these" || l == "those" || l == "both"))
        c.definite = true;
      if (word(ch).rel == Rel::det && (l == "a" || l == "an" || l == "some" || l == "another" || l == "any" || l == "no"))
        c.bare_organ = false;
      if (word(ch).rel == Rel::nmod && word(ch).upos == Upos::PRON && word(ch).morph.possessive && !p.role->other)
        c.possessor = static_cast<int32_t>(ch);
      if (c.possessor < 0 && ch < w && (is_possessive(ch) || (word(ch).rel == Rel::compound && p.role->organ)) && name_of_[ch] >= 0 &&
          !p.role->other)
        c.possessor = static_cast<int32_t>(ch);
      if (word(ch).rel == Rel::nummod) c.counted = true;
      // "the committee's chairman", "the islands' assembly"
      if (c.possessor < 0 && ch < w && is_possessive(ch) && !p.role->other) c.possessor = static_cast<int32_t>(ch);
    }
    if (!c.definite)
      c.bare_organ = c.bare_organ && (word(w).upos == Upos::PROPN || c.key == "police" || c.key == "parliament" || c.key == "congress" ||
                                      c.key == "authority");
    if (starts_upper(x.form) && c.text_office) c.definite = true;
  }
  /// People of whom the text says only how many: "150 were killed", "police arrested two", "killing four".
  void add_counted(uint32_t w) {
    static constexpr std::array kDoneToPeople = {
        "abduct", "arrest",  "behead", "capture",  "charge", "convict", "deport", "detain",   "evict",     "execute",     "expel",
        "free",   "hang",    "hurt",   "injure",   "jail",   "kidnap",  "kill",   "massacre", "murder",    "sentence",    "shoot",
        "summon", "torture", "wound",  "imprison", "lynch",  "maim",    "poison", "slay",     "apprehend", "hospitalise", "hospitalize"};
    static constexpr std::array kOfPeople = {"die", "perish", "flee", "surrender", "drown"};
    const auto is = [&](const auto& list, const std::string& l) { return std::find(list.begin(), list.end(), l) != list.end(); };
    const Word& x = word(w);
    if (name_of_[w] >= 0 || found_of_[w] >= 0 || x.head < 0) return;
    const auto h = static_cast<uint32_t>(x.head);
    if (word(h).upos != Upos::VERB) return;
    const bool done_to = x.rel == Rel::obj || (x.rel == Rel::nsubj && x.sub == Sub::pass);
    if (!(done_to ? is(kDoneToPeople, lemma_[h]) : x.rel == Rel::nsubj && is(kOfPeople, lemma_[h]))) return;
    if (std::any_of(trees_.children(w).begin(), trees_.children(w).end(),
                    [&](uint32_t c) { return word(c).rel == Rel::nmod || word(c).upos == Upos::SYM || word(c).rel == Rel::flat; }))
      return;  // "two of its candidates": the others say who
    Candidate& c = push(w, left_edge(w), w + 1, MentionKind::nominal);
    c.key = lemma_[w];
    c.name = text_of(c.first, c.last);
    c.plural = folded_[w] != "one" && folded_[w] != "1";
    c.entity_kind = c.plural ? "group" : "person";
    c.animacy = c.plural ? Animacy::people : Animacy::person;
    c.counted = true;
    c.local = true;
    c.text_sectors = {"CVL"};
    c.weak_sectors = true;
    c.why.push_back("people counted");
  }
  /// "the northern bank", "the opposite bank of the river"
  bool river_bank(uint32_t w) const {
    static constexpr std::array kWhere = {"north",   "northern", "south", "southern", "east", "eastern", "west",
                                          "western", "left",     "right", "opposite", "far",  "near",    "river"};
    return std::any_of(trees_.children(w).begin(), trees_.children(w).end(), [&](uint32_t c) {
      if (c < w) return !starts_upper(word(c).form) && std::find(kWhere.begin(), kWhere.end(), lemma_[c]) != kWhere.end();
      return preposition(c) == "of" && (lemma_[c] == "river" || lemma_[c] == "canal" || lemma_[c] == "stream");
    });
  }
  /// "all parties", "the warring parties", "the parties to the conflict": sides, not political parties.
  bool side_of_a_conflict(uint32_t w) const {
    if (word(w).morph.number != syntax::Morph::plur) return false;
    static constexpr std::array kAll = {"all", "both", "warring", "conflicting", "concerned", "relevant", "opposing"};
    return std::any_of(trees_.children(w).begin(), trees_.children(w).end(), [&](uint32_t c) {
      return (c < w && std::find(kAll.begin(), kAll.end(), lemma_[c]) != kAll.end()) || (c > w && preposition(c) == "to") ||
             (c > w && lemma_[c] == "concerned");
    });
  }
  /// Does the text speak of police and of no army? "Officers" are policemen there.
  bool of_police_alone() {
    if (police_alone_ < 0) {
      static constexpr std::array kArmy = {"army", "soldier", "troop", "military", "navy", "marine", "colonel", "brigadier", "militia"};
      bool police = false, army = false;
      for (const std::string& l : lemma_) {
        police = police || l == "police" || l == "policeman" || l == "sheriff" || l == "constable";
        army = army || std::find(kArmy.begin(), kArmy.end(), l) != kArmy.end();
      }
      police_alone_ = police && !army;
    }
    return police_alone_ > 0;
  }
  /// Is it somebody of an age?
  bool years_old(uint32_t w) const {
    if (word(w).upos != Upos::NOUN) return false;
    for (const uint32_t c : trees_.children(w))
      if (word(c).rel == Rel::amod && (folded_[c].ends_with("year-old") ||
                                       (lemma_[c] == "old" && c >= 2 && word(c - 1).form == "-" && folded_[c - 2].ends_with("year"))))
        return true;
    return false;
  }

  /// Any other noun that heads a phrase: "the ledger", "a museum in Florence".
  void add_other(uint32_t w) {
    const Word& x = word(w);
    if ((x.upos != Upos::NOUN && x.upos != Upos::PROPN) || x.rel == Rel::compound || x.rel == Rel::amod || x.sub == Sub::unmarked) return;
    static constexpr std::array kTimes = {"day",   "week",  "month",     "year",     "hour", "minute", "morning", "afternoon", "evening",
                                          "night", "today", "yesterday", "tomorrow", "time", "moment", "decade",  "century"};
    if (x.rel != Rel::nsubj && std::find(kTimes.begin(), kTimes.end(), lemma_[w]) != kTimes.end()) return;
    Candidate& c = push(w, left_edge(w), right_edge(w), MentionKind::nominal);
    c.other = true;
    c.key = lemma_[w];
    c.name = text_of(c.first, c.last);
    for (const uint32_t ch : trees_.children(w)) {
      const std::string& l = lemma_[ch];
      if (word(ch).rel == Rel::det && (l == "the" || l == "this" || l == "that" || l == "these" || l == "those")) c.definite = true;
      if (word(ch).rel == Rel::nmod && word(ch).upos == Upos::PRON && word(ch).morph.possessive) c.possessor = static_cast<int32_t>(ch);
      if (word(ch).rel == Rel::nummod) c.counted = true;
    }
  }
  /// "a state of emergency", "Benue State": no nation.
  bool no_state(uint32_t w) const {
    static constexpr std::array kConditions = {"emergency", "siege",  "war",  "alert",     "affair", "mind",  "shock",
                                               "collapse",  "repair", "calm", "disrepair", "panic",  "union", "law"};
    for (const uint32_t c : trees_.children(w)) {
      if (c > w && preposition(c) == "of" && std::find(kConditions.begin(), kConditions.end(), lemma_[c]) != kConditions.end()) return true;
      if (c < w && word(c).rel == Rel::compound && word(c).upos == Upos::PROPN && starts_upper(word(w).form)) return true;
    }
    return false;
  }
  /// Country where the verb that the phrase is subject or object of is placed: "gunmen killed two guards in Lima".
  Evidence acts_in(uint32_t w) const {
    const Word& x = word(w);
    if (x.head < 0 || (x.rel != Rel::nsubj && x.rel != Rel::obj && !(x.rel == Rel::obl && x.sub == Sub::agent))) return {};
    const auto verb = static_cast<uint32_t>(x.head);
    if (word(verb).upos != Upos::VERB || dict_.venue_verbs.contains(word(verb).lemma)) return {};
    for (const uint32_t c : trees_.children(verb)) {
      if (word(c).rel != Rel::obl || c == w) continue;
      const auto prep = preposition(c);
      if (prep != "in" && prep != "at" && prep != "near" && prep != "across" && prep != "throughout" && prep != "outside" &&
          prep != "around")
        continue;
      if (const Role* at = dict_.role(lemma_[c]); at && at->abroad) continue;  // "threw eggs at the Belarusian embassy"
      Evidence out;
      out.country = country_at(c, &out.why);
      if (!out.country) out = country_of_phrase(c, true, 1);
      if (out.country) return out;
    }
    return {};
  }
  /// "the wounded", "the opposition's elderly"
  bool nominal_adjective(uint32_t w) const {
    const Word& x = word(w);
    return (x.rel == Rel::nsubj || x.rel == Rel::obj || x.rel == Rel::nmod || x.rel == Rel::obl || x.rel == Rel::conj ||
            x.rel == Rel::iobj) &&
           dict_.role(lemma_[w]);
  }
  void add_pronoun(uint32_t w) {
    const Word& x = word(w);
    const std::string& l = folded_[w];
    static constexpr std::array kMale = {"he", "him", "his", "himself"};
    static constexpr std::array kFemale = {"she", "her", "hers", "herself"};
    static constexpr std::array kThing = {"it", "its", "itself"};
    static constexpr std::array kMany = {"they", "them", "their", "theirs", "themselves"};
    static constexpr std::array kSpeaker = {"i", "me", "my", "myself"};
    static constexpr std::array kRelative = {"who", "whom", "whose"};
    const auto is = [&](const auto& list) { return std::find(list.begin(), list.end(), l) != list.end(); };
    const bool relative = (is(kRelative) || l == "which" || l == "that") && relative_head(w) >= 0;
    const bool we = l == "we" || l == "us" || l == "our" || l == "ours" || l == "ourselves";
    if (!is(kMale) && !is(kFemale) && !is(kThing) && !is(kMany) && !is(kSpeaker) && !relative && !we) return;
    if (x.rel == Rel::expl && !personal_adjective(x.head)) return;
    Candidate& c = push(w, w, w + 1, MentionKind::pronoun);
    c.key = relative ? "<relative>" : is(kSpeaker) || we ? "<speaker>" : l;
    if (is(kMale))
      c.gender = 'm', c.animacy = Animacy::person;
    else if (is(kFemale))
      c.gender = 'f', c.animacy = Animacy::person;
    else if (is(kThing))
      c.animacy = Animacy::organisation;
    else if (is(kMany))
      c.animacy = Animacy::people, c.plural = true;
    else if (is(kSpeaker))
      c.animacy = Animacy::person;
    else if (we)
      c.animacy = Animacy::people, c.plural = true;
  }
  /// "it is willing to …" speaks of somebody, whatever the parser makes of "it".
  bool personal_adjective(int32_t head) const {
    static constexpr std::array kPersonal = {"willing", "unwilling", "ready",     "prepared", "determined", "reluctant",
                                             "eager",   "keen",      "committed", "able",     "unable"};
    return head >= 0 && std::find(kPersonal.begin(), kPersonal.end(), lemma_[static_cast<uint32_t>(head)]) != kPersonal.end();
  }
  int32_t relative_head(uint32_t w) const {
    int32_t at = static_cast<int32_t>(w);
    for (int step = 0; step < 6 && at >= 0; ++step) {
      const Word& x = word(static_cast<uint32_t>(at));
      if (x.rel == Rel::acl && x.head >= 0 && x.head < static_cast<int32_t>(w)) return x.head;
      at = x.head;
    }
    return -1;
  }

  void finish() {
    auto& all = out_.candidates;
    std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
      return a.first != b.first ? a.first < b.first : a.last != b.last ? a.last > b.last : a.head < b.head;
    });
    out_.candidate_of_head.assign(trees_.words.size(), -1);
    std::vector<Candidate> kept;
    kept.reserve(all.size());
    for (Candidate& c : all) {
      if (out_.candidate_of_head[c.head] >= 0) continue;
      out_.candidate_of_head[c.head] = static_cast<int32_t>(kept.size());
      c.parent = static_cast<int32_t>(kept.size());
      kept.push_back(std::move(c));
    }
    all = std::move(kept);
  }

  const Trees& trees_;
  const Actors::Impl& dict_;
  const std::string& date_;
  std::vector<int32_t> name_of_, found_of_;
  std::vector<std::string> folded_, lemma_;
  std::vector<Run> runs_;
  std::vector<Found> found_;
  std::vector<uint32_t> taken_;
  int police_alone_ = -1;  ///< not looked yet
  MentionLayer out_;
};

}  // namespace

MentionLayer find_mentions(const Trees& trees, const std::vector<TaggedName>* tagged, const Actors& actors, const std::string& date) {
  return Finder(trees, actors, date).run(tagged);
}

}  // namespace reportedly::entities
