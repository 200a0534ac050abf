// Storing a configuration version: part of every use case that changes a configuration.
#pragma once

#include <string>

#include "app/run.hpp"
#include "domain/config.hpp"
#include "domain/platform.hpp"

namespace slipway {

/// Drafts the next version of the platform's configuration: the documents as they were sent, their
/// rendered forms, the version's row and its event. The documents must be valid.
void store_config(Run& run, PlatformRow& platform, const ConfigDocuments& documents,
                  const std::string& author, const std::string& reason);

}  // namespace slipway
