import path from 'node:path';
import { MeshSimError } from '../../../base/errors.ts';
import { readRegularSync } from '../../../base/regularFile.ts';
import { hostsOfNodes } from '../../../model/hostPlacement.ts';
import type { Home, Way } from '../../../model/home.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import type { RealWay } from '../../../model/realWay.ts';
import { LOCAL_HOST } from '../../../model/hostKinds.ts';
import type { HostedNodeReport } from '../../../model/hostReport.ts';
import { sha256Hex } from '../../../signing/digest.ts';
import type { Redactor } from '../../../vault/redactor.ts';
import type { RealRunOptions } from '../../real/options.ts';
import type { SwitchProcess } from '../../real/switchProcess.ts';
import { requireFloors } from '../requireFloors.ts';
import { requireHosts } from '../requireHosts.ts';
import { requireRates } from '../requireRates.ts';
import { Shipper } from '../ship/shipper.ts';
import { programFiles } from './hostContent.ts';
import { openNode } from './openNode.ts';
import { PipesProcess } from './pipesProcess.ts';
import { RemoteNode } from './remoteNode.ts';

/** sshd takes ten that have not shown a key yet (sshd_config(5), MaxStartups), and refuses others by chance. */
const OPENED_AT_ONCE = 5;

export interface OpenRemoteOptions {
  readonly options: RealRunOptions;
  readonly redactor: Redactor;
}

export interface RunBegin {
  /** ms of this machine's monotonic clock. */
  readonly origin: number;
  readonly switchProcess: Pick<SwitchProcess, 'listening' | 'send'>;
  /** No node on another host can be reached any more. */
  readonly onBroken: (error: MeshSimError) => void;
}

/** The nodes of a run that live on other hosts. */
export class RemoteNodes {
  readonly nodes: ReadonlyMap<number, RemoteNode>;
  readonly #pipes: PipesProcess | undefined;
  #onBroken: (error: MeshSimError) => void = () => undefined;
  readonly #closing = new AbortController();
  #opening: readonly Promise<void>[] = [];

  private constructor({ options, redactor }: OpenRemoteOptions) {
    this.nodes = new Map(remoteOnes(options, redactor).map((node) => [node.index, node]));
    if (this.nodes.size === 0) return;
    this.#pipes = new PipesProcess({
      entry: options.bundles.pipes,
      compileCacheFolder: options.compileCacheFolder,
      environment: options.hostEnvironment ?? {},
      onFailure: (error) => this.#onBroken(error),
    });
  }

  /**
   * Opens a pipe to each node on another host. None: nothing is started.
   * @throws MeshSimError `plan-invalid`, `secret-missing`, `host-failed`, `interrupted`
   */
  static async open(open: OpenRemoteOptions): Promise<RemoteNodes> {
    const remote = new RemoteNodes(open);
    if (remote.#pipes === undefined) return remote;
    try {
      await remote.#openAll(open.options, remote.#pipes);
      const oneWay = (index: number) => (remote.nodes.get(index)?.clock.rttMinMs ?? 0) / 2;
      requireFloors(open.options.plan, oneWay);
      await remote.#measurePaths();
      requireRates(open.options.plan, remote.realWays);
      return remote;
    } catch (error) {
      await remote.close();
      throw error;
    }
  }

  /** The run begins: times of nodes count from here, and what breaks the pipes ends it. */
  begin({ origin, switchProcess, onBroken }: RunBegin): void {
    if (this.#pipes === undefined) return;
    this.#onBroken = onBroken;
    for (const node of this.nodes.values()) {
      node.begin(origin, (path) => switchProcess.send({ type: 'path', node: node.index, ...path }));
    }
    switchProcess.listening().then(
      (port) => this.#pipes?.send({ type: 'emulator', port }),
      // Without an emulator there is no run: it has told so itself.
      () => undefined,
    );
  }

  /** Versions of their kernels. */
  get kernels(): string[] {
    return [...this.nodes.values()].map(({ kernel }) => kernel);
  }

  /** Where nodes live, as events tell it. */
  homes(): (Home & Way & { readonly nodeId: string })[] {
    return [...this.nodes.values()].map(({ index, home, way }) => ({
      nodeId: nodeIdOf(index),
      ...home,
      ...way,
    }));
  }

  /** What the real ways to nodes carry. */
  get realWays(): RealWay[] {
    return [...this.nodes.values()].map((node) => node.realWay);
  }

  /** Where nodes lived, and how far their clocks can be trusted. */
  reports(): Promise<HostedNodeReport[]> {
    return Promise.all([...this.nodes.values()].map((node) => node.report()));
  }

  /** Removes what is there of the run, and closes the pipes. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.nodes.values()].map((node) => node.leave()));
    // Of one that was under way, nothing is to stay either.
    await Promise.allSettled(this.#opening);
    await this.#pipes?.stop();
  }

  /** One way after the other, and each once: what is measured of one is not the work of another. */
  async #measurePaths(): Promise<void> {
    const known = new Map<string, number | undefined>();
    for (const node of this.nodes.values()) {
      await node.measurePath(known.get(node.host));
      known.set(node.host, node.realWay.mbps);
    }
  }

  async #openAll(options: RealRunOptions, pipes: PipesProcess): Promise<void> {
    const { keeper } = options.bundles;
    const digest = sha256Hex(readRegularSync(keeper));
    const shipper = new Shipper({
      environment: options.hostEnvironment ?? {},
      bundleFolder: path.dirname(keeper),
      signal: options.signal,
      onWait: options.onWait,
    });
    const programs = programFiles(options);
    // Whoever needs them first meets what is wrong with them.
    programs.catch(() => undefined);
    const waiting = [...this.nodes.values()];
    const failed = new Promise<never>((_, reject) => {
      this.#onBroken = reject;
      const interrupt = () => reject(new MeshSimError('interrupted', 'The run was interrupted.'));
      options.signal.addEventListener('abort', interrupt, { once: true });
      if (options.signal.aborted) interrupt();
    });
    failed.catch(() => undefined);
    const worker = async () => {
      for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
        const { signal } = this.#closing;
        const run = { options, pipes, shipper, programs, signal };
        const context = { ...run, keeper: { file: keeper, digest } };
        await openNode(node, { ...context, onLost: (lost, words) => lost.lost(words) });
      }
    };
    this.#opening = Array.from({ length: OPENED_AT_ONCE }, worker);
    await Promise.race([Promise.all(this.#opening), failed]).finally(() => {
      // Of one that cannot begin, no further node is opened.
      waiting.length = 0;
    });
  }
}

function remoteOnes(options: RealRunOptions, redactor: Redactor): RemoteNode[] {
  const { plan, hosts = {} } = options;
  requireHosts(plan, hosts);
  const names = hostsOfNodes(plan.hosts, plan.params.nodes);
  return names.flatMap((host, index) => {
    if (host === LOCAL_HOST) return [];
    const spec = hosts[host];
    return spec === undefined ? [] : [new RemoteNode({ index, host, spec, redactor })];
  });
}
