// A coder that needs no model, folders that vanish, and stores in them.
#pragma once
#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "reportedly/corpus.h"
#include "text/input.h"

namespace corpus_test {

using namespace reportedly;  // NOLINT: tests
namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "reportedly-corpus-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path operator/(const std::string& name) const { return path / name; }
  fs::path file(const std::string& name, const std::string& content) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << content;
    return path / name;
  }
};

/// Reads sentences of the form "Who says that Who attacks Whom." and "Who attacks Whom.", words apart by blanks; all else gives a
/// sentence. A text that holds "Französisch" fails as another language would.
inline Analysis fake_code(const DocumentInput& input) {
  Analysis a;
  a.document.id = input.id.empty() ? text::document_id(input.text, input.published) : input.id;
  a.document.title = input.title;
  a.document.publisher = input.publisher;
  a.document.published = input.published;
  a.document.language = "en";
  if (input.text.find("Französisch") != std::string::npos) {
    a.error = Error{ErrorCode::language, "not in English", ""};
    return a;
  }
  a.document.text = input.text;
  const std::string& text = input.text;  // ASCII
  const auto entity_at = [&](const std::string& name, uint32_t start) {
    const Span span{start, start + static_cast<uint32_t>(name.size())};
    for (size_t i = 0; i < a.entities.size(); ++i)
      if (a.entities[i].name == name) {
        a.entities[i].mentions.push_back({span, 0, MentionKind::name});
        return static_cast<int32_t>(i);
      }
    Entity e{.name = name, .kind = "organisation", .sectors = {"MIL"}, .mentions = {{span, 0, MentionKind::name}}, .why = {"test"}};
    if (name == "Norway" || name == "Iceland") {
      e.kind = "state";
      e.country = name == "Norway" ? "NOR" : "ISL";
      e.sectors = {"GOV"};
    }
    a.entities.push_back(std::move(e));
    return static_cast<int32_t>(a.entities.size() - 1);
  };
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('.', at);
    end = end == std::string::npos ? text.size() : end + 1;
    const std::string sentence = text.substr(at, end - at);
    a.sentences.push_back({.span = {static_cast<uint32_t>(at), static_cast<uint32_t>(end)}});
    const auto offset = [&](size_t in) { return static_cast<uint32_t>(at + in); };
    int32_t said = -1;
    size_t begin = sentence.find_first_not_of(" \n");
    for (const char* verb : {" says that ", " denies that "}) {
      const size_t cue = sentence.find(verb);
      if (cue == std::string::npos || begin == std::string::npos) continue;
      const std::string who = sentence.substr(begin, cue - begin);
      Attribution x;
      x.source = {{offset(begin), offset(cue)}};
      x.source_entity = entity_at(who, offset(begin));
      const size_t length = std::string(verb).find(' ', 1) - 1;
      x.cue = {{offset(cue + 1), offset(cue + 1 + length)}};
      x.cue_lemma = length == 4 ? "say" : "deny";
      begin = cue + std::string(verb).size();
      x.content = {{offset(begin), static_cast<uint32_t>(end)}};
      x.stance = length == 4 ? Stance::asserts : Stance::denies;
      x.why = {"test"};
      said = static_cast<int32_t>(a.attributions.size());
      a.attributions.push_back(std::move(x));
    }
    if (const size_t verb = sentence.find(" attacks "); verb != std::string::npos && begin != std::string::npos && begin < verb) {
      const std::string who = sentence.substr(begin, verb - begin);
      const size_t whom = verb + 9, stop = sentence.find_first_of(" .\n", whom);
      const std::string victim = sentence.substr(whom, stop - whom);
      Event e;
      e.type = "ASSAULT";
      e.quad = 4;
      e.intensity = -9;
      e.trigger = {offset(verb + 1), offset(verb + 8)};
      e.trigger_lemma = "attack";
      const int32_t actor = entity_at(who, offset(begin)), recipient = entity_at(victim, offset(whom));
      e.actors = {{actor, a.entities[actor].country, a.entities[actor].sectors, {offset(begin), offset(verb)}}};
      e.recipients = {{recipient, a.entities[recipient].country, {}, {offset(whom), offset(whom + victim.size())}}};
      e.date = input.published;
      e.attribution = said;
      const bool denied = said >= 0 && a.attributions[said].stance == Stance::denies;
      e.factuality = denied ? Factuality::ct_minus : Factuality::ct_plus;
      e.status = denied ? "denied" : "happened";
      e.voices = {{said, e.factuality}};
      e.numbers = {{"dead", 2, 3, e.trigger}};
      e.why = {"test"};
      a.events.push_back(std::move(e));
    }
    at = end;
  }
  if (a.events.size() > 1 && a.events[0].status != a.events[1].status)
    a.disputes.push_back({"occurrence", {0, 1}, {{"happened", 0, {-1}}, {"did not happen", 1, {0}}}});
  return a;
}

inline Coder fake_coder(const std::string& version = "1") {
  Coder out;
  out.engine.version = version;
  out.engine.model = "m";
  out.engine.lexicon = "l";
  out.code = [](const DocumentInput& input, EngineWorkspace&) { return fake_code(input); };
  return out;
}

inline std::unique_ptr<Store> open_store(const fs::path& path, StoreAccess access = StoreAccess::create) {
  auto store = Store::open(path, {.access = access});
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

inline AddReport add_all(Store& store, const std::vector<fs::path>& inputs, unsigned threads = 2, const Coder& coder = fake_coder()) {
  const auto source = file_source();
  auto report = add(store, coder, *source, inputs, {.threads = threads, .batch_documents = 16});
  if (!report) FAIL(report.error().message);
  return *report;
}

inline std::string canonical(Store& store) {
  std::string out;
  const auto written = write_canonical(store, [&](std::string_view text) { out += text; });
  if (!written) FAIL(written.error().message);
  return out;
}

/// A cell as text, "" for null.
inline std::string cell(const Table& table, size_t row, const std::string& column) {
  for (size_t c = 0; c < table.columns.size(); ++c)
    if (table.columns[c] == column) {
      const Value& value = table.rows.at(row)[c];
      if (const auto* text = std::get_if<std::string>(&value)) return *text;
      if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
      return "";
    }
  FAIL("no column " << column);
  return "";
}

inline std::string record_line(const std::string& id, const std::string& text, const std::string& more = "") {
  return "{" + (id.empty() ? "" : "\"id\":\"" + id + "\",") + more + "\"text\":\"" + text + "\"}\n";
}

}  // namespace corpus_test
