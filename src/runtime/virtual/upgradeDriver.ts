import { FACT, VERSIONS } from '../../mesh/io.ts';
import { UpgradeConductor } from '../../mesh/upgrade/conductor.ts';
import { checkUpgrade } from '../../mesh/upgrade/upgradeInvariants.ts';
import type { UpgradeEvent } from '../../mesh/upgrade/upgradeIo.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Invariant } from '../../model/invariants.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { Plan } from '../../model/plan.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import { upgradeEvent } from '../upgradeEvent.ts';
import { UpgradeWitness } from '../upgradeWitness.ts';
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

/** Upgrades the nodes of the virtual world: drives the conductor, and keeps what each node chose to run. */
export class UpgradeDriver {
  readonly #options: UpgradeDriverOptions;
  readonly #conductor: UpgradeConductor;
  readonly #witness: UpgradeWitness;
  readonly #down = new Set<number>();
  /** The hosts offer the new Capsule. */
  isOffered = false;

  constructor(options: UpgradeDriverOptions) {
    const { upgrade, plan, world } = options;
    this.#options = options;
    for (const node of world.nodes) node.runs = 'old';
    this.#witness = new UpgradeWitness({
      look: () => world.nodes.map((node) => this.#seen(node)),
      compared: 'by what their protocol let in',
      noServices: 'no service runs in virtual time',
    });
    this.#conductor = new UpgradeConductor(
      { upgrade, nodes: plan.params.nodes, seed: plan.seed },
      {
        timer: (afterMs) => world.schedule(world.nowMs + afterMs, () => this.#conductor.onTimer()),
        move: (node, to) => this.#move(node, to),
        tell: (event) => this.#hear(event),
      },
    );
  }

  /** Nothing of it is still to come: it has ended, or waits only for nodes that are down. */
  get isSettled(): boolean {
    if (this.#conductor.ended) return true;
    const { waitCount } = this.#conductor;
    if (waitCount === 0 || waitCount > this.#down.size) return false;
    return this.#conductor.waitsFor().every((node) => this.#down.has(node));
  }

  serves(node: VirtualNode): void {
    this.#conductor.onServing(node.index, node.runs);
  }

  /** It has let in the new Capsule's manifest. Faults that wait for `verify` and `receive` mean this Capsule. */
  verified(node: VirtualNode): void {
    const { chaos } = this.#options;
    chaos.phase(node.index, 'verify', 'ok');
    chaos.phase(node.index, 'receive', 'started');
  }

  staged(node: VirtualNode): void {
    this.#options.chaos.phase(node.index, 'receive', 'ok');
    this.#conductor.onStaged(node.index);
  }

  halted(node: VirtualNode, sentence: string): void {
    node.hasHalted = true;
    this.#witness.halted(node.index, sentence);
    this.#conductor.onHalted(node.index);
  }

  /** The choice is on its disk before anything of it runs. */
  choose(node: VirtualNode, version: CapsuleVersion): void {
    node.runs = version;
    this.#witness.started(node.index, version, version === 'old' || this.#holdsNew(node));
  }

  #holdsNew({ protocol, badHeld }: VirtualNode): boolean {
    const have = protocol?.hasManifest === true ? protocol.have : 0;
    return have >= this.#options.chunks && (badHeld?.size ?? 0) === 0;
  }

  down(node: VirtualNode): void {
    this.#down.add(node.index);
    this.#conductor.onDown(node.index);
  }

  restarted(node: VirtualNode): void {
    this.#down.delete(node.index);
    node.hasHalted = false;
    this.#conductor.onRestarted(node.index, node.runs);
  }

  invariants(): Invariant[] {
    const facts = this.#witness.facts({
      atMs: this.#options.world.nowMs,
      plansWayBack: this.#conductor.legs.length > 1,
      waitedFor: this.#conductor.waitsFor(),
    });
    return checkUpgrade(facts);
  }

  /** As by a message of whoever conducts: it comes after what happens now, and not to a node that went down meanwhile. */
  #move(index: number, to: CapsuleVersion): void {
    const { world } = this.#options;
    const node = world.nodes[index];
    const incarnation = node?.incarnation;
    world.schedule(world.nowMs, () => {
      if (node?.isUp !== true || node.incarnation !== incarnation) return;
      node.protocol?.onFact(FACT.move, VERSIONS.indexOf(to));
    });
  }

  #hear(event: UpgradeEvent): void {
    const { world, tell, chaos } = this.#options;
    const { director } = chaos;
    const { nowMs } = world;
    const body = upgradeEvent(event);
    if (body !== undefined) tell(body);
    this.#witness.hear(event, nowMs);
    director.hear(event, nowMs);
    if (event.kind === 'window' && event.window === 'before') {
      world.schedule(nowMs, () => this.#offer());
    }
    chaos.advance();
  }

  #offer(): void {
    this.isOffered = true;
    this.#options.offer();
  }

  #seen(node: VirtualNode) {
    const isHealthy = node.status === 'ready';
    const difference = node.runs === 'new' ? this.#options.differenceOf(node) : '';
    return {
      nodeId: nodeIdOf(node.index),
      runs: isHealthy ? node.runs : null,
      shouldRun: this.#conductor.targetOf(node.index),
      isHealthy,
      ...(difference === '' ? {} : { difference }),
    };
  }
}
