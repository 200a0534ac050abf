// How the shell is built: two static pages, the tenant's name in their HTML, a manifest at the end.

import { defineConfig } from 'vite';
import { authConfig } from './src/config/auth.config.ts';
import { envConfig } from './src/config/env.config.ts';
import { featuresConfig } from './src/config/features.config.ts';
import { readTenant } from './src/tenant.ts';
import { readBuild } from './vite/build-variables.ts';
import { slipwayManifest } from './vite/slipway-manifest.ts';
import { tenantHtml } from './vite/tenant-html.ts';

const build = readBuild(process.env);
const tenant = readTenant(envConfig, featuresConfig, authConfig, build.platform);

export default defineConfig({
  appType: 'mpa',
  plugins: [tenantHtml(tenant, build), slipwayManifest(build)],
  build: {
    target: 'es2023',
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', '404.html'] },
  },
});
