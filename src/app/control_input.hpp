// Segment 0 of input frames, as docs/frames.md describes it: what happened, what is known.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wire/describe.hpp"
#include "wire/json_read.hpp"

namespace slipway {

enum class InputKind : uint8_t { request, effect, tick, fold, dead, provision };
template <>
struct describe<InputKind> {
  static constexpr std::string_view name = "InputKind";
  static constexpr std::array<std::string_view, 6> names = {"request", "effect", "tick",
                                                            "fold",    "dead",   "provision"};
};

enum class PrincipalKind : uint8_t { none, admin, internal, token, build, run, webhook, user };
template <>
struct describe<PrincipalKind> {
  static constexpr std::string_view name = "PrincipalKind";
  static constexpr std::array<std::string_view, 8> names = {"none",  "admin", "internal", "token",
                                                            "build", "run",   "webhook",  "user"};
};

/// Who is calling, as the shim has proved it.
struct Principal {
  PrincipalKind kind{};
  std::optional<std::string> digest;
  std::optional<std::string> repository;
  std::optional<std::string> run_id;
  std::optional<std::string> run_attempt;
  std::optional<std::string> environment;
  std::optional<std::string> user;
  std::optional<bool> cross_site;
};
template <>
struct describe<Principal> {
  static constexpr std::string_view name = "Principal";
  static constexpr std::string_view doc = "Who is calling, as the shim has proved it.";
  static constexpr std::array fields = {
      field<&Principal::kind>("kind", "which kind of key, token or signature was sent"),
      field<&Principal::digest>("digest", "token, build: SHA-256 of the token, hex"),
      field<&Principal::repository>("repository", "run: the builder's repository, `owner/name`"),
      field<&Principal::run_id>("run_id", "run: its id at GitHub"),
      field<&Principal::run_attempt>("run_attempt", "run: which attempt, from 1"),
      field<&Principal::environment>("environment", "run: the GitHub environment of the job"),
      field<&Principal::user>("user", "user: who, as the identity provider names them"),
      field<&Principal::cross_site>(
          "cross_site", "user: another site may have made the browser send this request")};
};

/// One thing that happened.
struct InputDocument {
  InputKind kind{};
  std::string operation;
  Map<std::string> params;
  std::vector<std::vector<std::string>> query;
  Map<std::string> headers;
  Principal principal;
  std::optional<int64_t> body;
  bool body_too_large = false;
  std::optional<std::string> held;
  std::string secret_digest;
  std::string effect_key;
  std::optional<int64_t> effect_due_at_ms;
  std::string aggregate;
  std::string error;
};
template <>
struct describe<InputDocument> {
  static constexpr std::string_view name = "InputDocument";
  static constexpr std::string_view doc = "One thing that happened.";
  static constexpr std::array fields = {
      field<&InputDocument::kind>("kind", "what kind of thing"),
      field<&InputDocument::operation>("operation", "request: name in the operation list"),
      field<&InputDocument::params>("params", "request: path parameters, decoded"),
      field<&InputDocument::query>("query", "request: pairs in the URL's order, decoded"),
      field<&InputDocument::headers>("headers", "request: those that the core reads"),
      field<&InputDocument::principal>("principal", "request: who is calling"),
      field<&InputDocument::body>("body", "request, provision: segment of the body"),
      field<&InputDocument::body_too_large>("body_too_large", "request: the body was not kept"),
      field<&InputDocument::held>("held", "request: token of the hold that this call follows"),
      field<&InputDocument::secret_digest>(
          "secret_digest",
          "request: SHA-256 of a fresh secret, hex, where the operation needs one"),
      field<&InputDocument::effect_key>("effect_key", "effect, dead: what to look at"),
      field<&InputDocument::effect_due_at_ms>("effect_due_at_ms",
                                              "effect, dead: the promise of its message"),
      field<&InputDocument::aggregate>("aggregate", "fold: whose journal to replay"),
      field<&InputDocument::error>("error", "dead: why the last try failed, in words"),
  };
};

enum class FactOutcome : uint8_t { found, absent, answered, lost, granted, deferred };
template <>
struct describe<FactOutcome> {
  static constexpr std::string_view name = "FactOutcome";
  static constexpr std::array<std::string_view, 6> names = {"found", "absent",  "answered",
                                                            "lost",  "granted", "deferred"};
};

/// One read of the world, or the outcome of an act.
struct FactDocument {
  std::string key;
  FactOutcome outcome{};
  std::optional<int64_t> segment;
  int64_t status = 0;
  Map<std::string> headers;
  std::string detail;
  bool truncated = false;
  int64_t wait_ms = 0;
};
template <>
struct describe<FactDocument> {
  static constexpr std::string_view name = "FactDocument";
  static constexpr std::string_view doc = "One read of the world, or the outcome of an act.";
  static constexpr std::array fields = {
      field<&FactDocument::key>("key", "of the need or act that it answers"),
      field<&FactDocument::outcome>("outcome", "what came of it"),
      field<&FactDocument::segment>("segment", "the row, array, document or body"),
      field<&FactDocument::status>("status", "answered: HTTP status"),
      field<&FactDocument::headers>("headers", "answered: some headers, lower case"),
      field<&FactDocument::detail>("detail", "lost: `timeout`, `network`, `unsent` or `unsealed`"),
      field<&FactDocument::truncated>("truncated", "answered: the body was cut"),
      field<&FactDocument::wait_ms>("wait_ms", "deferred: the budget has room after this long"),
  };
};

/// Segment 0 of an input frame.
struct InputFrame {
  int64_t now_ms = 0;
  int64_t received_ms = 0;
  std::string entropy;
  Map<std::string> settings;
  std::vector<std::string> credentials;
  InputDocument input;
  std::vector<FactDocument> facts;
};
template <>
struct describe<InputFrame> {
  static constexpr std::string_view name = "InputFrame";
  static constexpr std::string_view doc = "Segment 0 of an input frame.";
  static constexpr std::array fields = {
      field<&InputFrame::now_ms>("now_ms", "the clock, read once a run"),
      field<&InputFrame::received_ms>("received_ms", "when the request came in"),
      field<&InputFrame::entropy>("entropy", "128 random bits in hex, drawn once a run"),
      field<&InputFrame::settings>("settings", "plain variables of the instance, by name"),
      field<&InputFrame::credentials>("credentials", "names of those configured"),
      field<&InputFrame::input>("input", "what happened"),
      field<&InputFrame::facts>("facts", "what is known so far"),
  };
};

}  // namespace slipway
