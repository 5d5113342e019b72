import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Decision } from '../../../src/model/deploy.ts';
import { flipByte } from '../../support/alterFile.ts';
import { createCommandLine, type CommandOutcome } from '../../support/commandLine.ts';
import { packedWorld, type PackedWorld } from '../../support/packedWorld.ts';

/** "PASS  <simId>" as --quiet prints it. */
function simIdOf(outcome: CommandOutcome): string {
  return outcome.stdout.split(/\s+/)[1] ?? '';
}

describe('a Capsule on its way to production', () => {
  let world: PackedWorld;
  let toProduction: string[];
  let refused: CommandOutcome;
  let first: CommandOutcome;
  /** The run that the refusal asks for, but of fewer nodes, as many as the policy wants. */
  let rehearsed: CommandOutcome;
  let simId: string;
  before(async () => {
    world = await packedWorld();
    toProduction = ['--capsule', world.capsule.slice(0, 10), '--env', 'production'];
    refused = await world.run('deploy', ...toProduction);
    first = await world.run('--capsule', world.capsule, '--from', 'active:production');
    const asked = /mesh-sim (--capsule .*)$/m.exec(refused.stdout)?.[1]?.split(' ') ?? [];
    rehearsed = await world.run(...asked.with(asked.indexOf('--nodes') + 1, '3'), '--quiet');
    simId = simIdOf(rehearsed);
    await world.run('export', simId, '-o', 'good.capsim');
  });
  after(() => world.product.dispose());

  it('is refused with reasons, and with the rehearsal that is missing', () => {
    assert.equal(refused.exitCode, 4, refused.stderr);
    assert.match(
      refused.stdout,
      /REFUSED[^]*no sealed rehearsal[^]*mesh-sim --capsule \S+ --nodes 5/,
    );
    assert.equal(existsSync(path.join(world.product.folder, 'prod/current')), false);
    assert.deepEqual(
      [first.exitCode, first.stderr],
      [
        2,
        'usage: Nothing is active in production yet, so there is nothing to upgrade from: leave out --from for a first start.',
      ],
    );
    assert.equal(rehearsed.exitCode, 0, rehearsed.stdout + rehearsed.stderr);
  });

  it('goes through, and back, and is refused once its evidence was altered', async () => {
    const { run, capsule, product } = world;
    const gate = await run('gate', ...toProduction, '--json');
    assert.equal(gate.exitCode, 0, gate.stdout);
    const decision = JSON.parse(gate.stdout) as Decision & { ledgerIndex: number };
    assert.deepEqual([decision.decision, decision.evidence === undefined], ['allow', false]);

    const deployed = await run('deploy', ...toProduction);
    assert.equal(deployed.exitCode, 0, deployed.stdout + deployed.stderr);
    assert.match(deployed.stdout, /DEPLOYED/);
    const again = await run('deploy', ...toProduction, '--json');
    const last = JSON.parse(again.stdout.split('\n').at(-1) ?? '') as {
      type: string;
      status: string;
    };
    assert.deepEqual([again.exitCode, last.type, last.status], [0, 'end', 'unchanged']);
    const back = await run('rollback', '--env', 'production');
    assert.equal(back.exitCode, 2);
    assert.match(back.stderr, /^deploy-failed: There is nothing to go back to/);

    const upgrade = (from: string) => run('--capsule', capsule, '--from', from);
    const same = await upgrade('active:production');
    assert.equal(same.exitCode, 2);
    assert.match(same.stderr, /upgrade\.from: is the Capsule that is rolled out/);
    const nowhere = await upgrade('active:nowhere');
    assert.equal(nowhere.exitCode, 2);
    assert.match(nowhere.stderr, /^environment-unknown: /);

    const svg = path.join(product.folder, 'trust.svg');
    const trust = await run('trust', '--capsule', capsule, '--svg', svg);
    assert.equal(trust.exitCode, 0, trust.stdout);
    assert.match(
      trust.stdout,
      /Pack[^]*refused Gate of production[^]*Mesh-sim[^]*Gate of production[^]*Deploy to production/,
    );
    assert.match(await readFile(svg, 'utf8'), /^<svg [^]*<\/svg>\n$/);
    const capsim = path.join(product.repo, '.meshsim/runs', simId, 'result.capsim');
    await flipByte(capsim, (await stat(capsim)).size >> 1);
    const unproven = await run('trust', '--capsule', capsule);
    assert.equal(unproven.exitCode, 1);
    assert.match(unproven.stdout, /UNPROVEN[^]*UNPROVEN[^]*UNPROVEN/);
    assert.equal((await run('gate', ...toProduction)).exitCode, 4);
  });

  it('is allowed by oai-verify-sim with exit code 0 and refused with 1, 3 and 4, with nothing but files', async () => {
    const { product, capsule, run } = world;
    const virtual = async (...flags: string[]) => {
      const plan = ['--nodes', '3', '--virtual', '--chaos', 'crash-mid-deploy', '--quiet'];
      return simIdOf(await run('--capsule', capsule, ...plan, '--latency', '1-5', ...flags));
    };
    const runs = {
      virtual: await virtual(),
      failed: await virtual('--loss', '100', '--deadline', '2s'),
    };
    for (const [name, one] of Object.entries(runs))
      await run('export', one, '-o', `${name}.capsim`);
    await writeFile(
      path.join(product.repo, 'pub.pem'),
      (await run('keys', 'export', '--pem')).stdout,
    );
    const manifest = path.join('.meshsim/objects/capsules', capsule, 'capsule.json');
    const pipeline = await createCommandLine();
    const verify = async (
      file: string,
      { capsuleFile = manifest, key = ['--key', 'pub.pem'], nodes = '3' } = {},
    ) => {
      const policy = ['--max-age', '7d', '--min-nodes', nodes, '--require-chaos'];
      const args = ['--file', file, '--capsule', capsuleFile, ...key, ...policy];
      return (await pipeline.verifySim(args, product.repo)).exitCode;
    };
    assert.equal(await verify('good.capsim'), 0);
    assert.equal(await verify('good.capsim', { nodes: '4' }), 4);
    for (const name of ['virtual', 'failed']) {
      assert.equal(await verify(`${name}.capsim`), 4, name);
    }
    assert.equal(await verify('good.capsim', { key: [] }), 3);
    assert.equal(await verify('good.capsim', { capsuleFile: 'mesh.services.json' }), 1);
    await flipByte(path.join(product.repo, 'good.capsim'), 100);
    assert.equal(await verify('good.capsim'), 1);
  });
});
