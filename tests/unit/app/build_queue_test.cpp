#include "domain/queue.hpp"

#include <doctest/doctest.h>

#include "domain/fleet.hpp"
#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string queue(main_queue);

std::optional<int64_t> due(World& world) { return world.stored.due_in(queue, world.now_ms); }

/// A world with the account `main` and no site.
World opened() {
  World world;
  open_account(world);
  return world;
}

/// The platform's site is looked at now.
void look(World& world, std::string_view platform, Environment environment = Environment::dev) {
  const std::string key = concat("site:", site_id(platform, environment));
  world.stored.outbox[key] = {key, site_of(world, platform, environment).seq, world.now_ms, {}};
  (void)world.perform_now(key);
}

/// The queue is looked at now; the batch that this has planned, if any.
std::optional<BatchRow> look_at_queue_now(World& world) {
  const size_t before = world.stored.tables["batch"].size();
  world.now_ms += 1;
  promise_queue(world);
  (void)world.perform_now(queue);
  if (world.stored.tables["batch"].size() == before) return std::nullopt;
  return batch_of(world);
}

/// So many batches of one site each wait for their run.
World starting(int64_t batches) {
  World world = opened();
  for (int64_t i = 0; i < batches; ++i) {
    (void)wait_in_queue(world, numbered(i), {.shell_sha = numbered(i)});
    REQUIRE(look_at_queue_now(world).has_value());
  }
  return world;
}

}  // namespace

TEST_CASE("a site that may be planned joins its queue, which waits two seconds for more") {
  World world = opened();
  (void)wait_in_queue(world, "acme");
  look(world, "acme");
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == std::nullopt);
  CHECK(due(world) == limits::gather_ms);
  CHECK(world.stored.tables["batch"].empty());
  (void)world.perform(queue);
  CHECK(batch_of(world).members.size() == 1);
  CHECK(site_of(world, "acme").active->state == DeploymentState::planned);
  CHECK_FALSE(site_of(world, "acme").queued.has_value());
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  CHECK(due(world) == 0);
  (void)world.perform(queue);
  CHECK(due(world) == std::nullopt);
  CHECK(world.stored.tables["batch"].size() == 1);
  CHECK(world.folds());
}

TEST_CASE("whoever comes while a look is promised joins in silence and is built along") {
  World world = opened();
  (void)wait_in_queue(world, "first");
  look(world, "first");
  const EffectDocument promised = world.stored.outbox[queue];
  world.now_ms += 1'500;
  (void)wait_in_queue(world, "second");
  look(world, "second");
  CHECK(world.stored.outbox[queue].seq == promised.seq);
  CHECK(world.stored.outbox[queue].due_at_ms == promised.due_at_ms);
  (void)world.perform(queue);
  CHECK(batch_of(world).members.size() == 2);
  CHECK(site_of(world, "first").active->batch_id == site_of(world, "second").active->batch_id);
  CHECK(world.folds());
}

TEST_CASE("a promise that is due is no promise to a site that comes now") {
  World world = opened();
  (void)wait_in_queue(world, "first");
  look(world, "first");
  const int64_t seq = world.stored.outbox[queue].seq;
  world.now_ms += limits::gather_ms;
  (void)wait_in_queue(world, "second");
  look(world, "second");
  CHECK(world.stored.outbox[queue].seq == seq + 1);
  CHECK(due(world) == limits::gather_ms);
}

TEST_CASE("for whom somebody waits the queue is looked at at once, or within its two seconds") {
  World idle = opened();
  (void)wait_in_queue(idle, "acme", {.interactive = true});
  look(idle, "acme");
  CHECK(due(idle) == 0);

  World later = opened();
  later.stored.outbox[queue] = {queue, 7, later.now_ms + limits::gather_ms + 1, std::nullopt};
  (void)wait_in_queue(later, "acme", {.interactive = true});
  look(later, "acme");
  CHECK(due(later) == 0);
  CHECK(later.stored.outbox[queue].seq == 8);

  World soon = opened();
  soon.stored.outbox[queue] = {queue, 7, soon.now_ms + limits::gather_ms, std::nullopt};
  (void)wait_in_queue(soon, "acme", {.interactive = true});
  look(soon, "acme");
  CHECK(due(soon) == limits::gather_ms);
  CHECK(soon.stored.outbox[queue].seq == 7);
}

TEST_CASE("the most urgent queue is planned first, and each batch is of one") {
  World world = opened();
  (void)wait_in_queue(world, "old-dev");
  world.now_ms += 20'000;
  (void)wait_in_queue(world, "mid-stg", {.environment = Environment::stg});
  (void)wait_in_queue(world, "new-prod", {.environment = Environment::prod});
  world.now_ms += 10'000;
  (void)wait_in_queue(world, "asked", {.interactive = true});
  // 30 s of dev weigh 30, 10 s of stg 20, 10 s of prod 40.
  const std::pair<Environment, bool> order[] = {{Environment::dev, true},
                                                {Environment::prod, false},
                                                {Environment::dev, false},
                                                {Environment::stg, false}};
  for (const auto& [environment, interactive] : order) {
    const auto batch = look_at_queue_now(world);
    REQUIRE(batch.has_value());
    CHECK(batch->environment == environment);
    CHECK(batch->interactive == interactive);
    CHECK(batch->members.size() == 1);
  }
  CHECK(world.folds());
}

TEST_CASE("a site whose time has not come is not planned") {
  World world = opened();
  SiteRow site = wait_in_queue(world, "acme");
  happen(world, site, DesiredChanged{2, "", "changed", world.now_ms + 5'000});
  CHECK_FALSE(look_at_queue_now(world).has_value());
  CHECK(due(world) == 4'999);  // a clock may be ahead of another: it is waited for
  world.now_ms += 5'000;
  CHECK(look_at_queue_now(world).has_value());
  CHECK(site_of(world, "acme").active->config_version == 2);
}

TEST_CASE("where no more may be planned the queue is promised a later look") {
  World world = starting(limits::starting_batches_max);
  (void)wait_in_queue(world, "acme");
  CHECK_FALSE(look_at_queue_now(world).has_value());
  CHECK(due(world) == limits::queue_pause_ms);
  CHECK(site_of(world, "acme").queued.has_value());
  // What somebody waits for has starts of its own.
  (void)wait_in_queue(world, "asked", {.interactive = true});
  CHECK(look_at_queue_now(world).has_value());
  CHECK_FALSE(look_at_queue_now(world).has_value());
  // A run begins: there is room for one more.
  BatchRow batch = parsed<BatchRow>(world.stored.tables["batch"].begin()->second);
  apply(batch, BatchClaimed{"42", 1}, world.now_ms);
  world.stored.put("batch", batch.id, batch);
  CHECK(look_at_queue_now(world).has_value());
  CHECK(site_of(world, "acme").active.has_value());
}

TEST_CASE("a few minutes of the budget are planned ahead, more only where it lies idle") {
  World world = opened();
  fill_queue(world, limits::planned_ahead);
  REQUIRE(look_at_queue_now(world)->members.size() == limits::planned_ahead);
  (void)wait_in_queue(world, "acme");
  CHECK_FALSE(look_at_queue_now(world).has_value());
  BatchRow batch = batch_of(world);
  apply(batch, BatchClaimed{"42", 1}, world.now_ms);
  world.stored.put("batch", batch.id, batch);

  World spent = world;
  spent.stored.put("ledger", "cloudflare:shared",
                   LedgerRow{"cloudflare:shared", spent.now_ms, spent.now_ms, 0});
  CHECK_FALSE(look_at_queue_now(spent).has_value());
  spent.now_ms += 60'000;
  CHECK(look_at_queue_now(spent).has_value());

  World stopped = world;
  stopped.stored.put("ledger", "cloudflare:shared",
                     LedgerRow{"cloudflare:shared", 0, 0, stopped.now_ms + 60'000});
  CHECK_FALSE(look_at_queue_now(stopped).has_value());

  CHECK(look_at_queue_now(world).has_value());
}

TEST_CASE("what is under way in accounts of another owner does not count") {
  World world = starting(limits::starting_batches_max);
  for (const auto& [name, owner] : {std::pair("other", "someone"), std::pair("second", "shared")}) {
    open_account(world, name, owner);
    const std::string key = concat("queue:", name);
    (void)wait_in_queue(world, name, {.account = name});
    promise_queue(world, name);
    (void)world.perform_now(key);
    CHECK(site_of(world, name).active.has_value() == (std::string_view(owner) == "someone"));
  }
}

TEST_CASE("a look that finds nothing left settles only the promise that it has read") {
  World world = opened();
  promise_queue(world);
  const int64_t seq = world.stored.outbox[queue].seq;
  world.before_read = [&](const NeedDocument& need) {
    if (need.query != "sites_queued") return;
    world.stored.outbox[queue] = {queue, seq + 1, world.now_ms + 2'000, std::nullopt};
  };
  (void)world.perform_now(queue);
  CHECK(world.stored.outbox[queue].seq == seq + 1);
  CHECK(due(world) == 2'000);
}

TEST_CASE("sites that another look has planned since the queue was read are left to it") {
  World world = opened();
  (void)wait_in_queue(world, "acme");
  promise_queue(world);
  world.before_read = [&](const NeedDocument& need) {
    if (need.query == "building_counts") world.stored.tables["site"].clear();
  };
  (void)world.perform_now(queue);
  CHECK(world.stored.tables["batch"].empty());
  CHECK(due(world) == limits::queue_pause_ms);
}

TEST_CASE("a message that comes early or twice finds nothing to do") {
  World world = opened();
  (void)wait_in_queue(world, "acme");
  look(world, "acme");
  CHECK_FALSE(world.perform_now(queue).committed);
  const int64_t promised_ms = *world.stored.outbox[queue].due_at_ms;
  (void)world.perform(queue);
  CHECK_FALSE(world.perform_now(queue, promised_ms - 1).committed);
}

TEST_CASE("frozen: nothing is planned, the queue is looked at again in a minute") {
  World world = opened();
  (void)wait_in_queue(world, "acme");
  REQUIRE(world.call({.operation = "fleet_freeze", .body = R"({"reason":"a fair"})"}).status ==
          200);
  CHECK_FALSE(look_at_queue_now(world).has_value());
  CHECK(due(world) == limits::frozen_pause_ms);
  look(world, "acme");
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == limits::frozen_pause_ms);
  REQUIRE(world.call({.operation = "fleet_unfreeze"}).status == 200);
  (void)world.perform(queue);
  CHECK(site_of(world, "acme").active.has_value());
  CHECK(world.folds());
}

TEST_CASE("a paused site waits in no queue") {
  World world = opened();
  SiteRow site = wait_in_queue(world, "acme");
  happen(world, site, BuildsPaused{"a fair"});
  CHECK_FALSE(site.queued.has_value());
  CHECK_FALSE(look_at_queue_now(world).has_value());
  happen(world, site, BuildsResumed{});
  CHECK(look_at_queue_now(world).has_value());
}

TEST_CASE("the queue of an account that is gone is settled") {
  World world;
  promise_queue(world, "gone");
  (void)world.perform_now("queue:gone");
  CHECK(world.stored.due_in("queue:gone", world.now_ms) == std::nullopt);
}

TEST_CASE("a site that was stored before there were queues is planned alone") {
  World world = opened();
  SiteRow site = wait_in_queue(world, "acme");
  site.queued.reset();
  world.stored.put("site", "acme/dev", site);
  look(world, "acme");
  CHECK(batch_of(world).members.size() == 1);
  CHECK(due(world) == std::nullopt);
}

TEST_CASE("a queue that nobody will look at although a site waits in it is found by the cron") {
  World world = opened();
  (void)wait_in_queue(world, "acme");
  world.now_ms += limits::queue_forgotten_ms - 1;
  (void)world.tick("sweep");
  CHECK(due(world) == std::nullopt);
  world.now_ms += 1;
  (void)world.tick("sweep");
  CHECK(due(world) == 0);
  const int64_t seq = world.stored.outbox[queue].seq;
  (void)world.tick("sweep");
  CHECK(world.stored.outbox[queue].seq == seq);
}
