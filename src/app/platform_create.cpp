// POST /api/v1/platforms: stores the platform and its first configuration, wishes its sites. The
// projects, builds and uploads follow from the sites (look_at_site.cpp).
#include <algorithm>

#include "app/bodies.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/places.hpp"
#include "app/site_to_plan.hpp"
#include "app/store_config.hpp"
#include "app/views.hpp"
#include "base/blake3.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::vector<Issue> body_issues(const PlatformCreateBody& body) {
  std::vector<Issue> issues;
  if (body.name && (body.name->empty() || body.name->size() > limits::platform_name_chars_max)) {
    issues.push_back({"/name", "field.value", "must be 1 to 120 bytes"});
  }
  if (body.environments.empty()) {
    issues.push_back({"/environments", "field.value", "must name at least one environment"});
  }
  for (size_t i = 0; i < body.environments.size(); ++i) {
    const auto before = body.environments.begin() + static_cast<long>(i);
    if (std::find(body.environments.begin(), before, body.environments[i]) != before) {
      issues.push_back({concat("/environments/", to_text(static_cast<int64_t>(i))),
                        "field.duplicate", "stands twice"});
    }
  }
  return issues;
}

/// Whether any account could be asked for a project: one that is registered, or the variables' own.
std::optional<Error> missing_credential(Run& run, const std::vector<AccountRow>& accounts) {
  const std::string own = concat("cloudflare:", run.setting("CF_ACCOUNT_NAME"));
  if (!run.has_credential("github")) return Error{ErrorCode::credential_missing, "github", {}};
  if (run.has_credential(own)) return std::nullopt;
  for (const AccountRow& account : accounts) {
    const bool usable = run.has_credential(concat("cloudflare:", account.name));
    if (usable && is_registered(account)) return std::nullopt;
  }
  return Error{ErrorCode::credential_missing, own, {}};
}

/// The sites of a platform that was deleted: a new one of its id counts their events on.
std::vector<SiteRow> former_sites(Run& run, const std::optional<PlatformRow>& existing) {
  if (!existing || !existing->deleted_ms) return {};
  return run.query<SiteRow>("sites_of_platform", {existing->platform_id, number(100)});
}

Outcome accepted(Run& run, const OperationRow& operation, const std::vector<SiteRow>& sites) {
  Map<std::string> headers;
  headers.members.emplace_back("location", concat("/api/v1/operations/", operation.id));
  return run.reply(202, to_json(view_of(operation, sites)), std::move(headers));
}

/// The same request again: the same answer, nothing done.
Outcome replay(Run& run, const PlatformRow& platform) {
  const auto operation = run.row<OperationRow>("operation", platform.operation_id);
  const auto sites = run.query<SiteRow>("sites_of_platform", {platform.platform_id, number(100)});
  if (run.incomplete()) return run.need();
  if (operation) return accepted(run, *operation, sites);
  // Its time is over: the answer is the same, without the details of each site.
  return accepted(
      run,
      {platform.operation_id, "platform_create", platform.platform_id, {}, platform.created_ms},
      sites);
}

}  // namespace

Outcome platform_create(Run& run) {
  PlatformCreateBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = body_issues(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  const std::string& id = body.platform_id.text;
  if (!run.caller().may_see(id)) {
    return run.fail({ErrorCode::auth_forbidden, "the token is for other platforms", {}});
  }
  const std::string name = body.name.value_or(id);
  const bool has_config = body.config.has_value();
  ConfigDocuments documents = has_config ? *std::move(body.config) : default_config(name);
  body.config.reset();
  auto faults = validate(documents, "/config");
  if (!faults.empty()) return run.fail({ErrorCode::config_invalid, "", std::move(faults)});

  const auto existing = run.row<PlatformRow>("platform", id);
  const auto accounts = run.query<AccountRow>("accounts", {});
  if (run.incomplete()) return run.need();
  const auto former = former_sites(run, existing);
  if (run.incomplete()) return run.need();
  PreparedConfig config = prepare(std::move(documents));
  const std::string digest =
      blake3_hex(concat(to_json(body), has_config ? config.digest : std::string()));
  const bool present = existing && !existing->deleted_ms;
  if (present && existing->deletion) return run.fail({ErrorCode::platform_deleting, id, {}});
  if (present && existing->request_digest == digest) return replay(run, *existing);
  if (present) return run.fail({ErrorCode::platform_exists, id, {}});
  if (const auto error = missing_credential(run, accounts)) return run.fail(*error);

  Draft& draft = run.draft();
  register_own_account(run, accounts);
  OperationRow operation{run.new_id("op_"), "platform_create", id, {}, run.now_ms()};
  PlatformRow platform = existing.value_or(PlatformRow{});
  platform.platform_id = id;
  draft.record(platform, PlatformCreated{id, name, body.environments, digest, operation.id,
                                         run.caller().author});
  store_config(run, platform, std::move(config), "platform created");

  std::vector<SiteRow> sites;
  for (const Environment environment : body.environments) {
    SiteRow site = former_or_new(former, id, environment);
    draft.record(site, SitePlanned{id, environment, "", platform.config_version,
                                   std::string(run.setting("SHELL_SHA")), "platform created"});
    draft.look_at(site, run.now_ms());
    operation.sites.push_back({site_id(id, environment), site.desired.revision, site.seq});
    sites.push_back(std::move(site));
  }
  draft.insert(operation);
  return accepted(run, operation, sites);
}

}  // namespace slipway
