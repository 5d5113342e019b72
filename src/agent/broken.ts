import { MeshSimError } from '../base/errors.ts';
import { isDiskFull, machineFault } from '../base/machineFault.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { AgentReport } from '../wire/report.ts';

type Broken = Extract<AgentReport, { type: 'broken' }>;

/** The report on an error that is the machine's fault; undefined: it may be the Capsule's. `folder`: the node's own. */
export function brokenBy(error: unknown, folder: string | undefined): Broken | undefined {
  const fault = machineFault(error, folder === undefined ? undefined : { folder });
  return fault && reportOf(fault);
}

/**
 * Services say in their own ways that they could not write. When one fails while the disk it writes to is full, the run says
 * nothing about the Capsule.
 */
export function brokenByFullDisk(sentence: string, { folder, services }: LaunchCommand) {
  const full = [folder, services.buildCacheFolder].find(isDiskFull);
  if (full === undefined) return undefined;
  const text = `The disk of ${full} is full: free some space and try again. ${sentence}`;
  return reportOf(new MeshSimError('disk-failed', text));
}

function reportOf({ code, message }: MeshSimError): Broken {
  const known = code === 'machine-exhausted' ? code : 'disk-failed';
  return { type: 'broken', code: known, sentence: message };
}
