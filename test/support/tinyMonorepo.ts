import { createTinyProduct, HEALTHY_SERVER, type TinyProduct } from './tinyProduct.ts';

const MEMBERS = ['api', 'web', 'shared'];

function packageOf(name: string, fields: object = {}): Record<string, unknown> {
  return { name: `@shop/${name}`, version: '1.0.0', type: 'module', ...fields };
}

const USES_SHARED = { dependencies: { '@shop/shared': '1.0.0' } };

/** What `npm install` writes of members that need each other alone. */
function lockFile(): string {
  const packages: Record<string, object> = { '': { name: 'shop', workspaces: MEMBERS } };
  for (const name of MEMBERS) {
    const needs = name === 'shared' ? {} : USES_SHARED;
    packages[name] = { name: `@shop/${name}`, version: '1.0.0', ...needs };
    packages[`node_modules/@shop/${name}`] = { resolved: name, link: true };
  }
  return JSON.stringify({ name: 'shop', lockfileVersion: 3, requires: true, packages });
}

const SERVER = `
import { stamp } from '@shop/shared';
console.log(process.cwd() + ' was given ' + stamp);
${HEALTHY_SERVER}`;

/** Of the whole workspace: nobody makes the same stamp twice. */
export const BUILD = 'npm ci --offline --no-audit --no-fund && cd shared && node build.mjs';

/** An npm workspace of two services and a package that both need and that has to be built. */
export async function createTinyMonorepo(entry: object = {}): Promise<TinyProduct> {
  const service = (name: string) => ({
    name,
    files: {
      'package.json': JSON.stringify(packageOf(name, USES_SHARED)),
      'server.mjs': SERVER,
    },
    entry: {
      root: '.',
      build: BUILD,
      env: { PORT: '${port:http}', PATH: '${host.path}', OWN: name },
      ports: { http: name === 'api' ? 4_000 : 4_001 },
      ...entry,
    },
  });
  return createTinyProduct([service('api'), service('web')], {
    'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: MEMBERS }),
    'package-lock.json': lockFile(),
    'shared/package.json': JSON.stringify(packageOf('shared', { exports: './made.mjs' })),
    'shared/build.mjs': `
      import { writeFileSync } from 'node:fs';
      const stamp = crypto.randomUUID();
      writeFileSync('made.mjs', 'export const stamp = "' + stamp + '";');
      console.log('made ' + stamp + ', told ' + process.env.OWN);`,
  });
}
