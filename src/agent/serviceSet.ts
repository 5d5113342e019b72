import path from 'node:path';
import { messageOf, type MeshSimError } from '../base/errors.ts';
import type { MeshValues } from '../capsule/placeholders.ts';
import type { Capsule, Manifest } from '../model/capsule.ts';
import type { Check } from '../model/check.ts';
import { laidOutTrees } from '../model/laidOutTrees.ts';
import type { FoundProgram } from '../model/requiredProgram.ts';
import type { ServiceStatus } from '../model/serviceStatus.ts';
import type { Turn } from '../model/turns.ts';
import type { Redactor } from '../vault/redactor.ts';
import type { LaunchCommand } from '../wire/control.ts';
import type { AgentReport, ServiceContent } from '../wire/report.ts';
import type { Box } from './box/box.ts';
import type { NodeGuard } from './nodeGuard.ts';
import type { NodeProcesses } from './nodeProcesses.ts';
import { processesAt } from './placedProcesses.ts';
import { MigrationSigns } from './services/migrationSigns.ts';
import { runCheck, untilEnded } from './services/checkRun.ts';
import type { ServicesElsewhere } from './services/elsewhere.ts';
import { stateFolderIn } from './services/serviceEnv.ts';
import type { ServicePorts } from './services/servicePorts.ts';
import { servicesHere } from './services/servicesHere.ts';
import type { Supervisor, SupervisorOptions } from './services/supervisor.ts';
import type { Turns } from './turns.ts';

/** A Capsule whose services a node is to run, from content that it has verified. */
export interface HeldCapsule {
  readonly capsule: Capsule;
  /** Below the node's folder: where its services lie. */
  readonly servicesFolder: string;
  readonly readChunk: (digest: string) => Promise<Uint8Array>;
  /** Which of the node's places it runs in; left out: the first. */
  readonly place?: number;
  /** It starts beside what serves: what becomes of its services is told when it takes over. */
  readonly isComing?: true;
  /** Nothing of it is started: checks of the product are run in its folders. */
  readonly isForChecks?: true;
  /** Of what runs first: its services find state that was filled before, once; left out: as they left it, or empty. */
  readonly seed?: { readonly isDone: boolean; done(): void };
  /** Called when all is laid out and built, and nothing of it was started yet. */
  readonly beforeStart?: () => Promise<void>;
}

export interface ServiceSetOptions {
  readonly launch: LaunchCommand;
  readonly elsewhere: ServicesElsewhere;
  readonly redactor: Redactor;
  readonly processes: NodeProcesses;
  readonly turns: Turns;
  readonly now: () => number;
  readonly report: (report: AgentReport) => void;
  /** The last service was started. */
  readonly onStarted: () => void;
  /** A service that was healthy has ended on its own. */
  readonly onDeath: (failure: MeshSimError) => void;
}

/** What is around services on this node, whichever Capsule they are of. */
export interface Surroundings {
  readonly mesh: MeshValues;
  readonly servicePorts: ServicePorts;
  readonly guard: NodeGuard | undefined;
  readonly box: Box | undefined;
}

/** The services of one Capsule on this node, with what they do turned into reports. */
export class ServiceSet {
  readonly #options: ServiceSetOptions;
  readonly #held: HeldCapsule;
  /** The Capsule's, with the services that this node runs. */
  readonly #manifest: Manifest;
  #supervisor: Supervisor | undefined;
  #stopped: Promise<void> | undefined;
  #loading: Promise<Supervisor> | undefined;
  #workload: Promise<string | undefined> | undefined;
  readonly #ending = new AbortController();
  #isHidden: boolean;
  /** What became of each service last. */
  readonly #statuses = new Map<string, readonly [ServiceStatus, string | undefined]>();
  /** Of one that comes: that was told. */
  hasFailed = false;

  constructor(options: ServiceSetOptions, held: HeldCapsule) {
    this.#options = options;
    this.#held = held;
    this.#isHidden = held.isComing === true;
    const { manifest } = held.capsule;
    const services = servicesHere(options.launch, manifest).filter(
      ({ name }) => held.isForChecks !== true || isChecked(name, manifest),
    );
    this.#manifest = { ...manifest, services };
  }

  /** Of its Capsule, with all services. */
  get manifest(): Manifest {
    return this.#held.capsule.manifest;
  }

  /** Which of the node's places it runs in. */
  get place(): number {
    return this.#held.place ?? 0;
  }

  /** Its services are the node's from now on. */
  show(): void {
    this.#isHidden = false;
    for (const [service, [status, details]] of this.#statuses) this.#tell(service, status, details);
  }

  /** Others of the same names are the node's from now on. */
  hide(): void {
    this.#isHidden = true;
  }

  /** This node runs none of them. */
  get isEmpty(): boolean {
    return this.#manifest.services.length === 0;
  }

  has(service: string): boolean {
    return this.#manifest.services.some(({ name }) => name === service);
  }

  /** Undefined: they were not to be started yet. */
  get supervisor(): Supervisor | undefined {
    return this.#supervisor;
  }

  /**
   * Lays them out, builds them, and brings their state to this Capsule; `start` starts them.
   * @throws MeshSimError the first failure
   */
  async migrate(surroundings: Surroundings, known: () => void): Promise<void> {
    const supervisor = await this.#load(surroundings, known);
    await supervisor.prepare();
    await supervisor.migrate();
  }

  /** Lays them out, builds and starts them; resolves when all are healthy. `known` is called once it is known where they run. */
  async start(surroundings: Surroundings, known: () => void): Promise<void> {
    const supervisor = await this.#load(surroundings, known);
    await this.#seed(supervisor);
    await supervisor.start();
  }

  async #seed(supervisor: Supervisor): Promise<void> {
    const { seed } = this.#held;
    if (seed === undefined || seed.isDone) return;
    await supervisor.prepare();
    await supervisor.seed();
    seed.done();
  }

  /** Resolves to why a check did not pass, the end of a sentence; undefined: it did. */
  async check(
    surroundings: Surroundings,
    check: Check,
    env: Record<string, string>,
  ): Promise<string | undefined> {
    try {
      const supervisor = await this.#laidOut(surroundings);
      return await runCheck(check, supervisor.onNode(check.service, check.run), env);
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Resolves when the workload has ended: to how, the end of a sentence, if not with 0. @throws MeshSimError when it cannot start */
  async runWorkload(surroundings: Surroundings): Promise<string | undefined> {
    const { workload } = this.manifest;
    if (workload === undefined) return undefined;
    const supervisor = await this.#laidOut(surroundings);
    this.#workload = untilEnded(
      supervisor.onNode(workload.service, workload.run),
      this.#ending.signal,
    );
    return this.#workload;
  }

  async #laidOut(surroundings: Surroundings): Promise<Supervisor> {
    const supervisor = await this.#load(surroundings);
    await supervisor.prepare();
    return supervisor;
  }

  #load(surroundings: Surroundings, known: () => void = () => undefined): Promise<Supervisor> {
    this.#loading ??= this.#loaded(surroundings, known);
    return this.#loading;
  }

  async #loaded(surroundings: Surroundings, known: () => void): Promise<Supervisor> {
    // Loaded this late: a node boots and verifies without it.
    const { Supervisor: Loaded } = await import('./services/supervisor.ts');
    this.#supervisor = new Loaded(this.#supervisorOptions(surroundings));
    known();
    return this.#supervisor;
  }

  async contents(): Promise<ServiceContent[]> {
    return (await this.#supervisor?.contents()) ?? [];
  }

  /** Resolves when no process of them is left, however often it is called. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#workload?.catch(() => undefined);
    this.#stopped ??= this.#supervisor?.stop();
    await this.#stopped;
  }

  onStatus(service: string, status: ServiceStatus, details?: string): void {
    // What runs meanwhile has the same names.
    if (this.#held.isForChecks === true) return;
    this.#statuses.set(service, [status, details]);
    if (!this.#isHidden) {
      this.#tell(service, status, details);
      return;
    }
    const { now, report } = this.#options;
    const why = details === undefined ? '' : `: ${details}`;
    const text = `Beside what serves, in place ${this.place}: ${status}${why}`;
    report({ type: 'log', at: now(), service, status: 'agent', text });
  }

  #tell(service: string, status: ServiceStatus, details?: string): void {
    const { now, report } = this.#options;
    const common = { type: 'service', at: now(), service, status } as const;
    report(details === undefined ? common : { ...common, details });
  }

  #supervisorOptions({ mesh, servicePorts, guard, box }: Surroundings): SupervisorOptions {
    const { launch, turns, report, now, onStarted, onDeath } = this.#options;
    const { capsule, servicesFolder, readChunk, beforeStart } = this.#held;
    const { buildCacheFolder, toolCacheFolder, proxy, hostPath, secrets } = launch.services;
    const search = box?.view?.searchPath(hostPath);
    return {
      ...this.#options,
      manifest: this.#manifest,
      trees: laidOutTrees(capsule.manifest),
      mesh,
      nodeId: launch.nodeId,
      servicesFolder: path.join(launch.folder, servicesFolder),
      stateFolder: stateFolderIn(launch.folder),
      // A build holds the paths it was made at, and elsewhere they are of this run alone.
      buildCacheFolder:
        box?.view === undefined ? path.join(launch.folder, 'builds') : buildCacheFolder,
      homesFolder: path.join(launch.folder, 'homes'),
      processes: processesAt(this.#options.processes, this.place),
      toolCacheFolder,
      proxy,
      hostPath: search?.seen ?? hostPath,
      hiddenPath: search?.hidden ?? '',
      servicePorts,
      secrets,
      guard: guard?.hook,
      box,
      readChunk,
      beforeStart,
      takeTurn: (turn: Turn) => turns.take(turn),
      askOnce: (service: string) => turns.once(service),
      migrationSigns: new MigrationSigns({
        looksAtState: launch.upgrade?.looksAtState === true,
        report: (news) => report({ type: 'migration', at: now(), news }),
      }),
      onStatus: (service: string, status: ServiceStatus, details?: string) =>
        this.onStatus(service, status, details),
      onLine: (service: string, status: 'stdout' | 'stderr', text: string) =>
        report({ type: 'log', at: now(), service, status, text }),
      onProgram: (service: string, found: FoundProgram) =>
        report({ type: 'program', at: now(), service, ...found }),
      onAllStarted: onStarted,
      onDeath,
    };
  }
}

function isChecked(service: string, { checks = [], workload }: Manifest): boolean {
  return workload?.service === service || checks.some((check) => check.service === service);
}
