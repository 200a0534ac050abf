// GET .../config: the configuration as the builder fetches it.
#include "app/change_config.hpp"
#include "app/known_platform.hpp"
#include "app/operations.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

struct Wanted {
  std::optional<Environment> environment;
  std::optional<int64_t> version;
};

/// The version that a build's caller may read of the platform: the one that its deployment pins.
/// Nothing while it is not known, and for every other caller.
std::optional<int64_t> pinned_version(Run& run, std::string_view platform_id) {
  const auto& batch = run.caller().batch;
  if (!batch) return std::nullopt;
  const std::string site = site_id(platform_id, batch->environment);
  for (const BatchMember& member : batch->members) {
    if (member.site != site) continue;
    const auto deployment = run.row<Deployment>("deployment", member.deployment_id);
    if (deployment) return deployment->config_version;
    if (!run.incomplete()) stop_on_damage();
  }
  return std::nullopt;
}

/// The query has been checked against the operation list.
Wanted read_query(const Run& run) {
  return {from_name<Environment>(run.query_param("env").value_or("")),
          to_number(run.query_param("version").value_or(""))};
}

}  // namespace

Outcome config_read(Run& run) {
  const std::string_view id = run.param("platformId");
  const Wanted wanted = read_query(run);
  const auto platform = known_platform(run, id);
  const auto pinned = pinned_version(run, id);
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (pinned && wanted.version.value_or(*pinned) != *pinned) {
    return run.fail({ErrorCode::config_version_unknown, "", {}});
  }
  const int64_t number = wanted.version.value_or(pinned.value_or(platform->config_version));
  const auto version = run.row<ConfigVersionRow>("config_version", config_version_id(id, number));
  if (run.incomplete()) return run.need();
  if (!version) return run.fail({ErrorCode::config_version_unknown, "", {}});

  Map<std::string> headers;
  headers.members = {{"etag", etag_of(*version, wanted.environment)},
                     {"cache-control", "private, no-cache"}};
  if (run.header("if-none-match") == headers.members[0].second) {
    return run.reply(304, "", std::move(headers));
  }
  const auto document = [&](std::string_view name) {
    return run.document(config_document_id(*version, name, wanted.environment));
  };
  const auto features = document("features");
  const auto env = document("env");
  const auto auth = document("auth");
  if (run.incomplete()) return run.need();
  if (!features || !env || !auth) stop_on_damage();
  return run.reply(
      200, to_json(ConfigView{std::string(*features), std::string(*env), std::string(*auth)}),
      std::move(headers));
}

}  // namespace slipway
