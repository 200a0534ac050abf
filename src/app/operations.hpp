// The public API: every operation, in one list that is put together from operations/*.hpp. Routes,
// the OpenAPI document and the authorization tests are generated from it.
#pragma once

#include <array>
#include <string_view>

#include "app/run.hpp"

namespace slipway {

/// What a caller must be allowed to do.
enum class Scope : uint8_t {
  open,
  platforms_read,
  platforms_write,
  deploy,
  config_read,
  builder,
  report,
  admin,
  webhook,
  publishing,
  org_member,
  org_admin,
};
template <>
struct describe<Scope> {
  static constexpr std::string_view name = "Scope";
  static constexpr std::array<std::string_view, 12> names = {
      "open",   "platforms:read", "platforms:write", "deploy",     "config:read", "builder",
      "report", "admin",          "webhook",         "publishing", "org:member",  "org:admin"};
};

/// A query parameter that an operation takes.
struct QueryParam {
  std::string_view name;
  std::string_view doc;
  SchemaRef schema;  ///< integer, enumeration or text
  int64_t min;       ///< least integer; of a text: bytes
  int64_t max;       ///< greatest integer; of a text: bytes
};

struct OperationInfo {
  std::string_view name;
  std::string_view method;
  std::string_view path;
  Scope scope;
  std::string_view summary;
  SchemaRef body;   ///< null where it takes none
  SchemaRef reply;  ///< null where it answers with no body of a schema
  int64_t status;   ///< of success
  std::array<QueryParam, 6> query;
  Outcome (*decide)(Run& run);
  /// How the fresh secret begins that the reply hands out; empty where it hands out none.
  std::string_view secret_prefix = {};
};

// The use cases, one file each.
Outcome healthz(Run& run);
Outcome platform_create(Run& run);
Outcome platform_list(Run& run);
Outcome platform_read(Run& run);
Outcome platform_patch(Run& run);
Outcome platform_suspend(Run& run);
Outcome platform_resume(Run& run);
Outcome platform_delete(Run& run);
Outcome config_read(Run& run);
Outcome config_write(Run& run);
Outcome config_version_list(Run& run);
Outcome config_version_read(Run& run);
Outcome config_version_diff(Run& run);
Outcome config_restore(Run& run);
Outcome feature_activate(Run& run);
Outcome feature_deactivate(Run& run);
Outcome stack_provision(Run& run);
Outcome stack_deactivate(Run& run);
Outcome site_deployments(Run& run);
Outcome deployment_request(Run& run);
Outcome deployment_read(Run& run);
Outcome operation_read(Run& run);
Outcome batch_claim(Run& run);
Outcome batch_list(Run& run);
Outcome batch_read(Run& run);
Outcome batch_turn(Run& run);
Outcome batch_report(Run& run);
Outcome github_webhook(Run& run);
Outcome token_create(Run& run);
Outcome token_list(Run& run);
Outcome token_revoke(Run& run);
Outcome audit_list(Run& run);
Outcome account_list(Run& run);
Outcome account_put(Run& run);
Outcome account_remove(Run& run);
Outcome adopt(Run& run);
Outcome readyz(Run& run);
Outcome status_read(Run& run);
Outcome doctor(Run& run);
Outcome budget_list(Run& run);
Outcome dead_letter_list(Run& run);
Outcome dead_letter_retry(Run& run);
Outcome dead_letter_retry_all(Run& run);
Outcome dead_letter_dismiss(Run& run);
Outcome reconcile_start(Run& run);
Outcome reconcile_read(Run& run);
Outcome config_store_migrate(Run& run);
Outcome config_store_read(Run& run);
Outcome import_start(Run& run);
Outcome import_read(Run& run);
Outcome migration_read(Run& run);
Outcome migration_start(Run& run);
Outcome migration_roll_back(Run& run);
Outcome migration_confirm(Run& run);
Outcome builds_pause(Run& run);
Outcome builds_resume(Run& run);
Outcome fleet_read(Run& run);
Outcome fleet_freeze(Run& run);
Outcome fleet_unfreeze(Run& run);
Outcome deployment_cancel(Run& run);
Outcome deployment_retry(Run& run);
Outcome site_rollback(Run& run);
Outcome site_check(Run& run);
Outcome org_list(Run& run);
Outcome org_put(Run& run);
Outcome org_read(Run& run);
Outcome org_delete(Run& run);
Outcome org_member_put(Run& run);
Outcome org_member_remove(Run& run);
Outcome publishing_read(Run& run);
Outcome publishing_provision(Run& run);
Outcome publishing_rotate(Run& run);
Outcome publishing_reveal(Run& run);
Outcome manual_hook_put(Run& run);
Outcome manual_hook_remove(Run& run);
Outcome publish(Run& run);
Outcome publication_list(Run& run);
Outcome publication_read(Run& run);

// What happens without a caller.
Outcome look_at_site(Run& run, std::string_view site_id);
Outcome look_at_batch(Run& run, std::string_view batch_id);
Outcome look_at_platform(Run& run, std::string_view platform_id);
Outcome look_at_upkeep(Run& run, std::string_view id);
Outcome look_at_queue(Run& run, std::string_view account);
Outcome prune(Run& run, std::string_view site_or_platform);
Outcome record_dead_letter(Run& run);
Outcome provision_alone(Run& run);
Outcome look_at_import(Run& run, std::string_view import_id);
Outcome look_at_migration(Run& run, std::string_view site_id);
Outcome look_at_org(Run& run, std::string_view slug);
Outcome look_for_drift(Run& run, std::string_view site_id);
Outcome sweep(Run& run);
Outcome watch_runs(Run& run);
Outcome fold_journal(Run& run);

/// All operations.
[[nodiscard]] std::span<const OperationInfo> operations();

/// Whether the scope is a person's in an org: no key acts in their place.
[[nodiscard]] constexpr bool is_personal(Scope scope) {
  return scope == Scope::org_member || scope == Scope::org_admin;
}

/// Whether the principal may do what the scope names: the admin key everything; the internal key
/// reads configuration and serves builds, nothing else; a build's token the same for its own batch,
/// but it claims none; a run that GitHub vouches for claims and reports, and reads configuration
/// with the token of its claim, as foreign code beside it could otherwise read every platform's; a
/// signed webhook is told, nothing else. What an API token may do is in its row. A person may what
/// their role in the org allows, and nobody else may do that in their place: `is_personal`.
[[nodiscard]] constexpr bool allows(PrincipalKind principal, Scope scope) {
  if (scope == Scope::open) return true;
  if (is_personal(scope)) return principal == PrincipalKind::user;
  if (principal == PrincipalKind::admin) return true;
  if (principal == PrincipalKind::webhook) return scope == Scope::webhook;
  if (principal == PrincipalKind::run) return scope == Scope::builder || scope == Scope::report;
  if (principal == PrincipalKind::internal && scope == Scope::builder) return true;
  const bool builds = principal == PrincipalKind::internal || principal == PrincipalKind::build;
  return builds && (scope == Scope::config_read || scope == Scope::report);
}

static_assert(allows(PrincipalKind::none, Scope::open));
static_assert(!allows(PrincipalKind::none, Scope::platforms_read));
static_assert(!allows(PrincipalKind::none, Scope::config_read));
static_assert(allows(PrincipalKind::internal, Scope::config_read));
static_assert(allows(PrincipalKind::internal, Scope::builder));
static_assert(allows(PrincipalKind::internal, Scope::report));
static_assert(!allows(PrincipalKind::internal, Scope::admin));
static_assert(allows(PrincipalKind::build, Scope::config_read));
static_assert(allows(PrincipalKind::build, Scope::report));
static_assert(!allows(PrincipalKind::build, Scope::builder));
static_assert(!allows(PrincipalKind::build, Scope::platforms_read));
static_assert(!allows(PrincipalKind::token, Scope::platforms_read));
static_assert(!allows(PrincipalKind::internal, Scope::platforms_read));
static_assert(!allows(PrincipalKind::internal, Scope::platforms_write));
static_assert(!allows(PrincipalKind::internal, Scope::deploy));
static_assert(allows(PrincipalKind::admin, Scope::platforms_write));
static_assert(allows(PrincipalKind::admin, Scope::admin));
static_assert(allows(PrincipalKind::run, Scope::builder));
static_assert(allows(PrincipalKind::run, Scope::report));
static_assert(!allows(PrincipalKind::run, Scope::config_read));
static_assert(!allows(PrincipalKind::run, Scope::platforms_read));
static_assert(allows(PrincipalKind::webhook, Scope::webhook));
static_assert(!allows(PrincipalKind::webhook, Scope::report));
static_assert(!allows(PrincipalKind::internal, Scope::webhook));
static_assert(!allows(PrincipalKind::none, Scope::webhook));
static_assert(allows(PrincipalKind::user, Scope::org_admin));
static_assert(!allows(PrincipalKind::user, Scope::publishing));
static_assert(!allows(PrincipalKind::user, Scope::platforms_read));
static_assert(!allows(PrincipalKind::user, Scope::config_read));
static_assert(!allows(PrincipalKind::admin, Scope::org_admin));
static_assert(!allows(PrincipalKind::none, Scope::org_member));
static_assert(allows(PrincipalKind::admin, Scope::publishing));
static_assert(!allows(PrincipalKind::internal, Scope::publishing));

}  // namespace slipway
