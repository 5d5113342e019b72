import { execFileSync } from 'node:child_process';

/** Process ids of all that descends from `root` now, by ps(1) of POSIX; none where there is no such program. */
export function descendantsOf(root: number): number[] {
  const children = childrenByParent();
  const found: number[] = [];
  const queue = [root];
  for (const parent of queue) {
    const own = children.get(parent) ?? [];
    found.push(...own);
    queue.push(...own);
  }
  return found;
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const line of processLines()) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    if (pid === 0 || pid === parent) continue;
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

function processLines(): string[] {
  try {
    const env = { PATH: '/bin:/usr/bin' };
    return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', env }).split('\n');
  } catch {
    return [];
  }
}
