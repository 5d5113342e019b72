import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { Workspace } from '../../src/studio/workspace/workspace.ts';
import { DIST } from './commandLine.ts';
import { temporaryFolder } from './harborPay.ts';

/** A workspace over `folder` with keys of its own. */
export async function workspaceIn(
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
  configFolder?: string,
): Promise<Workspace> {
  return new Workspace({
    folder,
    configFolder: configFolder ?? path.join(await temporaryFolder(), 'config'),
    bundleFolder: DIST,
    environment,
    clock: systemClock,
    product: 'mesh-sim-studio test',
  });
}
