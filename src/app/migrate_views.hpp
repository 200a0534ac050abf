// What users send to migrate a site, and what the API shows of a migration.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/migration.hpp"
#include "domain/site.hpp"

namespace slipway {

struct MigrateBody {
  std::optional<MigrationMode> mode;
  std::optional<std::string> old_project;
};
template <>
struct describe<MigrateBody> {
  static constexpr std::string_view name = "Migrate";
  static constexpr std::string_view doc = "How a site is taken over.";
  static constexpr std::array fields = {
      field<&MigrateBody::mode>("mode",
                                "without it: auto, in place where that works, else a new project"),
      field<&MigrateBody::old_project>(
          "oldProject", "the git-connected project, where it has not the template's name"),
  };
};

struct ConfirmBody {
  std::optional<bool> keep_old;
};
template <>
struct describe<ConfirmBody> {
  static constexpr std::string_view name = "MigrationConfirm";
  static constexpr std::string_view doc = "That a migration stays.";
  static constexpr std::array fields = {
      field<&ConfirmBody::keep_old>("keepOld", "true: the old project is not deleted"),
  };
};

struct RollBackBody {
  std::optional<std::string> reason;
};
template <>
struct describe<RollBackBody> {
  static constexpr std::string_view name = "MigrationRollBack";
  static constexpr std::string_view doc = "That a migration is undone.";
  static constexpr std::array fields = {
      field<&RollBackBody::reason>("reason", "shown in the audit trail, 1 to 500 bytes"),
  };
};

struct DomainView {
  std::string name;
  DomainPlace place{};
  std::string status;
  std::optional<Failure> failure;
};
template <>
struct describe<DomainView> {
  static constexpr std::string_view name = "MigrationDomain";
  static constexpr std::string_view doc = "A custom domain of the site.";
  static constexpr std::array fields = {
      field<&DomainView::name>("name", "the host name"),
      field<&DomainView::place>(
          "place", "which project has it; kept: the old one, until a person has acted"),
      field<&DomainView::status>("status", "Cloudflare's word, when it was last seen"),
      field<&DomainView::failure>("failure", "why it did not move, and the next step"),
  };
};

struct MigrationView {
  std::string platform_id;
  Environment environment{};
  MigrationState state{};
  std::string repository;
  std::string account;
  std::optional<MigrationMode> mode;
  std::optional<OldProject> old_project;
  std::optional<std::string> project;
  std::optional<std::string> url;
  std::vector<DomainView> domains;
  std::optional<Failure> failure;
  std::optional<std::vector<std::string>> plan;
  std::string updated_at;
};
template <>
struct describe<MigrationView> {
  static constexpr std::string_view name = "Migration";
  static constexpr std::string_view doc = "How far the migration of a site is.";
  static constexpr std::array fields = {
      field<&MigrationView::platform_id>("platformId", "the platform"),
      field<&MigrationView::environment>("environment", "which site"),
      field<&MigrationView::state>("state", "where it is on its way"),
      field<&MigrationView::repository>("repository", "`owner/name` that it was imported from"),
      field<&MigrationView::account>("account", "the Cloudflare account of the old project"),
      field<&MigrationView::mode>("mode", "how it is done, once that is known"),
      field<&MigrationView::old_project>("oldProject", "as it was found"),
      field<&MigrationView::project>("project", "what Slipway deploys to"),
      field<&MigrationView::url>("url", "where that is served"),
      field<&MigrationView::domains>("domains", "custom domains"),
      field<&MigrationView::failure>("failure", "why it rests, or what a person should know"),
      field<&MigrationView::plan>("plan", "with dryRun: what would be done, in order"),
      field<&MigrationView::updated_at>("updatedAt", "RFC 3339, UTC"),
  };
};

/// The view of a migration; `site` says where it is served.
[[nodiscard]] MigrationView view_of(const MigrationRow& row, const SiteRow& site);

}  // namespace slipway
