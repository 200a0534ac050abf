// Frames: the byte segments that cross the door. Layout: docs/frames.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slipway {

/// Most segments of one frame.
inline constexpr uint32_t frame_segments_max = 4096;

/// The segments of a frame, as views into it; nothing when the frame is not well-formed.
[[nodiscard]] std::optional<std::vector<std::string_view>> read_frame(std::string_view frame);

/// The frame of these segments.
[[nodiscard]] std::string write_frame(const std::vector<std::string>& segments);

}  // namespace slipway
