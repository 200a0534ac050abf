// Planted in the core: what is decided. Each takes a build of core.wasm.
import type { Mutant } from '../mutant.ts';

/** Bugs of the core. */
export const core_mutants: readonly Mutant[] = [
  {
    name: 'unknown_dispatch_retried',
    harm: 'a dispatch whose answer was lost is sent again: the site is built twice',
    file: 'src/app/dispatch_batch.cpp',
    find: `    case Verdict::unknown:
      return unclear(run, batch, in_words(*sent));`,
    replace: `    case Verdict::unknown:
      return deferred(run, batch, in_words(*sent), first_look_ms);`,
    caught_by: ['tests/node/faults/dispatch.test.ts', 'sim'],
  },
  {
    name: 'dispatch_budget_forgotten',
    harm: 'GitHub is asked for hundreds of runs a minute, and shuts the App out',
    file: 'src/app/dispatch_batch.cpp',
    find: 'if (turn->outcome == FactOutcome::deferred)',
    replace: 'if (turn->outcome == FactOutcome::absent)',
    caught_by: ['tests/node/faults/budget.test.ts', 'unit'],
  },
  {
    name: 'timeout_is_failure',
    harm: 'a project that Pages has made after all blocks its site until a person comes',
    file: 'src/app/ensure_project.cpp',
    find: `    case Verdict::unknown:
      return look_again(run, site, made);`,
    replace: `    case Verdict::unknown:
      return block(run, site, failure(ErrorCode::upstream_unclear, in_words(made)));`,
    caught_by: ['tests/node/faults/project.test.ts', 'sim'],
  },
  {
    name: 'live_before_verified',
    harm: 'a site is called live while it serves the old bytes',
    file: 'src/app/verify_deployment.cpp',
    find: 'if (served.finding == Served::walled) return live',
    replace: 'if (served.finding != Served::same) return live',
    caught_by: ['tests/node/faults/pages.test.ts', 'sim'],
  },
  {
    name: 'other_bytes_are_live',
    harm: 'a site is called live although one of its files is another',
    file: 'src/app/served.cpp',
    find: 'if (sha256_hex(file->body.text) != digest) {',
    replace: 'if (file->body.text.empty() && sha256_hex(file->body.text) != digest) {',
    caught_by: ['unit'],
  },
  {
    name: 'garbled_list_is_empty',
    harm: 'an answer that cannot be read counts as "no builds", and an old one as the new one',
    file: 'src/app/start_publication.cpp',
    find: 'return run.read_answer<pages::DeploymentRefs>(look);',
    replace:
      'return run.read_answer<pages::DeploymentRefs>(look).value_or(pages::DeploymentRefs{});',
    caught_by: ['tests/node/orgs/lost.test.ts'],
  },
  {
    name: 'stale_claim_accepted',
    harm: 'a run that was given up builds beside the one that holds the batch',
    file: 'src/app/batch_claim.cpp',
    find: `  if (batch.run_id && *batch.run_id != body.run_id.text) return false;
`,
    replace: '',
    caught_by: ['tests/node/faults/protocol.test.ts', 'tests/node/faults', 'sim'],
  },
  {
    name: 'stale_report_accepted',
    harm: 'a run that was given up says what became of a site',
    file: 'src/app/batch_report.cpp',
    find: 'if (!is_held_by(*batch, body.run_id.text)) return',
    replace: 'if (batch->state == BatchState::planned) return',
    caught_by: ['tests/node/faults/protocol.test.ts', 'tests/node/faults', 'sim'],
  },
  {
    name: 'place_freed_twice',
    harm: 'an account counts more places than it has, and sites are put where none fits',
    file: 'src/app/remove_project.cpp',
    find: '  free_place(look.run, look.holder, look.site);\n',
    replace: `  free_place(look.run, look.holder, look.site);
  free_place(look.run, look.holder, look.site);
`,
    caught_by: ['sim'],
  },
  {
    name: 'member_acts_as_admin',
    harm: 'any member of an org rotates its deploy hook',
    file: 'src/app/authorize.cpp',
    find: 'operation.scope == Scope::org_admin && *role != OrgRole::admin',
    replace:
      'operation.method == "GET" && *role != OrgRole::admin && operation.scope == Scope::org_admin',
    caught_by: ['tests/node/access/authorization.test.ts', 'tests/node/orgs'],
  },
  {
    name: 'org_of_another_tenant_seen',
    harm: 'whoever has signed in sees and publishes every org',
    file: 'src/app/authorize.cpp',
    find: 'const auto role = org ? role_of(*org, user) : std::nullopt;',
    replace: `const auto role =
      org ? std::optional(role_of(*org, user).value_or(OrgRole::member)) : std::nullopt;`,
    caught_by: ['tests/node/access/authorization.test.ts', 'tests/node/orgs'],
  },
  {
    name: 'token_sees_every_platform',
    harm: 'a token for one platform reads and changes every other',
    file: 'src/app/authorize.cpp',
    find: '  if (token) return covers(*token, platform_id);\n',
    replace: '  if (token) return covers(*token, platform_id) || !platform_id.empty();\n',
    caught_by: ['tests/node/access/authorization.test.ts'],
  },
  {
    name: 'if_match_not_compared',
    harm: 'two people change a configuration, and the first change is gone without a word',
    file: 'src/app/change_config.cpp',
    find: 'if (*match == "*" || *match == etag) return std::nullopt;',
    replace: 'if (!match->empty() && !etag.empty()) return std::nullopt;',
    caught_by: ['tests/node/config/change.test.ts', 'sim'],
  },
  {
    name: 'idempotency_key_dropped',
    harm: 'a repeated request makes a second token, a second platform, a second build',
    file: 'src/app/idempotency.cpp',
    find: 'if (!key || operation.method != "POST" ||',
    replace: 'if (!key || operation.method != "PATCH" ||',
    caught_by: ['tests/node/access/idempotency.test.ts', 'sim'],
  },
  {
    name: 'hook_of_any_host',
    harm: 'a pasted address makes the Worker call any server',
    file: 'src/domain/org.cpp',
    find: 'if (!address.starts_with(hook_address)) return std::nullopt;',
    replace: 'if (address.size() < hook_address.size()) return std::nullopt;',
    caught_by: ['tests/node/security/ssrf.test.ts', 'tests/node/orgs/manual.test.ts', 'unit'],
  },
  {
    name: 'dry_run_changes',
    harm: 'who only asked what would happen has changed an account',
    file: 'src/app/account_put.cpp',
    find: `if (run.query_param("dryRun") == "true") run.draft()`,
    replace: `if (run.query_param("dryRun") == "yes") run.draft()`,
    caught_by: ['tests/node/accounts/accounts.test.ts'],
  },
  {
    name: 'transitions_swapped',
    harm: 'a dispatch that was refused is searched for, and an unknown one is sent again',
    file: 'src/domain/transitions.hpp',
    find: `    Edge<B>{B::dispatching, "batch_dispatch_unknown", B::unknown},
    Edge<B>{B::dispatching, "batch_dispatch_deferred", B::planned},`,
    replace: `    Edge<B>{B::dispatching, "batch_dispatch_unknown", B::planned},
    Edge<B>{B::dispatching, "batch_dispatch_deferred", B::unknown},`,
    caught_by: ['build', 'tests/node/faults/dispatch.test.ts', 'sim'],
  },
];
