// When a site may be planned, in which queue it waits, and what becomes of lost attempts.
#include <doctest/doctest.h>

#include "domain/site.hpp"

using namespace slipway;

namespace {

constexpr std::string_view queue = "main:dev:1";
constexpr std::string_view asked_queue = "main:dev:0";

/// A ready site that serves its first wish.
SiteRow serving() {
  SiteRow site;
  site.platform_id = "acme";
  site.account = "main";
  site.state = SiteState::ready;
  site.desired.revision = 1;
  site.live = Live{"dep_1", 1, 1, 1};
  site.last.emplace().id = "dep_1";
  site.last->revision = 1;
  site.last->state = DeploymentState::live;
  return site;
}

DesiredChanged changed(std::optional<int64_t> due_ms, bool interactive = false) {
  return {2, "", "changed", due_ms, interactive};
}

/// The wish is under way as `dep_2`, planned at this time.
void plan(SiteRow& site, int64_t at_ms, std::string id = "dep_2") {
  apply(site, DeploymentPlanned{std::move(id), "bat_2"}, at_ms);
}

DeploymentLost lost(std::string id = "dep_2") { return {std::move(id), {}, true}; }

}  // namespace

TEST_CASE("a wish that may wait is due later, and each further one puts it off") {
  SiteRow site = serving();
  apply(site, changed(6'000), 1'000);
  CHECK(site.desired.since_ms == 1'000);
  CHECK(site.desired.due_ms == 6'000);
  CHECK_FALSE(site.desired.interactive);
  CHECK(planned_from_ms(site) == 6'000);
  CHECK(site.queued->queue == queue);
  CHECK(site.queued->due_ms == 6'000);
  apply(site, changed(8'000), 3'000);
  CHECK(site.desired.since_ms == 1'000);
  CHECK(site.desired.due_ms == 8'000);
  CHECK(site.queued->due_ms == 8'000);
}

TEST_CASE("a wish without a time is due at once, and since it was made") {
  SiteRow site = serving();
  apply(site, changed(std::nullopt), 1'000);
  CHECK(site.desired.due_ms == 0);
  CHECK(site.desired.since_ms == 0);
  CHECK(planned_from_ms(site) == 0);
  CHECK(site.queued->due_ms == 1'000);
  apply(site, changed(std::nullopt), 2'000);
  CHECK(site.queued->due_ms == 1'000);
}

TEST_CASE("what somebody waits for stays due, whatever is wished after it") {
  SiteRow site = serving();
  apply(site, changed(6'000), 1'000);
  apply(site, changed(2'000, true), 2'000);
  CHECK(site.desired.interactive);
  CHECK(site.desired.due_ms == 2'000);
  CHECK(site.desired.since_ms == 1'000);
  CHECK(site.queued->queue == asked_queue);
  apply(site, changed(8'000), 3'000);
  CHECK(site.desired.interactive);
  CHECK(site.desired.due_ms == 2'000);
  CHECK(site.queued->queue == asked_queue);
  CHECK(site.queued->due_ms == 2'000);
}

TEST_CASE("what was planned is forgotten: the next wish begins its own time") {
  SiteRow site = serving();
  apply(site, changed(2'000, true), 2'000);
  plan(site, 3'000);
  CHECK_FALSE(site.queued.has_value());
  apply(site, changed(9'000), 4'000);
  CHECK_FALSE(site.queued.has_value());
  CHECK_FALSE(site.desired.interactive);
  CHECK(site.desired.since_ms == 4'000);
  CHECK(site.desired.due_ms == 9'000);
  site.active->state = DeploymentState::verifying;
  apply(site, DeploymentLive{"dep_2", Verified::bytes, 1}, 5'000);
  CHECK(site.queued->queue == queue);
  CHECK(site.queued->due_ms == 9'000);
}

TEST_CASE("a site waits in a queue exactly while it wants a deployment") {
  SiteRow site = serving();
  CHECK_FALSE(site.queued.has_value());
  const std::pair<SiteEvent, bool> steps[] = {
      {changed(std::nullopt), true},
      {BuildsPaused{"a fair"}, false},
      {changed(std::nullopt), false},
      {BuildsResumed{}, true},
      {SitePinned{1, "", "dep_1", "pd1", "bad"}, false},
      {RollbackRefused{"gone"}, true},
      {SiteSuspended{"a fair"}, false},
      {SiteResumed{}, false},
      {ProjectReady{"acme.pages.dev", false}, true},
      {DeploymentPlanned{"dep_2", "bat_2"}, false},
      {DeploymentSuperseded{"dep_2", "another job"}, false},
      {SiteUnpinned{"go on"}, false},
      {changed(std::nullopt), true},
      {SiteDeletionStarted{"deleted"}, false},
  };
  int64_t at_ms = 1'000;
  for (const auto& [event, waits] : steps) {
    CAPTURE(at_ms);
    apply(site, event, at_ms);
    CHECK(site.queued.has_value() == waits);
    CHECK(wants_deployment(site) == waits);
    at_ms += 1'000;
  }
}

TEST_CASE("each account, environment and class has a queue of its own") {
  CHECK(queue_of("main", Environment::dev, false) == queue);
  CHECK(queue_of("main", Environment::dev, true) == asked_queue);
  CHECK(queue_of("second", Environment::prod, false) == "second:prod:1");
  CHECK(queue_of("main", Environment::stg, true) == "main:stg:0");
}

TEST_CASE("a lost builder's deployment is tried again: half a minute, two minutes, not more") {
  SiteRow site = serving();
  apply(site, changed(std::nullopt), 500);
  const std::vector<std::string> reasons = {"changed"};
  int64_t at_ms = 1'000;
  for (int64_t attempt = 1; attempt <= deployment_attempts_max; ++attempt) {
    plan(site, at_ms);
    CHECK(site.active->attempt == attempt);
    CHECK(site.active->reasons == reasons);
    apply(site, lost(), at_ms + 10);
    const bool again = attempt < deployment_attempts_max;
    CHECK(wants_deployment(site) == again);
    CHECK(site.queued.has_value() == again);
    CHECK(is_at_rest(site) == !again);
    if (!again) break;
    const int64_t pause_ms = attempt == 1 ? 30'000 : 120'000;
    CHECK(planned_from_ms(site) == at_ms + 10 + pause_ms);
    CHECK(site.queued->due_ms == at_ms + 10 + pause_ms);
    at_ms += 10 + pause_ms;
  }
  CHECK(site.last->attempt == 3);
  CHECK(site.last->again);
}

TEST_CASE("a newer wish counts its attempts anew, and does not wait for the older one's pause") {
  SiteRow site = serving();
  apply(site, changed(std::nullopt), 500);
  plan(site, 1'000);
  apply(site, changed(6'000), 1'500);
  apply(site, lost(), 2'000);
  CHECK(planned_from_ms(site) == 6'000);
  plan(site, 6'000, "dep_3");
  CHECK(site.active->attempt == 1);
  CHECK(site.active->revision == site.desired.revision);
}

TEST_CASE("what failed by itself is not tried again") {
  SiteRow site = serving();
  apply(site, changed(std::nullopt), 500);
  plan(site, 1'000);
  apply(site, DeploymentFailed{"dep_2", {}, false}, 2'000);
  CHECK_FALSE(wants_deployment(site));
  CHECK(is_at_rest(site));
  apply(site, changed(std::nullopt), 3'000);
  CHECK(site.queued->due_ms == 3'000);
}

TEST_CASE("a pinned site waits since its pin was made, whatever was wished before") {
  SiteRow site = serving();
  apply(site, changed(60'000), 1'000);
  apply(site, SitePinned{1, "abc", "dep_1", std::nullopt, "bad release"}, 2'000);
  CHECK(planned_from_ms(site) == 2'000);
  CHECK(wish_of(site).shell_sha == "abc");
  CHECK(wish_of(site).config_version == 1);
  CHECK(site.queued->due_ms == 2'000);
}

TEST_CASE("renewed, a deployment carries the last wish with the reasons of all") {
  SiteRow site = serving();
  apply(site, changed(std::nullopt), 500);
  plan(site, 1'000);
  apply(site, DesiredChanged{3, "", "once more"}, 1'500);
  apply(site, DesiredChanged{4, "", "and again"}, 1'600);
  apply(site, DeploymentRetargeted{"dep_2"}, 2'000);
  CHECK(site.active->state == DeploymentState::planned);
  CHECK(site.active->revision == site.desired.revision);
  CHECK(site.active->config_version == 4);
  CHECK(site.active->reasons == std::vector<std::string>{"changed", "once more", "and again"});
  CHECK(site.desired.reasons.empty());
  for (int i = 0; i < 60; ++i) {
    apply(site, DesiredChanged{4, "", "x"}, 3'000);
    apply(site, DeploymentRetargeted{"dep_2"}, 3'000);
  }
  CHECK(site.active->reasons.size() == limits::reasons_max);
}
