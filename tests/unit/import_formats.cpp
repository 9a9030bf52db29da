// Every format as users have it, through the child process.
#include <doctest/doctest.h>
#include <unistd.h>

#include "import/charset.h"
#include "import/format.h"
#include "import_support.h"

using namespace reportedly;
using namespace reportedly::importer;
using namespace reportedly::importer::test;

TEST_CASE("plain text and JSONL are read as before, a bad line harms no other") {
  const Folder folder;
  const std::string plain = folder.file("a.txt", "A ship left.\n");
  const std::string records =
      folder.file("b.jsonl",
                  "\xEF\xBB\xBF{\"id\":\"x\",\"text\":\"One \\ud800 end\",\"extra\":[1,{\"text\":2}],\"published\":null}\r\n"
                  "\n"
                  "{\"id\":7,\"text\":\n"
                  "[1]\n"
                  "{\"id\":\"y\"}\n"
                  "{\"text\":3}\n"
                  "{\"text\":\"a\"} tail\n"
                  "{\"text\":\"b\xFF\"}\n"
                  "{\"text\":\"Last\",\"title\":\"T\",\"url\":\"u\",\"id\":12,\"language\":\"en\",\"published\":\"2031-05-05\"}");
  Importer importer({plain, records, (folder.path / "no.txt").string(), folder.file("empty.txt", " \n"), folder.file("none.jsonl", "\n")},
                    {.published = "2031-01-01"});
  std::vector<ImportItem> all;
  while (auto next = importer.next()) all.push_back(std::move(*next));
  REQUIRE(all.size() == 12);
  REQUIRE(all[0].has_value());
  CHECK(all[0]->input.text == "A ship left.\n");
  CHECK(all[0]->input.format == SourceFormat::plain);
  CHECK(all[0]->input.published == "2031-01-01");
  CHECK(all[0]->date_origin == DateOrigin::given);
  CHECK(all[0]->input.origin == plain);
  REQUIRE(all[1].has_value());
  CHECK(all[1]->input.text == "One \xEF\xBF\xBD end");
  CHECK(all[1]->input.id == "x");
  CHECK(all[1]->input.format == SourceFormat::record);
  CHECK(all[1]->input.origin == records + ":1");
  CHECK(all[1]->encoding_origin == EncodingOrigin::bom);
  const std::vector<ErrorCode> errors{ErrorCode::bad_format, ErrorCode::bad_format, ErrorCode::bad_format,
                                      ErrorCode::bad_format, ErrorCode::bad_format, ErrorCode::bad_encoding};
  for (size_t i = 0; i < errors.size(); ++i) {
    REQUIRE_FALSE(all[2 + i].has_value());
    CHECK(all[2 + i].error().code == errors[i]);
    CHECK(all[2 + i].error().error().place == records + ":" + std::to_string(3 + i));
  }
  REQUIRE(all[8].has_value());
  CHECK(all[8]->input.id == "12");
  CHECK(all[8]->input.published == "2031-05-05");
  CHECK(all[8]->date_origin == DateOrigin::file);
  CHECK(all[8]->input.title == "T");
  CHECK(all[9].error().code == ErrorCode::not_found);
  CHECK(all[10].error().code == ErrorCode::empty);
  CHECK(all[11].error().code == ErrorCode::empty);
  CHECK(importer.readable_files() == 4);
}

TEST_CASE("lines longer than a chunk, and longer than allowed") {
  const Folder folder;
  const std::string word(700000, 'a');
  const Read r = read({folder.file("long.jsonl", "{\"text\":\"" + word + "\"}\n{\"text\":\"" + word + word + "\"}\n{\"text\":\"b\"}\n"),
                       folder.file("long.txt", word + word)},
                      {.limits = {.plain_bytes = 1000000}});
  REQUIRE(r.documents.size() == 2);
  CHECK(r.documents[0].input.text == word);
  CHECK(r.documents[1].input.text == "b");
  CHECK(r.documents[1].record == 3);
  REQUIRE(r.failures.size() == 2);
  CHECK(r.failures[0].code == ErrorCode::too_large);
  CHECK(r.failures[0].record == 2);
  CHECK(r.failures[1].code == ErrorCode::too_large);
}

TEST_CASE("encodings of plain text") {
  const Folder folder;
  const auto one = [&](const std::string& bytes) {
    const Read r = read({folder.file("t.txt", bytes)});
    REQUIRE(r.documents.size() == 1);
    return r.documents[0];
  };
  auto d = one("\xEF\xBB\xBFThe caf\xC3\xA9 closed.");
  CHECK(d.input.text == "The café closed.");
  CHECK(d.encoding_origin == EncodingOrigin::bom);
  d =
      one(std::string("\xFF\xFE"
                      "C\0a\0f\0\xE9\0.\0",
                      12));
  CHECK(d.input.text == "Café.");
  CHECK(d.encoding == "UTF-16LE");
  d = one(std::string("\xFE\xFF\0C\0a\0f\0\xE9", 10));
  CHECK(d.input.text == "Café");
  d = one(std::string("T\0h\0e\0 \0p\0i\0e\0r\0 \0c\0l\0o\0s\0e\0d\0.\0", 32));
  CHECK(d.input.text == "The pier closed.");
  CHECK(d.encoding_origin == EncodingOrigin::detected);
  d = one("The minister said: \x93We closed the caf\xE9.\x94 He left \x97 nobody knows why \x97 for Geneva.");
  CHECK(d.input.text == "The minister said: “We closed the café.” He left — nobody knows why — for Geneva.");
  CHECK(d.encoding == "windows-1252");
  // Russian in KOI8-R has to be told by its statistics.
  const std::string russian =
      "\xEE\xC1\xDE\xC1\xCC\xD8\xCE\xC9\xCB \xD0\xCF\xD2\xD4\xC1 \xDA\xC1\xCB\xD2\xD9\xCC \xD3\xC5\xD7\xC5\xD2\xCE\xD9\xCA "
      "\xD0\xD2\xC9\xDE\xC1\xCC \xD7\xCF "
      "\xD7\xD4\xCF\xD2\xCE\xC9\xCB, \xD0\xCF\xD3\xCC\xC5 \xD4\xCF\xC7\xCF \xCB\xC1\xCB \xD4\xC1\xCD "
      "\xD3\xD4\xCF\xCC\xCB\xCE\xD5\xCC\xC9\xD3\xD8 \xC4\xD7\xC5 \xC2\xC1\xD2\xD6\xC9.";
  d = one(russian);
  CHECK(d.encoding == "KOI8-R");
  CHECK(d.encoding_origin == EncodingOrigin::detected);
  CHECK(d.input.text.starts_with("Начальник порта"));
  // UTF-8 with a little damage stays UTF-8; the text stage counts the damage.
  d = one("Caf\xC3\xA9, caf\xC3\xA9, na\xC3\xAFve and one bad \xFF byte");
  CHECK(d.encoding == "UTF-8");
  CHECK(d.input.text.find('\xFF') != std::string::npos);
}

TEST_CASE("labels of encodings, and what contradicts them") {
  CHECK(canonical_encoding("Latin1") == "windows-1252");
  CHECK(canonical_encoding("\"UTF8\"") == "UTF-8");
  CHECK(canonical_encoding("utf-7").empty());
  CHECK(canonical_encoding("ibm-1047").empty());
  CHECK(decode_text("caf\xC3\xA9", "iso-8859-1").text == "café");
  CHECK(decode_text("caf\xC3\xA9", "iso-8859-1").warnings.size() == 1);
  CHECK(decode_text("\xCC\xC1", "windows-1251").text == "МБ");
  CHECK(decode_text("\xCC\xC1", "windows-1251").origin == EncodingOrigin::declared);
  CHECK(decode_text("abc", "koi8-r").origin == EncodingOrigin::utf8);
}

TEST_CASE("records by other names") {
  const Folder folder;
  const auto one = [&](const std::string& line, ImportOptions options = {}) {
    const Read r = read({folder.file("r.jsonl", line + "\n")}, std::move(options));
    REQUIRE(r.documents.size() == 1);
    return r.documents[0];
  };
  auto d = one(R"({"Headline":"Pier closed","content":"Ships left.","date":"2031-05-05","source":"Selwyn Post","author":"A. Person",)"
               R"("link":"http://x.test/","lang":"en","doc_id":7})");
  CHECK(d.input.text == "Ships left.");
  CHECK(d.input.title == "Pier closed");
  CHECK(d.input.published == "2031-05-05");
  CHECK(d.date_origin == DateOrigin::file);
  CHECK(d.input.publisher == "Selwyn Post");
  CHECK(d.input.byline == "A. Person");
  CHECK(d.input.url == "http://x.test/");
  CHECK(d.input.language == "en");
  CHECK(d.input.id == "7");
  CHECK(d.warnings.empty());
  // The best name counts, in whatever order; another name may mean something else, its own may not.
  d = one(
      R"({"content":"x","body":"y","text":"Ships left.","content":"z","source":{"id":3},"authors":["A","B"],"published":null,"date":""})");
  CHECK(d.input.text == "Ships left.");
  CHECK_FALSE(d.input.publisher.has_value());
  CHECK_FALSE(d.input.byline.has_value());
  CHECK_FALSE(d.input.published.has_value());
  CHECK(read({folder.file("r.jsonl", R"({"text":"Ships left.","publisher":{"id":3}})")}).failures.size() == 1);
  // What looks like a date is named where none is known.
  d = one(R"({"text":"Ships left.","posted":"5 May 2031","sent_date":"05/06/2031","note":"12 ships","update":true})");
  CHECK(d.warnings ==
        std::vector<std::string>{"no date is known of it, but \"posted, sent_date\" look like one: --column published=posted"});
  CHECK(one(R"({"text":"Ships left.","date":"2031-05-05","fetched":"2031-05-06"})").warnings.empty());
  // Names that are given.
  const ImportOptions given{.columns = {{"text", "raw text"}, {"published", "posted"}}};
  d = one(R"({"text":"no","raw_text":"Ships left.","posted":"2031-05-05","date":"2031-05-07"})", given);
  CHECK(d.input.text == "Ships left.");
  CHECK(d.input.published == "2031-05-05");
  Read r = read({folder.file("r.jsonl", "{\"text\":\"no\"}\n{\"Raw\":\"x\",\"when\":1}\n")}, given);
  REQUIRE(r.failures.size() == 2);
  CHECK(r.failures[0].reason == "the record has no \"raw text\"");
  CHECK(r.failures[1].way_out == "its keys are: Raw, when; say which one holds the text: --column text=NAME");
}

TEST_CASE("tables") {
  const Folder folder;
  const std::string quoted = "\"" + kFirst + "\n\nHe said: \"\"Stay.\"\"\"";
  Read r = read({folder.file(
      "a.csv",
      "id,Headline,Article Text,Publication Date,Source\r\n1,Pier closed," + quoted +
          ",2031-05-05,Selwyn Post\r\n\r\n2,,Second; text,05/06/2031,\r\n3,No text,,2031-05-07,X\r\n4,Long,Text,2031-05-08,X,extra\r\n")});
  REQUIRE(r.documents.size() == 3);
  CHECK(r.documents[0].format == Format::csv);
  CHECK(r.documents[0].input.text == kFirst + "\n\nHe said: \"Stay.\"");
  CHECK(r.documents[0].input.id == "1");
  CHECK(r.documents[0].input.title == "Pier closed");
  CHECK(r.documents[0].input.published == "2031-05-05");
  CHECK(r.documents[0].input.publisher == "Selwyn Post");
  CHECK(r.documents[0].date_origin == DateOrigin::file);
  CHECK(r.documents[0].record == 2);
  CHECK_FALSE(r.documents[1].input.published.has_value());  // 5 June or 6 May: nobody knows
  CHECK(r.documents[1].warnings.size() == 1);
  CHECK_FALSE(r.documents[1].input.title.has_value());
  CHECK(r.documents[2].warnings.size() == 1);
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].code == ErrorCode::empty);
  CHECK(r.failures[0].record == 4);

  for (const std::string separator : {";", "\t", "|"}) {
    CAPTURE(separator);
    r = read({folder.file("export", "title" + separator + "body" + separator + "url\nA, b" + separator + "Ships, they left." + separator +
                                        "http://x.test/\n")});
    REQUIRE(r.documents.size() == 1);  // known by its header, not by its name
    CHECK(r.documents[0].input.text == "Ships, they left.");
    CHECK(r.documents[0].input.title == "A, b");
    CHECK(r.documents[0].input.url == "http://x.test/");
  }
  r = read({folder.file("b.csv", "when,meldung\n2031-05-05,Caf\xE9 closed\n")}, {.columns = {{"text", "Meldung"}, {"published", "when"}}});
  REQUIRE(r.documents.size() == 1);
  CHECK(r.documents[0].input.text == "Café closed");
  CHECK(r.documents[0].encoding == "windows-1252");
  CHECK(r.documents[0].input.published == "2031-05-05");

  r = read({folder.file("c.csv", "when,meldung\n2031-05-05,Closed\n")});
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].way_out.find("when, meldung") != std::string::npos);
  // Names as they stand, and the option that tells.
  r = read({folder.file("c.csv", "Posted on,raw_text\n2031-05-05,Closed\n")});
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].way_out == "its columns are: Posted on, raw_text; say which one holds the text: --column text=NAME");
  r = read({folder.file("c.csv", "Posted on,raw_text\n2031-05-05,Closed\n")}, {.columns = {{"text", "raw"}}});
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].reason == "the table has no column \"raw\"");
  // Known by its header where that has the name that was given, and a date that nobody asked for is named.
  r = read({folder.file("export", "Posted on,raw_text\n2031-05-05,Closed\n")}, {.columns = {{"text", "raw text"}}});
  REQUIRE(r.documents.size() == 1);
  CHECK(r.documents[0].input.text == "Closed");
  REQUIRE(r.documents[0].warnings.size() == 1);
  CHECK(r.documents[0].warnings[0].find("\"Posted on\"") != std::string::npos);
  CHECK(r.documents[0].warnings[0].find("--column 'published=Posted on'") != std::string::npos);
  // The best name counts, wherever its column stands; a name that was given counts alone.
  r = read({folder.file("g.csv", "content,text,date\nShort,Long,2031-05-05\n")});
  REQUIRE(r.documents.size() == 1);
  CHECK(r.documents[0].input.text == "Long");
  r = read({folder.file("g.csv", "content,text,date\nShort,Long,2031-05-05\n")}, {.columns = {{"text", "Content"}}});
  REQUIRE(r.documents.size() == 1);
  CHECK(r.documents[0].input.text == "Short");
  CHECK(r.documents[0].warnings.empty());
  r = read({folder.file("d.csv", "title,text\nA,\"never closed\nB,c\n")});
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].reason.find("never closed") != std::string::npos);
  r = read({folder.file("e.csv", "title,text\n")});
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].code == ErrorCode::empty);
  // UTF-16, as spreadsheets export it.
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("title\ttext\nA\tShips left.\n")) wide += std::string{c, '\0'};
  r = read({folder.file("f.tsv", wide)});
  REQUIRE(r.documents.size() == 1);
  CHECK(r.documents[0].input.text == "Ships left.");
  CHECK(r.documents[0].encoding == "UTF-16LE");
}

TEST_CASE("PDF") {
  const Folder folder;
  Read r = read({folder.file("a.pdf", pdf({"The harbour master closed the pier.", "Nobody was hurt, he said."})),
                 folder.file("b.pdf", pdf({})), folder.file("c.pdf", "%PDF-1.4\nnothing of the kind")});
  REQUIRE(r.documents.size() == 1);
  CHECK(r.documents[0].format == Format::pdf);
  CHECK(r.documents[0].input.format == SourceFormat::plain);
  CHECK(r.documents[0].input.text.find("The harbour master closed the pier.\nNobody was hurt, he said.") != std::string::npos);
  REQUIRE(r.failures.size() == 2);
  CHECK(r.failures[0].code == ErrorCode::empty);
  CHECK(r.failures[0].way_out.find("OCR") != std::string::npos);
  CHECK(r.failures[1].code == ErrorCode::bad_format);

  // Without the converter the package is named.
  setenv("PATH", folder.path.c_str(), 1);
  r = read({(folder.path / "a.pdf").string()});
  setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].code == ErrorCode::not_found);
  CHECK(r.failures[0].way_out.find("poppler-utils") != std::string::npos);
}

TEST_CASE("archives of everything") {
  const Folder folder;
  const std::string web = page("<title>Pier closed</title>", "<article>" + paragraphs() + "</article>");
  const std::vector<Member> members{{"news/a.html", web},
                                    {"news/b.txt", "A ship left.\n"},
                                    {"c.jsonl", "{\"text\":\"One\"}\n{\"text\":\"Two\"}\n"},
                                    {"d.pdf", pdf({"Ships left the harbour."})},
                                    {"inner.zip", zip({{"e.csv", "title,text\nT,Five ships left.\n"}})},
                                    {"style.css", "body{}"},
                                    {"__MACOSX/._a", "x"},
                                    {"logo.png", "\x89PNG\r\n"}};
  const auto check = [&](const Read& r) {
    REQUIRE(r.documents.size() == 6);
    CHECK(r.documents[0].input.title == "Pier closed");
    CHECK(r.documents[0].input.text == kArticle);
    CHECK(r.documents[0].member == "news/a.html");
    CHECK(r.documents[1].input.text == "A ship left.\n");
    CHECK(r.documents[3].input.origin == r.documents[3].file + "!c.jsonl:2");
    CHECK(r.documents[4].format == Format::pdf);
    CHECK(r.documents[4].member == "d.pdf");
    CHECK(r.documents[4].input.text.starts_with("Ships left the harbour."));
    CHECK(r.documents[5].input.text == "Five ships left.");
    CHECK(r.documents[5].member == "inner.zip!e.csv");
    CHECK(r.failures.empty());
    CHECK(r.passed_over == 3);
  };
  check(read({folder.file("all.bin", zip(members))}));
  std::string tar;
  for (const Member& m : members) tar += tar_member(m.name, m.content);
  check(read({folder.file("all.tar", tar + tar_end())}));
  check(read({folder.file("all.tgz", gzipped(tar + tar_end()))}));

  const Read r =
      read({folder.file("a.html.gz", gzipped(web)), folder.file("r.jsonl.gz", gzipped("{\"text\":\"One\"}\n{\"text\":\"Two\"}\n"))});
  REQUIRE(r.documents.size() == 3);
  CHECK(r.documents[0].format == Format::html);
  CHECK(r.documents[0].member.empty());
  CHECK(r.documents[2].record == 2);
}

TEST_CASE("WARC, packed record by record and not") {
  const Folder folder;
  const std::string web = page("<title>Pier closed</title>", "<article>" + paragraphs() + "</article>");
  std::string latin = "<html><head><title>Caf\xE9</title></head><body><p>" + kFirst + " Caf\xE9.</p></body></html>";
  const std::string kind = "Content-Type: text/html; charset=";
  const std::vector<std::string> records{
      warc_record("warcinfo", "", "application/warc-fields", "software: x\r\n"),
      response("https://www.selwyn-post.test/2031/05/05/pier", kind + "utf-8", web),
      response("https://x.test/moved", "Location: /y", "", "301 Moved Permanently"),
      response("https://x.test/latin", kind + "iso-8859-1", latin),
      response("https://x.test/z", kind + "utf-8\r\nContent-Encoding: gzip", gzipped(web)),
      response(
          "https://x.test/c", kind + "utf-8\r\nTransfer-Encoding: chunked",
          "a\r\n" + web.substr(0, 10) + "\r\n" +
              [](size_t n) {
                char b[20];
                snprintf(b, sizeof b, "%zx", n);
                return std::string(b);
              }(web.size() - 10) +
              "\r\n" + web.substr(10) + "\r\n0\r\n\r\n"),
      response("https://x.test/br", kind + "utf-8\r\nContent-Encoding: br", "\x1b\x03"),
      response("https://x.test/a.js", "Content-Type: application/javascript", "function f(){}"),
      response("https://x.test/a.pdf", "Content-Type: application/pdf", pdf({"Ships left the harbour."})),
      warc_record("resource", "https://x.test/t.txt", "text/plain", "A ship left.")};
  std::string plain, packed;
  for (const std::string& r : records) plain += r, packed += gzipped(r);
  for (const std::string& file : {folder.file("crawl.warc", plain), folder.file("crawl.warc.gz", packed)}) {
    CAPTURE(file);
    const Read r = read({file});
    REQUIRE(r.documents.size() == 6);
    CHECK(r.documents[0].input.url == "https://www.selwyn-post.test/2031/05/05/pier");
    CHECK(r.documents[0].input.published == "2031-05-05");
    CHECK(r.documents[0].date_origin == DateOrigin::url);
    CHECK(r.documents[0].input.publisher == "selwyn-post.test");
    CHECK(r.documents[0].record == 2);
    CHECK(r.documents[1].encoding == "windows-1252");
    CHECK(r.documents[1].encoding_origin == EncodingOrigin::declared);
    CHECK(r.documents[1].input.title == "Café");
    CHECK(r.documents[2].input.text == kArticle);
    CHECK(r.documents[3].input.text == kArticle);
    CHECK(r.documents[4].format == Format::pdf);
    CHECK(r.documents[4].input.url == "https://x.test/a.pdf");
    CHECK(r.documents[5].input.text == "A ship left.");
    REQUIRE(r.failures.size() == 1);
    CHECK(r.failures[0].reason.find("br") != std::string::npos);
    CHECK(r.passed_over == 2);
  }
  const Read cut = read({folder.file("cut.warc", plain.substr(0, plain.find(kSecond)))});
  REQUIRE(cut.failures.size() == 1);
  CHECK(cut.failures[0].reason.find("middle") != std::string::npos);
}

TEST_CASE("feeds") {
  const Folder folder;
  Read r = read(
      {folder.file("rss.xml",
                   "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
                   "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Selwyn Post</title><language>en-gb</language>"
                   "<item><title>Pier &amp; port</title><link>https://x.test/1</link><dc:creator>Ada Ruiz</dc:creator>"
                   "<pubDate>Mon, 05 May 2031 10:30:00 +0000</pubDate><description>Short</description><content:encoded><![CDATA[<p>" +
                       kFirst + "</p><script>x()</script><p>" + kSecond + "</p>]]></content:encoded></item>" +
                       "<item><title>Two</title><description>&lt;b&gt;Ships&lt;/b&gt; left.</description><pubDate>some day</pubDate></item>"
                       "<item><title>Three</title></item></channel></rss>"),
       folder.file(
           "atom.xml",
           "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>The Tide</title><entry><title type=\"html\">A &lt;i&gt;b&lt;/i&gt;</title>"
           "<link rel=\"self\" href=\"https://x.test/self\"/><link href=\"https://x.test/2\"/><author><name>Bo Lind</name></author>"
           "<updated>2031-05-06T00:00:00Z</updated><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Ships "
           "<b>left</b>.</p>"
           "<p>They came back.</p></div></content></entry></feed>"),
       folder.file("rdf",
                   "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rdf:RDF xmlns:rdf=\"r\" "
                   "xmlns=\"http://purl.org/rss/1.0/\"><channel><title>Old</title>"
                   "</channel><item><title>T</title><link>https://x.test/3</link><description>The caf\xE9 "
                   "closed.</description></item></rdf:RDF>")});
  REQUIRE(r.documents.size() == 4);
  const ImportedDocument& a = r.documents[0];
  CHECK(a.format == Format::feed);
  CHECK(a.input.text == kArticle);
  CHECK(a.input.title == "Pier & port");
  CHECK(a.input.byline == "Ada Ruiz");
  CHECK(a.input.publisher == "Selwyn Post");
  CHECK(a.input.url == "https://x.test/1");
  CHECK(a.input.published == "Mon, 05 May 2031 10:30:00 +0000");
  CHECK(a.date_origin == DateOrigin::file);
  CHECK(a.input.language == "en");
  CHECK(r.documents[1].input.text == "Ships left.");
  CHECK_FALSE(r.documents[1].input.published.has_value());
  CHECK(r.documents[1].warnings.size() == 2);
  const ImportedDocument& c = r.documents[2];
  CHECK(c.input.text == "Ships left.\n\nThey came back.");
  CHECK(c.input.title == "A b");
  CHECK(c.input.url == "https://x.test/2");
  CHECK(c.input.byline == "Bo Lind");
  CHECK(c.input.published == "2031-05-06T00:00:00Z");
  CHECK(c.warnings.size() == 2);
  CHECK(r.documents[3].input.text == "The café closed.");
  CHECK(r.documents[3].input.publisher == "Old");
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].record == 3);
}

TEST_CASE("content decides, then the name; what is not read is named") {
  const auto format = [](std::string_view bytes, std::string_view name) { return sniff(bytes, name).format; };
  CHECK(format("<!DOCTYPE html><html>", "a.txt") == Format::html);
  CHECK(format("  \n<html>", "") == Format::html);
  CHECK(format("<!-- saved --><html>", "x") == Format::html);
  CHECK(format("{\"text\":\"a\"}\n", "a.txt") == Format::records);
  CHECK(format("a line of text", "a.jsonl") == Format::records);
  CHECK(format("%PDF-1.7\n", "a.html") == Format::pdf);
  CHECK(format("<p>Ships left", "a.txt") == Format::plain);
  CHECK(format("The text, the whole text.\nAnd more", "a") == Format::plain);
  CHECK(format("<?xml version='1.0'?><rss>", "a") == Format::feed);
  CHECK(format("WARC/1.0\r\n", "a") == Format::warc);
  CHECK(format(tar_member("a", "b"), "a") == Format::archive);
  const auto refused = [](std::string_view bytes, std::string_view name, const std::string& word) {
    const Sniffed s = sniff(bytes, name);
    REQUIRE(s.refusal.has_value());
    CHECK((s.refusal->reason + " " + s.refusal->way_out).find(word) != std::string::npos);
  };
  refused("Rar!\x1A\x07", "a.txt", "RAR");
  refused("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "a.doc", "Office");
  refused("<?xml version='1.0'?><nitf>", "a.xml", "nitf");
  refused("[{\"text\":1}]", "a.json", "jq");
  refused("{\n \"text\":1}", "a.json", "jq");
  refused(std::string(200, '\1'), "a.txt", "binary");
  refused("MIME-Version: 1.0\nContent-Type: multipart/related;", "a", "MHTML");
  const Folder folder;
  const Read r = read({folder.file("a.docx", zip({{"[Content_Types].xml", "<x/>"}, {"word/document.xml", "<x/>"}}))});
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].reason.find("Office") != std::string::npos);
}

TEST_CASE("folders, and the end of it") {
  const Folder folder;
  folder.file("b/2.txt", "Two."), folder.file("a.txt", "One."), folder.file(".hidden.txt", "No."),
      folder.file("b/1.html", page("", paragraphs()));
  fs::create_directory_symlink(folder.path, folder.path / "b/loop");
  std::vector<std::string> seen;
  auto counts = import_source(folder.path.string(), {}, [&](ImportItem&& item) {
    REQUIRE(item.has_value());
    seen.push_back(fs::path(item->file).filename().string());
    return true;
  });
  REQUIRE(counts.has_value());
  CHECK(seen == std::vector<std::string>{"a.txt", "1.html", "2.txt"});
  CHECK(counts->files == 3);
  CHECK(counts->documents == 3);
  counts = import_source(folder.path.string(), {}, [](ImportItem&&) { return false; });
  CHECK(counts->documents == 1);
  CHECK(import_source((folder.path / "none").string(), {}, [](ImportItem&&) { return true; }).error().code == ErrorCode::not_found);
  fs::create_directories(folder.path / "empty");
  CHECK(read({(folder.path / "empty").string()}).failures.at(0).code == ErrorCode::empty);
  // Leaving an archive in the middle, and going on with another file.
  std::vector<Member> many;
  for (int i = 0; i < 2000; ++i) many.push_back({std::to_string(i) + ".txt", std::string(4000, 'a') + "."});
  const std::string archive = folder.file("many.zip", zip(many));
  {
    Importer importer({archive}, {});
    CHECK(importer.next()->has_value());
  }
  bool stop = false;
  Importer importer({archive, archive}, {.stopped = [&] { return stop; }});
  CHECK(importer.next()->has_value());
  stop = true;
  std::optional<ImportItem> item;
  size_t after = 0;
  while ((item = importer.next()) && item->has_value()) ++after;
  REQUIRE(item.has_value());
  CHECK(item->error().code == ErrorCode::stopped);
  CHECK(after < 1999);
  CHECK_FALSE(importer.next().has_value());
}

TEST_CASE("without its helper nothing foreign is read, and that is said") {
  const Folder folder;
  const Read r =
      read({folder.file("a.html", page("", paragraphs())), folder.file("b.txt", "Ships left.")}, {.helper = "/nowhere/reportedly-import"});
  CHECK(r.documents.size() == 1);
  REQUIRE(r.failures.size() == 1);
  CHECK(r.failures[0].code == ErrorCode::not_found);
}
