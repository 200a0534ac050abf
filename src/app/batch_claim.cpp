// POST /api/v1/claims: a run takes its batch. This is the fence that makes a second dispatch
// harmless: the first run to claim a key holds the batch, every other run stops without building.
#include "app/bodies.hpp"
#include "app/fleet.hpp"
#include "app/known_platform.hpp"
#include "app/members.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

/// The answer to the run that holds the batch. Every answer brings a token of its own: the one of a
/// lost answer is in nobody's hands.
Outcome claimed(Run& run, const BatchRow& batch, int64_t shard,
                const std::vector<Member>& members) {
  const std::string& digest = run.input().secret_digest;
  if (!is_sha256_hex(digest)) stop_on_damage();
  run.draft().insert(
      digest, BuildTokenRow{batch.id, batch.run_id.value_or(""), batch.run_attempt, run.now_ms()});
  run.hand_out_secret("token");
  ClaimView view;
  view.batch_id = batch.id;
  view.account = batch.account;
  view.environment = batch.environment;
  view.shard = shard;
  view.shards = batch.shards;
  for (const Member& member : members) {
    if (!member.site.active) continue;
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

/// What was planned gives way to what is wished by now, while nothing is built of it: it carries
/// the newer wish, or, where that does not fit into the shard, its site is planned anew.
void renew(Run& run, Member& member, bool fits) {
  SiteRow& site = member.site;
  if (fits) {
    run.draft().record(site, DeploymentRetargeted{site.active->id});
    return;
  }
  run.draft().record(site, DeploymentSuperseded{site.active->id,
                                                "what is wished by now needs "
                                                "another job"});
  plan_or_settle(run, site);
}

/// Whether a newer wish came after the deployment was planned. While builds are paused wishes are
/// recorded and wait; only a pin counts.
bool is_overtaken(const SiteRow& site) {
  const bool waits = site.paused && !site.pin;
  return site.active->state == DeploymentState::planned && site.state == SiteState::ready &&
         !waits && wished_revision(site) > site.active->revision;
}

Outcome take(Run& run, BatchRow batch, std::vector<Member> members, const ClaimBody& body) {
  const int64_t shard = body.shard.value_or(0);
  if (const auto refused = not_that_run(run.caller(), batch, body)) return run.fail(*refused);
  if (!may_claim(batch, body)) return run.fail({ErrorCode::claim_fenced, "", {}});
  std::vector<SiteRow> overtaken;
  for (const Member& member : members) {
    if (is_overtaken(member.site)) overtaken.push_back(member.site);
  }
  const std::vector<bool> raw = are_raw(run, overtaken);
  if (run.incomplete()) return run.need();

  Draft& draft = run.draft();
  const bool again = batch.state == BatchState::claimed && batch.run_attempt == body.run_attempt;
  if (!again) {
    draft.record(batch, BatchClaimed{body.run_id.text, body.run_attempt});
    draft.look_at(batch, run.now_ms() + limits::batch_look_ms);
  }
  size_t number = 0;
  for (Member& member : members) {
    if (is_overtaken(member.site)) {
      const bool shares = raw[number++] && members.size() > 1;
      const bool same_shell = wish_of(member.site).shell_sha == batch.shell_sha;
      renew(run, member, !shares && same_shell && !member.site.pin);
    }
    if (!member.site.active) continue;
    const DeploymentRunning running{member.deployment().id, body.run_id.text, batch.run_url};
    if (allows(member.site, running)) draft.record(member.site, running);
  }
  return claimed(run, batch, shard, members);
}

Outcome take_shard(Run& run, const BatchRow& batch, const ClaimBody& body) {
  auto members = members_of_shard(run, batch, body.shard.value_or(0));
  if (run.incomplete()) return run.need();
  return take(run, batch, std::move(members), body);
}

Outcome claim_by_key(Run& run, const ClaimBody& body) {
  const auto batches = run.query<BatchRow>("batches_of_dispatch_key", {body.dispatch_key->text});
  if (run.incomplete()) return run.need();
  if (batches.empty()) return run.fail({ErrorCode::claim_fenced, "", {}});
  return take_shard(run, batches[0], body);
}

/// A further shard of a batch that the run holds already.
Outcome claim_of_batch(Run& run, const ClaimBody& body) {
  const auto batch = run.row<BatchRow>("batch", *body.batch_id);
  if (run.incomplete()) return run.need();
  const bool held = batch && batch->state == BatchState::claimed &&
                    batch->run_id == std::optional(body.run_id.text);
  if (!held) return run.fail({ErrorCode::claim_fenced, "", {}});
  return take_shard(run, *batch, body);
}

/// The next batch that waits for a runner: for those that no dispatch woke.
Outcome claim_next(Run& run, const ClaimBody& body) {
  const auto open =
      run.query<BatchRow>("batches_waiting", {*body.account, number(limits::open_batches_max)});
  const auto frost = frozen(run);
  if (run.incomplete()) return run.need();
  if (frost) return run.fail({ErrorCode::fleet_frozen, frost->reason, {}});
  // The answer to its claim was lost: it has a batch already.
  for (const BatchRow& batch : open) {
    const bool held = batch.state == BatchState::claimed && batch.run_id == body.run_id.text;
    if (held) return take_shard(run, batch, body);
  }
  for (const BatchRow& batch : open) {
    const bool fits = !body.env || batch.environment == *body.env;
    if (fits && batch.state == BatchState::planned) return take_shard(run, batch, body);
  }
  return run.fail({ErrorCode::claim_nothing_to_build, "no batch waits for a runner", {}});
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
  std::vector<SiteRow> alone = {*site};
  BatchRow batch = plan_batch(run, alone, {true}, Origin::manual);
  return take(run, std::move(batch), {{alone[0]}}, body);
}

/// Exactly one of the ways to say which batch.
bool names_one_batch(const ClaimBody& body) {
  const bool by_hand = body.platform_id.has_value();
  if (by_hand && !body.env) return false;
  if (body.env && !by_hand && !body.account) return false;
  const int ways = (body.dispatch_key ? 1 : 0) + (by_hand ? 1 : 0) + (body.account ? 1 : 0) +
                   (body.batch_id ? 1 : 0);
  return ways == 1;
}

}  // namespace

Outcome batch_claim(Run& run) {
  ClaimBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  if (!names_one_batch(body)) {
    return run.fail(
        {ErrorCode::body_invalid,
         "",
         {{"", "field.value",
           "must have exactly one of `dispatchKey`, `platformId` with `env`, `account`, "
           "and `batchId`"}}});
  }
  const int64_t shard = body.shard.value_or(0);
  if (shard < 0 || shard >= limits::batch_members_max) {
    return run.fail({ErrorCode::body_invalid, "", {{"/shard", "field.value", "must be 0 to 249"}}});
  }
  if (body.dispatch_key) return claim_by_key(run, body);
  if (body.batch_id) return claim_of_batch(run, body);
  return body.platform_id ? claim_by_hand(run, body) : claim_next(run, body);
}

}  // namespace slipway
