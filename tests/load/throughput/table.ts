// The figures of the throughput as tables in Markdown.
import type { Measured, Ratio, Throughput } from './throughput.ts';

/** Everything that was measured, for people. */
export function asTable(result: Throughput): string {
  const { node, workerd, seconds, rounds, connections, load_before } = result;
  const about = `Node ${node}, workerd ${workerd}; ${connections} connections`;
  const load = `the machine's load before: ${load_before.toFixed(1)}`;
  const lost = result.ratios.filter(({ requests }) => requests.median < 1).map(({ name }) => name);
  return [
    `\n${about}, ${rounds} times ${seconds} s each; ${load}`,
    '\n| what | Worker | requests/s | p50 ms | p99 ms | max ms | odd, errors | ' +
      'MB before, peak, after |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...result.measured.map(measuredLine),
    '\n| ours against plain (above 1: ours is faster) | requests/s | p50 | p99 |',
    '| --- | ---: | ---: | ---: |',
    ...result.ratios.map(ratioLine),
    `\nSlower than the plain Worker: ${lost.length === 0 ? 'nothing' : lost.join('; ')}`,
  ].join('\n');
}

function measuredLine(one: Measured): string {
  const { name, side, per_second, p50_ms, p99_ms, max_ms, odd, errors, memory } = one;
  const { before, peak, after } = memory;
  const rate = `${fine(per_second.median)} (${fine(per_second.p10)}-${fine(per_second.p90)})`;
  const sizes = [before, peak, after].map((bytes) => Math.round(bytes / 1e6)).join(', ');
  const times = [p50_ms, p99_ms, max_ms].map(fine).join(' | ');
  return `| ${name} | ${side} | ${rate} | ${times} | ${odd}, ${errors} | ${sizes} |`;
}

function ratioLine({ name, requests, p50, p99 }: Ratio): string {
  const { median, p10, p90 } = requests;
  const spread = `${median.toFixed(2)} (${p10.toFixed(2)}-${p90.toFixed(2)})`;
  return `| ${name} | ${spread} | ${p50.toFixed(2)} | ${p99.toFixed(2)} |`;
}

function fine(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
