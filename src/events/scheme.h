// The PLOVER 2.0 scheme: types, modes, quads, intensities, contexts, sectors; and the CAMEO code each stands for.
// Source: PLOVER manual 2.0 (Open Event Data Alliance, CC BY-SA 4.0), score table and mode tables; CAMEO2PLOVER of
// September 2021 read backwards, its slips mended. All functions are pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace reportedly::events {

enum class Type : uint8_t {
  agree,
  consult,
  support,
  concede,
  cooperate,
  aid,
  retreat,
  request,
  accuse,
  reject,
  threaten,
  protest,
  sanction,
  mobilize,
  coerce,
  assault
};
inline constexpr size_t kTypes = 16;
using TypeSet = uint32_t;  ///< bit i: Type i
constexpr TypeSet bit(Type type) {
  return TypeSet{1} << static_cast<unsigned>(type);
}
inline constexpr TypeSet kAnyType = (TypeSet{1} << kTypes) - 1;
/// What rules make of other acts: promises, refusals, threats of them.
inline constexpr TypeSet kMadeByRules = bit(Type::agree) | bit(Type::concede) | bit(Type::reject) | bit(Type::threaten);

struct ModeInfo {
  std::string_view name;
  double intensity;  ///< −10 … +10
  std::string_view cameo;
};
struct TypeInfo {
  std::string_view name;
  int quad;  ///< 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
  bool needs_recipient;
  double intensity;        ///< where no mode is given
  std::string_view cameo;  ///< where no mode is given
  std::span<const ModeInfo> modes;
};

const TypeInfo& info(Type type);
std::optional<Type> type_from(std::string_view name);
/// Null if the type has no such mode.
const ModeInfo* mode_of(Type type, std::string_view mode);
/// PLOVER's lists, in its order.
std::span<const std::string_view> contexts();
std::span<const std::string_view> sectors();
bool known_context(std::string_view name);
bool known_sector(std::string_view name);
bool known_kind(std::string_view name);
/// A code that stands where a country would and is none: UNO, EUR, IGO, NGO, ISM, IMG, MNC.
bool of_no_state(std::string_view country);

/// The mode of a threat, refusal or request by what is threatened, refused or requested; empty where the scheme gives none.
std::string_view mode_by_content(Type outer, Type inner, std::string_view inner_mode);
/// The CAMEO code of the same; empty: that of type and mode.
std::string_view cameo_by_content(Type outer, Type inner, std::string_view inner_mode);

}  // namespace reportedly::events
