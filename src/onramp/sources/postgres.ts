import type { Environment, OwnStart } from './backing.ts';

/** Programs of one PostgreSQL lie beside each other, wherever links lead to its server. */
const BESIDE = '$(dirname "$(readlink -f "${program}")")';

/** What it takes no quotes to write in a shell. */
const NAME = /^[A-Za-z_][\w-]{0,62}$/;
const ANY = /^/;

/**
 * As its image does: a store is made once, with the user and the database of its environment. Whoever comes is let in, whatever
 * the password, for nobody but the product's own services does. The store that was left half made is made again.
 */
export const POSTGRES: OwnStart = {
  start: (environment) => {
    const user = named(environment, 'POSTGRES_USER') ?? 'postgres';
    const database = named(environment, 'POSTGRES_DB') ?? user;
    const store = '"${state}/data"';
    return [
      `test -e "\${state}/made" || { rm -rf ${store}`,
      `${BESIDE}/initdb -D ${store} -U ${user} --auth=trust --encoding=UTF8 --no-sync`,
      `echo "host all all all trust" >> "\${state}/data/pg_hba.conf"`,
      ...(database === 'postgres'
        ? []
        : [`echo 'CREATE DATABASE "${database}"' | "\${program}" --single -D ${store} postgres`]),
      'touch "${state}/made"; }',
    ]
      .concat(`exec "\${program}" -D ${store} -p \${port:tcp} -h 0.0.0.0 -k ""`)
      .join(' && ');
  },
  // It accepts connections before it is ready for them.
  health: `${BESIDE}/pg_isready -q -h 127.0.0.1 -p \${port:tcp}`,
  variables: {
    ...{ POSTGRES_USER: NAME, POSTGRES_DB: NAME },
    ...{ POSTGRES_PASSWORD: ANY, POSTGRES_HOST_AUTH_METHOD: ANY, PGDATA: ANY },
  },
  refusesRoot: true,
};

function named(environment: Environment, variable: string): string | undefined {
  const value = environment.get(variable) ?? '';
  return NAME.test(value) ? value : undefined;
}
