#include "domain/migration.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "domain/import.hpp"

using namespace slipway;

namespace {

template <class Event, size_t... I>
std::vector<Event> every(std::index_sequence<I...>) {
  return {Event(std::in_place_index<I>)...};
}
template <class Event>
std::vector<Event> every() {
  return every<Event>(std::make_index_sequence<std::variant_size_v<Event>>());
}

template <class Event>
std::string_view name_of_event(const Event& event) {
  return schema_of<Event>().alternatives[event.index()].name;
}

MigrationRow moving() {
  MigrationRow row;
  row.state = MigrationState::moving;
  row.domains.resize(2);
  row.domains[0].name = "a.example";
  row.domains[1].name = "b.example";
  return row;
}

}  // namespace

TEST_CASE("a migration takes an event exactly where the table has an edge") {
  for (size_t i = 0; i < describe<MigrationState>::names.size(); ++i) {
    const auto state = static_cast<MigrationState>(i);
    for (const MigrationEvent& event : every<MigrationEvent>()) {
      MigrationRow row;
      row.state = state;
      row.attempts = 3;
      const auto to = next_state(migration_edges, state, name_of_event(event));
      CAPTURE(name_of(state));
      CAPTURE(name_of_event(event));
      CHECK(allows(row, event) == to.has_value());
      if (!to) continue;
      apply(row, event, 7);
      CHECK(row.state == *to);
      CHECK(row.seq == 1);
      CHECK(row.updated_ms == 7);
      CHECK(row.since_ms == (*to == state ? 0 : 7));
      if (*to != state) CHECK(row.attempts == 0);
    }
  }
}

TEST_CASE("an event about a domain changes that one alone") {
  MigrationRow row = moving();
  apply(row, MigrationDomainPlaced{"b.example", DomainPlace::kept, "active", Failure{}}, 9);
  CHECK(row.domains[0].place == DomainPlace::old);
  CHECK(row.domains[1].place == DomainPlace::kept);
  CHECK(row.domains[1].since_ms == 9);
  CHECK(row.domains[1].failure.has_value());
  apply(row, MigrationDomainsSettled{1}, 10);
  apply(row, MigrationSwitchedOff{}, 11);
  REQUIRE(row.state == MigrationState::migrated);
  apply(row, MigrationDomainReady{"asked for"}, 12);
  CHECK(row.domains[1].place == DomainPlace::old);
  CHECK_FALSE(row.domains[1].failure.has_value());
}

TEST_CASE("a way back forgets what was planned and keeps why") {
  MigrationRow row = moving();
  row.mode = MigrationMode::in_place;
  row.old.emplace();
  row.revision = 4;
  apply(row, MigrationReturning{true, Failure{"a.code", "", "", {}}, {}}, 1);
  CHECK(row.again);
  CHECK_FALSE(row.failure.has_value());
  CHECK_FALSE(rests(row));
  apply(row, MigrationReturned{}, 2);
  CHECK(row.state == MigrationState::imported);
  CHECK_FALSE(row.old.has_value());
  CHECK(row.domains.empty());
  REQUIRE(row.failure.has_value());
  CHECK(row.failure->code == "a.code");
  CHECK(rests(row));
}

TEST_CASE("the name of a new project always fits") {
  const std::string longest(limits::platform_id_chars_max, 'a');
  CHECK(new_project_name(longest, Environment::prod).size() <= limits::project_name_chars_max);
  CHECK(new_project_name("acme", Environment::dev) == "acme-dev-site");
}

TEST_CASE("a repository's name gives the platform id before the suffix") {
  const std::string_view suffix = "-platform-console";
  CHECK(platform_id_of("acme-platform-console", suffix) == "acme");
  CHECK(platform_id_of("acme-eu-platform-console", suffix) == "acme-eu");
  CHECK_FALSE(platform_id_of("acme", suffix).has_value());
  CHECK_FALSE(platform_id_of("-platform-console", suffix).has_value());
  CHECK_FALSE(platform_id_of("Acme-platform-console", suffix).has_value());
  CHECK_FALSE(platform_id_of("ab-platform-console", suffix).has_value());
}

TEST_CASE("an import takes the lines off what is pending, in order") {
  ImportRow row;
  apply(row, ImportStarted{"imp_1", "o", "", "-x", {"a", "b", "c"}, true, {}, false, "admin"}, 5);
  CHECK(row.next_page == 1);
  apply(row, ImportRead{1, 0, 1}, 6);
  CHECK(row.pending == std::vector<std::string>{"c"});
  CHECK(row.read == 2);
  apply(row, ImportListed{{"d"}, 0}, 7);
  CHECK(row.pending == std::vector<std::string>{"c", "d"});
  apply(row, ImportFinished{2}, 8);
  CHECK(row.state == ImportState::done);
  CHECK(import_item_id("imp_1", 12) == "imp_1/000012");
}
