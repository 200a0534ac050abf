// The configuration of a platform: three documents, their rules, and their TypeScript form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "domain/names.hpp"
#include "wire/describe.hpp"

namespace slipway {

/// A feature or stack of the shell.
struct FeatureSwitch {
  bool enabled = false;
  std::optional<Map<Scalar>> options;
  std::optional<std::vector<std::string>> needs;
};
template <>
struct describe<FeatureSwitch> {
  static constexpr std::string_view name = "FeatureSwitch";
  static constexpr std::string_view doc = "A feature or stack of the shell.";
  static constexpr std::array fields = {
      field<&FeatureSwitch::enabled>("enabled", "whether the site has it"),
      field<&FeatureSwitch::options>("options", "its settings, by name"),
      field<&FeatureSwitch::needs>("requires",
                                   "what must be enabled with it: feature ids, or `stack:<id>`"),
  };
};

struct FeaturesDocument {
  Map<FeatureSwitch> features;
  std::optional<Map<FeatureSwitch>> stacks;
};
template <>
struct describe<FeaturesDocument> {
  static constexpr std::string_view name = "FeaturesDocument";
  static constexpr std::string_view doc = "What the platform's sites can do; the same everywhere.";
  static constexpr std::array fields = {
      field<&FeaturesDocument::features>("features", "features by id (words joined by dashes)"),
      field<&FeaturesDocument::stacks>("stacks", "stacks by id (words joined by dashes)"),
  };
};

/// Plain variables of the site.
struct EnvDocument {
  Map<Scalar> defaults;
  std::optional<Map<Scalar>> dev;
  std::optional<Map<Scalar>> stg;
  std::optional<Map<Scalar>> prod;
};
template <>
struct describe<EnvDocument> {
  static constexpr std::string_view name = "EnvDocument";
  static constexpr std::string_view doc = "Plain variables of the site; never secrets.";
  static constexpr std::array fields = {
      field<&EnvDocument::defaults>("default", "values of every environment"),
      field<&EnvDocument::dev>("dev", "values that replace the default in dev"),
      field<&EnvDocument::stg>("stg", "values that replace the default in stg"),
      field<&EnvDocument::prod>("prod", "values that replace the default in prod"),
  };
};

enum class AuthProvider : uint8_t { none, oidc };
template <>
struct describe<AuthProvider> {
  static constexpr std::string_view name = "AuthProvider";
  static constexpr std::array<std::string_view, 2> names = {"none", "oidc"};
};

struct AuthSettings {
  std::optional<AuthProvider> provider;
  std::optional<std::string> issuer;
  std::optional<std::string> client_id;
  std::optional<std::vector<std::string>> scopes;
};
template <>
struct describe<AuthSettings> {
  static constexpr std::string_view name = "AuthSettings";
  static constexpr std::string_view doc = "How the site's users sign in.";
  static constexpr std::array fields = {
      field<&AuthSettings::provider>("provider", "`none`, or `oidc` (OpenID Connect)"),
      field<&AuthSettings::issuer>("issuer", "the issuer's https URL"),
      field<&AuthSettings::client_id>("clientId", "the public client id"),
      field<&AuthSettings::scopes>("scopes", "scopes to ask for"),
  };
};

struct AuthDocument {
  AuthSettings defaults;
  std::optional<AuthSettings> dev;
  std::optional<AuthSettings> stg;
  std::optional<AuthSettings> prod;
};
template <>
struct describe<AuthDocument> {
  static constexpr std::string_view name = "AuthDocument";
  static constexpr std::string_view doc = "Sign-in, with overrides per environment.";
  static constexpr std::array fields = {
      field<&AuthDocument::defaults>("default", "settings of every environment"),
      field<&AuthDocument::dev>("dev", "settings that replace the default in dev"),
      field<&AuthDocument::stg>("stg", "settings that replace the default in stg"),
      field<&AuthDocument::prod>("prod", "settings that replace the default in prod"),
  };
};

/// The three documents that one configuration version covers.
struct ConfigDocuments {
  FeaturesDocument features;
  EnvDocument env;
  AuthDocument auth;
};
template <>
struct describe<ConfigDocuments> {
  static constexpr std::string_view name = "ConfigDocuments";
  static constexpr std::string_view doc = "The configuration of a platform.";
  static constexpr std::array fields = {
      field<&ConfigDocuments::features>("features", "features and stacks"),
      field<&ConfigDocuments::env>("env", "plain variables"),
      field<&ConfigDocuments::auth>("auth", "sign-in"),
  };
};

/// The documents as the builder gets them: TypeScript source.
struct RenderedConfig {
  std::string features;
  std::string env;
  std::string auth;
};

/// The configuration of a platform that was created without one: it knows its name.
[[nodiscard]] ConfigDocuments default_config(std::string_view app_name);

/// Everything that is wrong with the documents. `at` is the pointer of the documents in what the
/// user sent.
[[nodiscard]] std::vector<Issue> validate(const ConfigDocuments& documents, std::string_view at);

/// Whether a name looks like that of a secret, such as `API_Secret` or `dbPassword`.
[[nodiscard]] bool looks_secret(std::string_view name);

/// Whether the documents say anything special for `environment`.
[[nodiscard]] bool has_overrides(const ConfigDocuments& documents, Environment environment);

/// The TypeScript source of the documents, for one environment or, without one, of the defaults.
/// Deterministic; no value can break out of its literal.
[[nodiscard]] RenderedConfig render(const ConfigDocuments& documents,
                                    std::optional<Environment> environment);

}  // namespace slipway
