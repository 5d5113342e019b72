import type { ForeignProduct } from './foreignProduct.ts';
import { NODE_SERVER, packageJson } from './programs.ts';

/** A package-lock.json of npm. */
function lockOf(name: string, packages: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ name, version: '1.0.0', lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}

/** Repositories of several packages, by what keeps them together. */
export const WORKSPACES: Readonly<Record<string, ForeignProduct>> = {
  'npm workspaces': {
    files: {
      'package.json': packageJson({ name: 'root', workspaces: ['apps/*', 'packages/**'] }),
      'package-lock.json': lockOf('root', {
        '': { name: 'root', version: '1.0.0', workspaces: ['apps/*', 'packages/**'] },
        'apps/api': { version: '1.0.0', dependencies: { greet: '*' } },
        'packages/greet': { version: '1.0.0' },
        'node_modules/api': { resolved: 'apps/api', link: true },
        'node_modules/greet': { resolved: 'packages/greet', link: true },
      }),
      'apps/api/package.json': packageJson({
        name: 'api',
        scripts: { start: 'node server.js' },
        dependencies: { greet: '*' },
      }),
      'apps/api/server.js': `require('greet');\n${NODE_SERVER}`,
      'packages/greet/package.json': packageJson({ name: 'greet', main: 'index.js' }),
      'packages/greet/index.js': "module.exports = 'hello';\n",
    },
    starts: { api: 'node server.js' },
  },
  'npm workspaces with builds': {
    files: {
      'package.json': packageJson({
        name: 'root',
        workspaces: { packages: ['apps/web', 'libs/shared'] },
      }),
      'package-lock.json': lockOf('root', {
        '': {
          name: 'root',
          version: '1.0.0',
          workspaces: { packages: ['apps/web', 'libs/shared'] },
        },
        'apps/web': { version: '1.0.0', dependencies: { '@acme/shared': '1.0.0' } },
        'libs/shared': { name: '@acme/shared', version: '1.0.0' },
        'node_modules/web': { resolved: 'apps/web', link: true },
        'node_modules/@acme/shared': { resolved: 'libs/shared', link: true },
      }),
      'apps/web/package.json': packageJson({
        name: 'web',
        scripts: { build: 'node build.js', start: 'node dist/server.js' },
        dependencies: { '@acme/shared': '1.0.0' },
      }),
      'apps/web/build.js':
        "require('@acme/shared'); require('node:fs').cpSync('server.js', 'dist/server.js');\n",
      'apps/web/server.js': NODE_SERVER,
      'libs/shared/package.json': packageJson({
        name: '@acme/shared',
        main: 'dist/index.js',
        scripts: { build: 'node build.js' },
      }),
      'libs/shared/build.js':
        "require('node:fs').mkdirSync('dist', { recursive: true }); require('node:fs').writeFileSync('dist/index.js', '');\n",
    },
    starts: { web: 'node dist/server.js' },
  },
  'pnpm workspace': {
    files: {
      'pnpm-workspace.yaml': "packages: ['apps/*', '!apps/old']\n",
      'pnpm-lock.yaml': `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  apps/api:
    dependencies:
      greet:
        specifier: workspace:*
        version: link:../greet

  apps/greet: {}
`,
      'package.json': packageJson({ name: 'root', packageManager: 'pnpm@9.15.3' }),
      'apps/api/package.json': packageJson({
        name: 'api',
        scripts: { start: 'node server.js' },
        dependencies: { greet: 'workspace:*' },
      }),
      'apps/api/server.js': `require('greet');\n${NODE_SERVER}`,
      'apps/greet/package.json': packageJson({ name: 'greet', main: 'index.js' }),
      'apps/greet/index.js': '',
      'apps/old/package.json': packageJson({ name: 'old' }),
    },
    starts: { api: 'node server.js' },
    needs: ['pnpm'],
  },
  'yarn and turbo': {
    files: {
      'package.json': packageJson({ workspaces: ['apps/*'], packageManager: 'yarn@1.22.22' }),
      'yarn.lock': '# yarn lockfile v1\n',
      'turbo.json': '{ "tasks": { "build": {} } }\n',
      'apps/api/package.json': packageJson({
        name: '@acme/api',
        scripts: { build: 'tsc', start: 'node dist/server.js' },
        dependencies: { fastify: '^5.0.0' },
      }),
      'apps/api/src/server.ts': "listen(process.env.PORT ?? 4000); // '/healthz'\n",
      'apps/site/package.json': packageJson({ name: 'site', scripts: { start: 'node server.js' } }),
      'apps/site/server.js': NODE_SERVER,
    },
    starts: { api: 'node dist/server.js', site: 'node server.js' },
    needs: ['yarn', 'turbo'],
  },
  'nx monorepo': {
    files: {
      'package.json': packageJson({ workspaces: ['apps/*'], devDependencies: { nx: '20.0.0' } }),
      'nx.json': '{}\n',
      'apps/orders/package.json': packageJson({
        name: 'orders',
        scripts: { build: 'nx build orders', start: 'node ../../dist/apps/orders/main.js' },
      }),
      'apps/orders/src/main.ts': "app.listen(process.env.PORT || 3333); // '/health'\n",
    },
    starts: { orders: 'node ../../dist/apps/orders/main.js' },
    needs: ['nx'],
  },
};
