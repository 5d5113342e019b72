import { MeshSimError } from '../../base/errors.ts';
import type { LinkList, OpenedLink } from '../../model/linksApi.ts';
import type { LinkTarget } from '../../model/serviceLink.ts';
import type { ServiceLinks } from '../../runtime/real/serviceLinks.ts';
import type { HeldRun } from './heldRun.ts';

/** What can be looked at of the runs of this process, while they go on and while they are held up. */
export class LookedAtRuns {
  readonly #links = new Map<string, ServiceLinks>();
  readonly #held = new Map<string, HeldRun>();

  /** Undefined links: the run is in virtual time. */
  begin(simId: string, links: ServiceLinks | undefined): void {
    if (links !== undefined) this.#links.set(simId, links);
  }

  /** The run is over; resolves when it is not held up any more. */
  async over(simId: string, held: HeldRun | undefined): Promise<void> {
    if (held !== undefined) this.#held.set(simId, held);
    await held?.ended.catch(() => undefined);
    this.#held.delete(simId);
    this.#links.delete(simId);
  }

  /** The run that is held up. */
  get held(): string | undefined {
    return [...this.#held.keys()][0];
  }

  /** @throws MeshSimError `run-unknown` */
  list(simId: string): LinkList {
    return { simId, isHeld: this.#held.has(simId), links: this.#linksOf(simId).list() };
  }

  /** @throws MeshSimError `run-unknown`, and as ServiceLinks */
  async open(simId: string, target: LinkTarget): Promise<OpenedLink> {
    return { ...target, address: await this.#linksOf(simId).open(target) };
  }

  /** Has the nodes of a run that is held up stopped. @throws MeshSimError `run-unknown` when it is not held up here */
  end(simId: string): void {
    const held = this.#held.get(simId);
    if (held === undefined) {
      throw new MeshSimError('run-unknown', `Simulation ${simId} is not held up here.`);
    }
    // How it ended is the concern of whoever waits for it.
    held.end().catch(() => undefined);
  }

  #linksOf(simId: string): ServiceLinks {
    const links = this.#links.get(simId);
    if (links !== undefined) return links;
    throw new MeshSimError(
      'run-unknown',
      `No service of simulation ${simId} runs here: it is over, runs elsewhere, or is in virtual time.`,
    );
  }
}
