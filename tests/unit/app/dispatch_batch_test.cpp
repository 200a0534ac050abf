#include <doctest/doctest.h>

#include "base/ulid.hpp"
#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

/// A ready site whose batch is dispatched once with this answer.
World dispatched_with(Scripted answer) {
  World world;
  make_ready(world);
  world.answers["act:dispatch"] = std::move(answer);
  (void)world.perform(batch_key(world));
  CHECK(world.folds());
  return world;
}

std::optional<int64_t> due(World& world) {
  return world.stored.due_in(batch_key(world), world.now_ms);
}

/// A page of runs with these ids, all titled with the batch's key.
Scripted runs(World& world, const std::vector<int64_t>& ids) {
  std::string body = R"({"total_count":9,"workflow_runs":[)";
  body.append(R"({"id":1,"display_title":"manual","status":"completed","conclusion":"success",)"
              R"("html_url":"x"})");
  for (const int64_t id : ids) {
    body.append(concat(R"(,{"id":)", to_text(id), R"(,"display_title":")",
                       *batch_of(world).dispatch_key,
                       R"( dev main","status":"queued",)"
                       R"("conclusion":null,"html_url":"u)",
                       to_text(id), "\"}"));
  }
  return {.body = body + "]}"};
}

}  // namespace

TEST_CASE("a dispatch is written down, sent once, and its run is known from the answer") {
  World world;
  make_dispatched(world);
  const BatchRow batch = batch_of(world);
  CHECK(batch.run_id == "42");
  CHECK(batch.run_url == run_url);
  CHECK(is_ulid(*batch.dispatch_key));
  CHECK(batch.floor_ms == world.now_ms - 120'000);
  CHECK(world.last_sent("act:dispatch")->body.find(*batch.dispatch_key) != std::string::npos);
  CHECK(world.stored.events(batch_key(world)) ==
        "batch_planned batch_dispatch_started batch_dispatched");
  // The batch's row alone says so; the sites' rows are not written.
  CHECK(site_of(world).active->state == DeploymentState::planned);
  CHECK(world.stored.events(std::string(site_key)).ends_with("deployment_planned"));
  CHECK(due(world) == limits::batch_look_ms);
  CHECK(world.folds());
}

TEST_CASE("accepted without a run's id, or no clear answer: the run is looked for") {
  for (const Scripted& answer :
       {Scripted{.status = 204}, Scripted{.body = "{}"}, Scripted{.body = "<html>"},
        Scripted{.body = R"({"workflow_run_id":0})"}, Scripted{.status = 500},
        Scripted{.status = 408}, lost()}) {
    World world = dispatched_with(answer);
    CHECK(batch_of(world).state == BatchState::unknown);
    CHECK(batch_of(world).unclear == 1);
    CHECK(site_of(world).active->state == DeploymentState::planned);
    CHECK(due(world) == 3'000);
    world.answers["look:runs"] = runs(world, {42});
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::dispatched);
    CHECK(batch_of(world).run_id == "42");
    CHECK(world.acts() == 2);
    CHECK(world.folds());
  }
}

TEST_CASE("a refusal ends the attempt, in GitHub's words; a permission is told apart") {
  const std::string body = R"({"message":"No ref found for: main","status":"422"})";
  World world = dispatched_with({.status = 422, .body = body});
  CHECK(batch_of(world).state == BatchState::closed);
  const SiteRow site = site_of(world);
  CHECK_FALSE(site.active.has_value());
  CHECK(site.last->failure->code == "dispatch.rejected");
  CHECK(site.last->failure->detail == "GitHub HTTP 422: No ref found for: main");
  CHECK(due(world) == std::nullopt);
  (void)world.perform(std::string(site_key));
  CHECK_FALSE(site_of(world).active.has_value());
  for (const int64_t status : {401, 403}) {
    World denied = dispatched_with({.status = status, .body = "{}"});
    CHECK(site_of(denied).last->failure->code == "credential.permission_missing");
  }
}

TEST_CASE("GitHub's words are cut between characters, so that the row can be read again") {
  std::string words = "x";
  for (int i = 0; i < 200; ++i) words.append("\xC3\xA9");
  World world = dispatched_with({.status = 422, .body = R"({"message":")" + words + "\"}"});
  CHECK(site_of(world).last->failure->detail == "GitHub HTTP 422: " + words.substr(0, 199));
}

TEST_CASE("a rate limit defers: planned again, the key given up, a new one later") {
  World world = dispatched_with({.status = 429, .headers = {{"retry-after", "75"}}});
  CHECK(batch_of(world).state == BatchState::planned);
  CHECK_FALSE(batch_of(world).dispatch_key.has_value());
  CHECK(site_of(world).active->state == DeploymentState::planned);
  CHECK(due(world) == 75'000);
  const std::string first = world.last_sent("act:dispatch")->body;
  world.answers["act:dispatch"] = {.body = R"({"workflow_run_id":42,"html_url":"u"})"};
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::dispatched);
  CHECK(batch_of(world).attempt == 2);
  CHECK(world.last_sent("act:dispatch")->body != first);
  CHECK(world.folds());
}

TEST_CASE("a Worker that ends after the write-ahead looks for the run, it does not send again") {
  World world;
  make_ready(world);
  world.stop_after_commit = true;
  CHECK(world.perform(batch_key(world)).stopped);
  CHECK(batch_of(world).state == BatchState::dispatching);
  CHECK(due(world) == 20'000);
  world.stop_after_commit = false;
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::unknown);
  world.answers["look:runs"] = runs(world, {42});
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).run_id == "42");
  CHECK(world.acts() == 1);
}

TEST_CASE("two runs of one key: the oldest is ours") {
  World world = dispatched_with(lost());
  world.answers["look:runs"] = runs(world, {90, 42, 77});
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).run_id == "42");
  CHECK(batch_of(world).run_url == "u42");
}

TEST_CASE("a list of runs that says nothing is not an empty one: nothing is dispatched again") {
  const std::string_view bodies[] = {"", "{}", R"({"total_count":0,"workflow_runs":null})",
                                     R"({"workflow_runs":[{"id":7,"display_title":null}]})"};
  for (const std::string_view body : bodies) {
    CAPTURE(body);
    World world = dispatched_with(lost());
    const int64_t sent_ms = world.now_ms;
    const size_t acts = world.acts();
    world.answers["look:runs"] = {.body = std::string(body)};
    while (world.now_ms + due(world).value_or(0) < sent_ms + 30 * 60'000) {
      (void)world.perform(batch_key(world));
      REQUIRE(batch_of(world).state == BatchState::unknown);
    }
    CHECK(world.acts() == acts);
    world.answers["look:runs"] = runs(world, {42});
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).run_id == "42");
  }
}

TEST_CASE("no run: looked for with growing pauses for 15 minutes, then a new key is used") {
  World world = dispatched_with(lost());
  const int64_t sent_ms = world.now_ms;
  world.answers["look:runs"] = runs(world, {});
  const std::string key = *batch_of(world).dispatch_key;
  while (world.now_ms + due(world).value_or(0) < sent_ms + 15 * 60'000) {
    (void)world.perform(batch_key(world));
    REQUIRE(batch_of(world).state == BatchState::unknown);
    CHECK(*batch_of(world).dispatch_key == key);
    CHECK(due(world).value_or(0) >= 3'000);
    CHECK(due(world).value_or(0) <= 60'000);
  }
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::planned);
  CHECK_FALSE(batch_of(world).dispatch_key.has_value());
  CHECK(due(world) == 0);
  CHECK(world.acts() == 2);
  CHECK(world.folds());
}

TEST_CASE("the third dispatch without a run fails the attempt") {
  World world = dispatched_with(lost());
  world.answers["look:runs"] = runs(world, {});
  for (int i = 0; i < 200 && batch_of(world).state != BatchState::closed; ++i) {
    (void)world.perform(batch_key(world));
  }
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(batch_of(world).attempt == 3);
  CHECK(world.acts() == 4);
  CHECK(site_of(world).last->failure->code == "dispatch.unclear");
  CHECK(world.folds());
}

TEST_CASE("a search without a clear answer proves nothing: it goes on, for an hour") {
  for (const Scripted& answer : {Scripted{.status = 500}, Scripted{.body = "<html>"}, lost()}) {
    World world = dispatched_with(lost());
    const int64_t sent_ms = world.now_ms;
    world.answers["look:runs"] = answer;
    world.now_ms = sent_ms + 60 * 60'000 - 1;
    (void)world.perform_now(batch_key(world));
    CHECK(batch_of(world).state == BatchState::unknown);
    CHECK(due(world) == 60'000);
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::closed);
    CHECK(site_of(world).last->failure->code == "dispatch.unclear");
    CHECK(world.folds());
  }
}

TEST_CASE("a search that is refused ends the attempt after 15 minutes, in GitHub's words") {
  World world = dispatched_with(lost());
  const int64_t sent_ms = world.now_ms;
  world.answers["look:runs"] = {.status = 404, .body = R"({"message":"Not Found"})"};
  world.now_ms = sent_ms + 15 * 60'000 - 1;
  (void)world.perform_now(batch_key(world));
  CHECK(batch_of(world).state == BatchState::unknown);
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).last->failure->detail == "GitHub HTTP 404: Not Found");
}

TEST_CASE("a limit, told by a header or in words only, is waited for") {
  const Scripted in_words_only = {
      .status = 403, .body = R"({"message":"You have exceeded a secondary rate limit."})"};
  World dispatching = dispatched_with(in_words_only);
  CHECK(batch_of(dispatching).state == BatchState::planned);
  CHECK(due(dispatching) == 60'000);
  World searching = dispatched_with(lost());
  searching.answers["look:runs"] = in_words_only;
  searching.now_ms += 20 * 60'000;
  (void)searching.perform_now(batch_key(searching));
  CHECK(batch_of(searching).state == BatchState::unknown);
  searching.answers["look:runs"] = {.status = 403, .headers = {{"retry-after", "120"}}};
  (void)searching.perform(batch_key(searching));
  CHECK(due(searching) == 120'000);
}

TEST_CASE("a batch whose deployment is gone is settled without a dispatch") {
  World world;
  make_ready(world);
  SiteRow site = site_of(world);
  happen(world, site, DeploymentCancelled{site.active->id, {}});
  (void)world.perform(batch_key(world));
  CHECK(world.acts() == 1);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK_FALSE(batch_of(world).failure.has_value());
  CHECK(due(world) == std::nullopt);
  CHECK(world.folds());
}

TEST_CASE("without a token for GitHub the deployment fails with its next step") {
  World world;
  make_ready(world);
  const size_t sent = world.sent.size();
  world.credentials = {"cloudflare:main"};
  (void)world.perform(batch_key(world));
  CHECK(world.sent.size() == sent);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).last->failure->code == "credential.missing");
  CHECK_FALSE(due(world));
  CHECK(world.folds());
}

TEST_CASE("a dispatch waits for its budget; nothing is written and nothing sent before") {
  World world;
  make_ready(world);
  const std::string ledger(dispatch_ledger);
  world.stored.put("ledger", ledger, LedgerRow{ledger, world.now_ms, world.now_ms, 0});
  const size_t sent = world.sent.size();
  (void)world.perform(batch_key(world));
  CHECK(world.sent.size() == sent);
  CHECK(batch_of(world).state == BatchState::planned);
  CHECK(batch_of(world).attempt == 0);
  // An effect leaves the reserve untouched, except for a batch that somebody waits for.
  CHECK(due(world) == (1 + dispatch_budget.reserve) * dispatch_budget.interval_ms);
  BatchRow batch = batch_of(world);
  batch.interactive = true;
  world.stored.put("batch", batch.id, batch);
  world.stored.outbox[batch_key(world)].due_at_ms = world.now_ms;
  (void)world.perform(batch_key(world));
  CHECK(due(world) == dispatch_budget.interval_ms);
}

TEST_CASE("a batch for runners that nobody wakes is offered again, and nothing is sent") {
  World world;
  make_ready(world);
  world.settings.members.emplace_back("BUILDER_WAKE", "none");
  const size_t sent = world.sent.size();
  (void)world.perform(batch_key(world));
  CHECK(world.sent.size() == sent);
  CHECK(batch_of(world).state == BatchState::planned);
  CHECK(due(world) == limits::wake_again_ms);
}

TEST_CASE("a frozen fleet dispatches nothing, and looks again in a minute") {
  World world;
  make_ready(world);
  REQUIRE(world.call({.operation = "fleet_freeze", .body = R"({"reason":"x"})"}).status == 200);
  const size_t sent = world.sent.size();
  (void)world.perform(batch_key(world));
  CHECK(world.sent.size() == sent);
  CHECK(due(world) == limits::frozen_pause_ms);
}
