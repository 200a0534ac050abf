// slipway_fuzz: every fuzz target in one libFuzzer program, chosen by SLIPWAY_FUZZ_TARGET.
#include <cstdio>
#include <cstdlib>

#include "targets.hpp"

namespace {

using namespace slipway::fuzz;

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};
constexpr Target targets[] = {
    {"frame", frame_target},       {"json", json_target},   {"typescript", typescript_target},
    {"upstream", upstream_target}, {"names", names_target}, {"step", step_target},
    {"planted", planted_target},
};

const Target* chosen = nullptr;
bool is_set_aside = false;

bool has_frames() { return chosen->run == step_target || chosen->run == frame_target; }

}  // namespace

void slipway::fuzz::hold(bool held, const char* what) {
  if (held) return;
  (void)std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void slipway::fuzz::set_aside() { is_set_aside = true; }

// Declared by libFuzzer (https://llvm.org/docs/LibFuzzer.html), which has no header for it.
extern "C" {

// What a stopped step held is freed by hand, however it was made (step_target.cpp).
const char* __asan_default_options() {
  return "alloc_dealloc_mismatch=0:detect_leaks=0:quarantine_size_mb=8:malloc_context_size=6";
}

int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("SLIPWAY_FUZZ_TARGET");
  for (const Target& target : targets) {
    if (name != nullptr && target.name == name) chosen = &target;
  }
  if (chosen == nullptr) {
    (void)std::fprintf(stderr, "SLIPWAY_FUZZ_TARGET names no target; there are:");
    for (const Target& target : targets) (void)std::fprintf(stderr, " %s", target.name.data());
    (void)std::fprintf(stderr, "\n");
    std::exit(2);
  }
  const char* sound = std::getenv("SLIPWAY_FUZZ_SOUND");
  if (sound != nullptr && chosen->run == step_target) learn_sound_frames(sound);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  is_set_aside = false;
  chosen->run({reinterpret_cast<const char*>(data), size});
  return is_set_aside ? -1 : 0;
}

size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  if (has_frames()) return mutate_frame(data, size, size_max, seed);
  return LLVMFuzzerMutate(data, size, size_max);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t* one, size_t one_size, const uint8_t* other,
                                 size_t other_size, uint8_t* out, size_t size_max, unsigned seed) {
  if (!has_frames()) return 0;
  return cross_frames({reinterpret_cast<const char*>(one), one_size},
                      {reinterpret_cast<const char*>(other), other_size}, out, size_max, seed);
}
}
