// The model file (docs/model.md §8), mapped read-only: its pages are shared by all processes that read the same file.
// Nothing in a file is believed before it is checked; a damaged or hostile file ends in an Error, never in a crash.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nn/scorer.h"
#include "reportedly/result.h"

namespace reportedly::nn {

inline constexpr char kModelMagic[] = "RPTDLYM1";  ///< 8 bytes, without the closing zero
inline constexpr uint32_t kModelFormat = 1;

enum class DType : uint8_t { f32, i8, u8, i4 };  ///< i4: two columns a byte, the even one in the low half

/// A tensor inside the mapping. `data` is aligned to 64 bytes and holds exactly the bytes that dtype and shape ask for.
struct Tensor {
  DType dtype = DType::f32;
  std::vector<size_t> shape;
  const std::byte* data = nullptr;
  size_t bytes = 0;

  size_t size() const;     ///< number of elements
  size_t columns() const;  ///< the last dimension; 1 for a scalar
  size_t rows() const { return columns() == 0 ? 0 : size() / columns(); }
  const float* f32() const { return reinterpret_cast<const float*>(data); }
  const int8_t* i8() const { return reinterpret_cast<const int8_t*>(data); }
};

struct ModelConfig {
  size_t layers = 0, width = 0, heads = 0, ffn = 0;
  bool relative = false;       ///< positions "relative-mpnet" (else "absolute")
  size_t max_positions = 0;    ///< rows of embed.position
  size_t position_offset = 0;  ///< position of the first wordpiece of a window
  float layer_norm_eps = 1e-12f;
};

/// Σ wᵢ·(2i+1) mod 2⁶⁴ over the little-endian 64-bit words of the data, zero-padded.
uint64_t checksum64(std::span<const std::byte> data);

/// Immutable after `open`; may be read from several threads.
class ModelFile {
 public:
  /// Errors: bad_model with the file's name, what is wrong and what to do.
  static Result<std::unique_ptr<ModelFile>> open(const std::filesystem::path& path);
  ~ModelFile();
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;

  const ModelConfig& config() const { return config_; }
  const TagSets& tags() const { return tags_; }
  const std::string& name() const { return name_; }
  const std::string& version() const { return version_; }
  const std::string& sha256() const { return sha256_; }  ///< 64 hex digits as the header has them
  size_t bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }

  /// The tensor of that name, or null.
  const Tensor* find(std::string_view name) const;

  /// A matrix [rows × columns] of f32, or of i8 with its scales; a vector is one row.
  struct Weights {
    const float* f32 = nullptr;
    const int8_t* i8 = nullptr;
    const float* scale = nullptr;  ///< for i8: one per row (or one per `rows_per_scale` rows)
    size_t rows_per_scale = 1;
    size_t rows = 0, columns = 0;
    /// Value of one element.
    float at(size_t row, size_t column) const {
      return f32 ? f32[row * columns + column] : scale[row / rows_per_scale] * static_cast<float>(i8[row * columns + column]);
    }
  };
  /// The tensor `name` as a matrix of that size (leading dimensions are folded into the rows). Error bad_model where it is missing or of
  /// another shape.
  Result<Weights> weights(std::string_view name, size_t rows, size_t columns) const;
  /// The bytes of a u8 tensor.
  Result<std::string_view> text(std::string_view name) const;
  /// An error about this file, with the file's name before and the way out behind.
  Error error(std::string what) const;

 private:
  ModelFile() = default;
  Result<void> parse_header(const std::string& header, size_t header_end);

  std::filesystem::path path_;
  const std::byte* map_ = nullptr;
  size_t bytes_ = 0;
  ModelConfig config_;
  TagSets tags_;
  std::string name_, version_, sha256_;
  std::map<std::string, Tensor, std::less<>> tensors_;
};

}  // namespace reportedly::nn
