import {
  changeOfMs,
  NOTHING,
  phaseWords,
  verdictReasons,
  VERDICTS,
} from '../model/comparedWords.ts';
import { metricAmount } from '../model/metricAmount.ts';
import type {
  Judgement,
  LatencyDifference,
  LatencyDifferences,
  PhaseDifference,
} from '../model/runComparison.ts';
import type { Comparison } from '../model/comparison.ts';
import { columns } from './columns.ts';
import { seconds } from './liveView.ts';
import type { Paint } from './paint.ts';

/** Invariants of both: a mark for each side, and the sentences where they differ. */
export function invariantLines(invariants: Judgement['invariants'], paint: Paint): string[] {
  const marks = {
    held: paint('green', '✔'),
    violated: paint('red', '✖'),
    'not-observed': paint('yellow', '–'),
  } as const;
  return invariants.flatMap(({ name, a, b }) => {
    const mark = (side: typeof a): string => (side === undefined ? ' ' : marks[side.observed]);
    const differs = a?.observed !== b?.observed;
    return [
      `${mark(a)} ${mark(b)} ${name}`,
      ...(differs && a !== undefined ? [paint('dim', `    A  ${a.details}`)] : []),
      ...(differs && b !== undefined ? [paint('dim', `    B  ${b.details}`)] : []),
    ];
  });
}

export function objectiveRows(objectives: Judgement['objectives'], paint: Paint): string[] {
  if (objectives.length === 0) return ['Neither measured one.'];
  const value = (side: Judgement['objectives'][number]['a']): string => {
    if (side === undefined) return NOTHING;
    const mark = side.passed ? paint('green', '✔') : paint('red', '✖');
    return `${mark} ${metricAmount(side.metric, side.value)}`;
  };
  return [
    ...columns([
      ['', 'A', 'B', ''].map((head) => paint('dim', head)),
      ...objectives.map(({ name, a, b, comparison }) => [
        name,
        value(a),
        value(b),
        verdict(comparison, paint),
      ]),
    ]),
    ...reasons(
      objectives.map(({ comparison }) => comparison),
      paint,
    ),
  ];
}

export function phaseLines(phases: readonly PhaseDifference[], paint: Paint): string[] {
  const took = (side: PhaseDifference['a']): string => {
    if (side === undefined) return NOTHING;
    const text = `${seconds(side.ms)} s`;
    return side.status === 'ok' ? text : paint('red', `${text} ✖`);
  };
  return [
    ...columns([
      ['node', 'phase', 'A', 'B', 'B less A'].map((head) => paint('dim', head)),
      ...phases.map((one) => [
        one.nodeId,
        phaseWords(one),
        took(one.a),
        took(one.b),
        changeOfMs(one.a?.ms, one.b?.ms) ?? '',
      ]),
    ]),
    paint('dim', 'Each is one measurement: what the machine did besides is in it.'),
  ];
}

export function latencyLines({ from, ways }: LatencyDifferences, paint: Paint): string[] {
  const figures = (side: LatencyDifference['a']): string[] => {
    const { link, wayMs } = side ?? {};
    return [wayMs, link?.p50, link?.p95 ?? link?.p90, link?.p99].map((ms) =>
      ms === undefined ? NOTHING : ms.toFixed(1),
    );
  };
  const heads = ['way', 'p50', from === 'packets' ? 'p95' : 'p90', 'p99'];
  return [
    ...columns([
      [
        'one-way ms',
        ...heads.map((head) => `A ${head}`),
        ...heads.map((head) => `B ${head}`),
        '',
      ].map((head) => paint('dim', head)),
      ...ways.map(({ from: sender, to, a, b, comparison }) => [
        `${sender} → ${to}`,
        ...figures(a),
        ...figures(b),
        verdict(comparison, paint),
      ]),
    ]),
    ...reasons(
      ways.map(({ comparison }) => comparison),
      paint,
    ),
    paint(
      'dim',
      `way: over the shortest path, at the end; p50 to p99: of the packets on the link${from === 'packets' ? '' : ', as sealed'}.`,
    ),
  ];
}

function verdict(comparison: Comparison | undefined, paint: Paint): string {
  if (comparison === undefined) return '';
  const word = VERDICTS[comparison.verdict];
  return comparison.verdict === 'fail' ? paint('yellow', `${word} in B`) : paint('dim', word);
}

function reasons(comparisons: readonly (Comparison | undefined)[], paint: Paint): string[] {
  const { worse, open } = verdictReasons(comparisons);
  return [...worse.map((why) => paint('yellow', why)), ...open.map((why) => paint('dim', why))];
}
