import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { placesOf } from '../../model/placement.ts';
import type { Plan } from '../../model/plan.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import type { UpgradeWindow } from '../../model/upgradeReport.ts';
import type { ServiceProbe } from './probeTally.ts';

interface MovedNodes {
  readonly nodes: readonly string[];
  readonly startMs: number;
  endMs: number;
}

/** Which window of an upgrade there was when, and which nodes were moved then. In ms since the run began. */
export class UpgradeTimes {
  readonly #plan: Pick<Plan, 'placement' | 'params' | 'upgrade'>;
  readonly #windows: { readonly window: UpgradeWindow; readonly startMs: number }[] = [];
  readonly #waves: MovedNodes[] = [];
  readonly #halted = new Set<number>();
  readonly #down: { readonly node: number; readonly startMs: number; endMs: number }[] = [];

  constructor(plan: Pick<Plan, 'placement' | 'params' | 'upgrade'>) {
    this.#plan = plan;
  }

  hear(body: MeshEventBody, atMs: number): void {
    if (body.type === 'window') this.#windows.push({ window: body.window, startMs: atMs });
    if (body.type !== 'wave') return;
    if (body.status === 'begun') {
      this.#waves.push({ nodes: body.nodes, startMs: atMs, endMs: Infinity });
      return;
    }
    const last = this.#waves.at(-1);
    if (last !== undefined && body.status !== 'switched') last.endMs = atMs;
  }

  /** It kept what it runs, and says nothing to others any more. */
  halted(node: number): void {
    this.#halted.add(node);
  }

  /** It crashed, as its plan has it. */
  down(node: number, atMs: number): void {
    this.#down.push({ node, startMs: atMs, endMs: Infinity });
  }

  /** It serves, again or still. */
  serves(node: number, atMs: number): void {
    for (const one of this.#down) {
      if (one.node === node && one.endMs === Infinity) one.endMs = atMs;
    }
  }

  /** While it was asked, no wave moved any node that it went to, and each was up. */
  isOutsideWaves(probe: ServiceProbe): boolean {
    const isWhile = ({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) =>
      startMs <= probe.askedAt + probe.elapsedMs && probe.askedAt <= endMs;
    const asked = probe.to.map(nodeIdOf);
    return !(
      this.#waves.some((wave) => isWhile(wave) && asked.some((id) => wave.nodes.includes(id))) ||
      this.#down.some((one) => isWhile(one) && probe.to.includes(one.node))
    );
  }

  /** Undefined: none has begun. */
  get window(): UpgradeWindow | undefined {
    return this.#windows.at(-1)?.window;
  }

  /**
   * Where a probe counts: in the window in which it was asked and answered; of two windows that follow each other one is always
   * "mixed". Undefined: in none, since no window had begun, or since it went to a node that was being moved while others served,
   * or to the agent of one that has halted.
   */
  windowOf(probe: ServiceProbe): UpgradeWindow | undefined {
    const { askedAt, elapsedMs, over, to } = probe;
    if (this.#isElsewhere(probe)) return undefined;
    if (over === 'protocol' && to.some((node) => this.#halted.has(node))) return undefined;
    const at = (ms: number) => this.#windows.findLast(({ startMs }) => startMs <= ms)?.window;
    const [asked, answered] = [at(askedAt), at(askedAt + elapsedMs)];
    return asked === undefined || asked === answered ? asked : 'mixed';
  }

  /** Callers go to other nodes while a wave moves one, if there are any. */
  #isElsewhere({ to, service, askedAt, elapsedMs }: ServiceProbe): boolean {
    // Where the new ones start beside the old, nobody has a reason to.
    if (startsBeside(this.#plan.upgrade)) return false;
    const asked = to.map(nodeIdOf);
    const wave = this.#waves.findLast(
      ({ nodes, startMs, endMs }) =>
        startMs <= askedAt + elapsedMs &&
        askedAt <= endMs &&
        asked.some((id) => nodes.includes(id)),
    );
    if (wave === undefined) return false;
    const { placement, params } = this.#plan;
    const places = placesOf(placement, service, params.nodes).map(nodeIdOf);
    return places.some((id) => !wave.nodes.includes(id));
  }
}
