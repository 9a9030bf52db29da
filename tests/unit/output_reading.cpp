// The formats for people: account, explanation, page.
#include <doctest/doctest.h>

#include "output/page.h"
#include "output/sha256.h"
#include "output/terminal.h"
#include "output_sample.h"

using namespace reportedly;

namespace {
bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
size_t count(const std::string& text, std::string_view part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}
}  // namespace

TEST_CASE("account: who, what, whom, voices, status, disputes") {
  const std::string text = to_account(sample::geneva(), false, 100);
  CHECK(has(text, "COERCE denied"));
  CHECK(has(text, "Norway (NOR MIL) → Iceland (ISL)"));
  CHECK(has(text, "*entered*"));
  CHECK(has(text, "✗ Norway’s foreign ministry (denies)"));
  CHECK(has(text, "✓ Reykjavik (asserts) › two fishermen (asserts)"));
  CHECK(has(text, "whether it happened"));
  CHECK_FALSE(has(text, "\x1b"));
}

TEST_CASE("account: wraps to the width, colour takes no columns") {
  const std::string narrow = to_account(sample::geneva(), false, 50);
  size_t column = 0;
  for (char c : narrow) {
    column = c == '\n' ? 0 : column + ((static_cast<unsigned char>(c) & 0xC0) != 0x80);
    CHECK(column <= 50);
  }
  std::string coloured = to_account(sample::geneva(), true, 50), plain;
  CHECK(has(coloured, "\x1b["));
  for (size_t i = 0; i < coloured.size(); ++i) {
    if (coloured[i] == '\x1b')
      while (coloured[i] != 'm') ++i;
    else
      plain += coloured[i];
  }
  // Without colour the trigger stands between asterisks.
  CHECK(count(plain, "\n") == count(narrow, "\n"));
}

TEST_CASE("account: text from outside sends nothing to the terminal") {
  Analysis a = sample::geneva();
  a.document.title =
      "red \x1b[31malert\x07 \xC2\x9B"
      "31m \xE2\x80\xAE"
      "desrever";
  a.entities[0].name = "Nor\x1b]0;way";
  a.events[0].why = {"\x1b[2J"};
  for (const std::string& text : {to_account(a, false, 100), *explain(a, "v1")}) {
    CHECK_FALSE(has(text, "\x1b"));
    CHECK_FALSE(has(text, "\x07"));
    CHECK_FALSE(has(text, "\xC2\x9B"));
    CHECK_FALSE(has(text, "\xE2\x80\xAE"));
  }
}

TEST_CASE("account: a failed document says why") {
  CHECK(has(to_account(sample::failed(), false, 80), "not coded: no field"));
}

TEST_CASE("account: what is said without an event is listed") {
  Analysis a = sample::geneva();
  a.events.clear();
  a.disputes.clear();
  const std::string text = to_account(a, false, 100);
  CHECK(has(text, "No events."));
  CHECK(has(text, "a2"));
  CHECK(has(text, "two fishermen told the coast guard"));
}

TEST_CASE("explain: the reasons, and what was not taken") {
  const auto text = explain(sample::geneva(), "v1");
  REQUIRE(text);
  for (const char* part : {"events/coerce:enter-waters", "actors/states:NOR", "agents:foreign ministry", "no date given for the entry",
                           "cues:deny", "content before 'as'", "events/consult:visit", "confidence 0.83"})
    CHECK_MESSAGE(has(*text, part), part);
  CHECK(has(*explain(sample::geneva(), "s1"), "events: v1"));
  CHECK(has(*explain(sample::geneva(), "a3"), "cues:tell"));
}

TEST_CASE("explain: a sentence without an event") {
  Analysis a = sample::geneva();
  a.events.clear();
  a.notes = {{0, {{"events/coerce:enter", "the actor is not known"}}}};
  const std::string text = *explain(a, "s1");
  CHECK(has(text, "no event"));
  CHECK(has(text, "the actor is not known"));
  a.notes.clear();
  CHECK(has(*explain(a, "s1"), "no entry of the event lexicon matched"));
}

TEST_CASE("explain: wrong names are wrong usage") {
  for (const char* what : {"", "v", "v0", "v2", "s9", "a7", "x1", "v1x", "v-1", "v99999999999999999999"}) {
    const auto text = explain(sample::geneva(), what);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == ErrorCode::usage);
  }
  CHECK(explain(sample::failed(), "v1").error().code == ErrorCode::bad_format);
}

TEST_CASE("html: the policy names exactly the style and the script of the page") {
  const std::string head = html_head(sample::engine()), tail = html_tail();
  CHECK(has(head, "default-src 'none'"));
  CHECK(has(head, "style-src 'sha256-" + output::sha256_base64(output::kPageStyle) + "'"));
  CHECK(has(head, "script-src 'sha256-" + output::sha256_base64(output::kPageScript) + "'"));
  CHECK(has(head, "<style>" + std::string(output::kPageStyle) + "</style>"));
  CHECK(has(tail, "<script>" + std::string(output::kPageScript) + "</script>"));
  const std::string page = head + to_html(sample::geneva()) + tail;
  CHECK(count(page, "<script") == 1);
  CHECK_FALSE(has(page, "http://"));
  CHECK_FALSE(has(page, "https://"));
  CHECK_FALSE(has(page, " style="));
  CHECK_FALSE(has(page, "onclick"));
}

TEST_CASE("sha256: the examples of the standard") {
  CHECK(output::sha256_base64("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK(output::sha256_base64("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  CHECK(output::sha256_base64("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
}

TEST_CASE("html: everything from outside is escaped") {
  Analysis a = sample::geneva();
  const std::string evil = "<img src=x onerror=alert(1)>\"'&</script>";
  a.document.title = a.document.publisher = a.document.byline = a.document.id = evil;
  a.document.warnings = {{"x", evil, std::nullopt}};
  a.entities[0].name = a.entities[1].name = evil;
  a.entities[0].why = a.events[0].why = a.events[0].date_why = {evil};
  a.events[0].considered = {{evil, evil}};
  a.disputes[0].positions[0].holds = evil;
  a.document.text = evil + a.document.text;
  for (Analysis page : {a, [] {
                          auto f = sample::failed();
                          f.error->message = f.document.text = "<img src=x onerror=alert(1)></script>";
                          return f;
                        }()}) {
    const std::string html = to_html(page);
    CHECK_FALSE(has(html, "<img"));
    CHECK_FALSE(has(html, "</script"));
    CHECK(has(html, "&lt;img"));
  }
}

TEST_CASE("html: every character of the text is there once, whatever crosses") {
  Analysis a = sample::geneva();
  a.attributions[0].content = {{60, 100}};
  a.attributions[1].content = {{80, 130}};  // crosses the first
  a.attributions[2].content = {{0, 162}};
  a.attributions[2].cue = {{70, 90}};  // crosses a trigger
  const std::string html = to_html(a);
  const size_t begin = html.find("<p class=\"text\">") + 16;
  const std::string paragraph = html.substr(begin, html.find("</p>", begin) - begin);
  std::string text;
  bool inside = false;
  for (char c : paragraph) {
    if (c == '<') inside = true;
    if (!inside) text += c;
    if (c == '>') inside = false;
  }
  CHECK(text == a.document.text);
  CHECK(count(html, "<span") == count(html, "</span>"));
  CHECK(count(html, "<a ") == count(html, "</a>"));
  CHECK(count(html, "<section") == count(html, "</section>"));
  CHECK(count(html, "<div") == count(html, "</div>"));
}

TEST_CASE("html: text that was read over is shown between the paragraphs") {
  Analysis a;
  a.document.language = "en";
  a.document.text = "One.\n\nPage 3\n\nTwo.";
  a.sentences = {{.span = {0, 4}}, {.span = {14, 18}, .paragraph = 1}};
  const std::string html = to_html(a);
  CHECK(has(html, "Page 3"));
  CHECK(has(html, "left"));
  CHECK(html.find("One.") < html.find("Page 3"));
  CHECK(html.find("Page 3") < html.find("Two.", html.find("Page 3")));
}
