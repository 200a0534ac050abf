// Identifiers that sort by time (https://github.com/ulid/spec).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slipway {

/// Makes the identifiers of one run. Deterministic: the same entropy gives the same identifiers in
/// the same order, so that a run that is stepped again names the same things.
class IdSource {
 public:
  /// `entropy` is 32 hex digits, `now_ms` the time of the run.
  IdSource(std::string_view entropy, int64_t now_ms);

  /// The next ULID: 26 characters of Crockford's base 32.
  [[nodiscard]] std::string next();

 private:
  uint64_t high_;
  uint64_t low_;
  int64_t now_ms_;
};

/// How every ULID of that millisecond begins: its first 10 characters. ULIDs that are less are
/// older. `at_ms` is not negative.
[[nodiscard]] std::string ulid_time(int64_t at_ms);

/// Whether `text` has the form of a ULID.
[[nodiscard]] bool is_ulid(std::string_view text);

}  // namespace slipway
