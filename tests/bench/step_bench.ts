// One whole step of a platform's creation, in Node and in workerd.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadCore } from '../../bindings/js/load_node.ts';
import { mustAgree } from './agree.ts';
import { type Effort, loopRunner, measure, type Runner } from './measure.ts';
import type { Row } from './result.ts';
import { blake3Hex } from './step/blake3.ts';
import {
  bytesOfOutput,
  type StepContenders,
  type StepForm,
  step_forms,
  stepContenders,
} from './step/contenders.ts';
import { createBody, createFrame } from './step/input.ts';
import { type StartedWorker, startWorker } from './workerd/start.ts';

/** The sizes of the configuration in the request: label and bytes; 0: none. */
export const step_samples = [
  ['no config', 0],
  ['4 KB', 4096],
  ['64 KB', 65_536],
  ['1 MB', 1_000_000],
] as const;

const names: Readonly<Record<StepForm, string>> = {
  frame: 'step, frame to frame',
  request: 'step, body to statements',
};

/** Both implementations in Node, to be timed, or to be checked with the core's own digest. */
export function nodeSteps(
  core_wasm: string,
  purpose: 'time' | 'check',
): Readonly<Record<StepForm, StepContenders>> {
  const sha256 = (text: string): string => hash('sha256', text, 'hex');
  return stepContenders(loadCore(core_wasm), purpose === 'time' ? sha256 : blake3Hex);
}

/** The input of a form. */
export function stepInput(form: StepForm, config_bytes: number): Uint8Array {
  const body = createBody(config_bytes);
  return form === 'frame' ? createFrame(body) : body;
}

/** Checks that both agree, then times them, in Node. */
export async function benchSteps(
  core_wasm: string,
  effort: Effort,
  told: (row: Row) => void,
): Promise<void> {
  const checked = nodeSteps(core_wasm, 'check');
  const timed = nodeSteps(core_wasm, 'time');
  for (const form of step_forms) {
    const { ours, js } = timed[form];
    for (const [sample, config_bytes] of step_samples) {
      const input = stepInput(form, config_bytes);
      const [one, other] = [checked[form].ours(input), checked[form].js(input)];
      mustAgree(`${form}, ${sample}`, bytesOfOutput(one), bytesOfOutput(other), 'js');
      const runners = [loopRunner('ours', () => ours(input)), loopRunner('js', () => js(input))];
      const cells = await measure(runners, effort);
      told({ group: 'e', what: names[form], sample, host: 'Node', unit: 'us', cells });
    }
  }
}

/** Checks that both agree with ours in Node, then times them, in workerd. */
export async function benchStepsInWorkerd(
  core_wasm: string,
  effort: Effort,
  told: (row: Row) => void,
): Promise<void> {
  const modules = { 'core.wasm': readFileSync(core_wasm) };
  const worker = await startWorker({ entry: './step_worker.ts', modules });
  const in_node = nodeSteps(core_wasm, 'check');
  try {
    for (const form of step_forms) {
      for (const [sample, config_bytes] of step_samples) {
        const input = stepInput(form, config_bytes);
        const expected = bytesOfOutput(in_node[form].ours(input));
        const runners = ['ours', 'js'].map((name) => askedStep(worker, form, config_bytes, name));
        for (const runner of runners) {
          const output = await runner.output();
          mustAgree(`${form}, ${sample}, workerd`, expected, output, runner.name);
        }
        const cells = await measure(runners, effort);
        told({ group: 'e', what: names[form], sample, host: 'workerd', unit: 'us', cells });
      }
    }
  } finally {
    await worker.stop();
  }
}

interface AskedStep extends Runner {
  output(): Promise<Uint8Array>;
}

function askedStep(
  worker: StartedWorker,
  form: StepForm,
  config_bytes: number,
  name: string,
): AskedStep {
  const ask = async (how: string): Promise<Uint8Array> => {
    const query = `form=${form}&contender=${name}&config_bytes=${config_bytes}&${how}`;
    const response = await fetch(`${worker.url}/?${query}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (response.ok) return bytes;
    throw new Error(`workerd answered ${response.status}: ${new TextDecoder().decode(bytes)}`);
  };
  return {
    name,
    output: () => ask('check'),
    async batch(iterations) {
      const started = performance.now();
      await ask(`n=${iterations}`);
      return performance.now() - started;
    },
  };
}
