#include "domain/org.hpp"

#include <doctest/doctest.h>

#include <set>

#include "base/limits.hpp"
#include "domain/names.hpp"

using namespace slipway;

namespace {

constexpr std::string_view pub = "pub_1";

template <size_t... I>
std::vector<OrgEvent> every(std::index_sequence<I...>) {
  std::vector<OrgEvent> out = {OrgEvent(std::in_place_index<I>)...};
  for (OrgEvent& event : out) {
    std::visit(
        [](auto& e) {
          if constexpr (requires { e.publication_id; }) e.publication_id = pub;
        },
        event);
  }
  return out;
}

std::vector<OrgEvent> every() {
  return every(std::make_index_sequence<std::variant_size_v<OrgEvent>>());
}

std::string_view name_of_event(const OrgEvent& event) {
  return schema_of<OrgEvent>().alternatives[event.index()].name;
}

bool is_about_publication(const OrgEvent& event) {
  return std::visit([](const auto& e) { return requires { e.publication_id; }; }, event);
}

OrgRow org_in(OrgState state) {
  OrgRow org;
  org.slug = "aurora";
  org.state = state;
  return org;
}

OrgRow org_with(PublicationState state) {
  OrgRow org = org_in(OrgState::ready);
  if (state == PublicationState::absent) return org;
  org.active.emplace().id = pub;
  org.active->state = state;
  return org;
}

}  // namespace

TEST_CASE("an org takes an event exactly where the table has an edge") {
  std::set<std::pair<OrgState, std::string_view>> taken;
  for (size_t i = 0; i < describe<OrgState>::names.size(); ++i) {
    const auto state = static_cast<OrgState>(i);
    for (const OrgEvent& event : every()) {
      if (is_about_publication(event)) continue;
      OrgRow org = org_in(state);
      const auto to = next_state(org_edges, state, name_of_event(event));
      CAPTURE(name_of(state));
      CAPTURE(name_of_event(event));
      CHECK(allows(org, event) == to.has_value());
      if (!to) continue;
      apply(org, event, 7);
      CHECK(org.state == *to);
      CHECK(org.seq == 1);
      CHECK(org.updated_ms == 7);
      taken.emplace(state, name_of_event(event));
    }
  }
  CHECK(taken.size() == org_edges.size());
}

TEST_CASE("a publication takes an event exactly where the table has an edge") {
  std::set<std::pair<PublicationState, std::string_view>> taken;
  for (size_t i = 0; i < describe<PublicationState>::names.size(); ++i) {
    const auto state = static_cast<PublicationState>(i);
    if (is_terminal(state)) continue;
    for (const OrgEvent& event : every()) {
      if (!is_about_publication(event)) continue;
      OrgRow org = org_with(state);
      const auto to = next_state(publication_edges, state, name_of_event(event));
      CAPTURE(name_of(state));
      CAPTURE(name_of_event(event));
      CHECK(allows(org, event) == to.has_value());
      if (!to) continue;
      apply(org, event, 7);
      REQUIRE(publication_of(org, event) != nullptr);
      CHECK(publication_of(org, event)->state == *to);
      CHECK(org.active.has_value() != is_terminal(*to));
      CHECK(org.last.has_value() == is_terminal(*to));
      taken.emplace(state, name_of_event(event));
    }
  }
  CHECK(taken.size() == publication_edges.size());
}

TEST_CASE("an event about another publication than the active one is refused") {
  const OrgRow org = org_with(PublicationState::building);
  CHECK_FALSE(allows(org, PublicationDeployed{"pub_2", {}}));
  CHECK_FALSE(allows(org, PublicationPlanned{"pub_2", "ada", {}, ""}));
  CHECK_FALSE(allows(org_in(OrgState::deleted), PublicationPlanned{"pub_2", "ada", {}, ""}));
}

TEST_CASE("an org that comes again keeps its place and its count, and nothing else") {
  OrgRow org;
  apply(org, OrgCreated{"aurora", "org-1", "Aurora", {{"ada", OrgRole::admin}}}, 1);
  apply(org, ProvisionRequested{"main", "aurora-ark", "user:ada"}, 2);
  apply(org, GitProjectReady{"aurora-ark.pages.dev", false}, 3);
  apply(org, HookCreateStarted{"slipway-1", 1}, 4);
  apply(org, HookStored{"slipway-1", "hook:aurora/slipway-1", "abcd", "user:ada"}, 5);
  CHECK(org.state == OrgState::ready);
  CHECK(can_publish(org));
  apply(org, OrgDeleted{"admin"}, 6);
  CHECK(org.placed);
  CHECK_FALSE(org.hook);
  CHECK(org.members.empty());
  apply(org, OrgCreated{"aurora", "org-2", "Aurora", {}}, 7);
  CHECK(org.state == OrgState::unset);
  CHECK(org.placed);
  CHECK(org.account == "main");
  CHECK(org.seq == 7);
  CHECK_FALSE(org.host);
  CHECK_FALSE(org.deleted_ms);
}

TEST_CASE("an org that is deleted before its project exists gives its place back") {
  OrgRow org;
  apply(org, OrgCreated{"aurora", "org-1", "Aurora", {}}, 1);
  apply(org, ProvisionRequested{"main", "aurora-ark", "user:ada"}, 2);
  CHECK(org.placed);
  apply(org, OrgDeleted{"admin"}, 3);
  CHECK_FALSE(org.placed);
}

TEST_CASE("of hooks without a use the last twenty names are kept") {
  OrgRow org = org_in(OrgState::connecting);
  for (int i = 0; i < 25; ++i) {
    apply(org, HookOrphaned{"slipway-" + std::to_string(i)}, i);
  }
  CHECK(org.orphans.size() == limits::orphaned_hooks_kept);
  CHECK(org.orphans.back() == "slipway-24");
}

TEST_CASE("only the address of a Cloudflare Pages deploy hook is one, written exactly so") {
  const std::string good = std::string(hook_address) + "0123abcd-ef";
  CHECK(hook_id_of(good) == "0123abcd-ef");
  for (const std::string_view bad : {
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/",
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/short",
           "http://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123abcd",
           "https://api.cloudflare.com:443/client/v4/pages/webhooks/deploy_hooks/0123abcd",
           "https://api.cloudflare.com@evil.test/client/v4/pages/webhooks/deploy_hooks/0123abcd",
           "https://API.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123abcd",
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123abcd/",
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123abcd?x=1",
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123abcd#x",
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/../0123abcd",
           "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123%61bcd",
           "https://api.cloudflare.com/client/v4/workers/builds/deploy_hooks/0123abcd",
           " https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/0123abcd",
           "https://127.0.0.1/client/v4/pages/webhooks/deploy_hooks/0123abcd",
           "",
       }) {
    CAPTURE(bad);
    CHECK_FALSE(hook_id_of(bad));
  }
  CHECK_FALSE(hook_id_of(std::string(hook_address) + std::string(129, 'a')));
  CHECK(hook_id_of(std::string(hook_address) + std::string(128, 'a')));
  CHECK(shown_end("0123abcd-wxyz") == "wxyz");
}

TEST_CASE("names of orgs, people and projects") {
  CHECK(is_org_slug("a"));
  CHECK(is_org_slug(std::string(54, 'a')));
  CHECK_FALSE(is_org_slug(std::string(55, 'a')));
  CHECK_FALSE(is_org_slug(""));
  CHECK_FALSE(is_org_slug("a--b"));
  CHECK_FALSE(is_org_slug("-a"));
  CHECK_FALSE(is_org_slug("A"));
  CHECK(org_project_name("aurora") == "aurora-ark");
  CHECK(is_project_name(org_project_name(std::string(54, 'a'))));
  CHECK(is_project_name("a--b"));
  CHECK_FALSE(is_project_name("a-"));
  CHECK_FALSE(is_project_name(std::string(59, 'a')));
  CHECK(is_org_id("Org_1.x-2"));
  CHECK_FALSE(is_org_id("a b"));
  CHECK_FALSE(is_org_id(std::string(65, 'a')));
  CHECK(is_user_id("auth0|5f7c8ec7c33c6c004bbafe82"));
  CHECK(is_user_id("ada@example.com"));
  CHECK_FALSE(is_user_id("ada lovelace"));
  CHECK_FALSE(is_user_id(""));
  CHECK_FALSE(is_user_id("ada\n"));
}

TEST_CASE("roles are looked up by the whole name") {
  OrgRow org;
  apply(org, OrgCreated{"a", "1", "A", {{"ada", OrgRole::admin}, {"ben", OrgRole::member}}}, 1);
  CHECK(role_of(org, "ada") == OrgRole::admin);
  CHECK(role_of(org, "ben") == OrgRole::member);
  CHECK_FALSE(role_of(org, "ad"));
  CHECK_FALSE(role_of(org, ""));
}
