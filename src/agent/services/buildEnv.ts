import { homedir } from 'node:os';
import path from 'node:path';
import { sharedLookup } from '../../capsule/commandPlaceholders.ts';
import { substitute } from '../../capsule/placeholders.ts';

const PER_NODE_PLACEHOLDER = /(^|[^$])\$\{(?!host\.(path|home)\})/;

/** What builds are given beside what they are kept by. */
export interface BuildSurroundings {
  /** Empty, as the build finds it. */
  readonly home: string;
  /** What tools kept in earlier builds. */
  readonly toolCache: string;
  /** Variables that tell of a proxy. */
  readonly proxy: Readonly<Record<string, string>>;
}

/**
 * What most tools need and what does not decide what they make, so that no result is kept by it. Of those that do not follow
 * XDG_CACHE_HOME, two are told by name where to keep what they download: npm, and Go, whose modules nobody could remove from a home
 * folder, for they are read-only.
 */
export function surroundingEnv({ home, toolCache, proxy }: BuildSurroundings) {
  return {
    ...proxy,
    HOME: home,
    XDG_CACHE_HOME: toolCache,
    npm_config_cache: path.join(toolCache, 'npm'),
    GOMODCACHE: path.join(toolCache, 'go-mod'),
  };
}

/**
 * What a build is kept by: the host's PATH and what the snapshot's env says alike on every node. Ports and node ids
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
