import { legBack, plannedLegs, type Leg, type Wave } from '../../mesh/upgrade/waves.ts';
import type { UpgradePlan } from '../../model/upgradePlan.ts';
import type { CapsuleVersion, WaveReport } from '../../model/upgradeReport.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';

/** Takes reported waves one after the other as the plan of their upgrade would have begun them. */

export interface ReplayedPlan {
  readonly upgrade: UpgradePlan;
  readonly nodes: number;
  readonly seed: number;
}

export interface ReplayedWave extends Pick<WaveReport, 'leg' | 'to' | 'outcome' | 'switchedMs'> {
  readonly nodes: Wave;
}

export interface Replay {
  /** The first reported wave that is not the plan's, by its place in the list; undefined: all are. */
  readonly stray: number | undefined;
  /** What each node was to run before any wave, and after each: one more than waves. A node that halted runs the old one. */
  readonly targets: readonly (readonly CapsuleVersion[])[];
  /** After the last wave, the plan has none that would move a node. */
  readonly isComplete: boolean;
  /** The last wave failed, and the plan does not go back then. */
  readonly isStopped: boolean;
}

interface Place {
  readonly leg: number;
  readonly at: number;
}

class Course {
  readonly #plan: ReplayedPlan;
  readonly #halted: ReadonlySet<number>;
  #legs: readonly Leg[];
  #next: Place = { leg: 0, at: 0 };
  targets: readonly CapsuleVersion[];
  isStopped = false;

  constructor(plan: ReplayedPlan, halted: ReadonlySet<number>) {
    this.#plan = plan;
    this.#halted = halted;
    this.#legs = plannedLegs(plan.upgrade, plan.nodes, plan.seed);
    this.targets = new Array<CapsuleVersion>(plan.nodes).fill('old');
  }

  get isComplete(): boolean {
    return !this.isStopped && [...this.#places()].every((place) => this.#mustMove(place) === 0);
  }

  /** Whether the plan could have begun this wave next. */
  take(wave: ReplayedWave): boolean {
    const place = this.isStopped ? undefined : this.#placeOf(wave);
    if (place === undefined) return false;
    this.#next = { leg: place.leg, at: place.at + 1 };
    const moved = new Set(this.#isMoving(wave) ? wave.nodes : []);
    this.targets = this.targets.map((target, node) =>
      moved.has(node) && !this.#halted.has(node) ? wave.to : target,
    );
    if (wave.outcome === 'failed' && wave.to === 'new' && this.#goesBack) this.#goBack();
    else this.isStopped = wave.outcome !== 'ok';
    return true;
  }

  /** Where services start beside those that serve, nodes run what has come from when the names lead to it. */
  #isMoving({ switchedMs }: ReplayedWave): boolean {
    return !startsBeside(this.#plan.upgrade) || switchedMs !== undefined;
  }

  get #goesBack(): boolean {
    return this.#plan.upgrade.rollback === 'on-failure' && this.targets.includes('new');
  }

  #goBack(): void {
    const upgraded = new Set(
      this.targets.flatMap((target, node) => (target === 'new' ? [node] : [])),
    );
    const { upgrade } = this.#plan;
    this.#legs = [...this.#legs.slice(0, 1), legBack(upgrade, upgraded, this.#plan)];
    this.#next = { leg: 1, at: 0 };
  }

  /** The planned waves that are still to come. */
  *#places(): Iterable<Place> {
    for (let { leg, at } = this.#next; leg < this.#legs.length; leg++, at = 0) {
      for (; at < (this.#legs[leg]?.waves.length ?? 0); at++) yield { leg, at };
    }
  }

  /** A planned wave is left out only where it would move nobody. */
  #placeOf(wave: ReplayedWave): Place | undefined {
    for (const place of this.#places()) {
      if (this.#fits(wave, place)) return place;
      if (this.#mustMove(place) > 0) return undefined;
    }
    return undefined;
  }

  #planned({ leg, at }: Place): { to: CapsuleVersion; nodes: Wave } {
    const { to, waves } = this.#legs[leg] ?? { to: 'new', waves: [] };
    return { to, nodes: waves[at] ?? [] };
  }

  /** Nodes that halted may have done so before this wave, in it, or later. */
  #mustMove(place: Place): number {
    const { to, nodes } = this.#planned(place);
    return nodes.filter((node) => this.targets[node] !== to && !this.#halted.has(node)).length;
  }

  #fits(wave: ReplayedWave, place: Place): boolean {
    const { to, nodes } = this.#planned(place);
    const moved = new Set(wave.nodes);
    const inOrder = nodes.filter((node) => moved.has(node));
    const isMoved = (node: number) =>
      moved.has(node) === (this.targets[node] !== to) || this.#halted.has(node);
    return (
      wave.leg === place.leg &&
      wave.to === to &&
      inOrder.length === wave.nodes.length &&
      inOrder.every((node, at) => node === wave.nodes[at]) &&
      nodes.every(isMoved)
    );
  }
}

/** @param halted nodes that kept the old Capsule */
export function replayed(
  plan: ReplayedPlan,
  waves: readonly ReplayedWave[],
  halted: ReadonlySet<number>,
): Replay {
  const course = new Course(plan, halted);
  const targets = [course.targets];
  let stray: number | undefined;
  for (const [at, wave] of waves.entries()) {
    if (!course.take(wave)) {
      stray ??= at;
      break;
    }
    targets.push(course.targets);
  }
  const { isComplete, isStopped } = course;
  return { stray, targets, isComplete: stray === undefined && isComplete, isStopped };
}
