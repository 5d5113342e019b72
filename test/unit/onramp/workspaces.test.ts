import assert from 'node:assert/strict';
import { draftRegistry } from '../../../src/onramp/draft.ts';
import { sourceServices, registrySchema, type SourceService } from '../../../src/model/registry.ts';
import { registryChecks } from '../../../src/onramp/doctor/registryChecks.ts';
import { memoryProduct } from '../../support/onramp/memoryProduct.ts';
import { PRODUCTS } from '../../support/onramp/products.ts';

function drafted(files: Record<string, string>): SourceService[] {
  const product = memoryProduct({ files }, 'shop');
  const { registry } = draftRegistry(product, { hasProgram: () => false, hasNames: true });
  return sourceServices(registrySchema.parse(registry));
}

const json = (value: object) => JSON.stringify(value);

/** A member with a dependency and a build, so that it needs its workspace. */
function member(name: string, dependencies: Record<string, string> = {}, start = true): string {
  const scripts = { build: 'tsc', ...(start ? { start: 'node dist/main.js' } : {}) };
  return json({ name, scripts, dependencies: { fastify: '*', ...dependencies } });
}

const SHOP = {
  'package.json': json({ workspaces: ['apps/*', 'libs/*'] }),
  'package-lock.json': '{}',
  'apps/api/package.json': member('api', { shared: '*' }),
  'apps/web/package.json': member('web', { shared: '*' }),
  'libs/shared/package.json': member('shared', {}, false),
  'libs/unused/package.json': member('unused', {}, false),
};

describe('workspaces that a registry is drafted from', () => {
  it('are the root of their members, with one build for all that are started', () => {
    const [api, web] = drafted(SHOP);
    assert.deepEqual(
      [api?.root, api?.path, api?.start],
      ['.', 'apps/api', ['node', 'dist/main.js']],
    );
    assert.deepEqual([web?.root, web?.path], ['.', 'apps/web']);
    assert.equal(
      api?.build,
      'npm ci --no-audit --no-fund --include=dev && (cd libs/shared && npm run build) && (cd apps/api && npm run build) && (cd apps/web && npm run build)',
    );
    assert.equal(web?.build, api.build);
  });

  it('build with turbo and nx what is started', () => {
    const [turbo] = drafted({ ...SHOP, 'turbo.json': '{}' });
    assert.match(String(turbo?.build), /&& npx turbo run build --filter=api --filter=web$/);
    const [nx] = drafted({ ...SHOP, 'nx.json': '{}' });
    assert.match(String(nx?.build), /&& npx nx run-many -t build -p api web$/);
  });

  it('may contain each other: the innermost is the root of its members', () => {
    const services = drafted({
      ...SHOP,
      'apps/api/package.json': json({
        ...(JSON.parse(SHOP['apps/api/package.json']) as object),
        workspaces: ['parts/*'],
      }),
      'apps/api/parts/worker/package.json': member('worker'),
    });
    assert.deepEqual(
      services.map(({ name, root, path }) => [name, root, path]),
      [
        ['api', '.', 'apps/api'],
        ['worker', 'apps/api', 'apps/api/parts/worker'],
        ['web', '.', 'apps/web'],
      ],
    );
  });

  it('may have members that need each other in a circle', () => {
    const [api] = drafted({
      ...SHOP,
      'libs/shared/package.json': member('shared', { api: '*' }, false),
    });
    assert.match(String(api?.build), /cd libs\/shared .*cd apps\/api .*cd apps\/web/);
  });

  it('run what an image says by paths of the workspace in the workspace', () => {
    const [api] = drafted({
      ...SHOP,
      'compose.yaml': json({
        services: {
          api: {
            build: { context: '.', dockerfile: 'apps/api/Dockerfile' },
            healthcheck: { test: ['CMD', 'node', 'apps/api/health.js'] },
          },
        },
      }),
      'apps/api/Dockerfile': 'FROM node\nCMD ["node", "apps/api/dist/main.js"]\n',
    });
    assert.deepEqual([api?.root, api?.path], ['.', 'apps/api']);
    assert.equal(api?.start, 'cd ../.. && exec node apps/api/dist/main.js');
    assert.ok('command' in api.health);
    assert.equal(api.health.command, 'cd ../.. && exec node apps/api/health.js');
  });

  it('are missed by the doctor where a member packs its own folder alone', () => {
    const look = (service: object) =>
      registryChecks(
        memoryProduct({ files: SHOP }, 'shop'),
        registrySchema.parse({
          name: 'shop',
          services: [
            { name: 'api', start: 'x', build: 'y', health: { command: 'true' }, ...service },
          ],
        }),
        () => true,
      ).map(({ state, found, remedy }) => ({ state, found, remedy }));
    const [alone] = look({ path: 'apps/api' });
    assert.deepEqual([alone?.state, alone?.remedy], ['warn', 'give it "root": "."']);
    assert.match(
      alone?.found ?? '',
      /apps\/api is a member of a workspace \(package\.json, workspaces\)/,
    );
    assert.equal(look({ path: 'apps/api', root: '.' })[0]?.state, 'ok');
    assert.equal(look({ path: 'libs' })[0]?.state, 'ok');
  });

  it('are no root of a member that needs nothing of them', () => {
    const { files } = PRODUCTS['yarn and turbo']!;
    const roots = drafted(files).map(({ name, root, path }) => [name, root, path]);
    assert.deepEqual(roots, [
      ['api', '.', 'apps/api'],
      ['site', undefined, 'apps/site'],
    ]);
  });
});
