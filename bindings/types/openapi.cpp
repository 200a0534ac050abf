// The OpenAPI 3.1 document, and the JSON Schema of a configuration.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/bodies.hpp"
#include "app/config_bodies.hpp"
#include "app/config_views.hpp"
#include "app/operations.hpp"
#include "app/operations/query.hpp"
#include "app/problem.hpp"
#include "app/status_views.hpp"
#include "app/views.hpp"
#include "base/text.hpp"
#include "emit.hpp"
#include "examples.hpp"
#include "shim_routes.hpp"

namespace slipway::emit {
namespace {

/// Whether the reference is to the schema of T.
template <class T>
bool is(SchemaRef schema) {
  return schema != nullptr && &schema() == &schema_of<T>();
}

using Json = nlohmann::ordered_json;

Json reference(std::string_view name) { return {{"$ref", concat("#/components/schemas/", name)}}; }

Json schema_at(const Schema& schema) {
  if (!schema.name.empty()) return reference(schema.name);
  switch (schema.kind) {
    case Kind::boolean:
      return {{"type", "boolean"}};
    case Kind::integer:
      return {{"type", "integer"}};
    case Kind::text:
      return {{"type", "string"}};
    case Kind::scalar:
      return {{"type", {"string", "number", "boolean"}}};
    case Kind::raw:
      return Json::object();
    case Kind::optional:
      return schema_at(schema.element());
    case Kind::list:
      return {{"type", "array"}, {"items", schema_at(schema.element())}};
    case Kind::map:
      return {{"type", "object"}, {"additionalProperties", schema_at(schema.element())}};
    case Kind::one_of:
    case Kind::enumeration:
    case Kind::object:
      break;
  }
  return Json::object();
}

Json object_schema(const Schema& schema, bool closed) {
  Json out = {{"type", "object"}, {"description", schema.doc}};
  Json properties = Json::object();
  Json required = Json::array();
  for (const FieldInfo& field : schema.fields) {
    const Schema& type = field.schema();
    if (type.kind != Kind::optional) required.push_back(field.name);
    Json property = schema_at(type);
    property["description"] = field.doc;
    properties[std::string(field.name)] = std::move(property);
  }
  out["properties"] = std::move(properties);
  if (!required.empty()) out["required"] = std::move(required);
  if (closed) out["additionalProperties"] = false;
  return out;
}

Json named_schema(const Schema& schema, bool closed) {
  switch (schema.kind) {
    case Kind::enumeration: {
      Json names = Json::array();
      for (const std::string_view name : schema.names) names.push_back(name);
      return {{"type", "string"}, {"enum", std::move(names)}};
    }
    case Kind::text:
      return {{"type", "string"}, {"description", schema.rule}, {"pattern", schema.pattern}};
    default:
      return object_schema(schema, closed);
  }
}

/// Requests refuse unknown members, so their schemas are closed; replies may grow.
Json schemas() {
  std::vector<SchemaRef> bodies;
  for (const OperationInfo& operation : operations()) {
    if (operation.body != nullptr) bodies.push_back(operation.body);
  }
  const auto requested = named_schemas(bodies);
  Json out = Json::object();
  for (const Schema* schema : named_schemas(api_roots())) {
    const bool closed = std::find(requested.begin(), requested.end(), schema) != requested.end();
    Json one = named_schema(*schema, closed);
    if (const auto example = example_of(schema->name); !example.empty()) {
      one["examples"] = Json::array({Json::parse(example)});
    }
    out[std::string(schema->name)] = std::move(one);
  }
  return out;
}

Json path_param(const std::string& name) {
  Json schema = {{"type", "string"}};
  if (name == "platformId") schema = reference(describe<PlatformId>::name);
  if (name == "environment") schema = reference(describe<Environment>::name);
  return {{"name", name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}};
}

Json query_param(const QueryParam& param) {
  Json schema = schema_at(param.schema());
  if (param.schema().kind == Kind::integer) {
    schema["minimum"] = param.min;
    schema["maximum"] = param.max;
  } else if (param.schema().kind == Kind::text) {
    schema["maxLength"] = param.max;
  }
  return {{"name", param.name},
          {"in", "query"},
          {"required", false},
          {"description", param.doc},
          {"schema", std::move(schema)}};
}

constexpr std::string_view etag_doc = "version and digest of the configuration";

Json header(std::string_view doc, bool required) {
  return {{"description", doc}, {"required", required}, {"schema", {{"type", "string"}}}};
}

/// What every answer carries.
Json common_headers() { return {{"X-Request-Id", {{"$ref", "#/components/headers/RequestId"}}}}; }

Json content(const Schema& schema, std::string_view type) {
  return {{std::string(type), {{"schema", schema_at(schema)}}}};
}

Json empty_answer(std::string_view description) {
  return {{"description", description}, {"headers", common_headers()}};
}

bool shows_etag(const OperationInfo& operation) {
  return is<ConfigView>(operation.reply) || is<ConfigVersionView>(operation.reply) ||
         is<ConfigChangeView>(operation.reply);
}

/// What can be waited for can be followed, too.
bool is_followed(const OperationInfo& operation) {
  return std::any_of(operation.query.begin(), operation.query.end(),
                     [](const QueryParam& param) { return param.name == query::wait.name; });
}

/// A stream of the operation's replies.
Json events_of(const OperationInfo& operation) {
  return {{"schema",
           {{"type", "string"},
            {"description",
             concat("Events `state`, each with `id`, a number that grows, and as `data` a ",
                    operation.reply().name, "; at the end `close` with a reason.")}}}};
}

/// An answer with the operation's reply; 202 says where to follow what was started.
Json success(const OperationInfo& operation, int64_t status, std::string_view description) {
  Json out = empty_answer(description);
  if (status == 202) {
    const bool always = is<OperationView>(operation.reply) || is<ConfigChangeView>(operation.reply);
    out["headers"]["Location"] = header("path of what was started", always);
  }
  if (shows_etag(operation)) out["headers"]["ETag"] = header(etag_doc, true);
  if (operation.method == "POST") {
    out["headers"]["Idempotency-Replayed"] = header("true: the reply of the first time", false);
  }
  if (operation.reply != nullptr) out["content"] = content(operation.reply(), "application/json");
  if (is_followed(operation)) out["content"]["text/event-stream"] = events_of(operation);
  return out;
}

std::string_view description_of(int64_t status) {
  switch (status) {
    case 201:
      return "Created.";
    case 202:
      return "Accepted; follow the operation.";
    case 204:
      return "Done; there is nothing to show.";
    default:
      return "OK";
  }
}

/// Every refusal that can meet an operation has its own status; `default` is left for failures.
Json responses(const OperationInfo& operation, bool has_params) {
  const auto problem = [](std::string_view name) -> Json {
    return {{"$ref", concat("#/components/responses/", name)}};
  };
  const bool writes = operation.method != "GET";
  Json out = {{to_text(operation.status),
               success(operation, operation.status, description_of(operation.status))}};
  if (is<ConfigView>(operation.reply)) {
    out["304"] = empty_answer("The caller has this configuration already (If-None-Match).");
    out["304"]["headers"]["ETag"] = header(etag_doc, true);
  }
  if (operation.status == 202 && !is<OperationView>(operation.reply)) {
    out["200"] = success(operation, 200, "Nothing was to be done, or it was a dry run.");
  }
  if (is<ConfigChangeView>(operation.reply)) out["412"] = problem("Conflict");
  if (is<ConfigWriteBody>(operation.body)) out["428"] = problem("Conflict");
  if (is_followed(operation)) {
    out["204"] = empty_answer("A stream was asked for, and its end is known (Last-Event-ID).");
  }
  out["400"] = problem("Malformed");
  if (operation.scope != Scope::open) {
    out["401"] = problem("Unauthenticated");
    out["403"] = problem("Forbidden");
  }
  if (has_params || operation.body != nullptr) out["404"] = problem("Unknown");
  if (writes || has_params) out["409"] = problem("Conflict");
  if (operation.body != nullptr) out["413"] = problem("TooLarge");
  if (operation.body != nullptr || operation.method == "POST") out["422"] = problem("Invalid");
  if (is<ReadyView>(operation.reply)) {
    out["503"] = success(operation, 503, "Not ready; or the storage failed, as a problem.");
    out["503"]["content"]["application/problem+json"] = {
        {"schema", schema_at(schema_of<ProblemView>())}};
  }
  out["default"] = problem("Problem");
  return out;
}

/// A POST whose body has no required field means something without any body, too.
bool needs_body(const OperationInfo& operation) {
  const auto& fields = operation.body().fields;
  return operation.method != "POST" ||
         std::any_of(fields.begin(), fields.end(),
                     [](const auto& one) { return one.schema().kind != Kind::optional; });
}

Json operation_of(const OperationInfo& operation) {
  Json out = {{"operationId", operation.name},
              {"summary", operation.summary},
              {"x-scope", name_of(operation.scope)}};
  out["security"] = Json::array();
  // A webhook proves itself by the signature of its body, which OpenAPI has no word for.
  const bool by_bearer = operation.scope != Scope::open && operation.scope != Scope::webhook;
  if (by_bearer) out["security"].push_back({{"bearer", Json::array()}});
  Json parameters = Json::array();
  for (const std::string& name : path_params(operation.path)) {
    parameters.push_back(path_param(name));
  }
  const bool has_params = !parameters.empty();
  for (const QueryParam& param : operation.query) {
    if (!param.name.empty()) parameters.push_back(query_param(param));
  }
  if (is<ConfigChangeView>(operation.reply)) {
    const bool required = is<ConfigWriteBody>(operation.body);
    parameters.push_back({{"name", "If-Match"},
                          {"in", "header"},
                          {"required", required},
                          {"description", "ETag of the version that the change starts from, or *"},
                          {"schema", {{"type", "string"}}}});
  }
  if (is<ConfigView>(operation.reply)) {
    parameters.push_back({{"name", "If-None-Match"},
                          {"in", "header"},
                          {"required", false},
                          {"description", "an ETag that the caller has"},
                          {"schema", {{"type", "string"}}}});
  }
  if (is_followed(operation)) {
    parameters.push_back({{"name", "Last-Event-ID"},
                          {"in", "header"},
                          {"required", false},
                          {"description", "of a stream: the last event that the caller has"},
                          {"schema", {{"type", "string"}}}});
  }
  // A webhook's delivery is known by its body.
  if (operation.method == "POST" && operation.scope != Scope::webhook) {
    parameters.push_back({{"name", "Idempotency-Key"},
                          {"in", "header"},
                          {"required", false},
                          {"description", "the same request with the same key is done once"},
                          {"schema",
                           {{"type", "string"},
                            {"minLength", 1},
                            {"maxLength", limits::idempotency_key_chars_max}}}});
  }
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (operation.body != nullptr) {
    out["requestBody"] = {{"required", needs_body(operation)},
                          {"content", content(operation.body(), "application/json")}};
  }
  out["responses"] = responses(operation, has_params);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

Json problem_responses() {
  const std::pair<const char*, const char*> kinds[] = {
      {"Malformed", "The query or the JSON is not well-formed."},
      {"Unauthenticated", "No valid credential was sent."},
      {"Forbidden", "The credential does not allow this."},
      {"Unknown", "There is no such thing, or the caller may not know of it."},
      {"Conflict", "The state of things forbids it."},
      {"TooLarge", "The body is larger than 1 MiB."},
      {"Invalid", "The body does not have the expected form; `errors` names every fault."},
      {"Problem", "A failure on this side; `retryable` says whether trying again can help."}};
  Json out = Json::object();
  for (const auto& [name, description] : kinds) {
    out[name] = empty_answer(description);
    out[name]["content"] = content(schema_of<ProblemView>(), "application/problem+json");
  }
  return out;
}

/// A document that the shim serves by itself: this one, and the schema of a configuration.
Json document_route(std::string_view name, std::string_view summary, std::string_view type) {
  Json answer = empty_answer("OK");
  answer["content"][std::string(type)]["schema"] = {{"type", "object"}};
  return {{"get",
           {{"operationId", name},
            {"summary", summary},
            {"x-scope", name_of(Scope::open)},
            {"security", Json::array()},
            {"responses", {{"200", std::move(answer)}}}}}};
}

}  // namespace

std::string openapi_json() {
  Json paths = Json::object();
  for (const OperationInfo& operation : operations()) {
    paths[std::string(operation.path)][lower(operation.method)] = operation_of(operation);
  }
  paths["/openapi.json"] = document_route("openapi", "This document", "application/json");
  paths["/schemas/config.json"] = document_route(
      "config_schema", "The JSON Schema of a configuration", "application/schema+json");
  paths["/me/session"] = Json::parse(session_route);
  const Json document = {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Slipway"},
        {"version", "1"},
        {"description", "Launches and runs one Cloudflare Pages site per tenant."},
        {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}}},
      {"servers", Json::array({{{"url", "/"}}})},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", schemas()},
        {"responses", problem_responses()},
        {"headers", {{"RequestId", header("the id of the request, as the log has it", true)}}},
        {"securitySchemes",
         {{"bearer",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description",
             "The admin key, an API token, the internal key of the builder, GitHub's OIDC token of "
             "its run, or the token of a claimed batch."}}}}}}}};
  return document.dump(2, ' ', true) + "\n";
}

std::string config_schema_json() {
  Json definitions = Json::object();
  for (const Schema* schema : named_schemas({&schema_of<ConfigDocuments>})) {
    definitions[std::string(schema->name)] = named_schema(*schema, true);
  }
  const Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"$id", "/schemas/config.json"},
                         {"title", "Configuration of a platform"},
                         {"$ref", concat("#/$defs/", describe<ConfigDocuments>::name)},
                         {"$defs", std::move(definitions)}};
  constexpr std::string_view from = "#/components/schemas/";
  std::string text = document.dump(2, ' ', true) + "\n";
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
    text.replace(at, from.size(), "#/$defs/");
  }
  return text;
}

}  // namespace slipway::emit
