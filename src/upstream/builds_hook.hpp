// The deploy hook of a Workers Builds project that runs the builder
// (https://developers.cloudflare.com/workers/ci-cd/builds/deploy-hooks/): a POST starts a build.
// Its address is a secret; the shim puts it in.
#pragma once

#include <string>
#include <string_view>

#include "upstream/http.hpp"

namespace slipway {

/// The credential that holds the hook's id.
inline constexpr std::string_view hook_credential = "builder_hook";

/// Where the shim puts the credential into a path instead of a header.
inline constexpr std::string_view credential_in_path = "{credential}";

/// Starts a build. Two of them are two builds.
[[nodiscard]] inline Request builds_hook(std::string_view credential) {
  Request out;
  out.target = Target::cloudflare;
  out.credential = std::string(credential);
  out.method = "POST";
  out.path = std::string("/workers/builds/deploy_hooks/").append(credential_in_path);
  return out;
}

}  // namespace slipway
