// What the steps of a migration share, and the steps themselves: one function for each state, each
// of which looks, writes ahead, makes at most a few writes and says when to look again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/run.hpp"
#include "upstream/pages_git.hpp"

namespace slipway {

/// A migration that is looked at.
struct Migrating {
  Run& run;
  MigrationRow& row;
  const pages::Account& account;
};

/// Looks again after `wait` milliseconds.
[[nodiscard]] Outcome later(Migrating& at, int64_t wait);

/// A person has to act before it goes on.
[[nodiscard]] Outcome stop(Migrating& at, Failure why);

/// A person holds the site's builds: says so and rests; resuming them wakes it.
[[nodiscard]] Outcome hold(Migrating& at, Failure why);

/// Looks less and less often the longer the state lasts: from 2 s to 30 s.
[[nodiscard]] Outcome poll(Migrating& at);

/// The answer to a write or a look that brought nothing: asked again later, or, where it is a
/// refusal, a person has to act.
[[nodiscard]] Outcome not_done(Migrating& at, const Answer& answer);

/// Makes one write, after it was recorded what is about to be tried. Null while it has not been
/// made: then return `run.act_now()`.
[[nodiscard]] const Answer* write(Migrating& at, std::string_view act, std::string_view subject,
                                  const Request& request);

/// Whether the answer says that there is no such thing.
[[nodiscard]] bool says_absent(Run& run, const Answer& answer);

/// Whether the site's life that is migrated is over: it was deleted, and may live anew.
[[nodiscard]] bool is_gone(const SiteRow& site);

/// Why nothing is built for the site until a person lets it be built again.
[[nodiscard]] std::optional<Failure> held_by(const SiteRow& site);

/// The site's id in names and markers.
[[nodiscard]] std::string site_of(const MigrationRow& row);

/// What was found out about the old project, without touching anything.
struct Inspection {
  const Answer* unclear = nullptr;  ///< a look that says nothing now
  std::optional<Failure> refusal;   ///< why it cannot be done like this
  MigrationMode mode{};             ///< in place or a new project
  OldProject old;
  std::vector<MigratingDomain> domains;
};

/// Looks at the old project. Nothing while something is not known.
[[nodiscard]] std::optional<Inspection> inspect(Run& run, const MigrationRow& row,
                                                const pages::Account& account, MigrationMode wanted,
                                                const std::optional<std::string>& old_name);

// The steps, by state.
[[nodiscard]] Outcome inspect_old(Migrating& at);
[[nodiscard]] Outcome switch_off(Migrating& at);
[[nodiscard]] Outcome follow_site(Migrating& at);
[[nodiscard]] Outcome move_domains(Migrating& at);
[[nodiscard]] Outcome close_old(Migrating& at);
[[nodiscard]] Outcome watch_domains(Migrating& at);
[[nodiscard]] Outcome remove_old(Migrating& at);
[[nodiscard]] Outcome give_back(Migrating& at);

/// Brings the custom domains back to the old project; nothing when all of them are there.
[[nodiscard]] std::optional<Outcome> return_domains(Migrating& at);

/// Deletes a project and, where there are too many, its deployments first; nothing when it is gone.
/// `is_ours` says of what is found whether it may be deleted; what may not be is left alone.
[[nodiscard]] std::optional<Outcome> remove_project(
    Migrating& at, const std::string& project,
    bool (*is_ours)(const MigrationRow&, const pages::ConnectedProject&));

}  // namespace slipway
