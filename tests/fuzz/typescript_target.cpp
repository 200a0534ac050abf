// Modules of literals: what is read of one, rendered and read again, is the same value.
#include <string>

#include "base/text.hpp"
#include "domain/config.hpp"
#include "domain/config_import.hpp"
#include "domain/ts_literal.hpp"
#include "targets.hpp"
#include "wire/json_fault.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway::fuzz {
namespace {

void hold_fault(const LiteralModule& module, std::string_view source) {
  hold(module.values.empty() && module.exports.empty(), "an opaque module says nothing");
  hold(module.fault->line >= 1 && module.fault->line <= source.size() + 1, "a line of the source");
  hold(module.fault->column >= 1 && module.fault->column <= source.size() + 1, "a column of it");
  hold(!module.fault->detail.empty(), "in words");
}

void hold_value(const std::string& json) {
  hold(json_fault(json).empty(), "a value is JSON");
  // In TypeScript this name sets the prototype: only as `["__proto__"]` it is a member.
  if (json.find("__proto__") != std::string::npos) return;
  const LiteralModule again = read_literal_module(concat("export const value = ", json, ";\n"));
  hold(!again.fault, "JSON is a literal");
  const std::string* value = exported_value(again, "value");
  hold(value != nullptr && *value == json, "and reads as itself");
}

/// The documents with what rendering adds: what is left out stands there as its default.
ConfigDocuments completed(ConfigDocuments documents) {
  if (!documents.features.stacks) documents.features.stacks.emplace();
  if (!documents.auth.defaults.provider) documents.auth.defaults.provider = AuthProvider::none;
  return documents;
}

/// The documents that the sources hold, rendered, hold the same documents.
void hold_config(std::string_view source) {
  JsonReader reader;
  const std::string text(source);
  RenderedConfig sources{text, text, text};
  (void)source_issues(sources);
  const std::string empty = "export default {};";
  const std::string no_features = "export default { features: {} };";
  const RenderedConfig parts[] = {
      {text, empty, empty}, {no_features, text, empty}, {no_features, empty, text}};
  for (const RenderedConfig& part : parts) {
    const ImportedConfig read = read_sources(reader, part);
    hold(read.documents.has_value() != read.opaque.has_value(), "read, or why not");
    if (!read.documents) continue;
    const RenderedConfig rendered = render(*read.documents, std::nullopt);
    const ImportedConfig again = read_sources(reader, rendered);
    hold(again.documents.has_value(), "what is rendered is read");
    hold(to_json(*again.documents) == to_json(completed(*read.documents)), "and is the same");
    (void)validate(*read.documents, "/config");
  }
}

}  // namespace

void typescript_target(std::string_view bytes) {
  const LiteralModule module = read_literal_module(bytes);
  if (module.fault) {
    hold_fault(module, bytes);
  } else {
    for (const LiteralExport& one : module.exports) {
      hold(one.value < module.values.size() && !one.name.empty(), "an export has a value");
    }
    for (const std::string& value : module.values) hold_value(value);
  }
  hold_config(bytes);
}

}  // namespace slipway::fuzz
