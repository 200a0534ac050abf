// The files of a platform's repository beside its configuration: a small shell and the workflow
// that deploys it.

const workflow = (platformId: string, branch: string): string => `name: Deploy
on:
  push:
    branches: [${branch}]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: pnpm/action-setup@v3
      - uses: actions/setup-node@v4
        with:
          node-version: 20
          cache: pnpm
      - run: pnpm install && pnpm build
      - run: npx wrangler pages deploy ./dist --project-name=${platformId}-dev-portal
        env:
          CLOUDFLARE_API_TOKEN: \${{ secrets.CF_API_TOKEN }}
          CLOUDFLARE_ACCOUNT_ID: \${{ secrets.CF_ACCOUNT_ID }}
`;

const main = (folder: string): string => `import { authConfig } from './${folder}auth.config';
import { envConfig } from './${folder}env.config';
import { featuresConfig } from './${folder}features.config';

document.title = envConfig.APP_NAME;
console.log(featuresConfig, authConfig);
`;

/** The files by path. `folder` holds the configuration: empty for the root, else ending in `/`. */
export function shellFiles(
  platformId: string,
  branch: string,
  folder: string,
): Record<string, string> {
  const manifest = {
    name: `${platformId}-platform-console`,
    private: true,
    scripts: { build: 'vite build' },
    devDependencies: { vite: '^5.4.0' },
  };
  const fromMain = folder.startsWith('src/') ? folder.slice('src/'.length) : `../${folder}`;
  return {
    '.github/workflows/deploy.yml': workflow(platformId, branch),
    'README.md': `# ${platformId}\n\nThe platform console of ${platformId}.\n`,
    'index.html': '<!doctype html>\n<script type="module" src="/src/main.ts"></script>\n',
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'public/robots.txt': 'User-agent: *\nAllow: /\n',
    'src/main.ts': main(fromMain),
  };
}
