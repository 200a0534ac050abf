// What every change of a configuration has in common: it starts from the newest version, and ends
// in at most one new version and one wish for each site.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/run.hpp"
#include "app/store_config.hpp"

namespace slipway {

/// The newest configuration, as a change finds it.
struct CurrentConfig {
  PlatformRow platform;
  ConfigVersionRow version;
  /// Absent where the version is TypeScript that could not be read.
  std::optional<ConfigDocuments> documents;
};

/// The version as it is stored; nothing while something is not known, or where there is none.
[[nodiscard]] std::optional<ConfigDocuments> documents_of(Run& run,
                                                          const ConfigVersionRow& version);

/// What a use case wants to be true.
struct ConfigChange {
  std::string_view kind;              ///< the API operation
  std::optional<std::string> reason;  ///< the caller's; else `otherwise`
  std::string otherwise;
};

/// Whether a change must name the version that it starts from, in `If-Match`.
enum class Precondition : uint8_t {
  required,  ///< it replaces everything: a lost update would be lost without a trace
  optional,  ///< it changes one thing of whatever is there
};

/// Reads the newest configuration of the platform that the path names, and checks `If-Match` and
/// the reason. Holds nothing where the round must end with `outcome`.
struct ConfigStart {
  std::optional<CurrentConfig> current;
  std::optional<Outcome> outcome;
};
[[nodiscard]] ConfigStart begin_config_change(Run& run, const std::optional<std::string>& reason,
                                              Precondition precondition);

/// Ends the round: stores the configuration unless it is the same as before, and wishes it for
/// every site. With `?dryRun=true`, says what that would do and stores nothing.
[[nodiscard]] Outcome change_config(Run& run, CurrentConfig current, PreparedConfig next,
                                    const ConfigChange& change);

/// The entity tag of a version in one environment: a version never changes, so its number, content
/// and environment name the answer.
[[nodiscard]] std::string etag_of(const ConfigVersionRow& version,
                                  std::optional<Environment> environment);

}  // namespace slipway
