// A site: one environment of a platform, with exactly one Pages project. Its row holds what is
// wished (`desired`), what is served (`live`), the one active deployment and the last one that
// ended. A wish is a revision: the site is up to date when `live.revision == desired.revision`.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/deployment.hpp"
#include "domain/site_events.hpp"
#include "domain/waiting.hpp"

namespace slipway {

/// What the site should serve.
struct Desired {
  int64_t revision = 0;
  int64_t config_version = 0;
  std::string shell_sha;
  std::vector<std::string> reasons;
  int64_t since_ms = 0;
  int64_t due_ms = 0;
  bool interactive = false;
};
template <>
struct describe<Desired> {
  static constexpr std::string_view name = "Desired";
  static constexpr std::string_view doc = "What the site should serve.";
  static constexpr std::array fields = {
      field<&Desired::revision>("revision", "counts the wishes, from 1"),
      field<&Desired::config_version>("config_version", "configuration version"),
      field<&Desired::shell_sha>("shell_sha", "commit of the shell; empty: its head"),
      field<&Desired::reasons>("reasons", "why, since the last deployment was planned; at most 50"),
      field<&Desired::since_ms>("since_ms", "the first of these wishes that may wait; 0: none"),
      field<&Desired::due_ms>("due_ms", "not planned before: more wishes may come; 0: at once"),
      field<&Desired::interactive>("interactive", "somebody waits for it"),
  };
};

/// Where a site waits to be built, and since when it may be.
struct Queued {
  std::string queue;
  int64_t due_ms = 0;
};
template <>
struct describe<Queued> {
  static constexpr std::string_view name = "Queued";
  static constexpr std::string_view doc = "Where a site waits to be built.";
  static constexpr std::array fields = {
      field<&Queued::queue>("queue", "`<account>:<environment>:<class>`"),
      field<&Queued::due_ms>("due_ms", "it is not planned before, and waits since"),
  };
};

/// What the site was last seen to serve.
struct Live {
  std::string deployment_id;
  int64_t revision = 0;
  int64_t config_version = 0;
  int64_t at_ms = 0;
};
template <>
struct describe<Live> {
  static constexpr std::string_view name = "Live";
  static constexpr std::string_view doc = "What the site was last seen to serve.";
  static constexpr std::array fields = {
      field<&Live::deployment_id>("deployment_id", "the deployment"),
      field<&Live::revision>("revision", "the wish that it fulfilled"),
      field<&Live::config_version>("config_version", "configuration version"),
      field<&Live::at_ms>("at_ms", "when the bytes were compared"),
  };
};

struct SiteRow {
  int64_t seq = 0;
  std::string platform_id;
  Environment environment{};
  std::string account;
  std::string project_name;
  SiteState state{};
  std::optional<std::string> subdomain;
  std::optional<std::string> branch;
  bool adopted = false;
  int64_t create_attempts = 0;
  bool attempted = false;
  bool adopting = false;
  std::optional<Waiting> waiting;
  std::optional<Failure> blocked;
  Desired desired;
  std::optional<Live> live;
  std::optional<Deployment> active;
  std::optional<Deployment> last;
  int64_t updated_ms = 0;
  std::optional<Removal> removal;
  std::optional<int64_t> deleted_ms;
  std::optional<int64_t> planned_seq;
  std::optional<Queued> queued;
  std::optional<Pause> paused;
  std::optional<Pin> pin;
  std::optional<Drift> drift;
};
template <>
struct describe<SiteRow> {
  static constexpr std::string_view name = "SiteRow";
  static constexpr std::string_view doc = "A site as it is stored.";
  static constexpr std::array fields = {
      field<&SiteRow::seq>("seq", "events so far"),
      field<&SiteRow::platform_id>("platform_id", "the platform"),
      field<&SiteRow::environment>("environment", "the environment"),
      field<&SiteRow::account>("account", "the Cloudflare account; empty: it has no place yet"),
      field<&SiteRow::project_name>("project_name", "the Pages project"),
      field<&SiteRow::state>("state", "whether it can be deployed to"),
      field<&SiteRow::subdomain>("subdomain", "host name that Cloudflare gave"),
      field<&SiteRow::branch>("branch", "production branch of a project that was taken over"),
      field<&SiteRow::adopted>("adopted", "the project was found, not made, with our marker"),
      field<&SiteRow::create_attempts>(
          "create_attempts", "creations of the project tried, without those that a limit refused"),
      field<&SiteRow::attempted>("attempted", "a creation was sent to this account"),
      field<&SiteRow::adopting>("adopting", "a project of the name may be taken over"),
      field<&SiteRow::waiting>("waiting", "why nothing is done just now, while it is creating"),
      field<&SiteRow::blocked>("blocked", "why it rests, when it is blocked"),
      field<&SiteRow::desired>("desired", "what it should serve"),
      field<&SiteRow::live>("live", "what it was last seen to serve"),
      field<&SiteRow::active>("active", "the one deployment under way"),
      field<&SiteRow::last>("last", "the last deployment that ended"),
      field<&SiteRow::updated_ms>("updated_ms", "last change, milliseconds since the epoch"),
      field<&SiteRow::removal>("removal", "how far it is taken down"),
      field<&SiteRow::deleted_ms>("deleted_ms", "gone since; absent while it is wanted"),
      field<&SiteRow::planned_seq>("planned_seq", "its event that planned it anew, if any did"),
      field<&SiteRow::queued>("queued", "where it waits to be built, while it does"),
      field<&SiteRow::paused>("paused", "while nothing is built for it"),
      field<&SiteRow::pin>("pin", "while a rollback holds it at a version"),
      field<&SiteRow::drift>("drift", "while what is served is not what was verified"),
  };
};

/// Whether the tables of transitions.hpp have an edge for this event from the site's state.
[[nodiscard]] bool allows(const SiteRow& site, const SiteEvent& event);

/// Makes the event true on the row; `at_ms` is when it was recorded. The event must be allowed.
void apply(SiteRow& site, const SiteEvent& event, int64_t at_ms);

/// The deployment that the event is about, in the row as it is after the event; else null.
[[nodiscard]] const Deployment* deployment_of(const SiteRow& site, const SiteEvent& event);

/// Whether no project of the site can exist in its account: it may go to another one.
[[nodiscard]] bool is_untouched(const SiteRow& site);

/// What a deployment that is planned now carries: the pin's version and commit of the shell while
/// the site is pinned, else what is desired.
struct Wish {
  int64_t config_version = 0;
  std::string shell_sha;
};
[[nodiscard]] Wish wish_of(const SiteRow& site);

/// The wish that counts: the pin's while the site is pinned, else the last.
[[nodiscard]] int64_t wished_revision(const SiteRow& site);

/// Whether a deployment should be planned now: the project is ready, nothing is under way, no one
/// has paused the builds, and the wish is neither served nor already tried.
[[nodiscard]] bool wants_deployment(const SiteRow& site);

/// When a site that wants a deployment may be planned.
[[nodiscard]] int64_t planned_from_ms(const SiteRow& site);

/// The queue of an account's sites of one environment; those that somebody waits for have their
/// own.
[[nodiscard]] std::string queue_of(std::string_view account, Environment environment,
                                   bool interactive);

/// Whether Pages is to serve the pinned deployment again, and does not yet.
[[nodiscard]] bool is_rolling_back(const SiteRow& site);

/// Whether an uploaded deployment waits to be verified.
[[nodiscard]] bool waits_for_verification(const SiteRow& site);

/// Whether nothing more will happen by itself: the wish is served, was tried in vain, or a person
/// has to act; or the site is gone.
[[nodiscard]] bool is_at_rest(const SiteRow& site);

}  // namespace slipway
