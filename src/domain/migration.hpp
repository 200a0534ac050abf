// The migration of one site from its git-connected project to Slipway's own deployments. Its row
// holds what the old project was, so that everything can go back, and where each of its custom
// domains is. Whether the site is served is the site's own matter (site.hpp).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/failure.hpp"
#include "domain/migration_states.hpp"
#include "domain/names.hpp"

namespace slipway {

/// How a site is taken over.
enum class MigrationMode : uint8_t { automatic, in_place, new_project };
template <>
struct describe<MigrationMode> {
  static constexpr std::string_view name = "MigrationMode";
  static constexpr std::array<std::string_view, 3> names = {"auto", "in_place", "new_project"};
};

/// The git-connected project as it was found.
struct OldProject {
  std::string name;
  std::string subdomain;
  std::string branch;
  std::string source_type;
  std::optional<std::string> deployment_id;
  bool deployments_enabled = true;
  bool production_deployments_enabled = true;
  std::string preview_deployment_setting;
};
template <>
struct describe<OldProject> {
  static constexpr std::string_view name = "OldProject";
  static constexpr std::string_view doc = "The git-connected project as it was found.";
  static constexpr std::array fields = {
      field<&OldProject::name>("name", "the Pages project"),
      field<&OldProject::subdomain>("subdomain", "its host name"),
      field<&OldProject::branch>("branch", "its production branch"),
      field<&OldProject::source_type>("sourceType", "github or gitlab"),
      field<&OldProject::deployment_id>("deploymentId", "what it served"),
      field<&OldProject::deployments_enabled>("deploymentsEnabled", "it built pushes"),
      field<&OldProject::production_deployments_enabled>("productionDeploymentsEnabled",
                                                         "it built its production branch"),
      field<&OldProject::preview_deployment_setting>("previewDeploymentSetting",
                                                     "which other branches it built"),
  };
};

/// Which project has a custom domain.
enum class DomainPlace : uint8_t { old, moving, fresh, putting_back, kept };
template <>
struct describe<DomainPlace> {
  static constexpr std::string_view name = "DomainPlace";
  static constexpr std::array<std::string_view, 5> names = {"old", "moving", "new", "putting_back",
                                                            "kept"};
};

struct MigratingDomain {
  std::string name;
  DomainPlace place{};
  std::string status;
  int64_t since_ms = 0;
  std::optional<Failure> failure;
};
template <>
struct describe<MigratingDomain> {
  static constexpr std::string_view name = "MigratingDomain";
  static constexpr std::string_view doc = "A custom domain of the site.";
  static constexpr std::array fields = {
      field<&MigratingDomain::name>("name", "the host name"),
      field<&MigratingDomain::place>(
          "place", "which project has it; kept: the old one, until a person has acted"),
      field<&MigratingDomain::status>("status", "Cloudflare's word, when it was last seen"),
      field<&MigratingDomain::since_ms>("sinceMs", "when it came to its place"),
      field<&MigratingDomain::failure>("failure", "why it could not move"),
  };
};

struct MigrationRow {
  int64_t seq = 0;
  std::string platform_id;
  Environment environment{};
  std::string account;
  std::string repository;
  MigrationState state{};
  MigrationMode requested{};
  std::optional<std::string> old_name;
  std::optional<MigrationMode> mode;
  std::optional<OldProject> old;
  std::string project;
  int64_t revision = 0;
  std::vector<MigratingDomain> domains;
  std::optional<Failure> failure;
  std::optional<Failure> returned_for;
  bool again = false;
  bool keep_old = false;
  int64_t attempts = 0;
  int64_t since_ms = 0;
  int64_t updated_ms = 0;
};
template <>
struct describe<MigrationRow> {
  static constexpr std::string_view name = "MigrationRow";
  static constexpr std::string_view doc = "The migration of a site as it is stored.";
  static constexpr std::array fields = {
      field<&MigrationRow::seq>("seq", "events so far"),
      field<&MigrationRow::platform_id>("platform_id", "the platform"),
      field<&MigrationRow::environment>("environment", "the environment"),
      field<&MigrationRow::account>("account", "the Cloudflare account of the old project"),
      field<&MigrationRow::repository>("repository", "`owner/name` that it was imported from"),
      field<&MigrationRow::state>("state", "how far it is"),
      field<&MigrationRow::requested>("requested", "how it was asked for"),
      field<&MigrationRow::old_name>("old_name", "the old project, where a person named it"),
      field<&MigrationRow::mode>("mode", "how it is done, once that is known"),
      field<&MigrationRow::old>("old", "the old project as it was found"),
      field<&MigrationRow::project>("project", "the project that Slipway deploys to"),
      field<&MigrationRow::revision>("revision", "the site's wish that must be served"),
      field<&MigrationRow::domains>("domains", "custom domains"),
      field<&MigrationRow::failure>("failure", "why it rests, or what a person should know"),
      field<&MigrationRow::returned_for>("returned_for", "why it goes back, if not by a person"),
      field<&MigrationRow::again>("again", "after the way back, a new project is tried"),
      field<&MigrationRow::keep_old>("keep_old", "the old project stays when it is confirmed"),
      field<&MigrationRow::attempts>("attempts", "writes tried in this state"),
      field<&MigrationRow::since_ms>("since_ms", "when it came to this state"),
      field<&MigrationRow::updated_ms>("updated_ms", "last change, milliseconds since the epoch"),
  };
};

struct MigrationOpened {
  std::string platform_id;
  Environment environment{};
  std::string account;
  std::string repository;
};
struct MigrationRequested {
  MigrationMode mode{};
  std::optional<std::string> old_name;
};
struct MigrationRefused {
  Failure failure;
};
struct MigrationPlannedInPlace {
  OldProject old;
  std::vector<MigratingDomain> domains;
};
struct MigrationPlannedNewProject {
  OldProject old;
  std::vector<MigratingDomain> domains;
  std::string project;
  int64_t revision = 0;
};
struct MigrationActing {
  std::string act;
  std::string subject;
};
struct MigrationSwitchedOff {
  std::optional<int64_t> revision;
  std::optional<Failure> failure;
};
struct MigrationVerified {
  std::string deployment_id;
};
struct MigrationDomainPlaced {
  std::string domain;
  DomainPlace place{};
  std::string status;
  std::optional<Failure> failure;
};
struct MigrationDomainsSettled {
  int64_t kept = 0;
};
struct MigrationDomainReady {
  std::string reason;
};
struct MigrationConfirmed {
  bool keep_old = false;
};
struct MigrationFinished {
  bool deleted = false;
};
struct MigrationReturning {
  bool again = false;
  std::optional<Failure> failure;
  std::optional<std::string> reason;
};
struct MigrationReturned {
  bool deleted = false;
};
struct MigrationStopped {
  Failure failure;
};
struct MigrationResumed {
  std::string reason;
};

template <>
struct describe<MigrationOpened> {
  static constexpr std::string_view name = "migration_opened";
  static constexpr std::string_view doc = "The site was imported; its migration may begin.";
  static constexpr std::array fields = {
      field<&MigrationOpened::platform_id>("platform_id", "the platform"),
      field<&MigrationOpened::environment>("environment", "the environment"),
      field<&MigrationOpened::account>("account", "the Cloudflare account of the old project"),
      field<&MigrationOpened::repository>("repository", "`owner/name` that it was imported from"),
  };
};
template <>
struct describe<MigrationRequested> {
  static constexpr std::string_view name = "migration_requested";
  static constexpr std::string_view doc = "The old project is to be looked at and taken over.";
  static constexpr std::array fields = {
      field<&MigrationRequested::mode>("mode", "how"),
      field<&MigrationRequested::old_name>("old_name", "the old project, where a person named it"),
  };
};
template <>
struct describe<MigrationRefused> {
  static constexpr std::string_view name = "migration_refused";
  static constexpr std::string_view doc = "It cannot be done like this; nothing was touched.";
  static constexpr std::array fields = {
      field<&MigrationRefused::failure>("failure", "why"),
  };
};
template <>
struct describe<MigrationPlannedInPlace> {
  static constexpr std::string_view name = "migration_planned_in_place";
  static constexpr std::string_view doc = "The old project will be deployed to.";
  static constexpr std::array fields = {
      field<&MigrationPlannedInPlace::old>("old", "as it was found"),
      field<&MigrationPlannedInPlace::domains>("domains", "custom domains"),
  };
};
template <>
struct describe<MigrationPlannedNewProject> {
  static constexpr std::string_view name = "migration_planned_new_project";
  static constexpr std::string_view doc = "A new project will be deployed to.";
  static constexpr std::array fields = {
      field<&MigrationPlannedNewProject::old>("old", "as it was found"),
      field<&MigrationPlannedNewProject::domains>("domains", "custom domains"),
      field<&MigrationPlannedNewProject::project>("project", "the new project"),
      field<&MigrationPlannedNewProject::revision>("revision",
                                                   "the site's wish that must be served"),
  };
};
template <>
struct describe<MigrationActing> {
  static constexpr std::string_view name = "migration_acting";
  static constexpr std::string_view doc =
      "Written before a request is sent that changes something.";
  static constexpr std::array fields = {
      field<&MigrationActing::act>("act", "what is done"),
      field<&MigrationActing::subject>("subject", "to what"),
  };
};
template <>
struct describe<MigrationSwitchedOff> {
  static constexpr std::string_view name = "migration_switched_off";
  static constexpr std::string_view doc = "Pushes to the repository build nothing any more.";
  static constexpr std::array fields = {
      field<&MigrationSwitchedOff::revision>("revision", "in place: the site's wish"),
      field<&MigrationSwitchedOff::failure>("failure", "what a person should know"),
  };
};
template <>
struct describe<MigrationVerified> {
  static constexpr std::string_view name = "migration_verified";
  static constexpr std::string_view doc = "The replacement served what was built.";
  static constexpr std::array fields = {
      field<&MigrationVerified::deployment_id>("deployment_id", "the deployment"),
  };
};
template <>
struct describe<MigrationDomainPlaced> {
  static constexpr std::string_view name = "migration_domain_placed";
  static constexpr std::string_view doc = "A custom domain is at a place, or on its way there.";
  static constexpr std::array fields = {
      field<&MigrationDomainPlaced::domain>("domain", "the host name"),
      field<&MigrationDomainPlaced::place>("place", "where"),
      field<&MigrationDomainPlaced::status>("status", "Cloudflare's word"),
      field<&MigrationDomainPlaced::failure>("failure", "why it is not where it should be"),
  };
};
template <>
struct describe<MigrationDomainsSettled> {
  static constexpr std::string_view name = "migration_domains_settled";
  static constexpr std::string_view doc = "Every custom domain that can move has moved.";
  static constexpr std::array fields = {
      field<&MigrationDomainsSettled::kept>("kept", "how many the old project keeps"),
  };
};
template <>
struct describe<MigrationDomainReady> {
  static constexpr std::string_view name = "migration_domain_ready";
  static constexpr std::string_view doc = "Domains that were kept are tried again.";
  static constexpr std::array fields = {
      field<&MigrationDomainReady::reason>("reason", "why"),
  };
};
template <>
struct describe<MigrationConfirmed> {
  static constexpr std::string_view name = "migration_confirmed";
  static constexpr std::string_view doc = "A person has decided that it stays.";
  static constexpr std::array fields = {
      field<&MigrationConfirmed::keep_old>("keep_old", "the old project is not deleted"),
  };
};
template <>
struct describe<MigrationFinished> {
  static constexpr std::string_view name = "migration_finished";
  static constexpr std::string_view doc = "Nothing can go back any more.";
  static constexpr std::array fields = {
      field<&MigrationFinished::deleted>("deleted", "the old project is gone"),
  };
};
template <>
struct describe<MigrationReturning> {
  static constexpr std::string_view name = "migration_returning";
  static constexpr std::string_view doc = "Everything goes back to where it was.";
  static constexpr std::array fields = {
      field<&MigrationReturning::again>("again", "then a new project is tried"),
      field<&MigrationReturning::failure>("failure", "why, where it did not work"),
      field<&MigrationReturning::reason>("reason", "why, where a person asked"),
  };
};
template <>
struct describe<MigrationReturned> {
  static constexpr std::string_view name = "migration_returned";
  static constexpr std::string_view doc = "The old project serves as before.";
  static constexpr std::array fields = {
      field<&MigrationReturned::deleted>("deleted", "the new project is gone"),
  };
};
template <>
struct describe<MigrationStopped> {
  static constexpr std::string_view name = "migration_stopped";
  static constexpr std::string_view doc = "It cannot go on without a person.";
  static constexpr std::array fields = {
      field<&MigrationStopped::failure>("failure", "why"),
  };
};
template <>
struct describe<MigrationResumed> {
  static constexpr std::string_view name = "migration_resumed";
  static constexpr std::string_view doc = "A person asked to go on.";
  static constexpr std::array fields = {
      field<&MigrationResumed::reason>("reason", "why"),
  };
};

/// Everything that can become true about a migration.
using MigrationEvent =
    std::variant<MigrationOpened, MigrationRequested, MigrationRefused, MigrationPlannedInPlace,
                 MigrationPlannedNewProject, MigrationActing, MigrationSwitchedOff,
                 MigrationVerified, MigrationDomainPlaced, MigrationDomainsSettled,
                 MigrationDomainReady, MigrationConfirmed, MigrationFinished, MigrationReturning,
                 MigrationReturned, MigrationStopped, MigrationResumed>;

/// The name of a site's project beside the old one, which has the template's: `acme-dev-site`.
/// Never longer than that.
[[nodiscard]] std::string new_project_name(std::string_view platform_id, Environment environment);

/// Whether the table of migration_states.hpp has an edge for this event.
[[nodiscard]] bool allows(const MigrationRow& migration, const MigrationEvent& event);

/// Makes the event true on the row; `at_ms` is when it was recorded. The event must be allowed.
void apply(MigrationRow& migration, const MigrationEvent& event, int64_t at_ms);

/// Whether nothing more happens by itself but waiting for a person.
[[nodiscard]] bool rests(const MigrationRow& migration);

}  // namespace slipway
