// A store with a few documents, and a server or its routes over it.
#pragma once
#include <nlohmann/json.hpp>

#include "corpus_support.h"
#include "reportedly/server.h"
#include "server/app.h"

namespace server_test {

using namespace corpus_test;  // NOLINT: tests
using nlohmann::json;
using server::App;
using server::Guard;
using server::Request;
using server::Response;

constexpr const char* kHost = "127.0.0.1:7413";
constexpr const char* kToken = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Three documents: a claim, a denial, and one with marks of markup in all of its fields.
inline void fill(const Folder& folder, const Coder& coder = fake_coder()) {
  folder.file("a.jsonl",
              record_line("one", "Iceland says that Norway attacks Hofn. Norway denies that Norway attacks Hofn.",
                          R"("publisher":"The Fjord Post","published":"2031-05-05","title":"Shells on Hofn",)") +
                  record_line("two", "Norway attacks Hofn.", R"("publisher":"Northern Wire","published":"2031-05-06","title":"Again",)") +
                  record_line("<b>/#?&%", "<script>alert(1)</script> attacks <img>.",
                              R"("publisher":"<i>paper</i>","published":"2031-05-07","title":"</title><script>alert(1)</script>",)"));
  const auto store = open_store(folder / "s.db");
  add_all(*store, {folder / "a.jsonl"}, 1, coder);
}

struct Fixture {
  Folder folder;
  ServerOptions options;
  Guard guard{{kHost, "localhost:7413"}, kToken, "reportedly_7413"};
  std::unique_ptr<App> app;

  explicit Fixture(ServerLimits limits = {}) {
    fill(folder);
    options.store = folder / "s.db";
    options.coder = fake_coder();
    options.limits = limits;
    app = std::make_unique<App>(options, guard);
  }
  Response get(const std::string& path) const {
    return app->handle({"GET", "/api/v1/" + path, {{"Host", kHost}, {"Authorization", std::string("Bearer ") + kToken}}, ""});
  }
  Response send(const std::string& method, const std::string& path, const std::string& body,
                const std::string& type = "application/json") const {
    return app->handle(
        {method, "/api/v1/" + path, {{"Host", kHost}, {"Authorization", std::string("Bearer ") + kToken}, {"Content-Type", type}}, body});
  }
  json read(const std::string& path) const {
    const Response answer = get(path);
    INFO(path, " ", answer.body);
    REQUIRE(answer.status == 200);
    return json::parse(answer.body);
  }
};

inline std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

}  // namespace server_test
