import { nodeIdOf } from '../../model/nodeIds.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import type { CapsuleVersion, UpgradeWindow } from '../../model/upgradeReport.ts';
import { Itinerary, type PlannedUpgrade } from './itinerary.ts';
import { MovedNodes } from './movedNodes.ts';
import { PresentWave } from './presentWave.ts';
import type { UpgradeIo } from './upgradeIo.ts';
import { endOf, type EndOutcome } from './upgradeEnd.ts';
import { pauseMsOf, whyBack, type Leg, type NextWave } from './waves.ts';

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
  readonly #options: PlannedUpgrade;
  readonly #io: UpgradeIo;
  readonly #nodes: MovedNodes;
  readonly #way: Itinerary;
  #state: State = 'settling';
  /** The window that begins once all nodes are settled. */
  #comes: UpgradeWindow | undefined = 'before';
  #window: UpgradeWindow | undefined;
  #isTimed = false;
  #restMs: number;
  #wave = 0;
  #present: PresentWave | undefined;
  #isChecked = false;

  constructor(options: PlannedUpgrade, io: UpgradeIo) {
    this.#options = options;
    this.#io = io;
    this.#nodes = new MovedNodes(options.nodes);
    this.#way = new Itinerary(options, this.#nodes);
    this.#restMs = options.upgrade.workloadMs;
  }

  /** As far as no wave fails. */
  get legs(): readonly Leg[] {
    return this.#way.planned;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** How many nodes it does not go on without; 0: it waits for its own timer, or has ended. */
  get waitCount(): number {
    if (this.ended || this.#isTimed || this.#state === 'checking') return 0;
    return this.#state === 'moving' ? (this.#present?.left.size ?? 0) : this.#nodes.lateCount;
  }

  /** Which they are. */
  waitsFor(): number[] {
    if (this.ended || this.#isTimed || this.#state === 'checking') return [];
    return this.#state === 'moving' ? [...(this.#present?.left ?? [])] : this.#nodes.late();
  }

  /** What the node is to run now. */
  targetOf(node: number): CapsuleVersion {
    return this.#nodes.targetOf(node);
  }

  /** All services of the node are healthy, those of that Capsule. */
  onServing(node: number, version: CapsuleVersion): void {
    this.#nodes.serves(node, version);
    this.#present?.settle(node);
    this.#advance();
  }

  /** The node holds the new Capsule whole and verified. */
  onStaged(node: number): void {
    this.#nodes.holds(node, true);
    this.#present?.settle(node);
    this.#advance();
  }

  /** The node was offered other content than the signed one: it keeps what it runs. */
  onHalted(node: number): void {
    if (this.#nodes.halted.has(node)) return;
    this.#nodes.halts(node);
    this.#io.tell({ kind: 'halted', node });
    this.#present?.halts(node);
    this.#advance();
  }

  /** Services of the node failed, in its wave or at another time: one sentence says which. */
  onWaveFailed(node: number, sentence: string): void {
    if (this.ended) return;
    this.#nodes.breaks(node);
    if (this.#present?.fails(node, sentence) === true) this.#advance();
    else this.#end('stopped', sentence);
  }

  /** The services that the node is moved to are healthy beside those that serve. */
  onBeside(node: number): void {
    this.#present?.comes(node);
    this.#advance();
  }

  /** They failed before they took over: what served before serves on. */
  onBesideFailed(node: number, sentence: string): void {
    this.#present?.failsBeside(node, sentence);
    this.#advance();
  }

  /** The node crashed. What it holds is looked at again when it is back. */
  onDown(node: number): void {
    this.#nodes.serves(node, null);
    this.#nodes.holds(node, false);
    this.#present?.goesDown(node);
  }

  /** It is back, and starts the Capsule that it had chosen before it crashed. */
  onRestarted(node: number, runs: CapsuleVersion): void {
    if (this.ended || this.#present?.left.has(node) === true || runs === this.targetOf(node))
      return;
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
    this.#present?.failures.push(...failures);
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
      const present = this.#present;
      if (present?.left.size === 0 && present.arrive()) this.#arrive(present);
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
    const next = this.#way.next();
    if (next?.to === 'new' && !this.#nodes.areReady) return;
    if (this.#window === 'before' && !this.#isChecked && this.#io.check !== undefined) {
      this.#check('before');
      return;
    }
    if (next === undefined) this.#finish();
    else this.#begin(next);
  }

  #begin(next: NextWave): void {
    const { leg, to } = next;
    const { upgrade } = this.#options;
    if (to === 'old' && leg !== this.#way.leg) {
      this.#io.tell({ kind: 'rollback', reason: whyBack(this.#way.legs, upgrade) });
    }
    this.#way.begin(next);
    this.#wave += 1;
    this.#state = 'moving';
    this.#enter('mixed');
    this.#present = new PresentWave({
      ...{ next, wave: this.#wave, nodes: this.#nodes, io: this.#io },
      isBeside: startsBeside(upgrade),
    });
    this.#present.begin();
    this.#advance();
  }

  /** A wave that failed already is not checked. */
  #arrive(wave: PresentWave): void {
    if (this.#io.check === undefined || wave.failures.length > 0) {
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

  #endWave(present: PresentWave): void {
    const { failure } = present;
    const { leg, to, nodes } = present.next;
    this.#present = undefined;
    const wave = { kind: 'wave-ended' as const, wave: this.#wave, leg, to, nodes };
    if (failure !== undefined) {
      const { upgrade } = this.#options;
      const isMoved = this.#nodes.upgraded.size > 0;
      const goesBack = upgrade.rollback === 'on-failure' && to === 'new' && isMoved;
      this.#io.tell({ ...wave, outcome: 'failed', details: failure, isLast: !goesBack });
      if (goesBack) this.#goBack(failure);
      else this.#end('stopped', failure);
      return;
    }
    const next = this.#way.next();
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
    this.#way.turnBack();
    this.#io.tell({ kind: 'rollback', reason });
    const next = this.#way.next();
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
    const hasFailed = this.#way.hasTurned;
    const { nodes } = this.#options;
    this.#end(...endOf({ nodes, upgraded: upgraded.size, halted: halted.size, hasFailed }));
  }

  #end(outcome: EndOutcome, details: string): void {
    this.#state = 'ended';
    this.#present = undefined;
    this.#io.tell({ kind: 'ended', outcome, details });
  }
}
