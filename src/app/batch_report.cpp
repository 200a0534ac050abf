// POST /api/v1/batches/{batchId}/reports: the builder says what it did, as it happens. Repeats are
// accepted and change nothing.
#include "app/at_pages.hpp"
#include "app/bodies.hpp"
#include "app/ledger_views.hpp"
#include "app/members.hpp"
#include "app/operations.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

std::vector<Issue> body_issues(const ReportBody& body) {
  std::vector<Issue> issues;
  if (body.results.empty() || body.results.size() > limits::reports_per_call_max) {
    issues.push_back({"/results", "field.value", "must have 1 to 50 items"});
  }
  for (size_t i = 0; i < body.results.size(); ++i) {
    const ReportResult& result = body.results[i];
    const std::string at = concat("/results/", to_text(static_cast<int64_t>(i)));
    if (result.outcome == ReportOutcome::uploaded && !result.pages_deployment_id) {
      issues.push_back({at + "/pagesDeploymentId", "field.missing", "is required when uploaded"});
    }
    if (result.outcome == ReportOutcome::failed && !result.reason) {
      issues.push_back({at + "/reason", "field.missing", "is required when failed"});
    }
  }
  return issues;
}

ErrorCode error_code(ReportReason reason) {
  switch (reason) {
    case ReportReason::config_unavailable:
    case ReportReason::cancelled:
    case ReportReason::out_of_time:
      return ErrorCode::run_failed;
    case ReportReason::install_failed:
    case ReportReason::build_failed:
      return ErrorCode::build_failed;
    case ReportReason::deploy_failed:
      return ErrorCode::deploy_failed;
  }
  __builtin_unreachable();
}

/// Whether another run may do better: nothing was wrong with the site.
bool is_no_fault_of_its_own(ReportReason reason) {
  return reason == ReportReason::config_unavailable || reason == ReportReason::out_of_time;
}

std::optional<std::string> text_of(const std::optional<Sha256Hex>& digest) {
  if (!digest) return std::nullopt;
  return digest->text;
}

/// Whether the failure may be the loss of an answer: then what Pages has decides.
bool may_be_uploaded(const SiteRow& site, const ReportResult& result) {
  return result.outcome == ReportOutcome::failed && result.reason == ReportReason::deploy_failed &&
         site.active->state == DeploymentState::running;
}

/// The result in the light of what Pages has: an upload that is there after all was uploaded; where
/// Pages does not say, nothing is said either, and the end of the run decides.
ReportResult corrected(Run& run, ReportResult result, const Answer& uploads) {
  const Verdict verdict = classify(uploads);
  const auto list = run.read_answer<pages::DeploymentsEnvelope>(uploads);
  if (verdict == Verdict::rejected) return result;
  if (verdict != Verdict::ok || !list) {
    result.outcome = ReportOutcome::building;
    return result;
  }
  const auto* upload = pages::find_upload(*list, result.deployment_id);
  if (upload == nullptr) return result;
  result.outcome = ReportOutcome::uploaded;
  result.pages_deployment_id = upload->id;
  result.url = upload->url;
  return result;
}

/// Whether an earlier result of the same call is about the same deployment: the first one counts.
bool is_repeated(const std::vector<ReportResult>& results, size_t index) {
  for (size_t i = 0; i < index; ++i) {
    const bool same = results[i].deployment_id == results[index].deployment_id;
    if (same && results[i].outcome != ReportOutcome::building) return true;
  }
  return false;
}

/// Whether the result was news.
bool accept(Run& run, SiteRow& site, const ReportResult& result) {
  Draft& draft = run.draft();
  switch (result.outcome) {
    case ReportOutcome::building:
      return false;
    case ReportOutcome::uploaded: {
      const DeploymentUploaded uploaded{result.deployment_id, *result.pages_deployment_id,
                                        result.url, result.config_etag,
                                        text_of(result.manifest_digest)};
      if (!allows(site, uploaded)) return false;
      draft.record(site, uploaded);
      break;
    }
    case ReportOutcome::failed: {
      const DeploymentFailed failed{result.deployment_id,
                                    failure(error_code(*result.reason),
                                            std::string(name_of(*result.reason)), result.log_tail),
                                    is_no_fault_of_its_own(*result.reason)};
      if (!is_before_upload(site.active->state)) return false;
      draft.record(site, failed);
      break;
    }
  }
  plan_or_settle(run, site);
  return true;
}

}  // namespace

Outcome batch_report(Run& run) {
  ReportBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = body_issues(body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  if (!run.caller().speaks_for(body.run_id.text)) {
    return run.fail(
        {ErrorCode::auth_forbidden, concat("the caller is not run ", body.run_id.text), {}});
  }
  const auto batch = run.row<BatchRow>("batch", run.param("batchId"));
  if (run.incomplete()) return run.need();
  if (!batch) return run.fail({ErrorCode::batch_unknown, "", {}});
  if (!is_held_by(*batch, body.run_id.text)) return run.fail({ErrorCode::report_fenced, "", {}});
  std::vector<std::optional<Member>> members;
  members.reserve(body.results.size());
  for (const ReportResult& result : body.results) {
    members.push_back(member_with(run, *batch, result.deployment_id));
  }
  const auto counts = run.query<BuildingCount>("building_count", {batch->id});
  if (run.incomplete()) return run.need();

  for (size_t i = 0; i < members.size(); ++i) {
    if (!members[i] || !may_be_uploaded(members[i]->site, body.results[i])) continue;
    const Answer* uploads = ask_uploads(run, members[i]->site);
    if (uploads != nullptr) body.results[i] = corrected(run, body.results[i], *uploads);
  }
  if (run.incomplete()) return run.need();

  int64_t accepted = 0;
  for (size_t i = 0; i < members.size(); ++i) {
    if (!members[i] || is_repeated(body.results, i)) continue;
    if (accept(run, members[i]->site, body.results[i])) ++accepted;
  }
  const bool last = accepted > 0 && !counts.empty() && counts[0].sites <= accepted;
  if (last && batch->state == BatchState::claimed) run.draft().look_at(*batch, run.now_ms());
  return run.reply(200, to_json(ReportView{accepted}));
}

}  // namespace slipway
