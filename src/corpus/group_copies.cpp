// Copies and their origins. The earliest of the documents that a text agrees with is what it is a copy of; following that from copy to
// copy leads to the origin. Which documents agree follows from their texts alone, and so does which of them is the earliest.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "corpus/group.h"
#include "corpus/rows.h"
#include "entities/fold.h"
#include "output/text_offsets.h"

namespace reportedly::corpus {
namespace {

struct Known {
  int64_t document = 0;
  std::string id, rank, agency, publisher;  ///< agency and publisher folded
  std::string agency_words;
  std::optional<int64_t> day;
  Sketch sketch;  ///< without bands
  bool revises = false;
};

bool is_agency(const std::string& publisher) {
  for (const std::string_view end : {"wire", "news agency", "press agency"})
    if (publisher.ends_with(end)) return true;
  return false;
}

}  // namespace

struct Copies::Impl {
  using Statement = SQLite::Statement;
  SQLite::Database& db;
  const Corrections& corrections;
  std::unordered_map<int64_t, Known> known;
  std::unordered_map<int64_t, std::vector<int64_t>> bands_of_new;

  Statement text{
      db,
      "SELECT d.id, d.title, d.byline, d.publisher, d.published, t.text FROM documents d JOIN texts t USING(document) WHERE document = ?"};
  Statement parts{db, "SELECT part, start, end FROM sentences WHERE document = ? ORDER BY sentence"};
  Statement add_signature{db, "INSERT OR REPLACE INTO signatures VALUES(?, ?, ?, ?, ?, ?, ?)"};
  Statement add_band{db, "INSERT OR IGNORE INTO signature_bands VALUES(?, ?)"};
  Statement find_signature{
      db,
      "SELECT scale, hashes, rank, agency, correction, d.id, d.publisher, d.published FROM signatures s JOIN documents d "
      "USING(document) WHERE document = ?"};
  Statement meet{
      db,
      "SELECT DISTINCT y.document FROM signature_bands x CROSS JOIN signature_bands y ON y.band = x.band WHERE x.document = ?1 AND "
      "y.document <> ?1"};
  Statement by_id{db, "SELECT document FROM signatures JOIN documents USING(document) WHERE id = ?"};
  Statement row{db, "SELECT origin, copy_of FROM duplicates WHERE document = ?"};
  Statement children{db, "SELECT document FROM duplicates WHERE copy_of = ?"};
  Statement put{db,
                "INSERT INTO duplicates(document, origin, copy_of, kind, similarity, agency, why) VALUES(?, ?, ?, ?, ?, ?, ?) ON "
                "CONFLICT(document) DO UPDATE SET origin = excluded.origin, copy_of = excluded.copy_of, kind = excluded.kind, similarity = "
                "excluded.similarity, agency = excluded.agency, why = excluded.why"};
  Statement forget{db, "DELETE FROM duplicates WHERE document = ?"};
  Statement wait_no_more{db, "DELETE FROM ungrouped WHERE document = ?"};

  /// The signature of a document, made where there is none yet.
  const Known* signature(int64_t document, bool make) {
    if (const auto at = known.find(document); at != known.end()) return &at->second;
    constexpr size_t kMost = 4096;
    if (known.size() > kMost) known.clear();
    if (prepared(find_signature, document).executeStep()) {
      Known k{.document = document};
      k.sketch.scale = find_signature.getColumn(0).getInt();
      const SQLite::Column hashes = find_signature.getColumn(1);
      k.sketch.hashes.resize(static_cast<size_t>(hashes.getBytes()) / sizeof(uint32_t));
      if (!k.sketch.hashes.empty()) std::memcpy(k.sketch.hashes.data(), hashes.getBlob(), k.sketch.hashes.size() * sizeof(uint32_t));
      k.rank = find_signature.getColumn(2).getString();
      k.agency_words = find_signature.getColumn(3).getString();
      k.agency = entities::fold(k.agency_words);
      k.revises = find_signature.getColumn(4).getInt() != 0;
      k.id = find_signature.getColumn(5).getString();
      k.publisher = entities::fold(find_signature.getColumn(6).getString());
      if (const auto days = days_of(find_signature.getColumn(7).getString())) k.day = days->first;
      find_signature.reset();
      return &(known[document] = std::move(k));
    }
    find_signature.reset();
    return make ? this->make(document) : nullptr;
  }

  const Known* make(int64_t document) {
    if (!prepared(text, document).executeStep()) {
      text.reset();
      return nullptr;
    }
    const std::string id = text.getColumn(0).getString(), title = text.getColumn(1).getString(), byline = text.getColumn(2).getString(),
                      publisher = text.getColumn(3).getString(), whole = text.getColumn(5).getString();
    const std::optional<std::string> published = text_or_null(text.getColumn(4));
    text.reset();
    // What a paper puts around a text it prints (title, byline, place, footer) says nothing of where the text is from.
    const output::TextOffsets offsets(whole);
    std::string body, head_byline = byline;
    bool any = false;
    prepared(parts, document);
    while (parts.executeStep()) {
      any = true;
      const std::string part = parts.getColumn(0).getString();
      const Span span{static_cast<uint32_t>(parts.getColumn(1).getInt64()), static_cast<uint32_t>(parts.getColumn(2).getInt64())};
      if (part == "body") body.append(offsets.slice(span)).push_back(' ');
      if (part == "byline") head_byline.append(head_byline.empty() ? "" : "\n").append(offsets.slice(span));
    }
    parts.reset();
    if (!any || body.empty()) body = whole;
    const Markers markers = find_markers(title, head_byline, whole);
    Sketch made = sketch(body);
    const std::string agency = entities::fold(markers.agency), folded_publisher = entities::fold(publisher);
    const bool own = !folded_publisher.empty() && (folded_publisher == agency || is_agency(folded_publisher));
    const std::string rank = rank_of(published, own, markers, made.hashes.size(), id);
    std::string bytes(made.hashes.size() * sizeof(uint32_t), '\0');
    if (!bytes.empty()) std::memcpy(bytes.data(), made.hashes.data(), bytes.size());
    run(add_signature, document, made.hashes.size(), made.scale, Blob{bytes}, rank,
        markers.agency.empty() ? std::nullopt : std::optional(markers.agency), markers.correction);
    for (const int64_t band : made.bands) run(add_band, band, document);
    return signature(document, false);
  }

  bool agree(const Known& a, const Known& b) const {
    if (!corrections.empty()) {
      const auto pair = corrections.documents(a.id, b.id);
      if (pair != Corrections::Pair::open) return pair == Corrections::Pair::together;
    }
    const bool days = !a.day || !b.day || std::abs(*a.day - *b.day) <= 3;
    const bool agency = days && ((!a.agency.empty() && (a.agency == b.agency || a.agency == b.publisher)) ||
                                 (!b.agency.empty() && b.agency == a.publisher));
    return is_copy(overlap(a.sketch.hashes, a.sketch.scale, b.sketch.hashes, b.sketch.scale), agency);
  }

  std::vector<int64_t> neighbours(const Known& of) {
    std::vector<int64_t> found;
    prepared(meet, of.document);
    while (meet.executeStep()) found.push_back(meet.getColumn(0).getInt64());
    meet.reset();
    if (!corrections.empty())
      for (const std::string& id : corrections.copies_with(of.id)) {
        if (prepared(by_id, id).executeStep()) found.push_back(by_id.getColumn(0).getInt64());
        by_id.reset();
      }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    const Known self = of;  // loading others may move it
    std::erase_if(found, [&](int64_t other) {
      const Known* k = signature(other, false);
      return !k || other == self.document || !agree(self, *k);
    });
    return found;
  }

  struct Row {
    int64_t origin, copy_of;
  };
  std::optional<Row> row_of(int64_t document) {
    std::optional<Row> out;
    if (prepared(row, document).executeStep()) out = Row{row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
    row.reset();
    return out;
  }
  int64_t origin_of(int64_t document) {
    const auto r = row_of(document);
    return r ? r->origin : document;
  }

  void put_row(int64_t document, int64_t origin, int64_t copy_of) {
    const Known copy = *signature(document, true), first = *signature(origin, true);
    const Overlap o = overlap(copy.sketch.hashes, copy.sketch.scale, first.sketch.hashes, first.sketch.scale);
    const bool later = copy.day && first.day && *copy.day > *first.day;
    const bool revised = copy.revises || (later && !copy.publisher.empty() && copy.publisher == first.publisher);
    const CopyKind kind = kind_of_copy(o, revised);
    std::vector<std::string> why{fmt::format("{} of {} runs of words, {} of the origin's {}", o.common, o.a, o.common, o.b)};
    if (!copy.agency.empty() && (copy.agency == first.agency || copy.agency == first.publisher))
      why.push_back("agency: " + copy.agency_words);
    if (copy_of != origin) why.push_back("by way of " + signature(copy_of, true)->id);
    if (copy.revises) why.emplace_back("says that it corrects something");
    run(put, document, origin, copy_of, kind.kind, kind.similarity,
        copy.agency_words.empty() ? std::nullopt : std::optional(copy.agency_words), json_array(why));
  }

  /// Everything that goes back to the document gets its origin.
  void pass_on(int64_t document, int64_t origin, std::set<int64_t>& moved) {
    std::vector<int64_t> open{document};
    while (!open.empty()) {
      const int64_t at = open.back();
      open.pop_back();
      std::vector<int64_t> below;
      prepared(children, at);
      while (children.executeStep()) below.push_back(children.getColumn(0).getInt64());
      children.reset();
      for (const int64_t child : below) {
        put_row(child, origin, at);
        moved.insert(child);
        open.push_back(child);
      }
    }
  }

  void set_parent(int64_t document, std::optional<int64_t> parent, std::set<int64_t>& moved) {
    const auto old = row_of(document);
    const int64_t origin = parent ? origin_of(*parent) : document;
    if (parent) {
      put_row(document, origin, *parent);
    } else if (old) {
      run(forget, document);
      run(wait_no_more, document);  // a trigger put it there
    }
    if ((old ? old->origin : document) == origin) return;
    moved.insert(document);
    pass_on(document, origin, moved);
  }

  /// The earliest that it agrees with, if that is earlier than itself.
  std::optional<int64_t> best(int64_t document, const std::vector<int64_t>& among) {
    std::string rank = signature(document, true)->rank;
    std::optional<int64_t> out;
    for (const int64_t other : among) {
      const std::string& r = signature(other, false)->rank;
      if (r < rank) rank = r, out = other;
    }
    return out;
  }
};

Copies::Copies(SQLite::Database& db, const Corrections& corrections) : impl_(std::unique_ptr<Impl>(new Impl{db, corrections})) {}
Copies::~Copies() = default;

void Copies::group(int64_t document, std::set<int64_t>& moved) {
  Impl& to = *impl_;
  const Known* made = to.signature(document, true);
  if (!made) return;
  const Known self = *made;
  const std::vector<int64_t> near = to.neighbours(self);
  to.set_parent(document, to.best(document, near), moved);
  for (const int64_t other : near) {
    const Known k = *to.signature(other, false);
    if (k.rank < self.rank) continue;
    const auto row = to.row_of(other);
    if (!row || self.rank < to.signature(row->copy_of, true)->rank) to.set_parent(other, document, moved);
  }
  // Corrected since: copies of this one that are none any more.
  std::vector<int64_t> below;
  prepared(to.children, document);
  while (to.children.executeStep()) below.push_back(to.children.getColumn(0).getInt64());
  to.children.reset();
  for (const int64_t child : below)
    if (!std::binary_search(near.begin(), near.end(), child)) {
      const Known k = *to.signature(child, true);
      to.set_parent(child, to.best(child, to.neighbours(k)), moved);
    }
}

}  // namespace reportedly::corpus
