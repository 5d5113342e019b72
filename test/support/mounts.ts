import { readFileSync } from 'node:fs';

/** Of Docker and Podman, which other tests start on the same machine meanwhile: their folders, images and networks. */
const OF_ENGINES = /\/mesh-sim-(docker|podman)-|\/var\/lib\/(docker|containers)\/|\/netns\//;

/** The mounts that programs of this machine see, a line each (proc_pid_mountinfo(5)), without those of container engines. */
export function mountsHere(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.filter((line) => !OF_ENGINES.test(line));
}
