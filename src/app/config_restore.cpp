// POST .../config/versions/{version}/restore: an earlier version becomes the newest.
#include "app/change_config.hpp"
#include "app/config_bodies.hpp"
#include "app/operations.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// The stored sources of a version that was sent as TypeScript.
std::optional<RenderedConfig> sources_of(Run& run, const ConfigVersionRow& version) {
  const auto document = [&](std::string_view name) {
    return run.document(config_document_id(version, name, std::nullopt));
  };
  const auto features = document("features");
  const auto env = document("env");
  const auto auth = document("auth");
  if (!features || !env || !auth) return std::nullopt;
  return RenderedConfig{std::string(*features), std::string(*env), std::string(*auth)};
}

}  // namespace

Outcome config_restore(Run& run) {
  ConfigRestoreBody body;
  if (!run.body_bytes().empty() || run.input().body_too_large) {
    if (const auto error = run.read_body(body)) return run.fail(*error);
  }
  auto start = begin_config_change(run, body.reason, Precondition::optional);
  if (start.outcome) return std::move(*start.outcome);
  const std::string& id = start.current->platform.platform_id;
  const int64_t number = to_number(run.param("version")).value_or(0);
  const auto version = run.row<ConfigVersionRow>("config_version", config_version_id(id, number));
  if (run.incomplete()) return run.need();
  if (!version) return run.fail({ErrorCode::config_version_unknown, "", {}});

  auto documents = documents_of(run, *version);
  const bool is_source = version->source == ConfigSource::typescript;
  const auto sources = is_source ? sources_of(run, *version) : std::nullopt;
  if (run.incomplete()) return run.need();
  if (is_source ? !sources : !documents) stop_on_damage();
  PreparedConfig next = is_source ? prepare(*sources, {std::move(documents), version->opaque})
                                  : prepare(std::move(*documents));
  return change_config(
      run, std::move(*start.current), std::move(next),
      {"config_restore", body.reason, concat("version ", to_text(number), " restored")});
}

}  // namespace slipway
