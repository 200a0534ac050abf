// The generated pages of the documentation: states and errors.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "domain/account.hpp"
#include "domain/batch.hpp"
#include "domain/fleet.hpp"
#include "domain/import.hpp"
#include "domain/migration.hpp"
#include "domain/org.hpp"
#include "domain/platform.hpp"
#include "domain/site.hpp"
#include "domain/token.hpp"
#include "domain/transitions.hpp"
#include "emit.hpp"

namespace slipway::emit {
namespace {

/// The diagram's lines; edges between the same two states share one.
template <class State, size_t N>
std::string diagram(const std::array<Edge<State>, N>& edges) {
  std::string out = "```mermaid\nstateDiagram-v2\n";
  for (size_t i = 0; i < N; ++i) {
    const auto same = [&](const Edge<State>& other) {
      return other.from == edges[i].from && other.to == edges[i].to;
    };
    if (std::any_of(edges.begin(), edges.begin() + static_cast<long>(i), same)) continue;
    std::string label;
    for (const Edge<State>& edge : edges) {
      if (same(edge)) label.append(label.empty() ? "" : ", ").append(edge.event);
    }
    out.append(
        concat("  ", name_of(edges[i].from), " --> ", name_of(edges[i].to), ": ", label, "\n"));
  }
  return out.append("```\n");
}

template <class State, size_t N>
std::string meanings(const std::array<Edge<State>, N>& edges) {
  std::string out = "\n| state | meaning |\n|---|---|\n";
  for (size_t i = 0; i < describe<State>::names.size(); ++i) {
    const auto leads_here = [&](const Edge<State>& edge) {
      return static_cast<size_t>(edge.to) == i;
    };
    const bool reached = i == 0 || std::any_of(edges.begin(), edges.end(), leads_here);
    out.append(concat("| `", describe<State>::names[i], "` | ", describe<State>::docs[i],
                      reached ? "" : " (no edge leads here)", " |\n"));
  }
  return out;
}

template <class Event>
std::string events() {
  std::string out = "\n| event | what became true |\n|---|---|\n";
  for (const Alternative& alternative : schema_of<Event>().alternatives) {
    out.append(concat("| `", alternative.name, "` | ", alternative.schema().doc, " |\n"));
  }
  return out;
}

std::string_view who(Acts acts) {
  switch (acts) {
    case Acts::caller:
      return "caller";
    case Acts::operator_:
      return "operator";
    case Acts::nobody:
      return "nobody";
  }
  __builtin_unreachable();
}

/// What no simulation can take: edges that are there for what is stored already.
std::string earlier() {
  std::string out = "Only earlier versions wrote the events";
  for (const std::string_view event : earlier_events) out.append(concat(" `", event, "`"));
  out.append(" and came to the states of a deployment");
  for (const DeploymentState state : earlier_states) {
    out.append(concat(" `", name_of(state), "`"));
  }
  return out.append("; their edges fold what is stored.\n");
}

}  // namespace

std::string states_md() {
  return concat(
      "# States\n\n"
      "Generated from src/domain/transitions.hpp, migration_states.hpp and org_states.hpp by\n"
      "bindings/types; do not edit. An event that has no edge from a state is refused there.\n"
      "How often simulations took each edge is in [edges.md](edges.md).\n\n",
      earlier(), "\n## Site\n\n", diagram(site_edges), meanings(site_edges), "\n## Deployment\n\n",
      diagram(deployment_edges), meanings(deployment_edges), "\n## Batch\n\n", diagram(batch_edges),
      meanings(batch_edges), "\n## Account\n\n", diagram(account_edges), meanings(account_edges),
      "\n## Migration\n\n", diagram(migration_edges), meanings(migration_edges), "\n## Import\n\n",
      diagram(import_edges), meanings(import_edges), "\n## Org\n\n", diagram(org_edges),
      meanings(org_edges), "\n## Publication\n\n", diagram(publication_edges),
      meanings(publication_edges), "\n## Events of sites and their deployments\n",
      events<SiteEvent>(), "\n## Events of batches\n", events<BatchEvent>(),
      "\n## Events of platforms\n", events<PlatformEvent>(), "\n## Events of tokens\n",
      events<TokenEvent>(), "\n## Events of accounts\n", events<AccountEvent>(),
      "\n## Events of migrations\n", events<MigrationEvent>(), "\n## Events of imports\n",
      events<ImportEvent>(), "\n## Events of the fleet\n", events<FleetEvent>(),
      "\n## Events of orgs and their publications\n", events<OrgEvent>());
}

std::string errors_md() {
  std::string out =
      "# Errors\n\n"
      "Generated from src/base/error.hpp by bindings/types; do not edit. Every refusal is an\n"
      "`application/problem+json` document (RFC 9457) with one of these codes; the same codes say\n"
      "why a deployment failed or a site is blocked.\n\n"
      "| code | status | title | retryable | who acts | next |\n|---|---|---|---|---|---|\n";
  for (const ErrorInfo& error : error_table) {
    out.append(concat("| `", error.name, "` | ", to_text(error.status), " | ", error.title, " | ",
                      error.retryable ? "yes" : "no", " | ", who(error.acts), " | ", error.next,
                      " |\n"));
  }
  return out;
}

}  // namespace slipway::emit
