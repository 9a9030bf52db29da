// The engine: news article in, record out.
//
//   auto engine = reportedly::Engine::load({});
//   if (!engine) { std::cerr << engine.error().message; return 5; }
//   reportedly::EngineWorkspace workspace;
//   reportedly::Analysis a = (*engine)->code(input, workspace);
//   if (a.error) …; else std::cout << reportedly::to_json((*engine)->info(), a);
//
// Thread-safety: an Engine is immutable after `load`; one Engine may serve any number of threads, each with its own
// EngineWorkspace. The result depends on the input and the engine alone, not on threads, order, locale or clock.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "reportedly/analysis.h"
#include "reportedly/document.h"
#include "reportedly/result.h"

namespace reportedly {

struct EngineOptions {
  std::filesystem::path data;  ///< folder with models/, lexicon/, data/; empty: REPORTEDLY_DATA, beside the executable, ../share/reportedly
  std::filesystem::path model;                 ///< a model file; empty: the data folder's accurate one, else its fast one
  std::vector<std::filesystem::path> lexicon;  ///< the user's folders, read on top of ours
  bool fp32 = false;                           ///< reference arithmetic instead of int8
};

struct EngineInfo {
  std::string version, model, lexicon;  ///< the `engine` object of every record
  std::string model_name, model_path, kernels, data_path;
  size_t lexicon_entries = 0;
};

struct CodeOptions {
  bool repairs = true;  ///< heads, footers and repairs
  bool force = false;   ///< code a document that is not in English
  bool learned = true;  ///< the model may propose events and parties, and doubt entries of the lexicon
  /// For training/parties.py: called once a document, from any thread, with "# id" and a JSON line for each trigger.
  std::function<void(const std::string& lines)> candidates;
};

class EngineWorkspace {
 public:
  EngineWorkspace();
  ~EngineWorkspace();
  EngineWorkspace(EngineWorkspace&&) noexcept;
  struct Impl;
  std::unique_ptr<Impl> impl;
};

/// Seconds of CPU time spent by stage, for benchmarks and `doctor`.
struct StageTimes {
  double text = 0, encoder = 0, syntax = 0, entities = 0, times_places = 0, attribution = 0, events = 0;
};

class Engine {
 public:
  /// Errors: bad_model, bad_data, not_found.
  static Result<std::unique_ptr<Engine>> load(const EngineOptions& options);
  ~Engine();
  const EngineInfo& info() const;
  /// Never fails as a call: a document that cannot be coded comes back with `error` set. `conllu`: filled with the trees and all layers as
  /// CoNLL-U (docs/exports.md), which the record alone cannot give; left as it is if the document fails.
  Analysis code(const DocumentInput& input, EngineWorkspace& workspace, const CodeOptions& options = {}, StageTimes* times = nullptr,
                std::string* conllu = nullptr) const;
  /// The analysis below the events as CoNLL-U; every non-space character exactly once, in order, when `repairs` is off.
  Result<std::string> conllu(const DocumentInput& input, EngineWorkspace& workspace, const CodeOptions& options) const;

 private:
  Engine();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reportedly
