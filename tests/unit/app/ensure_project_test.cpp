#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

const std::string key(site_key);

/// A created platform, its site looked at once with these upstream answers.
World looked(Scripted look, std::optional<Scripted> act = std::nullopt) {
  World world;
  (void)create_platform(world);
  place_sites(world);
  world.answers["look:project"] = std::move(look);
  if (act) world.answers["act:create_project"] = std::move(*act);
  (void)world.perform(key);
  CHECK(world.folds());
  return world;
}

std::string blocked_by(World& world) {
  const SiteRow site = site_of(world);
  CHECK(world.stored.due_in(key, world.now_ms) == std::nullopt);
  return site.state == SiteState::blocked && site.blocked ? site.blocked->code : "not blocked";
}

}  // namespace

TEST_CASE("an absent project is created once, after the write-ahead; then a build is due") {
  World world = looked(project_absent(), project());
  CHECK(world.acts() == 1);
  CHECK(world.last_sent("act:create_project")->body.find("\"name\":\"acme-dev-portal\"") !=
        std::string::npos);
  CHECK(world.stored.events(key) ==
        "site_planned site_placed project_create_started project_ready");
  const SiteRow site = site_of(world);
  CHECK(site.state == SiteState::ready);
  CHECK(site.subdomain == "acme-dev-portal-3x.pages.dev");
  CHECK_FALSE(site.adopted);
  CHECK(site.queued->queue == "main:dev:1");
  CHECK(world.stored.due_in(key, world.now_ms) == 0);
  plan(world);
  CHECK(site_of(world).active->state == DeploymentState::planned);
  CHECK(batch_of(world).members.size() == 1);
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == 0);
  CHECK(world.stored.due_in(key, world.now_ms) == std::nullopt);
}

TEST_CASE("each refusal that repeating cannot mend blocks the site, with a next step") {
  const std::pair<int64_t, std::string_view> rows[] = {{8000003, "project.invalid_name"},
                                                       {8000011, "git.not_connected"},
                                                       {8000030, "project.subdomain_blocked"},
                                                       {8000119, "project.blocked"},
                                                       {8000099, "upstream.rejected"}};
  for (const auto& [upstream, ours] : rows) {
    CAPTURE(upstream);
    World world = looked(project_absent(), cloudflare_error(400, upstream, "why not"));
    CHECK(blocked_by(world) == ours);
    const Failure failure = *site_of(world).blocked;
    CHECK(failure.detail == concat("Cloudflare ", to_text(upstream), ": why not"));
    CHECK_FALSE(failure.next.empty());
  }
}

TEST_CASE("a refusal that concerns the account shuts it; the site has no place there") {
  const std::pair<int64_t, std::string_view> rows[] = {{8000027, "project.limit_reached"},
                                                       {8000036, "account.blocked"},
                                                       {7003, "account.id_unknown"},
                                                       {9109, "credential.invalid"},
                                                       {10000, "credential.permission_missing"}};
  for (const auto& [upstream, ours] : rows) {
    CAPTURE(upstream);
    World world = looked(project_absent(), cloudflare_error(400, upstream, "why not"));
    const auto account = world.stored.get<AccountRow>("account", "main");
    CHECK(account.state == (upstream == 8000027 ? AccountState::full : AccountState::closed));
    CHECK(account.reason->code == ours);
    CHECK(account.reason->detail == concat("Cloudflare ", to_text(upstream), ": why not"));
    CHECK(account.sites == 0);
    CHECK(site_of(world).account.empty());
    place_sites(world);
    CHECK(blocked_by(world) == "account.none_left");
    CHECK(world.acts() == 1);
    CHECK(world.folds());
  }
}

TEST_CASE("what was uploaded for a site that has no place any more is not waited for") {
  World world;
  make_uploaded(world);
  // Its project, a person's that was taken over, was deleted by hand, and is to be made.
  SiteRow site = site_of(world);
  site.state = SiteState::creating;
  site.subdomain.reset();
  site.attempted = false;
  world.stored.put("site", "acme/dev", site);
  world.answers["look:project"] = project_absent();
  world.answers["act:create_project"] = cloudflare_error(400, 8000027, "full");
  (void)world.perform(key);
  site = site_of(world);
  CHECK(site.account.empty());
  CHECK_FALSE(site.active.has_value());
  REQUIRE(site.last.has_value());
  CHECK(site.last->state == DeploymentState::failed);
  CHECK(site.last->failure->code == "deployment.content_mismatch");
  CHECK(world.stored.due_in(key, world.now_ms) == 0);
  place_sites(world);
  CHECK(blocked_by(world) == "account.none_left");
}

TEST_CASE("long words of an upstream are cut between characters") {
  std::string words = "x";
  for (int i = 0; i < 200; ++i) words.append("\xC3\xA9");
  World world = looked(project_absent(), cloudflare_error(400, 8000099, words));
  CHECK(blocked_by(world) == "upstream.rejected");
  CHECK(site_of(world).blocked->detail.size() == std::string("Cloudflare 8000099: ").size() + 199);
}

TEST_CASE("a name that is taken after all is looked at again, and adopted if it is ours") {
  World world = looked(project_absent(), cloudflare_error(409, 8000002));
  CHECK(site_of(world).state == SiteState::creating);
  CHECK(world.stored.due_in(key, world.now_ms) == 2'000);
  world.answers["look:project"] = project();
  (void)world.perform(key);
  CHECK(site_of(world).state == SiteState::ready);
  CHECK(site_of(world).adopted);
  CHECK(world.acts() == 1);
}

TEST_CASE("unclear answers: look again before acting again, with growing pauses, then a person") {
  for (const Scripted& unclear :
       {lost(), Scripted{.status = 500}, Scripted{.status = 200, .body = "<html>"},
        Scripted{.body = R"({"success":true,"result":{"name":"another"}})"}}) {
    World world = looked(project_absent(), unclear);
    CHECK(site_of(world).create_attempts == 1);
    CHECK(world.stored.due_in(key, world.now_ms) == 2'000);
    (void)world.perform(key);
    CHECK(world.stored.due_in(key, world.now_ms) == 4'000);
    for (int i = 0; i < 6; ++i) (void)world.perform(key);
    CHECK(site_of(world).create_attempts == 8);
    CHECK(world.stored.due_in(key, world.now_ms) == 256'000);
    (void)world.perform(key);
    CHECK(world.acts() == 8);
    CHECK(blocked_by(world) == "upstream.unclear");
  }
}

TEST_CASE("the generic refusal, again and again, has a reason of its own") {
  for (const int64_t status : {400, 500}) {
    World world = looked(project_absent(), cloudflare_error(status, 8000000));
    for (int i = 0; i < 7; ++i) (void)world.perform(key);
    CHECK(world.acts() == 8);
    CHECK(blocked_by(world) == "project.refused");
  }
}

TEST_CASE("a rate limit is obeyed, of the look and of the act") {
  World acting =
      looked(project_absent(), Scripted{.status = 429, .headers = {{"retry-after", "90"}}});
  CHECK(acting.stored.due_in(key, acting.now_ms) == 90'000);
  CHECK(site_of(acting).state == SiteState::creating);
  CHECK(acting.stored.events(key) ==
        "site_planned site_placed project_create_started project_create_deferred");
  for (int i = 0; i < 20; ++i) (void)acting.perform(key);
  CHECK(site_of(acting).state == SiteState::creating);
  CHECK(site_of(acting).create_attempts == 0);
  CHECK(acting.folds());
  World looking = looked(Scripted{.status = 429, .headers = {{"retry-after", "30"}}});
  CHECK(looking.stored.due_in(key, looking.now_ms) == 30'000);
  CHECK(looking.acts() == 0);
}

TEST_CASE("an existing project: ours is adopted; another's and a git-connected one are not") {
  World ours = looked(project());
  CHECK(site_of(ours).adopted);
  CHECK(ours.acts() == 0);
  CHECK(ours.stored.events(key) == "site_planned site_placed project_ready");
  World other = looked(project("acme/prod"));
  CHECK(blocked_by(other) == "project.name_taken");
  World git = looked(project("acme/dev", R"({"type":"github","config":{}})"));
  CHECK(blocked_by(git) == "project.git_connected");
  World direct = looked(project("acme/dev", "{}"));
  CHECK(site_of(direct).state == SiteState::ready);
}

TEST_CASE("a look that says nothing is repeated; one that is refused blocks") {
  for (const Scripted& unclear : {lost(), Scripted{.status = 502}, Scripted{.body = "<html>"}}) {
    World world = looked(unclear);
    CHECK(site_of(world).state == SiteState::creating);
    CHECK(world.stored.due_in(key, world.now_ms) == 2'000);
    world.now_ms += 100'000;
    (void)world.perform_now(key);
    CHECK(world.stored.due_in(key, world.now_ms) == 25'000);
    world.now_ms += 24 * 3'600'000;
    (void)world.perform_now(key);
    CHECK(world.stored.due_in(key, world.now_ms) == 300'000);
    CHECK(site_of(world).state == SiteState::creating);
    CHECK(world.acts() == 0);
  }
  World generic = looked(cloudflare_error(400, 8000000));
  CHECK(site_of(generic).state == SiteState::creating);
  generic.now_ms += 3'600'000;
  (void)generic.perform_now(key);
  CHECK(blocked_by(generic) == "project.refused");
  World refused = looked(cloudflare_error(403, 9109));
  CHECK(site_of(refused).account.empty());
  CHECK(refused.stored.get<AccountRow>("account", "main").reason->code == "credential.invalid");
}

TEST_CASE("a Worker that ends after the write-ahead: nobody acts before the lease is over") {
  World world;
  (void)create_platform(world);
  place_sites(world);
  world.answers["look:project"] = project_absent();
  world.stop_after_commit = true;
  CHECK(world.perform(key).stopped);
  CHECK(world.stored.events(key) == "site_planned site_placed project_create_started");
  CHECK(world.stored.due_in(key, world.now_ms) == 20'000);
  world.stop_after_commit = false;
  world.now_ms += 19'999;
  CHECK_FALSE(world.perform_now(key).committed);
  world.answers["look:project"] = project();
  world.now_ms += 1;
  (void)world.perform_now(key);
  CHECK(site_of(world).adopted);
  CHECK(world.acts() == 0);
  CHECK(world.folds());
}

TEST_CASE("a redeploy by hand is the way out of a block") {
  World world = looked(project_absent(), cloudflare_error(400, 8000030));
  const Ended ended = world.call({.operation = "deployment_request",
                                  .params = {{"platformId", "acme"}, {"environment", "dev"}}});
  CHECK(ended.status == 202);
  CHECK(site_of(world).state == SiteState::creating);
  CHECK(site_of(world).create_attempts == 0);
  world.answers["act:create_project"] = project();
  (void)world.perform(key);
  CHECK(site_of(world).state == SiteState::ready);
  plan(world);
  CHECK(site_of(world).active->reasons ==
        std::vector<std::string>{"platform created", "requested"});
  CHECK(world.folds());
}

TEST_CASE("a site whose account has lost its token finds no place, and nothing is asked") {
  World world;
  (void)create_platform(world);
  place_sites(world);
  world.credentials = {"github"};
  (void)world.perform(key);
  place_sites(world);
  CHECK(blocked_by(world) == "account.none_left");
  CHECK(site_of(world).blocked->detail == "main: no token");
  CHECK(world.sent.empty());
  CHECK(world.folds());
}
