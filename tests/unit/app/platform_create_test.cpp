#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

TEST_CASE("creating a platform stores it, its configuration, its sites and its operation") {
  World world;
  const Ended ended = create_platform(world, R"(["dev","prod"])");
  CHECK(ended.status == 202);
  CHECK(ended.header("location").starts_with("/api/v1/operations/op_"));
  CHECK(ended.header("content-type") == "application/json");
  CHECK(ended.says(R"("kind":"platform_create","platformId":"acme","state":"running")"));
  CHECK(world.stored.events("platform:acme") == "platform_created config_stored");
  CHECK(world.stored.events("site:acme/dev") == "site_planned");
  CHECK(world.stored.events("site:acme/prod") == "site_planned");
  CHECK(world.stored.events("account:main") == "account_registered");
  CHECK(world.stored.due_in("site:acme/dev", world.now_ms) == 0);
  CHECK(world.stored.due_in("site:acme/prod", world.now_ms) == 0);
  const auto platform = world.stored.get<PlatformRow>("platform", "acme");
  CHECK(platform.name == "acme");
  CHECK(platform.config_version == 1);
  const auto version = world.stored.get<ConfigVersionRow>("config_version", "acme/0000000001");
  CHECK(version.author == "admin");
  for (const char* name :
       {"config.json", "features.config.ts", "env.config.ts", "auth.config.ts"}) {
    CHECK(world.stored.documents.contains(version.prefix + "/" + name));
  }
  CHECK(world.stored.documents.size() == 4);
  CHECK(world.acts() == 0);
  CHECK(world.folds());
}

TEST_CASE("documents of an environment are stored where it has overrides") {
  World world;
  const std::string config =
      R"(,"config":{"features":{"features":{}},"env":{"default":{},"prod":{"A":"x"}},)"
      R"("auth":{"default":{}}})";
  CHECK(world.call({.operation = "platform_create", .body = create_body(R"(["prod"])", config)})
            .status == 202);
  const auto version = world.stored.get<ConfigVersionRow>("config_version", "acme/0000000001");
  CHECK(version.overrides == std::vector{Environment::prod});
  CHECK(world.stored.documents.contains(version.prefix + "/prod/env.config.ts"));
  CHECK_FALSE(world.stored.documents.contains(version.prefix + "/prod/features.config.ts"));
}

TEST_CASE("the same request again: the same operation, nothing done twice") {
  World world;
  const Ended first = create_platform(world);
  const auto stored = world.stored.tables;
  world.now_ms += 5'000;
  const Ended second = create_platform(world);
  CHECK(second.status == 202);
  CHECK(second.header("location") == first.header("location"));
  CHECK_FALSE(second.committed);
  CHECK(world.stored.tables == stored);
  // Members in another order, and spaces, are the same request.
  const Ended third = world.call({.operation = "platform_create",
                                  .body = R"({ "environments" : ["dev"], "platformId":"acme" })"});
  CHECK(third.header("location") == first.header("location"));
}

TEST_CASE("the same id with another body is a conflict, and changes nothing") {
  World world;
  (void)create_platform(world);
  const auto stored = world.stored.tables;
  const Ended ended = create_platform(world, R"(["dev","prod"])");
  CHECK(ended.status == 409);
  CHECK(ended.header("content-type") == "application/problem+json");
  CHECK(ended.says(R"("code":"platform.exists")"));
  CHECK_FALSE(ended.committed);
  CHECK(world.stored.tables == stored);
}

TEST_CASE("every refusal of a creation, with its code; nothing is stored") {
  struct Row {
    std::string body;
    int64_t status;
    std::string says;
  };
  const Row rows[] = {
      {"", 400, "body.missing"},
      {"{", 400, "json.malformed"},
      {"{\"\xFF\":1}", 400, "json.malformed"},
      {"[]", 422, "body.invalid"},
      {R"({"platformId":"acme"})", 422, R"("pointer":"/environments","code":"field.missing")"},
      {create_body(R"(["dev"])", R"(,"x":1)"), 422, R"("pointer":"/x","code":"field.unknown")"},
      {create_body("[]"), 422, R"("pointer":"/environments","code":"field.value")"},
      {create_body(R"(["dev","dev"])"), 422, R"("/environments/1","code":"field.duplicate")"},
      {create_body(R"(["dev"])", R"(,"name":"")"), 422, R"("pointer":"/name")"},
      {create_body(R"(["dev"])", concat(R"(,"name":")", std::string(121, 'n'), "\"")), 422,
       R"("pointer":"/name")"},
      {create_body(R"(["dev"])",
                   R"(,"config":{"features":{"features":{}},"env":{"default":{"TOKEN":"x"}},)"
                   R"("auth":{"default":{}}})"),
       422, R"("pointer":"/config/env/default/TOKEN","code":"config.secret")"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    World world;
    const Ended ended = world.call({.operation = "platform_create", .body = row.body});
    CHECK(ended.status == row.status);
    CHECK(ended.says(row.says));
    CHECK_FALSE(ended.committed);
    CHECK(world.stored.journal.empty());
  }
}

TEST_CASE("a body that was too large, and a credential that is not configured") {
  World world;
  CHECK(world.call({.operation = "platform_create", .body_too_large = true}).status == 413);
  for (const char* missing : {"github", "cloudflare:main"}) {
    World bare;
    std::erase(bare.credentials, missing);
    const Ended ended = create_platform(bare);
    CHECK(ended.status == 503);
    CHECK(ended.says(concat(R"("code":"credential.missing","detail":")", missing, "\"")));
    CHECK(ended.says(R"("retryable":false)"));
    CHECK_FALSE(ended.committed);
  }
}

TEST_CASE("a second platform uses the account that is registered") {
  World world;
  (void)create_platform(world);
  CHECK(world
            .call({.operation = "platform_create",
                   .body = R"({"platformId":"beta","environments":["dev"]})"})
            .status == 202);
  CHECK(world.stored.events("account:main") == "account_registered");
}
