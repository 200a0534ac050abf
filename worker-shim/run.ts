// The loop: how one Input becomes true. Read this file first.
//
// The core decides and never acts; the shim acts and never decides. A request, a queue message or a
// cron tick becomes an Input, and the core is asked what to do about it. It answers one of three:
//
//   need   "I cannot decide yet, read these"       interpret/facts.ts   then ask again
//   act    "make this one outside write now"       interpret/act.ts     then ask again
//   done   "this becomes true, and this I reply"   interpret/commit.ts  the end
//
// Each question holds the same Input, clock and entropy and all the facts so far: the core answers
// from the top every time and keeps nothing in between. An evicted isolate loses nothing, and any
// decision can be replayed from its last frame.
//
// The journal is the only lock. Whoever commits second has decided from a state that is gone: its
// whole commit is undone and the run starts over, from fresh facts and under a new identity.

import type { Done, Input, OutputControl } from '../bindings/js/control.ts';
import { decodeFrame, segmentAt, textOf } from '../bindings/js/frame.ts';
import { type Arrival, openTranscript } from '../bindings/js/transcript.ts';
import { perform } from './interpret/act.ts';
import { type CommitIdentity, commit } from './interpret/commit.ts';
import { readFacts } from './interpret/facts.ts';
import type { World } from './world.ts';

const rounds_max = 16;
const starts_max = 5;

/** The decision, committed, and the body of its reply. */
export interface Outcome {
  readonly done: Done;
  /** The reply's body; absent without one. */
  readonly body?: Uint8Array;
}

/** Every start lost its race. Nothing is wrong: the same Input may come again. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

/** The core asked for more rounds than a run may take. */
export class TooManyRounds extends Error {
  override readonly name = 'TooManyRounds';
}

/**
 * Answers one Input; whatever it decides is stored when the promise resolves.
 * @throws Contended, TooManyRounds, CoreTrap, RequestError, or StorageFailure: then it may have
 * happened or not, and the same Input may come again.
 */
export async function run(world: World, input: Input, arrival: Arrival = {}): Promise<Outcome> {
  for (let start = 0; start < starts_max; start += 1) {
    const outcome = await attempt(world, input, arrival);
    if (outcome !== undefined) {
      return outcome;
    }
    world.log({ event: 'race_lost', start });
  }
  throw new Contended(`lost ${starts_max} races`);
}

// One start. Undefined when it lost a race.
async function attempt(world: World, input: Input, arrival: Arrival): Promise<Outcome | undefined> {
  const { core, ports, settings, upstreams } = world;
  const now_ms = ports.now();
  const entropy = ports.entropy();
  const received_ms = arrival.received_ms ?? now_ms;
  const sealed = world.sealing.configured ? ['sealing'] : [];
  const credentials = [...upstreams.credentials.keys(), ...sealed];
  const opening = { now_ms, received_ms, entropy, settings, credentials };
  const transcript = openTranscript(opening, input, arrival.body);
  let commits = 0;
  const nextCommit = (): CommitIdentity => {
    commits += 1;
    return { cause_id: entropy, number: commits, at_ms: now_ms };
  };

  for (let round = 0; round < rounds_max; round += 1) {
    const segments = decodeFrame(core.step(transcript.frame()));
    const { need, act, done } = JSON.parse(textOf(segmentAt(segments, 0))) as OutputControl;
    if (need !== undefined) {
      transcript.add(await readFacts(world, need, segments));
    } else if (act !== undefined) {
      const fact = await perform(world, nextCommit(), act, segments);
      if (fact === undefined) {
        return undefined;
      }
      transcript.add([fact]);
    } else if (done !== undefined) {
      const { commit: wanted, reply } = done;
      if (wanted !== undefined && !(await commit(world, nextCommit(), wanted, segments))) {
        return undefined;
      }
      const segment = reply?.segment;
      return segment === undefined ? { done } : { done, body: segmentAt(segments, segment) };
    } else {
      throw new Error('the core answered neither need, act nor done');
    }
  }
  throw new TooManyRounds(`not done after ${rounds_max} rounds`);
}
