import { NetworkLink } from '../../../src/agent/networkLink.ts';
import { encodeFrame, frameKind, frameSentAt } from '../../../src/wire/frame.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { MESSAGE } from '../../../src/mesh/io.ts';
import { answerWith } from '../childProcess.ts';
import { cpuMs, wallMs } from '../measure.ts';

/** The receiving peer acknowledges as often as the protocol at its most patient, so that the sender can keep a window. */
const ACK_EVERY = 16;
const SENDER = 0;
const RECEIVER = 1;

export type PeerRequest =
  | {
      readonly type: 'join';
      readonly index: number;
      readonly port: number;
      readonly token: string;
      /** Monotonic ms the emulator counts from. */
      readonly origin: number;
    }
  /** As fast as the window lets it; answers when the last frame was acknowledged. */
  | {
      readonly type: 'blast';
      readonly frames: number;
      readonly bytes: number;
      readonly window: number;
    }
  /** At a steady rate; answers `graceMs` after the last frame was sent. */
  | {
      readonly type: 'stream';
      readonly frames: number;
      readonly bytes: number;
      readonly perSecond: number;
      readonly graceMs: number;
    }
  /** What arrived since the last `take`. */
  | { readonly type: 'take' };

export interface PeerAnswer {
  readonly wallMs: number;
  /** CPU time of this process since it was last asked. */
  readonly cpuMs: number;
  /** On `take`: arrival minus sending, in ms, of each frame. */
  readonly delays: readonly number[];
}

let origin = 0;
let link: NetworkLink | undefined;
let received = 0;
let acknowledged = 0;
let onProgress: () => void = () => undefined;
let delays: number[] = [];
let cpuBefore = cpuMs();

function now(): number {
  return systemClock.monotonic() - origin;
}

function frameOf(kind: number, to: number, number: number, payload: Uint8Array | null): Buffer {
  const header = { kind, from: 1 - to, to, a: number, b: 0, c: 0, d: 0, sentAt: now() };
  return encodeFrame(header, null, payload);
}

function onFrame(frame: Buffer): void {
  if (frameKind(frame) === MESSAGE.ack) {
    acknowledged = frame.readUInt32LE(16);
    onProgress();
    return;
  }
  delays.push(now() - frameSentAt(frame));
  received += 1;
  if (received % ACK_EVERY === 0) link?.send(frameOf(MESSAGE.ack, SENDER, received, null));
}

function join(request: Extract<PeerRequest, { type: 'join' }>): Promise<void> {
  origin = request.origin;
  return new Promise((resolve, reject) => {
    const { port, token, index } = request;
    link = new NetworkLink({
      port,
      token,
      index,
      incarnation: 0,
      now,
      onReady: resolve,
      onFrame,
      onClosed: reject,
    });
  });
}

let sent = 0;

function blast({ frames, bytes, window }: Extract<PeerRequest, { type: 'blast' }>): Promise<void> {
  const payload = new Uint8Array(bytes);
  const last = sent + frames;
  return new Promise((resolve) => {
    const fill = () => {
      while (sent < last && sent - acknowledged < window) {
        sent += 1;
        link?.send(frameOf(MESSAGE.chunk, RECEIVER, sent, payload));
      }
      if (acknowledged >= last) resolve();
    };
    onProgress = fill;
    fill();
  });
}

function stream(request: Extract<PeerRequest, { type: 'stream' }>): Promise<void> {
  const { frames, bytes, perSecond, graceMs } = request;
  const payload = new Uint8Array(bytes);
  const start = now();
  let count = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(frames, ((now() - start) * perSecond) / 1000);
      for (; count < due; count += 1) {
        link?.send(frameOf(MESSAGE.chunk, RECEIVER, count, payload));
      }
      if (count < frames) return;
      clearInterval(timer);
      setTimeout(resolve, graceMs);
    }, 1);
  });
}

async function obey(request: PeerRequest): Promise<number[]> {
  if (request.type === 'join') await join(request);
  else if (request.type === 'blast') await blast(request);
  else if (request.type === 'stream') await stream(request);
  else {
    const taken = delays;
    delays = [];
    return taken;
  }
  return [];
}

answerWith(async (request: PeerRequest) => {
  const start = wallMs();
  const taken = await obey(request);
  const cpu = cpuMs();
  const answer = { wallMs: wallMs() - start, cpuMs: cpu - cpuBefore, delays: taken };
  cpuBefore = cpu;
  return answer;
});
