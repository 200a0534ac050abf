// Starts the simulated world behind one port on the loopback interface:
//   node simulator/main.ts --config FILE.json [--port P] [--state DIR]
// Prints one line of JSON when it listens. Without --state the world ends with the process.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from './base/clock.ts';
import { serve } from './base/serve.ts';
import { diskStore, memoryStore } from './base/store.ts';
import { readJson } from './base/strict.ts';
import { createWorld, worldConfig } from './world.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    state: { type: 'string' },
    config: { type: 'string' },
  },
});

if (values.config === undefined) {
  console.error('usage: main.ts --config FILE.json [--port P] [--state DIR]');
  process.exit(2);
}

const config = readJson(readFileSync(values.config, 'utf8'), worldConfig);
const store = values.state === undefined ? memoryStore() : diskStore(values.state);
const world = createWorld(systemClock, store, config);
const served = await serve(world.fetch, Number(values.port));
console.log(JSON.stringify({ event: 'listening', url: served.url, port: served.port }));

const advancing = setInterval(() => void world.advance(), 200);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(advancing);
    Promise.all([served.close(), world.close()]).then(() => process.exit(0));
  });
}
