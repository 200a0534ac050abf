// Which schemas a file has to name, found by walking them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "app/operations.hpp"
#include "app/problem.hpp"
#include "emit.hpp"

namespace slipway::emit {
namespace {

void visit(const Schema& schema, std::vector<const Schema*>& found) {
  if (std::find(found.begin(), found.end(), &schema) != found.end()) return;
  if (!schema.name.empty()) {
    for (const Schema* other : found) {
      if (other->name != schema.name) continue;
      std::fprintf(stderr, "two schemas are named %s\n", std::string(schema.name).c_str());
      std::exit(1);
    }
    found.push_back(&schema);
  }
  if (schema.element != nullptr) visit(schema.element(), found);
  for (const FieldInfo& field : schema.fields) visit(field.schema(), found);
  for (const Alternative& alternative : schema.alternatives) visit(alternative.schema(), found);
}

}  // namespace

std::vector<const Schema*> named_schemas(const std::vector<SchemaRef>& roots) {
  std::vector<const Schema*> found;
  for (const SchemaRef root : roots) visit(root(), found);
  return found;
}

std::vector<SchemaRef> api_roots() {
  std::vector<SchemaRef> roots = {&schema_of<ProblemView>, &schema_of<Scope>};
  for (const OperationInfo& operation : operations()) {
    if (operation.body != nullptr) roots.push_back(operation.body);
    if (operation.reply != nullptr) roots.push_back(operation.reply);
    for (const QueryParam& param : operation.query) {
      if (!param.name.empty()) roots.push_back(param.schema);
    }
  }
  return roots;
}

std::vector<std::string> path_params(std::string_view path) {
  std::vector<std::string> names;
  for (size_t at = 0; (at = path.find('{', at)) != std::string_view::npos;) {
    const size_t end = path.find('}', at);
    names.emplace_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

}  // namespace slipway::emit
