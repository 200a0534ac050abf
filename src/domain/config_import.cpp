#include "domain/config_import.hpp"

#include "base/text.hpp"
#include "domain/ts_literal.hpp"

namespace slipway {
namespace {

bool is_name_char(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' || c == '$';
}

std::string_view without_quote(std::string_view text) {
  return text.ends_with('"') || text.ends_with('\'') ? text.substr(0, text.size() - 1) : text;
}

/// The member name that ends before `colon`, quoted or not.
std::string_view name_before(std::string_view source, size_t colon) {
  std::string_view text = source.substr(0, colon);
  while (text.ends_with(' ')) text.remove_suffix(1);
  text = without_quote(text);
  size_t begin = text.size();
  while (begin > 0 && is_name_char(text[begin - 1])) --begin;
  return text.substr(begin);
}

/// Whether a text literal that is not empty follows `colon`.
bool text_after(std::string_view source, size_t colon) {
  const size_t at = source.find_first_not_of(" \t\r\n", colon + 1);
  if (at == std::string_view::npos || at + 1 >= source.size()) return false;
  const char quote = source[at];
  return (quote == '"' || quote == '\'' || quote == '`') && source[at + 1] != quote;
}

void find_secrets(std::string_view source, std::string_view pointer, std::vector<Issue>& issues) {
  for (size_t at = source.find(':'); at != std::string_view::npos; at = source.find(':', at + 1)) {
    const std::string_view name = name_before(source, at);
    if (name.empty() || !looks_secret(name) || !text_after(source, at)) continue;
    issues.push_back({std::string(pointer), "config.secret",
                      concat("`", name,
                             "` looks like a secret; these values are public in the built site: "
                             "keep secrets in the service that needs them")});
  }
}

std::string opaque_because(std::string_view file, std::string_view why) {
  return concat(file, ": ", why);
}

/// Reads one source into `out`; says why where that is not possible.
template <class T>
std::optional<std::string> read_source(JsonReader& reader, std::string_view source,
                                       std::string_view name, std::string_view file, T& out) {
  const LiteralModule module = read_literal_module(source);
  if (module.fault) {
    return opaque_because(
        file,
        concat("line ", to_text(static_cast<int64_t>(module.fault->line)), ", column ",
               to_text(static_cast<int64_t>(module.fault->column)), ": ", module.fault->detail));
  }
  const std::string* value = exported_value(module, name);
  if (value == nullptr) value = exported_value(module, "default");
  if (value == nullptr) return opaque_because(file, concat("exports no `", name, "`"));
  const PaddedText padded(*value);
  const ReadOutcome outcome = reader.read(padded.view(), Strictness::strict, out);
  if (outcome.ok()) return std::nullopt;
  if (outcome.malformed) return opaque_because(file, outcome.problem);
  return opaque_because(file, concat(outcome.issues[0].pointer, " ", outcome.issues[0].detail));
}

}  // namespace

std::vector<Issue> source_issues(const RenderedConfig& sources) {
  std::vector<Issue> issues;
  find_secrets(sources.features, "/featuresConfig", issues);
  find_secrets(sources.env, "/envConfig", issues);
  find_secrets(sources.auth, "/authConfig", issues);
  return issues;
}

ImportedConfig read_sources(JsonReader& reader, const RenderedConfig& sources) {
  ConfigDocuments documents;
  auto opaque = read_source(reader, sources.features, "featuresConfig", "features.config.ts",
                            documents.features);
  if (!opaque) {
    opaque = read_source(reader, sources.env, "envConfig", "env.config.ts", documents.env.defaults);
  }
  if (!opaque) {
    opaque =
        read_source(reader, sources.auth, "authConfig", "auth.config.ts", documents.auth.defaults);
  }
  if (opaque) return {std::nullopt, std::move(opaque)};
  const auto issues = validate(documents, "");
  if (issues.empty()) return {std::move(documents), std::nullopt};
  return {std::nullopt, concat(issues[0].pointer, " ", issues[0].detail)};
}

}  // namespace slipway
