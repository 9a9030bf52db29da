// Files that want to do harm: every one ends in a failure that names the limit, and what stands beside them is read.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

#include "import/message.h"
#include "import_support.h"
#include "parsers/sandbox.h"

using namespace reportedly;
using namespace reportedly::importer;
using namespace reportedly::importer::test;

namespace {

bool says(const ImportFailure& failure, const std::string& words) {
  return failure.reason.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("names that lead elsewhere, links and devices are refused by name") {
  const Folder folder;
  const std::vector<std::pair<std::string, std::string>> tricks{
      {"/etc/passwd", "absolute"}, {"../../up.txt", "(..)"},       {"a/../../b.txt", "(..)"},
      {"C:\\x.txt", "absolute"},   {"..\\up.txt", "(..)"},         {"a\nb.txt", "control"},
      {"\\\\host\\x", "absolute"}, {"txt.\u202Egnp.txt", "hides"}, {std::string(2000, 'a'), "longer"}};
  std::vector<Member> members;
  for (const auto& trick : tricks) members.push_back({trick.first, "A ship left."});
  members.push_back({"link", "target", 0120777});
  members.push_back({"fine..txt", "A ship left."});
  Read r = read({folder.file("a.zip", zip(members))});
  REQUIRE(r.failures.size() == tricks.size() + 1);
  for (size_t i = 0; i < tricks.size(); ++i) {
    CAPTURE(tricks[i].first);
    CHECK(says(r.failures[i], "path trick"));
    CHECK(says(r.failures[i], tricks[i].second));
    CHECK_FALSE(r.failures[i].member.empty());
  }
  CHECK(says(r.failures.back(), "link"));
  CHECK(r.documents.size() == 1);

  r = read({folder.file("a.tar", tar_member("l", "", '2', "/etc/passwd") + tar_member("h", "", '1', "b.txt") + tar_member("dev", "", '3') +
                                     tar_member("pipe", "", '6') + tar_member("b.txt", "A ship left.") + tar_end())});
  REQUIRE(r.failures.size() == 4);
  CHECK(says(r.failures[0], "link"));
  CHECK(says(r.failures[1], "link"));
  CHECK(says(r.failures[2], "device"));
  CHECK(says(r.failures[3], "device"));
  CHECK(r.documents.size() == 1);
}

TEST_CASE("archive bombs: ratio, size, entries, depth, counted while reading") {
  const Folder folder;
  const std::string zeros(size_t{40} << 20, '\n');
  Read r = read({folder.file("ratio.zip", zip({{"a.txt", "A ship left."}, {"bomb.jsonl", zeros}, {"b.txt", "Another."}}))});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "ratio limit"));
  CHECK(r.failures[0].code == ErrorCode::too_large);
  CHECK(r.failures[0].member == "bomb.jsonl");
  CHECK(r.documents.size() == 1);
  r = read({folder.file("bomb.gz", gzipped(zeros))});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "ratio limit"));
  r = read({folder.file("twice.gz", gzipped(gzipped(zeros)))});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "ratio limit"));

  r = read({folder.file("size.tar", tar_member("a.jsonl", std::string(200000, '\n')) + tar_member("b.txt", "b") + tar_end())},
           {.limits = {.total_bytes = 100000}});
  REQUIRE_FALSE(r.failures.empty());
  CHECK(says(r.failures[0], "size limit"));
  r = read({folder.file("long.tar", tar_member("a.txt", std::string(200000, 'a')) + tar_member("b.txt", "b") + tar_end())},
           {.limits = {.document_bytes = 100000}});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "size limit"));
  CHECK(r.documents.size() == 1);

  std::vector<Member> many(20, {"a.txt", "A ship left."});
  r = read({folder.file("many.zip", zip(many))}, {.limits = {.entries = 10}});
  CHECK(r.documents.size() == 10);
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "entry limit"));

  std::string deep = zip({{"a.txt", "A ship left."}});
  for (int i = 0; i < 6; ++i) deep = zip({{"deeper.zip", deep}});
  r = read({folder.file("deep.zip", deep)});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "depth limit"));
  CHECK(r.failures[0].member == "deeper.zip!deeper.zip!deeper.zip");
}

TEST_CASE("damaged and false archives") {
  const Folder folder;
  const std::string good = zip({{"a.txt", "A ship left, and another one came to the harbour."}, {"b.txt", "B."}});
  CHECK_FALSE(read({folder.file("cut.zip", good.substr(0, 60))}).failures.empty());
  CHECK(read({folder.file("head.zip", "PK\x03\x04 and nothing")}).failures.size() == 1);
  CHECK(read({folder.file("gz.gz", "\x1F\x8B\x08 and nothing")}).failures.size() == 1);
  CHECK(read({folder.file("empty.zip", zip({}))}).failures.at(0).code == ErrorCode::empty);
  std::string wrong = good;
  wrong[45] ^= 0x55;  // inside the packed bytes of a.txt
  const Read r = read({folder.file("crc.zip", wrong)});
  CHECK(r.failures.size() == 1);
  CHECK(r.documents.size() == 1);
  std::string encrypted = good;
  encrypted[6] |= 1, encrypted[good.find("PK\x01\x02") + 8] |= 1;
  const Read e = read({folder.file("secret.zip", encrypted)});
  REQUIRE(e.failures.size() == 1);
  CHECK(says(e.failures[0], "encrypted"));
  CHECK(e.documents.size() == 1);
}

TEST_CASE("entities in feeds are refused by name") {
  const Folder folder;
  const std::string laughs =
      "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
      "<rss><channel><item><title>&x;</title><description>&b;</description></item></channel></rss>";
  Read r = read(
      {folder.file("a.xml", laughs), folder.file("b.rss", "<!--x--><!DOCTYPE y\n[ <!ENTITY % p SYSTEM 'http://x.test/'> %p; ]><rss/>")});
  REQUIRE(r.failures.size() == 2);
  CHECK(says(r.failures[0], "XML entities"));
  CHECK(says(r.failures[1], "XML entities"));
  std::string deep = "<rss><channel>";
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  r = read({folder.file("c.xml", deep)});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "depth limit"));
}

TEST_CASE("memory and time of the child are limited, and members after the bad one are read") {
  const Folder folder;
  std::string huge = "<html><body>";
  for (int i = 0; i < 800000; ++i) huge += "<p>x";
  const std::vector<Member> members{{"a.txt", "A ship left."}, {"huge.html", huge}, {"b.txt", "Another came."}};
  const std::string archive = folder.file("a.zip", zip(members));
  Read r = read({archive}, {.limits = {.memory = size_t{48} << 20}});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "memory limit"));
  CHECK(r.failures[0].code == ErrorCode::too_large);
  CHECK(r.failures[0].member == "huge.html");
  REQUIRE(r.documents.size() == 2);
  CHECK(r.documents[1].input.text == "Another came.");

  std::string slow = "<html><body>" + paragraphs();
  for (int i = 0; i < 10'000'000; ++i) slow += "<p>x";
  r = read({folder.file("slow.html", slow), folder.file("b.txt", "Another came.")},
           {.limits = {.memory = size_t{8} << 30, .cpu_seconds = 1}});
  REQUIRE(r.failures.size() == 1);
  CHECK(says(r.failures[0], "CPU time limit"));
  CHECK(r.documents.size() == 1);
}

TEST_CASE("who is shut in can do nothing but parse") {
  const auto status_of = [](const std::function<void()>& deed, Sandbox kind = Sandbox::parser, size_t memory = size_t{256} << 20) {
    const pid_t child = fork();
    if (child == 0) {
      if (!shut_in(kind, memory, 5)) _exit(99);
      deed();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  };
  const auto killed = [&](const std::function<void()>& deed, Sandbox kind = Sandbox::parser) {
    const int status = status_of(deed, kind);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
  };
  CHECK(status_of([] { free(malloc(1000000)); }) == 0);
  for (const Sandbox kind : {Sandbox::parser, Sandbox::converter}) {
    CHECK(killed([] { (void)!socket(AF_INET, SOCK_STREAM, 0); }, kind));
    CHECK(killed([] { (void)!fork(); }, kind));
    CHECK(killed([] { (void)!open("/tmp/reportedly_never", O_WRONLY | O_CREAT, 0600); }, kind));
    CHECK(killed([] { (void)!kill(getppid(), SIGTERM); }, kind));
    CHECK(killed([] { (void)!unlink("/tmp/reportedly_never"); }, kind));
  }
  CHECK(killed([] { (void)!open("/etc/passwd", O_RDONLY); }));
  CHECK(killed([] { (void)!execl("/bin/true", "true", nullptr); }));
  CHECK(killed([] { (void)!mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }));
  CHECK(status_of([] {
          void* p = malloc(size_t{1} << 30);
          _exit(p ? 1 : 0);
        }) == 0);
}

TEST_CASE("what comes from the child is not believed") {
  ImportedDocument d;
  d.input.text = "A ship left.";
  d.input.title = "bad \xFF title";
  d.member = "m";
  const std::string frame = encode(d).substr(4);
  auto message = decode_message(frame);
  REQUIRE(message.has_value());
  CHECK(message->document.input.text == "A ship left.");
  CHECK(message->document.input.title == "bad \xEF\xBF\xBD title");
  for (size_t n = 0; n < frame.size(); ++n) {
    // A frame cut at the end of a field is one with fewer fields; everywhere else it is none.
    const auto cut = decode_message(std::string_view(frame).substr(0, n));
    if (cut) CHECK(cut->document.input.text.size() <= 12);
  }
  std::string wrong = frame;
  wrong[2] = '\x7F', wrong[5] = '\x7F';
  CHECK_FALSE(decode_message(wrong).has_value());
  CHECK_FALSE(decode_message("\x63").has_value());
  CHECK_FALSE(decode_message(encode(Job{}).substr(4)).has_value());
}
