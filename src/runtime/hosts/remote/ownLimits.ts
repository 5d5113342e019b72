import { hardLimit } from '../../../agent/processes/procfs.ts';

/** Podman keeps to so many processes itself, and may not give a container more. */
const MOST_PROCESSES = 32_768;

/** What this process may have at most, as `--ulimit` of an engine takes it: "nofile=20000:20000". Empty where there is no limit, or none is told. */
export function ownLimits(): string[] {
  const files = hardLimit('Max open files');
  const processes = hardLimit('Max processes');
  const limit = (name: string, most: number) => `${name}=${most}:${most}`;
  return [
    ...(files === undefined ? [] : [limit('nofile', files)]),
    ...(processes === undefined ? [] : [limit('nproc', Math.min(processes, MOST_PROCESSES))]),
  ];
}
