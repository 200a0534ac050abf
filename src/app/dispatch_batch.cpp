#include "app/dispatch_batch.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "upstream/builds_hook.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t first_look_ms = 3'000;

Outcome look_later(Run& run, const BatchRow& batch, int64_t wait) {
  run.draft().look_at(batch, run.now_ms() + wait);
  return run.done();
}

Outcome dispatched(Run& run, BatchRow& batch, int64_t run_id, const std::string& url) {
  run.draft().record(batch, BatchDispatched{to_text(run_id), url});
  return look_later(run, batch, limits::batch_look_ms);
}

Outcome unclear(Run& run, BatchRow& batch, const std::string& detail) {
  run.draft().record(batch, BatchDispatchUnknown{detail});
  return look_later(run, batch, first_look_ms);
}

/// Nothing was started: the batch is planned again, with a new key when its time has come.
Outcome deferred(Run& run, BatchRow& batch, const std::string& detail, int64_t wait) {
  run.draft().record(batch, BatchDispatchDeferred{detail});
  return look_later(run, batch, wait);
}

/// GitHub takes no dispatch now: none is sent for any batch before the time that it named.
Outcome limited(Run& run, BatchRow& batch, const Answer& sent) {
  const int64_t wait = wait_ms(sent, run.now_ms());
  if (!sent.lost) run.draft().stop(dispatch_ledger, run.now_ms() + wait);
  return deferred(run, batch, in_words(sent), wait);
}

Outcome failed(Run& run, BatchRow& batch, std::vector<Member>& members, const Failure& why) {
  run.draft().record(batch, BatchClosed{why});
  for (Member& member : members) {
    run.draft().record(member.site, DeploymentFailed{member.deployment().id, why});
    run.draft().look_at(member.site, run.now_ms());
  }
  run.draft().settle(batch);
  return run.done();
}

/// Why GitHub refused, in its own words.
Failure refusal(Run& run, const Answer& answer) {
  const auto body = run.read_answer<github::Refusal>(answer);
  const std::string_view message =
      head(body ? body->message : std::string_view(), limits::upstream_words_bytes_max);
  const bool permission = answer.status == 401 || answer.status == 403;
  return failure(permission ? ErrorCode::permission_missing : ErrorCode::dispatch_rejected,
                 concat("GitHub ", in_words(answer), ": ", message));
}

/// A refusal that a wait will mend, although its status does not say so.
bool is_limit(Run& run, const Answer& answer) {
  const auto body = run.read_answer<github::Refusal>(answer);
  return body && github::is_limit(*body);
}

/// The list of runs was not to be had: asked again, until a person has to look. Whether a run
/// exists is not known; one that claims after that is fenced.
Outcome search_later(Run& run, BatchRow& batch, std::vector<Member>& members, const Answer& list,
                     int64_t since_ms, int64_t pause_ms) {
  const Verdict verdict = classify(list);
  const bool refused = verdict == Verdict::rejected && !is_limit(run, list);
  if (refused && since_ms >= limits::dispatch_search_ms) {
    return failed(run, batch, members, refusal(run, list));
  }
  if (since_ms >= limits::deployment_deadline_ms) {
    return failed(run, batch, members,
                  failure(ErrorCode::dispatch_unclear, concat("its runs: ", in_words(list))));
  }
  const bool told = verdict == Verdict::retry_after;
  return look_later(run, batch, told ? wait_ms(list, run.now_ms()) : pause_ms);
}

/// Wakes a runner that takes the next batch, whichever that is. One too many finds nothing to do.
Outcome wake_by_hook(Run& run, BatchRow& batch, std::vector<Member>& members) {
  if (!run.has_credential(hook_credential)) {
    return failed(run, batch, members,
                  failure(ErrorCode::credential_missing, std::string(hook_credential)));
  }
  run.draft().look_at(batch, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act("act:wake", builds_hook(hook_credential));
  if (sent == nullptr) return run.act_now();
  const Verdict verdict = classify(*sent);
  if (verdict == Verdict::rejected) {
    return failed(run, batch, members,
                  failure(ErrorCode::dispatch_rejected,
                          concat("the builder's deploy hook: ", in_words(*sent))));
  }
  const bool woken = verdict == Verdict::ok;
  return look_later(run, batch, woken ? limits::wake_again_ms : wait_ms(*sent, run.now_ms()));
}

/// The one POST that starts the builder's workflow.
Outcome dispatch(Run& run, BatchRow& batch, std::vector<Member>& members) {
  const std::string_view credential = "github";
  if (!run.has_credential(credential)) {
    return failed(run, batch, members,
                  failure(ErrorCode::credential_missing, std::string(credential)));
  }
  if (batch.shards < 1 || batch.shards > limits::batch_members_max) stop_on_damage();
  if (batch.interactive) run.use_reserve();
  const FactDocument* turn =
      run.spend("spend:dispatch", {std::string(dispatch_ledger), dispatch_budget});
  if (turn == nullptr) return run.need();
  if (turn->outcome == FactOutcome::deferred) return look_later(run, batch, turn->wait_ms);

  Draft& draft = run.draft();
  const std::string key = run.new_id("");
  draft.record(batch, BatchDispatchStarted{key, run.now_ms() - limits::dispatch_clock_skew_ms});
  draft.look_at(batch, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act("act:dispatch", github::dispatch(run.builder(), key, batch.account,
                                                                batch.environment, batch.shards));
  if (sent == nullptr) return run.act_now();

  switch (classify(*sent)) {
    case Verdict::ok: {
      const auto answer = run.read_answer<github::Dispatched>(*sent);
      const bool known = answer && answer->workflow_run_id > 0;
      if (!known) return unclear(run, batch, "accepted, but the run's id is not known");
      return dispatched(run, batch, answer->workflow_run_id, answer->html_url);
    }
    case Verdict::rejected:
      if (!is_limit(run, *sent)) return failed(run, batch, members, refusal(run, *sent));
      [[fallthrough]];
    case Verdict::retry_after:
      return limited(run, batch, *sent);
    case Verdict::unknown:
      return unclear(run, batch, in_words(*sent));
  }
  __builtin_unreachable();
}

}  // namespace

Outcome dispatch_batch(Run& run, BatchRow& batch, std::vector<Member>& members) {
  if (members.empty()) {
    run.draft().record(batch, BatchClosed{});
    run.draft().settle(batch);
    return run.done();
  }
  const std::string_view wake = run.setting("BUILDER_WAKE");
  if (wake == "none") return look_later(run, batch, limits::wake_again_ms);
  if (wake == "deploy_hook") return wake_by_hook(run, batch, members);
  return dispatch(run, batch, members);
}

Outcome search_run(Run& run, BatchRow& batch, std::vector<Member>& members) {
  if (batch.state == BatchState::dispatching) {
    return unclear(run, batch, "the Worker stopped before it had recorded the answer");
  }
  const Answer* list = run.ask("look:runs", github::list_runs(run.builder(), batch.floor_ms));
  if (list == nullptr) return run.need();
  const int64_t since_ms = run.now_ms() - batch.floor_ms - limits::dispatch_clock_skew_ms;
  const int64_t pause_ms = std::clamp<int64_t>(since_ms / 4, 3'000, 60'000);
  const auto page = run.read_answer<github::RunPage>(*list);
  if (classify(*list) != Verdict::ok || !page) {
    return search_later(run, batch, members, *list, since_ms, pause_ms);
  }
  const github::Run* oldest = nullptr;
  for (const github::Run& candidate : page->workflow_runs) {
    if (!github::has_key(candidate, present(batch.dispatch_key))) continue;
    if (oldest == nullptr || candidate.id < oldest->id) oldest = &candidate;
  }
  if (oldest != nullptr) {
    return dispatched(run, batch, oldest->id, oldest->html_url);
  }
  if (since_ms < limits::dispatch_search_ms) {
    return look_later(run, batch, pause_ms);
  }
  if (batch.unclear >= limits::dispatch_attempts_max) {
    return failed(run, batch, members, failure(ErrorCode::dispatch_unclear, "no run appeared"));
  }
  return deferred(run, batch, "no run appeared in 15 minutes", 0);
}

}  // namespace slipway
