import { EFFECT, type EffectKind, FACT, VERSIONS } from '../../mesh/io.ts';
import type { CompiledPlan } from '../../mesh/compiledPlan.ts';
import { LinkMemory } from '../../mesh/linkMemory.ts';
import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import { type Drift, NODE_PHASES, type Plan } from '../../model/plan.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import { answersToTell } from '../../model/lossSample.ts';
import { weakestLink } from '../../model/plannedLinks.ts';
import { drawUnit } from '../../base/random.ts';
import { PHASE_STATUS } from '../effectEvent.ts';
import { Latencies } from '../latencies.ts';
import { ChaosDriver } from './chaosDriver.ts';
import { differenceOf } from './contentDifference.ts';
import { EffectEvents } from './effectEvents.ts';
import { NodeServices } from './nodeServices.ts';
import type { Detail, VirtualRunOptions } from './options.ts';
import { PacketBatches } from './packetBatches.ts';
import { protocolOf } from './protocolOf.ts';
import { UpgradeDriver } from './upgradeDriver.ts';
import type { VirtualNode } from './virtualNode.ts';
import { VirtualWorld } from './world.ts';

/** Agents do not come up at the same instant. */
const BOOT_MS = 25;
const BOOT_DRAWS = 0xb007;

const VERIFY = NODE_PHASES.indexOf('verify');
const RECEIVE = NODE_PHASES.indexOf('receive');
const HEALTHY = NODE_PHASES.indexOf('healthy');
const OK = 1;

/** Most meshes have no more; where there are, the memory grows. Memory never touched costs nothing. */
const LINKS_PER_NODE = 16;

type Emit = (at: number, body: MeshEventBody) => void;

/** One run in the virtual world: starts nodes, applies chaos, watches until all are settled. */
export class VirtualRehearsal {
  readonly world: VirtualWorld;
  readonly compiled: CompiledPlan;
  readonly chaos: ChaosDriver;
  readonly latencies: Latencies;
  readonly packets: PacketBatches | null;
  /** Null: nodes start empty. */
  readonly upgrade: UpgradeDriver | null;
  readonly readyAt: Float64Array;
  /** When the last chunk was stored, ms. */
  lastStoredAt = 0;
  /** Nodes that will not change by themselves any more. */
  #settled = 0;
  #probing = 0;
  readonly #options: VirtualRunOptions;
  readonly #plan: Plan;
  readonly #detail: Detail;
  readonly #emit: Emit;
  readonly #links: LinkMemory;
  readonly #driftOf = new Map<number, Drift>();
  readonly #effects: EffectEvents;
  readonly #services: NodeServices;

  constructor(options: VirtualRunOptions, compiled: CompiledPlan, detail: Detail, emit: Emit) {
    const { chunkSizes, manifestBytes } = options;
    const { plan, table, schedule } = compiled;
    this.compiled = compiled;
    const nodes = plan.params.nodes;
    this.#options = options;
    this.#plan = plan;
    this.#detail = detail;
    this.#emit = emit;
    const tell = (body: MeshEventBody) => this.#tell(body);
    this.#effects = new EffectEvents({ plan, detail, chunks: chunkSizes.length, tell });
    this.latencies = new Latencies(nodes);
    this.#links = new LinkMemory(nodes * LINKS_PER_NODE, chunkSizes.length);
    this.readyAt = new Float64Array(nodes).fill(-1);
    for (const drift of plan.drift) this.#driftOf.set(nodeIndexOf(drift.node), drift);
    this.packets =
      detail === 'all'
        ? new PacketBatches(nodes, (packets) => this.#tell({ type: 'packets', packets }))
        : null;
    const { packets } = this;
    this.world = new VirtualWorld({
      table,
      schedule,
      chunkSizes,
      manifestBytes,
      slowPaths: options.slowPaths,
      verify: plan.params.verifySignatures,
      onEffect: (node, kind, a, b, c) => this.#onEffect(node, kind, a, b, c),
      onPacket: packets === null ? null : (packet) => packets.add(packet, this.world.nowMs),
    });
    this.chaos = new ChaosDriver({
      schedule,
      deadlineMs: plan.deadlineMs,
      world: this.world,
      emit: tell,
      kill: (node, fault) => this.#kill(node, fault),
      restart: (node) => this.#restart(node),
    });
    this.#services = new NodeServices({ run: options, world: this.world, detail, tell });
    this.upgrade = this.#newUpgrade(plan.upgrade);
  }

  #newUpgrade(upgrade: Plan['upgrade']): UpgradeDriver | null {
    if (upgrade === undefined) return null;
    const { world, chaos } = this;
    return new UpgradeDriver({
      ...{ upgrade, world, chaos, plan: this.#plan, chunks: this.#options.chunkSizes.length },
      tell: (body) => this.#tell(body),
      offer: () => world.nodes.forEach((node) => this.#offer(node)),
      differenceOf: (node) => differenceOf(node, this.driftOf(node.index)),
    });
  }

  /** Every node is ready, halted, failed or down for good, and no fault is still to come. */
  get isSettled(): boolean {
    const isQuiet = this.#settled === this.world.nodes.length && !this.chaos.director.pending;
    return isQuiet && (this.upgrade?.isSettled ?? true);
  }

  get isMeasured(): boolean {
    return this.#probing === 0;
  }

  driftOf(node: number): Drift | undefined {
    return this.#driftOf.get(node);
  }

  begin(): void {
    for (const node of this.world.nodes) {
      const delay = drawUnit(this.#plan.seed ^ BOOT_DRAWS, node.index) * BOOT_MS;
      this.world.schedule(delay, () => {
        if (!node.isUp || node.protocol !== null) return;
        this.#tellOfNode({ type: 'node', nodeId: nodeIdOf(node.index), status: 'up' });
        this.#launch(node, null, false);
      });
    }
    this.chaos.advance();
  }

  measure(): void {
    const share = weakestLink(this.#plan).lossPercent / 100;
    const answers = answersToTell(this.world.nodes.length, share);
    for (const node of this.world.nodes) {
      if (node.status !== 'ready' || node.hasHalted) continue;
      this.#probing += 1;
      node.protocol?.probe(answers);
    }
  }

  #launch(node: VirtualNode, held: Uint32Array | null, hasManifest: boolean): void {
    node.protocol = protocolOf(node, this.#links, {
      ...{ compiled: this.compiled, chunks: this.#options.chunkSizes.length, held, hasManifest },
      probes: this.#detail === 'all',
    });
    if (this.upgrade?.isOffered !== false) this.#offer(node);
    node.protocol.start();
  }

  /** What its host offers to roll out; most hosts offer nothing. */
  #offer({ index, isUp, protocol }: VirtualNode): void {
    const hasDrift = this.#driftOf.has(index);
    if (!isUp || (index > 0 && !hasDrift)) return;
    const matches = !hasDrift || !this.#plan.params.verifySignatures;
    protocol?.onFact(FACT.offer, matches ? 1 : 0);
  }

  #tell(body: MeshEventBody): void {
    this.#emit(this.world.nowMs, body);
  }

  #tellOfNode(body: MeshEventBody): void {
    if (this.#detail !== 'run') this.#tell(body);
  }

  #onEffect(node: VirtualNode, kind: EffectKind, a: number, b: number, c: number): void {
    this.#effects.record(node, kind, a, b, c);
    switch (kind) {
      case EFFECT.phase:
        this.#onPhase(node, a, b);
        break;
      case EFFECT.chunkHeld:
        this.lastStoredAt = this.world.nowMs;
        this.chaos.progress(node.index, node.protocol?.have ?? 0, this.#options.chunkSizes.length);
        break;
      case EFFECT.startServices:
        this.#startServices(node, VERSIONS[a] ?? 'new');
        break;
      case EFFECT.halt:
        node.status = 'halted';
        this.#settled += 1;
        break;
      case EFFECT.refusePeer:
        if (b === 0) node.refused += 1;
        break;
      case EFFECT.refuseChunk:
        node.refused += 1;
        break;
      case EFFECT.probed:
        this.latencies.add(node.index, a, c / 1000);
        break;
      case EFFECT.probesDone:
        this.#probing -= 1;
        break;
      case EFFECT.hop:
        if (b !== 0) this.upgrade?.verified(node);
        break;
      case EFFECT.staged:
        this.upgrade?.staged(node);
        break;
      case EFFECT.upgradeHalted:
        this.upgrade?.halted(node, this.#effects.whyHalted(node, a));
        break;
      case EFFECT.stopServices:
        this.#services.stop(node, this.upgrade?.stops(node) ?? node.runs);
        break;
      case EFFECT.migrate:
        this.#services.migrate(node);
        this.upgrade?.migrates(node, VERSIONS[a] ?? 'new');
        break;
      case EFFECT.beside:
        this.upgrade?.beside(node);
        break;
      case EFFECT.takenOver:
        this.upgrade?.choose(node, VERSIONS[a] ?? 'new');
        break;
      case EFFECT.askHealth:
        this.#services.askHealth(node);
        break;
      // No service runs in virtual time: nobody asks for one.
      case EFFECT.probeService:
      case EFFECT.asked:
      case EFFECT.askingDone:
      case EFFECT.askService:
        break;
    }
  }

  #onPhase(node: VirtualNode, phase: number, status: number): void {
    if (phase === VERIFY && status === OK) node.verified = true;
    const isReady = phase === HEALTHY && status === OK;
    if (isReady) {
      node.status = 'ready';
      if (node.moves === 0 && node.comes === null) this.readyAt[node.index] = this.world.nowMs;
      this.#settled += 1;
    } else if (node.status === 'ready') {
      // It is moved to another Capsule.
      node.status = 'running';
      this.#settled -= 1;
    }
    this.#tellDirector(node, phase, status);
    if (isReady) this.upgrade?.serves(node);
  }

  /** Of an upgrade, those phases are of what ran before: faults wait for the Capsule that is rolled out. */
  #tellDirector(node: VirtualNode, phase: number, status: number): void {
    if (this.upgrade !== null && (phase === VERIFY || phase === RECEIVE)) return;
    this.chaos.phase(node.index, NODE_PHASES[phase] ?? 'boot', PHASE_STATUS[status] ?? 'error');
  }

  #startServices(node: VirtualNode, version: CapsuleVersion): void {
    node.ranServices = true;
    if (!node.verified) node.startedUnverified = true;
    this.upgrade?.starts(node, version);
    this.#services.start(node, version);
  }

  #kill(node: VirtualNode, fault: number): void {
    if (node.status === 'running') this.#settled += 1;
    node.status = 'down';
    node.verified = false;
    node.stash = null;
    const nodeId = nodeIdOf(node.index);
    const details = `Fault ${fault} killed ${nodeId} and all it had started.`;
    this.#tellOfNode({ type: 'node', nodeId, status: 'crashed', details });
    this.upgrade?.down(node);
  }

  /**
   * A node that had halted stays so: a restart does not make its content signed. One that another fault started meanwhile
   * runs already.
   */
  #restart(node: VirtualNode): void {
    if (node.status !== 'down') return;
    const before = node.protocol;
    node.status = 'running';
    node.incarnation += 1;
    this.#settled -= 1;
    const kept = before?.have ?? 0;
    const missing = this.#options.chunkSizes.length - kept;
    const nodeId = nodeIdOf(node.index);
    const runs = this.upgrade === null ? {} : { runs: node.runs };
    this.#tellOfNode({ type: 'node', nodeId, status: 'restarted', kept, missing, ...runs });
    this.upgrade?.restarted(node);
    this.#launch(node, before?.held.slice() ?? null, before?.hasManifest ?? false);
  }
}
