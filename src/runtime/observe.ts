import type { CompiledPlan } from '../mesh/compiledPlan.ts';
import type { Comparison } from '../model/comparison.ts';
import type { MeshEvent } from '../model/events.ts';
import type { NetworkReport, NodeRecovery, RanOnNode, RunEnvironment } from '../model/evidence.ts';
import type { Indicator, WindowIndicator } from '../model/indicator.ts';
import type { HostedNodeReport } from '../model/hostReport.ts';
import type { Invariant } from '../model/invariants.ts';
import { nodeIdOf, nodeIndexOf } from '../model/nodeIds.ts';
import type { RunObservation } from '../model/observation.ts';
import { firstViolated, outcomeOf } from '../model/outcome.ts';
import type { UsedProgram } from '../model/requiredProgram.ts';
import { isUpStatus } from '../model/serviceStatus.ts';
import type { ServiceAnswers } from '../model/upgradeReport.ts';
import { FaultRecords } from './faultRecord.ts';
import { PhaseHistory } from './phaseHistory.ts';
import type { EventsSeal } from './recorder.ts';
import { UpgradeRecord } from './upgrade/record.ts';

/** What the events do not say. */
export interface RunFacts {
  /** ms since the run began. */
  readonly endedAt: number;
  readonly latencyMatrix: readonly (readonly number[])[];
  readonly invariants: readonly Invariant[];
  readonly indicators: readonly Indicator[];
  /** Of an upgrade: of its windows before the last. */
  readonly windowIndicators?: readonly WindowIndicator[];
  /** Of these, the window "mixed" against "before". */
  readonly comparisons?: readonly Comparison[];
  readonly network: NetworkReport;
  /** By index in the chaos schedule: packets that fared worse than without that fault. */
  readonly impaired: readonly number[];
  /** Left out: the Capsule has no program of the machine. */
  readonly programs?: readonly UsedProgram[];
  /** Left out: all nodes lived beside the orchestrator. */
  readonly hosts?: readonly HostedNodeReport[];
  /** The same of packets of services; left out: they were not connected. */
  readonly impairedOfServices?: readonly number[];
  readonly events: EventsSeal;
  readonly environment: RunEnvironment;
  /** Its nodes are held up, and ran on when this was observed. */
  readonly held?: boolean;
}

export interface ObservedRun {
  readonly simId: string;
  readonly compiled: CompiledPlan;
  /** Wall ms at which the events' `at` is 0. */
  readonly startedAt: number;
  /** How many different chunks the Capsule has. */
  readonly chunks: number;
}

/** What is kept of one node. */
interface NodeRecord {
  readonly phases: PhaseHistory;
  /** In its present incarnation. */
  verified: boolean;
  startedUnverified: boolean;
  crashes: number;
  kept: number;
  redelivered: number;
  refused: number;
  /** Services that were healthy there. */
  readonly ran: Set<string>;
}

type EventOf<T extends MeshEvent['type']> = Extract<MeshEvent, { type: T }>;

/** Folds the events of one run, in order, into what was observed. Both worlds use it. */
export class RunObserver {
  readonly #simId: string;
  readonly #plan: CompiledPlan['plan'];
  readonly #startedAt: number;
  readonly #nodes: NodeRecord[];
  readonly #faults: FaultRecords;
  readonly #upgrade: UpgradeRecord | undefined;
  #cause: string | undefined;

  constructor({ simId, compiled, startedAt, chunks }: ObservedRun) {
    const { plan, schedule } = compiled;
    this.#simId = simId;
    this.#plan = plan;
    this.#startedAt = startedAt;
    this.#faults = new FaultRecords(schedule, chunks, plan.upgrade !== undefined);
    this.#upgrade = plan.upgrade && new UpgradeRecord(plan.upgrade, plan);
    this.#nodes = Array.from({ length: plan.params.nodes }, () => ({
      phases: new PhaseHistory(),
      verified: false,
      startedUnverified: false,
      crashes: 0,
      kept: 0,
      redelivered: 0,
      refused: 0,
      ran: new Set(),
    }));
  }

  apply(event: MeshEvent): void {
    this.#faults.apply(event);
    this.#upgrade?.apply(event);
    if (!('nodeId' in event) || event.nodeId === undefined) return;
    const node = this.#nodes[nodeIndexOf(event.nodeId)];
    if (node === undefined) return;
    if (event.type === 'phase') this.#applyPhase(node, event);
    else if (event.type === 'node') this.#applyNode(node, event);
    else if (event.type === 'service') applyService(node, event);
    else if (event.type === 'chunk' && event.status === 'redelivered') node.redelivered += 1;
    else if (event.type === 'refusal' && event.status !== 'peer') node.refused += 1;
  }

  #applyPhase(node: NodeRecord, event: EventOf<'phase'>): void {
    node.phases.apply(event);
    if (event.phase === 'verify' && event.status === 'ok') node.verified = true;
    if (event.status === 'error') this.#cause ??= event.details;
  }

  #applyNode(node: NodeRecord, event: EventOf<'node'>): void {
    if (event.status === 'crashed') {
      node.crashes += 1;
      node.verified = false;
      node.phases.broken(event.at, event.details ?? 'The node was killed.');
    } else if (event.status === 'restarted') node.kept = event.kept ?? 0;
    else if (event.status === 'failed' || event.status === 'halted') {
      this.#cause ??= event.details;
      node.phases.broken(event.at, event.details ?? `The node ${event.status}.`);
    }
  }

  /** Of an upgrade: what nodes found that asked others for services which promise no availability. */
  get answers(): readonly ServiceAnswers[] {
    return this.#upgrade?.answers ?? [];
  }

  /** Its last phase is `healthy` and ended well. */
  isHealthy(node: number): boolean {
    const last = this.#nodes[node]?.phases.last;
    return last?.name === 'healthy' && last.status === 'ok';
  }

  /** No service of it was started before a Capsule was verified in the same incarnation. */
  verifiedBeforeStart(node: number): boolean {
    return this.#nodes[node]?.startedUnverified !== true;
  }

  /** Manifests and chunks it refused. */
  refused(node: number): number {
    return this.#nodes[node]?.refused ?? 0;
  }

  /** To be called once, after the last event: phases that are still open end in error. */
  observe(facts: RunFacts): RunObservation {
    const { endedAt, invariants } = facts;
    const verify = this.#plan.params.verifySignatures;
    for (const node of this.#nodes) node.phases.close(endedAt, 'It had not ended with the run.');
    const nodeReports = this.#nodes.map((node, index) => ({
      nodeId: nodeIdOf(index),
      phases: node.phases.reports(this.#startedAt),
      signatureVerified: verify && node.verified,
    }));
    const outcome = outcomeOf(nodeReports, invariants, verify);
    return {
      simId: this.#simId,
      plan: this.#plan,
      startedAt: this.#isoTime(0),
      endedAt: this.#isoTime(endedAt),
      nodeReports,
      latencyMatrix: facts.latencyMatrix,
      outcome,
      ...(outcome === 'fail' ? { cause: this.#causeOf(invariants) } : {}),
      invariants,
      indicators: facts.indicators,
      network: facts.network,
      recovery: this.#recovery(),
      faults: this.#faults.reports(
        (at) => this.#isoTime(at),
        facts.impaired,
        facts.impairedOfServices,
      ),
      ...(this.#plan.world === 'real' ? { ran: this.#ran() } : {}),
      ...(facts.programs === undefined ? {} : { programs: facts.programs }),
      ...(facts.hosts === undefined ? {} : { hosts: facts.hosts }),
      ...(this.#upgrade === undefined
        ? {}
        : {
            upgrade: this.#upgrade.report(endedAt, {
              indicators: facts.windowIndicators ?? [],
              comparisons: facts.comparisons ?? [],
            }),
          }),
      events: facts.events,
      environment: facts.environment,
      ...(facts.held === true ? { held: true as const } : {}),
    };
  }

  #ran(): RanOnNode[] {
    return this.#nodes.map(({ ran }, index) => ({
      nodeId: nodeIdOf(index),
      services: [...ran].sort(),
    }));
  }

  #recovery(): NodeRecovery[] {
    return this.#nodes.map(({ crashes, kept, redelivered, refused }, index) => ({
      nodeId: nodeIdOf(index),
      crashes,
      kept,
      redelivered,
      refused,
    }));
  }

  /** What a node said first; else the nodes that are not healthy; else the invariant that was violated. */
  #causeOf(invariants: readonly Invariant[]): string {
    if (this.#cause !== undefined) return this.#cause;
    const behind = this.#nodes.findIndex((_, index) => !this.isHealthy(index));
    if (behind >= 0) {
      const phase = this.#nodes[behind]?.phases.last?.name ?? 'boot';
      return `${nodeIdOf(behind)} did not become healthy: it got as far as ${phase} when the run ended.`;
    }
    return firstViolated(invariants)?.details ?? 'A node did not verify the signature.';
  }

  #isoTime(at: number): string {
    return new Date(Math.round(this.#startedAt + at)).toISOString();
  }
}

function applyService(node: NodeRecord, event: EventOf<'service'>): void {
  if (event.status === 'starting' && !node.verified) node.startedUnverified = true;
  if (isUpStatus(event.status)) node.ran.add(event.service);
}
