#include "app/store_config.hpp"

#include "base/blake3.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

void store_rendered(Draft& draft, const ConfigVersionRow& version, const ConfigDocuments& documents,
                    std::optional<Environment> environment) {
  RenderedConfig rendered = render(documents, environment);
  if (!environment) {
    draft.store(config_document_id(version, "features", environment), std::move(rendered.features));
  }
  draft.store(config_document_id(version, "env", environment), std::move(rendered.env));
  draft.store(config_document_id(version, "auth", environment), std::move(rendered.auth));
}

}  // namespace

PreparedConfig prepare(ConfigDocuments documents) {
  std::string json = to_json(documents);
  std::string digest = blake3_hex(json);
  return {std::move(documents), std::move(json), std::move(digest)};
}

void store_config(Run& run, PlatformRow& platform, PreparedConfig config, const std::string& author,
                  const std::string& reason) {
  Draft& draft = run.draft();
  const ConfigDocuments& documents = config.documents;
  ConfigVersionRow version;
  version.platform_id = platform.platform_id;
  version.version = platform.config_version + 1;
  version.digest = std::move(config.digest);
  version.prefix = config_prefix(platform.platform_id, version.version, version.digest);
  version.author = author;
  version.reason = reason;
  version.created_ms = run.now_ms();
  for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
    if (has_overrides(documents, environment)) version.overrides.push_back(environment);
  }

  draft.store(concat(version.prefix, "/config.json"), std::move(config.json));
  store_rendered(draft, version, documents, std::nullopt);
  for (const Environment environment : version.overrides) {
    store_rendered(draft, version, documents, environment);
  }
  draft.insert(version);
  draft.record(platform, ConfigStored{version.version, version.digest, author, reason});
}

}  // namespace slipway
