// What is put together into a batch, and into the jobs of its run.
#include <doctest/doctest.h>

#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

World opened() {
  World world;
  open_account(world);
  return world;
}

/// The next batch of the queue.
BatchRow planned(World& world) {
  const size_t before = world.stored.tables["batch"].size();
  world.now_ms += 1;
  promise_queue(world);
  (void)world.perform_now(std::string(main_queue));
  REQUIRE(world.stored.tables["batch"].size() == before + 1);
  return batch_of(world);
}

/// The sites of each shard.
std::vector<std::vector<std::string>> shards_of(const BatchRow& batch) {
  std::vector<std::vector<std::string>> out(static_cast<size_t>(batch.shards));
  for (const BatchMember& member : batch.members) {
    out[static_cast<size_t>(member.shard)].push_back(member.site);
  }
  return out;
}

}  // namespace

TEST_CASE("a batch is cut into shards of 30, one job each") {
  World world = opened();
  fill_queue(world, 65);
  const BatchRow batch = planned(world);
  CHECK(batch.members.size() == 65);
  CHECK(batch.shards == 3);
  const auto shards = shards_of(batch);
  CHECK(shards[0].size() == 30);
  CHECK(shards[1].size() == 30);
  CHECK(shards[2].size() == 5);
  CHECK(shards[1].front() == "p030/dev");
  world.answers["act:dispatch"] = {.body = R"({"workflow_run_id":42,"html_url":"u"})"};
  (void)world.perform(batch_key(world));
  CHECK(world.last_sent("act:dispatch")->body.find(R"("shards":"[0,1,2]")") != std::string::npos);
  CHECK(site_of(world, "p064").active->batch_id == batch.id);
  CHECK(site_of(world, "p064").active->id == batch.members[64].deployment_id);
  CHECK(world.folds());
}

TEST_CASE("exactly 30 are one shard, and one more begins another") {
  for (const auto& [sites, shards] : {std::pair(1, 1), std::pair(30, 1), std::pair(31, 2)}) {
    World world = opened();
    fill_queue(world, sites);
    CHECK(planned(world).shards == shards);
  }
}

TEST_CASE("a platform with raw TypeScript is alone in its shard, others fill theirs") {
  World world = opened();
  fill_queue(world, 33);
  make_raw(world, "p000");
  make_raw(world, "p010");
  const auto shards = shards_of(planned(world));
  REQUIRE(shards.size() == 4);
  size_t full = 0;
  for (const auto& shard : shards) {
    const bool raw = shard[0] == "p000/dev" || shard[0] == "p010/dev";
    if (raw) CHECK(shard.size() == 1);
    if (shard.size() == 30) ++full;
  }
  CHECK(shards[0] == std::vector<std::string>{"p000/dev"});
  CHECK(full == 1);
}

TEST_CASE("a batch is of one commit of the shell; the others are the next batch") {
  World world = opened();
  (void)wait_in_queue(world, "one", {.shell_sha = "abc"});
  (void)wait_in_queue(world, "three", {.shell_sha = "def"});
  (void)wait_in_queue(world, "two", {.shell_sha = "abc"});
  const BatchRow first = planned(world);
  CHECK(first.shell_sha == "abc");
  CHECK(shards_of(first)[0] == std::vector<std::string>{"one/dev", "two/dev"});
  const BatchRow second = planned(world);
  CHECK(second.shell_sha == "def");
  CHECK(shards_of(second)[0] == std::vector<std::string>{"three/dev"});
  CHECK(world.folds());
}

TEST_CASE("a pinned site goes with the commit and the version of its pin") {
  World world = opened();
  (void)wait_in_queue(world, "one", {.shell_sha = "abc"});
  SiteRow pinned_site = wait_in_queue(world, "two", {.shell_sha = "abc"});
  happen(world, pinned_site, DesiredChanged{5, "abc", "changed"});
  happen(world, pinned_site, SitePinned{4, "old", "dep_0", std::nullopt, "bad release"});
  CHECK(planned(world).members.size() == 1);
  const BatchRow batch = planned(world);
  CHECK(batch.shell_sha == "old");
  const Deployment deployment = *site_of(world, "two").active;
  CHECK(deployment.config_version == 4);
  CHECK(deployment.shell_sha == "old");
  CHECK(deployment.revision == site_of(world, "two").pin->revision);
}

TEST_CASE("raw is what the planned version is, not what was wished before") {
  World world = opened();
  SiteRow site = wait_in_queue(world, "one");
  (void)wait_in_queue(world, "two");
  make_raw(world, "one", 1);
  happen(world, site, DesiredChanged{2, "", "documents again"});
  CHECK(planned(world).shards == 1);
}

TEST_CASE("a batch is of one account and environment, and at most of 250 sites") {
  World world = opened();
  fill_queue(world, limits::batch_members_max + 2);
  (void)wait_in_queue(world, "other", {.account = "second"});
  (void)wait_in_queue(world, "prod", {.environment = Environment::prod});
  world.now_ms += 1;
  const BatchRow first = planned(world);
  CHECK(first.environment == Environment::prod);
  CHECK(first.members.size() == 1);
  const BatchRow second = planned(world);
  CHECK(second.account == "main");
  CHECK(second.members.size() == limits::batch_members_max);
  CHECK(second.shards == 9);
  CHECK(site_of(world, "p250").queued.has_value());
  CHECK(site_of(world, "other").queued->queue == "second:dev:1");
}
