/** What this node was told of services that run on other nodes alone. */
export class ServicesElsewhere {
  readonly #healthy = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** The service is healthy on one of the nodes that run it. */
  healthy(service: string): void {
    this.#healthy.add(service);
    for (const resolve of this.#waiting.get(service) ?? []) resolve();
    this.#waiting.delete(service);
  }

  /** Resolves once it was. It stays so: whoever has started then goes on, as it would on one node. */
  async untilHealthy(service: string): Promise<void> {
    if (this.#healthy.has(service)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(service, [...(this.#waiting.get(service) ?? []), resolve]);
    });
  }
}
