#include <algorithm>

#include "time/resolve.h"
#include "time/times.h"

namespace reportedly::time {
namespace {
const char* type_name(Type t) {
  switch (t) {
    case Type::date:
      return "DATE";
    case Type::time:
      return "TIME";
    case Type::duration:
      return "DURATION";
    case Type::set:
      break;
  }
  return "SET";
}

/// Inside the name of a person or organisation that has other words as well?
bool in_name(const Span& span, const std::vector<Name>& names) {
  // Names stand in text order and do not overlap.
  const auto after = std::upper_bound(names.begin(), names.end(), span.start, [](uint32_t at, const Name& n) { return at < n.span.start; });
  if (after == names.begin()) return false;
  const Name& name = *std::prev(after);
  return (name.type == "PER" || name.type == "ORG") && name.span.end >= span.end && name.span != span;
}
}  // namespace

std::vector<TimeExpression> find_times(const syntax::Trees& trees, const std::optional<std::string>& published,
                                       const std::vector<Name>& names) {
  std::vector<TimeExpression> out;
  Resolver resolver(trees, published ? day_from_iso(*published) : std::nullopt);
  for (uint32_t s = 0; s < trees.sentences.size(); ++s) {
    const Sentence& sentence = trees.sentences[s];
    const std::vector<Piece> pieces = cut_pieces(trees, sentence.first_word, sentence.last_word);
    const std::vector<Match> matches = find_matches(trees, pieces);
    if (matches.empty()) continue;
    const std::vector<Resolved> resolved = resolver.sentence(s, pieces, matches);
    for (size_t k = 0; k < matches.size(); ++k) {
      TimeExpression t;
      t.span = {pieces[matches[k].first].span.start, pieces[matches[k].last - 1].span.end};
      if (in_name(t.span, names)) continue;
      t.type = type_name(matches[k].type);
      t.value = resolved[k].value;
      if (!resolved[k].why.empty()) t.why.push_back(resolved[k].why);
      out.push_back(std::move(t));
    }
  }
  return out;
}

}  // namespace reportedly::time
