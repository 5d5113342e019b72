import type { NodeProcesses, ServiceProcesses } from './nodeProcesses.ts';
import { placedService } from './processes/placedService.ts';

/** The processes of services that run in one place of the node, while others of the same names may run in another. */
export function processesAt(processes: NodeProcesses, place: number): ServiceProcesses {
  if (place === 0) return processes;
  const placed = (service: string) => placedService(service, place);
  return {
    ownerOf: ({ service, check }) => ({ service: service && placed(service), check }),
    started: (...of) => processes.started(...of),
    endService: (service, ...of) => processes.endService(placed(service), ...of),
    pauseService: (service, main) => processes.pauseService(placed(service), main),
    resumeService: (service, main) => processes.resumeService(placed(service), main),
    killService: (service, main) => processes.killService(placed(service), main),
    endCheck: (service, ...of) => processes.endCheck(placed(service), ...of),
  };
}
