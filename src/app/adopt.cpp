// POST .../environments/{environment}/adopt: a person gives a site the Pages project that has its
// name. Our marker is put into it when the site is looked at (ensure_project.cpp).
#include "app/known_platform.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/project_bodies.hpp"
#include "base/text.hpp"

namespace slipway {

Outcome adopt(Run& run) {
  AdoptBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  const std::string_view platform_id = run.param("platformId");
  const auto environment = from_name<Environment>(run.param("environment"));
  const std::string id = site_id(platform_id, environment.value_or(Environment::dev));
  const auto platform = known_platform(run, platform_id);
  auto site = run.row<SiteRow>("site", id);
  if (run.incomplete()) return run.need();
  if (!platform) return run.fail({ErrorCode::platform_unknown, "", {}});
  if (!environment || !site) return run.fail({ErrorCode::environment_unknown, "", {}});
  if (body.confirm != site->project_name) {
    const std::string rule = concat("must be the project's name: ", site->project_name);
    return run.fail({ErrorCode::body_invalid, "", {{"/confirm", "field.value", rule}}});
  }
  // Asked for again, or not needed: the project is ours, or will be.
  const bool settled = site->state == SiteState::ready || site->adopting;
  const std::string code = site->blocked ? site->blocked->code : "";
  if (code == info(ErrorCode::project_git_connected).name) {
    return run.fail({ErrorCode::project_git_connected, site->project_name, {}});
  }
  if (!settled && code != info(ErrorCode::project_name_taken).name) {
    const std::string detail = concat("the site is ", name_of(site->state));
    return run.fail({ErrorCode::project_not_taken, detail, {}});
  }
  OperationRow operation{run.new_id("op_"), "adopt", std::string(platform_id), {}, run.now_ms()};
  if (site->state == SiteState::blocked) {
    run.draft().record(*site, ProjectAdoptRequested{site->project_name});
    run.draft().look_at(*site, run.now_ms());
  }
  operation.sites.push_back({id, site->desired.revision, site->seq});
  run.draft().insert(operation);
  Map<std::string> headers;
  headers.members.emplace_back("location", concat("/api/v1/operations/", operation.id));
  return run.reply(202, to_json(view_of(operation, {*site})), std::move(headers));
}

}  // namespace slipway
