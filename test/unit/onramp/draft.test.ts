import assert from 'node:assert/strict';
import { draftRegistry } from '../../../src/onramp/draft.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';
import { PRODUCTS } from '../../support/onramp/products.ts';

const MACHINE = { hasProgram: () => false, hasNames: true };

function drafted(name: string, options = {}) {
  return draftRegistry(memoryProduct(PRODUCTS[name]!, name), { ...MACHINE, ...options });
}

describe('a registry drafted from somebody’s product', () => {
  for (const [name, { starts }] of Object.entries(PRODUCTS)) {
    it(`starts what ${name} starts`, () => {
      const { registry } = drafted(name);

      assert.deepEqual(
        Object.fromEntries(
          registry.services.map((service) => [service.name, [service.start].flat().join(' ')]),
        ),
        starts,
      );
    });
  }

  it('starts what runs once first, and gives it no port, whatever its image exposes', () => {
    const compose = memoryProduct(
      {
        files: {
          'compose.yaml': `services:
  migrate: { build: ., command: node migrate.js }
  api: { build: ., depends_on: { migrate: { condition: service_completed_successfully } } }
  init: { image: "postgres:16", command: psql -f seed.sql }
  seeded: { build: ., depends_on: { init: { condition: service_completed_successfully } } }
`,
          Dockerfile:
            'FROM node:22\nCOPY . /app\nWORKDIR /app\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
          'server.js': '',
          'migrate.js': '',
        },
      },
      'compose',
    );
    const { registry, gaps } = draftRegistry(compose, { ...MACHINE, hasProgram: () => true });
    const [migrate, api] = registry.services;
    assert.equal(migrate?.once, true);
    assert.deepEqual([migrate.health, migrate.ports], [undefined, undefined]);
    assert.deepEqual(api?.dependsOn, ['migrate']);
    assert.ok(!registry.services.some(({ name }) => name === 'init'));
    assert.ok(gaps.some(({ where, what }) => where.includes('init') && what.includes('runs once')));

    const { services } = drafted('Procfile').registry;
    assert.equal(services.find(({ name }) => name === 'release')?.once, true);
    assert.ok(
      services.every(({ name, dependsOn }) => name === 'release' || dependsOn?.[0] === 'release'),
    );
  });

  it('names a source for every field it wrote', () => {
    for (const name of Object.keys(PRODUCTS)) {
      const { registry, taken } = drafted(name);
      for (const service of registry.services) {
        const fields = Object.keys(service).flatMap((key) =>
          key === 'name'
            ? []
            : key === 'env'
              ? Object.keys(service.env ?? {}).map((one) => `env.${one}`)
              : [key],
        );
        for (const field of fields) {
          const found = taken.find(
            (one) => one.service === service.name && one.field.startsWith(field),
          );
          assert.ok(
            found !== undefined && found.source !== '',
            `${name}: ${service.name}.${field}`,
          );
        }
      }
    }
  });

  describe('with databases, queues and caches from images', () => {
    const compose = `services:
  api:
    build: .
    environment: { CACHE_URL: "redis://cache:6379/0", QUEUE: "other:4222", DB_URL: "postgres://db/shop" }
    depends_on: [cache, db]
  cache:
    image: redis:7.2-alpine
    command: redis-server --appendonly yes
    environment: { TZ: UTC }
  other: { image: "nats", depends_on: [cache], command: ["-c", "/etc/nats.conf"], volumes: ["./nats:/etc"] }
  db: { image: "postgres:15", environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: x, POSTGRES_DB: orders, TZ: UTC } }
`;
    const files = {
      'compose.yaml': compose,
      Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["node", "server.js"]\n',
      'server.js': 'listen(process.env.PORT);\n',
    };
    const draftOn = (programs: readonly string[], hasNames = true) =>
      draftRegistry(memoryProduct({ files }), {
        hasProgram: (program) => programs.includes(program),
        hasNames,
      });
    const gapsOf = ({ gaps }: ReturnType<typeof draftOn>) =>
      gaps.map(({ where, what, remedy }) => `${where}: ${what}; ${remedy}`).join('\n');

    it('makes services of the programs that this machine has', () => {
      const { registry, taken } = draftOn(['redis-server', 'nats-server']);
      const [api, cache, other] = registry.services;
      assert.equal(registry.services.length, 3);
      assert.deepEqual(cache, {
        name: 'cache',
        program: { requires: 'redis-server', version: '>=7' },
        start: [
          ...['redis-server', '--port', '${port:tcp}', '--dir', '${state}', '--bind', '0.0.0.0'],
          ...['--protected-mode', 'no', '--appendonly', 'yes'],
        ],
        env: { PATH: '${host.path}' },
        ports: { tcp: 6379 },
        health: { tcp: { port: 'tcp' } },
      });
      assert.equal(api?.env?.CACHE_URL, 'redis://cache:${service:cache.tcp}/0');
      assert.deepEqual([api.dependsOn, other?.dependsOn], [['cache'], ['cache']]);
      assert.deepEqual(other && 'program' in other && other.program, { requires: 'nats-server' });
      const source = taken.find(({ service, field }) => service === 'cache' && field === 'program');
      assert.equal(source?.source, 'compose.yaml, services.cache.image');
    });

    it('says what it left of them, and which package brings one that is not here', () => {
      const told = gapsOf(draftOn(['nats-server']));
      for (const expected of [
        /services\.cache: redis:7\.2-alpine is not carried over.*install redis-server \(Debian's name\) to have it as a service of its own/,
        /services\.other\.command: "-c \/etc\/nats\.conf" is not carried over/,
        /services\.other\.volumes: it is made for the image/,
        /services\.db: postgres:15 is not carried over.*install postgresql \(Debian's name\) to have it as a service of its own, or start it on this machine, at its usual port 5432/,
      ]) {
        assert.match(told, expected);
      }
    });

    it('makes the store of PostgreSQL first, as its image does, but not as root', () => {
      const db = draftOn(['postgres']).registry.services.find(({ name }) => name === 'db');
      const start = String(db?.start);
      assert.match(start, /initdb -D "\$\{state\}\/data" -U shop .*CREATE DATABASE "orders"/);
      assert.match(start, / && exec "\$\{program\}" .* -p \$\{port:tcp\} -h 0\.0\.0\.0/);
      assert.deepEqual(db?.ports, { tcp: 5432 });
      assert.match(gapsOf(draftOn(['postgres'])), /services\.db, environment: TZ is for its image/);
      const asRoot = draftRegistry(memoryProduct({ files }), {
        ...{ hasProgram: () => true, hasNames: true, isRoot: true },
      });
      assert.match(gapsOf(asRoot), /postgres does not run as root.*rehearse as another user/);
    });

    describe('of MySQL, MariaDB and MongoDB', () => {
      const draftWith = (image: string, environment: string) =>
        draftRegistry(
          memoryProduct({
            files: {
              ...files,
              'compose.yaml': `services:
  api: { build: ., depends_on: [db], environment: { DATABASE_URL: "x://app:secret@db/shop" } }
  db: { image: "${image}", environment: ${environment} }
`,
            },
          }),
          { hasProgram: () => true, hasNames: true, isRoot: true },
        );
      const dbOf = ({ registry }: ReturnType<typeof draftWith>) =>
        registry.services.find(({ name }) => name === 'db');

      it('makes a store with the database of the environment, which lets anybody in', () => {
        const environment = '{ MYSQL_DATABASE: shop, MYSQL_USER: app, MYSQL_PASSWORD: secret }';
        const draft = draftWith('mariadb:10.6', environment);
        const db = dbOf(draft);
        assert.match(
          String(db?.start),
          /mariadb-install-db .*CREATE DATABASE IF NOT EXISTS shop;.* exec "\$\{program\}" .*--port=\$\{port:tcp\}.*--skip-grant-tables/,
        );
        assert.deepEqual(db && 'program' in db && db.program, {
          ...{ requires: 'mariadbd', version: '>=10' },
        });
        assert.ok(!draft.text.includes('MYSQL_'), draft.text);
        assert.doesNotMatch(gapsOf(draft), /services\.db/);
      });

      it('says that MariaDB runs in the place of MySQL, and what it could not carry over', () => {
        const draft = draftWith('mysql:8.4', '{ MYSQL_DATABASE: "a b; DROP", TZ: UTC }');
        const db = dbOf(draft);
        assert.deepEqual(db && 'program' in db && db.program, { requires: 'mariadbd' });
        assert.ok(!draft.text.includes('DROP'));
        assert.match(gapsOf(draft), /mariadbd of this machine runs in the place of mysql:8\.4/);
        assert.match(gapsOf(draft), /environment: MYSQL_DATABASE, TZ is for its image/);
      });

      it('starts MongoDB without accounts, and says so', () => {
        const draft = draftWith('mongo:7', '{ MONGO_INITDB_ROOT_USERNAME: app }');
        assert.match([dbOf(draft)?.start].flat().join(' '), /^mongod --dbpath \$\{state\} /);
        assert.match(gapsOf(draft), /MONGO_INITDB_ROOT_USERNAME is for its image/);
      });
    });

    it('takes those of Kubernetes as well, and says which values nobody knows', () => {
      const manifest = `kind: StatefulSet
apiVersion: apps/v1
metadata: { name: db }
spec:
  template:
    spec:
      containers:
        - name: db
          image: postgres:15
          args: ["-c", "max_connections=50"]
          env:
            - { name: POSTGRES_DB, value: shop }
            - { name: POSTGRES_USER, valueFrom: { secretKeyRef: { name: db, key: user } } }
`;
      const api = manifest.replaceAll('db', 'api').replace(/image:.*[^]*/, 'image: shop/api\n');
      const draft = draftRegistry(
        memoryProduct({
          files: {
            ...{ 'k8s/db.yaml': manifest, 'k8s/api.yaml': api },
            ...{ 'api/Dockerfile': files.Dockerfile, 'api/server.js': files['server.js'] },
          },
        }),
        { hasProgram: () => true, hasNames: true },
      );
      const db = draft.registry.services.find(({ name }) => name === 'db');
      assert.match(String(db?.start), / -U postgres .*CREATE DATABASE "shop"/);
      assert.match(
        gapsOf(draft),
        /StatefulSet db, command: "-c max_connections=50" is not carried over[^]*StatefulSet db, environment: POSTGRES_USER is for its image/,
      );
    });

    it('keeps them from others where nodes have no network of their own', () => {
      const { registry } = draftOn(['redis-server'], false);
      assert.ok([registry.services[1]?.start].flat().includes('127.0.0.1'));
    });

    it('is nothing to rehearse by itself', () => {
      const alone = { 'compose.yaml': 'services:\n  cache: { image: "redis:7" }\n' };
      assert.throws(
        () =>
          draftRegistry(memoryProduct({ files: alone }), {
            ...MACHINE,
            hasProgram: () => true,
          }),
        { code: 'source-invalid' },
      );
    });
  });
});
