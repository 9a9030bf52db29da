// Opening, the writer's lock, files that are no stores, and the schema.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "corpus/rows.h"
#include "corpus_support.h"

using namespace corpus_test;  // NOLINT: tests

namespace {

ErrorCode open_error(const fs::path& path, StoreAccess access = StoreAccess::read) {
  auto store = Store::open(path, {.access = access});
  REQUIRE_FALSE(store);
  CHECK(!store.error().message.empty());
  return store.error().code;
}

}  // namespace

TEST_CASE("a store is made once, for its owner alone, and opened by readers and one writer") {
  const Folder folder;
  const fs::path path = folder / "n.db";
  CHECK(open_error(path) == ErrorCode::not_found);
  CHECK(open_error(path, StoreAccess::write) == ErrorCode::not_found);
  CHECK(open_error(folder / "no/n.db", StoreAccess::create) == ErrorCode::not_found);
  CHECK(open_error(folder.path) == ErrorCode::bad_store);
  {
    auto writer = open_store(path);
    add_all(*writer, {folder.file("a.txt", "Norway attacks Iceland.")});
    for (const char* suffix : {"", "-wal", "-shm", "-lock"}) {
      struct stat info {};
      REQUIRE(::stat((path.string() + suffix).c_str(), &info) == 0);
      CHECK_MESSAGE((info.st_mode & 0777) == 0600, suffix);
    }
    auto second = Store::open(path, {.access = StoreAccess::write, .wait_ms = 30});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::locked);
    CHECK(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
    CHECK(events(*open_store(path, StoreAccess::read), {})->rows.size() == 1);
  }
  open_store(path, StoreAccess::write);  // the lock went with its holder
}

TEST_CASE("what is no store is told apart") {
  const Folder folder;
  const fs::path text = folder.file("text.db", std::string(5000, 'x'));
  CHECK(open_error(text) == ErrorCode::bad_store);
  CHECK(open_error(text, StoreAccess::create) == ErrorCode::bad_store);
  const fs::path other = folder / "other.db";
  SQLite::Database(other.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t(x)");
  CHECK(open_error(other) == ErrorCode::bad_store);
  CHECK(open_error(other, StoreAccess::create) == ErrorCode::bad_store);  // and it is left alone
  CHECK(SQLite::Database(other.string()).execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 1);
  CHECK(open_error(folder.file("empty.db", "")) == ErrorCode::bad_store);

  const fs::path newer = folder / "newer.db";
  open_store(newer)->database().exec("PRAGMA user_version = 99");
  for (const StoreAccess access : {StoreAccess::read, StoreAccess::write}) {
    auto store = Store::open(newer, {.access = access});
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::bad_store);
    CHECK(store.error().message.find("newer") != std::string::npos);
  }
}

TEST_CASE("a process that dies while it makes a store leaves nothing half made") {
  const Folder folder;
  const fs::path path = folder / "n.db";
  folder.file("n.db", "");  // as far as it came
  add_all(*open_store(path), {folder.file("a.txt", "Norway attacks Iceland.")});
  CHECK(verify(*open_store(path, StoreAccess::write))->problems.empty());
}

TEST_CASE("where nothing can be written, the way out is named") {
  const Folder folder;
  fs::create_directories(folder / "s.db-lock");  // also for root
  const auto refused = Store::open(folder / "s.db", {.access = StoreAccess::create});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unwritable);
  CHECK(refused.error().message.find("--store") != std::string::npos);
}

TEST_CASE("a folder without write rights: reading works, writing says what is wrong") {
  const Folder folder;
  fs::create_directory(folder / "shut");
  const fs::path path = folder / "shut/n.db";
  add_all(*open_store(path), {folder.file("a.txt", "Norway attacks Iceland.")});
  // The superuser may write everywhere, so another user looks.
  fs::permissions(folder.path, fs::perms(0755));
  fs::permissions(path, fs::perms(0644));
  fs::permissions(folder / "shut", fs::perms(0555));
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(9);
    auto reader = Store::open(path);
    if (!reader) ::_exit(1);
    if (!search(**reader, {.query = "iceland"}) || search(**reader, {.query = "iceland"})->rows.size() != 1) ::_exit(2);
    for (const StoreAccess access : {StoreAccess::write, StoreAccess::create}) {
      auto writer = Store::open(path, {.access = access});
      if (writer || writer.error().code != ErrorCode::unwritable) ::_exit(3);
    }
    auto made = Store::open(path.string() + "2", {.access = StoreAccess::create});
    ::_exit(made || made.error().code != ErrorCode::unwritable ? 4 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  fs::permissions(folder / "shut", fs::perms(0755));
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("every view can be read with plain sqlite3") {
  const Folder folder;
  const fs::path path = folder / "n.db";
  add_all(*open_store(path), {folder.file("a.txt", "Norway attacks Iceland. Norway denies that Norway attacks Iceland.")});
  SQLite::Database db(path.string());
  SQLite::Statement views(db, "SELECT name FROM sqlite_master WHERE type = 'view'");
  int seen = 0;
  while (views.executeStep()) {
    SQLite::Statement rows(db, "SELECT * FROM " + views.getColumn(0).getString());
    while (rows.executeStep()) {
    }
    ++seen;
  }
  CHECK(seen >= 16);
  SQLite::Statement event(db, "SELECT event, actors, recipients, sentence, voice, disputed FROM event_list ORDER BY event");
  REQUIRE(event.executeStep());
  CHECK(event.getColumn(0).getString().ends_with("#v1"));
  CHECK(event.getColumn(1).getString() == "Norway");
  CHECK(event.getColumn(2).getString() == "Iceland");
  CHECK(event.getColumn(3).getString() == "Norway attacks Iceland.");
  CHECK(event.getColumn(5).getInt() == 1);
  REQUIRE(event.executeStep());
  CHECK(event.getColumn(4).getString() == "Norway (denies)");
}

TEST_CASE("days that a date may mean") {
  using corpus::days_of;
  const auto days = [](const std::string& value) {
    const auto d = days_of(value);
    if (!d) return std::string("none");
    SQLite::Database db(":memory:");
    SQLite::Statement s(db, "SELECT date(?) || ' ' || date(?)");
    s.bind(1, d->first);
    s.bind(2, d->second);
    s.executeStep();
    return s.getColumn(0).getString();
  };
  CHECK(days("2031-05-02") == "2031-05-02 2031-05-02");
  CHECK(days("2032-02") == "2032-02-01 2032-02-29");
  CHECK(days("2031") == "2031-01-01 2031-12-31");
  CHECK(days("2031-Q2") == "2031-04-01 2031-06-30");
  CHECK(days("2031-H2") == "2031-07-01 2031-12-31");
  CHECK(days("2031-W18") == "2031-04-28 2031-05-04");
  CHECK(days("2031-SP") == "2031-01-01 2031-12-31");
  CHECK(days("2031-02-30") == "none");
  CHECK(days("PAST_REF") == "none");
  CHECK(days("203") == "none");
}

TEST_CASE("the same actor over documents") {
  const auto entity = [](const char* name, const char* kind, const char* country, std::vector<std::string> why, MentionKind mention) {
    Entity e{.name = name, .kind = kind, .mentions = {{{0, 1}, 0, mention}}, .why = std::move(why)};
    if (*country) e.country = country;
    return corpus::actor_key(e);
  };
  CHECK(entity("Norway", "state", "NOR", {"actors/states:NOR"}, MentionKind::name).key == "state:NOR");
  CHECK(entity("Norway’s navy", "organisation", "NOR", {"agents:navy", "actors/states:NOR"}, MentionKind::nominal).key ==
        entity("the Norwegian navy", "organisation", "NOR", {"agents:navy"}, MentionKind::nominal).key);
  CHECK(entity("UN Security Council", "organisation", "UNO", {"actors/international:UN Security Council line 8"}, MentionKind::name).key ==
        "actors/international:UN Security Council");
  CHECK(entity("Ada Holm", "person", "NOR", {}, MentionKind::name).key == entity("Ada Holm", "person", "", {}, MentionKind::name).key);
  CHECK(entity("Holm", "person", "NOR", {}, MentionKind::name).key != entity("Holm", "person", "ISL", {}, MentionKind::name).key);
  CHECK_FALSE(entity("two fishermen", "group", "", {"agents:fisherman"}, MentionKind::nominal).named);
  CHECK(entity("the shoals", "thing", "", {}, MentionKind::nominal).key.empty());
}
