#include "nn/kernels/vec_avx512.h"
// after the lanes
#include "nn/kernels/body.h"

namespace reportedly::nn {
const Kernels kKernelsAvx512 = table("avx512_vnni");
}
