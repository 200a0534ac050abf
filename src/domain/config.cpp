#include "domain/config.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.hpp"
#include "base/nearest.hpp"
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
  void issue(const Place& at, std::string_view code, std::string_view detail,
             std::optional<std::string> suggestion = {}) {
    if (issues.size() == limits::issues_max) return;
    issues.push_back({at.pointer(), std::string(code), std::string(detail), std::move(suggestion)});
  }
  void switches(const Map<FeatureSwitch>& switches, const Place& at);
  void variables(const Map<Scalar>& variables, const Place& at);
  void requirements(const FeaturesDocument& document, const Map<FeatureSwitch>& switches,
                    const Place& at);
  void auth(const AuthSettings& settings, const Place& at);

  std::vector<Issue> issues;

 private:
  Suggestions suggestions_;
};

constexpr std::string_view secret_words[] = {"secret",    "password", "passwd",     "privatekey",
                                             "apikey",    "token",    "credential", "signingkey",
                                             "accesskey", "cookiekey"};

/// What the bytes of a name say of it: bits 0 to 25 are the letters that it has, of either case.
enum NameBit : uint32_t { no_letter = 1U << 26, not_allowed = 1U << 27 };

constexpr auto name_bits = [] {
  std::array<uint32_t, 256> table{};
  for (size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || is_lower(c)) {
      table[i] = 1U << (upper ? c - 'A' : c - 'a');
    } else {
      table[i] = is_digit(c) || c == '_' ? no_letter : not_allowed;
    }
  }
  return table;
}();

constexpr uint32_t bits_of(std::string_view name) {
  uint32_t bits = 0;
#pragma clang loop vectorize(disable)
  for (const char c : name) bits |= name_bits[static_cast<unsigned char>(c)];
  return bits;
}

/// The letters of each word. A name that lacks one of them need not be searched.
constexpr auto secret_bits = [] {
  std::array<uint32_t, std::size(secret_words)> bits{};
  for (size_t i = 0; i < bits.size(); ++i) bits[i] = bits_of(secret_words[i]);
  return bits;
}();

/// Lower case without separators: `API_Secret` and `apiSecret` look alike.
std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

bool looks_secret(std::string_view name, uint32_t bits) {
  for (size_t i = 0; i < secret_bits.size(); ++i) {
    if ((bits & secret_bits[i]) != secret_bits[i]) continue;
    if (folded(name).find(secret_words[i]) != std::string::npos) return true;
  }
  return false;
}

bool is_variable_name(std::string_view name, uint32_t bits) {
  return !name.empty() && name.size() <= name_chars_max && (bits & not_allowed) == 0 &&
         (bits_of(name.substr(0, 1)) & no_letter) == 0;
}

/// Whether JavaScript reads another integer than is written.
bool is_rounded(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  return std::all_of(number.begin(), number.end(), is_digit) && !to_number(number);
}

void Validator::variables(const Map<Scalar>& variables, const Place& at) {
  if (variables.members.size() > names_max) issue(at, "config.too_many", "has more than 200 names");
  for (const auto& [name, value] : variables.members) {
    const Place here(at, name);
    const uint32_t bits = bits_of(name);
    if (!is_variable_name(name, bits)) {
      issue(here, "config.name",
            "the name must be a letter, then up to 63 letters, digits and underscores");
    } else if (looks_secret(name, bits)) {
      issue(here, "config.secret",
            "looks like a secret; these values are public in the built site: keep secrets in the "
            "service that needs them");
    }
    if (value.is == Scalar::Is::string && value.text.size() > value_bytes_max) {
      issue(here, "config.too_long", "must be at most 4096 bytes");
    }
    if (value.is == Scalar::Is::number && is_rounded(value.text)) {
      issue(here, "config.number",
            "an integer beyond 2^53 - 1 is rounded by JavaScript; write it as a string");
    }
  }
}

void Validator::switches(const Map<FeatureSwitch>& switches, const Place& at) {
  if (switches.members.size() > names_max) issue(at, "config.too_many", "has more than 200 names");
  for (const auto& [id, one] : switches.members) {
    const Place here(at, id);
    if (id.size() > name_chars_max || !is_kebab(id)) {
      issue(here, "config.name",
            "the id must be up to 64 lower-case letters and digits in words joined by dashes");
    }
    if (one.options) variables(*one.options, Place(here, "options"));
  }
}

/// The switch that a requirement names: a feature's id, or `stack:` and a stack's.
const FeatureSwitch* required(const FeaturesDocument& document, std::string_view name) {
  constexpr std::string_view prefix = "stack:";
  const bool stack = name.starts_with(prefix);
  if (stack && !document.stacks) return nullptr;
  const auto& members = stack ? document.stacks->members : document.features.members;
  const std::string_view id = stack ? name.substr(prefix.size()) : name;
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& one) { return one.first == id; });
  return found == members.end() ? nullptr : &found->second;
}

/// The requirement that was probably meant, in the same form.
std::optional<std::string> suggest_switch(const FeaturesDocument& document, std::string_view name,
                                          Suggestions& suggestions) {
  const auto& features = document.features.members;
  const size_t stacks = document.stacks ? document.stacks->members.size() : 0;
  if (features.size() > names_max || stacks > names_max) return std::nullopt;
  std::vector<std::string> names;
  names.reserve(features.size() + stacks);
  for (const auto& [id, one] : features) names.push_back(id);
  for (size_t i = 0; i < stacks; ++i) {
    names.push_back(concat("stack:", document.stacks->members[i].first));
  }
  return suggestions.search(name, std::vector<std::string_view>(names.begin(), names.end()));
}

void Validator::requirements(const FeaturesDocument& document, const Map<FeatureSwitch>& switches,
                             const Place& at) {
  for (const auto& [id, one] : switches.members) {
    if (!one.needs) continue;
    const Place here(at, id);
    const Place list(here, "requires");
    if (one.needs->size() > names_max) {
      issue(list, "config.too_many", "has more than 200 names");
      continue;
    }
    for (size_t i = 0; i < one.needs->size(); ++i) {
      const std::string& name = (*one.needs)[i];
      const FeatureSwitch* other = required(document, name);
      if (other == nullptr) {
        issue(Place(list, i), "config.requires", concat("`", name, "` does not exist"),
              suggest_switch(document, name, suggestions_));
      } else if (one.enabled && !other->enabled) {
        issue(Place(list, i), "config.requires",
              concat("`", id, "` needs `", name, "`, which is off"));
      }
    }
  }
}

void Validator::auth(const AuthSettings& settings, const Place& at) {
  if (settings.issuer) {
    const std::string_view issuer = *settings.issuer;
    const bool plain = std::all_of(issuer.begin(), issuer.end(),
                                   [](char c) { return c > ' ' && c < 0x7F && c != '@'; });
    if (!issuer.starts_with("https://") || issuer.size() < 12 || issuer.size() > 512 || !plain) {
      issue(Place(at, "issuer"), "config.url", "must be an https URL of at most 512 characters");
    }
  }
  if (settings.client_id && (settings.client_id->empty() || settings.client_id->size() > 256)) {
    issue(Place(at, "clientId"), "config.too_long", "must be 1 to 256 bytes");
  }
  if (settings.scopes && settings.scopes->size() > 32) {
    issue(Place(at, "scopes"), "config.too_many", "has more than 32 scopes");
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
    const auto found =
        std::find_if(out.members.begin(), out.members.end(),
                     [&name = name](const auto& member) { return member.first == name; });
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

std::string source_of(std::string_view constant, std::string_view literal) {
  return concat(
      "// Generated by Slipway from the platform's configuration. Changes here are lost.\n",
      "export const ", constant, " = ", literal, ";\n");
}

}  // namespace

bool looks_secret(std::string_view name) { return looks_secret(name, bits_of(name)); }

ConfigDocuments default_config(std::string_view app_name) {
  ConfigDocuments documents;
  documents.env.defaults.members.emplace_back("APP_NAME", std::string(app_name));
  documents.auth.defaults.provider = AuthProvider::none;
  return documents;
}

std::vector<Issue> validate(const ConfigDocuments& documents, std::string_view at) {
  Validator check;
  const Place root(at);
  const Place features(root, "features");
  const Place env(root, "env");
  const Place auth(root, "auth");
  check.switches(documents.features.features, Place(features, "features"));
  if (documents.features.stacks) {
    check.switches(*documents.features.stacks, Place(features, "stacks"));
  }
  check.requirements(documents.features, documents.features.features, Place(features, "features"));
  if (documents.features.stacks) {
    check.requirements(documents.features, *documents.features.stacks, Place(features, "stacks"));
  }
  check.variables(documents.env.defaults, Place(env, "default"));
  check.auth(documents.auth.defaults, Place(auth, "default"));
  for (const Environment environment : {Environment::dev, Environment::stg, Environment::prod}) {
    const std::string_view name = name_of(environment);
    if (const auto& over = overrides(documents.env, environment)) {
      check.variables(*over, Place(env, name));
    }
    if (const auto& over = overrides(documents.auth, environment)) {
      check.auth(*over, Place(auth, name));
    }
    const AuthSettings settings = merged(documents.auth, environment);
    if (settings.provider == AuthProvider::oidc && (!settings.issuer || !settings.client_id)) {
      check.issue(auth, "config.auth_incomplete",
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
  return {source_of("featuresConfig", to_literal(features)),
          source_of("envConfig", to_literal(merged(documents.env, environment))),
          source_of("authConfig", to_literal(merged(documents.auth, environment)))};
}

}  // namespace slipway
