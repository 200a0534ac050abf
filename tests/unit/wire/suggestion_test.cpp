#include <doctest/doctest.h>

#include "app/bodies.hpp"
#include "domain/config.hpp"
#include "wire/json_read.hpp"

using namespace slipway;

namespace {

/// The issues as `pointer code suggestion`, joined by `; `; no suggestion is written as `-`.
std::string shown(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    text.append(text.empty() ? "" : "; ");
    text.append(issue.pointer + " " + issue.code + " " + issue.suggestion.value_or("-"));
  }
  return text;
}

std::string faults(std::string_view json) {
  PlatformCreateBody body;
  JsonReader reader;
  const PaddedText text(json);
  return shown(reader.read(text.view(), Strictness::strict, body).issues);
}

ConfigDocuments documents_with(std::string_view needed) {
  ConfigDocuments documents;
  FeatureSwitch billing{true, {}, std::vector{std::string(needed)}};
  documents.features.features.members.emplace_back("billing", std::move(billing));
  documents.features.features.members.emplace_back("reports", FeatureSwitch{true, {}, {}});
  documents.features.stacks.emplace().members.emplace_back("search", FeatureSwitch{true, {}, {}});
  return documents;
}

}  // namespace

TEST_CASE("an unknown field comes with the field that was probably meant") {
  CHECK(faults(R"({"platformId":"acme","environments":["dev"],"nmae":"A"})") ==
        "/nmae field.unknown name");
  CHECK(faults(R"({"platformId":"acme","environments":["dev"],"Config":{}})") ==
        "/Config field.unknown config");
  CHECK(faults(R"({"platformId":"acme","environments":["dev"],"owner":"A"})") ==
        "/owner field.unknown -");
  CHECK(faults(R"({"platformID":"acme","environments":["dev"]})") ==
        "/platformID field.unknown platformId; /platformId field.missing -");
}

TEST_CASE("an unknown value comes with the value that was probably meant") {
  CHECK(faults(R"({"platformId":"acme","environments":["dve","production","prd"]})") ==
        "/environments/0 field.value dev; /environments/1 field.value -; "
        "/environments/2 field.value prod");
}

TEST_CASE("a requirement that does not exist comes with the one that was probably meant") {
  const auto issues = [](std::string_view needed) {
    return shown(validate(documents_with(needed), ""));
  };
  const std::string at = "/features/features/billing/requires/0 config.requires ";
  CHECK(issues("reprots") == at + "reports");
  CHECK(issues("stack:serch") == at + "stack:search");
  CHECK(issues("seerch") == at + "-");
  CHECK(issues("reports").empty());
}

TEST_CASE("a document of unknown fields costs no more than a few searches") {
  std::string json = R"({"platformId":"acme","environments":["dev"])";
  for (int i = 0; i < 50; ++i) json += R"(,"nmae":0)";
  const std::string text = faults(json + "}");
  size_t suggested = 0;
  for (size_t at = 0; (at = text.find("unknown name", at)) != std::string::npos; ++at) ++suggested;
  CHECK(suggested == 20);
}
