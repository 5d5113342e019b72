import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UPGRADE_DEADLINE_MS } from '../../../src/model/paramLimits.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import { commitAll } from '../../support/harborPay.ts';
import { packIn, startStudioIn, type StudioCommand } from '../../support/studioCommand.ts';
import { createTinyRepository } from '../../support/tinyProduct.ts';
import { versionedServer } from '../../support/upgradedProduct.ts';
import { callsTo } from './studioCalls.ts';
import { sharedStudio, STARTED, test as base } from './studioPage.ts';

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
export const test = base.extend<{ readonly upgraded: UpgradedRun }>({
  studioCommand: [
    async ({ shared }, use) => {
      await use(await sharedStudio(shared, 'a product in two versions', startStudioOnTwoVersions));
    },
    STARTED,
  ],
  upgraded: [
    async ({ shared, studioCommand }, use) => {
      const upgrade = () => recordUpgrade(studioCommand);
      await use(await shared.of('an upgrade that was recorded', upgrade));
    },
    // No longer than the run may take at most.
    { scope: 'test', timeout: UPGRADE_DEADLINE_MS + 60_000 },
  ],
});

export async function startStudioOnTwoVersions(): Promise<StudioCommand> {
  const { repo } = await createTinyRepository([SERVICE], { checks: CHECKS });
  const commands = await createCommandLine();
  await packIn(repo, commands);
  await writeFile(path.join(repo, 'web/server.mjs'), versionedServer('new'));
  await commitAll(repo);
  await packIn(repo, commands);
  return startStudioIn(repo, commands);
}

async function recordUpgrade({ url }: StudioCommand): Promise<UpgradedRun> {
  const call = callsTo(url);
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
  return { simId, old: older, new: newer };
}
