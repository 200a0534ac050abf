// Owners of platforms: each creates, changes, deploys and deletes its own, so that it knows what
// each must be in the end.
import type { Ask, Got } from './client.ts';
import { acknowledge, anyOf, complain, type Desk, post, untilOver } from './desk.ts';

interface Own {
  readonly platformId: string;
  readonly environments: readonly string[];
  readonly features: Record<string, boolean>;
  version: number;
}

const api = '/api/v1/platforms';
const platforms_max = 25;

/** Works until the traffic is over. */
export async function ownPlatforms(desk: Desk, owner: string, mean_ms: number): Promise<void> {
  const own: Own[] = [];
  let count = 0;
  await untilOver(desk, mean_ms, async () => {
    const chance = desk.random();
    const one = anyOf(desk, own);
    if (one === undefined || (chance < 0.24 && own.length < platforms_max)) {
      count += 1;
      await create(desk, own, `${owner}-${count}`);
    } else if (chance < 0.5) {
      // Several in a row become one build.
      for (let i = 0; i <= desk.random() * 3; i += 1) await switchFeature(desk, one);
    } else if (chance < 0.72) await replaceConfig(desk, one);
    else if (chance < 0.9) await deploy(desk, one);
    else await remove(desk, own, one);
  });
}

async function create(desk: Desk, own: Own[], platformId: string): Promise<void> {
  const environments = desk.random() < 0.25 ? ['dev', 'prod'] : ['dev'];
  const [ask, got] = await post(desk, api, { platformId, environments });
  if (got.status !== 202) return complain(desk, ask, got);
  acknowledge(desk, ask, got, { kind: 'platform', platformId });
  own.push({ platformId, environments, features: {}, version: 1 });
  desk.platforms.push({ platformId, environments });
}

async function switchFeature(desk: Desk, one: Own): Promise<void> {
  const known = Object.keys(one.features);
  const fresh = known.length < 6 || desk.random() < 0.2;
  const featureId = (fresh ? undefined : anyOf(desk, known)) ?? `feature-${known.length + 1}`;
  const on = one.features[featureId] !== true;
  const reason = desk.unique();
  const path = `${api}/${one.platformId}/features/${on ? 'activate' : 'deactivate'}`;
  const [ask, got] = await post(desk, path, { featureId, reason });
  if (got.status >= 300) return complain(desk, ask, got);
  keepVersion(desk, one, { ask, got, reason, features: { ...one.features, [featureId]: on } });
}

// With If-Match. PUT has no Idempotency-Key: who got no answer finds out by the reason whether a
// 412 means its own change.
async function replaceConfig(desk: Desk, one: Own): Promise<void> {
  const path = `${api}/${one.platformId}/config`;
  const { status, etag, text } = await desk.client.ask({ method: 'GET', path });
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
  const features = { ...one.features, [`put-${Object.keys(one.features).length + 1}`]: true };
  const reason = desk.unique();
  const switches = Object.entries(features).map(([id, enabled]) => [id, { enabled }] as const);
  const body = {
    features: { features: Object.fromEntries(switches), stacks: {} },
    env: { default: { APP_NAME: one.platformId, CHANGE: reason } },
    auth: { default: { provider: 'none' } },
    reason,
  };
  const ask: Ask = { method: 'PUT', path, body, headers: { 'if-match': etag } };
  const got = await desk.client.ask(ask);
  if (got.status === 412 && got.repeated && (await newestReason(desk, one)) === reason) {
    one.version += 1;
    Object.assign(one.features, features);
    const version = { number: one.version, reason, features };
    return acknowledge(desk, ask, got, { kind: 'version', platformId: one.platformId, version });
  }
  if (got.status >= 300) return complain(desk, ask, got);
  keepVersion(desk, one, { ask, got, reason, features });
}

async function newestReason(desk: Desk, { platformId }: Own): Promise<string | undefined> {
  const path = `${api}/${platformId}/config/versions?limit=1`;
  return (await desk.client.read<{ items: { reason: string }[] }>(path)).items[0]?.reason;
}

// Nobody else changes this platform: the next number is known.
function keepVersion(
  desk: Desk,
  one: Own,
  change: { ask: Ask; got: Got; reason: string; features: Record<string, boolean> },
): void {
  const { ask, got, reason, features } = change;
  const { version, changed } = JSON.parse(got.text) as { version: number; changed: boolean };
  if (!changed || version !== one.version + 1) {
    complain(desk, ask, got, `not version ${one.version + 1}`);
  }
  one.version = version;
  Object.assign(one.features, features);
  const { platformId } = one;
  const made = { number: version, reason, features };
  acknowledge(desk, ask, got, { kind: 'version', platformId, version: made });
}

async function deploy(desk: Desk, { platformId, environments }: Own): Promise<void> {
  const environment = anyOf(desk, environments) ?? 'dev';
  const reason = desk.unique();
  const path = `${api}/${platformId}/environments/${environment}/deployments`;
  const [ask, got] = await post(desk, path, { reason });
  if (got.status !== 202) return complain(desk, ask, got);
  const { operationId } = JSON.parse(got.text) as { operationId: string };
  acknowledge(desk, ask, got, { kind: 'wish', platformId, environment, reason, operationId });
}

async function remove(desk: Desk, own: Own[], one: Own): Promise<void> {
  const { platformId } = one;
  const ask: Ask = { method: 'DELETE', path: `${api}/${platformId}` };
  const got = await desk.client.ask(ask);
  const gone = got.status === 404 && got.repeated;
  if (got.status >= 300 && !gone) return complain(desk, ask, got);
  acknowledge(desk, ask, got, { kind: 'deletion', platformId });
  own.splice(own.indexOf(one), 1);
  const index = desk.platforms.findIndex((each) => each.platformId === platformId);
  desk.platforms.splice(index, 1);
}
