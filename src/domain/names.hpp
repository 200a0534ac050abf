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

/// One customer of the git lane: an organisation of the application that Slipway serves. The name
/// of its Pages project is made of it, and it never changes.
struct OrgSlug {
  std::string text;
  bool operator==(const OrgSlug&) const = default;
};

[[nodiscard]] bool is_org_slug(std::string_view text);

template <>
struct describe<OrgSlug> {
  static constexpr std::string_view name = "OrgSlug";
  static constexpr std::string_view rule =
      "1 to 54 lower-case letters and digits in words joined by single dashes";
  static constexpr std::string_view pattern = "^(?=.{1,54}$)[a-z0-9]+(-[a-z0-9]+)*$";
  static constexpr auto accepts = &is_org_slug;
};

/// The id of an org in the application that it comes from.
struct OrgId {
  std::string text;
  bool operator==(const OrgId&) const = default;
};

[[nodiscard]] bool is_org_id(std::string_view text);

template <>
struct describe<OrgId> {
  static constexpr std::string_view name = "OrgId";
  static constexpr std::string_view rule = "1 to 64 letters, digits, dots, dashes and underscores";
  static constexpr std::string_view pattern = "^[A-Za-z0-9._-]{1,64}$";
  static constexpr auto accepts = &is_org_id;
};

/// A person, as the identity provider names them: the subject of their token, or with Cloudflare
/// Access their e-mail address in lower case.
struct UserId {
  std::string text;
  bool operator==(const UserId&) const = default;
};

[[nodiscard]] bool is_user_id(std::string_view text);

template <>
struct describe<UserId> {
  static constexpr std::string_view name = "UserId";
  static constexpr std::string_view rule = "1 to 128 printable ASCII characters without spaces";
  static constexpr std::string_view pattern = "^[!-~]{1,128}$";
  static constexpr auto accepts = &is_user_id;
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

/// Whether a Pages project may have this name (Cloudflare's rule, error 8000003).
[[nodiscard]] bool is_project_name(std::string_view text);

/// The name of an org's Pages project: `aurora-ark`. At most 58 characters for a valid slug.
[[nodiscard]] std::string org_project_name(std::string_view slug);

}  // namespace slipway
