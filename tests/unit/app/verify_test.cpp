#include <doctest/doctest.h>

#include "base/sha256.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string key(site_key);
constexpr std::string_view app_js = "console.log(1)";

std::string files_json() { return concat(R"({"/assets/app.js":")", sha256_hex(app_js), "\"}"); }

/// An uploaded site that Pages calls deployed and that serves what was built.
World serving() {
  World world;
  make_uploaded(world);
  world.answers["look:deployment"] = pages_deployment("deploy", "success");
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, files_json())};
  world.answers["look:file:/assets/app.js"] = {.body = std::string(app_js)};
  return world;
}

std::optional<int64_t> due(World& world) { return world.stored.due_in(key, world.now_ms); }

/// The same, but the site still serves what was there before: Pages' API decides in the end.
World lagging() {
  World world = serving();
  world.answers["look:manifest"] = {.body = manifest("dep_before", files_json())};
  return world;
}

/// How often Pages' API was asked about the deployment.
int64_t api_calls(World& world) {
  int64_t count = 0;
  for (const Sent& sent : world.sent) count += sent.key == "look:deployment" ? 1 : 0;
  return count;
}

/// The time has come when the API is asked, too; the site is looked at.
void look_late(World& world) {
  world.now_ms = *site_of(world).active->uploaded_ms + limits::api_verify_after_ms;
  (void)world.perform_now(key);
}

/// Looks again until the deployment has ended.
void look_to_the_end(World& world) {
  for (int i = 0; i < 200 && site_of(world).active; ++i) (void)world.perform(key);
  REQUIRE(site_of(world).last.has_value());
}

}  // namespace

TEST_CASE("equal bytes: live, with the number of files that were compared") {
  World world = serving();
  (void)world.perform(key);
  const SiteRow site = site_of(world);
  REQUIRE(site.live.has_value());
  CHECK(site.live->config_version == 1);
  CHECK(site.last->state == DeploymentState::live);
  CHECK(site.last->verified == Verified::bytes);
  CHECK(site.last->verified_files == 2);
  CHECK(due(world) == std::nullopt);
  CHECK(world.last_sent("look:manifest")->request.host == "acme-dev-portal-3x.pages.dev");
  CHECK(world.folds());
}

TEST_CASE("what is served needs no call of Cloudflare's API") {
  World world = serving();
  world.answers.erase("look:deployment");
  (void)world.perform(key);
  CHECK(site_of(world).live.has_value());
  CHECK(world.stored.events(key).ends_with("deployment_verifying deployment_live"));
  World late = serving();
  look_late(late);
  CHECK(site_of(late).live.has_value());
  for (World* each : {&world, &late}) CHECK(api_calls(*each) == 0);
}

TEST_CASE("the API is asked only for what is not served ten seconds after its upload") {
  World world = lagging();
  const int64_t uploaded_ms = *site_of(world).active->uploaded_ms;
  (void)world.perform(key);
  CHECK(due(world) == 1'000);
  while (world.now_ms + due(world).value_or(0) < uploaded_ms + limits::api_verify_after_ms) {
    (void)world.perform(key);
  }
  CHECK(api_calls(world) == 0);
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  (void)world.perform(key);
  CHECK(api_calls(world) == 1);
  CHECK(site_of(world).active->state == DeploymentState::verifying);
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, files_json())};
  (void)world.perform(key);
  CHECK(api_calls(world) == 1);
  CHECK(site_of(world).live.has_value());
  CHECK(world.folds());
}

TEST_CASE("Pages still at work: looked at again with growing pauses") {
  World world = lagging();
  world.answers["look:deployment"] = pages_deployment("build", "active");
  (void)world.perform(key);
  CHECK(due(world) == 1'000);
  world.now_ms += 40'000;
  (void)world.perform_now(key);
  CHECK(due(world) == 10'000);
  world.now_ms += 40'000;
  (void)world.perform_now(key);
  CHECK(due(world) == 20'000);
  world.now_ms += 600'000;
  (void)world.perform_now(key);
  CHECK(due(world) == 60'000);
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  world.answers["look:deployment"] = pages_deployment("deploy", "success");
  (void)world.perform(key);
  CHECK(site_of(world).active->state == DeploymentState::verifying);
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, files_json())};
  (void)world.perform(key);
  CHECK(site_of(world).live.has_value());
}

TEST_CASE("Pages' failure ends it") {
  for (const Scripted& answer :
       {pages_deployment("deploy", "failure"), pages_deployment("queued", "canceled"),
        pages_deployment("deploy", "success", true)}) {
    World world = lagging();
    world.answers["look:deployment"] = answer;
    world.answers["look:log"] = {
        .body = R"({"success":true,"result":{"data":[{"line":"one"},{"line":"two"}]}})"};
    (void)world.perform(key);
    CHECK(site_of(world).active->state == DeploymentState::uploaded);
    look_late(world);
    CHECK(site_of(world).last->failure->code == "deploy.failed");
    CHECK(site_of(world).last->failure->log_tail == "one\ntwo\n");
    CHECK_FALSE(site_of(world).live.has_value());
    CHECK(world.folds());
  }
}

TEST_CASE("Pages' failure ends it without a log, too") {
  World world = lagging();
  world.answers["look:deployment"] = pages_deployment("deploy", "failure");
  world.answers["look:log"] = {.status = 500, .body = "{}"};
  look_late(world);
  CHECK(site_of(world).last->failure->code == "deploy.failed");
  CHECK_FALSE(site_of(world).last->failure->log_tail.has_value());
}

TEST_CASE("success that serves old bytes, 404 or something else is a failure in the end") {
  World sample = serving();
  const std::string id = site_of(sample).active->id;
  const Scripted wrong[] = {
      {.status = 404, .body = "not found"},
      {.body = "<!doctype html>"},
      {.body = manifest("dep_before", files_json())},
      {.body = manifest(id, files_json(), 2)},
      {.body = manifest(id, R"({"/a":"x","/a":"y"})")},
      {.status = 302, .headers = {{"location", "https://elsewhere.example/"}}},
  };
  for (const Scripted& answer : wrong) {
    World world = serving();
    world.answers["look:manifest"] = answer;
    (void)world.perform(key);
    REQUIRE(site_of(world).active.has_value());
    CHECK(site_of(world).active->state == DeploymentState::uploaded);
    CHECK(due(world) == 1'000);
    const int64_t uploaded_ms = *site_of(world).active->uploaded_ms;
    look_late(world);
    CHECK(site_of(world).active->state == DeploymentState::verifying);
    CHECK(due(world) == 2'500);
    look_to_the_end(world);
    CHECK(site_of(world).last->failure->code == "deployment.content_mismatch");
    CHECK(world.now_ms - uploaded_ms >= 5 * 60'000);
    CHECK(world.now_ms - uploaded_ms < 6 * 60'000);
    CHECK_FALSE(site_of(world).live.has_value());
    CHECK(world.folds());
  }
}

TEST_CASE("as long as nobody can tell what is served, the deadline of an hour holds") {
  for (const char* where : {"look:deployment", "look:manifest", "look:file:/assets/app.js"}) {
    for (const Scripted& answer : {lost(), Scripted{.status = 500}}) {
      World world = std::string_view(where) == "look:deployment" ? lagging() : serving();
      world.answers[where] = answer;
      const int64_t uploaded_ms = *site_of(world).active->uploaded_ms;
      look_to_the_end(world);
      CHECK(site_of(world).last->failure->code == "upstream.unclear");
      CHECK(world.now_ms - uploaded_ms >= 60 * 60'000);
      CHECK(world.now_ms - uploaded_ms < 62 * 60'000);
      CHECK(world.folds());
    }
  }
}

TEST_CASE("a manifest of other bytes than the builder reported is another deployment's") {
  World world;
  make_claimed(world);
  const std::string body = manifest(site_of(world).active->id, "{}");
  CHECK(world
            .call(report(world,
                         concat(uploaded_result, R"(,"manifestDigest":")", sha256_hex(body), "\"")))
            .status == 200);
  world.answers["look:deployment"] = pages_deployment("deploy", "success");
  world.answers["look:manifest"] = {.body = body + " "};
  (void)world.perform(key);
  CHECK(site_of(world).active->state == DeploymentState::uploaded);
  world.answers["look:manifest"] = {.body = body};
  (void)world.perform(key);
  CHECK(site_of(world).live.has_value());
  CHECK(site_of(world).last->verified_files == 1);
}

TEST_CASE("a file that is served with other bytes, or not at all, is a mismatch") {
  for (const Scripted& file : {Scripted{.body = "other"}, Scripted{.status = 404}, lost()}) {
    World world = serving();
    world.answers["look:file:/assets/app.js"] = file;
    (void)world.perform(key);
    REQUIRE(site_of(world).active.has_value());
    world.answers["look:file:/assets/app.js"] = {.body = std::string(app_js)};
    (void)world.perform(key);
    CHECK(site_of(world).live.has_value());
  }
}

TEST_CASE("a file longer than what is fetched says nothing, and is not counted") {
  World world = serving();
  world.answers["look:file:/assets/app.js"] = {.body = "cut", .truncated = true};
  (void)world.perform(key);
  CHECK(site_of(world).last->verified_files == 1);
}

TEST_CASE("at most 8 files are compared, and only plain paths are fetched") {
  World world = serving();
  std::string files = R"({"/../etc":"x","//evil.example/a":"x","/a b":"x","/q?x":"x","no":"x")";
  for (int i = 0; i < 20; ++i) {
    const std::string path = concat("/assets/", to_text(i), ".js");
    files.append(concat(",\"", path, "\":\"", sha256_hex(path), "\""));
    world.answers["look:file:" + path] = {.body = path};
  }
  world.answers["look:manifest"] = {.body = manifest(site_of(world).active->id, files + "}")};
  (void)world.perform(key);
  CHECK(site_of(world).last->verified_files == 9);
  for (const Sent& sent : world.sent) {
    if (sent.key.starts_with("look:file:")) CHECK(sent.request.path.starts_with("/assets/"));
  }
}

TEST_CASE("a sign-in wall: the API is asked at once; live, but said to be not reachable") {
  for (const Scripted& wall :
       {Scripted{.status = 401}, Scripted{.status = 403},
        Scripted{.status = 302,
                 .headers = {{"location", "https://team.cloudflareaccess.com/cdn-cgi/access"}}}}) {
    World world = serving();
    world.answers["look:manifest"] = wall;
    world.answers["look:deployment"] = pages_deployment("deploy", "active");
    (void)world.perform(key);
    CHECK(site_of(world).active->state == DeploymentState::uploaded);
    world.answers["look:deployment"] = pages_deployment("deploy", "success");
    (void)world.perform(key);
    CHECK(api_calls(world) == 2);
    CHECK(site_of(world).last->verified == Verified::not_reachable);
    CHECK(site_of(world).last->verified_files == 0);
  }
}

TEST_CASE("a rate limit is obeyed; a Pages deployment that never moves ends in a failure") {
  World world = lagging();
  world.answers["look:deployment"] = {.status = 429, .headers = {{"retry-after", "33"}}};
  look_late(world);
  CHECK(due(world) == 33'000);
  CHECK(ledger_of(world.stored.tables, "cloudflare:shared").stopped_ms == world.now_ms + 33'000);
  World stuck = lagging();
  stuck.answers["look:deployment"] = pages_deployment("queued", "active");
  look_to_the_end(stuck);
  CHECK(site_of(stuck).last->failure->code == "deploy.failed");
  CHECK(site_of(stuck).last->failure->detail == "Pages is still at queued");
}

TEST_CASE("changes during a build become exactly one follow-up") {
  World world = serving();
  const Call redeploy = {.operation = "deployment_request",
                         .params = {{"platformId", "acme"}, {"environment", "dev"}},
                         .body = R"({"reason":"again"})"};
  for (int i = 0; i < 3; ++i) CHECK(world.call(redeploy).status == 202);
  (void)world.perform(key);
  CHECK(site_of(world).live.has_value());
  plan(world);
  const SiteRow site = site_of(world);
  REQUIRE(site.active.has_value());
  CHECK(site.active->reasons.size() == 3);
  CHECK(site.active->revision == site.desired.revision);
  CHECK(world.stored.tables["batch"].size() == 2);
  CHECK(world.folds());
}
