// What users send and see of orgs.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/names.hpp"
#include "domain/org.hpp"

namespace slipway {

struct OrgMemberBody {
  UserId user_id;
  OrgRole role{};
};
template <>
struct describe<OrgMemberBody> {
  static constexpr std::string_view name = "OrgMember";
  static constexpr std::string_view doc = "A member of an org.";
  static constexpr std::array fields = {
      field<&OrgMemberBody::user_id>("userId",
                                     "the subject of their token; with Access their e-mail"),
      field<&OrgMemberBody::role>("role", "admin publishes, member looks"),
  };
};

struct OrgPutBody {
  OrgId org_id;
  std::string name;
  std::optional<std::vector<OrgMemberBody>> members;
};
template <>
struct describe<OrgPutBody> {
  static constexpr std::string_view name = "OrgPut";
  static constexpr std::string_view doc = "An org as its application knows it.";
  static constexpr std::array fields = {
      field<&OrgPutBody::org_id>("orgId", "its id in its application"),
      field<&OrgPutBody::name>("name", "its name for people, 1 to 120 bytes"),
      field<&OrgPutBody::members>("members",
                                  "all of them, at most 500, each once; absent: as they are"),
  };
};

struct OrgRoleBody {
  OrgRole role{};
};
template <>
struct describe<OrgRoleBody> {
  static constexpr std::string_view name = "OrgRolePut";
  static constexpr std::string_view doc = "What a person is in an org.";
  static constexpr std::array fields = {
      field<&OrgRoleBody::role>("role", "admin publishes, member looks")};
};

struct OrgView {
  std::string slug;
  std::string org_id;
  std::string name;
  std::vector<OrgMemberBody> members;
  OrgState state{};
  std::optional<std::string> project_name;
  std::optional<std::string> project_url;
  std::string created_at;
};
template <>
struct describe<OrgView> {
  static constexpr std::string_view name = "Org";
  static constexpr std::string_view doc = "An org.";
  static constexpr std::array fields = {
      field<&OrgView::slug>("slug", "its name in addresses; it never changes"),
      field<&OrgView::org_id>("orgId", "its id in its application"),
      field<&OrgView::name>("name", "its name for people"),
      field<&OrgView::members>("members", "who may see it, and who may publish"),
      field<&OrgView::state>("state", "how far its own project is"),
      field<&OrgView::project_name>("projectName", "its Pages project"),
      field<&OrgView::project_url>("projectUrl", "its address"),
      field<&OrgView::created_at>("createdAt", "RFC 3339, UTC"),
  };
};

struct OrgList {
  std::vector<OrgView> items;
  std::optional<std::string> next_cursor;
};
template <>
struct describe<OrgList> {
  static constexpr std::string_view name = "OrgList";
  static constexpr std::string_view doc = "Orgs by slug.";
  static constexpr std::array fields = {
      field<&OrgList::items>("items", "a page"),
      field<&OrgList::next_cursor>("nextCursor", "`cursor` of the next page, if any"),
  };
};

/// The org as it is shown to operators.
[[nodiscard]] OrgView view_of(const OrgRow& org);

}  // namespace slipway
