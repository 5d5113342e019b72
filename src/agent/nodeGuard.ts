import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { denyingPattern } from '../model/hostPattern.ts';
import { MESH_NETWORK } from '../model/meshAddress.ts';
import { Redactor } from '../vault/redactor.ts';
import type { LaunchCommand } from '../wire/control.ts';
import { CallLog } from './guard/callLog.ts';
import { calledPlaces, type CalledPlace } from './guard/calledPlaces.ts';
import { Guard } from './guard/guard.ts';
import type { Attempt, CallsLine } from './guard/orders.ts';
import type { Box, Unavailable } from './box/box.ts';
import type { ServicePorts } from './services/servicePorts.ts';
import type { AgentReport } from '../wire/report.ts';
import { namesProxy } from '../vault/proxyVariables.ts';

export interface NodeGuardOptions {
  readonly launch: LaunchCommand;
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
  #servicePorts: ServicePorts;
  #isWired = false;

  private constructor(options: NodeGuardOptions, orders: Orders) {
    this.#options = options;
    this.#orders = orders;
    const { hook, deny, addresses, called } = orders;
    this.#servicePorts = options.launch.services.servicePorts;
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

  /** Host patterns that no service may reach. */
  get deny(): readonly string[] {
    return this.#orders.deny;
  }

  /** The pattern of an address → the denied host it belongs to; the box's gateway adds those that turn up. */
  get owners(): Map<string, string> {
    return this.#owners;
  }

  /** The services are to run in this box, or in none for this reason: says whom that keeps from production. */
  entered(box: Box | Unavailable, servicePorts: ServicePorts): void {
    this.#servicePorts = servicePorts;
    if (!('unavailable' in box)) this.#moveInto(box);
    if (this.deny.length === 0) return;
    if ('unavailable' in box) {
      this.#guards(
        'nodejs-programs',
        `only Node.js programs are kept from production (TCP, UDP and names, in their workers and Node.js children too), not other programs or native add-ons: ${box.unavailable}`,
      );
    } else if (box.mountsMissing === undefined) {
      this.#guards(
        'all-programs',
        'all programs of the services are kept from production: they have a network and name files of their own',
      );
    } else {
      this.#guards(
        'all-connections',
        `all programs of the services are kept from production by addresses, but read this machine's own hosts file and ask its name caches: ${box.mountsMissing}`,
      );
    }
  }

  /** Services of this node reach those of others. */
  wired(): void {
    this.#isWired = true;
    this.hook.openMesh(MESH_NETWORK);
  }

  /** The services have ended: tells what is left to tell. */
  stop(): void {
    this.hook.stop();
  }

  /** What the hook reads and writes has to be where it can be seen. */
  #moveInto({ view }: Box): void {
    if (view === undefined) return;
    const hook = path.join(this.#options.launch.folder, 'hook.cjs');
    copyFileSync(this.#orders.hook, hook);
    this.hook.moveInto({ hook, pathInside: (file) => view.pathInside(file) });
  }

  #guards(scope: Extract<AgentReport, { type: 'guarded' }>['scope'], reach: string): void {
    const { report, now } = this.#options;
    const { unanswered } = this.#orders.addresses;
    const byName =
      unanswered.length === 0
        ? ''
        : `; no name server told the addresses of ${unanswered.join(', ')} in time, so only by name`;
    report({ type: 'guarded', at: now(), scope, sentence: reach + byName + this.#proxyWords });
  }

  /** Whoever builds asks the proxy, and the proxy asks whom it likes. */
  get #proxyWords(): string {
    return namesProxy(this.#options.launch.services.proxy)
      ? '; whom a build reaches through the proxy of this machine, nobody sees'
      : '';
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
    return new CallLog({
      called: () =>
        calledPlaces({ launch, called, ports: this.#servicePorts, isWired: this.#isWired }),
      file: path.join(launch.folder, 'calls.ndjson'),
      onCalls: (place, line) => this.#onCalls(place, line),
    });
  }

  #onCalls({ service, nodes }: CalledPlace, { calls, dropped }: CallsLine): void {
    const { launch, report } = this.#options;
    const sinceStart = calls.map(({ at, ...call }) => ({ ...call, at: at - launch.origin }));
    report({ type: 'calls', service, nodes: [...nodes], calls: sinceStart, dropped });
  }
}

function lowerCaseRedactor(secrets: Readonly<Record<string, string>>): Redactor {
  const entries = Object.entries(secrets);
  return new Redactor(new Map(entries.map(([name, value]) => [name, value.toLowerCase()])));
}
