#include "domain/config.hpp"

#include <doctest/doctest.h>

#include "base/limits.hpp"
#include "wire/json_write.hpp"

using namespace slipway;

namespace {

/// The issues as `pointer code`, joined by `; `.
std::string faults(const ConfigDocuments& documents) {
  std::string text;
  for (const Issue& issue : validate(documents, "/config")) {
    text.append(text.empty() ? "" : "; ").append(issue.pointer + " " + issue.code);
  }
  return text;
}

void set(Map<Scalar>& map, std::string name, Scalar value) {
  map.members.emplace_back(std::move(name), std::move(value));
}

ConfigDocuments with_variable(const std::string& name, Scalar value) {
  ConfigDocuments documents = default_config("Acme");
  set(documents.env.defaults, name, std::move(value));
  return documents;
}

}  // namespace

TEST_CASE("a new platform's configuration is valid and knows its name") {
  CHECK(faults(default_config("Acme")).empty());
  CHECK(to_json(default_config("Acme")) ==
        R"({"features":{"features":{}},"env":{"default":{"APP_NAME":"Acme"}},)"
        R"("auth":{"default":{"provider":"none"}}})");
}

TEST_CASE("names of variables") {
  for (const char* good : {"A", "z9_", "apiUrl"}) CHECK(faults(with_variable(good, true)).empty());
  CHECK(faults(with_variable(std::string(64, 'A'), true)).empty());
  for (const std::string& bad : {std::string(), std::string("_A"), std::string("9A"),
                                 std::string("A-B"), std::string("A.B"), std::string(65, 'A')}) {
    CAPTURE(bad);
    CHECK(faults(with_variable(bad, true)) == "/config/env/default/" + bad + " config.name");
  }
  CHECK(faults(with_variable("a/b", true)) == "/config/env/default/a~1b config.name");
}

TEST_CASE("names that look like secrets are refused, however they are written") {
  for (const char* bad : {"API_SECRET", "apiSecret", "password", "DB_PASSWD", "privateKey",
                          "PRIVATE_KEY", "API_KEY", "apikey", "TOKEN", "accessToken", "CREDENTIALS",
                          "SIGNING_KEY", "ACCESS_KEY_ID", "cookie_key"}) {
    CAPTURE(bad);
    CHECK(faults(with_variable(bad, true)) ==
          "/config/env/default/" + std::string(bad) + " config.secret");
  }
  for (const char* good : {"KEYBOARD", "APP_NAME", "PASS_THROUGH", "SECTION"}) {
    CAPTURE(good);
    CHECK(faults(with_variable(good, true)).empty());
  }
}

TEST_CASE("lengths and numbers of things") {
  CHECK(faults(with_variable("A", std::string(4096, 'x'))).empty());
  CHECK(faults(with_variable("A", std::string(4097, 'x'))) ==
        "/config/env/default/A config.too_long");
  CHECK(faults(with_variable("A", NumberText{"-9007199254740991"})).empty());
  CHECK(faults(with_variable("A", NumberText{"9007199254740993.0"})).empty());
  CHECK(faults(with_variable("A", NumberText{"1e300"})).empty());
  CHECK(faults(with_variable("A", NumberText{"9007199254740992"})) ==
        "/config/env/default/A config.number");
  CHECK(faults(with_variable("A", NumberText{"-10000000000000000"})) ==
        "/config/env/default/A config.number");
  ConfigDocuments many = default_config("Acme");
  for (int i = 0; i < 199; ++i) set(many.env.defaults, "V" + std::to_string(i), true);
  CHECK(faults(many).empty());
  set(many.env.defaults, "ONE_MORE", true);
  CHECK(faults(many) == "/config/env/default config.too_many");
  ConfigDocuments features = default_config("Acme");
  for (int i = 0; i < 201; ++i) {
    features.features.features.members.emplace_back("f" + std::to_string(i), FeatureSwitch{});
  }
  CHECK(faults(features) == "/config/features/features config.too_many");
}

TEST_CASE("features and stacks: ids and options") {
  ConfigDocuments documents = default_config("Acme");
  documents.features.features.members = {{"Bad_Id", {}}, {"good-id", {true, Map<Scalar>{}, {}}}};
  set(*documents.features.features.members[1].second.options, "9bad", true);
  documents.features.stacks.emplace().members = {{std::string(65, 's'), {}}};
  CHECK(faults(documents) ==
        "/config/features/features/Bad_Id config.name; "
        "/config/features/features/good-id/options/9bad config.name; "
        "/config/features/stacks/" +
            std::string(65, 's') + " config.name");
}

TEST_CASE("sign-in: URLs, ids, scopes, and what oidc needs in every environment") {
  const auto with = [](AuthSettings settings) {
    ConfigDocuments documents = default_config("Acme");
    documents.auth.defaults = std::move(settings);
    return faults(documents);
  };
  const std::string good = "https://login.example.com/";
  CHECK(with({AuthProvider::oidc, good, "client", std::vector<std::string>{"openid"}}).empty());
  for (const std::string& bad :
       {std::string("http://login.example.com"), std::string("https://a"),
        std::string("https://u:p@example.com"), std::string("https://exa mple.com"),
        std::string("https://example.com/\n"), "https://" + std::string(600, 'a'),
        std::string("https://ex\xC3\xA4mple.com")}) {
    CAPTURE(bad);
    CHECK(with({AuthProvider::none, bad, {}, {}}) == "/config/auth/default/issuer config.url");
  }
  CHECK(with({{}, {}, "", {}}) == "/config/auth/default/clientId config.too_long");
  CHECK(with({{}, {}, std::string(257, 'c'), {}}) ==
        "/config/auth/default/clientId config.too_long");
  CHECK(with({{}, {}, {}, std::vector<std::string>(33)}) ==
        "/config/auth/default/scopes config.too_many");
  CHECK(with({AuthProvider::oidc, good, {}, {}}) ==
        "/config/auth config.auth_incomplete; /config/auth config.auth_incomplete; "
        "/config/auth config.auth_incomplete");
  ConfigDocuments documents = default_config("Acme");
  documents.auth.prod = AuthSettings{AuthProvider::oidc, {}, {}, {}};
  CHECK(faults(documents) == "/config/auth config.auth_incomplete");
  documents.auth.defaults = {AuthProvider::none, good, "client", {}};
  CHECK(faults(documents).empty());
}

TEST_CASE("every fault at once, but never more than 100") {
  ConfigDocuments documents = with_variable("TOKEN", true);
  documents.env.prod.emplace();
  set(*documents.env.prod, "no good", true);
  documents.auth.dev = AuthSettings{{}, "ftp://x", {}, {}};
  CHECK(faults(documents) ==
        "/config/env/default/TOKEN config.secret; /config/auth/dev/issuer config.url; "
        "/config/env/prod/no good config.name");
  for (int i = 0; i < 150; ++i) set(documents.env.defaults, "-" + std::to_string(i), true);
  CHECK(validate(documents, "").size() == limits::issues_max);
}
