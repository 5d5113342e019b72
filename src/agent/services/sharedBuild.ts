import type { PackedService } from '../../model/capsule.ts';
import { BUILD_DEADLINE_MS, type Command } from '../../model/registry.ts';

/**
 * A service as the one build that it shares with others sees it: with the variables and build secrets of all of them, and the
 * longest of their deadlines. A variable to which they give different values is left out, for the build could not serve all.
 */
export function sharedBuild(
  owner: PackedService & { readonly build: Command },
  services: readonly PackedService[],
): PackedService & { readonly build: Command } {
  const deadlines = services.map(({ buildDeadlineMs = BUILD_DEADLINE_MS }) => buildDeadlineMs);
  const secrets = new Set(services.flatMap(({ buildSecrets = [] }) => buildSecrets));
  const shared = { env: sharedEnv(services), buildDeadlineMs: Math.max(...deadlines) };
  return { ...owner, ...shared, buildSecrets: [...secrets].sort() };
}

function sharedEnv(services: readonly Pick<PackedService, 'env'>[]): Record<string, string> {
  const all = services.flatMap(({ env }) => Object.entries(env));
  const values = new Map<string, Set<string>>();
  for (const [name, value] of all) values.set(name, (values.get(name) ?? new Set()).add(value));
  return Object.fromEntries(all.filter(([name]) => values.get(name)?.size === 1));
}
