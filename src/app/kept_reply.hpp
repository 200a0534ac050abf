// A reply that is kept under its request's Idempotency-Key.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "wire/describe.hpp"

namespace slipway {

struct KeptReplyRow {
  std::string request_digest;
  int64_t status = 0;
  Map<std::string> headers;
  std::string body;
  std::optional<std::string> withheld;
  int64_t created_ms = 0;
};
template <>
struct describe<KeptReplyRow> {
  static constexpr std::string_view name = "KeptReplyRow";
  static constexpr std::string_view doc = "A reply that is given again; immutable.";
  static constexpr std::array fields = {
      field<&KeptReplyRow::request_digest>("request_digest", "BLAKE3 of path, query and body"),
      field<&KeptReplyRow::status>("status", "HTTP status"),
      field<&KeptReplyRow::headers>("headers", "lower-case names"),
      field<&KeptReplyRow::body>("body", "the body's text"),
      field<&KeptReplyRow::withheld>("withheld", "why headers and body were not kept"),
      field<&KeptReplyRow::created_ms>("created_ms", "milliseconds since the epoch"),
  };
};

/// Where kept replies are stored. A second row of one id loses its commit: of two equal requests at
/// once one is done, and the other finds its reply.
inline constexpr std::string_view kept_reply_table = "kept_reply";

/// An id of something that a sweep deletes.
struct OldRow {
  std::string id;
};
template <>
struct describe<OldRow> {
  static constexpr std::string_view name = "OldRow";
  static constexpr std::string_view doc = "A row whose time is over.";
  static constexpr std::array fields = {field<&OldRow::id>("id", "its id")};
};

}  // namespace slipway
