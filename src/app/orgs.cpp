// GET, PUT and DELETE /api/v1/orgs/{slug}, the list of orgs, and their members: what an application
// tells of its customers. What is as it should be changes nothing.
#include <algorithm>
#include <utility>

#include "app/known_org.hpp"
#include "app/operation_view.hpp"
#include "app/operations.hpp"
#include "app/org_bodies.hpp"
#include "app/paging.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

std::vector<Issue> issues_of(const Run& run, const OrgPutBody& body) {
  std::vector<Issue> issues;
  if (!is_org_slug(run.param("slug"))) {
    issues.push_back(
        {"", "field.value", concat("the path must end in a slug: ", describe<OrgSlug>::rule)});
  }
  if (body.name.empty() || body.name.size() > limits::org_name_bytes_max) {
    issues.push_back({"/name", "field.value", "must be 1 to 120 bytes"});
  }
  if (!body.members) return issues;
  const auto& members = *body.members;
  if (members.size() > limits::org_members_max) {
    issues.push_back({"/members", "field.value", "must have at most 500 items"});
    return issues;
  }
  std::vector<std::string_view> seen;
  for (size_t i = 0; i < members.size() && issues.size() < limits::issues_max; ++i) {
    const std::string_view user = members[i].user_id.text;
    if (std::find(seen.begin(), seen.end(), user) != seen.end()) {
      issues.push_back({concat("/members/", to_text(static_cast<int64_t>(i)), "/userId"),
                        "field.duplicate", "stands twice"});
    }
    seen.push_back(user);
  }
  return issues;
}

std::vector<OrgMember> members_of(const OrgPutBody& body, const std::vector<OrgMember>& before) {
  if (!body.members) return before;
  std::vector<OrgMember> out;
  out.reserve(body.members->size());
  for (const OrgMemberBody& member : *body.members) {
    out.push_back({member.user_id.text, member.role});
  }
  return out;
}

/// The org's members after a change of one; with `role` absent they are removed.
Outcome change_member(Run& run, std::optional<OrgRole> role) {
  auto org = known_org(run);
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  const std::string user(run.param("userId"));
  std::vector<OrgMember> members = org->members;
  const auto known = std::find_if(members.begin(), members.end(),
                                  [&](const OrgMember& member) { return member.user_id == user; });
  if (known != members.end() && role) {
    known->role = *role;
  } else if (known != members.end()) {
    members.erase(known);
  } else if (role) {
    members.push_back({user, *role});
  }
  if (members.size() > limits::org_members_max) {
    return run.fail({ErrorCode::body_invalid, "an org has at most 500 members here", {}});
  }
  if (members != org->members) {
    run.draft().record(*org, OrgChanged{org->org_id, org->name, std::move(members)});
  }
  return run.reply(200, to_json(view_of(*org)));
}

}  // namespace

OrgView view_of(const OrgRow& org) {
  OrgView view;
  view.slug = org.slug;
  view.org_id = org.org_id;
  view.name = org.name;
  for (const OrgMember& member : org.members) {
    view.members.push_back({UserId{member.user_id}, member.role});
  }
  view.state = org.state;
  if (!org.project_name.empty()) view.project_name = org.project_name;
  if (org.host) view.project_url = concat("https://", *org.host);
  view.created_at = to_rfc3339(org.created_ms);
  return view;
}

Outcome org_list(Run& run) {
  const auto page = read_page(run);
  const auto rows = run.query<OrgRow>("orgs_after", {page.cursor, number(page.limit + 1)});
  if (run.incomplete()) return run.need();
  OrgList list;
  for (const OrgRow& row : rows) {
    if (static_cast<int64_t>(list.items.size()) == page.limit) {
      list.next_cursor = list.items.back().slug;
      break;
    }
    list.items.push_back(view_of(row));
  }
  return run.reply(200, to_json(list));
}

Outcome org_read(Run& run) {
  const auto org = known_org(run);
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  return run.reply(200, to_json(view_of(*org)));
}

Outcome org_put(Run& run) {
  OrgPutBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  auto issues = issues_of(run, body);
  if (!issues.empty()) return run.fail({ErrorCode::body_invalid, "", std::move(issues)});
  const std::string slug(run.param("slug"));
  OrgRow org = run.row<OrgRow>("org", slug).value_or(OrgRow{});
  const auto same_id = run.query<OrgRow>("org_of_id", {body.org_id.text});
  if (run.incomplete()) return run.need();
  if (!same_id.empty() && same_id[0].slug != slug) {
    return run.fail({ErrorCode::org_exists, same_id[0].slug, {}});
  }
  const bool is_new = org.state == OrgState::absent || org.deleted_ms;
  auto members = members_of(body, is_new ? std::vector<OrgMember>() : org.members);
  if (is_new) {
    run.draft().record(org, OrgCreated{slug, body.org_id.text, body.name, std::move(members)});
  } else if (org.org_id != body.org_id.text || org.name != body.name || org.members != members) {
    run.draft().record(org, OrgChanged{body.org_id.text, body.name, std::move(members)});
    if (org.outdated_ms) run.draft().look_at(org, run.now_ms());
  }
  return run.reply(200, to_json(view_of(org)));
}

Outcome org_delete(Run& run) {
  auto org = known_org(run);
  if (run.incomplete()) return run.need();
  if (!org) return run.fail({ErrorCode::org_unknown, "", {}});
  auto account = run.row<AccountRow>("account", org->account);
  if (run.incomplete()) return run.need();
  Draft& draft = run.draft();
  std::vector<OldRow> secrets;
  if (org->hook) secrets.push_back({org->hook->sealed_id});
  if (org->retiring) secrets.push_back({org->retiring->sealed_id});
  if (org->manual) secrets.push_back({org->manual->sealed_id});
  if (org->active) {
    draft.record(*org, PublicationCancelled{org->active->id, "its org was removed"});
  }
  if (account && org->placed && !org->host) {
    draft.record(*account, PlaceFreed{aggregate_of(*org), account->paced_ms});
  }
  draft.record(*org, OrgDeleted{run.caller().author});
  draft.forget("sealed", secrets);
  draft.settle(*org);
  return run.reply(204, "");
}

Outcome org_member_put(Run& run) {
  OrgRoleBody body;
  if (const auto error = run.read_body(body)) return run.fail(*error);
  if (!is_user_id(run.param("userId"))) {
    return run.fail({ErrorCode::body_invalid,
                     "",
                     {{"", "field.value",
                       concat("the path must end in a user id: ", describe<UserId>::rule)}}});
  }
  return change_member(run, body.role);
}

Outcome org_member_remove(Run& run) { return change_member(run, std::nullopt); }

}  // namespace slipway
