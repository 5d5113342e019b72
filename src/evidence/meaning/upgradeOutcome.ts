import type { UpgradeOutcome } from '../../model/upgradeReport.ts';
import { held, isPass, observationOf, type Rule } from './rule.ts';
import type { UpgradeClaims } from './upgradeClaims.ts';

/** What the upgrade came to, and what its invariants say of it. */

/** Why the waves do not lead to this outcome, as the end of a sentence; undefined: they may. */
const CANNOT_BE: Record<UpgradeOutcome, (upgrade: UpgradeClaims) => string | undefined> = {
  completed: (upgrade) => {
    const target = upgrade.replay.targets.at(-1);
    if (target?.some((version) => version === 'old') === true)
      return 'a node was last moved back, or not at all';
    return notFinished(upgrade);
  },
  incomplete: (upgrade) => {
    if (upgrade.report.halted.length === 0) return 'no node halted';
    return notFinished(upgrade);
  },
  'rolled-back': (upgrade) => {
    const { report, replay } = upgrade;
    if (!report.waves.some(({ outcome }) => outcome === 'failed')) return 'no wave failed';
    if (replay.targets.at(-1)?.some((version) => version === 'new') === true) {
      return 'not every node was moved back';
    }
    return replay.isComplete ? undefined : 'a wave back failed or was still to come';
  },
  stopped: () => undefined,
  unfinished: ({ replay, report }) =>
    replay.isStopped && report.waves.at(-1)?.outcome === 'failed'
      ? 'a wave failed, which ends it'
      : undefined,
};

/** Where nodes halted or a wave failed it ends otherwise. */
function notFinished({ replay, report }: UpgradeClaims): string | undefined {
  if (report.waves.some(({ outcome }) => outcome !== 'ok'))
    return 'a wave failed or was not finished';
  return replay.isComplete ? undefined : 'waves of its plan were still to come';
}

export const upgradeOutcomeFollows: Rule = function* ({ upgrade }) {
  if (upgrade === undefined || upgrade.replay.stray !== undefined) return;
  const { outcome } = upgrade.report;
  const why = CANNOT_BE[outcome](upgrade);
  if (why !== undefined) yield `It says that its upgrade is "${outcome}", but ${why}.`;
};

/** A pass is one on the new Capsule, on all nodes. */
export const passesAreCompleted: Rule = function* (claims) {
  const outcome = claims.upgrade?.report.outcome ?? 'completed';
  if (outcome === 'completed') return;
  if (isPass(claims)) yield `It claims a pass, but its upgrade is "${outcome}".`;
  if (held(claims, 'upgraded-runs-signed-content')) {
    yield `It says that every node ran what it should at the end, but its upgrade is "${outcome}".`;
  }
};

/** Each way back that began has come to its end where the invariant held. */
export const wayBackFollows: Rule = function* (claims) {
  const { upgrade } = claims;
  const observed = observationOf(claims, 'way-back');
  if (upgrade === undefined || observed === undefined) return;
  const { waves, windows } = upgrade.report;
  const back = waves.filter(({ to }) => to === 'old');
  const ways = new Set(back.map(({ leg }) => leg)).size;
  const ended = windows.filter(({ window }) => window === 'rolled-back').length;
  if (ways === 0 && observed !== 'not-observed') {
    yield 'It judges a way back, but no node was moved back.';
  }
  const isWhole = ended === ways && back.every(({ outcome }) => outcome === 'ok');
  if (observed === 'held' && !isWhole) {
    yield 'It says that the way back held, but its waves do not bring every node back.';
  }
};

/** What only services can show. */
const OF_SERVICES = ['served-throughout', 'checks-held', 'no-state-lost'];

export const virtualUpgradesServeNobody: Rule = function* (claims) {
  if (claims.upgrade === undefined || claims.plan.world !== 'virtual') return;
  for (const name of OF_SERVICES) {
    if (observationOf(claims, name) === 'not-observed') continue;
    yield `It judges "${name}", but no service runs in virtual time.`;
  }
};
