#include <doctest/doctest.h>

#include "text/input.h"
#include "text/language.h"

using namespace reportedly;

TEST_CASE("surrogates: pairs are characters, halves are U+FFFD, escaped backslashes are neither") {
  auto text = [](const std::string& escaped) {
    auto record = text::parse_record("{\"text\":\"" + escaped + "\"}", "x:1");
    REQUIRE(record.has_value());
    return record->text;
  };
  CHECK(text("\\ud83d\\ude00") == "\xF0\x9F\x98\x80");
  CHECK(text("\\ud83d") == "\xEF\xBF\xBD");
  CHECK(text("\\ude00\\ud83d") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(text("\\ud83d\\ud83d\\ude00") == "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  CHECK(text("\\\\ud83d") == "\\ud83d");
  CHECK(text("\\u00e9\\n\\\"") == "é\n\"");
}

TEST_CASE("dates") {
  using text::parse_date;
  for (const std::string date :
       {"2031-05-05", "20310505", "2031/5/5", "2031-05-05T10:30:00Z", "2031-05-05T10:30:00+02:00", "2031-05-05 10:30", "5 May 2031",
        "May 5, 2031", "May 5th 2031", "5th of May, 2031", "Monday, 5 May 2031", "Mon, 05 May 2031 10:30:00 +0000",
        "Monday 5 May 2031 10.30pm BST", "10:30 GMT, 5 May 2031", "MAY 5, 2031", "2031 May 5"}) {
    CAPTURE(date);
    CHECK(parse_date(date) == "2031-05-05");
  }
  CHECK(parse_date("Sept. 18, 2013") == "2013-09-18");
  CHECK(parse_date("29 February 2032") == "2032-02-29");
  for (const std::string none : {"", "05/06/2031", "May 2031", "5 May", "2031", "30 February 2031", "29 February 2031", "the day before",
                                 "5 May 2031 in Geneva", "5 6 May 2031", "Monday", "2031-13-01", "2031-5", "1 2 3", "99999999999"}) {
    CAPTURE(none);
    CHECK_FALSE(parse_date(none).has_value());
  }
}

TEST_CASE("document ids are the same everywhere") {
  CHECK(text::document_id("A ship left.", std::nullopt) == text::document_id("A ship left.", std::nullopt));
  CHECK(text::document_id("A ship left.", std::nullopt) != text::document_id("A ship left.", "2031-05-05"));
  CHECK(text::document_id("A ship left.", "2031-05-05").size() == 16);
  // Computed with another implementation of SipHash-2-4.
  CHECK(text::document_id("", std::nullopt) == "8b5a0baa49fbc58d");
  CHECK(text::document_id("A ship left.", "2031-05-05") == "c2df3c11d91172fc");
}

TEST_CASE("language") {
  using text::detect_language;
  const std::string english =
      "The harbour master of Port Selwyn closed the northern pier on Tuesday after two barges collided there, and nobody was hurt, he said "
      "in a statement.";
  CHECK(detect_language(english, std::nullopt).code == "en");
  const auto german = detect_language(
      "Der Hafenmeister schloss am Dienstag die nördliche Mole, nachdem dort zwei Lastkähne zusammengestoßen waren; verletzt wurde nach "
      "seinen Angaben niemand.",
      std::nullopt);
  CHECK(german.code == "de");
  CHECK(german.reliable);
  const auto russian = detect_language("Начальник порта закрыл северный причал во вторник.", std::nullopt);
  CHECK(russian.code == "ru");
  CHECK(russian.reliable);
  for (const std::string brief : {"Ships left.", "Marković meets Okonjo in Valparaíso", "?", "12", "No.", "NATO"}) {
    CAPTURE(brief);
    const auto l = detect_language(brief, std::nullopt);
    CHECK((l.code == "en" || (l.code == "und" && !l.reliable)));
  }
  CHECK(detect_language("Ships left.", "de").code == "de");
  CHECK(detect_language(english, "EN-gb").code == "en");
  CHECK(detect_language(english, "?").code == "en");
}
