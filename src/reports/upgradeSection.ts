import type { Comparison } from '../model/comparison.ts';
import { waysOf } from '../model/measuredBy.ts';
import { metricAmount, metricBound } from '../model/metricAmount.ts';
import type { StatedRun } from '../model/observation.ts';
import { startsBeside } from '../model/upgradeChoices.ts';
import type { CheckReport, UpgradeReport } from '../model/upgradeReport.ts';
import type { Markup, MarkupValue } from './markup.ts';
import { code, facts, section, table, toned } from './sheet.ts';

function seconds(ms: number | null): string {
  return ms === null ? 'never' : (ms / 1000).toFixed(2);
}

const WAVES = {
  ok: toned('good', '✔ ended well'),
  failed: toned('bad', '✖ failed'),
  unfinished: toned('warn', '– unfinished'),
} as const;

const CHECKS: Record<CheckReport['outcome'], Markup> = {
  passed: toned('good', '✔ passed'),
  failed: toned('bad', '✖ failed'),
  unfinished: toned('warn', '– not run to its end'),
};

/** When names switched has a column where the strategy has them switch, and "never" where they did not. */
function waves({ waves: all, strategy }: UpgradeReport): Markup {
  const isBeside = startsBeside({ strategy });
  const rows = all.map(({ index, to, nodes, startMs, switchedMs = null, endMs, outcome }) => [
    String(index),
    to === 'new' ? 'to the new' : 'back to the old',
    nodes.join(', '),
    seconds(startMs),
    ...(isBeside ? [seconds(switchedMs)] : []),
    seconds(endMs),
    WAVES[outcome],
  ]);
  const switched = isBeside ? ['names switched, s'] : [];
  return table(['wave', 'Capsule', 'nodes', 'began, s', ...switched, 'ended, s', 'result'], rows);
}

function checks({ checks: all }: UpgradeReport): Markup[] {
  if (all.length === 0) return [];
  const rows = all.map(({ name, nodeId, window, wave, outcome, details = '' }) => [
    name,
    nodeId,
    wave === 0 ? window : `${window}, after wave ${wave}`,
    CHECKS[outcome],
    details,
  ]);
  return [table(['check', 'node', 'when', 'result', 'what was seen'], rows)];
}

function measured({ indicators, comparisons }: UpgradeReport): Markup[] {
  if (indicators.length === 0) return [];
  const rows = indicators.map((indicator) => {
    const { window, name, metric, value, passed, sampleSize } = indicator;
    return [
      window,
      name,
      passed ? toned('good', '✔ met') : toned('bad', '✖ missed'),
      metricAmount(metric, value),
      metricBound(indicator),
      `${sampleSize} ${waysOf(indicator)}`,
      window === 'mixed' ? against(comparisons.find((one) => one.name === name)) : '',
    ];
  });
  const head = ['window', 'objective', 'result', 'measured', 'promised', 'samples'];
  return [table([...head, 'against before'], rows)];
}

function against(compared: Comparison | undefined): MarkupValue {
  if (compared === undefined) return '';
  return compared.verdict === 'fail' ? toned('warn', compared.sentence) : compared.sentence;
}

/** What the upgrade of a run came to; nothing of a run without one. */
export function upgradeSection({ upgrade }: StatedRun): Markup[] {
  if (upgrade === undefined) return [];
  const { from, outcome, windows, rollback, halted, workload } = upgrade;
  const until = windows.map(
    ({ window, startMs, endMs }) => `${window} ${seconds(startMs)}–${seconds(endMs)} s`,
  );
  return [
    section(
      'Upgrade',
      facts([
        ['From', code(from)],
        ['Came to', outcome],
        ['Windows', until.join(', ')],
        ...(rollback.reason === undefined ? [] : [['Way back', rollback.reason] as const]),
        ...halted.map(({ details }) => ['Kept the old Capsule', details] as const),
        ...(workload === undefined
          ? []
          : [
              [
                'Workload',
                `on ${workload.nodeId}: ${workload.details ?? 'ran until it was stopped'}`,
              ] as const,
            ]),
      ]),
      waves(upgrade),
      ...checks(upgrade),
      ...measured(upgrade),
    ),
  ];
}
