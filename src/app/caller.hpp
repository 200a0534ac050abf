// Who is calling, once it has been proved and looked up: what every use case may know of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/control.hpp"
#include "domain/batch.hpp"
#include "domain/org_events.hpp"
#include "domain/token.hpp"

namespace slipway {

/// The author of what nobody asked for: effects and ticks.
inline constexpr std::string_view system_author = "system";

/// The run that GitHub's OIDC token names. It speaks for itself and for no other run.
struct WorkflowRun {
  std::string id;
  std::string attempt;
  std::string environment;  ///< the GitHub environment, `<account>-<env>`
};

struct Caller {
  PrincipalKind kind{};
  std::optional<TokenRow> token;            ///< of an API token: valid now
  std::optional<BatchRow> batch;            ///< of a build's token: the batch that its run holds
  std::optional<OrgRole> role;              ///< of a person: what they are in the route's org
  std::optional<WorkflowRun> workflow_run;  ///< of a builder's run that GitHub vouches for
  /// `admin`, `internal`, the id of the token or the batch, `user:<id>`, or
  /// `github:<owner>/<repository>@run:<id>`; in journals and replies.
  std::string author = std::string(system_author);

  /// Whether the platform may be known to the caller. One that may not be is answered exactly like
  /// one that does not exist.
  [[nodiscard]] bool may_see(std::string_view platform_id) const;
  /// Whether the caller may speak for the run with this id.
  [[nodiscard]] bool speaks_for(std::string_view run_id) const;
};

}  // namespace slipway
