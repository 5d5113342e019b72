import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { messageOf, MeshSimError } from '../../base/errors.ts';
import { fillCommand, fillHealth } from '../../capsule/commandPlaceholders.ts';
import type { CapsuleService, Manifest } from '../../model/capsule.ts';
import { isAsked, type Command } from '../../model/registry.ts';
import type { LaidOutTree } from '../../model/laidOutTrees.ts';
import type { FoundProgram } from '../../model/requiredProgram.ts';
import type { ServiceStatus } from '../../model/serviceStatus.ts';
import type { ServiceContent } from '../../wire/report.ts';
import { inDependencyOrder } from './dependencyOrder.ts';
import type { ServicesElsewhere } from './elsewhere.ts';
import { startOf } from './machineProgram.ts';
import { migrateServices, type MigrationOptions } from './migration.ts';
import { OneShot } from './oneShot.ts';
import { PreparedServices } from './preparedServices.ts';
import { RunningService } from './service.ts';
import { placeholderValues, serviceEnv, type EnvSources } from './serviceEnv.ts';
import type { OutputStream } from './serviceProcess.ts';
import type { ServiceOptions } from './serviceStart.ts';
import { seedServices, type ServiceCommands } from './stateCommand.ts';
import type { TreeOptions } from './serviceTree.ts';

export interface SupervisorOptions
  extends
    EnvSources,
    MigrationOptions,
    Pick<
      TreeOptions,
      | 'servicesFolder'
      | 'buildCacheFolder'
      | 'homesFolder'
      | 'toolCacheFolder'
      | 'proxy'
      | 'hiddenPath'
      | 'redactor'
      | 'processes'
      | 'guard'
      | 'box'
      | 'readChunk'
      | 'takeTurn'
    > {
  /** With the services of this node. */
  readonly manifest: Manifest;
  /** All that the Capsule lays out, on whichever node. */
  readonly trees: readonly LaidOutTree[];
  readonly elsewhere: ServicesElsewhere;
  readonly onStatus: (service: string, status: ServiceStatus, details?: string) => void;
  readonly onLine: (service: string, stream: OutputStream, text: string) => void;
  /** A service is about to be started that is a program of the machine. */
  readonly onProgram: (service: string, found: FoundProgram) => void;
  /** All is laid out and built, and nothing of it was started yet. */
  readonly beforeStart?: (() => Promise<void>) | undefined;
  /** The last service was started. */
  readonly onAllStarted: () => void;
  /** A service that was healthy has ended on its own. */
  readonly onDeath: (failure: MeshSimError) => void;
}

/** How long a service's processes may take to end after SIGTERM. */
const STOP_GRACE_MS = 1_500;

/** Lays out, builds, starts and watches the services of one node, in dependency order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #prepared: PreparedServices;
  #started: readonly (RunningService | OneShot)[] = [];
  #stopping = false;
  #preparing: Promise<void> | undefined;
  readonly #spawned = new Set<string>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#prepared = new PreparedServices(options, (services, action) =>
      this.#reportingFailure(services, action),
    );
  }

  /**
   * Lays all out and builds it, once; nothing is started yet.
   * @throws MeshSimError the first failure
   */
  prepare(): Promise<void> {
    this.#preparing ??= this.#prepare();
    return this.#preparing;
  }

  /**
   * Resolves when every service is healthy.
   * @throws MeshSimError the first failure; the rest is stopped by `stop`.
   */
  async start(): Promise<void> {
    await this.prepare();
    await this.#startAll(this.#options.manifest.services);
  }

  /** See migrateServices. @throws MeshSimError `service-failed` */
  migrate(): Promise<void> {
    return migrateServices(this.#options.manifest.services, this.#options, this.#commands);
  }

  /** See seedServices. @throws MeshSimError `service-failed` */
  seed(): Promise<void> {
    return seedServices(this.#options.manifest.services, this.#commands);
  }

  get #commands(): ServiceCommands {
    return {
      onNode: (name, command) => this.onNode(name, command),
      reportingFailure: (services, action) => this.#reportingFailure(services, action),
    };
  }

  /** Starts each as soon as those it depends on are healthy: of this node, they are among these or run. */
  async #startAll(services: readonly CapsuleService[]): Promise<void> {
    const { manifest, elsewhere } = this.#options;
    const isHere = (name: string) => manifest.services.some((one) => one.name === name);
    await inDependencyOrder(
      services,
      (service) => this.#start(service),
      async (name) => {
        if (!isHere(name)) await elsewhere.untilHealthy(name);
      },
    );
  }

  async #prepare(): Promise<void> {
    await this.#prepared.prepare();
    await this.#options.beforeStart?.();
  }

  /** What the node runs, measured on its disk. */
  contents(): Promise<ServiceContent[]> {
    return this.#prepared.contents();
  }

  /** A command of a service as it is on this node, with all that the service would have. @throws RangeError for a service it does not have */
  onNode(name: string, command: Command): { command: Command; options: ServiceOptions } {
    const service = this.#options.manifest.services.find((one) => one.name === name);
    if (service === undefined) throw new RangeError(`${name} does not run here.`);
    const options = this.#serviceOptions(service);
    return { command: fillCommand(command, this.#values(service)), options };
  }

  /** One health check of a service; false as well when it does not run. */
  async probe(name: string): Promise<boolean> {
    return (await this.#running.find((running) => running.name === name)?.probe()) ?? false;
  }

  get #running(): RunningService[] {
    return this.#started.filter((one) => one instanceof RunningService);
  }

  /**
   * Asks every service that runs for its health again; resolves to how many passed, and how many one-shot services were not asked.
   * @throws MeshSimError `service-failed` for the first that does not pass
   */
  async checkHealth(): Promise<{ readonly services: number; readonly oneShots: number }> {
    const running = this.#running;
    await Promise.all(running.map((one) => this.#reportingFailure([one], () => one.checkHealth())));
    return { services: running.length, oneShots: this.#started.length - running.length };
  }

  /** The services that have been healthy and run: of these, if any are named. */
  up(names?: readonly string[]): RunningService[] {
    return this.#running.filter(({ name, isUp }) => isUp && names?.includes(name) !== false);
  }

  /**
   * Starts services again that were killed; resolves when they are healthy.
   * @throws MeshSimError `service-failed` when one is not
   */
  async startAgain(names: readonly string[]): Promise<void> {
    await this.#startAll(
      this.#options.manifest.services.filter(({ name }) => names.includes(name)),
    );
  }

  /** Stops the services, dependents first. One is said to have stopped when all of its processes are gone. */
  async stop(): Promise<void> {
    const { onStatus } = this.#options;
    this.#stopping = true;
    for (const started of this.#started.toReversed()) {
      if (started instanceof OneShot && started.isDone) continue;
      const { outlived, immortal } = await started.stop(STOP_GRACE_MS);
      if (immortal.length > 0) {
        onStatus(started.name, 'failed', `could not be ended: ${immortal.join(', ')}`);
        continue;
      }
      const details = outlived.length === 0 ? undefined : `it left ${outlived.join(', ')}`;
      onStatus(started.name, 'stopped', details);
    }
  }

  async #start(service: CapsuleService): Promise<void> {
    const endTurn = await this.#options.takeTurn({ turn: 'service', service: service.name });
    try {
      if (this.#stopping) throw new MeshSimError('interrupted', `${service.name} was not started.`);
      await this.#startInTurn(service, endTurn);
    } finally {
      endTurn();
    }
  }

  /** `endTurn` is called as soon as others may start something, though this service may not be healthy yet. */
  async #startInTurn(service: CapsuleService, endTurn: () => void): Promise<void> {
    await this.#reportingFailure([service], async () => {
      this.#options.onStatus(service.name, 'starting');
      const options = this.#serviceOptions(service);
      const { health } = options.service;
      if (!isAsked(health)) {
        const how = await this.#noted(new OneShot(options)).start(endTurn, STOP_GRACE_MS);
        this.#options.onStatus(service.name, 'done', how);
        return;
      }
      const running = this.#noted(new RunningService({ ...options, health }));
      await running.start(endTurn);
      this.#options.onStatus(service.name, 'healthy');
      running.watch((failure) => {
        this.#options.onStatus(service.name, 'exited', failure.message);
        this.#options.onDeath(failure);
      });
    });
  }

  /** In the place of one that was started before. */
  #noted<T extends RunningService | OneShot>(started: T): T {
    this.#started = [...this.#started.filter(({ name }) => name !== started.name), started];
    return started;
  }

  /** The service as it is on this node: placeholders replaced in its commands, and its state folder there. */
  #onThisNode(service: CapsuleService): CapsuleService {
    mkdirSync(path.join(this.#options.stateFolder, service.name), { recursive: true });
    const values = this.#values(service);
    const { program } = values;
    return {
      ...service,
      start: startOf(service, fillCommand(service.start, values), program),
      health: fillHealth(service.health, values),
    };
  }

  #values(service: CapsuleService) {
    const program = this.#prepared.programOf(service);
    return { ...placeholderValues(service, this.#sources), program };
  }

  #serviceOptions(service: CapsuleService): ServiceOptions {
    const { manifest, nodeId, hostPath, hiddenPath, redactor, processes, box, onLine } =
      this.#options;
    return {
      service: this.#onThisNode(service),
      nodeId,
      box,
      folder: this.#prepared.folderOf(service),
      env: this.#envOf(service),
      ports: this.#options.servicePorts[service.name] ?? {},
      hostPath,
      hiddenPath,
      redactor,
      processes,
      onLine: (stream, text) => onLine(service.name, stream, text),
      onSpawned: () => {
        if (this.#spawned.has(service.name)) return;
        this.#spawned.add(service.name);
        if (this.#spawned.size === manifest.services.length) this.#options.onAllStarted();
      },
    };
  }

  /** Paths as the service finds them. */
  get #sources(): EnvSources {
    const { box, stateFolder } = this.#options;
    return { ...this.#options, stateFolder: box?.view?.pathInside(stateFolder) ?? stateFolder };
  }

  /** Where there is something to guard, with the guard's orders. */
  #envOf(service: CapsuleService): Record<string, string> {
    const env = serviceEnv(service, this.#sources);
    return this.#options.guard?.env(service.name, env) ?? env;
  }

  async #reportingFailure(
    services: readonly Pick<CapsuleService, 'name'>[],
    action: () => Promise<void>,
  ): Promise<void> {
    try {
      await action();
    } catch (error) {
      for (const { name } of this.#stopping ? [] : services) {
        this.#options.onStatus(name, 'failed', messageOf(error));
      }
      throw error;
    }
  }
}
