#include "domain/migration.hpp"

#include <algorithm>
#include <type_traits>

#include "base/text.hpp"

namespace slipway {
namespace {

std::string_view event_name(const MigrationEvent& event) {
  return std::visit([](const auto& e) { return describe<std::decay_t<decltype(e)>>::name; }, event);
}

/// One overload for each event that changes more than the state.
struct Apply {
  MigrationRow& row;
  int64_t at_ms;

  void operator()(const MigrationOpened& e) const {
    row.platform_id = e.platform_id;
    row.environment = e.environment;
    row.account = e.account;
    row.repository = e.repository;
  }
  void operator()(const MigrationRequested& e) const {
    row.requested = e.mode;
    row.old_name = e.old_name;
    row.failure.reset();
  }
  void operator()(const MigrationRefused& e) const { row.failure = e.failure; }
  void operator()(const MigrationPlannedInPlace& e) const {
    row.mode = MigrationMode::in_place;
    row.old = e.old;
    row.domains = e.domains;
    row.project = e.old.name;
  }
  void operator()(const MigrationPlannedNewProject& e) const {
    row.mode = MigrationMode::new_project;
    row.old = e.old;
    row.domains = e.domains;
    row.project = e.project;
    row.revision = e.revision;
  }
  void operator()(const MigrationActing&) const { ++row.attempts; }
  void operator()(const MigrationSwitchedOff& e) const {
    if (e.revision) row.revision = *e.revision;
    if (e.failure) row.failure = e.failure;
  }
  void operator()(const MigrationVerified&) const {}
  void operator()(const MigrationDomainPlaced& e) const {
    for (MigratingDomain& domain : row.domains) {
      if (domain.name != e.domain) continue;
      domain.place = e.place;
      domain.status = e.status;
      domain.failure = e.failure;
      domain.since_ms = at_ms;
    }
  }
  void operator()(const MigrationDomainsSettled&) const {}
  void operator()(const MigrationDomainReady&) const {
    row.failure.reset();
    for (MigratingDomain& domain : row.domains) {
      if (domain.place != DomainPlace::kept) continue;
      domain.place = DomainPlace::old;
      domain.failure.reset();
      domain.since_ms = at_ms;
    }
  }
  void operator()(const MigrationConfirmed& e) const {
    row.keep_old = e.keep_old;
    row.failure.reset();
  }
  void operator()(const MigrationFinished&) const { row.failure.reset(); }
  void operator()(const MigrationReturning& e) const {
    row.again = e.again;
    row.failure.reset();
    row.returned_for = e.failure;
  }
  void operator()(const MigrationReturned&) const {
    row.mode.reset();
    row.old.reset();
    row.project.clear();
    row.domains.clear();
    row.revision = 0;
    row.again = false;
    row.failure = row.returned_for;
    row.returned_for.reset();
  }
  void operator()(const MigrationStopped& e) const { row.failure = e.failure; }
  void operator()(const MigrationResumed&) const { row.failure.reset(); }
};

}  // namespace

std::string new_project_name(std::string_view platform_id, Environment environment) {
  return concat(platform_id, "-", name_of(environment), "-site");
}

bool allows(const MigrationRow& migration, const MigrationEvent& event) {
  return next_state(migration_edges, migration.state, event_name(event)).has_value();
}

void apply(MigrationRow& migration, const MigrationEvent& event, int64_t at_ms) {
  const auto next = next_state(migration_edges, migration.state, event_name(event));
  if (!next) __builtin_trap();
  std::visit(Apply{migration, at_ms}, event);
  ++migration.seq;
  migration.updated_ms = at_ms;
  if (*next == migration.state) return;
  migration.state = *next;
  migration.attempts = 0;
  migration.since_ms = at_ms;
}

bool rests(const MigrationRow& migration) {
  if (migration.failure) return true;
  return migration.state == MigrationState::imported ||
         migration.state == MigrationState::migrated ||
         migration.state == MigrationState::confirmed;
}

}  // namespace slipway
