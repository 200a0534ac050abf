// The org that a route names: by its slug, or for the people in it by its id.
#pragma once

#include <optional>
#include <utility>

#include "app/run.hpp"
#include "domain/org.hpp"

namespace slipway {

/// The route's org, unless it is deleted or unknown. Asks for the row: check `run.incomplete()`
/// afterwards.
[[nodiscard]] inline std::optional<OrgRow> known_org(Run& run) {
  const std::string_view id = run.param("orgId");
  if (!id.empty()) {
    auto found = run.query<OrgRow>("org_of_id", {std::string(id)});
    return found.empty() ? std::nullopt : std::optional(std::move(found[0]));
  }
  auto org = run.row<OrgRow>("org", run.param("slug"));
  return org && !org->deleted_ms ? std::move(org) : std::nullopt;
}

}  // namespace slipway
