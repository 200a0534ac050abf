#include <doctest/doctest.h>

#include "domain/config.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

constexpr std::string_view with_prod =
    R"(,"config":{"features":{"features":{}},"env":{"default":{"A":"all"},"prod":{"A":"prod"}},)"
    R"("auth":{"default":{}}})";

World stored() {
  World world;
  CHECK(world
            .call({.operation = "platform_create",
                   .body = create_body(R"(["dev","prod"])", with_prod)})
            .status == 202);
  return world;
}

Call read(std::vector<std::vector<std::string>> query = {}, std::string_view platform = "acme") {
  return {.operation = "config_read",
          .params = {{"platformId", std::string(platform)}},
          .query = std::move(query),
          .principal = PrincipalKind::internal};
}

}  // namespace

TEST_CASE("the configuration is three sources, an ETag, and nothing else") {
  World world = stored();
  const Ended ended = world.call(read());
  CHECK(ended.status == 200);
  CHECK(ended.header("etag").starts_with("\"1-"));
  CHECK(ended.header("etag").size() == 1 + 2 + 16 + 1);
  CHECK(ended.header("cache-control") == "private, no-cache");
  CHECK(ended.body.starts_with(R"({"featuresConfig":"// Generated)"));
  CHECK(ended.says(R"(\"A\": \"all\")"));
  Call cli = read();
  cli.operation = "config_read_cli";
  CHECK(world.call(cli).body == ended.body);
}

TEST_CASE("env renders the merge of that environment, under an ETag of its own") {
  World world = stored();
  const Ended all = world.call(read());
  const Ended prod = world.call(read({{"env", "prod"}}));
  const Ended dev = world.call(read({{"env", "dev"}, {"version", "1"}}));
  CHECK(prod.says(R"(\"A\": \"prod\")"));
  CHECK(dev.body == all.body);
  CHECK(prod.header("etag") != all.header("etag"));
  CHECK(dev.header("etag") != prod.header("etag"));
}

TEST_CASE("who has it already gets 304 without a body") {
  World world = stored();
  Call call = read();
  const std::string etag = world.call(call).header("etag");
  call.headers = {{"if-none-match", etag}};
  const Ended same = world.call(call);
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(same.header("etag") == etag);
  CHECK(same.header("content-type").empty());
  call.headers = {{"if-none-match", "\"1-0000000000000000\""}};
  CHECK(world.call(call).status == 200);
}

TEST_CASE("unknown platforms, versions and parameters") {
  World world = stored();
  CHECK(world.call(read({}, "nobody")).says("platform.unknown"));
  CHECK(world.call(read({{"version", "2"}})).says("config.version_unknown"));
  const std::pair<std::vector<std::vector<std::string>>, std::string_view> rows[] = {
      {{{"env", "test"}}, R"("pointer":"env","code":"query.value")"},
      {{{"env", ""}}, R"("pointer":"env","code":"query.value")"},
      {{{"version", "0"}}, R"("pointer":"version","code":"query.value")"},
      {{{"version", "1.0"}}, R"("pointer":"version","code":"query.value")"},
      {{{"version", "-1"}}, R"("pointer":"version","code":"query.value")"},
      {{{"Env", "dev"}}, R"("pointer":"Env","code":"query.unknown")"},
      {{{"", ""}}, R"("pointer":"","code":"query.unknown")"},
      {{{"env", "dev"}, {"env", "dev"}}, R"("pointer":"env","code":"query.duplicate")"},
  };
  for (const auto& [query, says] : rows) {
    CAPTURE(says);
    const Ended ended = world.call(read(query));
    CHECK(ended.status == 400);
    CHECK(ended.says("query.invalid"));
    CHECK(ended.says(says));
  }
}
