// What the package bindings/cloudflare-pages sends to the core, and what it is answered.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/account.hpp"
#include "domain/names.hpp"
#include "wire/json_read.hpp"

namespace slipway {

struct ProvisionBody {
  OrgSlug slug;
  CloudflareId account_id;
  std::string owner;
  std::string repository;
  std::optional<std::string> production_branch;
  std::optional<std::string> build_command;
  std::optional<std::string> build_output;
  std::optional<std::string> root_dir;
  std::optional<Map<std::string>> variables;
  std::optional<std::string> hook_name;
  std::optional<int64_t> attempt;
};
template <>
struct describe<ProvisionBody> {
  static constexpr std::string_view name = "ProvisionWish";
  static constexpr std::string_view doc = "A git-connected project and its deploy hook.";
  static constexpr std::array fields = {
      field<&ProvisionBody::slug>("slug", "the project is `<slug>-ark`"),
      field<&ProvisionBody::account_id>("accountId", "the Cloudflare account"),
      field<&ProvisionBody::owner>("owner", "of the repository at GitHub"),
      field<&ProvisionBody::repository>("repository", "its name there"),
      field<&ProvisionBody::production_branch>("productionBranch", "absent: main"),
      field<&ProvisionBody::build_command>("buildCommand", "absent: nothing is run"),
      field<&ProvisionBody::build_output>("buildOutput", "folder that holds the built site"),
      field<&ProvisionBody::root_dir>("rootDir", "folder that the build runs in"),
      field<&ProvisionBody::variables>("variables", "of production and preview, at most 50"),
      field<&ProvisionBody::hook_name>("hookName", "absent: slipway"),
      field<&ProvisionBody::attempt>("attempt", "calls before this one, 0 at first"),
  };
};

struct ProvisionView {
  std::string project_name;
  std::optional<std::string> project_url;
  /// Never set here: the address joins the reply after the core has written it.
  std::optional<std::string> deploy_hook_url;
  std::vector<std::string> orphaned_hooks;
  std::optional<int64_t> again_after_ms;
};
template <>
struct describe<ProvisionView> {
  static constexpr std::string_view name = "ProvisionResult";
  static constexpr std::string_view doc = "How far provisioning has come.";
  static constexpr std::array fields = {
      field<&ProvisionView::project_name>("projectName", "the Pages project"),
      field<&ProvisionView::project_url>("projectUrl", "its address, once it exists"),
      field<&ProvisionView::deploy_hook_url>("deployHookUrl", "the deploy hook; a secret"),
      field<&ProvisionView::orphaned_hooks>("orphanedHooks",
                                            "names of hooks that may exist without a use"),
      field<&ProvisionView::again_after_ms>("againAfterMs", "absent: it is finished"),
  };
};

}  // namespace slipway
