#include "domain/org.hpp"

#include <algorithm>
#include <type_traits>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::string_view event_name(const OrgEvent& event) {
  return std::visit([](const auto& e) { return describe<std::decay_t<decltype(e)>>::name; }, event);
}

/// The publication that the event names; empty where it is about the org.
std::string_view publication_named(const OrgEvent& event) {
  return std::visit(
      [](const auto& e) -> std::string_view {
        if constexpr (requires { e.publication_id; }) return e.publication_id;
        return {};
      },
      event);
}

bool is_about_publication(const OrgEvent& event) {
  return std::visit([](const auto& e) { return requires { e.publication_id; }; }, event);
}

/// One overload for each event about the org that changes more than the state.
struct ApplyToOrg {
  OrgRow& row;
  int64_t at_ms;

  void operator()(const OrgCreated& e) const {
    // Where an earlier org of the slug has left its project, it still has its place and its hooks.
    OrgRow fresh;
    fresh.seq = row.seq;
    fresh.placed = row.placed;
    if (row.placed) fresh.account = row.account;
    if (row.placed) fresh.orphans = row.orphans;
    row = std::move(fresh);
    row.slug = e.slug;
    row.org_id = e.org_id;
    row.name = e.name;
    row.members = e.members;
    row.created_ms = at_ms;
  }
  void operator()(const OrgChanged& e) const {
    const bool other = e.org_id != row.org_id || e.name != row.name;
    if (other && row.host && !row.outdated_ms) row.outdated_ms = at_ms;
    row.org_id = e.org_id;
    row.name = e.name;
    row.members = e.members;
  }
  void operator()(const OrgDeleted&) const {
    row.deleted_ms = at_ms;
    row.members.clear();
    // The project stays, and so do its hooks.
    if (row.retiring) add_orphan(row.retiring->name);
    if (row.hook) add_orphan(row.hook->name);
    if (row.pending_hook) add_orphan(*row.pending_hook);
    row.hook.reset();
    row.retiring.reset();
    row.manual.reset();
    row.pending_hook.reset();
    row.waiting.reset();
    row.failure.reset();
    row.placed = row.placed && row.host.has_value();
  }
  void operator()(const ProvisionRequested& e) const {
    row.account = e.account;
    row.project_name = e.project_name;
    row.placed = true;
    row.asked_by = e.author;
    row.failure.reset();
    row.waiting.reset();
  }
  void operator()(const GitProjectCreateStarted& e) const {
    row.attempts = e.attempt;
    row.waiting.reset();
  }
  void operator()(const ProvisionDeferred& e) const {
    row.waiting = Waiting{"upstream.limit", e.detail, e.until_ms};
    // What was sent before the look is as unknown as it was.
    if (e.looked) return;
    row.attempts = std::max<int64_t>(row.attempts - 1, 0);
    row.pending_hook.reset();
  }
  void operator()(const GitProjectReady& e) const {
    row.host = e.host;
    // A project that was found has the variables of the time when it was made.
    if (e.adopted) row.outdated_ms = at_ms;
    row.waiting.reset();
  }
  void operator()(const PublishingBlocked& e) const {
    row.failure = e.failure;
    row.waiting.reset();
  }
  void operator()(const GitProjectGone& e) const {
    row.failure = e.failure;
    row.waiting.reset();
    row.host.reset();
    row.outdated_ms.reset();
    row.hook.reset();
    row.retiring.reset();
    row.pending_hook.reset();
    row.orphans.clear();
  }
  void operator()(const HookRotationRequested& e) const {
    row.asked_by = e.author;
    row.failure.reset();
  }
  void operator()(const GitProjectUpdated&) const { row.outdated_ms.reset(); }
  void operator()(const HookCreateStarted& e) const {
    row.pending_hook = e.name;
    row.attempts = e.attempt;
    row.waiting.reset();
  }
  void operator()(const HookOrphaned& e) const {
    add_orphan(e.name);
    row.pending_hook.reset();
  }
  void operator()(const HookStored& e) const {
    row.retiring = row.hook;
    row.hook = StoredHook{e.name, e.sealed_id, e.shown, at_ms, e.author};
    row.pending_hook.reset();
    row.failure.reset();
    row.waiting.reset();
  }
  void operator()(const HookRetired& e) const {
    if (!e.deleted) add_orphan(e.name);
    row.retiring.reset();
  }
  void operator()(const ManualHookSet& e) const {
    row.manual = ManualHook{e.sealed_id, e.shown, e.project_name, at_ms, e.author};
  }
  void operator()(const ManualHookRemoved&) const { row.manual.reset(); }
  void operator()(const HookRevealed&) const {}
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void add_orphan(const std::string& name) const {
    row.orphans.push_back(name);
    if (row.orphans.size() > limits::orphaned_hooks_kept) row.orphans.erase(row.orphans.begin());
  }
};

/// The same for each event about a publication.
struct ApplyToPublication {
  OrgRow& row;
  Publication& publication;
  int64_t at_ms;

  void operator()(const PublicationPlanned& e) const {
    publication.id = e.publication_id;
    publication.slug = row.slug;
    publication.org_id = row.org_id;
    publication.by = e.by;
    publication.via = e.via;
    publication.project_name = e.project_name;
    publication.created_ms = at_ms;
  }
  void operator()(const PublicationWished& e) const { publication.again_by = e.by; }
  void operator()(const PublicationStarting& e) const {
    publication.attempts = e.attempt;
    publication.floor_id = e.floor_id;
  }
  void operator()(const PublicationDeferred& e) const {
    publication.detail = e.detail;
    publication.attempts = std::max<int64_t>(publication.attempts - 1, 0);
  }
  void operator()(const PublicationUnclear& e) const { publication.detail = e.detail; }
  void operator()(const PublicationStarted& e) const {
    publication.pages_deployment_id = e.pages_deployment_id;
    if (e.pages_url) publication.pages_url = e.pages_url;
    publication.detail.reset();
  }
  void operator()(const PublicationTriggered& e) const { publication.detail = e.detail; }
  void operator()(const PublicationProgressed& e) const {
    publication.seen = true;
    publication.project_name = e.project_name;
    publication.stages = e.stages;
    if (e.pages_url) publication.pages_url = e.pages_url;
  }
  void operator()(const PublicationDeployed& e) const {
    publication.seen = true;
    if (!e.stages.empty()) publication.stages = e.stages;
  }
  void operator()(const PublicationLive& e) const {
    publication.verified = e.verified;
    publication.detail = e.detail;
  }
  void operator()(const PublicationFailed& e) const {
    publication.failure = e.failure;
    if (!e.stages.empty()) publication.stages = e.stages;
  }
  void operator()(const PublicationSuperseded& e) const { publication.detail = e.detail; }
  void operator()(const PublicationCancelled& e) const { publication.detail = e.detail; }
  template <class Other>
  void operator()(const Other&) const {}
};

std::optional<OrgState> next_of_org(const OrgRow& org, const OrgEvent& event) {
  return next_state(org_edges, org.state, event_name(event));
}

std::optional<PublicationState> next_of_publication(const OrgRow& org, const OrgEvent& event) {
  if (org.state == OrgState::absent || org.state == OrgState::deleted) return std::nullopt;
  const bool planned = std::holds_alternative<PublicationPlanned>(event);
  if (planned == org.active.has_value()) return std::nullopt;
  if (!planned && org.active->id != publication_named(event)) return std::nullopt;
  const PublicationState from = planned ? PublicationState::absent : org.active->state;
  return next_state(publication_edges, from, event_name(event));
}

void apply_to_publication(OrgRow& org, const OrgEvent& event, int64_t at_ms) {
  const auto next = next_of_publication(org, event);
  if (!next) __builtin_trap();
  if (!org.active) org.active.emplace();
  Publication& publication = *org.active;
  std::visit(ApplyToPublication{org, publication, at_ms}, event);
  publication.seq = org.seq + 1;
  publication.updated_ms = at_ms;
  if (*next != publication.state) publication.since_ms = at_ms;
  publication.state = *next;
  if (!is_terminal(*next)) return;
  org.last = std::move(org.active);
  org.active.reset();
}

}  // namespace

std::optional<std::string_view> hook_id_of(std::string_view address) {
  constexpr size_t chars_min = 8;
  constexpr size_t chars_max = 128;
  if (!address.starts_with(hook_address)) return std::nullopt;
  const std::string_view id = address.substr(hook_address.size());
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  if (!plain || id.size() < chars_min || id.size() > chars_max) return std::nullopt;
  return id;
}

std::string shown_end(std::string_view hook_id) {
  constexpr size_t shown_chars = 4;
  return std::string(tail(hook_id, shown_chars));
}

std::string org_marker(std::string_view slug) { return concat("org:", slug); }

bool allows(const OrgRow& org, const OrgEvent& event) {
  return is_about_publication(event) ? next_of_publication(org, event).has_value()
                                     : next_of_org(org, event).has_value();
}

void apply(OrgRow& org, const OrgEvent& event, int64_t at_ms) {
  if (is_about_publication(event)) {
    apply_to_publication(org, event, at_ms);
  } else {
    const auto next = next_of_org(org, event);
    if (!next) __builtin_trap();
    std::visit(ApplyToOrg{org, at_ms}, event);
    if (*next != org.state) {
      org.since_ms = at_ms;
      org.attempts = 0;
    }
    org.state = *next;
  }
  ++org.seq;
  org.updated_ms = at_ms;
}

const Publication* publication_of(const OrgRow& org, const OrgEvent& event) {
  if (!is_about_publication(event)) return nullptr;
  const std::string_view id = publication_named(event);
  if (org.active && org.active->id == id) return &*org.active;
  return org.last && org.last->id == id ? &*org.last : nullptr;
}

std::optional<OrgRole> role_of(const OrgRow& org, std::string_view user) {
  for (const OrgMember& member : org.members) {
    if (member.user_id == user) return member.role;
  }
  return std::nullopt;
}

bool can_publish(const OrgRow& org) { return org.manual || org.hook; }

bool rests(const OrgRow& org) {
  const bool provisions = org.state == OrgState::creating || org.state == OrgState::connecting;
  return !provisions && !org.active;
}

}  // namespace slipway
