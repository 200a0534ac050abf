// The fuzz targets: functions that take any bytes and hold what must be true of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace slipway::fuzz {

/// Ends the program unless `held`: libFuzzer then keeps the input. `what` says what must be true.
void hold(bool held, const char* what);

/// The input leads nowhere: it does not join the corpus, whatever it has reached.
void set_aside();

/// Frames: what is read is written back, nothing outside is read.
void frame_target(std::string_view bytes);
/// The JSON reader over field tables; the first byte chooses the table.
void json_target(std::string_view bytes);
/// Modules of literals, and the configuration that is read from them.
void typescript_target(std::string_view bytes);
/// What GitHub and Pages answer; the first bytes choose status, headers and shape.
void upstream_target(std::string_view bytes);
/// Names, numbers, addresses and other short texts of users.
void names_target(std::string_view bytes);
/// The whole core: an input frame through the door, twice.
void step_target(std::string_view bytes);
/// A reader with a bug that was put there on purpose: it must be found.
void planted_target(std::string_view bytes);

/// Reads the frames whose rows the step target knows as sound ones. Called once.
void learn_sound_frames(const char* directory);

/// Changes an input frame in place and leaves it a frame; gives its new size.
size_t mutate_frame(uint8_t* data, size_t size, size_t size_max, unsigned seed);
/// Gives one frame a segment of another one; gives the size of `out`.
size_t cross_frames(std::string_view one, std::string_view other, uint8_t* out, size_t size_max,
                    unsigned seed);

}  // namespace slipway::fuzz
