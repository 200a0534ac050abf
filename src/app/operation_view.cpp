#include "app/operation_view.hpp"

#include "base/text.hpp"

namespace slipway {
namespace {

/// The site is to be gone. One that was planned anew since was gone in between.
OperationSiteView view_of_removal(const SiteRow& site, int64_t seq) {
  OperationSiteView out;
  out.environment = site.environment;
  const bool gone = site.deleted_ms || site.planned_seq.value_or(0) > seq;
  out.state = gone           ? OperationState::succeeded
              : site.blocked ? OperationState::failed
                             : OperationState::running;
  out.step = std::string(name_of(gone ? SiteState::deleted : site.state));
  out.removal = removal_of(site);
  if (!gone) out.failure = site.blocked;
  return out;
}

/// The site is to be suspended, and what was under way to have ended.
OperationSiteView view_of_suspension(const SiteRow& site) {
  OperationSiteView out;
  out.environment = site.environment;
  out.url = url_of(site);
  const bool waits = site.state == SiteState::suspended && site.active;
  out.state = waits ? OperationState::running : OperationState::succeeded;
  out.step = waits ? std::string(name_of(site.active->state)) : std::string(name_of(site.state));
  if (waits) out.deployment_id = site.active->id;
  return out;
}

/// Why this wish of the site is not deployed by itself.
std::optional<Failure> obstacle(const SiteRow& site, int64_t revision) {
  if (is_leaving(site.state)) return failure(ErrorCode::environment_deleting, site.project_name);
  if (site.state == SiteState::suspended) return failure(ErrorCode::platform_suspended, "");
  if (site.state == SiteState::imported) {
    return failure(ErrorCode::site_imported, "it is stored and not deployed");
  }
  if (site.state != SiteState::ready) return site.blocked;
  if (site.pin && revision > site.pin->revision) {
    return failure(ErrorCode::site_pinned, site.pin->reason);
  }
  const bool tried = site.last && site.last->revision >= revision;
  if (site.paused && !tried && !is_rolling_back(site)) {
    return failure(ErrorCode::builds_paused, site.paused->reason);
  }
  return std::nullopt;
}

OperationSiteView view_of_site(const SiteRow& site, int64_t revision) {
  OperationSiteView out;
  out.environment = site.environment;
  out.url = url_of(site);
  if (site.live && site.live->revision >= revision) {
    out.state = OperationState::succeeded;
    out.step = std::string(name_of(DeploymentState::live));
    out.deployment_id = site.live->deployment_id;
  } else if (site.active && site.active->revision >= revision) {
    out.state = OperationState::running;
    out.step = std::string(name_of(site.active->state));
    out.deployment_id = site.active->id;
  } else if (auto why = obstacle(site, revision)) {
    out.state = OperationState::failed;
    out.step = std::string(name_of(site.state));
    out.failure = std::move(why);
  } else if (site.last && site.last->revision >= revision && !is_tried_again(*site.last)) {
    out.state = OperationState::failed;
    out.step = std::string(name_of(site.last->state));
    out.deployment_id = site.last->id;
    out.failure = site.last->failure;
  } else {
    out.state = OperationState::running;
    out.step = site.queued ? "queued" : std::string(name_of(site.state));
    out.waiting = waiting_of(site);
  }
  return out;
}

OperationSiteView view_of_goal(const SiteRow& site, const OperationSite& wish) {
  switch (wish.goal.value_or(SiteGoal::served)) {
    case SiteGoal::served:
      return view_of_site(site, wish.revision);
    case SiteGoal::suspended:
      return view_of_suspension(site);
    case SiteGoal::deleted:
      return view_of_removal(site, wish.seq);
  }
  __builtin_unreachable();
}

}  // namespace

OperationView view_of(const OperationRow& operation, const std::vector<SiteRow>& sites) {
  OperationView out;
  out.operation_id = operation.id;
  out.kind = operation.kind;
  out.platform_id = operation.platform_id;
  out.created_at = to_rfc3339(operation.created_ms);
  out.state = OperationState::succeeded;
  for (const OperationSite& wish : operation.sites) {
    for (const SiteRow& site : sites) {
      if (site_id(site.platform_id, site.environment) != wish.site) continue;
      out.sites.push_back(view_of_goal(site, wish));
      const OperationState state = out.sites.back().state;
      const bool outweighs =
          state == OperationState::running ||
          (state == OperationState::failed && out.state == OperationState::succeeded);
      if (outweighs) out.state = state;
    }
  }
  return out;
}

Scalar number(int64_t value) { return NumberText{to_text(value)}; }

}  // namespace slipway
