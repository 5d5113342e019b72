import { homedir } from 'node:os';
import { sharedLookup } from '../../capsule/commandPlaceholders.ts';
import { substitute } from '../../capsule/placeholders.ts';

const PER_NODE_PLACEHOLDER = /(^|[^$])\$\{(?!host\.(path|home)\})/;

/**
 * The environment of a build: the host's PATH and what the snapshot's env says alike on every node. Ports and node ids
 * are left out, or one build could not serve all nodes; so are secrets, which must not end up in a cache.
 */
export function buildEnv(
  env: Readonly<Record<string, string>>,
  hostPath: string,
): Record<string, string> {
  const shared = Object.entries(env)
    .filter(([, value]) => !PER_NODE_PLACEHOLDER.test(value))
    .map(
      ([name, value]) =>
        [name, substitute(value, sharedLookup(hostPath, homedir()), (other) => other)] as const,
    );
  return { PATH: hostPath, ...Object.fromEntries(shared) };
}
