#include "nn/model_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

namespace reportedly::nn {
namespace {

static_assert(std::endian::native == std::endian::little, "the model file is little-endian and mapped as it is");

using nlohmann::json;

constexpr size_t kPreamble = 16;                // magic, format version, header length
constexpr size_t kMaxHeader = size_t{1} << 26;  // 64 MiB of JSON: far above any tag set
constexpr size_t kAlignment = 64;
constexpr char kWayOut[] = "take the file that belongs to this program again, or make it anew with training/";

Error bad_model(const std::filesystem::path& path, const std::string& what) {
  return Error{ErrorCode::bad_model, fmt::format("model file {}: {}; {}", path.string(), what, kWayOut), path.string()};
}

/// Thrown inside header parsing only; becomes an Error at its boundary, where library exceptions are caught as well.
struct HeaderError {
  std::string what;
};

const json& member(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw HeaderError{fmt::format("its header lacks \"{}\"", key)};
  return *found;
}

size_t number(const json& object, const char* key, size_t low, size_t high) {
  const json& value = member(object, key);
  if (!value.is_number_integer() || value < 0) throw HeaderError{fmt::format("\"{}\" in its header is no whole number", key)};
  const auto n = value.get<uint64_t>();
  if (n < low || n > high) throw HeaderError{fmt::format("\"{}\" in its header is {}, outside {} to {}", key, n, low, high)};
  return n;
}

std::vector<std::string> labels(const json& tagsets, const char* key) {
  auto list = member(tagsets, key).get<std::vector<std::string>>();
  if (list.empty() || list.size() > 65535) throw HeaderError{fmt::format("the tag set \"{}\" has {} labels", key, list.size())};
  return list;
}

}  // namespace

size_t Tensor::size() const {
  size_t n = 1;
  for (const size_t d : shape) n *= d;
  return n;
}

size_t Tensor::columns() const {
  return shape.empty() ? 1 : shape.back();
}

uint64_t checksum64(std::span<const std::byte> data) {
  const size_t words = data.size() / 8;
  uint64_t sum[4] = {};
  size_t i = 0;
  for (; i + 4 <= words; i += 4) {
    uint64_t w[4];
    std::memcpy(w, data.data() + i * 8, sizeof w);
    for (size_t j = 0; j < 4; ++j) sum[j] += w[j] * (2 * (i + j) + 1);
  }
  for (; i * 8 < data.size(); ++i) {
    uint64_t w = 0;
    std::memcpy(&w, data.data() + i * 8, std::min<size_t>(8, data.size() - i * 8));
    sum[0] += w * (2 * i + 1);
  }
  return sum[0] + sum[1] + sum[2] + sum[3];
}

Error ModelFile::error(std::string what) const {
  return bad_model(path_, what);
}

Result<std::unique_ptr<ModelFile>> ModelFile::open(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const int code = errno;
    return tl::unexpected(
        bad_model(path, code == ENOENT ? "there is no such file" : fmt::format("cannot be opened: {}", std::strerror(code))));
  }
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    const bool directory = S_ISDIR(status.st_mode);
    ::close(descriptor);
    return tl::unexpected(bad_model(path, directory ? "is a directory" : "is not a regular file"));
  }
  const auto bytes = static_cast<size_t>(status.st_size);
  if (bytes < kPreamble) {
    ::close(descriptor);
    return tl::unexpected(bad_model(path, bytes == 0 ? "is empty" : "is not a model file"));
  }
  void* map = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
  const int code = errno;
  ::close(descriptor);
  if (map == MAP_FAILED) return tl::unexpected(bad_model(path, fmt::format("cannot be mapped: {}", std::strerror(code))));

  std::unique_ptr<ModelFile> file(new ModelFile);
  file->path_ = path;
  file->map_ = static_cast<const std::byte*>(map);
  file->bytes_ = bytes;
#if defined(MADV_POPULATE_READ)
  // All of it is read at once by the checksum: one call instead of a fault for every few pages. Old kernels refuse, which does no harm.
  ::madvise(map, bytes, MADV_POPULATE_READ);
#endif

  uint32_t format = 0, header_length = 0;
  if (std::memcmp(file->map_, kModelMagic, 8) != 0) return tl::unexpected(file->error("is not a model file"));
  std::memcpy(&format, file->map_ + 8, 4);
  std::memcpy(&header_length, file->map_ + 12, 4);
  if (format != kModelFormat) {
    return tl::unexpected(file->error(fmt::format("has format {}, this program reads format {}", format, kModelFormat)));
  }
  if (header_length > kMaxHeader) return tl::unexpected(file->error(fmt::format("names a header of {} bytes: damaged", header_length)));
  if (header_length > bytes - kPreamble) {
    return tl::unexpected(
        file->error(fmt::format("is cut short: {} bytes, its header alone asks for {}", bytes, kPreamble + header_length)));
  }
  const std::string header(reinterpret_cast<const char*>(file->map_) + kPreamble, header_length);
  if (auto parsed = file->parse_header(header, kPreamble + header_length); !parsed) return tl::unexpected(parsed.error());
  return file;
}

Result<void> ModelFile::parse_header(const std::string& header, size_t header_end) {
  try {
    const json root = json::parse(header);
    if (!root.is_object()) throw HeaderError{"its header is no JSON object"};
    name_ = member(root, "name").get<std::string>();
    version_ = member(root, "version").get<std::string>();
    sha256_ = member(root, "sha256").get<std::string>();
    if (sha256_.size() != 64 || sha256_.find_first_not_of("0123456789abcdef") != std::string::npos) {
      throw HeaderError{"\"sha256\" in its header is not 64 hex digits"};
    }
    const size_t data_offset = number(root, "data_offset", header_end, SIZE_MAX / 2);
    const size_t data_bytes = number(root, "data_bytes", 0, SIZE_MAX / 2);
    if (data_offset % kAlignment != 0) throw HeaderError{fmt::format("its data begins at {}, no multiple of {}", data_offset, kAlignment)};
    if (data_offset > bytes_ || data_bytes > bytes_ - data_offset) {
      throw HeaderError{fmt::format("is cut short: {} bytes, {} expected", bytes_, data_offset + data_bytes)};
    }
    const std::string checksum = member(root, "checksum64").get<std::string>();
    uint64_t expected = 0;
    const auto [end, status] = std::from_chars(checksum.data(), checksum.data() + checksum.size(), expected);
    if (status != std::errc() || end != checksum.data() + checksum.size()) throw HeaderError{"\"checksum64\" in its header is no number"};
    if (checksum64({map_ + data_offset, data_bytes}) != expected) throw HeaderError{"is damaged: its checksum is wrong"};

    const json& config = member(root, "config");
    config_.layers = number(config, "layers", 1, 96);
    config_.width = number(config, "width", 16, 8192);
    config_.heads = number(config, "heads", 1, 256);
    config_.ffn = number(config, "ffn", 16, 65536);
    config_.max_positions = number(config, "max_positions", 1, 1 << 20);
    config_.position_offset = number(config, "position_offset", 0, 1 << 20);
    config_.layer_norm_eps = member(config, "layer_norm_eps").get<float>();
    const auto positions = member(config, "positions").get<std::string>();
    if (positions != "absolute" && positions != "relative-mpnet") throw HeaderError{fmt::format("positions \"{}\" are unknown", positions)};
    config_.relative = positions == "relative-mpnet";
    if (const auto activation = member(config, "activation").get<std::string>(); activation != "gelu") {
      throw HeaderError{fmt::format("activation \"{}\" is unknown", activation)};
    }
    if (config_.width % 16 != 0 || config_.ffn % 16 != 0) throw HeaderError{"width and ffn must be multiples of 16"};
    if (config_.width % config_.heads != 0) throw HeaderError{"width is no multiple of heads"};
    if (!(config_.layer_norm_eps > 0 && config_.layer_norm_eps < 1)) throw HeaderError{"layer_norm_eps is outside 0 to 1"};

    const json& tagsets = member(root, "tagsets");
    tags_.upos = labels(tagsets, "upos");
    tags_.xpos = labels(tagsets, "xpos");
    tags_.feats = labels(tagsets, "feats");
    tags_.lemma = labels(tagsets, "lemma");
    tags_.deprel = labels(tagsets, "deprel");
    tags_.names = labels(tagsets, "names");
    tags_.polnames = labels(tagsets, "polnames");
    // A file without events has none of these heads.
    for (const auto& [name, set] :
         {std::pair{"event", &tags_.event}, std::pair{"mode", &tags_.mode}, std::pair{"factuality", &tags_.factuality},
          std::pair{"status", &tags_.status}, std::pair{"stance", &tags_.stance}}) {
      if (tagsets.contains(name)) *set = labels(tagsets, name);
    }

    const json& tensors = member(root, "tensors");
    if (!tensors.is_array()) throw HeaderError{"\"tensors\" in its header is no list"};
    for (const json& entry : tensors) {
      const auto name = member(entry, "name").get<std::string>();
      Tensor tensor;
      const auto dtype = member(entry, "dtype").get<std::string>();
      if (dtype == "f32") {
        tensor.dtype = DType::f32;
      } else if (dtype == "i8") {
        tensor.dtype = DType::i8;
      } else if (dtype == "u8") {
        tensor.dtype = DType::u8;
      } else if (dtype == "i4") {
        tensor.dtype = DType::i4;
      } else {
        throw HeaderError{fmt::format("tensor {} has the unknown type \"{}\"", name, dtype)};
      }
      const size_t offset = number(entry, "offset", 0, SIZE_MAX / 2);
      tensor.bytes = number(entry, "bytes", 0, SIZE_MAX / 2);
      if (offset % kAlignment != 0 || offset > data_bytes || tensor.bytes > data_bytes - offset) {
        throw HeaderError{fmt::format("tensor {} lies outside the data", name)};
      }
      size_t need = tensor.dtype == DType::f32 ? 4 : 1;
      const json& shape = member(entry, "shape");
      if (!shape.is_array() || shape.size() > 4) throw HeaderError{fmt::format("tensor {} has no usable shape", name)};
      for (const json& dimension : shape) {
        if (!dimension.is_number_unsigned()) throw HeaderError{fmt::format("tensor {} has no usable shape", name)};
        const auto n = dimension.get<uint64_t>();
        if (n == 0 || n > bytes_ || need > bytes_ / n) throw HeaderError{fmt::format("tensor {} has no usable shape", name)};
        need *= n;
        tensor.shape.push_back(n);
      }
      if (tensor.dtype == DType::i4) {
        if (tensor.columns() % 2 != 0) throw HeaderError{fmt::format("tensor {} has an odd number of columns, i4 wants pairs", name)};
        need /= 2;
      }
      if (need != tensor.bytes) throw HeaderError{fmt::format("tensor {} has {} bytes, its shape asks for {}", name, tensor.bytes, need)};
      tensor.data = map_ + data_offset + offset;
      if (!tensors_.emplace(name, std::move(tensor)).second) throw HeaderError{fmt::format("tensor {} is there twice", name)};
    }
  } catch (const HeaderError& e) {
    return tl::unexpected(error(e.what));
  } catch (const json::exception&) {
    return tl::unexpected(error("its header cannot be read: damaged"));
  }
  return {};
}

ModelFile::~ModelFile() {
  if (map_ != nullptr) ::munmap(const_cast<std::byte*>(map_), bytes_);
}

const Tensor* ModelFile::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

Result<ModelFile::Weights> ModelFile::weights(std::string_view name, size_t rows, size_t columns) const {
  const Tensor* tensor = find(name);
  if (tensor == nullptr) return tl::unexpected(error(fmt::format("lacks the tensor {}", name)));
  const auto unfit = [&] {
    return tl::unexpected(
        error(fmt::format("tensor {} has the shape [{}], [{}, {}] expected", name, fmt::join(tensor->shape, ", "), rows, columns)));
  };
  // A vector may be a row or a column; of more dimensions all but the last are rows.
  const bool vector = tensor->shape.size() <= 1;
  if (tensor->size() != rows * columns || (!vector && tensor->columns() != columns)) return unfit();
  Weights w;
  w.rows = rows;
  w.columns = columns;
  if (tensor->dtype == DType::f32) {
    w.f32 = tensor->f32();
    return w;
  }
  if (tensor->dtype != DType::i8) return tl::unexpected(error(fmt::format("tensor {} holds no numbers", name)));
  const std::string scale_name = std::string(name) + ".scale";
  const Tensor* scale = find(scale_name);
  if (scale == nullptr || scale->dtype != DType::f32) return tl::unexpected(error(fmt::format("lacks the tensor {}", scale_name)));
  if (rows % scale->size() != 0) {
    return tl::unexpected(error(fmt::format("tensor {} has {} scales for {} rows", name, scale->size(), rows)));
  }
  w.i8 = tensor->i8();
  w.scale = scale->f32();
  w.rows_per_scale = rows / scale->size();
  return w;
}

Result<std::string_view> ModelFile::text(std::string_view name) const {
  const Tensor* tensor = find(name);
  if (tensor == nullptr) return tl::unexpected(error(fmt::format("lacks the tensor {}", name)));
  if (tensor->dtype != DType::u8) return tl::unexpected(error(fmt::format("tensor {} is no text", name)));
  return std::string_view(reinterpret_cast<const char*>(tensor->data), tensor->bytes);
}

}  // namespace reportedly::nn
