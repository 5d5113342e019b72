import type { ChecksSeen } from '../../mesh/upgrade/checksHeld.ts';
import {
  lookAt,
  type Look,
  type SeenNode,
  type UpgradeFacts,
} from '../../mesh/upgrade/upgradeInvariants.ts';
import type { UpgradeEvent } from '../../mesh/upgrade/upgradeIo.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';

/** Nodes that are named; more are counted. */
const NAMED = 10;

/** What the end of a run tells of its upgrade. */
export interface UpgradeEnd {
  readonly atMs: number;
  readonly plansWayBack: boolean;
  /** Nodes the upgrade waited for. */
  readonly waitedFor: readonly number[];
}

export interface UpgradeWitnessOptions extends Pick<
  UpgradeFacts,
  'verified' | 'compared' | 'noServices'
> {
  /** What became of checks so far; left out: nobody runs any in this world. */
  readonly checks?: () => ChecksSeen;
  /** At all nodes now. */
  readonly look: () => readonly SeenNode[];
}

/** Sees what nodes run while they are upgraded, for the invariants. */
export class UpgradeWitness {
  readonly #options: UpgradeWitnessOptions;
  readonly #starts = { old: 0, new: 0 };
  readonly #unverifiedStarts: string[] = [];
  readonly #looks: Look[] = [];
  readonly #back: Look[] = [];
  /** By node: one that crashed and came back halts again. */
  readonly #halted = new Map<number, string>();
  readonly #state = { moves: 0, entries: 0, unclear: 0 };
  readonly #stateLost: string[] = [];
  #waysBack = 0;
  #ended: Extract<UpgradeEvent, { kind: 'ended' }> | undefined;

  constructor(options: UpgradeWitnessOptions) {
    this.#options = options;
  }

  /** `isVerified`: the node holds that Capsule whole and verified. */
  started(node: number, version: CapsuleVersion, isVerified: boolean): void {
    this.#starts[version] += 1;
    if (isVerified) return;
    this.#unverifiedStarts.push(
      `${nodeIdOf(node)} started services of the ${version} Capsule before it held that one whole and verified.`,
    );
  }

  stateFound(entries: number, lost: string | undefined): void {
    this.#state.moves += 1;
    this.#state.entries += entries;
    if (lost !== undefined) this.#stateLost.push(lost);
  }

  /** Something was not as it was left, and nobody can tell who changed it. */
  stateUnclear(): void {
    this.#state.unclear += 1;
  }

  halted(node: number, sentence: string): void {
    this.#halted.set(node, sentence);
  }

  hear(event: UpgradeEvent, atMs: number): void {
    if (event.kind === 'rollback') this.#waysBack += 1;
    else if (event.kind === 'ended') this.#ended = event;
    else if (event.kind === 'wave-ended' && event.outcome === 'ok') {
      this.#looks.push(lookAt(this.#options.look(), atMs));
    } else if (event.kind === 'window' && event.window === 'rolled-back') {
      this.#back.push(lookAt(this.#options.look(), atMs));
    }
  }

  facts({ atMs, plansWayBack, waitedFor }: UpgradeEnd): UpgradeFacts {
    return {
      starts: this.#starts,
      unverifiedStarts: this.#unverifiedStarts,
      looks: [...this.#looks, lookAt(this.#options.look(), atMs)],
      back: this.#back,
      waysBack: this.#waysBack,
      plansWayBack,
      outcome: this.#ended?.outcome ?? 'unfinished',
      details: this.#ended?.details ?? unfinished(waitedFor),
      halted: [...this.#halted.values()],
      state: { ...this.#state, lost: this.#stateLost },
      checks: this.#options.checks?.(),
      verified: this.#options.verified,
      compared: this.#options.compared,
      noServices: this.#options.noServices,
    };
  }
}

function unfinished(waitedFor: readonly number[]): string {
  const named = waitedFor.slice(0, NAMED).map(nodeIdOf).join(', ');
  const more = waitedFor.length > NAMED ? ` and ${waitedFor.length - NAMED} more` : '';
  const what = waitedFor.length === 0 ? '' : `: it waited for ${named}${more}`;
  return `The upgrade was not finished when the run ended${what}.`;
}
