// The states of a migration and of an import, and every edge between them. Like transitions.hpp,
// this file knows nothing but states and events; the diagrams of docs/states.md are printed from
// it.
#pragma once

#include <array>
#include <string_view>

#include "domain/transitions.hpp"

namespace slipway {

enum class MigrationState : uint8_t {
  absent,
  imported,
  inspecting,
  switching,
  deploying,
  moving,
  closing,
  migrated,
  removing,
  confirmed,
  returning,
};
template <>
struct describe<MigrationState> {
  static constexpr std::string_view name = "MigrationState";
  static constexpr std::array<std::string_view, 11> names = {
      "absent",  "imported", "inspecting", "switching", "deploying", "moving",
      "closing", "migrated", "removing",   "confirmed", "returning"};
  static constexpr std::array<std::string_view, 11> docs = {
      "the site was not imported",
      "its configuration was read; nothing of the old project was touched",
      "the old project and its domains are looked at",
      "in place: the old project's automatic deployments are switched off",
      "the site is built, uploaded and verified by its served bytes",
      "new project: custom domains move over, one by one",
      "the old project's automatic deployments are switched off, or were found to be",
      "served from Slipway's deployment; may be confirmed or rolled back",
      "confirmed: the old project is deleted",
      "final: Slipway's for good",
      "rolled back: everything goes back to where it was"};
};

enum class ImportState : uint8_t { absent, running, done, stopped };
template <>
struct describe<ImportState> {
  static constexpr std::string_view name = "ImportState";
  static constexpr std::array<std::string_view, 4> names = {"absent", "running", "done", "stopped"};
  static constexpr std::array<std::string_view, 4> docs = {
      "it does not exist", "repositories are listed and read", "every repository has its line",
      "it cannot go on; `failure` says why and what to do"};
};

using M = MigrationState;
inline constexpr std::array migration_edges = {
    Edge<M>{M::absent, "migration_opened", M::imported},
    Edge<M>{M::imported, "migration_requested", M::inspecting},
    Edge<M>{M::inspecting, "migration_refused", M::imported},
    Edge<M>{M::inspecting, "migration_planned_in_place", M::switching},
    Edge<M>{M::inspecting, "migration_planned_new_project", M::deploying},
    Edge<M>{M::switching, "migration_acting", M::switching},
    Edge<M>{M::switching, "migration_switched_off", M::deploying},
    Edge<M>{M::deploying, "migration_verified", M::moving},
    Edge<M>{M::moving, "migration_acting", M::moving},
    Edge<M>{M::moving, "migration_domain_placed", M::moving},
    Edge<M>{M::moving, "migration_domains_settled", M::closing},
    Edge<M>{M::closing, "migration_acting", M::closing},
    Edge<M>{M::closing, "migration_switched_off", M::migrated},
    Edge<M>{M::migrated, "migration_domain_ready", M::moving},
    Edge<M>{M::migrated, "migration_confirmed", M::removing},
    Edge<M>{M::removing, "migration_acting", M::removing},
    Edge<M>{M::removing, "migration_finished", M::confirmed},
    Edge<M>{M::inspecting, "migration_returning", M::returning},
    Edge<M>{M::switching, "migration_returning", M::returning},
    Edge<M>{M::deploying, "migration_returning", M::returning},
    Edge<M>{M::moving, "migration_returning", M::returning},
    Edge<M>{M::closing, "migration_returning", M::returning},
    Edge<M>{M::migrated, "migration_returning", M::returning},
    Edge<M>{M::returning, "migration_acting", M::returning},
    Edge<M>{M::returning, "migration_domain_placed", M::returning},
    Edge<M>{M::returning, "migration_returned", M::imported},
    Edge<M>{M::switching, "migration_stopped", M::switching},
    Edge<M>{M::deploying, "migration_stopped", M::deploying},
    Edge<M>{M::moving, "migration_stopped", M::moving},
    Edge<M>{M::closing, "migration_stopped", M::closing},
    Edge<M>{M::removing, "migration_stopped", M::removing},
    Edge<M>{M::returning, "migration_stopped", M::returning},
    Edge<M>{M::switching, "migration_resumed", M::switching},
    Edge<M>{M::deploying, "migration_resumed", M::deploying},
    Edge<M>{M::moving, "migration_resumed", M::moving},
    Edge<M>{M::closing, "migration_resumed", M::closing},
    Edge<M>{M::removing, "migration_resumed", M::removing},
    Edge<M>{M::returning, "migration_resumed", M::returning},
};

using I = ImportState;
inline constexpr std::array import_edges = {
    Edge<I>{I::absent, "import_started", I::running},
    Edge<I>{I::running, "import_listed", I::running},
    Edge<I>{I::running, "import_read", I::running},
    Edge<I>{I::running, "import_finished", I::done},
    Edge<I>{I::running, "import_stopped", I::stopped},
};
static_assert(detail::edges_are_unique(migration_edges));
static_assert(detail::edges_are_unique(import_edges));

}  // namespace slipway
