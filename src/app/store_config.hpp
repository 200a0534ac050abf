// Storing a configuration version: part of every use case that changes a configuration.
#pragma once

#include <string>

#include "app/run.hpp"
#include "domain/config.hpp"
#include "domain/config_import.hpp"
#include "domain/platform.hpp"

namespace slipway {

/// A configuration ready to be stored and compared.
struct PreparedConfig {
  std::optional<ConfigDocuments> documents;  ///< absent where TypeScript could not be read
  std::optional<RenderedConfig> sources;     ///< where it came as TypeScript: as it was sent
  std::optional<std::string> opaque;         ///< why the TypeScript could not be read
  std::string json;    ///< of the documents, canonical: the same documents give the same bytes
  std::string digest;  ///< BLAKE3 of what was written
};

[[nodiscard]] PreparedConfig prepare(ConfigDocuments documents);
[[nodiscard]] PreparedConfig prepare(RenderedConfig sources, ImportedConfig read);

/// Drafts the next version of the platform's configuration: the documents, what the builder gets,
/// the version's row and its event. The documents must be valid. `previous` is the digest of the
/// version before; nothing for the first.
ConfigVersionRow store_config(Run& run, PlatformRow& platform, PreparedConfig config,
                              const std::string& reason,
                              const std::optional<std::string>& previous = std::nullopt);

}  // namespace slipway
