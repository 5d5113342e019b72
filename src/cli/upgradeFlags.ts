import { MeshSimError } from '../base/errors.ts';
import { ROLLBACKS } from '../model/upgradeChoices.ts';
import { CAPSULE_VERSIONS } from '../model/upgradeReport.ts';

/** The flags of an upgrade as commander hands them over. */
export interface UpgradeFlags {
  readonly from?: string;
  readonly strategy?: string;
  readonly rollback?: string;
  readonly checksFrom?: string;
}

type LooseUpgrade = Record<string, unknown>;

/**
 * Lays the flags over the upgrade of a plan read from a file; undefined: there is none.
 * @throws MeshSimError `usage` naming the flag and what it takes
 */
export function applyUpgradeFlags(upgrade: unknown, flags: UpgradeFlags): unknown {
  const { from, strategy, rollback, checksFrom } = flags;
  const given = { '--strategy': strategy, '--rollback': rollback, '--checks-from': checksFrom };
  const flag = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (from === undefined && flag === undefined) return upgrade;
  if (from === undefined && upgrade === undefined) {
    throw new MeshSimError(
      'usage',
      `${flag} says how an upgrade goes: name the Capsule that runs before by --from <hash>, or --from active:production.`,
    );
  }
  return {
    ...(upgrade as LooseUpgrade | undefined),
    ...(from === undefined ? {} : { from }),
    ...(strategy === undefined ? {} : { strategy: strategyFlag(strategy) }),
    ...(rollback === undefined ? {} : { rollback: oneOf(ROLLBACKS, rollback, '--rollback') }),
    ...(checksFrom === undefined
      ? {}
      : { checksFrom: oneOf(CAPSULE_VERSIONS, checksFrom, '--checks-from') }),
  };
}

/** "rolling:2", "canary:1", "blue-green": the number is of nodes. */
function strategyFlag(value: string): LooseUpgrade {
  const [, kind, nodes] = /^(rolling|canary)(?::(\d+))?$/.exec(value) ?? [];
  if (kind !== undefined) {
    const size = kind === 'rolling' ? 'batch' : 'nodes';
    return { kind, ...(nodes === undefined ? {} : { [size]: Number(nodes) }) };
  }
  if (value === 'blue-green' || value === 'all-at-once') return { kind: value };
  throw new MeshSimError(
    'usage',
    `--strategy ${value}: expected rolling:1, canary:1, blue-green or all-at-once.`,
  );
}

function oneOf(choices: readonly string[], value: string, flag: string): string {
  if (choices.includes(value)) return value;
  throw new MeshSimError('usage', `${flag} ${value}: expected one of ${choices.join(', ')}.`);
}
