// What the domain does with TypeScript, for tests on the other side: slipway_ts_tool reads requests
// from stdin until its end and prints one line of JSON for each.
//   request: a letter, a little-endian u32 length, that many bytes
//   'm'  a module: {"exports":{"name":value,...}}, or {"code","line","column","detail"} if opaque
//   'c'  a ConfigDocuments as JSON, names unchecked: {"features","env","auth"}, rendered; or
//   {"code"}
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "domain/config.hpp"
#include "domain/ts_literal.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace {

using namespace slipway;

/// Objects as a comma-separated list of members.
class Members {
 public:
  void add(std::string_view name, std::string_view json) {
    if (!text_.empty()) text_.push_back(',');
    append_json_string(text_, name);
    text_.append(":").append(json);
  }
  void add_text(std::string_view name, std::string_view text) {
    std::string json;
    append_json_string(json, text);
    add(name, json);
  }
  [[nodiscard]] std::string object() const { return concat("{", text_, "}"); }

 private:
  std::string text_;
};

std::string answer_module(std::string_view source) {
  const LiteralModule module = read_literal_module(source);
  Members answer;
  if (module.fault) {
    answer.add_text("code", name_of(module.fault->code));
    answer.add("line", to_text(static_cast<int64_t>(module.fault->line)));
    answer.add("column", to_text(static_cast<int64_t>(module.fault->column)));
    answer.add_text("detail", module.fault->detail);
    return answer.object();
  }
  Members exports;
  for (const LiteralExport& one : module.exports) exports.add(one.name, module.values[one.value]);
  answer.add("exports", exports.object());
  return answer.object();
}

std::string answer_config(std::string_view json) {
  ConfigDocuments documents;
  JsonReader reader;
  const PaddedText text(json);
  const ReadOutcome outcome = reader.read(text.view(), Strictness::strict, documents);
  Members answer;
  if (outcome.ok()) {
    const RenderedConfig rendered = render(documents, std::nullopt);
    answer.add_text("features", rendered.features);
    answer.add_text("env", rendered.env);
    answer.add_text("auth", rendered.auth);
  } else {
    answer.add_text("code", outcome.malformed ? outcome.problem : outcome.issues[0].code);
  }
  return answer.object();
}

/// Reads exactly `size` bytes; false at the end of the input.
bool read_bytes(std::string& out, size_t size) {
  out.resize(size);
  return std::fread(out.data(), 1, size, stdin) == size;
}

}  // namespace

int main() {
  std::string head;
  std::string body;
  while (read_bytes(head, 5)) {
    uint32_t size = 0;
    for (size_t i = 4; i > 0; --i) size = size << 8 | static_cast<unsigned char>(head[i]);
    if (!read_bytes(body, size)) return 1;
    const std::string line = (head[0] == 'c' ? answer_config(body) : answer_module(body)) + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
  }
  return 0;
}
