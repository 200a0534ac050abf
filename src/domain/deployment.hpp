// A deployment: one attempt to make one config version of one shell version live on one site.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/failure.hpp"
#include "domain/names.hpp"
#include "domain/states.hpp"

namespace slipway {

/// How the served bytes were checked.
enum class Verified : uint8_t { bytes, not_reachable };
template <>
struct describe<Verified> {
  static constexpr std::string_view name = "Verified";
  static constexpr std::array<std::string_view, 2> names = {"bytes", "not_reachable"};
};

/// A deployment as it stands on its site, and as the row of its own table.
struct Deployment {
  std::string id;
  std::string site;
  std::string platform_id;
  Environment environment{};
  std::string project_name;
  DeploymentState state{};
  int64_t first_seq = 0;
  int64_t revision = 0;
  int64_t config_version = 0;
  std::string shell_sha;
  std::vector<std::string> reasons;
  std::string batch_id;
  std::optional<std::string> run_id;
  std::optional<std::string> run_url;
  std::optional<std::string> pages_deployment_id;
  std::optional<std::string> pages_url;
  std::optional<std::string> config_etag;
  std::optional<std::string> manifest_digest;
  std::optional<Verified> verified;
  std::optional<int64_t> verified_files;
  std::optional<Failure> failure;
  int64_t created_ms = 0;
  int64_t updated_ms = 0;
  std::optional<int64_t> uploaded_ms;
  int64_t attempt = 1;
  bool again = false;
};

/// How often a wish is taken up whose builder was lost.
inline constexpr int64_t deployment_attempts_max = 3;

/// Whether another attempt is made by itself: the builder was lost, not the build.
[[nodiscard]] inline bool is_tried_again(const Deployment& ended) {
  return ended.again && ended.attempt < deployment_attempts_max;
}

/// When that is planned: half a minute after the first attempt, two minutes after the second.
[[nodiscard]] inline int64_t tried_again_ms(const Deployment& ended) {
  constexpr int64_t half_a_minute_ms = 30'000;
  return ended.updated_ms + half_a_minute_ms * (ended.attempt == 1 ? 1 : 4);
}
template <>
struct describe<Deployment> {
  static constexpr std::string_view name = "DeploymentRow";
  static constexpr std::string_view doc = "A deployment as it is stored.";
  static constexpr std::array fields = {
      field<&Deployment::id>("id", "`dep_` and a ULID: sorts by time"),
      field<&Deployment::site>("site", "`<platformId>/<environment>`"),
      field<&Deployment::platform_id>("platform_id", "the platform"),
      field<&Deployment::environment>("environment", "the environment"),
      field<&Deployment::project_name>("project_name", "the Pages project"),
      field<&Deployment::state>("state", "where it is on its way"),
      field<&Deployment::first_seq>("first_seq", "the site's event that planned it"),
      field<&Deployment::revision>("revision", "the site's wish that it fulfils"),
      field<&Deployment::config_version>("config_version", "configuration that it carries"),
      field<&Deployment::shell_sha>("shell_sha", "pinned commit of the shell; empty: its head"),
      field<&Deployment::reasons>("reasons", "why it was asked for, every reason kept"),
      field<&Deployment::batch_id>("batch_id", "the batch that builds it"),
      field<&Deployment::run_id>("run_id", "the builder's run"),
      field<&Deployment::run_url>("run_url", "page of that run"),
      field<&Deployment::pages_deployment_id>("pages_deployment_id", "id at Cloudflare Pages"),
      field<&Deployment::pages_url>("pages_url", "the deployment's own address"),
      field<&Deployment::config_etag>("config_etag", "ETag of the configuration that was built"),
      field<&Deployment::manifest_digest>("manifest_digest", "SHA-256 of slipway.json"),
      field<&Deployment::verified>("verified", "how the served bytes were checked"),
      field<&Deployment::verified_files>("verified_files", "files whose bytes were compared"),
      field<&Deployment::failure>("failure", "why it ended badly"),
      field<&Deployment::created_ms>("created_ms", "planned at, milliseconds since the epoch"),
      field<&Deployment::updated_ms>("updated_ms", "last change, milliseconds since the epoch"),
      field<&Deployment::uploaded_ms>("uploaded_ms", "upload reported at"),
      field<&Deployment::attempt>("attempt", "attempts at this wish, this one included"),
      field<&Deployment::again>("again", "its builder was lost: it is tried again"),
  };
};

}  // namespace slipway
