import type { EvidenceStatement } from '../model/evidence.ts';
import { waysOf } from '../model/measuredBy.ts';
import { hostWords } from '../model/hostReport.ts';
import { isolationWords } from '../model/isolation.ts';
import { metricAmount, metricBound } from '../model/metricAmount.ts';
import { nodeIdOf } from '../model/nodeIds.ts';
import type { StatedRun } from '../model/observation.ts';
import { PHASES } from '../model/plan.ts';
import { programWords } from '../model/programWords.ts';
import { chaosWords } from '../model/chaosWords.ts';
import { markup, type Markup } from './markup.ts';
import { code, facts, section, shaded, table, toned } from './sheet.ts';
import { upgradeSection } from './upgradeSection.ts';
import { topologyWords } from '../model/topologyWords.ts';

export function outcomeLine({ outcome, cause, nodeReports }: StatedRun): Markup {
  const all = `${nodeReports.length} of ${nodeReports.length} nodes became healthy.`;
  return outcome === 'pass'
    ? markup`<p class="verdict">${toned('good', '✔ PASS')} ${all}</p>`
    : markup`<p class="verdict">${toned('bad', '✖ FAIL')} ${cause ?? 'See the invariants.'}</p>`;
}

/** What verified evidence states of its run, part by part. */
export function runSections(run: StatedRun, statement: EvidenceStatement): Markup[] {
  return [
    rehearsed(run),
    ...upgradeSection(run),
    nodes(run),
    latency(run),
    ...objectives(run),
    invariants(run),
    ...faults(statement),
    network(run),
  ];
}

function rehearsed(run: StatedRun): Markup {
  const { plan, simId, startedAt, endedAt, environment, programs = [], hosts = [] } = run;
  const { params, seed, drift } = plan;
  const { fidelity, os, arch, node, product, degraded } = environment;
  const drifted = drift.map((one) => `${one.node} ${one.service}@${one.commit}`).join(', ');
  return section(
    'What was rehearsed',
    facts([
      ['Capsule', code(plan.capsuleHash)],
      ['Run', markup`${code(simId)}, ${startedAt} to ${endedAt}`],
      [
        'Mesh',
        `${params.nodes} nodes, ${params.latencyMs.join('–')} ms one way, ${params.packetLoss} % loss, topology ${topologyWords(plan)}`,
      ],
      ['Seed', String(seed)],
      ['Chaos', chaosWords(plan)],
      ...(drifted === '' ? [] : [['Drift', drifted] as const]),
      ['Signatures', params.verifySignatures ? 'checked by every node' : 'not checked, as planned'],
      ['World', `${fidelity} on ${os} ${arch}, Node.js ${node}, ${product}`],
      ...(plan.world === 'virtual'
        ? []
        : [['Isolation of services', isolationWords(environment)] as const]),
      ...programWords(programs).map((line) => ['Program of the machine', line] as const),
      ...hostWords(hosts).map((line) => ['Node on another host', line] as const),
      ['Timing', degraded ? 'degraded: what it ran on was too busy' : 'within its budget'],
    ]),
  );
}

function nodes({ nodeReports }: StatedRun): Markup {
  return section(
    'Nodes',
    markup`<p class="quiet">Seconds of the last attempt at each phase.</p>\n`,
    table(
      ['node', ...PHASES, 'signature', 'attempts that failed'],
      nodeReports.map(({ nodeId, phases, signatureVerified }) => [
        nodeId,
        ...PHASES.map((name) => {
          const last = phases.findLast((attempt) => attempt.name === name);
          if (last === undefined) return toned('quiet', 'not reached');
          const took = ((Date.parse(last.end) - Date.parse(last.start)) / 1000).toFixed(2);
          return last.status === 'ok' ? took : toned('bad', `✖ ${took}`);
        }),
        signatureVerified ? 'verified' : toned('bad', '✖ not verified'),
        phases
          .filter(({ status }) => status === 'error')
          .map(({ name, details }) => markup`<div>${name}: ${details ?? 'did not end well'}</div>`),
      ]),
    ),
  );
}

function latency({ latencyMatrix, plan }: StatedRun): Markup {
  const [min, max] = plan.params.latencyMs;
  return section(
    'Measured latency',
    markup`<p class="quiet">One-way ms, row to column; darker is slower within the configured ${min}–${max} ms.</p>\n`,
    table(
      ['from', ...latencyMatrix.map((_, to) => nodeIdOf(to))],
      latencyMatrix.map((row, from) => [
        nodeIdOf(from),
        ...row.map((ms, to) => {
          if (from === to) return '';
          if (ms < 0) return toned('bad', 'unreachable');
          return shaded(shadeOf(max > min ? (ms - min) / (max - min) : 0), ms.toFixed(1));
        }),
      ]),
      'heat',
    ),
  );
}

const SHADES = [0, 1, 2, 3, 4] as const;

function shadeOf(share: number): (typeof SHADES)[number] {
  return SHADES[Math.max(0, Math.min(4, Math.floor(share * 5)))] ?? 0;
}

function objectives({ indicators }: StatedRun): Markup[] {
  if (indicators.length === 0) return [];
  const rows = indicators.map((indicator) => {
    const { name, metric, value, passed, sampleSize } = indicator;
    return [
      name,
      passed ? toned('good', '✔ met') : toned('bad', '✖ missed'),
      metricAmount(metric, value),
      metricBound(indicator),
      `${sampleSize} ${waysOf(indicator)}`.trim(),
    ];
  });
  const head = ['objective', 'result', 'measured', 'promised', 'samples'];
  return [section('Objectives', table(head, rows))];
}

const OBSERVED = {
  held: toned('good', '✔ held'),
  violated: toned('bad', '✖ violated'),
  'not-observed': toned('warn', '– not observed'),
} as const;

function invariants(run: StatedRun): Markup {
  const rows = run.invariants.map(({ name, observed, details }) => [
    name,
    OBSERVED[observed],
    details,
  ]);
  return section('Invariants', table(['invariant', 'result', 'what was seen'], rows));
}

/** What each fault did, in the words of the evidence's own fields: kinds differ in what they count. */
function faults(statement: EvidenceStatement): Markup[] {
  const evidence = statement.predicate.meshsim_evidence;
  if (!('faults' in evidence) || evidence.faults.length === 0) return [];
  const rows = evidence.faults.map(({ fault, effect, firedAt, endedAt, ...counted }) => [
    String(fault),
    effect,
    firedAt ?? 'never',
    firedAt === null ? '' : (endedAt ?? 'lasted'),
    Object.entries(counted)
      .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
      .join(', '),
  ]);
  return [section('Faults', table(['fault', 'effect', 'fired', 'ended', 'counted'], rows))];
}

function network({
  network: { links, disseminationMs, lowerBoundMs },
  recovery,
}: StatedRun): Markup {
  const milliseconds = (quantiles: { p50: number; p99: number } | null) =>
    quantiles === null ? 'none' : `${quantiles.p50.toFixed(1)} / ${quantiles.p99.toFixed(1)}`;
  const back = recovery.filter(({ crashes }) => crashes > 0);
  return section(
    'Network',
    markup`<p>${
      disseminationMs < 0
        ? 'The content never reached every node.'
        : `The content reached every node in ${disseminationMs.toFixed(0)} ms; no protocol could beat ${lowerBoundMs.toFixed(0)} ms.`
    }</p>\n`,
    ...back.map(
      ({ nodeId, crashes, kept, redelivered }) =>
        markup`<p>${nodeId} was killed ${crashes}×, kept ${kept} chunks on disk, and ${redelivered} were delivered again.</p>\n`,
    ),
    table(
      [
        'link',
        'sent',
        'delivered',
        'dropped',
        'unreachable',
        'configured p50 / p99 ms',
        'achieved',
      ],
      links.map(({ from, to, sent, delivered, dropped, unreachable, configuredMs, achievedMs }) => [
        `${from} → ${to}`,
        ...[sent, delivered, dropped, unreachable].map(String),
        milliseconds(configuredMs),
        milliseconds(achievedMs),
      ]),
    ),
  );
}
