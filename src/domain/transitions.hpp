// Every edge of every state machine, one line each. Two rules:
// everything that changes a state stands in this file; this file knows nothing but states and
// events. The diagrams of docs/states.md are printed from these tables.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "domain/states.hpp"

namespace slipway {

/// From one state, by an event of that name, to another.
template <class State>
struct Edge {
  State from;
  std::string_view event;
  State to;
};

inline constexpr std::array site_edges = {
    Edge<SiteState>{SiteState::absent, "site_planned", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "site_placed", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "site_displaced", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "project_create_started", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "project_create_deferred", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "project_adopt_started", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "project_ready", SiteState::ready},
    Edge<SiteState>{SiteState::creating, "site_blocked", SiteState::blocked},
    Edge<SiteState>{SiteState::creating, "desired_changed", SiteState::creating},
    Edge<SiteState>{SiteState::ready, "desired_changed", SiteState::ready},
    Edge<SiteState>{SiteState::ready, "project_missing", SiteState::creating},
    Edge<SiteState>{SiteState::blocked, "desired_changed", SiteState::blocked},
    Edge<SiteState>{SiteState::blocked, "site_unblocked", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "site_suspended", SiteState::suspended},
    Edge<SiteState>{SiteState::ready, "site_suspended", SiteState::suspended},
    Edge<SiteState>{SiteState::blocked, "site_suspended", SiteState::suspended},
    Edge<SiteState>{SiteState::suspended, "desired_changed", SiteState::suspended},
    Edge<SiteState>{SiteState::suspended, "site_resumed", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "site_deletion_started", SiteState::deleting},
    Edge<SiteState>{SiteState::ready, "site_deletion_started", SiteState::deleting},
    Edge<SiteState>{SiteState::blocked, "site_deletion_started", SiteState::deleting},
    Edge<SiteState>{SiteState::suspended, "site_deletion_started", SiteState::deleting},
    Edge<SiteState>{SiteState::imported, "site_deletion_started", SiteState::deleting},
    Edge<SiteState>{SiteState::deleting, "site_deletion_started", SiteState::deleting},
    Edge<SiteState>{SiteState::deleting, "project_removal_started", SiteState::deleting},
    Edge<SiteState>{SiteState::deleting, "project_removal_blocked", SiteState::deleting},
    Edge<SiteState>{SiteState::deleting, "site_deleted", SiteState::deleted},
    Edge<SiteState>{SiteState::deleted, "site_planned", SiteState::creating},
    Edge<SiteState>{SiteState::blocked, "project_adopt_requested", SiteState::creating},
    Edge<SiteState>{SiteState::absent, "site_imported", SiteState::imported},
    Edge<SiteState>{SiteState::imported, "desired_changed", SiteState::imported},
    Edge<SiteState>{SiteState::imported, "site_taken_over", SiteState::ready},
    Edge<SiteState>{SiteState::imported, "site_replaced", SiteState::creating},
    Edge<SiteState>{SiteState::creating, "site_returned", SiteState::imported},
    Edge<SiteState>{SiteState::ready, "site_returned", SiteState::imported},
    Edge<SiteState>{SiteState::blocked, "site_returned", SiteState::imported},
    Edge<SiteState>{SiteState::suspended, "site_returned", SiteState::imported},
    Edge<SiteState>{SiteState::creating, "builds_paused", SiteState::creating},
    Edge<SiteState>{SiteState::ready, "builds_paused", SiteState::ready},
    Edge<SiteState>{SiteState::blocked, "builds_paused", SiteState::blocked},
    Edge<SiteState>{SiteState::suspended, "builds_paused", SiteState::suspended},
    Edge<SiteState>{SiteState::imported, "builds_paused", SiteState::imported},
    Edge<SiteState>{SiteState::creating, "builds_resumed", SiteState::creating},
    Edge<SiteState>{SiteState::ready, "builds_resumed", SiteState::ready},
    Edge<SiteState>{SiteState::blocked, "builds_resumed", SiteState::blocked},
    Edge<SiteState>{SiteState::suspended, "builds_resumed", SiteState::suspended},
    Edge<SiteState>{SiteState::imported, "builds_resumed", SiteState::imported},
    Edge<SiteState>{SiteState::ready, "site_pinned", SiteState::ready},
    Edge<SiteState>{SiteState::creating, "site_unpinned", SiteState::creating},
    Edge<SiteState>{SiteState::ready, "site_unpinned", SiteState::ready},
    Edge<SiteState>{SiteState::blocked, "site_unpinned", SiteState::blocked},
    Edge<SiteState>{SiteState::suspended, "site_unpinned", SiteState::suspended},
    Edge<SiteState>{SiteState::ready, "rollback_started", SiteState::ready},
    Edge<SiteState>{SiteState::ready, "rollback_refused", SiteState::ready},
    Edge<SiteState>{SiteState::ready, "site_rolled_back", SiteState::ready},
    Edge<SiteState>{SiteState::ready, "site_drifted", SiteState::ready},
    Edge<SiteState>{SiteState::suspended, "site_drifted", SiteState::suspended},
    Edge<SiteState>{SiteState::ready, "site_matches", SiteState::ready},
    Edge<SiteState>{SiteState::suspended, "site_matches", SiteState::suspended},
};

using D = DeploymentState;
inline constexpr std::array deployment_edges = {
    Edge<D>{D::absent, "deployment_planned", D::planned},
    Edge<D>{D::planned, "deployment_dispatching", D::dispatching},
    Edge<D>{D::dispatching, "deployment_dispatched", D::dispatched},
    Edge<D>{D::dispatching, "deployment_dispatch_unknown", D::unknown},
    Edge<D>{D::dispatching, "deployment_dispatch_deferred", D::planned},
    Edge<D>{D::unknown, "deployment_dispatched", D::dispatched},
    Edge<D>{D::unknown, "deployment_dispatch_deferred", D::planned},
    Edge<D>{D::planned, "deployment_retargeted", D::planned},
    Edge<D>{D::planned, "deployment_running", D::running},
    Edge<D>{D::dispatching, "deployment_running", D::running},
    Edge<D>{D::unknown, "deployment_running", D::running},
    Edge<D>{D::dispatched, "deployment_running", D::running},
    Edge<D>{D::running, "deployment_uploaded", D::uploaded},
    Edge<D>{D::uploaded, "deployment_verifying", D::verifying},
    Edge<D>{D::verifying, "deployment_live", D::live},
    Edge<D>{D::planned, "deployment_failed", D::failed},
    Edge<D>{D::dispatching, "deployment_failed", D::failed},
    Edge<D>{D::unknown, "deployment_failed", D::failed},
    Edge<D>{D::dispatched, "deployment_failed", D::failed},
    Edge<D>{D::running, "deployment_failed", D::failed},
    Edge<D>{D::uploaded, "deployment_failed", D::failed},
    Edge<D>{D::verifying, "deployment_failed", D::failed},
    Edge<D>{D::dispatched, "deployment_lost", D::lost},
    Edge<D>{D::running, "deployment_lost", D::lost},
    Edge<D>{D::planned, "deployment_lost", D::lost},
    Edge<D>{D::planned, "deployment_superseded", D::superseded},
    Edge<D>{D::planned, "deployment_cancelled", D::cancelled},
    Edge<D>{D::dispatching, "deployment_cancelled", D::cancelled},
    Edge<D>{D::unknown, "deployment_cancelled", D::cancelled},
    Edge<D>{D::dispatched, "deployment_cancelled", D::cancelled},
    Edge<D>{D::running, "deployment_cancelled", D::cancelled},
    Edge<D>{D::uploaded, "deployment_cancelled", D::cancelled},
    Edge<D>{D::verifying, "deployment_cancelled", D::cancelled},
};

using B = BatchState;
inline constexpr std::array batch_edges = {
    Edge<B>{B::absent, "batch_planned", B::planned},
    Edge<B>{B::planned, "batch_dispatch_started", B::dispatching},
    Edge<B>{B::dispatching, "batch_dispatched", B::dispatched},
    Edge<B>{B::dispatching, "batch_dispatch_unknown", B::unknown},
    Edge<B>{B::dispatching, "batch_dispatch_deferred", B::planned},
    Edge<B>{B::unknown, "batch_dispatched", B::dispatched},
    Edge<B>{B::unknown, "batch_dispatch_deferred", B::planned},
    Edge<B>{B::planned, "batch_claimed", B::claimed},
    Edge<B>{B::dispatching, "batch_claimed", B::claimed},
    Edge<B>{B::unknown, "batch_claimed", B::claimed},
    Edge<B>{B::dispatched, "batch_claimed", B::claimed},
    Edge<B>{B::claimed, "batch_claimed", B::claimed},
    Edge<B>{B::dispatched, "batch_run_hinted", B::dispatched},
    Edge<B>{B::claimed, "batch_run_hinted", B::claimed},
    Edge<B>{B::dispatched, "batch_run_seen", B::dispatched},
    Edge<B>{B::claimed, "batch_run_seen", B::claimed},
    Edge<B>{B::planned, "batch_closed", B::closed},
    Edge<B>{B::dispatching, "batch_closed", B::closed},
    Edge<B>{B::unknown, "batch_closed", B::closed},
    Edge<B>{B::dispatched, "batch_closed", B::closed},
    Edge<B>{B::claimed, "batch_closed", B::closed},
    Edge<B>{B::closed, "batch_run_cancel_started", B::closed},
    Edge<B>{B::closed, "batch_run_cancelled", B::closed},
};

using A = AccountState;
inline constexpr std::array account_edges = {
    Edge<A>{A::absent, "account_registered", A::open},
    Edge<A>{A::removed, "account_registered", A::open},
    Edge<A>{A::open, "account_changed", A::open},
    Edge<A>{A::full, "account_changed", A::full},
    Edge<A>{A::closed, "account_changed", A::closed},
    Edge<A>{A::open, "account_filled", A::full},
    Edge<A>{A::open, "account_closed", A::closed},
    Edge<A>{A::full, "account_closed", A::closed},
    Edge<A>{A::full, "account_opened", A::open},
    Edge<A>{A::closed, "account_opened", A::open},
    Edge<A>{A::open, "place_taken", A::open},
    Edge<A>{A::full, "place_taken", A::full},
    Edge<A>{A::closed, "place_taken", A::closed},
    Edge<A>{A::open, "place_freed", A::open},
    Edge<A>{A::full, "place_freed", A::full},
    Edge<A>{A::closed, "place_freed", A::closed},
    Edge<A>{A::open, "places_counted", A::open},
    Edge<A>{A::open, "account_removed", A::removed},
    Edge<A>{A::full, "account_removed", A::removed},
    Edge<A>{A::closed, "account_removed", A::removed},
};

/// Events that only earlier versions wrote: their edges fold what is stored. Since batches carry
/// the dispatch, no deployment comes to the states that they lead to.
inline constexpr std::array<std::string_view, 5> earlier_events = {
    "deployment_dispatching", "deployment_dispatched", "deployment_dispatch_unknown",
    "deployment_dispatch_deferred", "places_counted"};
inline constexpr std::array earlier_states = {D::dispatching, D::unknown, D::dispatched};

/// Where the edge for `event` leads from `from`; nothing where there is no such edge.
template <class State, size_t N>
[[nodiscard]] constexpr std::optional<State> next_state(const std::array<Edge<State>, N>& edges,
                                                        State from, std::string_view event) {
  for (const Edge<State>& edge : edges) {
    if (edge.from == from && edge.event == event) return edge.to;
  }
  return std::nullopt;
}

namespace detail {
template <class State, size_t N>
constexpr bool edges_are_unique(const std::array<Edge<State>, N>& edges) {
  for (size_t i = 0; i < N; ++i) {
    for (size_t j = i + 1; j < N; ++j) {
      if (edges[i].from == edges[j].from && edges[i].event == edges[j].event) return false;
    }
  }
  return true;
}
template <size_t N>
constexpr bool ends_are_ends(const std::array<Edge<DeploymentState>, N>& edges) {
  for (const auto& edge : edges) {
    if (is_terminal(edge.from)) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::edges_are_unique(site_edges));
static_assert(detail::edges_are_unique(deployment_edges));
static_assert(detail::edges_are_unique(batch_edges));
static_assert(detail::edges_are_unique(account_edges));
static_assert(detail::ends_are_ends(deployment_edges));

}  // namespace slipway
