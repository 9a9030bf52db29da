// int8 products by oneDNN, which knows AMX. It makes the int32 sums; scales and biases are ours, since a factor for each
// row falls back to its slow reference code. Only with VNNI or AMX: before them it halves int8 values.
#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <tuple>
#include <vector>

#include "nn/gemm.h"

namespace reportedly::nn {
namespace {

using dnnl::memory;

/// Products are made for a few fixed numbers of rows: making one takes milliseconds.
constexpr size_t kRowSteps[] = {256, 64, 16};

dnnl::engine& cpu_engine() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

/// oneDNN opens an OpenMP team of its own unless this thread asks for none; threads are the caller's business.
void use_one_thread() {
  thread_local const bool done = [] {
    if (auto* set = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "omp_set_num_threads"))) set(1);
    return true;
  }();
  (void)done;
}

struct Product {
  dnnl::matmul::primitive_desc description;
  dnnl::matmul primitive;
};

/// One product for each shape, shared by all layers of that shape; weights in the layout that oneDNN likes best for 256 rows.
const Product& product(size_t m, size_t n, size_t k, size_t lda) {
  static std::mutex mutex;
  static std::map<std::tuple<size_t, size_t, size_t, size_t>, Product> products;
  const std::scoped_lock lock(mutex);
  const auto make = [&](size_t rows) -> const Product& {
    const auto key = std::make_tuple(rows, n, k, lda);
    if (const auto found = products.find(key); found != products.end()) return found->second;
    const auto dim = [](size_t x) { return static_cast<memory::dim>(x); };
    const memory::desc a({dim(rows), dim(k)}, memory::data_type::s8, memory::dims{dim(lda), 1});
    const auto first = products.find(std::make_tuple(kRowSteps[0], n, k, lda));
    const memory::desc b = first != products.end() ? first->second.description.weights_desc()
                                                   : memory::desc({dim(k), dim(n)}, memory::data_type::s8, memory::format_tag::any);
    const memory::desc c({dim(rows), dim(n)}, memory::data_type::s32, memory::format_tag::ab);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(a, b, c), attributes, cpu_engine());
    return products.emplace(key, Product{description, dnnl::matmul(description)}).first->second;
  };
  make(kRowSteps[0]);
  return make(m);
}

class GemmOneDnn final : public Gemm {
 public:
  GemmOneDnn(const Kernels& kernels, const ModelFile::Weights& w, const float* bias)
      : Gemm(w.rows, w.columns), kernels_(kernels), padded_n_(round_up(w.rows, kLanes)), stride_(round_up(w.columns, 64)) {
    use_one_thread();
    std::vector<int8_t> rows(padded_n_ * k_, 0);
    std::memcpy(rows.data(), w.i8, w.rows * w.columns);
    const auto dim = [](size_t x) { return static_cast<memory::dim>(x); };
    // [n × k] row-major is [k × n] with strides (1, k).
    const memory::desc plain({dim(k_), dim(padded_n_)}, memory::data_type::s8, memory::dims{1, dim(k_)});
    memory source(plain, cpu_engine(), rows.data());
    const memory::desc wanted = product(kRowSteps[0], padded_n_, k_, stride_).description.weights_desc();
    weights_ = memory(wanted, cpu_engine(), packed_.get(wanted.get_size()));
    dnnl::stream stream(cpu_engine());
    dnnl::reorder(source, weights_).execute(stream, source, weights_);
    stream.wait();
    float* scale = scale_.get(padded_n_);
    for (size_t r = 0; r < padded_n_; ++r) scale[r] = r < w.rows ? w.scale[r / w.rows_per_scale] : 0.0f;
    if (bias != nullptr) bias_.assign(bias, bias + w.rows);
  }

  bool int8() const override { return true; }

  void run(const float*, size_t, const QuantisedRows& q, size_t m, float* c, size_t ldc, GemmScratch& scratch) const override {
    use_one_thread();
    thread_local dnnl::stream stream(cpu_engine());
    const PackedS8 packed = {packed_.data(), scale_.data(), n_, k_};
    int32_t* sums = scratch.sums.get(kRowSteps[0] * padded_n_);
    for (size_t row = 0; row < m;) {
      size_t step = kRowSteps[2];
      for (const size_t s : kRowSteps) {
        if (m - row >= s) {
          step = s;
          break;
        }
      }
      // Rows beyond m lie in the buffer's padding; their sums are dropped.
      const Product& p = product(step, padded_n_, k_, q.stride);
      memory a(p.description.src_desc(), cpu_engine(), q.data + row * q.stride);
      memory out(p.description.dst_desc(), cpu_engine(), sums);
      memory pad(p.description.scratchpad_desc(), cpu_engine(), scratch.pad.get(p.description.scratchpad_desc().get_size()));
      p.primitive.execute(stream, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, weights_}, {DNNL_ARG_DST, out}, {DNNL_ARG_SCRATCHPAD, pad}});
      stream.wait();
      const size_t rows = std::min(step, m - row);
      kernels_.dequantise(sums, padded_n_, rows, q.scale + row, packed, bias_.empty() ? nullptr : bias_.data(), c + row * ldc, ldc);
      row += rows;
    }
  }

 private:
  const Kernels& kernels_;
  size_t padded_n_, stride_;
  Buffer<std::byte> packed_;
  memory weights_;
  Buffer<float> scale_;
  std::vector<float> bias_;
};

}  // namespace

std::unique_ptr<Gemm> make_gemm_onednn(const Kernels& kernels, const ModelFile::Weights& weights, const float* bias) {
  return std::make_unique<GemmOneDnn>(kernels, weights, bias);
}

}  // namespace reportedly::nn
