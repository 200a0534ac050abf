// slipway_golden [--update] <directory>: holds every golden file below the directory to what the
// core answers now, byte for byte, and prints where each file first differs. With --update it
// rewrites the outputs instead. Exits with 1 when a file differs or cannot be read.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "app/step.hpp"
#include "base/text.hpp"
#include "format.hpp"
#include "wire/json_read.hpp"

namespace {

namespace golden = slipway::golden;
using golden::Json;

/// Which file the core is asked about: a trap ends the program, and its message must say where.
std::string asked;

extern "C" void on_trap(int signal) {
  const std::string message = asked + ": the core trapped\n";
  (void)!write(STDERR_FILENO, message.data(), message.size());
  _exit(128 + signal);
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool write_whole(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  return file.flush().good();
}

std::vector<std::string> files_below(const char* directory) {
  std::vector<std::string> paths;
  std::error_code none;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, none)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string core_answer(std::string frame) {
  const size_t size = frame.size();
  frame.resize(size + slipway::json_padding);
  return slipway::step(std::string_view(frame).substr(0, size));
}

std::string shown(const Json& value, const Json::json_pointer& at) {
  constexpr size_t bytes_max = 400;
  if (!value.contains(at)) return "nothing";
  const std::string text = value.at(at).dump();
  return std::string(slipway::head(text, bytes_max)) + (text.size() > bytes_max ? "..." : "");
}

/// Where two outputs differ first, for a person.
void explain(const std::string& path, const Json& expected, const Json& got) {
  const Json patch = Json::diff(expected, got);
  if (patch.empty()) {
    std::printf("%s\n  the order of members differs\n", path.c_str());
    return;
  }
  const auto pointer = patch[0]["path"].get<std::string>();
  const Json::json_pointer at(pointer);
  std::printf("%s\n  at       /output%s\n  expected %s\n  got      %s\n", path.c_str(),
              pointer.c_str(), shown(expected, at).c_str(), shown(got, at).c_str());
}

/// Whether the file now says what the core answers.
bool settle(const std::string& path, bool update) {
  Json file = Json::parse(read(path), nullptr, false);
  const bool whole = file.is_object() && file.contains("input") && file.contains("output");
  const auto input = whole ? golden::frame_of(file["input"]) : std::nullopt;
  if (!input) {
    std::printf("%s\n  is not a golden file\n", path.c_str());
    return false;
  }
  asked = path;
  const std::string output = core_answer(*input);
  if (golden::frame_of(file["output"]) == output) return true;
  Json got = golden::segments_of(output);
  if (!update) {
    explain(path, file["output"], got);
    return false;
  }
  file["output"] = std::move(got);
  std::printf("%s rewritten\n", path.c_str());
  return write_whole(path, golden::text_of(file));
}

}  // namespace

int main(int count, char** arguments) {
  const bool update = count == 3 && std::string_view(arguments[1]) == "--update";
  if (count != 2 && !update) {
    std::fprintf(stderr, "usage: slipway_golden [--update] <directory>\n");
    return 2;
  }
  std::signal(SIGILL, on_trap);
  std::signal(SIGTRAP, on_trap);
  const auto paths = files_below(arguments[count - 1]);
  if (paths.empty()) std::printf("%s\n  holds no golden files\n", arguments[count - 1]);
  bool good = !paths.empty();
  for (const std::string& path : paths) good &= settle(path, update);
  return good ? 0 : 1;
}
