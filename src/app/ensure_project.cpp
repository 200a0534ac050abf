#include "app/ensure_project.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t project_unknown_code = 8000007;
constexpr int64_t project_exists_code = 8000002;
constexpr int64_t generic_code = 8000000;

Outcome later(Run& run, SiteRow& site, int64_t wait) {
  run.draft().look_at(site, run.now_ms() + wait);
  return run.done();
}

Outcome block(Run& run, SiteRow& site, Failure why) {
  run.draft().record(site, SiteBlocked{std::move(why)});
  run.draft().settle(site);
  return run.done();
}

Outcome block(Run& run, SiteRow& site, ErrorCode code, std::string detail) {
  return block(run, site, failure(code, std::move(detail)));
}

Outcome ready(Run& run, SiteRow& site, const pages::Project& project, bool adopted) {
  const std::string host = project.subdomain.value_or(project.name + ".pages.dev");
  run.draft().record(site, ProjectReady{host, adopted});
  plan_or_settle(run, site);
  return run.done();
}

/// 2 s, 4 s, 8 s, ... at most 5 minutes.
int64_t backoff_ms(int64_t attempts) {
  return std::min<int64_t>(int64_t{1000} << std::clamp<int64_t>(attempts, 1, 12), 300'000);
}

/// Nothing is known of the project: asked less and less the longer that lasts, 2 s at first, at
/// most 5 minutes.
Outcome look_later(Run& run, SiteRow& site) {
  const int64_t since = run.now_ms() - site.updated_ms;
  return later(run, site, std::clamp<int64_t>(since / 4, 2'000, 300'000));
}

/// What an existing project of this name means: ours if it carries our marker and takes uploads.
Outcome judge_existing(Run& run, SiteRow& site, const Answer& answer) {
  const auto envelope = run.read_answer<pages::ProjectEnvelope>(answer);
  if (!envelope) return look_later(run, site);
  const pages::Project& project = envelope->result;
  const std::string id = site_id(site.platform_id, site.environment);
  const bool ours = pages::marked_site(project) == id && !project.source.type;
  if (ours) return ready(run, site, project, true);
  return block(run, site, ErrorCode::project_name_taken, project.name);
}

Outcome after_creation(Run& run, SiteRow& site, const Answer& made) {
  switch (classify(made)) {
    case Verdict::ok: {
      const auto envelope = run.read_answer<pages::ProjectEnvelope>(made);
      if (!envelope || envelope->result.name != site.project_name) {
        return later(run, site, backoff_ms(site.create_attempts));
      }
      return ready(run, site, envelope->result, false);
    }
    case Verdict::rejected: {
      const auto error = first_error(run, made);
      const bool look_again = error.code == project_exists_code || error.code == generic_code;
      if (look_again) return later(run, site, backoff_ms(site.create_attempts));
      return block(run, site, refusal(error));
    }
    case Verdict::retry_after:
      run.draft().record(site, ProjectCreateDeferred{in_words(made)});
      return later(run, site, wait_ms(made, run.now_ms()));
    case Verdict::unknown:
      return later(run, site, backoff_ms(site.create_attempts));
  }
  __builtin_unreachable();
}

}  // namespace

Outcome ensure_project(Run& run, SiteRow& site, const pages::Account& account) {
  if (!run.has_credential(account.credential)) {
    return block(run, site, ErrorCode::credential_missing, account.credential);
  }
  const Answer* look = run.ask("look:project", pages::get_project(account, site.project_name));
  if (look == nullptr) return run.need();
  switch (classify(*look)) {
    case Verdict::ok:
      return judge_existing(run, site, *look);
    case Verdict::retry_after:
      return later(run, site, wait_ms(*look, run.now_ms()));
    case Verdict::unknown:
      return look_later(run, site);
    case Verdict::rejected:
      break;
  }
  const auto error = first_error(run, *look);
  const bool absent = error.code == project_unknown_code;
  const bool says_nothing =
      error.code == generic_code && run.now_ms() - site.updated_ms < limits::deployment_deadline_ms;
  if (says_nothing) return look_later(run, site);
  if (!absent) return block(run, site, refusal(error));
  if (site.create_attempts >= limits::project_attempts_max) {
    return block(run, site, ErrorCode::upstream_unclear, "the project's creation");
  }

  run.draft().record(site, ProjectCreateStarted{site.create_attempts + 1});
  run.draft().look_at(site, run.now_ms() + limits::act_lease_ms);
  const std::string id = site_id(site.platform_id, site.environment);
  const Answer* made =
      run.act("act:create_project", pages::create_project(account, site.project_name, id));
  if (made == nullptr) return run.act_now();
  return after_creation(run, site, *made);
}

}  // namespace slipway
