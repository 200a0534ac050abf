// Storing a configuration version: part of every use case that changes a configuration.
#pragma once

#include <string>

#include "app/run.hpp"
#include "domain/config.hpp"
#include "domain/platform.hpp"

namespace slipway {

/// Documents as they are stored and compared.
struct PreparedConfig {
  ConfigDocuments documents;
  std::string json;    ///< canonical: the same documents give the same bytes
  std::string digest;  ///< BLAKE3 of `json`
};

[[nodiscard]] PreparedConfig prepare(ConfigDocuments documents);

/// Drafts the next version of the platform's configuration: the documents as they were sent, their
/// rendered forms, the version's row and its event. The documents must be valid.
void store_config(Run& run, PlatformRow& platform, PreparedConfig config, const std::string& author,
                  const std::string& reason);

}  // namespace slipway
