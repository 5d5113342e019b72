/** Whoever waits for a condition has it looked at after everything that happens. */
export class Changes {
  #wake: () => void = () => undefined;

  happened(): void {
    this.#wake();
  }

  /** Resolves when `condition` holds or `signal` aborts. One at a time may wait. */
  async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = () => this.happened();
    signal.addEventListener('abort', wake);
    while (!condition() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    signal.removeEventListener('abort', wake);
  }
}
