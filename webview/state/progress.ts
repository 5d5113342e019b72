import { signal } from '@preact/signals';

/** Shorter waits are not told: a line that flashes says less than none. */
const SLOW_MS = 150;

/** Whether something is being loaded for longer than a moment. */
export class Progress {
  readonly isSlow = signal(false);
  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async of<T>(work: Promise<T>): Promise<T> {
    this.#pending += 1;
    this.#timer ??= setTimeout(() => (this.isSlow.value = true), SLOW_MS);
    try {
      return await work;
    } finally {
      this.#pending -= 1;
      if (this.#pending === 0) this.#rest();
    }
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.isSlow.value = false;
  }
}
