// The door: the four functions through which every host enters the core. docs/frames.md says what
// the frames hold. Nothing is owned across the boundary.
#ifndef SLIPWAY_DOOR_H
#define SLIPWAY_DOOR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Version of these functions and of the frames' layout. A host refuses another one than its own.
uint32_t core_abi_version(void);

/// Room for an input frame of `size` bytes. Valid until the next core_* call.
uint8_t* core_input(uint32_t size);

/// Consumes the input frame of `size` bytes, which must be the size given to core_input, and
/// returns the size of the output frame. Never fails: a malformed frame is a bug of the host and
/// traps.
uint32_t core_step(uint32_t size);

/// The output frame of the last core_step. Valid until the next core_* call.
const uint8_t* core_output(void);

#ifdef __cplusplus
}
#endif

#endif
