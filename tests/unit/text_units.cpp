#include <doctest/doctest.h>

#include <random>

#include "text/chars.h"
#include "text/decode.h"
#include "text/text.h"
#include "text/units.h"
#include "text/wordpiece.h"

using namespace reportedly;

namespace {

text::Text read(std::string utf8, bool repairs = false) {
  DocumentInput input;
  input.text = std::move(utf8);
  auto text = text::read_text(input, {.repairs = repairs});
  REQUIRE(text.has_value());
  return std::move(*text);
}

/// Units parted by |.
std::string units(const std::string& utf8) {
  const text::Text text = read(utf8);
  std::string out;
  for (const text::Unit& u : text.units)
    out += (out.empty() ? "" : "|") + text::to_utf8(std::u32string_view(text.analysis).substr(u.begin, u.end - u.begin));
  return out;
}

ErrorCode refused(std::string bytes) {
  DocumentInput input;
  input.text = std::move(bytes);
  const auto text = text::read_text(input, {});
  REQUIRE_FALSE(text.has_value());
  CHECK_FALSE(text.error().message.empty());
  return text.error().code;
}

}  // namespace

TEST_CASE("units: what parts a word") {
  CHECK(units("The mayor's ship, 30 m long.") == "The|mayor|'|s|ship|,|30|m|long|.");
  CHECK(units("They don’t; CAN'T won't n't don'ts") == "They|do|n|’|t|;|CA|N|'|T|wo|n|'|t|n|'|t|don|'|ts");
  CHECK(units("cannot gonna Dunno lemme cannots") == "can|not|gon|na|Du|n|no|lem|me|cannots");
  CHECK(units("10am 5th 1990s 3D 4x4 A4 €5m £30bn $2") == "10|am|5th|1990s|3D|4|x4|A4|€|5|m|£|30|bn|$|2");
  CHECK(units("a\u00A0b\u200Bc\u2003d") == "a|b\u200Bc|d");
  CHECK(units("\u200B\u200B word\uFEFF") == "\u200B\u200B|word\uFEFF");
  CHECK(units("日本x") == "日|本|x");
  CHECK(units("") == "");
}

TEST_CASE("units: spaces before") {
  auto spaces = [](const std::string& utf8) {
    std::string out;
    for (const text::Unit& u : read(utf8).units) out += static_cast<char>('0' + u.space);
    return out;
  };
  CHECK(spaces("a b,c\nd\n\ne") ==
        "310"
        "023");
  CHECK(spaces("a\r\nb\r\n\r\nc\rd\r\re") == "32323");
  CHECK(spaces("a\u2028b\u2029c\u0085d \n \t\n e") == "32323");
  CHECK(spaces("  a") == "3");
}

TEST_CASE("shapes") {
  auto shape = [](std::u32string_view s) { return static_cast<int>(text::shape_of(s)); };
  CHECK(shape(U"ship") == 0);
  CHECK(shape(U"Ship") == 1);
  CHECK(shape(U"É") == 1);
  CHECK(shape(U"NATO") == 2);
  CHECK(shape(U"NGOs") == 3);
  CHECK(shape(U"iPhone") == 3);
  CHECK(shape(U"1990") == 4);
  CHECK(shape(U"5th") == 0);
  CHECK(shape(U",") == 5);
  CHECK(shape(U"€") == 5);
  CHECK(shape(U"日") == 6);
  CHECK(shape(U"\u200B") == 6);
}

TEST_CASE("without repairs every character that is not white is in exactly one unit, in order") {
  std::mt19937 random(7);
  const std::u32string alphabet = U"aB9 \n\r\t'’.-\"\u00A0\u200B\u2028é日€\U0001F600nNtT#%";
  for (int round = 0; round < 300; ++round) {
    std::u32string chars;
    for (int i = 0; i < 60; ++i) chars.push_back(alphabet[random() % alphabet.size()]);
    const text::Text text = read(text::to_utf8(chars));
    REQUIRE(text.chars == chars);
    CHECK(text.repairs.empty());
    size_t at = 0, paragraph = 0;
    for (const text::Unit& u : text.units) {
      for (; at < u.span.start; ++at) CHECK(text::is_white(chars[at]));
      for (; at < u.span.end; ++at) CHECK_FALSE(text::is_white(chars[at]));
      CHECK((u.paragraph == paragraph || u.paragraph == paragraph + 1));
      paragraph = u.paragraph;
      CHECK(text.paragraphs[paragraph].span.holds(u.span));
    }
    for (; at < chars.size(); ++at) CHECK(text::is_white(chars[at]));
  }
}

TEST_CASE("with repairs units follow the text and stay in their paragraph, whatever the text") {
  std::mt19937 random(11);
  const std::vector<std::string> pieces{
      "The ship left", " the port", "\n",        "\n\n",           "-\n", "12",   "By Ann Roe",      "Daily Gazette",
      "5 May 2031",    "# ",        ".",         "GENEVA (AP) - ", "\f",  "\r\n", "www.example.org", "“",
      "and",           " ",         "Contact us"};
  for (int round = 0; round < 500; ++round) {
    std::string utf8;
    for (int i = 0; i < 25; ++i) utf8 += pieces[random() % pieces.size()];
    const text::Text text = read(utf8, true);
    REQUIRE(text.origin.size() == text.analysis.size());
    uint32_t end = 0, paragraph = 0;
    for (const text::Unit& u : text.units) {
      CHECK(u.span.start >= end);
      CHECK(u.span.start < u.span.end);
      end = u.span.end;
      CHECK(u.paragraph >= paragraph);
      paragraph = u.paragraph;
      REQUIRE(paragraph < text.paragraphs.size());
      CHECK(text.paragraphs[paragraph].span.holds(u.span));
    }
    for (size_t i = 0; i < text.analysis.size(); ++i)
      if (!text::is_white(text.analysis[i])) CHECK(text.analysis[i] == text.chars[text.origin[i]]);
    for (const Repair& r : text.repairs) CHECK(r.span.end <= text.chars.size());
  }
}

TEST_CASE("decoding: one U+FFFD for each maximal part of an ill-formed sequence") {
  CHECK(text::decode_utf8("a\xC3\xA9\xF0\x9F\x98\x80").chars == U"aé\U0001F600");
  CHECK(text::decode_utf8("\xC0\xAF").chars == U"\uFFFD\uFFFD");
  CHECK(text::decode_utf8("\xE2\x82x").chars == U"\uFFFDx");
  CHECK(text::decode_utf8("\xED\xA0\x80").chars == U"\uFFFD\uFFFD\uFFFD");
  CHECK(text::decode_utf8("\xF4\x90\x80\x80").chars.size() == 4);
  CHECK(text::decode_utf8("x\xE2").chars == U"x\uFFFD");
  const auto decoded = text::decode_utf8(
      "ab\xFF"
      "c\xFF");
  CHECK(decoded.invalid == 2);
  CHECK(decoded.first_invalid_byte == 2);
}

TEST_CASE("a text says what was wrong with its bytes") {
  const text::Text text = read("\xEF\xBB\xBFThe ship \xE9 left the harbour.");
  CHECK(text.chars.front() == U'T');  // the byte order mark is no part of the text
  REQUIRE(text.warnings.size() == 1);
  CHECK(text.warnings[0].code == "invalid_utf8");
  CHECK(text.warnings[0].message.find("byte 12") != std::string::npos);
  CHECK(text.warnings[0].span == Span{9, 10});
  const text::Text nul = read(std::string("The ship\0 left the harbour.", 27));
  REQUIRE(nul.warnings.size() == 1);
  CHECK(nul.warnings[0].code == "nul");
}

TEST_CASE("what is no UTF-8 text is refused") {
  CHECK(refused(std::string("\xFF\xFEs\0h\0", 6)) == ErrorCode::bad_encoding);
  CHECK(refused(std::string("\xFE\xFF\0s\0h", 6)) == ErrorCode::bad_encoding);
  std::string wide;
  for (const char c : std::string("The ship left the harbour")) wide += {c, '\0'};
  CHECK(refused(wide) == ErrorCode::bad_encoding);
  CHECK(refused("%PDF-1.7 ...") == ErrorCode::bad_encoding);
  std::string binary;
  for (int i = 0; i < 2000; ++i) binary.push_back(static_cast<char>(i * 37 % 256));
  CHECK(refused(binary) == ErrorCode::bad_encoding);
}

TEST_CASE("wordpieces: longest match, unknown words, dropped characters") {
  auto made = text::WordPiece::from_vocab("[PAD]\n[UNK]\n[CLS]\n[SEP]\nship\n##s\nsh\n##ip\n##yard\n.\ne\n=\n");
  REQUIRE(made.has_value());
  auto ids = [&](std::u32string_view unit) {
    std::vector<int32_t> out;
    made->encode(unit, out);
    return out;
  };
  using Ids = std::vector<int32_t>;
  CHECK(ids(U"Ships") == Ids{4, 5});
  CHECK(ids(U"shipyards") == Ids{4, 8, 5});
  CHECK(ids(U"é") == Ids{10});
  CHECK(ids(U"É") == Ids{10});
  CHECK(ids(U"sh\u200Bips") == Ids{4, 5});
  CHECK(ids(U"\u200B") == Ids{1});
  CHECK(ids(U"ship.") == Ids{4, 9});
  CHECK(ids(U"e\u2260e") == Ids{10, 11, 10});  // ≠ is = and a stroke
  CHECK(ids(U"shipx") == Ids{1});
  CHECK(ids(std::u32string(101, U's')) == Ids{1});
  CHECK_FALSE(text::WordPiece::from_vocab("a\nb\n").has_value());
}

TEST_CASE("hostile texts are read in one go") {
  CHECK(read(std::string(3000000, 'a'), true).units.size() == 1);
  CHECK(read(std::string(1000000, '"'), true).units.size() == 1000000);
  std::string paragraphs, heads, hyphens, commas;
  for (int i = 0; i < 100000; ++i) paragraphs += "x\n\n";
  for (int i = 0; i < 100000; ++i) heads += "By Ann Roe\n\n";
  for (int i = 0; i < 100000; ++i) hyphens += "a-\n";
  for (int i = 0; i < 300000; ++i) commas += "A,| ";
  CHECK(read(paragraphs, true).units.size() <= 100000);
  CHECK_FALSE(read(heads, true).chars.empty());
  CHECK(read(hyphens, true).units.size() > 0);
  CHECK(read(commas, true).units.size() == 900000);
  CHECK(read(std::string(1000000, '\n'), true).units.empty());
  CHECK(read(std::string(200000, '#') + " x\n\ny", true).units.size() > 0);
}
