import { MeshSimError } from '../../base/errors.ts';
import type { CapsuleService } from '../../model/capsule.ts';
import type { Redactor } from '../../vault/redactor.ts';
import type { Box } from '../box/box.ts';
import type { ServiceProcesses } from '../nodeProcesses.ts';
import { firstBurstOver } from './firstBurst.ts';
import { isPortFree } from './freePort.ts';
import type { OutputStream, ServiceExit } from './serviceProcess.ts';

export interface ServiceOptions {
  readonly service: CapsuleService;
  readonly nodeId: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  readonly hostPath: string;
  /** The part of the host's search path that cannot be seen in the box. */
  readonly hiddenPath: string;
  /** Where it runs, and is probed; undefined: on the host. */
  readonly box: Box | undefined;
  readonly redactor: Redactor;
  readonly processes: ServiceProcesses;
  readonly onLine: (stream: OutputStream, text: string) => void;
  /** Its process runs; its health is not known yet. */
  readonly onSpawned: () => void;
}

/** A service that starts slowly by nature: others are not to wait for it. */
const LONGEST_TURN_MS = 5_000;

/** @throws MeshSimError `port-unavailable` */
export async function requireFreePorts(options: ServiceOptions): Promise<void> {
  const { box, ports, service, nodeId } = options;
  // In a network of its own, no other program has any.
  if (box !== undefined) return;
  for (const [name, port] of Object.entries(ports)) {
    if (await isPortFree(port)) continue;
    throw new MeshSimError(
      'port-unavailable',
      `Port ${port} ("${name}") of service "${service.name}" on ${nodeId} is taken by another program: end that program and run again.`,
    );
  }
}

/**
 * Resolves when a program that has just been started has done its first work, after `longestMs` at the latest. `onCalm`: others may
 * start something from now on.
 */
export async function doneFirstWork(
  pid: number | undefined,
  signal: AbortSignal,
  longestMs: number,
  onCalm: () => void,
): Promise<void> {
  const done = pid === undefined ? Promise.resolve() : firstBurstOver(pid, signal, longestMs);
  void Promise.race([done, isOverAfter(LONGEST_TURN_MS, signal)]).then(onCalm);
  await done;
}

/** @param what of the service, the middle of a sentence */
export function serviceFailure(
  { service, nodeId }: Pick<ServiceOptions, 'service' | 'nodeId'>,
  what: string,
  exit?: ServiceExit,
): MeshSimError {
  const said = exit === undefined || exit.errorLine === '' ? '' : ` It said: ${exit.errorLine}`;
  return new MeshSimError(
    'service-failed',
    `Service "${service.name}" on ${nodeId} ${what}.${said}`,
    { cause: exit?.cause },
  );
}

/** Waits for `ms`, or until the signal; true when it was the signal. */
export function isOverAfter(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(signal.aborted);
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
