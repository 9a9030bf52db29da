#include "places/gazetteer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace reportedly::places {
namespace {

constexpr std::array kFeatures{"PPL", "PPLC", "PCLI", "ADM1", "ADM2", "CONT", "RGN", "ISL",  "ISLS",
                               "SEA", "GULF", "STRT", "CHN",  "CNL",  "OCN",  "LK",  "PPLX", "BLDG"};
constexpr size_t kHead = 8 + 4 * 14, kPlace = 14;

uint32_t u24(const unsigned char* p) {
  return p[0] | static_cast<uint32_t>(p[1]) << 8 | static_cast<uint32_t>(p[2]) << 16;
}

/// Code point at `i` of UTF-8; moves `i` behind it. Broken bytes come out one by one.
uint32_t next_point(std::string_view s, size_t& i) {
  const auto c = static_cast<unsigned char>(s[i]);
  const size_t length = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  uint32_t v = length == 1 ? c : c & (0xFF >> (length + 1));
  if (i + length > s.size()) {
    ++i;
    return c;
  }
  for (size_t k = 1; k < length; ++k) v = v << 6 | (static_cast<unsigned char>(s[i + k]) & 0x3F);
  i += length;
  return v;
}

}  // namespace

const char* feature_code(Feature f) {
  return kFeatures[static_cast<size_t>(f)];
}

bool needs_a_town_before(std::string_view key) {
  constexpr std::array kShort{"ala", "ark",  "ariz", "calif", "cal",  "colo", "conn", "dc",   "del",  "fla", "ga",   "ill",
                              "ind", "kan",  "ky",   "la",    "mass", "md",   "mich", "minn", "miss", "mo",  "mont", "neb",
                              "nev", "nh",   "nj",   "nm",    "ny",   "nc",   "nd",   "okla", "ore",  "pa",  "ri",   "sc",
                              "sd",  "tenn", "tex",  "vt",    "va",   "wash", "wva",  "wis",  "wyo"};
  return std::find(kShort.begin(), kShort.end(), key) != kShort.end();
}

Gazetteer::Gazetteer() : impl_(std::make_unique<Impl>()) {}
Gazetteer::~Gazetteer() = default;

Gazetteer::Impl::~Impl() {
  if (mapped) munmap(const_cast<unsigned char*>(data), size);
}

Result<std::unique_ptr<Gazetteer>> Gazetteer::load(const std::filesystem::path& folder) {
  const std::string file = (folder / "places.bin").string();
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::unreadable,
                fmt::format("the gazetteer cannot be opened: {}", std::strerror(errno)), file);
  struct stat st {};
  if (fstat(fd, &st) != 0 || st.st_size < static_cast<off_t>(kHead)) {
    close(fd);
    return fail(ErrorCode::bad_data, "the gazetteer is cut short; build it anew with tools/build_gazetteer.py", file);
  }
  void* at = mmap(nullptr, static_cast<size_t>(st.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  const int mapping = errno;
  close(fd);
  if (at == MAP_FAILED)
    return fail(ErrorCode::unreadable, fmt::format("the gazetteer cannot be mapped: {}; make memory free", std::strerror(mapping)), file);
  std::unique_ptr<Gazetteer> out(new Gazetteer);
  Impl& g = *out->impl_;
  g.data = static_cast<const unsigned char*>(at);
  g.size = static_cast<size_t>(st.st_size);
  g.mapped = true;
  if (std::memcmp(g.data, "RPTDPLC1", 8) != 0) return fail(ErrorCode::bad_data, "not a gazetteer", file);
  if (g.u32(8) != 1) return fail(ErrorCode::bad_data, fmt::format("gazetteer of version {}, version 1 is read", g.u32(8)), file);
  uint32_t* const fields[] = {&g.places,     &g.entries,   &g.countries, &g.divisions, &g.block,   &g.countries_at, &g.divisions_at,
                              &g.strings_at, &g.places_at, &g.blocks_at, &g.keys_at,   &g.fold_at, &g.end};
  for (size_t k = 0; k < std::size(fields); ++k) *fields[k] = g.u32(12 + 4 * k);
  const auto fits = [](uint64_t from, uint64_t count, uint64_t width, uint64_t to) { return from <= to && count * width <= to - from; };
  const bool sound = g.end == g.size && g.block > 0 && g.countries > 0 && g.countries < 256 && g.divisions > 0 && g.countries_at >= kHead &&
                     fits(g.countries_at, g.countries, 8, g.divisions_at) && fits(g.divisions_at, g.divisions, 8, g.strings_at) &&
                     g.strings_at < g.places_at && g.data[g.places_at - 1] == 0 && fits(g.places_at, g.places, kPlace, g.blocks_at) &&
                     fits(g.blocks_at, (g.entries + g.block - 1) / g.block, 4, g.keys_at) && g.keys_at <= g.fold_at &&
                     fits(g.fold_at, (0x250 - 0xC0) + 0x100, 2, g.end);
  if (!sound) return fail(ErrorCode::bad_data, "the gazetteer is damaged; build it anew with tools/build_gazetteer.py", file);
  return out;
}

uint32_t Gazetteer::Impl::u32(size_t at) const {
  return u24(data + at) | static_cast<uint32_t>(data[at + 3]) << 24;
}

Row Gazetteer::Impl::row(uint32_t place) const {
  Row r;
  if (place >= places) return r;
  const unsigned char* p = data + places_at + kPlace * place;
  r.latitude = u24(p) / 93000.0 - 90;
  r.longitude = u24(p + 3) / 46000.0 - 180;
  r.geonames = u24(p + 6);
  r.country = p[9] < countries ? p[9] : 0;
  r.division = static_cast<uint16_t>(p[10] | p[11] << 8);
  if (r.division >= divisions) r.division = 0;
  r.population = std::exp2(p[12] / 10.0) - 1;
  r.feature = p[13] < kFeatures.size() ? static_cast<Feature>(p[13]) : Feature::ppl;
  return r;
}

std::string_view Gazetteer::Impl::country_code(uint8_t country) const {
  if (country == 0 || country >= countries) return {};
  return {reinterpret_cast<const char*>(data + countries_at + 8 * country), 3};
}

std::string_view Gazetteer::Impl::division_name(uint16_t division) const {
  if (division == 0 || division >= divisions) return {};
  const size_t at = strings_at + u32(divisions_at + 8 * division);
  if (at >= places_at) return {};
  return reinterpret_cast<const char*>(data + at);  // the section ends with a zero byte
}

void Gazetteer::Impl::find(std::string_view key, std::vector<Hit>& out) const {
  out.clear();
  if (key.empty() || key.size() > 255) return;
  const unsigned char* const keys = data + keys_at;
  const size_t keys_size = fold_at - keys_at;
  const auto head = [&](uint32_t b) -> std::string_view {
    const size_t at = u32(blocks_at + 4 * b);
    if (at + 2 > keys_size || at + 2 + keys[at + 1] > keys_size) return {};
    return {reinterpret_cast<const char*>(keys + at + 2), keys[at + 1]};
  };
  // The last block whose head is before the key: a key may begin in it and go on in the next.
  uint32_t low = 0, high = (entries + block - 1) / block;
  while (low < high) {
    const uint32_t mid = (low + high) / 2;
    if (head(mid) < key)
      low = mid + 1;
    else
      high = mid;
  }
  const uint32_t first = low == 0 ? 0 : low - 1;
  size_t at = entries == 0 ? keys_size : u32(blocks_at + 4 * first);
  std::string current;
  for (uint32_t e = first * block; e < entries && at + 2 <= keys_size; ++e) {
    const size_t shared = keys[at], more = keys[at + 1];
    if (at + 2 + more + 3 > keys_size || shared > current.size()) return;
    current.resize(shared);
    current.append(reinterpret_cast<const char*>(keys + at + 2), more);
    at += 2 + more;
    if (current > key) return;
    if (current == key) {
      const uint32_t place = u24(keys + at);
      out.push_back({place & 0x7FFFFF, place >> 23 != 0});
    }
    at += 3;
  }
}

std::string Gazetteer::Impl::key_of(std::string_view name) const {
  std::string out;
  bool gap = false;
  const auto put = [&](char c) {
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += c;
  };
  for (size_t i = 0; i < name.size();) {
    const size_t from = i;
    const uint32_t c = next_point(name, i);
    if (c < 0x80) {
      const char a = static_cast<char>(c);
      if (a == '.' || a == '\'' || a == '`') continue;
      if (a >= 'A' && a <= 'Z')
        put(static_cast<char>(a + 32));
      else if ((a >= 'a' && a <= 'z') || (a >= '0' && a <= '9'))
        put(a);
      else
        gap = true;
    } else if (c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x2BB || c == 0x2BC || c == 0x2B9) {
      continue;
    } else if ((c >= 0xC0 && c < 0x250) || (c >= 0x1E00 && c < 0x1F00)) {
      const unsigned char* f = data + fold_at + 2 * (c < 0x250 ? c - 0xC0 : c - 0x1E00 + (0x250 - 0xC0));
      if (f[0] == 0)
        gap = true;
      else
        put(static_cast<char>(f[0]));
      if (f[0] != 0 && f[1] != 0) put(static_cast<char>(f[1]));
    } else if (c == 0x2013 || c == 0x2014 || c == 0x2010 || c == 0x2011 || c == 0xA0) {
      gap = true;
    } else {
      if (gap && !out.empty()) out += ' ';
      gap = false;
      out += name.substr(from, i - from);
    }
  }
  if (out.starts_with("the ") && out.size() > 4) out.erase(0, 4);
  // "saint" and "st" are one.
  for (size_t at = out.find("saint"); at != std::string::npos; at = out.find("saint", at + 1)) {
    const bool word = (at == 0 || out[at - 1] == ' ') && (at + 5 == out.size() || out[at + 5] == ' ');
    if (word) out.replace(at, 5, "st");
  }
  return out;
}

}  // namespace reportedly::places
