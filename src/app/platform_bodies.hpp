// What changes a platform after its creation, and what such a change did or would do.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/views.hpp"

namespace slipway {

struct EnvironmentsPatch {
  std::optional<std::vector<Environment>> add;
  std::optional<std::vector<Environment>> remove;
};
template <>
struct describe<EnvironmentsPatch> {
  static constexpr std::string_view name = "EnvironmentsPatch";
  static constexpr std::string_view doc = "Environments that come and go.";
  static constexpr std::array fields = {
      field<&EnvironmentsPatch::add>("add", "deployed with the newest configuration; each once"),
      field<&EnvironmentsPatch::remove>("remove", "taken down with their projects; each once"),
  };
};

struct PlatformPatchBody {
  std::optional<std::string> name;
  std::optional<EnvironmentsPatch> environments;
  std::optional<std::string> reason;
};
template <>
struct describe<PlatformPatchBody> {
  static constexpr std::string_view name = "PlatformPatch";
  static constexpr std::string_view doc =
      "What is to be different about a platform. What is as it should be already is not changed; "
      "an empty patch changes nothing.";
  static constexpr std::array fields = {
      field<&PlatformPatchBody::name>("name", "its name for people, 1 to 120 bytes"),
      field<&PlatformPatchBody::environments>("environments", "at least one stays"),
      field<&PlatformPatchBody::reason>("reason", "shown in the timeline, 1 to 500 bytes"),
  };
};

struct LifecycleBody {
  std::optional<std::string> reason;
};
template <>
struct describe<LifecycleBody> {
  static constexpr std::string_view name = "LifecycleChange";
  static constexpr std::string_view doc = "Why it is done.";
  static constexpr std::array fields = {
      field<&LifecycleBody::reason>("reason", "shown in the timeline, 1 to 500 bytes")};
};

/// What happens to a site.
enum class SiteAction : uint8_t { add, remove, suspend, resume, pause_builds, resume_builds };
template <>
struct describe<SiteAction> {
  static constexpr std::string_view name = "SiteAction";
  static constexpr std::array<std::string_view, 6> names = {
      "add", "remove", "suspend", "resume", "pause_builds", "resume_builds"};
};

/// A step of taking a site down, in the order of the steps.
enum class PlanStep : uint8_t {
  cancel_deployment,
  remove_domains,
  remove_deployments,
  remove_project,
};
template <>
struct describe<PlanStep> {
  static constexpr std::string_view name = "PlanStep";
  static constexpr std::array<std::string_view, 4> names = {"cancel_deployment", "remove_domains",
                                                            "remove_deployments", "remove_project"};
};

struct PlannedStep {
  PlanStep step{};
  int64_t count = 0;
};
template <>
struct describe<PlannedStep> {
  static constexpr std::string_view name = "PlannedStep";
  static constexpr std::string_view doc = "A step, and how much it is about.";
  static constexpr std::array fields = {
      field<&PlannedStep::step>("step", "what is done"),
      field<&PlannedStep::count>("count", "deployments, domains or projects"),
  };
};

struct SiteChangeView {
  Environment environment{};
  SiteAction action{};
  std::string project_name;
  std::optional<std::vector<PlannedStep>> steps;
  std::optional<std::string> note;
};
template <>
struct describe<SiteChangeView> {
  static constexpr std::string_view name = "SiteChange";
  static constexpr std::string_view doc = "What happens to one site.";
  static constexpr std::array fields = {
      field<&SiteChangeView::environment>("environment", "which one"),
      field<&SiteChangeView::action>("action", "what happens to it"),
      field<&SiteChangeView::project_name>("projectName", "its Pages project"),
      field<&SiteChangeView::steps>("steps", "dry run of a removal: what is done, in this order"),
      field<&SiteChangeView::note>("note", "dry run of a removal: what is to be known of it"),
  };
};

struct PlatformChangeView {
  std::string platform_id;
  bool changed = false;
  bool dry_run = false;
  std::string name;
  std::vector<Environment> environments;
  std::vector<SiteChangeView> sites;
  std::optional<int64_t> removed_config_version;
  std::optional<OperationView> operation;
};
template <>
struct describe<PlatformChangeView> {
  static constexpr std::string_view name = "PlatformChange";
  static constexpr std::string_view doc = "What a change of a platform did, or would do.";
  static constexpr std::array fields = {
      field<&PlatformChangeView::platform_id>("platformId", "the platform"),
      field<&PlatformChangeView::changed>("changed", "false: it is as it should be already"),
      field<&PlatformChangeView::dry_run>("dryRun", "nothing was stored: this is what would be"),
      field<&PlatformChangeView::name>("name", "its name after the change"),
      field<&PlatformChangeView::environments>("environments", "those that it then has"),
      field<&PlatformChangeView::sites>("sites", "what happens to each site concerned"),
      field<&PlatformChangeView::removed_config_version>(
          "removedConfigVersion", "deletion: this version and all before it are removed, last"),
      field<&PlatformChangeView::operation>("operation", "follow it with its id"),
  };
};

}  // namespace slipway
