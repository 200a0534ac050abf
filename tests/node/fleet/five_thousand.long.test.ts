// The rush of the whole fleet: two minutes. `rush.test.ts` is the same with a thousand.
import { test } from 'node:test';
import { rush } from './rush.ts';

const count = Number(process.env.FLEET_TENANTS ?? 5_000);

test(`${count} platforms ask for a build in one minute`, { timeout: 3_600_000 }, () =>
  rush(count, 1.1),
);
