// Everything that can become true about an org, one struct each; what is about its publications
// stands in publication_events.hpp.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/publication_events.hpp"
#include "domain/waiting.hpp"

namespace slipway {

enum class OrgRole : uint8_t { admin, member };
template <>
struct describe<OrgRole> {
  static constexpr std::string_view name = "OrgRole";
  static constexpr std::array<std::string_view, 2> names = {"admin", "member"};
};

/// A member of an org. Admins publish, members look.
struct OrgMember {
  std::string user_id;
  OrgRole role{};
  bool operator==(const OrgMember&) const = default;
};
template <>
struct describe<OrgMember> {
  static constexpr std::string_view name = "OrgMemberRow";
  static constexpr std::string_view doc = "A member of an org.";
  static constexpr std::array fields = {
      field<&OrgMember::user_id>("user_id", "who, as the identity provider names them"),
      field<&OrgMember::role>("role", "admin publishes, member looks"),
  };
};

/// A deploy hook that we made. Its address lies sealed under `sealed_id`.
struct StoredHook {
  std::string name;
  std::string sealed_id;
  std::string shown;
  int64_t at_ms = 0;
  std::string by;
};
template <>
struct describe<StoredHook> {
  static constexpr std::string_view name = "StoredHook";
  static constexpr std::string_view doc = "A deploy hook that we made.";
  static constexpr std::array fields = {
      field<&StoredHook::name>("name", "its name at Pages"),
      field<&StoredHook::sealed_id>("sealed_id", "what its id is sealed under"),
      field<&StoredHook::shown>("shown", "the end of its id that may be shown"),
      field<&StoredHook::at_ms>("at_ms", "since, milliseconds since the epoch"),
      field<&StoredHook::by>("by", "who asked for it"),
  };
};

/// A deploy hook that a person pasted.
struct ManualHook {
  std::string sealed_id;
  std::string shown;
  std::optional<std::string> project_name;
  int64_t at_ms = 0;
  std::string by;
};
template <>
struct describe<ManualHook> {
  static constexpr std::string_view name = "ManualHook";
  static constexpr std::string_view doc = "A deploy hook that a person pasted.";
  static constexpr std::array fields = {
      field<&ManualHook::sealed_id>("sealed_id", "what its id is sealed under"),
      field<&ManualHook::shown>("shown", "the end of its id that may be shown"),
      field<&ManualHook::project_name>("project_name", "the project, where the person said so"),
      field<&ManualHook::at_ms>("at_ms", "since, milliseconds since the epoch"),
      field<&ManualHook::by>("by", "who pasted it"),
  };
};

struct OrgCreated {
  std::string slug;
  std::string org_id;
  std::string name;
  std::vector<OrgMember> members;
};
struct OrgChanged {
  std::string org_id;
  std::string name;
  std::vector<OrgMember> members;
};
struct OrgDeleted {
  std::string author;
};
struct ProvisionRequested {
  std::string account;
  std::string project_name;
  std::string author;
};
struct GitProjectCreateStarted {
  int64_t attempt = 0;
};
struct ProvisionDeferred {
  std::string detail;
  int64_t until_ms = 0;
  bool looked = false;
};
struct GitProjectReady {
  std::string host;
  bool adopted = false;
};
struct GitProjectUpdated {
  std::optional<std::string> refused;
};
struct PublishingBlocked {
  Failure failure;
};
struct GitProjectGone {
  Failure failure;
};
struct HookRotationRequested {
  std::string author;
};
struct HookCreateStarted {
  std::string name;
  int64_t attempt = 0;
};
struct HookOrphaned {
  std::string name;
};
struct HookStored {
  std::string name;
  std::string sealed_id;
  std::string shown;
  std::string author;
};
struct HookRetired {
  std::string name;
  bool deleted = false;
};
struct ManualHookSet {
  std::string sealed_id;
  std::string shown;
  std::optional<std::string> project_name;
  std::string author;
};
struct ManualHookRemoved {
  std::string author;
};
struct HookRevealed {
  std::string author;
};
template <>
struct describe<OrgCreated> {
  static constexpr std::string_view name = "org_created";
  static constexpr std::string_view doc = "The org is known to this instance.";
  static constexpr std::array fields = {
      field<&OrgCreated::slug>("slug", "its name in addresses"),
      field<&OrgCreated::org_id>("org_id", "its id in its application"),
      field<&OrgCreated::name>("name", "its name for people"),
      field<&OrgCreated::members>("members", "who may see it, and who may publish"),
  };
};
template <>
struct describe<OrgChanged> {
  static constexpr std::string_view name = "org_changed";
  static constexpr std::string_view doc = "Its name, id or members are others now.";
  static constexpr std::array fields = {
      field<&OrgChanged::org_id>("org_id", "its id in its application"),
      field<&OrgChanged::name>("name", "its name for people"),
      field<&OrgChanged::members>("members", "all of them, as they are now"),
  };
};
template <>
struct describe<OrgDeleted> {
  static constexpr std::string_view name = "org_deleted";
  static constexpr std::string_view doc = "The org is gone; its Pages project is left as it is.";
  static constexpr std::array fields = {
      field<&OrgDeleted::author>("author", "who asked"),
  };
};
template <>
struct describe<ProvisionRequested> {
  static constexpr std::string_view name = "provision_requested";
  static constexpr std::string_view doc = "Its git-connected project is wanted.";
  static constexpr std::array fields = {
      field<&ProvisionRequested::account>("account", "the Cloudflare account"),
      field<&ProvisionRequested::project_name>("project_name", "the Pages project"),
      field<&ProvisionRequested::author>("author", "who asked"),
  };
};
template <>
struct describe<GitProjectCreateStarted> {
  static constexpr std::string_view name = "git_project_create_started";
  static constexpr std::string_view doc = "The project's creation is about to be sent.";
  static constexpr std::array fields = {
      field<&GitProjectCreateStarted::attempt>("attempt", "which one, from 1"),
  };
};
template <>
struct describe<ProvisionDeferred> {
  static constexpr std::string_view name = "provision_deferred";
  static constexpr std::string_view doc = "Cloudflare asked to wait.";
  static constexpr std::array fields = {
      field<&ProvisionDeferred::detail>("detail", "in words"),
      field<&ProvisionDeferred::until_ms>("until_ms", "when it goes on"),
      field<&ProvisionDeferred::looked>("looked", "a look was put off; else a creation was"),
  };
};
template <>
struct describe<GitProjectReady> {
  static constexpr std::string_view name = "git_project_ready";
  static constexpr std::string_view doc = "The project exists and is ours.";
  static constexpr std::array fields = {
      field<&GitProjectReady::host>("host", "host name that Cloudflare gave"),
      field<&GitProjectReady::adopted>("adopted", "it was found, with our marker"),
  };
};
template <>
struct describe<GitProjectUpdated> {
  static constexpr std::string_view name = "git_project_updated";
  static constexpr std::string_view doc = "The project's variables are those of the org.";
  static constexpr std::array fields = {
      field<&GitProjectUpdated::refused>("refused", "why they are not; it is not tried again"),
  };
};
template <>
struct describe<PublishingBlocked> {
  static constexpr std::string_view name = "publishing_blocked";
  static constexpr std::string_view doc = "It does not go on until a person has acted.";
  static constexpr std::array fields = {
      field<&PublishingBlocked::failure>("failure", "why"),
  };
};
template <>
struct describe<GitProjectGone> {
  static constexpr std::string_view name = "git_project_gone";
  static constexpr std::string_view doc = "The project was deleted past Slipway, hooks and all.";
  static constexpr std::array fields = {
      field<&GitProjectGone::failure>("failure", "what is to be done"),
  };
};
template <>
struct describe<HookRotationRequested> {
  static constexpr std::string_view name = "hook_rotation_requested";
  static constexpr std::string_view doc = "A new hook is to take the place of the stored one.";
  static constexpr std::array fields = {
      field<&HookRotationRequested::author>("author", "who asked"),
  };
};
template <>
struct describe<HookCreateStarted> {
  static constexpr std::string_view name = "hook_create_started";
  static constexpr std::string_view doc = "A hook's creation is about to be sent.";
  static constexpr std::array fields = {
      field<&HookCreateStarted::name>("name", "the hook's name, never used before"),
      field<&HookCreateStarted::attempt>("attempt", "which one, from 1"),
  };
};
template <>
struct describe<HookOrphaned> {
  static constexpr std::string_view name = "hook_orphaned";
  static constexpr std::string_view doc =
      "A hook of this name may exist, and nobody knows its address.";
  static constexpr std::array fields = {
      field<&HookOrphaned::name>("name", "the hook's name"),
  };
};
template <>
struct describe<HookStored> {
  static constexpr std::string_view name = "hook_stored";
  static constexpr std::string_view doc = "The project has a hook; its address is sealed.";
  static constexpr std::array fields = {
      field<&HookStored::name>("name", "the hook's name"),
      field<&HookStored::sealed_id>("sealed_id", "what it is sealed under"),
      field<&HookStored::shown>("shown", "the end of its id that may be shown"),
      field<&HookStored::author>("author", "who asked for it, or the system"),
  };
};
template <>
struct describe<HookRetired> {
  static constexpr std::string_view name = "hook_retired";
  static constexpr std::string_view doc = "The hook before the stored one is not kept any more.";
  static constexpr std::array fields = {
      field<&HookRetired::name>("name", "its name"),
      field<&HookRetired::deleted>("deleted", "Pages has forgotten it, too; else it is an orphan"),
  };
};
template <>
struct describe<ManualHookSet> {
  static constexpr std::string_view name = "manual_hook_set";
  static constexpr std::string_view doc = "A pasted hook counts first from now on.";
  static constexpr std::array fields = {
      field<&ManualHookSet::sealed_id>("sealed_id", "what it is sealed under"),
      field<&ManualHookSet::shown>("shown", "the end of its id that may be shown"),
      field<&ManualHookSet::project_name>("project_name",
                                          "the project that it builds, where a person said so"),
      field<&ManualHookSet::author>("author", "who pasted it"),
  };
};
template <>
struct describe<ManualHookRemoved> {
  static constexpr std::string_view name = "manual_hook_removed";
  static constexpr std::string_view doc = "The pasted hook is gone.";
  static constexpr std::array fields = {
      field<&ManualHookRemoved::author>("author", "who asked"),
  };
};
template <>
struct describe<HookRevealed> {
  static constexpr std::string_view name = "hook_revealed";
  static constexpr std::string_view doc = "Somebody was shown the hook's address.";
  static constexpr std::array fields = {
      field<&HookRevealed::author>("author", "who"),
  };
};

/// Everything that can become true about an org.
using OrgEvent =
    std::variant<OrgCreated, OrgChanged, OrgDeleted, ProvisionRequested, GitProjectCreateStarted,
                 ProvisionDeferred, GitProjectReady, PublishingBlocked, GitProjectGone,
                 HookRotationRequested, HookCreateStarted, HookOrphaned, HookStored, HookRetired,
                 ManualHookSet, ManualHookRemoved, HookRevealed, GitProjectUpdated,
                 PublicationPlanned, PublicationWished, PublicationStarting, PublicationDeferred,
                 PublicationUnclear, PublicationStarted, PublicationTriggered,
                 PublicationProgressed, PublicationDeployed, PublicationLive, PublicationFailed,
                 PublicationSuperseded, PublicationCancelled>;

}  // namespace slipway
