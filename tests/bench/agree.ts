// Whether two implementations say the same.

interface Faults {
  issues?: { pointer: string; code: string }[];
}

/**
 * The output as text for a comparison. Faults are sorted: libraries find the same ones in another
 * order.
 */
export function comparable(output: Uint8Array): string {
  const text = new TextDecoder().decode(output);
  if (!text.startsWith('{"issues":')) return text;
  const { issues = [] } = JSON.parse(text) as Faults;
  return JSON.stringify(issues.map((issue) => JSON.stringify(issue)).sort());
}

/** @throws where an output differs from ours; `of` names the input. */
export function mustAgree(of: string, ours: Uint8Array, theirs: Uint8Array, name: string): void {
  const expected = comparable(ours);
  const found = comparable(theirs);
  if (expected === found) return;
  const at = [...expected].findIndex((letter, index) => letter !== found[index]);
  const near = (text: string): string => text.slice(Math.max(0, at - 60), at + 100);
  throw new Error(`${of}: ${name} disagrees\n  ours: ${near(expected)}\n  it:   ${near(found)}`);
}
