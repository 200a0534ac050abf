// What follows a thing by server-sent events: the parts as they come, and the events in them.
import assert from 'node:assert/strict';

/** One block of a stream. */
export interface Block {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly retry?: string;
  /** The text of a comment. */
  readonly comment?: string;
}

/** The blocks of one part of a stream, each with every field at most once. */
export function blocksOf(text: string): Block[] {
  assert.ok(text.endsWith('\n\n'), `a part is whole blocks: ${JSON.stringify(text)}`);
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((block) => {
      const fields = block.split('\n').map((line) => {
        const [, name = '', value = ''] = /^(\w*): (.*)$/.exec(line) ?? assert.fail(line);
        return [name === '' ? 'comment' : name, value];
      });
      assert.equal(new Set(fields.map(([name]) => name)).size, fields.length, block);
      return Object.fromEntries(fields);
    });
}

/** A client in the middle of a stream. */
export interface Follower {
  /** The blocks of the next part; undefined after the end. */
  next(): Promise<Block[] | undefined>;
  /** Every block until the end. */
  rest(): Promise<Block[]>;
  /** Goes away. */
  leave(): Promise<void>;
}

/** Follows the answer, which must be a stream. */
export function follow(response: Response): Follower {
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.ok(response.body);
  const reader = response.body.getReader();
  const next = async (): Promise<Block[] | undefined> => {
    const { value, done } = await reader.read();
    return done ? undefined : blocksOf(new TextDecoder().decode(value));
  };
  return {
    next,
    async rest() {
      const blocks: Block[] = [];
      for (let part = await next(); part !== undefined; part = await next()) blocks.push(...part);
      return blocks;
    },
    leave: () => reader.cancel(),
  };
}
