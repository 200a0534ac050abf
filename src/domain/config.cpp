#include "domain/config.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway {
namespace {

constexpr size_t names_max = 200;
constexpr size_t name_chars_max = 64;
constexpr size_t value_bytes_max = 4096;

/// Collects what is wrong, so that a user sees every fault at once.
class Validator {
 public:
  void issue(std::string pointer, std::string_view code, std::string_view detail) {
    if (issues.size() == limits::issues_max) return;
    issues.push_back({std::move(pointer), std::string(code), std::string(detail)});
  }
  void switches(const Map<FeatureSwitch>& switches, const std::string& at);
  void variables(const Map<Scalar>& variables, const std::string& at);
  void auth(const AuthSettings& settings, const std::string& at);

  std::vector<Issue> issues;
};

bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.size() <= name_chars_max && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

/// Lower case without separators: `API_Secret` and `apiSecret` look alike.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

bool looks_secret(std::string_view name) {
  constexpr std::string_view words[] = {"secret",    "password", "passwd",     "privatekey",
                                        "apikey",    "token",    "credential", "signingkey",
                                        "accesskey", "cookiekey"};
  const std::string text = folded(name);
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

void Validator::variables(const Map<Scalar>& variables, const std::string& at) {
  if (variables.members.size() > names_max) issue(at, "config.too_many", "has more than 200 names");
  for (const auto& [name, value] : variables.members) {
    const std::string here = pointer_to(at, name);
    if (!is_variable_name(name)) {
      issue(here, "config.name",
            "the name must be a letter, then up to 63 letters, digits and underscores");
    } else if (looks_secret(name)) {
      issue(here, "config.secret",
            "looks like a secret; these values are public in the built site: keep secrets in the "
            "service that needs them");
    }
    const auto* text = std::get_if<std::string>(&value);
    if (text != nullptr && text->size() > value_bytes_max) {
      issue(here, "config.too_long", "must be at most 4096 bytes");
    }
  }
}

void Validator::switches(const Map<FeatureSwitch>& switches, const std::string& at) {
  if (switches.members.size() > names_max) issue(at, "config.too_many", "has more than 200 names");
  for (const auto& [id, one] : switches.members) {
    const std::string here = pointer_to(at, id);
    if (id.size() > name_chars_max || !is_kebab(id)) {
      issue(here, "config.name",
            "the id must be up to 64 lower-case letters and digits in words joined by dashes");
    }
    if (one.options) variables(*one.options, here + "/options");
  }
}

void Validator::auth(const AuthSettings& settings, const std::string& at) {
  if (settings.issuer) {
    const std::string_view issuer = *settings.issuer;
    const bool plain = std::all_of(issuer.begin(), issuer.end(),
                                   [](char c) { return c > ' ' && c < 0x7F && c != '@'; });
    if (!issuer.starts_with("https://") || issuer.size() < 12 || issuer.size() > 512 || !plain) {
      issue(at + "/issuer", "config.url", "must be an https URL of at most 512 characters");
    }
  }
  if (settings.client_id && (settings.client_id->empty() || settings.client_id->size() > 256)) {
    issue(at + "/clientId", "config.too_long", "must be 1 to 256 bytes");
  }
  if (settings.scopes && settings.scopes->size() > 32) {
    issue(at + "/scopes", "config.too_many", "has more than 32 scopes");
  }
}

const std::optional<Map<Scalar>>& overrides(const EnvDocument& env, Environment environment) {
  switch (environment) {
    case Environment::dev:
      return env.dev;
    case Environment::stg:
      return env.stg;
    case Environment::prod:
      return env.prod;
  }
  __builtin_unreachable();
}

const std::optional<AuthSettings>& overrides(const AuthDocument& auth, Environment environment) {
  switch (environment) {
    case Environment::dev:
      return auth.dev;
    case Environment::stg:
      return auth.stg;
    case Environment::prod:
      return auth.prod;
  }
  __builtin_unreachable();
}

Map<Scalar> merged(const EnvDocument& env, std::optional<Environment> environment) {
  Map<Scalar> out = env.defaults;
  if (!environment || !overrides(env, *environment)) return out;
  for (const auto& [name, value] : overrides(env, *environment)->members) {
    const auto found = std::find_if(out.members.begin(), out.members.end(),
                                    [&](const auto& member) { return member.first == name; });
    if (found != out.members.end()) {
      found->second = value;
    } else {
      out.members.emplace_back(name, value);
    }
  }
  return out;
}

AuthSettings merged(const AuthDocument& auth, std::optional<Environment> environment) {
  AuthSettings out = auth.defaults;
  if (environment && overrides(auth, *environment)) {
    const AuthSettings& over = *overrides(auth, *environment);
    if (over.provider) out.provider = over.provider;
    if (over.issuer) out.issuer = over.issuer;
    if (over.client_id) out.client_id = over.client_id;
    if (over.scopes) out.scopes = over.scopes;
  }
  if (!out.provider) out.provider = AuthProvider::none;
  return out;
}

void append_line(std::string& out, size_t depth) {
  out.push_back('\n');
  out.append(2 * depth, ' ');
}

/// The end of the JSON string that begins at `at`: the index after its closing quote.
size_t string_end(std::string_view json, size_t at) {
  for (++at; json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at + 1;
}

/// Compact JSON as an indented TypeScript literal. The strings are escaped already; the one name
/// that an object literal would not take as a property is written as a computed one.
std::string as_literal(std::string_view json) {
  std::string out;
  size_t depth = 0;
  for (size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (c == '"') {
      const size_t end = string_end(json, i);
      const std::string_view text = json.substr(i, end - i);
      const bool key = end < json.size() && json[end] == ':';
      out.append(key && text == "\"__proto__\"" ? "[\"__proto__\"]" : text);
      i = end;
      continue;
    }
    ++i;
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    if (opens && i < json.size() && (json[i] == '}' || json[i] == ']')) {
      out.push_back(c);
      out.push_back(json[i++]);
    } else if (opens) {
      out.push_back(c);
      append_line(out, ++depth);
    } else if (closes) {
      append_line(out, --depth);
      out.push_back(c);
    } else if (c == ',') {
      out.push_back(c);
      append_line(out, depth);
    } else if (c == ':') {
      out.append(": ");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string source_of(std::string_view constant, std::string_view json) {
  return concat(
      "// Generated by Slipway from the platform's configuration. Changes here are lost.\n",
      "export const ", constant, " = ", as_literal(json), ";\n");
}

}  // namespace

ConfigDocuments default_config(std::string_view app_name) {
  ConfigDocuments documents;
  documents.env.defaults.members.emplace_back("APP_NAME", std::string(app_name));
  documents.auth.defaults.provider = AuthProvider::none;
  return documents;
}

std::vector<Issue> validate(const ConfigDocuments& documents, std::string_view at) {
  Validator check;
  const std::string root(at);
  check.switches(documents.features.features, root + "/features/features");
  if (documents.features.stacks) {
    check.switches(*documents.features.stacks, root + "/features/stacks");
  }
  check.variables(documents.env.defaults, root + "/env/default");
  check.auth(documents.auth.defaults, root + "/auth/default");
  for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
    const std::string name(name_of(environment));
    if (const auto& over = overrides(documents.env, environment)) {
      check.variables(*over, root + "/env/" + name);
    }
    if (const auto& over = overrides(documents.auth, environment)) {
      check.auth(*over, root + "/auth/" + name);
    }
    if (merged(documents.auth, environment).provider == AuthProvider::oidc &&
        (!merged(documents.auth, environment).issuer ||
         !merged(documents.auth, environment).client_id)) {
      check.issue(root + "/auth", "config.auth_incomplete",
                  concat("oidc needs `issuer` and `clientId` in ", name));
    }
  }
  return std::move(check.issues);
}

bool has_overrides(const ConfigDocuments& documents, Environment environment) {
  return overrides(documents.env, environment).has_value() ||
         overrides(documents.auth, environment).has_value();
}

RenderedConfig render(const ConfigDocuments& documents, std::optional<Environment> environment) {
  FeaturesDocument features = documents.features;
  if (!features.stacks) features.stacks.emplace();
  return {source_of("featuresConfig", to_json(features)),
          source_of("envConfig", to_json(merged(documents.env, environment))),
          source_of("authConfig", to_json(merged(documents.auth, environment)))};
}

}  // namespace slipway
