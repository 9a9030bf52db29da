// The model file: what is right is read, what is damaged or hostile ends in an error that names the file.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "nn/model_file.h"
#include "nn/scorer.h"

namespace {

using namespace reportedly;
using nlohmann::json;

const std::string kTiny = std::string(REPORTEDLY_SOURCE) + "/tests/data/tiny-bert-int8.bin";

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A file in the temporary folder that goes away with this.
class Scratch {
 public:
  explicit Scratch(const std::string& content) {
    static int count = 0;
    path_ =
        std::filesystem::temp_directory_path() / ("reportedly_nn_" + std::to_string(::getpid()) + "_" + std::to_string(++count) + ".bin");
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~Scratch() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The tiny model with its header changed by `change`; the data stay, padded to a new offset.
std::string with_header(const std::function<void(json&)>& change) {
  const std::string whole = bytes_of(kTiny);
  uint32_t length = 0;
  std::memcpy(&length, whole.data() + 12, 4);
  json header = json::parse(whole.substr(16, length));
  const std::string data = whole.substr(header["data_offset"].get<size_t>());
  const size_t offset = 65536;
  header["data_offset"] = offset;
  change(header);
  const std::string text = header.dump();
  REQUIRE(text.size() + 16 <= offset);
  std::string out = whole.substr(0, 12);
  const auto n = static_cast<uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&n), 4);
  out += text;
  out.resize(offset, '\0');
  return out + data;
}

/// The message of the error that opening such a file ends in.
std::string refusal(const std::string& content) {
  const Scratch file(content);
  const auto opened = nn::Scorer::open(file.path(), nn::Precision::int8);
  if (opened) return "";
  CHECK(opened.error().code == ErrorCode::bad_model);
  CHECK(opened.error().message.find(file.path().string()) != std::string::npos);
  return opened.error().message;
}

bool says(const std::string& message, const std::string& what) {
  CAPTURE(message);
  CAPTURE(what);
  const bool found = message.find(what) != std::string::npos;
  CHECK(found);
  return found;
}

json& tensor(json& header, const std::string& name) {
  for (json& t : header["tensors"]) {
    if (t["name"] == name) return t;
  }
  FAIL("no such tensor");
  return header;
}

}  // namespace

TEST_CASE("a whole file is read") {
  const auto file = nn::ModelFile::open(kTiny);
  REQUIRE(file.has_value());
  CHECK((*file)->config().layers == 2);
  CHECK((*file)->config().width == 64);
  CHECK((*file)->tags().deprel.size() == 6);
  CHECK((*file)->find("embed.word")->rows() == 191);
  CHECK((*file)->find("nothing") == nullptr);
  CHECK((*file)->text("vocab")->substr(0, 12) == "[PAD]\n[UNK]\n");
  const auto scorer = nn::Scorer::open(kTiny, nn::Precision::int8);
  REQUIRE(scorer.has_value());
  CHECK((*scorer)->info().hash.size() == 16);
  CHECK((*scorer)->info().hash == (*file)->sha256().substr(0, 16));
  CHECK((*scorer)->info().bytes == std::filesystem::file_size(kTiny));
}

TEST_CASE("the same file with a header of our own writing is read") {
  CHECK(refusal(with_header([](json&) {})).empty());
}

TEST_CASE("checksum64 weighs words by their odd position") {
  const unsigned char raw[] = {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5};
  CHECK(nn::checksum64(std::as_bytes(std::span(raw, 16))) == 1 * 1 + 2 * 3);
  CHECK(nn::checksum64(std::as_bytes(std::span(raw, 17))) == 1 * 1 + 2 * 3 + 5 * 5);
  CHECK(nn::checksum64({}) == 0);
}

TEST_CASE("files that are none") {
  const auto missing = nn::Scorer::open("/nonexistent/model.bin", nn::Precision::int8);
  REQUIRE(!missing.has_value());
  CHECK(missing.error().code == ErrorCode::bad_model);
  says(missing.error().message, "no such file");
  const auto directory = nn::Scorer::open(std::filesystem::temp_directory_path(), nn::Precision::int8);
  REQUIRE(!directory.has_value());
  says(directory.error().message, "directory");
  says(refusal(""), "empty");
  says(refusal("short"), "not a model");
  says(refusal(std::string(1000, 'x')), "not a model");
  says(refusal(std::string("RPTDLYM1") + std::string(8, '\xff')), "format");
}

TEST_CASE("another format, absurd lengths, a cut file, one flipped bit") {
  const std::string whole = bytes_of(kTiny);
  std::string changed = whole;
  changed[8] = 2;
  says(refusal(changed), "format 2");
  changed = whole;
  std::memset(&changed[12], 0xff, 4);
  says(refusal(changed), "header");
  changed = whole;
  std::memset(&changed[12], 0, 4);
  says(refusal(changed), "header");
  changed = whole;
  changed[whole.size() - 100] ^= 1;
  says(refusal(changed), "checksum");
  for (const size_t length : {size_t{16}, size_t{40}, size_t{9000}, whole.size() / 2, whole.size() - 1}) {
    says(refusal(whole.substr(0, length)), "cut short");
  }
}

TEST_CASE("headers that lie") {
  const auto with = [](const std::function<void(json&)>& change) { return refusal(with_header(change)); };
  says(with([](json& h) { h.erase("config"); }), "config");
  says(with([](json& h) { h["data_bytes"] = uint64_t{1} << 62; }), "cut short");
  says(with([](json& h) { h["data_offset"] = uint64_t{1} << 62; }), "cut short");
  says(with([](json& h) { h["data_offset"] = -64; }), "data_offset");
  says(with([](json& h) { h["data_offset"] = 65537; }), "multiple");
  says(with([](json& h) { h["checksum64"] = "12x"; }), "checksum64");
  says(with([](json& h) { h["checksum64"] = 12; }), "header");
  says(with([](json& h) { h["sha256"] = "abc"; }), "sha256");
  says(with([](json& h) { h["config"]["layers"] = 0; }), "layers");
  says(with([](json& h) { h["config"]["layers"] = 3; }), "layer.2.qkv.weight");
  says(with([](json& h) { h["config"]["heads"] = 5; }), "heads");
  says(with([](json& h) { h["config"]["width"] = 128; }), "shape");
  says(with([](json& h) { h["config"]["width"] = "wide"; }), "width");
  says(with([](json& h) { h["config"]["positions"] = "circular"; }), "circular");
  says(with([](json& h) { h["config"]["activation"] = "relu"; }), "relu");
  says(with([](json& h) { h["config"]["position_offset"] = 2; }), "positions");
  says(with([](json& h) { h["tagsets"]["upos"] = json::array(); }), "upos");
  says(with([](json& h) { h["tagsets"]["upos"] = {"NOUN"}; }), "upos.weight");
  says(with([](json& h) { h["tensors"] = 5; }), "tensors");
  says(with([](json& h) { h["tensors"] = json::array(); }), "vocab");
  says(with([](json& h) { tensor(h, "arc_u")["name"] = "other"; }), "arc_u");
  says(with([](json& h) { tensor(h, "arc_u")["name"] = "rel_u"; }), "twice");
  says(with([](json& h) { tensor(h, "arc_u")["dtype"] = "f16"; }), "f16");
  says(with([](json& h) { tensor(h, "arc_u")["offset"] = uint64_t{1} << 40; }), "outside");
  says(with([](json& h) { tensor(h, "arc_u")["offset"] = 3; }), "outside");
  says(with([](json& h) { tensor(h, "arc_u")["shape"] = {uint64_t{1} << 33, uint64_t{1} << 33}; }), "shape");
  says(with([](json& h) { tensor(h, "arc_u")["shape"] = {33, 31}; }), "bytes");
  says(with([](json& h) { tensor(h, "arc_u")["shape"] = {32, 33}; }), "shape");
  says(with([](json& h) { tensor(h, "embed.word.scale")["name"] = "gone"; }), "embed.word.scale");
  says(with([](json& h) { tensor(h, "vocab")["name"] = "gone"; }), "vocab");
}

TEST_CASE("random damage never crashes") {
  const std::string whole = bytes_of(kTiny);
  uint32_t length = 0;
  std::memcpy(&length, whole.data() + 12, 4);
  std::mt19937 random(5);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    std::string changed = whole;
    for (int j = 0; j < 3; ++j) changed[random() % (16 + length)] = static_cast<char>(random());
    refused += !refusal(changed).empty();
  }
  CHECK(refused > 200);  // some bytes, a name's or a date's, do no harm
}
