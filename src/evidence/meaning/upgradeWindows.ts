import type { UpgradeWindow } from '../../model/upgradeReport.ts';
import { CLOCK_STEP_MS, type Claims, type Rule } from './rule.ts';
import type { UpgradeClaims } from './upgradeClaims.ts';

/** From when nodes run what: windows divide the time of an upgrade, and follow from its waves. */

type Window = UpgradeClaims['report']['windows'][number];

/** What nodes run after so many waves; undefined: not all the same. */
export function windowAfter({ replay }: UpgradeClaims, waves: number): UpgradeWindow | undefined {
  const targets = replay.targets[waves] ?? [];
  if (targets.every((target) => target === 'old')) return 'rolled-back';
  return targets.every((target) => target === 'new') ? 'after' : undefined;
}

/** Waves that had begun before the window did. */
function wavesBefore({ report }: UpgradeClaims, { startMs }: Window): number {
  return report.waves.filter((wave) => wave.startMs < startMs).length;
}

export const windowsDivideTheTime: Rule = function* ({ upgrade, lastedMs }) {
  if (upgrade === undefined) return;
  const { windows, waves } = upgrade.report;
  if (windows.length === 0 && waves.length > 0) {
    yield 'Nodes were moved, but it names no window of its upgrade.';
  }
  for (const [at, { window, startMs, endMs }] of windows.entries()) {
    const next = windows[at + 1];
    const meets =
      next === undefined
        ? Math.abs(endMs - lastedMs) <= CLOCK_STEP_MS
        : endMs === next.startMs && window !== next.window;
    if (!meets || endMs < startMs) {
      yield `The window "${window}" does not end where the next one begins, or with the run.`;
    }
    if ((window === 'before') !== (at === 0)) {
      yield 'It must begin with the window "before", and have it once.';
    }
  }
};

function* problemsOf(window: Window, claims: Claims, upgrade: UpgradeClaims): Iterable<string> {
  const { waves } = upgrade.report;
  const begun = wavesBefore(upgrade, window);
  const [last, next] = [waves[begun - 1], waves[begun]];
  const hasEnded = last === undefined || (last.endMs ?? Infinity) <= window.startMs;
  if (!hasEnded) yield `The window "${window.window}" begins within wave ${last.index}.`;
  if (window.window === 'before') {
    if (begun > 0) yield 'Nodes were moved before the window "before" began.';
  } else if (window.window === 'mixed') {
    // Both worlds tell of it as the wave begins; only in virtual time no time passes in between.
    const isLate = claims.plan.world === 'virtual' && next?.startMs !== window.startMs;
    if (next === undefined || next.startMs > window.endMs || isLate) {
      yield 'A window "mixed" begins without a wave.';
    }
  } else if (
    windowAfter(upgrade, begun) !== window.window ||
    last?.outcome !== 'ok' ||
    next?.leg === last.leg
  ) {
    yield `Its waves do not lead to the window "${window.window}".`;
  }
}

export const windowsFitTheWaves: Rule = function* (claims) {
  const { upgrade } = claims;
  if (upgrade === undefined || upgrade.replay.stray !== undefined) return;
  for (const window of upgrade.report.windows) yield* problemsOf(window, claims, upgrade);
};

/** A wave is in a window "mixed" from its begin to its end. */
export const wavesFallIntoMixedWindows: Rule = function* ({ upgrade, lastedMs }) {
  if (upgrade === undefined) return;
  const { waves, windows } = upgrade.report;
  for (const { index, startMs, endMs } of waves) {
    const around = windows.findLast((window) => window.startMs <= startMs);
    const isIn = around !== undefined && (endMs ?? startMs) <= around.endMs;
    if (around?.window === 'mixed' && isIn && startMs <= lastedMs + CLOCK_STEP_MS) continue;
    yield `Wave ${index} is not in a window "mixed" from its begin to its end.`;
  }
};

/** Where all nodes ran the same between two ways, and at the end of one that came to its end, there is a window. */
export const noWindowIsMissing: Rule = function* ({ upgrade }) {
  if (upgrade === undefined || upgrade.replay.stray !== undefined) return;
  const { waves, windows, outcome } = upgrade.report;
  const isOver = outcome !== 'unfinished' && outcome !== 'stopped';
  for (const [at, wave] of waves.entries()) {
    const next = waves[at + 1];
    const isTurn = next === undefined ? isOver : next.leg !== wave.leg;
    const expected = windowAfter(upgrade, at + 1);
    if (wave.outcome !== 'ok' || !isTurn || expected === undefined) continue;
    const isThere = windows.some(
      (window) => window.window === expected && wavesBefore(upgrade, window) === at + 1,
    );
    if (!isThere) yield `After wave ${wave.index} it lacks the window "${expected}".`;
  }
};
