import { mebibytes } from '../base/quantity.ts';
import type { StatedRun } from '../model/observation.ts';
import type { NodeReport } from '../model/evidence.ts';
import { PHASES } from '../model/plan.ts';
import { plannedLossWords } from '../model/plannedLinks.ts';
import { hostWords } from '../model/hostReport.ts';
import { programWords } from '../model/programWords.ts';
import { trafficWords } from '../model/trafficWords.ts';
import type { UpgradeReport } from '../model/upgradeReport.ts';
import { invariantLine } from './invariantLine.ts';
import { objectiveLines, type Baseline } from './objectiveLines.ts';
import { latencyTable } from './latencyTable.ts';
import { padVisible, type Paint } from './paint.ts';
import { degradedReasons } from '../model/timingBudget.ts';
import { upgradeLines } from './upgradeLines.ts';

/** What a summary can say besides the observation itself; each part is left out where it is not known. */
export interface SummaryExtras {
  readonly content?: { readonly chunks: number; readonly bytes: number };
  /** Left out: nothing was built. */
  readonly builds?: string | undefined;
  readonly hops?: { readonly valid: number; readonly invalid: number };
  /** What the run is compared with. */
  readonly baseline?: Baseline;
  /** What the service that failed said last, as lines. */
  readonly output?: readonly string[];
  /** What its upgrade came to; left out: it had none. */
  readonly upgrade?: UpgradeReport;
  /** Where the sealed evidence is. */
  readonly capsimFile?: string;
}

/** What a person wants to know after a run, as lines. Pure. */
export function summary(run: StatedRun, extras: SummaryExtras, paint: Paint): string[] {
  return [
    '',
    verdict(run, paint),
    '',
    ...outputLines(run, extras),
    ...phaseTable(run, paint),
    '',
    paint('bold', 'Measured latency') + paint('dim', '  one-way ms, row to column'),
    ...latencyTable(run.latencyMatrix, run.plan.params.latencyMs, paint),
    '',
    ...figures(run, extras, paint),
    '',
    ...upgradeLines(extras.upgrade),
    ...(extras.upgrade === undefined ? [] : ['']),
    ...objectiveLines(run.indicators, extras.baseline, paint),
    paint('bold', 'Invariants'),
    ...run.invariants.map((invariant) => invariantLine(invariant, paint)),
    ...(extras.capsimFile === undefined
      ? []
      : ['', `${paint('bold', 'Evidence')}  ${extras.capsimFile}`]),
  ];
}

function verdict(run: StatedRun, paint: Paint): string {
  if (run.outcome === 'pass') {
    return `${paint(['bold', 'green'], '✔ PASS')}  ${run.nodeReports.length} of ${run.nodeReports.length} nodes healthy  ${paint('dim', run.simId)}`;
  }
  return `${paint(['bold', 'red'], '✖ FAIL')}  ${run.cause ?? 'see the invariants below'}  ${paint('dim', run.simId)}`;
}

/** Under the sentence that says what failed. */
function outputLines({ outcome }: StatedRun, { output = [] }: SummaryExtras): string[] {
  return outcome === 'fail' && output.length > 0 ? [...output, ''] : [];
}

function phaseTable(run: StatedRun, paint: Paint): string[] {
  const header = `${'node'.padEnd(6)}${PHASES.map((phase) => phase.padStart(9)).join('')}   signature`;
  const rows = run.nodeReports.map(
    (report, index) => nodeRow(report, paint) + servicesOn(run, index, paint),
  );
  return [paint('dim', header), ...rows];
}

/** Nothing where every node ran the same. */
function servicesOn({ plan, ran }: StatedRun, node: number, paint: Paint): string {
  const services = plan.placement === undefined ? undefined : ran?.[node]?.services;
  if (services === undefined) return '';
  return paint('dim', `  ${services.length === 0 ? 'no service' : services.join(', ')}`);
}

/** The last attempt of each phase, in seconds; a crash before it is told in the column behind. */
function nodeRow(report: NodeReport, paint: Paint): string {
  const cells = PHASES.map((phase) => {
    const attempt = report.phases.findLast(({ name }) => name === phase);
    if (attempt === undefined) return paint('dim', '–'.padStart(9));
    const ms = Date.parse(attempt.end) - Date.parse(attempt.start);
    const text = `${(ms / 1000).toFixed(2)} s`.padStart(9);
    return attempt.status === 'ok' ? text : paint('red', text);
  });
  const boots = report.phases.filter(({ name }) => name === 'boot').length;
  const signature = report.signatureVerified
    ? paint('green', 'verified')
    : paint('red', 'not verified');
  const restarts = boots > 1 ? paint('dim', `  restarted ${boots - 1}×`) : '';
  return `${report.nodeId.padEnd(6)}${cells.join('')}   ${signature}${restarts}`;
}

function figures(run: StatedRun, extras: SummaryExtras, paint: Paint): string[] {
  const { network } = run;
  const total = (pick: (link: (typeof network.links)[number]) => number): number =>
    network.links.reduce((sum, link) => sum + pick(link), 0);
  const sent = total((link) => link.sent);
  const dropped = total((link) => link.dropped);
  const services = trafficWords(run);
  const recovery = run.recovery.filter(({ crashes }) => crashes > 0);
  const refused = run.recovery.reduce((sum, node) => sum + node.refused, 0);
  const rows: [string, string][] = [
    ...contentRows(run, extras),
    ...(refused === 0 ? [] : ([['Refused', `${refused} messages`]] as [string, string][])),
    [
      'Packets',
      `${sent} sent, ${dropped} lost (${percent(dropped, sent)}; configured ${plannedLossWords(run.plan)}), ${total((link) => link.unreachable)} unreachable`,
    ],
    ...(services === undefined ? [] : ([['Services', services]] as [string, string][])),
    ...(extras.builds === undefined ? [] : ([['Builds', extras.builds]] as [string, string][])),
    ...programWords(run.programs ?? []).map((line): [string, string] => ['Program', line]),
    ...hostWords(run.hosts ?? []).map((line): [string, string] => ['Host', line]),
    ...recovery.map(({ nodeId, kept, redelivered }): [string, string] => [
      'Recovery',
      `${nodeId} kept ${kept} chunks on disk, ${redelivered} were delivered again`,
    ]),
    ['Spread', spread(run)],
    ['Timing', timing(run)],
  ];
  return rows.map(([name, text]) => `${padVisible(paint('bold', name), 10)}${text}`);
}

function contentRows(run: StatedRun, { content, hops }: SummaryExtras): [string, string][] {
  const rows: [string, string][] = [];
  if (content !== undefined) {
    const receivers = run.plan.params.nodes - 1;
    rows.push([
      'Chunks',
      `${content.chunks}, ${mebibytes(content.bytes)}, to each of ${receivers} nodes`,
    ]);
  }
  if (hops !== undefined) {
    rows.push(['Hops', `${hops.valid} signatures valid, ${hops.invalid} invalid`]);
  }
  return rows;
}

function spread({ network }: StatedRun): string {
  if (network.disseminationMs < 0) return 'never completed';
  const { disseminationMs, lowerBoundMs, efficiency, bandwidthModel } = network;
  return `${disseminationMs.toFixed(0)} ms; no protocol could beat ${lowerBoundMs.toFixed(0)} ms (${bandwidthModel}): efficiency ${efficiency.toFixed(2)}`;
}

function timing(run: StatedRun): string {
  const { network, environment } = run;
  const error = network.timingErrorMs;
  if (error === null) return 'no packet arrived';
  const label = environment.degraded
    ? `degraded: ${degradedReasons(run).join('; ')}`
    : 'within budget';
  return `achieved minus configured delay p50 ${error.p50.toFixed(2)}, p99 ${error.p99.toFixed(2)} ms (${label})`;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? '0.0' : ((100 * part) / whole).toFixed(1)} %`;
}
