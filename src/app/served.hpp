// What a site serves, held against what was built: the manifest and the files that it names.
#pragma once

#include <optional>
#include <string>

#include "app/run.hpp"

namespace slipway {

/// What should be served.
struct Expected {
  std::string deployment_id;
  int64_t config_version = 0;
  std::optional<std::string> manifest_digest;
};

enum class Served : uint8_t {
  same,     ///< every byte that was compared is equal
  walled,   ///< a sign-in wall hides it
  other,    ///< something else
  unclear,  ///< no answer that says anything
};

struct ServedLook {
  Served finding;
  ErrorCode code;      ///< of `other` and `unclear`
  std::string detail;  ///< of these, in words
  size_t compared;     ///< files
};

/// Whether a sign-in wall stands in front of the site: its bytes are not for us.
[[nodiscard]] bool is_walled(const Answer& answer);

/// Looks at the host, never at an API. Nothing while not known: ask for it.
[[nodiscard]] std::optional<ServedLook> look_at_served(Run& run, const std::string& host,
                                                       const Expected& expected);

}  // namespace slipway
