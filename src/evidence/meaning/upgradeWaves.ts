import type { UpgradeStrategy } from '../../model/upgradePlan.ts';
import { CLOCK_STEP_MS, type Rule } from './rule.ts';
import type { UpgradeClaims } from './upgradeClaims.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';

type Wave = UpgradeClaims['report']['waves'][number];

/** Timers of a real machine may be early by as much: each of two times is rounded, and a timer counts whole milliseconds. */
const TIMER_SLACK_MS = 3;

export const wavesAreThePlans: Rule = function* ({ upgrade }) {
  const stray = upgrade?.replay.stray;
  if (upgrade === undefined || stray === undefined) return;
  const { index, to, nodes } = upgrade.report.waves[stray] ?? { index: 0, to: 'new', nodes: [] };
  yield `Wave ${index} moves ${nodes.join(', ')} to the ${to} Capsule, which its plan does not do there.`;
};

/** One after the other, in time, and within the run. Only the last can be open. */
export const wavesFollowEachOther: Rule = function* ({ upgrade, lastedMs }) {
  if (upgrade === undefined) return;
  const { waves } = upgrade.report;
  for (const [at, { index, startMs, endMs, outcome }] of waves.entries()) {
    if (index !== at + 1)
      yield `Its waves are not counted from 1 on: ${index} is number ${at + 1}.`;
    const isLast = at === waves.length - 1;
    if ((endMs === null) !== (outcome === 'unfinished') || (endMs === null && !isLast)) {
      yield `Wave ${index} is "${outcome}", but ${endMs === null ? 'has no end' : 'ended'}${isLast ? '' : ', and others followed'}.`;
    }
    const before = waves[at - 1]?.endMs ?? 0;
    if (startMs < before) yield `Wave ${index} begins before the one before it has ended.`;
    const end = endMs ?? startMs;
    if (end < startMs || end > lastedMs + CLOCK_STEP_MS) {
      yield `Wave ${index} ends before it begins, or after the run.`;
    }
  }
};

/** Of "blue-green" alone: names switch once in a wave, and in each that ended well. */
export const namesSwitchInWaves: Rule = function* ({ upgrade }) {
  if (upgrade === undefined) return;
  const isBeside = startsBeside(upgrade.upgrade);
  for (const { index, startMs, switchedMs, endMs, outcome } of upgrade.report.waves) {
    if (!isBeside && switchedMs !== undefined) {
      yield `Names are said to have switched in wave ${index}, which its strategy does not do.`;
    } else if (isBeside && switchedMs === undefined && outcome === 'ok') {
      yield `Wave ${index} ended well, but it does not say when the names switched.`;
    } else if (switchedMs !== undefined) {
      if (startMs <= switchedMs && switchedMs <= (endMs ?? Infinity)) continue;
      yield `Names are said to have switched before wave ${index} began, or after it ended.`;
    }
  }
};

function pauseMs(strategy: UpgradeStrategy): number {
  if (strategy.kind === 'rolling') return strategy.pauseMs;
  return strategy.kind === 'canary' ? strategy.bakeMs : 0;
}

/** ms that the plan lets pass after a wave: none before it goes back from a failure. */
function restAfter(wave: Wave, next: Wave | undefined, { upgrade }: UpgradeClaims): number {
  if (wave.outcome !== 'ok') return 0;
  return next?.leg === wave.leg ? pauseMs(upgrade.strategy) : upgrade.workloadMs;
}

/** The mesh served for as long as its plan says before the first wave, between waves, and after the last. */
export const restsAreThePlans: Rule = function* ({ upgrade, lastedMs }) {
  if (upgrade === undefined) return;
  const { waves, windows, outcome } = upgrade.report;
  const slack = TIMER_SLACK_MS;
  const [first] = waves;
  const servesFrom = windows[0]?.startMs ?? 0;
  if (first !== undefined && first.startMs - servesFrom + slack < upgrade.upgrade.workloadMs) {
    yield 'Its first wave begins before the mesh has served as long as its plan says.';
  }
  const hasEnded = outcome !== 'unfinished' && outcome !== 'stopped';
  for (const [at, wave] of waves.entries()) {
    const next = waves[at + 1];
    if (wave.endMs === null || (next === undefined && !hasEnded)) continue;
    const rested = (next?.startMs ?? lastedMs) - wave.endMs;
    if (rested + slack >= restAfter(wave, next, upgrade)) continue;
    yield `After wave ${wave.index} the mesh did not serve as long as its plan says.`;
  }
};
