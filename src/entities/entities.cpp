#include "entities/entities.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "entities/mentions.h"

namespace reportedly::entities {
namespace {

using syntax::Rel;
using syntax::Trees;

using Tagged = std::vector<TaggedName>;

/// Spans of a decoded BIO row; labels are the model's ("O", "B-PER", …).
void spans_of(const std::vector<uint8_t>& row, const std::vector<float>* p, const std::vector<std::string>& labels, const Trees& trees,
              Tagged& out) {
  const auto n = static_cast<uint32_t>(row.size());
  for (uint32_t w = 0; w < n;) {
    const std::string& label = labels[row[w]];
    if (label.size() < 3 || label[0] != 'B') {
      ++w;
      continue;
    }
    const std::string type = label.substr(2);
    uint32_t end = w + 1;
    while (end < n && labels[row[end]] == "I-" + type && trees.words[end].sentence == trees.words[w].sentence) ++end;
    float sum = 0;
    for (uint32_t x = w; x < end && p; ++x) sum += (*p)[x];
    out.push_back({w, end, type, p ? sum / static_cast<float>(end - w) : 1.0f});
    w = end;
  }
}

/// Names of both taggers, in text order; where they touch, the first tagger's.
Tagged tagged_names(const syntax::Tags& tags, const nn::TagSets& sets, const Trees& trees) {
  Tagged names, more;
  if (!tags.names.empty())
    spans_of(tags.names, tags.names_p.size() == tags.names.size() ? &tags.names_p : nullptr, sets.names, trees, names);
  if (!tags.polnames.empty()) spans_of(tags.polnames, nullptr, sets.polnames, trees, more);
  std::vector<bool> used(trees.words.size(), false);
  for (const TaggedName& t : names)
    for (uint32_t w = t.first; w < t.last; ++w) used[w] = true;
  for (TaggedName& t : more) {
    bool free = true;
    for (uint32_t w = t.first; w < t.last; ++w) free = free && !used[w];
    if (free) names.push_back(std::move(t));
  }
  std::sort(names.begin(), names.end(), [](const TaggedName& x, const TaggedName& y) { return x.first < y.first; });
  return names;
}

/// Antecedent scores in overlapping blocks, so that the work stays linear in the number of mentions.
class Scores : public Antecedents {
 public:
  static constexpr size_t kBlock = 128;  ///< mentions scored at once, each against the kBlock before
  Scores(const Trees& trees, const std::vector<Candidate>& all, const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace) {
    blocks_.resize((all.size() + kBlock - 1) / kBlock);
    std::vector<uint32_t> rows, positions;
    for (size_t b = 0; b < blocks_.size(); ++b) {
      const size_t first = b == 0 ? 0 : (b - 1) * kBlock, last = std::min(all.size(), (b + 1) * kBlock);
      rows.clear();
      positions.clear();
      // Mentions are ordered by their first word; the model wants heads in text order, so pairs are looked up both ways.
      order_.clear();
      for (size_t i = first; i < last; ++i) order_.push_back(static_cast<uint32_t>(i));
      std::sort(order_.begin(), order_.end(), [&](uint32_t x, uint32_t y) { return all[x].head < all[y].head; });
      Block& block = blocks_[b];
      block.first = first;
      block.place.resize(last - first);
      for (size_t k = 0; k < order_.size(); ++k) {
        block.place[order_[k] - first] = static_cast<uint32_t>(k);
        rows.push_back(trees.words[all[order_[k]].head].unit);
        positions.push_back(all[order_[k]].head);
      }
      nn::Matrix out;
      scorer.antecedents(h, rows, positions, workspace, out);
      block.n = rows.size();
      block.scores.assign(out.values.begin(), out.values.begin() + static_cast<std::ptrdiff_t>(block.n * block.n));
    }
  }
  float score(size_t i, size_t j) const override {
    const Block& b = blocks_[i / kBlock];
    if (j < b.first) return -1;
    const size_t x = b.place[i - b.first], y = b.place[j - b.first];
    return x > y ? b.scores[x * b.n + y] : b.scores[y * b.n + x];
  }

 private:
  struct Block {
    size_t first = 0, n = 0;
    std::vector<uint32_t> place;
    std::vector<float> scores;
  };
  std::vector<Block> blocks_;
  std::vector<uint32_t> order_;
};

bool is_state(const Candidate& c) {
  return c.identity.starts_with("state:");
}

/// A cluster of candidates to its entity.
Entity compose(const std::vector<Candidate>& all, const std::vector<size_t>& members) {
  Entity out;
  const auto add_why = [&](const std::string& s) {
    if (!s.empty() && std::find(out.why.begin(), out.why.end(), s) == out.why.end()) out.why.push_back(s);
  };
  const Candidate* named = nullptr;   // the fullest name
  const Candidate* known = nullptr;   // the first that the dictionary knows
  const Candidate* spoken = nullptr;  // the first whose own words give a country
  for (const size_t m : members) {
    const Candidate& c = all[m];
    if (c.kind == MentionKind::name &&
        (!named || (c.facts && !named->facts) || (!named->facts == !c.facts && c.name.size() > named->name.size() && !is_state(*named))))
      named = &c;
    if (c.facts && !known) known = &c;
    if (c.text_country && !spoken) spoken = &c;
  }
  // "We … a ministry official said": the description, not the pronoun before it
  const auto described = std::find_if(members.begin(), members.end(), [&](size_t m) { return all[m].kind != MentionKind::pronoun; });
  const Candidate& first = all[described == members.end() ? members.front() : *described];
  const Candidate& best = known && (is_state(*known) || !named || !named->facts) ? *known : named ? *named : first;
  out.name =
      best.facts && !best.facts->name.empty() && best.entity_kind != "group" && best.entity_kind != "place" ? best.facts->name : best.name;
  out.kind = best.entity_kind;
  for (const size_t m : members)
    if (out.kind.empty() || (out.kind == "thing" && !all[m].entity_kind.empty())) out.kind = all[m].entity_kind;
  // "she" makes a person of "the bride"
  for (const size_t m : members)
    if (out.kind.empty() && all[m].kind == MentionKind::pronoun && all[m].gender) out.kind = "person";
  // a title makes a person of a name without a type
  if (out.kind.empty()) out.kind = "thing";
  if (out.kind == "office" && named) out.kind = "person";

  // Country: what the text says, then the dictionary.
  if (is_state(best))
    out.country = best.facts->country;
  else if (spoken)
    out.country = spoken->text_country;
  else if (known)
    out.country = known->facts->country;

  // Sectors: the text's word for them, the dictionary, then words as general as "man".
  const auto add_sectors = [&](const std::vector<std::string>& s) {
    for (const auto& x : s)
      if (std::find(out.sectors.begin(), out.sectors.end(), x) == out.sectors.end()) out.sectors.push_back(x);
  };
  const bool dictionary_first = known && known->entity_kind != "person";
  if (dictionary_first) add_sectors(known->facts->sectors);
  if (!is_state(best) && out.sectors.empty())
    for (const size_t m : members)
      if (!all[m].weak_sectors && !all[m].text_sectors.empty()) {
        add_sectors(all[m].text_sectors);
        break;
      }
  if (out.sectors.empty() && known) add_sectors(known->facts->sectors);
  if (out.sectors.empty())
    for (const size_t m : members) add_sectors(all[m].text_sectors);
  for (const size_t m : members)
    if (!out.office && all[m].text_office) out.office = all[m].text_office;
  if (!out.office && known && known->facts->office) out.office = known->facts->office;

  if (known) add_why(known->facts->why);
  for (const size_t m : members)
    for (const std::string& s : all[m].why)
      if (out.why.size() < 8) add_why(s);
  return out;
}

/// Countries that the text speaks of before each mention, for "the government" without a name.
class Scene {
 public:
  void see(const std::string& country, uint32_t sentence) {
    ++count_[country];
    ++total_;
    last_ = country;
    last_sentence_ = sentence;
  }
  bool once() const { return total_ == 1; }
  /// The one country that governs the text up to here; nullopt where several compete.
  std::optional<std::string> dominating() const {
    for (const auto& [code, n] : count_)
      if (n * 3 >= total_ * 2 && (n >= 2 || total_ == 1)) return code;
    return std::nullopt;
  }

 private:
  std::map<std::string, uint32_t> count_;
  uint32_t total_ = 0, last_sentence_ = 0;
  std::string last_;
};

/// Whose the ministry, the navy, the court is that the text has spoken of: by the last word of the mention. Of two countries' navies "a
/// navy officer" may be of either.
class Institutions {
 public:
  void see(const std::string& lemma, const std::string& country) {
    const auto [at, fresh] = country_.try_emplace(lemma, country);
    if (!fresh && at->second && *at->second != country) at->second.reset();
  }
  std::optional<std::string> country_of(const std::string& lemma) const {
    const auto at = country_.find(lemma);
    return at == country_.end() ? std::nullopt : at->second;
  }

 private:
  std::unordered_map<std::string, std::optional<std::string>> country_;
};

}  // namespace

int32_t adopt(EntityLayer& layer, int32_t other) {
  layer.adopted.resize(layer.others.size(), -1);
  int32_t& id = layer.adopted[static_cast<size_t>(other)];
  if (id < 0) {
    id = static_cast<int32_t>(layer.entities.size());
    layer.entities.push_back(layer.others[static_cast<size_t>(other)]);
  }
  return id;
}

EntityLayer find_entities(const syntax::Trees& trees, const text::Text&, const syntax::Tags* tags, const nn::Scorer* scorer,
                          const nn::Matrix* h, nn::Workspace* workspace, const Actors& actors,
                          const std::optional<std::string>& published) {
  EntityLayer out;
  out.entity_of_word.assign(trees.words.size(), -1);
  out.entity_covering.assign(trees.words.size(), -1);
  out.other_of_word.assign(trees.words.size(), -1);
  if (trees.words.empty()) return out;
  const std::string date = published ? published->substr(0, 10) : std::string();

  MentionLayer layer;
  if (tags && scorer) {
    const Tagged tagged = tagged_names(*tags, scorer->tags(), trees);
    layer = find_mentions(trees, &tagged, actors, date);
  } else {
    layer = find_mentions(trees, nullptr, actors, date);
  }
  out.names = std::move(layer.names);
  std::vector<Candidate>& all = layer.candidates;
  if (scorer && h && workspace && !all.empty()) {
    const Scores scores(trees, all, *scorer, *h, *workspace);
    resolve(trees, layer, actors, &scores);
  } else {
    resolve(trees, layer, actors, nullptr);
  }

  // Members of each cluster, in text order.
  std::vector<std::vector<size_t>> members(all.size());
  for (size_t i = 0; i < all.size(); ++i) members[static_cast<size_t>(root_of(all, static_cast<int32_t>(i)))].push_back(i);

  // Countries that come from elsewhere than a phrase's own words: a possessive pronoun, the text before "the government".
  Scene scene;
  const Actors::Impl& dict = actors.impl();
  std::vector<std::optional<std::string>> country(all.size());  // of a cluster, at its root
  std::vector<bool> looked(all.size(), false);                  // at its members, which say the same every time
  const auto cluster_country = [&](size_t i) -> const std::optional<std::string>& {
    const auto root = static_cast<size_t>(root_of(all, static_cast<int32_t>(i)));
    if (country[root] || looked[root]) return country[root];
    looked[root] = true;
    for (const size_t m : members[root]) {
      if (all[m].text_country) return country[root] = all[m].text_country;
      if (all[m].facts && all[m].facts->country && all[m].entity_kind != "place") return country[root] = all[m].facts->country;
    }
    return country[root];
  };
  Institutions institutions;
  for (size_t i = 0; i < all.size(); ++i) {
    Candidate& c = all[i];
    const auto root = static_cast<size_t>(root_of(all, static_cast<int32_t>(i)));
    if (!cluster_country(i) && !c.several_countries && c.possessor >= 0 && c.entity_kind != "document") {
      const int32_t p = layer.candidate_of_head[static_cast<size_t>(c.possessor)];
      if (p >= 0) {
        const auto from = cluster_country(static_cast<size_t>(p));
        if (from) {
          country[root] = from;
          c.text_country = from;
          c.why.push_back("country of the possessor");
        }
      }
    }
    // "a ministry spokesman", behind "Norway's defence ministry"
    if (c.takes && c.kind == MentionKind::nominal && !cluster_country(i) && !c.several_countries && c.possessor < 0) {
      for (const uint32_t w : trees.children(c.head)) {
        if (w > c.head || trees.words[w].rel != syntax::Rel::compound) continue;
        if (const auto from = institutions.country_of(trees.words[w].lemma)) {
          country[root] = from;
          c.text_country = from;
          c.why.push_back("country of the " + trees.words[w].lemma + " above");
        }
      }
    }
    // "the interior ministry", "Interior Minister Ana Ruiz": of the country at hand
    const bool minister = c.kind == MentionKind::name && !c.facts && !c.visiting && c.text_office && c.text_office->ends_with("minister");
    if (!cluster_country(i) && (c.bare_organ || minister) && members[root].front() == i) {
      auto from = scene.dominating();
      // One name so far may be that of a dateline: "ISTANBUL – When police cleared the gate of a Portuguese port". Not by who suffers it.
      if (from && scene.once() && c.bare_organ) {
        std::optional<std::string> beside;
        const uint32_t sentence = trees.words[c.head].sentence;
        for (size_t j = i + 1; j < all.size() && trees.words[all[j].head].sentence == sentence; ++j)
          if (const auto& other = cluster_country(j); other && all[j].entity_kind == "place")
            beside = beside && beside != other ? from : other;
        if (beside) from = beside;
      }
      if (from) {
        country[root] = from;
        c.text_country = from;
        c.why.push_back("country the text speaks of so far");
      } else {
        c.why.push_back("country open: the text names none or several");
      }
    }
    // Small letters tell a common noun more surely than its tag.
    if (const std::string& form = trees.words[c.head].form; !form.empty() && form[0] >= 'a' && form[0] <= 'z')
      if (const auto& own = cluster_country(i)) institutions.see(trees.words[c.head].lemma, *own);
    if (c.kind != MentionKind::pronoun)
      if (c.facts && c.facts->country && (is_state(c) || c.entity_kind == "place") && dict.state_of.contains(*c.facts->country))
        scene.see(*c.facts->country, trees.words[c.head].sentence);
  }

  std::vector<int32_t> entity_of(all.size(), -1);
  std::vector<std::pair<uint32_t, size_t>> by_length;
  for (size_t r = 0; r < all.size(); ++r) {
    if (members[r].empty()) continue;
    const bool only_pronouns =
        std::all_of(members[r].begin(), members[r].end(), [&](size_t m) { return all[m].kind == MentionKind::pronoun; });
    if (only_pronouns) continue;  // nothing in the text says who is meant
    Entity entity = compose(all, members[r]);
    if (std::all_of(members[r].begin(), members[r].end(), [&](size_t m) { return all[m].kind == MentionKind::pronoun || all[m].other; })) {
      for (const size_t m : members[r]) {
        const Candidate& c = all[m];
        out.other_of_word[c.head] = static_cast<int32_t>(out.others.size());
        entity.mentions.push_back({trees.span_of(c.first, c.last), c.head, c.kind});
      }
      out.others.push_back(std::move(entity));
      continue;
    }
    const auto id = static_cast<int32_t>(out.entities.size());
    uint32_t covered = 0;
    for (const size_t m : members[r]) {
      const Candidate& c = all[m];
      entity_of[m] = id;
      by_length.emplace_back(c.last - c.first, m);
      // A name inside a mention of the same entity ("Norway" in "Norway's foreign ministry") is no mention of its own.
      if (c.last <= covered) continue;
      covered = std::max(covered, c.last);
      entity.mentions.push_back({trees.span_of(c.first, c.last), c.head, c.kind});
    }
    out.entities.push_back(std::move(entity));
  }
  std::stable_sort(by_length.begin(), by_length.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [length, m] : by_length) {
    const Candidate& c = all[m];
    out.entity_of_word[c.head] = entity_of[m];
    for (uint32_t w = c.first; w < c.last; ++w) out.entity_covering[w] = entity_of[m];
  }
  return out;
}

}  // namespace reportedly::entities
