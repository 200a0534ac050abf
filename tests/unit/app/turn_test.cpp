#include <doctest/doctest.h>

#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string ledger = "cloudflare:shared";

Call turn(World& world, std::string_view run_id = "42", std::string_view deployment_id = "") {
  const std::string id(deployment_id.empty() ? batch_of(world).members[0].deployment_id
                                             : std::string(deployment_id));
  return {.operation = "batch_turn",
          .params = {{"batchId", batch_of(world).id}},
          .body = concat(R"({"runId":")", run_id, R"(","deploymentId":")", id, "\"}"),
          .principal = PrincipalKind::internal};
}

/// Run 42 holds a batch of one site, for which somebody waits or nobody does.
World claimed(bool interactive = false) {
  World world;
  open_account(world);
  (void)wait_in_queue(world, "acme", {.interactive = interactive});
  (void)dispatch_fleet(world);
  REQUIRE(world.call(claim(world, "42")).status == 200);
  return world;
}

/// So many units of the burst are left.
void leave(World& world, int64_t units) {
  const int64_t spent = cloudflare_budget.burst - units;
  const int64_t floor_ms = world.now_ms - cloudflare_budget.burst * cloudflare_budget.interval_ms;
  world.stored.put("ledger", ledger,
                   LedgerRow{ledger, floor_ms + spent * cloudflare_budget.interval_ms, 0, 0});
}

int64_t paced_ms(World& world) { return ledger_of(world.stored.tables, ledger).paced_ms; }

}  // namespace

TEST_CASE("a turn is granted and takes wrangler's six calls from the owner's ledger") {
  World world = claimed();
  const Ended ended = world.call(turn(world));
  CHECK(ended.status == 200);
  CHECK(ended.body == R"({"turn":"granted"})");
  CHECK_FALSE(ended.committed);
  const int64_t floor_ms = world.now_ms - cloudflare_budget.burst * cloudflare_budget.interval_ms;
  CHECK(paced_ms(world) == floor_ms + deployment_units * cloudflare_budget.interval_ms);
  CHECK(deployment_units == 6);
}

TEST_CASE("without room the builder waits as long as the ledger says, and takes nothing") {
  World world = claimed();
  leave(world, 0);
  const int64_t before = paced_ms(world);
  const int64_t units = deployment_units + cloudflare_budget.reserve;
  CHECK(world.call(turn(world)).body == concat(R"({"turn":"wait","waitMs":)",
                                               to_text(units * cloudflare_budget.interval_ms),
                                               R"(,"reason":"budget"})"));
  CHECK(paced_ms(world) == before);
  world.now_ms += units * cloudflare_budget.interval_ms;
  CHECK(world.call(turn(world)).body == R"({"turn":"granted"})");
}

TEST_CASE("a wait is not shorter than a quarter of a second and not longer than a minute") {
  World world = claimed();
  const int64_t units = deployment_units + cloudflare_budget.reserve;
  leave(world, units);
  world.now_ms -= 1;
  CHECK(world.call(turn(world)).says(R"("waitMs":250)"));
  stop(world.stored.tables, {ledger, world.now_ms + 10 * 60'000});
  CHECK(world.call(turn(world)).says(R"("waitMs":60000)"));
}

TEST_CASE("what is reserved goes to uploads that somebody waits for") {
  World background = claimed();
  leave(background, cloudflare_budget.reserve);
  CHECK(background.call(turn(background)).says(R"("turn":"wait")"));
  World asked = claimed(true);
  REQUIRE(batch_of(asked).interactive);
  leave(asked, cloudflare_budget.reserve);
  CHECK(asked.call(turn(asked)).body == R"({"turn":"granted"})");
}

TEST_CASE("what is not wanted any more is dropped, whatever the budget has") {
  World world = claimed();
  leave(world, 0);
  const int64_t before = paced_ms(world);
  const std::string dropped = R"({"turn":"dropped"})";
  CHECK(world.call(turn(world, "42", "dep_other")).body == dropped);
  SiteRow site = site_of(world, "acme");
  World uploaded = world;
  happen(world, site, DeploymentCancelled{site.active->id, {}});
  CHECK(world.call(turn(world)).body == dropped);
  CHECK(paced_ms(world) == before);

  site = site_of(uploaded, "acme");
  happen(uploaded, site, DeploymentUploaded{site.active->id, "pd1", {}, {}, {}});
  CHECK(uploaded.call(turn(uploaded)).body == dropped);
}

TEST_CASE("a run that does not hold the batch has no turn") {
  World world = claimed();
  const Ended foreign = world.call(turn(world, "43"));
  CHECK(foreign.status == 409);
  CHECK(foreign.says("report.fenced"));
  Call unknown = turn(world);
  unknown.params = {{"batchId", "bat_none"}};
  CHECK(world.call(unknown).says("batch.unknown"));
  Call nameless = turn(world);
  nameless.body = R"({"runId":"42"})";
  CHECK(world.call(nameless).status == 422);

  World waiting;
  open_account(waiting);
  (void)wait_in_queue(waiting, "acme");
  (void)dispatch_fleet(waiting);
  CHECK(waiting.call(turn(waiting)).says("report.fenced"));

  BatchRow batch = batch_of(world);
  apply(batch, BatchClosed{failure(ErrorCode::deadline_exceeded, "")}, world.now_ms);
  world.stored.put("batch", batch.id, batch);
  CHECK(world.call(turn(world)).says("report.fenced"));
  CHECK(ledger_of(world.stored.tables, ledger).paced_ms == 0);
}

TEST_CASE("accounts of one owner share a ledger, others have their own") {
  World world = claimed();
  open_account(world, "main", "someone");
  leave(world, 0);
  CHECK(world.call(turn(world)).body == R"({"turn":"granted"})");
  CHECK(ledger_of(world.stored.tables, "cloudflare:someone").paced_ms > 0);
}
