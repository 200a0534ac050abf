// What people do with orgs: operators by the API, and members who are signed in.
import { anyId, bodyOf, rowOf } from './acts_platforms.ts';
import type { Act, Scene, SimAnswer } from './people.ts';
import { account_id, main_token } from './settings.ts';
import { Violation } from './watch.ts';

const slugs = ['aurora', 'borealis'];

interface Asked {
  readonly base: string;
  readonly slug: string;
  readonly user?: string;
}

// As a member, or as an operator.
function asked({ chance }: Scene): Asked {
  const slug = chance.oneOf(slugs);
  return chance.hits(0.6)
    ? { base: `/me/orgs/org-${slug}/publishing`, slug, user: chance.oneOf(['ada', 'ada', 'ben']) }
    : { base: `/api/v1/orgs/${slug}/publishing`, slug };
}

function onOrg(method: string, below: string, more: (scene: Scene, slug: string) => object): Act {
  return (scene) => {
    if (!scene.plan.orgs) return undefined;
    const { base, slug, ...who } = asked(scene);
    return { method, path: `${base}${below}`, ...who, ...more(scene, slug) };
  };
}

const put: Act = (scene) => {
  if (!scene.plan.orgs) return undefined;
  const { chance, number } = scene;
  const slug = chance.oneOf(slugs);
  const name = chance.hits(0.7) ? `Org ${slug}` : `Org ${number}`;
  const members = [
    { userId: 'ada', role: 'admin' },
    { userId: 'ben', role: 'member' },
  ];
  const body = { orgId: `org-${slug}`, name, members };
  return { method: 'PUT', path: `/api/v1/orgs/${slug}`, body };
};

const remove: Act = ({ plan, chance }) => {
  if (!plan.orgs) return undefined;
  return { method: 'DELETE', path: `/api/v1/orgs/${chance.oneOf(slugs)}` };
};

// A hook that was handed out is the one that was stored, whatever has become of it since.
const promisesHook = (scene: Scene, slug: string): object => ({
  promised: (answer: SimAnswer) => {
    const { deployHookUrl } = bodyOf(answer);
    if (typeof deployHookUrl !== 'string') return;
    const stored = scene.db.sqlite
      .prepare(
        `SELECT 1 FROM journal WHERE aggregate = ? AND json_extract(event, '$.type') = 'hook_stored'
         AND json_extract(event, '$.shown') = ?`,
      )
      .get(`org:${slug}`, deployHookUrl.slice(-4));
    if (stored === undefined) throw new Violation(`a hook of ${slug} was handed out, not stored`);
  },
});

const promisesPublication = (scene: Scene): object => ({
  promised: (answer: SimAnswer) => {
    const { publicationId } = bodyOf(answer);
    if (rowOf(scene, 'publication', String(publicationId)) === undefined) {
      throw new Violation(`the publication ${String(publicationId)} was promised, not stored`);
    }
  },
});

// A hook as a person pastes it: one that somebody made by hand in the org's own project.
const paste: Act = async (scene) => {
  if (!scene.plan.orgs) return undefined;
  const { outside, chance } = scene;
  const slug = chance.oneOf(slugs);
  const url = `http://cloudflare.test/client/v4/accounts/${account_id}/pages/projects`;
  const made = await outside.untroubled(() =>
    outside.cloudflare.fetch(
      new Request(`${url}/${slug}-ark/deploy_hooks`, {
        method: 'POST',
        headers: { authorization: `Bearer ${main_token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `by-hand-${scene.number}`, branch: 'main' }),
      }),
    ),
  );
  if (made.status !== 200) return undefined;
  const { result } = (await made.json()) as { result: { hook_id: string } };
  outside.pasted.push({ slug, hook: result.hook_id });
  return undefined;
};

const useManual = (scene: Scene): object => {
  const { chance, outside } = scene;
  const begin = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/';
  const known = outside.pasted.length > 0 && chance.hits(0.8);
  const hook = known ? chance.oneOf(outside.pasted).hook : 'unknown-to-everybody';
  const slug = chance.oneOf(slugs);
  const name = chance.hits(0.5) ? { projectName: `${slug}-ark` } : {};
  return { body: { deployHookUrl: begin + hook, ...name } };
};

const readPublication: Act = (scene) => {
  const id = anyId(scene, 'publication');
  if (!scene.plan.orgs || id === undefined) return undefined;
  return { method: 'GET', path: `${asked(scene).base}/publications/${id}?wait=2` };
};

/** By their names. */
export const orgActs: Readonly<Record<string, Act>> = {
  'put org': put,
  'put org again': put,
  'remove org': remove,
  provision: onOrg('POST', '/auto-provision', promisesHook),
  'provision again': onOrg('POST', '/auto-provision', promisesHook),
  publish: onOrg('POST', '/publish', promisesPublication),
  'publish again': onOrg('POST', '/publish', promisesPublication),
  reveal: onOrg('POST', '/reveal', () => ({})),
  rotate: onOrg('POST', '/rotate', promisesHook),
  'make a hook': paste,
  'paste a hook': onOrg('PUT', '', useManual),
  'drop the pasted hook': onOrg('DELETE', '', () => ({})),
  'read publishing': onOrg('GET', '?wait=2', () => ({})),
  'read publication': readPublication,
};
