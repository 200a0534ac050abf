// POST .../environments/{environment}/deployments: deploys the latest configuration again, by hand.
// It is also the way out of a block and of a rollback.
#include "app/bodies.hpp"
#include "app/drift.hpp"
#include "app/known_platform.hpp"
#include "app/operations.hpp"
#include "app/reply_wish.hpp"
#include "base/text.hpp"

namespace slipway {

Outcome deployment_request(Run& run) {
  DeploymentRequestBody body;
  if (!run.body_bytes().empty() || run.input().body_too_large) {
    if (const auto error = run.read_body(body)) return run.fail(*error);
  }
  constexpr size_t reason_bytes_max = 500;
  if (body.reason && (body.reason->empty() || body.reason->size() > reason_bytes_max)) {
    return run.fail(
        {ErrorCode::body_invalid, "", {{"/reason", "field.value", "must be 1 to 500 bytes"}}});
  }
  const std::string_view platform_id = run.param("platformId");
  const auto environment = from_name<Environment>(run.param("environment"));
  const auto platform = known_platform(run, platform_id);
  auto site =
      run.row<SiteRow>("site", site_id(platform_id, environment.value_or(Environment::dev)));
  if (run.incomplete()) return run.need();
  if (const auto fault = platform_fault(platform)) return run.fail(*fault);
  if (!environment || !site || site->deleted_ms) {
    return run.fail({ErrorCode::environment_unknown, "", {}});
  }
  if (is_leaving(site->state)) {
    return run.fail({ErrorCode::environment_deleting, std::string(name_of(*environment)), {}});
  }

  if (site->state == SiteState::imported) return run.fail({ErrorCode::site_imported, "", {}});

  Draft& draft = run.draft();
  const std::string reason = body.reason.value_or("requested");
  const bool half_way = is_rolling_back(*site) && site->pin->attempts > 0;
  if (site->pin) draft.record(*site, SiteUnpinned{reason});
  draft.record(
      *site, DesiredChanged{platform->config_version, std::string(run.setting("SHELL_SHA")), reason,
                            run.now_ms(), true});
  const int64_t wish_seq = site->seq;
  if (site->state == SiteState::blocked) draft.record(*site, SiteUnblocked{reason});
  draft.look_at(*site, run.now_ms());
  if (half_way) {
    // Pages may serve the old deployment from now on: until the new one is live that is a drift.
    const int64_t certain_ms = run.now_ms() + limits::late_effect_ms;
    draft.resend({drift_key(site_id(platform_id, *environment)), site->seq, certain_ms, {}});
  }
  return reply_wish(run, "deployment_request", *site, wish_seq);
}

}  // namespace slipway
