#include "app/start_publication.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "app/follow_publication.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages_publishing.hpp"

namespace slipway {
namespace {

Outcome later(Run& run, const OrgRow& org, int64_t wait) {
  run.draft().look_at(org, run.now_ms() + wait);
  return run.done();
}

Outcome fail(Run& run, OrgRow& org, Failure why) {
  end_publication(run, org, PublicationFailed{org.active->id, std::move(why), {}});
  return run.done();
}

/// Pages has it: how far it is, is found out at once.
Outcome started(Run& run, OrgRow& org, const std::string& id, std::optional<std::string> url) {
  run.draft().record(org, PublicationStarted{org.active->id, id, std::move(url)});
  run.draft().look_at(org, run.now_ms());
  return run.done();
}

Outcome unclear(Run& run, OrgRow& org, const Answer& answer) {
  run.draft().record(org, PublicationUnclear{org.active->id, in_words(answer)});
  return later(run, org, 1'000);
}

Outcome deferred(Run& run, OrgRow& org, const Answer& answer) {
  run.draft().record(org, PublicationDeferred{org.active->id, in_words(answer)});
  return later(run, org, wait_ms(answer, run.now_ms()));
}

/// The newest production builds of the project; nothing while they cannot be had.
std::optional<pages::DeploymentRefs> read_newest(Run& run, const Answer& look) {
  if (classify(look) != Verdict::ok) return std::nullopt;
  return run.read_answer<pages::DeploymentRefs>(look);
}

Outcome look_failed(Run& run, OrgRow& org, const Answer& look) {
  if (classify(look) == Verdict::rejected) return fail(run, org, refusal_of_build(run, org, look));
  const int64_t since = run.now_ms() - org.active->since_ms;
  if (since >= limits::deployment_deadline_ms) {
    return fail(run, org, failure(ErrorCode::upstream_unclear, in_words(look)));
  }
  return later(run, org, std::max(wait_ms(look, run.now_ms()), since / 4));
}

Outcome start_by_api(Run& run, OrgRow& org, const pages::Account& at, const std::string& floor_id) {
  const Publication& publication = *org.active;
  if (publication.attempts >= limits::start_attempts_max) {
    return fail(run, org, failure(ErrorCode::upstream_unclear, "the start of the build"));
  }
  run.draft().record(org, PublicationStarting{publication.id, publication.attempts + 1, floor_id});
  run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act("act:start_build", pages::start_build(at, publication.project_name));
  if (sent == nullptr) return run.act_now();
  switch (classify(*sent)) {
    case Verdict::ok:
      break;
    case Verdict::retry_after:
      return deferred(run, org, *sent);
    case Verdict::unknown:
      return unclear(run, org, *sent);
    case Verdict::rejected:
      return fail(run, org, refusal_of_build(run, org, *sent));
  }
  const auto envelope = run.read_answer<pages::BuildEnvelope>(*sent);
  if (!envelope || envelope->result.id.empty()) return unclear(run, org, *sent);
  return started(run, org, envelope->result.id, pages::url_of(envelope->result));
}

/// Its start may have been sent: the project's newest build tells, when there is one that was not
/// there before.
Outcome find_by_api(Run& run, OrgRow& org, const pages::Account& at) {
  const Publication& publication = *org.active;
  const Answer* look =
      run.ask("look:builds", pages::list_deployments(at, publication.project_name));
  if (look == nullptr) return run.need();
  const auto newest = read_newest(run, *look);
  if (!newest) return look_failed(run, org, *look);
  const std::string found = newest->result.empty() ? "" : newest->result[0].id;
  if (publication.state == PublicationState::planned) return start_by_api(run, org, at, found);
  if (found != publication.floor_id) return started(run, org, found, std::nullopt);
  const int64_t since = run.now_ms() - publication.since_ms;
  if (since < limits::start_search_ms) {
    return later(run, org, std::clamp<int64_t>(since / 2, 1'000, 10'000));
  }
  if (publication.state == PublicationState::starting) {
    run.draft().record(org, PublicationUnclear{publication.id, "its answer was never recorded"});
  }
  return start_by_api(run, org, at, found);
}

Outcome triggered(Run& run, OrgRow& org, std::string_view detail) {
  end_publication(run, org, PublicationTriggered{org.active->id, std::string(detail)});
  return run.done();
}

/// A second call would be a second build, and a hook tells nobody what it has started.
Outcome nobody_knows(Run& run, OrgRow& org) {
  return triggered(run, org,
                   "its answer was lost: Cloudflare may have started the build or not; publish "
                   "again if the site does not change");
}

Outcome start_by_hook(Run& run, OrgRow& org) {
  const Publication& publication = *org.active;
  if (publication.state != PublicationState::planned) return nobody_knows(run, org);
  if (!org.manual) return fail(run, org, failure(ErrorCode::publishing_no_hook, "it was removed"));
  run.draft().record(org, PublicationStarting{publication.id, publication.attempts + 1, ""});
  run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
  const Answer* sent = run.act("act:call_hook", pages::call_hook(org.manual->sealed_id));
  if (sent == nullptr) return run.act_now();
  if (sent->lost && sent->detail == "unsealed") {
    return fail(run, org, failure(ErrorCode::publishing_hook_sealed, "the pasted hook"));
  }
  switch (classify(*sent)) {
    case Verdict::ok:
      break;
    case Verdict::retry_after:
      return deferred(run, org, *sent);
    case Verdict::unknown:
      return nobody_knows(run, org);
    case Verdict::rejected:
      return fail(run, org,
                  failure(sent->status == 404 ? ErrorCode::publishing_hook_gone
                                              : ErrorCode::upstream_rejected,
                          in_words(*sent)));
  }
  const auto envelope = run.read_answer<pages::HookCalledEnvelope>(*sent);
  if (!envelope || envelope->result.id.empty()) return nobody_knows(run, org);
  return started(run, org, envelope->result.id, std::nullopt);
}

}  // namespace

Outcome start_publication(Run& run, OrgRow& org, const std::optional<pages::Account>& at) {
  if (org.active->via == PublishedVia::hook) return start_by_hook(run, org);
  if (!at) {
    return fail(run, org,
                failure(ErrorCode::credential_missing, concat("cloudflare:", org.account)));
  }
  return find_by_api(run, org, *at);
}

}  // namespace slipway
