import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { MeshSimError, messageOf } from '../../base/errors.ts';
import { machineFault } from '../../base/machineFault.ts';
import type { PacketBatch } from '../../model/events.ts';
import type { Plan } from '../../model/plan.ts';
import type { RefusalNews } from './switch/refusals.ts';
import type {
  SwitchCommand,
  SwitchMessage,
  SwitchReport,
  SwitchThreadData,
} from './switch/control.ts';
import type { CapturedBlocks } from './switch/packetCapture.ts';
import type { TrafficEvent } from './switch/traffic/trafficMeter.ts';

export interface SwitchThreadOptions {
  /** dist/switch.cjs. */
  readonly entry: string;
  readonly plan: Plan;
  readonly origin: number;
  /** Left out: events name ports by their numbers. */
  readonly portNames?: SwitchThreadData['portNames'];
  readonly onPackets: (packets: PacketBatch) => void;
  /** What services of different nodes said to each other since the last call. */
  readonly onTraffic?: (event: TrafficEvent) => void;
  /** Keeps what services of different nodes say to each other; left out: nothing does. */
  readonly capture?: SwitchThreadData['capture'];
  readonly onCaptured?: (captured: CapturedBlocks) => void;
  readonly onRefusal?: (news: RefusalNews) => void;
  /** The emulator is broken; without it there is no run. */
  readonly onFailure: (error: MeshSimError) => void;
}

/** The orchestrator's side of the emulator's thread. */
export class SwitchThread {
  readonly token = randomBytes(24).toString('hex');
  readonly #worker: Worker;
  readonly #port: Promise<number>;
  #reports: ((report: SwitchReport) => void)[] = [];

  constructor(options: SwitchThreadOptions) {
    const { entry, plan, origin, portNames = [], capture, onTraffic } = options;
    const { token } = this;
    const parts = { plan, token, origin, entry, portNames, capture };
    const workerData: SwitchThreadData = { role: 'switch', ...parts };
    this.#worker = new Worker(entry, { workerData });
    this.#port = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: SwitchMessage) => {
        if (message.type === 'listening') resolve(message.port);
        else if (message.type === 'packets') options.onPackets(message.packets);
        else if (message.type === 'captured') options.onCaptured?.(message.captured);
        else if (message.type === 'seen') message.events.forEach((event) => onTraffic?.(event));
        else if (message.type === 'refusal') options.onRefusal?.(message.news);
        else this.#reports.shift()?.(message.report);
      });
      this.#worker.on('error', (cause) => {
        const stopped = `The network emulator stopped (${messageOf(cause)}): run again, and report this.`;
        const error = machineFault(cause) ?? new MeshSimError('internal', stopped, { cause });
        reject(error);
        options.onFailure(error);
      });
    });
    // Whoever asks for the port hears of a failure; nobody may have asked yet.
    this.#port.catch(() => undefined);
  }

  /** The loopback port agents dial. */
  listening(): Promise<number> {
    return this.#port;
  }

  send(command: SwitchCommand): void {
    this.#worker.postMessage(command);
  }

  /** Counts, quantiles and the decisions' digest; all that was seen before has been handed to `onPackets` and `onTraffic`. */
  report(): Promise<SwitchReport> {
    return new Promise((resolve) => {
      this.#reports.push(resolve);
      this.send({ type: 'report' });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
