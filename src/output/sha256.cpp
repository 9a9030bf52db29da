#include "output/sha256.h"

#include <cstdint>

#include "base/sha256.h"

namespace reportedly::output {

std::string sha256_base64(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  std::string digest;
  for (const unsigned char byte : hash.digest()) digest.push_back(static_cast<char>(byte));
  digest.push_back('\0');  // 33 bytes: eleven groups of three; the last sign is the padding's
  static constexpr char kSigns[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < digest.size(); i += 3) {
    const uint32_t three = static_cast<uint32_t>(static_cast<unsigned char>(digest[i])) << 16 |
                           static_cast<uint32_t>(static_cast<unsigned char>(digest[i + 1])) << 8 |
                           static_cast<unsigned char>(digest[i + 2]);
    for (int shift = 18; shift >= 0; shift -= 6) out.push_back(kSigns[(three >> shift) & 63]);
  }
  out.back() = '=';
  return out;
}

}  // namespace reportedly::output
