// Who says so: fragments and links to attributions with sources, stance, form and parents.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>

#include "entities/entities.h"
#include "nn/scorer.h"
#include "syntax/parse.h"

namespace reportedly::attribution {

/// lexicon/cues.yaml and lexicon/stances.yaml: cue lemmas (verbs, nouns, "according to"), their stance, constructions. Immutable.
class CueLexicon {
 public:
  static Result<std::unique_ptr<CueLexicon>> load(const std::vector<std::filesystem::path>& lexicon);
  ~CueLexicon();
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  CueLexicon();
  std::unique_ptr<Impl> impl_;
};

/// `why` of an attribution that tells another story than the one before it ("gave a different account").
inline constexpr const char* kOtherAccount = "stances:other account";

/// Runs of words [first, last).
using Fragment = std::pair<uint32_t, uint32_t>;

/// One attribution as the tagger and linker see it.
struct Linked {
  std::vector<Fragment> source, cue, content;
  double confidence = 0;         ///< from the model, not calibrated; 0 for rules
  std::vector<std::string> why;  ///< rules that made it
  std::vector<float> stances{};  ///< log-probability of each Stance by the model; empty without one
};

/// Decoded tags to fragments, links by the model's linker (docs/model.md §6). `rows[w]` is the row of `h` that holds word w.
std::vector<Linked> link(const syntax::Trees& trees, const syntax::Tags& tags, const nn::Scorer& scorer, const nn::Matrix& h,
                         std::span<const uint32_t> rows, nn::Workspace& workspace);

/// The same from trees and the cue lexicon alone; for tests on hand-written trees and for contents read again where the model finds
/// nothing.
std::vector<Linked> link_by_rule(const syntax::Trees& trees, const CueLexicon& cues, uint32_t first_word, uint32_t last_word);

/// Linked fragments (outermost and inner ones together) to the attribution layer: spans joined and trimmed, sources resolved to entities,
/// parents, form, stance after negation, hypothetical, why. Sources that are no entity yet are added to `entities`. Sorted by cue (else
/// content) position; parents by docs/voices.md.
std::vector<Attribution> assemble(const syntax::Trees& trees, const text::Text& text, const std::vector<Linked>& linked,
                                  entities::EntityLayer& entities, const CueLexicon& cues);

/// All of it: link the outermost, read contents again (Scorer::encode_alone on those contents that hold a possible cue, to any depth up to
/// 6), assemble.
std::vector<Attribution> find_attributions(const syntax::Trees& trees, const text::Text& text, const syntax::Tags& tags,
                                           const nn::Scorer& scorer, const nn::Matrix& h, nn::Workspace& workspace,
                                           entities::EntityLayer& entities, const CueLexicon& cues);

}  // namespace reportedly::attribution
