#include "wire/json_fault.hpp"

#include <doctest/doctest.h>

#include "wire/json_read.hpp"

using namespace slipway;

TEST_CASE("what is wrong with a text, and where") {
  struct Row {
    std::string_view text;
    std::string_view fault;
  };
  const Row rows[] = {
      {"", "line 1, column 1: the document ends too early"},
      {"  \n ", "line 2, column 2: the document ends too early"},
      {"{", "line 1, column 2: expected a name in double quotes"},
      {R"({"a")", "line 1, column 5: expected a colon"},
      {R"({"a":)", "line 1, column 6: the document ends too early"},
      {R"({"a":1)", "line 1, column 7: the document ends too early"},
      {R"({"a":1,})", "line 1, column 8: expected a name in double quotes"},
      {R"({"a":1 "b":2})", "line 1, column 8: expected a comma or }"},
      {R"({a:1})", "line 1, column 2: expected a name in double quotes"},
      {R"({'a':1})", "line 1, column 2: expected a name in double quotes"},
      {"[1,]", "line 1, column 4: expected a value"},
      {"[1 2]", "line 1, column 4: expected a comma or ]"},
      {"[1}", "line 1, column 3: expected a comma or ]"},
      {"[]]", "line 1, column 3: expected the end of the document"},
      {"{} {}", "line 1, column 4: expected the end of the document"},
      {"[01]", "line 1, column 2: neither a string, a number, true, false nor null"},
      {"[True]", "line 1, column 2: neither a string, a number, true, false nor null"},
      {"[NaN]", "line 1, column 2: neither a string, a number, true, false nor null"},
      {"[1.]", "line 1, column 2: neither a string, a number, true, false nor null"},
      {"{\n  \"a\": \"b\n\"}", "line 2, column 10: a control character in a string"},
      {R"(["abc)", "line 1, column 6: the string does not end"},
      {R"(["\x"])", "line 1, column 4: no such escape"},
      {R"(["\u12g4"])", "line 1, column 7: expected four hex digits"},
      {R"(["\ud800"])", "line 1, column 9: half of a surrogate pair"},
      {R"(["\udc00"])", "line 1, column 9: half of a surrogate pair"},
      {R"(["\ud800\u0041"])", "line 1, column 15: half of a surrogate pair"},
      {"[\"\xFF\"]", "line 1, column 3: not UTF-8"},
      {"[\"\xC0\xAF\"]", "line 1, column 3: not UTF-8"},
      {"[\"\xED\xA0\x80\"]", "line 1, column 3: not UTF-8"},
      {"[\"\xE2\x82\"]", "line 1, column 3: not UTF-8"},
      {"\xEF\xBB\xBF{\"a\":}", "line 1, column 9: expected a value"},
      {"\xEF\xBB\xBF", "line 1, column 4: the document ends too early"},
      {"\n\n\xF5", "line 3, column 1: not UTF-8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(json_fault(row.text) == row.fault);
  }
  CHECK(json_fault(std::string(json_depth_max + 1, '[')) ==
        "line 1, column 1025: nested deeper than 1024 levels");
}

TEST_CASE("a well-formed text has no fault") {
  for (const std::string_view text :
       {"{}", "[]", " [ 1 , -2.5e+10 , true , false , null , \"\" ] ", "0", "\"a\"",
        R"({"a":{"b":[{"c":[]}]},"d":"\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00"})",
        "[\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\"]"}) {
    CAPTURE(text);
    CHECK(json_fault(text) == "");
  }
}

TEST_CASE("every prefix and every lost byte of a document: refused by the reader means a fault") {
  const std::string document =
      R"({"a":{"b":[1,-2.5e3,true,null,"x\u00e4\n"]},"c":"\ud83d\ude00","d":[[],{}]})";
  JsonReader reader;
  const auto agree = [&](const std::string& text) {
    CAPTURE(text);
    std::vector<Raw> ignored;
    const PaddedText padded("[" + text + "]");
    const ReadOutcome outcome = reader.read(padded.view(), Strictness::strict, ignored);
    if (outcome.malformed) CHECK(json_fault("[" + text + "]") != "");
  };
  for (size_t i = 0; i < document.size(); ++i) {
    agree(document.substr(0, i));
    agree(document.substr(0, i) + document.substr(i + 1));
  }
}
