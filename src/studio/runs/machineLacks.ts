import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { FAULT_NEEDS, needsOf, type FaultNeed, type MachineLacks } from '../../model/faultNeeds.ts';
import { simulationSchema } from '../../model/environments.ts';
import type { Plan } from '../../model/plan.ts';
import { NodeDisk } from '../../runtime/real/disk/nodeDisk.ts';
import type { ProductionGuard } from '../../runtime/real/options.ts';
import { environmentsOf } from '../deploy/environments.ts';
import { lookHere } from '../onramp/machine.ts';
import { cacheFolder, makePrivateFolder } from '../../base/cacheFolder.ts';
import type { Workspace } from '../workspace/workspace.ts';

type Settings = Pick<ProductionGuard, 'namespace'>;

const TURNED_OFF = 'mesh.environments.json has turned namespaces off for simulations';

/** What the faults of a plan would take and this machine lacks. Looks only where some fault takes something. */
export async function lacksForPlan(
  workspace: Workspace,
  { world, chaos, params }: Plan,
  settings: Settings,
): Promise<MachineLacks> {
  // In virtual time no fault acts on services, which is said of it otherwise.
  return world === 'virtual' ? {} : lacksHere(workspace, needsOf(chaos, params.nodes), settings);
}

/** All that faults can take and this machine lacks. @throws MeshSimError `environments-invalid` */
export async function allLacks(workspace: Workspace): Promise<MachineLacks> {
  const { simulation } = await environmentsOf(workspace);
  return lacksHere(workspace, FAULT_NEEDS, simulation ?? simulationSchema.parse({}));
}

async function lacksHere(
  { options }: Workspace,
  needs: readonly FaultNeed[],
  { namespace }: Settings,
): Promise<MachineLacks> {
  const lacks: Partial<Record<FaultNeed, string>> = {};
  if (process.platform === 'win32') lacks.signals = 'Windows stops no process by a signal';
  const spaces = needs.filter((need) => need !== 'signals');
  if (namespace === 'off') {
    for (const need of spaces) lacks[need] = TURNED_OFF;
    return lacks;
  }
  if (spaces.some((need) => need !== 'disk')) {
    const look = await lookHere(options);
    if (look.isolation === 'none' && look.lacks !== undefined) lacks.network = look.lacks;
    if (look.wireMissing !== undefined) lacks.wire = lacks.network ?? look.wireMissing;
  }
  const why = spaces.includes('disk') ? await whyNoDisk(options) : undefined;
  if (why !== undefined) lacks.disk = why;
  return lacks;
}

async function whyNoDisk({ environment }: Workspace['options']): Promise<string | undefined> {
  const looks = await makePrivateFolder(cacheFolder(environment), 'looks');
  const folder = await mkdtemp(path.join(looks, 'disk-'));
  try {
    const disk = await NodeDisk.open(folder);
    if ('unavailable' in disk) return disk.unavailable;
    await disk.close();
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
