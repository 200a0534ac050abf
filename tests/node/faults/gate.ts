// Ports whose writes meet: two runs that would write one after the other are held until both have
// decided, so that they really overlap at the journal.
import type { Ports } from '../../../worker-shim/ports.ts';

/** A gate before `db.batch` that opens when enough writers stand before it. */
export interface Gate {
  /** Puts the gate before the ports. */
  readonly wrap: (ports: Ports) => Ports;
  /** From now on the next writers wait for each other, once. */
  arm(): void;
  /** Whether they met. */
  met(): boolean;
}

/** A gate for `count` writers. It never opens for fewer: arm it only where so many will come. */
export function gated(count: number): Gate {
  let armed = false;
  let waiting: (() => void)[] = [];
  let met = false;
  const pass = (): Promise<void> => {
    if (!armed) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length < count) return;
      armed = false;
      met = true;
      for (const open of waiting) open();
      waiting = [];
    });
  };
  return {
    wrap: (ports) => beforeBatch(ports, pass),
    arm() {
      armed = true;
    },
    met: () => met,
  };
}

/**
 * Ports on which every write waits until no other run can come beside it: of all runs that begin at
 * one instant the writes meet in pairs. `pairs()` counts them.
 */
export function paired(): { wrap: (ports: Ports) => Ports; pairs(): number } {
  let alone: (() => void) | undefined;
  let pairs = 0;
  const pass = async (): Promise<void> => {
    if (alone !== undefined) {
      pairs += 1;
      alone();
      alone = undefined;
      return;
    }
    const partner = new Promise<void>((resolve) => {
      alone = resolve;
    });
    const own = alone;
    await Promise.race([partner, allIdle()]);
    if (alone === own) alone = undefined;
  };
  return { wrap: (ports) => beforeBatch(ports, pass), pairs: () => pairs };
}

// Every run in memory goes on by microtasks: after a few turns of the event loop all of them have
// come to where they wait.
async function allIdle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function beforeBatch(ports: Ports, pass: () => Promise<void>): Ports {
  const { db } = ports;
  return {
    ...ports,
    db: {
      all: (sql, params) => db.all(sql, params),
      reads: (statements) => db.reads(statements),
      async batch(statements) {
        await pass();
        await db.batch(statements);
      },
    },
  };
}
