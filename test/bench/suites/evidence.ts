import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeCapsim } from '../../../src/evidence/capsim.ts';
import { sealRun } from '../../../src/evidence/seal.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import { publicKeyPem } from '../../../src/signing/publicKey.ts';
import { observationOf } from '../../support/observation.ts';
import {
  CAPSULE_HASH,
  CAPSULE_KEY,
  capsimWorld,
  LOG_KEY,
  packEnvelopeBy,
} from '../../support/sealedRun.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { costOf, interleave, spreadOf } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

const NODES = 10;
/** A small child process starts some 30 ms after it was asked for; several in a row make a round. */
const STARTS = 5;

async function started(args: readonly string[]): Promise<void> {
  for (let i = 0; i < STARTS; i += 1) {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code ?? 'a signal'}`);
  }
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { scratch, quick, meter, dist } = context;
  const world = capsimWorld({ nodes: NODES });
  const observation = observationOf({ nodes: NODES, capsuleHash: CAPSULE_HASH });
  const input = {
    observation,
    capsuleHash: CAPSULE_HASH,
    packEnvelope: packEnvelopeBy(CAPSULE_KEY),
    key: CAPSULE_KEY,
  };
  const trust = { trustedKeys: [CAPSULE_KEY], logKeys: [LOG_KEY] };
  if (verifyCapsim(world.bytes, trust).verdict !== 'verified') {
    throw new Error('The sample evidence does not verify.');
  }
  const file = path.join(scratch, 'sample.capsim');
  const keyFile = path.join(scratch, 'capsule.pem');
  await writeFile(file, world.bytes);
  await writeFile(keyFile, publicKeyPem(CAPSULE_KEY.publicKey));

  const ops = quick ? 10 : 60;
  const times = (action: () => unknown) => () =>
    costOf(() => {
      for (let i = 0; i < ops; i += 1) action();
    });
  const inProcess = await interleave(
    {
      seal: times(() => writeCapsim(sealRun(input).envelope, world.proof)),
      verify: times(() => verifyCapsim(world.bytes, trust)),
      parse: times(() => JSON.parse(Buffer.from(world.bytes).toString('utf8')) as unknown),
    },
    { rounds: roundsOf(context), meter, warmUps: 2 },
  );
  const verifySim = path.join(dist, 'verifySim.cjs');
  const cold = await interleave(
    {
      product: () => costOf(() => started([verifySim, '--file', file, '--key', keyFile])),
      empty: () => costOf(() => started(['-e', '0'])),
    },
    { rounds: roundsOf(context), meter },
  );
  return [
    {
      name: `seal a run of ${NODES} nodes and write its .capsim`,
      unit: 'ms',
      spread: spreadOf(inProcess, ({ seal }) => seal.wallMs / ops),
      note: `${Math.round(world.bytes.length / 1024)} KiB; two signatures, and the verifier's own checks before signing`,
    },
    {
      name: 'verify it in a running process',
      unit: 'ms',
      spread: spreadOf(inProcess, ({ verify }) => verify.wallMs / ops),
    },
    {
      name: 'verify against JSON.parse of the same file',
      unit: '×',
      spread: spreadOf(inProcess, ({ verify, parse }) => verify.wallMs / parse.wallMs),
    },
    {
      name: 'oai-verify-sim, from start to exit code',
      unit: 'ms',
      spread: spreadOf(cold, ({ product }) => product.wallMs / STARTS),
      target: atMost(150),
    },
    {
      name: 'oai-verify-sim against node -e 0',
      unit: '×',
      spread: spreadOf(cold, ({ product, empty }) => product.wallMs / empty.wallMs),
      note: 'the rest is what Node itself needs to start',
    },
  ];
}

export const suite: Suite = { title: 'seal and verify', run };
