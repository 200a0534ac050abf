// The inputs of a dispatch: checked against the declarations of the workflow file, and as the
// `inputs` context sees them.

import type { Json } from './expressions.ts';
import type { InputDeclaration } from './workflow.ts';

/** Inputs accepted, or the sentence that says why not. */
export type InputsResult =
  | { readonly values: Record<string, string> }
  | { readonly refusal: string };

/** Checks what was given against the declarations and fills in the defaults. */
export function resolveInputs(
  declared: readonly InputDeclaration[],
  given: Readonly<Record<string, unknown>>,
): InputsResult {
  const names = declared.map((input) => input.name);
  const unexpected = Object.keys(given).filter((name) => !names.includes(name));
  if (unexpected.length > 0) {
    return { refusal: `Unexpected inputs provided: ${JSON.stringify(unexpected)}` };
  }
  const values: Record<string, string> = {};
  for (const input of declared) {
    const raw = given[input.name];
    if (raw !== undefined && !['string', 'number', 'boolean'].includes(typeof raw)) {
      return { refusal: `Invalid value for input '${input.name}'` };
    }
    const value = raw === undefined || raw === '' ? (input.default ?? '') : String(raw);
    const refusal = refuse(input, value);
    if (refusal !== undefined) return { refusal };
    values[input.name] = value;
  }
  return { values };
}

/** The `inputs` context: booleans and numbers keep their type, everything else is text. */
export function inputsContext(
  declared: readonly InputDeclaration[],
  values: Readonly<Record<string, string>>,
): Record<string, Json> {
  const typed = declared.map(({ name, type }): [string, Json] => {
    const value = values[name] ?? '';
    if (type === 'boolean') return [name, value === 'true'];
    if (type === 'number' && value !== '') return [name, Number(value)];
    return [name, value];
  });
  return Object.fromEntries(typed);
}

function refuse(input: InputDeclaration, value: string): string | undefined {
  if (value === '') {
    return input.required ? `Required input '${input.name}' not provided` : undefined;
  }
  const allowed = input.type === 'boolean' ? ['true', 'false'] : input.options;
  if ((input.type === 'choice' || input.type === 'boolean') && !allowed.includes(value)) {
    return `Provided value '${value}' for input '${input.name}' not in the list of allowed values`;
  }
  if (input.type === 'number' && !Number.isFinite(Number(value))) {
    return `Provided value '${value}' for input '${input.name}' is not a number`;
  }
  return undefined;
}
