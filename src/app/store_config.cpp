#include "app/store_config.hpp"

#include "app/retention.hpp"
#include "base/blake3.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

void store_files(Draft& draft, const ConfigVersionRow& version, RenderedConfig files,
                 std::optional<Environment> environment) {
  if (!environment) {
    draft.store(config_document_id(version, "features", environment), std::move(files.features));
  }
  draft.store(config_document_id(version, "env", environment), std::move(files.env));
  draft.store(config_document_id(version, "auth", environment), std::move(files.auth));
}

}  // namespace

PreparedConfig prepare(ConfigDocuments documents) {
  PreparedConfig out;
  out.json = to_json(documents);
  out.digest = blake3_hex(out.json);
  out.documents = std::move(documents);
  return out;
}

PreparedConfig prepare(RenderedConfig sources, ImportedConfig read) {
  PreparedConfig out;
  if (read.documents) out.json = to_json(*read.documents);
  out.documents = std::move(read.documents);
  out.opaque = std::move(read.opaque);
  const std::vector<std::string> texts = {sources.features, sources.env, sources.auth};
  out.digest = blake3_hex(to_json(texts));
  out.sources = std::move(sources);
  return out;
}

ConfigVersionRow store_config(Run& run, PlatformRow& platform, PreparedConfig config,
                              const std::string& reason,
                              const std::optional<std::string>& previous) {
  Draft& draft = run.draft();
  ConfigVersionRow version;
  version.platform_id = platform.platform_id;
  version.version = platform.config_version + 1;
  version.digest = std::move(config.digest);
  version.prefix = config_prefix(platform.platform_id, version.version, version.digest);
  version.source = config.sources ? ConfigSource::typescript : ConfigSource::structured;
  version.opaque = std::move(config.opaque);
  version.author = run.caller().author;
  version.reason = reason;
  version.created_ms = run.now_ms();

  if (config.documents) draft.store(config_json_id(version), std::move(config.json));
  if (config.sources) {
    store_files(draft, version, std::move(*config.sources), std::nullopt);
  } else {
    for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
      if (has_overrides(*config.documents, environment)) version.overrides.push_back(environment);
    }
    store_files(draft, version, render(*config.documents, std::nullopt), std::nullopt);
    for (const Environment environment : version.overrides) {
      store_files(draft, version, render(*config.documents, environment), environment);
    }
  }
  draft.insert(version);
  draft.record(platform,
               ConfigStored{version.version, version.digest, version.author, reason, previous});
  prune_after(run, platform);
  return version;
}

}  // namespace slipway
