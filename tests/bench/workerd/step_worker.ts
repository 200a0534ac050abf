// A Worker that makes one step of a platform's creation as often as it is told, in plain JavaScript
// or with the core. Clocks stand still while a request runs: the caller takes the time. The query:
// `form`, `contender`, `config_bytes`, `n`; with `check` the output is answered, which otherwise
// would count.
import { createHash } from 'node:crypto';
import { createCore } from '../../../bindings/js/core.ts';
import core_module from '../core.wasm';
import { blake3Hex } from '../step/blake3.ts';
import { bytesOfOutput, type StepForm, stepContenders } from '../step/contenders.ts';
import { createBody, createFrame } from '../step/input.ts';

// To be checked, plain JavaScript takes the core's digest; to be timed, the fastest that workerd
// has: native, and answered at once.
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const core = createCore(core_module);
const timed = stepContenders(core, sha256);
const checked = stepContenders(core, blake3Hex);
const inputs = new Map<string, Uint8Array>();

function inputOf(form: StepForm, config_bytes: number): Uint8Array {
  const key = `${form} ${config_bytes}`;
  let input = inputs.get(key);
  if (input === undefined) {
    const body = createBody(config_bytes);
    input = form === 'frame' ? createFrame(body) : body;
    inputs.set(key, input);
  }
  return input;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const form = query.get('form') as StepForm;
    const contenders = query.has('check') ? checked : timed;
    const call = contenders[form][query.get('contender') === 'ours' ? 'ours' : 'js'];
    const input = inputOf(form, Number(query.get('config_bytes')));
    const n = Number(query.get('n') ?? 1);
    let output: ReturnType<typeof call> = new Uint8Array();
    for (let i = 0; i < n; i += 1) output = call(input);
    return new Response(query.has('check') ? bytesOfOutput(output).slice() : '');
  },
};
