import { checkOf } from '../jsonService.ts';
import { installPostgres, postgresService, programsOf, type Major } from '../postgres.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

const CHECK = `
import { query } from './query.mjs';
const notes = await query('SELECT note FROM notes ORDER BY note');
if (notes.join() !== 'one,two') throw new Error('the notes are gone: ' + notes.join());
`;

/** A store that was half made has another name. */
const START = `. ./commands.sh
if ! test -e "$STATE/$STORE"; then
  rm -rf "$STATE/part"
  make "$STATE/part"
  echo "CREATE TABLE notes (note text)" | sql "$BIN" "$STATE/part"
  echo "INSERT INTO notes VALUES ('one'), ('two')" | sql "$BIN" "$STATE/part"
  mv "$STATE/part" "$STATE/$STORE"
fi
serve "$STATE/$STORE"
`;

/** What the old server has is left as it is, for the way back. */
const MIGRATE = `. ./commands.sh
rm -rf "$STATE/part" "$STATE/$STORE"
make "$STATE/part"
echo "COPY notes TO '$STATE/notes'" | sql "$OLD_BIN" "$STATE/data"
echo "CREATE TABLE notes (note text)" | sql "$BIN" "$STATE/part"
echo "COPY notes FROM '$STATE/notes'" | sql "$BIN" "$STATE/part"
mv "$STATE/part" "$STATE/$STORE"
`;

/** @param store what of the state folder it serves, and makes where it is not */
function notes(major: Major, store: string, more: Readonly<Record<string, unknown>> = {}): Version {
  const files = { 'start.sh': START, 'migrate.sh': MIGRATE, 'check.mjs': CHECK };
  const env = { STORE: store, OLD_BIN: programsOf(15) };
  return {
    services: [postgresService(major, files, { start: ['sh', 'start.sh'], env, ...more })],
    registry: { checks: [checkOf('store', 'notes that were made before are still there')] },
  };
}

export const DATA_FOLDER_REFUSED: UpgradeFailure = {
  name: 'data-folder-refused',
  looksLike: 'a new major version of a database refuses the data folder of the one before',
  runsOn: 'PostgreSQL 15 and 17',
  programs: ['unshare', 'sh'],
  prepare: () => installPostgres(15, 17),
  old: notes(15, 'data'),
  broken: notes(17, 'data'),
  fixed: notes(17, 'data-17', { migrate: ['sh', 'migrate.sh'] }),
  foundBy: {
    invariant: 'upgraded-runs-signed-content',
    says: /"store" on n\d .*initialized by PostgreSQL version 15, which is not compatible with this version 17/,
  },
};
