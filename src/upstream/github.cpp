#include "upstream/github.hpp"

#include "base/text.hpp"
#include "wire/json_write.hpp"

namespace slipway::github {
namespace {

Request request(std::string_view method, std::string path) {
  Request out;
  out.target = Target::github;
  out.credential = "github";
  out.method = std::string(method);
  out.path = std::move(path);
  out.spending = Spending{std::string(github_ledger), github_budget};
  out.headers.members = {{"accept", "application/vnd.github+json"},
                         {"x-github-api-version", "2026-03-10"}};
  return out;
}

std::string actions_path(const Builder& builder) {
  return concat("/repos/", url_component(builder.owner), "/", url_component(builder.repository),
                "/actions");
}

std::string workflow_path(const Builder& builder) {
  return concat(actions_path(builder), "/workflows/", url_component(builder.workflow));
}

}  // namespace

Request dispatch(const Builder& builder, std::string_view dispatch_key, std::string_view account,
                 Environment environment, int64_t shards) {
  Request out = request("POST", workflow_path(builder) + "/dispatches");
  out.headers.members.emplace_back("content-type", "application/json");
  std::string body = "{\"ref\":";
  append_json_string(body, builder.ref);
  body.append(",\"inputs\":{\"dispatchKey\":");
  append_json_string(body, dispatch_key);
  body.append(",\"env\":");
  append_json_string(body, name_of(environment));
  body.append(",\"account\":");
  append_json_string(body, account);
  body.append(",\"shards\":\"[");
  for (int64_t shard = 0; shard < shards; ++shard) {
    body.append(shard > 0 ? "," : "").append(to_text(shard));
  }
  body.append("]\"}}");
  out.body = std::move(body);
  return out;
}

Request get_workflow(const Builder& builder) { return request("GET", workflow_path(builder)); }

Request list_runs(const Builder& builder, int64_t floor_ms, std::string_view etag) {
  Request out =
      request("GET", concat(workflow_path(builder), "/runs?event=workflow_dispatch&per_page=100",
                            "&created=", url_component(">=" + to_rfc3339_seconds(floor_ms))));
  if (!etag.empty()) out.headers.members.emplace_back("if-none-match", std::string(etag));
  return out;
}

Request get_run(const Builder& builder, std::string_view run_id) {
  return request("GET", concat(actions_path(builder), "/runs/", url_component(run_id)));
}

Request cancel_run(const Builder& builder, std::string_view run_id) {
  return request("POST", concat(actions_path(builder), "/runs/", url_component(run_id), "/cancel"));
}

bool is_limit(const Refusal& refusal) {
  return refusal.message.find("rate limit") != std::string::npos;
}

bool has_key(const Run& run, std::string_view dispatch_key) {
  const std::string_view title = run.display_title;
  return title.starts_with(dispatch_key) &&
         (title.size() == dispatch_key.size() || title[dispatch_key.size()] == ' ');
}

}  // namespace slipway::github
