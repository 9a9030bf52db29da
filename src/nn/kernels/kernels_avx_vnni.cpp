#include "nn/kernels/vec_avx2.h"
// after the lanes
#include "nn/kernels/body.h"

namespace reportedly::nn {
const Kernels kKernelsAvxVnni = table("avx_vnni");
}
