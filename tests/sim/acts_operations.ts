// What operators do: accounts, freezes, upkeep, tokens; and what people do past Slipway, in the
// dashboards of GitHub and Cloudflare.
import {
  anyId,
  mustHave,
  pinned,
  pinned_without_project,
  rowOf,
  siteOf,
} from './acts_platforms.ts';
import type { Act, Scene } from './people.ts';
import {
  account_id,
  further_accounts,
  github_token,
  internal_key,
  main_token,
} from './settings.ts';

/** The accounts at Cloudflare. */
export const accounts = [
  { name: 'main', id: account_id },
  ...further_accounts.map(({ name, id }) => ({ name, id })),
];

const putAccount: Act = ({ plan, chance }) => {
  if (!plan.accounts) return undefined;
  const { name, id } = chance.oneOf(accounts);
  const state = chance.hits(0.3) ? { state: chance.oneOf(['open', 'closed']) } : {};
  const capacity = chance.integer(1, 6);
  const dailyCreations = chance.oneOf([2, 500, 500]);
  const body = { cloudflareId: id, capacity, dailyCreations, ...state };
  return { method: 'PUT', path: `/api/v1/accounts/${name}`, body };
};

const removeAccount: Act = ({ plan, chance }) => {
  if (!plan.accounts) return undefined;
  return { method: 'DELETE', path: `/api/v1/accounts/${chance.oneOf(accounts).name}` };
};

const token: Act = (scene) => {
  const { chance, number } = scene;
  const name = `token ${number}`;
  const platforms = [chance.oneOf(['acme', '*'])];
  return {
    method: 'POST',
    path: '/api/v1/tokens',
    body: { name, scopes: ['platforms:read', 'deploy'], platforms },
    promised: ({ text }) => {
      const { tokenId } = JSON.parse(text) as { tokenId: string };
      mustHave(scene, 'token', tokenId);
    },
  };
};

const revoke: Act = (scene) => {
  const id = anyId(scene, 'token');
  return id === undefined ? undefined : { method: 'DELETE', path: `/api/v1/tokens/${id}` };
};

function post(path: string, body?: object): Act {
  return () => ({ method: 'POST', path, ...(body === undefined ? {} : { body }) });
}

const projects_url = `http://cloudflare.test/client/v4/accounts/${account_id}/pages/projects`;

/** The names of all projects of the account `main`. */
export function projectsOf({ outside }: Pick<Scene, 'outside'>): string[] {
  const state = outside.cloudflare.state() as {
    accounts: { id: string; projects: { name: string }[] }[];
  };
  const main = state.accounts.find(({ id }) => id === account_id);
  return (main?.projects ?? []).map(({ name }) => name).sort();
}

// A call of the dashboard: it meets no fault.
async function dashboard(
  { outside }: Scene,
  method: string,
  below: string,
  body?: object | FormData,
): Promise<undefined> {
  const form = body instanceof FormData;
  const headers = {
    authorization: `Bearer ${main_token}`,
    ...(form ? {} : { 'content-type': 'application/json' }),
  };
  const text = body === undefined ? {} : { body: form ? body : JSON.stringify(body) };
  await outside.untroubled(() =>
    outside.cloudflare.fetch(new Request(`${projects_url}${below}`, { method, headers, ...text })),
  );
  return undefined;
}

// Past Slipway only as often as this seed has it.
function rarely(act: (scene: Scene) => Promise<undefined> | undefined): Act {
  return (scene) => (scene.outside.isMeddled() ? act(scene) : undefined);
}

const makeProject = rarely((scene) => {
  const platform = scene.chance.oneOf(['acme', 'globex', 'initech', 'umbrella']);
  const environment = scene.chance.oneOf(['dev', 'stg', 'prod']);
  const name = `${platform}-${environment}-portal`;
  scene.outside.madeByHand.add(name);
  return dashboard(scene, 'POST', '', { name, production_branch: 'main' });
});

const deleteProject = rarely((scene) => {
  const names = projectsOf(scene);
  if (names.length === 0) return undefined;
  const held = siteOf(scene, pinned);
  const row = held === undefined ? undefined : rowOf<{ project_name: string }>(scene, 'site', held);
  const name = row?.project_name ?? scene.chance.oneOf(names);
  return dashboard(scene, 'DELETE', `/${name}`);
});

const overwrite = rarely((scene) => {
  const names = projectsOf(scene);
  if (names.length === 0) return undefined;
  try {
    scene.outside.cloudflare.overwrite(scene.chance.oneOf(names));
  } catch (error) {
    // A project that serves nothing has nothing to be replaced.
    if (!(error instanceof RangeError)) throw error;
  }
  return Promise.resolve(undefined);
});

const upload = rarely((scene) => {
  const names = projectsOf(scene);
  if (names.length === 0) return undefined;
  const body = new FormData();
  body.set('manifest', '{}');
  body.set('branch', 'main');
  return dashboard(scene, 'POST', `/${scene.chance.oneOf(names)}/deployments`, body);
});

const misbehave = rarely((scene) => {
  const { chance, outside } = scene;
  const names = ['*', ...projectsOf(scene)];
  const behaviour = chance.oneOf<object>([
    { outcome: 'failure', times: 1 },
    { serves: 'not_found', times: 1 },
    { serves: 'old', times: 1 },
    { serves: 'access', times: 1 },
    { propagation_ms: 120_000, times: 2 },
    { deploy_ms: 90_000, times: 2 },
    { blocked: true, times: 1 },
  ]);
  outside.cloudflare.behave(chance.oneOf(names), behaviour);
  return Promise.resolve(undefined);
});

const builder = 'http://github.test/repos/neutrino-io/nno-platform-builder/actions';

/** A call of the builder's repository at GitHub as a person makes it: it meets no fault. */
export async function atGithub(
  { outside }: Pick<Scene, 'outside'>,
  method: string,
  below: string,
): Promise<undefined> {
  const headers = { authorization: `Bearer ${github_token}`, 'user-agent': 'person' };
  await outside.untroubled(() =>
    outside.github.fetch(new Request(`${builder}${below}`, { method, headers })),
  );
  return undefined;
}

const switchWorkflow = rarely((scene) => {
  const to = scene.chance.hits(0.6) ? 'enable' : 'disable';
  return atGithub(scene, 'PUT', `/workflows/build.yml/${to}`);
});

const cancelRun = rarely((scene) => {
  const open = (scene.outside.host?.runs.all() ?? []).filter(
    ({ status }) => status !== 'completed',
  );
  if (open.length === 0) return undefined;
  return atGithub(scene, 'POST', `/runs/${scene.chance.oneOf(open).id}/force-cancel`);
});

const push = rarely(({ outside, number }) => {
  outside.cloudflare.push({
    repository: 'neutrino-io/ark-site',
    branch: 'main',
    commit_hash: String(number).padStart(40, '0'),
    message: 'a change',
    changed: ['index.html'],
  });
  return Promise.resolve(undefined);
});

const duplicate = rarely(({ outside, chance }) => {
  outside.github.behave({ duplicates: chance.integer(1, 2) });
  outside.duplicated = true;
  return Promise.resolve(undefined);
});

const withdrawn = [
  { permissions: { [main_token]: 'read' } },
  { permissions: { [main_token]: 'none' } },
];

const block = rarely((scene) => {
  const { outside, chance } = scene;
  // A project that cannot be made anew blocks a site that a rollback holds.
  const held = siteOf(scene, pinned_without_project) !== undefined;
  const change = chance.oneOf<object>([
    ...withdrawn,
    ...(held ? withdrawn : []),
    ...(held ? withdrawn : []),
    { permissions: {} },
    { githubConnected: false },
    { githubConnected: true },
    { blocked: true },
    { blocked: false },
  ]);
  outside.cloudflare.configure(account_id, change);
  return Promise.resolve(undefined);
});

// A runner that comes by itself, as `npm run builder` does, and goes away again.
const claim: Act = (scene) => {
  const id = anyId(scene, 'site');
  if (id === undefined) return undefined;
  const [platformId, env] = id.split('/');
  const runId = String(scene.chance.integer(1, 3));
  const body = { platformId, env, runId, runAttempt: scene.chance.integer(1, 2) };
  return { method: 'POST', path: '/api/v1/claims', body, key: internal_key };
};

const fill = rarely(({ outside, chance }) => {
  outside.cloudflare.configure(account_id, { projectLimit: chance.integer(1, 4) });
  return Promise.resolve(undefined);
});

/** By their names. */
export const operatorActs: Readonly<Record<string, Act>> = {
  'put account': putAccount,
  'remove account': removeAccount,
  'make token': token,
  'revoke token': revoke,
  freeze: post('/api/v1/fleet/freeze', { reason: 'because' }),
  unfreeze: post('/api/v1/fleet/unfreeze'),
  'unfreeze again': post('/api/v1/fleet/unfreeze'),
  reconcile: post('/api/v1/reconcile'),
  'retry dead letters': post('/api/v1/dead-letters/retry'),
  'move configurations': ({ chance }) => ({
    method: 'POST',
    path: '/api/v1/config-store/migrate',
    body: { to: chance.oneOf(['d1', 'r2']) },
  }),
  'make a project': makeProject,
  'delete a project': deleteProject,
  overwrite,
  upload,
  misbehave,
  'switch the workflow': switchWorkflow,
  'cancel a run': cancelRun,
  push,
  duplicate,
  fill,
  block,
  claim,
};
