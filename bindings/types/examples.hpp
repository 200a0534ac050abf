// Example bodies for the OpenAPI document, by the name of their schema. The tests validate each
// against its schema.
#pragma once

#include <string_view>

namespace slipway::emit {

/// An example in JSON; empty where there is none.
[[nodiscard]] constexpr std::string_view example_of(std::string_view schema) {
  if (schema == "PlatformCreate") {
    return R"({"platformId": "acme", "name": "Acme Inc", "environments": ["dev", "prod"],
               "config": {"features": {"features": {"billing": {"enabled": true}}},
                          "env": {"default": {"APP_NAME": "Acme"}},
                          "auth": {"default": {"provider": "none"}}}})";
  }
  if (schema == "DeploymentRequest") return R"({"reason": "the shell has a new version"})";
  if (schema == "AccountPut") {
    return R"({"cloudflareId": "0123456789abcdef0123456789abcdef", "capacity": 100,
               "dailyCreations": 50, "state": "open"})";
  }
  if (schema == "Adopt") return R"({"confirm": "acme-dev-portal"})";
  if (schema == "TokenCreate") {
    return R"({"name": "Acme's pipeline", "scopes": ["platforms:read", "deploy"],
               "platforms": ["acme"], "expiresInDays": 90})";
  }
  if (schema == "Claim") {
    return R"({"dispatchKey": "01KAKX3G2M0000000000000000", "runId": "29803635501",
               "runAttempt": 1})";
  }
  if (schema == "Report") {
    return R"({"runId": "29803635501",
               "results": [{"deploymentId": "dep_01KAKX3G2M0000000000000000",
                            "outcome": "failed", "reason": "build_failed",
                            "logTail": "error: no such module"}]})";
  }
  return {};
}

}  // namespace slipway::emit
