#include "nn/kernels/vec_generic.h"
// after the lanes
#include "nn/kernels/body.h"

namespace reportedly::nn {
const Kernels kKernelsGeneric = table("generic");
}
