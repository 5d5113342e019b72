import { spawn, type ChildProcess } from 'node:child_process';
import net from 'node:net';
import { pipeline } from 'node:stream';
import { brotliCompressSync } from 'node:zlib';
import { systemClock } from '../../../base/clock.ts';
import { MeshSimError, messageOf } from '../../../base/errors.ts';
import { readRegularSync } from '../../../base/regularFile.ts';
import {
  AGENT_STREAM,
  DOOR_STREAM,
  ECHO_STREAM,
  FILE_STREAM,
  PING_MS,
  PORT_STREAM,
  type KeeperCommand,
} from '../../../wire/keeper.ts';
import { Allowance, ASKED } from '../../../wire/mux/allowance.ts';
import { Mux } from '../../../wire/mux/mux.ts';
import type { MuxStream } from '../../../wire/mux/muxStream.ts';
import { ClockPings } from './clockPings.ts';
import type { PipesCommand, PipesMessage } from './control.ts';
import { Forwards } from './forwards.ts';
import { LineReader } from './lines.ts';
import { pathRate } from './pathRate.ts';
import { Uploads } from './uploads.ts';

type Open = Extract<PipesCommand, { type: 'open' }>;
type Forward = Extract<PipesCommand, { type: 'forward' }>;
/** As keepers say it; nobody has checked it. */
interface Pong {
  readonly type: unknown;
  readonly number: number;
  readonly at: number;
}
interface Stored {
  readonly digest: unknown;
}

/** The first pings come close together: a run waits for them. */
const FIRST_PINGS = 12;
const FIRST_PING_MS = 15;
/** Silent for so long, a host is told of as lost. */
const SILENT_MS = 6_000;
/** What a program said last may be read after it has ended. */
const LAST_WORDS_MS = 300;
/** A program that does not end by itself when its pipe has is ended. */
const LAST_WORDS_LIMIT_MS = 5_000;
/** Of what the pipe's program says on its stderr. */
const WORDS_BYTES = 16_000;

export interface KeeperPipeOptions {
  readonly open: Open;
  readonly post: (message: PipesMessage) => void;
  /** Resolves when more may be posted of what agents say; undefined: now. What comes from a host must not fill memory. */
  readonly untilRoom: () => Promise<void> | undefined;
  /** Where the emulator listens, once it does. */
  readonly emulatorPort: () => number | undefined;
  /** See Uploads. */
  readonly stalledMs?: number;
}

/** One pipe: a program such as ssh, whose stdin and stdout lead to the keeper of a node. */
export class KeeperPipe {
  readonly #options: KeeperPipeOptions;
  readonly #node: number;
  readonly #child: ChildProcess;
  readonly #mux: Mux;
  readonly #pings = new ClockPings();
  readonly #agents = new Map<number, MuxStream>();
  readonly #forwards = new Forwards((there) => this.#mux.open(`${PORT_STREAM}${there}`));
  readonly #uploads: Uploads;
  #unsaid: { readonly life: number; readonly line: string }[] = [];
  #words = Buffer.alloc(0);
  #heardAt = systemClock.monotonic();
  #isSilent = false;
  #isGone = false;
  #hasToldWords = false;
  #pinging: NodeJS.Timeout | undefined;
  #ending: NodeJS.Timeout | undefined;
  #refusal: string | undefined;

  constructor(options: KeeperPipeOptions) {
    this.#options = options;
    const { node, file, args, keeper, surrender } = options.open;
    this.#node = node;
    this.#uploads = new Uploads({
      open: (digest) => this.#mux.open(`${FILE_STREAM}${digest}`),
      onFailed: (digest, problem) => this.#said({ type: 'stored', digest, problem }),
      stalledMs: options.stalledMs,
    });
    const child = spawn(file, [...args], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    this.#child = child;
    child.stderr.on('data', (bytes: Buffer) => {
      this.#words = Buffer.concat([this.#words, bytes]).subarray(-WORDS_BYTES);
      if (surrender !== undefined && this.#words.includes(surrender)) child.kill('SIGKILL');
    });
    child.once('error', (error) => this.#gone(null, null, messageOf(error)));
    const gone = (code: number | null, signal: string | null) =>
      this.#gone(code, signal, this.#words.toString('utf8'));
    child.once('close', gone);
    // An ssh that others share stays in the background, and keeps its stderr open.
    child.once('exit', (code, signal) => setTimeout(() => gone(code, signal), LAST_WORDS_MS));
    child.stdin.on('error', () => undefined);
    child.stdin.write(parcelOf(keeper));
    this.#mux = new Mux({
      input: child.stdout,
      output: child.stdin,
      isOpener: true,
      allowance: new Allowance({ now: () => systemClock.monotonic() }),
      onMessage: (message) => this.#hear(message),
      onStream: (stream, tag) => this.#opened(stream, tag),
      onClosed: (error) => {
        if (error instanceof MeshSimError) this.#refuse(error);
        else this.#letEnd();
      },
    });
  }

  tell(command: KeeperCommand): void {
    if ('order' in command && command.order === 'welcome') this.#welcome();
    this.#mux.send(command, 'ask' in command ? ASKED : 1);
  }

  say(life: number, line: string): void {
    const agent = this.#agents.get(life);
    // Its keeper opens the stream when it was started.
    if (agent === undefined) this.#unsaid.push({ life, line });
    else if (agent.writable) agent.write(`${line}\n`);
  }

  /** The keeper says when it has arrived. */
  upload(digest: string, file: string): void {
    this.#uploads.begin(digest, file);
  }

  forward({ id, there, at }: Forward): void {
    const of = { type: 'forwarded', node: this.#node, id } as const;
    this.#forwards.forward(there, at).then(
      (port) => this.#options.post({ ...of, port }),
      (error: unknown) => this.#options.post({ ...of, problem: messageOf(error) }),
    );
  }

  /** What the path carries; see PipesMessage. */
  measure(): void {
    const of = { type: 'measured', node: this.#node } as const;
    pathRate(this.#mux.open(ECHO_STREAM), this.#pings.clock?.rttMinMs ?? 0).then(
      (mbps) => this.#options.post({ ...of, mbps }),
      () => this.#options.post(of),
    );
  }

  /** The keeper learns of it by the end of its stdin. */
  close(): void {
    this.#mux.close();
    this.#letEnd();
    this.#child.kill('SIGTERM');
  }

  /** What comes from there is not what a keeper says: that is the reason, whatever the program says of its end. */
  #refuse(error: MeshSimError): void {
    this.#refusal = error.message;
    this.close();
  }

  /** Nothing goes either way any more. Why, its program may be about to say: ended by us, it could not. */
  #letEnd(): void {
    if (this.#isGone) return;
    clearTimeout(this.#pinging);
    this.#child.stdin?.end();
    this.#ending ??= setTimeout(() => this.#child.kill('SIGTERM'), LAST_WORDS_LIMIT_MS);
  }

  #welcome(): void {
    if (this.#pinging !== undefined) return;
    this.#ping();
  }

  #said(message: unknown): void {
    this.#options.post({ type: 'said', node: this.#node, message });
  }

  #hear(message: unknown): void {
    this.#heardAt = systemClock.monotonic();
    this.#isSilent = false;
    const { type, number, at, digest } = message as Partial<Pong & Stored>;
    if (type === 'stored' && typeof digest === 'string') this.#uploads.arrived(digest);
    if (type !== 'pong') this.#said(message);
    else if (this.#pings.answered(number ?? -1, at ?? NaN, this.#heardAt)) this.#tellClock();
  }

  #tellClock(): void {
    const { clock, answers } = this.#pings;
    if (clock === undefined || answers < FIRST_PINGS) return;
    this.#tellWords();
    this.#options.post({ type: 'clock', node: this.#node, clock });
  }

  /** Before its clock: what the pipe's program had said when the keeper greeted was read long ago by then, whichever came first. */
  #tellWords(): void {
    if (this.#hasToldWords) return;
    this.#hasToldWords = true;
    this.#options.post({ type: 'words', node: this.#node, words: this.#words.toString('utf8') });
  }

  #ping(): void {
    const now = systemClock.monotonic();
    this.#mux.send({ order: 'ping', number: this.#pings.leaves(now) });
    const silentMs = now - this.#heardAt;
    if (silentMs > SILENT_MS && !this.#isSilent) {
      this.#isSilent = true;
      this.#options.post({ type: 'silent', node: this.#node, ms: Math.round(silentMs) });
    }
    const wait = this.#pings.answers < FIRST_PINGS && silentMs < PING_MS ? FIRST_PING_MS : PING_MS;
    this.#pinging = setTimeout(() => this.#ping(), wait);
  }

  #opened(stream: MuxStream, tag: string): void {
    const port = this.#options.emulatorPort();
    if (tag === DOOR_STREAM && port !== undefined) {
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
      pipeline(stream, socket, stream, () => undefined);
      return;
    }
    const life = tag.startsWith(AGENT_STREAM) ? Number(tag.slice(AGENT_STREAM.length)) : NaN;
    if (Number.isSafeInteger(life) && life >= 0 && !this.#agents.has(life))
      this.#listenTo(stream, life);
    else stream.destroy();
  }

  #listenTo(stream: MuxStream, life: number): void {
    const of = { node: this.#node, life };
    this.#agents.set(life, stream);
    const first = this.#unsaid.filter((one) => one.life === life);
    this.#unsaid = this.#unsaid.filter((one) => one.life !== life);
    for (const { line } of first) stream.write(`${line}\n`);
    const reader = new LineReader();
    stream.on('data', (bytes: Buffer) => {
      try {
        const lines = reader.push(bytes);
        if (lines.length > 0) this.#options.post({ type: 'lines', ...of, lines });
        const room = this.#options.untilRoom();
        if (room === undefined) return;
        stream.pause();
        void room.then(() => stream.resume());
      } catch {
        stream.destroy();
      }
    });
    stream.once('close', () => this.#options.post({ type: 'lines-ended', ...of }));
    stream.once('end', () => stream.end());
  }

  #gone(code: number | null, signal: string | null, words: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#pinging);
    clearTimeout(this.#ending);
    this.#forwards.close();
    this.#uploads.close();
    this.#mux.close();
    const refusal = this.#refusal;
    this.#options.post({
      ...{ type: 'gone', node: this.#node, code, words },
      ...(signal === null ? {} : { signal }),
      ...(refusal === undefined ? {} : { refusal }),
    });
  }
}

/** Compressed once for all nodes. */
const parcels = new Map<string, Buffer>();

/** What the loader waits for: u32 LE length, then the keeper, compressed. */
function parcelOf(keeper: string): Buffer {
  const known = parcels.get(keeper);
  if (known !== undefined) return known;
  const compressed = brotliCompressSync(readRegularSync(keeper));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(compressed.length, 0);
  const parcel = Buffer.concat([length, compressed]);
  parcels.set(keeper, parcel);
  return parcel;
}
