import type { ChaosDirector } from '../../mesh/chaos.ts';
import { UpgradeConductor } from '../../mesh/upgrade/conductor.ts';
import type { Served } from '../../mesh/upgrade/servedThroughout.ts';
import { checkUpgrade, type SeenNode } from '../../mesh/upgrade/upgradeInvariants.ts';
import type { UpgradeEvent } from '../../mesh/upgrade/upgradeIo.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Invariant } from '../../model/invariants.ts';
import type { Plan } from '../../model/plan.ts';
import { startsBeside, type MigrationSign } from '../../model/upgradeChoices.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type { CapsuleVersion, UpgradeWindow } from '../../model/upgradeReport.ts';
import { upgradeEvent } from './event.ts';
import { UpgradeWitness, type UpgradeWitnessOptions } from './witness.ts';

/** What a world does for the upgrade that happens in it. Nodes are indices. */
export interface UpgradeWorld {
  /** ms since the run began. */
  readonly now: () => number;
  /** Calls `act` once, `afterMs` from now, and never before what happens now is over. */
  readonly later: (afterMs: number, act: () => void) => void;
  readonly tell: (body: MeshEventBody) => void;
  readonly chaos: { readonly director: ChaosDirector; advance(): void };
  /** Tells the node to move: that comes after what happens now, and not to a node that goes down meanwhile. */
  readonly move: (node: number, to: CapsuleVersion) => void;
  /** Has the names lead to what is healthy on these nodes beside what they run, and has that stopped: as `move` tells a node. */
  readonly takeOver: (nodes: readonly number[]) => void;
  /** Has these nodes stop what started beside what they run: as `move` tells a node. */
  readonly giveUp: (nodes: readonly number[]) => void;
  /** Has the hosts offer the new Capsule: all nodes serve the old one. */
  readonly offer: () => void;
  /** Runs the checks of the product that are due then, and calls `checked` once; left out: there are none. */
  readonly check?: (window: UpgradeWindow, wave: number) => void;
  /** What each node is seen to run now; `shouldRun` is what it should. */
  readonly look: (shouldRun: (node: number) => CapsuleVersion) => readonly SeenNode[];
  readonly lookedAt: Omit<UpgradeWitnessOptions, 'look'>;
}

/** The course of one upgrade: drives its conductor in a world, and sees what becomes of the nodes. */
export class UpgradeCourse {
  readonly #world: UpgradeWorld;
  readonly #conductor: UpgradeConductor;
  readonly #witness: UpgradeWitness;
  readonly #down = new Set<number>();
  /** Nodes on which something starts beside what serves: that becomes healthy, and does not serve yet. */
  readonly #coming = new Set<number>();
  readonly #isBeside: boolean;
  /** Hosts offer the new Capsule. */
  isOffered = false;

  constructor(upgrade: UpgradePlan, { params, seed }: Plan, world: UpgradeWorld) {
    this.#world = world;
    this.#isBeside = startsBeside(upgrade);
    this.#witness = new UpgradeWitness({
      ...world.lookedAt,
      verified: params.verifySignatures ? world.lookedAt.verified : undefined,
      look: () => world.look((node) => this.#conductor.targetOf(node)),
    });
    this.#conductor = new UpgradeConductor(
      { upgrade, nodes: params.nodes, seed },
      {
        timer: (afterMs) => world.later(afterMs, () => this.#conductor.onTimer()),
        move: (node, to) => {
          if (this.#isBeside) this.#coming.add(node);
          world.move(node, to);
        },
        takeOver: (nodes) => this.#endComing(nodes, world.takeOver),
        giveUp: (nodes) => this.#endComing(nodes, world.giveUp),
        ...(world.check && { check: world.check }),
        tell: (event) => this.#hear(event),
      },
    );
  }

  get ended(): boolean {
    return this.#conductor.ended;
  }

  /** Nothing of it is still to come: it has ended, or waits only for nodes that are down. */
  get isSettled(): boolean {
    if (this.ended) return true;
    const { waitCount } = this.#conductor;
    if (waitCount === 0 || waitCount > this.#down.size) return false;
    return this.#conductor.waitsFor().every((node) => this.#down.has(node));
  }

  /** `isVerified`: the node holds that Capsule whole and verified. */
  starts(node: number, version: CapsuleVersion, isVerified: boolean): void {
    this.#witness.started(node, version, isVerified);
  }

  /** It is READY. */
  serves(node: number, version: CapsuleVersion): void {
    if (!this.#coming.has(node)) this.#conductor.onServing(node, version);
  }

  /** What it starts next runs beside what serves, and does not serve yet. */
  isComing(node: number): boolean {
    return this.#coming.has(node);
  }

  /** What it is moved to is healthy beside what it runs. */
  beside(node: number): void {
    this.#conductor.onBeside(node);
  }

  /** What it is moved to has failed beside what it runs, which serves on. */
  failedBeside(node: number, sentence: string): void {
    this.#conductor.onBesideFailed(node, sentence);
  }

  staged(node: number): void {
    this.#conductor.onStaged(node);
  }

  /** Between two Capsules; `lost`: what was not as it was left, one sentence. */
  stateFound(entries: number, lost: string | undefined): void {
    this.#witness.stateFound(entries, lost);
  }

  /** Between two Capsules something was not as it was left, and nobody can tell who changed it. */
  stateUnclear(): void {
    this.#witness.stateUnclear();
  }

  /** Of its migrations: what faults wait for, or that none runs any more. */
  migration(node: number, news: MigrationSign | 'over'): void {
    const { chaos, now } = this.#world;
    if (news === 'over') chaos.director.migrationOver(node);
    else chaos.director.migration(node, news, now());
    chaos.advance();
  }

  halted(node: number, sentence: string): void {
    this.#witness.halted(node, sentence);
    this.#conductor.onHalted(node);
  }

  failed(node: number, sentence: string): void {
    this.#conductor.onWaveFailed(node, sentence);
  }

  /** Of the checks that did not pass, one sentence each. */
  checked(failures: readonly string[]): void {
    this.#conductor.onChecked(failures);
  }

  down(node: number): void {
    this.#down.add(node);
    this.#world.chaos.director.migrationOver(node);
    this.#coming.delete(node);
    this.#conductor.onDown(node);
  }

  restarted(node: number, runs: CapsuleVersion): void {
    this.#down.delete(node);
    this.#conductor.onRestarted(node, runs);
  }

  /** @param served left out: no service runs in this world */
  invariants(served?: Served): Invariant[] {
    return checkUpgrade({
      ...this.#witness.facts({
        atMs: this.#world.now(),
        plansWayBack: this.#conductor.legs.length > 1,
        waitedFor: this.#conductor.waitsFor(),
      }),
      served,
      isBeside: this.#isBeside,
    });
  }

  #endComing(nodes: readonly number[], act: (nodes: readonly number[]) => void): void {
    for (const node of nodes) this.#coming.delete(node);
    if (nodes.length > 0) act(nodes);
  }

  #hear(event: UpgradeEvent): void {
    const { now, tell, chaos, later } = this.#world;
    const at = now();
    const body = upgradeEvent(event);
    if (body !== undefined) tell(body);
    this.#witness.hear(event, at);
    chaos.director.hear(event, at);
    if (event.kind === 'window' && event.window === 'before') later(0, () => this.#offer());
    chaos.advance();
  }

  #offer(): void {
    this.isOffered = true;
    this.#world.offer();
  }
}
