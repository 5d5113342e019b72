import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { Workspace } from '../../src/studio/workspace/workspace.ts';
import { DIST } from './commandLine.ts';
import { temporaryFolder } from './harborPay.ts';

/** `simulation` of mesh.environments.json under which nodes get no boxes, which take half of a processor's time in a run. */
export const NO_BOXES = { namespace: 'off' } as const;

/** For tests of what is done with runs: says so where nothing else is said of environments. */
export function withoutBoxes(folder: string): Promise<void> {
  const settings = { environments: {}, simulation: NO_BOXES };
  return writeFile(path.join(folder, 'mesh.environments.json'), JSON.stringify(settings));
}

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
