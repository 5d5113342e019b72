import { EFFECT } from '../../mesh/io.ts';
import { distinctChunks } from '../../model/capsule.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { AgentReport } from '../../wire/report.ts';
import { eventOfEffect } from '../effectEvent.ts';
import { Latencies } from '../latencies.ts';
import type { ChaosDriver } from './chaosDriver.ts';
import { ContentSpread } from './contentSpread.ts';
import type { NodeRecord } from './nodeRecord.ts';
import type { RealRunOptions } from './options.ts';
import { ProbeTally } from './probeTally.ts';
import { soundedServices } from '../askedServices.ts';
import { capsuleOfVersion, manifestsOf } from './runnableServices.ts';
import type { UpgradeDriver } from './upgradeDriver.ts';

export interface NodeEffectsOptions {
  readonly options: RealRunOptions;
  readonly chaos: ChaosDriver;
  readonly upgrade: UpgradeDriver | undefined;
  readonly now: () => number;
  readonly emit: (at: number, body: MeshEventBody) => void;
}

type EffectReport = Extract<AgentReport, { type: 'effect' }>;

/** What the parts of nodes in the mesh come to: events, measures, and news for chaos and for the upgrade. */
export class NodeEffects {
  readonly latencies: Latencies;
  readonly probes: ProbeTally;
  readonly spread = new ContentSpread();
  readonly #options: NodeEffectsOptions;
  readonly #chunks: number;

  constructor(options: NodeEffectsOptions) {
    const { plan, capsule } = options.options;
    this.probes = new ProbeTally(soundedServices(manifestsOf(options.options)));
    this.#options = options;
    this.latencies = new Latencies(plan.params.nodes);
    this.#chunks = distinctChunks(capsule.manifest).length;
  }

  /** @param flushProbes makes events of the probes that were reported since the last time */
  report(node: NodeRecord, effect: EffectReport, flushProbes: () => void): void {
    const { kind, a, c, at } = effect;
    const { options, upgrade } = this.#options;
    // A node that was given up, at the deadline or for a service that failed, is not taken back: its phases have ended.
    const wasOver = node.isOver;
    node.noteEffect(effect);
    if (wasOver && kind === EFFECT.phase) return;
    if (kind === EFFECT.chunkHeld) this.spread.stored(at);
    if (kind === EFFECT.probed) this.latencies.add(node.index, a, c / 1_000);
    if (kind === EFFECT.asked) {
      this.probes.addAnswer(effect, capsuleOfVersion(options, 'old').manifest.services);
      if (this.probes.isDue(this.#options.now())) flushProbes();
    }
    this.#tell(node, effect);
    upgrade?.effect(node, effect);
  }

  #tell(node: NodeRecord, effect: EffectReport): void {
    const { at, kind } = effect;
    const { chaos, upgrade, emit } = this.#options;
    const body = eventOfEffect(effect, {
      node: node.index,
      have: Math.min(this.#chunks, node.kept + node.received.size),
      total: this.#chunks,
      explanation: node.explanation,
    });
    if (body === null) return;
    emit(at, body);
    if (body.type === 'phase') this.#onPhase(node, body, at);
    if (kind === EFFECT.upgradeHalted) upgrade?.halted(node, body.details ?? '');
    if (body.type === 'chunk') {
      chaos.director.progress(node.index, body.have, body.total, at);
      chaos.advance();
    }
  }

  #onPhase(node: NodeRecord, event: Extract<MeshEventBody, { type: 'phase' }>, at: number): void {
    const { chaos, upgrade } = this.#options;
    const { phase, status } = event;
    node.openPhase = status === 'started' ? phase : undefined;
    const isReady = phase === 'healthy' && status === 'ok';
    if (isReady) {
      node.status = 'ready';
      node.firstReadyAt = Math.min(node.firstReadyAt, at);
    } else if (node.status === 'ready') {
      // It is moved to the other Capsule.
      node.status = 'running';
    }
    // Of an upgrade, these are of what ran before: faults wait for the Capsule that is rolled out.
    const isBefore = upgrade !== undefined && (phase === 'verify' || phase === 'receive');
    if (!isBefore) chaos.director.phase(node.index, phase, status, at);
    chaos.advance();
    if (isReady) upgrade?.serves(node);
  }
}
