import { messageOf } from '../base/errors.ts';
import type { Disturbance, DisturbedReport } from '../wire/disturbance.ts';
import type { NodeServices } from './nodeServices.ts';

/** What a disturbance has done so far, and what ends it. */
export interface Acting {
  /** Processes or answers it acted on. */
  readonly count: number;
  readonly sentence: string;
  /** Undoes it; resolves to what it came to. Left out: it ends by itself. */
  readonly end?: () => Promise<Ended>;
  /** Resolves when it has ended by itself; undefined: not at all. */
  readonly over?: Promise<Ended | undefined>;
}

/** `count`: what it acted on and has not said yet. */
export interface Ended {
  readonly count?: number;
  readonly sentence: string;
}

/** Why it could not be applied, one sentence. */
export class NotApplied extends Error {}

export interface DisturbancesOptions {
  readonly nodeId: string;
  readonly now: () => number;
  readonly report: (report: DisturbedReport) => void;
}

interface Entry {
  /** Resolves when it is to end. */
  readonly ending: Promise<void>;
  readonly end: () => void;
  readonly done: Promise<void>;
}

/** What chaos does to the services of this node at present, each by the index of its fault. */
export class Disturbances {
  readonly #options: DisturbancesOptions;
  readonly #entries = new Map<number, Entry>();
  readonly #services: Promise<NodeServices>;
  #resolveServices: (services: NodeServices) => void = () => undefined;
  #isOver = false;

  constructor(options: DisturbancesOptions) {
    this.#options = options;
    this.#services = new Promise((resolve) => {
      this.#resolveServices = resolve;
    });
  }

  /** From now on there are services to act on. */
  servicesBegun(services: NodeServices): void {
    this.#resolveServices(services);
  }

  begin(fault: number, what: Disturbance): void {
    if (this.#isOver || this.#entries.has(fault)) return;
    let end = (): void => undefined;
    const ending = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#entries.set(fault, { ending, end, done: this.#act(fault, what, ending) });
  }

  /** Resolves when it is undone. */
  async end(fault: number): Promise<void> {
    const entry = this.#entries.get(fault);
    entry?.end();
    await entry?.done;
  }

  /** Undoes all of them: a process that is stopped hears no signal to end. None begins any more. */
  async endAll(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#entries.keys()].map((fault) => this.end(fault)));
  }

  async #act(fault: number, what: Disturbance, ending: Promise<void>): Promise<void> {
    const acting = await this.#begun(fault, what, ending);
    if (acting === undefined) return;
    const { count, sentence, end, over } = acting;
    this.#report(fault, 'acted', { count, sentence });
    if (over !== undefined) {
      const ended = await Promise.race([over, ending]);
      if (ended !== undefined) this.#report(fault, 'healed', ended);
      return;
    }
    await ending;
    if (end === undefined) return;
    try {
      this.#report(fault, 'healed', await end());
    } catch (error) {
      this.#report(fault, 'acted', { sentence: `it could not be ended: ${messageOf(error)}` });
    }
  }

  /** Undefined: it was not applied, and why has been said. */
  async #begun(
    fault: number,
    what: Disturbance,
    ending: Promise<void>,
  ): Promise<Acting | undefined> {
    const { nodeId } = this.#options;
    try {
      const services = await Promise.race([this.#services, ending]);
      if (services === undefined) throw new NotApplied(`${nodeId} had no services meanwhile`);
      return await services.disturb(fault, what, ending);
    } catch (error) {
      this.#report(fault, 'not-applied', { sentence: messageOf(error) });
      return undefined;
    }
  }

  #report(fault: number, status: DisturbedReport['status'], { count, sentence }: Ended): void {
    const { now, report } = this.#options;
    const counted = count === undefined ? {} : { count };
    report({ type: 'disturbed', at: now(), fault, status, ...counted, sentence });
  }
}
