// A Vite plugin: fills the {{placeholders}} of the static pages, so that the tenant's name is there
// before any script runs.

import type { Plugin } from 'vite';
import type { Tenant } from '../src/tenant.ts';
import type { Build } from './build-variables.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe in an element's content and in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Replaces `{{name}}`, `{{platform}}`, `{{environment}}`; another placeholder is an error. */
export function tenantHtml(tenant: Tenant, build: Build): Plugin {
  const values: Readonly<Record<string, string>> = {
    name: tenant.name,
    platform: build.platform,
    environment: build.environment,
  };
  return {
    name: 'tenant-html',
    // After Vite's own replacements, so that a name like `%MODE%` stays what it is.
    transformIndexHtml: {
      order: 'post',
      handler(html): string {
        return html.replace(/\{\{(\w+)\}\}/g, (placeholder, key: string) => {
          const value = values[key];
          if (value === undefined) throw new Error(`Unknown placeholder ${placeholder}`);
          return escapeHtml(value);
        });
      },
    },
  };
}
