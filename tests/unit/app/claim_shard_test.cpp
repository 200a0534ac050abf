// Claims of shards, of the next batch that waits, and of what is wished by then.
#include <doctest/doctest.h>

#include "app/bodies.hpp"
#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

/// So many sites are one batch, which GitHub has accepted as run 42.
World dispatched(int64_t sites) {
  World world;
  open_account(world);
  fill_queue(world, sites);
  (void)dispatch_fleet(world);
  return world;
}

ClaimView claimed(World& world, const Call& call) {
  const Ended ended = world.call(call);
  CAPTURE(ended.body);
  REQUIRE(ended.status == 200);
  CHECK(ended.secret_member == "token");
  return parsed<ClaimView>(ended.body);
}

Call claim_with(std::string_view members, std::string_view run_id = "42") {
  return {.operation = "batch_claim",
          .body = concat("{", members, R"(,"runId":")", run_id, R"(","runAttempt":1})"),
          .principal = PrincipalKind::internal};
}

Call by_batch(World& world, int64_t shard, std::string_view run_id = "42") {
  return claim_with(concat(R"("batchId":")", batch_of(world).id, R"(","shard":)", to_text(shard)),
                    run_id);
}

int64_t running(World& world) {
  int64_t count = 0;
  for (const auto& [id, json] : world.stored.tables["site"]) {
    const auto site = parsed<SiteRow>(json);
    if (site.active && site.active->state == DeploymentState::running) ++count;
  }
  return count;
}

/// A newer wish of a site whose deployment waits to be claimed.
void wish(World& world, std::string_view platform, std::string_view shell_sha = "") {
  SiteRow site = site_of(world, platform);
  happen(world, site, DesiredChanged{2, std::string(shell_sha), "changed", world.now_ms});
}

/// Two batches of `main` wait for a runner that nobody wakes: one of prod, then one of dev.
World waiting() {
  World world;
  world.settings.members.emplace_back("BUILDER_WAKE", "none");
  open_account(world);
  (void)wait_in_queue(world, "prod", {.environment = Environment::prod});
  (void)wait_in_queue(world, "acme");
  for (int i = 0; i < 2; ++i) {
    promise_queue(world);
    (void)world.perform(std::string(main_queue));
    (void)world.perform(batch_key(world));
    world.now_ms += 1;
  }
  REQUIRE(world.stored.tables["batch"].size() == 2);
  return world;
}

}  // namespace

TEST_CASE("each job claims its shard, and only that becomes running") {
  World world = dispatched(65);
  const ClaimView second = claimed(world, claim_shard(world, 1));
  CHECK(second.shard == 1);
  CHECK(second.shards == 3);
  REQUIRE(second.deployments.size() == 30);
  CHECK(second.deployments[0].platform_id == "p030");
  CHECK(running(world) == 30);
  CHECK(site_of(world, "p000").active->state == DeploymentState::planned);
  CHECK(claimed(world, claim_shard(world, 2)).deployments.size() == 5);
  CHECK(claimed(world, claim_shard(world, 0)).deployments.size() == 30);
  CHECK(running(world) == 65);
  CHECK(world.stored.events(batch_key(world)) ==
        "batch_planned batch_dispatch_started batch_dispatched batch_claimed");
  CHECK(world.call(claim_shard(world, 1, "43")).says("claim.fenced"));
  CHECK(world.stored.events("site:p000/dev").ends_with("deployment_planned deployment_running"));
  CHECK(world.folds());
}

TEST_CASE("a shard is claimed again with the same answer and no further event") {
  World world = dispatched(31);
  const Ended first = world.call(claim_shard(world, 1));
  CHECK(world.call(claim_shard(world, 1)).body == first.body);
  CHECK(world.stored.events("site:p030/dev").ends_with("deployment_planned deployment_running"));
}

TEST_CASE("a shard that the batch does not have is empty; a number that none has is refused") {
  World world = dispatched(1);
  const ClaimView empty = claimed(world, claim_shard(world, 7));
  CHECK(empty.shard == 7);
  CHECK(empty.shards == 1);
  CHECK(empty.deployments.empty());
  CHECK(claimed(world, claim_shard(world, 249)).deployments.empty());
  for (const int64_t shard : {int64_t{-1}, limits::batch_members_max}) {
    const Ended refused = world.call(claim_shard(world, shard));
    CHECK(refused.status == 422);
    CHECK(refused.says("/shard"));
  }
}

TEST_CASE("what has gone meanwhile is not in its shard") {
  World world = dispatched(2);
  SiteRow site = site_of(world, "p000");
  happen(world, site, DeploymentCancelled{site.active->id, {}});
  const ClaimView shard = claimed(world, claim_shard(world, 0));
  REQUIRE(shard.deployments.size() == 1);
  CHECK(shard.deployments[0].platform_id == "p001");
}

TEST_CASE("by the batch's id: further shards for the run that holds it, for no other") {
  World world = dispatched(31);
  CHECK(world.call(by_batch(world, 1)).says("claim.fenced"));
  (void)claimed(world, claim_shard(world, 0));
  CHECK(claimed(world, by_batch(world, 1)).deployments.size() == 1);
  CHECK(world.call(by_batch(world, 1, "43")).says("claim.fenced"));
  CHECK(world.call(claim_with(R"("batchId":"bat_none")")).says("claim.fenced"));
  BatchRow batch = batch_of(world);
  apply(batch, BatchClosed{}, world.now_ms);
  world.stored.put("batch", batch.id, batch);
  CHECK(world.call(by_batch(world, 1)).says("claim.fenced"));
}

TEST_CASE("claiming renews a deployment to what is wished by then") {
  World world = dispatched(2);
  wish(world, "p000");
  const std::string id = site_of(world, "p000").active->id;
  const ClaimView shard = claimed(world, claim_shard(world, 0));
  REQUIRE(shard.deployments.size() == 2);
  CHECK(shard.deployments[0].deployment_id == id);
  CHECK(shard.deployments[0].config_version == 2);
  CHECK(shard.deployments[1].config_version == 1);
  const SiteRow site = site_of(world, "p000");
  CHECK(site.active->revision == site.desired.revision);
  CHECK(site.active->reasons == std::vector<std::string>{"created", "changed"});
  CHECK(site.desired.reasons.empty());
  CHECK(world.stored.events("site:p000/dev")
            .ends_with("desired_changed deployment_retargeted deployment_running"));
  CHECK(world.folds());
}

TEST_CASE("what is wished after the claim becomes one more build") {
  World world = dispatched(1);
  (void)claimed(world, claim_shard(world, 0));
  wish(world, "p000");
  CHECK(claimed(world, claim_shard(world, 0)).deployments[0].config_version == 1);
  CHECK(site_of(world, "p000").active->revision < site_of(world, "p000").desired.revision);
}

TEST_CASE("a wish for another commit of the shell gives way to a batch of its own") {
  World world = dispatched(2);
  wish(world, "p000", "abc");
  const ClaimView shard = claimed(world, claim_shard(world, 0));
  REQUIRE(shard.deployments.size() == 1);
  CHECK(shard.deployments[0].platform_id == "p001");
  const SiteRow site = site_of(world, "p000");
  CHECK(site.last->state == DeploymentState::superseded);
  CHECK_FALSE(site.active.has_value());
  CHECK(site.queued.has_value());
  CHECK(world.stored.due_in("site:p000/dev", world.now_ms) == 0);
  (void)world.perform("site:p000/dev");
  promise_queue(world);
  (void)world.perform(std::string(main_queue));
  CHECK(site_of(world, "p000").active->shell_sha == "abc");
  CHECK(world.folds());
}

TEST_CASE("raw TypeScript does not go along in a shard of several, in one of its own it does") {
  World several = dispatched(2);
  wish(several, "p000");
  make_raw(several, "p000", 2);
  CHECK(claimed(several, claim_shard(several, 0)).deployments.size() == 1);
  CHECK(site_of(several, "p000").last->state == DeploymentState::superseded);

  World alone = dispatched(1);
  wish(alone, "p000");
  make_raw(alone, "p000", 2);
  CHECK(claimed(alone, claim_shard(alone, 0)).deployments[0].config_version == 2);
  CHECK(alone.folds());
}

TEST_CASE("a site that was pinned meanwhile is built as its pin says, by another batch") {
  World world = dispatched(1);
  SiteRow site = site_of(world, "p000");
  happen(world, site, SitePinned{4, "", "dep_0", std::nullopt, "bad release"});
  CHECK(claimed(world, claim_shard(world, 0)).deployments.empty());
  site = site_of(world, "p000");
  CHECK(site.last->state == DeploymentState::superseded);
  CHECK(wants_deployment(site));
  CHECK(world.stored.due_in("site:p000/dev", world.now_ms) == 0);
  CHECK(world.folds());
}

TEST_CASE("a suspended site's deployment is claimed as it was planned") {
  World world = dispatched(1);
  wish(world, "p000");
  SiteRow site = site_of(world, "p000");
  happen(world, site, SiteSuspended{"a fair"});
  CHECK(claimed(world, claim_shard(world, 0)).deployments[0].config_version == 1);
}

TEST_CASE("by account: the next batch that waits for a runner, the oldest first") {
  World world = waiting();
  const ClaimView first = claimed(world, claim_with(R"("account":"main")", "7"));
  CHECK(first.environment == Environment::prod);
  CHECK(first.account == "main");
  const ClaimView second = claimed(world, claim_with(R"("account":"main")", "8"));
  CHECK(second.environment == Environment::dev);
  const auto batch = world.stored.get<BatchRow>("batch", second.batch_id);
  CHECK(batch.run_id == "8");
  CHECK(batch.state == BatchState::claimed);
  const Ended none = world.call(claim_with(R"("account":"main")", "9"));
  CHECK(none.status == 409);
  CHECK(none.says("claim.nothing_to_build"));
  CHECK(world.folds());
}

TEST_CASE("by account: of one environment, and never another account's") {
  World world = waiting();
  CHECK(world.call(claim_with(R"("account":"second")")).says("claim.nothing_to_build"));
  CHECK(world.call(claim_with(R"("account":"main","env":"stg")")).says("claim.nothing_to_build"));
  const ClaimView dev = claimed(world, claim_with(R"("account":"main","env":"dev")"));
  CHECK(dev.environment == Environment::dev);
}

TEST_CASE("by account: a batch that was dispatched is its own run's") {
  World world = dispatched(1);
  CHECK(world.call(claim_with(R"("account":"main")")).says("claim.nothing_to_build"));
}
