/** How names are answered while a fault lasts. */
export interface NameFault {
  /** Undefined: all names. */
  readonly names?: readonly string[] | undefined;
  /** ms by which answers are late; undefined: they fail. */
  readonly delayMs?: number | undefined;
}

interface Entry extends NameFault {
  met: number;
}

const SUFFIX = '.mesh';

/** What chaos does to the answers of a name server. */
export class NameFaults {
  readonly #entries = new Map<number, Entry>();

  begin(fault: number, what: NameFault): void {
    const names = what.names?.map(plain);
    this.#entries.set(fault, { ...what, names, met: 0 });
  }

  /** Returns how many questions it has met. */
  end(fault: number): number {
    const met = this.#entries.get(fault)?.met ?? 0;
    this.#entries.delete(fault);
    return met;
  }

  /** To be asked before a name is answered: resolves to false when it is to fail, and as late as it is to be late. */
  async answers(name: string): Promise<boolean> {
    const asked = plain(name);
    const met = [...this.#entries.values()].filter(
      ({ names }) => names === undefined || names.includes(asked),
    );
    for (const entry of met) entry.met += 1;
    if (met.some(({ delayMs }) => delayMs === undefined)) return false;
    const delayMs = met.reduce((sum, entry) => sum + (entry.delayMs ?? 0), 0);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return true;
  }
}

/** `orders.mesh.` is the name `orders`. */
function plain(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, '');
  return lower.endsWith(SUFFIX) ? lower.slice(0, -SUFFIX.length) : lower;
}
