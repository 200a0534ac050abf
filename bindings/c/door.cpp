// The door over the core. The two buffers are all that lives between calls, and only as room.
#include "door.h"

#include <string>
#include <string_view>

#include "app/step.hpp"
#include "wire/json_read.hpp"

namespace {

constexpr uint32_t abi_version = 1;

struct Buffers {
  std::string input;
  std::string output;
};

/// Made at first use and never destroyed: no initialiser runs when the module starts.
Buffers& buffers() {
  static auto* const made = new Buffers();
  return *made;
}

}  // namespace

#if defined(__wasm__)
#define SLIPWAY_EXPORT(name) __attribute__((export_name(name)))
#else
#define SLIPWAY_EXPORT(name)
#endif

extern "C" {

SLIPWAY_EXPORT("core_abi_version") uint32_t core_abi_version(void) { return abi_version; }

SLIPWAY_EXPORT("core_input") uint8_t* core_input(uint32_t size) {
  std::string& input = buffers().input;
  input.resize(size + slipway::json_padding);
  return reinterpret_cast<uint8_t*>(input.data());
}

SLIPWAY_EXPORT("core_step") uint32_t core_step(uint32_t size) {
  Buffers& own = buffers();
  if (own.input.size() != size + slipway::json_padding) __builtin_trap();
  own.output = slipway::step(std::string_view(own.input).substr(0, size));
  return static_cast<uint32_t>(own.output.size());
}

SLIPWAY_EXPORT("core_output") const uint8_t* core_output(void) {
  return reinterpret_cast<const uint8_t*>(buffers().output.data());
}
}
