// The states of an org's publishing and of its publications, and every edge between them. Like
// transitions.hpp, this file knows nothing but states and events; the diagrams of docs/states.md
// are printed from it.
#pragma once

#include <array>
#include <string_view>

#include "domain/transitions.hpp"

namespace slipway {

enum class OrgState : uint8_t { absent, unset, creating, connecting, ready, blocked, deleted };
template <>
struct describe<OrgState> {
  static constexpr std::string_view name = "OrgState";
  static constexpr std::array<std::string_view, 7> names = {
      "absent", "unset", "creating", "connecting", "ready", "blocked", "deleted"};
  static constexpr std::array<std::string_view, 7> docs = {
      "nobody has registered the org",
      "it has no project of its own",
      "its git-connected Pages project is looked for and made",
      "the project exists; its deploy hook is made",
      "project and hook exist: it can be published",
      "a person has to act before it goes on; the row says what to do",
      "it was removed; its Pages project is left as it is"};
};

enum class PublicationState : uint8_t {
  absent,
  planned,
  starting,
  unknown,
  building,
  verifying,
  live,
  failed,
  cancelled,
  superseded,
  triggered,
};
template <>
struct describe<PublicationState> {
  static constexpr std::string_view name = "PublicationState";
  static constexpr std::array<std::string_view, 11> names = {
      "absent", "planned", "starting",  "unknown",    "building", "verifying",
      "live",   "failed",  "cancelled", "superseded", "triggered"};
  static constexpr std::array<std::string_view, 11> docs = {
      "it does not exist",
      "it was asked for and is started next",
      "its start was written down and may have been sent",
      "the answer to its start was lost: it is looked for in the project",
      "Pages builds it",
      "Pages calls it deployed: the served site is looked at",
      "the site serves it, or a sign-in wall hid it (`verified` says which)",
      "it ended badly; `failure` says why and what to do",
      "it was stopped at Pages, or its org was removed",
      "Pages serves or builds a newer one instead",
      "its hook was called; the project cannot be read, so it is not followed"};
};

/// Whether a publication has come to its end, good or bad.
[[nodiscard]] constexpr bool is_terminal(PublicationState state) {
  return state >= PublicationState::live;
}

using O = OrgState;
inline constexpr std::array org_edges = {
    Edge<O>{O::absent, "org_created", O::unset},
    Edge<O>{O::deleted, "org_created", O::unset},
    Edge<O>{O::unset, "org_changed", O::unset},
    Edge<O>{O::creating, "org_changed", O::creating},
    Edge<O>{O::connecting, "org_changed", O::connecting},
    Edge<O>{O::ready, "org_changed", O::ready},
    Edge<O>{O::blocked, "org_changed", O::blocked},
    Edge<O>{O::unset, "org_deleted", O::deleted},
    Edge<O>{O::creating, "org_deleted", O::deleted},
    Edge<O>{O::connecting, "org_deleted", O::deleted},
    Edge<O>{O::ready, "org_deleted", O::deleted},
    Edge<O>{O::blocked, "org_deleted", O::deleted},
    Edge<O>{O::unset, "provision_requested", O::creating},
    Edge<O>{O::blocked, "provision_requested", O::creating},
    Edge<O>{O::creating, "git_project_create_started", O::creating},
    Edge<O>{O::creating, "provision_deferred", O::creating},
    Edge<O>{O::creating, "git_project_ready", O::connecting},
    Edge<O>{O::creating, "publishing_blocked", O::blocked},
    Edge<O>{O::ready, "git_project_updated", O::ready},
    Edge<O>{O::blocked, "git_project_updated", O::blocked},
    Edge<O>{O::ready, "hook_rotation_requested", O::connecting},
    Edge<O>{O::connecting, "hook_create_started", O::connecting},
    Edge<O>{O::connecting, "hook_orphaned", O::connecting},
    Edge<O>{O::connecting, "provision_deferred", O::connecting},
    Edge<O>{O::connecting, "hook_stored", O::ready},
    Edge<O>{O::connecting, "publishing_blocked", O::blocked},
    Edge<O>{O::connecting, "git_project_gone", O::blocked},
    Edge<O>{O::ready, "git_project_gone", O::blocked},
    Edge<O>{O::ready, "hook_retired", O::ready},
    Edge<O>{O::unset, "manual_hook_set", O::unset},
    Edge<O>{O::creating, "manual_hook_set", O::creating},
    Edge<O>{O::connecting, "manual_hook_set", O::connecting},
    Edge<O>{O::ready, "manual_hook_set", O::ready},
    Edge<O>{O::blocked, "manual_hook_set", O::blocked},
    Edge<O>{O::unset, "manual_hook_removed", O::unset},
    Edge<O>{O::creating, "manual_hook_removed", O::creating},
    Edge<O>{O::connecting, "manual_hook_removed", O::connecting},
    Edge<O>{O::ready, "manual_hook_removed", O::ready},
    Edge<O>{O::blocked, "manual_hook_removed", O::blocked},
    Edge<O>{O::unset, "hook_revealed", O::unset},
    Edge<O>{O::creating, "hook_revealed", O::creating},
    Edge<O>{O::connecting, "hook_revealed", O::connecting},
    Edge<O>{O::ready, "hook_revealed", O::ready},
    Edge<O>{O::blocked, "hook_revealed", O::blocked},
};

using P = PublicationState;
inline constexpr std::array publication_edges = {
    Edge<P>{P::absent, "publication_planned", P::planned},
    Edge<P>{P::planned, "publication_wished", P::planned},
    Edge<P>{P::starting, "publication_wished", P::starting},
    Edge<P>{P::unknown, "publication_wished", P::unknown},
    Edge<P>{P::building, "publication_wished", P::building},
    Edge<P>{P::verifying, "publication_wished", P::verifying},
    Edge<P>{P::planned, "publication_starting", P::starting},
    Edge<P>{P::unknown, "publication_starting", P::starting},
    Edge<P>{P::starting, "publication_unclear", P::unknown},
    Edge<P>{P::starting, "publication_deferred", P::planned},
    Edge<P>{P::starting, "publication_started", P::building},
    Edge<P>{P::unknown, "publication_started", P::building},
    Edge<P>{P::starting, "publication_triggered", P::triggered},
    Edge<P>{P::building, "publication_triggered", P::triggered},
    Edge<P>{P::building, "publication_progressed", P::building},
    Edge<P>{P::building, "publication_deployed", P::verifying},
    Edge<P>{P::verifying, "publication_live", P::live},
    Edge<P>{P::planned, "publication_failed", P::failed},
    Edge<P>{P::starting, "publication_failed", P::failed},
    Edge<P>{P::unknown, "publication_failed", P::failed},
    Edge<P>{P::building, "publication_failed", P::failed},
    Edge<P>{P::verifying, "publication_failed", P::failed},
    Edge<P>{P::building, "publication_superseded", P::superseded},
    Edge<P>{P::verifying, "publication_superseded", P::superseded},
    Edge<P>{P::planned, "publication_cancelled", P::cancelled},
    Edge<P>{P::starting, "publication_cancelled", P::cancelled},
    Edge<P>{P::unknown, "publication_cancelled", P::cancelled},
    Edge<P>{P::building, "publication_cancelled", P::cancelled},
    Edge<P>{P::verifying, "publication_cancelled", P::cancelled},
};

namespace detail {
template <size_t N>
constexpr bool publications_end(const std::array<Edge<PublicationState>, N>& edges) {
  for (const auto& edge : edges) {
    if (is_terminal(edge.from)) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::edges_are_unique(org_edges));
static_assert(detail::edges_are_unique(publication_edges));
static_assert(detail::publications_end(publication_edges));

}  // namespace slipway
