// Names of the domain: platforms, environments, sites, projects.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "wire/describe.hpp"

namespace slipway {

enum class Environment : uint8_t { dev, stg, prod };

template <>
struct describe<Environment> {
  static constexpr std::string_view name = "Environment";
  static constexpr std::array<std::string_view, 3> names = {"dev", "stg", "prod"};
};

/// One customer of the NNO half.
struct PlatformId {
  std::string text;
  bool operator==(const PlatformId&) const = default;
};

[[nodiscard]] bool is_platform_id(std::string_view text);

template <>
struct describe<PlatformId> {
  static constexpr std::string_view name = "PlatformId";
  static constexpr std::string_view rule =
      "3 to 46 lower-case letters and digits in words joined by single dashes";
  static constexpr std::string_view pattern = "^(?=.{3,46}$)[a-z0-9]+(-[a-z0-9]+)*$";
  static constexpr auto accepts = &is_platform_id;
};

/// A decimal number too large for a 32-bit integer, such as GitHub's run ids; kept as text.
struct RunId {
  std::string text;
  bool operator==(const RunId&) const = default;
};

[[nodiscard]] bool is_run_id(std::string_view text);

template <>
struct describe<RunId> {
  static constexpr std::string_view name = "RunId";
  static constexpr std::string_view rule = "1 to 20 decimal digits";
  static constexpr std::string_view pattern = "^[0-9]{1,20}$";
  static constexpr auto accepts = &is_run_id;
};

/// A ULID (base/ulid.hpp): the key of one dispatch.
struct DispatchKey {
  std::string text;
  bool operator==(const DispatchKey&) const = default;
};

[[nodiscard]] bool is_dispatch_key(std::string_view text);

template <>
struct describe<DispatchKey> {
  static constexpr std::string_view name = "DispatchKey";
  static constexpr std::string_view rule = "a ULID: 26 characters of 0-9, A-Z without I, L, O, U";
  static constexpr std::string_view pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$";
  static constexpr auto accepts = &is_dispatch_key;
};

/// SHA-256 in hex.
struct Sha256Hex {
  std::string text;
  bool operator==(const Sha256Hex&) const = default;
};

[[nodiscard]] bool is_sha256_hex(std::string_view text);

template <>
struct describe<Sha256Hex> {
  static constexpr std::string_view name = "Sha256Hex";
  static constexpr std::string_view rule = "64 lower-case hex digits";
  static constexpr std::string_view pattern = "^[0-9a-f]{64}$";
  static constexpr auto accepts = &is_sha256_hex;
};

/// The id of a platform's site: `acme/dev`.
[[nodiscard]] std::string site_id(std::string_view platform_id, Environment environment);

/// The name of a site's Pages project: `acme-dev-portal`. At most 58 characters for a valid
/// platform id.
[[nodiscard]] std::string project_name(std::string_view platform_id, Environment environment);

}  // namespace slipway
