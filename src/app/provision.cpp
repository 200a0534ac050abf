#include "app/provision.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

using Step = std::optional<Outcome>;

constexpr int64_t name_exists_code = 8000002;
constexpr int64_t generic_code = 8000000;
constexpr std::nullopt_t settled = std::nullopt;

/// Looked at again: 1 s, 2 s, 4 s, ... at most a minute.
Step look_again(Run& run, const OrgRow& org) {
  const int64_t wait = int64_t{1000} << std::clamp<int64_t>(org.attempts - 1, 0, 6);
  run.draft().look_at(org, run.now_ms() + std::min<int64_t>(wait, 60'000));
  return settled;
}

/// Nothing can be known just now: looked at less and less often the longer that lasts.
Step look_later(Run& run, const OrgRow& org) {
  const int64_t since = run.now_ms() - org.since_ms;
  run.draft().look_at(org, run.now_ms() + std::clamp<int64_t>(since / 4, 1'000, 60'000));
  return settled;
}

Step block(Run& run, OrgRow& org, Failure why) {
  run.draft().record(org, PublishingBlocked{std::move(why)});
  run.draft().look_at(org, run.now_ms());
  return settled;
}

enum class PutOff : uint8_t { creation, look };

Step defer(Run& run, OrgRow& org, const Answer& answer, PutOff what) {
  const int64_t until_ms = run.now_ms() + wait_ms(answer, run.now_ms());
  run.draft().record(org, ProvisionDeferred{in_words(answer), until_ms, what == PutOff::look});
  run.draft().look_at(org, until_ms);
  return settled;
}

Step connect(Run& run, OrgRow& org, const pages::GitProject& wish,
             const pages::ConnectedProject& project, bool adopted) {
  const std::string host = pages::host_of(project);
  run.draft().record(org, GitProjectReady{host, adopted});
  // Whoever remembers nothing may have made a hook of this name before.
  if (adopted && !wish.hook_name.empty()) org.pending_hook = wish.hook_name;
  run.draft().look_at(org, run.now_ms());
  return settled;
}

/// A project of the name exists: ours by its marker, or somebody else's.
Step judge_existing(Run& run, OrgRow& org, const pages::GitProject& wish, const Answer& look) {
  const auto envelope = read_project<pages::ConnectedEnvelope>(run, look, wish.name);
  if (!envelope) return look_later(run, org);
  const pages::ConnectedProject& project = envelope->result;
  if (pages::marked_site(project) == wish.marker && project.source.type) {
    return connect(run, org, wish, project, true);
  }
  return block(run, org, failure(ErrorCode::publishing_name_taken, wish.name));
}

Step after_creation(Run& run, OrgRow& org, const pages::GitProject& wish, const Answer& made) {
  const Verdict verdict = classify(made);
  if (verdict == Verdict::retry_after) return defer(run, org, made, PutOff::creation);
  if (verdict == Verdict::ok) {
    const auto envelope = read_project<pages::ConnectedEnvelope>(run, made, org.project_name);
    if (envelope) return connect(run, org, wish, envelope->result, false);
  }
  if (verdict == Verdict::rejected) {
    const auto error = first_error(run, made);
    const bool looked_at = error.code == name_exists_code || error.code == generic_code;
    if (!looked_at || org.attempts >= limits::project_attempts_max) {
      return block(run, org, refusal(error));
    }
  }
  return look_again(run, org);
}

Step create(Run& run, OrgRow& org, const pages::Account& at, const pages::GitProject& wish) {
  if (org.attempts >= limits::project_attempts_max) {
    return block(run, org, failure(ErrorCode::upstream_unclear, "the project's creation"));
  }
  run.draft().record(org, GitProjectCreateStarted{org.attempts + 1});
  run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
  const Answer* made = run.act("act:create_project", pages::create_git_project(at, wish));
  if (made == nullptr) return run.act_now();
  return after_creation(run, org, wish, *made);
}

Step ensure_git_project(Run& run, OrgRow& org, const pages::Account& at,
                        const pages::GitProject& wish) {
  const Answer* look = run.ask("look:project", pages::get_project(at, wish.name));
  if (look == nullptr) return run.need();
  switch (classify(*look)) {
    case Verdict::ok:
      return judge_existing(run, org, wish, *look);
    case Verdict::retry_after:
      return defer(run, org, *look, PutOff::look);
    case Verdict::unknown:
      return look_later(run, org);
    case Verdict::rejected:
      break;
  }
  const auto error = first_error(run, *look);
  if (error.code == pages::project_unknown_code) return create(run, org, at, wish);
  if (error.code == generic_code) return look_later(run, org);
  return block(run, org, refusal(error));
}

/// The hook is there: its id is sealed. With the first one of a project its first build is planned.
Step store_hook(Run& run, OrgRow& org, const std::string& name, const std::string& hook_id) {
  Draft& draft = run.draft();
  const std::string sealed_id = concat("hook:", org.slug, "/", name);
  const bool is_first = !org.hook;
  const std::string& author =
      run.caller().author == system_author ? org.asked_by : run.caller().author;
  draft.seal(sealed_id, hook_id);
  draft.record(org, HookStored{name, sealed_id, shown_end(hook_id), author});
  if (is_first && !org.active) {
    draft.record(
        org, PublicationPlanned{run.new_id("pub_"), author, PublishedVia::api, org.project_name});
  }
  draft.look_at(org, run.now_ms());
  return settled;
}

/// What became of a hook whose creation was written down and whose answer nobody has: it is in the
/// project's list, or not; where no list is to be had it may exist for ever without a use.
Step find_pending(Run& run, OrgRow& org, const pages::Account& at, bool& gone) {
  const std::string name = *org.pending_hook;
  const Answer* look = run.ask("look:hooks", pages::list_hooks(at, org.project_name));
  if (look == nullptr) return run.need();
  const Verdict verdict = classify(*look);
  if (verdict == Verdict::retry_after) return defer(run, org, *look, PutOff::look);
  const auto envelope = run.read_answer<pages::HooksEnvelope>(*look);
  if (verdict == Verdict::unknown || (verdict == Verdict::ok && !envelope)) {
    return look_later(run, org);
  }
  gone = true;
  if (verdict == Verdict::rejected) {
    run.draft().record(org, HookOrphaned{name});
    return settled;
  }
  for (const pages::ListedHook& hook : envelope->result) {
    if (hook.name != name || !hook_id_of(concat(hook_address, hook.hook_id))) continue;
    gone = false;
    return store_hook(run, org, name, hook.hook_id);
  }
  return settled;
}

Step after_hook(Run& run, OrgRow& org, const std::string& name, const Answer& made) {
  switch (classify(made)) {
    case Verdict::ok: {
      const auto envelope = run.read_answer<pages::HookEnvelope>(made);
      const bool usable = envelope && hook_id_of(concat(hook_address, envelope->result.hook_id));
      if (usable) return store_hook(run, org, name, envelope->result.hook_id);
      return look_again(run, org);
    }
    case Verdict::retry_after:
      return defer(run, org, made, PutOff::creation);
    case Verdict::unknown:
      return look_again(run, org);
    case Verdict::rejected:
      break;
  }
  const auto error = first_error(run, made);
  if (error.code == generic_code) return look_again(run, org);
  if (error.code == pages::project_unknown_code) {
    (void)lose_project(run, org);
    run.draft().look_at(org, run.now_ms());
    return settled;
  }
  return block(run, org, refusal(error));
}

Step ensure_hook(Run& run, OrgRow& org, const pages::Account& at, const pages::GitProject& wish) {
  if (org.pending_hook) {
    bool gone = false;
    Step step = find_pending(run, org, at, gone);
    if (step || !gone) return step;
  }
  if (org.attempts >= limits::hook_attempts_max) {
    return block(run, org, failure(ErrorCode::upstream_unclear, "the deploy hook's creation"));
  }
  const std::string name = wish.hook_name.empty() ? run.new_id("slipway-") : wish.hook_name;
  run.draft().record(org, HookCreateStarted{name, org.attempts + 1});
  run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
  const Answer* made =
      run.act("act:create_hook", pages::create_hook(at, org.project_name, name, wish.branch));
  if (made == nullptr) return run.act_now();
  return after_hook(run, org, name, *made);
}

}  // namespace

std::optional<Outcome> provision(Run& run, OrgRow& org, const pages::Account& at,
                                 const pages::GitProject& wish) {
  if (org.waiting && org.waiting->until_ms > run.now_ms()) {
    run.draft().look_at(org, org.waiting->until_ms);
    return settled;
  }
  if (org.state == OrgState::creating) {
    if (Step step = ensure_git_project(run, org, at, wish)) return step;
  }
  if (org.state == OrgState::connecting) return ensure_hook(run, org, at, wish);
  return settled;
}

Failure lose_project(Run& run, OrgRow& org) {
  Failure why = failure(ErrorCode::publishing_project_gone, org.project_name);
  if (org.state != OrgState::ready && org.state != OrgState::connecting) return why;
  std::vector<OldRow> secrets;
  if (org.hook) secrets.push_back({org.hook->sealed_id});
  if (org.retiring) secrets.push_back({org.retiring->sealed_id});
  run.draft().forget("sealed", secrets);
  run.draft().record(org, GitProjectGone{why});
  return why;
}

std::optional<Outcome> retire_hook(Run& run, OrgRow& org, const pages::Account& at) {
  const StoredHook& old = *org.retiring;
  const Answer* gone =
      run.act("act:delete_hook", pages::delete_hook(at, org.project_name, old.sealed_id));
  if (gone == nullptr) {
    run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
    return run.act_now();
  }
  const Verdict verdict = classify(*gone);
  const bool young = run.now_ms() - present(org.hook).at_ms < limits::deployment_deadline_ms;
  const bool unsealed = gone->lost && gone->detail == "unsealed";
  if (young && !unsealed && (verdict == Verdict::unknown || verdict == Verdict::retry_after)) {
    run.draft().look_at(org, run.now_ms() + wait_ms(*gone, run.now_ms()));
    return settled;
  }
  const std::string sealed_id = old.sealed_id;
  run.draft().record(org, HookRetired{old.name, verdict == Verdict::ok});
  run.draft().forget("sealed", {OldRow{sealed_id}});
  run.draft().look_at(org, run.now_ms());
  return run.done();
}

}  // namespace slipway
