// The pieces with zod 4 in its fastest documented configuration: schemas compiled by z.compile,
// which falls back to the interpreter where a host allows no `new Function`, as workerd does.
// JSON.parse and the writing are those of the plain implementation. A schema checks the shape; the
// rules that it cannot say are shared, too.
import * as z from 'zod';
import type { ParsedPieces } from '../contender.ts';
import { answerFor } from '../hand/config.ts';
import { type Issue, notOneOf, pointerTo, report, reportType, unknown } from '../hand/issues.ts';
import { asCoreWrites, faultsText, malformed } from '../hand/text.ts';
import { keptDeployment, keptRun, requestFor, wish_fields } from '../hand/upstream.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.record(z.string(), scalar);
const switches = z.record(
  z.string(),
  z.strictObject({
    enabled: z.boolean(),
    options: scalars.optional(),
    requires: z.array(z.string()).optional(),
  }),
);
const settings = z.strictObject({
  provider: z.enum(['none', 'oidc']).optional(),
  issuer: z.string().optional(),
  clientId: z.string().optional(),
  scopes: z.array(z.string()).optional(),
});

/** A configuration's shape. */
export const config_schema = z.strictObject({
  features: z.strictObject({ features: switches, stacks: switches.optional() }),
  env: z.strictObject({
    default: scalars,
    dev: scalars.optional(),
    stg: scalars.optional(),
    prod: scalars.optional(),
  }),
  auth: z.strictObject({
    default: settings,
    dev: settings.optional(),
    stg: settings.optional(),
    prod: settings.optional(),
  }),
});

const config = z.compile(config_schema);

const runs = z.compile(
  z.object({
    workflow_runs: z.array(
      z.object({
        id: z.int(),
        display_title: z.string(),
        status: z.string().nullish(),
        conclusion: z.string().nullish(),
        html_url: z.string().nullish(),
      }),
    ),
  }),
);

const metadata = z.object({ commit_message: z.string().nullish() });
const deployments = z.compile(
  z.object({
    result: z.array(
      z.object({
        id: z.string(),
        url: z.string().nullish(),
        latest_stage: z
          .object({ name: z.string().nullish(), status: z.string().nullish() })
          .nullish(),
        is_skipped: z.boolean().nullish(),
        aliases: z.array(z.string()).nullish(),
        deployment_trigger: z.object({ metadata: metadata.nullish() }).nullish(),
      }),
    ),
  }),
);

const wish = z.compile(
  z.strictObject({
    credential: z.string(),
    accountId: z.string(),
    project: z.string(),
    site: z.string(),
  }),
);

const expectations: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'an array',
  string: 'a string',
  boolean: 'true or false',
};

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const name of path) value = (value as Record<PropertyKey, unknown>)[name];
  return value;
}

/** zod's faults in the core's words. */
export function zodIssues(
  root: unknown,
  found: readonly z.core.$ZodIssue[],
  fields?: readonly string[],
): Issue[] {
  const issues: Issue[] = [];
  for (const fault of found) {
    const pointer = fault.path.reduce<string>((p, name) => pointerTo(p, String(name)), '');
    const value = valueAt(root, fault.path);
    if (fault.code === 'unrecognized_keys') {
      for (const name of fault.keys) {
        unknown(pointer, name, issues, fields);
      }
    } else if (value === undefined) {
      report(issues, pointer, 'field.missing', 'is required');
    } else if (fault.code === 'invalid_union') {
      reportType(issues, pointer, 'a string, a number, true or false');
    } else if (fault.code === 'invalid_value' && typeof value === 'string') {
      notOneOf(pointer, value, fault.values.map(String), issues);
    } else {
      const expected = fault.code === 'invalid_type' ? expectations[fault.expected] : undefined;
      reportType(issues, pointer, expected ?? 'a string');
    }
  }
  return issues;
}

function validateWithZod(value: unknown): string {
  if (value === undefined) return faultsText(malformed);
  const result = config.safeParse(value);
  return result.success
    ? answerFor(result.data)
    : faultsText(zodIssues(value, result.error.issues));
}

function runsWithZod(value: unknown): string {
  const page = runs.safeParse(value);
  if (!page.success) return 'null';
  const workflow_runs = page.data.workflow_runs.map(keptRun);
  return asCoreWrites(JSON.stringify({ workflow_runs }));
}

function deploymentsWithZod(value: unknown): string {
  const page = deployments.safeParse(value);
  if (!page.success) return 'null';
  const result = page.data.result.map(keptDeployment);
  return asCoreWrites(JSON.stringify({ result }));
}

function projectWithZod(value: unknown): string {
  if (value === undefined) return faultsText(malformed);
  const result = wish.safeParse(value);
  return result.success
    ? requestFor(result.data)
    : faultsText(zodIssues(value, result.error.issues, wish_fields));
}

/** Every piece with zod, for a parsed document. */
export const zod_pieces: ParsedPieces = {
  'config.validate': validateWithZod,
  'github.runs': runsWithZod,
  'pages.deployments': deploymentsWithZod,
  'pages.create_project': projectWithZod,
};
