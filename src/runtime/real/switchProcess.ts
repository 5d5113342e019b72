import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { comesFirst } from '../../agent/processes/precedence.ts';
import { markOfRun } from '../../agent/processes/runMark.ts';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import type { PacketBatch } from '../../model/events.ts';
import { LastWords, nodeProgramEnv, starved } from './nodeProgram.ts';
import type { CapturedBlocks } from './switch/packetCapture.ts';
import type { SwitchCommand, SwitchData, SwitchMessage, SwitchReport } from './switch/control.ts';
import type { RefusalNews } from './switch/refusals.ts';
import type { TrafficEvent } from './switch/traffic/trafficMeter.ts';

export interface SwitchProcessOptions extends Pick<SwitchData, 'plan' | 'origin' | 'capture'> {
  /** dist/switch.cjs. */
  readonly entry: string;
  /** Left out: its code is compiled anew. */
  readonly compileCacheFolder?: string;
  /** Left out: it is no run's, and nobody looks for it by its mark. */
  readonly simId?: string;
  /** Left out: events name ports by their numbers. */
  readonly portNames?: SwitchData['portNames'];
  readonly onPackets: (packets: PacketBatch) => void;
  /** What services of different nodes said to each other since the last call. */
  readonly onTraffic?: (event: TrafficEvent) => void;
  readonly onCaptured?: (captured: CapturedBlocks) => void;
  readonly onRefusal?: (news: RefusalNews) => void;
  /** The emulator is broken; without it there is no run. */
  readonly onFailure: (error: MeshSimError) => void;
}

/** The orchestrator's side of the emulator, a process that shares its time with nobody (agent/processes/precedence). */
export class SwitchProcess {
  /** Before all others of this machine, which not every user may ask for. */
  readonly comesFirst: boolean;
  /** By index of the node. */
  readonly #tokens: readonly string[];
  readonly #options: SwitchProcessOptions;
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #port: Promise<number>;
  #listening: (port: number) => void = () => undefined;
  readonly #failed: Promise<never>;
  #reports: ((report: SwitchReport) => void)[] = [];
  #isStopping = false;
  #fail: (error: MeshSimError) => void = () => undefined;

  constructor(options: SwitchProcessOptions) {
    const { entry, compileCacheFolder, simId, plan, origin, capture, portNames = [] } = options;
    this.#options = options;
    this.#tokens = Array.from({ length: plan.params.nodes }, newToken);
    this.#child = fork(entry, [], {
      execArgv: [],
      serialization: 'advanced',
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...nodeProgramEnv(compileCacheFolder),
        ...(simId === undefined ? {} : markOfRun(simId)),
      },
    });
    this.comesFirst = this.pid !== 0 && comesFirst(this.pid);
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.#failed = this.#watch();
    this.#port = Promise.race([
      new Promise<number>((resolve) => (this.#listening = resolve)),
      this.#failed,
    ]);
    // Whoever asks hears of a failure; nobody may have asked yet.
    this.#failed.catch(() => undefined);
    this.#port.catch(() => undefined);
    this.#child.on('message', (message: SwitchMessage) => this.#hear(message));
    this.#tell({ type: 'begin', plan, tokens: this.#tokens, origin, portNames, capture });
  }

  /** What lets that node in, and no other: a host knows those of its own nodes alone. */
  tokenOf(index: number): string {
    return this.#tokens[index] ?? '';
  }

  /** 0: it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The loopback port agents dial. */
  listening(): Promise<number> {
    return this.#port;
  }

  send(command: SwitchCommand): void {
    this.#tell(command);
  }

  /**
   * Counts, quantiles and the decisions' digest; all that was seen before has been handed to `onPackets` and `onTraffic`.
   * @throws MeshSimError what `onFailure` is told
   */
  report(): Promise<SwitchReport> {
    const told = new Promise<SwitchReport>((resolve) => this.#reports.push(resolve));
    this.send({ type: 'report' });
    return Promise.race([told, this.#failed]);
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #tell(message: SwitchData | SwitchCommand): void {
    // What is said to one that has just ended is lost with it; `onFailure` tells of its end.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #hear(message: SwitchMessage): void {
    const { onPackets, onTraffic, onCaptured, onRefusal } = this.#options;
    if (message.type === 'listening') this.#listening(message.port);
    else if (message.type === 'packets') onPackets(message.packets);
    else if (message.type === 'captured') onCaptured?.(message.captured);
    else if (message.type === 'seen') message.events.forEach((event) => onTraffic?.(event));
    else if (message.type === 'refusal') onRefusal?.(message.news);
    else if (message.type === 'broken') {
      this.#fail(new MeshSimError(message.code, message.sentence));
    } else this.#reports.shift()?.(message.report);
  }

  /** Rejects when it ends, or says that it cannot go on, without having been stopped. */
  #watch(): Promise<never> {
    const lastWords = new LastWords();
    this.#child.stderr?.on('data', (bytes: Buffer) => lastWords.push(bytes));
    return new Promise((_, reject) => {
      this.#fail = (error) => {
        if (this.#isStopping) return;
        this.#isStopping = true;
        reject(error);
        this.#options.onFailure(error);
      };
      this.#child.once('error', (cause) => {
        this.#fail(machineFault(cause) ?? stoppedEarly(messageOf(cause), cause));
      });
      this.#child.once('close', (code, signal) => {
        this.#fail(
          signal === 'SIGABRT'
            ? starved('aborted', lastWords.toString())
            : stoppedEarly(lastWords.endedBy(code, signal)),
        );
      });
    });
  }
}

function stoppedEarly(how: string, cause?: unknown): MeshSimError {
  const text = `The network emulator ${how}, and without it there is no run: run again, and report this if it happens again.`;
  return new MeshSimError('emulator-failed', text, { cause });
}

function newToken(): string {
  return randomBytes(24).toString('hex');
}
