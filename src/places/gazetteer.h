// Reading of data/places.bin; its format stands in tools/build_gazetteer.py. Private to this stage.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "places/places.h"

namespace reportedly::places {

enum class Feature : uint8_t { ppl, pplc, pcli, adm1, adm2, cont, rgn, isl, isls, sea, gulf, strt, chn, cnl, ocn, lk, pplx, bldg };
const char* feature_code(Feature f);

/// One place of the table. Degrees; population rounded to a tenth of its binary logarithm.
struct Row {
  double latitude = 0, longitude = 0, population = 0;
  uint32_t geonames = 0;  ///< 0 unknown
  uint8_t country = 0;    ///< 0 none
  uint16_t division = 0;  ///< 0 none
  Feature feature = Feature::ppl;
};

struct Hit {
  uint32_t place = 0;
  bool alias = false;  ///< by an alternative name
};

struct Gazetteer::Impl {
  ~Impl();
  const unsigned char* data = nullptr;
  size_t size = 0;
  bool mapped = false;
  uint32_t places = 0, entries = 0, countries = 0, divisions = 0, block = 0;
  uint32_t countries_at = 0, divisions_at = 0, strings_at = 0, places_at = 0, blocks_at = 0, keys_at = 0, fold_at = 0, end = 0;

  uint32_t u32(size_t at) const;
  Row row(uint32_t place) const;
  std::string_view country_code(uint8_t country) const;
  std::string_view division_name(uint16_t division) const;
  /// Places of that key, into `out` (emptied first).
  void find(std::string_view key, std::vector<Hit>& out) const;
  /// The key of a name as it stands in text (UTF-8).
  std::string key_of(std::string_view name) const;
};

/// A shortening of a state of the USA as newspapers print it ("Ill."), by its key ("ill"): too like other words to be looked up by itself.
bool needs_a_town_before(std::string_view key);

}  // namespace reportedly::places
