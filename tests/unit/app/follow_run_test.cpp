#include <doctest/doctest.h>

#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Scripted github_run(std::string_view status, std::string_view conclusion = "") {
  const std::string quoted = conclusion.empty() ? "null" : concat("\"", conclusion, "\"");
  return {.body = concat(R"({"id":42,"display_title":"k","status":")", status, R"(","conclusion":)",
                         quoted, R"(,"html_url":"u"})")};
}

Scripted uploads(std::string_view message) {
  return {.body = concat(
              R"({"success":true,"result":[{"id":"pd0","url":"u0","latest_stage":{"name":"deploy",)"
              R"("status":"success"},"deployment_trigger":{"metadata":{"commit_message":null}}},)"
              R"({"id":"pd1","url":"https://pd1.pages.dev","latest_stage":{"name":"deploy",)"
              R"("status":"success"},"deployment_trigger":{"metadata":{"commit_message":")",
              message, R"("}}}]})")};
}

std::optional<int64_t> due(World& world) {
  return world.stored.due_in(batch_key(world), world.now_ms);
}

std::string uploads_key(World& world) {
  return "look:uploads:" + batch_of(world).members[0].deployment_id;
}

int64_t asked(World& world, std::string_view key) {
  int64_t count = 0;
  for (const Sent& sent : world.sent) count += sent.key.starts_with(key) ? 1 : 0;
  return count;
}

/// This becomes true of the batch, and it is looked at.
void look_after(World& world, const BatchEvent& event) {
  BatchRow batch = batch_of(world);
  const std::string key = batch_key(world);
  apply(batch, event, world.now_ms);
  world.stored.journal[key].push_back(
      {key, batch.seq, world.now_ms, journal_format, Raw{to_json(event)}});
  world.stored.put("batch", batch.id, batch);
  world.stored.outbox[key] = {key, batch.seq, world.now_ms, std::nullopt};
  (void)world.perform_now(key);
}

/// Run 42 holds the batch and has ended, as the watch of all runs has found.
void end_run(World& world, std::string_view conclusion) {
  look_after(world, BatchRunSeen{"completed", std::string(conclusion)});
}

/// GitHub has told that something happened to run 42.
void hint(World& world) { look_after(world, BatchRunHinted{"completed"}); }

/// So many sites are one batch of run 42, of which these shards are claimed.
World fleet(int64_t sites, const std::vector<int64_t>& shards) {
  World world;
  open_account(world);
  fill_queue(world, sites);
  (void)dispatch_fleet(world);
  for (const int64_t shard : shards) REQUIRE(world.call(claim_shard(world, shard)).status == 200);
  return world;
}

int64_t in_state(World& world, DeploymentState state) {
  int64_t count = 0;
  for (const auto& [id, json] : world.stored.tables["site"]) {
    const auto site = parsed<SiteRow>(json);
    const auto& deployment = site.active ? site.active : site.last;
    if (deployment && deployment->state == state) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a run under way is looked after once a minute, and GitHub is asked for nothing") {
  World world;
  make_claimed(world);
  for (int i = 0; i < 5; ++i) {
    (void)world.perform(batch_key(world));
    CHECK(due(world) == limits::batch_look_ms);
  }
  world.now_ms = *batch_of(world).started_ms + limits::deployment_deadline_ms - 1'000;
  (void)world.perform_now(batch_key(world));
  CHECK(due(world) == 1'000);
  CHECK(asked(world, "look:run") == 0);
  CHECK(site_of(world).active->state == DeploymentState::running);
}

TEST_CASE("a hint has GitHub asked once, and what it says is written down") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = github_run("in_progress");
  hint(world);
  CHECK_FALSE(batch_of(world).hinted);
  CHECK(due(world) == limits::batch_look_ms);
  (void)world.perform(batch_key(world));
  CHECK(asked(world, "look:run") == 1);
  world.answers["look:run"] = github_run("completed", "success");
  hint(world);
  CHECK(batch_of(world).run_ended == "success");
  CHECK(due(world) == 0);
  CHECK(asked(world, "look:run") == 2);
  CHECK(world.stored.events(batch_key(world)).ends_with("batch_run_hinted batch_run_seen"));
  CHECK(world.folds());
}

TEST_CASE("answers that say nothing keep the hint; a rate limit says how long") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = lost();
  hint(world);
  for (const Scripted& answer : {Scripted{.status = 500}, Scripted{.status = 404, .body = "{}"},
                                 Scripted{.body = "<html>"}}) {
    world.answers["look:run"] = answer;
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::claimed);
    CHECK(batch_of(world).hinted);
    CHECK(due(world) == limits::batch_look_ms);
  }
  world.answers["look:run"] = {.status = 429, .headers = {{"retry-after", "77"}}};
  (void)world.perform(batch_key(world));
  CHECK(due(world) == 77'000);
  CHECK(asked(world, "look:run") == 5);
}

TEST_CASE("a hint that GitHub never explains does not outlive our own deadline") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = {.status = 404, .body = "{}"};
  hint(world);
  world.now_ms = *batch_of(world).started_ms + limits::deployment_deadline_ms - 1'000;
  (void)world.perform_now(batch_key(world));
  CHECK(due(world) == 1'000);
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).last->state == DeploymentState::lost);
  CHECK(world.folds());
}

TEST_CASE("a run that ended with its upload unreported: the upload is found at Pages") {
  World world;
  make_claimed(world);
  world.answers[uploads_key(world)] =
      uploads(concat("slipway ", batch_of(world).members[0].deployment_id));
  end_run(world, "success");
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  CHECK(site_of(world).active->pages_deployment_id == "pd1");
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 0);
  CHECK(asked(world, "look:run") == 0);
  CHECK(world.folds());
}

TEST_CASE("a run that ended without an upload failed, and is tried again in half a minute") {
  for (const Scripted& list :
       {uploads("another"), Scripted{.body = R"({"success":true,"result":[]})"}}) {
    World world;
    make_claimed(world);
    world.answers[uploads_key(world)] = list;
    end_run(world, "failure");
    CHECK(batch_of(world).state == BatchState::closed);
    const SiteRow site = site_of(world);
    CHECK(site.last->failure->code == "run.failed");
    CHECK(site.last->failure->detail == "the run ended with failure");
    CHECK(site.last->again);
    CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 30'000);
    plan(world);
    CHECK(site_of(world).active->attempt == 2);
    CHECK(site_of(world).active->reasons == site.last->reasons);
    CHECK(world.folds());
  }
}

TEST_CASE("a list of uploads that says nothing is not an empty one") {
  for (const char* body : {"", "{}", R"({"success":true,"result":null})"}) {
    CAPTURE(body);
    World world;
    make_claimed(world);
    world.answers[uploads_key(world)] = {.body = body};
    end_run(world, "failure");
    CHECK(batch_of(world).state != BatchState::closed);
    CHECK(site_of(world).active.has_value());
    CHECK(world.stored.due_in(batch_key(world), world.now_ms).has_value());
  }
}

TEST_CASE("three builders are lost, then a person has to act") {
  World world;
  make_claimed(world);
  for (int attempt = 1; attempt <= 3; ++attempt) {
    CHECK(site_of(world).active->attempt == attempt);
    world.answers[uploads_key(world)] = uploads("another");
    end_run(world, "failure");
    const auto next = world.stored.due_in(std::string(site_key), world.now_ms);
    if (attempt == 3) {
      CHECK(next == std::nullopt);
      break;
    }
    CHECK(next == (attempt == 1 ? 30'000 : 120'000));
    plan(world);
    (void)world.perform(batch_key(world));
    REQUIRE(world.call(claim(world, "42")).status == 200);
  }
  CHECK_FALSE(wants_deployment(site_of(world)));
  CHECK(is_at_rest(site_of(world)));
  CHECK(world.stored.tables["batch"].size() == 3);
  CHECK(world.folds());
}

TEST_CASE("a run that a person has cancelled is not tried again") {
  for (const bool is_claimed : {true, false}) {
    World world;
    make_dispatched(world);
    if (is_claimed) REQUIRE(world.call(claim(world, "42")).status == 200);
    world.answers[uploads_key(world)] = uploads("another");
    end_run(world, "cancelled");
    CHECK(site_of(world).last->failure->detail == "the run ended with cancelled");
    CHECK_FALSE(site_of(world).last->again);
    CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == std::nullopt);
    CHECK_FALSE(wants_deployment(site_of(world)));
    CHECK(world.folds());
  }
}

TEST_CASE("Cloudflare's refusal to show the deployments is told in its words") {
  World world;
  make_claimed(world);
  world.answers[uploads_key(world)] = cloudflare_error(403, 9109, "Unauthorized");
  end_run(world, "success");
  CHECK(site_of(world).last->failure->code == "credential.invalid");
  CHECK(site_of(world).last->failure->detail == "Cloudflare 9109: Unauthorized");
  CHECK_FALSE(site_of(world).last->again);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(world.folds());
}

TEST_CASE("what was never claimed was not uploaded: Pages is not asked, it is planned again") {
  World world;
  make_dispatched(world);
  end_run(world, "startup_failure");
  CHECK(asked(world, "look:uploads") == 0);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).last->failure->detail == "the run ended with startup_failure");
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 30'000);
  CHECK(world.folds());
}

TEST_CASE("a site that no account has taken meanwhile has no uploads to be looked for") {
  World world;
  make_claimed(world);
  SiteRow site = site_of(world);
  happen(world, site, SiteSuspended{"paid late"});
  happen(world, site, SiteResumed{"paid"});
  happen(world, site, SiteDisplaced{"full"});
  end_run(world, "cancelled");
  CHECK(asked(world, "look:uploads") == 0);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK_FALSE(site_of(world).active.has_value());
  CHECK(world.folds());
}

TEST_CASE("nothing is called failed while Pages gives no clear answer") {
  World world;
  make_claimed(world);
  world.answers[uploads_key(world)] = lost();
  end_run(world, "success");
  for (const Scripted& answer : {lost(), Scripted{.status = 500}, Scripted{.body = "<html>"}}) {
    world.answers[uploads_key(world)] = answer;
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::claimed);
    CHECK(site_of(world).active->state == DeploymentState::running);
    CHECK(due(world) == 15'000);
  }
  world.answers[uploads_key(world)] = {.status = 429, .headers = {{"retry-after", "50"}}};
  (void)world.perform(batch_key(world));
  CHECK(due(world) == 50'000);
}

TEST_CASE("at most 15 projects are asked for their uploads in one look") {
  World world = fleet(35, {0});
  for (const BatchMember& member : batch_of(world).members) {
    world.answers["look:uploads:" + member.deployment_id] = uploads(member.deployment_id);
  }
  end_run(world, "failure");
  CHECK(asked(world, "look:uploads") == 15);
  CHECK(in_state(world, DeploymentState::uploaded) == 15);
  // The shard that nobody claimed is settled without a call.
  CHECK(in_state(world, DeploymentState::failed) == 5);
  CHECK(in_state(world, DeploymentState::running) == 15);
  CHECK(batch_of(world).state == BatchState::claimed);
  CHECK(due(world) == 0);
  // The next ones wait where the budget has no room for them.
  World poor = world;
  stop(poor.stored.tables, {"cloudflare:shared", poor.now_ms + 40'000});
  (void)poor.perform(batch_key(poor));
  CHECK(asked(poor, "look:uploads") == 15);
  CHECK(due(poor) == 40'000);
  CHECK(in_state(poor, DeploymentState::running) == 15);

  world.now_ms += 60'000;
  (void)world.perform_now(batch_key(world));
  CHECK(asked(world, "look:uploads") == 30);
  CHECK(in_state(world, DeploymentState::uploaded) == 30);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(due(world) == std::nullopt);
  CHECK(world.folds());
}

TEST_CASE("our own deadline: after an hour the deployment is lost, and the batch closed") {
  World world;
  make_claimed(world);
  world.now_ms = *batch_of(world).started_ms + limits::deployment_deadline_ms - 1;
  (void)world.perform_now(batch_key(world));
  CHECK(site_of(world).active->state == DeploymentState::running);
  CHECK(due(world) == 1);
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(batch_of(world).failure->code == "deployment.deadline_exceeded");
  CHECK(site_of(world).last->state == DeploymentState::lost);
  CHECK(site_of(world).last->failure->code == "deployment.deadline_exceeded");
  CHECK(due(world) == std::nullopt);
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 30'000);
  CHECK(world.call(claim(world, "42")).says("claim.fenced"));
  CHECK(world.call(report(world, uploaded_result)).says("report.fenced"));
  CHECK(world.folds());
}

TEST_CASE("the deadline takes what was claimed and what was not, and leaves what is uploaded") {
  World world = fleet(31, {0});
  const std::string first = batch_of(world).members[0].deployment_id;
  REQUIRE(world
              .call({.operation = "batch_report",
                     .params = {{"batchId", batch_of(world).id}},
                     .body = concat(R"({"runId":"42","results":[)", uploaded_json(first), "]}"),
                     .principal = PrincipalKind::internal})
              .status == 200);
  world.now_ms += limits::deployment_deadline_ms;
  (void)world.perform_now(batch_key(world));
  CHECK(in_state(world, DeploymentState::lost) == 30);
  CHECK(in_state(world, DeploymentState::uploaded) == 1);
  CHECK(world.folds());
}

TEST_CASE("after a failure a wish made meanwhile is planned; the same one is not by itself") {
  World world;
  make_claimed(world);
  const Call redeploy = {.operation = "deployment_request",
                         .params = {{"platformId", "acme"}, {"environment", "dev"}},
                         .body = R"({"reason":"again"})"};
  CHECK(world.call(redeploy).status == 202);
  CHECK(world.call(report(world, R"("outcome":"failed","reason":"build_failed")")).status == 200);
  plan(world);
  REQUIRE(site_of(world).active.has_value());
  CHECK(site_of(world).active->reasons == std::vector<std::string>{"again"});
  CHECK(site_of(world).active->attempt == 1);
  CHECK(batch_of(world).interactive);
  CHECK(world.stored.tables["batch"].size() == 2);
  CHECK(world.folds());

  World tried;
  make_claimed(tried);
  CHECK(tried.call(report(tried, R"("outcome":"failed","reason":"build_failed")")).status == 200);
  CHECK(tried.stored.due_in(std::string(site_key), tried.now_ms) == std::nullopt);
  CHECK_FALSE(wants_deployment(site_of(tried)));
}
