// Gazetteer and place resolution.
#pragma once
#include <filesystem>
#include <memory>

#include "entities/entities.h"
#include "syntax/tree.h"

namespace reportedly::places {

/// Compact table of places (data/places.*, made by tools/build_gazetteer.py from GeoNames, CC BY 4.0). Immutable.
class Gazetteer {
 public:
  static Result<std::unique_ptr<Gazetteer>> load(const std::filesystem::path& data);
  ~Gazetteer();
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  Gazetteer();
  std::unique_ptr<Impl> impl_;
};

/// Names of places, resolved; not adjectives of countries. `names` are the tagger's, in text order.
std::vector<Place> find_places(const syntax::Trees& trees, const text::Text& text, const std::vector<Name>& names,
                               const Gazetteer& gazetteer);

/// The place where what `trigger` tells happened, −1 if the text gives none.
int32_t place_of(const syntax::Trees& trees, const std::vector<Place>& places, uint32_t trigger);

}  // namespace reportedly::places
