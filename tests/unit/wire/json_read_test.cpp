#include "wire/json_read.hpp"

#include <doctest/doctest.h>

#include "app/bodies.hpp"
#include "app/journal.hpp"
#include "app/views.hpp"
#include "domain/batch.hpp"
#include "wire/json_write.hpp"

using namespace slipway;

namespace {

template <class T>
ReadOutcome read(std::string_view json, T& out, Strictness strictness = Strictness::strict) {
  JsonReader reader;
  const PaddedText text(json);
  return reader.read(text.view(), strictness, out);
}

/// `malformed`, or the issues as `pointer code`, joined by `; `.
template <class T>
std::string faults(std::string_view json, Strictness strictness = Strictness::strict) {
  T out;
  const ReadOutcome outcome = read(json, out, strictness);
  if (outcome.malformed) return "malformed";
  std::string text;
  for (const Issue& issue : outcome.issues) {
    text.append(text.empty() ? "" : "; ").append(issue.pointer + " " + issue.code);
  }
  return text;
}

constexpr std::string_view good_create =
    R"({"platformId":"acme","name":"A","environments":["dev"],)"
    R"("config":{"features":{"features":{"a-b":{"enabled":true,"options":{"N":1.5}}}},)"
    R"("env":{"default":{"K":"v"}},"auth":{"default":{"provider":"none"}}}})";

}  // namespace

TEST_CASE("a good document is read whole") {
  PlatformCreateBody body;
  REQUIRE(read(good_create, body).ok());
  CHECK(body.platform_id.text == "acme");
  CHECK(body.environments == std::vector{Environment::dev});
  CHECK(to_json(body) == good_create);
}

TEST_CASE("strict reading names every fault at its place") {
  struct Row {
    std::string_view json;
    std::string_view expected;
  };
  const Row rows[] = {
      {R"({"platformId":"acme","environments":["dev"],"more":{"a":[1,{}]}})",
       "/more field.unknown"},
      {R"({"platformId":"acme"})", "/environments field.missing"},
      {R"({})", "/platformId field.missing; /environments field.missing"},
      {R"({"platformId":"acme","platformId":"acme","environments":[]})",
       "/platformId field.duplicate"},
      {R"({"platformId":7,"environments":[]})", "/platformId field.type"},
      {R"({"platformId":null,"environments":[]})", "/platformId field.type"},
      {R"({"platformId":"acme","environments":[],"name":null})", "/name field.type"},
      {R"({"platformId":"acme","environments":{}})", "/environments field.type"},
      {R"({"platformId":"acme","environments":["dev",3,"x"]})",
       "/environments/1 field.type; /environments/2 field.value"},
      {R"({"platformId":"A","environments":[]})", "/platformId field.value"},
      {R"({"platf\u006frmId":"acme","environments":[]})", ""},
      {R"({"platf\u006frmId":"acme","platformId":"acme","environments":[]})",
       "/platformId field.duplicate"},
      {R"({"platformId":"acme","environments":[],"a/b~c":1})", "/a~1b~0c field.unknown"},
      {R"({"platformId":[{"x":1}],"environments":true,"z":null})",
       "/platformId field.type; /environments field.type; /z field.unknown"},
      {R"([])", " field.type"},
      {R"("text")", " field.type"},
      {R"(null)", " field.type"},
      {R"(12)", " field.type"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.json);
    CHECK(faults<PlatformCreateBody>(row.json) == row.expected);
  }
}

TEST_CASE("free names: duplicates are found, escapes or not; leaves are text, numbers, booleans") {
  using Values = Map<Scalar>;
  CHECK(faults<Values>(R"({"a":1,"b":"x","c":true})").empty());
  CHECK(faults<Values>(R"({"a":1,"\u0061":2})") == "/a field.duplicate");
  CHECK(faults<Values>(R"({"customer-a":1,"customer-b":2,"customer-a":3})") ==
        "/customer-a field.duplicate");
  CHECK(faults<Values>(R"({"a":null,"b":[],"c":{}})") ==
        "/a field.type; /b field.type; /c field.type");
}

TEST_CASE("integers: bounds, and nothing that is not one") {
  const auto of = [](std::string_view number) {
    const std::string json = "{\"accepted\":" + std::string(number) + "}";
    ReportView out;
    const ReadOutcome outcome = read(json, out);
    if (outcome.malformed) return std::string("malformed");
    return outcome.ok() ? std::to_string(out.accepted) : outcome.issues[0].code;
  };
  CHECK(of("0") == "0");
  CHECK(of("-0") == "0");
  CHECK(of("-7") == "-7");
  CHECK(of(" 42 ") == "42");
  CHECK(of("9007199254740991") == "9007199254740991");
  CHECK(of("-9007199254740991") == "-9007199254740991");
  for (const char* big : {"9007199254740992", "-9007199254740992", "9223372036854775807"}) {
    CHECK(of(big) == "field.type");
  }
  for (const char* huge : {"18446744073709551616", "99999999999999999999999999", "1e999"}) {
    CHECK(of(huge) == "field.value");
  }
  for (const char* fraction : {"1.0", "1e3", "0.5", "-1.5", "1E0"})
    CHECK(of(fraction) == "field.type");
  for (const char* other : {"\"1\"", "true", "null", "[]", "{}"}) CHECK(of(other) == "field.type");
  for (const char* bad : {"01", "+1", "1.", ".5", "-", "--1", "0x1", "1a", "NaN", "tru"}) {
    CAPTURE(bad);
    CHECK(of(bad) != "0");
    CHECK(of(bad) != "1");
  }
}

TEST_CASE("numbers among free values are kept as they are written") {
  Map<Scalar> out;
  REQUIRE(read(R"({"a":1.50,"b":-0,"c":1e3,"d":9007199254740993})", out).ok());
  CHECK(to_json(out) == R"({"a":1.50,"b":-0,"c":1e3,"d":9007199254740993})");
}

TEST_CASE("what is not JSON is malformed, not mistyped") {
  for (const std::string_view bad :
       {"", " ", "{", "}", "{\"reason\"}", "{\"reason\":}", "{\"reason\":\"a\"", "{reason:\"a\"}",
        "{\"reason\":\"a\",}", "{,}", "{\"reason\":\"a\"}x", "{\"reason\":\"a\"}{}",
        "{\"reason\":\"a\" \"b\"}", "{\"reason\":\"\\x\"}", "{\"reason\":\"\\ud800\"}",
        "{\"reason\":\"a\nb\"}", "{'reason':'a'}", "[1,", "{\"reason\":\"a\"}]"}) {
    CAPTURE(bad);
    DeploymentRequestBody out;
    CHECK_FALSE(read(bad, out).ok());
  }
  CHECK(faults<DeploymentRequestBody>("{\"reason\":\"a\"}\n \t\r").empty());
}

TEST_CASE("invalid UTF-8 is refused wherever it stands") {
  for (const std::string_view bytes :
       {"\x80", "\xC3", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CAPTURE(bytes.size());
    const std::string value = "{\"reason\":\"" + std::string(bytes) + "\"}";
    CHECK(faults<DeploymentRequestBody>(value) == "malformed");
    const std::string name = "{\"" + std::string(bytes) + "\":1}";
    CHECK(faults<DeploymentRequestBody>(name) == "malformed");
  }
}

TEST_CASE("a document that is cut anywhere is never good") {
  for (size_t size = 0; size < good_create.size(); ++size) {
    CAPTURE(size);
    PlatformCreateBody out;
    CHECK_FALSE(read(good_create.substr(0, size), out).ok());
  }
}

TEST_CASE("bytes after the document, which the parser may look at, do not count") {
  const std::string bytes = std::string(R"({"reason":"a"})") + "\"}]}" + std::string(80, '9');
  JsonReader reader;
  DeploymentRequestBody out;
  CHECK(reader.read({std::string_view(bytes).substr(0, 14)}, Strictness::strict, out).ok());
}

TEST_CASE("deep nesting is refused and costs no stack") {
  for (const int depth : {100, 1'000, 5'000, 100'000}) {
    for (const std::string_view open : {"[", "{\"a\":"}) {
      std::string deep;
      for (int i = 0; i < depth; ++i) deep.append(open);
      CAPTURE(depth);
      DeploymentRequestBody out;
      CHECK_FALSE(read(deep, out).ok());
      CHECK_FALSE(read("{\"reason\":" + deep, out).ok());
      CHECK_FALSE(read("{\"more\":" + deep, out).ok());
      JournalRecord entry;
      CHECK_FALSE(read("{\"event\":" + deep, entry, Strictness::lenient).ok());
      SiteEvent event;
      const std::string blocked = R"({"type":"site_blocked","failure":)";
      CHECK_FALSE(read(blocked + deep, event, Strictness::lenient).ok());
    }
  }
}

TEST_CASE("no more than 100 issues are told") {
  std::string json = "{";
  for (int i = 0; i < 300; ++i) json += "\"n" + std::to_string(i) + "\":1,";
  json += "\"last\":1}";
  DeploymentRequestBody out;
  CHECK(read(json, out).issues.size() == 100);
}
