// The problems that the core cannot know, and the way of its own ones to the caller.
import type { Problem, ProvisionIssue } from './error.ts';
import { ProvisionError } from './error.ts';

/** The core's names of what is wished, and the options' own. */
const pointers: readonly (readonly [string, string])[] = [
  ['/owner', '/github/owner'],
  ['/repository', '/github/repository'],
  ['/buildCommand', '/build/command'],
  ['/buildOutput', '/build/output'],
  ['/rootDir', '/build/root'],
];

const git_guide = 'https://developers.cloudflare.com/pages/configuration/git-integration/';
const other_name =
  'Delete that project in the Cloudflare dashboard and call again, or choose another slug.';
const abuse = 'write to abusereply@cloudflare.com';

const unfinished_next =
  'Call again with the same options: it is safe, as it looks before it makes anything. Where it ' +
  "never gets further, look in the dashboard for a Worker of the project's name.";

/** Next steps where the core's own name parts of an instance: here is none. */
const next_steps: ReadonlyMap<string, string> = new Map([
  ['git.not_connected', `Connect GitHub once in the Cloudflare dashboard: ${git_guide}`],
  [
    'git.repository_not_selected',
    `Select the repository for the Cloudflare Pages GitHub App: ${git_guide}`,
  ],
  ['publishing.name_taken', other_name],
  ['project.name_taken', other_name],
  ['project.limit_reached', 'Ask Cloudflare to raise the limit, or delete unused projects.'],
  ['project.subdomain_blocked', `Choose another slug, or ${abuse}.`],
  [
    'project.refused',
    "Look in the dashboard for a Worker of the project's name: rename it, then call again.",
  ],
  ['project.invalid_name', 'Choose another slug.'],
  ['account.blocked', 'Write to abusereply@cloudflare.com.'],
  ['account.email_unverified', 'Verify the e-mail address in the Cloudflare dashboard.'],
  ['account.id_unknown', 'Check the option `accountId`, and that the token may use the account.'],
  ['credential.permission_missing', 'Give the token Pages:Edit on the account.'],
  ['credential.invalid', 'Give a valid token as the option `token`.'],
  ['upstream.forbidden', "Look for a rule that stops the request: the token's list of addresses."],
  ['upstream.unclear', "Look at Cloudflare's status page, then call again: it is safe."],
]);

/** The core's problem document as an error; `clean` takes what is secret out of a text. */
export function refused(document: unknown, clean: (text: string) => string): ProvisionError {
  const problem = document as Problem;
  const { detail = '', errors = [] } = problem;
  const next = next_steps.get(problem.code) ?? problem.next;
  return new ProvisionError({
    code: problem.code,
    status: problem.status,
    title: clean(problem.title),
    detail: clean(detail),
    next: clean(next),
    retryable: problem.retryable,
    errors: errors.map((issue) => inOptions(issue, clean)),
  });
}

function inOptions(issue: ProvisionIssue, clean: (text: string) => string): ProvisionIssue {
  const own = pointers.find(([pointer]) => pointer === issue.pointer)?.[1];
  const { code, detail } = issue;
  return { pointer: own ?? clean(issue.pointer), code, detail: clean(detail) };
}

/** An option that the core never sees is wrong. */
export function optionInvalid(pointer: string, detail: string): ProvisionError {
  return new ProvisionError({
    code: 'body.invalid',
    status: 422,
    title: 'The options are not valid',
    next: 'Correct what `errors` names.',
    retryable: false,
    errors: [{ pointer, code: 'field.value', detail }],
  });
}

/** No token could be had. What the provider said may hold one: it is not repeated. */
export function tokenUnavailable(detail: string): ProvisionError {
  return new ProvisionError({
    code: 'credential.unavailable',
    status: 503,
    title: 'The token provider gave no usable token',
    detail,
    next: 'Check the option `token`; calling again is safe.',
    retryable: true,
  });
}

/** Time or tries are over. */
export function unfinished(detail: string, wait_ms: number): ProvisionError {
  return new ProvisionError(
    {
      code: 'provision.unfinished',
      status: 503,
      title: 'Cloudflare has not yet said how the project and its hook stand',
      detail,
      next: unfinished_next,
      retryable: true,
    },
    wait_ms,
  );
}

/** The core could not be loaded, or broke off. */
export function coreFault(detail: string, retryable: boolean): ProvisionError {
  return new ProvisionError({
    code: retryable ? 'core.unavailable' : 'core.fault',
    status: 500,
    title: retryable ? 'The core could not be loaded' : 'The core broke off',
    detail,
    next: retryable
      ? 'See that `core.wasm` lies beside the module, or give it as the option `core`.'
      : 'Report this as a bug of the package; calling again is safe.',
    retryable,
  });
}
