// A publication: one build of an org's site at Pages, from its start to the served page. It stands
// in the org's row while it is under way, and has a row of its own, by its id.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/failure.hpp"
#include "domain/org_states.hpp"
#include "wire/describe.hpp"

namespace slipway {

/// How a publication is started: Pages' documented API, or a pasted deploy hook.
enum class PublishedVia : uint8_t { api, hook };
template <>
struct describe<PublishedVia> {
  static constexpr std::string_view name = "PublishedVia";
  static constexpr std::array<std::string_view, 2> names = {"api", "hook"};
};

/// How the served site was checked, while Pages names this very build as the one that it serves:
/// its first page has the bytes of the build's own address; or it answers 200 with other bytes, as
/// pages do that are made anew each time; or a sign-in wall hid it.
enum class PageVerified : uint8_t { bytes, served, not_reachable };
template <>
struct describe<PageVerified> {
  static constexpr std::string_view name = "PageVerified";
  static constexpr std::array<std::string_view, 3> names = {"bytes", "served", "not_reachable"};
};

/// A stage of a build, in Cloudflare's words.
struct BuildStage {
  std::string name;
  std::string status;
  bool operator==(const BuildStage&) const = default;
};
template <>
struct describe<BuildStage> {
  static constexpr std::string_view name = "BuildStage";
  static constexpr std::string_view doc = "A stage of a build at Pages.";
  static constexpr std::array fields = {
      field<&BuildStage::name>("name", "queued, initialize, clone_repo, build or deploy"),
      field<&BuildStage::status>("status", "idle, active, success, failure, canceled or skipped"),
  };
};

struct Publication {
  std::string id;
  std::string slug;
  std::string org_id;
  int64_t seq = 0;
  PublicationState state{};
  std::string by;
  PublishedVia via{};
  std::string project_name;
  int64_t attempts = 0;
  std::string floor_id;
  std::optional<std::string> pages_deployment_id;
  std::optional<std::string> pages_url;
  bool seen = false;
  std::vector<BuildStage> stages;
  std::optional<PageVerified> verified;
  std::optional<std::string> detail;
  std::optional<Failure> failure;
  std::optional<std::string> again_by;
  int64_t created_ms = 0;
  int64_t since_ms = 0;
  int64_t updated_ms = 0;
};
template <>
struct describe<Publication> {
  static constexpr std::string_view name = "PublicationRow";
  static constexpr std::string_view doc = "One build of an org's site at Pages.";
  static constexpr std::array fields = {
      field<&Publication::id>("id", "`pub_` and a ULID"),
      field<&Publication::slug>("slug", "the org"),
      field<&Publication::org_id>("org_id", "its id in its application"),
      field<&Publication::seq>("seq", "the org's event that was the last about it"),
      field<&Publication::state>("state", "where it is on its way"),
      field<&Publication::by>("by", "who asked for it"),
      field<&Publication::via>("via", "how it is started"),
      field<&Publication::project_name>("project_name", "the Pages project; empty: not known"),
      field<&Publication::attempts>("attempts", "starts that were written down"),
      field<&Publication::floor_id>("floor_id", "the newest build of the project before its start"),
      field<&Publication::pages_deployment_id>("pages_deployment_id", "id at Cloudflare Pages"),
      field<&Publication::pages_url>("pages_url", "its own address"),
      field<&Publication::seen>("seen", "its project could be read: it is followed"),
      field<&Publication::stages>("stages", "when they were last seen"),
      field<&Publication::verified>("verified", "how the served site was checked"),
      field<&Publication::detail>("detail", "what more is to be said of its end"),
      field<&Publication::failure>("failure", "why it ended badly"),
      field<&Publication::again_by>("again_by", "who asked for one more after it"),
      field<&Publication::created_ms>("created_ms", "milliseconds since the epoch"),
      field<&Publication::since_ms>("since_ms", "in its state since then"),
      field<&Publication::updated_ms>("updated_ms", "last change"),
  };
};

}  // namespace slipway
