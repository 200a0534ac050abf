#include <doctest/doctest.h>

#include "support/stories.hpp"

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

}  // namespace

TEST_CASE("a run under way is asked for with growing pauses, from 2 to 30 seconds") {
  World world;
  make_claimed(world);
  int64_t before = 0;
  for (const char* status : {"queued", "in_progress", "in_progress", "waiting"}) {
    world.answers["look:run"] = github_run(status);
    (void)world.perform(batch_key(world));
    CHECK(due(world).value_or(0) >= std::max<int64_t>(before, 2'000));
    before = due(world).value_or(0);
  }
  world.now_ms += 20 * 60'000;
  (void)world.perform_now(batch_key(world));
  CHECK(due(world) == 30'000);
  CHECK(site_of(world).active->state == DeploymentState::running);
}

TEST_CASE("answers that say nothing keep it waiting; a rate limit says how long") {
  World world;
  make_claimed(world);
  for (const Scripted& answer :
       {lost(), Scripted{.status = 500}, Scripted{.status = 404, .body = "{}"},
        Scripted{.body = "<html>"}}) {
    world.answers["look:run"] = answer;
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::claimed);
    CHECK(due(world).value_or(0) >= 2'000);
  }
  world.answers["look:run"] = {.status = 429, .headers = {{"retry-after", "77"}}};
  (void)world.perform(batch_key(world));
  CHECK(due(world) == 77'000);
}

TEST_CASE("a run that ended with its upload unreported: the upload is found at Pages") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = github_run("completed", "success");
  const std::string id = batch_of(world).members[0].deployment_id;
  world.answers[uploads_key(world)] = uploads(concat("slipway ", id));
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  CHECK(site_of(world).active->pages_deployment_id == "pd1");
  CHECK(world.stored.due_in(std::string(site_key), world.now_ms) == 0);
  CHECK(world.folds());
}

TEST_CASE("a run that ended without an upload failed") {
  for (const Scripted& list : {uploads("another"), Scripted{.body = R"({"result":[]})"}}) {
    World world;
    make_claimed(world);
    world.answers["look:run"] = github_run("completed", "failure");
    world.answers[uploads_key(world)] = list;
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::closed);
    CHECK(site_of(world).last->failure->code == "run.failed");
    CHECK(site_of(world).last->failure->detail == "the run ended with failure");
    CHECK(world.folds());
  }
}

TEST_CASE("Cloudflare's refusal to show the deployments is told in its words") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = github_run("completed", "success");
  world.answers[uploads_key(world)] = cloudflare_error(403, 9109, "Unauthorized");
  (void)world.perform(batch_key(world));
  CHECK(site_of(world).last->failure->code == "credential.invalid");
  CHECK(site_of(world).last->failure->detail == "Cloudflare 9109: Unauthorized");
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(world.folds());
}

TEST_CASE("a run that was never claimed and ended failed, whatever stands at Pages") {
  World world;
  make_dispatched(world);
  world.answers["look:run"] = github_run("completed", "cancelled");
  world.answers[uploads_key(world)] = uploads(batch_of(world).members[0].deployment_id);
  (void)world.perform(batch_key(world));
  CHECK(site_of(world).last->failure->detail == "the run ended with cancelled");
}

TEST_CASE("nothing is called failed while Pages gives no clear answer") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = github_run("completed", "success");
  for (const Scripted& answer : {lost(), Scripted{.status = 500}, Scripted{.body = "<html>"}}) {
    world.answers[uploads_key(world)] = answer;
    (void)world.perform(batch_key(world));
    CHECK(batch_of(world).state == BatchState::claimed);
    CHECK(site_of(world).active->state == DeploymentState::running);
    CHECK(due(world).value_or(0) >= 2'000);
  }
  world.answers[uploads_key(world)] = {.status = 429, .headers = {{"retry-after", "50"}}};
  (void)world.perform(batch_key(world));
  CHECK(due(world) == 50'000);
}

TEST_CASE("our own deadline: after an hour the deployment is lost, and the batch closed") {
  World world;
  make_claimed(world);
  world.answers["look:run"] = {.status = 429, .headers = {{"retry-after", "3600"}}};
  world.now_ms = *batch_of(world).started_ms + 60 * 60'000 - 1;
  (void)world.perform_now(batch_key(world));
  CHECK(site_of(world).active->state == DeploymentState::running);
  world.now_ms += 1;
  world.stored.outbox[batch_key(world)].due_at_ms = world.now_ms;
  (void)world.perform_now(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(site_of(world).last->state == DeploymentState::lost);
  CHECK(site_of(world).last->failure->code == "deployment.deadline_exceeded");
  CHECK(due(world) == std::nullopt);
  CHECK(world.call(claim(world, "42")).says("claim.fenced"));
  CHECK(world.folds());
}

TEST_CASE("after a loss a wish made meanwhile is planned; the same one is not tried by itself") {
  World world;
  make_claimed(world);
  const Call redeploy = {.operation = "deployment_request",
                         .params = {{"platformId", "acme"}, {"environment", "dev"}},
                         .body = R"({"reason":"again"})"};
  CHECK(world.call(redeploy).status == 202);
  CHECK(world.call(report(world, R"("outcome":"failed","reason":"build_failed")")).status == 200);
  (void)world.perform(std::string(site_key));
  REQUIRE(site_of(world).active.has_value());
  CHECK(site_of(world).active->reasons == std::vector<std::string>{"again"});
  CHECK(world.stored.tables["batch"].size() == 2);
  CHECK(world.folds());
}
