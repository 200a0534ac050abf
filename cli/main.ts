// The command line, started: the real host, one run, its exit code.
import { hostOf } from './host.ts';
import { runCli } from './run.ts';

const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
process.on('SIGTERM', () => stop.abort());
// Whoever reads the output may have had enough of it (`slipway platform list | head`).
process.stdout.on('error', () => process.exit(0));

const code = await runCli(process.argv.slice(2), hostOf(stop.signal));
// What is still open (a kept connection, a read of the terminal) has nothing more to say.
process.exitCode = code;
process.stdout.write('', () => process.exit(code));
