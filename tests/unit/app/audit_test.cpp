#include <doctest/doctest.h>

#include "app/audit_views.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

AuditList audit(World& world, std::vector<std::vector<std::string>> query = {}) {
  const Ended ended = world.call({.operation = "audit_list", .query = std::move(query)});
  CAPTURE(ended.body);
  REQUIRE(ended.status == 200);
  return parsed<AuditList>(ended.body);
}

}  // namespace

TEST_CASE("the trail names who caused each event: the caller, or the system") {
  World world;
  make_claimed(world);
  const AuditList oldest = audit(world, {{"order", "oldest"}, {"limit", "100"}});
  REQUIRE(oldest.items.size() == world.stored.trail.size());
  CHECK_FALSE(oldest.next_cursor.has_value());
  for (const AuditEntryView& entry : oldest.items) {
    CAPTURE(entry.type);
    const bool claim = entry.type == "batch_claimed" || entry.type == "deployment_running";
    const bool creation = entry.type == "account_registered" || entry.type == "platform_created" ||
                          entry.type == "config_stored" || entry.type == "site_planned";
    CHECK(entry.author == (claim ? "internal" : creation ? "admin" : "system"));
    CHECK(entry.after.has_value() == (entry.type == "config_stored"));
    CHECK_FALSE(entry.before.has_value());
  }
}

TEST_CASE("pages follow each other in either order, of everything or of one aggregate") {
  World world;
  make_claimed(world);
  const auto count = static_cast<int64_t>(world.stored.trail.size());
  for (const char* order : {"newest", "oldest"}) {
    for (const char* aggregate : {"", "site:acme/dev"}) {
      std::vector<std::vector<std::string>> query = {{"order", order}, {"limit", "3"}};
      if (*aggregate != 0) query.push_back({"aggregate", aggregate});
      std::vector<int64_t> ids;
      for (std::optional<std::string> cursor = ""; cursor;) {
        auto page = query;
        if (!cursor->empty()) page.push_back({"cursor", *cursor});
        const AuditList list = audit(world, page);
        for (const AuditEntryView& entry : list.items) ids.push_back(entry.id);
        cursor = list.next_cursor;
      }
      const bool newest = std::string_view(order) == "newest";
      for (size_t i = 1; i < ids.size(); ++i) CHECK((ids[i] < ids[i - 1]) == newest);
      if (*aggregate == 0) CHECK(static_cast<int64_t>(ids.size()) == count);
      if (*aggregate != 0) CHECK(ids.size() == world.stored.journal["site:acme/dev"].size());
    }
  }
}

TEST_CASE("a change of configuration shows the digests before and after") {
  World world;
  (void)create_platform(world);
  REQUIRE(world
              .call({.operation = "feature_activate",
                     .params = {{"platformId", "acme"}},
                     .body = R"({"featureId":"chat"})"})
              .status == 202);
  std::vector<AuditEntryView> changes;
  for (auto& entry : audit(world, {{"aggregate", "platform:acme"}, {"order", "oldest"}}).items) {
    if (entry.type == "config_stored") changes.push_back(std::move(entry));
  }
  REQUIRE(changes.size() == 2);
  CHECK(changes[1].before == changes[0].after);
  CHECK(changes[1].after != changes[0].after);
}

TEST_CASE("a cursor that no page gave is refused") {
  World world;
  const Ended ended = world.call({.operation = "audit_list", .query = {{"cursor", "tok_1"}}});
  CHECK(ended.status == 400);
  CHECK(ended.says("query.invalid"));
}
