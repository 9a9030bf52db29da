// What the processor can do, and which kernels are used on it.
//
// REPORTEDLY_KERNELS = generic | avx2 | avx_vnni | avx512 | amx holds the choice down to that step. Results are the same on all of them.
#pragma once
#include <cstdint>
#include <string>

#include "nn/kernels/kernels.h"
#include "reportedly/result.h"

namespace reportedly::nn {

enum class Isa : uint8_t {
  generic,   ///< plain C++
  avx2,      ///< AVX2 and FMA, own exact int8 product
  avx_vnni,  ///< 256-bit VNNI
  avx512,    ///< AVX-512 with VNNI
  amx        ///< and int8 tiles, where the processor and the kernel let this process use them
};

const char* isa_name(Isa isa);  ///< as ModelInfo::kernels has it
const Kernels& kernels_for(Isa isa);
/// The best this machine has. Asks the kernel once for the use of AMX.
Isa best_isa();
/// best_isa(), held down by REPORTEDLY_KERNELS. Error usage for a name that is none; more than the machine has is held to what it has.
Result<Isa> chosen_isa();

/// Denormal numbers count as zero while one of these lives: they would be slow and mean nothing here.
class FlushToZero {
 public:
  FlushToZero();
  ~FlushToZero();
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;

 private:
  uint32_t before_ = 0;
};

}  // namespace reportedly::nn
