import type { RunOutcome } from './runOutcome.ts';

type Waves = NonNullable<RunOutcome['waves']>;

/** "n2 n0 ← n2 → n0 n1 n2": nodes in the order in which they were moved, there first; those of one wave joined by "+". */
export function orderWords(waves: Waves): string {
  let direction = 'new';
  const words: string[] = [];
  for (const { to, nodes } of waves) {
    if (to !== direction) words.push(to === 'old' ? '←' : '→');
    direction = to;
    words.push(nodes.join('+'));
  }
  return words.join(' ');
}

/** After how many waves nodes were moved back for the first time; undefined: never. */
export function turnOf(waves: Waves): number | undefined {
  const turn = waves.findIndex(({ to }) => to === 'old');
  return turn < 0 ? undefined : turn;
}

/** "back after wave 2", or "no way back". */
export function turnWords(waves: Waves): string {
  const turn = turnOf(waves);
  return turn === undefined ? 'no way back' : `back after wave ${turn}`;
}

/** Counts what the upgrades of many runs went through: of each what happened, not what was planned. */
export class Coverage {
  readonly #orders = new Set<string>();
  readonly #turns = new Set<number | undefined>();

  add({ waves }: RunOutcome): void {
    if (waves === undefined || waves.length === 0) return;
    this.#orders.add(orderWords(waves));
    this.#turns.add(turnOf(waves));
  }

  /** Distinct sequences of waves, there and back. */
  get orders(): number {
    return this.#orders.size;
  }

  /** Distinct points at which nodes were moved back; that they never were is one of them. */
  get rollbackPoints(): number {
    return this.#turns.size;
  }
}
