import {
  chunkWords,
  isNotCompared,
  OTHER_CONDITIONS,
  servicePath,
  valueWords,
} from '../model/comparedWords.ts';
import type {
  Change,
  ComparedSide,
  EventsDifference,
  NotCompared,
  RunComparison,
} from '../model/runComparison.ts';
import { columns } from './columns.ts';
import { invariantLines, latencyLines, objectiveRows, phaseLines } from './comparedTables.ts';
import { seconds } from './liveView.ts';
import type { Paint } from './paint.ts';

/** Further places where events part that are printed; the rest is counted. */
const MORE_PARTED = 9;

/** Two runs side by side, as lines. Pure. */
export function comparisonLines(comparison: RunComparison, paint: Paint): string[] {
  const { plan, capsule, machine, judgement, phases, latency, events } = comparison;
  return [
    ...headLines(comparison, paint),
    ...section('Plan', plan, paint, ({ changes, isSameConditions }) => [
      ...changeLines(changes, 'The plans are equal.'),
      ...(isSameConditions ? [] : [paint('yellow', OTHER_CONDITIONS)]),
    ]),
    ...section('Capsule', capsule, paint, (difference) =>
      capsuleLines(difference, comparison, paint),
    ),
    ...section('Machine', machine, paint, ({ changes }) =>
      changeLines(changes, 'Machine, hosts and isolation are equal.'),
    ),
    ...section('Events', events, paint, (difference) => eventLines(difference, paint)),
    ...section('Invariants', judgement, paint, ({ invariants }) =>
      invariantLines(invariants, paint),
    ),
    ...section('Objectives', judgement, paint, ({ objectives }) =>
      objectiveRows(objectives, paint),
    ),
    ...section('Phases', phases, paint, (part) => phaseLines(part.phases, paint)),
    ...section('Latency', latency, paint, (part) => latencyLines(part, paint)),
  ].slice(0, -1);
}

function section<Part extends object>(
  name: string,
  part: Part | NotCompared,
  paint: Paint,
  lines: (part: Part) => string[],
): string[] {
  const told = isNotCompared(part)
    ? [paint('yellow', `Not compared. ${part.notCompared}`)]
    : lines(part);
  return [paint('bold', name), ...told, ''];
}

function headLines({ a, b, judgement }: RunComparison, paint: Paint): string[] {
  const causes = isNotCompared(judgement) ? {} : judgement.cause;
  const upgrades = isNotCompared(judgement) ? {} : judgement.upgrade;
  const took = ({ run }: ComparedSide): string | undefined =>
    run && `${seconds(Date.parse(run.endedAt) - Date.parse(run.startedAt))} s`;
  const rows: [string, string | undefined, string | undefined][] = [
    ['', paint('bold', 'A'), paint('bold', 'B')],
    ['Run', a.run?.simId ?? a.name, b.run?.simId ?? b.name],
    ['Outcome', outcomeOf(a, paint), outcomeOf(b, paint)],
    ['Upgrade', upgrades.a, upgrades.b],
    ['Started', a.run?.startedAt, b.run?.startedAt],
    ['Took', took(a), took(b)],
    ['Seed', a.run && String(a.run.seed), b.run && String(b.run.seed)],
    ['Product', a.run?.product, b.run?.product],
    ['Capsule', a.run?.capsuleHash.slice(0, 12), b.run?.capsuleHash.slice(0, 12)],
    ['Evidence', a.verdict, b.verdict],
    [
      'Events',
      a.events.isSigned ? 'signed' : 'not here',
      b.events.isSigned ? 'signed' : 'not here',
    ],
  ];
  const failed = [
    ...(causes.a === undefined ? [] : [`A failed: ${causes.a}`]),
    ...(causes.b === undefined ? [] : [`B failed: ${causes.b}`]),
  ];
  const shown = rows.filter(([, ofA, ofB]) => ofA !== undefined || ofB !== undefined);
  return [
    ...columns(
      shown.map(([name, ofA, ofB]) => [paint('dim', name), valueWords(ofA), valueWords(ofB)]),
    ),
    ...failed,
    '',
  ];
}

function outcomeOf({ run }: ComparedSide, paint: Paint): string | undefined {
  if (run === undefined) return undefined;
  return run.outcome === 'pass' ? paint('green', '✔ PASS') : paint('red', '✖ FAIL');
}

function capsuleLines(
  difference: Exclude<RunComparison['capsule'], NotCompared>,
  { a, b }: RunComparison,
  paint: Paint,
): string[] {
  if (a.run?.capsuleHash === b.run?.capsuleHash) return ['Both rehearsed the same Capsule.'];
  const { from, changes, services } = difference;
  const ofServices = services.flatMap((one) =>
    one.changes.map((change) => ({ ...change, path: servicePath(one.service, change) })),
  );
  const told = services.flatMap((one) => {
    if (one.status !== 'changed') return [`${one.service} was ${one.status}.`];
    const chunks = chunkWords(one);
    return chunks === undefined ? [] : [paint('dim', `${one.service}: ${chunks}.`)];
  });
  const all = [...changes, ...ofServices];
  return [
    ...(all.length === 0 && told.length > 0 ? [] : changeLines(all, 'They hold the same.')),
    ...told,
    ...(from === 'manifest'
      ? []
      : [paint('dim', 'By their signed packs: a manifest is not in this workspace.')]),
  ];
}

function changeLines(changes: readonly Change[], none: string): string[] {
  if (changes.length === 0) return [none];
  return columns(changes.map(({ path, a, b }) => [path, valueWords(a), valueWords(b)]));
}

function eventLines({ same, parted }: EventsDifference, paint: Paint): string[] {
  const [first, ...more] = parted;
  if (first === undefined)
    return [`They never part: all ${same} events that are compared are in both.`];
  const side = (name: string, place: typeof first.a): string =>
    place === undefined
      ? `${name}  has no further event of these`
      : `${name}  ${seconds(place.at).padStart(7)} s  ${place.is}${place.details === undefined ? '' : `: ${place.details}`}`;
  const rest = more.length - MORE_PARTED;
  return [
    `They part first at ${first.about}. Of the events before, ${same} are in both.`,
    side('A', first.a),
    side('B', first.b),
    ...more
      .slice(0, MORE_PARTED)
      .map(({ about, a, b }) =>
        paint('dim', `then ${about}: A ${a?.is ?? 'nothing'}, B ${b?.is ?? 'nothing'}`),
      ),
    ...(rest > 0 ? [paint('dim', `and ${rest} more (--json lists all)`)] : []),
  ];
}
