import type { SwitchCommand } from './switch/control.ts';

/** Which of the two places of a node its services serve in: the emulator sends there whoever is new. */
export class ServingPlaces {
  readonly #serving: number[];
  readonly #changeNetwork: (command: SwitchCommand) => void;

  constructor(nodes: number, changeNetwork: (command: SwitchCommand) => void) {
    this.#serving = new Array<number>(nodes).fill(0);
    this.#changeNetwork = changeNetwork;
  }

  /** Those of all these nodes lead to the other place, at once. @param tell says so to a node */
  lead(nodes: readonly number[], tell: (node: number) => void): void {
    this.#lead(nodes.map((node) => ({ node, place: 1 - this.#placeOf(node) })));
    nodes.forEach(tell);
  }

  /** They lead to where they did. */
  keep(nodes: readonly number[], tell: (node: number) => void): void {
    this.#lead(nodes.map((node) => ({ node, place: this.#placeOf(node) })));
    nodes.forEach(tell);
  }

  /** What runs in the other place serves. */
  tookOver(node: number): void {
    this.#serving[node] = 1 - this.#placeOf(node);
  }

  /** Nothing runs in the other place any more. */
  isAlone(node: number): void {
    this.#changeNetwork({ type: 'retire', node, place: 1 - this.#placeOf(node) });
  }

  /** It begins a new life, in the first place. */
  startsAgain(node: number): void {
    this.#serving[node] = 0;
    this.#lead([{ node, place: 0 }]);
  }

  #placeOf(node: number): number {
    return this.#serving[node] ?? 0;
  }

  #lead(places: Extract<SwitchCommand, { type: 'lead' }>['places']): void {
    this.#changeNetwork({ type: 'lead', places });
  }
}
