// The states of sites, deployments and batches: names and meanings, in the order of the values.
#pragma once

#include <array>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

enum class SiteState : uint8_t {
  absent,
  creating,
  ready,
  blocked,
  suspended,
  deleting,
  deleted,
  imported,
};
template <>
struct describe<SiteState> {
  static constexpr std::string_view name = "SiteState";
  static constexpr std::array<std::string_view, 8> names = {
      "absent", "creating", "ready", "blocked", "suspended", "deleting", "deleted", "imported"};
  static constexpr std::array<std::string_view, 8> docs = {
      "nobody has asked for the site",
      "it is wanted; its Pages project is looked for and made",
      "the project exists and is ours: the site can be deployed to",
      "a person has to act before the project can be made; the row says what to do",
      "it is served as it is and not deployed until someone resumes it",
      "its domains, deployments and project are being removed, or that rests: the row says why",
      "its project is gone, or was not ours; it may be planned anew",
      "its configuration was imported; the old project serves it until it is migrated"};
};

/// Whether the site is on its way out or gone: it takes no wish any more.
[[nodiscard]] constexpr bool is_leaving(SiteState state) {
  return state == SiteState::deleting || state == SiteState::deleted;
}

enum class DeploymentState : uint8_t {
  absent,
  planned,
  dispatching,
  unknown,
  dispatched,
  running,
  uploaded,
  verifying,
  live,
  superseded,
  failed,
  cancelled,
  lost,
};
template <>
struct describe<DeploymentState> {
  static constexpr std::string_view name = "DeploymentState";
  static constexpr std::array<std::string_view, 13> names = {
      "absent",    "planned", "dispatching", "unknown", "dispatched", "running", "uploaded",
      "verifying", "live",    "superseded",  "failed",  "cancelled",  "lost"};
  static constexpr std::array<std::string_view, 13> docs = {
      "it does not exist",
      "the site's wish was taken up; its batch waits to be dispatched",
      "the dispatch was written down and may have been sent",
      "the dispatch's answer was lost: its run is looked for by name",
      "GitHub accepted the dispatch: the run waits or starts",
      "a run claimed the batch and builds",
      "the site is at Pages, which deploys it",
      "Pages calls it deployed: the served bytes are compared",
      "the site served what was built, or a sign-in wall hid it (`verified` says which)",
      "a newer deployment took its place before it was uploaded",
      "it ended badly; `failure` says why and what to do",
      "it was let go, because its site is taken down",
      "the run did not end before our own deadline"};
};

enum class BatchState : uint8_t {
  absent,
  planned,
  dispatching,
  unknown,
  dispatched,
  claimed,
  closed,
};
template <>
struct describe<BatchState> {
  static constexpr std::string_view name = "BatchState";
  static constexpr std::array<std::string_view, 7> names = {
      "absent", "planned", "dispatching", "unknown", "dispatched", "claimed", "closed"};
  static constexpr std::array<std::string_view, 7> docs = {
      "it does not exist",
      "its deployments were put together; it waits to be dispatched",
      "the dispatch was written down and may have been sent",
      "the dispatch's answer was lost: its run is looked for by name",
      "the run is known; it has not claimed the batch",
      "a run holds the batch; reports of other runs are refused",
      "nothing more is expected from the builder"};
};

enum class AccountState : uint8_t { absent, open, full, closed, removed };
template <>
struct describe<AccountState> {
  static constexpr std::string_view name = "AccountState";
  static constexpr std::array<std::string_view, 5> names = {"absent", "open", "full", "closed",
                                                            "removed"};
  static constexpr std::array<std::string_view, 5> docs = {
      "nobody has registered it", "new sites may be placed in it while it has room",
      "Cloudflare refused one more project: no site is placed in it until a person opens it",
      "Cloudflare refuses it, or a person closed it: no site is placed in it; `reason` says why",
      "a person removed it; it may be registered again"};
};

/// Whether a deployment has come to its end, good or bad.
[[nodiscard]] constexpr bool is_terminal(DeploymentState state) {
  return state >= DeploymentState::live;
}

/// Whether a deployment waits for the builder: nothing of it is known to be uploaded.
[[nodiscard]] constexpr bool is_before_upload(DeploymentState state) {
  return state >= DeploymentState::planned && state <= DeploymentState::running;
}

}  // namespace slipway
