// The door: every line of SECURITY.md's table of checks, without a network.
#include "server_support.h"

using namespace server_test;  // NOLINT: tests

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const std::string kBearer = std::string("Bearer ") + kToken;
const std::string kCookie = std::string("other=1; reportedly_7413=") + kToken;

int status_of(const Guard& guard, const std::string& method, const std::string& target, Headers headers) {
  const auto refused = guard.admit({method, target, std::move(headers), ""});
  return refused ? refused->status : 200;
}

Guard door() {
  return Guard({kHost, "localhost:7413", "[::1]:7413"}, kToken, "reportedly_7413");
}

}  // namespace

TEST_CASE("Host: another name, another port, none or two are misdirected, pages and API alike, GET as well") {
  const Guard guard = door();
  for (const char* host : {"127.0.0.1:7413", "localhost:7413", "LOCALHOST:7413", "[::1]:7413"})
    CHECK(status_of(guard, "GET", "/", {{"Host", host}}) == 200);
  for (const char* host : {"evil.example:7413", "evil.example", "127.0.0.1", "127.0.0.1:80", "localhost:7413.evil.example", "",
                           "127.0.0.1:7413, evil.example"})
    for (const char* target : {"/", "/style.css", "/openapi.json", "/api/v1/status", "/open?key=1"}) {
      CAPTURE(host);
      CHECK(status_of(guard, "GET", target, {{"Host", host}, {"Authorization", kBearer}}) == 421);
      CHECK(status_of(guard, "POST", target, {{"Host", host}, {"Authorization", kBearer}}) == 421);
    }
  CHECK(status_of(guard, "GET", "/", {}) == 421);
  CHECK(status_of(guard, "GET", "/", {{"Host", kHost}, {"host", kHost}}) == 421);
}

TEST_CASE("The API needs the token, as Bearer or as cookie; the pages hold no data and need none") {
  const Guard guard = door();
  const auto api = [&](Headers headers) {
    headers.emplace_back("Host", kHost);
    return status_of(guard, "GET", "/api/v1/status", headers);
  };
  CHECK(status_of(guard, "GET", "/", {{"Host", kHost}}) == 200);
  CHECK(status_of(guard, "GET", "/openapi.json", {{"Host", kHost}}) == 200);
  CHECK(api({}) == 401);
  CHECK(api({{"Authorization", kBearer}}) == 200);
  CHECK(api({{"authorization", std::string("bearer ") + kToken}}) == 200);
  CHECK(api({{"Cookie", kCookie}}) == 200);
  CHECK(api({{"Authorization", "Bearer "}}) == 401);
  CHECK(api({{"Authorization", kBearer + "0"}}) == 401);
  CHECK(api({{"Authorization", kBearer.substr(0, kBearer.size() - 1)}}) == 401);
  CHECK(api({{"Authorization", kToken}}) == 401);
  CHECK(api({{"Cookie", "reportedly_7413="}}) == 401);
  CHECK(api({{"Cookie", std::string("reportedly_7414=") + kToken}}) == 401);
  CHECK(api({{"Cookie", std::string("xreportedly_7413=") + kToken}}) == 401);
  CHECK(status_of(guard, "GET", "/api/v1/status?token=" + std::string(kToken), {{"Host", kHost}}) == 401);
  CHECK(status_of(guard, "GET", "/api", {{"Host", kHost}}) == 401);
  CHECK(status_of(guard, "GET", "/api?x", {{"Host", kHost}}) == 401);
  const auto refused = guard.admit({"GET", "/api/v1/status", {{"Host", kHost}}, ""});
  CHECK(header(*refused, "WWW-Authenticate").starts_with("Bearer"));
  CHECK(refused->type == "application/problem+json");
  // An empty token opens nothing.
  const Guard empty({kHost}, "", "c");
  CHECK(status_of(empty, "GET", "/api/v1/status", {{"Host", kHost}, {"Authorization", "Bearer "}, {"Cookie", "c="}}) == 401);
}

TEST_CASE("Origin and Sec-Fetch-Site: pages elsewhere can neither read nor change, even with the cookie") {
  const Guard guard = door();
  const auto with = [&](const char* method, Headers headers) {
    headers.emplace_back("Host", kHost);
    headers.emplace_back("Cookie", kCookie);
    return status_of(guard, method, "/api/v1/corrections", headers);
  };
  for (const char* method : {"POST", "DELETE", "PUT", "PATCH"}) {
    CHECK(with(method, {{"Origin", "http://127.0.0.1:7413"}}) == 200);
    CHECK(with(method, {{"Origin", "http://127.0.0.1:7413"}, {"Sec-Fetch-Site", "same-origin"}}) == 200);
    CHECK(with(method, {{"Sec-Fetch-Site", "same-origin"}}) == 200);
    CHECK(with(method, {}) == 403);  // a browser that says nothing is not trusted with changes
    CHECK(with(method, {{"Sec-Fetch-Site", "none"}}) == 403);
    for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:8000", "http://localhost:7413",
                               "http://127.0.0.1:7413.evil.example", "127.0.0.1:7413", ""})
      CHECK(with(method, {{"Origin", origin}, {"Sec-Fetch-Site", "same-origin"}}) == 403);
    CHECK(with(method, {{"Origin", "http://127.0.0.1:7413"}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(with(method, {{"Origin", "http://127.0.0.1:7413"}, {"Sec-Fetch-Site", "same-site"}}) == 403);
    CHECK(with(method, {{"Origin", "http://127.0.0.1:7413"}, {"Origin", "http://evil.example"}}) == 403);
    // Programs have no origin; the token itself is proof.
    CHECK(status_of(guard, method, "/api/v1/corrections", {{"Host", kHost}, {"Authorization", kBearer}}) == 200);
    CHECK(status_of(guard, method, "/api/v1/corrections",
                    {{"Host", kHost}, {"Authorization", kBearer}, {"Origin", "http://evil.example"}}) == 403);
    CHECK(status_of(guard, method, "/", {{"Host", kHost}, {"Authorization", kBearer}}) == 405);
  }
  CHECK(with("GET", {{"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(with("GET", {{"Sec-Fetch-Site", "same-site"}}) == 403);
  CHECK(with("GET", {{"Origin", "http://evil.example"}}) == 403);
  CHECK(with("GET", {{"Sec-Fetch-Site", "same-origin"}}) == 200);
  CHECK(with("GET", {{"Sec-Fetch-Site", "none"}}) == 200);
  // Links from elsewhere may lead to a page, which holds nothing until it asks the API itself.
  CHECK(status_of(guard, "GET", "/search?q=x", {{"Host", kHost}, {"Sec-Fetch-Site", "cross-site"}}) == 200);
}

TEST_CASE("The link works once, and gives a cookie that scripts and other sites cannot use") {
  Guard guard = door();
  const std::string link = guard.link();
  REQUIRE(link.starts_with("http://127.0.0.1:7413/open?key="));
  const std::string key = link.substr(link.find('=') + 1);
  CHECK(key.size() == 64);
  CHECK(key != kToken);
  const Request bare{"GET", "/open", {{"Host", kHost}}, ""};
  bool used = true;
  CHECK(guard.open(bare, "", used).status == 403);
  CHECK(guard.open(bare, key.substr(1), used).status == 403);
  CHECK_FALSE(used);
  CHECK(guard.link() == link);
  const Response first = guard.open(bare, key, used);
  CHECK(used);
  CHECK(first.status == 303);
  CHECK(header(first, "Location") == "/");
  CHECK(header(first, "Set-Cookie") == std::string("reportedly_7413=") + kToken + "; HttpOnly; SameSite=Strict; Path=/");
  const Response second = guard.open(bare, key, used);
  CHECK(second.status == 403);
  CHECK(header(second, "Set-Cookie").empty());
  CHECK(guard.link() != link);
  // Who has the cookie already is let in without using up the next link.
  const std::string next = guard.link();
  const Response again = guard.open({"GET", "/open", {{"Host", kHost}, {"Cookie", kCookie}}, ""}, key, used);
  CHECK(again.status == 303);
  CHECK(header(again, "Set-Cookie").empty());
  CHECK(guard.link() == next);
}

TEST_CASE("Secrets: 256 bits, different each time, compared whole") {
  const std::string one = server::random_secret(), two = server::random_secret();
  CHECK(one.size() == 64);
  CHECK(one != two);
  CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(server::equal_secrets(one, one));
  CHECK_FALSE(server::equal_secrets(one.substr(1), one));
  CHECK_FALSE(server::equal_secrets("", ""));
}

TEST_CASE("Every answer carries the policy: own scripts alone, no framing, no sniffing, no referrer, no CORS") {
  const Fixture f;
  for (const Response& answer :
       {f.get("status"), f.get("nothing"), f.get("search?q=%22"), f.app->handle({"GET", "/", {{"Host", kHost}}, ""}),
        f.app->handle({"GET", "/main.js", {{"Host", kHost}}, ""}), f.app->handle({"GET", "/", {{"Host", "evil.example"}}, ""}),
        f.app->handle({"GET", "/api/v1/status", {{"Host", kHost}}, ""}), f.app->handle({"GET", "/open?key=x", {{"Host", kHost}}, ""})}) {
    const std::string policy = header(answer, "Content-Security-Policy");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "));
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(policy.find("require-trusted-types-for 'script'") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find('*') == std::string::npos);
    CHECK(header(answer, "X-Content-Type-Options") == "nosniff");
    CHECK(header(answer, "Referrer-Policy") == "no-referrer");
    CHECK(header(answer, "Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(header(answer, "Cache-Control") == "no-store");
    for (const auto& [name, value] : answer.headers) CHECK_FALSE(name.starts_with("Access-Control"));
  }
}

TEST_CASE("Pages hold no script or style of their own outside files, and name no other host") {
  for (const char* name : {"index.html", "main.js", "dom.js", "api.js", "reader.js", "style.css"}) {
    const server::WebFile* file = server::web_file(name);
    REQUIRE(file);
    CAPTURE(name);
    const std::string text(file->bytes);
    for (const char* forbidden : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "https://"})
      CHECK(text.find(forbidden) == std::string::npos);
  }
  const std::string page(server::web_file("index.html")->bytes);
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find("style=") == std::string::npos);
  CHECK(page.find(" on") == std::string::npos);
}
