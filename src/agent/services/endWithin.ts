import type { ServiceProcesses } from '../nodeProcesses.ts';
import { ServiceProcess, type ServiceCommand, type ServiceExit } from './serviceProcess.ts';

export interface EndedCommand {
  readonly exit: ServiceExit;
  /** The deadline it was ended at, ms; undefined: it ended by itself. */
  readonly endedAtMs: number | undefined;
  readonly pid: number | undefined;
}

/**
 * Runs a command to its end, and kills it with all that it started at its deadline.
 * @throws MeshSimError `service-failed` when its program is not on this host
 */
export async function endWithin(
  deadlineMs: number,
  options: ServiceCommand & { readonly processes: ServiceProcesses },
  onSpawned: () => void = () => undefined,
): Promise<EndedCommand> {
  const { processes, service, check } = options;
  const child = new ServiceProcess(options);
  if (child.pid !== undefined) onSpawned();
  const late = AbortSignal.timeout(deadlineMs);
  const kill = () => {
    const { pid = 0 } = child;
    if (check === undefined) void processes.killService(service.name, pid);
    else void processes.endCheck(service.name, check, pid);
  };
  late.addEventListener('abort', kill);
  const exit = await child.exited;
  late.removeEventListener('abort', kill);
  return { exit, endedAtMs: late.aborted ? deadlineMs : undefined, pid: child.pid };
}

/** One or two sentences' rest. @param field of the registry that says the deadline */
export function howEnded(
  { words, errorLine }: Pick<ServiceExit, 'words' | 'errorLine'>,
  deadlineMs: number | undefined,
  field: string,
): string {
  const how =
    deadlineMs === undefined
      ? words
      : `was not done within ${deadlineMs} ms, its deadline (${field})`;
  return `${how}. ${errorLine === '' ? 'It said nothing.' : `It said: ${errorLine}`}`;
}
