import { isDeepStrictEqual } from 'node:util';

export interface LoadedValueOptions<Value> {
  /** Never rejects: what went wrong is a value too. */
  readonly load: () => Promise<Value>;
  /** What is shown is no longer what was loaded last. */
  readonly onChange: () => void;
}

/**
 * What is shown until something newer is there, whole. Whoever shows it never stands without a value while that is being loaded, and hears
 * of a change only where there is one.
 */
export class LoadedValue<Value> {
  readonly #options: LoadedValueOptions<Value>;
  #value: Promise<Value> | undefined;
  #isLoading = false;
  #isStale = false;

  constructor(options: LoadedValueOptions<Value>) {
    this.#options = options;
  }

  /** What was loaded last; who asks first waits for it. */
  get(): Promise<Value> {
    this.#value ??= this.#options.load();
    return this.#value;
  }

  /** Loads anew, once for all who ask meanwhile. Nothing, while nobody has asked for the value. */
  async refresh(): Promise<void> {
    if (this.#value === undefined) return;
    this.#isStale = true;
    if (this.#isLoading) return;
    this.#isLoading = true;
    while (this.#isStale) {
      this.#isStale = false;
      const before = await this.#value;
      const value = await this.#options.load();
      if (isDeepStrictEqual(before, value)) continue;
      this.#value = Promise.resolve(value);
      this.#options.onChange();
    }
    this.#isLoading = false;
  }
}
