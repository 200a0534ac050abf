// Who is calling, once it has been proved and looked up: what every use case may know of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/control.hpp"
#include "domain/batch.hpp"
#include "domain/token.hpp"

namespace slipway {

/// The author of what nobody asked for: effects and ticks.
inline constexpr std::string_view system_author = "system";

struct Caller {
  PrincipalKind kind{};
  std::optional<TokenRow> token;  ///< of an API token: valid now
  std::optional<BatchRow> batch;  ///< of a build's token: the batch that its run holds
  /// `admin`, `internal`, or the id of the token or the batch; in journals and replies.
  std::string author = std::string(system_author);

  /// Whether the platform may be known to the caller. One that may not be is answered exactly like
  /// one that does not exist.
  [[nodiscard]] bool may_see(std::string_view platform_id) const;
};

}  // namespace slipway
