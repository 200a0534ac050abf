// What the simulated Cloudflare answers passes the compiler as what the official client says that
// it gets; members that the client does not know may be there, too.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { compiled, type Typed } from './sdk_types.ts';
import { sdkWorld } from './sdk_world.ts';
import { call, createProject, deploy, projectPath } from './support.ts';

const project: Typed[0] = ['projects/projects', 'Project'];
const deployment: Typed[0] = ['projects/projects', 'Deployment'];
const domain = (name: string): Typed[0] => ['projects/domains', `Domain${name}Response`];
const body = {
  name: 'aurora-ark',
  production_branch: 'main',
  build_config: { build_command: 'node build.js', destination_dir: 'dist', root_dir: '' },
  source: { type: 'github', config: { owner: 'neutrino-io', repo_name: 'ark-site' } },
  deployment_configs: { production: { env_vars: { A: { type: 'plain_text', value: 'b' } } } },
};

// Answers of every operation that the product reads, of a project of each kind.
async function answers(context: TestContext): Promise<Typed[]> {
  const world = await sdkWorld(context);
  world.repositories.plant('neutrino-io/ark-site', { files: { 'public/index.html': 'hello' } });
  const out: Typed[] = [];
  const ask = async (type: Typed[0], method: string, path: string, sent?: unknown) => {
    const { status, result } = await call(world, method, path, sent);
    assert.equal(status, 200, `${method} ${path}`);
    for (const each of Array.isArray(result) ? result : [result]) out.push([type, each]);
    return result;
  };
  await createProject(world, 'direct');
  await deploy(world, 'direct', { '/index.html': 'one' });
  await deploy(world, 'direct', { '/index.html': 'two' }, 'try/It');
  await ask(project, 'POST', projectPath(), body);
  const built = await ask(deployment, 'POST', projectPath('aurora-ark', 'deployments'));
  await ask(deployment, 'GET', projectPath('aurora-ark', 'deployments', String(built.id)));
  world.clock.advance(3_600_000);
  for (const name of ['direct', 'aurora-ark']) {
    const at = (...parts: string[]): string => projectPath(name, ...parts);
    await ask(project, 'GET', at());
    await ask(project, 'PATCH', at(), { deployment_configs: { preview: { env_vars: {} } } });
    await ask(domain('Create'), 'POST', at('domains'), { name: `${name}.acme.example` });
    await ask(domain('List'), 'GET', at('domains'));
    await ask(domain('Get'), 'GET', at('domains', `${name}.acme.example`));
    await ask(deployment, 'GET', at('deployments'));
    const listed = await call(world, 'GET', at('deployments'));
    const [{ id = '' } = {}] = Object.values(listed.result) as { id?: string }[];
    await ask(deployment, 'GET', at('deployments', id));
    const log: Typed[0] = ['projects/deployments/history/logs', 'LogGetResponse'];
    await ask(log, 'GET', at('deployments', id, 'history', 'logs'));
  }
  const { result: rows } = await call(world, 'GET', projectPath());
  // The rows of a list have one member less, as real ones do; the client speaks of whole projects.
  for (const row of Object.values(rows)) {
    out.push([project, { ...(row as object), production_script_name: 'left out' }]);
  }
  const token: Typed[0] = ['projects/projects', 'ProjectGetUploadTokenResponse'];
  await ask(token, 'GET', projectPath('direct', 'upload-token'));
  return out;
}

test('every answer passes the compiler as the type of the client', async (context) => {
  const values = await answers(context);
  assert.equal(compiled(values, 'unknown'), '');
  context.diagnostic(`${values.length} answers`);
});

test('an answer that is none does not', async (context) => {
  const [[type, value] = [project, {}]] = await answers(context);
  const { id, ...less } = value as Record<string, unknown>;
  assert.equal(compiled([[type, { ...less, id, more: 1 }]], 'unknown'), '');
  assert.match(compiled([[type, less]], 'unknown'), /'id' is missing/);
  assert.match(compiled([[type, { ...less, id: 1 }]], 'unknown'), /not assignable/);
});
