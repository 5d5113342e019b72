import { randomBytes, randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { LedgerEntry } from '../../../src/model/ledgerEntry.ts';
import { decisionStatement } from '../../../src/deploy/statements.ts';
import type { Decision } from '../../../src/model/deploy.ts';
import { GATE_DECISION } from '../../../src/model/statementKinds.ts';
import { FiledEntry } from '../../../src/signing/filing.ts';
import { signStatement } from '../../../src/signing/statement.ts';
import { leafBytes } from '../../../src/signing/ledgerLeaf.ts';
import { signingKeyOf } from '../../../src/signing/keys.ts';
import { atMost, type FigureInput } from '../figure.ts';
import { grownLedger } from '../grownLedger.ts';
import { costOf, interleave, spreadOf, type Cost } from '../measure.ts';
import { roundsOf, type BenchContext, type Suite } from '../suite.ts';

/** A tile has 256 places, and an append writes the unfinished one: sizes are compared at the same fill of it. */
const TILE = 256;
const FILL = 100;

function randomEntry(): LedgerEntry {
  const digest = () => randomBytes(32).toString('hex');
  return {
    v: 1,
    kind: 'sim-result',
    at: new Date().toISOString(),
    capsuleHash: digest(),
    body: digest(),
    payload: digest(),
    keyid: `SHA256:${randomBytes(32).toString('base64').replace('=', '')}`,
    publicKey: digest(),
    sig: randomBytes(64).toString('base64'),
    simId: randomUUID(),
    outcome: 'pass',
    resultDigest: digest(),
  };
}

const key = signingKeyOf(randomBytes(32));

/** Rests on nothing, so that a ledger takes any number of them. */
function randomDecision(origin: string): FiledEntry {
  const decision: Decision = {
    environment: 'production',
    capsuleHash: randomBytes(32).toString('hex'),
    decision: 'deny',
    decidedAt: new Date().toISOString(),
    rules: [],
  };
  const statement = decisionStatement(decision, undefined, origin);
  const envelope = signStatement(GATE_DECISION, statement, key);
  const { publicKey } = key;
  return FiledEntry.of('gate-decision', decision.decidedAt, { envelope, publicKey });
}

function ledgerOf(folder: string, size: number): Promise<Ledger> {
  return grownLedger(folder, { key, size, entry: randomEntry });
}

/** The floor: one append of the same bytes to a plain file, flushed as the ledger flushes. */
async function plainAppends(file: string, count: number): Promise<Cost> {
  const entries = Array.from({ length: count }, () => leafBytes(randomEntry()));
  const handle = await open(file, 'a');
  try {
    return await costOf(async () => {
      for (const entry of entries) {
        await handle.write(entry);
        await handle.datasync();
      }
    });
  } finally {
    await handle.close();
  }
}

async function appends(ledger: Ledger, count: number): Promise<Cost> {
  const origin = await ledger.origin();
  const entries = Array.from({ length: count }, () => randomDecision(origin));
  return costOf(async () => {
    for (const entry of entries) await ledger.append(entry);
  });
}

/** Entries that wait for each other, as many as ten nodes and their services may file at once. */
const TOGETHER = 20;

async function appendsTogether(ledger: Ledger): Promise<Cost> {
  const origin = await ledger.origin();
  const entries = Array.from({ length: TOGETHER }, () => randomDecision(origin));
  return costOf(async () => {
    await Promise.all(entries.map((entry) => ledger.append(entry)));
  });
}

async function run(context: BenchContext): Promise<FigureInput[]> {
  const { scratch, quick, meter } = context;
  const rounds = roundsOf(context);
  const perRound = quick ? 6 : 18;
  const folder = (name: string) => path.join(scratch, name);
  const sizes = quick
    ? [FILL, FILL + TILE, FILL + 2 * TILE]
    : [FILL, FILL + 4 * TILE, FILL + 19 * TILE];
  const [small = 0, middle = 0, large = 0] = sizes;
  const ledgers = {
    small: await ledgerOf(folder('small'), small),
    middle: await ledgerOf(folder('middle'), middle),
    large: await ledgerOf(folder('large'), large),
    fresh: await ledgerOf(folder('fresh'), 0),
    together: await ledgerOf(folder('together'), small),
  };
  const measured = await interleave(
    {
      small: () => appends(ledgers.small, perRound),
      middle: () => appends(ledgers.middle, perRound),
      large: () => appends(ledgers.large, perRound),
      fresh: () => appends(ledgers.fresh, perRound),
      together: () => appendsTogether(ledgers.together),
      plain: () => plainAppends(folder('plain'), perRound),
    },
    { rounds, meter, warmUps: 1 },
  );
  const per = (cost: Cost) => cost.wallMs / perRound;
  const at = (name: 'small' | 'middle' | 'large', size: number): FigureInput => ({
    name: `append at ${size} entries`,
    unit: 'ms',
    spread: spreadOf(measured, (results) => per(results[name])),
  });
  return [
    at('small', small),
    at('middle', middle),
    at('large', large),
    {
      name: `append at ${large} against at ${small} entries`,
      unit: '×',
      spread: spreadOf(measured, ({ small, large }) => large.wallMs / small.wallMs),
      target: atMost(1.1),
      note: 'slope 0, within what the disk varies by',
    },
    {
      name: 'slope of an append per 1000 entries',
      unit: 'µs',
      spread: spreadOf(
        measured,
        (results) => ((per(results.large) - per(results.small)) / (large - small)) * 1e6,
      ),
    },
    {
      name: 'append against one fdatasync of the same bytes',
      unit: '×',
      spread: spreadOf(measured, ({ small, plain }) => small.wallMs / plain.wallMs),
      note: 'an append makes two tiles, their names and the checkpoint durable',
    },
    {
      name: `append with a tile filled from ${FILL} on against an empty one`,
      unit: '×',
      spread: spreadOf(measured, ({ small, fresh }) => small.wallMs / fresh.wallMs),
    },
    {
      name: `${TOGETHER} appends at once against one`,
      unit: '×',
      spread: spreadOf(measured, ({ small, together }) => together.wallMs / per(small)),
      target: atMost(2),
      note: 'made durable together',
    },
    {
      name: 'CPU of an append',
      unit: 'ms',
      spread: spreadOf(measured, ({ large }) => large.cpuMs / perRound),
    },
  ];
}

export const suite: Suite = { title: 'ledger append', run };
