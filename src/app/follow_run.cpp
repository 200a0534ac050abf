#include "app/follow_run.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/at_pages.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

/// 2 s at first, growing to 30 s.
int64_t interval_ms(const Run& run, const BatchRow& batch) {
  const int64_t since = run.now_ms() - batch.started_ms.value_or(batch.created_ms);
  return std::clamp<int64_t>(since / 8, 2'000, 30'000);
}

Outcome close(Run& run, BatchRow& batch, std::optional<Failure> why = std::nullopt) {
  run.draft().record(batch, BatchClosed{std::move(why)});
  run.draft().settle(batch);
  return run.done();
}

Outcome later(Run& run, const BatchRow& batch, int64_t wait) {
  run.draft().look_at(batch, run.now_ms() + wait);
  return run.done();
}

/// Our own deadline: GitHub can keep a run queued for weeks. The batch is closed with the reason,
/// so that the run is fenced if it comes back.
Outcome lose(Run& run, BatchRow& batch, std::vector<Member>& pending) {
  const Failure why = failure(ErrorCode::deadline_exceeded, "the run did not end in an hour");
  for (Member& member : pending) {
    const DeploymentLost lost{member.deployment().id, why};
    run.draft().record(member.site, lost);
    run.draft().look_at(member.site, run.now_ms());
  }
  return close(run, batch, why);
}

/// The run has ended: what was not reported was uploaded and the report lost, or failed.
Outcome settle_unreported(Run& run, BatchRow& batch, std::vector<Member>& pending,
                          const github::Run& ended) {
  std::vector<const Answer*> lists;
  lists.reserve(pending.size());
  for (const Member& member : pending) {
    lists.push_back(ask_uploads(run, member.site));
  }
  if (run.incomplete()) return run.need();
  if (std::find(lists.begin(), lists.end(), nullptr) != lists.end()) stop_on_damage();

  const std::string detail =
      concat("the run ended with ", ended.conclusion.value_or("no conclusion"));
  for (size_t i = 0; i < pending.size(); ++i) {
    const Verdict verdict = classify(*lists[i]);
    const auto list = run.read_answer<pages::DeploymentsEnvelope>(*lists[i]);
    if (verdict == Verdict::retry_after) return later(run, batch, wait_ms(*lists[i], run.now_ms()));
    if (verdict == Verdict::unknown || (verdict == Verdict::ok && !list)) {
      return later(run, batch, interval_ms(run, batch));
    }
    SiteRow& site = pending[i].site;
    const std::string id = site.active->id;
    if (verdict == Verdict::rejected) {
      run.draft().record(site, DeploymentFailed{id, refusal(first_error(run, *lists[i]))});
      run.draft().look_at(site, run.now_ms());
      continue;
    }
    const auto* upload = pages::find_upload(*list, id);
    const bool running = site.active->state == DeploymentState::running;
    if (upload != nullptr && running) {
      run.draft().record(site, DeploymentUploaded{id, upload->id, upload->url, {}, {}});
    } else {
      run.draft().record(site, DeploymentFailed{id, failure(ErrorCode::run_failed, detail)});
    }
    run.draft().look_at(site, run.now_ms());
  }
  return close(run, batch);
}

}  // namespace

Outcome follow_run(Run& run, BatchRow& batch, std::vector<Member>& members) {
  std::vector<Member> pending;
  for (const Member& member : members) {
    if (is_before_upload(member.deployment().state)) pending.push_back(member);
  }
  if (pending.empty()) return close(run, batch);

  const Answer* look = run.ask("look:run", github::get_run(run.builder(), present(batch.run_id)));
  if (look == nullptr) return run.need();
  const auto at_github = run.read_answer<github::Run>(*look);
  const bool readable = classify(*look) == Verdict::ok && at_github.has_value();
  if (readable && at_github->status == "completed") {
    return settle_unreported(run, batch, pending, *at_github);
  }
  const int64_t started_ms = batch.started_ms.value_or(batch.created_ms);
  if (run.now_ms() - started_ms >= limits::deployment_deadline_ms) {
    return lose(run, batch, pending);
  }
  if (classify(*look) == Verdict::retry_after) {
    return later(run, batch, wait_ms(*look, run.now_ms()));
  }
  return later(run, batch, interval_ms(run, batch));
}

}  // namespace slipway
