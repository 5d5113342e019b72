import path from 'node:path';
import type { Manifest } from '../model/capsule.ts';
import type { LaunchCommand } from './control.ts';
import { CallLog } from './guard/callLog.ts';
import { Guard } from './guard/guard.ts';
import type { Attempt, CallsLine } from './guard/orders.ts';
import type { NetworkNamespace } from './namespace/networkNamespace.ts';
import type { NodeNetwork } from './namespace/nodeNetwork.ts';
import type { AgentReport } from './report.ts';
import { serviceEnv } from './services/serviceEnv.ts';

export interface NodeGuardOptions {
  readonly launch: LaunchCommand;
  readonly manifest: Manifest;
  readonly now: () => number;
  readonly report: (report: AgentReport) => void;
  /** A service tried to reach production; the attempt is reported already. */
  readonly onDenied: (sentence: string) => void;
}

type Orders = NonNullable<LaunchCommand['services']['guard']>;

/** What keeps the services of this node away from production and measures their calls, with what it sees turned into reports. */
export class NodeGuard {
  /** Loaded into Node.js programs. */
  readonly hook: Guard;
  readonly #options: NodeGuardOptions;
  readonly #orders: Orders;
  #network: NodeNetwork | undefined;

  private constructor(options: NodeGuardOptions, orders: Orders) {
    this.#options = options;
    this.#orders = orders;
    const { hook, deny, called } = orders;
    this.hook = new Guard({
      deny,
      hook,
      folder: path.join(options.launch.folder, 'guard'),
      onDenied: (service, attempt) => this.#onDenied(service, attempt),
      calls: called.length === 0 ? undefined : this.#createCallLog(called),
    });
  }

  /** Undefined: there is nothing to guard or to measure. */
  static create(options: NodeGuardOptions): NodeGuard | undefined {
    const { guard } = options.launch.services;
    return guard === undefined ? undefined : new NodeGuard(options, guard);
  }

  /**
   * The network the services are to run in, where programs of every sort are guarded; undefined: the host's.
   * @throws MeshSimError `secret-missing` | `registry-invalid`
   */
  async openNetwork(): Promise<NetworkNamespace | undefined> {
    const { namespace, deny } = this.#orders;
    if (deny.length === 0) return undefined;
    if (namespace === undefined) {
      this.#guardsNodeJsOnly('nothing more is asked for');
      return undefined;
    }
    // Loaded this late: few runs have anything to guard.
    const { openNodeNetwork } = await import('./namespace/nodeNetwork.ts');
    const network = await openNodeNetwork({
      door: namespace.door,
      folder: this.#options.launch.folder,
      deny,
      ports: await this.#openPorts(namespace.ports),
      onDenied: (service, attempt) => this.hook.denied(service, attempt),
    });
    if ('unavailable' in network) {
      this.#guardsNodeJsOnly(network.unavailable);
      return undefined;
    }
    this.#network = network;
    const sentence =
      'services have a network of their own: no program of theirs reaches production';
    this.#guards('all-programs', sentence);
    return network.namespace;
  }

  /** The services have ended: tells what is left to tell. */
  async stop(): Promise<void> {
    this.hook.stop();
    await this.#network?.close();
  }

  async #openPorts(further: readonly number[]): Promise<number[]> {
    const { launch, manifest } = this.#options;
    const { openPorts } = await import('./namespace/openPorts.ts');
    const { nodeId, services } = launch;
    return openPorts({
      envs: manifest.services.map((service) => serviceEnv(service, { nodeId, ...services })),
      patterns: this.#orders.deny,
      further,
      own: Object.values(services.servicePorts).flatMap((ports) => Object.values(ports)),
    });
  }

  #guardsNodeJsOnly(reason: string): void {
    this.#guards('nodejs-programs', `only Node.js programs are kept from production: ${reason}`);
  }

  #guards(scope: 'all-programs' | 'nodejs-programs', sentence: string): void {
    const { report, now } = this.#options;
    report({ type: 'guarded', at: now(), scope, sentence });
  }

  #onDenied(service: string | undefined, { host, port }: Attempt): void {
    const { launch, report, now, onDenied } = this.#options;
    const place = port === undefined ? host : `${host}:${port}`;
    const who = service === undefined ? 'A service' : `Service "${service}"`;
    const sentence = `${who} on ${launch.nodeId} tried to reach ${place}, a production endpoint: it was refused, and a simulation may not even try.`;
    report({ type: 'denied', at: now(), service, host, port, sentence });
    onDenied(sentence);
  }

  #createCallLog(called: readonly string[]): CallLog {
    const { launch } = this.#options;
    const portsOf = (name: string) => Object.values(launch.services.servicePorts[name] ?? {});
    return new CallLog({
      called: called.map((name) => ({ name, ports: portsOf(name) })),
      file: path.join(launch.folder, 'calls.ndjson'),
      onCalls: (service, line) => this.#onCalls(service, line),
    });
  }

  #onCalls(service: string, { calls, dropped }: CallsLine): void {
    const { launch, report } = this.#options;
    const sinceStart = calls.map(({ at, ...call }) => ({ ...call, at: at - launch.origin }));
    report({ type: 'calls', service, calls: sinceStart, dropped });
  }
}
