import { execFile, type ExecFileException } from 'node:child_process';
import {
  requiredProgram,
  VERSION_LIMIT_MS,
  type Answer,
} from '../../agent/services/programLook.ts';
import { isProgram, type Service } from '../../model/registry.ts';
import type { CapsuleService } from '../../model/capsule.ts';

/** What a program says of its version is a few lines. */
const MOST_BYTES = 64 * 1024;

/**
 * Programs that services require of the machine, before anything is started: each node looks for itself too, since it may see less.
 * @throws MeshSimError `program-missing` for the first that is missing, too old, or says no version
 */
export async function requirePrograms(
  services: readonly (Service | CapsuleService)[],
  hostPath: string,
): Promise<void> {
  for (const service of services) {
    if (!isProgram(service)) continue;
    await requiredProgram(service, {
      where: 'this machine',
      hostPath,
      hiddenPath: '',
      ask: ([file = '', ...args]) => ask(file, args, hostPath),
    });
  }
}

function ask(file: string, args: readonly string[], hostPath: string): Promise<Answer> {
  const options = {
    env: { PATH: hostPath },
    timeout: VERSION_LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_BYTES,
  } as const;
  return new Promise((resolve) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const text = `${stdout}\n${stderr}`;
      resolve(error === null ? { text } : { text, fault: faultOf(error) });
    });
  });
}

function faultOf({ code, killed, signal, message }: ExecFileException): string {
  if (killed === true) return `it took longer than ${VERSION_LIMIT_MS} ms`;
  if (typeof code === 'number') return `it exited with code ${code}`;
  return signal === undefined ? message : `it was ended by ${signal}`;
}
