// `npm start`: the simulated world, the Worker, the demo platforms taken live, and a table of
// addresses.
import { openApi } from './api.ts';
import { tellBatches } from './batches.ts';
import { demo_platforms, fleetPlatforms } from './demo.ts';
import { type Display, openDisplay } from './display.ts';
import { type SiteStatus, takeLive } from './follow.ts';
import { type Instance, openInstance, siteForPeople } from './instance.ts';
import { type Options, readOptions, UsageError, usage } from './options.ts';
import { createOrgs, orgLines, published_org, takeOrgLive } from './orgs.ts';
import { requireFreePorts } from './ports.ts';
import { chooseRunner, startSimulator } from './simulator.ts';
import { startWorker } from './worker.ts';

const wait_s = 30;
let isUp = false;

process.exit(await main());

async function main(): Promise<number> {
  const options = read();
  if (options === undefined) return 0;
  if (typeof options === 'number') return options;
  const instance = openInstance(options);
  const stops: (() => Promise<void>)[] = [];
  // Ctrl-C is the ordinary end of an instance that is up, and an abort before.
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    return await Promise.race([
      serve(options, instance, stops),
      interrupted.then(() => (isUp ? 0 : 130)),
    ]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function read(): Options | number | undefined {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === undefined) console.log(usage);
    return options;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}

async function serve(
  options: Options,
  instance: Instance,
  stops: (() => Promise<void>)[],
): Promise<number> {
  await requireFreePorts([instance.worker_port, instance.simulator_port]);
  console.log('Starting the simulated GitHub and Cloudflare, and the Worker');
  const simulator = await startSimulator(instance);
  stops.push(() => simulator.stop());
  const display = openDisplay();
  stops.push(async () => display.end());
  const worker = await startWorker(instance, (text) => display.say(text));
  stops.push(() => worker.stop());

  const statuses = await takeAllLive(options, instance, display);
  display.end();
  printTable(instance, statuses);
  const failed = statuses.filter((status) => status.progress.state !== 'succeeded');
  for (const status of failed) printFailure(status);
  if (options.once) return failed.length === 0 ? 0 : 1;
  console.log('\nCtrl-C stops everything; `npm start` goes on from here.');
  isUp = true;
  return new Promise(() => undefined);
}

async function takeAllLive(
  options: Options,
  instance: Instance,
  display: Display,
): Promise<SiteStatus[]> {
  const api = openApi(instance);
  const update = (status: SiteStatus): void => display.update(status);
  await api.hurry(instance.secrets.cloudflare_account);
  await createOrgs(api);
  const batches = await tellBatches(api, (line) => display.say(line));
  await chooseRunner(instance, 'real');
  const demo = await Promise.all([
    ...(options.orgs ? [] : demo_platforms).map((platform) =>
      takeLive(api, platform, wait_s, update),
    ),
    takeOrgLive(api, published_org, update).then((status) => [status]),
  ]);
  if (options.fleet === 0) {
    await batches.stop();
    return demo.flat();
  }
  await chooseRunner(instance, 'modelled');
  const platforms = fleetPlatforms(options.fleet);
  const fleet = await Promise.all(platforms.map((platform) => takeLive(api, platform, 0, update)));
  await chooseRunner(instance, 'real');
  const told = (await batches.stop()).filter(({ deployments }) => deployments > 0);
  display.say(`${demo.flat().length + fleet.flat().length} sites in ${told.length} batches`);
  return [...demo.flat(), ...fleet.flat()];
}

function printTable(instance: Instance, statuses: readonly SiteStatus[]): void {
  console.log('\nSite              State   Address');
  for (const { platformId, environment, progress } of statuses) {
    const name = `${platformId}/${environment}`.padEnd(17);
    const address = progress.url === undefined ? '' : siteForPeople(instance, progress.url);
    console.log(`${name} ${progress.step.padEnd(7)} ${address}`);
  }
  console.log('\nPublishing');
  for (const line of orgLines(instance)) console.log(line);
  console.log(`\nAPI               ${instance.worker_url}/openapi.json`);
  console.log(
    `GitHub's runs     ${instance.simulator_url}/neutrino-io/nno-platform-builder/actions`,
  );
  console.log(`Admin key         in ${instance.state}/secrets.json`);
  console.log(`Logs              ${instance.state}/logs`);
}

function printFailure({ platformId, environment, progress }: SiteStatus): void {
  console.error(`\n${platformId}/${environment} is not live: ${progress.step}`);
  const { failure } = progress;
  if (failure === undefined) return;
  console.error(`  ${failure.code}: ${failure.detail}\n  next: ${failure.next}`);
  if (failure.logTail !== undefined) console.error(failure.logTail.replace(/^/gm, '  | '));
}
