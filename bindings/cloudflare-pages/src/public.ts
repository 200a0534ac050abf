// What every entry exports beside `provision`.
export type { Problem, ProvisionIssue } from './error.ts';
export { ProvisionError } from './error.ts';
export type * from './types.ts';
