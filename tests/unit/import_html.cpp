// Pages: what is the article, and what the page says of it. Parsed in this process.
#include <doctest/doctest.h>
#include <unistd.h>

#include "import_support.h"
#include "parsers/html_tree.h"
#include "parsers/parsers.h"

using namespace reportedly;
using namespace reportedly::importer;
using namespace reportedly::importer::test;

namespace {

struct Collect final : Output {
  std::vector<ImportedDocument> documents;
  std::vector<ImportFailure> failures;
  void document(ImportedDocument&& d) override { documents.push_back(std::move(d)); }
  void failure(ImportFailure&& f) override { failures.push_back(std::move(f)); }
  void pdf(EmbeddedPdf&&) override {}
  void member(size_t, const std::string&) override {}
  void member_done(size_t) override {}
  void passed_over() override {}
};

Collect read_page(const std::string& html, const About& about = {}) {
  Collect out;
  Job job;
  Shared shared{job, out};
  MemoryStream stream(html);
  parse(stream, Format::html, about, shared);
  return out;
}

ImportedDocument article(const std::string& html, const About& about = {}) {
  Collect out = read_page(html, about);
  REQUIRE(out.documents.size() == 1);
  return out.documents[0];
}

const std::string kThird =
    "Two tugs brought the barges to the dry dock, where engineers, divers and the insurers will look at them on Wednesday.";

}  // namespace

TEST_CASE("what is around the article is left out") {
  const std::string clutter =
      "<header class='site'><a href='/'>Selwyn Post</a> <nav><ul><li><a href='/w'>World news and everything "
      "else</a></li></ul></nav></header>"
      "<div class='cookie-banner'><p>We use cookies, as do our partners, to make this page better for you, and we ask you to "
      "agree.</p></div>";
  const std::string after =
      "<aside><p>Read our interview with the harbour master, who has been in office for twenty years, in the weekend edition.</p></aside>"
      "<section class='comments'><p>I was there, and I can tell you, it was nothing like what the paper writes about it, believe "
      "me.</p></section>"
      "<footer><p>© 2031 Selwyn Post, all rights reserved, no part of this page may be copied without our consent.</p></footer>";
  for (const std::string& wrap : {std::string("article"), std::string("div"), std::string("main")}) {
    CAPTURE(wrap);
    const ImportedDocument d = article(
        page("<title>Pier closed after collision | Selwyn Post</title>",
             clutter + "<" + wrap + "><h1>Pier closed after collision</h1><p class='byline'>By Ada Ruiz</p><p>5 May 2031</p><p>" + kFirst +
                 "</p><div class='related-links'><p>Related: all that has been said, written and sung about the pier, in one place, for "
                 "you.</p></div><p>" +
                 kSecond + "</p><p>Advertisement</p><h2>What is next</h2><ul><li>" + kThird +
                 "</li></ul><p><a href='/x'>More about harbours, piers and ships in our archive</a></p></" + wrap + ">" + after));
    CHECK(d.input.text == kFirst + "\n\n" + kSecond + "\n\nWhat is next\n\n" + kThird);
    CHECK(d.input.title == "Pier closed after collision");
    CHECK(d.input.byline == "Ada Ruiz");
    CHECK(d.input.published == "2031-05-05");
    CHECK(d.date_origin == DateOrigin::header);
    CHECK(d.input.format == SourceFormat::record);
    CHECK(d.input.language == "en");
  }
}

TEST_CASE("JSON-LD comes first, and only that of this article") {
  const std::string ld =
      "<script type='application/ld+json'>{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"WebSite\",\"name\":\"x\"},"
      "{\"@type\":\"NewsArticle\",\"headline\":\"Other story\",\"datePublished\":\"2030-01-01\"},"
      "{\"@type\":[\"ReportageNewsArticle\"],\"headline\":\"Pier &amp; port "
      "closed\",\"datePublished\":\"2031-05-05T23:30:00-05:00\",\"dateModified\":\"2031-06-01\","
      "\"author\":[{\"@type\":\"Person\",\"name\":\"Ada Ruiz\"},{\"name\":\"Bo Lind\"}],\"publisher\":{\"name\":\"Selwyn "
      "Post\"},\"isAccessibleForFree\":false}]}</script>";
  const ImportedDocument d =
      article(page("<meta property='article:published_time' content='2031-05-09'><meta property='og:site_name' content='Wrong'>" + ld,
                   "<h1>Pier &amp; port closed</h1>" + paragraphs()));
  CHECK(d.input.title == "Pier & port closed");
  CHECK(d.input.byline == "Ada Ruiz and Bo Lind");
  CHECK(d.input.publisher == "Selwyn Post");
  CHECK(d.input.published == "2031-05-05T23:30:00-05:00");
  CHECK(d.date_origin == DateOrigin::json_ld);
  CHECK(d.warnings.size() == 2);  // short, not free

  // The body in JSON-LD counts where the layout has none.
  const ImportedDocument script =
      article(page("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"T\",\"articleBody\":\"" + kFirst + " " +
                       kSecond + "\"}</script>",
                   "<div id='app'></div>"));
  CHECK(script.input.text == kFirst + " " + kSecond);
  const ImportedDocument damaged = article(page("<script type='application/ld+json'>{\"@type\":\"NewsArticle\",</script>", paragraphs()));
  CHECK(damaged.input.text == kArticle);
}

TEST_CASE("dates: where they come from, and never from the clock") {
  const auto with = [](const std::string& head, const std::string& body = "", const std::string& url = "") {
    About about;
    about.url = url;
    return article(page(head, body + paragraphs()), about);
  };
  CHECK(with("<meta property='article:published_time' content='2031-05-05T10:00:00Z'>").date_origin == DateOrigin::meta);
  CHECK(with("<meta itemprop='datePublished' content='2031-05-05'>").input.published == "2031-05-05");
  CHECK(with("<link rel='canonical' href='https://x.test/2031/may/05/pier'>").input.published == "2031-05-05");
  CHECK(with("", "", "https://x.test/news/2031-05-05-pier.html").date_origin == DateOrigin::url);
  CHECK(with("", "", "https://x.test/a-20310505.html").input.published == "2031-05-05");
  for (const std::string none : {"https://x.test/2031/05/pier", "https://x.test/a-20311305.html", "https://x.test/12345678901/",
                                 "https://x.test/2031-05-0/", "https://x.test/x?d=/2031/05/05/"}) {
    CAPTURE(none);
    CHECK_FALSE(with("", "", none).input.published.has_value());
  }
  ImportedDocument d = with("", "<header><h1>T</h1><time datetime='2031-05-05T10:00'>today</time></header>");
  CHECK(d.input.published == "2031-05-05T10:00");
  CHECK(d.date_origin == DateOrigin::header);
  d = with("", "<div>Published: Monday 5 May 2031</div>");
  CHECK(d.input.published == "2031-05-05");
  CHECK(d.input.text == kArticle);
  d = with("", "<div>Updated 7 May 2031</div>");
  CHECK_FALSE(d.input.published.has_value());
  CHECK(d.date_origin == DateOrigin::none);
  d = with("<meta name='date' content='05/06/2031'>");
  CHECK_FALSE(d.input.published.has_value());
  CHECK(d.warnings.size() == 2);
}

TEST_CASE("encodings of pages") {
  ImportedDocument d = article("<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'></head><body><p>" +
                               kFirst + " \xCC\xE8\xF0</p></body></html>");
  CHECK(d.input.text.ends_with("Мир"));
  CHECK(d.encoding == "windows-1251");
  d = article("<html><head><meta charset=utf-16></head><body><p>" + kFirst + " caf\xC3\xA9</p></body></html>");
  CHECK(d.input.text.ends_with("café"));
  d = article("<html><body><p>" + kFirst + " caf\xE9 \x93so\x94</p></body></html>");
  CHECK(d.input.text.ends_with("café “so”"));
  CHECK(d.encoding == "windows-1252");
  d = article("<html lang='de'><body><p>" + kFirst + " " + kSecond + " " + kThird + "</p></body></html>");
  CHECK_FALSE(d.input.language.has_value());
  CHECK(d.warnings.size() == 2);
}

TEST_CASE("old pages: tables for layout, line breaks for paragraphs, no closing tags") {
  const ImportedDocument d = article("<table><tr><td><a href=/>Home</a><td><font size=2>" + kFirst + "<br><br>" + kSecond + "<br>\n<br>" +
                                     kThird + "</font></table>");
  CHECK(d.input.text == kFirst + "\n\n" + kSecond + "\n\n" + kThird);
  // An article cut in two by a banner.
  const ImportedDocument cut = article(page(
      "", "<div class=c><div><p>" + kFirst +
              "</p></div><div class=ad><p>Buy our ships, boats and anything else that floats, today and only today!</p></div><div><p>" +
              kSecond + "</p><p>" + kThird + "</p></div></div><div class=x><p><a href=y>Something else</a></p></div>"));
  CHECK(cut.input.text == kFirst + "\n\n" + kSecond + "\n\n" + kThird);
}

TEST_CASE("pages without an article, and hostile ones") {
  Collect none = read_page(page("<title>A</title>", "<nav><a href=x>b</a></nav><script>write('x')</script>"));
  CHECK(none.documents.empty());
  REQUIRE(none.failures.size() == 1);
  CHECK(none.failures[0].code == ErrorCode::empty);

  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<div>";
  const Collect nested = read_page("<html><body>" + paragraphs() + deep + paragraphs());
  REQUIRE(nested.documents.size() == 1);
  CHECK(nested.documents[0].input.text.starts_with(kFirst));
  // Depth costs no more than length: tags beyond browsers' depth are left out, their text stays, and what follows is as before.
  for (int i = 0; i < 180000; ++i) deep += i % 2 ? "<b>" : "<DIV class='a>b'>";
  const Collect deeper = read_page("<html><body>" + deep + "<p>" + kFirst + "</p>" + std::string("<p>") + kFirst + "</body></html>");
  REQUIRE(deeper.documents.size() == 1);
  CHECK(deeper.documents[0].input.text == kFirst + "\n\n" + kFirst);
  std::string closed;
  for (int i = 0; i < 3000; ++i) closed = "<span>" + closed + "</span>";
  CHECK(article("<html><body>" + paragraphs() + closed + "<script>x='</div><div>';</script><div></div></body></html>").input.text ==
        article("<html><body>" + paragraphs() + "</body></html>").input.text);

  std::string json = "<script type='application/ld+json'>";
  for (int i = 0; i < 100000; ++i) json += "[";
  CHECK(read_page(page(json + "</script>", paragraphs())).documents.size() == 1);

  // Text that would be markup is text.
  const ImportedDocument d =
      article(page("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>", "<p>" + kFirst + " &lt;img src=x&gt;</p>"));
  CHECK(d.input.text.ends_with("<img src=x>"));
}

TEST_CASE("fragments") {
  CHECK(html_to_text("<p>A&nbsp;b</p><p>c<br>d<br/><br/>e</p><style>x</style>") == "A b\n\nc\nd\n\ne");
  CHECK(html_to_text("plain") == "plain");
  CHECK(html_to_line(" a &amp; <b>b</b>\n c ") == "a & b c");
}
