// What the API shows of platforms, sites, deployments and operations.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/control_views.hpp"
#include "app/platform_views.hpp"
#include "domain/deployment.hpp"
#include "domain/names.hpp"
#include "domain/platform.hpp"
#include "domain/site.hpp"

namespace slipway {

struct ConfigView {
  std::string features_config;
  std::string env_config;
  std::string auth_config;
};
template <>
struct describe<ConfigView> {
  static constexpr std::string_view name = "BuildConfig";
  static constexpr std::string_view doc = "The configuration as TypeScript source.";
  static constexpr std::array fields = {
      field<&ConfigView::features_config>("featuresConfig", "features.config.ts"),
      field<&ConfigView::env_config>("envConfig", "env.config.ts"),
      field<&ConfigView::auth_config>("authConfig", "auth.config.ts"),
  };
};

/// One event of a timeline.
struct TimelineEntry {
  std::string at;
  std::string site;
  int64_t seq = 0;
  Raw event;
};
template <>
struct describe<TimelineEntry> {
  static constexpr std::string_view name = "TimelineEntry";
  static constexpr std::string_view doc = "Something that became true.";
  static constexpr std::array fields = {
      field<&TimelineEntry::at>("at", "RFC 3339, UTC"),
      field<&TimelineEntry::site>("site", "the site"),
      field<&TimelineEntry::seq>("seq", "number of the event on its site"),
      field<&TimelineEntry::event>("event", "its `type` and what belongs to it"),
  };
};

struct DeploymentView {
  std::string deployment_id;
  std::string platform_id;
  Environment environment{};
  std::string project_name;
  DeploymentState state{};
  int64_t config_version = 0;
  std::string shell_sha;
  std::vector<std::string> reasons;
  std::string batch_id;
  std::optional<std::string> run_url;
  std::optional<std::string> pages_deployment_id;
  std::optional<std::string> pages_deployment_url;
  std::optional<Verified> verified;
  std::optional<int64_t> verified_files;
  std::optional<Failure> failure;
  std::string created_at;
  std::string updated_at;
  std::optional<std::vector<TimelineEntry>> timeline;
};
template <>
struct describe<DeploymentView> {
  static constexpr std::string_view name = "Deployment";
  static constexpr std::string_view doc = "One attempt to make one configuration live on a site.";
  static constexpr std::array fields = {
      field<&DeploymentView::deployment_id>("deploymentId", "its id"),
      field<&DeploymentView::platform_id>("platformId", "the platform"),
      field<&DeploymentView::environment>("environment", "the environment"),
      field<&DeploymentView::project_name>("projectName", "the Pages project"),
      field<&DeploymentView::state>("state", "where it is on its way"),
      field<&DeploymentView::config_version>("configVersion", "the configuration"),
      field<&DeploymentView::shell_sha>("shellSha", "pinned commit of the shell; empty: its head"),
      field<&DeploymentView::reasons>("reasons", "why it was asked for"),
      field<&DeploymentView::batch_id>("batchId", "the batch that builds it"),
      field<&DeploymentView::run_url>("runUrl", "page of the builder's run"),
      field<&DeploymentView::pages_deployment_id>("pagesDeploymentId", "id at Cloudflare Pages"),
      field<&DeploymentView::pages_deployment_url>("pagesDeploymentUrl", "its own address"),
      field<&DeploymentView::verified>("verified", "how the served bytes were checked"),
      field<&DeploymentView::verified_files>("verifiedFiles", "files whose bytes were compared"),
      field<&DeploymentView::failure>("failure", "why it ended badly"),
      field<&DeploymentView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&DeploymentView::updated_at>("updatedAt", "RFC 3339, UTC"),
      field<&DeploymentView::timeline>("timeline", "its events, oldest first"),
  };
};

struct DeploymentList {
  std::vector<DeploymentView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<DeploymentList> {
  static constexpr std::string_view name = "DeploymentList";
  static constexpr std::string_view doc = "Deployments of a site, newest first.";
  static constexpr std::array fields = {
      field<&DeploymentList::items>("items", "a page"),
      field<&DeploymentList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

struct LiveView {
  std::string deployment_id;
  int64_t config_version = 0;
  std::string at;
};
template <>
struct describe<LiveView> {
  static constexpr std::string_view name = "Live";
  static constexpr std::string_view doc = "What a site was last seen to serve.";
  static constexpr std::array fields = {
      field<&LiveView::deployment_id>("deploymentId", "the deployment"),
      field<&LiveView::config_version>("configVersion", "the configuration"),
      field<&LiveView::at>("at", "when its bytes were compared: RFC 3339, UTC"),
  };
};

struct WaitingView {
  std::string code;
  std::string detail;
  std::string until;
};
template <>
struct describe<WaitingView> {
  static constexpr std::string_view name = "SiteWaiting";
  static constexpr std::string_view doc = "Why nothing is done just now, and until when.";
  static constexpr std::array fields = {
      field<&WaitingView::code>("code", "`account.pacing`, `upstream.limit` or `build.queued`"),
      field<&WaitingView::detail>("detail", "in words"),
      field<&WaitingView::until>("until", "when it goes on: RFC 3339, UTC"),
  };
};

struct SiteView {
  Environment environment{};
  std::string project_name;
  std::optional<std::string> account;
  SiteState state{};
  std::optional<std::string> url;
  std::optional<WaitingView> waiting;
  std::optional<Failure> blocked;
  int64_t desired_config_version = 0;
  bool up_to_date = false;
  std::optional<LiveView> live;
  std::optional<DeploymentView> active;
  std::optional<DeploymentView> last;
  std::optional<RemovalView> removal;
  std::optional<PauseView> paused;
  std::optional<PinView> pin;
  std::optional<DriftView> drift;
};
template <>
struct describe<SiteView> {
  static constexpr std::string_view name = "Site";
  static constexpr std::string_view doc = "One environment of a platform.";
  static constexpr std::array fields = {
      field<&SiteView::environment>("environment", "which one"),
      field<&SiteView::project_name>("projectName", "its Pages project"),
      field<&SiteView::account>("account", "the Cloudflare account; absent: not chosen yet"),
      field<&SiteView::state>("state", "whether it can be deployed to"),
      field<&SiteView::url>("url", "where it is served"),
      field<&SiteView::waiting>("waiting", "why nothing is done just now"),
      field<&SiteView::blocked>("blocked", "why it rests"),
      field<&SiteView::desired_config_version>("desiredConfigVersion", "what it should serve"),
      field<&SiteView::up_to_date>("upToDate", "it serves what it should"),
      field<&SiteView::live>("live", "what it was last seen to serve"),
      field<&SiteView::active>("active", "the deployment under way"),
      field<&SiteView::last>("last", "the last deployment that ended"),
      field<&SiteView::removal>("removal", "while it is taken down: how far that is"),
      field<&SiteView::paused>("paused", "while nothing is built for it"),
      field<&SiteView::pin>("pin", "while a rollback holds it at a version"),
      field<&SiteView::drift>("drift", "while what is served is not what was verified"),
  };
};

struct PlatformView {
  std::string platform_id;
  std::string name;
  PlatformState state{};
  int64_t config_version = 0;
  std::string created_at;
  std::optional<SuspensionView> suspended;
  std::optional<DeletionView> deletion;
  std::vector<SiteView> sites;
  std::vector<TimelineEntry> timeline;
};
template <>
struct describe<PlatformView> {
  static constexpr std::string_view name = "Platform";
  static constexpr std::string_view doc = "One customer, with its sites.";
  static constexpr std::array fields = {
      field<&PlatformView::platform_id>("platformId", "its id"),
      field<&PlatformView::name>("name", "its name for people"),
      field<&PlatformView::state>("state", "whether it is deployed, as it was asked for"),
      field<&PlatformView::config_version>("configVersion", "the latest configuration"),
      field<&PlatformView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&PlatformView::suspended>("suspended", "while nothing is deployed"),
      field<&PlatformView::deletion>("deletion", "while it is being deleted"),
      field<&PlatformView::sites>("sites", "one for each environment, those that go included"),
      field<&PlatformView::timeline>("timeline", "the latest events of its sites, oldest first"),
  };
};

struct PlatformSummary {
  std::string platform_id;
  std::string name;
  PlatformState state{};
  std::vector<Environment> environments;
  int64_t config_version = 0;
  std::string created_at;
};
template <>
struct describe<PlatformSummary> {
  static constexpr std::string_view name = "PlatformSummary";
  static constexpr std::string_view doc = "One customer, in a list.";
  static constexpr std::array fields = {
      field<&PlatformSummary::platform_id>("platformId", "its id"),
      field<&PlatformSummary::name>("name", "its name for people"),
      field<&PlatformSummary::state>("state", "whether it is deployed, as it was asked for"),
      field<&PlatformSummary::environments>("environments", "its environments"),
      field<&PlatformSummary::config_version>("configVersion", "the latest configuration"),
      field<&PlatformSummary::created_at>("createdAt", "RFC 3339, UTC"),
  };
};

struct PlatformList {
  std::vector<PlatformSummary> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<PlatformList> {
  static constexpr std::string_view name = "PlatformList";
  static constexpr std::string_view doc = "Platforms by id.";
  static constexpr std::array fields = {
      field<&PlatformList::items>("items", "a page"),
      field<&PlatformList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

enum class OperationState : uint8_t { running, succeeded, failed };
template <>
struct describe<OperationState> {
  static constexpr std::string_view name = "OperationState";
  static constexpr std::array<std::string_view, 3> names = {"running", "succeeded", "failed"};
};

struct OperationSiteView {
  Environment environment{};
  OperationState state{};
  std::string step;
  std::optional<std::string> deployment_id;
  std::optional<std::string> url;
  std::optional<WaitingView> waiting;
  std::optional<Failure> failure;
  std::optional<RemovalView> removal;
};
template <>
struct describe<OperationSiteView> {
  static constexpr std::string_view name = "OperationSite";
  static constexpr std::string_view doc = "How far an operation is on one site.";
  static constexpr std::array fields = {
      field<&OperationSiteView::environment>("environment", "which one"),
      field<&OperationSiteView::state>("state", "whether it goes on"),
      field<&OperationSiteView::step>("step", "state of the site or of its deployment"),
      field<&OperationSiteView::deployment_id>("deploymentId", "the deployment that serves it"),
      field<&OperationSiteView::url>("url", "where the site is served"),
      field<&OperationSiteView::waiting>("waiting", "why nothing is done just now"),
      field<&OperationSiteView::failure>("failure", "why it rests"),
      field<&OperationSiteView::removal>("removal", "where it is taken down: how far that is"),
  };
};

struct OperationView {
  std::string operation_id;
  std::string kind;
  std::string platform_id;
  OperationState state{};
  std::string created_at;
  std::vector<OperationSiteView> sites;
  std::optional<std::vector<TimelineEntry>> timeline;
};
template <>
struct describe<OperationView> {
  static constexpr std::string_view name = "Operation";
  static constexpr std::string_view doc = "What an API call started.";
  static constexpr std::array fields = {
      field<&OperationView::operation_id>("operationId", "its id"),
      field<&OperationView::kind>("kind", "the API operation"),
      field<&OperationView::platform_id>("platformId", "the platform"),
      field<&OperationView::state>("state", "succeeded when every site is as it was asked for"),
      field<&OperationView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&OperationView::sites>("sites", "one for each environment concerned"),
      field<&OperationView::timeline>("timeline", "events of these sites, oldest first"),
  };
};

struct HealthView {
  std::string status;
};
template <>
struct describe<HealthView> {
  static constexpr std::string_view name = "Health";
  static constexpr std::string_view doc = "The Worker answers.";
  static constexpr std::array fields = {field<&HealthView::status>("status", "`ok`")};
};

/// The views of stored rows.
[[nodiscard]] DeploymentView view_of(const Deployment& deployment);
[[nodiscard]] SiteView view_of(const SiteRow& site);
[[nodiscard]] std::optional<WaitingView> waiting_of(const SiteRow& site);
[[nodiscard]] std::optional<std::string> url_of(const SiteRow& site);
[[nodiscard]] std::optional<RemovalView> removal_of(const SiteRow& site);
[[nodiscard]] PlatformState state_of(const PlatformRow& platform);

}  // namespace slipway
