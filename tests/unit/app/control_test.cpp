#include <doctest/doctest.h>

#include "app/control_bodies.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string key(site_key);

Ended cancel(World& world) {
  const SiteRow site = site_of(world);
  const std::string id = site.active ? site.active->id : site.last->id;
  return world.call({.operation = "deployment_cancel", .params = {{"deploymentId", id}}});
}

/// Run 42 builds `acme/dev`, and a person has cancelled it.
World cancelled() {
  World world;
  make_claimed(world);
  REQUIRE(cancel(world).status == 200);
  return world;
}

/// Run 42's answer to a look.
Scripted github_run(std::string_view status) {
  return {.body = concat(R"({"id":42,"display_title":"x","status":")", status,
                         R"(","conclusion":null,"html_url":"x"})")};
}

/// The first deployment of `acme/dev` is live.
void make_live(World& world) {
  make_uploaded(world);
  world.answers["look:deployment"] = pages_deployment("deploy", "success");
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, "{}")};
  (void)world.perform(key);
  REQUIRE(site_of(world).live.has_value());
}

Call on_site(std::string_view operation, std::string_view body = "") {
  return {.operation = std::string(operation),
          .params = {{"platformId", "acme"}, {"environment", "dev"}},
          .body = std::string(body)};
}

/// The project, which serves this Pages deployment.
Scripted project_serving(std::string_view canonical) {
  Scripted out = project();
  out.body.insert(out.body.size() - 2,
                  concat(R"(,"canonical_deployment":{"id":")", canonical, "\"}"));
  return out;
}

/// `acme/dev` is live and pinned to the very deployment that it serves, as far as our rows go.
World pinned() {
  World world;
  make_live(world);
  const std::string id = site_of(world).live->deployment_id;
  const std::string body = concat(R"({"deploymentId":")", id, R"(","reason":"bad"})");
  REQUIRE(world.call(on_site("site_rollback", body)).status == 202);
  REQUIRE(is_rolling_back(site_of(world)));
  return world;
}

}  // namespace

TEST_CASE("a cancelled batch's run is told to stop, whatever GitHub makes of it") {
  for (const int64_t status : {202, 409, 404}) {
    World world = cancelled();
    CHECK(batch_of(world).state == BatchState::closed);
    CHECK(batch_of(world).failure->code == "deployment.stopped");
    world.answers["act:cancel_run"] = {.status = status, .body = "{}"};
    (void)world.perform(batch_key(world));
    CHECK(world.last_sent("act:cancel_run")->request.path ==
          "/repos/neutrino-io/nno-platform-builder/actions/runs/42/cancel");
    CHECK(batch_of(world).cancelled.has_value());
    CHECK_FALSE(world.stored.due_in(batch_key(world), world.now_ms).has_value());
    CHECK(world.folds());
  }
}

TEST_CASE("GitHub is told again after a lost answer, unless the run has ended; not for ever") {
  World world = cancelled();
  world.answers["act:cancel_run"] = lost();
  (void)world.perform(batch_key(world));
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 5'000);
  World ended = world;
  ended.answers["look:run"] = github_run("completed");
  (void)ended.perform(batch_key(ended));
  CHECK(batch_of(ended).cancelled == "the run has ended");
  CHECK(ended.acts() == world.acts());

  world.answers["look:run"] = github_run("in_progress");
  for (int i = 0; i < 5; ++i) (void)world.perform(batch_key(world));
  CHECK(batch_of(world).cancel_attempts == limits::run_cancels_max);
  CHECK(batch_of(world).cancelled == "GitHub gave no clear answer");
  CHECK(world.folds());
}

TEST_CASE("a limit of GitHub's makes the stop wait; the Worker's end before it loses nothing") {
  World world = cancelled();
  world.answers["act:cancel_run"] = {.status = 429, .headers = {{"retry-after", "60"}}};
  (void)world.perform(batch_key(world));
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 60'000);

  World cut = cancelled();
  cut.stop_after_commit = true;
  CHECK(cut.perform(batch_key(cut)).stopped);
  CHECK(cut.stored.due_in(batch_key(cut), cut.now_ms) == limits::act_lease_ms);
}

TEST_CASE("a batch that was cancelled before its run is known is closed, and nobody is told") {
  World world;
  make_ready(world);
  REQUIRE(cancel(world).status == 200);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK_FALSE(world.stored.due_in(batch_key(world), world.now_ms).has_value());
}

TEST_CASE("a rollback at Pages: written ahead, sent once, verified by the served bytes") {
  World world = pinned();
  const std::string live = site_of(world).pin->deployment_id;
  world.answers["look:project"] = project_serving("pd9");
  world.answers["act:roll_back"] = {.body = R"({"success":true,"result":{"id":"pd1"}})"};
  world.answers["look:manifest"] = {.body = manifest("dep_other", "{}")};
  (void)world.perform(key);
  CHECK(world.last_sent("act:roll_back")->request.path.ends_with("/deployments/pd1/rollback"));
  CHECK(site_of(world).pin->attempts == 1);
  const size_t acts = world.acts();
  world.answers["look:project"] = project_serving("pd1");
  (void)world.perform(key);
  CHECK(is_rolling_back(site_of(world)));
  world.answers["look:manifest"] = {.body = manifest(live, "{}")};
  (void)world.perform(key);
  CHECK(world.acts() == acts);
  CHECK(site_of(world).live->revision == site_of(world).pin->revision);
  CHECK_FALSE(world.stored.due_in(key, world.now_ms).has_value());
  CHECK(world.folds());
}

TEST_CASE("what Pages cannot go back to is built again") {
  const auto built_again = [](World& world) {
    for (int i = 0; i < 40 && is_rolling_back(site_of(world)); ++i) (void)world.perform(key);
    CHECK(site_of(world).pin->way == PinWay::redeploy);
    plan(world);
    REQUIRE(site_of(world).active.has_value());
    CHECK(site_of(world).active->revision == site_of(world).pin->revision);
    CHECK(world.folds());
  };
  World gone = pinned();
  gone.answers["look:project"] = project_serving("pd9");
  gone.answers["look:deployment"] = cloudflare_error(404, 8000009);
  built_again(gone);

  World refused = pinned();
  refused.answers["look:project"] = project_serving("pd9");
  refused.answers["act:roll_back"] = cloudflare_error(400, 8000000);
  built_again(refused);

  World silent = pinned();
  silent.answers["look:project"] = project_serving("pd9");
  silent.answers["act:roll_back"] = lost();
  built_again(silent);
  CHECK(site_of(silent).pin->attempts == limits::rollbacks_max);

  World other = pinned();
  other.answers["look:project"] = project_serving("pd1");
  other.answers["look:manifest"] = {.body = manifest("dep_other", "{}")};
  built_again(other);

  World unclear = pinned();
  unclear.answers["look:project"] = lost();
  built_again(unclear);

  World failed = pinned();
  failed.answers["look:project"] = project_serving("pd9");
  failed.answers["look:deployment"] = pages_deployment("deploy", "failure");
  built_again(failed);
}

TEST_CASE("behind a sign-in wall a rollback is believed to Pages; a limit makes it wait") {
  World world = pinned();
  world.answers["look:project"] = project_serving("pd1");
  world.answers["look:manifest"] = {.status = 403};
  (void)world.perform(key);
  CHECK_FALSE(is_rolling_back(site_of(world)));

  World limited = pinned();
  limited.answers["look:project"] = {.status = 429, .headers = {{"retry-after", "60"}}};
  (void)limited.perform(key);
  CHECK(limited.stored.due_in(key, limited.now_ms) == 60'000);
  limited.answers["look:project"] = project_serving("pd9");
  limited.answers["act:roll_back"] = {.status = 429, .headers = {{"retry-after", "90"}}};
  (void)limited.perform(key);
  CHECK(limited.stored.due_in(key, limited.now_ms) == 90'000);
}

TEST_CASE("a check records only what it finds, and only when that is news") {
  World world;
  make_live(world);
  const auto check = [&] {
    const Ended ended = world.call(on_site("site_check"));
    REQUIRE(ended.status == 200);
    return parsed<SiteCheckView>(ended.body).result;
  };
  const int64_t seq = site_of(world).seq;
  const Scripted ours = world.answers["look:manifest"];
  CHECK(check() == CheckResult::matches);
  world.answers["look:manifest"] = {.status = 403};
  CHECK(check() == CheckResult::unreachable);
  for (const Scripted& nothing : {lost(), Scripted{.status = 503}, Scripted{.status = 429}}) {
    world.answers["look:manifest"] = nothing;
    CHECK(check() == CheckResult::unclear);
  }
  CHECK(site_of(world).seq == seq);
  world.answers["look:manifest"] = {.status = 404};
  CHECK(check() == CheckResult::drifted);
  CHECK(check() == CheckResult::drifted);
  CHECK(site_of(world).seq == seq + 1);
  world.answers["look:manifest"] = {.body = manifest("dep_other", "{}")};
  CHECK(check() == CheckResult::drifted);
  CHECK(site_of(world).seq == seq + 2);
  world.answers["look:manifest"] = lost();
  CHECK(check() == CheckResult::unclear);
  CHECK(site_of(world).drift.has_value());
  world.answers["look:manifest"] = ours;
  CHECK(check() == CheckResult::matches);
  CHECK_FALSE(site_of(world).drift.has_value());
  CHECK(world.folds());
}
