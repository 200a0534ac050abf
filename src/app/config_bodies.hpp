// What users send to change a configuration.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "domain/config.hpp"
#include "wire/describe.hpp"

namespace slipway {

/// The whole configuration anew: either structured or as TypeScript source, all three documents.
struct ConfigWriteBody {
  std::optional<FeaturesDocument> features;
  std::optional<EnvDocument> env;
  std::optional<AuthDocument> auth;
  std::optional<std::string> features_config;
  std::optional<std::string> env_config;
  std::optional<std::string> auth_config;
  std::optional<std::string> reason;
};
template <>
struct describe<ConfigWriteBody> {
  static constexpr std::string_view name = "ConfigWrite";
  static constexpr std::string_view doc =
      "The whole configuration: `features`, `env` and `auth`, or the three as TypeScript source.";
  static constexpr std::array fields = {
      field<&ConfigWriteBody::features>("features", "features and stacks"),
      field<&ConfigWriteBody::env>("env", "plain variables"),
      field<&ConfigWriteBody::auth>("auth", "sign-in"),
      field<&ConfigWriteBody::features_config>("featuresConfig", "features.config.ts"),
      field<&ConfigWriteBody::env_config>("envConfig", "env.config.ts"),
      field<&ConfigWriteBody::auth_config>("authConfig", "auth.config.ts"),
      field<&ConfigWriteBody::reason>("reason", "why; shown in the history"),
  };
};

struct ConfigRestoreBody {
  std::optional<std::string> reason;
};
template <>
struct describe<ConfigRestoreBody> {
  static constexpr std::string_view name = "ConfigRestore";
  static constexpr std::string_view doc = "An earlier version becomes the newest.";
  static constexpr std::array fields = {
      field<&ConfigRestoreBody::reason>("reason", "why; shown in the history"),
  };
};

struct FeatureActivateBody {
  std::string feature_id;
  std::optional<Map<Scalar>> options;
  std::optional<std::string> reason;
};
template <>
struct describe<FeatureActivateBody> {
  static constexpr std::string_view name = "FeatureActivate";
  static constexpr std::string_view doc = "A feature to switch on.";
  static constexpr std::array fields = {
      field<&FeatureActivateBody::feature_id>("featureId", "the feature; a new one is added"),
      field<&FeatureActivateBody::options>("options", "its settings; without it: as they are"),
      field<&FeatureActivateBody::reason>("reason", "why; shown in the history"),
  };
};

struct FeatureDeactivateBody {
  std::string feature_id;
  std::optional<std::string> reason;
};
template <>
struct describe<FeatureDeactivateBody> {
  static constexpr std::string_view name = "FeatureDeactivate";
  static constexpr std::string_view doc = "A feature to switch off.";
  static constexpr std::array fields = {
      field<&FeatureDeactivateBody::feature_id>("featureId", "the feature"),
      field<&FeatureDeactivateBody::reason>("reason", "why; shown in the history"),
  };
};

struct StackProvisionBody {
  std::string stack_id;
  std::optional<Map<Scalar>> options;
  std::optional<std::string> reason;
};
template <>
struct describe<StackProvisionBody> {
  static constexpr std::string_view name = "StackProvision";
  static constexpr std::string_view doc = "A stack to switch on.";
  static constexpr std::array fields = {
      field<&StackProvisionBody::stack_id>("stackId", "the stack; a new one is added"),
      field<&StackProvisionBody::options>("options", "its settings; without it: as they are"),
      field<&StackProvisionBody::reason>("reason", "why; shown in the history"),
  };
};

struct StackDeactivateBody {
  std::string stack_id;
  std::optional<std::string> reason;
};
template <>
struct describe<StackDeactivateBody> {
  static constexpr std::string_view name = "StackDeactivate";
  static constexpr std::string_view doc = "A stack to switch off.";
  static constexpr std::array fields = {
      field<&StackDeactivateBody::stack_id>("stackId", "the stack"),
      field<&StackDeactivateBody::reason>("reason", "why; shown in the history"),
  };
};

}  // namespace slipway
