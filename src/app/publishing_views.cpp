#include "app/publishing_views.hpp"

#include "app/publishing_settings.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::string_view label_of(PublicationState state) {
  switch (state) {
    case PublicationState::absent:
    case PublicationState::planned:
      return "waiting to start";
    case PublicationState::starting:
      return "starting";
    case PublicationState::unknown:
      return "finding out whether it started";
    case PublicationState::building:
      return "building";
    case PublicationState::verifying:
      return "checking the served site";
    case PublicationState::live:
      return "live";
    case PublicationState::failed:
      return "failed";
    case PublicationState::cancelled:
      return "cancelled";
    case PublicationState::superseded:
      return "superseded by a newer build";
    case PublicationState::triggered:
      return "triggered (not followed)";
  }
  __builtin_unreachable();
}

const Publication* shown_publication(const OrgRow& org) {
  if (org.active) return &*org.active;
  return org.last ? &*org.last : nullptr;
}

/// What becomes of a step while the org's own project is made.
StepState step_of(const OrgRow& org, OrgState during, bool done) {
  if (done) return StepState::done;
  if (org.state == during) return StepState::active;
  const bool here = during == OrgState::creating ? !org.host : org.host.has_value();
  return org.state == OrgState::blocked && here ? StepState::failed : StepState::pending;
}

StepState build_step(const Publication* publication) {
  if (publication == nullptr) return StepState::pending;
  switch (publication->state) {
    case PublicationState::verifying:
    case PublicationState::live:
    case PublicationState::superseded:
      return StepState::done;
    case PublicationState::failed:
    case PublicationState::cancelled:
      return StepState::failed;
    case PublicationState::absent:
    case PublicationState::triggered:
      return StepState::pending;
    default:
      return StepState::active;
  }
}

StepState served_step(const Publication* publication) {
  if (publication == nullptr) return StepState::pending;
  if (publication->state == PublicationState::live) return StepState::done;
  return publication->state == PublicationState::verifying ? StepState::active : StepState::pending;
}

std::vector<StepView> steps_of(const OrgRow& org) {
  const Publication* publication = shown_publication(org);
  return {
      {StepName::project, step_of(org, OrgState::creating, org.host.has_value())},
      {StepName::hook, step_of(org, OrgState::connecting, org.hook.has_value())},
      {StepName::build, build_step(publication)},
      {StepName::served, served_step(publication)},
  };
}

PublishingRole role_of_caller(const Caller& caller) {
  if (!caller.role) return PublishingRole::operator_;
  return *caller.role == OrgRole::admin ? PublishingRole::admin : PublishingRole::member;
}

std::string masked(const std::string& shown) { return concat(hook_address, "********", shown); }

std::optional<HookView> hook_of(const OrgRow& org, bool may_see) {
  HookView view;
  if (org.manual) {
    const ManualHook& hook = *org.manual;
    view = {HookSource::manual, masked(hook.shown), to_rfc3339(hook.at_ms), hook.by,
            hook.project_name};
  } else if (org.hook) {
    const StoredHook& hook = *org.hook;
    view = {HookSource::automatic, masked(hook.shown), to_rfc3339(hook.at_ms), hook.by,
            org.project_name};
  } else {
    return std::nullopt;
  }
  if (!may_see) view.masked.reset();
  return view;
}

}  // namespace

PublicationView view_of(const Publication& publication) {
  PublicationView view;
  view.publication_id = publication.id;
  view.org_id = publication.org_id;
  view.slug = publication.slug;
  view.state = publication.state;
  view.label = std::string(label_of(publication.state));
  view.followed = publication.via == PublishedVia::api || publication.seen;
  view.by = publication.by;
  view.via = publication.via;
  view.stages = publication.stages;
  view.pages_deployment_id = publication.pages_deployment_id;
  view.pages_deployment_url = publication.pages_url;
  view.verified = publication.verified;
  view.detail = publication.detail;
  view.failure = publication.failure;
  view.again = publication.again_by && !is_terminal(publication.state);
  view.created_at = to_rfc3339(publication.created_ms);
  view.updated_at = to_rfc3339(publication.updated_ms);
  return view;
}

PublishingView publishing_view(Run& run, const OrgRow& org, std::string_view account_id) {
  PublishingView view;
  view.org_id = org.org_id;
  view.slug = org.slug;
  view.name = org.name;
  view.role = role_of_caller(run.caller());
  auto gap = publishing_gap(run);
  view.can_provision = !gap;
  if (view.role == PublishingRole::operator_) view.missing = std::move(gap);
  view.state = org.state;
  view.steps = steps_of(org);
  if (!org.project_name.empty()) view.project_name = org.project_name;
  if (org.host) view.project_url = concat("https://", *org.host);
  if (org.host && !account_id.empty()) {
    view.dashboard_url =
        concat("https://dash.cloudflare.com/", account_id, "/pages/view/", org.project_name);
  }
  view.hook = hook_of(org, view.role != PublishingRole::member);
  view.orphaned_hooks = static_cast<int64_t>(org.orphans.size());
  if (view.role != PublishingRole::member) view.orphaned_hook_names = org.orphans;
  view.failure = org.failure;
  if (org.waiting && org.waiting->until_ms > run.now_ms()) {
    view.waiting =
        WaitingView{org.waiting->code, org.waiting->detail, to_rfc3339(org.waiting->until_ms)};
  }
  if (const Publication* publication = shown_publication(org)) {
    view.publication = view_of(*publication);
  }
  view.seq = org.seq;
  return view;
}

}  // namespace slipway
