// SHA-256 (FIPS 180-4), in pieces.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace reportedly {

class Sha256 {
 public:
  void update(std::string_view bytes);
  /// Length, then bytes: fields that follow each other cannot run together.
  void field(std::string_view bytes);
  /// 32 bytes; the object is used up.
  std::array<unsigned char, 32> digest();
  /// The same as 64 hexadecimal digits.
  std::string hex();

 private:
  std::array<uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<unsigned char, 64> block_{};
  uint64_t bytes_ = 0;
};

}  // namespace reportedly
