import { FACT, VERSIONS, type FactKind } from '../../mesh/io.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Invariant } from '../../model/invariants.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import { UpgradeCourse } from '../upgrade/course.ts';
import type { ChaosDriver } from './chaosDriver.ts';
import type { VirtualNode } from './virtualNode.ts';
import type { VirtualWorld } from './world.ts';

export interface UpgradeDriverOptions {
  readonly upgrade: UpgradePlan;
  readonly plan: Plan;
  readonly chunks: number;
  readonly world: VirtualWorld;
  readonly chaos: ChaosDriver;
  readonly tell: (body: MeshEventBody) => void;
  /** Has the hosts offer the new Capsule: all nodes serve the old one. */
  readonly offer: () => void;
  /** How the new Capsule that a node runs differs from what was signed, one sentence; empty: it does not. */
  readonly differenceOf: (node: VirtualNode) => string;
}

/** Upgrades the nodes of the virtual world, and keeps what each of them chose to run. */
export class UpgradeDriver {
  readonly #options: UpgradeDriverOptions;
  readonly #course: UpgradeCourse;

  constructor(options: UpgradeDriverOptions) {
    const { upgrade, plan, world, tell, chaos, offer } = options;
    this.#options = options;
    for (const node of world.nodes) node.runs = 'old';
    this.#course = new UpgradeCourse(upgrade, plan, {
      ...{ tell, chaos, offer },
      now: () => world.nowMs,
      later: (afterMs, act) => world.schedule(world.nowMs + afterMs, act),
      move: (node, to) => this.#tell(node, FACT.move, VERSIONS.indexOf(to)),
      takeOver: (nodes) => nodes.forEach((node) => this.#tell(node, FACT.takeOver)),
      giveUp: (nodes) => nodes.forEach((node) => this.#tell(node, FACT.giveUp)),
      look: (shouldRun) => world.nodes.map((node) => this.#seen(node, shouldRun(node.index))),
      lookedAt: {
        verified: 'by what its protocol let in',
        compared: 'by what their protocol let in',
        noServices: 'no service runs in virtual time',
      },
    });
  }

  get isOffered(): boolean {
    return this.#course.isOffered;
  }

  get isSettled(): boolean {
    return this.#course.isSettled;
  }

  serves(node: VirtualNode): void {
    this.#course.serves(node.index, node.runs);
  }

  /** It has let in the new Capsule's manifest. Faults that wait for `verify` and `receive` mean this Capsule. */
  verified(node: VirtualNode): void {
    const { chaos } = this.#options;
    chaos.phase(node.index, 'verify', 'ok');
    chaos.phase(node.index, 'receive', 'started');
  }

  staged(node: VirtualNode): void {
    this.#options.chaos.phase(node.index, 'receive', 'ok');
    this.#course.staged(node.index);
  }

  beside(node: VirtualNode): void {
    this.#course.beside(node.index);
  }

  halted(node: VirtualNode, sentence: string): void {
    node.hasHalted = true;
    this.#course.halted(node.index, sentence);
  }

  /** The choice is on its disk before anything of it runs, or before that takes over from what runs beside it. */
  choose(node: VirtualNode, version: CapsuleVersion): void {
    node.runs = version;
    node.comes = null;
  }

  /** No state is there that a migration could change later. */
  migrates(node: VirtualNode, version: CapsuleVersion): void {
    this.#course.migration(node.index, 'begun');
    this.#course.migration(node.index, 'changed');
    if (this.#isBeside) node.comes = version;
  }

  /** What is to be stopped: where two run, the one that does not serve. */
  stops(node: VirtualNode): CapsuleVersion {
    const { runs, comes } = node;
    node.comes = null;
    if (!this.#isBeside) return runs;
    return comes ?? (runs === 'new' ? 'old' : 'new');
  }

  starts(node: VirtualNode, version: CapsuleVersion): void {
    if (node.comes === null) this.choose(node, version);
    this.#course.starts(node.index, version, version === 'old' || this.#holdsNew(node));
  }

  get #isBeside(): boolean {
    return startsBeside(this.#options.upgrade);
  }

  #holdsNew({ protocol, badHeld }: VirtualNode): boolean {
    const have = protocol?.hasManifest === true ? protocol.have : 0;
    return have >= this.#options.chunks && (badHeld?.size ?? 0) === 0;
  }

  down(node: VirtualNode): void {
    node.comes = null;
    this.#course.down(node.index);
  }

  restarted(node: VirtualNode): void {
    node.hasHalted = false;
    this.#course.restarted(node.index, node.runs);
  }

  invariants(): Invariant[] {
    return this.#course.invariants();
  }

  /** That comes after what happens now, and not to a node that goes down meanwhile. */
  #tell(index: number, fact: FactKind, a = 0): void {
    const { world } = this.#options;
    const node = world.nodes[index];
    const incarnation = node?.incarnation;
    world.schedule(world.nowMs, () => {
      if (node?.isUp !== true || node.incarnation !== incarnation) return;
      node.protocol?.onFact(fact, a);
    });
  }

  #seen(node: VirtualNode, shouldRun: CapsuleVersion) {
    const isHealthy = node.status === 'ready';
    const difference = node.runs === 'new' ? this.#options.differenceOf(node) : '';
    return {
      nodeId: nodeIdOf(node.index),
      runs: isHealthy ? node.runs : null,
      shouldRun,
      isHealthy,
      ...(difference === '' ? {} : { difference }),
    };
  }
}
