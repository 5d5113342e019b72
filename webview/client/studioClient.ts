import { hc } from 'hono/client';
import type { StudioApi } from '../../src/api/app.ts';
import type * as model from '../../src/model/api.ts';
import type { CheckedExploration, ExplorationList } from '../../src/model/explorationApi.ts';
import type { ProvenanceGraph, ProvenancePage } from '../../src/model/provenanceApi.ts';
import type {
  DeployEvent,
  DeployRequestBody,
  DeployStarted,
  EnvironmentList,
  EnvironmentState,
} from '../../src/model/deployApi.ts';
import type { LinkList, OpenedLink } from '../../src/model/linksApi.ts';
import type { LinkTarget } from '../../src/model/serviceLink.ts';
import type { Machine } from '../../src/model/machineApi.ts';
import type { MeshEvent } from '../../src/model/events.ts';
import type { RunComparison } from '../../src/model/runComparison.ts';
import { trustFileText, trustRoute, type TrustExport } from '../../src/model/trustExport.ts';
import { checked, ProblemError } from './problemError.ts';
import { readMessages, type ServerMessage } from './eventStream.ts';

/** How the page reaches the API; the rest of the page does not know which door it is. */
export type Door = (url: string, init?: RequestInit) => Promise<Response>;

const RECONNECT_MS = [250, 1_000, 4_000] as const;
const LONGEST_PAUSE = RECONNECT_MS.length - 1;

export interface RunListener {
  onSnapshot(snapshot: model.RunSnapshot): void;
  onEvent(event: MeshEvent): void;
  onEnd(end: model.StreamEnd): void;
  onConnection(isConnected: boolean): void;
}

interface StreamListener {
  onMessage(message: ServerMessage): void;
  onConnection(isConnected: boolean): void;
}

export interface WorkspaceListener {
  /** Something changed, or may have while there was no connection. */
  onChange(): void;
  onConnection(isConnected: boolean): void;
}

/** Every call the page makes. */
export class StudioClient {
  readonly #door: Door;
  readonly #api;
  readonly #pauses = new Set<() => void>();

  constructor(door: Door) {
    this.#door = door;
    const typed = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
      door(input as string, init);
    this.#api = hc<StudioApi>('', { fetch: typed });
  }

  async workspace() {
    return (await checked(await this.#api.api.workspace.$get())).json();
  }

  /** @param before ledger index: rows of entries older than it; left out: the newest */
  async provenance(before?: number): Promise<ProvenancePage> {
    return this.#json(`/api/provenance${before === undefined ? '' : `?before=${before}`}`);
  }

  /** @param before ledger index: nodes of entries older than it, with their parents; left out: the newest */
  async graph(before?: number): Promise<ProvenanceGraph> {
    return this.#json(`/api/provenance/graph${before === undefined ? '' : `?before=${before}`}`);
  }

  async capsules() {
    return (await checked(await this.#api.api.capsules.$get())).json();
  }

  /** As they were written. */
  async explorations(): Promise<ExplorationList> {
    return this.#json('/api/explorations');
  }

  /** Each of its rows held against evidence. */
  async exploration(id: string): Promise<CheckedExploration> {
    return this.#json(`/api/explorations/${id}`);
  }

  async evidence(simId: string): Promise<model.Evidence> {
    return this.#json(`/api/mesh-sim/${simId}/evidence`);
  }

  /** B held against A. */
  async compare(a: string, b: string): Promise<RunComparison> {
    return this.#json(`/api/mesh-sim/compare?a=${a}&b=${b}`);
  }

  async verify(file: Uint8Array<ArrayBuffer>): Promise<model.Evidence> {
    return this.#json('/api/verify', { method: 'POST', body: file });
  }

  /** The file the editor has open. */
  async document(): Promise<Uint8Array<ArrayBuffer>> {
    const response = await checked(await this.#door('/host/document'));
    return new Uint8Array(await response.arrayBuffer());
  }

  async pack(): Promise<void> {
    await this.#json('/api/capsules', { method: 'POST', body: '{}' });
  }

  async start(request: model.StartRequest): Promise<model.Started> {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    return this.#json('/api/mesh-sim/start', {
      method: 'POST',
      body: JSON.stringify(request),
      headers,
    });
  }

  async replay(simId: string): Promise<model.Started> {
    return this.#json(`/api/mesh-sim/${simId}/replay`, { method: 'POST' });
  }

  async cancel(simId: string): Promise<void> {
    await this.#json(`/api/mesh-sim/${simId}/cancel`, { method: 'POST' });
  }

  async machine(): Promise<Machine> {
    return this.#json('/api/machine');
  }

  /** Ports of its services, and where they were opened; while it goes on or is held up. */
  async links(simId: string): Promise<LinkList> {
    return this.#json(`/api/mesh-sim/${simId}/links`);
  }

  /** Has a port of the machine that runs it lead to a service. */
  async openLink(simId: string, target: LinkTarget): Promise<OpenedLink> {
    const body = JSON.stringify(target);
    return this.#json(`/api/mesh-sim/${simId}/links`, { method: 'POST', body });
  }

  /** Has the nodes of a run that is held up stopped. */
  async end(simId: string): Promise<void> {
    await this.#json(`/api/mesh-sim/${simId}/end`, { method: 'POST' });
  }

  async artifact(simId: string): Promise<Blob> {
    return (await checked(await this.#door(`/api/mesh-sim/result/${simId}.capsim`))).blob();
  }

  /** The packets between services that a run kept, as pcapng. */
  async packets(simId: string): Promise<Blob> {
    return (await checked(await this.#door(`/api/mesh-sim/${simId}/pcap`))).blob();
  }

  /** The chain of trust as a file. */
  async trust(wanted: TrustExport): Promise<Blob> {
    const answer = await (await checked(await this.#door(trustRoute(wanted)))).text();
    return new Blob([trustFileText(wanted, answer)]);
  }

  /** @param capsuleHash each environment's gate is asked what it would say of this Capsule */
  async environments(capsuleHash: string): Promise<readonly EnvironmentState[]> {
    const list = await this.#json<EnvironmentList>(`/api/environments?capsule=${capsuleHash}`);
    return list.environments;
  }

  async deploy(request: DeployRequestBody): Promise<DeployStarted> {
    return this.#json('/api/deploy', { method: 'POST', body: JSON.stringify(request) });
  }

  async rollBack(environment: string): Promise<DeployStarted> {
    const body = JSON.stringify({ environment });
    return this.#json('/api/deploy/rollback', { method: 'POST', body });
  }

  async cancelDeploy(deployId: string): Promise<void> {
    await this.#json(`/api/deploy/${deployId}/cancel`, { method: 'POST' });
  }

  /** Follows a deploy until it ends or the signal aborts. */
  async followDeploy(
    deployId: string,
    onEvent: (event: DeployEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const onMessage = ({ data }: ServerMessage): void => {
      onEvent(JSON.parse(data) as DeployEvent);
    };
    const listener = { onMessage, onConnection: () => undefined };
    await this.#followStream(`/api/deploy/${deployId}/events`, listener, signal);
  }

  /** Follows a run until it ends or the signal aborts. */
  async follow(simId: string, listener: RunListener, signal: AbortSignal): Promise<void> {
    const onMessage = ({ event, data }: ServerMessage): void => {
      if (event === 'snapshot') listener.onSnapshot(JSON.parse(data) as model.RunSnapshot);
      else if (event === 'end') listener.onEnd(JSON.parse(data) as model.StreamEnd);
      else listener.onEvent(JSON.parse(data) as MeshEvent);
    };
    const onConnection = (isConnected: boolean): void => {
      listener.onConnection(isConnected);
    };
    const url = `/api/mesh-sim/events?simId=${simId}`;
    await this.#followStream(url, { onMessage, onConnection }, signal);
  }

  /** Reads a stream up to its message `end`; a lost connection is taken up where it was. */
  async #followStream(url: string, listener: StreamListener, signal: AbortSignal): Promise<void> {
    const place = { lastId: '', attempt: 0 };
    while (!signal.aborted) {
      try {
        if (await this.#readConnection(url, listener, place, signal)) return;
      } catch (error) {
        if (isAborted(signal)) return;
        if (error instanceof ProblemError) throw error;
      }
      listener.onConnection(false);
      await this.#pause(RECONNECT_MS[place.attempt] ?? 0, signal);
      place.attempt = Math.min(place.attempt + 1, LONGEST_PAUSE);
    }
  }

  /** Reads one connection until it is lost; true when its `end` was read. */
  async #readConnection(
    url: string,
    listener: StreamListener,
    place: { lastId: string; attempt: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    const headers = place.lastId === '' ? {} : { 'last-event-id': place.lastId };
    const response = await checked(await this.#door(url, { headers, signal }));
    listener.onConnection(true);
    let hasEnded = false;
    await readMessages(response, (message) => {
      place.attempt = 0;
      hasEnded ||= message.event === 'end';
      if (message.id !== '') place.lastId = message.id;
      listener.onMessage(message);
    });
    return hasEnded;
  }

  /**
   * Calls back whenever something changed in the workspace, and after every reconnection, until the signal aborts.
   * @throws ProblemError when the server refuses: asking again would not help
   */
  async watch(listener: WorkspaceListener, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !isAborted(signal); attempt = Math.min(attempt + 1, LONGEST_PAUSE)) {
      try {
        const response = await checked(await this.#door('/api/workspace/events', { signal }));
        listener.onConnection(true);
        listener.onChange();
        await readMessages(response, () => {
          attempt = 0;
          if (!isAborted(signal)) listener.onChange();
        });
      } catch (error) {
        if (error instanceof ProblemError) throw error;
      }
      if (isAborted(signal)) return;
      listener.onConnection(false);
      // A stream that ends cleanly waits as well: a server that is closing would be asked without pause.
      await this.#pause(RECONNECT_MS[attempt] ?? 0, signal);
    }
  }

  /** Lost connections are tried again now, not after their pause. */
  retry(): void {
    for (const resume of this.#pauses) resume();
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', resume);
        this.#pauses.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, ms);
      signal.addEventListener('abort', resume);
      this.#pauses.add(resume);
    });
  }

  async #json<T>(url: string, init?: RequestInit): Promise<T> {
    return (await (await checked(await this.#door(url, init))).json()) as T;
  }
}

/** Through a function, since the signal changes while a caller waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
