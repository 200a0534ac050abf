#include "app/authorize.hpp"

#include <algorithm>

#include "app/known_org.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// The batch's site of that platform; null where it has none.
const BatchMember* member_of(const BatchRow& batch, std::string_view platform_id) {
  const std::string site = site_id(platform_id, batch.environment);
  const auto found = std::find_if(batch.members.begin(), batch.members.end(),
                                  [&](const BatchMember& member) { return member.site == site; });
  return found == batch.members.end() ? nullptr : &*found;
}

/// The bearer of an API token: nobody, unless the token is stored and valid.
Caller bearer_of_token(Run& run, const std::string& digest) {
  Caller caller;
  auto tokens = run.query<TokenRow>("tokens_of_digest", {digest});
  if (tokens.empty() || !is_valid(tokens[0], run.now_ms())) return caller;
  caller.kind = PrincipalKind::token;
  caller.author = tokens[0].id;
  caller.token = std::move(tokens[0]);
  return caller;
}

/// The bearer of a build's token: nobody, unless its run is the last that claimed the batch.
Caller bearer_of_build(Run& run, const std::string& digest) {
  Caller caller;
  const auto token = run.row<BuildTokenRow>("build_token", digest);
  if (!token) return caller;
  auto batch = run.row<BatchRow>("batch", token->batch_id);
  const bool holds =
      batch && batch->run_id == token->run_id && batch->run_attempt == token->run_attempt;
  if (!holds) return caller;
  caller.kind = PrincipalKind::build;
  caller.author = batch->id;
  caller.batch = std::move(batch);
  return caller;
}

/// A builder's run, as GitHub's own token names it.
Caller workflow_run(const Principal& principal) {
  Caller caller;
  caller.kind = principal.kind;
  caller.author =
      concat("github:", present(principal.repository), "@run:", present(principal.run_id));
  caller.workflow_run = {present(principal.run_id), present(principal.run_attempt),
                         present(principal.environment)};
  return caller;
}

Caller identify(Run& run) {
  const Principal& principal = run.input().principal;
  const std::string digest = principal.digest.value_or("");
  if (principal.kind == PrincipalKind::token) return bearer_of_token(run, digest);
  if (principal.kind == PrincipalKind::build) return bearer_of_build(run, digest);
  if (principal.kind == PrincipalKind::run) return workflow_run(principal);
  Caller caller;
  caller.kind = principal.kind;
  caller.author = std::string(name_of(principal.kind));
  return caller;
}

/// Whether the caller has the scope: a token by what was granted to it, everyone else by kind.
bool has_scope(const Caller& caller, Scope scope) {
  return caller.token ? grants(*caller.token, name_of(scope)) : allows(caller.kind, scope);
}

/// Whether it is known that the caller is nobody.
bool is_nobody(const Caller& caller, Scope scope) {
  if (caller.kind == PrincipalKind::none) return true;
  // A build's token reads configuration while the batch is held, and not a moment longer.
  return caller.batch && scope == Scope::config_read && caller.batch->state != BatchState::claimed;
}

/// A person's request about an org: refused unless they are a member of it, in the role that the
/// scope names. An org of which they are none is answered like one that does not exist.
std::optional<Outcome> authorize_person(Run& run, const OperationInfo& operation) {
  const Principal& principal = run.input().principal;
  if (principal.kind == PrincipalKind::none) return run.fail({ErrorCode::auth_missing, "", {}});
  if (principal.kind != PrincipalKind::user) return run.fail({ErrorCode::auth_user_needed, "", {}});
  if (principal.cross_site.value_or(false) && operation.method != "GET") {
    return run.fail({ErrorCode::auth_cross_site, "", {}});
  }
  const auto org = known_org(run);
  if (run.incomplete()) return run.need();
  const std::string& user = present(principal.user);
  const auto role = org ? role_of(*org, user) : std::nullopt;
  if (!role) return run.fail({ErrorCode::org_unknown, "", {}});
  if (operation.scope == Scope::org_admin && *role != OrgRole::admin) {
    return run.fail({ErrorCode::org_role, "", {}});
  }
  Caller caller;
  caller.kind = principal.kind;
  caller.author = concat("user:", user);
  caller.role = role;
  run.set_caller(std::move(caller));
  return std::nullopt;
}

}  // namespace

bool Caller::may_see(std::string_view platform_id) const {
  if (token) return covers(*token, platform_id);
  return !batch || member_of(*batch, platform_id) != nullptr;
}

bool Caller::speaks_for(std::string_view run_id) const {
  return !workflow_run || workflow_run->id == run_id;
}

std::optional<Outcome> authorize(Run& run, const OperationInfo& operation) {
  if (operation.scope == Scope::open) return std::nullopt;
  if (is_personal(operation.scope)) return authorize_person(run, operation);
  Caller caller = identify(run);
  if (run.incomplete()) return run.need();
  if (is_nobody(caller, operation.scope)) return run.fail({ErrorCode::auth_missing, "", {}});
  if (!has_scope(caller, operation.scope)) {
    return run.fail(
        {ErrorCode::auth_forbidden, concat("needs the scope ", name_of(operation.scope)), {}});
  }
  // A token for some platforms knows of no org.
  if (operation.scope == Scope::publishing && caller.token && !covers_all(*caller.token)) {
    return run.fail({ErrorCode::auth_forbidden, "needs a token for all platforms", {}});
  }
  const std::string_view platform_id = run.param("platformId");
  if (!platform_id.empty() && !caller.may_see(platform_id)) {
    return run.fail({ErrorCode::platform_unknown, "", {}});
  }
  const std::string_view batch_id = run.param("batchId");
  if (!batch_id.empty() && caller.batch && caller.batch->id != batch_id) {
    return run.fail({ErrorCode::batch_unknown, "", {}});
  }
  run.set_caller(std::move(caller));
  return std::nullopt;
}

}  // namespace slipway
