#include "app/change_config.hpp"

#include "app/build_queue.hpp"
#include "app/config_views.hpp"
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "base/blake3.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr size_t reason_bytes_max = 500;

bool is_dry(const Run& run) { return run.query_param("dryRun") == "true"; }

std::optional<Error> match_error(const Run& run, const ConfigVersionRow& version,
                                 Precondition precondition) {
  const auto match = run.header("if-match");
  if (!match && precondition == Precondition::optional) return std::nullopt;
  if (!match) return Error{ErrorCode::config_match_missing, "", {}};
  const std::string etag = etag_of(version, std::nullopt);
  if (*match == "*" || *match == etag) return std::nullopt;
  return Error{ErrorCode::config_changed,
               concat("the newest version is ", to_text(version.version), " with the ETag ", etag),
               {}};
}

/// What the change shows before anything is stored.
ConfigChangeView view_of_change(const CurrentConfig& current, const PreparedConfig& next) {
  ConfigChangeView view;
  view.changed = next.digest != current.version.digest;
  view.version = current.version.version;
  view.etag = etag_of(current.version, std::nullopt);
  if (view.changed && current.documents && next.documents) {
    view.changes = changes_between(*current.documents, *next.documents);
  }
  return view;
}

}  // namespace

std::string etag_of(const ConfigVersionRow& version, std::optional<Environment> environment) {
  const std::string_view name = environment ? name_of(*environment) : std::string_view("default");
  const std::string digest = blake3_hex(concat(version.digest, "/", name));
  return concat("\"", to_text(version.version), "-", std::string_view(digest).substr(0, 16), "\"");
}

std::optional<ConfigDocuments> documents_of(Run& run, const ConfigVersionRow& version) {
  if (version.opaque) return std::nullopt;
  return run.document_as<ConfigDocuments>(config_json_id(version));
}

ConfigStart begin_config_change(Run& run, const std::optional<std::string>& reason,
                                Precondition precondition) {
  if (reason && (reason->empty() || reason->size() > reason_bytes_max)) {
    const Issue issue = {"/reason", "field.value", "must be 1 to 500 bytes"};
    return {std::nullopt, run.fail({ErrorCode::body_invalid, "", {issue}})};
  }
  const std::string_view id = run.param("platformId");
  auto platform = known_platform(run, id);
  if (run.incomplete()) return {std::nullopt, run.need()};
  if (const auto fault = platform_fault(platform)) return {std::nullopt, run.fail(*fault)};
  auto version =
      run.row<ConfigVersionRow>("config_version", config_version_id(id, platform->config_version));
  if (run.incomplete()) return {std::nullopt, run.need()};
  if (!version) stop_on_damage();
  if (auto error = match_error(run, *version, precondition)) {
    return {std::nullopt, run.fail(*error)};
  }
  auto documents = documents_of(run, *version);
  if (run.incomplete()) return {std::nullopt, run.need()};
  if (!documents && !version->opaque) stop_on_damage();
  return {CurrentConfig{std::move(*platform), std::move(*version), std::move(documents)},
          std::nullopt};
}

Outcome change_config(Run& run, CurrentConfig current, PreparedConfig next,
                      const ConfigChange& change) {
  PlatformRow& platform = current.platform;
  auto sites = run.query<SiteRow>("sites_of_platform", {platform.platform_id, number(100)});
  if (run.incomplete()) return run.need();
  std::erase_if(sites, [](const SiteRow& site) { return is_leaving(site.state); });

  ConfigChangeView view = view_of_change(current, next);
  view.dry_run = is_dry(run);
  Map<std::string> headers;
  if (view.changed) {
    for (const SiteRow& site : sites) {
      const bool held = site.state == SiteState::suspended || site.paused || site.pin;
      if (!held) view.rebuilds.push_back(site.environment);
    }
  }
  if (!view.changed || view.dry_run) {
    headers.members.emplace_back("etag", view.etag);
    return run.reply(200, to_json(view), std::move(headers));
  }

  Draft& draft = run.draft();
  const std::string reason = change.reason.value_or(change.otherwise);
  const ConfigVersionRow version =
      store_config(run, platform, std::move(next), reason, current.version.digest);
  OperationRow operation{
      run.new_id("op_"), std::string(change.kind), platform.platform_id, {}, run.now_ms()};
  for (SiteRow& site : sites) {
    const int64_t due_ms = wish_due_ms(run, site);
    draft.record(site, DesiredChanged{version.version, site.desired.shell_sha, reason, due_ms});
    draft.look_at(site, site.desired.due_ms);
    operation.sites.push_back(
        {site_id(site.platform_id, site.environment), site.desired.revision, site.seq});
  }
  draft.insert(operation);
  view.version = version.version;
  view.etag = etag_of(version, std::nullopt);
  view.operation = view_of(operation, sites);
  headers.members.emplace_back("etag", view.etag);
  headers.members.emplace_back("location", concat("/api/v1/operations/", operation.id));
  return run.reply(202, to_json(view), std::move(headers));
}

}  // namespace slipway
