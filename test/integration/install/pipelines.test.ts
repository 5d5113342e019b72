import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { gitIn, temporaryFolder } from '../../support/harborPay.ts';
import { foreignRepository } from '../../support/onramp/foreignRepository.ts';
import { THREE_SERVICES } from '../../support/onramp/products.ts';
import {
  createTinyRepository,
  healthyService,
  type TinyRepository,
} from '../../support/tinyProduct.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

/** The scripts of each pipeline in docs/ci.md, in the order in which its system runs them. */
function pipelines(page: string): Record<string, readonly string[]> {
  const blocks = [...page.matchAll(/^```(yaml|groovy)\n(.*?)^```$/gms)].map(
    ([, , text = '']) => text,
  );
  const [github = '', gitlab = '', jenkins = ''] = blocks;
  const workflow = parse(github) as { jobs: { rehearsal: { steps: { run?: string }[] } } };
  const { rehearsal } = parse(gitlab) as {
    rehearsal: { script: string[]; after_script: string[] };
  };
  return {
    github: workflow.jobs.rehearsal.steps.flatMap(({ run }) => run ?? []),
    gitlab: [...rehearsal.script, ...rehearsal.after_script],
    jenkins: [...jenkins.matchAll(/\bsh ('''|')(.*?)\1/gs)].map(([, , script = '']) => script),
  };
}

function dedented(script: string): string {
  return script.trim().replaceAll(/\n +/g, '\n');
}

describe('the package that npm packs, and the pipelines of docs/ci.md', () => {
  let folder: string;
  let product: TinyRepository;
  let environment: NodeJS.ProcessEnv;
  before(async () => {
    folder = await temporaryFolder();
    product = await createTinyRepository([healthyService()]);
    await execa('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const prefix = path.join(folder, 'prefix');
    const { PATH = '' } = process.env;
    environment = {
      HOME: folder,
      PATH: `${path.join(prefix, 'bin')}${path.delimiter}${PATH}`,
      MESH_SIM_PACKAGE: path.join(folder, tarball),
      MESH_SIM_CONFIG: path.join(folder, 'config'),
      MESH_SIM_CACHE: path.join(folder, 'cache'),
      GITHUB_STEP_SUMMARY: path.join(folder, 'step.md'),
      npm_config_prefix: prefix,
      npm_config_offline: 'true',
    };
  });
  after(async () => {
    await product.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('installs into an empty prefix, and every step of every pipeline runs', async () => {
    const page = await readFile(path.join(ROOT, 'docs/ci.md'), 'utf8');
    const done = new Set<string>();
    for (const [system, scripts] of Object.entries(pipelines(page))) {
      assert.ok(scripts.length >= 3, `${system} has too few steps`);
      for (const script of scripts.map(dedented)) {
        // Systems share steps: what ran once in this very workspace need not run again.
        if (done.has(script)) continue;
        done.add(script);
        const ran = await execa('bash', ['-e', '-c', script], {
          ...{ cwd: product.repo, env: environment, extendEnv: false, reject: false, all: true },
        });
        assert.equal(ran.exitCode, 0, `${system}: ${script}\n${ran.all}`);
      }
    }
    const made = (name: string) => readFile(path.join(product.repo, name), 'utf8');
    assert.match(await made('junit.xml'), /failures="0" errors="0"/);
    assert.match(await made('rehearsal.html'), /✔ PASS/);
    assert.match(await readFile(path.join(folder, 'step.md'), 'utf8'), /✅ PASS/);
    const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    for (const command of ['mesh-sim', 'oai-verify-sim', 'mesh-sim-studio']) {
      const { stdout } = await execa(command, ['--version'], {
        ...{ cwd: folder, env: environment, extendEnv: false },
      });
      assert.equal(stdout, version);
    }
    const { MESH_SIM_PACKAGE: tarball = '' } = environment;
    const { stdout: byNpx } = await execa(
      'npx',
      ['--yes', '--package', tarball, 'mesh-sim', '--version'],
      { cwd: folder, env: environment, extendEnv: false },
    );
    assert.equal(byNpx, version);
    const installed = path.join(folder, 'prefix/lib/node_modules');
    assert.deepEqual(readdirSync(path.join(installed)), ['mesh-sim-studio']);
    assert.equal(
      readdirSync(path.join(installed, 'mesh-sim-studio')).includes('node_modules'),
      false,
    );
  });

  it('is all that somebody needs who has a compose file of Node.js, Python and redis', async () => {
    const shop = await foreignRepository(THREE_SERVICES);
    const there = { cwd: shop, env: environment, extendEnv: false, reject: false } as const;
    const tried = await execa('mesh-sim', ['try', '--nodes', '2'], there);
    assert.equal(tried.exitCode, 0, tried.stdout + tried.stderr);
    assert.match(tried.stdout, /^✔ PASS {2}2 of 2 nodes healthy/m);
    const [, words = ''] = /^Verify it anywhere: oai-verify-sim (.*)$/m.exec(tried.stderr) ?? [];
    const verified = await execa('oai-verify-sim', words.split(' '), there);
    assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr);
    assert.equal((await gitIn(shop, 'status', '--porcelain')).trim(), '?? mesh.services.json');
  });
});
