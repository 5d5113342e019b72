import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import type { MovedNodes } from './movedNodes.ts';
import { legBack, plannedLegs, waveAfter, type Leg, type NextWave } from './waves.ts';

export interface PlannedUpgrade {
  readonly upgrade: UpgradePlan;
  readonly nodes: number;
  /** Of the plan. */
  readonly seed: number;
}

/** The ways there and back, and how far an upgrade has come on them. */
export class Itinerary {
  /** As far as no wave fails. */
  readonly planned: readonly Leg[];
  readonly #plan: PlannedUpgrade;
  readonly #nodes: MovedNodes;
  #legs: readonly Leg[];
  /** The last wave that began, or where the next is looked for. */
  #leg = 0;
  #at = -1;

  constructor(plan: PlannedUpgrade, nodes: MovedNodes) {
    this.#plan = plan;
    this.#nodes = nodes;
    this.planned = plannedLegs(plan.upgrade, plan.nodes, plan.seed);
    this.#legs = this.planned;
  }

  get legs(): readonly Leg[] {
    return this.#legs;
  }

  get leg(): number {
    return this.#leg;
  }

  /** A wave failed, and all go back. */
  get hasTurned(): boolean {
    return this.#legs !== this.planned;
  }

  /** The nodes of planned waves that are there already, or never will be, are left out, and so is a wave without any. */
  next(): NextWave | undefined {
    const { halted } = this.#nodes;
    const isToMove = (node: number, to: CapsuleVersion) =>
      this.#nodes.targetOf(node) !== to && !(to === 'new' && halted.has(node));
    return waveAfter(this.#legs, { leg: this.#leg, at: this.#at }, isToMove);
  }

  begin({ leg, at }: NextWave): void {
    [this.#leg, this.#at] = [leg, at];
  }

  /** From now on the way is back, of all nodes that were moved. */
  turnBack(): void {
    const back = legBack(this.#plan.upgrade, this.#nodes.upgraded, this.#plan);
    this.#legs = [...this.#legs.slice(0, 1), back];
    [this.#leg, this.#at] = [1, -1];
  }
}
