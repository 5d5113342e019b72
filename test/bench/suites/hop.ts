import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { NodeContent } from '../../../src/agent/content.ts';
import { ManifestCheck } from '../../../src/agent/manifestCheck.ts';
import { encodeManifestPayload } from '../../../src/agent/manifestPayload.ts';
import { encodeFrame, frameChunk, frameKind, framePayload } from '../../../src/wire/frame.ts';
import { FrameReader } from '../../../src/wire/frameReader.ts';
import { MESSAGE } from '../../../src/mesh/io.ts';
import type { BulkStream } from '../children/bulkSender.ts';
import { BenchChild } from '../childProcess.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { costOf, interleave, spreadOf, type Cost } from '../measure.ts';
import { sampleCapsule, type SampleCapsule } from '../sampleCapsule.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const MIB = 1024 * 1024;
const READ_BUFFER_BYTES = 256 * 1024;

/** What a neighbour sends: the signed manifest, then every chunk, each in its frame. */
function framesOf({ capsule, packEnvelope, chunks }: SampleCapsule): Buffer {
  const header = { from: 0, to: 1, a: 0, b: 0, c: 0, d: 0, sentAt: 0 };
  const payload = encodeManifestPayload({ bytes: capsule.bytes, envelope: packEnvelope });
  return Buffer.concat([
    encodeFrame({ ...header, kind: MESSAGE.manifest }, null, payload),
    ...chunks.map((chunk, b) => encodeFrame({ ...header, kind: MESSAGE.chunk, b }, null, chunk)),
  ]);
}

/** Receives the whole stream as an agent reads its socket: into one buffer that is reused. */
async function receive(port: number, onBytes: (bytes: Buffer) => void): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const socket = net.connect({
    host: '127.0.0.1',
    port,
    onread: {
      buffer,
      callback: (length) => {
        onBytes(buffer.subarray(0, length));
        return true;
      },
    },
  });
  await once(socket, 'close');
}

/** The agent's own intake: the manifest verified, each chunk hashed once. `stores`: and written to the node's disk. */
function intake(sample: SampleCapsule, folder: string, stores: boolean) {
  const trust = {
    publicKey: sample.publicKey,
    capsuleHash: sample.capsule.capsuleHash,
    verify: true,
  };
  const check = new ManifestCheck(trust);
  const content = new NodeContent(folder);
  let intactChunks = 0;
  const reader = new FrameReader(
    (frame) => {
      const payload = framePayload(frame);
      if (frameKind(frame) === MESSAGE.manifest) {
        const verdict = check.payload(payload);
        if (verdict.intact) content.accept(payload, verdict.capsule);
      } else if (content.store(frameChunk(frame), payload, !stores).intact) {
        intactChunks += 1;
      }
    },
    { retain: false },
  );
  return { push: (bytes: Buffer) => reader.push(bytes), intactChunks: () => intactChunks };
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { scratch, quick, meter } = context;
  const size = (quick ? 16 : 64) * MIB;
  const sample = sampleCapsule(size);
  const sender = new BenchChild<BulkStream, number>('bulkSender.ts');
  let nodes = 0;
  try {
    const port = await sender.ask({ bytes: framesOf(sample) });
    const takeIn = async (stores: boolean): Promise<Cost> => {
      const folder = path.join(scratch, `node${(nodes += 1)}`);
      await mkdir(folder);
      return costOf(async () => {
        const { push, intactChunks } = intake(sample, folder, stores);
        await receive(port, push);
        if (intactChunks() !== sample.chunks.length) throw new Error('Chunks were not intact.');
      });
    };
    const measured = await interleave(
      {
        plain: () => costOf(() => receive(port, (bytes) => bytes.length)),
        hashed: () =>
          costOf(async () => {
            const hash = createHash('sha256');
            await receive(port, (bytes) => hash.update(bytes));
            return hash.digest('hex');
          }),
        product: () => takeIn(false),
        stored: () => takeIn(true),
      },
      { rounds: roundsOf(context), meter },
    );
    const perMib = (cost: Cost) => cost.cpuMs / (size / MIB);
    return [
      {
        name: 'intake of an agent against TCP + SHA-256, CPU',
        unit: '×',
        spread: spreadOf(measured, ({ product, hashed }) => product.cpuMs / hashed.cpuMs),
        target: atMost(1.15),
        note: `${size / MIB} MiB in ${sample.chunks.length} chunks: frames, one signature, one hash per chunk`,
      },
      {
        name: 'TCP, not looked at',
        unit: 'CPU-ms per MiB',
        spread: spreadOf(measured, ({ plain }) => perMib(plain)),
      },
      {
        name: 'TCP + SHA-256',
        unit: 'CPU-ms per MiB',
        spread: spreadOf(measured, ({ hashed }) => perMib(hashed)),
      },
      {
        name: 'intake of an agent',
        unit: 'CPU-ms per MiB',
        spread: spreadOf(measured, ({ product }) => perMib(product)),
      },
      {
        name: 'intake of an agent, chunks kept on its disk',
        unit: 'CPU-ms per MiB',
        spread: spreadOf(measured, ({ stored }) => perMib(stored)),
      },
    ];
  } finally {
    await sender.stop();
  }
}

export const suite: Suite = { title: 'verification per hop', run };
