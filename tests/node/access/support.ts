// What the access tests share: tokens of a fleet, and everything that the fleet has stored or said.
import assert from 'node:assert/strict';
import type { Answer, Fleet } from '../crash/fleet.ts';

/** A token as the reply that creates it shows it. */
export interface Created {
  readonly tokenId: string;
  readonly token: string;
  readonly digestEnd: string;
}

/** The answer's body. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export function json(answer: Answer): any {
  return JSON.parse(answer.text);
}

/** The status and, of a problem document, its code. */
export function told(answer: Answer): string {
  return answer.status < 400 ? String(answer.status) : `${answer.status} ${json(answer).code}`;
}

/** Creates a token with these scopes for these platforms, or for all. */
export async function createToken(
  fleet: Fleet,
  scopes: readonly string[],
  platforms: readonly string[] = ['*'],
  more: object = {},
): Promise<Created> {
  const body = { name: scopes.join(), scopes, platforms, ...more };
  const answer = await fleet.api('POST', '/api/v1/tokens', body);
  assert.equal(answer.status, 201, answer.text);
  return json(answer);
}

/** Every row of every table as one text. */
export function everythingStored(fleet: Fleet): string {
  const tables = fleet.db.sqlite
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all();
  const rows = tables.map(({ name }) => fleet.db.sqlite.prepare(`SELECT * FROM "${name}"`).all());
  return JSON.stringify(rows);
}
