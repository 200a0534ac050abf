#include "domain/site.hpp"

#include <type_traits>

#include "base/text.hpp"
#include "domain/pinning.hpp"
#include "domain/transitions.hpp"

namespace slipway {
namespace {

std::string_view event_name(const SiteEvent& event) {
  return std::visit([](const auto& e) { return describe<std::decay_t<decltype(e)>>::name; }, event);
}

const std::string* deployment_id(const SiteEvent& event) {
  return std::visit(
      [](const auto& e) -> const std::string* {
        if constexpr (requires { e.deployment_id; }) {
          return &e.deployment_id;
        } else {
          return nullptr;
        }
      },
      event);
}

Deployment planned(const SiteRow& site, const DeploymentPlanned& event, int64_t at_ms) {
  Deployment out;
  out.id = event.deployment_id;
  out.batch_id = event.batch_id;
  out.site = site_id(site.platform_id, site.environment);
  out.platform_id = site.platform_id;
  out.environment = site.environment;
  out.project_name = site.project_name;
  out.state = DeploymentState::planned;
  out.first_seq = site.seq + 1;
  out.revision = site.desired.revision;
  out.config_version = site.desired.config_version;
  out.shell_sha = site.desired.shell_sha;
  out.reasons = site.desired.reasons;
  if (site.pin) serve_pin(out, *site.pin);
  if (site.last && site.last->revision == out.revision && is_tried_again(*site.last)) {
    out.attempt = site.last->attempt + 1;
    out.reasons = site.last->reasons;
  }
  out.created_ms = at_ms;
  return out;
}

/// One overload for each event that changes more than a state.
struct Apply {
  SiteRow& site;
  int64_t at_ms;

  void wish(int64_t config_version, const std::string& shell_sha, const std::string& reason,
            std::optional<int64_t> due_ms = std::nullopt, bool interactive = false) const {
    Desired& desired = site.desired;
    if (desired.reasons.empty()) {
      desired.since_ms = 0;
      desired.interactive = false;
    }
    if (desired.since_ms == 0 && due_ms) desired.since_ms = at_ms;
    // What somebody waits for stays due, whatever else is wished meanwhile.
    if (!desired.interactive) desired.due_ms = due_ms.value_or(0);
    desired.interactive = desired.interactive || interactive;
    ++desired.revision;
    desired.config_version = config_version;
    desired.shell_sha = shell_sha;
    if (desired.reasons.size() < limits::reasons_max) desired.reasons.push_back(reason);
  }
  void operator()(const SitePlanned& e) const {
    if (site.state == SiteState::deleted) begin_anew();
    site.platform_id = e.platform_id;
    site.environment = e.environment;
    site.account = e.account;
    site.project_name = slipway::project_name(e.platform_id, e.environment);
    wish(e.config_version, e.shell_sha, e.reason);
  }
  void operator()(const SitePlaced& e) const {
    site.account = e.account;
    if (e.begins_ms <= at_ms) return;
    site.waiting = Waiting{
        "account.pacing",
        concat("account ", e.account, " makes a limited number of projects a day"), e.begins_ms};
  }
  void operator()(const SiteDisplaced&) const {
    site.account.clear();
    site.create_attempts = 0;
    site.attempted = false;
    site.waiting.reset();
  }
  /// A project that has to be made serves nothing: what was served before is wished anew.
  void operator()(const ProjectCreateStarted& e) const {
    site.create_attempts = e.attempt;
    site.attempted = true;
    site.waiting.reset();
    if (!site.live) return;
    site.live.reset();
    site.drift.reset();
    wish(site.desired.config_version, std::string(site.desired.shell_sha), "project made anew");
    pin_anew(site);
  }
  void operator()(const ProjectCreateDeferred& e) const {
    --site.create_attempts;
    if (e.until_ms) site.waiting = Waiting{"upstream.limit", e.detail, *e.until_ms};
  }
  void operator()(const ProjectAdoptRequested&) const {
    site.blocked.reset();
    site.create_attempts = 0;
    site.adopting = true;
  }
  void operator()(const ProjectAdoptStarted& e) const {
    site.create_attempts = e.attempt;
    site.waiting.reset();
  }
  void operator()(const ProjectReady& e) const {
    site.waiting.reset();
    site.adopting = false;
    site.subdomain = e.subdomain;
    site.adopted = e.adopted;
  }
  void operator()(const ProjectMissing&) const {
    site.subdomain.reset();
    site.live.reset();
    site.drift.reset();
    site.adopted = false;
    site.create_attempts = 0;
  }
  void operator()(const SiteBlocked& e) const {
    site.blocked = e.failure;
    site.adopting = false;
    site.waiting.reset();
  }
  void operator()(const SiteUnblocked&) const {
    site.blocked.reset();
    site.create_attempts = 0;
  }
  void operator()(const SiteImported& e) const {
    site.platform_id = e.platform_id;
    site.environment = e.environment;
    site.account = e.account;
    site.project_name = slipway::project_name(e.platform_id, e.environment);
    wish(e.config_version, e.shell_sha, e.reason);
  }
  void operator()(const SiteTakenOver& e) const {
    site.subdomain = e.subdomain;
    site.branch = e.branch;
    wish(e.config_version, e.shell_sha, e.reason);
  }
  void operator()(const SiteReplaced& e) const {
    site.project_name = e.project_name;
    // It stays in the account of the project that it replaces, whatever that refuses.
    site.attempted = true;
    wish(e.config_version, e.shell_sha, e.reason);
  }
  void operator()(const SiteReturned& e) const {
    if (e.account) site.account = *e.account;
    site.project_name = slipway::project_name(site.platform_id, site.environment);
    site.subdomain.reset();
    site.branch.reset();
    site.adopted = false;
    site.attempted = false;
    site.waiting.reset();
    site.create_attempts = 0;
    site.blocked.reset();
    site.live.reset();
    site.pin.reset();
    site.drift.reset();
  }
  void operator()(const DesiredChanged& e) const {
    wish(e.config_version, e.shell_sha, e.reason, e.due_ms, e.interactive);
  }
  void operator()(const DeploymentPlanned& e) const {
    site.active = planned(site, e, at_ms);
    if (!site.pin) site.desired.reasons.clear();
  }
  void operator()(const DeploymentRetargeted&) const {
    Deployment& active = *site.active;
    active.revision = site.desired.revision;
    active.config_version = site.desired.config_version;
    for (const std::string& reason : site.desired.reasons) {
      if (active.reasons.size() < limits::reasons_max) active.reasons.push_back(reason);
    }
    site.desired.reasons.clear();
  }
  /// What it was to fulfil is wished as before.
  void operator()(const DeploymentSuperseded&) const {
    std::vector<std::string>& reasons = site.desired.reasons;
    reasons.insert(reasons.begin(), site.active->reasons.begin(), site.active->reasons.end());
    if (reasons.size() > limits::reasons_max) reasons.resize(limits::reasons_max);
  }
  void operator()(const DeploymentDispatching&) const {}
  void operator()(const DeploymentDispatched& e) const {
    site.active->run_id = e.run_id;
    site.active->run_url = e.run_url;
  }
  void operator()(const DeploymentDispatchUnknown&) const {}
  void operator()(const DeploymentDispatchDeferred&) const {}
  void operator()(const DeploymentRunning& e) const {
    site.active->run_id = e.run_id;
    if (e.run_url) site.active->run_url = e.run_url;
  }
  void operator()(const DeploymentUploaded& e) const {
    site.active->pages_deployment_id = e.pages_deployment_id;
    site.active->pages_url = e.pages_url;
    site.active->config_etag = e.config_etag;
    site.active->manifest_digest = e.manifest_digest;
    site.active->uploaded_ms = at_ms;
  }
  void operator()(const DeploymentVerifying&) const {}
  void operator()(const DeploymentLive& e) const {
    site.active->verified = e.verified;
    site.active->verified_files = e.verified_files;
    site.live = Live{site.active->id, site.active->revision, site.active->config_version, at_ms};
    site.drift.reset();
  }
  void operator()(const DeploymentFailed& e) const {
    site.active->failure = e.failure;
    site.active->again = e.again;
  }
  void operator()(const DeploymentLost& e) const {
    site.active->failure = e.failure;
    site.active->again = e.again;
  }
  void operator()(const SiteSuspended&) const { site.blocked.reset(); }
  void operator()(const SiteResumed&) const { site.create_attempts = 0; }
  void operator()(const SiteDeletionStarted&) const {
    site.blocked.reset();
    if (!site.removal) site.removal.emplace().started_ms = at_ms;
  }
  void operator()(const ProjectRemovalStarted& e) const {
    present_removal().step = e.step;
    present_removal().left = e.left;
  }
  void operator()(const ProjectRemovalBlocked& e) const { site.blocked = e.failure; }
  void operator()(const SiteDeleted& e) const {
    present_removal().project = e.project;
    site.deleted_ms = at_ms;
  }
  void operator()(const DeploymentCancelled& e) const { site.active->failure = e.failure; }
  void operator()(const BuildsPaused& e) const { site.paused = Pause{e.reason, at_ms}; }
  void operator()(const BuildsResumed&) const { site.paused.reset(); }
  void operator()(const SitePinned& e) const { site.pin = pin_of(site, e, at_ms); }
  void operator()(const SiteUnpinned&) const { site.pin.reset(); }
  void operator()(const RollbackStarted& e) const { present_pin().attempts = e.attempt; }
  void operator()(const RollbackRefused&) const { present_pin().way = PinWay::redeploy; }
  void operator()(const SiteRolledBack&) const {
    const Pin& pin = present_pin();
    site.live = Live{pin.deployment_id, pin.revision, pin.config_version, at_ms};
    site.drift.reset();
  }
  void operator()(const SiteDrifted& e) const { site.drift = Drift{e.detail, at_ms}; }
  void operator()(const SiteMatches&) const { site.drift.reset(); }

  /// A site that was deleted is wanted again: of its former life it keeps the count of its events
  /// and wishes and its last deployment.
  void begin_anew() const {
    site.subdomain.reset();
    site.branch.reset();
    site.adopted = false;
    site.create_attempts = 0;
    site.attempted = false;
    site.adopting = false;
    site.waiting.reset();
    site.blocked.reset();
    site.desired.reasons.clear();
    site.live.reset();
    site.removal.reset();
    site.deleted_ms.reset();
    site.paused.reset();
    site.pin.reset();
    site.drift.reset();
    site.planned_seq = site.seq + 1;
  }
  [[nodiscard]] Removal& present_removal() const {
    return site.removal ? *site.removal : site.removal.emplace();
  }
  [[nodiscard]] Pin& present_pin() const { return site.pin ? *site.pin : site.pin.emplace(); }
};

}  // namespace

bool allows(const SiteRow& site, const SiteEvent& event) {
  const std::string* id = deployment_id(event);
  if (site.active && std::holds_alternative<SiteReturned>(event)) return false;
  if (id == nullptr) return next_state(site_edges, site.state, event_name(event)).has_value();
  const bool begins = std::holds_alternative<DeploymentPlanned>(event);
  if (begins) return site.state == SiteState::ready && !site.active.has_value();
  return site.active.has_value() && site.active->id == *id &&
         next_state(deployment_edges, site.active->state, event_name(event)).has_value();
}

namespace {

/// The queue in which the site is found.
void enqueue(SiteRow& site, int64_t at_ms) {
  if (!wants_deployment(site)) {
    site.queued.reset();
    return;
  }
  const int64_t since_ms = site.queued ? site.queued->due_ms : at_ms;
  const int64_t due_ms = planned_from_ms(site);
  site.queued = Queued{queue_of(site.account, site.environment, site.desired.interactive),
                       due_ms > 0 ? due_ms : since_ms};
}

void change_state(SiteRow& site, const SiteEvent& event, int64_t at_ms) {
  if (deployment_id(event) == nullptr) {
    site.state = *next_state(site_edges, site.state, event_name(event));
    return;
  }
  Deployment& active = *site.active;
  if (!std::holds_alternative<DeploymentPlanned>(event)) {
    active.state = *next_state(deployment_edges, active.state, event_name(event));
  }
  active.updated_ms = at_ms;
  if (!is_terminal(active.state)) return;
  site.last = std::move(site.active);
  site.active.reset();
}

}  // namespace

void apply(SiteRow& site, const SiteEvent& event, int64_t at_ms) {
  if (!allows(site, event)) __builtin_trap();
  std::visit(Apply{site, at_ms}, event);
  ++site.seq;
  site.updated_ms = at_ms;
  change_state(site, event, at_ms);
  enqueue(site, at_ms);
}

std::string queue_of(std::string_view account, Environment environment, bool interactive) {
  return concat(account, ":", name_of(environment), interactive ? ":0" : ":1");
}

const Deployment* deployment_of(const SiteRow& site, const SiteEvent& event) {
  const std::string* id = deployment_id(event);
  if (id == nullptr) return nullptr;
  if (site.active && site.active->id == *id) return &*site.active;
  if (site.last && site.last->id == *id) return &*site.last;
  return nullptr;
}

bool is_untouched(const SiteRow& site) {
  return !site.attempted && !site.adopting && !site.subdomain;
}

Wish wish_of(const SiteRow& site) {
  if (site.pin) return {site.pin->config_version, site.pin->shell_sha};
  return {site.desired.config_version, site.desired.shell_sha};
}

int64_t wished_revision(const SiteRow& site) {
  return site.pin ? site.pin->revision : site.desired.revision;
}

bool wants_deployment(const SiteRow& site) {
  if (site.state != SiteState::ready || site.active || site.paused) return false;
  if (is_rolling_back(site)) return false;
  const int64_t served = site.live ? site.live->revision : 0;
  const int64_t tried = site.last && !is_tried_again(*site.last) ? site.last->revision : 0;
  return wished_revision(site) > served && wished_revision(site) > tried;
}

bool is_rolling_back(const SiteRow& site) {
  if (site.state != SiteState::ready || site.active) return false;
  if (!site.pin || site.pin->way != PinWay::pages) return false;
  return !site.live || site.live->revision < site.pin->revision;
}

int64_t planned_from_ms(const SiteRow& site) {
  const bool again = site.last && site.last->revision == wished_revision(site);
  if (again) return tried_again_ms(*site.last);
  return site.pin ? site.pin->at_ms : site.desired.due_ms;
}

bool waits_for_verification(const SiteRow& site) {
  return site.active && (site.active->state == DeploymentState::uploaded ||
                         site.active->state == DeploymentState::verifying);
}

bool is_at_rest(const SiteRow& site) {
  switch (site.state) {
    case SiteState::blocked:
    case SiteState::deleted:
    case SiteState::imported:
      return true;
    case SiteState::suspended:
      return !site.active;
    case SiteState::deleting:
      return site.blocked.has_value();
    default:
      break;
  }
  return site.state == SiteState::ready && !site.active && !wants_deployment(site) &&
         !is_rolling_back(site);
}
}  // namespace slipway
