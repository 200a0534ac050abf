// An org: one customer of the git lane. It has a Pages project that is connected to a shared
// repository, with a deploy hook of its own, or a pasted hook, which counts first while it is set.
// The hooks' addresses are secrets and lie sealed elsewhere; the row knows their ids alone.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/org_events.hpp"
#include "domain/publication.hpp"

namespace slipway {

struct OrgRow {
  int64_t seq = 0;
  std::string slug;
  std::string org_id;
  std::string name;
  std::vector<OrgMember> members;
  OrgState state{};
  std::string account;
  bool placed = false;
  std::string project_name;
  std::optional<std::string> host;
  std::optional<int64_t> outdated_ms;
  std::string asked_by;
  int64_t attempts = 0;
  std::optional<std::string> pending_hook;
  std::optional<Waiting> waiting;
  std::optional<Failure> failure;
  std::optional<StoredHook> hook;
  std::optional<StoredHook> retiring;
  std::optional<ManualHook> manual;
  std::vector<std::string> orphans;
  std::optional<Publication> active;
  std::optional<Publication> last;
  int64_t created_ms = 0;
  int64_t since_ms = 0;
  int64_t updated_ms = 0;
  std::optional<int64_t> deleted_ms;
};
template <>
struct describe<OrgRow> {
  static constexpr std::string_view name = "OrgRow";
  static constexpr std::string_view doc = "An org as it is stored.";
  static constexpr std::array fields = {
      field<&OrgRow::seq>("seq", "events so far"),
      field<&OrgRow::slug>("slug", "its name in addresses"),
      field<&OrgRow::org_id>("org_id", "its id in its application"),
      field<&OrgRow::name>("name", "its name for people"),
      field<&OrgRow::members>("members", "who may see it, and who may publish"),
      field<&OrgRow::state>("state", "how far its own project is"),
      field<&OrgRow::account>("account", "the Cloudflare account of its project; empty: none"),
      field<&OrgRow::placed>("placed", "it has a place in that account"),
      field<&OrgRow::project_name>("project_name", "its Pages project; empty: none"),
      field<&OrgRow::host>("host", "host name that Cloudflare gave"),
      field<&OrgRow::outdated_ms>("outdated_ms", "its project has other variables since then"),
      field<&OrgRow::asked_by>("asked_by", "who asked for its project or its newest hook"),
      field<&OrgRow::attempts>("attempts", "requests of this state that were written down"),
      field<&OrgRow::pending_hook>("pending_hook", "name of the hook whose answer is not known"),
      field<&OrgRow::waiting>("waiting", "why nothing is done just now"),
      field<&OrgRow::failure>("failure", "why it rests, when it is blocked"),
      field<&OrgRow::hook>("hook", "the deploy hook of its project"),
      field<&OrgRow::retiring>("retiring", "the one before it, until Pages has forgotten it"),
      field<&OrgRow::manual>("manual", "the pasted hook, while there is one"),
      field<&OrgRow::orphans>("orphans", "names of hooks that may exist and are not used"),
      field<&OrgRow::active>("active", "the one publication under way"),
      field<&OrgRow::last>("last", "the last publication that ended"),
      field<&OrgRow::created_ms>("created_ms", "milliseconds since the epoch"),
      field<&OrgRow::since_ms>("since_ms", "in its state since then"),
      field<&OrgRow::updated_ms>("updated_ms", "last change"),
      field<&OrgRow::deleted_ms>("deleted_ms", "gone since; absent while it is wanted"),
  };
};

/// How a deploy hook's address begins (https://developers.cloudflare.com/pages/configuration/
/// deploy-hooks/); its id follows, and whoever has that can start builds.
inline constexpr std::string_view hook_address =
    "https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/";

/// The id in a deploy hook's address, which must be written exactly so: the address and an id of 8
/// to 128 letters, digits, dashes and underscores. Nothing for every other text.
[[nodiscard]] std::optional<std::string_view> hook_id_of(std::string_view address);

/// The end of a hook's id that may be shown: its last four characters.
[[nodiscard]] std::string shown_end(std::string_view hook_id);

/// The marker of an org's project (pages.hpp): its value cannot be a site's id.
[[nodiscard]] std::string org_marker(std::string_view slug);

/// Whether the tables of org_states.hpp have an edge for this event.
[[nodiscard]] bool allows(const OrgRow& org, const OrgEvent& event);

/// Makes the event true on the row; `at_ms` is when it was recorded. The event must be allowed.
void apply(OrgRow& org, const OrgEvent& event, int64_t at_ms);

/// The publication that the event is about, in the row as it is after the event; else null.
[[nodiscard]] const Publication* publication_of(const OrgRow& org, const OrgEvent& event);

/// What the user is in the org; nothing for whoever is no member.
[[nodiscard]] std::optional<OrgRole> role_of(const OrgRow& org, std::string_view user);

/// Whether a publication could be started: a hook is there.
[[nodiscard]] bool can_publish(const OrgRow& org);

/// Whether nothing more happens by itself.
[[nodiscard]] bool rests(const OrgRow& org);

}  // namespace slipway
