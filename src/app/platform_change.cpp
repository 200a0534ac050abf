#include "app/platform_change.hpp"

#include "app/operation_view.hpp"
#include "base/text.hpp"

namespace slipway {

bool is_dry_run(const Run& run) { return run.query_param("dryRun") == "true"; }

std::optional<Issue> reason_issue(const std::optional<std::string>& reason) {
  constexpr size_t reason_bytes_max = 500;
  if (!reason || (!reason->empty() && reason->size() <= reason_bytes_max)) return std::nullopt;
  return Issue{"/reason", "field.value", "must be 1 to 500 bytes"};
}

std::optional<ChangedPlatform> changed_platform(Run& run) {
  const std::string id(run.param("platformId"));
  auto platform = run.row<PlatformRow>("platform", id);
  auto sites = run.query<SiteRow>("sites_of_platform", {id, number(100)});
  if (!platform) return std::nullopt;
  return ChangedPlatform{std::move(*platform), std::move(sites)};
}

PlatformChangeView view_of_change(const Run& run, const PlatformRow& platform) {
  PlatformChangeView view;
  view.platform_id = platform.platform_id;
  view.dry_run = is_dry_run(run);
  view.name = platform.name;
  view.environments = platform.environments;
  return view;
}

OperationRow new_operation(Run& run, std::string_view kind, const PlatformRow& platform) {
  return {run.new_id("op_"), std::string(kind), platform.platform_id, {}, run.now_ms()};
}

OperationSite wish_of(const SiteRow& site, SiteGoal goal) {
  OperationSite wish{site_id(site.platform_id, site.environment), site.desired.revision, site.seq};
  if (goal != SiteGoal::served) wish.goal = goal;
  return wish;
}

Outcome reply_change(Run& run, const PlatformChangeView& view) {
  if (!view.changed || !view.operation) return run.reply(200, to_json(view));
  Map<std::string> headers;
  headers.members.emplace_back("location",
                               concat("/api/v1/operations/", view.operation->operation_id));
  return run.reply(202, to_json(view), std::move(headers));
}

}  // namespace slipway
