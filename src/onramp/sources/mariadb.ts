import type { Environment, OwnStart } from './backing.ts';

/** What it takes no quotes to write in a shell, nor in SQL. */
const NAME = /^[A-Za-z_]\w{0,62}$/;
const ANY = /^/;

const VARIABLES = [
  ...['USER', 'PASSWORD', 'ROOT_PASSWORD', 'ROOT_HOST', 'RANDOM_ROOT_PASSWORD'],
  ...['ALLOW_EMPTY_PASSWORD', 'ALLOW_EMPTY_ROOT_PASSWORD'],
];

/** Of both images: those of MariaDB know the names of MySQL's too. */
const PREFIXES = ['MARIADB', 'MYSQL'];

/**
 * As its image does: a store is made once, with the database of its environment. Whoever comes is let in as anybody, whatever the
 * password, for nobody but the product's own services does. The store that was left half made is made again.
 */
export const MARIADB: OwnStart = {
  start: (environment) => {
    const database = databaseOf(environment);
    const store = '--datadir="${state}/data"';
    // As root it starts only when it is told that root is meant; anybody else is who they are.
    const user = '--user="$(id -u)"';
    return [
      'test -e "${state}/made" || { rm -rf "${state}/data"',
      `mariadb-install-db --no-defaults ${store} ${user} --force --skip-test-db > "\${state}/made.log"`,
      'touch "${state}/made"; }',
    ]
      .concat(
        `echo '${database === undefined ? '' : `CREATE DATABASE IF NOT EXISTS ${database};`}' > "\${state}/init.sql"`,
        `exec "\${program}" --no-defaults ${store} ${user} --port=\${port:tcp} --bind-address=0.0.0.0 --socket= --pid-file="\${state}/pid" --skip-grant-tables --init-file="\${state}/init.sql"`,
      )
      .join(' && ');
  },
  // It takes connections before it is ready for them.
  health: 'mariadb-admin --no-defaults --protocol=tcp -h 127.0.0.1 -P ${port:tcp} ping',
  variables: Object.fromEntries(
    PREFIXES.flatMap((prefix) => [
      [`${prefix}_DATABASE`, NAME],
      ...VARIABLES.map((name) => [`${prefix}_${name}`, ANY] as const),
    ]),
  ),
};

function databaseOf(environment: Environment): string | undefined {
  const named = PREFIXES.map((prefix) => environment.get(`${prefix}_DATABASE`) ?? '');
  return named.find((value) => NAME.test(value));
}
