// POST /api/v1/tokens: a new API token. The shim has drawn it; only its digest comes here, and the
// shim adds the plaintext to this one reply.
#include <algorithm>

#include "app/operations.hpp"
#include "app/token_views.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::string item(std::string_view list, size_t index) {
  return concat("/", list, "/", to_text(static_cast<int64_t>(index)));
}

/// Whether the element stands before its index already.
template <class T>
bool stands_before(const std::vector<T>& list, size_t index) {
  const auto before = list.begin() + static_cast<long>(index);
  return std::find(list.begin(), before, list[index]) != before;
}

void check_scopes(const TokenCreateBody& body, std::vector<Issue>& issues) {
  if (body.scopes.empty()) {
    issues.push_back({"/scopes", "field.value", "must name at least one scope"});
  }
  for (size_t i = 0; i < body.scopes.size(); ++i) {
    if (stands_before(body.scopes, i)) {
      issues.push_back({item("scopes", i), "field.duplicate", "stands twice"});
    }
  }
}

/// A token that administers could make itself a token without limits: it is never limited.
void check_platforms(const TokenCreateBody& body, std::vector<Issue>& issues) {
  const auto& platforms = body.platforms;
  if (platforms.size() == 1 && platforms[0] == all_platforms) return;
  if (platforms.empty() || platforms.size() > limits::token_platforms_max) {
    issues.push_back({"/platforms", "field.value", "must have 1 to 100 items, or `*` alone"});
  }
  for (size_t i = 0; i < platforms.size() && issues.size() < limits::issues_max; ++i) {
    if (!is_platform_id(platforms[i])) {
      issues.push_back({item("platforms", i), "field.value",
                        concat("must be ", describe<PlatformId>::rule, ", or `*` alone")});
    } else if (stands_before(platforms, i)) {
      issues.push_back({item("platforms", i), "field.duplicate", "stands twice"});
    }
  }
  const bool admin =
      std::find(body.scopes.begin(), body.scopes.end(), TokenScope::admin) != body.scopes.end();
  if (admin) issues.push_back({"/platforms", "token.admin", "must be `*` with the scope admin"});
}

std::vector<Issue> body_issues(const TokenCreateBody& body) {
  std::vector<Issue> issues;
  if (body.name.empty() || body.name.size() > limits::token_name_bytes_max) {
    issues.push_back({"/name", "field.value", "must be 1 to 120 bytes"});
  }
  check_scopes(body, issues);
  check_platforms(body, issues);
  const int64_t days = body.expires_in_days.value_or(1);
  if (days < 1 || days > limits::token_days_max) {
    issues.push_back({"/expiresInDays", "field.value", "must be 1 to 3650"});
  }
  return issues;
}

}  // namespace

Outcome token_create(Run& run) {
  TokenCreateBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = body_issues(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  const std::string& digest = run.input().secret_digest;
  if (!is_sha256_hex(digest)) stop_on_damage();

  std::optional<int64_t> expires_ms;
  if (body.expires_in_days) expires_ms = run.now_ms() + *body.expires_in_days * limits::day_ms;
  TokenRow token;
  run.draft().record(
      token, TokenCreated{run.new_id("tok_"), std::move(body.name), digest, std::move(body.scopes),
                          std::move(body.platforms), run.caller().author, expires_ms});
  run.hand_out_secret("token");
  return run.reply(201, to_json(view_of(token)));
}

}  // namespace slipway
