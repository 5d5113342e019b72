import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { MeshSimError } from '../../../base/errors.ts';
import { megabytes } from '../../../base/quantity.ts';
import { regularPieces } from '../../../base/regularFile.ts';
import { LastWords } from '../../real/nodeProgram.ts';
import type { HostSpec } from '../../../model/hosts.ts';
import { hostFailure, type ProgramEnd } from '../remote/hostFailure.ts';
import { sshCommand } from '../remote/sshCommand.ts';
import { userEnvironment } from '../remote/userEnvironment.ts';
import { binaryFor, shippingFailure, type NodeMissing } from './failure.ts';
import { localBinary, type LocalBinaryOptions } from './localBinary.ts';
import type { NodeBinary } from './nodeBinaries.ts';
import { takeCommand } from './scripts.ts';

/** A host that takes nothing of it for so long does not get it, nor one that needs as long to look at what arrived. */
const STALLED_MS = 120_000;
/** Of zlib: 48 MB in half the time that 45 MB take. */
const PACK_LEVEL = 3;
/** What a program said last may be read after it has ended. */
const LAST_WORDS_MS = 300;

export interface ShipperOptions extends LocalBinaryOptions {
  /** It takes a while from now on, a sentence; left out: nobody wants to know. */
  readonly onWait?: ((sentence: string) => void) | undefined;
}

/** Brings Node.js to hosts that have none, to each once, however many nodes are to live there. */
export class Shipper {
  readonly #options: ShipperOptions;
  /** By the host's name. */
  readonly #shipped = new Map<string, Promise<void>>();

  constructor(options: ShipperOptions) {
    this.#options = options;
  }

  /** @throws MeshSimError `host-failed`, `program-missing`, `disk-failed`, `interrupted` in one sentence */
  ship(host: string, spec: HostSpec, { need }: NodeMissing): Promise<void> {
    const shipped = this.#shipped.get(host) ?? this.#ship(host, spec, need);
    this.#shipped.set(host, shipped);
    return shipped;
  }

  async #ship(host: string, spec: HostSpec, need: NodeMissing['need']): Promise<void> {
    const binary = binaryFor(host, need);
    // The schema has refused it for others.
    if (spec.kind !== 'ssh') throw new MeshSimError('internal', `${host} is given no Node.js.`);
    const size = megabytes(binary.bytes);
    this.#options.onWait?.(
      `${host} has no Node.js that is new enough: Node.js ${binary.version} (${size}) is sent there, and kept for later runs.`,
    );
    const file = await localBinary(binary, this.#options);
    const packing = need.programs.includes('gzip') ? 'gzip' : 'plain';
    const end = await this.#send(spec, file, { binary, packing });
    if (end === 'stalled') {
      throw new MeshSimError(
        'host-failed',
        `${host} took nothing of Node.js for ${STALLED_MS / 1_000} s: check the connection, and run again.`,
      );
    }
    if (this.#options.signal.aborted) {
      throw new MeshSimError('interrupted', 'The run was interrupted.');
    }
    if (end.code === 0) return;
    throw shippingFailure(host, binary, end) ?? hostFailure(host, spec, end);
  }

  async #send(
    spec: Extract<HostSpec, { kind: 'ssh' }>,
    file: string,
    { binary, packing }: { readonly binary: NodeBinary; readonly packing: 'gzip' | 'plain' },
  ): Promise<ProgramEnd | 'stalled'> {
    const { environment, signal } = this.#options;
    const command = sshCommand(spec, takeCommand(binary, packing));
    const child = spawn(command.file, [...command.args], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: userEnvironment(environment),
      windowsHide: true,
    });
    const words = new LastWords();
    child.stderr.on('data', (bytes: Buffer) => words.push(bytes));
    const stalled = new AbortController();
    const limit = setTimeout(() => {
      stalled.abort();
      child.kill('SIGKILL');
    }, STALLED_MS);
    const interrupt = () => child.kill('SIGKILL');
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    const ended = new Promise<ProgramEnd>((resolve) => {
      child.once('error', (error) =>
        resolve({ code: null, signal: null, words: `${error.message}\n` }),
      );
      const over = (code: number | null, killer: string | null) => {
        child.stdin.destroy();
        resolve({ code, signal: killer, words: words.toString() });
      };
      child.once('close', over);
      // An ssh that others share stays in the background, and keeps its stderr open.
      child.once('exit', (code, killer) => setTimeout(() => over(code, killer), LAST_WORDS_MS));
    });
    const pieces = async function* (read: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const piece of read) {
        limit.refresh();
        yield piece;
      }
    };
    const packer = packing === 'gzip' ? createGzip({ level: PACK_LEVEL }) : new PassThrough();
    // A host that ends before it has all of it says why.
    const sent = pipeline(regularPieces(file), pieces, packer, child.stdin).catch(() => undefined);
    const [end] = await Promise.all([ended, sent]).finally(() => {
      clearTimeout(limit);
      signal.removeEventListener('abort', interrupt);
    });
    return stalled.signal.aborted ? 'stalled' : end;
  }
}
