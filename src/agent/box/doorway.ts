import type { ChildProcess } from 'node:child_process';
import type dgram from 'node:dgram';
import type net from 'node:net';
import {
  CONNECTED,
  DOOR_IS_OPEN,
  RELAY_ENDED,
  type DoorAnswer,
  type DoorRequest,
  type OpenRequest,
} from './doorMessages.ts';
import { howItEnded } from './relayEnd.ts';

const LOOPBACK = '127.0.0.1';

type Opening = Omit<OpenRequest, 'id'>;

/** The agent's side of a box's door: sockets that were opened inside, served here. */
export class Doorway {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: DoorAnswer, handle: unknown) => void>();
  #onConnection: (socket: net.Socket) => void = (socket) => socket.destroy();
  #onRelayEnd: (why: string) => void = () => undefined;
  #lastId = DOOR_IS_OPEN;

  /** `process`: the one that was given the channel, whoever of its descendants is the door. */
  constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (answer: DoorAnswer, handle: unknown) => this.#settle(answer, handle));
    process.once('exit', () => {
      for (const id of this.#waiting.keys()) this.#settle({ id, error: 'EPIPE' }, undefined);
    });
  }

  /**
   * A connection to a port of the box's loopback interface.
   * @throws Error with the system's code, such as ECONNREFUSED
   */
  async connect(port: number): Promise<net.Socket> {
    return (await this.#open({ kind: 'connect', host: LOOPBACK, port })) as net.Socket;
  }

  /**
   * A connection to another node, as a program inside would make it.
   * @throws Error with the system's code; ETIMEDOUT after `timeoutMs`, EPIPE when there is no door any more
   */
  async connectTo(host: string, port: number, timeoutMs: number): Promise<net.Socket> {
    return (await this.#open({ kind: 'connect', host, port, timeoutMs })) as net.Socket;
  }

  /** Has connections to these ports, at any address inside, handed over. @throws Error with the system's code */
  async serve(ports: readonly number[], onConnection: (socket: net.Socket) => void): Promise<void> {
    this.#onConnection = onConnection;
    await this.#ask(`serve ${ports.join(', ')}`, (id) => ({ id, kind: 'serve', ports }));
  }

  /**
   * Has a door that set its box up let the relay of the wire work, over the connection that the box was given. Resolves, once the
   * device is up, to TCP's congestion control inside. Once.
   * @param onEnd when the relay has ended after that; why, one clause
   * @throws Error why it never came up, one clause
   */
  async relay(onEnd: (why: string) => void): Promise<string> {
    this.#onRelayEnd = onEnd;
    const { said, ended } = await this.#answer((id) => ({ id, kind: 'relay' }));
    if (said === undefined) throw new Error(howItEnded(ended));
    return said;
  }

  /** Whether there is still a door. */
  answers(): Promise<boolean> {
    return this.#ask('serve', (id) => ({ id, kind: 'serve', ports: [] })).then(
      () => true,
      () => false,
    );
  }

  /** A UDP socket bound inside. @throws Error with the system's code */
  async datagrams(host: string, port: number): Promise<dgram.Socket> {
    return (await this.#open({ kind: 'datagrams', host, port })) as dgram.Socket;
  }

  #open(opening: Opening): Promise<unknown> {
    const { kind, host, port } = opening;
    return this.#ask(`${kind} ${host}:${port}`, (id) => ({ id, ...opening }));
  }

  async #ask(what: string, request: (id: number) => DoorRequest): Promise<unknown> {
    const { error, handle } = await this.#answer(request);
    if (error === undefined) return handle;
    throw Object.assign(new Error(`${what} ${error}`), { code: error });
  }

  /** Never rejects. */
  #answer(request: (id: number) => DoorRequest): Promise<DoorAnswer & { handle: unknown }> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, (answer, handle) => resolve({ ...answer, handle }));
      this.#process.send(request(id), (failure) => {
        if (failure !== null) this.#settle({ id, error: 'EPIPE' }, undefined);
      });
    });
  }

  #settle(answer: DoorAnswer, handle: unknown): void {
    if (answer.id === CONNECTED) this.#onConnection(handle as net.Socket);
    if (answer.id === RELAY_ENDED) this.#onRelayEnd(howItEnded(answer.ended));
    this.#waiting.get(answer.id)?.(answer, handle);
    this.#waiting.delete(answer.id);
  }
}
