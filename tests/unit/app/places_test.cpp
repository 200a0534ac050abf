#include "app/places.hpp"

#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

/// Registers an account, or changes it; `rest` are further members.
Ended put(World& world, std::string_view name, std::string_view rest = "") {
  const std::string id(32, name.back());
  return world.call({.operation = "account_put",
                     .params = {{"name", std::string(name)}},
                     .body = concat(R"({"cloudflareId":")", id, "\"", rest, "}")});
}

/// Two accounts with tokens, and a platform of three sites that wait for a place.
World waiting(std::string_view capacity_a, std::string_view capacity_b) {
  World world;
  world.settings.members[0].second = "a";
  world.settings.members[1].second = std::string(32, 'a');
  world.credentials = {"github", "cloudflare:a", "cloudflare:b"};
  CHECK(put(world, "a", concat(R"(,"capacity":)", capacity_a)).status == 200);
  CHECK(put(world, "b", concat(R"(,"capacity":)", capacity_b)).status == 200);
  CHECK(create_platform(world, R"(["dev","stg","prod"])").status == 202);
  return world;
}

std::string account_of(World& world, const std::string& site) {
  return world.stored.get<SiteRow>("site", site).account;
}

AccountRow account(World& world, const std::string& name) {
  return world.stored.get<AccountRow>("account", name);
}

}  // namespace

TEST_CASE("the first look places all who wait, where there is most room") {
  World world = waiting("2", "5");
  (void)world.perform("site:acme/prod");
  CHECK(account_of(world, "acme/prod") == "b");
  CHECK(account_of(world, "acme/dev") == "b");
  CHECK(account_of(world, "acme/stg") == "b");
  CHECK(account(world, "b").sites == 3);
  CHECK(world.stored.events("account:b") ==
        "account_registered place_taken place_taken place_taken");
  CHECK(world.sent.empty());
  CHECK(world.folds());
}

TEST_CASE("no account gets more than it holds; who finds no room rests with the reasons") {
  World world = waiting("1", "1");
  (void)world.perform("site:acme/dev");
  CHECK(account_of(world, "acme/dev") == "a");
  CHECK(account_of(world, "acme/prod") == "b");
  const auto site = world.stored.get<SiteRow>("site", "acme/stg");
  CHECK(site.state == SiteState::blocked);
  CHECK(site.blocked->code == "account.none_left");
  CHECK(site.blocked->detail == "a: all 1 places are taken; b: all 1 places are taken");
  CHECK_FALSE(world.stored.due_in("site:acme/stg", world.now_ms).has_value());

  CHECK(put(world, "a", R"(,"capacity":2)").status == 200);
  CHECK(world.stored.due_in("site:acme/stg", world.now_ms) == 0);
  (void)world.perform("site:acme/stg");
  CHECK(account_of(world, "acme/stg") == "a");
  CHECK(world.folds());
}

TEST_CASE("an account without a token, a closed one and a removed one get no site") {
  World world = waiting("9", "1");
  world.credentials = {"github", "cloudflare:b"};
  (void)world.perform("site:acme/dev");
  CHECK(account_of(world, "acme/dev") == "b");
  CHECK(world.stored.get<SiteRow>("site", "acme/stg").blocked->detail ==
        "a: no token; b: all 1 places are taken");
  CHECK(account(world, "a").sites == 0);
}

TEST_CASE("each site has its turn; a site that waits asks nothing before") {
  World world = waiting("9", "1");
  CHECK(put(world, "a", R"(,"dailyCreations":4)").status == 200);
  CHECK(put(world, "b", R"(,"state":"closed")").status == 200);
  (void)world.perform("site:acme/dev");
  const int64_t quarter_ms = limits::day_ms / 4;
  CHECK(world.stored.due_in("site:acme/dev", world.now_ms) == 0);
  CHECK(world.stored.due_in("site:acme/prod", world.now_ms) == quarter_ms);
  CHECK(world.stored.due_in("site:acme/stg", world.now_ms) == 2 * quarter_ms);
  (void)world.call({.operation = "deployment_request",
                    .params = {{"platformId", "acme"}, {"environment", "stg"}}});
  (void)world.perform_now("site:acme/stg");
  CHECK(world.sent.empty());
  CHECK(world.stored.due_in("site:acme/stg", world.now_ms) == 2 * quarter_ms);

  CHECK(put(world, "a", R"(,"dailyCreations":400)").status == 200);
  CHECK(account(world, "a").sites == 1);
  (void)world.perform("site:acme/stg");
  CHECK(world.stored.due_in("site:acme/stg", world.now_ms) == 0);
  CHECK(world.folds());
}
