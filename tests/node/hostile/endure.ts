// The test of one operation against hostile requests: the known attacks, and hundreds that are
// drawn. SLIPWAY_SEED=7 draws others.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import type { Operation } from '../../../bindings/generated/operations.ts';
import { schemaFaults } from '../support/exchange.ts';
import { bodySchema, documented } from '../support/openapi.ts';
import { faultsOf, shown } from './checks.ts';
import { type HostileRequest, hostileRequests, knownAttacks } from './requests.ts';
import { seedsOf } from './seeds.ts';
import { type HostileWorld, openHostileWorld } from './world.ts';

const seed = Number(process.env.SLIPWAY_SEED ?? 1);
/** So many are drawn in `npm test`; the longer run draws more. */
const drawn_usually = 120;

/** Sends the request and fails where its answer is not as it must be; gives the status. */
async function endure(world: HostileWorld, request: HostileRequest): Promise<number | undefined> {
  const met = await world.ask(request);
  if (met === undefined) return undefined;
  const faults = faultsOf(met, world.secrets, schemaFaults);
  const { logged } = met;
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(String(logged.request_id))) faults.push('logs an odd id');
  if (!/^[ -~]*$/.test(JSON.stringify(logged))) faults.push('logs odd characters');
  assert.deepEqual(faults, [], `${shown(request)}\n${met.status} ${met.text.slice(0, 1000)}`);
  return met.status;
}

/** A test for each of the operations, in one world. */
export function testOperations(operations: readonly Operation[], drawn = drawn_usually): void {
  let world: HostileWorld;
  before(async () => {
    world = await openHostileWorld();
  });
  for (const operation of operations) {
    test(`${operation.name}: known attacks and ${drawn} drawn requests`, async (context) => {
      const met = new Map<number, number>();
      const count = async (request: HostileRequest): Promise<void> => {
        const status = await endure(world, request);
        if (status !== undefined) met.set(status, (met.get(status) ?? 0) + 1);
      };
      assertSoundSeeds(operation, world);
      for (const attack of knownAttacks(operation, world.known)) await count(attack);
      const requests = hostileRequests(operation, world.known);
      await fc.assert(fc.asyncProperty(requests, count), { numRuns: drawn, seed });
      const statuses = [...met].sort().map(([status, times]) => `${status}: ${times}`);
      context.diagnostic(`seed ${seed}, ${operation.name}: ${statuses.join(', ')}`);
      // Without a secret there is no webhook: nothing of a delivery is looked at.
      const refusal = operation.scope === 'webhook' ? 404 : 400;
      assert.ok((met.get(refusal) ?? 0) > 20, 'many are refused');
    });
  }
}

// Changes of what is refused anyway would prove little.
function assertSoundSeeds({ name, body_bytes_max }: Operation, { known }: HostileWorld): void {
  const schema = bodySchema(documented(name)) ?? {};
  const seeds = seedsOf(name, known.hints);
  assert.equal(seeds.length > 0, body_bytes_max > 0);
  for (const one of seeds) assert.deepEqual(schemaFaults(schema, one), [], JSON.stringify(one));
}
