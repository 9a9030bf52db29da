// Resolution: each name to the place most likely meant, by population, by the place named beside it, and by the countries of the document.
// After the strong baselines of the toponym literature (population prior, one sense a document, spatial minimality at the level of
// countries): Lieberman & Samet 2012; Gritta et al. 2019, "A Pragmatic Guide to Geoparsing Evaluation".
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>

#include "base/one_of.h"
#include "places/gazetteer.h"

namespace reportedly::places {
namespace {

using syntax::Rel;
using syntax::Trees;
using syntax::Upos;
using syntax::Word;

struct Candidate {
  Row row;
  uint32_t place = 0;
  bool alias = false;
  double prior = 0;
};

enum class Wish : uint8_t { none, division, town };

struct Mention {
  uint32_t first = 0, last = 0;  ///< words
  std::string key;               ///< of the gazetteer; empty if there is none such
  Wish wish = Wish::none;
  int32_t container = -1;  ///< mention right after it: "Paris, Texas"
  int32_t contains = -1;   ///< the mention whose container this is
  int32_t near = -1;       ///< mention that the text puts it in: "Mosul in Iraq", "Iraq's Mosul"
  bool guessed = false;    ///< not found by the tagger
  bool site = false;       ///< a site named by its town
  std::vector<Candidate> candidates;
  int32_t chosen = -1;
  double score = 0;
  std::string why;
};

double prior_of(const Row& r, bool alias, Wish wish) {
  double s = std::log10(r.population + 1);
  switch (r.feature) {
    case Feature::pcli:
      s = std::max(s, 5.0) + 3;
      break;
    case Feature::cont:
      s = 9;
      break;
    case Feature::adm1:
      s = std::min(s, 7.0) - 0.6;
      break;
    case Feature::adm2:
      s -= 0.8;
      break;
    case Feature::pplc:
      s += 1;
      break;
    case Feature::ppl:
      break;
    case Feature::pplx:
      s = 6;
      break;
    default:
      s = 8;
      break;
  }
  if (alias) s -= 0.9;
  const bool division = r.feature == Feature::adm1 || r.feature == Feature::adm2;
  if (wish == Wish::division) s += division ? 3 : -1;
  if (wish == Wish::town) s += division || r.feature == Feature::pcli ? -3 : 1;
  return s;
}

bool is_direction(std::string_view w) {
  return one_of(w, {"northern",  "southern",      "eastern",       "western",       "central",      "north",     "south",     "east",
                    "west",      "northeastern",  "northwestern",  "southeastern",  "southwestern", "northeast", "northwest", "southeast",
                    "southwest", "upper",         "lower",         "inner",         "outer",        "downtown",  "mainland",  "greater",
                    "rural",     "north-eastern", "north-western", "south-eastern", "south-western"});
}
bool is_division_noun(std::string_view w) {
  return one_of(w, {"province", "state", "county", "region", "governorate", "district", "oblast", "prefecture", "department", "territory",
                    "canton", "republic", "emirate"});
}

bool is_site(std::string_view w) {
  return one_of(w, {"airport", "airbase",  "base",    "barracks", "camp",       "castle",  "cathedral", "gardens",    "harbour",
                    "harbor",  "hospital", "palace",  "port",     "prison",     "station", "stadium",   "university", "zoo",
                    "bridge",  "mosque",   "seaport", "refinery", "courthouse", "museum",  "jail"});
}

class Resolver {
 public:
  Resolver(const Trees& trees, const text::Text& text, const Gazetteer::Impl& g) : trees_(trees), text_(text), g_(g) {}

  std::vector<Place> run(const std::vector<Name>& names) {
    for (const Name& n : names)
      if (one_of(n.type, {"LOC", "GPE", "location", "country"})) add_name(n);
    guess_missed(names);
    std::sort(mentions_.begin(), mentions_.end(), [](const Mention& a, const Mention& b) { return a.first < b.first; });
    link();
    for (Mention& m : mentions_) look_up(m);
    vote();
    choose();
    std::vector<Place> out;
    out.reserve(mentions_.size());
    for (const Mention& m : mentions_) out.push_back(make(m));
    return out;
  }

 private:
  void add_name(const Name& n) {
    uint32_t first = trees_.word_at(n.span.start), last = first;
    while (last < trees_.words.size() && trees_.words[last].span.start < n.span.end) ++last;
    while (first < last && (trees_.words[first].upos == Upos::DET || trees_.words[first].upos == Upos::PUNCT)) ++first;
    // "Paris, Texas" tagged as one name is two places.
    for (uint32_t from = first; from < last;) {
      uint32_t to = from;
      while (to < last && trees_.words[to].form != ",") ++to;
      uint32_t end = to;
      while (end > from && (trees_.words[end - 1].upos == Upos::PART || trees_.words[end - 1].upos == Upos::PUNCT ||
                            trees_.words[end - 1].form == "'s" || trees_.words[end - 1].form == "’s"))
        --end;
      if (end > from) add(from, end, false);
      from = to + 1;
    }
  }
  void add(uint32_t first, uint32_t last, bool guessed) {
    // An adjective of a country is no place: "Russian troops".
    if (last - first == 1 && trees_.words[first].upos == Upos::ADJ) return;
    if (!is_capital(trees_.words[last - 1].form)) return;
    if (last - first == 1 && trees_.words[first].span.size() < 2) return;  // "Q" and "A" of an interview
    // "North" left out of "North America" by a tagger makes another place of it.
    while (first > 0 && trees_.words[first - 1].sentence == trees_.words[first].sentence && trees_.words[first - 1].upos != Upos::ADP &&
           !trees_.words[first - 1].form.empty() &&
           one_of(trees_.words[first - 1].form,
                  {"North", "South", "East", "West", "Latin", "Central", "New", "Northern", "Southern", "Eastern", "Western"}))
      --first;
    if (covered_.empty()) covered_.resize(trees_.words.size());
    if (std::find(covered_.begin() + first, covered_.begin() + last, true) != covered_.begin() + last) return;
    std::fill(covered_.begin() + first, covered_.begin() + last, true);
    Mention m;
    m.first = first;
    m.last = last;
    m.guessed = guessed;
    mentions_.push_back(std::move(m));
  }

  /// Proper nouns that no name covers: states and big towns; after a preposition of place somewhat smaller ones.
  void guess_missed(const std::vector<Name>& names) {
    size_t next = 0;
    std::vector<Hit> hits;
    const auto n = static_cast<uint32_t>(trees_.words.size());
    for (uint32_t w = 0; w < n;) {
      const Word& word = trees_.words[w];
      uint32_t last = w + 1;
      if (word.upos != Upos::PROPN || !is_capital(word.form)) {
        w = last;
        continue;
      }
      while (last < n && trees_.words[last].upos == Upos::PROPN && trees_.words[last].sentence == word.sentence) ++last;
      const uint32_t first = w;
      w = last;
      while (next < names.size() && names[next].span.end <= word.span.start) ++next;
      if (next < names.size() && names[next].span.start < trees_.words[last - 1].span.end) continue;
      const bool after_preposition =
          first > 0 && trees_.words[first - 1].sentence == word.sentence && trees_.words[first - 1].upos == Upos::ADP &&
          one_of(trees_.words[first - 1].lemma, {"in", "near", "at", "outside", "from", "across", "inside", "to", "into"});
      const double big = after_preposition ? 200000 : 600000;
      g_.find(g_.key_of(form_of(first, last)), hits);
      for (const Hit& h : hits) {
        const Row r = g_.row(h.place);
        const bool town = (r.feature == Feature::ppl || r.feature == Feature::pplc || r.feature == Feature::adm1) && r.population >= big;
        if (h.alias || !(r.feature == Feature::pcli || r.feature == Feature::cont || town)) continue;
        // "Jordan" or "Chad" alone at the head of a sentence may be a person: without a preposition only longer names and towns.
        if (!after_preposition && last - first == 1 && word.span.size() < 5 && !all_capitals(word.form)) continue;
        add(first, last, true);
        break;
      }
    }
  }
  static bool is_capital(std::string_view s) { return !s.empty() && !(s[0] >= 'a' && s[0] <= 'z'); }

  std::string form_of(uint32_t first, uint32_t last) const {
    std::string out;
    for (uint32_t w = first; w < last; ++w) {
      if (w > first && trees_.words[w - 1].space_after) out += ' ';
      out += trees_.words[w].form;
    }
    return out;
  }
  std::string_view form(uint32_t w) const { return w < trees_.words.size() ? std::string_view(trees_.words[w].form) : std::string_view(); }
  std::string_view lemma(uint32_t w) const {
    return w < trees_.words.size() ? std::string_view(trees_.words[w].lemma) : std::string_view();
  }

  /// What stands beside each mention: "Paris, Texas", "Goma (DRC)", "Mosul in northern Iraq", "Iraq's Mosul".
  void link() {
    // States shortened as newspapers do ("Ill.") are often missed by a tagger: known by the town before them.
    std::vector<Mention> more;
    std::vector<Hit> hits;
    for (size_t k = 0; k < mentions_.size(); ++k) {
      const uint32_t comma = mentions_[k].last;
      if (form(comma) != "," || comma + 1 >= trees_.words.size()) continue;
      if (k + 1 < mentions_.size() && mentions_[k + 1].first <= comma + 1) continue;
      const Word& w = trees_.words[comma + 1];
      if (w.upos != Upos::PROPN || w.sentence != trees_.words[comma].sentence) continue;
      const std::string key = g_.key_of(w.form);
      if (!needs_a_town_before(key)) continue;
      g_.find(key, hits);
      if (hits.empty()) continue;
      Mention m;
      m.first = comma + 1;
      m.last = comma + 2;
      m.guessed = true;
      more.push_back(std::move(m));
    }
    mentions_.insert(mentions_.end(), more.begin(), more.end());
    std::sort(mentions_.begin(), mentions_.end(), [](const Mention& a, const Mention& b) { return a.first < b.first; });
    for (size_t k = 0; k + 1 < mentions_.size(); ++k) {
      Mention &a = mentions_[k], &b = mentions_[k + 1];
      if (trees_.words[a.first].sentence != trees_.words[b.first].sentence) continue;
      const std::string_view between = form(a.last);
      if (b.first == a.last + 1 && (between == "," || between == "(")) {
        a.container = static_cast<int32_t>(k + 1);
        b.contains = static_cast<int32_t>(k);
      } else if (between == "in" && b.first <= a.last + 3) {
        a.near = static_cast<int32_t>(k + 1);
      } else if ((between == "'s" || between == "’s") && b.first <= a.last + 3) {
        b.near = static_cast<int32_t>(k);
      }
    }
  }

  void look_up(Mention& m) {
    uint32_t first = m.first, last = m.last;
    if (is_division_noun(lemma(last)) || (is_division_noun(lemma(last - 1)) && last - first > 1)) m.wish = Wish::division;
    if (first >= 2 && form(first - 1) == "of") {
      if (is_division_noun(lemma(first - 2)))
        m.wish = Wish::division;
      else if (one_of(lemma(first - 2), {"city", "town", "village", "port", "suburb"}))
        m.wish = Wish::town;
    }
    if (first >= 1 && one_of(lemma(first - 1), {"city", "town", "village"})) m.wish = Wish::town;
    std::vector<Hit> hits;
    const auto attempt = [&](uint32_t from, uint32_t to) {
      const std::string key = g_.key_of(form_of(from, to));
      g_.find(key, hits);
      if (hits.empty()) return false;
      m.key = key;
      return true;
    };
    bool part = false;
    if (!attempt(first, last)) {
      part = true;
      // "northern Iraq", "downtown Oslo", "Aleppo province", "the city of Homs"
      while (last - first > 1 && (is_direction(trees_.words[first].lemma) || is_direction(g_.key_of(trees_.words[first].form)))) ++first;
      if (last - first > 2 && lemma(first + 1) == "of" &&
          (is_division_noun(g_.key_of(form(first))) || one_of(g_.key_of(form(first)), {"city", "town", "village"}))) {
        m.wish = is_division_noun(g_.key_of(form(first))) ? Wish::division : Wish::town;
        first += 2;
      }
      // A county that is not in the table is not the town of its name.
      if (g_.key_of(form(last - 1)) == "county") return;
      if (last - first > 1 && is_division_noun(g_.key_of(form(last - 1))))
        m.wish = Wish::division, --last;
      else if (last - first > 1 && one_of(g_.key_of(form(last - 1)), {"city", "town", "area", "peninsula"}))
        --last;
      // "Manila Cathedral", "Kabul airport": in the town they are named by.
      m.site = last - first > 1 && is_site(g_.key_of(form(last - 1)));
      if (m.site) {
        --last;
        if (last - first > 1 && g_.key_of(form(last - 1)) == "international") --last;
        m.wish = Wish::town;
      }
      if ((first == m.first && last == m.last) || !attempt(first, last)) return;
    }
    const bool alone = m.container < 0;
    for (const Hit& h : hits) {
      Candidate c;
      c.row = g_.row(h.place);
      c.place = h.place;
      c.alias = h.alias;
      if (part && c.row.feature == Feature::cont) continue;  // "West Africa" is not Africa
      if (m.site && (c.row.population < 20000 || (c.row.feature != Feature::ppl && c.row.feature != Feature::pplc))) continue;
      c.prior = prior_of(c.row, h.alias, m.wish);
      m.candidates.push_back(c);
    }
    // "OAS" is no town, whatever towns there are.
    if (last - first == 1 && m.key.size() <= 4 && all_capitals(form_of(first, last)) &&
        !(text_.dateline && text_.dateline->holds(trees_.words[first].span)))
      std::erase_if(m.candidates, [](const Candidate& c) { return c.row.feature != Feature::pcli && c.row.feature != Feature::adm1; });
    // "Ind." or "La" alone is no state; after a town's comma it is.
    if (alone && needs_a_town_before(m.key)) {
      const bool after_town = m.first >= 2 && form(m.first - 1) == ",";
      const bool whole = m.key == "dc";
      if (!after_town && !whole) {
        std::erase_if(m.candidates, [](const Candidate& c) { return c.row.feature == Feature::adm1; });
      } else if (after_town) {
        std::erase_if(m.candidates, [](const Candidate& c) { return c.row.feature != Feature::adm1 && c.row.feature != Feature::pcli; });
      }
    }
    std::stable_sort(m.candidates.begin(), m.candidates.end(), [](const Candidate& a, const Candidate& b) { return a.prior > b.prior; });
    if (m.candidates.size() > 64) m.candidates.resize(64);
  }

  /// What countries and divisions the document speaks of: names of countries count most, then the towns that have but one reading.
  void vote() {
    std::map<std::string, bool> seen;
    for (const Mention& m : mentions_) {
      if (m.candidates.empty() || seen[m.key]) continue;
      seen[m.key] = true;
      const Candidate& best = m.candidates.front();
      if (best.row.country != 0) countries_[best.row.country] += vote_of(m);
      if (best.row.feature == Feature::adm1 && best.row.division != 0)
        divisions_[best.row.division] += 1;
      else if (best.row.feature == Feature::ppl && best.row.division != 0 && vote_of(m) > 0.8)
        towns_of_[best.row.division] += 1;
    }
    for (const auto& [c, v] : countries_) total_ += v;
  }

  static double vote_of(const Mention& m) {
    const Candidate& best = m.candidates.front();
    if (best.row.feature == Feature::pcli) return 1;
    const double clear = m.candidates.size() == 1 ? 1 : std::clamp((best.prior - m.candidates[1].prior) / 2, 0.0, 1.0);
    return 0.3 + 0.7 * clear;
  }

  static bool inside(const Candidate& c, const Candidate& container) {
    if (container.row.country == 0 || c.row.country != container.row.country || c.place == container.place) return false;
    if (container.row.feature == Feature::pcli) return true;
    if (container.row.feature == Feature::adm1 && container.row.division != 0) return c.row.division == container.row.division;
    if (container.row.feature != Feature::adm2 && container.row.feature != Feature::rgn) return false;
    return std::abs(c.row.latitude - container.row.latitude) < 1.2 && std::abs(c.row.longitude - container.row.longitude) < 1.6;
  }

  /// "Washington, New York and Boston": a place well known by itself beside another town is no town in a province.
  static bool is_list(const Mention& m, const Candidate& c, const Candidate& beside) {
    const bool town_beside = beside.row.feature == Feature::ppl || beside.row.feature == Feature::pplc;
    return town_beside && m.candidates.front().prior > 5.5 && m.candidates.front().prior - c.prior > 1;
  }

  double score(const Mention& m, const Candidate& c, std::string& why) const {
    double s = c.prior;
    why.clear();
    const auto country = countries_.find(c.row.country);
    if (c.row.feature != Feature::pcli && country != countries_.end() && total_ > 0) {
      // What the mention itself voted does not speak for it.
      double votes = country->second;
      if (c.row.country == m.candidates.front().row.country) votes = std::max(0.0, votes - vote_of(m));
      if (votes > 0.2) {
        s += 0.5 + 2.2 * votes / total_;
        why = "its country is spoken of";
      }
    }
    if (c.row.division != 0 && c.row.feature != Feature::adm1 && divisions_.contains(c.row.division)) {
      s += 1;
      why = "its province is spoken of";
    }
    if (const auto it = towns_of_.find(c.row.division); c.row.feature == Feature::adm1 && it != towns_of_.end() && it->second >= 2) {
      s += 1.2;
      why = "towns of it are spoken of";
    }
    if (m.contains >= 0) {  // "Savannah, Georgia": the Georgia that has a Savannah
      const std::vector<Candidate>& inner = mentions_[static_cast<size_t>(m.contains)].candidates;
      const bool best = !inner.empty() && inside(inner.front(), c);
      if (best || std::any_of(inner.begin(), inner.end(), [&](const Candidate& i) { return inside(i, c); })) {
        s += best ? 3.5 : 2;
        why = "it has a " + form_of(mentions_[static_cast<size_t>(m.contains)].first, mentions_[static_cast<size_t>(m.contains)].last);
      }
    }
    for (const auto& [other, weight] : {std::pair{m.container, 12.0}, std::pair{m.near, 5.0}}) {
      if (other < 0) continue;
      const std::vector<Candidate>& outers = mentions_[static_cast<size_t>(other)].candidates;
      for (const Candidate& outer : outers)
        if (inside(c, outer) && !is_list(m, c, outers.front())) {
          s += weight;
          why = "named with " + form_of(mentions_[static_cast<size_t>(other)].first, mentions_[static_cast<size_t>(other)].last);
          break;
        }
    }
    return s;
  }

  void choose() {
    std::map<std::string, std::pair<uint32_t, double>> sense;  // of a key named with its container: the same place further on
    for (int round = 0; round < 2; ++round)
      for (Mention& m : mentions_) {
        m.chosen = -1;
        double best = -1e9;
        std::string best_why, why;
        for (size_t k = 0; k < m.candidates.size(); ++k) {
          double s = score(m, m.candidates[k], why);
          if (const auto it = sense.find(m.key); round == 1 && it != sense.end() && it->second.first == m.candidates[k].place) {
            s += 8;
            if (why.empty() || why.starts_with("its ")) why = "named more fully elsewhere";
          }
          if (s > best) {
            best = s;
            m.chosen = static_cast<int32_t>(k);
            best_why = why;
          }
        }
        if (m.chosen < 0) continue;
        m.score = best;
        m.why = best_why;
        const Candidate& c = m.candidates[static_cast<size_t>(m.chosen)];
        if (best_why.starts_with("named with")) sense.try_emplace(m.key, c.place, best);
        // A small town by nothing but its name is a guess.
        const bool town = c.row.feature == Feature::ppl || c.row.feature == Feature::adm2;
        const double needed = c.alias ? kAliasAlone : kTownAlone;
        if (town && best_why.empty() && best < needed) {
          m.chosen = -1;
          m.why = "only a small place of that name is known and nothing speaks for it";
        }
      }
  }

  Place make(const Mention& m) const {
    Place p;
    p.span = trees_.span_of(m.first, m.last);
    p.name = form_of(m.first, m.last);
    p.role = text_.dateline && text_.dateline->holds(p.span) ? "dateline" : "mention";
    if (all_capitals(p.name) && (p.role == "dateline" || p.name.size() > 4)) p.name = title_case(p.name);
    const int32_t outer = m.container >= 0 ? m.container : m.near;
    if (m.candidates.empty() && outer >= 0) {
      // A street or building that the text puts in a town has the town's point.
      const Mention& o = mentions_[static_cast<size_t>(outer)];
      if (o.chosen >= 0) {
        const Row& r = o.candidates[static_cast<size_t>(o.chosen)].row;
        if (r.country != 0) p.country = std::string(g_.country_code(r.country));
        if (r.division != 0) p.admin1 = std::string(g_.division_name(r.division));
        if (r.feature == Feature::ppl || r.feature == Feature::pplc || r.feature == Feature::pplx) {
          p.latitude = rounded(r.latitude);
          p.longitude = rounded(r.longitude);
        }
        p.why.push_back("in " + form_of(o.first, o.last));
        return p;
      }
    }
    if (m.chosen < 0) {
      p.why.push_back(m.candidates.empty() ? "not in the gazetteer" : m.why);
      return p;
    }
    const Candidate& c = m.candidates[static_cast<size_t>(m.chosen)];
    if (c.row.geonames != 0 && !m.site) p.geonames = c.row.geonames;
    p.latitude = rounded(c.row.latitude);
    p.longitude = rounded(c.row.longitude);
    if (c.row.country != 0) p.country = std::string(g_.country_code(c.row.country));
    if (c.row.division != 0) p.admin1 = std::string(g_.division_name(c.row.division));
    if (!m.site) p.feature = feature_code(c.row.feature);
    p.why.push_back("gazetteer:" + m.key);
    if (m.site) p.why.push_back("a site named by its town, at the town's point");
    if (!m.why.empty())
      p.why.push_back(m.why);
    else if (m.candidates.size() > 1)
      p.why.push_back(fmt::format("the best known of {} places of that name", m.candidates.size()));
    if (m.guessed) p.why.push_back("by its preposition, not by the tagger");
    return p;
  }
  static double rounded(double degrees) { return std::round(degrees * 1e4) / 1e4; }
  static bool all_capitals(std::string_view s) {
    bool letter = false;
    for (const char c : s) {
      if (c >= 'a' && c <= 'z') return false;
      letter = letter || (c >= 'A' && c <= 'Z');
    }
    return letter && s.find('.') == std::string_view::npos;
  }
  static std::string title_case(std::string s) {
    bool begin = true;
    for (size_t i = 0; i < s.size(); ++i) {
      char& c = s[i];
      if (c >= 'A' && c <= 'Z' && !begin) c = static_cast<char>(c + 32);
      // Latin-1 capitals, "Ö": C3 80–9E in UTF-8, the small letters 20 hex further on.
      if (static_cast<unsigned char>(c) == 0xC3 && i + 1 < s.size()) {
        const auto next = static_cast<unsigned char>(s[i + 1]);
        if (!begin && next >= 0x80 && next <= 0x9E && next != 0x97) s[i + 1] = static_cast<char>(next + 0x20);
        ++i;
        begin = false;
        continue;
      }
      begin = c == ' ' || c == '-';
    }
    return s;
  }

  static constexpr double kTownAlone = 4.4, kAliasAlone = 4.4;
  const Trees& trees_;
  const text::Text& text_;
  const Gazetteer::Impl& g_;
  std::vector<Mention> mentions_;
  std::vector<bool> covered_;  // words of mentions
  std::map<uint8_t, double> countries_;
  std::map<uint16_t, double> divisions_;
  std::map<uint16_t, int> towns_of_;  // towns of a division that have hardly another reading
  double total_ = 0;
};

}  // namespace

std::vector<Place> find_places(const Trees& trees, const text::Text& text, const std::vector<Name>& names, const Gazetteer& gazetteer) {
  return Resolver(trees, text, gazetteer.impl()).run(names);
}

}  // namespace reportedly::places
