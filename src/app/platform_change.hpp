// What every change of a platform after its creation has in common.
#pragma once

#include <optional>
#include <string>

#include "app/platform_bodies.hpp"
#include "app/run.hpp"

namespace slipway {

/// A platform that is to be changed, with all its sites, those that are gone included.
struct ChangedPlatform {
  PlatformRow platform;
  std::vector<SiteRow> sites;
};

/// Whether the caller only wants to know what would happen.
[[nodiscard]] bool is_dry_run(const Run& run);

/// The fault of a reason in a body, if any.
[[nodiscard]] std::optional<Issue> reason_issue(const std::optional<std::string>& reason);

/// The platform that the path names, whatever its state. Asks for it: check `run.incomplete()`
/// afterwards.
[[nodiscard]] std::optional<ChangedPlatform> changed_platform(Run& run);

/// The view of the platform as it is, with nothing happening to its sites.
[[nodiscard]] PlatformChangeView view_of_change(const Run& run, const PlatformRow& platform);

/// A new operation on the platform.
[[nodiscard]] OperationRow new_operation(Run& run, std::string_view kind,
                                         const PlatformRow& platform);

/// What the operation wants of the site as it is now.
[[nodiscard]] OperationSite wish_of(const SiteRow& site, SiteGoal goal);

/// Ends the round with the view: 202 and the place of the operation where it has one and something
/// was changed, else 200.
[[nodiscard]] Outcome reply_change(Run& run, const PlatformChangeView& view);

}  // namespace slipway
