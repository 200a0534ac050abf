// slipway_emit <root>: writes every generated file below <root>, whose folders bindings/generated
// and docs exist. Exits with 1 when a file cannot be written.
#include <cstdio>
#include <string>

#include "base/text.hpp"
#include "emit.hpp"

namespace {

/// Whether the text is there now, all of it.
bool write(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: slipway_emit <root>\n");
    return 2;
  }
  namespace emit = slipway::emit;
  const std::pair<std::string_view, std::string> files[] = {
      {"bindings/generated/operations.ts", emit::operations_ts()},
      {"bindings/generated/api.ts", emit::api_ts()},
      {"bindings/generated/control.ts", emit::control_ts()},
      {"bindings/generated/openapi.json", emit::openapi_json()},
      {"bindings/generated/config.schema.json", emit::config_schema_json()},
      {"docs/states.md", emit::states_md()},
      {"docs/errors.md", emit::errors_md()},
  };
  for (const auto& [name, text] : files) {
    const std::string path = slipway::concat(arguments[1], "/", name);
    if (write(path, text)) continue;
    std::fprintf(stderr, "cannot write %s\n", path.c_str());
    return 1;
  }
  return 0;
}
