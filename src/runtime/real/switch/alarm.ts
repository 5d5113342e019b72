import { Worker, type MessagePort } from 'node:worker_threads';
import { systemClock } from '../../../base/clock.ts';

/** Layout of the memory both threads see: one Int32 that changes with every new deadline, one Float64 that is it. */
const SEQUENCE = 0;
const DEADLINE_BYTE = 8;
const SHARED_BYTES = 16;

/** A wait without a deadline is cut into pieces of this length; it only bounds how long a lost wake-up could last. */
const IDLE_WAIT_MS = 1_000;

export interface AlarmThreadData {
  readonly shared: SharedArrayBuffer;
}

/**
 * Wakes the emulator at a deadline. A timer of the event loop may fire early and up to milliseconds late; a thread that
 * sleeps in Atomics.wait until the deadline and then posts a message is late by 0.1–0.2 ms and never early.
 */
export class Alarm {
  readonly #worker: Worker;
  readonly #sequence: Int32Array;
  readonly #deadline: Float64Array;
  #armed = Infinity;

  /** `entry` is the file that calls `runAlarmThread` where it is loaded as a worker. */
  constructor(entry: string, onAlarm: () => void) {
    const shared = new SharedArrayBuffer(SHARED_BYTES);
    this.#sequence = new Int32Array(shared, 0, 2);
    this.#deadline = new Float64Array(shared, DEADLINE_BYTE, 1);
    this.#deadline[0] = Infinity;
    const workerData: AlarmThreadData = { shared };
    this.#worker = new Worker(entry, { workerData });
    this.#worker.on('message', () => {
      this.#armed = Infinity;
      onAlarm();
    });
  }

  /** Moves the alarm to `deadline` (monotonic ms) unless it is already set for then or earlier. */
  arm(deadline: number): void {
    if (deadline >= this.#armed) return;
    this.#armed = deadline;
    this.#deadline[0] = deadline;
    Atomics.add(this.#sequence, SEQUENCE, 1);
    Atomics.notify(this.#sequence, SEQUENCE);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** The alarm thread: sleeps until the deadline, posts one message, and sleeps until it is given another one. */
export function runAlarmThread(shared: SharedArrayBuffer, port: MessagePort): never {
  const sequence = new Int32Array(shared, 0, 2);
  const deadline = new Float64Array(shared, DEADLINE_BYTE, 1);
  let answered = -1;
  for (;;) {
    const seen = Atomics.load(sequence, SEQUENCE);
    // The deadline is written before the sequence is raised: whoever sees the new sequence sees the new deadline.
    const left = (deadline[0] ?? Infinity) - systemClock.monotonic();
    if (seen === answered || left > IDLE_WAIT_MS) {
      Atomics.wait(sequence, SEQUENCE, seen, IDLE_WAIT_MS);
    } else if (left > 0) {
      Atomics.wait(sequence, SEQUENCE, seen, left);
    } else {
      answered = seen;
      port.postMessage(null);
    }
  }
}
