// Every request to an upstream that the golden files show, each with the file that shows it.

import type { OutputControl, UpstreamRequest } from '../../bindings/js/control.ts';
import { decodeFrame, segmentAt, textOf } from '../../bindings/js/frame.ts';
import { controlOf } from '../node/golden/describe.ts';
import { goldenFrames } from '../node/golden/golden.ts';

/** A request of the core. */
export interface GoldenRequest {
  /** The golden file. */
  readonly file: string;
  readonly request: UpstreamRequest;
  /** Its body; empty without one. */
  readonly text: string;
}

/** Those to this target, each once: of two that are equal the first one stays. */
export function goldenRequests(target: UpstreamRequest['target']): GoldenRequest[] {
  const found = new Map<string, GoldenRequest>();
  for (const { name: file, output } of goldenFrames()) {
    const segments = decodeFrame(output);
    const { act, need = [] } = controlOf<OutputControl>(segments);
    const asked = need.flatMap((one) => (one.read === 'upstream' ? [one.request] : []));
    const made = act === undefined ? asked : [...asked, act.request];
    for (const request of made.filter((each) => each.target === target)) {
      const { segment } = request;
      const text = segment === undefined ? '' : textOf(segmentAt(segments, segment));
      const id = JSON.stringify([request.method, request.path, request.headers, text]);
      if (!found.has(id)) found.set(id, { file, request, text });
    }
  }
  return [...found.values()];
}
