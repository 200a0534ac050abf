// What people do with platforms and their sites.
import type { Act, Scene, SimAnswer } from './people.ts';
import { Violation } from './watch.ts';

const names = ['acme', 'globex', 'initech', 'umbrella'];
const environments = ['dev', 'stg', 'prod'];
const platforms = '/api/v1/platforms';

/** A stored row of this id; undefined where there is none. */
export function rowOf<Row>({ db }: Pick<Scene, 'db'>, table: string, id: string): Row | undefined {
  const found = db.sqlite.prepare(`SELECT "row" FROM "${table}" WHERE id = ?`).get(id);
  return found === undefined ? undefined : (JSON.parse(String(found.row)) as Row);
}

/** One of the ids of a table, drawn. */
export function anyId({ db, chance }: Scene, table: string): string | undefined {
  const found = db.sqlite.prepare(`SELECT id FROM "${table}" ORDER BY id`).all();
  return found.length === 0 ? undefined : String(chance.oneOf(found).id);
}

/** Throws where a success has no row to show. */
export function mustHave(scene: Scene, table: string, id: unknown): void {
  if (rowOf(scene, table, String(id)) === undefined) {
    throw new Violation(`a success promised ${table} ${String(id)}, which is not stored`);
  }
}

/** The answer's body. */
export function bodyOf(answer: SimAnswer): Record<string, unknown> {
  return JSON.parse(answer.text) as Record<string, unknown>;
}

interface PlatformRow {
  readonly config_version: number;
  readonly environments: readonly string[];
  readonly deletion?: unknown;
  readonly deleted_ms?: number;
}

interface SiteRow {
  readonly state: string;
}

// One that there is, or one that there may be.
function pathOf(scene: Scene, which?: string): string {
  const [chosen] = ((which && siteOf(scene, which)) ?? '').split('/');
  if (chosen) return `${platforms}/${chosen}`;
  const known = scene.chance.hits(0.7) ? anyId(scene, 'platform') : undefined;
  return `${platforms}/${known ?? scene.chance.oneOf(names)}`;
}

/** Sites that a rollback holds. */
export const pinned = `"row" LIKE '%"pin":{%'`;

/** The same, where a project is to be made anew. */
export const pinned_without_project = `${pinned} AND json_extract("row", '$.state') <> 'ready'`;

/** Sites that have something to go back to. */
const returnable = `id IN (SELECT site FROM deployment
  WHERE json_extract("row", '$.state') = 'live' GROUP BY site HAVING count(*) > 1)`;

/** One of the sites of which this is true, more often than chance has it. */
export function siteOf({ db, chance }: Scene, which: string): string | undefined {
  if (chance.hits(0.4)) return undefined;
  const found = db.sqlite.prepare(`SELECT id FROM site WHERE ${which} ORDER BY id`).all();
  return found.length === 0 ? undefined : String(chance.oneOf(found).id);
}

function sitePath(scene: Scene, which?: string): string {
  const id = (which && siteOf(scene, which)) ?? anyId(scene, 'site');
  const [platform = 'acme', environment = 'dev'] = (id ?? 'acme/dev').split('/');
  return `${platforms}/${platform}/environments/${environment}`;
}

const reason = { reason: 'because' };

const create: Act = (scene) => {
  const { chance } = scene;
  const platformId = chance.oneOf(names);
  const chosen = environments.filter(() => chance.hits(0.4));
  const body = { platformId, environments: chosen.length > 0 ? chosen : ['dev'] };
  return {
    method: 'POST',
    path: platforms,
    body,
    promised: () => mustHave(scene, 'platform', platformId),
  };
};

// The version that an answer names is stored, and the platform has not gone back behind it.
function changed(scene: Scene, path: string): (answer: SimAnswer) => void {
  const platformId = path.split('/')[4] ?? '';
  return (answer) => {
    const { version } = bodyOf(answer);
    if (typeof version !== 'number') return;
    const row = rowOf<PlatformRow>(scene, 'platform', platformId);
    if (row === undefined || row.config_version < version) {
      throw new Violation(`version ${version} of ${platformId} was promised and is not stored`);
    }
  };
}

function change(below: string, bodyFor: (scene: Scene) => object): Act {
  return (scene) => {
    const path = pathOf(scene);
    const dry = scene.chance.hits(0.1) ? '?dryRun=true' : '';
    return {
      method: 'POST',
      path: `${path}/${below}${dry}`,
      body: bodyFor(scene),
      ...(dry === '' ? { promised: changed(scene, path) } : {}),
    };
  };
}

const features = ['billing', 'chat', 'maps'];
const feature = ({ chance, number }: Scene): object => ({
  featureId: chance.oneOf(features),
  ...(chance.hits(0.3) ? { options: { PLAN: `plan-${number}` } } : {}),
});
const onlyFeature = ({ chance }: Scene): object => ({ featureId: chance.oneOf(features) });
const stack = ({ chance }: Scene): object => ({ stackId: chance.oneOf(['search', 'mail']) });

// Modules that are no plain data: each is built in a job of its own.
function sourcesOf(number: number): object {
  return {
    featuresConfig: [
      `const on = ${number} > 0;`,
      'export const featuresConfig = { features: { a: { enabled: on } } };',
      '',
    ].join('\n'),
    envConfig: 'export const envConfig = { APP_NAME: "Acme" };\n',
    authConfig: 'export const authConfig = { provider: "none" };\n',
  };
}

const writeConfig: Act = (scene) => {
  const { chance, number } = scene;
  const platformId = chance.oneOf(names);
  const version = rowOf<PlatformRow>(scene, 'platform', platformId)?.config_version ?? 1;
  const path = `${platforms}/${platformId}`;
  const ifMatch = chance.hits(0.5) ? { 'if-match': '*' } : { 'if-match': `"${version}"` };
  return {
    method: 'PUT',
    path: `${path}/config`,
    headers: ifMatch,
    body: chance.hits(0.3)
      ? sourcesOf(number)
      : {
          features: { features: { billing: { enabled: chance.hits(0.5) } } },
          env: { default: { APP_NAME: `Name ${number}` } },
          auth: { default: { provider: 'none' } },
        },
    promised: changed(scene, path),
  };
};

const restore: Act = (scene) => {
  const path = pathOf(scene);
  const version = scene.chance.integer(1, 3);
  return { method: 'POST', path: `${path}/config/versions/${version}/restore`, body: reason };
};

const patch: Act = (scene) => {
  const { chance, number } = scene;
  const path = pathOf(scene);
  const one = chance.oneOf(environments);
  const body = chance.oneOf<object>([
    { name: `Name ${number}` },
    { environments: { add: [one] } },
    { environments: { remove: [one] } },
  ]);
  return { method: 'PATCH', path, body };
};

const remove: Act = (scene) => {
  const query = scene.chance.hits(0.2) ? '?dryRun=true' : '';
  return { method: 'DELETE', path: `${pathOf(scene)}${query}` };
};

function lifecycle(below: string, which?: string): Act {
  return (scene) => ({ method: 'POST', path: `${pathOf(scene, which)}/${below}`, body: reason });
}

const deploy: Act = (scene) => ({
  method: 'POST',
  path: `${sitePath(scene)}/deployments`,
  promised: (answer) => mustHave(scene, 'operation', bodyOf(answer).operationId),
});

// Somebody lets a site go that a rollback holds, just when its project is made anew, or cannot be.
const release: Act = (scene) => {
  const id = siteOf(scene, pinned_without_project) ?? siteOf(scene, pinned);
  if (id === undefined) return undefined;
  const [platform, environment] = id.split('/');
  const moment = scene.chance.oneOf(['creating', 'blocked']);
  return {
    method: 'POST',
    path: `${platforms}/${platform}/environments/${environment}/deployments`,
    when: () => rowOf<SiteRow>(scene, 'site', id)?.state === moment,
  };
};

function onDeployment(below: string): Act {
  return (scene) => {
    const id = anyId(scene, 'deployment');
    if (id === undefined) return undefined;
    const body = below === 'cancel' ? { body: reason } : {};
    return { method: 'POST', path: `/api/v1/deployments/${id}/${below}`, ...body };
  };
}

const rollback: Act = (scene) => {
  const id = scene.chance.hits(0.3) ? anyId(scene, 'deployment') : undefined;
  const body = id === undefined ? reason : { deploymentId: id, ...reason };
  return { method: 'POST', path: `${sitePath(scene, returnable)}/rollback`, body };
};

const adopt: Act = (scene) => {
  const id = anyId(scene, 'site');
  if (id === undefined) return undefined;
  const row = rowOf<{ project_name: string }>(scene, 'site', id);
  const body = { confirm: row?.project_name ?? '' };
  return { method: 'POST', path: `${sitePath(scene)}/adopt`, body };
};

const reads: Act = (scene) => {
  const { chance } = scene;
  const deployment = anyId(scene, 'deployment');
  const path = chance.oneOf([
    `${pathOf(scene)}`,
    `${pathOf(scene)}?wait=3`,
    `${pathOf(scene)}/config`,
    `${platforms}?limit=2`,
    `${sitePath(scene)}/deployments`,
    '/api/v1/audit?limit=5',
    '/api/v1/status',
    '/api/v1/doctor',
    '/readyz',
    ...(deployment === undefined ? [] : [`/api/v1/deployments/${deployment}`]),
  ]);
  return { method: 'GET', path };
};

/** By their names. */
export const platformActs: Readonly<Record<string, Act>> = {
  create,
  'create again': create,
  'feature on': change('features/activate', feature),
  'feature off': change('features/deactivate', onlyFeature),
  'stack on': change('stacks/provision', stack),
  'stack off': change('stacks/deactivate', stack),
  'write configuration': writeConfig,
  'restore configuration': restore,
  patch,
  'remove platform': remove,
  suspend: lifecycle('suspend', pinned),
  resume: lifecycle('resume', pinned_without_project),
  'pause builds': lifecycle('builds/pause'),
  'resume builds': lifecycle('builds/resume'),
  deploy,
  'deploy again': deploy,
  cancel: onDeployment('cancel'),
  retry: onDeployment('retry'),
  rollback,
  'rollback again': rollback,
  'let go': release,
  check: (scene) => ({ method: 'POST', path: `${sitePath(scene, pinned)}/check` }),
  adopt,
  read: reads,
};
