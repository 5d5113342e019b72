import type { UpgradeEvidence } from '../../model/upgradeEvidence.ts';
import { observationOf, type Rule } from './rule.ts';
import { windowAfter } from './upgradeWindows.ts';

/** What the product's checks and its workload came to while it was upgraded. */

type CheckRun = UpgradeEvidence['checks'][number];

function named({ name, nodeId, wave }: CheckRun): string {
  const when = wave === 0 ? 'before the first wave' : `after wave ${wave}`;
  return `The check "${name}" on ${nodeId}, ${when},`;
}

/** A check runs once on a node before the first wave or after a wave, in their order, in the window that begins then. */
export const checksFollowWaves: Rule = function* ({ nodes, upgrade }) {
  if (upgrade === undefined || upgrade.replay.stray !== undefined) return;
  const { checks, waves, windows } = upgrade.report;
  const seen = new Set<string>();
  for (const [at, check] of checks.entries()) {
    const { name, wave, window, nodeId } = check;
    const key = JSON.stringify([name, wave, nodeId]);
    if (seen.has(key)) yield `${named(check)} is said to have run twice.`;
    seen.add(key);
    if (!nodes.some((node) => node.nodeId === nodeId)) {
      yield `${named(check)} ran on no node of its run.`;
    }
    if ((checks[at + 1]?.wave ?? wave) < wave)
      yield `${named(check)} ran before others of earlier waves.`;
    if (wave > waves.length || windows.length === 0) {
      yield `${named(check)} followed nothing that happened.`;
      continue;
    }
    const expected = wave === 0 ? 'before' : (windowAfter(upgrade, wave) ?? 'mixed');
    if (window !== expected) {
      yield `${named(check)} is said to have run in the window "${window}", which was "${expected}".`;
    }
  }
};

/** What fails a check fails its wave, and before the first one the upgrade. */
export const failedChecksFailWaves: Rule = function* ({ upgrade }) {
  if (upgrade === undefined) return;
  const { checks, waves, outcome } = upgrade.report;
  for (const check of checks.filter((one) => one.outcome === 'failed')) {
    const wave = waves[check.wave - 1];
    const goesOn = check.wave === 0 ? waves.length > 0 : wave?.outcome === 'ok';
    if (goesOn || outcome === 'completed') {
      yield `${named(check)} failed, but its upgrade went on.`;
    }
  }
};

/** Only what did not pass says why. */
export const checksAreExplained: Rule = function* ({ upgrade }) {
  if (upgrade === undefined) return;
  for (const check of upgrade.report.checks) {
    const isExplained = check.details !== undefined;
    if (isExplained === (check.outcome === 'passed')) {
      yield `${named(check)} ${isExplained ? 'passed, but says why it did not' : `${check.outcome}, but does not say why`}.`;
    }
  }
  const { workload } = upgrade.report;
  if (
    workload !== undefined &&
    (workload.outcome === 'failed') !== (workload.details !== undefined)
  ) {
    yield 'Its workload does not say how it failed, or says so and did not.';
  }
};

/** The workload runs on one node of the mesh. */
export const workloadRanOnANode: Rule = function* ({ nodes, upgrade }) {
  const nodeId = upgrade?.report.workload?.nodeId;
  if (nodeId === undefined || nodes.some((node) => node.nodeId === nodeId)) return;
  yield `Its workload ran on ${nodeId}, which is no node of its run.`;
};

export const checksHeldFollows: Rule = function* (claims) {
  const { upgrade, plan } = claims;
  const observed = observationOf(claims, 'checks-held');
  if (upgrade === undefined || observed === undefined) return;
  const { checks, workload } = upgrade.report;
  const count = (outcome: CheckRun['outcome']) =>
    checks.filter((check) => check.outcome === outcome).length;
  const hasFailed = count('failed') > 0 || workload?.outcome === 'failed';
  if (hasFailed !== (observed === 'violated')) {
    yield hasFailed
      ? 'A check or the workload failed, but it does not say so of "checks-held".'
      : 'It says that a check did not hold, but none failed, nor did the workload.';
  }
  const isUsed = checks.length === 0 && workload !== undefined;
  if (observed === 'held' && count('passed') === 0 && !isUsed) {
    yield 'It says that checks held, but none passed.';
  }
  if (observed === 'not-observed' && count('passed') > 0) {
    yield 'Checks passed, but it says that nobody observed any.';
  }
  if (plan.world === 'virtual' && (checks.length > 0 || workload !== undefined)) {
    yield 'It tells of checks or a workload, but no service runs in virtual time.';
  }
};
