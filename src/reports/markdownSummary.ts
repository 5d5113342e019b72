import { chaosWords } from '../model/chaosWords.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Comparison } from '../model/comparison.ts';
import { waysOf } from '../model/measuredBy.ts';
import { metricAmount, metricBound } from '../model/metricAmount.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import type { StatedRun } from '../model/observation.ts';
import { PHASES } from '../model/plan.ts';
import type { BrokenRun } from './junit.ts';
import { markdownTable, markdownText } from './markdown.ts';

export interface SummaryFacts {
  /** How each indicator compares with the baseline, where there is one. */
  readonly comparisons?: readonly Comparison[];
  /** Where the sealed evidence is; left out: nothing was sealed. */
  readonly capsimFile?: string;
}

/** Of more nodes than this, tables of nodes are no summary. */
const MOST_NODES = 10;

/** What a job's page should show of a run, as GitHub's Markdown. */
export function markdownSummary(run: StatedRun, facts: SummaryFacts = {}): string {
  const isSmall = run.nodeReports.length <= MOST_NODES;
  return [
    `## ${run.outcome === 'pass' ? '✅ PASS' : '❌ FAIL'} · mesh-sim rehearsal`,
    '',
    ...verdict(run),
    ...(isSmall ? phases(run) : []),
    ...(isSmall ? latencies(run) : []),
    ...objectives(run.indicators, facts.comparisons ?? []),
    ...invariants(run),
    facts.capsimFile === undefined
      ? 'Not sealed: there is no evidence of this run.'
      : `Evidence: ${markdownText(facts.capsimFile)}`,
    '',
  ].join('\n');
}

export function markdownOfBrokenRun({ code, sentence }: BrokenRun): string {
  return `## ❌ ERROR · mesh-sim rehearsal\n\n**${markdownText(code)}**: ${markdownText(sentence)}\n\nThere was no outcome, and nothing was sealed.\n`;
}

function verdict({ simId, plan, outcome, cause, nodeReports, environment }: StatedRun): string[] {
  const { nodes, latencyMs, packetLoss } = plan.params;
  const healthy = `${nodeReports.length} of ${nodeReports.length} nodes healthy.`;
  return [
    outcome === 'pass' ? healthy : `**${markdownText(cause ?? 'See the invariants below.')}**`,
    '',
    ...markdownTable(
      ['run', 'Capsule', 'mesh', 'seed', 'chaos', 'world'],
      [
        [
          `\`${simId}\``,
          `\`${plan.capsuleHash.slice(0, 12)}\``,
          `${nodes} nodes, ${latencyMs.join('–')} ms, ${packetLoss} % loss`,
          String(plan.seed),
          chaosWords(plan),
          `${environment.fidelity}${environment.degraded ? ', degraded: what it ran on was too busy' : ''}`,
        ],
      ],
    ),
  ];
}

function phases({ nodeReports }: StatedRun): string[] {
  return [
    '### Phases',
    '',
    'Seconds of the last attempt.',
    '',
    ...markdownTable(
      ['node', ...PHASES, 'signature'],
      nodeReports.map((report) => [
        report.nodeId,
        ...PHASES.map((name) => {
          const last = report.phases.findLast((attempt) => attempt.name === name);
          if (last === undefined) return '–';
          const seconds = ((Date.parse(last.end) - Date.parse(last.start)) / 1000).toFixed(2);
          return last.status === 'ok' ? seconds : `❌ ${seconds}`;
        }),
        report.signatureVerified ? 'verified' : '❌ not verified',
      ]),
    ),
  ];
}

function latencies({ latencyMatrix }: StatedRun): string[] {
  if (latencyMatrix.length === 0) return [];
  return [
    '### Measured latency',
    '',
    'One-way ms, row to column.',
    '',
    ...markdownTable(
      ['', ...latencyMatrix.map((_, to) => nodeIdOf(to))],
      latencyMatrix.map((row, from) => [
        nodeIdOf(from),
        ...row.map((ms, to) => (from === to ? '' : ms < 0 ? 'unreachable' : ms.toFixed(1))),
      ]),
    ),
  ];
}

function objectives(
  indicators: readonly Indicator[],
  comparisons: readonly Comparison[],
): string[] {
  if (indicators.length === 0) return [];
  return [
    '### Objectives',
    '',
    ...markdownTable(
      ['', 'objective', 'measured', 'promised', 'samples', 'against the baseline'],
      indicators.map((indicator) => {
        const { name, metric, value, passed, sampleSize } = indicator;
        const comparison = comparisons.find((one) => one.name === name);
        return [
          passed ? '✅' : '❌',
          markdownText(name),
          metricAmount(metric, value),
          metricBound(indicator),
          `${sampleSize} ${waysOf(indicator)}`.trim(),
          comparison === undefined ? '' : markdownText(comparison.sentence),
        ];
      }),
    ),
  ];
}

const MARKS = { held: '✅', violated: '❌', 'not-observed': '➖ not observed' } as const;

function invariants(run: StatedRun): string[] {
  return [
    '### Invariants',
    '',
    ...markdownTable(
      ['', 'invariant', 'what was seen'],
      run.invariants.map(({ name, observed, details }) => [
        MARKS[observed],
        markdownText(name),
        markdownText(details),
      ]),
    ),
  ];
}
