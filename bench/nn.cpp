// Speed of the runtime on one thread, in CPU time.
//
//   bench_nn MODEL [TEXT]
//
// Prints wordpieces a second of the encoder over TEXT (or an invented one) for every instruction set of this machine, the
// plain C++ twin among them (only for that of REPORTEDLY_KERNELS, where it is set), and then what each kernel takes of one window, by
// itself, at the model's sizes.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "nn/block_linear.h"
#include "nn/cpu.h"
#include "nn/model_file.h"
#include "nn/scorer.h"
#include "text/text.h"
#include "text/windows.h"
#include "text/wordpiece.h"

namespace {

using namespace reportedly;

double cpu_seconds() {
  timespec t = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Seconds of one call: the best of several rounds of about 0.1 s each.
template <class Function>
double seconds(Function f) {
  f();
  double best = 1e9;
  int repeat = 1;
  for (int round = 0; round < 3; ++round) {
    for (;;) {
      const double start = cpu_seconds();
      for (int i = 0; i < repeat; ++i) f();
      const double taken = cpu_seconds() - start;
      if (taken > 0.05 || repeat > 1000000) {
        best = std::min(best, taken / repeat);
        break;
      }
      repeat *= 2;
    }
  }
  return best;
}

std::string invented_text() {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += fmt::format(
        "The foreign ministry of the northern republic said on Tuesday that {} soldiers had crossed the river near the old bridge, "
        "a claim the rebels' spokeswoman denied within hours. \"Nobody crossed anything,\" she told reporters in the harbour town. "
        "Two diplomats, who asked not to be named, doubted both accounts.{}",
        12 + i, i % 4 == 3 ? "\n\n" : " ");
  }
  return text;
}

void one_isa(const char* isa, const char* model, const text::Text& text, size_t wordpieces, size_t words) {
  setenv("REPORTEDLY_KERNELS", isa, 1);
  for (const nn::Precision precision : {nn::Precision::int8, nn::Precision::fp32}) {
    const double start = cpu_seconds();
    auto scorer = nn::Scorer::open(model, precision);
    const double opened = cpu_seconds() - start;
    if (!scorer) {
      fmt::print(stderr, "{}\n", scorer.error().message);
      std::exit(1);
    }
    nn::Workspace workspace;
    nn::Matrix h;
    const bool slow = std::string_view(isa) == "generic";
    double taken = 0;
    if (slow) {
      const double begin = cpu_seconds();
      (*scorer)->encode(text, workspace, h);
      taken = cpu_seconds() - begin;
    } else {
      taken = seconds([&] { (*scorer)->encode(text, workspace, h); });
    }
    fmt::print("{:10} {:20} {:5} {:8.0f} units/s {:8.0f} wordpieces/s {:9.0f} words/s   open {:.3f} s\n", isa, (*scorer)->info().kernels,
               precision == nn::Precision::int8 ? "int8" : "fp32", static_cast<double>(h.rows) / taken,
               static_cast<double>(wordpieces) / taken, static_cast<double>(words) / taken, opened);
  }
}

/// How often int8 and floats choose the same label, over all units of the text.
void agreement(const char* model, const text::Text& text) {
  auto int8 = nn::Scorer::open(model, nn::Precision::int8);
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  auto fp32 = nn::Scorer::open(model, nn::Precision::fp32);
  if (!int8 || !fp32) return;
  nn::Workspace workspace;
  nn::Matrix h[2], scores[2];
  (*int8)->encode(text, workspace, h[0]);
  (*fp32)->encode(text, workspace, h[1]);
  std::vector<uint32_t> rows(h[0].rows);
  for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  fmt::print("same label in int8 and fp32:");
  const std::pair<const char*, nn::TagHead> heads[] = {
      {"boundary", nn::TagHead::boundary}, {"upos", nn::TagHead::upos},   {"xpos", nn::TagHead::xpos},
      {"feats", nn::TagHead::feats},       {"lemma", nn::TagHead::lemma}, {"names", nn::TagHead::names},
      {"source", nn::TagHead::source},     {"cue", nn::TagHead::cue},     {"content", nn::TagHead::content}};
  for (const auto& [name, head] : heads) {
    (*int8)->tag(head, h[0], rows, workspace, scores[0]);
    (*fp32)->tag(head, h[1], rows, workspace, scores[1]);
    size_t same = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto best = [&](const nn::Matrix& m) { return std::max_element(m.row(i), m.row(i) + m.columns) - m.row(i); };
      same += best(scores[0]) == best(scores[1]);
    }
    fmt::print(" {} {:.2f}%", name, 100.0 * static_cast<double>(same) / static_cast<double>(std::max<size_t>(1, rows.size())));
  }
  fmt::print("\nlargest memory of this process up to here, one model open in int8: {} MB\n", usage.ru_maxrss / 1024);
}

void kernels_alone(const char* model, nn::Isa isa) {
  const nn::FlushToZero flush;
  auto file = nn::ModelFile::open(model);
  if (!file) return;
  const nn::ModelConfig& c = (*file)->config();
  const nn::Kernels& k = nn::kernels_for(isa);
  const nn::Backend backend = {isa, &k, nn::Precision::int8};
  const size_t m = text::kWindow, w = c.width, blocks = m / nn::kLanes;
  nn::Buffer<float> room;
  nn::Buffer<float> in, out, attention;
  nn::BlockBuffer q, wide;
  float* x = in.get(m * c.ffn);
  float* y = out.get(m * std::max(c.ffn, 3 * w));
  float* s = attention.get(nn::BlockAttention(m, w / c.heads).bytes / sizeof(float));
  uint32_t state = 1;
  for (size_t i = 0; i < m * c.ffn; ++i) {
    state = state * 1664525u + 1013904223u;
    x[i] = static_cast<float>(state >> 8) / (1 << 23) - 1.0f;
  }
  for (size_t i = 0; i < m * std::max(c.ffn, 3 * w); ++i) y[i] = x[i % (m * c.ffn)];
  double total = 0;
  const auto print = [&](const char* name, double taken, double operations) {
    total += taken;
    fmt::print("  {:24} {:8.1f} us a layer and window {:8.1f} Gop/s\n", name, taken * 1e6, operations / taken * 1e-9);
  };
  fmt::print("{} by kernel, {} wordpieces in one window:\n", nn::isa_name(isa), m);
  print("attention", seconds([&] { k.block_attention(y, 0, m, w, c.heads, nullptr, m, s, x); }), 4.0 * m * m * w);
  const struct {
    const char* name;
    size_t n, k;
  } products[] = {{"qkv", 3 * w, w}, {"out", w, w}, {"ffn1", c.ffn, w}, {"ffn2", w, c.ffn}};
  for (const auto& p : products) {
    auto linear = nn::BlockLinear::load(**file, backend, std::string("layer.0.") + p.name, p.n, p.k);
    if (!linear) return;
    const nn::QuantisedBlocks rows = q.get(blocks, p.k), to = wide.get(blocks, p.n);
    k.block_quantise(x, blocks, p.k, rows);
    if (std::string_view(p.name) == "ffn1") {
      print("ffn1, GELU and quantise", seconds([&] { linear->run_gelu(rows, m, to, room); }), 2.0 * m * p.n * p.k);
    } else {
      print(p.name, seconds([&] { linear->run(rows, m, y); }), 2.0 * m * p.n * p.k);
    }
  }
  print("quantise (before out)", seconds([&] { k.block_quantise(x, blocks, w, q.get(blocks, w)); }), 2.0 * m * w);
  const std::vector<float> one(w, 1.0f), zero(w, 0.0f);
  const nn::LayerNormView norm = {one.data(), zero.data(), 1e-12f};
  print("layer norm, twice", 2 * seconds([&] { k.block_norm(x, y, blocks, w, norm, q.get(blocks, w)); }), 2.0 * 8 * m * w);
  fmt::print("  {:24} {:8.1f} us: {:.0f} wordpieces/s over {} layers\n", "sum", total * 1e6,
             static_cast<double>(m) / (total * static_cast<double>(c.layers)), c.layers);
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_nn MODEL [TEXT]\n");
    return 2;
  }
  DocumentInput input;
  if (argc > 2) {
    std::ifstream file(argv[2], std::ios::binary);
    input.text.assign(std::istreambuf_iterator<char>(file), {});
  } else {
    input.text = invented_text();
  }
  text::TextOptions options;
  options.repairs = false;
  auto text = text::read_text(input, options);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().message);
    return 1;
  }
  auto file = nn::ModelFile::open(argv[1]);
  if (!file) {
    fmt::print(stderr, "{}\n", file.error().message);
    return 1;
  }
  const auto vocabulary = (*file)->text("vocab");
  const auto wordpiece = text::WordPiece::from_vocab(*vocabulary);
  std::vector<uint32_t> counts;
  std::vector<int32_t> ids;
  for (const text::Unit& unit : text->units) {
    ids.clear();
    wordpiece->encode(std::u32string_view(text->analysis).substr(unit.begin, unit.end - unit.begin), ids);
    counts.push_back(static_cast<uint32_t>(ids.size()));
  }
  size_t wordpieces = 0, words = 0;
  for (const text::Window& window : text::cut_windows(*text, counts)) {
    wordpieces += 2;
    for (uint32_t u = window.first; u < window.last; ++u) wordpieces += counts[u];
  }
  for (size_t i = 0; i < input.text.size(); ++i) {
    const auto blank = [&](size_t j) { return input.text[j] == ' ' || input.text[j] == '\n'; };
    if (!blank(i) && (i == 0 || blank(i - 1))) ++words;
  }
  fmt::print("{} words, {} units, {} wordpieces in all windows\n", words, text->units.size(), wordpieces);
  if (const char* only = std::getenv("REPORTEDLY_KERNELS"); only != nullptr && *only != '\0') {
    one_isa(std::string(only).c_str(), argv[1], *text, wordpieces, words);
  } else {
    agreement(argv[1], *text);
    for (const char* isa : {"avx2", "avx_vnni", "avx512", "amx", "generic"}) one_isa(isa, argv[1], *text, wordpieces, words);
    unsetenv("REPORTEDLY_KERNELS");
  }
  kernels_alone(argv[1], nn::chosen_isa().value_or(nn::best_isa()));
}
