// POST /api/v1/claims: a run takes its batch. This is the fence that makes a second dispatch
// harmless: the first run to claim a key holds the batch, every other run stops without building.
#include "app/bodies.hpp"
#include "app/fleet.hpp"
#include "app/known_platform.hpp"
#include "app/members.hpp"
#include "app/operations.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr int64_t first_look_ms = 5'000;

/// The answer to the run that holds the batch. Every answer brings a token of its own: the one of a
/// lost answer is in nobody's hands.
Outcome claimed(Run& run, const BatchRow& batch, const std::vector<Member>& members) {
  const std::string& digest = run.input().secret_digest;
  if (!is_sha256_hex(digest)) stop_on_damage();
  run.draft().insert(
      digest, BuildTokenRow{batch.id, batch.run_id.value_or(""), batch.run_attempt, run.now_ms()});
  run.hand_out_secret("token");
  ClaimView view{batch.id, batch.account, batch.environment, {}, std::nullopt};
  for (const Member& member : members) {
    const Deployment& deployment = member.deployment();
    if (!is_before_upload(deployment.state)) continue;
    view.deployments.push_back({deployment.id, deployment.platform_id, deployment.environment,
                                deployment.project_name,
                                member.site.branch.value_or(std::string(pages::production_branch)),
                                deployment.config_version, deployment.shell_sha});
  }
  return run.reply(200, to_json(view));
}

/// Whether the run may hold the batch: nobody else does, and where the run's id is known it is this
/// one.
bool may_claim(const BatchRow& batch, const ClaimBody& body) {
  if (batch.state == BatchState::closed) return false;
  if (batch.run_id && *batch.run_id != body.run_id.text) return false;
  return batch.state != BatchState::claimed || body.run_attempt >= batch.run_attempt;
}

/// Why the caller may not claim in this run's name: GitHub says that it is another run, attempt or
/// environment. Nothing where it may.
std::optional<Error> not_that_run(const Caller& caller, const BatchRow& batch,
                                  const ClaimBody& body) {
  if (!caller.workflow_run) return std::nullopt;
  const WorkflowRun& proved = *caller.workflow_run;
  const std::string environment = concat(batch.account, "-", name_of(batch.environment));
  if (caller.speaks_for(body.run_id.text) && proved.attempt == to_text(body.run_attempt) &&
      proved.environment == environment) {
    return std::nullopt;
  }
  return Error{
      ErrorCode::auth_forbidden,
      concat("the caller is run ", proved.id, ", attempt ", proved.attempt, ", in the environment ",
             proved.environment, "; the claim is of run ", body.run_id.text, ", attempt ",
             to_text(body.run_attempt), ", in ", environment),
      {}};
}

Outcome take(Run& run, BatchRow batch, std::vector<Member> members, const ClaimBody& body) {
  if (const auto refused = not_that_run(run.caller(), batch, body)) return run.fail(*refused);
  if (!may_claim(batch, body)) return run.fail({ErrorCode::claim_fenced, "", {}});
  const bool again = batch.state == BatchState::claimed && batch.run_attempt == body.run_attempt;
  if (again) return claimed(run, batch, members);

  Draft& draft = run.draft();
  draft.record(batch, BatchClaimed{body.run_id.text, body.run_attempt});
  for (Member& member : members) {
    const DeploymentRunning running{member.deployment().id, body.run_id.text};
    if (allows(member.site, running)) draft.record(member.site, running);
  }
  draft.look_at(batch, run.now_ms() + first_look_ms);
  return claimed(run, batch, members);
}

Outcome claim_by_key(Run& run, const ClaimBody& body) {
  const auto batches = run.query<BatchRow>("batches_of_dispatch_key", {body.dispatch_key->text});
  if (run.incomplete()) return run.need();
  if (batches.empty()) return run.fail({ErrorCode::claim_fenced, "", {}});
  auto members = active_members(run, batches[0]);
  if (run.incomplete()) return run.need();
  return take(run, batches[0], std::move(members), body);
}

/// A person started the run: the site's wish becomes a batch of one, held by this run at once.
Outcome claim_by_hand(Run& run, const ClaimBody& body) {
  const std::string& platform_id = body.platform_id->text;
  const auto platform = known_platform(run, platform_id);
  auto site = run.row<SiteRow>("site", site_id(platform_id, *body.env));
  const auto frost = frozen(run);
  if (run.incomplete()) return run.need();
  if (!platform) return run.fail({ErrorCode::platform_unknown, "", {}});
  if (!site || site->deleted_ms) return run.fail({ErrorCode::environment_unknown, "", {}});
  if (site->active) {
    auto batch = run.row<BatchRow>("batch", site->active->batch_id);
    if (run.incomplete()) return run.need();
    const bool ours = batch && batch->origin == Origin::manual && batch->run_id == body.run_id.text;
    if (!ours) return run.fail({ErrorCode::claim_nothing_to_build, "a deployment is running", {}});
    return take(run, *batch, {{*site}}, body);
  }
  if (site->state != SiteState::ready) {
    const bool waits = site->state == SiteState::creating || site->state == SiteState::blocked;
    return run.fail({ErrorCode::claim_nothing_to_build,
                     waits ? std::string("the project does not exist yet")
                           : concat("the site is ", name_of(site->state)),
                     {}});
  }
  if (const auto fault = build_fault(frost, *site)) return run.fail(*fault);
  if (!wants_deployment(*site)) {
    run.draft().record(
        *site, DesiredChanged{platform->config_version, std::string(run.setting("SHELL_SHA")),
                              "builder started by hand"});
  }
  BatchRow batch = plan_deployment(run, *site, Origin::manual);
  return take(run, std::move(batch), {{*site}}, body);
}

}  // namespace

Outcome batch_claim(Run& run) {
  ClaimBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  const bool by_hand = body.platform_id && body.env;
  if (body.dispatch_key.has_value() == by_hand ||
      (body.dispatch_key && (body.platform_id || body.env))) {
    return run.fail(
        {ErrorCode::body_invalid,
         "",
         {{"", "field.value", "must have either `dispatchKey`, or `platformId` and `env`"}}});
  }
  return by_hand ? claim_by_hand(run, body) : claim_by_key(run, body);
}

}  // namespace slipway
