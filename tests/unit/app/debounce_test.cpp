// Changes of a configuration become one build: when it is due, and what is planned at once.
#include <doctest/doctest.h>

#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string key(site_key);

/// `acme/dev` is live and nothing waits.
World idle() {
  World world;
  make_uploaded(world);
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, "{}")};
  (void)world.perform(key);
  REQUIRE(site_of(world).live.has_value());
  world.stored.outbox.erase(std::string(main_queue));
  return world;
}

/// The configuration of `acme` is changed; `due_in` is when its site is looked at.
std::optional<int64_t> change(World& world) {
  const std::string feature = concat("f", to_text(site_of(world).desired.config_version));
  REQUIRE(world
              .call({.operation = "feature_activate",
                     .params = {{"platformId", "acme"}},
                     .body = concat(R"({"featureId":")", feature, "\"}")})
              .status == 202);
  return world.stored.due_in(key, world.now_ms);
}

void redeploy(World& world) {
  REQUIRE(world
              .call({.operation = "deployment_request",
                     .params = {{"platformId", "acme"}, {"environment", "dev"}}})
              .status == 202);
}

}  // namespace

TEST_CASE("a change is planned when no other has come for five seconds") {
  World world = idle();
  CHECK(change(world) == 5'000);
  world.now_ms += 3'000;
  CHECK(change(world) == 5'000);
  world.now_ms += 4'999;
  (void)world.perform_now(key);
  CHECK(world.stored.due_in(std::string(main_queue), world.now_ms) == std::nullopt);
  plan(world);
  CHECK(site_of(world).active->config_version == 3);
  CHECK(site_of(world).active->reasons.size() == 2);
  CHECK_FALSE(batch_of(world).interactive);
  CHECK(world.folds());
}

TEST_CASE("changes that never end are planned a minute after the first") {
  World world = idle();
  const int64_t first_ms = world.now_ms;
  for (int i = 0; i < 14; ++i) {
    CHECK(change(world) == 5'000);
    world.now_ms += 4'000;
  }
  CHECK(world.now_ms == first_ms + 56'000);
  CHECK(change(world) == 4'000);
  world.now_ms += 3'000;
  CHECK(change(world) == 1'000);
  // Whatever comes after the minute does not put it off either.
  world.now_ms += 5'000;
  CHECK(change(world) == 0);
  plan(world);
  CHECK(site_of(world).active->reasons.size() == 17);
  CHECK(change(world) == 5'000);
  CHECK(world.folds());
}

TEST_CASE("the times are the instance's to set; what is no time is not taken") {
  const std::pair<std::pair<const char*, const char*>, int64_t> rows[] = {
      {{"2", "60"}, 2'000},  {{"30", "10"}, 10'000},        {{"0", "60"}, 0}, {{"x", "60"}, 5'000},
      {{"-5", "60"}, 5'000}, {{"5000", "5000"}, 3'600'000}, {{"", ""}, 5'000}};
  for (const auto& [settings, due_ms] : rows) {
    World world = idle();
    world.settings.members.emplace_back("BUILD_DEBOUNCE_S", settings.first);
    world.settings.members.emplace_back("BUILD_WAIT_MAX_S", settings.second);
    CAPTURE(settings.first);
    CHECK(change(world) == due_ms);
  }
}

TEST_CASE("a request to deploy is planned at once, and takes along what has waited") {
  World world = idle();
  (void)change(world);
  world.now_ms += 1'000;
  redeploy(world);
  CHECK(world.stored.due_in(key, world.now_ms) == 0);
  CHECK(site_of(world).queued->queue == "main:dev:0");
  (void)world.perform(key);
  CHECK(world.stored.due_in(std::string(main_queue), world.now_ms) == 0);
  (void)world.perform(std::string(main_queue));
  CHECK(batch_of(world).interactive);
  CHECK(site_of(world).active->config_version == 2);
  CHECK(site_of(world).active->reasons.size() == 2);
}

TEST_CASE("a change after a request does not put it off") {
  World world = idle();
  redeploy(world);
  world.now_ms += 500;
  CHECK(change(world).value_or(1) <= 0);
  CHECK(site_of(world).queued->queue == "main:dev:0");
}

TEST_CASE("what is changed while the batch waits for its run goes along, later ones do not") {
  World world = idle();
  (void)change(world);
  plan(world);
  world.answers["act:dispatch"] = {.body = R"({"workflow_run_id":42,"html_url":"u"})"};
  (void)world.perform(batch_key(world));
  (void)change(world);
  // The site is looked at meanwhile, and has nothing to do: its deployment is under way.
  (void)world.perform(key);
  CHECK(world.stored.due_in(key, world.now_ms) == std::nullopt);
  const Ended ended = world.call(claim(world, "42"));
  CHECK(ended.says(R"("configVersion":3)"));
  (void)change(world);
  CHECK(world.call(report(world, uploaded_result)).status == 200);
  CHECK(site_of(world).active->config_version == 3);
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, "{}", 3)};
  (void)world.perform_now(key);
  CHECK(site_of(world).live->config_version == 3);
  CHECK(world.stored.due_in(key, world.now_ms) == 5'000);
  plan(world);
  CHECK(site_of(world).active->config_version == 4);
  CHECK(world.folds());
}
