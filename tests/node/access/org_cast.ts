// The org that callers are tried on: admins, members and strangers, and its publishing as every
// operation finds it.
import assert from 'node:assert/strict';
import type { Answer, Fleet } from '../crash/fleet.ts';
import { hook_address, orgOf, orgs, settle, tokenOf } from '../orgs/support.ts';

/** Who each person is. The last one's browser was sent here by another site. */
export const people = {
  'org admin': 'ada',
  'org member': 'ben',
  'other org admin': 'dora',
  'no member': 'cleo',
  'cross site': 'ada',
} as const;
/** One of these names. */
export type Person = keyof typeof people;

/** Whether the caller is a person who has signed in. */
export function isPerson(caller: string): caller is Person {
  return Object.hasOwn(people, caller);
}

/** A deploy hook as a person pastes it; no project has it. */
export const pasted = { deployHookUrl: `${hook_address}0badc0de-0000-4000-8000-0123456789ab` };

/** Sends a request as this person: with their token, or with the cookie that holds it. */
export async function askAs(
  fleet: Fleet,
  person: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const token = await tokenOf(fleet, people[person]);
  if (person !== 'cross site') return fleet.api(method, path, body, token);
  const request = new Request(`http://slipway.test${path}`, {
    method,
    headers: {
      cookie: `__Host-slipway=${token}`,
      origin: 'https://evil.example',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await fleet.fetch(request);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The org is there, provisioned and at rest, whatever was done to it before. */
export async function plantOrg(fleet: Fleet): Promise<void> {
  const others = { orgId: 'org-borealis', name: 'B', members: [{ userId: 'dora', role: 'admin' }] };
  const path = '/api/v1/orgs/aurora/publishing';
  const wished: readonly [method: string, path: string, body?: unknown][] = [
    ['PUT', '/api/v1/orgs/aurora', orgs.aurora],
    ['PUT', '/api/v1/orgs/borealis', others],
    ['POST', `${path}/auto-provision`],
    ['DELETE', path],
  ];
  for (const [method, target, body] of wished) {
    const answer = await fleet.api(method, target, body);
    assert.equal(answer.status, 200, answer.text);
  }
  await settle(fleet);
}

/** What stands for the parameters of the paths. */
export function orgIds(fleet: Fleet): Record<string, string> {
  const { last } = orgOf(fleet);
  assert.ok(last !== undefined, 'something was published');
  return { slug: 'aurora', orgId: 'org-aurora', userId: 'ben', publicationId: last.id };
}
