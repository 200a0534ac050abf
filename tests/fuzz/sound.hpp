// Which input frames the shim could send: those whose rows are whole and which it has proved. The
// core answers every one of them; for any other it may stop.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "app/control_input.hpp"

namespace slipway::fuzz {

/// The control document of these segments; nothing where it does not read.
std::optional<InputFrame> read_control(const std::vector<std::string_view>& segments);

/// Whether the fact was read from storage or given by the shim, and not answered by an upstream.
bool is_stored(const FactDocument& fact);

/// Whether the shim could send the frame: everything that it vouches for stands in a frame that was
/// learned (targets.hpp), for the same request. What users and upstreams write is free.
bool is_sound(const InputFrame& control, const std::vector<std::string_view>& segments);

}  // namespace slipway::fuzz
