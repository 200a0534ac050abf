// The JSON Schema of a configuration, under a validator of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';

const path = new URL('../../../bindings/generated/config.schema.json', import.meta.url);
const accepts = new Ajv2020({ allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(path, 'utf8')),
);

const valid = {
  features: {
    features: { billing: { enabled: true, options: { plan: 'pro', seats: 5, trial: false } } },
    stacks: { search: { enabled: true, requires: ['billing'] } },
  },
  env: { default: { APP_NAME: 'Acme' }, prod: { RETRIES: 3 } },
  auth: { default: { provider: 'oidc', issuer: 'https://id.example', clientId: 'acme' } },
};

test('a valid configuration fits, and each of its parts is needed', () => {
  assert.equal(accepts(valid), true);
  for (const part of ['features', 'env', 'auth']) {
    const { [part]: _, ...rest } = valid as Record<string, unknown>;
    assert.equal(accepts(rest), false, part);
  }
});

test('unknown members, wrong types and unknown providers do not fit', () => {
  for (const wrong of [
    { ...valid, colour: 'red' },
    { ...valid, env: { default: { A: {} } } },
    { ...valid, env: { default: {}, test: {} } },
    { ...valid, features: { features: { a: { enabled: 'yes' } } } },
    { ...valid, auth: { default: { provider: 'saml' } } },
  ]) {
    assert.equal(accepts(wrong), false, JSON.stringify(wrong));
  }
});
