// How platforms come over from the world before: imports, migrations, and the way back.
import { anyId } from './acts_platforms.ts';
import type { Act, Scene } from './people.ts';

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

function onMigration(below: string, bodyFor: (scene: Scene) => object): Act {
  return (scene) => {
    // Those that have custom domains have most to go wrong.
    const { db, chance } = scene;
    const with_domains = db.sqlite
      .prepare(`SELECT id FROM migration WHERE "row" LIKE '%"domains":[{%' ORDER BY id`)
      .all();
    const some = with_domains.length > 0 && chance.hits(0.5);
    const id = some ? String(chance.oneOf(with_domains).id) : anyId(scene, 'migration');
    if (id === undefined) return undefined;
    const [platform, environment] = id.split('/');
    const path = `/api/v1/platforms/${platform}/environments/${environment}/${below}`;
    return { method: 'POST', path, body: bodyFor(scene) };
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
  'confirm migration': onMigration('migrate/confirm', ({ chance }) => {
    return chance.hits(0.3) ? { keepOld: true } : {};
  }),
  'roll back migration': onMigration('migrate/rollback', () => ({ reason: 'because' })),
};
