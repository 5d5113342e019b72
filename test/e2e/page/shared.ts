/**
 * What tests of a worker share, by name: made when the first of them asks for it, disposed of when the worker ends. A worker of
 * each kind would cost more: its start and that of its browser take a processor five seconds.
 */
export class Shared {
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #disposals: (() => Promise<void>)[] = [];

  /**
   * @param name of one type alone: whoever asks for it later gets the same
   * @param dispose left out: nothing of it has to be ended
   */
  of<T>(name: string, make: () => Promise<T>, dispose?: (made: T) => Promise<void>): Promise<T> {
    const known = this.#made.get(name);
    if (known !== undefined) return known as Promise<T>;
    const made = make().then((one) => {
      if (dispose !== undefined) this.#disposals.unshift(() => dispose(one));
      return one;
    });
    this.#made.set(name, made);
    return made;
  }

  /** The last that was made first. */
  async dispose(): Promise<void> {
    for (const each of this.#disposals) await each();
  }
}
