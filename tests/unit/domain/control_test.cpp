#include <doctest/doctest.h>

#include "domain/fleet.hpp"
#include "domain/site.hpp"

using namespace slipway;

namespace {

/// A site that serves its second wish, version 2, by `dep_2`.
SiteRow serving() {
  SiteRow site;
  site.platform_id = "acme";
  site.state = SiteState::ready;
  site.project_name = "acme-dev-portal";
  site.desired = {2, 2, "", {}};
  site.live = Live{"dep_2", 2, 2, 1};
  site.last.emplace().id = "dep_2";
  site.last->revision = 2;
  site.last->state = DeploymentState::live;
  return site;
}

SitePinned pinned(std::optional<std::string> at_pages = std::nullopt) {
  return {1, "abc", "dep_1", std::move(at_pages), "bad release"};
}

}  // namespace

TEST_CASE("paused: wishes are recorded, nothing is wanted; resumed, the last wish is") {
  SiteRow site = serving();
  apply(site, BuildsPaused{"a fair"}, 5);
  CHECK(site.paused->reason == "a fair");
  CHECK(site.paused->at_ms == 5);
  apply(site, DesiredChanged{3, "", "changed"}, 6);
  CHECK(site.desired.revision == 3);
  CHECK_FALSE(wants_deployment(site));
  CHECK(is_at_rest(site));
  apply(site, BuildsResumed{}, 7);
  CHECK_FALSE(site.paused.has_value());
  CHECK(wants_deployment(site));
  CHECK_FALSE(is_at_rest(site));
}

TEST_CASE("pinned to be built again: the pin's version is the wish, and later ones are kept") {
  SiteRow site = serving();
  apply(site, pinned(), 5);
  CHECK(wished_revision(site) == 3);
  CHECK(wants_deployment(site));
  apply(site, DesiredChanged{3, "", "changed"}, 6);
  CHECK(wished_revision(site) == 3);
  apply(site, DeploymentPlanned{"dep_3", "bat_3"}, 7);
  CHECK(site.active->revision == 3);
  CHECK(site.active->config_version == 1);
  CHECK(site.active->shell_sha == "abc");
  CHECK(site.active->reasons == std::vector<std::string>{"bad release"});
  CHECK(site.desired.reasons == std::vector<std::string>{"changed"});
  site.active->state = DeploymentState::verifying;
  apply(site, DeploymentLive{"dep_3", Verified::bytes, 1}, 8);
  CHECK_FALSE(wants_deployment(site));
  CHECK(is_at_rest(site));
  apply(site, SiteUnpinned{"go on"}, 9);
  CHECK(wants_deployment(site));
}

TEST_CASE("pinned to what Pages has: rolled back there, paused or not, else built again") {
  SiteRow site = serving();
  apply(site, BuildsPaused{"a fair"}, 4);
  apply(site, pinned("pd1"), 5);
  CHECK(is_rolling_back(site));
  CHECK_FALSE(wants_deployment(site));
  CHECK_FALSE(is_at_rest(site));
  apply(site, RollbackStarted{1}, 6);
  CHECK(site.pin->attempts == 1);
  SiteRow refused = site;
  apply(site, SiteRolledBack{Verified::bytes, 3}, 7);
  CHECK(site.live->deployment_id == "dep_1");
  CHECK(site.live->revision == 3);
  CHECK(site.live->config_version == 1);
  CHECK_FALSE(is_rolling_back(site));
  CHECK(is_at_rest(site));

  apply(refused, RollbackRefused{"gone"}, 7);
  CHECK_FALSE(is_rolling_back(refused));
  CHECK_FALSE(wants_deployment(refused));
  apply(refused, BuildsResumed{}, 8);
  CHECK(wants_deployment(refused));
}

TEST_CASE("a pinned site whose project has to be made anew has its pinned version built") {
  SiteRow site = serving();
  apply(site, pinned("pd1"), 5);
  apply(site, SiteRolledBack{Verified::bytes, 3}, 6);
  site.state = SiteState::creating;
  apply(site, ProjectCreateStarted{1}, 7);
  apply(site, ProjectReady{"x.pages.dev", false}, 8);
  CHECK_FALSE(is_rolling_back(site));
  CHECK(wants_deployment(site));
  apply(site, DeploymentPlanned{"dep_4", "bat_4"}, 9);
  CHECK(site.active->config_version == 1);
}

TEST_CASE("drift stands until the bytes match again or a deployment is live") {
  SiteRow site = serving();
  apply(site, SiteDrifted{"other bytes"}, 5);
  CHECK(site.drift->detail == "other bytes");
  CHECK(site.drift->seen_ms == 5);
  SiteRow matching = site;
  apply(matching, SiteMatches{}, 6);
  CHECK_FALSE(matching.drift.has_value());
  apply(site, DesiredChanged{2, "", "again"}, 6);
  apply(site, DeploymentPlanned{"dep_3", "bat_3"}, 7);
  CHECK(site.drift.has_value());
  site.active->state = DeploymentState::verifying;
  apply(site, DeploymentLive{"dep_3", Verified::bytes, 1}, 8);
  CHECK_FALSE(site.drift.has_value());
}

TEST_CASE("what held a site is forgotten when it is planned anew after its deletion") {
  SiteRow site = serving();
  apply(site, BuildsPaused{"a fair"}, 4);
  apply(site, pinned("pd1"), 5);
  apply(site, SiteDrifted{"other bytes"}, 5);
  apply(site, SiteDeletionStarted{"deleted"}, 6);
  apply(site, SiteDeleted{RemovedProject::removed}, 7);
  apply(site, SitePlanned{"acme", Environment::dev, "main", 1, "", "created"}, 8);
  CHECK_FALSE(site.paused.has_value());
  CHECK_FALSE(site.pin.has_value());
  CHECK_FALSE(site.drift.has_value());
}

TEST_CASE("the fleet is frozen, and not any more") {
  FleetRow fleet;
  apply(fleet, FleetFrozen{"the holidays", "admin"}, 5);
  CHECK(fleet.frozen->reason == "the holidays");
  CHECK(fleet.frozen->by == "admin");
  CHECK(fleet.frozen->at_ms == 5);
  apply(fleet, FleetUnfrozen{}, 6);
  CHECK_FALSE(fleet.frozen.has_value());
  CHECK(fleet.seq == 2);
}
