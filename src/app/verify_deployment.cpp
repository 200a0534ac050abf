#include "app/verify_deployment.hpp"

#include <algorithm>

#include "app/plan_deployment.hpp"
#include "app/retention.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

/// 1 s at first, growing to a minute.
int64_t interval_ms(const Run& run, const Deployment& deployment) {
  const int64_t since = run.now_ms() - deployment.uploaded_ms.value_or(deployment.updated_ms);
  return std::clamp<int64_t>(since / 4, 1'000, 60'000);
}

/// What Pages calls deployed has its own, shorter time to be served; as long as nobody can tell,
/// the deadline of every deployment holds.
bool out_of_time(const Run& run, const Deployment& deployment, ErrorCode code) {
  if (code == ErrorCode::content_mismatch) {
    return run.now_ms() - deployment.updated_ms >= limits::verification_deadline_ms;
  }
  const int64_t since = deployment.uploaded_ms.value_or(deployment.updated_ms);
  return run.now_ms() - since >= limits::deployment_deadline_ms;
}

Outcome fail(Run& run, SiteRow& site, ErrorCode code, std::string detail) {
  Draft& draft = run.draft();
  draft.record(site, DeploymentFailed{site.active->id, failure(code, std::move(detail))});
  draft.look_at(site, run.now_ms());
  return run.done();
}

/// Not yet what it should be: look again, or give up when the time is over.
Outcome not_yet(Run& run, SiteRow& site, ErrorCode code, std::string detail) {
  if (out_of_time(run, *site.active, code)) return fail(run, site, code, std::move(detail));
  run.draft().look_at(site, run.now_ms() + interval_ms(run, *site.active));
  return run.done();
}

Outcome live(Run& run, SiteRow& site, Verified verified, size_t files) {
  Draft& draft = run.draft();
  if (site.active->state == DeploymentState::uploaded) {
    draft.record(site, DeploymentVerifying{site.active->id});
  }
  draft.record(site, DeploymentLive{site.active->id, verified, static_cast<int64_t>(files)});
  plan_or_settle(run, site);
  prune_after(run, site);
  return run.done();
}

/// A sign-in wall in front of the site: its bytes are not for us.
bool is_walled(const Answer& answer) {
  if (answer.status == 401 || answer.status == 403) return true;
  const auto location = answer.header("location").value_or("");
  return answer.status >= 300 && answer.status < 400 &&
         location.find(".cloudflareaccess.com/") != std::string_view::npos;
}

bool is_plain_path(std::string_view path) {
  return path.size() > 1 && path.size() <= 1024 && path[0] == '/' &&
         path.find("..") == std::string_view::npos && path.find("//") == std::string_view::npos &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '-' ||
                  c == '_' || c == '.' || c == '~' || c == '@';
         });
}

/// A file that is not served: either it is not there, or nobody can tell.
struct Difference {
  ErrorCode code;
  std::string detail;
};

Difference not_served(std::string_view path, const Answer& answer) {
  const bool unknown = classify(answer) == Verdict::unknown;
  return {unknown ? ErrorCode::upstream_unclear : ErrorCode::content_mismatch,
          concat(path, ": ", in_words(answer))};
}

/// Compares the files that the manifest names; nothing to say means that all are equal. A file that
/// is longer than what is fetched says nothing.
std::optional<Difference> compare_files(Run& run, const SiteRow& site,
                                        const pages::Manifest& manifest, size_t& compared) {
  std::vector<std::pair<const std::string*, const Answer*>> files;
  for (const auto& [path, digest] : manifest.files.members) {
    if (files.size() == limits::verified_files_max || !is_plain_path(path)) continue;
    const Answer* file =
        run.ask(concat("look:file:", path), pages::get_file(present(site.subdomain), path));
    files.emplace_back(&path, file);
  }
  compared = files.size() + 1;
  if (run.incomplete()) return std::nullopt;
  for (const auto& [path, file] : files) {
    if (classify(*file) != Verdict::ok) return not_served(*path, *file);
    if (file->truncated) {
      --compared;
      continue;
    }
    const auto& members = manifest.files.members;
    const auto same = [&name = *path](const auto& member) { return member.first == name; };
    const std::string& digest = std::find_if(members.begin(), members.end(), same)->second;
    if (sha256_hex(file->body.text) != digest) {
      return Difference{ErrorCode::content_mismatch, concat(*path, ": other bytes are served")};
    }
  }
  return std::nullopt;
}

/// What the production address serves.
struct Served {
  bool walled = false;                   ///< behind a sign-in
  size_t compared = 0;                   ///< files that are equal
  std::optional<Difference> difference;  ///< what is not as it was built
};

/// Compares what is served with what was built. Asks: check `run.incomplete()` afterwards.
Served compare_served(Run& run, const SiteRow& site) {
  Served out;
  const Answer* served =
      run.ask("look:manifest", pages::get_file(present(site.subdomain), pages::manifest_path));
  if (served == nullptr) return out;
  out.walled = is_walled(*served);
  if (out.walled) return out;
  if (classify(*served) != Verdict::ok) {
    out.difference = not_served(pages::manifest_path, *served);
    return out;
  }
  const auto manifest = run.read_answer<pages::Manifest>(*served);
  const Deployment& deployment = *site.active;
  const bool ours = manifest && manifest->deployment == deployment.id &&
                    manifest->version == deployment.config_version;
  const bool same =
      !deployment.manifest_digest || sha256_hex(served->body.text) == *deployment.manifest_digest;
  if (!ours || !same) {
    out.difference = Difference{ErrorCode::content_mismatch,
                                concat(pages::manifest_path, ": another deployment is served")};
    return out;
  }
  out.difference = compare_files(run, site, *manifest, out.compared);
  return out;
}

/// It is not served, or hidden: what Pages says of the deployment decides.
Outcome ask_pages(Run& run, SiteRow& site, const pages::Account& account, const Served& served) {
  const Answer* look = run.ask(
      "look:deployment",
      pages::get_deployment(account, site.project_name, present(site.active->pages_deployment_id)));
  if (look == nullptr) return run.need();
  const Verdict verdict = classify(*look);
  if (verdict == Verdict::retry_after) {
    run.draft().look_at(site, run.now_ms() + wait_ms(*look, run.now_ms()));
    return run.done();
  }
  const auto envelope = run.read_answer<pages::DeploymentEnvelope>(*look);
  if (verdict != Verdict::ok || !envelope) {
    return not_yet(run, site, ErrorCode::upstream_unclear,
                   concat("the Pages deployment: ", in_words(*look)));
  }
  const pages::PagesDeployment& deployment = envelope->result;
  switch (pages::progress(deployment)) {
    case pages::Progress::failure:
      return fail(
          run, site, ErrorCode::deploy_failed,
          concat("Pages: ", deployment.latest_stage.name, " ", deployment.latest_stage.status));
    case pages::Progress::active:
      return not_yet(run, site, ErrorCode::deploy_failed,
                     concat("Pages is still at ", deployment.latest_stage.name));
    case pages::Progress::success:
      break;
  }
  if (site.active->state == DeploymentState::uploaded) {
    run.draft().record(site, DeploymentVerifying{site.active->id});
  }
  if (served.walled) return live(run, site, Verified::not_reachable, 0);
  return not_yet(run, site, served.difference->code, served.difference->detail);
}

}  // namespace

Outcome verify_deployment(Run& run, SiteRow& site, const pages::Account& account) {
  const Served served = compare_served(run, site);
  if (run.incomplete()) return run.need();
  if (!served.walled && !served.difference) {
    return live(run, site, Verified::bytes, served.compared);
  }
  // Most deployments are served in seconds; asking the site costs nothing of Cloudflare's budget.
  const int64_t since = run.now_ms() - present(site.active->uploaded_ms);
  if (!served.walled && since < limits::api_verify_after_ms) {
    return not_yet(run, site, served.difference->code, served.difference->detail);
  }
  return ask_pages(run, site, account, served);
}

}  // namespace slipway
