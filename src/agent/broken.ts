import { statfsSync } from 'node:fs';
import { MeshSimError } from '../base/errors.ts';
import { isDiskFull, machineFault } from '../base/machineFault.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { AgentReport } from '../wire/report.ts';
import { stateFolderIn } from './services/serviceEnv.ts';

type Broken = Extract<AgentReport, { type: 'broken' }>;

/** The report on an error that is the machine's fault; undefined: it may be the Capsule's, or chaos has brought it about. */
export function brokenBy(error: unknown, launch: LaunchCommand | undefined): Broken | undefined {
  const fault = machineFault(error, launch && { folder: launch.folder });
  if (fault === undefined) return undefined;
  const isPlanned = fault.code === 'disk-failed' && launch !== undefined && isFilledByChaos(launch);
  return isPlanned ? undefined : reportOf(fault);
}

/**
 * Services say in their own ways that they could not write. When one fails while the disk it writes to is full, and not by
 * chaos, the run says nothing about the Capsule.
 */
export function brokenByFullDisk(sentence: string, launch: LaunchCommand) {
  const { folder, services } = launch;
  const own = services.disk === undefined || isFilledByChaos(launch) ? [] : [stateFolderIn(folder)];
  const full = [folder, services.buildCacheFolder, ...own].find(isDiskFull);
  if (full === undefined) return undefined;
  const text = `The disk of ${full} is full: free some space and try again. ${sentence}`;
  return reportOf(new MeshSimError('disk-failed', text));
}

/** Chaos makes the disk of the services smaller than it was. */
function isFilledByChaos({ folder, services: { disk } }: LaunchCommand): boolean {
  if (disk === undefined) return false;
  try {
    const { blocks, bsize } = statfsSync(stateFolderIn(folder));
    return blocks * bsize < disk.bytes;
  } catch {
    return false;
  }
}

function reportOf({ code, message }: MeshSimError): Broken {
  const known = code === 'machine-exhausted' ? code : 'disk-failed';
  return { type: 'broken', code: known, sentence: message };
}
