import { MeshSimError } from '../../base/errors.ts';
import type { RunObservation } from '../../model/observation.ts';
import type { RealRunOptions } from './options.ts';

/**
 * Rehearses a plan on real processes: one agent per node, loopback sockets through the network emulator, the services
 * of the Capsule. Resolves to what was observed, whether the run passed or failed. Nothing it started survives it.
 * @throws MeshSimError `interrupted` when `signal` aborts, `port-unavailable`, `agent-failed`, `disk-failed`.
 */
export function runReal(options: RealRunOptions): Promise<RunObservation> {
  return Promise.reject(new MeshSimError('internal', `run ${options.simId}: not yet driven`));
}
