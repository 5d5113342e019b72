import type { UpgradeFailure } from './upgradeFailure.ts';

export interface Measured {
  readonly failure: UpgradeFailure;
  /** How many it was rehearsed with. */
  readonly seeds: number;
  /** With how many seeds the upgrade to the broken version failed by what the class says. */
  readonly found: number;
  /** With how many the upgrade to the mended one passed. */
  readonly passed: number;
}

/** What a class is, and what finds it. */
export function cellsOf({ name, looksLike, runsOn, foundBy }: UpgradeFailure): string[] {
  return [`\`${name}\``, looksLike, runsOn, `\`${foundBy.invariant}\``];
}

const HEAD = ['class', 'what it looks like', 'on', 'found by', 'found', 'fixed twin passed'];

/** As docs/upgrade.md has it. */
export function markdownTable(results: readonly Measured[]): string {
  const rows = results.map(({ failure, seeds, found, passed }) => [
    ...cellsOf(failure),
    `${found} of ${seeds}`,
    `${passed} of ${seeds}`,
  ]);
  return [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
