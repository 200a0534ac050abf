// The shape of a configuration's sign-in, checked by hand. It is small and comes once a document,
// so that it is checked the same way whether it is right or not.
import { type Issue, isObject, missing, notOneOf, reportType, unknown } from './issues.ts';

function checkText(value: unknown, at: string, issues: Issue[]): void {
  if (typeof value !== 'string') reportType(issues, at, 'a string');
}

function checkScopes(value: unknown, at: string, issues: Issue[]): void {
  if (!Array.isArray(value)) {
    reportType(issues, at, 'an array');
    return;
  }
  for (let i = 0; i < value.length; i += 1) checkText(value[i], `${at}/${i}`, issues);
}

function checkSettings(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const name in value) {
    const one = value[name];
    if (name === 'provider') {
      checkText(one, `${at}/provider`, issues);
      if (typeof one === 'string' && one !== 'none' && one !== 'oidc') {
        notOneOf(`${at}/provider`, one, ['none', 'oidc'], issues);
      }
    } else if (name === 'issuer' || name === 'clientId') {
      checkText(one, `${at}/${name}`, issues);
    } else if (name === 'scopes') {
      checkScopes(one, `${at}/scopes`, issues);
    } else {
      unknown(at, name, issues);
    }
  }
}

/** Reports the faults of the document `auth`. */
export function checkAuthShape(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const name in value) {
    if (name === 'default' || name === 'dev' || name === 'stg' || name === 'prod') {
      checkSettings(value[name], `${at}/${name}`, issues);
    } else {
      unknown(at, name, issues);
    }
  }
  if (value.default === undefined) missing(at, 'default', issues);
}
