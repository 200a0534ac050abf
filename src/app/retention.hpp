// Rows whose time is over: which there are, and their deletion.
#pragma once

#include <vector>

#include "app/run.hpp"

namespace slipway {

/// What one sweep deletes, of each kind a bounded number.
struct OldRows {
  std::vector<OldRow> replies;
  std::vector<OldRow> build_tokens;
  std::vector<OldRow> operations;
  std::vector<BatchRow> batches;
};

/// Asks for them: check `run.incomplete()` afterwards.
[[nodiscard]] OldRows find_old_rows(Run& run);

/// Drafts their deletion; with a batch goes its journal.
void forget_old_rows(Run& run, const OldRows& old);

/// The effect that deletes what is beyond a site's or a platform's kept history.
[[nodiscard]] std::string prune_key(std::string_view site_or_platform);

/// A deployment of the site is live: older ones are deleted where there can be too many.
void prune_after(Run& run, const SiteRow& site);
/// A configuration version was stored: older ones are deleted where there are too many.
void prune_after(Run& run, const PlatformRow& platform);

/// Deletes old configuration versions of the platform.
[[nodiscard]] Outcome prune_versions(Run& run, std::string_view platform_id);
/// Deletes old deployments of the site, here and at Pages.
[[nodiscard]] Outcome prune_deployments(Run& run, std::string_view site_id);

}  // namespace slipway
