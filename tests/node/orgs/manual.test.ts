// The manual URL: nothing but the address of a Cloudflare Pages deploy hook is taken, and
// publishing by it is followed where its project can be read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../simulator/base/contract.ts';
import { dashboard } from '../platforms/support.ts';
import { buildsAt, call, faultyFleet, hookByHand, modelled, sealedIds } from './pages.ts';
import {
  as,
  hook_address,
  json,
  mine,
  orgFleet,
  orgOf,
  provisioned,
  settle,
  theirs,
  told,
} from './support.ts';

const hook_id = '7ec1f0c7-aaaa-4bbb-8ccc-0d0e0f101112';
const rest = `/client/v4/pages/webhooks/deploy_hooks/${hook_id}`;
const address = hook_address + hook_id;

const refused: Readonly<Record<string, unknown>> = {
  'nothing at all': '',
  'a space': ' ',
  'not a text': 7,
  null: null,
  'a list': [address],
  'another host': `https://example.com${rest}`,
  'a host that only begins so': `https://api.cloudflare.com.evil.test${rest}`,
  'a host that only ends so': `https://evil-api.cloudflare.com${rest}`,
  'another host of Cloudflare': `https://dash.cloudflare.com${rest}`,
  'no host': `https://${rest}`,
  'a user that looks like the host': `https://api.cloudflare.com@evil.test${rest}`,
  'a user and a password': `https://api.cloudflare.com:443@evil.test${rest}`,
  'a user before the host': `https://evil@api.cloudflare.com${rest}`,
  'an empty user': `https://@api.cloudflare.com${rest}`,
  'the port of https': `https://api.cloudflare.com:443${rest}`,
  'another port': `https://api.cloudflare.com:8443${rest}`,
  'an empty port': `https://api.cloudflare.com:${rest}`,
  http: `http://api.cloudflare.com${rest}`,
  ftp: `ftp://api.cloudflare.com${rest}`,
  'no scheme': `//api.cloudflare.com${rest}`,
  'no slashes': `api.cloudflare.com${rest}`,
  'a scheme in upper case': `HTTPS://api.cloudflare.com${rest}`,
  'a host in upper case': `https://API.cloudflare.com${rest}`,
  'a dot after the host': `https://api.cloudflare.com.${rest}`,
  'an encoded dot in the host': `https://api%2ecloudflare.com${rest}`,
  'an encoded slash': `https://api.cloudflare.com/client%2Fv4${rest.slice(10)}`,
  'an encoded letter': `https://api.cloudflare.com/client/v4/p%61ges${rest.slice(16)}`,
  'an encoded letter in the id': `${hook_address}%37ec1f0c7-aaaa-4bbb-8ccc-0d0e0f101112`,
  'two slashes': `https://api.cloudflare.com/${rest}`,
  'two slashes before the id': `${hook_address}/${hook_id}`,
  'a slash at the end': `${address}/`,
  'more after the id': `${address}/more`,
  'a query': `${address}?a=b`,
  'an empty query': `${address}?`,
  'a fragment': `${address}#a`,
  'an empty fragment': `${address}#`,
  'a way up': `${hook_address}../deploy_hooks/${hook_id}`,
  'a way up as the id': `${hook_address}..`,
  'a way up at the beginning': `https://api.cloudflare.com/..${rest}`,
  backslashes: `https:\\\\api.cloudflare.com${rest}`,
  'a backslash after the host': `https://api.cloudflare.com\\@evil.test${rest}`,
  'a backslash in the id': `${hook_address}7ec1f0c7\\aaaa`,
  'an address of IPv4': `https://127.0.0.1${rest}`,
  'an address of IPv4 as one number': `https://2130706433${rest}`,
  'an address of IPv6': `https://[::1]${rest}`,
  'the address of a metadata service': `https://169.254.169.254${rest}`,
  'a host with a letter that looks the same': `https://api.cl\u043eudflare.com${rest}`,
  'wide letters': `https://\uff41pi.cloudflare.com${rest}`,
  'a wide dot': `https://api\u3002cloudflare.com${rest}`,
  'a wide slash': `https://api.cloudflare.com\uff0f${rest.slice(1)}`,
  'an id with a letter that looks the same': `${hook_address}7\u0435c1f0c7-aaaa-4bbb`,
  'no id': hook_address,
  'no id and no slash': hook_address.slice(0, -1),
  'an id that is too short': `${hook_address}7ec1f0c`,
  'an id that is too long': hook_address + 'a'.repeat(129),
  'an id with a dot': `${hook_address}7ec1f0c7.aaaa`,
  'an id with a zero byte': `${hook_address}7ec1f0c7\u0000aaaa`,
  'a space before': ` ${address}`,
  'a space after': `${address} `,
  'a line break after': `${address}\n`,
  'a tab within': `https://api.cloud\tflare.com${rest}`,
  'two addresses': `${address} ${address}`,
  'another path of Cloudflare': `https://api.cloudflare.com/client/v4/accounts/${hook_id}`,
  'a hook of Builds': `https://api.cloudflare.com/client/v4/workers/builds${rest.slice(25)}`,
  'another version': `https://api.cloudflare.com/client/v5${rest.slice(10)}`,
  'the path in upper case': `https://api.cloudflare.com/client/v4/PAGES${rest.slice(16)}`,
  'a script': 'javascript:alert(1)',
  data: 'data:text/plain,hook',
};

test('anything but the address of a Pages hook is refused: nothing is stored or sent', async () => {
  const { fleet } = await orgFleet();
  const before = fleet.cloudflare.log.length;
  const seq = (orgOf(fleet) as { seq?: number }).seq;
  for (const [name, deployHookUrl] of Object.entries(refused)) {
    const answer = await as(fleet, 'ada', 'PUT', mine, { deployHookUrl });
    assert.equal(told(answer), '422 body.invalid', `${name}: ${answer.text}`);
    assert.equal(json(answer).errors[0].pointer, '/deployHookUrl', name);
    assert.ok(!answer.text.includes(hook_id), `${name}: the answer does not repeat it`);
  }
  assert.equal((orgOf(fleet) as { seq?: number }).seq, seq);
  assert.deepEqual(sealedIds(fleet), []);
  assert.equal(fleet.cloudflare.log.length, before, 'nothing was sent');
  const noBody = await as(fleet, 'ada', 'PUT', mine, {});
  assert.equal(told(noBody), '422 body.invalid');
  const more = { deployHookUrl: address, more: 1 };
  assert.equal(told(await as(fleet, 'ada', 'PUT', mine, more)), '422 body.invalid');
});

test('what is taken: the address and an id of 8 to 128 characters, masked then', async () => {
  const { fleet } = await orgFleet();
  for (const id of [hook_id, 'A_b-0123', 'z'.repeat(128)]) {
    const answer = await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: hook_address + id });
    assert.equal(answer.status, 200, answer.text);
    const { hook } = json(answer);
    assert.equal(hook.source, 'manual');
    assert.equal(hook.masked, `${hook_address}********${id.slice(-4)}`);
    assert.equal(hook.setBy, 'user:ada');
    assert.equal(sealedIds(fleet).length, 1, 'the one before it is forgotten');
    const revealed = json(await as(fleet, 'ada', 'POST', `${mine}/reveal`));
    assert.equal(revealed.deployHookUrl, hook_address + id);
  }
  const gone = json(await as(fleet, 'ada', 'DELETE', mine));
  assert.equal(gone.hook, undefined);
  assert.deepEqual(sealedIds(fleet), []);
  assert.equal(told(await as(fleet, 'ada', 'POST', `${mine}/reveal`)), '404 publishing.no_hook');
  assert.equal(
    told(await as(fleet, 'ada', 'POST', `${mine}/publish`)),
    '409 publishing.nothing_to_publish',
  );
});

test('the name of its project is that of a Pages project, or it is refused', async () => {
  const { fleet } = await orgFleet();
  for (const projectName of ['', 'A', '-a', 'a-', 'a.b', '../a', 'a'.repeat(59), 'a/b', 'a%2fb']) {
    const answer = await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: address, projectName });
    assert.equal(told(answer), '422 body.invalid', projectName);
    assert.equal(json(answer).errors[0].pointer, '/projectName');
  }
  assert.deepEqual(sealedIds(fleet), []);
});

test('only admins set and remove it; without a sealing key nobody does', async () => {
  const { fleet } = await orgFleet();
  const body = { deployHookUrl: address };
  assert.equal(told(await as(fleet, 'ben', 'PUT', mine, body)), '403 org.role');
  assert.equal(told(await as(fleet, 'cleo', 'PUT', mine, body)), '404 org.unknown');
  assert.equal(told(await as(fleet, 'ben', 'DELETE', mine)), '403 org.role');
  assert.equal(told(await as(fleet, 'ben', 'POST', `${mine}/reveal`)), '403 org.role');
  const open = await orgFleet({ variables: { SEALING_KEY: '' } });
  const answer = await as(open.fleet, 'ada', 'PUT', mine, body);
  assert.equal(told(answer), '503 publishing.not_configured');
});

/** An org with a pasted hook of this project; its address. */
async function pasted(
  project: string,
  projectName?: string,
  options: Parameters<typeof faultyFleet>[0] = {},
) {
  const { fleet, faults } = await faultyFleet(options);
  await provisioned(fleet);
  await provisioned(fleet, 'org-borealis');
  const deployHookUrl = await hookByHand(fleet, project);
  const named = projectName === undefined ? {} : { projectName };
  const set = await as(fleet, 'ada', 'PUT', mine, { deployHookUrl, ...named });
  assert.equal(set.status, 200, set.text);
  return { fleet, faults, deployHookUrl };
}

for (const [project, projectName] of [
  ['aurora-ark', undefined],
  ['aurora-ark', 'aurora-ark'],
  ['borealis-ark', 'borealis-ark'],
] as const) {
  const named = projectName === undefined ? 'not named' : 'named';
  test(`a hook of ${project}, ${named}, is followed until live`, async () => {
    const { fleet } = await pasted(project, projectName);
    const before = buildsAt(fleet, project);
    const answer = await as(fleet, 'ada', 'POST', `${mine}/publish`);
    assert.equal(answer.status, 202, answer.text);
    assert.equal(json(answer).via, 'hook');
    await settle(fleet);
    const { publication } = json(await as(fleet, 'ada', 'GET', mine));
    assert.deepEqual(
      [publication.state, publication.followed, publication.verified, publication.via],
      ['live', true, 'bytes', 'hook'],
    );
    assert.equal(buildsAt(fleet, project), before + 1);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  });
}

test('a hook of a project that cannot be read: triggered (not followed)', async () => {
  const { fleet } = await pasted('borealis-ark');
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  const { publication } = json(await as(fleet, 'ada', 'GET', mine));
  assert.deepEqual(
    [publication.state, publication.label, publication.followed, publication.failure],
    ['triggered', 'triggered (not followed)', false, undefined],
  );
  assert.match(publication.detail, /cannot be read/);
  assert.equal(buildsAt(fleet, 'borealis-ark'), 2);
});

test('a hook in an account without a token here: triggered (not followed)', async () => {
  const { fleet } = await pasted('borealis-ark', 'somebody-elses');
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.state, 'triggered');
  fleet.reconfigure({ CF_API_TOKEN: '' });
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.state, 'triggered');
  assert.match(orgOf(fleet).last?.detail ?? '', /can read no account/);
  assert.equal(buildsAt(fleet, 'borealis-ark'), 3);
});

test('a hook that Cloudflare does not know: failed, with the next step', async () => {
  const { fleet } = await orgFleet({ variables: modelled });
  await as(fleet, 'ada', 'PUT', mine, { deployHookUrl: address });
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  const { publication } = json(await as(fleet, 'ada', 'GET', mine));
  assert.deepEqual(
    [publication.state, publication.failure.code],
    ['failed', 'publishing.hook_gone'],
  );
  assert.match(publication.failure.next, /paste/);
  assert.ok(!JSON.stringify(publication).includes(hook_id));
});

const answers: [string, Fault, string, string | undefined][] = [
  ['a lost answer', { when: 'after', answer: 'timeout' }, 'triggered', undefined],
  ['a request that was lost', { when: 'before', answer: 'timeout' }, 'triggered', undefined],
  ['a failure of Cloudflare', { when: 'after', answer: 500 }, 'triggered', undefined],
  [
    'an answer that is no JSON',
    { when: 'after', answer: 200, body: '<html>' },
    'triggered',
    undefined,
  ],
  [
    'a redirect',
    { when: 'before', answer: 302, headers: { location: 'http://evil.test/hook' } },
    'failed',
    'upstream.rejected',
  ],
  ['a refusal', { when: 'before', answer: 403 }, 'failed', 'upstream.rejected'],
  ['a missing hook', { when: 'before', answer: 404 }, 'failed', 'publishing.hook_gone'],
];
for (const [name, fault, state, code] of answers) {
  test(`${name} of the hook: ${state}, and it is called once`, async () => {
    const { fleet, faults } = await pasted('aurora-ark');
    faults.set([{ operation: 'cloudflare.hook.trigger', fault, times: 1 }]);
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await settle(fleet);
    const { publication } = json(await as(fleet, 'ada', 'GET', mine));
    assert.deepEqual([publication.state, publication.failure?.code], [state, code]);
    if (state === 'triggered') {
      assert.match(
        publication.detail,
        /answer was lost.* publish again if the site does not change/,
      );
      assert.equal(publication.label, 'triggered (not followed)');
    }
    const calls = fleet.cloudflare.log.filter(
      (each) => each.operation === 'cloudflare.hook.trigger',
    );
    assert.equal(calls.length, 1);
  });
}

test('a hook that asks to wait is called again later, and followed', async () => {
  const { fleet, faults } = await pasted('aurora-ark');
  const fault: Fault = { when: 'before', answer: 429, headers: { 'retry-after': '30' } };
  faults.set([{ operation: 'cloudflare.hook.trigger', fault, times: 2 }]);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.state, 'live');
  assert.equal(buildsAt(fleet), 2);
});

test('without the pasted hook the provisioned project is published again', async () => {
  const { fleet } = await pasted('borealis-ark', 'borealis-ark');
  const { hook } = json(await as(fleet, 'ada', 'DELETE', mine));
  assert.deepEqual([hook.source, hook.projectName], ['auto', 'aurora-ark']);
  const answer = json(await as(fleet, 'ada', 'POST', `${mine}/publish`));
  assert.equal(answer.via, 'api');
  await settle(fleet);
  assert.deepEqual([buildsAt(fleet), buildsAt(fleet, 'borealis-ark')], [2, 1]);
  const revealed = json(await fleet.api('POST', `${theirs}/reveal`));
  assert.equal(await call(fleet, revealed.deployHookUrl), 200);
});

test('removed between two builds, the hook is not called any more', async () => {
  const { fleet } = await pasted('borealis-ark', 'borealis-ark');
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await as(fleet, 'ada', 'DELETE', mine);
  await settle(fleet);
  const { last } = orgOf(fleet);
  assert.deepEqual([last?.state, last?.failure?.code], ['failed', 'publishing.no_hook']);
  assert.equal(buildsAt(fleet, 'borealis-ark'), 1);
});

test('a project that a person made in the dashboard is published by its hook', async () => {
  const { fleet } = await pasted('aurora-ark');
  assert.equal((await dashboard(fleet, 'DELETE', 'aurora-ark')).status, 200);
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.failure?.code, 'publishing.hook_gone');
});
