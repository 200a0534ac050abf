#include "domain/platform.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace slipway {

void apply(PlatformRow& platform, const PlatformEvent& event, int64_t at_ms) {
  ++platform.seq;
  if (const auto* created = std::get_if<PlatformCreated>(&event)) {
    platform.platform_id = created->platform_id;
    platform.name = created->name;
    platform.environments = created->environments;
    platform.request_digest = created->request_digest;
    platform.operation_id = created->operation_id;
    platform.created_ms = at_ms;
  } else if (const auto* stored = std::get_if<ConfigStored>(&event)) {
    platform.config_version = stored->version;
  }
}

std::string config_version_id(std::string_view platform_id, int64_t version) {
  const std::string number = to_text(version);
  return concat(platform_id, "/", std::string(10 - std::min<size_t>(10, number.size()), '0'),
                number);
}

std::string config_prefix(std::string_view platform_id, int64_t version, std::string_view digest) {
  return concat("configs/", platform_id, "/", to_text(version), "-", digest.substr(0, 16));
}

std::string config_json_id(const ConfigVersionRow& version) {
  return concat(version.prefix, "/config.json");
}

std::string config_document_id(const ConfigVersionRow& version, std::string_view document,
                               std::optional<Environment> environment) {
  const bool own = environment && document != "features" &&
                   std::find(version.overrides.begin(), version.overrides.end(), *environment) !=
                       version.overrides.end();
  const std::string folder = own ? concat("/", name_of(*environment)) : std::string();
  return concat(version.prefix, folder, "/", document, ".config.ts");
}

}  // namespace slipway
