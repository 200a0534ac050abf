#include "app/dispatch_batch.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t first_look_ms = 3'000;

void record_all(Run& run, std::vector<Member>& members, const auto& event_for) {
  for (Member& member : members) {
    const SiteEvent event = event_for(member.deployment());
    if (allows(member.site, event)) run.draft().record(member.site, event);
  }
}

Outcome dispatched(Run& run, BatchRow& batch, std::vector<Member>& members, int64_t run_id,
                   const std::string& url) {
  const std::string id = to_text(run_id);
  run.draft().record(batch, BatchDispatched{id, url});
  record_all(run, members, [&](const Deployment& deployment) {
    return DeploymentDispatched{deployment.id, id, url};
  });
  run.draft().look_at(batch, run.now_ms() + first_look_ms);
  return run.done();
}

Outcome unclear(Run& run, BatchRow& batch, std::vector<Member>& members,
                const std::string& detail) {
  run.draft().record(batch, BatchDispatchUnknown{detail});
  record_all(run, members, [&](const Deployment& deployment) {
    return DeploymentDispatchUnknown{deployment.id, detail};
  });
  run.draft().look_at(batch, run.now_ms() + first_look_ms);
  return run.done();
}

/// Nothing was started: the batch is planned again, with a new key when its time has come.
Outcome deferred(Run& run, BatchRow& batch, std::vector<Member>& members, const std::string& detail,
                 int64_t wait) {
  run.draft().record(batch, BatchDispatchDeferred{detail});
  record_all(run, members, [&](const Deployment& deployment) {
    return DeploymentDispatchDeferred{deployment.id, detail};
  });
  run.draft().look_at(batch, run.now_ms() + wait);
  return run.done();
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
  run.draft().look_at(batch, run.now_ms() + (told ? wait_ms(list, run.now_ms()) : pause_ms));
  return run.done();
}

}  // namespace

Outcome dispatch_batch(Run& run, BatchRow& batch, std::vector<Member>& members) {
  Draft& draft = run.draft();
  if (members.empty()) {
    draft.settle(batch);
    return run.done();
  }
  const std::string_view credential = "github";
  if (!run.has_credential(credential)) {
    return failed(run, batch, members,
                  failure(ErrorCode::credential_missing, std::string(credential)));
  }
  const std::string key = run.new_id("");
  draft.record(batch, BatchDispatchStarted{key, run.now_ms() - limits::dispatch_clock_skew_ms});
  record_all(run, members, [&](const Deployment& deployment) {
    return DeploymentDispatching{deployment.id, key};
  });
  draft.look_at(batch, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act(
      "act:dispatch", github::dispatch(run.builder(), key, batch.account, batch.environment));
  if (sent == nullptr) return run.act_now();

  switch (classify(*sent)) {
    case Verdict::ok: {
      const auto answer = run.read_answer<github::Dispatched>(*sent);
      const bool known = answer && answer->workflow_run_id > 0;
      if (!known) return unclear(run, batch, members, "accepted, but the run's id is not known");
      return dispatched(run, batch, members, answer->workflow_run_id, answer->html_url);
    }
    case Verdict::rejected:
      if (!is_limit(run, *sent)) return failed(run, batch, members, refusal(run, *sent));
      [[fallthrough]];
    case Verdict::retry_after:
      return deferred(run, batch, members, in_words(*sent), wait_ms(*sent, run.now_ms()));
    case Verdict::unknown:
      return unclear(run, batch, members, in_words(*sent));
  }
  __builtin_unreachable();
}

Outcome search_run(Run& run, BatchRow& batch, std::vector<Member>& members) {
  if (batch.state == BatchState::dispatching) {
    return unclear(run, batch, members, "the Worker stopped before it had recorded the answer");
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
    return dispatched(run, batch, members, oldest->id, oldest->html_url);
  }
  if (since_ms < limits::dispatch_search_ms) {
    run.draft().look_at(batch, run.now_ms() + pause_ms);
    return run.done();
  }
  if (batch.unclear >= limits::dispatch_attempts_max) {
    return failed(run, batch, members, failure(ErrorCode::dispatch_unclear, "no run appeared"));
  }
  return deferred(run, batch, members, "no run appeared in 15 minutes", 0);
}

}  // namespace slipway
