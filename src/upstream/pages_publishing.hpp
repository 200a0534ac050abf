// What is said to Cloudflare Pages to publish an org: its git-connected project, deploy hooks and
// builds. Projects and deployments: https://developers.cloudflare.com/api/resources/pages/; deploy
// hooks are not in that document, their routes are those of the dashboard.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/publication.hpp"
#include "upstream/pages_git.hpp"

namespace slipway::pages {

/// A git-connected project as it is to be.
struct GitProject {
  std::string name;
  std::string marker;      ///< value of our marker among its variables
  std::string owner;       ///< of the repository at GitHub
  std::string repository;  ///< its name there
  std::string branch;      ///< production branch
  std::string build_command;
  std::string output;  ///< folder that holds the built site
  std::string root;    ///< folder that the build runs in; empty: the repository's own
  std::vector<std::pair<std::string, std::string>> variables;  ///< plain, of both environments
  std::string hook_name;  ///< of its deploy hook; empty: a new name for each that is made
};

/// Creates it. Pushes to the production branch build; other branches do not, as every org shares
/// the repository. Nothing is built by the creation itself.
[[nodiscard]] Request create_git_project(const Account&, const GitProject&);

/// Sets its variables, in production and preview; others stay. The next build uses them.
[[nodiscard]] Request update_git_project(const Account&, const GitProject&);

struct HookCreated {
  std::string hook_id;
};
struct HookEnvelope {
  HookCreated result;
};
struct ListedHook {
  std::string hook_id;
  std::string name;
};
struct HooksEnvelope {
  std::vector<ListedHook> result;
};

/// Makes one more deploy hook, whatever there is already. The answer holds a secret.
[[nodiscard]] Request create_hook(const Account&, std::string_view project, std::string_view name,
                                  std::string_view branch);
/// The project's deploy hooks. Many accounts have no such route (404). The answer holds secrets.
[[nodiscard]] Request list_hooks(const Account&, std::string_view project);
/// Deletes the hook whose id is sealed under `sealed_id`. Many accounts have no such route (404).
[[nodiscard]] Request delete_hook(const Account&, std::string_view project,
                                  std::string_view sealed_id);
/// Calls the hook whose id is sealed under `sealed_id`: it starts a build and needs no token.
[[nodiscard]] Request call_hook(std::string_view sealed_id);

struct HookCalled {
  std::string id;  ///< of the deployment
};
struct HookCalledEnvelope {
  HookCalled result;
};

/// Starts a build of the production branch's head.
[[nodiscard]] Request start_build(const Account&, std::string_view project);

/// A build at Pages.
struct Build {
  std::string id;
  std::string url;
  Stage latest_stage;
  std::vector<BuildStage> stages;
  bool is_skipped = false;
  std::optional<std::string> skip_reason;
};
struct BuildEnvelope {
  Build result;
};

/// How the addresses begin that Pages gives.
inline constexpr std::string_view url_scheme = "https://";

/// The build's own address; nothing where it has none that a person may be led to.
[[nodiscard]] std::optional<std::string> url_of(const Build& build);

/// The error of every request about a project that does not exist.
inline constexpr int64_t project_unknown_code = 8000007;

/// How far a build is. Terminal states: the stage names and words of the API document.
enum class BuildProgress : uint8_t { active, success, failure, cancelled, superseded };
[[nodiscard]] BuildProgress progress(const Build& build);

}  // namespace slipway::pages

namespace slipway {

template <>
struct describe<pages::HookCreated> {
  static constexpr std::string_view name = "PagesHookCreated";
  static constexpr std::string_view doc = "A new deploy hook.";
  static constexpr std::array fields = {
      field<&pages::HookCreated::hook_id>("hook_id", "the end of its address; a secret")};
  static constexpr std::array vital = {std::string_view("hook_id")};
};
template <>
struct describe<pages::HookEnvelope> {
  static constexpr std::string_view name = "PagesHookEnvelope";
  static constexpr std::string_view doc = "An answer with a new deploy hook.";
  static constexpr std::array fields = {field<&pages::HookEnvelope::result>("result", "it")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::ListedHook> {
  static constexpr std::string_view name = "PagesListedHook";
  static constexpr std::string_view doc = "A deploy hook of a project.";
  static constexpr std::array fields = {
      field<&pages::ListedHook::hook_id>("hook_id", "the end of its address; a secret"),
      field<&pages::ListedHook::name>("name", "its name"),
  };
  static constexpr std::array vital = {std::string_view("hook_id"), std::string_view("name")};
};
template <>
struct describe<pages::HooksEnvelope> {
  static constexpr std::string_view name = "PagesHooksEnvelope";
  static constexpr std::string_view doc = "An answer with a project's deploy hooks.";
  static constexpr std::array fields = {field<&pages::HooksEnvelope::result>("result", "all")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::HookCalled> {
  static constexpr std::string_view name = "PagesHookCalled";
  static constexpr std::string_view doc = "What a deploy hook started.";
  static constexpr std::array fields = {field<&pages::HookCalled::id>("id", "the deployment")};
  static constexpr std::array vital = {std::string_view("id")};
};
template <>
struct describe<pages::HookCalledEnvelope> {
  static constexpr std::string_view name = "PagesHookCalledEnvelope";
  static constexpr std::string_view doc = "The answer of a deploy hook.";
  static constexpr std::array fields = {field<&pages::HookCalledEnvelope::result>("result", "it")};
  static constexpr std::array vital = {std::string_view("result")};
};
template <>
struct describe<pages::Build> {
  static constexpr std::string_view name = "PagesBuild";
  static constexpr std::string_view doc = "A build at Pages.";
  static constexpr std::array fields = {
      field<&pages::Build::id>("id", "its id"),
      field<&pages::Build::url>("url", "its own address"),
      field<&pages::Build::latest_stage>("latest_stage", "how far it is"),
      field<&pages::Build::stages>("stages", "all stages"),
      field<&pages::Build::is_skipped>("is_skipped", "it will not be built"),
      field<&pages::Build::skip_reason>("skip_reason", "why"),
  };
  static constexpr std::array vital = {std::string_view("id")};
};
template <>
struct describe<pages::BuildEnvelope> {
  static constexpr std::string_view name = "PagesBuildEnvelope";
  static constexpr std::string_view doc = "An answer with one build.";
  static constexpr std::array fields = {field<&pages::BuildEnvelope::result>("result", "it")};
  static constexpr std::array vital = {std::string_view("result")};
};

}  // namespace slipway
