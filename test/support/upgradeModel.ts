import { drawUnit } from '../../src/base/random.ts';
import { UpgradeConductor } from '../../src/mesh/upgrade/conductor.ts';
import { lookAt, type Look, type UpgradeFacts } from '../../src/mesh/upgrade/upgradeInvariants.ts';
import type { UpgradeEvent } from '../../src/mesh/upgrade/upgradeIo.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { upgradePlanSchema, type UpgradePlan } from '../../src/model/upgradePlan.ts';
import type { CapsuleVersion } from '../../src/model/upgradeReport.ts';

/** Nodes that serve, crash and fail, without protocol and network: what a conductor has to cope with. */

export interface ModelOptions {
  readonly upgrade: Partial<UpgradePlan>;
  readonly nodes: number;
  readonly seed: number;
  /** How many crashes, at instants drawn from the seed. */
  readonly crashes?: number;
  /** Nodes that are offered a drifted Capsule. */
  readonly drifted?: readonly number[];
  /** Whether the services of a node fail when it is moved to a Capsule. */
  readonly fails?: (node: number, to: CapsuleVersion) => boolean;
  /** How this world is worse than a world may be. */
  readonly flaw?: 'forgets-choice' | 'moves-unstaged' | 'ignores-way-back' | 'alters-content';
}

interface ModelNode {
  /** Survives a crash. */
  chosen: CapsuleVersion;
  /** Starts beside that, or has. */
  comes?: CapsuleVersion | undefined;
  isUp: boolean;
  isServing: boolean;
  isStaged: boolean;
  life: number;
}

const OLD = 'a'.repeat(64);
const LONGEST_MS = 600_000;

export class UpgradeModel {
  readonly told: UpgradeEvent[] = [];
  /** ms since the run began, of each of `told`. */
  readonly toldAt: number[] = [];
  readonly conductor: UpgradeConductor;
  readonly nodes: ModelNode[];
  readonly #options: ModelOptions;
  readonly #due: { at: number; order: number; act: () => void }[] = [];
  readonly #starts = { old: 0, new: 0 };
  readonly #unverified: string[] = [];
  readonly #looks: Look[] = [];
  readonly #back: Look[] = [];
  #now = 0;
  #drawn = 0;
  #scheduled = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
    const upgrade = upgradePlanSchema.parse({ from: OLD, ...options.upgrade });
    this.nodes = Array.from({ length: options.nodes }, () => ({
      chosen: 'old',
      isUp: true,
      isServing: false,
      isStaged: false,
      life: 0,
    }));
    this.conductor = new UpgradeConductor(
      { ...options, upgrade },
      {
        timer: (afterMs) => this.#in(afterMs, () => this.conductor.onTimer()),
        move: (node, to) => (this.#isBeside ? this.#come(node, to) : this.#move(node, to)),
        takeOver: (nodes) => nodes.forEach((node) => this.#takeOver(node)),
        giveUp: (nodes) => nodes.forEach((node) => this.#giveUp(node)),
        tell: (event) => this.#hear(event),
      },
    );
  }

  /** Until nothing is left to happen. */
  run(): this {
    this.nodes.forEach((_, node) => {
      this.#start(node);
      this.#stage(node);
    });
    const { crashes = 0 } = this.#options;
    for (let crash = 0; crash < crashes; crash++) {
      const node = Math.floor(this.#draw() * this.nodes.length);
      this.#in(this.#draw() * 4000, () => this.#crash(node));
    }
    for (let next = this.#next(); next !== undefined && next.at < LONGEST_MS; next = this.#next()) {
      this.#now = next.at;
      next.act();
    }
    this.#looks.push(this.#look());
    return this;
  }

  /** ms since the run began, now. */
  get nowMs(): number {
    return this.#now;
  }

  facts(): UpgradeFacts {
    const ended = this.told.find(({ kind }) => kind === 'ended');
    const waysBack = this.told.filter(({ kind }) => kind === 'rollback').length;
    return {
      starts: this.#starts,
      unverifiedStarts: this.#unverified,
      looks: this.#looks,
      back: this.#back,
      waysBack,
      plansWayBack: this.conductor.legs.length > 1,
      outcome: ended?.kind === 'ended' ? ended.outcome : 'unfinished',
      details: ended?.kind === 'ended' ? ended.details : 'The run ended first.',
      halted: this.told.flatMap((event) =>
        event.kind === 'halted' ? [`${nodeIdOf(event.node)} halted.`] : [],
      ),
      state: { moves: 0, entries: 0, lost: [], unclear: 0 },
      verified: 'as the model has it',
      compared: 'as the model has it',
      noServices: 'no service runs in a model',
    };
  }

  #next() {
    this.#due.sort((a, b) => a.at - b.at || a.order - b.order);
    return this.#due.shift();
  }

  #in(afterMs: number, act: () => void): void {
    this.#due.push({ at: this.#now + afterMs, order: this.#scheduled++, act });
  }

  #draw(): number {
    return drawUnit(this.#options.seed, 0x30de1, this.#drawn++);
  }

  /** In this life of the node only. */
  #later(node: number, act: (of: ModelNode) => void): void {
    const of = this.nodes[node]!;
    const { life } = of;
    this.#in(this.#draw() * 300, () => {
      if (of.isUp && of.life === life) act(of);
    });
  }

  #start(node: number): void {
    const { chosen, isStaged } = this.nodes[node]!;
    this.#starts[chosen] += 1;
    if (chosen === 'new' && !isStaged) {
      this.#unverified.push(`${nodeIdOf(node)} started the new Capsule before it held it.`);
    }
    this.#later(node, (of) => {
      if (this.#options.fails?.(node, of.chosen) === true) {
        this.conductor.onWaveFailed(node, `${nodeIdOf(node)} failed on the ${of.chosen} Capsule.`);
        return;
      }
      of.isServing = true;
      this.conductor.onServing(node, of.chosen);
    });
  }

  #stage(node: number): void {
    this.#later(node, (of) => {
      if (this.#options.drifted?.includes(node) === true) {
        this.conductor.onHalted(node);
        return;
      }
      of.isStaged = this.#options.flaw !== 'moves-unstaged';
      this.conductor.onStaged(node);
    });
  }

  #move(node: number, to: CapsuleVersion): void {
    const of = this.nodes[node]!;
    of.isServing = false;
    if (this.#options.flaw === 'ignores-way-back' && to === 'old') {
      this.#later(node, () => {
        of.isServing = true;
        this.conductor.onServing(node, 'old');
      });
      return;
    }
    this.#later(node, () => {
      of.chosen = to;
      this.#start(node);
    });
  }

  get #isBeside(): boolean {
    return this.#options.upgrade.strategy?.kind === 'blue-green';
  }

  #come(node: number, to: CapsuleVersion): void {
    const { isStaged } = this.nodes[node]!;
    this.#starts[to] += 1;
    if (to === 'new' && !isStaged) {
      this.#unverified.push(`${nodeIdOf(node)} started the new Capsule before it held it.`);
    }
    this.#later(node, (of) => {
      of.comes = to;
      if (this.#options.fails?.(node, to) === true) {
        this.conductor.onBesideFailed(node, `${nodeIdOf(node)} failed on the ${to} Capsule.`);
      } else this.conductor.onBeside(node);
    });
  }

  #takeOver(node: number): void {
    this.#later(node, (of) => {
      const isIgnored = this.#options.flaw === 'ignores-way-back' && of.comes === 'old';
      if (!isIgnored) of.chosen = of.comes ?? of.chosen;
      const told = of.comes ?? of.chosen;
      of.comes = undefined;
      this.#later(node, () => this.conductor.onServing(node, told));
    });
  }

  #giveUp(node: number): void {
    this.#later(node, (of) => {
      of.comes = undefined;
      this.conductor.onServing(node, of.chosen);
    });
  }

  #crash(node: number): void {
    const of = this.nodes[node]!;
    if (!of.isUp) return;
    Object.assign(of, { comes: undefined, isUp: false, isServing: false, life: of.life + 1 });
    this.conductor.onDown(node);
    this.#in(this.#draw() * 500, () => {
      of.isUp = true;
      if (this.#options.flaw === 'forgets-choice') of.chosen = 'old';
      this.conductor.onRestarted(node, of.chosen);
      this.#start(node);
      this.#stage(node);
    });
  }

  #hear(event: UpgradeEvent): void {
    this.told.push(event);
    this.toldAt.push(this.#now);
    if (event.kind === 'wave-ended' && event.outcome === 'ok') this.#looks.push(this.#look());
    if (event.kind === 'window' && event.window === 'rolled-back') this.#back.push(this.#look());
  }

  #look(): Look {
    const isAltered = this.#options.flaw === 'alters-content';
    return lookAt(
      this.nodes.map(({ isServing, chosen }, node) => ({
        nodeId: nodeIdOf(node),
        runs: isServing ? chosen : null,
        shouldRun: this.conductor.targetOf(node),
        isHealthy: isServing,
        ...(isAltered && chosen === 'new' ? { difference: 'It runs altered content.' } : {}),
      })),
      this.#now,
    );
  }
}
