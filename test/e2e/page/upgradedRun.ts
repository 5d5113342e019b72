import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UPGRADE_DEADLINE_MS } from '../../../src/model/paramLimits.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { commitAll } from '../../support/harborPay.ts';
import { startStudioIn } from '../../support/studioCommand.ts';
import { createTinyRepository } from '../../support/tinyProduct.ts';
import { versionedServer } from '../../support/upgradedProduct.ts';
import { callsTo } from './studioCalls.ts';
import { test as base } from './studioPage.ts';

/** A sealed run that upgraded three nodes, went back in the middle, and there again. */
export interface UpgradedRun {
  readonly simId: string;
  /** Hashes of the two Capsules. */
  readonly old: string;
  readonly new: string;
}

/** For services and checks of a busy machine, ms. */
const PATIENCE_MS = 120_000;

const CHECKS = [
  {
    name: 'starts are kept',
    service: 'web',
    run: ['node', '-e', "process.exit(require('fs').existsSync(process.env.STATE+'/starts')?0:1)"],
    on: 'n0',
    deadlineMs: PATIENCE_MS,
  },
];
const SERVICE = {
  name: 'web',
  files: { 'server.mjs': versionedServer('old') },
  entry: {
    env: { PORT: '${port:http}', STATE: '${state}' },
    health: {
      http: { port: 'http', path: '/' },
      intervalMs: 20,
      timeoutMs: PATIENCE_MS / 2,
      deadlineMs: PATIENCE_MS,
    },
  },
};

/** A Studio over a product of one service in two versions. The run is made once: all looks are at the same. */
export const test = base.extend<object, { readonly upgraded: UpgradedRun }>({
  studioCommand: [
    async ({}, use) => {
      const { repo } = await createTinyRepository([SERVICE], { checks: CHECKS });
      const commands = await createCommandLine();
      const pack = async () => {
        const { exitCode, stderr } = await commands.meshSim(['pack'], repo);
        if (exitCode !== 0) throw new Error(`mesh-sim pack failed: ${stderr}`);
      };
      await pack();
      await writeFile(path.join(repo, 'web/server.mjs'), versionedServer('new'));
      await commitAll(repo);
      await pack();
      const command = await startStudioIn(repo, commands);
      await use(command);
      await command.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  upgraded: [
    async ({ studioCommand }, use) => {
      const call = callsTo(studioCommand.url);
      const { capsules } = await call<{ capsules: { capsuleHash: string }[] }>('/api/capsules');
      const [newer = '', older = ''] = capsules.map(({ capsuleHash }) => capsuleHash);
      const body = JSON.stringify({
        capsuleHash: newer,
        params: { nodes: 3, latencyMs: [5, 20] },
        deadlineMs: UPGRADE_DEADLINE_MS,
        upgrade: {
          from: older,
          strategy: { kind: 'rolling', batch: 1, pauseMs: 50 },
          workloadMs: 300,
        },
      });
      const { simId } = await call<{ simId: string }>('/api/mesh-sim/start', body);
      await call('/api/mesh-sim/record', JSON.stringify({ simId }));
      await use({ simId, old: older, new: newer });
    },
    // No longer than the run may take at most.
    { scope: 'worker', timeout: UPGRADE_DEADLINE_MS + 60_000 },
  ],
});
