#include "app/follow_publication.hpp"

#include <algorithm>

#include "app/at_pages.hpp"
#include "app/fleet.hpp"
#include "app/provision.hpp"
#include "app/served.hpp"
#include "app/start_publication.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"
#include "upstream/pages_logs.hpp"
#include "upstream/pages_publishing.hpp"

namespace slipway {
namespace {

/// 1 s at first, growing to half a minute.
int64_t interval_ms(const Run& run, const Publication& publication) {
  return std::clamp<int64_t>((run.now_ms() - publication.since_ms) / 8, 1'000, 30'000);
}

Outcome end(Run& run, OrgRow& org, const OrgEvent& event) {
  end_publication(run, org, event);
  return run.done();
}

Outcome fail(Run& run, OrgRow& org, Failure why, std::vector<BuildStage> stages = {}) {
  return end(run, org, PublicationFailed{org.active->id, std::move(why), std::move(stages)});
}

/// Not yet where it should be: looked at again until its time is over.
Outcome not_yet(Run& run, OrgRow& org, int64_t deadline_ms, ErrorCode code, std::string detail) {
  const Publication& publication = *org.active;
  if (run.now_ms() - publication.since_ms >= deadline_ms) {
    return fail(run, org, failure(code, std::move(detail)));
  }
  run.draft().look_at(org, run.now_ms() + interval_ms(run, publication));
  return run.done();
}

Outcome wait_for(Run& run, OrgRow& org, const Answer& answer) {
  run.draft().look_at(org, run.now_ms() + wait_ms(answer, run.now_ms()));
  return run.done();
}

/// The project in which the build of a pasted hook is looked for.
std::string project_of(const OrgRow& org) {
  if (!org.active->project_name.empty()) return org.active->project_name;
  return org_project_name(org.slug);
}

Outcome not_followed(Run& run, OrgRow& org, std::string_view why) {
  return end(run, org, PublicationTriggered{org.active->id, std::string(why)});
}

/// The build cannot be read.
Outcome refused(Run& run, OrgRow& org, const Answer& look) {
  const Publication& publication = *org.active;
  if (publication.via == PublishedVia::hook && !publication.seen) {
    return not_followed(run, org,
                        "the hook was called; its project cannot be read from this instance");
  }
  return fail(run, org, refusal_of_build(run, org, look));
}

/// Nothing can be read without a credential.
Outcome unreadable(Run& run, OrgRow& org) {
  if (org.active->via == PublishedVia::hook && !org.active->seen) {
    return not_followed(run, org, "the hook was called; this instance can read no account");
  }
  return fail(run, org, failure(ErrorCode::credential_missing, "the Cloudflare account"));
}

/// Pages calls it failed; its log is shown where it can be had.
Outcome fail_at_pages(Run& run, OrgRow& org, const pages::Account& at, const pages::Build& build) {
  const Answer* look = run.ask("look:log", pages::get_log(at, project_of(org), build.id));
  if (look == nullptr) return run.need();
  const auto log = run.read_answer<pages::LogEnvelope>(*look);
  const bool told = classify(*look) == Verdict::ok && log && !log->result.data.empty();
  const pages::Stage& stage = build.latest_stage;
  return fail(
      run, org,
      failure(ErrorCode::publishing_build_failed, concat("Pages: ", stage.name, " ", stage.status),
              told ? std::optional(pages::text_of(log->result)) : std::nullopt),
      build.stages);
}

Outcome follow_build(Run& run, OrgRow& org, const pages::Account& at) {
  const Publication& publication = *org.active;
  const std::string project = project_of(org);
  const Answer* look = run.ask(
      "look:build", pages::get_deployment(at, project, present(publication.pages_deployment_id)));
  if (look == nullptr) return run.need();
  const Verdict verdict = classify(*look);
  if (verdict == Verdict::retry_after) return wait_for(run, org, *look);
  if (verdict == Verdict::rejected) return refused(run, org, *look);
  const auto envelope = run.read_answer<pages::BuildEnvelope>(*look);
  if (verdict == Verdict::unknown || !envelope) {
    return not_yet(run, org, limits::deployment_deadline_ms, ErrorCode::upstream_unclear,
                   concat("the build: ", in_words(*look)));
  }
  const pages::Build& build = envelope->result;
  const std::string& id = publication.id;
  const bool news = !publication.seen || publication.stages != build.stages;
  switch (pages::progress(build)) {
    case pages::BuildProgress::active:
      if (news) {
        run.draft().record(org,
                           PublicationProgressed{id, project, pages::url_of(build), build.stages});
      }
      return not_yet(run, org, limits::deployment_deadline_ms, ErrorCode::publishing_unfinished,
                     concat("Pages is still at ", build.latest_stage.name));
    case pages::BuildProgress::failure:
      return fail_at_pages(run, org, at, build);
    case pages::BuildProgress::cancelled:
      return end(run, org, PublicationCancelled{id, "it was stopped at Cloudflare Pages"});
    case pages::BuildProgress::superseded:
      return end(run, org, PublicationSuperseded{id, "a newer build took its place in the queue"});
    case pages::BuildProgress::success:
      break;
  }
  if (news)
    run.draft().record(org, PublicationProgressed{id, project, pages::url_of(build), build.stages});
  run.draft().record(org, PublicationDeployed{id, build.stages});
  run.draft().look_at(org, run.now_ms());
  return run.done();
}

/// The host of an address that Pages gave; nothing where it is none of Pages'.
std::string_view host_of(std::string_view url) {
  if (!url.starts_with(pages::url_scheme)) return {};
  url.remove_prefix(pages::url_scheme.size());
  url = url.substr(0, url.find('/'));
  return pages::is_host(url) ? url : std::string_view();
}

/// Pages serves this build, by its own account: the site decides. Its first page is compared with
/// the one at the build's own address.
Outcome judge_site(Run& run, OrgRow& org, const std::string& host) {
  const std::string& id = org.active->id;
  const std::string own(host_of(org.active->pages_url.value_or("")));
  const Answer* seen = run.ask("look:site", pages::get_file(host, "/"));
  const Answer* built = own.empty() ? nullptr : run.ask("look:own", pages::get_file(own, "/"));
  if (run.incomplete()) return run.need();
  const Answer& site = *seen;
  if (is_walled(site)) {
    return end(run, org,
               PublicationLive{id, PageVerified::not_reachable, "a sign-in wall hides it"});
  }
  if (classify(site) == Verdict::ok) {
    const bool same =
        built != nullptr && classify(*built) == Verdict::ok && built->body.text == site.body.text;
    const int64_t since = run.now_ms() - org.active->since_ms;
    if (same) return end(run, org, PublicationLive{id, PageVerified::bytes, std::nullopt});
    if (built == nullptr || since >= limits::page_differs_ms) {
      std::optional<std::string> differs;
      if (built != nullptr) differs = "its first page differs from the one at the build's address";
      return end(run, org, PublicationLive{id, PageVerified::served, std::move(differs)});
    }
  }
  // A first page that sends its visitors on does so at the build's own address, too.
  const bool moved = site.status >= 300 && site.status < 400;
  if (moved && built != nullptr && built->status == site.status) {
    return end(run, org, PublicationLive{id, PageVerified::served, "its first page is a redirect"});
  }
  return not_yet(run, org, limits::verification_deadline_ms, ErrorCode::content_mismatch,
                 concat("the site's first page: ", in_words(site)));
}

Outcome verify(Run& run, OrgRow& org, const pages::Account& at) {
  const Publication& publication = *org.active;
  const Answer* look = run.ask("look:project", pages::get_project(at, project_of(org)));
  if (look == nullptr) return run.need();
  const Verdict verdict = classify(*look);
  if (verdict == Verdict::retry_after) return wait_for(run, org, *look);
  if (verdict == Verdict::rejected) return fail(run, org, refusal_of_build(run, org, *look));
  const auto envelope = read_project<pages::ConnectedEnvelope>(run, *look, project_of(org));
  if (verdict == Verdict::unknown || !envelope) {
    return not_yet(run, org, limits::deployment_deadline_ms, ErrorCode::upstream_unclear,
                   concat("the project: ", in_words(*look)));
  }
  const pages::ConnectedProject& project = envelope->result;
  const auto& served = project.canonical_deployment;
  if (!served || served->id != publication.pages_deployment_id) {
    const bool old = run.now_ms() - publication.since_ms >= limits::superseded_after_ms;
    if (served && old) {
      return end(run, org,
                 PublicationSuperseded{publication.id, concat("Pages serves ", served->id)});
    }
    return not_yet(run, org, limits::verification_deadline_ms, ErrorCode::content_mismatch,
                   "Pages does not serve it yet");
  }
  const std::string host = pages::host_of(project);
  return judge_site(run, org, host);
}

}  // namespace

Failure refusal_of_build(Run& run, OrgRow& org, const Answer& answer) {
  const auto error = first_error(run, answer);
  const bool gone =
      error.code == pages::project_unknown_code && org.active->via == PublishedVia::api;
  return gone ? lose_project(run, org) : refusal(error);
}

void plan_publication(Run& run, OrgRow& org, const std::string& by) {
  const bool manual = org.manual.has_value();
  const std::string project = manual ? org.manual->project_name.value_or("") : org.project_name;
  run.draft().record(org,
                     PublicationPlanned{run.new_id("pub_"), by,
                                        manual ? PublishedVia::hook : PublishedVia::api, project});
  run.draft().look_at(org, run.now_ms());
}

void end_publication(Run& run, OrgRow& org, const OrgEvent& end) {
  const auto again = org.active->again_by;
  run.draft().record(org, end);
  if (again && can_publish(org)) {
    plan_publication(run, org, *again);
  } else {
    run.draft().look_at(org, run.now_ms());
  }
}

Outcome follow_publication(Run& run, OrgRow& org, const std::optional<pages::Account>& at) {
  const bool at_pages = org.active->state == PublicationState::building ||
                        org.active->state == PublicationState::verifying;
  if (at_pages && !at) return unreadable(run, org);
  switch (org.active->state) {
    case PublicationState::planned:
    case PublicationState::starting:
    case PublicationState::unknown:
      if (org.active->state == PublicationState::planned && held(run, org)) return run.done();
      return start_publication(run, org, at);
    case PublicationState::building:
      return follow_build(run, org, *at);
    case PublicationState::verifying:
      return verify(run, org, *at);
    default:
      stop_on_damage();
  }
}

}  // namespace slipway
