// The verdict of the soak: sound ends pass it, and each fault that is planted is named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../load/soak/check.ts';
import type { Found, FoundOrg, FoundPlatform, FoundSite } from '../../load/soak/found.ts';
import type { Acknowledged, Promised } from '../../load/soak/ledger.ts';

const script = 'features\nenv\nauth\n';

const site: FoundSite = {
  environment: 'dev',
  project: 'acme-dev-portal',
  end: 'live',
  step: 'live',
  live_deployment: 'dep_1',
  wished: script,
  served: { deployment: 'dep_1', platform: 'acme', environment: 'dev', version: 2, script },
};

const acme: FoundPlatform = {
  configVersion: 2,
  versions: [
    { number: 2, reason: 'change 1', features: { billing: true } },
    { number: 1, reason: 'platform created', features: {} },
  ],
  sites: [site],
};

const org: FoundOrg = {
  name: 'Aurora Books',
  end: 'live',
  step: 'ready live',
  project: 'aurora-ark',
  publications: new Map([['pub_1', 'live']]),
  page: '<h1>Aurora Books</h1>',
};

const found: Found = {
  platforms: new Map([['acme', acme]]),
  operations: new Map([['op_1', 'succeeded']]),
  wishes: new Map([
    ['acme/dev change 2', 1],
    ['gone/dev change 3', 1],
  ]),
  projects: ['acme-dev-portal', 'aurora-ark'],
  run_keys: ['key-1', 'key-2'],
  claims: new Map([['key-1', ['7', '7']]]),
  orgs: new Map([['aurora', org]]),
  dead_letters: [],
};

const wish = (platformId: string, reason: string): Promised => {
  return { kind: 'wish', platformId, environment: 'dev', reason, operationId: 'op_1' };
};

const promises: Promised[] = [
  { kind: 'platform', platformId: 'acme' },
  {
    kind: 'version',
    platformId: 'acme',
    version: { number: 2, reason: 'change 1', features: { billing: true } },
  },
  wish('acme', 'change 2'),
  { kind: 'platform', platformId: 'gone' },
  wish('gone', 'change 3'),
  { kind: 'deletion', platformId: 'gone' },
  { kind: 'org', slug: 'aurora', name: 'Aurora Books' },
  { kind: 'provisioned', slug: 'aurora', name: 'Aurora Books' },
  { kind: 'published', slug: 'aurora', publicationId: 'pub_1' },
];

const acknowledged: Acknowledged[] = promises.map((promised, index) => ({
  request: `request ${index}`,
  answer: `answer ${index}`,
  promised,
}));

/** What is found when this differs. */
function told(change: Partial<Found>, of: readonly Acknowledged[] = acknowledged): string[] {
  return check(of, { ...found, ...change }).map(({ what }) => what);
}

const withPlatform = (change: Partial<FoundPlatform>): Partial<Found> => ({
  platforms: new Map([['acme', { ...acme, ...change }]]),
});
const withSite = (change: Partial<FoundSite>): Partial<Found> =>
  withPlatform({ sites: [{ ...site, ...change }] });
const withServed = (change: Partial<FoundSite['served']>): Partial<Found> =>
  withSite({ served: { ...site.served, ...change } as FoundSite['served'] & object });
const withOrg = (change: Partial<FoundOrg>): Partial<Found> => ({
  orgs: new Map([['aurora', { ...org, ...change }]]),
});

test('a sound end passes', () => {
  assert.deepEqual(told({}), []);
});

test('a finding names the acknowledged request', () => {
  const [first] = check(acknowledged, { ...found, wishes: new Map([['gone/dev change 3', 1]]) });
  assert.equal(first?.of?.request, 'request 2');
});

const [version_1] = acme.versions.slice(1);
const [version_2] = acme.versions;

const planted: [name: string, change: Partial<Found>, expected: RegExp][] = [
  ['a lost platform', { platforms: new Map() }, /platform acme is not there/],
  [
    'a lost change',
    withPlatform({ versions: [version_1 as never], configVersion: 1 }),
    /acme has no version of this change/,
  ],
  [
    'a change that was made twice',
    withPlatform({ versions: [{ ...version_2, number: 3 } as never, ...acme.versions] }),
    /the change was made 2 times/,
  ],
  [
    'a change with another number',
    withPlatform({ versions: [{ ...version_2, number: 3 } as never] }),
    /it is version 3, not 2/,
  ],
  [
    'a change with other contents',
    withPlatform({ versions: [{ ...version_2, features: { billing: false } } as never] }),
    /billing is false, not true/,
  ],
  ['a version that nobody made', withPlatform({ configVersion: 3 }), /acme is at version 3/],
  ['a lost wish', { wishes: new Map() }, /the wish for a deployment stands 0 times/],
  [
    'a wish that was kept twice',
    { wishes: new Map([...found.wishes, ['acme/dev change 2', 2]]) },
    /the wish for a deployment stands 2 times/,
  ],
  ['a lost operation', { operations: new Map() }, /operation op_1 is not there/],
  ['an endless operation', { operations: new Map([['op_1', 'running']]) }, /op_1 is running/],
  [
    'a deletion that was not done',
    { platforms: new Map([...found.platforms, ['gone', { ...acme, sites: [] }]]) },
    /platform gone is still there/,
  ],
  [
    'a platform that nobody made',
    { platforms: new Map([...found.platforms, ['other', { ...acme, sites: [] }]]) },
    /platform other is there and was never acknowledged/,
  ],
  ['a lost org', { orgs: new Map() }, /org aurora is not there/],
  ['a lost publication', withOrg({ publications: new Map() }), /publication pub_1 is not there/],
  [
    'a publication that hangs',
    withOrg({ publications: new Map([['pub_1', 'building']]) }),
    /publication pub_1 is building/,
  ],
  ['an org of another name', withOrg({ name: 'Old' }), /org aurora is called Old/],
  ['an org that serves another page', withOrg({ page: 'Old' }), /serves something else/],
  [
    'an org that rests in silence',
    withOrg({ end: 'resting' }),
    /org aurora rests without a reason/,
  ],
  ['a site that moves', withSite({ end: 'moving', step: 'running' }), /not at its end: running/],
  ['a site that rests in silence', withSite({ end: 'resting' }), /rests without a reason/],
  ['a live site that serves an old version', withServed({ version: 1 }), /serves version 1/],
  ['a live site that serves other bytes', withServed({ script: 'old' }), /serves other bytes/],
  ['a live site of somebody else', withServed({ platform: 'globex' }), /serves globex\/dev/],
  ['a live site of another deployment', withServed({ deployment: 'dep_0' }), /serves dep_0/],
  [
    'two projects of one name',
    { projects: [...found.projects, 'aurora-ark'] },
    /two projects are called aurora-ark/,
  ],
  [
    'a project of nobody',
    { projects: [...found.projects, 'gone-dev-portal'] },
    /project gone-dev-portal belongs to nobody/,
  ],
  [
    'a dispatch with two runs',
    { run_keys: [...found.run_keys, 'key-2'] },
    /the dispatch key-2 has two runs/,
  ],
  ['a batch of two runs', { claims: new Map([['key-1', ['7', '8']]]) }, /claimed by 7 and 8/],
  [
    'a claim of no run',
    { claims: new Map([['key-3', ['9']]]) },
    /key-3 was claimed and is the key/,
  ],
  ['work that was given up', { dead_letters: ['site:acme/dev'] }, /given up: site:acme/],
];

for (const [name, change, expected] of planted) {
  test(`it notices ${name}`, () => assert.match(told(change).join('\n'), expected));
}

test('it notices a live site that serves nothing', () => {
  const { served: _, ...silent } = site;
  assert.match(told(withPlatform({ sites: [silent] })).join('\n'), /serves nothing/);
});

test('a site may rest with a reason', () => {
  const failure = { code: 'build.failed', detail: 'The build failed', next: 'Mend it' };
  assert.deepEqual(told(withSite({ end: 'resting', failure })), []);
  const half = { ...failure, next: '' };
  assert.match(told(withSite({ end: 'resting', failure: half })).join('\n'), /without a reason/);
});
