// `npm run load`: how much the Worker takes, and whether it keeps what it has acknowledged.
import { type Options, readOptions, UsageError, usage } from './options.ts';
import { soak } from './soak/soak.ts';
import { measureThroughput } from './throughput/throughput.ts';

process.exit(await main());

async function main(): Promise<number> {
  const options = read();
  if (options === undefined) return 2;
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const say = options.json
    ? (text: string): void => console.error(text)
    : (text: string): void => console.log(text);
  const { result, good } = await (options.soak ? soak : measureThroughput)(options, say);
  if (options.json) console.log(JSON.stringify(result, null, 2));
  return good ? 0 : 1;
}

function read(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return undefined;
  }
}
