import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { createCommandLine, DIST, type CommandLine } from '../../support/commandLine.ts';
import { commitAll } from '../../support/harborPay.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';

const HOUR_MS = 3_600_000;

/** Starts a run, and interrupts it as soon as it tells of that event. */
async function interruptedAt(told: RegExp, args: readonly string[], commands: CommandLine) {
  const { environment: env } = commands;
  const [cwd = '', ...rest] = args;
  const options = { cwd, env, reject: false, buffer: false, timeout: 120_000 } as const;
  const run = execa(process.execPath, [path.join(DIST, 'meshSim.cjs'), ...rest], options);
  createInterface({ input: run.stdout }).on('line', (line) => {
    if (told.test(line)) run.kill('SIGINT');
  });
  return (await run).exitCode;
}

describe('an upgrade on the command line', () => {
  it('ends when it is interrupted, however long it was to rest', async () => {
    const commands = await createCommandLine();
    const product = await createTinyRepository([healthyService()]);
    try {
      const { repo } = product;
      const pack = async () => (await commands.meshSim(['pack'], repo)).stdout.trim();
      const from = await pack();
      await appendFile(path.join(repo, 'web/server.mjs'), '// Newer.\n');
      await commitAll(repo);
      const plan = {
        capsuleHash: await pack(),
        params: { nodes: 2, latencyMs: [1, 5] },
        upgrade: {
          from,
          strategy: { kind: 'all-at-once' },
          rollback: 'never',
          workloadMs: 600_000,
        },
        deadlineMs: HOUR_MS,
      };
      const file = path.join(product.folder, 'plan.json');
      await writeFile(file, JSON.stringify(plan));
      const args = [repo, '--config', file, '--json'];
      assert.equal(await interruptedAt(/"type":"window"/, args, commands), 130);
    } finally {
      await product.dispose();
    }
  });
});
