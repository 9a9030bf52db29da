// What a run promises: every input has its row, unchanged ones cost nothing, and the order of things decides nothing.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "base/ordered_pipeline.h"
#include "base/sha256.h"
#include "corpus_support.h"

using namespace corpus_test;  // NOLINT: tests

namespace {

int64_t count(Store& store, const std::string& sql) {
  return store.database().execAndGet("SELECT count(*) FROM " + sql).getInt64();
}

/// A coder that counts its calls.
Coder counting(std::atomic<int>& calls) {
  Coder out = fake_coder();
  out.code = [&calls](const DocumentInput& input, EngineWorkspace&) {
    ++calls;
    return fake_code(input);
  };
  return out;
}

}  // namespace

TEST_CASE("SHA-256 in pieces") {
  Sha256 hash;
  const std::string text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  for (const char c : text) hash.update(std::string_view(&c, 1));
  CHECK(hash.hex() == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  Sha256 million;
  for (int i = 0; i < 1000; ++i) million.update(std::string(1000, 'a'));
  CHECK(million.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("items come out of the pipeline in order, worked on, however many threads work") {
  for (const unsigned threads : {1U, 3U}) {
    OrderedPipeline<int> pipeline(4);
    std::vector<std::jthread> team;
    for (unsigned i = 0; i < threads; ++i)
      team.emplace_back([&] {
        pipeline.work([](int& item) {
          std::this_thread::sleep_for(std::chrono::microseconds(item % 7 * 50));
          item += 1000;
        });
      });
    team.emplace_back([&] {
      for (int i = 0; i < 200; ++i) pipeline.put(i, i % 3 != 0);
      pipeline.close();
    });
    std::optional<int> item;
    for (int i = 0; i < 200;) {
      const auto taken = pipeline.take(item, std::chrono::milliseconds(50));
      REQUIRE(taken != OrderedPipeline<int>::Taken::end);
      if (taken != OrderedPipeline<int>::Taken::item) continue;
      REQUIRE(*item == i + (i % 3 != 0 ? 1000 : 0));
      ++i;
    }
    CHECK(pipeline.take(item, std::chrono::milliseconds(50)) == OrderedPipeline<int>::Taken::end);
  }
}

TEST_CASE("files, folders and lines become documents, and what fails is a row with its reason") {
  const Folder folder;
  folder.file("in/b.txt", "Norway attacks Iceland.");
  folder.file("in/deep/a.jsonl", record_line("one", "Iceland attacks Norway.", R"("published":"2031-05-05","publisher":"Post",)") +
                                     "{broken\n" + record_line("two", "Iceland says that Norway attacks Iceland.") +
                                     record_line("three", "Französisch."));
  folder.file("in/empty.txt", " \n");
  folder.file("in/.hidden.txt", "Norway attacks Denmark.");
  auto store = open_store(folder / "in/n.db");  // its own files are no input
  const AddReport report = add_all(*store, {folder / "in", folder / "missing.txt"});
  CHECK(report.added == 3);
  CHECK(report.failed == 4);  // a line, a language, an empty file, a file that is not there
  CHECK(report.files == 3);
  CHECK(count(*store, "documents WHERE error_code IS NULL") == 3);
  CHECK(count(*store, "documents WHERE error_code = 'bad_format' AND item = '2' AND hash IS NULL") == 1);
  CHECK(count(*store, "documents WHERE error_code = 'language' AND id = 'three' AND hash IS NOT NULL") == 1);
  CHECK(count(*store, "documents WHERE error_code = 'empty'") == 1);
  CHECK(count(*store, "run_documents WHERE outcome = 'failed' AND error_message <> ''") == 4);
  CHECK(count(*store, "run_documents WHERE outcome = 'failed' AND error_code = 'not_found'") == 1);
  CHECK(count(*store, "sources WHERE complete") == 3);
  CHECK(count(*store, "documents WHERE id = 'one' AND published = '2031-05-05' AND published_origin = 'file' AND publisher = 'Post'") == 1);
  CHECK(count(*store, "runs WHERE state = 'done' AND added = 3 AND failed = 4") == 1);
  CHECK(count(*store, "ungrouped") == 3);
  CHECK(count(*store, "events") == 3);
  CHECK(count(*store, "event_voices WHERE attribution IS NOT NULL") == 1);
  CHECK(count(*store, "events WHERE type = 'ASSAULT' AND country_a = 'ISL' AND country_b = 'NOR'") == 3);
  CHECK(record(*store, "one")->find(R"("schema":"reportedly/1")") != std::string::npos);
  CHECK(record(*store, "four").error().code == ErrorCode::not_found);
  CHECK(verify(*store)->problems == std::vector<std::string>{});
}

TEST_CASE("an unchanged file costs a hash, an unchanged document of a changed file too") {
  const Folder folder;
  const std::string first = record_line("one", "Norway attacks Iceland.") + record_line("two", "Iceland attacks Norway.");
  const fs::path file = folder.file("a.jsonl", first), single = folder.file("b.txt", "Norway denies that Norway attacks Iceland.");
  auto store = open_store(folder / "n.db");
  std::atomic<int> calls = 0;
  add_all(*store, {file, single}, 2, counting(calls));
  CHECK(calls == 3);
  const std::string before = canonical(*store);
  AddReport again = add_all(*store, {file, single}, 2, counting(calls));
  CHECK(calls == 3);
  CHECK(again.unchanged_files == 2);
  CHECK(again.unchanged == 3);
  CHECK(again.added == 0);
  CHECK(canonical(*store) == before);

  folder.file("a.jsonl", record_line("zero", "Norway says that Iceland attacks Norway.") + first);
  again = add_all(*store, {file, single}, 2, counting(calls));
  CHECK(calls == 4);
  CHECK(again.added == 1);
  CHECK(again.unchanged == 3);
  CHECK(count(*store, "documents WHERE id = 'one' AND item = '2'") == 1);
}

TEST_CASE("contents that changed replace what was there, another engine codes again") {
  const Folder folder;
  const fs::path lines = folder.file("a.jsonl", record_line("one", "Norway attacks Iceland.")),
                 single = folder.file("b.txt", "Quiet waters.");
  auto store = open_store(folder / "n.db");
  add_all(*store, {lines, single});
  folder.file("a.jsonl", record_line("one", "Iceland attacks Norway. Norway attacks Iceland."));
  folder.file("b.txt", "Troubled waters.");
  AddReport report = add_all(*store, {lines, single});
  CHECK(report.changed == 2);
  CHECK(report.added == 0);
  CHECK(count(*store, "documents") == 2);
  CHECK(count(*store, "events") == 2);
  CHECK(search(*store, {.query = "quiet"})->rows.empty());
  CHECK(search(*store, {.query = "troubled"})->rows.size() == 1);
  CHECK(verify(*store)->problems == std::vector<std::string>{});

  report = add_all(*store, {lines, single}, 2, fake_coder("2"));
  CHECK(report.recoded == 2);
  CHECK(report.unchanged_files == 0);
  CHECK(count(*store, "documents d JOIN engines e USING(engine) WHERE e.version = '2'") == 2);
  CHECK(verify(*store)->problems == std::vector<std::string>{});

  // The same as a store that never knew the earlier texts.
  auto fresh = open_store(folder / "fresh.db");
  add_all(*fresh, {lines, single}, 2, fake_coder("2"));
  CHECK(canonical(*fresh) == canonical(*store));
}

TEST_CASE("one id, two documents: the first keeps it, whatever was interrupted before") {
  const Folder folder;
  const fs::path one = folder.file("a.jsonl", record_line("x", "Norway attacks Iceland.") + record_line("x", "Iceland attacks Norway."));
  const fs::path two = folder.file("b.jsonl", record_line("x", "Norway says that Iceland attacks Norway."));
  auto store = open_store(folder / "n.db");
  AddReport report = add_all(*store, {one, two});
  CHECK(report.added == 1);
  CHECK(report.failed == 2);
  CHECK(count(*store, "documents WHERE error_code = 'duplicate_id'") == 2);
  const std::string before = canonical(*store);
  store->database().exec("UPDATE sources SET complete = 0");  // as a killed run leaves them
  report = add_all(*store, {one, two});
  CHECK(report.unchanged == 1);
  CHECK(report.failed == 2);
  CHECK(canonical(*store) == before);
  // A file that is renamed and edited is the same file.
  fs::rename(one, folder / "c.jsonl");
  folder.file("c.jsonl", record_line("x", "Norway attacks Iceland at sea."));
  report = add_all(*store, {folder / "c.jsonl"});
  CHECK(report.changed == 1);
}

TEST_CASE("equal texts of two publishers are two documents; the same record twice is one") {
  const Folder folder;
  const std::string text = "Norway attacks Iceland.";
  const fs::path file =
      folder.file("a.jsonl", record_line("", text, R"("publisher":"Post",)") + record_line("", text, R"("publisher":"Times",)") +
                                 record_line("", text, R"("publisher":"Post",)"));
  auto store = open_store(folder / "n.db");
  const AddReport report = add_all(*store, {file});
  CHECK(report.added == 2);
  CHECK(report.repeated == 1);
  CHECK(report.copies == 1);
  CHECK(count(*store, "documents WHERE publisher = 'Times' AND id LIKE '%-%'") == 1);
  CHECK(count(*store, "run_documents WHERE duplicate_of IS NOT NULL") == 1);
  CHECK(verify(*store)->problems == std::vector<std::string>{});
}

TEST_CASE("threads do not change the rows, nor does the order of files") {
  const Folder folder;
  for (int i = 0; i < 40; ++i)
    folder.file(
        "in/" + std::to_string(i) + ".jsonl",
        record_line("d" + std::to_string(i), "Unit " + std::to_string(i) + " attacks Iceland. Iceland says that Unit attacks Norway."));
  std::string first;
  for (const unsigned threads : {1U, 2U, 7U}) {
    auto store = open_store(folder / ("t" + std::to_string(threads) + ".db"));
    add_all(*store, {folder / "in"}, threads);
    if (first.empty()) first = canonical(*store);
    CHECK(canonical(*store) == first);
  }
  std::vector<fs::path> backwards;
  for (int i = 39; i >= 0; --i) backwards.push_back(folder / ("in/" + std::to_string(i) + ".jsonl"));
  auto store = open_store(folder / "backwards.db");
  add_all(*store, backwards);
  CHECK(canonical(*store) == first);
  CHECK(verify(*store)->digest == verify(*open_store(folder / "t7.db", StoreAccess::write))->digest);
}

TEST_CASE("a run that is stopped keeps what it did, and the next goes on") {
  const Folder folder;
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += record_line("d" + std::to_string(i), "Norway attacks Iceland.");
  const fs::path file = folder.file("a.jsonl", lines);
  auto whole = open_store(folder / "whole.db");
  add_all(*whole, {file});
  auto store = open_store(folder / "n.db");
  const auto source = file_source();
  std::atomic<int> asked = 0;
  const auto report = add(*store, fake_coder(), *source, {file}, {.threads = 2, .stopped = [&] { return ++asked > 100; }});
  REQUIRE(report);
  CHECK(report->stopped);
  CHECK(report->added > 0);
  CHECK(report->added < 200);
  CHECK(count(*store, "runs WHERE state = 'stopped'") == 1);
  CHECK(count(*store, "sources WHERE complete") == 0);
  const AddReport rest = add_all(*store, {file});
  CHECK(rest.added + report->added == 200);
  CHECK(canonical(*store) == canonical(*whole));
}

TEST_CASE("a full disk: a clear error, what was committed stays, and the next run goes on") {
  const Folder folder;
  std::string lines;
  for (int i = 0; i < 400; ++i)
    lines += record_line("d" + std::to_string(i), "Unit " + std::to_string(i * 7919) + " attacks Iceland. And more is said of it.");
  const fs::path file = folder.file("a.jsonl", lines);
  auto whole = open_store(folder / "whole.db");
  add_all(*whole, {file});
  auto store = open_store(folder / "n.db");
  const int64_t pages = store->database().execAndGet("PRAGMA page_count").getInt64();
  store->database().exec("PRAGMA max_page_count = " + std::to_string(pages + 40));
  const auto source = file_source();
  const auto report = add(*store, fake_coder(), *source, {file}, {.threads = 2, .batch_documents = 16});
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::unwritable);
  CHECK(report.error().message.find("full") != std::string::npos);
  const int64_t kept = count(*store, "documents");
  CHECK(kept > 0);
  CHECK(kept < 400);
  store.reset();
  store = open_store(folder / "n.db");
  CHECK(count(*store, "runs WHERE state = 'killed'") == 1);
  CHECK(verify(*store)->problems == std::vector<std::string>{});
  CHECK(add_all(*store, {file}).added == static_cast<size_t>(400 - kept));
  CHECK(canonical(*store) == canonical(*whole));
}

TEST_CASE("a pipe is read once") {
  const Folder folder;
  const fs::path pipe = folder / "pipe.jsonl";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  auto store = open_store(folder / "n.db");
  for (const char* text : {"Norway attacks Iceland.", "Iceland attacks Norway."}) {
    std::thread writer([&] { std::ofstream(pipe) << record_line("one", text) << record_line("two", "Quiet."); });
    const AddReport report = add_all(*store, {pipe});
    writer.join();
    CHECK(report.files == 1);
    CHECK(report.failed == 0);
  }
  CHECK(count(*store, "documents") == 2);
  CHECK(count(*store, "sources WHERE complete") == 0);
  CHECK(cell(*events(*store, {}), 0, "actors") == "Iceland");
}

TEST_CASE("a coder that throws fails its document, not the run, and is tried again next time") {
  const Folder folder;
  const fs::path file =
      folder.file("a.jsonl", record_line("one", "Norway attacks Iceland.") + record_line("two", "Iceland attacks Norway."));
  auto store = open_store(folder / "n.db");
  Coder coder = fake_coder();
  coder.code = [](const DocumentInput& input, EngineWorkspace&) -> Analysis {
    if (input.id == "one") throw std::bad_alloc();
    return fake_code(input);
  };
  AddReport report = add_all(*store, {file}, 2, coder);
  CHECK(report.added == 1);
  CHECK(report.failed == 1);
  CHECK(count(*store, "documents WHERE error_code = 'internal'") == 1);
  report = add_all(*store, {file});
  CHECK(report.recoded == 1);
  CHECK(report.unchanged == 1);
  CHECK(count(*store, "documents WHERE error_code IS NULL") == 2);
}

TEST_CASE("tables, pages and archives: date with its origin, encoding, warnings, places") {
  const Folder folder;
  const fs::path table =
      folder.file("rows.csv", "id,date,text\none,2031-05-05,Norway attacks Iceland.\ntwo,2031-05-06,Iceland attacks Norway.\n");
  const std::string article =
      "<!doctype html><title>Ships</title><script "
      "type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Ships\",\"datePublished\":"
      "\"2031-05-07T09:00:00Z\"}</script><article><p>Norway attacks Denmark, and nobody on the quay of the old port knows why it came to "
      "that.</p></article>";
  const fs::path page = folder.file("page.html", article);
  const fs::path latin = folder.file("latin.html",
                                     "<meta charset=koi8-r><article><p>Norway attacks Iceland near Tromsø, a caf\xc3\xa9 owner in the port "
                                     "says today, and the mayor, who saw it from his window, "
                                     "says the same.</p><p>Nobody was hurt, the harbour police said, but two cranes fell, a shed burned "
                                     "down, and the ferry stays where it is.</p></article>");
  const fs::path broken = folder.file("broken.zip", "PK\x03\x04 and nothing that a reader of archives could like");
  auto store = open_store(folder / "n.db");
  const AddReport report = add_all(*store, {table, page, latin, broken});
  CHECK(report.added == 4);
  CHECK(report.failed == 1);
  CHECK(report.files == 4);
  CHECK(report.warnings >= 1);
  CHECK(count(*store,
              "documents WHERE id = 'two' AND item = '3' AND format = 'csv' AND published = '2031-05-06' AND published_origin = 'file'") ==
        1);
  CHECK(count(*store, "documents WHERE format = 'html' AND published LIKE '2031-05-07%' AND published_origin = 'json-ld'") == 1);
  CHECK(count(*store, "run_documents WHERE path LIKE '%latin.html' AND encoding = 'UTF-8' AND warning_messages LIKE '%KOI8-R%'") == 1);
  CHECK(count(*store, "run_documents WHERE path LIKE '%broken.zip' AND outcome = 'failed' AND error_message <> ''") == 1);
  // Known work is not done again, whatever the format.
  const AddReport again = add_all(*store, {table, page, latin});
  CHECK(again.unchanged_files == 3);
  CHECK(again.added == 0);
}

TEST_CASE("an option of reading that changes makes the file be read again") {
  const Folder folder;
  const fs::path file = folder.file("a.jsonl", record_line("one", "Norway attacks Iceland."));
  auto store = open_store(folder / "n.db");
  add_all(*store, {file});
  const auto dated = file_source({.published = "2031-05-05"});
  const auto report = add(*store, fake_coder(), *dated, {file}, {});
  REQUIRE(report);
  CHECK(report->changed == 1);
  CHECK(count(*store, "documents WHERE published = '2031-05-05' AND published_origin = 'given'") == 1);
}
