import type { CapsuleVersion } from '../../model/upgradeReport.ts';

/** What the conductor knows of the nodes. Counts are kept, not made: a mesh may have 100,000 of them. */
export class MovedNodes {
  /** What each node is to run. */
  readonly #targets: CapsuleVersion[];
  /** What each node serves; null: it is down, starts, is being moved, or is broken. */
  readonly #serving: (CapsuleVersion | null)[];
  readonly #staged = new Set<number>();
  readonly #halted = new Set<number>();
  /** Up, but their services failed: a move may mend that. */
  readonly #broken = new Set<number>();
  readonly #moving = new Set<number>();
  readonly #upgraded = new Set<number>();
  /** Nodes that do not serve what they are to run, but for broken ones. */
  #astray: number;
  /** Nodes that neither hold the new Capsule nor have halted. */
  #behind: number;
  /** Nodes that are not steady or not ready. */
  #late: number;

  constructor(count: number) {
    this.#targets = new Array<CapsuleVersion>(count).fill('old');
    this.#serving = new Array<null>(count).fill(null);
    this.#astray = count;
    this.#behind = count;
    this.#late = count;
  }

  /** Every node serves what it is to run, but for broken ones. */
  get areSteady(): boolean {
    return this.#astray === 0;
  }

  /** Every node serves what it is to run. */
  get areServing(): boolean {
    return this.#astray === 0 && this.#broken.size === 0;
  }

  /** Every node holds the new Capsule, or never will. */
  get areReady(): boolean {
    return this.#behind === 0;
  }

  /** Nodes that are to run the new Capsule. */
  get upgraded(): ReadonlySet<number> {
    return this.#upgraded;
  }

  get halted(): ReadonlySet<number> {
    return this.#halted;
  }

  /** How many of them are not steady or not ready. */
  get lateCount(): number {
    return this.#late;
  }

  late(): number[] {
    return [...this.#targets.keys()].filter((node) => this.#isLate(node));
  }

  targetOf(node: number): CapsuleVersion {
    return this.#targets[node] ?? 'old';
  }

  isSteady(node: number): boolean {
    return this.#serving[node] === this.#targets[node];
  }

  isReady(node: number): boolean {
    return this.#staged.has(node) || this.#halted.has(node);
  }

  aim(node: number, target: CapsuleVersion): void {
    this.#track(node, () => (this.#targets[node] = target));
    if (target === 'new') this.#upgraded.add(node);
    else this.#upgraded.delete(node);
  }

  /** Null: nothing any more. */
  serves(node: number, version: CapsuleVersion | null): void {
    this.#track(node, () => {
      this.#serving[node] = version;
      this.#broken.delete(node);
    });
    this.#moving.delete(node);
  }

  breaks(node: number): void {
    this.serves(node, null);
    this.#track(node, () => this.#broken.add(node));
  }

  holds(node: number, isWhole: boolean): void {
    this.#track(node, () => (isWhole ? this.#staged.add(node) : this.#staged.delete(node)));
  }

  halts(node: number): void {
    this.#track(node, () => this.#halted.add(node));
  }

  /** It is up, does not serve what it is to run, and holds that. */
  canMove(node: number): boolean {
    const isUp = (this.#serving[node] ?? null) !== null || this.#broken.has(node);
    const holdsIt = this.targetOf(node) === 'old' || this.#staged.has(node);
    return isUp && holdsIt && !this.isSteady(node) && !this.#moving.has(node);
  }

  moves(node: number): void {
    this.#moving.add(node);
  }

  #isAstray(node: number): boolean {
    return !this.isSteady(node) && !this.#broken.has(node);
  }

  #isLate(node: number): boolean {
    return !this.isSteady(node) || !this.isReady(node);
  }

  #track(node: number, act: () => void): void {
    const wasAstray = this.#isAstray(node);
    const wasReady = this.isReady(node);
    const wasLate = this.#isLate(node);
    act();
    this.#astray += Number(this.#isAstray(node)) - Number(wasAstray);
    this.#behind += Number(wasReady) - Number(this.isReady(node));
    this.#late += Number(this.#isLate(node)) - Number(wasLate);
  }
}
