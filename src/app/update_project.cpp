#include "app/update_project.hpp"

#include "app/at_pages.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {

std::optional<Outcome> update_project(Run& run, OrgRow& org, const pages::Account& at,
                                      const pages::GitProject& wish) {
  const Answer* changed = run.act("act:update_project", pages::update_git_project(at, wish));
  if (changed == nullptr) {
    run.draft().look_at(org, run.now_ms() + limits::act_lease_ms);
    return run.act_now();
  }
  const Verdict verdict = classify(*changed);
  const bool young = run.now_ms() - present(org.outdated_ms) < limits::deployment_deadline_ms;
  if (young && (verdict == Verdict::unknown || verdict == Verdict::retry_after)) {
    run.draft().look_at(org, run.now_ms() + wait_ms(*changed, run.now_ms()));
    return std::nullopt;
  }
  std::optional<std::string> refused;
  if (verdict == Verdict::rejected) {
    refused = refusal(first_error(run, *changed)).detail;
  } else if (verdict != Verdict::ok) {
    refused = in_words(*changed);
  }
  run.draft().record(org, GitProjectUpdated{std::move(refused)});
  run.draft().look_at(org, run.now_ms());
  return run.done();
}

}  // namespace slipway
