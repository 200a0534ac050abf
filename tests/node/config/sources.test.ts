// Configuration that comes as TypeScript source: stored as it is, understood where it can be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { config_path, json, liveFleet, problem, put, settled, stored } from './support.ts';

const sources = {
  featuresConfig: `import type { Features } from './types';
// as people write it
export const featuresConfig = {
  features: { chat: { enabled: false, options: { max: 0x10, }, }, },
} as const satisfies Features;
`,
  envConfig: "export default { APP_NAME: 'Acme\\u0021' };\n",
  authConfig: "export const authConfig: AuthConfig = { provider: 'none' };\n",
};

test('readable source is served as it was sent, and can be changed', async () => {
  const fleet = await liveFleet();
  const answer = await put(fleet, sources);
  assert.equal(answer.status, 202);
  assert.deepEqual(json(await fleet.api('GET', config_path)), sources);
  const version = json(await fleet.api('GET', `${config_path}/versions/2`));
  assert.equal(version.source, 'typescript');
  assert.deepEqual(version.documents, {
    features: { features: { chat: { enabled: false, options: { max: 16 } } } },
    env: { default: { APP_NAME: 'Acme!' } },
    auth: { default: { provider: 'none' } },
  });
  assert.deepEqual(await settled(fleet), { 'acme/dev': 2, 'acme/prod': 2 });
  const activate = { featureId: 'chat' };
  const on = await fleet.api('POST', '/api/v1/platforms/acme/features/activate', activate);
  assert.equal(on.status, 202);
  const changed = json(await fleet.api('GET', `${config_path}/versions/3`));
  assert.equal(changed.source, 'structured');
  assert.equal(changed.documents.features.features.chat.enabled, true);
});

test('source that must run stays opaque: it is built, its changes are refused', async () => {
  const fleet = await liveFleet();
  const envConfig = 'export const envConfig = {\n  APP_NAME: process.env.NAME,\n};\n';
  assert.equal((await put(fleet, { ...sources, envConfig })).status, 202);
  const version = json(await fleet.api('GET', `${config_path}/versions/2`));
  assert.match(version.opaque, /^env\.config\.ts: line 2, column 13: /);
  assert.equal(version.documents, undefined);
  assert.equal(version.rendered.envConfig, envConfig);
  const before = stored(fleet);
  const activate = { featureId: 'chat' };
  const refused = await fleet.api('POST', '/api/v1/platforms/acme/features/activate', activate);
  assert.equal(problem(refused), '409 config.opaque');
  assert.match(json(refused).detail, /line 2, column 13/);
  assert.equal(
    problem(await fleet.api('GET', `${config_path}/versions/2/diff`)),
    '409 config.opaque',
  );
  assert.equal(stored(fleet), before);
  const restored = await fleet.api('POST', `${config_path}/versions/1/restore`);
  assert.equal(restored.status, 202);
  const again = await fleet.api('POST', `${config_path}/versions/2/restore`);
  assert.equal(json(again).version, 4);
  assert.equal(json(await fleet.api('GET', config_path)).envConfig, envConfig);
  assert.equal(json(await fleet.api('GET', `${config_path}/versions/4`)).opaque, version.opaque);
  const still = await fleet.api('POST', '/api/v1/platforms/acme/features/activate', activate);
  assert.equal(problem(still), '409 config.opaque', 'restored, it is as opaque as before');
});

test('source with secrets is refused, opaque or not', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  for (const envConfig of [
    "export const envConfig = { STRIPE_SECRET: 'sk_live_1' };",
    "export const envConfig = { url: process.env.URL, 'dbPassword' : `x` };",
  ]) {
    const answer = await put(fleet, { ...sources, envConfig });
    assert.equal(problem(answer), '422 config.invalid');
    assert.equal(json(answer).errors[0].pointer, '/envConfig');
    assert.doesNotMatch(answer.text, /sk_live_1/);
  }
  assert.equal(stored(fleet), before);
});

test('a half of each form is no form', async () => {
  const fleet = await liveFleet();
  const { featuresConfig } = sources;
  const half = await put(fleet, { featuresConfig });
  assert.equal(problem(half), '422 body.invalid');
  const missing = json(half).errors.map((one: { pointer: string }) => one.pointer);
  assert.deepEqual(missing, ['/envConfig', '/authConfig']);
  const both = await put(fleet, { featuresConfig, env: { default: {} } });
  assert.equal(json(both).errors[0].code, 'config.form');
});
