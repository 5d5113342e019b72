import { EFFECT, VERSIONS } from '../../mesh/io.ts';
import type { Served } from '../../mesh/upgrade/servedThroughout.ts';
import type { MeshEventBody } from '../../model/events.ts';
import type { Invariant } from '../../model/invariants.ts';
import { startsBeside } from '../../model/upgradeChoices.ts';
import type { CapsuleVersion } from '../../model/upgradeReport.ts';
import type { AgentCommand } from '../../wire/control.ts';
import type { AgentReport } from '../../wire/report.ts';
import type { Effect } from '../effectEvent.ts';
import { UpgradeCourse } from '../upgrade/course.ts';
import type { ChaosDriver } from './chaosDriver.ts';
import { CheckRounds } from './checkRounds.ts';
import { differenceWhenReady } from './nodeFacts.ts';
import type { NodeRecord } from './nodeRecord.ts';
import { OnceMigrations } from './onceMigrations.ts';
import type { RealRunOptions } from './options.ts';
import { capsuleOfVersion, checkingVersion } from './runnableServices.ts';
import { ServingPlaces } from './servingPlaces.ts';
import type { SwitchCommand } from './switch/control.ts';
import { UpgradeTimes } from './upgradeTimes.ts';
import { WorkloadRun } from './workloadRun.ts';

export interface UpgradeDriverOptions {
  readonly options: RealRunOptions;
  readonly nodes: readonly NodeRecord[];
  readonly chaos: ChaosDriver;
  readonly now: () => number;
  readonly emit: (body: MeshEventBody) => void;
  readonly network: { send(command: SwitchCommand): void };
  /** Something timed has happened. */
  readonly onDone: () => void;
}

type Online = Extract<AgentReport, { type: 'online' }>;
type MigrationReport = Extract<AgentReport, { type: 'migration' | 'once-wanted' | 'once-ended' }>;

const LOOKED_AT = {
  verified: 'as its agent told before: signature, manifest and every chunk',
  compared: 'compared for every signed file on its disk when its services were healthy',
  noServices: 'no node was moved',
};

/** Upgrades real nodes: hands what their agents report to the course of the upgrade, and what it decides to them. */
export class UpgradeDriver {
  readonly #options: UpgradeDriverOptions;
  readonly #course: UpgradeCourse;
  readonly #checks: CheckRounds;
  readonly #once = new OnceMigrations();
  readonly #workload: WorkloadRun;
  readonly #places: ServingPlaces;
  readonly times: UpgradeTimes;
  #isOver = false;

  /** Undefined: the plan has no upgrade. */
  static of(options: UpgradeDriverOptions): UpgradeDriver | undefined {
    return options.options.plan.upgrade === undefined ? undefined : new UpgradeDriver(options);
  }

  private constructor(options: UpgradeDriverOptions) {
    const { nodes, chaos, now, emit, onDone, network } = options;
    const { plan } = options.options;
    this.#options = options;
    if (plan.upgrade === undefined) throw new RangeError('The plan has no upgrade.');
    const checksFrom = checkingVersion(options.options);
    const { checks = [], workload } = capsuleOfVersion(options.options, checksFrom).manifest;
    this.times = new UpgradeTimes(plan);
    this.#places = new ServingPlaces(nodes.length, (command) => network.send(command));
    this.#workload = new WorkloadRun(workload, emit);
    this.#checks = new CheckRounds({
      ...{ checks, nodes, plan, emit },
      onRound: (failures) => {
        this.#course.checked(failures);
        onDone();
      },
    });
    const seen = {
      ...LOOKED_AT,
      checks: () => ({
        ...{ ...this.#checks.seen(), from: checksFrom },
        workload: this.#workload.seen,
      }),
    };
    this.#course = new UpgradeCourse(plan.upgrade, plan, {
      ...{ now, chaos, lookedAt: seen },
      tell: (body) => {
        if (body.type === 'wave') this.#once.onLeg(body.leg);
        this.times.hear(body, now());
        emit(body);
      },
      ...(checks.length > 0 && { check: (window, wave) => this.#checks.begin(window, wave) }),
      later: (afterMs, act) => {
        const timer = setTimeout(() => {
          if (this.#isOver) return;
          act();
          onDone();
        }, afterMs);
        // A run that is over has nothing to wait for, however long this one was to rest.
        timer.unref();
      },
      move: (node, to) => this.#tell(node, { type: 'move', to }),
      takeOver: (moved) =>
        this.#places.lead(moved, (node) => this.#tell(node, { type: 'take-over' })),
      giveUp: (moved) => this.#places.keep(moved, (node) => this.#tell(node, { type: 'give-up' })),
      offer: () => {
        for (const node of nodes) node.process?.send({ type: 'offer' });
      },
      look: (shouldRun) => nodes.map((node) => this.#seen(node, shouldRun(node.index))),
    });
  }

  /** Hosts offer the new Capsule. */
  get isOffered(): boolean {
    return this.#course.isOffered;
  }

  get isSettled(): boolean {
    return this.#course.isSettled;
  }

  /** From now on nothing happens any more. */
  stop(): void {
    this.#isOver = true;
    this.#checks.stop();
  }

  /** It has joined, in its first life or a later one: with the Capsule it has chosen, and what it found on its disk. */
  online(node: NodeRecord, { runs, missing }: Online): void {
    if (runs === undefined) return;
    node.runs = runs;
    // What was kept has been verified again.
    if (node.incarnation > 0 && missing === 0) node.isStaged = true;
    if (node.incarnation > 0) this.#course.restarted(node.index, runs);
  }

  /** What its part in the mesh came to; the events of that were told. */
  effect(node: NodeRecord, { kind, a, b }: Effect): void {
    const { director } = this.#options.chaos;
    const now = this.#options.now();
    if (kind === EFFECT.startServices) {
      const version = VERSIONS[a] ?? 'new';
      if (!this.#course.isComing(node.index)) runsNow(node, version);
      this.#course.starts(node.index, version, version === 'old' ? node.verified : node.isStaged);
    } else if (kind === EFFECT.beside) this.#course.beside(node.index);
    else if (kind === EFFECT.takenOver) {
      runsNow(node, VERSIONS[a] ?? 'new');
      this.#places.tookOver(node.index);
    } else if (kind === EFFECT.hop && b !== 0) {
      // Faults that wait for these phases mean the Capsule that is rolled out.
      director.phase(node.index, 'verify', 'ok', now);
      director.phase(node.index, 'receive', 'started', now);
    } else if (kind === EFFECT.staged) {
      node.isStaged = true;
      director.phase(node.index, 'receive', 'ok', now);
      this.#workload.staged(node);
      this.#course.staged(node.index);
    }
  }

  halted(node: NodeRecord, sentence: string): void {
    node.hasHalted = true;
    this.times.halted(node.index);
    this.#course.halted(node.index, sentence);
  }

  stateFound(
    { id }: NodeRecord,
    { entries, lost }: { entries: number; lost?: string | undefined },
  ): void {
    // What the workload changes there, or what serves beside what comes, which runs on meanwhile, is nobody's loss, and cannot be told from one.
    if (lost !== undefined && (this.#isBeside || this.#workload.seen?.on === id)) {
      this.#course.stateUnclear();
      return;
    }
    const sentence =
      lost === undefined
        ? undefined
        : `"${lost}" in the state folders of ${id} was gone or changed between two Capsules, while no service ran.`;
    this.#course.stateFound(entries, sentence);
  }

  /** `problem`: why the check that it was asked to run did not pass, the end of a sentence. */
  checked(node: NodeRecord, { id, problem }: { id: number; problem?: string | undefined }): void {
    this.#checks.checked(node, id, problem);
  }

  /** It migrates, asks whether to do so for all of the mesh, or has done so. */
  migration(node: NodeRecord, report: MigrationReport): void {
    if (report.type === 'migration') this.#course.migration(node.index, report.news);
    else if (report.type === 'once-wanted') this.#once.wanted(node, report.id, report.service);
    else this.#once.ended(node, report.service, report.ok);
  }

  /** The workload has ended by itself; what it comes to when all is over does not count. */
  workloadEnded(problem: string | undefined): void {
    if (!this.#isOver && !this.#course.ended) this.#workload.ended(problem);
  }

  /** It is READY. */
  serves(node: NodeRecord): void {
    this.times.serves(node.index, this.#options.now());
    if (node.runs === undefined) return;
    if (this.#isBeside && !this.#course.isComing(node.index)) this.#places.isAlone(node.index);
    this.#course.serves(node.index, node.runs);
  }

  /** What was to take over on it has failed; what serves there serves on. */
  failedBeside(node: NodeRecord, sentence: string): void {
    this.#course.failedBeside(node.index, sentence);
  }

  /** True: the upgrade goes on, and may mend it. */
  goesOnAfter(node: NodeRecord, sentence: string): boolean {
    this.#course.failed(node.index, sentence);
    return !this.#course.ended;
  }

  down(node: NodeRecord): void {
    node.isStaged = false;
    this.times.down(node.index, this.#options.now());
    this.#places.startsAgain(node.index);
    this.#checks.gone(node);
    this.#once.gone(node);
    this.#course.down(node.index);
  }

  /** @param served what services answered meanwhile */
  invariants(served: Served): Invariant[] {
    return this.#course.invariants(served);
  }

  get #isBeside(): boolean {
    return startsBeside(this.#options.options.plan.upgrade);
  }

  #tell(node: number, command: AgentCommand): void {
    this.#options.nodes[node]?.process?.send(command);
  }

  #seen(node: NodeRecord, shouldRun: CapsuleVersion) {
    const isHealthy = node.status === 'ready';
    const { manifest } = capsuleOfVersion(this.#options.options, node.runs);
    const difference = differenceWhenReady(node, manifest) ?? '';
    return {
      nodeId: node.id,
      runs: isHealthy ? (node.runs ?? null) : null,
      shouldRun,
      isHealthy,
      ...(difference === '' ? {} : { difference }),
    };
  }
}

function runsNow(node: NodeRecord, version: CapsuleVersion): void {
  node.runs = version;
  node.contents = undefined;
}
