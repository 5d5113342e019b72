import { testNames } from '../../src/evidence/testNames.ts';
import type { EvidenceStatement } from '../../src/model/evidence.ts';
import { canonicalBytes } from '../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../src/signing/digest.ts';
import type { GenuineName } from './genuineRuns.ts';
import { pop, push, repeat, set, type JsonEdit } from './jsonEdit.ts';

/** A statement that is false in one respect; all that follows from it is made to agree, and everything is signed again. */
export interface FalseStatement {
  readonly name: string;
  readonly of: GenuineName;
  /** What the verifier says of it, among other things perhaps. */
  readonly says: RegExp;
  readonly edits: readonly JsonEdit[];
}

const E = 'predicate.meshsim_evidence.';
const R = `${E}result.`;
const CHAOS = 'a pass with chaos';
const FAIL = 'a fail';
const VIRTUAL = 'a virtual pass';
const at = (node: number, phase: number) => `${R}nodeReports.${node}.phases.${phase}`;
const link = (field: string, value: unknown) => set(`${E}network.links.0.${field}`, value);
const plan = (field: string, value: unknown) => set(`${E}plan.${field}`, value);
const recovery = (node: number, field: string, value: unknown) =>
  set(`${E}recovery.${node}.${field}`, value);
const fault = (index: number, field: string, value: unknown) =>
  set(`${E}plan.chaos.faults.${index}.${field}`, value);

function one(of: GenuineName, name: string, says: RegExp, ...edits: JsonEdit[]): FalseStatement {
  return { of, name, says, edits };
}

/** Makes the copies agree: tests, verdict, configuration. What is false stays so. */
export function agreeing(edits: readonly JsonEdit[]): JsonEdit {
  return (root) => {
    for (const edit of edits) edit(root);
    const { predicate } = root as EvidenceStatement;
    const { result, invariants } = predicate.meshsim_evidence;
    const params = canonicalBytes(result.params);
    Object.assign(predicate, testNames(result.nodeReports, invariants), {
      result: result.outcome === 'pass' ? 'PASSED' : 'FAILED',
      configuration: [
        {
          ...predicate.configuration[0],
          digest: { sha256: sha256Hex(params) },
          content: Buffer.from(params).toString('base64'),
        },
      ],
    });
  };
}

const PHASES_AND_SIGNATURES: readonly FalseStatement[] = [
  one(CHAOS, 'a phase nobody knows', /which is none/, set(`${at(0, 2)}.name`, 'deploy')),
  one(CHAOS, 'a phase left out', /not in the order/, (root) =>
    drop(root, `${R}nodeReports.0.phases`, 2),
  ),
  one(CHAOS, 'a phase twice', /not in the order/, repeat(`${R}nodeReports.0.phases`)),
  one(
    CHAOS,
    'a failed phase that the next follows',
    /not in the order/,
    set(`${at(0, 2)}.status`, 'error'),
  ),
  one(CHAOS, 'no phase at all', /outcome/, set(`${R}nodeReports.0.phases`, [])),
  one(
    CHAOS,
    'success with an excuse',
    /explains why it failed/,
    set(`${at(0, 1)}.details`, 'It broke.'),
  ),
  one(CHAOS, 'a life without a crash', /booted 2 times/, recovery(3, 'crashes', 0)),
  one(CHAOS, 'a crash without another life', /did not boot again/, (root) =>
    drop(root, `${R}nodeReports.3.phases`, 0, 3),
  ),
  one(
    CHAOS,
    'a healthy node that never verified',
    /outcome/,
    set(`${R}nodeReports.1.signatureVerified`, false),
  ),
  one(
    FAIL,
    'a signature verified by a node that halted',
    /did not end well/,
    set(`${R}nodeReports.1.signatureVerified`, true),
  ),
  one(
    FAIL,
    'a signature not verified by a node that did',
    /ended well/,
    set(`${R}nodeReports.0.signatureVerified`, false),
  ),
  one(
    CHAOS,
    'signatures verified where checks were off',
    /switched off/,
    plan('params.verifySignatures', false),
  ),
  one(
    FAIL,
    'drift that was verified',
    /other commits/,
    plan('drift', [{ node: 'n0', service: 'orders', commit: '9c0abe5' }]),
  ),
];

function drop(root: unknown, path: string, from: number, count = 1): void {
  const list = path
    .split('.')
    .reduce<unknown>((node, key) => Reflect.get(node as object, key), root);
  (list as unknown[]).splice(from, count);
}

const FAULTS_AND_RECOVERY: readonly FalseStatement[] = [
  one(
    CHAOS,
    'a kill that crashed nothing',
    /it crashed 0 times/,
    fault(2, 'do', { kill: 'n1', restartAfterMs: 10 }),
  ),
  one(CHAOS, 'more crashes than kills', /kills it 1 times/, recovery(3, 'crashes', 2)),
  one(CHAOS, 'a crash without a kill', /kills it 0 times/, recovery(0, 'crashes', 1)),
  one(CHAOS, 'a fault on a node that is not there', /names n7/, fault(0, 'do.kill', 'n7')),
  one(
    CHAOS,
    'a fault that waits for itself',
    /does not come before/,
    fault(1, 'when.afterFault', 1),
  ),
  one(
    CHAOS,
    'a partition with a node on both sides',
    /both sides/,
    fault(1, 'do.partition.from', ['n0', 'n1']),
  ),
  one(
    CHAOS,
    'an entry node that alters',
    /makes n0 byzantine/,
    fault(2, 'do', { byzantine: 'n0' }),
  ),
  one(CHAOS, 'a fault after the end', /cannot have fired/, fault(4, 'when.atMs', 600_000)),
  one(
    CHAOS,
    'a fault after one that is never over',
    /cannot have fired/,
    fault(2, 'when', { afterFault: 1, delayMs: 600_000 }),
  ),
  one(CHAOS, 'a kill after the last boot', /did not boot after/, fault(0, 'when', { atMs: 4000 })),
  one(CHAOS, 'a kill without a restart', /0 restarts/, fault(0, 'do', { kill: 'n3' })),
  one(
    CHAOS,
    'damage that left no trace',
    /arrived whole/,
    allTo('n1', { delivered: 120, dropped: 0 }),
  ),
  one(VIRTUAL, 'refusals without a cause', /nothing in the plan alters/, recovery(1, 'refused', 3)),
  one(CHAOS, 'more refusals than packets', /refused 1000000/, recovery(1, 'refused', 1_000_000)),
  one(CHAOS, 'chunks kept over no crash', /a crash it did not have/, recovery(0, 'kept', 3)),
  one(CHAOS, 'redelivery after no crash', /a crash it did not have/, recovery(1, 'redelivered', 3)),
  one(CHAOS, 'more chunks kept than came', /holds 1000000/, recovery(3, 'kept', 1_000_000)),
  one(CHAOS, 'recovery of a node twice', /Recovery must name/, recovery(1, 'nodeId', 'n0')),
  one(CHAOS, 'recovery without a node', /Recovery must name/, pop(`${E}recovery`)),
];

function allTo(to: string, change: object): JsonEdit {
  return (root) => {
    const { network } = (root as EvidenceStatement).predicate.meshsim_evidence;
    for (const report of network.links) if (report.to === to) Object.assign(report, change);
  };
}

function everyLink(change: object): JsonEdit {
  return (root) => {
    const { network } = (root as EvidenceStatement).predicate.meshsim_evidence;
    for (const report of network.links) Object.assign(report, change);
  };
}

const NETWORK: readonly FalseStatement[] = [
  one(CHAOS, 'more packets ended than were sent', /of which/, link('unreachable', 200)),
  one(FAIL, 'one packet more than was sent', /of which 121 ended/, link('unreachable', 1)),
  one(CHAOS, 'a link that sent nothing', /sent nothing/, link('sent', 0)),
  one(FAIL, 'a link twice', /reported twice/, repeat(`${E}network.links`)),
  one(FAIL, 'a link to a stranger', /plan does not have/, link('to', 'n9')),
  one(VIRTUAL, 'a link the ring does not have', /plan does not have/, link('to', 'n2')),
  one(FAIL, 'a link left out', /came up, but no packet/, pop(`${E}network.links`)),
  one(CHAOS, 'no network at all', /no packet can have come/, set(`${E}network.links`, [])),
  one(
    CHAOS,
    'nothing delivered',
    /no packet can have come/,
    everyLink({ delivered: 0, dropped: 120 }),
  ),
  one(
    FAIL,
    'a million packets of which four died',
    /cannot lead to/,
    link('sent', 1_000_000),
    link('delivered', 999_996),
  ),
  one(
    FAIL,
    'half of all packets lost at 4 %',
    /cannot lead to/,
    link('delivered', 60),
    link('dropped', 60),
  ),
  one(
    FAIL,
    'losses where none are possible',
    /lets it lose none/,
    plan('params.packetLoss', 0),
    set(`${R}params.packetLoss`, 0),
  ),
  one(
    FAIL,
    'packets over a dead network',
    /lets nothing through/,
    plan('params.packetLoss', 100),
    set(`${R}params.packetLoss`, 100),
  ),
  one(FAIL, 'quantiles out of order', /not in order/, link('configuredMs.p50', 179)),
  one(FAIL, 'a negative quantile', /negative/, set(`${E}network.timingErrorMs.p50`, -0.2)),
  one(FAIL, 'delays of no packet', /without packets/, link('delivered', 0)),
  one(FAIL, 'packets of no delay', /without packets/, link('achievedMs', null)),
  one(
    FAIL,
    'no timing error of packets that arrived',
    /without packets/,
    set(`${E}network.timingErrorMs`, null),
  ),
  one(FAIL, 'delays the plan cannot give', /cannot give/, link('configuredMs.p99', 400)),
  one(CHAOS, 'delays without the chaos that was there from the start', /cannot give/, (root) => {
    const { network } = (root as EvidenceStatement).predicate.meshsim_evidence;
    const slow = network.links.find(({ from }) => from === 'n2');
    Object.assign(slow ?? {}, { configuredMs: { p50: 45, p90: 150, p99: 170 } });
  }),
  one(FAIL, 'packets handed over too early', /shorter than the plan/, link('achievedMs.p50', 3)),
  one(
    FAIL,
    'packets handed over after the end',
    /longer than the run/,
    link('achievedMs.p99', 90_000),
  ),
  one(
    VIRTUAL,
    'a timing error in virtual time',
    /nothing is late/,
    set(`${E}network.timingErrorMs.p99`, 3),
  ),
  one(
    FAIL,
    'degraded, and not said',
    /exceeds the budget/,
    set(`${E}network.timingErrorMs.p99`, 400),
  ),
  one(
    FAIL,
    'said to be degraded, and not',
    /within the budget/,
    set(`${E}environment.degraded`, true),
  ),
  one(FAIL, 'another lower bound', /lower bound is 1 ms/, set(`${E}network.lowerBoundMs`, 1)),
  one(
    CHAOS,
    'an efficiency that does not follow',
    /efficiency/,
    set(`${E}network.efficiency`, 0.9),
  ),
  one(
    CHAOS,
    'a pass whose content was never spread',
    /never completed/,
    set(`${E}network.disseminationMs`, -1),
    set(`${E}network.efficiency`, 0),
  ),
  one(
    CHAOS,
    'a dissemination longer than the run',
    /longer than the run/,
    set(`${E}network.disseminationMs`, 1e7),
    set(`${E}network.efficiency`, 0),
  ),
  one(
    FAIL,
    'bandwidth the plan does not have',
    /bandwidth/,
    set(`${E}network.bandwidthModel`, 'uplink'),
  ),
];

function matrix(value: (from: number, to: number) => number): JsonEdit {
  return (root) => {
    const { result } = (root as EvidenceStatement).predicate.meshsim_evidence;
    result.latencyMatrix = result.latencyMatrix.map((row, from) =>
      row.map((_, to) => (from === to ? 0 : value(from, to))),
    );
  };
}

const REST: readonly FalseStatement[] = [
  one(
    CHAOS,
    'latencies of zero',
    /shorter than the plan/,
    matrix(() => 0),
  ),
  one(
    CHAOS,
    'latencies faster than the links',
    /shorter than the plan/,
    matrix(() => 39),
  ),
  one(
    CHAOS,
    'latencies longer than the run',
    /longer than the run/,
    matrix(() => 1e7),
  ),
  one(
    VIRTUAL,
    'a pass in which nobody hears another',
    /no node hears another/,
    matrix(() => -1),
  ),
  one(
    FAIL,
    'latencies measured by a node that was never healthy',
    /never healthy/,
    set(`${R}latencyMatrix.1.0`, 120),
  ),
  one(
    CHAOS,
    'a real plan over a virtual network',
    /real world/,
    set(`${E}environment.fidelity`, 'virtual'),
  ),
  one(
    VIRTUAL,
    'a virtual plan over a real network',
    /virtual world/,
    set(`${E}environment.fidelity`, 'datagram'),
  ),
  one(
    VIRTUAL,
    'services measured in virtual time',
    /none runs/,
    push(`${E}indicators`, anIndicator()),
  ),
  one(
    VIRTUAL,
    'secrets in virtual time',
    /fingerprint/,
    set(`${E}environment.envFingerprint`, 'c'.repeat(64)),
  ),
  one(
    VIRTUAL,
    'content before it left the entry node',
    /before n0/,
    set(`${at(0, 1)}.end`, '2026-01-01T00:00:00.900Z'),
    ...[2, 3, 4].flatMap((phase) => [
      set(`${at(0, phase)}.start`, '2026-01-01T00:00:00.900Z'),
      set(`${at(0, phase)}.end`, '2026-01-01T00:00:00.900Z'),
    ]),
  ),
  one(
    CHAOS,
    'no convergence, for no reason',
    /outcome/,
    set(`${E}invariants.3.observed`, 'violated'),
  ),
  one(CHAOS, 'an objective of no metric', /no metric/, set(`${E}indicators.0.metric`, 'beauty')),
  one(CHAOS, 'an objective of no service', /of no service/, set(`${E}indicators.0.name`, 'quick')),
  one(CHAOS, 'an availability that is no share', /no share/, set(`${E}indicators.1.value`, 99.5)),
  one(CHAOS, 'a percentile of three answers', /too few/, set(`${E}indicators.0.sampleSize`, 3)),
  one(
    CHAOS,
    'starts of a node that is not there',
    /5 starts/,
    set(`${E}indicators.2.sampleSize`, 5),
  ),
  one(CHAOS, 'recoveries from no crash', /2 recoveries/, set(`${E}indicators.3.sampleSize`, 2)),
  one(
    CHAOS,
    'a start that took longer than the run',
    /longer than the run/,
    set(`${E}indicators.2.threshold`, 1e9),
    set(`${E}indicators.2.value`, 1e8),
  ),
  one(
    CHAOS,
    'calls that measured a start',
    /takes no calls/,
    set(`${E}indicators.2.measuredBy`, 'calls'),
  ),
  one(CHAOS, 'two packs', /link to the pack entry once/, set(`${E}links.1.rel`, 'deploy')),
  one(CHAOS, 'the run before it is its pack', /as the run before it/, (root) => {
    const { links } = (root as EvidenceStatement).predicate.meshsim_evidence;
    Object.assign(links[1]!, { digest: links[0]!.digest });
  }),
  one(CHAOS, 'fewer events than it reports', /counts 3 events/, set(`${E}events.count`, 3)),
  one(
    CHAOS,
    'a colour in a sentence',
    /control or invisible/,
    set(`${at(3, 2)}.details`, '\u001b[32mall is well'),
  ),
  one(CHAOS, 'a C1 control', /control or invisible/, set(`${E}environment.product`, 'a\u009b')),
  one(CHAOS, 'a direction', /control or invisible/, set(`${E}invariants.0.details`, 'H\u202eeld')),
  one(
    CHAOS,
    'a character that is not seen',
    /control or invisible/,
    set(`${E}environment.os`, 'lin\u200bux'),
  ),
  one(
    CHAOS,
    'a sentence of a megabyte',
    /at most 4000/,
    set(`${E}invariants.0.details`, 'x'.repeat(1_000_000)),
  ),
  one(CHAOS, 'no product', /does not name/, set(`${E}environment.product`, '')),
  one(CHAOS, 'no reason for a judgement', /does not say why/, set(`${E}invariants.0.details`, '')),
  one(
    VIRTUAL,
    'another count of refusals',
    /by node they are/,
    set(
      `${E}invariants.2.details`,
      '9 manifests and chunks were refused and none of them was relayed.',
    ),
  ),
  one(
    FAIL,
    'a phase that overlaps the next',
    /before the one before it ended/,
    set(`${at(0, 1)}.end`, '2026-01-05T09:00:00.600Z'),
  ),
  one(
    FAIL,
    'a topology that leaves a node out',
    /cannot be reached|can not be reached/,
    plan('topology', {
      kind: 'custom',
      links: [
        { from: 'n0', to: 'n1' },
        { from: 'n1', to: 'n0' },
      ],
    }),
  ),
  one(
    FAIL,
    'drift of a node that is not there',
    /drift names n8/,
    plan('drift', [{ node: 'n8', service: 'orders', commit: '9c0abe5' }]),
  ),
];

function anIndicator() {
  return {
    ...{ name: 'web: quick', metric: 'latency-p95-ms', comparator: '<=', threshold: 50 },
    ...{ value: 20, sampleSize: 100, passed: true },
  };
}

export const FALSE_STATEMENTS: readonly FalseStatement[] = [
  ...PHASES_AND_SIGNATURES,
  ...FAULTS_AND_RECOVERY,
  ...NETWORK,
  ...REST,
];
