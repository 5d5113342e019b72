import path from 'node:path';
import type { Manifest } from '../model/capsule.ts';
import { denyingPattern } from '../model/hostPattern.ts';
import { Redactor } from '../vault/redactor.ts';
import type { LaunchCommand } from '../wire/control.ts';
import { CallLog } from './guard/callLog.ts';
import { Guard } from './guard/guard.ts';
import type { Attempt, CallsLine } from './guard/orders.ts';
import type { Box } from './box/box.ts';
import type { NodeBox } from './box/nodeBox.ts';
import type { AgentReport } from '../wire/report.ts';
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
  /** The pattern of an address → the denied host it belongs to. */
  readonly #owners: Map<string, string>;
  readonly #secretsInNames: Redactor;
  #network: NodeBox | undefined;

  private constructor(options: NodeGuardOptions, orders: Orders) {
    this.#options = options;
    this.#orders = orders;
    const { hook, deny, addresses, called } = orders;
    this.#owners = new Map(Object.entries(addresses.owners));
    this.#secretsInNames = lowerCaseRedactor(options.launch.services.secrets);
    this.hook = new Guard({
      deny: [...deny, ...this.#owners.keys()],
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
  async openNetwork(): Promise<Box | undefined> {
    const { namespace, deny } = this.#orders;
    if (deny.length === 0) return undefined;
    if (namespace === undefined) {
      this.#guardsNodeJsOnly('nothing more is asked for');
      return undefined;
    }
    // Loaded this late: few runs have anything to guard.
    const { openNodeBox } = await import('./box/nodeBox.ts');
    const network = await openNodeBox({
      door: namespace.door,
      folder: this.#options.launch.folder,
      deny,
      owners: this.#owners,
      ports: await this.#openPorts(namespace.ports),
      onDenied: (service, attempt) => this.hook.denied(service, attempt),
    });
    if ('unavailable' in network) {
      this.#guardsNodeJsOnly(network.unavailable);
      return undefined;
    }
    this.#network = network;
    const { mountsMissing } = network.namespace;
    if (mountsMissing === undefined) {
      this.#guards(
        'all-programs',
        'all programs of the services are kept from production: they have a network and name files of their own',
      );
    } else {
      this.#guards(
        'all-connections',
        `all programs of the services are kept from production by addresses, but read this machine's own hosts file and ask its name caches: ${mountsMissing}`,
      );
    }
    return network.namespace;
  }

  /** The services have ended: tells what is left to tell. */
  async stop(): Promise<void> {
    this.hook.stop();
    await this.#network?.close();
  }

  async #openPorts(further: readonly number[]): Promise<number[]> {
    const { launch, manifest } = this.#options;
    const { openPorts } = await import('./box/openPorts.ts');
    const { nodeId, services } = launch;
    const sources = { nodeId, ...services, stateFolder: path.join(launch.folder, 'state') };
    return openPorts({
      envs: manifest.services.map((service) => serviceEnv(service, sources)),
      patterns: this.#orders.deny,
      further,
      own: Object.values(services.servicePorts).flatMap((ports) => Object.values(ports)),
    });
  }

  #guardsNodeJsOnly(reason: string): void {
    this.#guards(
      'nodejs-programs',
      `only Node.js programs are kept from production (TCP, UDP and names, in their workers and Node.js children too), not other programs or native add-ons: ${reason}`,
    );
  }

  #guards(scope: Extract<AgentReport, { type: 'guarded' }>['scope'], reach: string): void {
    const { report, now } = this.#options;
    const { unanswered } = this.#orders.addresses;
    const byName =
      unanswered.length === 0
        ? ''
        : `; no name server told the addresses of ${unanswered.join(', ')} in time, so only by name`;
    report({ type: 'guarded', at: now(), scope, sentence: reach + byName });
  }

  #onDenied(service: string | undefined, { port, address, ...attempt }: Attempt): void {
    const { launch, report, now, onDenied } = this.#options;
    const host = this.#masked(attempt.host);
    const place = port === undefined ? host : `${host}:${port}`;
    const pattern = denyingPattern({ host: address ?? attempt.host, port }, [
      ...this.#owners.keys(),
    ]);
    const owner = pattern === undefined ? undefined : this.#owners.get(pattern);
    const clauses = [address, owner === undefined ? undefined : `an address of ${owner}`];
    const known = clauses.filter((one) => one !== undefined).join(', ');
    const what = known === '' ? place : `${place} (${known})`;
    const who = service === undefined ? 'A service' : `Service "${service}"`;
    const sentence = `${who} on ${launch.nodeId} tried to reach ${what}, a production endpoint: it was refused, and a simulation may not even try.`;
    report({ type: 'denied', at: now(), service, host, port, sentence });
    onDenied(sentence);
  }

  /** Programs may have put a name in lower case: in one, a secret is masked in either case. */
  #masked(host: string): string {
    const lower = host.toLowerCase();
    return this.#secretsInNames.find(lower) === undefined ? host : this.#secretsInNames.text(lower);
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

function lowerCaseRedactor(secrets: Readonly<Record<string, string>>): Redactor {
  const entries = Object.entries(secrets);
  return new Redactor(new Map(entries.map(([name, value]) => [name, value.toLowerCase()])));
}
