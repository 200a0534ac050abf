// Custom domains between two projects. A domain is on one project at a time, so it is taken off one
// and put on the other at once; while it is validated it does not serve. One that does not become
// active goes back to where it served.
#include <algorithm>

#include "app/at_pages.hpp"
#include "app/migrate.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

/// How long a domain may take to be validated.
constexpr int64_t validation_ms = 10 * 60 * 1000;
/// The same where Cloudflare says that its CNAME record names another host.
constexpr int64_t cname_grace_ms = 30 * 1000;
/// A domain that waits for a person is looked at this often, for a week.
constexpr int64_t watch_least_ms = 60 * 1000;
constexpr int64_t watch_most_ms = 60 * 60 * 1000;
constexpr int64_t watch_ms = 7 * limits::day_ms;

/// A domain at a project, if it is there.
struct Seen {
  bool there = false;
  std::string status;
  std::string message;
};

/// A domain after it was brought to a project: `outcome` where the round must end.
struct Carried {
  std::optional<Outcome> outcome;
  Seen seen;
  std::optional<Failure> refused;  ///< the project does not take it
  bool no_project = false;         ///< because there is no such project any more
};

std::optional<Seen> see(Migrating& at, const Answer& look) {
  if (says_absent(at.run, look)) return Seen{};
  const auto envelope = at.run.read_answer<pages::DomainEnvelope>(look);
  if (classify(look) != Verdict::ok || !envelope) return std::nullopt;
  const pages::Domain& domain = envelope->result;
  return Seen{true, domain.status, domain.verification_data.error_message.value_or("")};
}

/// Takes the domain off the one project and puts it on the other, without a pause in between.
Carried carry(Migrating& at, const std::string& domain, const std::string& from,
              const std::string& to) {
  Run& run = at.run;
  const Answer* here = run.ask("look:from", pages::get_domain(at.account, from, domain));
  const Answer* there = run.ask("look:to", pages::get_domain(at.account, to, domain));
  if (run.incomplete()) return {run.need(), {}, {}};
  const auto at_from = see(at, *here);
  const auto at_to = see(at, *there);
  if (!at_from) return {not_done(at, *here), {}, {}};
  if (!at_to) return {not_done(at, *there), {}, {}};
  if (at_to->there) return {std::nullopt, *at_to, {}};
  if (at_from->there) {
    const Answer* off =
        write(at, "remove_domain", domain, pages::delete_domain(at.account, from, domain));
    if (off == nullptr) return {run.act_now(), {}, {}};
    const bool gone = classify(*off) == Verdict::ok || says_absent(run, *off);
    if (!gone) return {not_done(at, *off), {}, {}};
  }
  const Answer* on = write(at, "add_domain", domain, pages::add_domain(at.account, to, domain));
  if (on == nullptr) return {run.act_now(), {}, {}};
  if (classify(*on) == Verdict::rejected) {
    return {std::nullopt, {}, refusal(first_error(run, *on)), says_absent(run, *on)};
  }
  if (classify(*on) != Verdict::ok) return {not_done(at, *on), {}, {}};
  return {later(at, 1'000), {}, {}};
}

Outcome place(Migrating& at, const MigratingDomain& domain, DomainPlace where, const Seen& seen,
              std::optional<Failure> why) {
  at.run.draft().record(at.row,
                        MigrationDomainPlaced{domain.name, where, seen.status, std::move(why)});
  return later(at, 0);
}

Outcome wait_for(Migrating& at, const MigratingDomain& domain) {
  const int64_t since = at.run.now_ms() - domain.since_ms;
  return later(at, std::clamp<int64_t>(since / 4, 1'000, 30'000));
}

/// Whether the domain serves the deployment, or a sign-in wall, which is nothing to judge by.
/// Nothing while that is not known.
std::optional<bool> serves(Migrating& at, const MigratingDomain& domain, const SiteRow& site) {
  const Answer* file =
      at.run.ask("look:domain_manifest", pages::get_file(domain.name, pages::manifest_path));
  if (file == nullptr) return std::nullopt;
  if (file->status == 401 || file->status == 403) return true;
  const auto location = file->header("location").value_or("");
  if (location.find(".cloudflareaccess.com/") != std::string_view::npos) return true;
  const auto manifest = at.run.read_answer<pages::Manifest>(*file);
  return classify(*file) == Verdict::ok && manifest && site.live &&
         manifest->deployment == site.live->deployment_id;
}

/// Why the domain will not become active by waiting, if that is so.
std::optional<Failure> hopeless(const Migrating& at, const MigratingDomain& domain,
                                const Seen& seen, std::string_view host) {
  const int64_t since = at.run.now_ms() - domain.since_ms;
  const bool over = seen.status == "error" || seen.status == "blocked" ||
                    seen.status == "deactivated" || since >= validation_ms;
  const bool elsewhere = seen.message.find("CNAME") != std::string::npos && since >= cname_grace_ms;
  if (!over && !elsewhere) return std::nullopt;
  return failure(ErrorCode::migration_domain_pending,
                 concat(domain.name, " is ", seen.status, " (",
                        head(seen.message, limits::upstream_words_bytes_max),
                        "); its CNAME record must name ", host));
}

/// One step of a domain on its way to the new project.
Outcome move_on(Migrating& at, const MigratingDomain& domain, const SiteRow& site) {
  const Carried carried = carry(at, domain.name, present(at.row.old).name, at.row.project);
  if (carried.outcome) return *carried.outcome;
  if (carried.refused) {
    return place(at, domain, DomainPlace::putting_back, carried.seen, carried.refused);
  }
  if (carried.seen.status == "active") {
    const auto good = serves(at, domain, site);
    if (!good) return at.run.need();
    if (*good) return place(at, domain, DomainPlace::fresh, carried.seen, std::nullopt);
  }
  if (auto why = hopeless(at, domain, carried.seen, present(site.subdomain))) {
    return place(at, domain, DomainPlace::putting_back, carried.seen, std::move(why));
  }
  return wait_for(at, domain);
}

/// One step of a domain on its way back; `end` is its place when it is there.
Outcome go_back(Migrating& at, const MigratingDomain& domain, DomainPlace end) {
  const OldProject& old = present(at.row.old);
  const Carried carried = carry(at, domain.name, at.row.project, old.name);
  if (carried.outcome) return *carried.outcome;
  // There is nothing to go back to: it is left as it is, and the rest goes on.
  if (carried.no_project && end == DomainPlace::old) {
    return place(at, domain, end, carried.seen, carried.refused);
  }
  if (carried.refused) return stop(at, *carried.refused);
  const bool active = carried.seen.status == "active";
  if (!active && !hopeless(at, domain, carried.seen, old.subdomain)) return wait_for(at, domain);
  auto why = domain.failure;
  if (!active && end == DomainPlace::old) why = hopeless(at, domain, carried.seen, old.subdomain);
  return place(at, domain, end, carried.seen, std::move(why));
}

}  // namespace

Outcome move_domains(Migrating& at) {
  const auto site = at.run.row<SiteRow>("site", site_of(at.row));
  if (at.run.incomplete()) return at.run.need();
  if (!site) stop_on_damage();
  // Its project is gone and made anew: nothing moves to a place that is not there.
  if (!site->subdomain) return poll(at);
  const bool in_place = at.row.mode == MigrationMode::in_place;
  int64_t kept = 0;
  for (MigratingDomain& domain : at.row.domains) {
    if (in_place) continue;
    if (domain.place == DomainPlace::kept) ++kept;
    if (domain.place == DomainPlace::old) {
      at.run.draft().record(at.row, MigrationDomainPlaced{domain.name, DomainPlace::moving,
                                                          domain.status, std::nullopt});
    }
    if (domain.place == DomainPlace::moving) return move_on(at, domain, *site);
    if (domain.place == DomainPlace::putting_back) return go_back(at, domain, DomainPlace::kept);
  }
  at.run.draft().record(at.row, MigrationDomainsSettled{kept});
  return later(at, 0);
}

Outcome watch_domains(Migrating& at) {
  Run& run = at.run;
  const int64_t since = run.now_ms() - at.row.since_ms;
  bool watches = false;
  bool changed = false;
  for (const MigratingDomain& domain : at.row.domains) {
    if (domain.place != DomainPlace::kept || domain.status != "active" || since > watch_ms)
      continue;
    watches = true;
    const Answer* look =
        run.ask(concat("look:kept:", domain.name),
                pages::get_domain(at.account, present(at.row.old).name, domain.name));
    if (look == nullptr) continue;
    const auto seen = see(at, *look);
    if (seen && seen->there && seen->status != "active") changed = true;
  }
  if (run.incomplete()) return run.need();
  if (!watches) {
    run.draft().settle(at.row);
    return run.done();
  }
  if (!changed) return later(at, std::clamp<int64_t>(since / 4, watch_least_ms, watch_most_ms));
  run.draft().record(at.row, MigrationDomainReady{"its CNAME record no longer names the old host"});
  return later(at, 0);
}

std::optional<Outcome> return_domains(Migrating& at) {
  for (MigratingDomain& domain : at.row.domains) {
    if (domain.place == DomainPlace::moving || domain.place == DomainPlace::fresh) {
      at.run.draft().record(at.row, MigrationDomainPlaced{domain.name, DomainPlace::putting_back,
                                                          domain.status, std::nullopt});
    }
    if (domain.place == DomainPlace::putting_back) return go_back(at, domain, DomainPlace::old);
  }
  return std::nullopt;
}

}  // namespace slipway
