// What users send and see of an org's publishing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/run.hpp"
#include "app/views.hpp"
#include "domain/org.hpp"

namespace slipway {

struct ManualHookBody {
  std::string deploy_hook_url;
  std::optional<std::string> project_name;
};
template <>
struct describe<ManualHookBody> {
  static constexpr std::string_view name = "ManualHookPut";
  static constexpr std::string_view doc = "A deploy hook to publish with.";
  static constexpr std::array fields = {
      field<&ManualHookBody::deploy_hook_url>(
          "deployHookUrl",
          "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/ and its id"),
      field<&ManualHookBody::project_name>(
          "projectName", "the Pages project that it builds, so that builds can be followed"),
  };
};

struct PublicationView {
  std::string publication_id;
  std::string org_id;
  std::string slug;
  PublicationState state{};
  std::string label;
  bool followed = false;
  std::string by;
  PublishedVia via{};
  std::vector<BuildStage> stages;
  std::optional<std::string> pages_deployment_id;
  std::optional<std::string> pages_deployment_url;
  std::optional<PageVerified> verified;
  std::optional<std::string> detail;
  std::optional<Failure> failure;
  bool again = false;
  std::string created_at;
  std::string updated_at;
};
template <>
struct describe<PublicationView> {
  static constexpr std::string_view name = "Publication";
  static constexpr std::string_view doc = "One build of an org's site at Pages.";
  static constexpr std::array fields = {
      field<&PublicationView::publication_id>("publicationId", "its id"),
      field<&PublicationView::org_id>("orgId", "the org's id in its application"),
      field<&PublicationView::slug>("slug", "the org"),
      field<&PublicationView::state>("state", "where it is on its way"),
      field<&PublicationView::label>("label", "the same in words for people"),
      field<&PublicationView::followed>("followed", "its build can be seen from here"),
      field<&PublicationView::by>("by", "who asked for it"),
      field<&PublicationView::via>("via", "how it is started"),
      field<&PublicationView::stages>("stages", "when they were last seen"),
      field<&PublicationView::pages_deployment_id>("pagesDeploymentId", "id at Cloudflare Pages"),
      field<&PublicationView::pages_deployment_url>("pagesDeploymentUrl", "its own address"),
      field<&PublicationView::verified>("verified", "how the served site was checked"),
      field<&PublicationView::detail>("detail", "what more is to be said"),
      field<&PublicationView::failure>("failure", "why it ended badly"),
      field<&PublicationView::again>("again", "one more follows it"),
      field<&PublicationView::created_at>("createdAt", "RFC 3339, UTC"),
      field<&PublicationView::updated_at>("updatedAt", "RFC 3339, UTC"),
  };
};

struct PublicationList {
  std::vector<PublicationView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<PublicationList> {
  static constexpr std::string_view name = "PublicationList";
  static constexpr std::string_view doc = "Publications of an org, newest first.";
  static constexpr std::array fields = {
      field<&PublicationList::items>("items", "a page"),
      field<&PublicationList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

/// What the caller is to the org.
enum class PublishingRole : uint8_t { admin, member, operator_ };
template <>
struct describe<PublishingRole> {
  static constexpr std::string_view name = "PublishingRole";
  static constexpr std::array<std::string_view, 3> names = {"admin", "member", "operator"};
};

enum class StepName : uint8_t { project, hook, build, served };
template <>
struct describe<StepName> {
  static constexpr std::string_view name = "PublishingStepName";
  static constexpr std::array<std::string_view, 4> names = {"project", "hook", "build", "served"};
};
enum class StepState : uint8_t { pending, active, done, failed };
template <>
struct describe<StepState> {
  static constexpr std::string_view name = "PublishingStepState";
  static constexpr std::array<std::string_view, 4> names = {"pending", "active", "done", "failed"};
};

struct StepView {
  StepName name{};
  StepState state{};
};
template <>
struct describe<StepView> {
  static constexpr std::string_view name = "PublishingStep";
  static constexpr std::string_view doc = "A step on the way to the first live site.";
  static constexpr std::array fields = {
      field<&StepView::name>("name", "which one"),
      field<&StepView::state>("state", "how far it is"),
  };
};

enum class HookSource : uint8_t { automatic, manual };
template <>
struct describe<HookSource> {
  static constexpr std::string_view name = "HookSource";
  static constexpr std::array<std::string_view, 2> names = {"auto", "manual"};
};

struct HookView {
  HookSource source{};
  std::optional<std::string> masked;
  std::string set_at;
  std::string set_by;
  std::optional<std::string> project_name;
};
template <>
struct describe<HookView> {
  static constexpr std::string_view name = "DeployHook";
  static constexpr std::string_view doc = "The deploy hook that counts, without what it is.";
  static constexpr std::array fields = {
      field<&HookView::source>("source", "auto: Slipway made it; manual: a person pasted it"),
      field<&HookView::masked>("masked", "its address without most of its id; to admins only"),
      field<&HookView::set_at>("setAt", "RFC 3339, UTC"),
      field<&HookView::set_by>("setBy", "who asked for it or pasted it"),
      field<&HookView::project_name>("projectName", "the Pages project that it builds"),
  };
};

struct PublishingView {
  std::string org_id;
  std::string slug;
  std::string name;
  PublishingRole role{};
  bool can_provision = false;
  std::optional<std::string> missing;
  OrgState state{};
  std::vector<StepView> steps;
  std::optional<std::string> project_name;
  std::optional<std::string> project_url;
  std::optional<std::string> dashboard_url;
  std::optional<HookView> hook;
  int64_t orphaned_hooks = 0;
  std::vector<std::string> orphaned_hook_names;
  std::optional<Failure> failure;
  std::optional<WaitingView> waiting;
  std::optional<PublicationView> publication;
  int64_t seq = 0;
};
template <>
struct describe<PublishingView> {
  static constexpr std::string_view name = "Publishing";
  static constexpr std::string_view doc = "How an org is published, and how it stands.";
  static constexpr std::array fields = {
      field<&PublishingView::org_id>("orgId", "its id in its application"),
      field<&PublishingView::slug>("slug", "its name in addresses"),
      field<&PublishingView::name>("name", "its name for people"),
      field<&PublishingView::role>("role", "what the caller is to it"),
      field<&PublishingView::can_provision>("canProvision", "this instance can make its project"),
      field<&PublishingView::missing>("missing", "why not; to operators only"),
      field<&PublishingView::state>("state", "how far its own project is"),
      field<&PublishingView::steps>("steps", "the way to the first live site"),
      field<&PublishingView::project_name>("projectName", "its Pages project"),
      field<&PublishingView::project_url>("projectUrl", "its address"),
      field<&PublishingView::dashboard_url>("dashboardUrl", "the project in the dashboard"),
      field<&PublishingView::hook>("hook", "the deploy hook that counts"),
      field<&PublishingView::orphaned_hooks>("orphanedHooks",
                                             "hooks that may exist at Pages without a use"),
      field<&PublishingView::orphaned_hook_names>("orphanedHookNames",
                                                  "their names in the dashboard, at most 20"),
      field<&PublishingView::failure>("failure", "why it rests"),
      field<&PublishingView::waiting>("waiting", "why nothing is done just now"),
      field<&PublishingView::publication>("publication", "the one under way, else the last"),
      field<&PublishingView::seq>("seq", "counts what became true"),
  };
};

struct ProvisionedView {
  std::string project_name;
  std::optional<std::string> project_url;
  /// Never set here: the address joins the reply after the core has written it.
  std::optional<std::string> deploy_hook_url;
  PublishingView publishing;
};
template <>
struct describe<ProvisionedView> {
  static constexpr std::string_view name = "Provisioned";
  static constexpr std::string_view doc = "What auto-provisioning has made.";
  static constexpr std::array fields = {
      field<&ProvisionedView::project_name>("projectName", "the Pages project"),
      field<&ProvisionedView::project_url>("projectUrl", "its address"),
      field<&ProvisionedView::deploy_hook_url>(
          "deployHookUrl", "the deploy hook: only in the reply that makes or shows it"),
      field<&ProvisionedView::publishing>("publishing", "how it stands"),
  };
};

struct RevealedView {
  HookSource source{};
  std::optional<std::string> deploy_hook_url;
};
template <>
struct describe<RevealedView> {
  static constexpr std::string_view name = "RevealedHook";
  static constexpr std::string_view doc = "The deploy hook that counts.";
  static constexpr std::array fields = {
      field<&RevealedView::source>("source", "auto: Slipway made it; manual: a person pasted it"),
      field<&RevealedView::deploy_hook_url>("deployHookUrl", "its address; a secret"),
  };
};

/// The publication as it is shown.
[[nodiscard]] PublicationView view_of(const Publication& publication);

/// The org's publishing as the caller may see it. `account_id` is Cloudflare's id of its account.
[[nodiscard]] PublishingView publishing_view(Run& run, const OrgRow& org,
                                             std::string_view account_id);

}  // namespace slipway
