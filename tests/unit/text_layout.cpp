// Heads, footers and repairs: docs/text.md.
#include <doctest/doctest.h>

#include "text/chars.h"
#include "text/text.h"

using namespace reportedly;

namespace {

const std::string kFirst = "The harbour master of Port Selwyn closed the northern pier on Tuesday after two barges collided there.";
const std::string kSecond = "Nobody was hurt, the harbour master said in a statement that was sent to the town's newspapers.";

text::Text read(std::string utf8) {
  DocumentInput input;
  input.text = std::move(utf8);
  auto text = text::read_text(input, {});
  REQUIRE(text.has_value());
  return std::move(*text);
}

std::string part_of(const text::Text& text, size_t paragraph) {
  REQUIRE(paragraph < text.paragraphs.size());
  return part_name(text.paragraphs[paragraph].part);
}

std::string slice(const text::Text& text, size_t paragraph) {
  return text.slice(text.paragraphs.at(paragraph).span);
}

size_t count(const text::Text& text, const std::string& kind) {
  size_t n = 0;
  for (const Repair& r : text.repairs) n += r.kind == kind;
  return n;
}

}  // namespace

TEST_CASE("head: Markdown title, bare name, date") {
  const text::Text t = read("# Barges collide at Port Selwyn\n\nOlwen Tharp\n\n18 March 2031\n\n" + kFirst + "\n\n" + kSecond);
  CHECK(t.title == "Barges collide at Port Selwyn");
  CHECK(t.byline == "Olwen Tharp");
  CHECK(t.published == "2031-03-18");
  REQUIRE(t.paragraphs.size() == 5);
  CHECK(part_of(t, 0) == "title");
  CHECK(part_of(t, 1) == "byline");
  CHECK(part_of(t, 2) == "dateline");
  CHECK(part_of(t, 3) == "body");
  CHECK(slice(t, 0) == "Barges collide at Port Selwyn");  // without the mark
  CHECK(count(t, "markup") == 1);
}

TEST_CASE("head: a title that ends in a small word is no broken paragraph") {
  const text::Text t = read("Barges collide as the pilots walk out\n\nBy Olwen Tharp\n\n" + kFirst + "\n\n" + kSecond);
  CHECK(t.title == "Barges collide as the pilots walk out");
  const text::Text in = read("Barges collide as mediators fly in\n\nBy Olwen Tharp\n\n" + kFirst + "\n\n" + kSecond);
  CHECK(in.title == "Barges collide as mediators fly in");
  CHECK(in.byline == "Olwen Tharp");
}

TEST_CASE("head: lines of one block, and joined fields") {
  for (const std::string head :
       {"Barges collide at Port Selwyn\nBy Olwen Tharp\nSept. 18, 2031\n\n",
        "Barges collide at Port Selwyn\n\nBy Olwen Tharp, 18 September 2031\n\n",
        "Barges collide at Port Selwyn\n\nOlwen Tharp | Thursday 18 September 2031 10:30 GMT\n\n",
        "Barges collide at Port Selwyn\n\nTwo ships are damaged and the pier is closed.\n\nBy Olwen Tharp\nPublished: 2031-09-18\n\n"}) {
    CAPTURE(head);
    const text::Text t = read(head + kFirst + "\n\n" + kSecond);
    CHECK(t.title == "Barges collide at Port Selwyn");
    CHECK(t.byline == "Olwen Tharp");
    CHECK(t.published == "2031-09-18");
    CHECK(part_of(t, t.paragraphs.size() - 2) == "body");
    CHECK(slice(t, t.paragraphs.size() - 2) == kFirst);
    // Head lines of one block are paragraphs of their own.
    for (const text::Unit& u : t.units)
      if (u.span.start == t.paragraphs[u.paragraph].span.start) CHECK(u.space == 3);
  }
}

TEST_CASE("no head: one paragraph, wrapped lines, records") {
  const text::Text one = read(kFirst);
  CHECK_FALSE(one.title.has_value());
  CHECK(part_of(one, 0) == "body");
  const text::Text wrapped =
      read("The harbour master of Port Selwyn closed the\nnorthern pier on Tuesday after two barges\ncollided there.\n\n" + kSecond);
  CHECK_FALSE(wrapped.title.has_value());
  CHECK(part_of(wrapped, 0) == "body");
  DocumentInput record;
  record.format = SourceFormat::record;
  record.text = "Barges collide\n\n" + kFirst + "\n\n" + kSecond;
  auto body = text::read_text(record, {});
  REQUIRE(body.has_value());
  CHECK(part_of(*body, 0) == "body");
  record.title = "Barges  collide";
  auto titled = text::read_text(record, {});
  REQUIRE(titled.has_value());
  CHECK(part_of(*titled, 0) == "title");
  CHECK(part_of(*titled, 1) == "body");
}

TEST_CASE("a section label is no byline and a speech is no title") {
  const text::Text t = read("Barges collide at Port Selwyn\n\nBreaking News\n\n" + kFirst + "\n\n" + kSecond);
  CHECK_FALSE(t.byline.has_value());
  const text::Text speech = read("“We saw nothing,” she said.\n\n" + kFirst);
  CHECK_FALSE(speech.title.has_value());
  CHECK(part_of(speech, 0) == "body");
}

TEST_CASE("a line that ends like a sentence is a title where a dateline or a byline follows it") {
  for (const std::string next : {"PORT SELWYN (EP) — ", "By Olwen Tharp\n\n"}) {
    const text::Text t = read("Two barges collide at Port Selwyn.\n\n" + next + kFirst + "\n\n" + kSecond);
    CHECK(t.title == "Two barges collide at Port Selwyn.");
    CHECK(part_of(t, 0) == "title");
  }
  CHECK_FALSE(read("Two barges collided at Port Selwyn.\n\n" + kFirst).title.has_value());
  DocumentInput record;
  record.format = SourceFormat::record;
  record.text = "Two barges collide at Port Selwyn.\n\nPORT SELWYN (EP) — " + kFirst;
  auto t = text::read_text(record, {});
  REQUIRE(t.has_value());
  CHECK(t->dateline.has_value());
}

TEST_CASE("datelines") {
  auto dateline = [](const std::string& begin) -> std::string {
    const text::Text t = read(begin + kFirst);
    return t.dateline ? t.slice(*t.dateline) : "";
  };
  CHECK(dateline("GENEVA, 5 May 2031 – ") == "GENEVA, 5 May 2031 –");
  CHECK(dateline("GENEVA (Example Press) - ") == "GENEVA (Example Press) -");
  CHECK(dateline("PORT SELWYN, Freedonia, May 5 (EP) -- ") == "PORT SELWYN, Freedonia, May 5 (EP) --");
  CHECK(dateline("LONDON — ") == "LONDON —");
  CHECK(dateline("Geneva, 5 May – ") == "Geneva, 5 May –");
  CHECK(dateline("NATO – an alliance – said that ") == "");
  CHECK(dateline("The mayor – a sailor – said that ") == "");
  CHECK(dateline("") == "");
  CHECK(read("GENEVA, 5 May 2031 – " + kFirst).published == "2031-05-05");
  CHECK_FALSE(read("GENEVA, 5 May – " + kFirst).published.has_value());
  const text::Text own = read("Barges collide\n\nGENEVA, 5 May 2031\n\n" + kFirst + "\n\n" + kSecond);
  CHECK(own.published == "2031-05-05");
  REQUIRE(own.dateline.has_value());
  CHECK(own.slice(*own.dateline) == "GENEVA, 5 May 2031");
}

TEST_CASE("a paragraph broken by a page is one paragraph") {
  const text::Text t = read(
      "Barges collide\n\nThe harbour master closed the northern pier after two barges from Port\n\nselwyn collided there in the "
      "night.\n\n" +
      kSecond);
  REQUIRE(t.paragraphs.size() == 3);
  CHECK(count(t, "paragraph_join") == 1);
  CHECK(t.repairs[0].span.size() == 2);
  const text::Text page = read(
      "The harbour master closed the northern pier on Tuesday after barges owned by the\n\nThe Selwyn Courier 3\n\n- 3 -\n\nHarbour "
      "Company collided there.\n\nThe Selwyn Courier 4\n\n" +
      kSecond + "\n\nThe Selwyn Courier 5\n\n" + kFirst);
  CHECK(count(page, "running_head") == 3);
  CHECK(count(page, "page_number") == 1);
  CHECK(count(page, "paragraph_join") == 1);
  REQUIRE(page.paragraphs.size() == 3);
  // What is bridged is in the span and not among the units.
  for (const text::Unit& u : page.units) CHECK(page.slice(u.span).find("Courier") == std::string::npos);
}

TEST_CASE("two pages are enough where a page number or a form feed stands beside the running head") {
  const std::string broken = "The harbour master closed the northern pier on Tuesday after two barges that had been";
  for (const std::string head : {"\n\n\nTHE SELWYN COURIER          Tuesday, 19 August 2031\n\n          Page 3\n\n\n",
                                 "\n\nTHE SELWYN COURIER\n3\n\n", "\n\fTHE SELWYN COURIER 3\n"}) {
    CAPTURE(head);
    const text::Text t = read(broken + head + "moored there collided in the night.\n\n" + broken + head +
                              "moored there collided again, and the harbour\nmaster resigned.\n\n" + kSecond);
    CHECK(count(t, "running_head") == 2);
    CHECK(count(t, "paragraph_join") == 2);
    CHECK(t.paragraphs.size() == 3);
  }
}

TEST_CASE("a number alone is a page's only where something says so") {
  CHECK(count(read("Three piers\n\n1\n\n" + kFirst + "\n\n2\n\n" + kSecond + "\n\n3\n\n" + kFirst), "page_number") == 0);
  CHECK(count(read(kFirst + "\n\nThe harbour master said that he had written to the\n\n3\n\ncompany twice."), "page_number") == 1);
  CHECK(count(read(kFirst + "\n\nPage 3 of 7\n\n" + kSecond), "page_number") == 1);
  CHECK(count(read(kFirst + "\n\n- 3 -\n\n" + kSecond), "page_number") == 1);
}

TEST_CASE("paragraphs that end are not joined") {
  for (const std::string second : {"the mayor said.", "And so it went.", "“we saw it,” he said."})
    CHECK(count(read(kFirst + "\n\n" + second), "paragraph_join") == 0);
  CHECK(count(read("What they want:\n\nlower fees for barges of all kinds"), "paragraph_join") == 0);
  CHECK(count(read(kFirst + "\n\nBackground\n\n" + kSecond), "paragraph_join") == 0);
}

TEST_CASE("hyphens at line ends") {
  auto forms = [](const std::string& utf8) {
    const text::Text t = read(utf8);
    std::string out;
    for (const text::Unit& u : t.units)
      out += (u.space && !out.empty() ? " " : "") + text::to_utf8(std::u32string_view(t.analysis).substr(u.begin, u.end - u.begin));
    return out;
  };
  CHECK(forms("The harbour mas-\nter closed it.") == "The harbour master closed it.");
  CHECK(forms("The US-\nled fleet left.") == "The US-led fleet left.");
  CHECK(forms("An anti-\ngovernment crowd came.") == "An anti-government crowd came.");
  CHECK(forms("A border cross-\ning.") == "A border crossing.");
  CHECK(forms("A cross-\nborder road.") == "A cross-border road.");
  CHECK(forms("A Franco-\nGerman fleet.") == "A Franco-German fleet.");
  CHECK(forms("A state-of-the-\nart pier.") == "A state-of-the-art pier.");
  CHECK(forms("Both short-\nand long-term fees.") == "Both short- and long-term fees.");
  CHECK(forms("It was over -\nfor now.") == "It was over - for now.");
  CHECK(forms("The barges of the harbour com-\n\npany collided.") == "The barges of the harbour company collided.");
  const text::Text t = read("The harbour mas-\nter closed it.");
  CHECK(count(t, "hyphen_join") == 1);
  CHECK(t.slice(t.units[2].span) == "mas-\nter");
  CHECK(t.slice(t.repairs[0].span) == "-\n");
}

TEST_CASE("footers") {
  const text::Text t = read("Barges collide\n\n" + kFirst + "\n\n" + kSecond +
                            "\n\nTo contact the Selwyn Courier\nand its "
                            "editors:\n\n**[example.org/contact](http://example.org/contact)**\n\n© 2031 Selwyn Courier");
  REQUIRE(t.paragraphs.size() == 6);
  for (size_t p = 3; p < 6; ++p) CHECK(part_of(t, p) == "footer");
  CHECK(part_of(t, 2) == "body");
  CHECK(count(t, "footer") == 3);
  CHECK(part_of(read("Follow us everywhere"), 0) == "body");  // never the whole text
}

TEST_CASE("without repairs nothing of this is done") {
  DocumentInput input;
  input.text = "# Barges collide\n\nBy Olwen Tharp\n\n12\n\nThe harbour mas-\nter closed\n\nthe pier.\n\n© 2031";
  auto t = text::read_text(input, {.repairs = false});
  REQUIRE(t.has_value());
  CHECK(t->repairs.empty());
  CHECK_FALSE(t->title.has_value());
  CHECK(t->analysis == t->chars);
  for (const text::Paragraph& p : t->paragraphs) CHECK(p.part == Part::body);
  CHECK(t->paragraphs.size() == 6);
}

TEST_CASE("a line of its own is a paragraph where lines are long") {
  const std::string longer = kFirst + " " + kSecond;
  const text::Text t = read("Barges collide at Port Selwyn\n" + longer + "\n" + longer);
  CHECK(t.title == "Barges collide at Port Selwyn");
  CHECK(t.paragraphs.size() == 3);
}
