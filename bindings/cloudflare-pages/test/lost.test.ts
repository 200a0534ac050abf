// Answers that got lost, and calls that ended between the steps: one project, a hook that works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../simulator/base/contract.ts';
import { calls, publish, refusal, type Stage, stage } from './support.ts';

interface Projects {
  readonly accounts: { readonly projects: { readonly name: string; readonly hooks: number }[] }[];
}

function projects({ cloudflare }: Stage): { name: string; hooks: number }[] {
  const { accounts } = cloudflare.state() as Projects;
  return accounts.flatMap((account) =>
    account.projects.map(({ name, hooks }) => ({ name, hooks })),
  );
}

function fault(operation: string, when: Fault['when'], answer: Fault['answer']): object {
  return { operation: `cloudflare.${operation}`, times: 1, fault: { when, answer } };
}

for (const answer of ['timeout', 500, 502] as const) {
  for (const when of ['before', 'after'] as const) {
    for (const listed of [true, false]) {
      const list = listed ? 'hooks are listed' : 'hooks are not listed';

      test(`project.create: ${answer} ${when} its effect, ${list}`, async () => {
        const on = stage({ listed, faults: [fault('project.create', when, answer) as never] });
        const made = await on.provision();
        assert.equal(projects(on).length, 1);
        assert.equal(projects(on)[0]?.hooks, 1);
        assert.ok(on.seen.some(({ step }) => step === 'waiting'));
        assert.match(await publish(on, made), /Aurora Books/);
      });

      test(`hook.create: ${answer} ${when} its effect, ${list}`, async () => {
        const on = stage({ listed, faults: [fault('hook.create', when, answer) as never] });
        const made = await on.provision();
        const hooks = when === 'after' && !listed ? 2 : 1;
        assert.deepEqual(projects(on), [{ name: 'aurora-ark', hooks }]);
        assert.deepEqual(made.orphanedHooks, listed ? [] : ['slipway']);
        assert.match(await publish(on, made), /Aurora Books/);
      });
    }
  }
}

for (const operation of ['project.get', 'hook.list']) {
  test(`a look that fails is repeated: ${operation}`, async () => {
    const on = stage({ listed: true });
    const first = await on.provision();
    on.faults.set([fault(operation, 'before', 'timeout') as never]);
    assert.deepEqual(await on.provision(), first);
    assert.equal(projects(on)[0]?.hooks, 1);
  });
}

test('called again with everything there: the same hook where hooks are listed', async () => {
  const on = stage({ listed: true });
  const first = await on.provision();
  const second = await on.provision();
  assert.deepEqual(second, first);
  assert.deepEqual(projects(on), [{ name: 'aurora-ark', hooks: 1 }]);
});

test('an empty name of the hook is as good as none: the hook is found again', async () => {
  const on = stage({ listed: true });
  const first = await on.provision('aurora', { hookName: '' });
  assert.deepEqual(await on.provision('aurora', { hookName: '' }), first);
});

test('called again where hooks are not listed: a hook that works, the old one named', async () => {
  const on = stage();
  const first = await on.provision();
  const second = await on.provision();
  assert.notEqual(second.deployHookUrl, first.deployHookUrl);
  assert.deepEqual(second.orphanedHooks, ['slipway']);
  assert.match(await publish(on, second), /Aurora Books/);
  assert.equal(projects(on).length, 1);
});

for (const listed of [true, false]) {
  for (const sent of [1, 2, 3]) {
    test(`the process ends at request ${sent}; hooks listed: ${listed}`, async () => {
      const on = stage({ listed });
      let left = sent;
      const dying = new AbortController();
      const fetch = async (request: Request): Promise<Response> => {
        const response = await on.cloudflare.fetch(request);
        left -= 1;
        // What was asked for has happened; its answer reaches nobody.
        if (left === 0) dying.abort(new Error('gone'));
        return response;
      };
      const { signal } = dying;
      await assert.rejects(on.provision('aurora', { fetch, signal }), /gone/);
      const made = await on.provision();
      assert.equal(projects(on).length, 1);
      assert.match(await publish(on, made), /Aurora Books/);
      const hooks = sent === 3 && !listed ? 2 : 1;
      assert.deepEqual(projects(on), [{ name: 'aurora-ark', hooks }]);
    });
  }
}

test('an outage longer than all tries: calling again is safe, and then it works', async () => {
  const on = stage({ listed: true });
  on.faults.set([{ operation: 'cloudflare.*', fault: { when: 'before', answer: 'timeout' } }]);
  const error = await refusal(on.provision());
  assert.equal(`${error.status} ${error.code}`, '503 provision.unfinished');
  assert.equal(error.retryable, true);
  assert.match(error.next, /safe/);
  assert.match(error.detail, /no_answer/);
  assert.ok((error.retryAfterMs ?? 0) > 0);
  assert.equal(on.slept.length, 7);
  assert.ok(calls(on).every((name) => name === 'project.get'));
  on.faults.set([]);
  assert.match(await publish(on, await on.provision()), /Aurora Books/);
});

test("the number of tries and the deadline are the caller's", async () => {
  const on = stage();
  on.faults.set([{ operation: 'cloudflare.*', fault: { when: 'before', answer: 500 } }]);
  assert.match((await refusal(on.provision('aurora', { maxTries: 2 }))).detail, /tries/);
  assert.equal(on.slept.length, 1);
  on.slept.length = 0;
  assert.match((await refusal(on.provision('aurora', { deadlineMs: 4000 }))).detail, /deadline/);
  assert.ok(on.slept.reduce((sum, ms) => sum + ms, 0) <= 4000);
});

test('two calls at the same time: one project, and both hooks work', async () => {
  const on = stage({ listed: true });
  const both = await Promise.all([on.provision(), on.provision()]);
  assert.equal(projects(on).length, 1);
  for (const made of both) assert.match(await publish(on, made), /Aurora Books/);
});

test('a name that exists though no look finds it is refused at last, not for ever', async () => {
  const on = stage();
  await on.provision();
  const unknown = JSON.stringify({ success: false, errors: [{ code: 8000007, message: '' }] });
  const look = { when: 'before', answer: 404, body: unknown } as const;
  on.faults.set([{ operation: 'cloudflare.project.get', fault: look }]);
  const error = await refusal(on.provision());
  assert.equal(`${error.status} ${error.code}`, '409 project.name_taken');
  assert.match(error.next, /Delete that project/);
  assert.equal(error.retryable, false);
  assert.equal(on.slept.length, 7);
  assert.equal(projects(on).length, 1);
});

test('a name that a Worker has: Cloudflare says nothing clear, and neither do we', async () => {
  const on = stage({ account: { workerNames: ['aurora-ark'] } });
  const error = await refusal(on.provision());
  assert.equal(error.code, 'provision.unfinished');
  assert.match(error.next, /Worker of the project's name/);
  assert.deepEqual(projects(on), []);
});
