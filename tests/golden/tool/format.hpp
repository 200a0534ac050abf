// How a golden file shows frames: reading and writing of that format, and nothing else. The format
// itself is described in tests/node/golden/golden.ts, which writes new files.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::golden {

/// JSON whose members keep their order: the order is part of the bytes.
using Json = nlohmann::ordered_json;

/// The frame that an array of segments shows; nothing where the array is not of the format.
[[nodiscard]] std::optional<std::string> frame_of(const Json& segments);

/// How a frame is shown. `frame` must be well-formed.
[[nodiscard]] Json segments_of(std::string_view frame);

/// The text of a golden file.
[[nodiscard]] std::string text_of(const Json& file);

}  // namespace slipway::golden
