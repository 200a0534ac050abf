#include <doctest/doctest.h>

#include "app/bodies.hpp"
#include "app/views.hpp"
#include "domain/account.hpp"
#include "domain/batch.hpp"
#include "upstream/github.hpp"
#include "upstream/github_contents.hpp"
#include "upstream/pages.hpp"
#include "upstream/pages_git.hpp"
#include "upstream/pages_publishing.hpp"
#include "upstream/pages_removal.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

using namespace slipway;

namespace {

template <class T>
ReadOutcome read(std::string_view json, T& out, Strictness strictness) {
  JsonReader reader;
  const PaddedText text(json);
  return reader.read(text.view(), strictness, out);
}

/// A value with every member set: texts `x<n>`, numbers counting, optionals present, one element
/// in each list and map. `alternative` picks the alternative of a one_of.
void fill(const Schema& schema, void* at, int& count, size_t alternative) {
  switch (schema.kind) {
    case Kind::boolean:
      *static_cast<bool*>(at) = true;
      return;
    case Kind::integer:
      *static_cast<int64_t*>(at) = ++count;
      return;
    case Kind::text:
      *static_cast<std::string*>(at) = "x\n<" + std::to_string(++count);
      return;
    case Kind::scalar:
      *static_cast<Scalar*>(at) = NumberText{"-1.50"};
      return;
    case Kind::raw:
      static_cast<Raw*>(at)->text = "{\"a\":[1, \"]\"]}";
      return;
    case Kind::enumeration:
      schema.set_enum(at, schema.names.size() - 1);
      return;
    case Kind::optional:
    case Kind::list:
      fill(schema.element(), schema.append(at), count, alternative);
      return;
    case Kind::map:
      fill(schema.element(), schema.append_key(at, "key/~\""), count, alternative);
      return;
    case Kind::object:
      for (const FieldInfo& field : schema.fields) {
        fill(field.schema(), field.at(at), count, alternative);
      }
      return;
    case Kind::one_of:
      const Alternative& one = schema.alternatives[alternative];
      fill(one.schema(), one.emplace(at), count, alternative);
      return;
  }
}

template <class T>
void check_round_trip(size_t alternative = 0) {
  T value;
  int count = 0;
  fill(schema_of<T>(), &value, count, alternative);
  const std::string json = to_json(value);
  CAPTURE(json);
  for (const Strictness strictness : {Strictness::strict, Strictness::lenient}) {
    T again;
    REQUIRE(read(json, again, strictness).ok());
    CHECK(to_json(again) == json);
  }
}

template <class Event>
void check_events() {
  const size_t count = schema_of<Event>().alternatives.size();
  for (size_t i = 0; i < count; ++i) check_round_trip<Event>(i);
}

}  // namespace

TEST_CASE("every row and every event survives writing and reading") {
  check_round_trip<PlatformRow>();
  check_round_trip<ConfigVersionRow>();
  check_round_trip<SiteRow>();
  check_round_trip<Deployment>();
  check_round_trip<BatchRow>();
  check_round_trip<OperationRow>();
  check_round_trip<AccountRow>();
  check_round_trip<TimelineEntry>();
  check_round_trip<ConfigDocuments>();
  check_events<SiteEvent>();
  check_events<BatchEvent>();
  check_events<PlatformEvent>();
  check_events<AccountEvent>();
}

TEST_CASE("one of several: the type decides, wherever it stands") {
  SiteEvent event;
  REQUIRE(read(R"({"attempt":2,"type":"project_create_started"})", event, Strictness::strict).ok());
  CHECK(std::get<ProjectCreateStarted>(event).attempt == 2);
  const auto code = [&](std::string_view json) {
    const ReadOutcome outcome = read(json, event, Strictness::strict);
    return outcome.issues.empty() ? std::string() : outcome.issues[0].code;
  };
  CHECK(code(R"({"type":"no_such_event"})") == "field.value");
  CHECK(code(R"({"attempt":2})") == "field.missing");
  CHECK(code(R"({"type":7})") == "field.missing");
  CHECK(code(R"({"type":"project_create_started"})") == "field.missing");
  CHECK(code(R"({"type":"project_create_started","attempt":1,"x":2})") == "field.unknown");
  CHECK(code(R"([])") == "field.type");
}

TEST_CASE("lenient: unknown members are skipped, null and absent ones keep their default") {
  pages::ProjectEnvelope envelope;
  constexpr std::string_view json =
      R"({"success":true,"errors":[],"messages":[{"deep":[[{"x":null}]]}],"result":{
        "id":"1","name":"acme-dev-portal","subdomain":null,"domains":["a"],"source":null,
        "deployment_configs":{"preview":{},"production":{"env_vars":{
          "SLIPWAY_SITE":{"type":"plain_text","value":"acme/dev"},
          "SECRET":{"type":"secret_text","value":null}}}}}})";
  REQUIRE(read(json, envelope, Strictness::lenient).ok());
  CHECK(envelope.result.name == "acme-dev-portal");
  CHECK_FALSE(envelope.result.subdomain.has_value());
  CHECK_FALSE(envelope.result.source.type.has_value());
  CHECK(envelope.result.deployment_configs.production.env_vars.members.size() == 2);
  CHECK(pages::marked_site(envelope.result) == "acme/dev");
}

TEST_CASE("lenient: an answer without what it must say cannot be read") {
  const auto unreadable = [](auto out, std::string_view json) {
    CAPTURE(json);
    return !read(json, out, Strictness::lenient).ok();
  };
  for (const std::string_view json : {"{}", R"({"success":true,"result":null})"}) {
    CHECK(unreadable(pages::ProjectEnvelope{}, json));
    CHECK(unreadable(pages::ConnectedEnvelope{}, json));
    CHECK(unreadable(pages::ServedProjectEnvelope{}, json));
    CHECK(unreadable(pages::DeploymentEnvelope{}, json));
    CHECK(unreadable(pages::DeploymentsEnvelope{}, json));
    CHECK(unreadable(pages::DeploymentRefs{}, json));
    CHECK(unreadable(pages::DeploymentPage{}, json));
    CHECK(unreadable(pages::DomainsEnvelope{}, json));
    CHECK(unreadable(pages::DomainEnvelope{}, json));
    CHECK(unreadable(pages::DomainChecksEnvelope{}, json));
    CHECK(unreadable(pages::HooksEnvelope{}, json));
    CHECK(unreadable(pages::HookEnvelope{}, json));
    CHECK(unreadable(pages::HookCalledEnvelope{}, json));
    CHECK(unreadable(pages::BuildEnvelope{}, json));
    CHECK(unreadable(github::RunPage{}, json));
    CHECK(unreadable(github::Run{}, json));
    CHECK(unreadable(github::Dispatched{}, json));
    CHECK(unreadable(github::Workflow{}, json));
    CHECK(unreadable(github::Repository{}, json));
    CHECK(unreadable(github::Entry{}, json));
  }
  CHECK(unreadable(pages::ProjectEnvelope{}, R"({"result":{}})"));
  CHECK(unreadable(pages::ProjectEnvelope{}, R"({"result":{"name":"a"}})"));
  CHECK(unreadable(pages::ProjectEnvelope{}, R"({"result":{"name":"a","deployment_configs":{}}})"));
  CHECK(unreadable(pages::DeploymentsEnvelope{}, R"({"result":[{"id":"1"},{"id":null}]})"));
  CHECK(unreadable(github::RunPage{}, R"({"workflow_runs":[{"id":1,"display_title":null}]})"));
  CHECK_FALSE(unreadable(pages::DeploymentsEnvelope{}, R"({"result":[]})"));
  CHECK_FALSE(unreadable(github::RunPage{}, R"({"workflow_runs":[]})"));
  // A refusal is one, whatever it says.
  CHECK_FALSE(unreadable(pages::ErrorEnvelope{}, "{}"));
  CHECK_FALSE(unreadable(github::Refusal{}, "{}"));
}

TEST_CASE("lenient: an answer names each member that it should have") {
  pages::ConnectedProject project;
  const ReadOutcome outcome = read(R"({"name":null})", project, Strictness::lenient);
  REQUIRE(outcome.issues.size() == 2);
  CHECK(outcome.issues[0].pointer == "/name");
  CHECK(outcome.issues[0].code == "field.missing");
  CHECK(outcome.issues[1].pointer == "/deployment_configs");
}

TEST_CASE("lenient: a member of another type is a fault all the same, and so is cut JSON") {
  pages::ProjectEnvelope envelope;
  CHECK_FALSE(read(R"({"result":[]})", envelope, Strictness::lenient).ok());
  CHECK_FALSE(read(R"({"result":{"name":7}})", envelope, Strictness::lenient).ok());
  CHECK_FALSE(read(R"({"result":{"name":"a"})", envelope, Strictness::lenient).ok());
  CHECK_FALSE(read("<html>502</html>", envelope, Strictness::lenient).ok());
  CHECK_FALSE(read("", envelope, Strictness::lenient).ok());
}

TEST_CASE("pointers are escaped") {
  CHECK(Place(Place(), "a").pointer() == "/a");
  CHECK(Place(Place("/x"), "a/b~c").pointer() == "/x/a~1b~0c");
  CHECK(Place(Place(), "~1").pointer() == "/~01");
  CHECK(Place(Place(), "").pointer() == "/");
}
