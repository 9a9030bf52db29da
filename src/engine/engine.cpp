#include "reportedly/engine.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <fstream>
#include <future>

#include "attribution/attribution.h"
#include "engine/data_folder.h"
#include "engine/sections.h"
#include "entities/entities.h"
#include "events/events.h"
#include "events/learned.h"
#include "nn/scorer.h"
#include "output/conllu_layers.h"
#include "places/places.h"
#include "syntax/conllu.h"
#include "syntax/parse.h"
#include "text/input.h"
#include "text/language.h"
#include "text/text.h"
#include "text/windows.h"
#include "time/times.h"

namespace reportedly {
namespace fs = std::filesystem;
namespace {

/// In the order in which they are looked for.
constexpr const char* kModelFiles[] = {"models/reportedly-en-accurate.bin", "models/reportedly-en.bin"};

/// FNV-1a over the lexicon's files, names included, in the order of their paths: the same on every machine.
class Fingerprint {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  std::string hex() const { return fmt::format("{:016x}", hash_); }

 private:
  uint64_t hash_ = 14695981039346656037ULL;
};

std::string fingerprint(const std::vector<fs::path>& folders) {
  Fingerprint print;
  for (const fs::path& folder : folders) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed))
      if (it->is_regular_file(failed)) files.push_back(it->path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      print.add(fs::relative(file, folder, failed).string());
      std::ifstream in(file, std::ios::binary);
      print.add(std::string(std::istreambuf_iterator<char>(in), {}));
    }
  }
  return print.hex();
}

/// Adds the CPU time of a scope to one stage.
class Stopwatch {
 public:
  explicit Stopwatch(double* seconds) : seconds_(seconds), start_(seconds ? now() : 0) {}
  ~Stopwatch() {
    if (seconds_) *seconds_ += now() - start_;
  }

 private:
  static double now() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  }
  double* seconds_;
  double start_;
};

}  // namespace

struct EngineWorkspace::Impl {
  nn::Workspace nn;
  nn::Matrix h;
};
EngineWorkspace::EngineWorkspace() : impl(std::make_unique<Impl>()) {}
EngineWorkspace::~EngineWorkspace() = default;
EngineWorkspace::EngineWorkspace(EngineWorkspace&&) noexcept = default;

struct Engine::Impl {
  EngineInfo info;
  std::unique_ptr<nn::Scorer> scorer;
  std::unique_ptr<entities::Actors> actors;
  std::unique_ptr<places::Gazetteer> gazetteer;
  std::unique_ptr<attribution::CueLexicon> cues;
  std::unique_ptr<events::EventLexicon> events;

  /// The text of a document and what is told of it as a whole.
  Result<text::Text> read(const DocumentInput& input, const CodeOptions& options, DocumentInfo& document, StageTimes* times) const;

  /// Everything up to the names and entities: what `code` and `parse` share.
  struct Below {
    syntax::Trees trees;
    syntax::Tags tags;
    entities::EntityLayer entities;
  };
  Below analyse(const text::Text& text, const std::optional<std::string>& published, EngineWorkspace& workspace, StageTimes* times) const;
  /// The layers of a text, which may be a section of a document, into `a`.
  Below code(const text::Text& text, const std::optional<std::string>& published, EngineWorkspace& workspace, const CodeOptions& options,
             Analysis& a, StageTimes* times) const;
};

namespace {

/// Words and marks that are analysed together: every one costs some 4 KB while that lasts (the model's vector, its place in the trees), so
/// this bounds what a document takes. No article comes near: it is a book of 40,000 words.
constexpr uint32_t kSection = 50'000;

/// Calls `use` with the text, or with one section of it after the other where it is very long.
template <class Use>
void for_sections(text::Text& text, Use use) {
  const auto sections = text::cut_sections(text, kSection);
  if (sections.size() == 1) return use(text);
  const std::vector<text::Unit> units = std::move(text.units);
  for (const auto& [first, last] : sections) {
    text.units.assign(units.begin() + first, units.begin() + last);
    use(text);
  }
}

}  // namespace

Engine::Engine() : impl_(std::make_unique<Impl>()) {}
Engine::~Engine() = default;
const EngineInfo& Engine::info() const {
  return impl_->info;
}

Result<std::unique_ptr<Engine>> Engine::load(const EngineOptions& options) {
  auto folder = find_data_folder(options.data);
  if (!folder) return tl::unexpected(folder.error());
  std::vector<fs::path> lexicon{*folder / "lexicon"};
  for (const fs::path& user : options.lexicon) {
    std::error_code ignored;
    if (!fs::is_directory(user, ignored))
      return fail(ErrorCode::not_found, fmt::format("no such lexicon folder: {}", user.string()), user.string());
    lexicon.push_back(user);
  }
  std::unique_ptr<Engine> engine(new Engine());
  Impl& impl = *engine->impl_;

  fs::path model_path = options.model;
  for (const char* name : kModelFiles) {
    std::error_code ignored;
    if (options.model.empty() && (model_path.empty() || !fs::exists(model_path, ignored))) model_path = *folder / name;
  }
  // Side by side: the model, the actors, and the rest of the lexicon each take about a third of the start.
  // Where the system gives no more threads, one after the other.
  constexpr auto kBeside = std::launch::async | std::launch::deferred;
  auto model_opens =
      std::async(kBeside, [&] { return nn::Scorer::open(model_path, options.fp32 ? nn::Precision::fp32 : nn::Precision::int8); });
  auto lexicon_loads = std::async(kBeside, [&] {
    impl.info.lexicon = fingerprint(lexicon);
    return std::pair(attribution::CueLexicon::load(lexicon), events::EventLexicon::load(lexicon));
  });
  auto actors = entities::Actors::load(lexicon);
  auto scorer = model_opens.get();
  auto [cues, events] = lexicon_loads.get();
  if (!scorer) return tl::unexpected(scorer.error());
  impl.scorer = std::move(*scorer);
  if (!actors) return tl::unexpected(actors.error());
  impl.actors = std::move(*actors);
  auto gazetteer = places::Gazetteer::load(*folder / "data");
  if (!gazetteer) return tl::unexpected(gazetteer.error());
  impl.gazetteer = std::move(*gazetteer);
  if (!cues) return tl::unexpected(cues.error());
  impl.cues = std::move(*cues);
  if (!events) return tl::unexpected(events.error());
  impl.events = std::move(*events);

  const nn::ModelInfo& model = impl.scorer->info();
  impl.info = {.version = REPORTEDLY_VERSION,
               .model = model.hash,
               .lexicon = std::move(impl.info.lexicon),
               .model_name = model.name + " " + model.version,
               .model_path = model.path,
               .kernels = model.kernels,
               .data_path = folder->string(),
               .lexicon_entries = impl.events->entries()};
  return engine;
}

Result<text::Text> Engine::Impl::read(const DocumentInput& input, const CodeOptions& options, DocumentInfo& document,
                                      StageTimes* times) const {
  Stopwatch watch(times ? &times->text : nullptr);
  auto read = text::read_text(input, {.repairs = options.repairs});
  if (!read) return tl::unexpected(read.error());
  const text::Text& text = *read;

  document.text = text.slice({0, static_cast<uint32_t>(text.chars.size())});
  document.title = input.title ? input.title : text.title;
  document.byline = input.byline ? input.byline : text.byline;
  document.publisher = input.publisher;
  document.url = input.url;
  document.repairs = text.repairs;
  for (const std::string& warning : input.warnings) document.warnings.push_back({"import", warning, std::nullopt});
  document.warnings.insert(document.warnings.end(), text.warnings.begin(), text.warnings.end());
  document.published = text.published;
  if (input.published) {
    document.published = text::parse_date(*input.published);
    if (!document.published)
      document.warnings.push_back({"published_unreadable",
                                   fmt::format("the publication date '{}' is not a date; give YYYY-MM-DD", *input.published),
                                   std::nullopt});
  }
  document.id = input.id.empty() ? text::document_id(document.text, document.published) : input.id;
  if (text.units.empty()) return fail(ErrorCode::empty, "the document has no text", input.origin);

  const text::Language language = text::detect_language(document.text, input.language);
  document.language = language.code;
  if (language.code != "en" && language.code != "und" && language.reliable && !options.force)
    return fail(ErrorCode::language,
                fmt::format("the document is in '{}', not English; use --force to code it all the same", language.code), input.origin);
  return read;
}

Engine::Impl::Below Engine::Impl::analyse(const text::Text& text, const std::optional<std::string>& published, EngineWorkspace& workspace,
                                          StageTimes* times) const {
  Below below;
  {
    Stopwatch watch(times ? &times->encoder : nullptr);
    scorer->encode(text, workspace.impl->nn, workspace.impl->h);
  }
  {
    Stopwatch watch(times ? &times->syntax : nullptr);
    below.trees = syntax::parse(text, *scorer, workspace.impl->h, workspace.impl->nn);
    below.tags = syntax::tag(below.trees, *scorer, workspace.impl->h, workspace.impl->nn);
  }
  {
    Stopwatch watch(times ? &times->entities : nullptr);
    below.entities =
        entities::find_entities(below.trees, text, &below.tags, scorer.get(), &workspace.impl->h, &workspace.impl->nn, *actors, published);
  }
  return below;
}

Engine::Impl::Below Engine::Impl::code(const text::Text& text, const std::optional<std::string>& published, EngineWorkspace& workspace,
                                       const CodeOptions& options, Analysis& a, StageTimes* times) const {
  Below below = analyse(text, published, workspace, times);
  auto& [trees, tags, entities] = below;
  a.sentences = trees.sentences;
  {
    Stopwatch watch(times ? &times->times_places : nullptr);
    a.times = time::find_times(trees, published, entities.names);
    a.places = places::find_places(trees, text, entities.names, *gazetteer);
  }
  {
    Stopwatch watch(times ? &times->attribution : nullptr);
    a.attributions = attribution::find_attributions(trees, text, tags, *scorer, workspace.impl->h, workspace.impl->nn, entities, *cues);
  }
  {
    Stopwatch watch(times ? &times->events : nullptr);
    std::string candidates = "# " + a.document.id + "\n";
    const events::Learned learned{tags, *scorer, workspace.impl->h, workspace.impl->nn, options.candidates ? &candidates : nullptr};
    events::EventLayer layer = events::code_events(trees, options.learned && scorer->has_events() ? &learned : nullptr, entities, a.times,
                                                   a.places, a.attributions, *events, *actors, published);
    if (options.candidates) {  // disputes are between the acts that are kept
      const events::Learned plain{tags, *scorer, workspace.impl->h, workspace.impl->nn};
      layer = events::code_events(trees, options.learned && scorer->has_events() ? &plain : nullptr, entities, a.times, a.places,
                                  a.attributions, *events, *actors, published);
    }
    a.events = std::move(layer.events);
    a.notes = std::move(layer.notes);
    a.disputes = events::find_disputes(trees, a.events, a.attributions, entities.entities, layer.opinions,
                                       options.candidates ? &candidates : nullptr);
    if (options.candidates) options.candidates(candidates);
  }
  a.names = std::move(entities.names);
  a.entities = std::move(entities.entities);
  return below;
}

Analysis Engine::code(const DocumentInput& input, EngineWorkspace& workspace, const CodeOptions& options, StageTimes* times,
                      std::string* conllu) const {
  const Impl& impl = *impl_;
  Analysis a;
  a.document.id = input.id;
  const auto failed = [&](Error error) {
    Analysis failed;
    failed.document.id = a.document.id;
    failed.error = std::move(error);
    return failed;
  };
  try {
    auto text = impl.read(input, options, a.document, times);
    if (!text) {
      a.error = text.error();
      if (a.document.id.empty()) a.document.id = text::document_id(a.document.text, a.document.published);
      return a;
    }
    std::string trees;
    Sections sections(a);
    for_sections(*text, [&](const text::Text& section) {
      Analysis part;
      part.document.id = a.document.id;
      const size_t before = a.sentences.size();
      const Impl::Below below = impl.code(section, a.document.published, workspace, options, part, times);
      sections.append(std::move(part), static_cast<uint32_t>(below.trees.words.size()));
      if (conllu)
        trees += syntax::write_conllu(below.trees, a.document.text, a.names, a.document.id, below.tags.factuality,
                                      output::conllu_layers(a, below.trees), before);
    });
    if (conllu) *conllu = std::move(trees);
  } catch (const std::bad_alloc&) {
    return failed({ErrorCode::internal, "not enough memory for this document; split it, or use fewer threads", input.origin});
  } catch (const std::exception& e) {
    return failed({ErrorCode::internal, fmt::format("unexpected fault: {}. Please report it with the document", e.what()), input.origin});
  }
  return a;
}

Result<std::string> Engine::conllu(const DocumentInput& input, EngineWorkspace& workspace, const CodeOptions& options) const {
  DocumentInfo document;
  auto text = impl_->read(input, options, document, nullptr);
  if (!text) return tl::unexpected(text.error());
  std::string out;
  size_t sentences = 0;
  for_sections(*text, [&](const text::Text& section) {
    const Impl::Below below = impl_->analyse(section, document.published, workspace, nullptr);
    out += syntax::write_conllu(below.trees, document.text, below.entities.names, document.id, below.tags.factuality, {}, sentences);
    sentences += below.trees.sentences.size();
  });
  return out;
}

}  // namespace reportedly
