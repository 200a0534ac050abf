// The body of POST /api/v1/platforms with zod, for the Worker that Slipway's own is compared with.
import * as z from 'zod';
import { type Issue, report } from '../hand/issues.ts';
import { body_fields } from '../step/body.ts';
import { config_schema, zodIssues } from './zod.ts';

const platform_id = /^(?=.{3,46}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** The shape of the body. */
export const createSchema = z.compile(
  z.strictObject({
    platformId: z.string().regex(platform_id),
    name: z.string().optional(),
    environments: z.array(z.enum(['dev', 'stg', 'prod'])),
    config: config_schema.optional(),
  }),
);

/** zod's faults in the core's words. */
export function createIssues(root: unknown, found: readonly z.core.$ZodIssue[]): Issue[] {
  const issues: Issue[] = [];
  const others = found.filter((fault) => fault.code !== 'invalid_format');
  const rule = 'must be 3 to 46 lower-case letters and digits in words joined by single dashes';
  if (others.length < found.length) report(issues, '/platformId', 'field.value', rule);
  return [...issues, ...zodIssues(root, others, body_fields)];
}
