#include "nn/cpu.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

namespace reportedly::nn {
namespace {

#if defined(__x86_64__)
bool cpu_has_avx_vnni() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & (1u << 4)) != 0;
}

/// AMX state is off for a process until it asks; the answer, not CPUID, decides.
bool may_use_amx() {
#if defined(__linux__) && defined(SYS_arch_prctl)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned kTile = 1u << 24, kInt8 = 1u << 25;
  if ((d & kTile) == 0 || (d & kInt8) == 0) return false;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}
#endif

Isa detect() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") == 0 || __builtin_cpu_supports("fma") == 0) return Isa::generic;
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vnni") != 0) {
    return may_use_amx() ? Isa::amx : Isa::avx512;
  }
  return cpu_has_avx_vnni() ? Isa::avx_vnni : Isa::avx2;
#else
  return Isa::generic;
#endif
}

}  // namespace

const char* isa_name(Isa isa) {
  return kernels_for(isa).name;
}

const Kernels& kernels_for(Isa isa) {
#if defined(__x86_64__)
  switch (isa) {
    case Isa::generic:
      return kKernelsGeneric;
    case Isa::avx2:
      return kKernelsAvx2;
    case Isa::avx_vnni:
      return kKernelsAvxVnni;
    case Isa::avx512:
      return kKernelsAvx512;
    case Isa::amx:
      return kKernelsAmx;
  }
#endif
  (void)isa;
  return kKernelsGeneric;
}

Isa best_isa() {
  static const Isa best = detect();
  return best;
}

Result<Isa> chosen_isa() {
  const Isa best = best_isa();
  const char* wanted = std::getenv("REPORTEDLY_KERNELS");
  if (wanted == nullptr || *wanted == '\0') return best;
  constexpr std::array<std::pair<std::string_view, Isa>, 5> kNames = {
      {{"generic", Isa::generic}, {"avx2", Isa::avx2}, {"avx_vnni", Isa::avx_vnni}, {"avx512", Isa::avx512}, {"amx", Isa::amx}}};
  for (const auto& [name, isa] : kNames) {
    if (name != wanted) continue;
#if defined(__x86_64__)
    // AVX-512 processors before AMX lack the 256-bit encoding of VNNI.
    if (isa == Isa::avx_vnni && !cpu_has_avx_vnni()) return std::min(best, Isa::avx2);
#endif
    return std::min(best, isa);
  }
  return fail(ErrorCode::usage,
              fmt::format("REPORTEDLY_KERNELS={} names no kernels; known are generic, avx2, avx_vnni, avx512, amx", wanted));
}

FlushToZero::FlushToZero() {
#if defined(__x86_64__)
  before_ = _mm_getcsr();
  _mm_setcsr(before_ | 0x8040);  // flush to zero, denormals are zero
#endif
}

FlushToZero::~FlushToZero() {
#if defined(__x86_64__)
  _mm_setcsr(before_);
#endif
}

}  // namespace reportedly::nn
