// The shell's entry: reads the configuration and fills the static page.

import { showBuild } from './build-note.ts';
import { authConfig } from './config/auth.config.ts';
import { envConfig } from './config/env.config.ts';
import { featuresConfig } from './config/features.config.ts';
import { readTenant } from './tenant.ts';
import { showSignIn, showSupport, showToggles } from './view.ts';
import './style.css';

// The page names its platform, so that this script's bytes depend on the configuration alone.
const platform = document.documentElement.dataset.platform ?? '';
const tenant = readTenant(envConfig, featuresConfig, authConfig, platform);

for (const place of document.querySelectorAll('[data-tenant-name]')) {
  place.textContent = tenant.name;
}
showToggles('features', tenant.features, 'No features are configured.');
showToggles('stacks', tenant.stacks, 'No stacks are provisioned.');
showSignIn(tenant.signIn);
showSupport(tenant.supportEmail);
void showBuild();
