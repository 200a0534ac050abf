#include "app/ensure_project.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "app/places.hpp"
#include "app/plan_deployment.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

constexpr int64_t project_unknown_code = 8000007;
constexpr int64_t generic_code = 8000000;

Outcome later(Run& run, SiteRow& site, int64_t wait) {
  run.draft().look_at(site, run.now_ms() + wait);
  return run.done();
}

Outcome block(Run& run, SiteRow& site, Failure why) {
  run.draft().record(site, SiteBlocked{std::move(why)});
  // What is uploaded already is verified all the same.
  plan_or_settle(run, site);
  return run.done();
}

Outcome ready(Run& run, SiteRow& site, const pages::Project& project, bool adopted) {
  const std::string host = pages::host_of(project);
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

/// The attempt may have made the project: the next look tells, until there were too many.
Outcome look_again(Run& run, SiteRow& site, const Answer& made) {
  const auto error = first_error(run, made);
  const bool last = site.create_attempts >= limits::project_attempts_max;
  if (last && error.code == generic_code) return block(run, site, refusal(error));
  return later(run, site, backoff_ms(site.create_attempts));
}

/// The account takes no site any more, and nothing of this one exists there: it looks for another.
Outcome move_on(Run& run, SiteRow& site, AccountRow& account) {
  displace(run, account, site, concat("account ", account.name, " takes no site"));
  return run.done();
}

/// A refusal that concerns the whole account. `gone`: nothing of the site exists there. What else
/// waits there moves on in the same commit.
Outcome shut(Run& run, SiteRow& site, AccountRow& account, const pages::EnvelopeError& error,
             bool gone) {
  auto waiting = sites_on_their_way(run, account);
  if (run.incomplete()) return run.need();
  const Failure why = refusal(error);
  const bool full = pages::meaning(error).concern == pages::Concern::account_full;
  const AccountEvent event =
      full ? AccountEvent(AccountFilled{why}) : AccountEvent(AccountClosed{why});
  if (allows(account, event)) run.draft().record(account, event);
  displace_waiting(run, account, waiting, why.code, site_id(site.platform_id, site.environment));
  if (gone) return move_on(run, site, account);
  return full ? later(run, site, backoff_ms(site.create_attempts)) : block(run, site, why);
}

/// Puts our marker into a project that a person has given us, and changes nothing else of it.
Outcome adopt(Run& run, SiteRow& site, const pages::Account& at) {
  if (site.create_attempts >= limits::project_attempts_max) {
    return block(run, site, failure(ErrorCode::upstream_unclear, "taking the project over"));
  }
  run.draft().record(site, ProjectAdoptStarted{site.create_attempts + 1});
  run.draft().look_at(site, run.now_ms() + limits::act_lease_ms);
  const std::string id = site_id(site.platform_id, site.environment);
  const Answer* changed =
      run.act("act:adopt_project", pages::mark_project(at, site.project_name, id));
  if (changed == nullptr) return run.act_now();
  if (classify(*changed) == Verdict::rejected) {
    return block(run, site, refusal(first_error(run, *changed)));
  }
  const bool told = classify(*changed) == Verdict::retry_after;
  return later(run, site,
               told ? wait_ms(*changed, run.now_ms()) : backoff_ms(site.create_attempts));
}

/// What an existing project of this name means: ours if it carries our marker and takes uploads.
Outcome judge_existing(Run& run, SiteRow& site, const pages::Account& at, const Answer& answer) {
  const auto envelope = read_project<pages::ProjectEnvelope>(run, answer, site.project_name);
  if (!envelope) return look_later(run, site);
  const pages::Project& project = envelope->result;
  const auto marked = pages::marked_site(project);
  const bool ours = marked == site_id(site.platform_id, site.environment);
  // A project that was taken over in place has kept its repository.
  const bool taken_over = ours && site.branch.has_value();
  if (project.source.type && !taken_over) {
    return block(run, site, failure(ErrorCode::project_git_connected, project.name));
  }
  if (ours) return ready(run, site, project, true);
  if (site.adopting && !marked) return adopt(run, site, at);
  const std::string whose = marked ? concat(" belongs to the site ", *marked) : "";
  return block(run, site, failure(ErrorCode::project_name_taken, project.name + whose));
}

Outcome after_creation(Run& run, SiteRow& site, AccountRow& account, const Answer& made,
                       bool first) {
  switch (classify(made)) {
    case Verdict::ok: {
      const auto envelope = read_project<pages::ProjectEnvelope>(run, made, site.project_name);
      if (!envelope) return look_again(run, site, made);
      return ready(run, site, envelope->result, false);
    }
    case Verdict::rejected: {
      const auto error = first_error(run, made);
      switch (pages::meaning(error).concern) {
        case pages::Concern::nothing:
          return look_again(run, site, made);
        case pages::Concern::project:
          return block(run, site, refusal(error));
        case pages::Concern::account_full:
        case pages::Concern::account:
          return shut(run, site, account, error, first);
      }
      __builtin_unreachable();
    }
    case Verdict::retry_after: {
      const int64_t wait = wait_ms(made, run.now_ms());
      run.draft().record(site, ProjectCreateDeferred{in_words(made), run.now_ms() + wait});
      return later(run, site, wait);
    }
    case Verdict::unknown:
      return look_again(run, site, made);
  }
  __builtin_unreachable();
}

/// The look was refused with something else than "no such project".
Outcome after_refused_look(Run& run, SiteRow& site, AccountRow& account,
                           const pages::EnvelopeError& error) {
  const bool says_nothing =
      error.code == generic_code && run.now_ms() - site.updated_ms < limits::deployment_deadline_ms;
  if (says_nothing) return look_later(run, site);
  if (pages::meaning(error).concern == pages::Concern::account) {
    return shut(run, site, account, error, is_untouched(site));
  }
  return block(run, site, refusal(error));
}

Outcome create(Run& run, SiteRow& site, AccountRow& account) {
  if (site.create_attempts >= limits::project_attempts_max) {
    return block(run, site, failure(ErrorCode::upstream_unclear, "the project's creation"));
  }
  const bool first = is_untouched(site);
  run.draft().record(site, ProjectCreateStarted{site.create_attempts + 1});
  run.draft().look_at(site, run.now_ms() + limits::act_lease_ms);
  const std::string id = site_id(site.platform_id, site.environment);
  const Answer* made = run.act("act:create_project",
                               pages::create_project(account_at(account), site.project_name, id));
  if (made == nullptr) return run.act_now();
  return after_creation(run, site, account, *made, first);
}

}  // namespace

Outcome ensure_project(Run& run, SiteRow& site, AccountRow& account) {
  if (site.waiting && site.waiting->until_ms > run.now_ms()) {
    return later(run, site, site.waiting->until_ms - run.now_ms());
  }
  const pages::Account at = account_at(account);
  const bool closed = account.state != AccountState::open || !run.has_credential(at.credential);
  if (closed && is_untouched(site)) return move_on(run, site, account);
  if (!run.has_credential(at.credential)) {
    return block(run, site, failure(ErrorCode::credential_missing, at.credential));
  }
  const Answer* look = run.ask("look:project", pages::get_project(at, site.project_name));
  if (look == nullptr) return run.need();
  switch (classify(*look)) {
    case Verdict::ok:
      return judge_existing(run, site, at, *look);
    case Verdict::retry_after:
      return later(run, site, wait_ms(*look, run.now_ms()));
    case Verdict::unknown:
      return look_later(run, site);
    case Verdict::rejected:
      break;
  }
  const auto error = first_error(run, *look);
  if (error.code != project_unknown_code) return after_refused_look(run, site, account, error);
  return closed ? move_on(run, site, account) : create(run, site, account);
}

}  // namespace slipway
