#include "app/follow_run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/at_pages.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t unclear_pause_ms = 15'000;

Outcome close(Run& run, BatchRow& batch, std::optional<Failure> why = std::nullopt) {
  run.draft().record(batch, BatchClosed{std::move(why)});
  run.draft().settle(batch);
  return run.done();
}

/// What was not built although the run has ended. A person who cancelled the run wants no other.
DeploymentFailed unbuilt(const std::string& id, std::string_view conclusion) {
  return {id, failure(ErrorCode::run_failed, concat("the run ended with ", conclusion)),
          conclusion != "cancelled"};
}

Outcome later(Run& run, const BatchRow& batch, int64_t wait) {
  run.draft().look_at(batch, run.now_ms() + wait);
  return run.done();
}

/// Our own deadline: GitHub can keep a run queued for weeks. The batch is closed with the reason,
/// so that the run is fenced if it comes back; what it did not upload is tried again with another.
Outcome lose(Run& run, BatchRow& batch, std::vector<Member>& pending) {
  const Failure why = failure(ErrorCode::deadline_exceeded, "the run did not end in an hour");
  for (Member& member : pending) {
    run.draft().record(member.site, DeploymentLost{member.deployment().id, why, true});
    plan_or_settle(run, member.site);
  }
  return close(run, batch, why);
}

/// How long the builder still has.
int64_t time_left_ms(const Run& run, const BatchRow& batch) {
  const int64_t started_ms = batch.started_ms.value_or(batch.created_ms);
  return started_ms + limits::deployment_deadline_ms - run.now_ms();
}

/// GitHub has told of the run: it is asked until it says something, or the time is over.
Outcome ask_run(Run& run, BatchRow& batch, std::vector<Member>& pending) {
  const Answer* look = run.ask("look:run", github::get_run(run.builder(), present(batch.run_id)));
  if (look == nullptr) return run.need();
  const auto at_github = run.read_answer<github::Run>(*look);
  if (classify(*look) != Verdict::ok || !at_github) {
    const int64_t left_ms = time_left_ms(run, batch);
    if (left_ms <= 0) return lose(run, batch, pending);
    const bool told = classify(*look) == Verdict::retry_after;
    const int64_t wait = told ? wait_ms(*look, run.now_ms()) : limits::batch_look_ms;
    return later(run, batch, std::min(left_ms, wait));
  }
  run.draft().record(batch, seen(*at_github));
  return later(run, batch, batch.run_ended ? 0 : limits::batch_look_ms);
}

/// What became of a deployment that nobody reported, by the uploads that Pages has. Nothing: nobody
/// can tell now, for the time given.
std::optional<SiteEvent> fate(Run& run, const SiteRow& site, const Answer& uploads,
                              std::string_view conclusion) {
  const std::string& id = site.active->id;
  const Verdict verdict = classify(uploads);
  const auto list = run.read_answer<pages::DeploymentsEnvelope>(uploads);
  if (verdict == Verdict::rejected) {
    return DeploymentFailed{id, refusal(first_error(run, uploads))};
  }
  if (verdict != Verdict::ok || !list) return std::nullopt;
  const auto* upload = pages::find_upload(*list, id);
  if (upload != nullptr) return DeploymentUploaded{id, upload->id, upload->url, {}, {}};
  return unbuilt(id, conclusion);
}

/// The run has ended: what was not reported was uploaded and the report lost, or was not built. A
/// few projects a look, because each is a call.
Outcome settle_unreported(Run& run, BatchRow& batch, std::vector<Member>& pending) {
  const std::string conclusion = present(batch.run_ended);
  std::vector<std::pair<Member*, const Answer*>> asked;
  std::vector<Member*> nowhere;
  for (Member& member : pending) {
    // Nothing can have been uploaded where its shard was never claimed, nor where no account has
    // taken its site: there is no project.
    const bool claimed = member.deployment().state == DeploymentState::running;
    if (!claimed || member.site.account.empty()) {
      nowhere.push_back(&member);
    } else if (asked.size() < limits::unreported_per_look) {
      asked.emplace_back(&member, ask_uploads(run, member.site));
    }
  }
  if (run.incomplete()) return run.need();

  Draft& draft = run.draft();
  size_t settled = nowhere.size();
  int64_t wait = 0;
  for (Member* member : nowhere) {
    draft.record(member->site, unbuilt(member->deployment().id, conclusion));
    plan_or_settle(run, member->site);
  }
  for (const auto& [member, uploads] : asked) {
    if (uploads == nullptr) stop_on_damage();
    const auto event = fate(run, member->site, *uploads, conclusion);
    if (!event) {
      const bool told = classify(*uploads) == Verdict::retry_after;
      wait = std::max(wait, told ? wait_ms(*uploads, run.now_ms()) : unclear_pause_ms);
      continue;
    }
    ++settled;
    draft.record(member->site, *event);
    plan_or_settle(run, member->site);
  }
  if (settled == pending.size()) return close(run, batch);
  return later(run, batch, wait);
}

}  // namespace

BatchRunSeen seen(const github::Run& at_github) {
  const bool ended = at_github.status == "completed";
  return {at_github.status,
          ended ? std::optional(at_github.conclusion.value_or("no conclusion")) : std::nullopt};
}

Outcome follow_run(Run& run, BatchRow& batch, std::vector<Member>& members) {
  if (members.empty()) return close(run, batch);
  if (batch.run_ended) return settle_unreported(run, batch, members);
  if (batch.hinted) return ask_run(run, batch, members);
  const int64_t left_ms = time_left_ms(run, batch);
  if (left_ms <= 0) return lose(run, batch, members);
  return later(run, batch, std::min(left_ms, limits::batch_look_ms));
}

}  // namespace slipway
