import net from 'node:net';
import { availableParallelism, release } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { OwnPrecedence } from '../../../agent/processes/precedence.ts';
import { systemClock } from '../../../base/clock.ts';
import { MeshSimError, messageOf } from '../../../base/errors.ts';
import { outliveFileSizeLimit } from '../../../base/machineFault.ts';
import { MemoryLimit } from '../../../base/memoryLimit.ts';
import { Mux } from '../../../wire/mux/mux.ts';
import type { MuxStream } from '../../../wire/mux/muxStream.ts';
import {
  AGENT_STREAM,
  DOOR_STREAM,
  ECHO_STREAM,
  FILE_STREAM,
  LEASE_MS,
  PORT_STREAM,
  type HostClaims,
  type KeeperAsk,
  type KeeperCommand,
  type KeeperMessage,
  type KeeperOrder,
  type Prepared,
  type Swept,
} from '../../../wire/keeper.ts';
import { ArrivalTimes } from './arrivals.ts';
import { DoorWatch } from './doorWatch.ts';
import { hostFolders, shippedNodes, sweepHost } from './hostFolders.ts';
import { hearWords } from './hearWords.ts';
import { HostedRun, type AgentSide } from './hostedRun.ts';

/** What comes before the other side listens may be lost on the way (kubectl attach): the first word is said until it is answered. */
const HELLO_MS = 500;

/** Looks after one node of a run on this host, for an orchestrator on another one, over its stdin and stdout. */
export function runKeeper(): void {
  new Keeper().begin();
}

class Keeper {
  readonly #mux = new Mux({
    input: process.stdin,
    output: process.stdout,
    isOpener: false,
    onMessage: (message) => this.#hear(message as KeeperCommand),
    onStream: (stream, tag) => this.#receive(stream, tag),
    onClosed: () => void this.#leave(),
  });
  readonly #arrivals = new ArrivalTimes();
  readonly #memory = new MemoryLimit();
  readonly #precedence = new OwnPrecedence();
  #run: HostedRun | undefined;
  /** What it makes there is removed as well when the orchestrator goes meanwhile. */
  #preparing: Promise<HostedRun> | undefined;
  #doorPort: Promise<number> | undefined;
  #hello: NodeJS.Timeout | undefined;
  #heardAt = systemClock.monotonic();
  #isLeaving = false;

  begin(): void {
    outliveFileSizeLimit();
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => void this.#leave());
    }
    const greet = () => this.#say({ type: 'hello', claims: claims() });
    greet();
    this.#hello = setInterval(greet, HELLO_MS);
    setInterval(() => {
      if (systemClock.monotonic() - this.#heardAt > LEASE_MS) void this.#leave();
    }, 1_000);
  }

  #say(message: KeeperMessage): void {
    this.#mux.send(message);
  }

  #hear(command: KeeperCommand): void {
    this.#heardAt = systemClock.monotonic();
    if ('order' in command) this.#obey(command);
    else void this.#answer(command);
  }

  async #answer({ id, ...ask }: KeeperAsk & { readonly id: number }): Promise<void> {
    try {
      this.#say({ type: 'answer', id, value: await this.#do(ask) });
    } catch (error) {
      const code = error instanceof MeshSimError ? error.code : 'host-failed';
      this.#say({ type: 'answer', id, problem: { code, sentence: messageOf(error) } });
    }
    if (ask.ask === 'leave') process.stdout.end(() => process.exit());
  }

  async #do(ask: KeeperAsk): Promise<unknown> {
    switch (ask.ask) {
      case 'prepare':
        return this.#prepare(ask.simId, ask.nodeId);
      case 'need':
        return { missing: await this.#prepared.missing(ask.digests) };
      case 'place':
        return this.#prepared.place(ask.files);
      case 'lease-ports':
        return { ports: await this.#prepared.leasePorts(ask.count) };
      case 'open-disk':
        return this.#prepared.openDisk();
      case 'fill-disk':
        return this.#prepared.disk.fill(ask.leaveBytes);
      case 'free-bytes':
        return { free: await this.#prepared.disk.free() };
      case 'empty-disk':
        return this.#prepared.disk.empty();
      case 'end-node':
        return this.#prepared.endNode();
      case 'arrivals':
        return { arrivals: this.#arrivals.report() };
      case 'end-rest':
        return this.#prepared.endRest();
      case 'leave':
        this.#isLeaving = true;
        return this.#run?.leave();
      case 'sweep':
        return sweep(ask.everything);
    }
  }

  async #prepare(simId: string, nodeId: string): Promise<Prepared> {
    this.#preparing = HostedRun.prepare(simId, nodeId);
    this.#run = await this.#preparing;
    // Packets that wait here for a core are late at the node: of its lateness this was the most.
    this.#precedence.take();
    this.#doorPort ??= this.#openDoor();
    return { ...this.#run.prepared, doorPort: await this.#doorPort };
  }

  get #prepared(): HostedRun {
    if (this.#run === undefined) throw new MeshSimError('internal', 'Nothing was prepared.');
    return this.#run;
  }

  #obey(order: KeeperOrder): void {
    switch (order.order) {
      case 'welcome':
        clearInterval(this.#hello);
        break;
      case 'ping':
        this.#say({ type: 'pong', number: order.number, at: systemClock.monotonic() });
        break;
      case 'origin':
        this.#arrivals.origin = order.at;
        break;
      case 'start':
        this.#start(order.life);
        break;
      case 'kill':
        this.#run?.kill(order.life);
        break;
      case 'look':
        this.#run?.look();
        break;
      case 'take-drops':
        this.#run?.takeDrops();
        break;
      case 'surroundings':
        this.#run?.addSurroundings(order);
        break;
    }
  }

  #start(life: number): void {
    const stream = this.#mux.open(`${AGENT_STREAM}${life}`);
    const say = (bytes: Buffer) =>
      this.#say({ type: 'words', life, bytes: bytes.toString('base64') });
    try {
      const side: AgentSide = {
        onError: (error) => {
          this.#say({ type: 'unable', life, sentence: messageOf(error) });
          stream.end();
        },
        onClose: (code, signal) => {
          const why = signal === 'SIGKILL' ? this.#memory.whyEnded() : undefined;
          if (why !== undefined) say(Buffer.from(`${why}\n`));
          this.#say({ type: 'closed', life, code, signal });
          stream.end();
        },
      };
      const agent = this.#precedence.startAfter((stepsBack) =>
        this.#prepared.start(life, side, stepsBack),
      );
      agent.output?.pipe(stream, { end: false });
      if (agent.input !== undefined) stream.pipe(agent.input);
      // Nobody is there any more who could tell it anything.
      stream.once('close', () => agent.input?.end());
      if (agent.errors !== undefined) hearWords(agent.errors, say);
    } catch (error) {
      this.#say({ type: 'unable', life, sentence: messageOf(error) });
      stream.end();
    }
  }

  #receive(stream: MuxStream, tag: string): void {
    if (tag.startsWith(PORT_STREAM)) {
      const port = Number(tag.slice(PORT_STREAM.length));
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
      pipeline(stream, socket, stream, () => undefined);
      return;
    }
    if (tag === ECHO_STREAM) {
      stream.pipe(stream);
      return;
    }
    if (!tag.startsWith(FILE_STREAM)) {
      stream.destroy();
      return;
    }
    const digest = tag.slice(FILE_STREAM.length);
    stream.end();
    this.#prepared.store(digest, stream).then(
      () => this.#say({ type: 'stored', digest }),
      (error: unknown) => this.#say({ type: 'stored', digest, problem: messageOf(error) }),
    );
  }

  /** The loopback port at which this host's agent and relays find the emulator. */
  #openDoor(): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
        const stream = this.#mux.open(DOOR_STREAM);
        const watch = new DoorWatch(this.#arrivals);
        stream.on('data', (bytes: Buffer) => watch.push(bytes, systemClock.monotonic()));
        pipeline(socket, stream, socket, () => undefined);
      });
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () =>
        resolve((server.address() as net.AddressInfo).port),
      );
    });
  }

  /** The orchestrator is gone, or wants no more of it: nothing stays. */
  async #leave(): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    await this.#preparing?.then((run) => run.leave()).catch(() => undefined);
    process.exit();
  }
}

async function sweep(everything: boolean): Promise<Swept> {
  const folders = await hostFolders(process.env);
  const removed = await sweepHost(folders, everything);
  return { removed, kept: await shippedNodes(folders) };
}

function claims(): HostClaims {
  const { PATH = '' } = process.env;
  return {
    os: process.platform,
    arch: process.arch,
    node: process.version,
    cores: availableParallelism(),
    kernel: release(),
    // Services that say "node" get the one that this runs in.
    hostPath: [path.dirname(process.execPath), PATH]
      .filter((part) => part !== '')
      .join(path.delimiter),
    wallMs: systemClock.wall(),
    monotonicMs: systemClock.monotonic(),
  };
}
