import type { ChecksSeen } from '../../mesh/upgrade/checksHeld.ts';
import type { Check } from '../../model/check.ts';
import type { MeshEventBody } from '../../model/events.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { placesOf } from '../../model/placement.ts';
import type { Plan } from '../../model/plan.ts';
import type { CheckReport, UpgradeWindow } from '../../model/upgradeReport.ts';
import type { AgentCommand } from '../../wire/control.ts';

/** A node as far as checks go. */
export interface CheckedNode {
  readonly index: number;
  readonly id: string;
  readonly isStaged: boolean;
  readonly process: { send(command: AgentCommand): void } | undefined;
}

export interface CheckRoundsOptions {
  /** Of the Capsule whose checks are run. */
  readonly checks: readonly Check[];
  readonly nodes: readonly CheckedNode[];
  readonly plan: Pick<Plan, 'placement' | 'params'>;
  readonly emit: (body: MeshEventBody) => void;
  /** A round is over: one sentence for each check that did not pass. */
  readonly onRound: (failures: readonly string[]) => void;
}

interface Job {
  readonly id: number;
  readonly at: number;
  readonly check: Check;
  readonly node: number;
}

interface Round {
  readonly window: UpgradeWindow;
  readonly wave: number;
  readonly left: Job[];
  readonly failures: string[];
}

type Ending = CheckReport['outcome'];

/** Has nodes run the checks of the product, one after the other: what one asks for may be what another one writes. */
export class CheckRounds {
  readonly #options: CheckRoundsOptions;
  #ids = 0;
  #round: Round | undefined;
  #job: Job | undefined;
  readonly #passed = new Map<UpgradeWindow, number>();
  readonly #on = new Set<string>();
  readonly #failed: string[] = [];
  readonly #unfinished: string[] = [];

  constructor(options: CheckRoundsOptions) {
    this.#options = options;
  }

  /** @param wave that they follow; 0: none */
  begin(window: UpgradeWindow, wave: number): void {
    const { checks } = this.#options;
    const left = checks.flatMap((check, at) =>
      check.when.includes(window)
        ? this.#nodesOf(check).map((node) => ({ id: (this.#ids += 1), at, check, node }))
        : [],
    );
    this.#round = { window, wave, left, failures: [] };
    this.#next();
  }

  /** @param problem why it did not pass, the end of a sentence */
  checked(node: CheckedNode, id: number, problem: string | undefined): void {
    if (this.#job?.id !== id || this.#job.node !== node.index) return;
    this.#end(problem === undefined ? 'passed' : 'failed', problem);
  }

  /** The node is down: what it was asked is not answered. */
  gone(node: CheckedNode): void {
    if (this.#job?.node === node.index) this.#end('unfinished', `${node.id} went down meanwhile.`);
  }

  /** The run is over: what is still asked ends with it, and no round does any more. */
  stop(): void {
    this.#note('unfinished', 'the run was over before.');
    this.#job = undefined;
    this.#round = undefined;
  }

  seen(): Omit<ChecksSeen, 'from' | 'workload'> {
    return {
      declared: this.#options.checks.length,
      ...{ passed: this.#passed, on: this.#on },
      ...{ failed: this.#failed, unfinished: this.#unfinished },
    };
  }

  #nodesOf({ on, service }: Check): number[] {
    const { placement, params } = this.#options.plan;
    const places = placesOf(placement, service, params.nodes);
    return on === 'each-node' ? [...places] : places.filter((node) => nodeIdOf(node) === on);
  }

  #next(): void {
    const round = this.#round;
    if (round === undefined) return;
    const job = round.left.shift();
    this.#job = job;
    if (job === undefined) {
      this.#round = undefined;
      this.#options.onRound(round.failures);
      return;
    }
    const node = this.#options.nodes[job.node];
    if (node?.process === undefined || !node.isStaged) {
      this.#end('unfinished', `${nodeIdOf(job.node)} did not hold the new Capsule.`);
      return;
    }
    const { window, wave } = round;
    this.#tell(job, round, 'begun');
    node.process.send({ type: 'check', id: job.id, check: job.at, window, wave });
  }

  #end(status: Ending, details?: string): void {
    this.#note(status, details);
    this.#next();
  }

  #note(status: Ending, details?: string): void {
    const [job, round] = [this.#job, this.#round];
    if (job === undefined || round === undefined) return;
    const { window, wave } = round;
    this.#tell(job, round, status, details);
    const when = wave === 0 ? 'before the first wave' : `after wave ${wave}, in ${window}`;
    const what = `The check "${job.check.name}" on ${nodeIdOf(job.node)}, ${when},`;
    if (status === 'passed') {
      this.#passed.set(window, (this.#passed.get(window) ?? 0) + 1);
      this.#on.add(nodeIdOf(job.node));
    } else if (status === 'failed') {
      const sentence = `${what} failed: ${details ?? ''}`;
      this.#failed.push(sentence);
      round.failures.push(sentence);
    } else this.#unfinished.push(`${what} was not run to its end: ${details ?? ''}`);
  }

  #tell(
    { check, node }: Job,
    { window, wave }: Round,
    status: 'begun' | Ending,
    details?: string,
  ): void {
    const { name, service } = check;
    this.#options.emit({
      ...{ type: 'check', nodeId: nodeIdOf(node), service, name, window, wave, status },
      ...(details === undefined ? {} : { details }),
    });
  }
}
