// Every error that a user can meet: one table, from which replies, the API document and the
// documentation's table come.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_code.hpp"

namespace slipway {

/// The public form of an error.
struct ErrorInfo {
  ErrorCode code;
  std::string_view name;   ///< stable dotted code, the `code` of a problem document
  int64_t status;          ///< HTTP status
  std::string_view title;  ///< what is wrong, in general
  bool retryable;          ///< whether the same request may succeed later without a change
  Acts acts;
  std::string_view next;  ///< the next step for a human; empty where there is none
};

inline constexpr std::array<ErrorInfo, static_cast<size_t>(ErrorCode::count_)> error_table = {{
    {ErrorCode::auth_missing, "auth.missing", 401, "No valid credential was sent", false,
     Acts::caller, "Send `Authorization: Bearer <key>` with a key of this instance."},
    {ErrorCode::auth_forbidden, "auth.forbidden", 403, "The credential does not allow this", false,
     Acts::caller, "Use a credential that has the scope named in the detail."},
    {ErrorCode::route_unknown, "route.unknown", 404, "No such route", false, Acts::caller,
     "See /openapi.json for the routes."},
    {ErrorCode::method_not_allowed, "route.method_not_allowed", 405,
     "The route does not take this method", false, Acts::caller,
     "See /openapi.json for the methods of this route."},
    {ErrorCode::body_too_large, "body.too_large", 413, "The body is larger than 1 MiB", false,
     Acts::caller, "Send less: one platform a request, settings instead of content."},
    {ErrorCode::body_missing, "body.missing", 400, "The request needs a JSON body", false,
     Acts::caller, "Send a JSON object; /openapi.json shows its fields."},
    {ErrorCode::json_malformed, "json.malformed", 400, "The body is not well-formed JSON", false,
     Acts::caller, "Mend the JSON; it must be UTF-8 without duplicate keys."},
    {ErrorCode::body_invalid, "body.invalid", 422, "The body does not have the expected form",
     false, Acts::caller, "Mend the fields that `errors` names."},
    {ErrorCode::query_invalid, "query.invalid", 400, "The query does not have the expected form",
     false, Acts::caller, "Mend the parameters that `errors` names."},
    {ErrorCode::platform_unknown, "platform.unknown", 404, "No such platform", false, Acts::caller,
     "Check the id, or create it with POST /api/v1/platforms."},
    {ErrorCode::platform_exists, "platform.exists", 409,
     "A platform with this id exists and was created from another request", false, Acts::caller,
     "Read it with GET, change it, or choose another id."},
    {ErrorCode::config_invalid, "config.invalid", 422, "The configuration is not valid", false,
     Acts::caller, "Mend the values that `errors` names; nothing was stored."},
    {ErrorCode::config_version_unknown, "config.version_unknown", 404,
     "The platform has no such configuration version", false, Acts::caller,
     "Leave `version` out to get the latest."},
    {ErrorCode::environment_unknown, "environment.unknown", 404,
     "The platform does not have this environment", false, Acts::caller,
     "Read the platform to see its environments."},
    {ErrorCode::deployment_unknown, "deployment.unknown", 404, "No such deployment", false,
     Acts::caller, "List the deployments of the environment."},
    {ErrorCode::operation_unknown, "operation.unknown", 404, "No such operation", false,
     Acts::caller, "Read the platform instead."},
    {ErrorCode::claim_fenced, "claim.fenced", 409,
     "Another run holds this batch, or its key is not in use", false, Acts::nobody,
     "Nothing is to be done: the run stops without building."},
    {ErrorCode::claim_nothing_to_build, "claim.nothing_to_build", 409,
     "The site cannot be built now", true, Acts::caller,
     "Wait until its running deployment ends or its project exists; the platform shows both."},
    {ErrorCode::report_fenced, "report.fenced", 409, "This run does not hold the batch", false,
     Acts::nobody, "Nothing is to be done: the run stops."},
    {ErrorCode::batch_unknown, "batch.unknown", 404, "No such batch", false, Acts::caller,
     "Claim a batch first."},
    {ErrorCode::project_name_taken, "project.name_taken", 409,
     "A Pages project of this name exists that Slipway did not create", false, Acts::operator_,
     "Take it over with POST .../adopt, or delete it in the Cloudflare dashboard and deploy "
     "again."},
    {ErrorCode::project_invalid_name, "project.invalid_name", 422,
     "Cloudflare refuses the project name", false, Acts::operator_, "Choose another platform id."},
    {ErrorCode::project_limit, "project.limit_reached", 409,
     "The Cloudflare account has no room for another Pages project", false, Acts::operator_,
     "Ask Cloudflare to raise the limit or delete unused projects, then open the account with "
     "`state: open`."},
    {ErrorCode::account_blocked, "account.blocked", 403, "Cloudflare has blocked the account",
     false, Acts::operator_,
     "Write to abusereply@cloudflare.com, then open the account with `state: open`."},
    {ErrorCode::subdomain_blocked, "project.subdomain_blocked", 403,
     "Cloudflare has blocked this subdomain", false, Acts::operator_,
     "Choose another platform id, or write to abusereply@cloudflare.com."},
    {ErrorCode::git_not_connected, "git.not_connected", 409,
     "GitHub is not connected to the Cloudflare account", false, Acts::operator_,
     "Connect GitHub once in the Cloudflare dashboard: /help/connect-github shows how."},
    {ErrorCode::permission_missing, "credential.permission_missing", 403,
     "The instance's credential lacks a permission", false, Acts::operator_,
     "Give the Cloudflare token Pages:Edit on the account, the GitHub token Actions:write on the "
     "builder repository; open the account with `state: open` or deploy again."},
    {ErrorCode::credential_missing, "credential.missing", 503,
     "A credential is not configured on this instance", false, Acts::operator_,
     "Set the secret that the detail names with `wrangler secret put`."},
    {ErrorCode::upstream_rejected, "upstream.rejected", 502, "An upstream refused the request",
     false, Acts::operator_, "Read the upstream's code in the detail."},
    {ErrorCode::upstream_unclear, "upstream.unclear", 503,
     "An upstream gave no clear answer for too long", true, Acts::operator_,
     "Look at the upstream's status page, then deploy again."},
    {ErrorCode::dispatch_rejected, "dispatch.rejected", 502, "GitHub refused to start the builder",
     false, Acts::operator_,
     "Check the builder repository: the workflow must exist on its branch, be enabled and declare "
     "the inputs."},
    {ErrorCode::dispatch_unclear, "dispatch.unclear", 503,
     "GitHub gave no clear answer to several dispatches, and no run appeared", true,
     Acts::operator_, "Look at githubstatus.com, then deploy again."},
    {ErrorCode::run_failed, "run.failed", 502, "The builder's run ended without a result", true,
     Acts::operator_, "Open the run's page, mend what it shows, then deploy again."},
    {ErrorCode::build_failed, "build.failed", 502, "The site did not build", false, Acts::operator_,
     "Read the log tail, mend the configuration or the shell, then deploy again."},
    {ErrorCode::deploy_failed, "deploy.failed", 502, "The upload to Cloudflare Pages failed", true,
     Acts::operator_, "Read the log tail, then deploy again."},
    {ErrorCode::deadline_exceeded, "deployment.deadline_exceeded", 504,
     "The deployment did not end in time", true, Acts::operator_,
     "Open the run's page; cancel it there if it is stuck, then deploy again."},
    {ErrorCode::content_mismatch, "deployment.content_mismatch", 502,
     "The site does not serve the bytes that were built", true, Acts::operator_,
     "Open the site and the Pages deployment, then deploy again."},
    {ErrorCode::config_match_missing, "config.match_missing", 428,
     "The change does not say which version it starts from", false, Acts::caller,
     "Read the configuration, then send its ETag as `If-Match`; `*` replaces whatever is there."},
    {ErrorCode::config_changed, "config.changed", 412,
     "The configuration has changed since it was read", false, Acts::caller,
     "Read it again, redo the change on top of it, and send the new ETag as `If-Match`."},
    {ErrorCode::config_opaque, "config.opaque", 409,
     "The configuration is TypeScript that cannot be read without running it", false, Acts::caller,
     "Write the configuration as structured documents with PUT .../config."},
    {ErrorCode::feature_unknown, "feature.unknown", 404,
     "The configuration has no such feature or stack", false, Acts::caller,
     "Read the newest version to see its features and stacks."},
    {ErrorCode::feature_needed, "feature.needed", 409,
     "What is enabled would lack something that it requires", false, Acts::caller,
     "Switch the two in the other order: what `errors` names first."},
    {ErrorCode::token_unknown, "token.unknown", 404, "No such token", false, Acts::caller,
     "List the tokens with GET /api/v1/tokens."},
    {ErrorCode::idempotency_key_invalid, "idempotency.key_invalid", 400,
     "The Idempotency-Key does not have the expected form", false, Acts::caller,
     "Send 1 to 255 printable ASCII characters, such as a UUID."},
    {ErrorCode::idempotency_mismatch, "idempotency.mismatch", 422,
     "The Idempotency-Key was used for another request", false, Acts::caller,
     "Use a new key for a new request; repeat a request with the same path, query and body."},
    {ErrorCode::idempotency_not_replayable, "idempotency.not_replayable", 409,
     "The request was done before, and its reply was not kept", false, Acts::caller,
     "Read the result; a token whose reply was lost is to be revoked and created anew."},
    {ErrorCode::platform_deleting, "platform.deleting", 409, "The platform is being deleted", true,
     Acts::caller,
     "Wait until GET of the platform answers 404; then the id can be used again. If a site of it "
     "rests, do what its `blocked` says and send DELETE again."},
    {ErrorCode::platform_suspended, "platform.suspended", 409, "The platform is suspended", false,
     Acts::caller, "POST .../resume; what was wished in the meantime is deployed then."},
    {ErrorCode::environment_deleting, "environment.deleting", 409,
     "The environment is being taken down", true, Acts::caller,
     "Wait until the platform does not show its site any more, then send the request again."},
    {ErrorCode::deployment_cancelled, "deployment.cancelled", 409,
     "The deployment was let go, because its site is taken down", false, Acts::nobody,
     "Nothing is to be done: a run that still builds it is refused and stops."},
    {ErrorCode::removal_rejected, "removal.rejected", 502,
     "Cloudflare refuses to remove the project", false, Acts::operator_,
     "Mend what Cloudflare names in the detail, then ask for the removal again: DELETE the "
     "platform, or PATCH the environment out of it."},
    {ErrorCode::account_unknown, "account.unknown", 404, "No such account", false, Acts::caller,
     "List the accounts with GET /api/v1/accounts."},
    {ErrorCode::account_in_use, "account.in_use", 409, "The account holds sites", false,
     Acts::caller, "Close it with `state: closed`; it can be removed once it holds no site."},
    {ErrorCode::account_duplicate, "account.duplicate", 409,
     "This Cloudflare account is registered under another name", false, Acts::caller,
     "Change that one: its room would be counted twice."},
    {ErrorCode::account_none_left, "account.none_left", 409, "No account has room for another site",
     false, Acts::operator_,
     "Mend what GET /api/v1/accounts shows, then open, enlarge or add an account with PUT "
     "/api/v1/accounts/{name}: the site goes on by itself."},
    {ErrorCode::account_closed, "account.closed", 409, "A person closed the account", false,
     Acts::operator_, "Open it with `state: open` when sites may be placed in it again."},
    {ErrorCode::account_email_unverified, "account.email_unverified", 403,
     "The e-mail address of the Cloudflare user is not verified", false, Acts::operator_,
     "Verify it in the Cloudflare dashboard, then open the account with `state: open`."},
    {ErrorCode::account_id_unknown, "account.id_unknown", 404,
     "Cloudflare knows no account of this id", false, Acts::operator_,
     "Read the account id in the Cloudflare dashboard, register the account again with it."},
    {ErrorCode::credential_invalid, "credential.invalid", 403,
     "Cloudflare does not accept the account's token", false, Acts::operator_,
     "Set a token that is valid with `wrangler secret put`; open the account with `state: open` or "
     "deploy again."},
    {ErrorCode::upstream_forbidden, "upstream.forbidden", 403,
     "Cloudflare turned the request away before the API saw it", false, Acts::operator_,
     "Look for a rule that stops the Worker, such as the token's list of addresses, then deploy "
     "again."},
    {ErrorCode::project_blocked, "project.blocked", 403, "Cloudflare has blocked the Pages project",
     false, Acts::operator_,
     "Check that the token may edit Pages; if it may, write to abusereply@cloudflare.com, then "
     "deploy again."},
    {ErrorCode::project_refused, "project.refused", 502,
     "Cloudflare refuses the project again and again and does not say why", false, Acts::operator_,
     "Look in the dashboard for a Worker of the project's name: rename or delete it, then deploy "
     "again."},
    {ErrorCode::project_git_connected, "project.git_connected", 409,
     "A Pages project of this name exists that is connected to git", false, Acts::operator_,
     "It cannot take uploads: migrate it, or delete it in the dashboard and deploy again."},
    {ErrorCode::project_not_taken, "project.not_taken", 409,
     "The site does not wait for a project to be taken over", false, Acts::caller,
     "Read the platform: a site takes one over while it is blocked with project.name_taken."},
    {ErrorCode::dead_letter_unknown, "dead_letter.unknown", 404, "No such dead letter", false,
     Acts::caller,
     "List them with GET /api/v1/dead-letters; one whose work was done is forgotten."},
    {ErrorCode::config_store_other, "config_store.other", 409,
     "The instance is configured to write to the other store", false, Acts::operator_,
     "Set CONFIG_STORE to the store that documents are to be in, deploy, then ask again."},
    {ErrorCode::storage_newer, "storage.newer", 503,
     "The storage was written by a newer version of this service", false, Acts::operator_,
     "Deploy that version again: this one must not interpret what it does not know."},
    {ErrorCode::import_unknown, "import.unknown", 404, "No such import", false, Acts::caller,
     "Start one with POST /api/v1/platforms/import."},
    {ErrorCode::repository_unknown, "repository.unknown", 404,
     "GitHub does not show this repository", false, Acts::operator_,
     "Check owner and name, and give the GitHub token Contents:read on it."},
    {ErrorCode::repository_archived, "repository.archived", 409, "The repository is archived",
     false, Acts::operator_, "Nothing has to be done: its configuration was read all the same."},
    {ErrorCode::repository_name, "repository.name_invalid", 422,
     "The repository's name gives no platform id", false, Acts::operator_,
     "Name the suffix that its name ends with, or create the platform with POST "
     "/api/v1/platforms."},
    {ErrorCode::config_file_missing, "config.file_missing", 404,
     "The repository lacks a configuration file", false, Acts::operator_,
     "Write the configuration with PUT .../config; until then an empty document stands for it."},
    {ErrorCode::config_file_unreadable, "config.file_unreadable", 422,
     "A configuration file is not UTF-8 or larger than 256 KiB", false, Acts::operator_,
     "Mend the file in its repository, then import the repository again."},
    {ErrorCode::import_no_project, "import.no_project", 404,
     "No git-connected project of this platform was found", false, Acts::operator_,
     "Import it again with `environments`, and name the old project when you migrate."},
    {ErrorCode::site_imported, "site.imported", 409,
     "The site was imported and is served by its old project", false, Acts::caller,
     "Take it over with POST .../environments/{environment}/migrate."},
    {ErrorCode::migration_unknown, "migration.unknown", 404,
     "The site was not imported, so there is nothing to migrate", false, Acts::caller,
     "Import its repository with POST /api/v1/platforms/import."},
    {ErrorCode::migration_state, "migration.state", 409,
     "The migration is not at a step where this is possible", false, Acts::caller,
     "Read the migration with GET .../migration; `state` says where it is."},
    {ErrorCode::migration_domains_left, "migration.domains_left", 409,
     "The old project still serves custom domains", false, Acts::operator_,
     "Do what their `next` says, or confirm with `keepOld`."},
    {ErrorCode::migration_project_missing, "migration.project_missing", 409,
     "The old Pages project is not there", false, Acts::operator_,
     "Name the project that is connected to the repository as `oldProject`."},
    {ErrorCode::migration_project_foreign, "migration.project_foreign", 409,
     "The project is not connected to the repository that was imported", false, Acts::operator_,
     "Name the project that is connected to the repository as `oldProject`."},
    {ErrorCode::migration_uploads_refused, "migration.uploads_refused", 409,
     "Cloudflare takes no uploads into this git-connected project", false, Acts::operator_,
     "Migrate with the mode `new_project`, or `auto`, which does so by itself."},
    {ErrorCode::migration_switches_kept, "migration.switches_kept", 409,
     "Cloudflare did not switch automatic deployments off", false, Acts::operator_,
     "Switch them off in the dashboard (Settings, Builds), or migrate with `new_project`."},
    {ErrorCode::migration_unverified, "migration.unverified", 409,
     "The served bytes of the replacement cannot be read", false, Acts::operator_,
     "Let Slipway past the sign-in wall of the new project, then call migrate again."},
    {ErrorCode::migration_domain_pending, "migration.domain_pending", 409,
     "The custom domain did not become active", false, Acts::operator_,
     "Change its CNAME record to the host that the detail names; then call migrate again."},
    {ErrorCode::builds_paused, "builds.paused", 409, "The platform's builds are paused", false,
     Acts::caller, "POST .../builds/resume; what was wished in the meantime is built then."},
    {ErrorCode::fleet_frozen, "fleet.frozen", 409, "The fleet is frozen: no deployment begins",
     true, Acts::operator_,
     "Wait, or let an administrator POST /api/v1/fleet/unfreeze; what was wished is built then."},
    {ErrorCode::deployment_stopped, "deployment.stopped", 409, "A person cancelled the deployment",
     false, Acts::caller,
     "POST .../retry when it is wanted after all; a newer wish is deployed by itself."},
    {ErrorCode::deployment_uploaded, "deployment.uploaded", 409,
     "The deployment is at Pages already", false, Acts::caller,
     "Wait until it has ended, then go back with POST .../environments/{environment}/rollback."},
    {ErrorCode::deployment_ended, "deployment.ended", 409, "The deployment has ended", false,
     Acts::caller, "Read the deployment; what is served is undone with POST .../rollback."},
    {ErrorCode::deployment_not_retryable, "deployment.not_retryable", 409,
     "The deployment cannot be tried again", false, Acts::caller,
     "Deploy the newest configuration with POST .../environments/{environment}/deployments."},
    {ErrorCode::rollback_nothing, "rollback.nothing", 409,
     "No earlier deployment was live on the site", false, Acts::caller,
     "Make an earlier configuration the newest with POST .../config/versions/{version}/restore."},
    {ErrorCode::rollback_not_live, "rollback.not_live", 409,
     "The deployment was never live on the site", false, Acts::caller,
     "Name one that was: GET .../environments/{environment}/deployments lists them."},
    {ErrorCode::site_pinned, "site.pinned", 409, "A rollback holds the site at an earlier version",
     false, Acts::caller,
     "POST .../environments/{environment}/deployments deploys the newest version again."},
    {ErrorCode::site_not_ready, "site.not_ready", 409, "The site serves nothing of ours yet", true,
     Acts::caller, "Read the platform: it says what the site waits for."},
    {ErrorCode::org_unknown, "org.unknown", 404, "No such org", false, Acts::caller,
     "Check the id; a person sees the orgs that they are a member of."},
    {ErrorCode::org_exists, "org.exists", 409, "The org id belongs to another slug", false,
     Acts::caller, "Read the orgs with GET /api/v1/orgs; a slug never changes."},
    {ErrorCode::org_role, "org.role", 403, "Only admins of the org may do this", false,
     Acts::caller, "Ask an admin of the org."},
    {ErrorCode::auth_user_needed, "auth.user_needed", 403,
     "This route is for a person who is signed in", false, Acts::caller,
     "Sign in, or use the same route under /api/v1/orgs/{slug}/publishing with a key."},
    {ErrorCode::auth_cross_site, "auth.cross_site", 403, "The request came from another site",
     false, Acts::caller,
     "Use the page of this instance, or send `Authorization: Bearer <token>`."},
    {ErrorCode::publishing_not_configured, "publishing.not_configured", 503,
     "Publishing is not configured on this instance", false, Acts::operator_,
     "Set what the detail names (docs/operations.md), or paste the URL of a deploy hook."},
    {ErrorCode::publishing_nothing, "publishing.nothing_to_publish", 409,
     "The org has no deploy hook yet", false, Acts::caller,
     "Auto-provision its project, or paste the URL of a deploy hook."},
    {ErrorCode::publishing_no_hook, "publishing.no_hook", 404, "There is no deploy hook", false,
     Acts::caller, "Auto-provision the project, or paste the URL of a deploy hook."},
    {ErrorCode::publishing_not_ready, "publishing.not_ready", 409,
     "The project is not ready for this", true, Acts::caller,
     "Wait until it is provisioned, or auto-provision it first."},
    {ErrorCode::publishing_name_taken, "publishing.name_taken", 409,
     "A Pages project of this name exists that Slipway did not create", false, Acts::operator_,
     "Delete it in the Cloudflare dashboard and try again, or paste the URL of its deploy hook."},
    {ErrorCode::publishing_hook_gone, "publishing.hook_gone", 409,
     "Cloudflare does not know the deploy hook any more", false, Acts::caller,
     "Rotate the hook, or paste the URL of one that exists."},
    {ErrorCode::publishing_hook_sealed, "publishing.hook_sealed", 503,
     "The stored deploy hook cannot be opened", false, Acts::operator_,
     "Configure the sealing key that it was stored with, or rotate or paste the hook anew."},
    {ErrorCode::git_repository_not_selected, "git.repository_not_selected", 409,
     "The Cloudflare GitHub App does not see the repository", false, Acts::operator_,
     "Select the repository for the Cloudflare Pages GitHub App: /help/connect-github shows how."},
    {ErrorCode::publication_unknown, "publication.unknown", 404, "No such publication", false,
     Acts::caller, "List the publications of the org."},
}};

/// The public form of `code`.
[[nodiscard]] constexpr const ErrorInfo& info(ErrorCode code) {
  return error_table[static_cast<size_t>(code)];
}

namespace detail {
constexpr bool in_order() {
  for (size_t i = 0; i < error_table.size(); ++i) {
    if (static_cast<size_t>(error_table[i].code) != i) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::in_order(), "error_table has one row for each ErrorCode, in its order");

/// One thing that is wrong with a document: where, what, and in words.
struct Issue {
  std::string pointer;  ///< JSON Pointer (RFC 6901) into the document, or a parameter's name
  std::string code;     ///< stable, such as `field.unknown`
  std::string detail;   ///< a sentence for a human
  std::optional<std::string> suggestion = {};  ///< the known name that was probably meant
};

/// An error with what is known of this occurrence.
struct Error {
  ErrorCode code;
  std::string detail;         ///< what happened here; no secret, no foreign body
  std::vector<Issue> issues;  ///< every single fault, where the error is about a document
};

}  // namespace slipway
