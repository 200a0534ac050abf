// How platforms come over from the world before: imports, migrations, and the way back.
import { anyId, rowOf } from './acts_platforms.ts';
import type { Act, Scene, Wish } from './people.ts';
import { account_id, main_token } from './settings.ts';

const startImport: Act = ({ plan, chance }) => {
  if (!plan.migration) return undefined;
  const body = chance.oneOf<object>([
    { all: true },
    { all: true },
    { all: true, dryRun: true },
    { all: true, owner: 'nobody-at-all' },
  ]);
  return { method: 'POST', path: '/api/v1/platforms/import', body };
};

// Those that have custom domains have most to go wrong.
function anyMigration(scene: Scene): string | undefined {
  const { db, chance } = scene;
  const with_domains = db.sqlite
    .prepare(`SELECT id FROM migration WHERE "row" LIKE '%"domains":[{%' ORDER BY id`)
    .all();
  const some = with_domains.length > 0 && chance.hits(0.5);
  return some ? String(chance.oneOf(with_domains).id) : anyId(scene, 'migration');
}

function wishFor(id: string, below: string, body: object): Wish {
  const [platform, environment] = id.split('/');
  const path = `/api/v1/platforms/${platform}/environments/${environment}/${below}`;
  return { method: 'POST', path, body };
}

function onMigration(below: string, bodyFor: (scene: Scene) => object): Act {
  return (scene) => {
    const id = anyMigration(scene);
    return id === undefined ? undefined : wishFor(id, below, bodyFor(scene));
  };
}

// The end of a migration, for which somebody waits; the token may be given other rights before.
function confirm(permissions?: object): Act {
  return (scene) => {
    const { db, outside, chance, plan } = scene;
    if (permissions !== undefined && !(plan.migration && outside.isMeddled())) return undefined;
    const id = anyMigration(scene);
    if (id === undefined) return undefined;
    const wish = wishFor(id, 'migrate/confirm', chance.hits(0.3) ? { keepOld: true } : {});
    if (chance.hits(0.3)) return wish;
    const isNear = (): boolean => {
      const { state } = rowOf<{ state: string }>({ db }, 'migration', id) ?? { state: '' };
      return ['migrated', 'removing'].includes(state);
    };
    const rights = (): void => outside.cloudflare.configure(account_id, { permissions });
    return { ...wish, when: isNear, ...(permissions === undefined ? {} : { before: rights }) };
  };
}

/** By their names. */
export const migrationActs: Readonly<Record<string, Act>> = {
  import: startImport,
  'import again': startImport,
  migrate: onMigration('migrate', ({ chance }) => {
    return chance.oneOf<object>([{}, { mode: 'new_project' }, { mode: 'in_place' }]);
  }),
  'migrate in place': onMigration('migrate', () => ({ mode: 'in_place' })),
  'migrate again': onMigration('migrate', () => ({})),
  'confirm migration': confirm(),
  'confirm without rights': confirm({ [main_token]: 'read' }),
  'confirm with rights': confirm({}),
  'roll back migration': onMigration('migrate/rollback', () => ({ reason: 'because' })),
};
