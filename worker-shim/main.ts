// The Worker: three ways in, one world each.
import { createCore } from '../bindings/js/core.ts';
import coreModule from '../build/core.wasm';
import connect_github_html from '../build/pages/connect-github.html.txt';
import manifest from '../build/pages/manifest.json.txt';
import pages_css from '../build/pages/pages.css.txt';
import publishing_html from '../build/pages/publishing.html.txt';
import publishing_js from '../build/pages/publishing.js.txt';
import sign_in_html from '../build/pages/sign-in.html.txt';
import sign_in_js from '../build/pages/sign-in.js.txt';
import { createApp } from './app.ts';
import { type Bindings, openWorld } from './instance.ts';
import { Isolate } from './isolate.ts';
import { hostPorts } from './ports.ts';
import { problemResponse } from './problems.ts';
import { tick } from './triggers/cron.ts';
import { buryMessages, performMessages } from './triggers/queue.ts';
import { consoleLog, errorText, type World } from './world.ts';

const core = createCore(coreModule);
const app = createApp({
  manifest,
  texts: {
    'connect-github.html': connect_github_html,
    'pages.css': pages_css,
    'publishing.html': publishing_html,
    'publishing.js': publishing_js,
    'sign-in.html': sign_in_html,
    'sign-in.js': sign_in_js,
  },
});
const isolate = new Isolate();

/** Where messages go that failed too often; wrangler.toml names it, too. */
const dead_queue = 'slipway-dead';

export default {
  async fetch(request, env): Promise<Response> {
    let world: World;
    try {
      world = openWorld(env, core, isolate);
    } catch (error) {
      const request_id = hostPorts.entropy();
      consoleLog({ event: 'start_failed', request_id, error: errorText(error) });
      const response = problemResponse(error);
      response.headers.set('x-request-id', request_id);
      return response;
    }
    return await app.fetch(request, world);
  },
  async queue(batch, env): Promise<void> {
    const take = batch.queue === dead_queue ? buryMessages : performMessages;
    await take(openWorld(env, core, isolate), batch.messages);
  },
  async scheduled(_controller, env): Promise<void> {
    await tick(openWorld(env, core, isolate));
  },
} satisfies ExportedHandler<Bindings>;
