import { readFileSync, readdirSync } from 'node:fs';

/** CPU time a process or thread has had, ms, from its schedstat (proc(5), in ns). */
function cpuOf(file: string): number {
  return Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6;
}

/** CPU time of the main thread of another process: all of one that has no other, ms. */
export function processCpuMs(pid: number): number {
  return cpuOf(`/proc/${pid}/schedstat`);
}

/** CPU time of all threads of this process but the one that runs this, ms. */
export function otherThreadsCpuMs(): number {
  return readdirSync('/proc/self/task')
    .filter((id) => Number(id) !== process.pid)
    .reduce((sum, id) => sum + cpuOf(`/proc/self/task/${id}/schedstat`), 0);
}
