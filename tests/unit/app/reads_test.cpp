#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Call platform(std::vector<std::vector<std::string>> query = {}) {
  return {
      .operation = "platform_read", .params = {{"platformId", "acme"}}, .query = std::move(query)};
}

Call operation(World& world, std::vector<std::vector<std::string>> query = {}) {
  return {.operation = "operation_read",
          .params = {{"operationId", world.stored.tables["operation"].begin()->first}},
          .query = std::move(query)};
}

/// Deploys `acme/dev` to its end.
void make_live(World& world) {
  make_uploaded(world);
  world.answers["look:deployment"] = pages_deployment("deploy", "success");
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, "{}")};
  (void)world.perform(std::string(site_key));
  REQUIRE(site_of(world).live.has_value());
}

}  // namespace

TEST_CASE("an operation is followed from the first wish to served bytes") {
  World world;
  make_dispatched(world);
  const Ended running = world.call(operation(world));
  CHECK(running.says(R"("state":"running","createdAt":"2026-11-21T16:43:48.404Z")"));
  CHECK(running.says(R"("step":"planned")"));
  REQUIRE(world.call(claim(world, "42")).status == 200);
  CHECK(world.call(operation(world)).says(R"("step":"running")"));
  World live;
  make_live(live);
  const Ended done = live.call(operation(live));
  CHECK(done.says(R"("state":"succeeded")"));
  CHECK(done.says(R"("url":"https://acme-dev-portal-3x.pages.dev")"));
  CHECK(done.says(R"("type":"deployment_live")"));
  World blocked;
  (void)create_platform(blocked);
  place_sites(blocked);
  blocked.answers["look:project"] = project("acme/prod");
  (void)blocked.perform(std::string(site_key));
  const Ended failed = blocked.call(operation(blocked));
  CHECK(failed.says(R"("state":"failed")"));
  CHECK(failed.says("project.name_taken"));
  CHECK(world.call({.operation = "operation_read", .params = {{"operationId", "op_x"}}}).status ==
        404);
}

TEST_CASE("an operation of several sites has failed only when none is under way") {
  World world;
  CHECK(create_platform(world, R"(["dev","prod"])").status == 202);
  place_sites(world);
  world.answers["look:project"] = project("other");
  (void)world.perform("site:acme/dev");
  CHECK(world.call(operation(world)).says(R"("state":"running","createdAt")"));
  std::string& body = world.answers["look:project"].body;
  body.replace(body.find("acme-dev"), 8, "acme-prod");
  (void)world.perform("site:acme/prod");
  CHECK(world.call(operation(world)).says(R"("state":"failed","createdAt")"));
}

TEST_CASE("waiting: held while nothing changes, answered on a change, at the end, or in time") {
  World world;
  (void)create_platform(world);
  const Ended held = world.call(platform({{"wait", "30"}}));
  CHECK(held.status == 200);
  REQUIRE(held.hold.has_value());
  CHECK(held.hold->again_after_ms == 500);
  Call again = platform({{"wait", "30"}});
  again.held = held.hold->token;
  again.received_ago_ms = 10'000;
  CHECK(world.call(again).hold.has_value());
  again.received_ago_ms = 29'900;
  CHECK(world.call(again).hold->again_after_ms == 100);
  again.received_ago_ms = 30'000;
  CHECK_FALSE(world.call(again).hold.has_value());
  again.received_ago_ms = 10'000;
  world.answers["look:project"] = project();
  place_sites(world);
  (void)world.perform(std::string(site_key));
  const Ended changed = world.call(again);
  CHECK_FALSE(changed.hold.has_value());
  CHECK(changed.says(R"("state":"ready")"));
  CHECK_FALSE(world.call(platform()).hold.has_value());
}

TEST_CASE("waiting: what has come to its end is not held") {
  World world;
  make_live(world);
  CHECK_FALSE(world.call(platform({{"wait", "30"}})).hold.has_value());
  CHECK_FALSE(world.call(operation(world, {{"wait", "30"}})).hold.has_value());
  const Call read = {.operation = "deployment_read",
                     .params = {{"deploymentId", site_of(world).last->id}},
                     .query = {{"wait", "30"}}};
  const Ended ended = world.call(read);
  CHECK_FALSE(ended.hold.has_value());
  CHECK(ended.says(R"("state":"live")"));
}

TEST_CASE("waiting times that are none are refused") {
  World world;
  (void)create_platform(world);
  for (const char* bad : {"0", "61", "-1", "abc", "", "1.5"}) {
    CAPTURE(bad);
    const Ended ended = world.call(platform({{"wait", bad}}));
    CHECK(ended.status == 400);
    CHECK(ended.says(R"("pointer":"wait","code":"query.value")"));
  }
  CHECK(world.call(platform({{"wait", "1"}})).hold.has_value());
  CHECK(world.call(platform({{"wait", "60"}})).hold.has_value());
}

TEST_CASE("a platform shows its sites: what is live, what is under way, what rests and why") {
  World world;
  make_live(world);
  const Ended live = world.call(platform());
  CHECK(live.says(R"("upToDate":true)"));
  CHECK(live.says(R"("live":{"deploymentId":")"));
  CHECK_FALSE(live.says(R"("active":)"));
  CHECK(world.call({.operation = "platform_read", .params = {{"platformId", "x"}}}).status == 404);
}

TEST_CASE("a deployment's timeline holds its own events only, in order") {
  World world;
  make_live(world);
  const Ended ended = world.call(
      {.operation = "deployment_read", .params = {{"deploymentId", site_of(world).last->id}}});
  size_t at = 0;
  for (const char* type : {"deployment_planned", "deployment_running", "deployment_uploaded",
                           "deployment_verifying", "deployment_live"}) {
    CAPTURE(type);
    at = ended.body.find(concat(R"("event":{"type":")", type, "\""), at);
    REQUIRE(at != std::string::npos);
  }
  CHECK_FALSE(ended.says("site_planned"));
  CHECK(world.call({.operation = "deployment_read", .params = {{"deploymentId", "dep_x"}}})
            .says("deployment.unknown"));
}

TEST_CASE("lists come in pages") {
  World world;
  for (const char* id : {"aaa", "bbb", "ccc"}) {
    CHECK(world
              .call({.operation = "platform_create",
                     .body = concat(R"({"platformId":")", id, R"(","environments":["dev"]})")})
              .status == 202);
  }
  const Ended first = world.call({.operation = "platform_list", .query = {{"limit", "2"}}});
  CHECK(first.says(R"("platformId":"bbb")"));
  CHECK(first.says(R"("nextCursor":"bbb")"));
  CHECK_FALSE(first.says("ccc"));
  const Ended rest = world.call({.operation = "platform_list", .query = {{"cursor", "bbb"}}});
  CHECK(rest.says(R"("platformId":"ccc")"));
  CHECK_FALSE(rest.says("nextCursor"));
  for (const char* bad : {"0", "101", "x"}) {
    CHECK(world.call({.operation = "platform_list", .query = {{"limit", bad}}}).status == 400);
  }
  CHECK(world.call({.operation = "platform_list", .query = {{"cursor", std::string(101, 'c')}}})
            .status == 400);
}

TEST_CASE("deployments of a site, newest first; unknown places are told apart") {
  World world;
  make_claimed(world);
  const std::string older = site_of(world).active->id;
  CHECK(world.call(report(world, R"("outcome":"failed","reason":"build_failed")")).status == 200);
  CHECK(world
            .call({.operation = "deployment_request",
                   .params = {{"platformId", "acme"}, {"environment", "dev"}}})
            .status == 202);
  world.now_ms += 1'000;
  plan(world);
  const std::string newer = site_of(world).active->id;
  const auto list = [&](std::string_view platform_id, std::string_view environment,
                        std::vector<std::vector<std::string>> query = {}) {
    return world.call({.operation = "site_deployments",
                       .params = {{"platformId", std::string(platform_id)},
                                  {"environment", std::string(environment)}},
                       .query = std::move(query)});
  };
  const Ended all = list("acme", "dev");
  CHECK(all.body.find(newer) < all.body.find(older));
  const Ended page = list("acme", "dev", {{"limit", "1"}});
  CHECK(page.says(concat(R"("nextCursor":")", newer, "\"")));
  CHECK(list("acme", "dev", {{"cursor", newer}}).says(older));
  CHECK(list("acme", "prod").says("environment.unknown"));
  CHECK(list("acme", "test").says("environment.unknown"));
  CHECK(list("nobody", "dev").says("platform.unknown"));
}

TEST_CASE("a redeploy's reason is checked, its place too") {
  World world;
  make_ready(world);
  const auto request = [&](std::string body, std::string_view environment = "dev") {
    return world.call(
        {.operation = "deployment_request",
         .params = {{"platformId", "acme"}, {"environment", std::string(environment)}},
         .body = std::move(body)});
  };
  CHECK(request(R"({"reason":""})").status == 422);
  CHECK(request(concat(R"({"reason":")", std::string(501, 'r'), "\"}")).status == 422);
  CHECK(request("[]").status == 422);
  CHECK(request("{}", "prod").says("environment.unknown"));
  CHECK(request("{}", "test").says("environment.unknown"));
  const Ended good = request("{}");
  CHECK(good.status == 202);
  CHECK(good.says(R"("kind":"deployment_request")"));
  CHECK(site_of(world).desired.revision == 2);
}
