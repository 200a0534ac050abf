// Configuration that comes as TypeScript source: stored as it is, and understood where it can be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/config.hpp"
#include "wire/json_read.hpp"

namespace slipway {

/// What the sources say.
struct ImportedConfig {
  std::optional<ConfigDocuments> documents;  ///< nothing where a source stays opaque
  std::optional<std::string> opaque;         ///< then why, naming the file and the place
};

/// What forbids storing the sources: members that look like secrets and hold a text. The pointers
/// are those of ConfigWrite.
[[nodiscard]] std::vector<Issue> source_issues(const RenderedConfig& sources);

/// Reads the sources: each exports `featuresConfig`, `envConfig` or `authConfig`, or has a default
/// export; the values are those of every environment.
[[nodiscard]] ImportedConfig read_sources(JsonReader& reader, const RenderedConfig& sources);

}  // namespace slipway
