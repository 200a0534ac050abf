#include <doctest/doctest.h>

#include <vector>

#include "app/operations.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

TEST_CASE("every operation asks for its scope, before it looks at anything") {
  for (const OperationInfo& operation : operations()) {
    for (const PrincipalKind kind :
         {PrincipalKind::none, PrincipalKind::internal, PrincipalKind::admin}) {
      World world;
      answer_doctor(world);
      const Ended ended = world.call({.operation = std::string(operation.name), .principal = kind});
      CAPTURE(operation.name);
      CAPTURE(name_of(kind));
      const bool refused = ended.status == 401 || ended.status == 403;
      CHECK(refused == !allows(kind, operation.scope));
      if (!refused) continue;
      CHECK(ended.rounds == 1);
      CHECK(ended.status == (kind == PrincipalKind::none ? 401 : 403));
      CHECK((ended.header("www-authenticate") == "Bearer") == (ended.status == 401));
      CHECK_FALSE(ended.committed);
    }
  }
}

TEST_CASE("operations have unique names and routes, and a body only where one is sent") {
  for (size_t i = 0; i < operations().size(); ++i) {
    const OperationInfo& one = operations()[i];
    const bool sends = one.method != "GET" && one.method != "DELETE";
    CHECK((one.body == nullptr || sends));
    for (size_t j = i + 1; j < operations().size(); ++j) {
      const OperationInfo& other = operations()[j];
      CHECK(one.name != other.name);
      CHECK((one.method != other.method || one.path != other.path));
    }
  }
}

TEST_CASE("routes that do not exist, and methods that a route does not take") {
  World world;
  CHECK(world.call({.operation = "route_unknown"}).says("route.unknown"));
  CHECK(world.call({.operation = "no_such_operation"}).status == 404);
  const Ended method = world.call({.operation = "method_not_allowed"});
  CHECK(method.status == 405);
  CHECK(method.body ==
        R"({"type":"urn:slipway:route.method_not_allowed","title":"The route does not take this)"
        R"( method","status":405,"code":"route.method_not_allowed","retryable":false,)"
        R"("next":"See /openapi.json for the methods of this route."})");
}

TEST_CASE("healthz touches nothing") {
  World world;
  const Ended ended = world.call({.operation = "healthz", .principal = PrincipalKind::none});
  CHECK(ended.status == 200);
  CHECK(ended.body == R"({"status":"ok"})");
  CHECK(ended.rounds == 1);
}

TEST_CASE("the tick sends overdue effects again, with grace, and changes nothing else") {
  World world;
  (void)create_platform(world, R"(["dev","prod"])");
  const auto again = [&](const char* key) { return world.stored.outbox[key].again_at_ms; };
  world.now_ms += 9'999;
  (void)world.tick();
  CHECK_FALSE(again("site:acme/dev").has_value());
  world.now_ms += 1;
  const Ended ended = world.tick();
  CHECK(ended.committed);
  CHECK(ended.status == 0);
  for (const char* key : {"site:acme/dev", "site:acme/prod"}) {
    CHECK(again(key) == world.now_ms + 45'000);
    CHECK(world.stored.due_in(key, world.now_ms) == -10'000);
  }
  CHECK(world.stored.events("site:acme/dev") == "site_planned");
}

TEST_CASE("what stays overdue is sent again after twice the time, at most an hour later") {
  World world;
  (void)create_platform(world);
  const int64_t due_ms = world.now_ms;
  std::vector<int64_t> minutes;
  for (int minute = 1; minute <= 24 * 60; ++minute) {
    world.now_ms += 60'000;
    const auto before = world.stored.outbox["site:acme/dev"].again_at_ms;
    (void)world.tick();
    if (world.stored.outbox["site:acme/dev"].again_at_ms != before) minutes.push_back(minute);
  }
  CHECK(*world.stored.outbox["site:acme/dev"].due_at_ms == due_ms);
  REQUIRE(minutes.size() > 14);
  CHECK(std::vector<int64_t>(minutes.begin(), minutes.begin() + 14) ==
        std::vector<int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21, 43, 87, 148});
  CHECK(minutes.back() - minutes[minutes.size() - 2] == 61);
}

TEST_CASE("an effect that is early, settled, or about nothing does nothing") {
  World world;
  CHECK_FALSE(world.perform_now("site:acme/dev").committed);
  CHECK_FALSE(world.perform_now("batch:bat_none").committed);
  make_claimed(world);
  world.sent.clear();
  CHECK_FALSE(world.perform_now(batch_key(world)).committed);
  CHECK_FALSE(world.perform_now(std::string(site_key)).committed);
  CHECK(world.sent.empty());
}

TEST_CASE("a fold that does not give the row is told") {
  World world;
  make_claimed(world);
  CHECK(world.folds());
  for (const char* table : {"site", "batch", "platform", "account"}) {
    World damaged = world;
    std::string& json = damaged.stored.tables[table].begin()->second;
    const size_t at = json.find("\"seq\":") + 6;
    json.insert(at, "9");
    CAPTURE(table);
    CHECK_FALSE(damaged.folds());
  }
  World gap = world;
  gap.stored.journal["site:acme/dev"].erase(gap.stored.journal["site:acme/dev"].begin() + 2);
  CHECK_FALSE(gap.folds());
  World rowless = world;
  rowless.stored.tables["site"].clear();
  CHECK_FALSE(rowless.folds());
}
