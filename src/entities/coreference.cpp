// Which mentions are one entity. Names by their words, appositions and predicates by the tree, pronouns and descriptions by the model's
// scores (docs/model.md §7) under filters of number, gender and kind; without a model by recency with preference for subjects.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "entities/fold.h"
#include "entities/mentions.h"

namespace reportedly::entities {

int32_t root_of(const std::vector<Candidate>& c, int32_t i) {
  while (c[static_cast<size_t>(i)].parent != i) i = c[static_cast<size_t>(i)].parent;
  return i;
}

namespace {

using syntax::Rel;
using syntax::Sub;
using syntax::Trees;
using syntax::Upos;

constexpr uint32_t kSentenceWords = 400;  ///< sentences longer than this are lists; quotations in them are not looked at
constexpr size_t kReach = 120;            ///< candidates looked back to: keeps long documents linear
constexpr uint32_t kSentences = 4;        ///< sentences a pronoun looks back without a model
constexpr float kFarther = 0.6;    ///< how much better a mention must score that is twice as many sentences away: training saw no pair that
                                   ///< lies farther apart than a window
constexpr float kSharper = 1.5;    ///< between the sum (1), which wrongly joined mentions mislead, and the best alone
constexpr float kUnlikely = -4;    ///< scores below add nothing to an entity's
constexpr float kUnknownNoun = 1;  ///< how much better a noun must score that the dictionary does not know (Candidate::other)

class Resolver {
 public:
  Resolver(const Trees& trees, MentionLayer& layer, const Actors& actors, const Antecedents* scores)
      : trees_(trees), layer_(layer), all_(layer.candidates), dict_(actors.impl()), scores_(scores) {}

  void run() {
    cluster_.resize(all_.size());
    for (size_t i = 0; i < all_.size(); ++i) {
      cluster_[i].animacy = all_[i].animacy;
      cluster_[i].gender = all_[i].gender;
      cluster_[i].country = country(all_[i]);
      cluster_[i].named = all_[i].kind == MentionKind::name;
    }
    by_tree();
    spell_out();
    for (size_t i = 0; i < all_.size(); ++i) {
      const Candidate& c = all_[i];
      if (c.kind == MentionKind::name)
        name(i);
      else if (c.kind == MentionKind::nominal)
        nominal(i);
      else
        pronoun(i);
    }
  }

 private:
  struct Cluster {
    Animacy animacy = Animacy::unknown;
    char gender = 0;
    bool named = false;
    std::optional<std::string> country;
  };

  static std::optional<std::string> country(const Candidate& c) {
    if (c.text_country) return c.text_country;
    if (c.facts && c.facts->country) return c.facts->country;
    return std::nullopt;
  }
  int32_t root(size_t i) const { return root_of(all_, static_cast<int32_t>(i)); }
  bool joined(size_t i, size_t j) const { return root(i) == root(j); }
  void join(size_t later, size_t earlier) {
    int32_t a = root(earlier), b = root(later);
    if (a == b) return;
    if (a > b) std::swap(a, b);
    all_[static_cast<size_t>(b)].parent = a;
    Cluster& into = cluster_[static_cast<size_t>(a)];
    const Cluster& from = cluster_[static_cast<size_t>(b)];
    if (into.animacy == Animacy::unknown || (from.named && !into.named))
      into.animacy = from.animacy == Animacy::unknown ? into.animacy : from.animacy;
    if (!into.gender) into.gender = from.gender;
    if (!into.country) into.country = from.country;
    into.named = into.named || from.named;
  }
  const Cluster& of(size_t i) const { return cluster_[static_cast<size_t>(root(i))]; }
  int32_t at(int32_t word) const { return word < 0 ? -1 : layer_.candidate_of_head[static_cast<size_t>(word)]; }

  static bool person_like(Animacy a) { return a == Animacy::person || a == Animacy::unknown; }
  bool compatible_kind(Animacy a, Animacy b) const {
    if (a == b || a == Animacy::unknown || b == Animacy::unknown) return true;
    const auto many = [](Animacy x) { return x == Animacy::people || x == Animacy::organisation || x == Animacy::state; };
    return many(a) && many(b);
  }

  void by_tree() {
    for (size_t i = 0; i < all_.size(); ++i) {
      const auto w = all_[i].head;
      const auto& word = trees_.words[w];
      if (word.rel == Rel::appos) {
        const int32_t j = at(word.head);
        if (j >= 0 && static_cast<size_t>(j) != i && fits_apposition(static_cast<size_t>(j), i)) join(i, static_cast<size_t>(j));
      }
      // "Ann Holm, a critic and former partner": one person, who is both
      if (word.rel == Rel::conj && word.head >= 0 && trees_.words[static_cast<size_t>(word.head)].rel == Rel::appos &&
          all_[i].kind == MentionKind::nominal && all_[i].animacy == Animacy::person && !all_[i].plural &&
          trees_.child_with(w, Rel::det) < 0 && trees_.child_with(w, Rel::nummod) < 0) {
        const int32_t first = at(word.head);
        if (first >= 0 && !all_[static_cast<size_t>(first)].plural && root(static_cast<size_t>(first)) != first &&
            fits_apposition(static_cast<size_t>(first), i))
          join(i, static_cast<size_t>(first));
      }
      // "Karen Holm is the fisheries minister"
      if (all_[i].kind == MentionKind::nominal && (all_[i].animacy == Animacy::person || all_[i].animacy == Animacy::organisation) &&
          trees_.child_with(w, Rel::cop) >= 0) {
        bool doubt = false;
        for (const uint32_t c : trees_.children(w)) {
          const auto& x = trees_.words[c];
          if (x.rel == Rel::mark || x.morph.negative || x.lemma == "not" || x.lemma == "never" ||
              (x.rel == Rel::aux && (x.lemma == "would" || x.lemma == "could" || x.lemma == "may" || x.lemma == "might" ||
                                     x.lemma == "will" || x.lemma == "should")) ||
              (x.rel == Rel::advmod && (x.lemma == "allegedly" || x.lemma == "no")))
            doubt = true;
          if (x.rel == Rel::cop && x.morph.tense == syntax::Morph::past) doubt = doubt || all_[i].animacy != Animacy::person;
        }
        const int32_t subject = at(trees_.child_with(w, Rel::nsubj));
        if (!doubt && subject >= 0 && all_[static_cast<size_t>(subject)].kind == MentionKind::name &&
            fits_apposition(static_cast<size_t>(subject), i) && !all_[i].text_sectors.empty() && !all_[i].weak_sectors)
          join(i, static_cast<size_t>(subject));
      }
    }
  }
  bool fits_apposition(size_t name_at, size_t described) const {
    const Candidate& a = all_[name_at];
    const Candidate& b = all_[described];
    if (a.identity.starts_with("state:") != b.identity.starts_with("state:") &&
        (a.identity.starts_with("state:") || b.identity.starts_with("state:")))
      return false;
    if (!a.identity.empty() && !b.identity.empty() && a.identity != b.identity) return false;
    if (a.plural != b.plural && (a.animacy == Animacy::person || b.animacy == Animacy::person)) return false;
    return compatible_kind(a.animacy, b.animacy) ||
           (b.kind == MentionKind::name && a.animacy != Animacy::person && b.animacy != Animacy::person);
  }

  /// "the RSF" of a text that names the Rapid Support Forces are these, whoever else is called so.
  void spell_out() {
    constexpr size_t kLeast = 3;  // letters: two are anybody's
    std::unordered_map<std::string, size_t> spelled;
    for (size_t i = 0; i < all_.size(); ++i) {
      const Candidate& c = all_[i];
      if (c.kind != MentionKind::name || c.animacy == Animacy::person || c.identity.empty()) continue;
      std::string initials;
      for (const std::string_view w : words(c.key))
        if (!w.empty()) initials += w[0];
      if (initials.size() >= kLeast) spelled.emplace(std::move(initials), i);
    }
    for (Candidate& c : all_) {
      if (c.kind != MentionKind::name || c.identity.empty() || c.animacy == Animacy::state || !is_acronym(trees_.words[c.head].form))
        continue;
      const auto at = spelled.find(c.key);
      if (at == spelled.end()) continue;
      const Candidate& whole = all_[at->second];
      if (whole.identity == c.identity) continue;
      c.identity = whole.identity;
      c.facts = whole.facts;
      c.entity_kind = whole.entity_kind;
      c.animacy = whole.animacy;
      c.text_country = whole.text_country;
      c.text_sectors = whole.text_sectors;
      c.why = whole.why;
      c.why.push_back("initials of " + whole.name);
    }
  }

  static std::vector<std::string_view> words(std::string_view s) {
    std::vector<std::string_view> out;
    while (!s.empty()) {
      const size_t i = s.find(' ');
      out.push_back(s.substr(0, i));
      if (i == std::string_view::npos) break;
      s.remove_prefix(i + 1);
    }
    return out;
  }
  void remember(size_t i) {
    const Candidate& c = all_[i];
    if (!c.identity.empty()) by_identity_.insert_or_assign(c.identity, i);
    if (c.key.empty()) return;
    by_name_.insert_or_assign(c.key, i);
    const auto w = words(c.key);
    if (c.animacy == Animacy::person || c.animacy == Animacy::unknown) {
      if (w.size() > 1) {
        last_name_.insert_or_assign(std::string(w.back()), i);
        if (w.size() > 2) last_name_.insert_or_assign(std::string(w[w.size() - 2]) + " " + std::string(w.back()), i);
      }
    }
    if (c.animacy != Animacy::person && w.size() > 1) {
      std::string initials, all_initials;
      for (const auto x : w) {
        all_initials += x[0];
        if (x != "of" && x != "the" && x != "and" && x != "for" && x != "in" && x != "on" && x != "to") initials += x[0];
      }
      acronym_.insert_or_assign(initials, i);
      acronym_.insert_or_assign(all_initials, i);
      if (w.size() > 2) tail_.insert_or_assign(std::string(w[w.size() - 2]) + " " + std::string(w.back()), i);
    }
  }
  void name(size_t i) {
    Candidate& c = all_[i];
    int32_t found = -1;
    if (c.animacy == Animacy::person && c.key.find(' ') == std::string::npos && !c.identity.empty()) {
      // The document's own Bex comes before a famous one.
      const auto x = last_name_.find(c.key);
      if (x != last_name_.end() && all_[x->second].identity != c.identity) {
        c.identity.clear();
        c.facts.reset();
        c.why.clear();
        c.name.clear();
        join(i, x->second);
        remember(i);
        return;
      }
    }
    if (!c.identity.empty()) {
      const auto x = by_identity_.find(c.identity);
      if (x != by_identity_.end()) found = static_cast<int32_t>(x->second);
    }
    // A last name alone is a person only if the document has told which.
    if (found < 0 && !c.key.empty() && (c.identity.empty() || c.animacy == Animacy::person)) {
      const auto x = last_name_.find(c.key);
      if (x != last_name_.end() && (c.animacy == Animacy::person || c.animacy == Animacy::unknown) && gender_fits(i, x->second))
        found = static_cast<int32_t>(x->second);
    }
    if (found < 0 && c.identity.empty() && !c.key.empty()) {
      const auto x = by_name_.find(c.key);
      if (x != by_name_.end() && same_sort(all_[x->second], c)) found = static_cast<int32_t>(x->second);
      if (found < 0 && c.animacy != Animacy::person) {
        if (c.key.find(' ') == std::string::npos && c.key.size() >= 2 && c.key.size() <= 6 && is_acronym(c.name)) {
          const auto y = acronym_.find(c.key);
          if (y != acronym_.end()) found = static_cast<int32_t>(y->second);
        }
        const auto y = tail_.find(c.key);
        if (found < 0 && y != tail_.end()) found = static_cast<int32_t>(y->second);
      }
    } else if (found < 0 && !c.identity.empty() && c.key.find(' ') == std::string::npos && is_acronym(c.name) &&
               c.animacy != Animacy::state) {
      const auto y = acronym_.find(c.key);
      if (y != acronym_.end() && all_[y->second].identity.empty()) found = static_cast<int32_t>(y->second);
    }
    if (found >= 0) join(i, static_cast<size_t>(found));
    remember(i);
  }
  static bool same_sort(const Candidate& a, const Candidate& b) {
    return a.animacy == b.animacy || a.animacy == Animacy::unknown || b.animacy == Animacy::unknown ||
           (a.animacy != Animacy::person && b.animacy != Animacy::person);
  }
  bool gender_fits(size_t i, size_t j) const {
    const char a = of(i).gender, b = of(j).gender;
    return !a || !b || a == b;
  }
  bool country_fits(size_t i, size_t j) const {
    const auto a = of(i).country, b = of(j).country;
    return !a || !b || *a == *b;
  }
  bool nested(size_t i, size_t j) const { return all_[i].first < all_[j].last && all_[j].first < all_[i].last; }

  void nominal(size_t i) {
    const Candidate& c = all_[i];
    if (!c.identity.empty()) {
      const auto x = by_identity_.find(c.identity);
      if (x != by_identity_.end()) join(i, x->second);
      by_identity_.insert_or_assign(c.identity, i);
      if (c.identity.starts_with("state:") && !c.plural) organs_.insert_or_assign(trees_.words[c.head].lemma, i);
      return;
    }
    if (root(i) != static_cast<int32_t>(i)) {  // an apposition: its entity is known
      heads_.insert_or_assign(c.key, i);
      return;
    }
    if (c.several_countries || c.counted) {
      heads_.insert_or_assign(c.key, i);
      return;
    }
    const bool refers = c.definite || c.possessor >= 0;
    if (refers && c.entity_kind == "state") {  // "the country": the state spoken of last
      for (size_t back = 1; back <= kReach && back <= i; ++back) {
        const size_t j = i - back;
        if (all_[j].animacy == Animacy::state && all_[j].identity.starts_with("state:") && !all_[j].demonym_adjective) {
          join(i, j);
          return;
        }
      }
      return;
    }
    if (c.definite && c.possessor < 0 && c.animacy == Animacy::organisation && !c.plural) {  // "Norway's foreign ministry … The ministry"
      const auto x = organs_.find(trees_.words[c.head].lemma);
      if (x != organs_.end() && !nested(i, x->second) && country_fits(i, x->second) && says_no_more(i, x->second)) {
        join(i, x->second);
        return;
      }
    }
    int32_t found = -1;
    if (refers || c.bare_organ) {
      const auto x = heads_.find(c.key);
      if (x != heads_.end() && all_[x->second].plural == c.plural && country_fits(i, x->second) && !nested(i, x->second) &&
          modifiers_fit(i, x->second) && owners_meet(i, x->second))
        found = static_cast<int32_t>(x->second);
    }
    if (found < 0 && c.definite && c.kind == MentionKind::nominal && !c.other) found = by_description(i);
    if (found < 0 && c.definite && scores_ && !c.other)
      found = best_scored(i, [&](size_t j) {
        return !all_[j].other && all_[j].kind != MentionKind::pronoun && compatible_kind(c.animacy, of(j).animacy) && country_fits(i, j) &&
               gender_fits(i, j) && all_[j].plural == c.plural && sectors_meet(i, j) && all_[j].entity_kind != "document" && !clash(i, j) &&
               offices_meet(i, j) && (c.animacy != Animacy::organisation || of(j).animacy == Animacy::organisation);
      });
    if (found >= 0) join(i, static_cast<size_t>(found));
    heads_.insert_or_assign(c.key, i);
  }
  /// Are all words of the one before its head also words of the other? "the foreign ministry" is not the defence ministry.
  bool says_no_more(size_t i, size_t j) const {
    const Candidate &a = all_[i], &b = all_[j];
    for (uint32_t w = a.first; w < a.last; ++w) {
      const auto& word = trees_.words[w];
      if (w == a.head || word.upos == syntax::Upos::DET || word.upos == syntax::Upos::PUNCT) continue;
      bool said = false;
      for (uint32_t v = b.first; v < b.last && !said; ++v) said = trees_.words[v].lemma == word.lemma;
      if (!said) return false;
    }
    return true;
  }
  bool sectors_meet(size_t i, size_t j) const {
    const auto& a = all_[i].text_sectors;
    const Candidate& other = all_[j];
    const auto& b = other.text_sectors.empty() && other.facts ? other.facts->sectors : other.text_sectors;
    if (a.empty() || b.empty() || all_[i].weak_sectors || other.weak_sectors) return true;
    return std::any_of(a.begin(), a.end(), [&](const std::string& s) { return std::find(b.begin(), b.end(), s) != b.end(); });
  }
  /// "her deputy spokesman" is not the spokesman of another's government.
  bool owners_meet(size_t i, size_t j) const {
    const int32_t a = at(all_[i].possessor), b = at(all_[j].possessor);
    if (a < 0) return true;
    if (b >= 0) return joined(static_cast<size_t>(a), static_cast<size_t>(b));
    const auto &home = of(static_cast<size_t>(a)).country, &other = of(j).country;
    return !home || !other || *home == *other;
  }
  /// "the foreign minister" is not the finance minister of the sentence before.
  bool modifiers_fit(size_t i, size_t j) const {
    const Candidate& a = all_[i];
    const Candidate& b = all_[j];
    if (a.text_office && b.text_office) return fits_office(*a.text_office, *b.text_office);
    return a.why.empty() || b.why.empty() || a.why.front() == b.why.front();
  }
  /// "the president" and "the finance minister" are two.
  bool offices_meet(size_t i, size_t j) const {
    const auto& a = all_[i].text_office;
    const auto& b = all_[j].text_office;
    return !a || !b || fits_office(*a, *b) || fits_office(*b, *a) || *a == "leader" || *b == "leader";
  }
  static bool fits_office(std::string_view shorter, std::string_view longer) {
    return shorter == longer ||
           (longer.size() > shorter.size() && longer.ends_with(shorter) && longer[longer.size() - shorter.size() - 1] == ' ');
  }

  /// "the minister": who was called one; "the ministry": a name that has the word.
  int32_t by_description(size_t i) const {
    const Candidate& c = all_[i];
    for (size_t back = 1; back <= kReach && back <= i; ++back) {
      const size_t j = i - back;
      const Candidate& other = all_[j];
      if (other.kind == MentionKind::pronoun || other.plural != c.plural || nested(i, j) || !country_fits(i, j) || clash(i, j) ||
          !owners_meet(i, j))
        continue;
      if (c.text_office && other.text_office && other.kind == MentionKind::name && fits_office(*c.text_office, *other.text_office))
        return static_cast<int32_t>(j);
      if (c.animacy == Animacy::organisation && other.kind == MentionKind::name && other.animacy == Animacy::organisation &&
          !other.key.empty()) {
        for (const auto w : words(other.key))
          if (w == c.key) return static_cast<int32_t>(j);
      }
      // "the bloc" of states, "the alliance"
      if ((c.key == "bloc" || c.key == "alliance") && other.entity_kind == "organisation" && other.kind == MentionKind::name &&
          other.facts && other.facts->country && (*other.facts->country == "IGO" || *other.facts->country == "EUR"))
        return static_cast<int32_t>(j);
      if (c.key == "group" && other.entity_kind == "armed_group" && other.kind == MentionKind::name) return static_cast<int32_t>(j);
    }
    return -1;
  }

  template <class Allowed>
  int32_t best_scored(size_t i, Allowed allowed) const {
    int32_t best = -1;
    float top = 0;
    for (size_t back = 1; back <= kReach && back <= i; ++back) {
      const size_t j = i - back;
      if (nested(i, j) || !allowed(j)) continue;
      const float s = scores_->score(i, j);
      if (s > top) {
        top = s;
        best = static_cast<int32_t>(j);
      }
    }
    return best;
  }

  /// "In her report, Holm wrote …": a pronoun in a phrase or clause that stands before the subject of the clause it belongs to.
  bool before_subject(size_t i, size_t j) const {
    const auto& subject = trees_.words[all_[j].head];
    if (subject.rel != Rel::nsubj || subject.head < 0) return false;
    int32_t w = static_cast<int32_t>(all_[i].head);
    for (int step = 0; step < 8 && w >= 0; ++step) {
      const auto& x = trees_.words[static_cast<size_t>(w)];
      if (x.head == subject.head)
        return step > 0 && w < static_cast<int32_t>(all_[j].head) && (x.rel == Rel::obl || x.rel == Rel::advcl || x.rel == Rel::nmod);
      w = x.head;
    }
    return false;
  }
  /// "“He lied,” Holm said": who speaks is not whom a third person in the quotation means. The subject of the verb that the quotation hangs
  /// on; -1 where the pronoun is not quoted, or in a quotation that another sentence introduces.
  int32_t quoting(size_t i) const {
    const Candidate& p = all_[i];
    if (!p.gender && !p.plural) return -1;
    const auto& sentence = trees_.sentences[trees_.words[p.head].sentence];
    if (sentence.last_word - sentence.first_word > kSentenceWords) return -1;
    const auto mark = [&](uint32_t w) {
      const std::string& f = trees_.words[w].form;
      return f == "\"" || f == "“" || f == "”" || f == "``" || f == "''";
    };
    uint32_t before = 0, first = 0, last = sentence.last_word;
    for (uint32_t w = sentence.first_word; w < p.head; ++w)
      if (mark(w)) ++before, first = w;
    if (before % 2 == 0) return -1;
    for (uint32_t w = p.head + 1; w < last; ++w)
      if (mark(w)) last = w;
    if (last == sentence.last_word) return -1;
    // the verb outside that the quotation hangs on, or that hangs on the quotation
    int32_t w = static_cast<int32_t>(p.head);
    for (int step = 0; step < 30 && w >= 0; ++step) {
      const auto& x = trees_.words[static_cast<size_t>(w)];
      const bool inside = w > static_cast<int32_t>(first) && w < static_cast<int32_t>(last);
      if (!inside) return at(trees_.child_with(static_cast<uint32_t>(w), Rel::nsubj));
      for (const uint32_t c : trees_.children(static_cast<uint32_t>(w)))
        if (trees_.words[c].rel == Rel::parataxis && (c < first || c > last)) return at(trees_.child_with(c, Rel::nsubj));
      w = x.head;
    }
    return -1;
  }
  /// A mention of the entity that scores best above 0, of all that have one before the pronoun or as the subject of the clause that it
  /// stands before. An entity has the sum of what its mentions have, as in training.
  int32_t best_antecedent(size_t i) {
    rivals_.clear();
    const int32_t speaker = quoting(i);
    const uint32_t here = trees_.words[all_[i].head].sentence;
    const auto consider = [&](size_t j, float s) {
      const uint32_t there = trees_.words[all_[j].head].sentence;
      if (here > there + 1) s -= kFarther * std::log2(static_cast<float>(here - there));
      if (all_[j].other) s -= kUnknownNoun;
      const int32_t entity = root(j);
      if (speaker >= 0 && entity == root(static_cast<size_t>(speaker))) return;
      if (s <= kUnlikely || nested(i, j) || !pronoun_allows(i, j) || clash(i, j)) return;
      const auto at = std::find_if(rivals_.begin(), rivals_.end(), [&](const Rival& r) { return r.entity == entity; });
      if (at == rivals_.end()) return rivals_.push_back({entity, static_cast<int32_t>(j), s, std::exp(kSharper * s)});
      at->sum += std::exp(kSharper * s);
      if (s > at->top) at->top = s, at->mention = static_cast<int32_t>(j);
    };
    for (size_t back = 1; back <= kReach && back <= i; ++back) consider(i - back, scores_->score(i, i - back));
    for (size_t j = i + 1; j < all_.size() && trees_.words[all_[j].head].sentence == here; ++j)
      if (before_subject(i, j)) consider(j, scores_->score(j, i));
    const auto best = std::max_element(rivals_.begin(), rivals_.end(), [](const Rival& a, const Rival& b) { return a.sum < b.sum; });
    return best == rivals_.end() || best->sum <= 1 ? -1 : best->mention;
  }

  bool pronoun_allows(size_t i, size_t j) const {
    const Candidate& p = all_[i];
    const Candidate& a = all_[j];
    const Cluster& k = of(j);
    if (a.key == "<speaker>" || a.entity_kind == "document" || (a.kind == MentionKind::pronoun && root(j) == static_cast<int32_t>(j)))
      return false;
    if (p.gender)
      return person_like(k.animacy) && (k.animacy == Animacy::person || a.kind == MentionKind::name || a.other) && gender_fits(i, j) &&
             !a.plural;
    if (p.plural)
      return a.plural || k.animacy == Animacy::people || k.animacy == Animacy::organisation ||
             (k.animacy == Animacy::state && !a.demonym_adjective);
    return (k.animacy == Animacy::organisation || k.animacy == Animacy::state || k.animacy == Animacy::thing ||
            k.animacy == Animacy::unknown) &&
           !a.plural && !a.demonym_adjective;
  }
  /// Not the object of the verb that the pronoun is subject of: "he warned him".
  bool clash(size_t i, size_t j) const {
    const auto& p = trees_.words[all_[i].head];
    const auto& a = trees_.words[all_[j].head];
    if (p.morph.possessive || p.form.ends_with("self") || p.form.ends_with("selves")) return false;
    return p.head >= 0 && p.head == a.head && (p.rel == Rel::nsubj || p.rel == Rel::obj || p.rel == Rel::iobj || p.rel == Rel::obl) &&
           (a.rel == Rel::nsubj || a.rel == Rel::obj || a.rel == Rel::iobj || a.rel == Rel::obl);
  }
  void pronoun(size_t i) {
    const Candidate& p = all_[i];
    if (p.key == "<relative>") {
      int32_t at_word = static_cast<int32_t>(p.head);
      for (int step = 0; step < 6 && at_word >= 0; ++step) {
        const auto& x = trees_.words[static_cast<size_t>(at_word)];
        if (x.rel == Rel::acl && x.head >= 0 && x.head < static_cast<int32_t>(p.head)) {
          const int32_t j = at(x.head);
          if (j >= 0) join(i, static_cast<size_t>(j));
          return;
        }
        at_word = x.head;
      }
      return;
    }
    if (p.key == "<speaker>") return speaker(i);
    int32_t found = -1;
    if (scores_) found = best_antecedent(i);
    if (found < 0) found = by_recency(i);
    if (found >= 0) {
      const bool other_gender = p.gender && !of(static_cast<size_t>(found)).gender;
      join(i, static_cast<size_t>(found));
      if (other_gender) cluster_[static_cast<size_t>(root(i))].gender = p.gender;
    }
  }
  /// "“We will withdraw”, the minister said": who says it.
  void speaker(size_t i) {
    int32_t w = static_cast<int32_t>(all_[i].head);
    for (int step = 0; step < 30 && w >= 0; ++step) {
      const auto& x = trees_.words[static_cast<size_t>(w)];
      if ((x.rel == Rel::ccomp || x.rel == Rel::parataxis) && x.head >= 0) {
        const int32_t subject = at(trees_.child_with(static_cast<uint32_t>(x.head), Rel::nsubj));
        if (subject >= 0 && static_cast<size_t>(subject) != i && all_[static_cast<size_t>(subject)].key != "<speaker>") {
          if (!all_[i].plural && of(static_cast<size_t>(subject)).animacy == Animacy::state) return;
          join(i, static_cast<size_t>(subject));
          return;
        }
      }
      // what is quoted may govern the verb of saying: "We will withdraw, said the minister" as parataxis
      for (const uint32_t c : trees_.children(static_cast<uint32_t>(w))) {
        const auto& y = trees_.words[c];
        if (y.rel != Rel::parataxis) continue;
        const int32_t subject = at(trees_.child_with(c, Rel::nsubj));
        if (subject >= 0 && static_cast<size_t>(subject) != i && all_[static_cast<size_t>(subject)].kind != MentionKind::pronoun &&
            trees_.child_with(c, Rel::obj) < 0) {
          join(i, static_cast<size_t>(subject));
          return;
        }
      }
      w = x.head;
    }
  }
  int32_t by_recency(size_t i) const {
    const uint32_t sentence = trees_.words[all_[i].head].sentence;
    int32_t best = -1;
    int best_rank = -1;
    uint32_t best_sentence = 0;
    const int32_t speaker = quoting(i);
    for (size_t back = 1; back <= kReach && back <= i; ++back) {
      const size_t j = i - back;
      const uint32_t s = trees_.words[all_[j].head].sentence;
      if (s + kSentences < sentence) break;
      if (best >= 0 && s < best_sentence) break;  // the nearest sentence that has one
      if (all_[j].other || nested(i, j) || !pronoun_allows(i, j) || clash(i, j)) continue;
      if (speaker >= 0 && root(j) == root(static_cast<size_t>(speaker))) continue;
      const auto& w = trees_.words[all_[j].head];
      int rank = w.rel == Rel::nsubj ? 4 : w.rel == Rel::obj || w.rel == Rel::iobj ? 3 : w.rel == Rel::root || w.rel == Rel::appos ? 2 : 1;
      if (w.rel == Rel::nsubj && w.head >= 0 && trees_.words[static_cast<size_t>(w.head)].rel == Rel::root) rank = 5;
      if (all_[j].kind == MentionKind::pronoun) rank = std::max(rank, 4);
      // earlier in the same rank wins in former sentences, later in the pronoun's own
      if (best < 0 || rank > best_rank || (rank == best_rank && s != sentence)) {
        best = static_cast<int32_t>(j);
        best_rank = rank;
        best_sentence = s;
      }
    }
    return best;
  }

  struct Rival {
    int32_t entity, mention;
    float top, sum;
  };

  const Trees& trees_;
  MentionLayer& layer_;
  std::vector<Candidate>& all_;
  const Actors::Impl& dict_;
  const Antecedents* scores_;
  std::vector<Cluster> cluster_;
  std::vector<Rival> rivals_;  ///< for one pronoun
  std::unordered_map<std::string, size_t> by_identity_, by_name_, last_name_, acronym_, tail_, heads_;
  std::unordered_map<std::string, size_t> organs_;  ///< what speaks for a state, by its noun: the mention told last
};

}  // namespace

void resolve(const Trees& trees, MentionLayer& mentions, const Actors& actors, const Antecedents* antecedents) {
  Resolver(trees, mentions, actors, antecedents).run();
}

}  // namespace reportedly::entities
