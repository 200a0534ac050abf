// The door over the core. Nothing lives from one exchange of frames to the next.
#include "door.h"

#include "heap.h"

#include <cstring>
#include <memory>
#include <string>

#include "app/step.hpp"
#include "wire/json_read.hpp"

namespace {

constexpr uint32_t abi_version = 1;

/// What one exchange of frames holds on to.
struct Exchange {
  std::unique_ptr<char[]> input;
  uint32_t input_size = 0;
  std::string output;
};

/// Made by core_input, used until the next one; plain, so that no initialiser runs at the start.
Exchange* current = nullptr;

}  // namespace

#if defined(__wasm__)
#define SLIPWAY_EXPORT(name) __attribute__((export_name(name)))
#else
#define SLIPWAY_EXPORT(name)
#endif

extern "C" {

// An ordinary heap frees what is freed. wasm/arena.cpp stands in for this in core.wasm.
__attribute__((weak)) void heap_begin_call(void) {}

SLIPWAY_EXPORT("core_abi_version") uint32_t core_abi_version(void) { return abi_version; }

SLIPWAY_EXPORT("core_input") uint8_t* core_input(uint32_t size) {
  delete current;
  heap_begin_call();
  current = new Exchange();
  // Not value-initialised: the host writes all of it but the padding.
  current->input.reset(new char[size + slipway::json_padding]);
  current->input_size = size;
  std::memset(current->input.get() + size, 0, slipway::json_padding);
  return reinterpret_cast<uint8_t*>(current->input.get());
}

SLIPWAY_EXPORT("core_step") uint32_t core_step(uint32_t size) {
  if (current == nullptr || current->input_size != size) __builtin_trap();
  current->output = slipway::step({current->input.get(), size});
  return static_cast<uint32_t>(current->output.size());
}

SLIPWAY_EXPORT("core_output") const uint8_t* core_output(void) {
  if (current == nullptr) __builtin_trap();
  return reinterpret_cast<const uint8_t*>(current->output.data());
}
}
