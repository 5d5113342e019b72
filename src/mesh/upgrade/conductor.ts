import { nodeIdOf } from '../../model/nodeIds.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type { CapsuleVersion, UpgradeWindow } from '../../model/upgradeReport.ts';
import { MovedNodes } from './movedNodes.ts';
import type { UpgradeIo } from './upgradeIo.ts';
import { endOf, type EndOutcome } from './upgradeEnd.ts';
import {
  legBack,
  pauseMsOf,
  plannedLegs,
  waveAfter,
  whyBack,
  type Leg,
  type NextWave,
} from './waves.ts';

export interface UpgradeConductorOptions {
  readonly upgrade: UpgradePlan;
  readonly nodes: number;
  /** Of the plan. */
  readonly seed: number;
}

/**
 * settling: waits until every node serves what it is to run. resting: waits for its timer, for the nodes, and before a way there
 * for the new Capsule on all of them. moving: waits for the nodes of a wave. gathering: for all others, so that the wave can be
 * checked. checking: for the checks of the wave, or for those before the first.
 */
type State = 'settling' | 'resting' | 'moving' | 'gathering' | 'checking' | 'ended';

/**
 * Moves the nodes of a mesh from one Capsule to another wave by wave, and back, as its plan says. A pure state machine: a world
 * tells it what happened, and it acts through an UpgradeIo. It gives nobody up: how long it may wait is the world's.
 */
export class UpgradeConductor {
  /** As far as no wave fails. */
  readonly legs: readonly Leg[];
  readonly #options: UpgradeConductorOptions;
  readonly #io: UpgradeIo;
  readonly #nodes: MovedNodes;
  #legs: readonly Leg[];
  #state: State = 'settling';
  /** The window that begins once all nodes are settled. */
  #comes: UpgradeWindow | undefined = 'before';
  #window: UpgradeWindow | undefined;
  #isTimed = false;
  #restMs: number;
  /** The last wave that began, or where the next is looked for. */
  #leg = 0;
  #at = -1;
  #wave = 0;
  #present: NextWave | undefined;
  /** Nodes of the present wave that do not serve yet what they are to run. */
  readonly #left = new Set<number>();
  #failures: string[] = [];
  #isChecked = false;

  constructor(options: UpgradeConductorOptions, io: UpgradeIo) {
    const { upgrade, nodes, seed } = options;
    this.#options = options;
    this.#io = io;
    this.#nodes = new MovedNodes(nodes);
    this.legs = plannedLegs(upgrade, nodes, seed);
    this.#legs = this.legs;
    this.#restMs = upgrade.workloadMs;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** How many nodes it does not go on without; 0: it waits for its own timer, or has ended. */
  get waitCount(): number {
    if (this.ended || this.#isTimed || this.#state === 'checking') return 0;
    return this.#state === 'moving' ? this.#left.size : this.#nodes.lateCount;
  }

  /** Which they are. */
  waitsFor(): number[] {
    if (this.ended || this.#isTimed || this.#state === 'checking') return [];
    return this.#state === 'moving' ? [...this.#left] : this.#nodes.late();
  }

  /** What the node is to run now. */
  targetOf(node: number): CapsuleVersion {
    return this.#nodes.targetOf(node);
  }

  /** All services of the node are healthy, those of that Capsule. */
  onServing(node: number, version: CapsuleVersion): void {
    this.#nodes.serves(node, version);
    this.#settle(node);
    this.#advance();
  }

  /** The node holds the new Capsule whole and verified. */
  onStaged(node: number): void {
    this.#nodes.holds(node, true);
    this.#settle(node);
    this.#advance();
  }

  /** The node was offered other content than the signed one: it keeps what it runs. */
  onHalted(node: number): void {
    if (this.#nodes.halted.has(node)) return;
    this.#nodes.halts(node);
    this.#io.tell({ kind: 'halted', node });
    if (this.#left.has(node) && this.#present?.to === 'new') {
      this.#nodes.aim(node, 'old');
      this.#left.delete(node);
    }
    this.#advance();
  }

  /** Services of the node failed, in its wave or at another time: one sentence says which. */
  onWaveFailed(node: number, sentence: string): void {
    if (this.ended) return;
    this.#nodes.breaks(node);
    if (!this.#left.delete(node)) {
      this.#end('stopped', sentence);
      return;
    }
    this.#failures.push(sentence);
    this.#advance();
  }

  /** The node crashed. What it holds is looked at again when it is back. */
  onDown(node: number): void {
    this.#nodes.serves(node, null);
    this.#nodes.holds(node, false);
  }

  /** It is back, and starts the Capsule that it had chosen before it crashed. */
  onRestarted(node: number, runs: CapsuleVersion): void {
    if (this.ended || this.#left.has(node) || runs === this.targetOf(node)) return;
    const sentence = `${nodeIdOf(node)} came back on the ${runs} Capsule, although it had been moved to the ${this.targetOf(node)} one.`;
    this.#end('stopped', sentence);
  }

  onTimer(): void {
    this.#isTimed = false;
    this.#advance();
  }

  /** Of the checks that did not pass, one sentence each. */
  onChecked(failures: readonly string[]): void {
    if (this.#state !== 'checking') return;
    this.#isChecked = true;
    this.#failures.push(...failures);
    const [failure] = failures;
    if (this.#present !== undefined) this.#endWave(this.#present);
    else if (failure !== undefined) this.#end('stopped', failure);
    else {
      this.#state = 'resting';
      this.#advance();
    }
  }

  #advance(): void {
    if (this.#state === 'checking') return;
    if (this.#state === 'moving') {
      if (this.#left.size === 0 && this.#present !== undefined) this.#arrive(this.#present);
    } else if (this.ended || this.#isTimed || !this.#nodes.areSteady) return;
    else if (this.#state === 'settling') this.#rest();
    else if (this.#state === 'gathering') this.#check(this.#windowNow() ?? 'mixed');
    else this.#goOn();
  }

  #rest(): void {
    this.#enter(this.#comes);
    this.#comes = undefined;
    this.#state = 'resting';
    this.#isTimed = true;
    this.#io.timer(this.#restMs);
  }

  #goOn(): void {
    const next = this.#nextWave();
    if (next?.to === 'new' && !this.#nodes.areReady) return;
    if (this.#window === 'before' && !this.#isChecked && this.#io.check !== undefined) {
      this.#check('before');
      return;
    }
    if (next === undefined) this.#finish();
    else this.#begin(next);
  }

  /** The nodes of planned waves that are there already, or never will be, are left out, and so is a wave without any. */
  #nextWave(): NextWave | undefined {
    const { halted } = this.#nodes;
    return waveAfter(
      this.#legs,
      { leg: this.#leg, at: this.#at },
      (node, to) => this.targetOf(node) !== to && !(to === 'new' && halted.has(node)),
    );
  }

  #begin(next: NextWave): void {
    const { leg, at, to, nodes } = next;
    if (to === 'old' && leg !== this.#leg) {
      this.#io.tell({ kind: 'rollback', reason: whyBack(this.#legs, this.#options.upgrade) });
    }
    [this.#leg, this.#at, this.#present] = [leg, at, next];
    this.#wave += 1;
    this.#failures = [];
    this.#state = 'moving';
    this.#enter('mixed');
    this.#io.tell({ kind: 'wave-begun', wave: this.#wave, leg, to, nodes });
    for (const node of nodes) {
      this.#nodes.aim(node, to);
      this.#left.add(node);
    }
    for (const node of nodes) this.#settle(node);
    this.#advance();
  }

  /** A node that went down in its wave is moved again once it is back: what counts is what it is to run. */
  #settle(node: number): void {
    if (!this.#left.has(node)) return;
    if (this.#nodes.isSteady(node)) this.#left.delete(node);
    else if (this.#nodes.canMove(node)) {
      this.#nodes.moves(node);
      this.#io.move(node, this.targetOf(node));
    }
  }

  /** A wave that failed already is not checked. */
  #arrive(wave: NextWave): void {
    if (this.#io.check === undefined || this.#failures.length > 0) {
      this.#endWave(wave);
      return;
    }
    this.#state = 'gathering';
    this.#advance();
  }

  #check(window: UpgradeWindow): void {
    this.#state = 'checking';
    this.#io.check?.(window, this.#wave);
  }

  #endWave({ leg, to, nodes }: NextWave): void {
    this.#present = undefined;
    const wave = { kind: 'wave-ended' as const, wave: this.#wave, leg, to, nodes };
    const [failure] = this.#failures;
    if (failure !== undefined) {
      const goesBack = this.#options.upgrade.rollback === 'on-failure' && to === 'new';
      this.#io.tell({ ...wave, outcome: 'failed', details: failure, isLast: !goesBack });
      if (goesBack) this.#goBack(failure);
      else this.#end('stopped', failure);
      return;
    }
    const next = this.#nextWave();
    this.#io.tell({ ...wave, outcome: 'ok', isLast: next === undefined });
    this.#state = 'settling';
    const isLegOver = next?.leg !== leg;
    this.#comes = isLegOver ? this.#windowNow() : undefined;
    this.#restMs = isLegOver ? this.#options.upgrade.workloadMs : pauseMsOf(this.#options.upgrade);
    this.#advance();
  }

  /** Undefined: nodes run different Capsules. */
  #windowNow(): UpgradeWindow | undefined {
    const { upgraded } = this.#nodes;
    if (upgraded.size === 0) return 'rolled-back';
    return upgraded.size === this.#options.nodes ? 'after' : undefined;
  }

  /** At once: nodes that failed serve nobody. */
  #goBack(reason: string): void {
    const { upgrade } = this.#options;
    this.#legs = [...this.#legs.slice(0, 1), legBack(upgrade, this.#nodes.upgraded, this.#options)];
    this.#io.tell({ kind: 'rollback', reason });
    [this.#leg, this.#at] = [1, -1];
    const next = this.#nextWave();
    if (next !== undefined) this.#begin(next);
  }

  /** Undefined: the present window goes on. */
  #enter(window: UpgradeWindow | undefined): void {
    if (window === undefined || window === this.#window) return;
    this.#window = window;
    this.#io.tell({ kind: 'window', window });
  }

  #finish(): void {
    const { upgraded, halted } = this.#nodes;
    const hasFailed = this.#legs !== this.legs;
    const { nodes } = this.#options;
    this.#end(...endOf({ nodes, upgraded: upgraded.size, halted: halted.size, hasFailed }));
  }

  #end(outcome: EndOutcome, details: string): void {
    this.#state = 'ended';
    this.#left.clear();
    this.#io.tell({ kind: 'ended', outcome, details });
  }
}
