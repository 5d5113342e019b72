import { EFFECT, type EffectKind, FACT } from '../../mesh/io.ts';
import type { CompiledPlan } from '../../mesh/compiledPlan.ts';
import { LinkMemory } from '../../mesh/linkMemory.ts';
import { MeshNode } from '../../mesh/node.ts';
import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf, nodeIndexOf } from '../../model/nodeIds.ts';
import { type Drift, PHASES, type Plan } from '../../model/plan.ts';
import { answersToTell } from '../../model/lossSample.ts';
import { weakestLink } from '../../model/plannedLinks.ts';
import { drawUnit } from '../../base/random.ts';
import { eventOfEffect } from '../effectEvent.ts';
import { haltSentence } from '../haltSentence.ts';
import { Latencies } from '../latencies.ts';
import { ChaosDriver } from './chaosDriver.ts';
import type { Detail, VirtualRunOptions } from './options.ts';
import { PacketBatches } from './packetBatches.ts';
import { simulateServices } from './simulatedServices.ts';
import type { VirtualNode } from './virtualNode.ts';
import { VirtualWorld } from './world.ts';

/** Agents do not come up at the same instant. */
const BOOT_MS = 25;
const BOOT_DRAWS = 0xb007;

const VERIFY = PHASES.indexOf('verify');
const HEALTHY = PHASES.indexOf('healthy');
const STARTED = 0;
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

  constructor(options: VirtualRunOptions, compiled: CompiledPlan, detail: Detail, emit: Emit) {
    const { chunkSizes, manifestBytes } = options;
    const { plan, table, schedule } = compiled;
    this.compiled = compiled;
    const nodes = plan.params.nodes;
    this.#options = options;
    this.#plan = plan;
    this.#detail = detail;
    this.#emit = emit;
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
      verify: plan.params.verifySignatures,
      onEffect: (node, kind, a, b, c) => this.#onEffect(node, kind, a, b, c),
      onPacket: packets === null ? null : (packet) => packets.add(packet, this.world.nowMs),
    });
    this.chaos = new ChaosDriver({
      schedule,
      deadlineMs: plan.deadlineMs,
      world: this.world,
      emit: (body) => this.#tell(body),
      kill: (node, fault) => this.#kill(node, fault),
      restart: (node) => this.#restart(node),
    });
  }

  /** Every node is ready, halted, failed or down for good, and no fault is still to come. */
  get isSettled(): boolean {
    return this.#settled === this.world.nodes.length && !this.chaos.director.pending;
  }

  get isMeasured(): boolean {
    return this.#probing === 0;
  }

  /** Every node holds all chunks. */
  get isComplete(): boolean {
    const chunks = this.#options.chunkSizes.length;
    return this.world.nodes.every(({ protocol }) => (protocol?.have ?? 0) >= chunks);
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
      if (node.status !== 'ready') continue;
      this.#probing += 1;
      node.protocol?.probe(answers);
    }
  }

  #launch(node: VirtualNode, held: Uint32Array | null, hasManifest: boolean): void {
    const { index } = node;
    const { table, trees } = this.compiled;
    node.protocol = new MeshNode(
      {
        index,
        nodes: this.world.nodes.length,
        neighbours: trees.neighboursOf(index),
        trees: trees.treesOf(index),
        nextHops: this.#detail === 'all' ? trees.nextHopsOf(index) : [],
        chunkCount: this.#options.chunkSizes.length,
        incarnation: node.incarnation,
        held,
        hasManifest,
        source: index === 0,
        verify: this.#plan.params.verifySignatures,
        paced: table.paced,
      },
      node,
      this.#links,
    );
    if (index === 0 || this.#driftOf.has(index)) {
      const matches = !this.#driftOf.has(index) || !this.#plan.params.verifySignatures;
      node.protocol.onFact(FACT.offer, matches ? 1 : 0);
    }
    node.protocol.start();
  }

  #tell(body: MeshEventBody): void {
    this.#emit(this.world.nowMs, body);
  }

  #tellOfNode(body: MeshEventBody): void {
    if (this.#detail !== 'run') this.#tell(body);
  }

  #onEffect(node: VirtualNode, kind: EffectKind, a: number, b: number, c: number): void {
    this.#record(node, kind, a, b, c);
    switch (kind) {
      case EFFECT.phase:
        this.#onPhase(node, a, b);
        break;
      case EFFECT.chunkHeld:
        this.lastStoredAt = this.world.nowMs;
        this.#progress(node);
        break;
      case EFFECT.startServices:
        this.#startServices(node);
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
      // No service runs in virtual time: nobody asks for one.
      case EFFECT.probeService:
      case EFFECT.asked:
      case EFFECT.askingDone:
      case EFFECT.askService:
        break;
    }
  }

  #record(node: VirtualNode, kind: EffectKind, a: number, b: number, c: number): void {
    if (this.#detail === 'run') return;
    const isMany = kind === EFFECT.chunkHeld || kind === EFFECT.hop;
    if (this.#detail === 'nodes' && isMany) return;
    const event = eventOfEffect(
      { kind, a, b, c },
      {
        node: node.index,
        have: node.protocol?.have ?? 0,
        total: this.#options.chunkSizes.length,
        explanation: kind === EFFECT.phase || kind === EFFECT.halt ? this.#whyHalted(node) : '',
      },
    );
    if (event !== null) this.#tell(event);
  }

  #whyHalted(node: VirtualNode): string {
    const nodeId = nodeIdOf(node.index);
    return haltSentence(this.#plan, nodeId, `${nodeId} halted: what it was offered is not signed.`);
  }

  #onPhase(node: VirtualNode, phase: number, status: number): void {
    if (phase === VERIFY && status === OK) node.verified = true;
    if (phase === HEALTHY && status === OK) {
      node.status = 'ready';
      this.readyAt[node.index] = this.world.nowMs;
      this.#settled += 1;
    }
    const name = PHASES[phase] ?? 'boot';
    const word = status === STARTED ? 'started' : status === OK ? 'ok' : 'error';
    if (this.chaos.director.schedule.length === 0) return;
    this.chaos.director.phase(node.index, name, word, this.world.nowMs);
    this.chaos.advance();
  }

  #progress(node: VirtualNode): void {
    if (this.chaos.director.schedule.length === 0) return;
    const have = node.protocol?.have ?? 0;
    const total = this.#options.chunkSizes.length;
    this.chaos.director.progress(node.index, have, total, this.world.nowMs);
    this.chaos.advance();
  }

  #startServices(node: VirtualNode): void {
    node.ranServices = true;
    if (!node.verified) node.startedUnverified = true;
    const { services, oneShots = [], plan } = this.#options;
    const listener =
      this.#detail === 'all'
        ? (owner: VirtualNode, service: string, status: 'starting' | 'healthy') =>
            this.#tell({
              type: 'service',
              nodeId: nodeIdOf(owner.index),
              service,
              status: status === 'healthy' && oneShots.includes(service) ? 'done' : status,
            })
        : null;
    simulateServices(this.world, node, services, plan.seed, listener);
  }

  #kill(node: VirtualNode, fault: number): void {
    if (node.status === 'running') this.#settled += 1;
    node.status = 'down';
    node.verified = false;
    node.stash = null;
    const nodeId = nodeIdOf(node.index);
    const details = `Fault ${fault} killed ${nodeId} and all it had started.`;
    this.#tellOfNode({ type: 'node', nodeId, status: 'crashed', details });
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
    this.#tellOfNode({ type: 'node', nodeId, status: 'restarted', kept, missing });
    this.#launch(node, before?.held.slice() ?? null, before?.hasManifest ?? false);
  }
}
