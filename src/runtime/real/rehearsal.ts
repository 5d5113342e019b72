import type { AgentReport } from '../../wire/report.ts';
import { MeshSimError } from '../../base/errors.ts';
import type { MeshEventBody, PacketBatch } from '../../model/events.ts';
import { ChaosDriver, type ChaosDriverOptions } from './chaosDriver.ts';
import { haltSentence } from '../haltSentence.ts';
import { Changes } from './changes.ts';
import { Disturbances } from './disturbances.ts';
import { LoopbackOnly } from './loopbackOnly.ts';
import type { TrafficEvent } from './switch/traffic/trafficMeter.ts';
import type { AgentLaunch } from './launchAgent.ts';
import { NodeLives } from './nodeLives.ts';
import { NodeRecord } from './nodeRecord.ts';
import { NodeEffects } from './nodeEffects.ts';
import { RefusedBytes } from './refusedBytes.ts';
import { eventOfOnline, eventOfReport, type PassedOn } from './reportEvent.ts';
import type { RolloutDeadline } from './rolloutDeadline.ts';
import { UpgradeDriver } from './upgradeDriver.ts';
import { WaitingNodes } from './waitingNodes.ts';

export interface RehearsalOptions extends AgentLaunch, Pick<ChaosDriverOptions, 'diskFaults'> {
  /** ms since the run began. */
  readonly now: () => number;
  readonly emit: (at: number, body: MeshEventBody) => void;
  readonly deadline: RolloutDeadline;
}

/**
 * The live part of a run: agents, chaos, and the question whether everybody has arrived. It emits events as reports
 * come in; what ends a run (deadline, cancelling) is decided by its caller.
 */
export class Rehearsal {
  readonly nodes: readonly NodeRecord[];
  readonly chaos: ChaosDriver;
  readonly effects: NodeEffects;
  readonly changes = new Changes();
  readonly refused = new RefusedBytes();
  readonly loopbackOnly: LoopbackOnly;
  /** Undefined: the plan has none. */
  readonly upgrade: UpgradeDriver | undefined;
  readonly #options: RehearsalOptions;
  readonly #lives: NodeLives;
  readonly #disturbances: Disturbances;
  readonly #waiting: WaitingNodes;

  constructor(options: RehearsalOptions) {
    this.#options = options;
    const { plan } = options.options;
    this.nodes = Array.from({ length: plan.params.nodes }, (_, index) => new NodeRecord(index));
    this.#waiting = new WaitingNodes(this.nodes, options.healthyPlaces, options.options);
    this.loopbackOnly = new LoopbackOnly({
      nodes: this.nodes,
      of: options.options,
      emit: (body) => this.#emit(body),
    });
    const { schedule } = options.compiled;
    this.#disturbances = new Disturbances({ schedule, now: options.now, emit: options.emit });
    this.chaos = new ChaosDriver({
      schedule,
      now: options.now,
      emit: (body) => this.#emit(body),
      changeNetwork: (command) => options.switchProcess.send(command),
      kill: (index) => {
        const node = this.#nodeAt(index);
        this.takeDrops(node);
        this.#lives.kill(node);
      },
      restart: (index) => this.#lives.restart(this.#nodeAt(index)),
      makeByzantine: (index) => this.#nodeAt(index).makeByzantine(),
      diskFaults: options.diskFaults,
      disturb: (fault, index) => this.#disturbances.begin(fault, this.#nodeAt(index)),
      endDisturbance: (fault, index) => this.#disturbances.end(fault, this.#nodeAt(index)),
      onDone: () => this.changes.happened(),
    });
    this.upgrade = UpgradeDriver.of({
      ...{ options: options.options, nodes: this.nodes, chaos: this.chaos, now: options.now },
      emit: (body) => this.#emit(body),
      network: options.switchProcess,
      onDone: () => this.changes.happened(),
    });
    const { chaos, upgrade } = this;
    this.effects = new NodeEffects({ ...options, chaos, upgrade });
    this.#lives = new NodeLives(
      this.nodes,
      { ...options, isOffered: () => this.upgrade?.isOffered ?? true },
      {
        onReport: (node, report) => this.#onReport(node, report),
        onCrash: (node) => {
          options.healthyPlaces.forget(node.index);
          this.#emit({ type: 'node', nodeId: node.id, status: 'crashed' });
          this.upgrade?.down(node);
          this.#disturbances.onGone(node);
        },
        onDeath: (node, words) => {
          this.#disturbances.onGone(node);
          this.fail(node, `The agent of ${node.id} ${words}.`);
        },
        onTurn: ({ id }, turn) => this.#emit({ type: 'turn', nodeId: id, ...turn }),
        onBuilding: (isOn) => options.deadline.building(isOn),
        onChange: () => this.changes.happened(),
      },
    );
  }

  /** Starts all agents at once. */
  launch(): void {
    this.chaos.advance();
    this.#lives.begin();
  }

  /** Every node is READY, over, or down for good, and chaos has nothing left to do; or a build has failed. */
  get isSettled(): boolean {
    if (this.#waiting.areGivenUp) return true;
    const isQuiet = !this.chaos.pending && !this.#disturbances.pending;
    const isUpgraded = this.upgrade?.isSettled ?? true;
    return isQuiet && isUpgraded && this.nodes.every(({ status }) => status !== 'running');
  }

  onPackets(packets: PacketBatch): void {
    this.effects.spread.sent(packets);
    this.#emit({ type: 'packets', packets });
  }

  /** What services of different nodes said to each other. */
  onTraffic(event: TrafficEvent): void {
    this.#emit(event);
    if (event.type === 'connections') this.loopbackOnly.note(event.connections);
  }

  /** Makes events of the probes that nodes have reported since the last time. */
  flushProbes(): void {
    const firstReadyAt = (index: number) => this.nodes[index]?.firstReadyAt ?? Infinity;
    const { times } = this.upgrade ?? {};
    for (const body of this.effects.probes.flush(this.#options.now(), firstReadyAt, times)) {
      this.#emit(body);
    }
  }

  /** The node cannot be READY any more: its open phase ends in an error, with this sentence. */
  fail(node: NodeRecord, what: string): void {
    if (node.isOver) return;
    const sentence = this.loopbackOnly.withReason(node, what);
    if (node.status === 'ready') this.#emitPhaseError(node, 'healthy', sentence);
    else if (node.openPhase !== undefined) this.#emitPhaseError(node, node.openPhase, sentence);
    node.status = 'failed';
    this.#emit({ type: 'node', nodeId: node.id, status: 'failed', details: sentence });
    // One that fails lets others wait in vain.
    for (const [waiting, why] of this.#waiting.inVain()) this.fail(waiting, why);
    this.changes.happened();
  }

  /** Stops reacting to agents that end: from now on they are meant to. */
  beginEnding(): void {
    this.#lives.beginEnding();
    this.chaos.stop();
    this.upgrade?.stop();
  }

  /** SIGKILL to every agent's group. */
  killAll(): void {
    this.beginEnding();
    this.#lives.killAll();
  }

  /** The boxes of the node are about to end. */
  takeDrops({ index }: NodeRecord): void {
    this.#options.hosts.nodeAt(index).takeDrops();
  }

  allEnded(): Promise<void> {
    return this.#lives.allEnded();
  }

  #emit(body: MeshEventBody): void {
    this.#options.emit(this.#options.now(), body);
  }

  #emitPhaseError(node: NodeRecord, phase: NonNullable<NodeRecord['openPhase']>, details: string) {
    node.openPhase = undefined;
    this.#emit({ type: 'phase', nodeId: node.id, phase, status: 'error', details });
    this.chaos.director.phase(node.index, phase, 'error', this.#options.now());
  }

  #onReport(node: NodeRecord, report: AgentReport): void {
    const nodeId = node.id;
    switch (report.type) {
      case 'started':
      case 'port-opened':
      case 'turn-wanted':
      case 'turn-ended':
        // For the lives of nodes alone.
        return;
      case 'online':
        this.#onOnline(node, report);
        break;
      case 'effect':
        this.effects.report(node, report, () => this.flushProbes());
        break;
      case 'refused':
        this.refused.add(node.index, report.from, report.digest);
        break;
      case 'service':
        if (report.status === 'starting' && !node.verified) node.startedUnverified = true;
        this.#waiting.note(node, report.service, report.status);
        this.#passOn(node, report);
        break;
      case 'log':
      case 'denied':
      case 'guarded':
        this.#passOn(node, report);
        break;
      case 'calls':
        this.effects.probes.addCalls(report);
        if (this.effects.probes.isDue(this.#options.now())) this.flushProbes();
        break;
      case 'isolated':
        node.surroundings.push(report);
        this.#options.hosts.nodeAt(node.index).addSurroundings(report);
        this.#passOn(node, report);
        break;
      case 'program':
        this.#passOn(node, report);
        node.startsProgram(report, (sentence) => this.fail(node, sentence));
        break;
      case 'disturbed':
        this.#disturbances.onReport(node, report);
        break;
      case 'outliving':
        this.#options.hosts.addOutliving(nodeId, report.service, report.details);
        break;
      case 'broken':
        this.#options.onBroken(new MeshSimError(report.code, report.sentence));
        break;
      case 'explain':
        node.explanation = this.loopbackOnly.withReason(
          node,
          haltSentence(this.#options.options.plan, node.id, report.sentence),
        );
        break;
      case 'failed':
        if (report.isBeside === true) this.upgrade?.failedBeside(node, report.sentence);
        else this.#onFailed(node, report);
        break;
      case 'state-found':
        this.upgrade?.stateFound(node, report);
        break;
      case 'once-wanted':
      case 'once-ended':
      case 'migration':
        this.upgrade?.migration(node, report);
        break;
      case 'workload-ended':
        this.upgrade?.workloadEnded(report.problem);
        break;
      case 'checked':
        this.upgrade?.checked(node, report);
        break;
      case 'health':
      case 'contents':
      case 'contents-at-end':
        node.note(report);
        break;
      case 'stopped':
        node.contentsAtEnd = report.contents;
        this.#emit({ type: 'node', nodeId, status: 'stopped' });
        break;
    }
    this.changes.happened();
  }

  #passOn({ id }: NodeRecord, report: PassedOn): void {
    const { at, body } = eventOfReport(report, id);
    this.#options.emit(at, body);
  }

  #onOnline(node: NodeRecord, report: Extract<AgentReport, { type: 'online' }>) {
    node.kept = report.kept;
    this.upgrade?.online(node, report);
    this.#options.emit(report.at, eventOfOnline(node, report));
  }

  /** In an upgrade, nodes that failed may be moved back. */
  #onFailed(node: NodeRecord, report: Extract<AgentReport, { type: 'failed' }>): void {
    const goesOn = this.upgrade?.goesOnAfter(node, report.sentence) === true;
    const endsRun = report.ofBuild === true && !goesOn;
    // A build that ends over something else has not failed, and its agent keeps the turn: others are still to have it.
    if (!endsRun) this.#lives.giveBackTurns(node);
    if (goesOn) {
      node.status = 'running';
      return;
    }
    if (endsRun) this.#waiting.buildFailed(node);
    this.fail(node, report.sentence);
  }

  #nodeAt(index: number): NodeRecord {
    const node = this.nodes[index];
    if (node === undefined) throw new MeshSimError('internal', `There is no node n${index}.`);
    return node;
  }
}
