#include "domain/transitions.hpp"

#include <doctest/doctest.h>

#include <set>

#include "domain/account.hpp"
#include "domain/batch.hpp"
#include "domain/site.hpp"

using namespace slipway;

namespace {

constexpr std::string_view dep = "dep_1";
constexpr SiteState not_ready[] = {SiteState::absent,   SiteState::creating,  SiteState::blocked,
                                   SiteState::deleting, SiteState::suspended, SiteState::deleted,
                                   SiteState::imported};

/// Every event of a kind, with our deployment's id where it has one.
template <class Event, size_t... I>
std::vector<Event> every(std::index_sequence<I...>) {
  std::vector<Event> out = {Event(std::in_place_index<I>)...};
  for (Event& event : out) {
    std::visit(
        [](auto& e) {
          if constexpr (requires { e.deployment_id; }) e.deployment_id = dep;
        },
        event);
  }
  return out;
}
template <class Event>
std::vector<Event> every() {
  return every<Event>(std::make_index_sequence<std::variant_size_v<Event>>());
}

template <class Event>
std::string_view name_of_event(const Event& event) {
  return schema_of<Event>().alternatives[event.index()].name;
}

SiteRow site_in(SiteState state) {
  SiteRow site;
  site.platform_id = "acme";
  site.state = state;
  site.desired.revision = 1;
  return site;
}

SiteRow site_with(DeploymentState state) {
  SiteRow site = site_in(SiteState::ready);
  site.active.emplace().id = dep;
  site.active->revision = 1;
  site.active->state = state;
  return site;
}

bool is_about_deployment(const SiteEvent& event) {
  return std::visit([](const auto& e) { return requires { e.deployment_id; }; }, event);
}

}  // namespace

TEST_CASE("a site takes an event exactly where the table has an edge") {
  for (size_t i = 0; i < describe<SiteState>::names.size(); ++i) {
    const auto state = static_cast<SiteState>(i);
    for (const SiteEvent& event : every<SiteEvent>()) {
      if (is_about_deployment(event)) continue;
      SiteRow site = site_in(state);
      const auto to = next_state(site_edges, state, name_of_event(event));
      CAPTURE(name_of(state));
      CAPTURE(name_of_event(event));
      CHECK(allows(site, event) == to.has_value());
      if (!to) continue;
      const int64_t seq = site.seq;
      apply(site, event, 7);
      CHECK(site.state == *to);
      CHECK(site.seq == seq + 1);
      CHECK(site.updated_ms == 7);
      CHECK(site.queued.has_value() == wants_deployment(site));
    }
  }
}

TEST_CASE("a deployment takes an event exactly where the table has an edge") {
  for (size_t i = 1; i < describe<DeploymentState>::names.size(); ++i) {
    const auto state = static_cast<DeploymentState>(i);
    for (const SiteEvent& event : every<SiteEvent>()) {
      if (!is_about_deployment(event)) continue;
      SiteRow site = site_with(state);
      const auto to = next_state(deployment_edges, state, name_of_event(event));
      CAPTURE(name_of(state));
      CAPTURE(name_of_event(event));
      CHECK(allows(site, event) == to.has_value());
      if (!to) continue;
      apply(site, event, 7);
      REQUIRE(deployment_of(site, event) != nullptr);
      CHECK(deployment_of(site, event)->state == *to);
      CHECK(site.active.has_value() == !is_terminal(*to));
      CHECK(site.last.has_value() == is_terminal(*to));
      CHECK(site.state == SiteState::ready);
      CHECK(site.queued.has_value() == wants_deployment(site));
    }
  }
}

TEST_CASE("an event about another deployment, or about none, is refused") {
  for (const SiteEvent& event : every<SiteEvent>()) {
    if (!is_about_deployment(event)) continue;
    for (size_t i = 1; i < describe<DeploymentState>::names.size(); ++i) {
      SiteRow site = site_with(static_cast<DeploymentState>(i));
      site.active->id = "dep_2";
      CHECK_FALSE(allows(site, event));
    }
    const bool begins = std::holds_alternative<DeploymentPlanned>(event);
    CHECK(allows(site_in(SiteState::ready), event) == begins);
    for (const auto state : not_ready) CHECK_FALSE(allows(site_in(state), event));
  }
}

TEST_CASE("a batch takes an event exactly where the table has an edge") {
  for (size_t i = 0; i < describe<BatchState>::names.size(); ++i) {
    const auto state = static_cast<BatchState>(i);
    for (const BatchEvent& event : every<BatchEvent>()) {
      BatchRow batch;
      batch.state = state;
      const auto to = next_state(batch_edges, state, name_of_event(event));
      CAPTURE(name_of(state));
      CAPTURE(name_of_event(event));
      CHECK(allows(batch, event) == to.has_value());
      if (!to) continue;
      apply(batch, event, 7);
      CHECK(batch.state == *to);
      CHECK(batch.seq == 1);
      CHECK(batch.open.has_value() == (*to != BatchState::closed));
      if (batch.open) CHECK(batch.open->state == *to);
    }
  }
}

TEST_CASE("a batch remembers what planning and watching need, until it is closed") {
  BatchRow batch;
  const std::vector<BatchMember> members = {{"dep_1", "a/dev", 0}, {"dep_2", "b/dev", 2}};
  apply(batch, BatchPlanned{"bat_1", "main", Environment::dev, {}, members, "abc", true}, 1);
  CHECK(batch.shards == 3);
  CHECK(batch.open->interactive);
  CHECK(batch.open->shards == 3);
  apply(batch, BatchDispatchStarted{"KEY", 5}, 2);
  CHECK(batch.open->dispatch_key == "KEY");
  CHECK(batch.open->floor_ms == 5);
  apply(batch, BatchDispatched{"42", "u"}, 3);
  CHECK(batch.open->run_id == "42");
  CHECK(batch.started_ms == 3);
  apply(batch, BatchRunHinted{"completed"}, 4);
  CHECK(batch.hinted);
  apply(batch, BatchRunSeen{"in_progress", std::nullopt}, 5);
  CHECK_FALSE(batch.hinted);
  CHECK_FALSE(batch.run_ended.has_value());
  apply(batch, BatchRunSeen{"completed", "failure"}, 6);
  CHECK(batch.run_ended == "failure");
  // A later attempt of the run claims it: that run has not ended.
  apply(batch, BatchClaimed{"42", 2}, 7);
  CHECK_FALSE(batch.run_ended.has_value());
  CHECK(batch.started_ms == 7);
  CHECK(is_held_by(batch, "42"));
  CHECK_FALSE(is_held_by(batch, "43"));
  BatchRow given_up = batch;
  apply(batch, BatchClosed{}, 8);
  CHECK_FALSE(batch.open.has_value());
  CHECK(is_held_by(batch, "42"));
  apply(given_up, BatchClosed{Failure{}}, 8);
  CHECK_FALSE(is_held_by(given_up, "42"));
}

TEST_CASE("the tables and the events name the same things") {
  const auto names = [](const auto& edges) {
    std::set<std::string_view> out;
    for (const auto& edge : edges) out.insert(edge.event);
    return out;
  };
  std::set<std::string_view> of_sites;
  std::set<std::string_view> of_deployments;
  for (const SiteEvent& event : every<SiteEvent>()) {
    (is_about_deployment(event) ? of_deployments : of_sites).insert(name_of_event(event));
  }
  std::set<std::string_view> of_batches;
  for (const BatchEvent& event : every<BatchEvent>()) of_batches.insert(name_of_event(event));
  CHECK(names(site_edges) == of_sites);
  CHECK(names(deployment_edges) == of_deployments);
  CHECK(names(batch_edges) == of_batches);
  std::set<std::string_view> of_accounts;
  for (const AccountEvent& event : every<AccountEvent>()) of_accounts.insert(name_of_event(event));
  CHECK(names(account_edges) == of_accounts);
}

TEST_CASE("wants_deployment: ready, idle, and a wish neither served nor tried") {
  for (int64_t wish = 1; wish <= 3; ++wish) {
    for (int64_t served = 0; served <= 3; ++served) {
      for (int64_t tried = 0; tried <= 3; ++tried) {
        SiteRow site = site_in(SiteState::ready);
        site.desired.revision = wish;
        if (served > 0) site.live.emplace().revision = served;
        if (tried > 0) site.last.emplace().revision = tried;
        CHECK(wants_deployment(site) == (wish > served && wish > tried));
        for (const auto state : not_ready) {
          site.state = state;
          CHECK_FALSE(wants_deployment(site));
        }
        site.state = SiteState::ready;
        site.active.emplace();
        CHECK_FALSE(wants_deployment(site));
      }
    }
  }
}

TEST_CASE("reasons are collected until a deployment takes them") {
  SiteRow site = site_in(SiteState::ready);
  apply(site, DesiredChanged{2, "", "first"}, 1);
  apply(site, DesiredChanged{3, "abc", "second"}, 2);
  apply(site, DeploymentPlanned{std::string(dep), "bat_1"}, 3);
  CHECK(site.active->reasons == std::vector<std::string>{"first", "second"});
  CHECK(site.active->config_version == 3);
  CHECK(site.active->shell_sha == "abc");
  CHECK(site.active->revision == 3);
  CHECK(site.active->first_seq == 3);
  CHECK(site.desired.reasons.empty());
  for (int i = 0; i < 60; ++i) apply(site, DesiredChanged{3, "", "again"}, 4);
  CHECK(site.desired.reasons.size() == 50);
  CHECK(site.desired.revision == 63);
}

TEST_CASE("a site rests where nothing more happens by itself") {
  const auto rests = [](SiteState state, bool blocked, bool active) {
    SiteRow site = site_in(state);
    site.desired.revision = 0;
    if (blocked) site.blocked.emplace();
    if (active) site.active.emplace();
    return is_at_rest(site);
  };
  CHECK_FALSE(rests(SiteState::creating, false, false));
  CHECK(rests(SiteState::blocked, true, false));
  CHECK(rests(SiteState::ready, false, false));
  CHECK_FALSE(rests(SiteState::ready, false, true));
  CHECK(rests(SiteState::suspended, false, false));
  CHECK_FALSE(rests(SiteState::suspended, false, true));
  CHECK_FALSE(rests(SiteState::deleting, false, false));
  CHECK(rests(SiteState::deleting, true, false));
  CHECK(rests(SiteState::deleted, false, false));
  CHECK(rests(SiteState::imported, false, false));
}

TEST_CASE("a deleted site that is planned anew keeps its counts and nothing else") {
  SiteRow site;
  const SitePlanned planned{"acme", Environment::dev, "main", 1, "", "created"};
  apply(site, planned, 1);
  apply(site, ProjectReady{"acme-dev-portal.pages.dev", false}, 2);
  apply(site, DeploymentPlanned{std::string(dep), "bat_1"}, 3);
  apply(site, DeploymentCancelled{std::string(dep), {}}, 4);
  apply(site, SiteDeletionStarted{"deleted"}, 5);
  apply(site, ProjectRemovalBlocked{{"x", "", "", {}}}, 6);
  apply(site, SiteDeletionStarted{"deleted"}, 7);
  CHECK_FALSE(site.blocked.has_value());
  CHECK(site.removal->started_ms == 5);
  apply(site, ProjectRemovalStarted{RemovalStep::project, 1, 1}, 8);
  site.branch = "master";  // of a project that was taken over
  apply(site, SiteDeleted{RemovedProject::removed}, 9);
  CHECK(site.deleted_ms == 9);
  CHECK(site.last->state == DeploymentState::cancelled);
  apply(site, planned, 10);
  CHECK(site.state == SiteState::creating);
  CHECK(site.seq == 10);
  CHECK(site.planned_seq == 10);
  CHECK(site.desired.revision == 2);
  CHECK_FALSE(site.subdomain.has_value());
  CHECK_FALSE(site.branch.has_value());
  CHECK_FALSE(site.removal.has_value());
  CHECK_FALSE(site.deleted_ms.has_value());
}

TEST_CASE("a project that has to be made serves nothing: what was served is wished anew") {
  SiteRow site = site_in(SiteState::creating);
  site.live.emplace().revision = 1;
  site.last.emplace().revision = 1;
  apply(site, ProjectCreateStarted{1}, 1);
  CHECK_FALSE(site.live.has_value());
  CHECK(site.desired.revision == 2);
  apply(site, ProjectReady{"x.pages.dev", false}, 2);
  CHECK(wants_deployment(site));
}
