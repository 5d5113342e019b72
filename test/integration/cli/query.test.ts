import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { createCommandLineInProcess } from '../../support/commandLine.ts';
import { packedWorld, type PackedWorld } from '../../support/packedWorld.ts';

describe('mesh-sim query', () => {
  let world: PackedWorld;
  let simId = '';

  before(async () => {
    world = await packedWorld(await createCommandLineInProcess());
    const chaos = ['--chaos', 'crash-mid-deploy', '--seed', '2'];
    const args = ['--virtual', '--nodes', '3', '--quiet', ...chaos];
    const { stdout, stderr } = await world.run('--capsule', world.capsule, ...args);
    simId = stdout.split(/\s+/)[1] ?? '';
    assert.ok(simId, stderr);
  });
  after(() => world.product.dispose());

  it('prints the lines that answer, in the words of the log, and counts them', async () => {
    const question = 'type:node status:crashed preceded-by(fault:kill within:1s)';
    const { exitCode, stdout, stderr } = await world.run('query', simId.slice(0, 8), question);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout.trim(), /^\d+\.\d\d s {2}n\d {3}crashed: Fault 0 killed n\d/);
    assert.equal(stderr, '');
    assert.equal((await world.run('query', simId, question, '--count')).stdout.trim(), '1');
    const { stdout: json } = await world.run('query', simId, '--json', question);
    const { type, status, level } = JSON.parse(json) as Record<string, unknown>;
    assert.deepEqual([type, status, level], ['node', 'crashed', 'problem']);
  });

  it('ends with 1 when no line answers, and with 2 for what cannot be asked', async () => {
    const none = await world.run('query', simId, 'type:guard');
    assert.deepEqual([none.exitCode, none.stdout], [1, '']);
    const wrong = await world.run('query', simId, 'phase:boot', 'nod:n1');
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /^usage: Column 12 of the query: "nod" is no key/);
  });

  it('shows no events but those that were signed', async () => {
    const file = path.join(world.product.repo, '.meshsim/runs', simId, 'events.jsonl');
    const events = await readFile(file);
    try {
      const at = events.indexOf('"status":"crashed"');
      await writeFile(
        file,
        Buffer.concat([
          events.subarray(0, at),
          Buffer.from('"status":"stopped"'),
          events.subarray(at + 18),
        ]),
      );
      const altered = await world.run('query', simId, 'type:node');
      assert.deepEqual([altered.exitCode, altered.stdout], [2, '']);
      assert.match(altered.stderr, /^evidence-invalid: /);
      await writeFile(file, events);
      await appendFile(file, '{"seq":9999}\n');
      assert.equal((await world.run('query', simId, 'type:node')).exitCode, 2);
    } finally {
      await writeFile(file, events);
    }
  });
});
