#include <doctest/doctest.h>

#include "support/fleet.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string key(site_key);

Scripted envelope(std::string_view result, int64_t total = 0) {
  return {.body = concat(R"({"success":true,"errors":[],"messages":[],"result":)", result,
                         R"(,"result_info":{"total_count":)", to_text(total), "}}")};
}

Call remove_acme(std::vector<std::vector<std::string>> query = {}) {
  return {.operation = "platform_delete",
          .params = {{"platformId", "acme"}},
          .query = std::move(query)};
}

/// `acme` has its project and a planned deployment, and is asked to go.
World leaving() {
  World world;
  make_ready(world);
  CHECK(world.call(remove_acme()).status == 202);
  world.answers["look:project"] = project();
  world.answers["look:domains"] = envelope("[]");
  world.answers["look:deployments"] = envelope("[]");
  world.answers["act:remove_project"] = envelope("null");
  return world;
}

/// What became of the project; `open` while the site is not deleted.
std::string_view outcome_of(World& world) {
  const SiteRow site = site_of(world);
  CHECK(world.folds());
  return site.removal && site.removal->project ? name_of(*site.removal->project) : "open";
}

}  // namespace

TEST_CASE("a deletion lets go of what is under way, in one commit") {
  World world;
  make_claimed(world);
  const std::string batch = batch_key(world);
  const Ended ended = world.call(remove_acme());
  CHECK(ended.status == 202);
  CHECK(ended.says("\"changed\":true"));
  const SiteRow site = site_of(world);
  CHECK(site.state == SiteState::deleting);
  CHECK_FALSE(site.active.has_value());
  CHECK(site.last->state == DeploymentState::cancelled);
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(world.stored.due_in(batch, world.now_ms) == std::nullopt);
  CHECK(world.stored.due_in(key, world.now_ms) == 0);
  CHECK(world.call(report(world, uploaded_result)).says("report.fenced"));
  CHECK(world.call(claim(world, "42")).says("claim.fenced"));
  CHECK(world.folds());
}

TEST_CASE("the others of its batch are built on when a site leaves it") {
  World world;
  CHECK(create_platform(world).status == 202);
  place_sites(world);
  world.answers["look:project"] = project();
  (void)world.perform(key);
  (void)wait_in_queue(world, "other");
  (void)world.perform(key);
  const BatchRow batch = dispatch_fleet(world);
  REQUIRE(batch.members.size() == 2);
  REQUIRE(world.call(claim(world, "42")).status == 200);
  REQUIRE(world.call(remove_acme()).status == 202);
  CHECK(site_of(world).last->state == DeploymentState::cancelled);
  CHECK(batch_of(world).state == BatchState::claimed);
  const std::string id = site_of(world, "other").active->id;
  const Ended told =
      world.call({.operation = "batch_report",
                  .params = {{"batchId", batch.id}},
                  .body = concat(R"({"runId":"42","results":[)", uploaded_json(id), "]}"),
                  .principal = PrincipalKind::internal});
  CHECK(told.body == R"({"accepted":1})");
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  (void)world.perform(batch_key(world));
  CHECK(batch_of(world).state == BatchState::closed);
  CHECK(world.folds());
}

TEST_CASE("a creation of the project that may still take effect is waited for") {
  World world;
  (void)create_platform(world);
  place_sites(world);
  world.answers["look:project"] = project_absent();
  world.stop_after_commit = true;
  (void)world.perform(key);
  world.stop_after_commit = false;
  CHECK(world.call(remove_acme()).status == 202);
  CHECK(world.stored.due_in(key, world.now_ms) == limits::late_effect_ms);
}

TEST_CASE("an unanswered creation before the one that made the project is waited for, too") {
  for (const bool answered : {true, false}) {
    CAPTURE(answered);
    World world;
    (void)create_platform(world);
    place_sites(world);
    world.answers["look:project"] = project_absent();
    if (!answered) {
      world.answers["act:create_project"] = lost();
      (void)world.perform(key);
      world.now_ms += 10'000;
    }
    world.answers["act:create_project"] = project();
    (void)world.perform(key);
    REQUIRE(site_of(world).state == SiteState::ready);
    CHECK(world.call(remove_acme()).status == 202);
    CHECK(world.stored.due_in(key, world.now_ms) == (answered ? 0 : limits::late_effect_ms));
  }
}

TEST_CASE("the project is deleted after a write-ahead, then the configuration, then the platform") {
  World world = leaving();
  (void)world.perform(key);
  CHECK(outcome_of(world) == "removed");
  CHECK(world.last_sent("act:remove_project")->request.method == "DELETE");
  CHECK(world.stored.events(key).ends_with("project_removal_started site_deleted"));
  CHECK_FALSE(world.stored.tables["config_version"].empty());
  (void)world.perform("platform:acme");
  CHECK(world.stored.tables["config_version"].empty());
  CHECK(world.stored.documents.empty());
  (void)world.perform("platform:acme");
  CHECK(world.stored.get<PlatformRow>("platform", "acme").deleted_ms.has_value());
  CHECK(world.stored.due_in("platform:acme", world.now_ms) == std::nullopt);
  CHECK(world.folds());
}

TEST_CASE("what is not there is done, what is not ours is not touched") {
  World absent = leaving();
  absent.answers["look:project"] = project_absent();
  (void)absent.perform(key);
  CHECK(outcome_of(absent) == "absent");
  World foreign = leaving();
  const size_t acts = foreign.acts();
  foreign.answers["look:project"] = project("other/dev");
  (void)foreign.perform(key);
  CHECK(outcome_of(foreign) == "not_ours");
  CHECK(foreign.acts() == acts);
  World raced = leaving();
  raced.answers["act:remove_project"] = project_absent();
  (void)raced.perform(key);
  CHECK(outcome_of(raced) == "removed");
}

TEST_CASE("an answer that does not say whose the project is says nothing") {
  const std::string_view bodies[] = {"", "{}", R"({"success":true,"result":null})",
                                     R"({"success":true,"result":{}})",
                                     R"({"success":true,"result":{"name":"acme-dev-portal"}})"};
  for (const std::string_view body : bodies) {
    CAPTURE(body);
    World world = leaving();
    const size_t acts = world.acts();
    world.answers["look:project"] = {.body = std::string(body)};
    (void)world.perform(key);
    CHECK(outcome_of(world) == "open");
    CHECK(world.stored.due_in(key, world.now_ms).value_or(0) >= 2'000);
    CHECK(world.acts() == acts);
  }
  World other = leaving();
  other.answers["look:project"] = {
      .body =
          R"({"success":true,"result":{"name":"else","deployment_configs":{"production":{}}}})"};
  (void)other.perform(key);
  CHECK(outcome_of(other) == "open");
  World unlisted = leaving();
  unlisted.answers["look:domains"] = {.body = "{}"};
  (void)unlisted.perform(key);
  CHECK(unlisted.last_sent("act:remove_project") == nullptr);
  CHECK(outcome_of(unlisted) == "open");
}

TEST_CASE("a deletion whose answer was lost is found done at the next look") {
  World world = leaving();
  world.answers["act:remove_project"] = lost();
  (void)world.perform(key);
  CHECK(outcome_of(world) == "open");
  CHECK(world.stored.due_in(key, world.now_ms) == 2'000);
  world.answers["look:project"] = project_absent();
  (void)world.perform(key);
  CHECK(outcome_of(world) == "removed");
}

TEST_CASE("limits and silence make it wait; a refusal lets it rest until DELETE comes again") {
  for (const char* at : {"look:project", "look:domains", "act:remove_project"}) {
    CAPTURE(at);
    World limited = leaving();
    limited.answers[at] = {.status = 429, .headers = {{"retry-after", "30"}}};
    (void)limited.perform(key);
    CHECK(limited.stored.due_in(key, limited.now_ms) == 30'000);
    World silent = leaving();
    silent.answers[at] = lost();
    (void)silent.perform(key);
    CHECK(silent.stored.due_in(key, silent.now_ms).value_or(0) >= 2'000);
    World refused = leaving();
    refused.answers[at] = cloudflare_error(403, 10000, "Authentication error");
    (void)refused.perform(key);
    CHECK(site_of(refused).blocked->code == "removal.rejected");
    CHECK(site_of(refused).blocked->detail == "Cloudflare 10000: Authentication error");
    CHECK(refused.stored.due_in(key, refused.now_ms) == std::nullopt);
    CHECK(refused.call(remove_acme()).status == 202);
    CHECK(refused.stored.due_in(key, refused.now_ms) == 0);
    CHECK_FALSE(site_of(refused).blocked.has_value());
    CHECK(refused.folds());
  }
  World poor = leaving();
  poor.credentials = {"github"};
  (void)poor.perform(key);
  CHECK(site_of(poor).blocked->code == "credential.missing");
}

TEST_CASE("domains go first, some at a time") {
  World world = leaving();
  std::string domains = "[";
  for (int i = 0; i < 10; ++i) {
    domains.append(concat(i == 0 ? "" : ",", R"({"name":"d)", to_text(i), R"(.example"})"));
    world.answers[concat("act:remove_domains:", to_text(i))] =
        i == 3 ? cloudflare_error(404, 8000021) : envelope("null");
  }
  world.answers["look:domains"] = envelope(domains + "]");
  (void)world.perform(key);
  CHECK(world.last_sent("act:remove_domains:7") != nullptr);
  CHECK(world.last_sent("act:remove_domains:8") == nullptr);
  CHECK(world.last_sent("act:remove_project") == nullptr);
  CHECK(world.stored.due_in(key, world.now_ms) == limits::removal_pause_ms);
  CHECK(site_of(world).removal->step == RemovalStep::domains);
  CHECK(site_of(world).removal->left == 10);
}

TEST_CASE("too many deployments go first, never the served one") {
  World world = leaving();
  std::string served = project().body;
  const size_t end = served.rfind("}}");
  served.insert(end, R"(,"canonical_deployment":{"id":"p0"})");
  world.answers["look:project"] = {.body = served};
  world.answers["act:remove_project"] = cloudflare_error(400, 8000076);
  world.answers["look:deployments"] = envelope(R"([{"id":"p0"},{"id":"p1"},{"id":"p2"}])", 240);
  world.answers["act:remove_deployments:0"] = envelope("null");
  world.answers["act:remove_deployments:1"] = cloudflare_error(400, 8000034);
  (void)world.perform(key);
  CHECK(site_of(world).removal->step == RemovalStep::deployments);
  CHECK(site_of(world).removal->left == 240);
  const auto& path = world.last_sent("act:remove_deployments:0")->request.path;
  CHECK(path.ends_with("/deployments/p1?force=true"));
  CHECK(world.last_sent("act:remove_deployments:2") == nullptr);
  const size_t acts = world.acts();
  (void)world.perform(key);
  CHECK(world.acts() == acts + 2);
  world.answers["look:deployments"] = envelope(R"([{"id":"p0"}])", 100);
  world.answers["act:remove_project"] = envelope("null");
  (void)world.perform(key);
  CHECK(outcome_of(world) == "removed");
}

TEST_CASE("a dry run says what there is and stores nothing") {
  World world;
  make_ready(world);
  world.answers["look:project:acme/dev"] = project();
  world.answers["look:domains:acme/dev"] = envelope(R"([{"name":"a.example"}])");
  world.answers["look:deployments:acme/dev"] = envelope("[]", 130);
  const Ended plan = world.call(remove_acme({{"dryRun", "true"}}));
  CHECK(plan.status == 200);
  CHECK_FALSE(plan.committed);
  CHECK(plan.says(R"("steps":[{"step":"cancel_deployment","count":1},{"step":"remove_domains",)"
                  R"("count":1},{"step":"remove_deployments","count":30},)"
                  R"({"step":"remove_project","count":1}])"));
  world.answers["look:domains:acme/dev"] = lost();
  CHECK(world.call(remove_acme({{"dryRun", "true"}})).says("Cloudflare did not say"));
}

TEST_CASE("each filter of the list asks its own query, and a platform comes once") {
  World world;
  make_ready(world);
  const auto listed = [&](std::vector<std::vector<std::string>> query) {
    return world.call({.operation = "platform_list", .query = std::move(query)});
  };
  const std::vector<std::vector<std::vector<std::string>>> hits = {
      {{"prefix", "ac"}},
      {{"state", "ready"}},
      {{"environment", "dev"}},
      {{"state", "ready"}, {"environment", "dev"}, {"prefix", "acme"}}};
  for (const auto& query : hits) CHECK(listed(query).says(R"("platformId":"acme")"));
  CHECK(listed({{"state", "blocked"}}).body == R"({"items":[]})");
  CHECK(listed({{"environment", "prod"}}).body == R"({"items":[]})");
  CHECK(listed({{"prefix", "acmf"}}).body == R"({"items":[]})");
  CHECK(listed({{"state", "deleted"}}).says(R"("pointer":"state")"));
  CHECK(listed({{"prefix", "A"}}).status == 400);
}
