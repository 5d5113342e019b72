import { readFileSync, readdirSync } from 'node:fs';

/** CPU time a process or thread has had, ms, from its schedstat (proc(5), in ns). */
function cpuOf(file: string): number {
  return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6;
}

/** CPU time of all threads of another process that live, ms. */
export function processCpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce(
    (sum, id) => sum + cpuOf(`/proc/${pid}/task/${id}/schedstat`),
    0,
  );
}
