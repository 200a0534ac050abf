#include "app/config_documents.hpp"

namespace slipway {

std::vector<std::string> document_ids(const ConfigVersionRow& version) {
  std::vector<std::string> ids;
  if (!version.opaque) ids.push_back(config_json_id(version));
  for (const std::string_view name : {"features", "env", "auth"}) {
    ids.push_back(config_document_id(version, name, std::nullopt));
  }
  for (const Environment environment : version.overrides) {
    ids.push_back(config_document_id(version, "env", environment));
    ids.push_back(config_document_id(version, "auth", environment));
  }
  return ids;
}

}  // namespace slipway
