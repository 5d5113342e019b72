import { fingerprint } from '../../../src/signing/publicKey.ts';
import {
  OTHER_HASH,
  OTHER_RUN,
  altered,
  declares,
  indicator,
  objective,
  stranger,
  testCases,
  type Case,
} from '../../support/gateCases.ts';
import { ENDED_MS, rehearsal } from '../../support/gateWorld.ts';
import { CAPSULE_KEY, keyNumber } from '../../support/sealedRun.ts';

const CASES: readonly Case[] = [
  // Whether it is genuine
  {
    name: 'a file that is not there',
    input: () => ({ evidence: undefined }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'an object that is not there',
    input: () => ({ evidence: { problem: 'object 3f9a is missing.' } }),
    failed: ['evidence-recorded', 'evidence-genuine'],
  },
  {
    name: 'an empty file',
    input: () => ({ evidence: { bytes: new Uint8Array() } }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'garbage',
    input: () => ({ evidence: { bytes: Buffer.from('{"a":1}') } }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'a file with its first byte altered',
    input: ({ evidence }) => ({ evidence: { bytes: altered(evidence?.bytes, () => 0) } }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'a file with its last byte altered',
    input: ({ evidence }) => ({
      evidence: { bytes: altered(evidence?.bytes, (length) => length - 1) },
    }),
    failed: ['evidence-genuine'],
  },
  {
    name: 'a file cut off',
    input: ({ evidence }) => ({
      evidence: { bytes: (evidence?.bytes ?? new Uint8Array()).slice(0, -1) },
    }),
    failed: ['evidence-genuine'],
  },
  {
    name: "another run's genuine file in its place",
    input: () => ({ evidence: { bytes: rehearsal({ simId: OTHER_RUN }).bytes } }),
    failed: ['evidence-recorded', 'same-capsule'],
  },
  {
    name: 'the same run sealed anew with other words',
    input: () => ({ evidence: { bytes: rehearsal({ nodes: 5 }).bytes } }),
    failed: ['evidence-recorded'],
  },
  {
    name: 'evidence of another ledger',
    run: { logKey: keyNumber(6) },
    failed: ['evidence-genuine'],
  },
  {
    name: 'evidence of another Capsule',
    run: { capsuleHash: OTHER_HASH },
    failed: ['same-capsule'],
  },

  // Who signed
  {
    name: 'a signer nobody trusts',
    run: { key: stranger },
    failed: ['signer-trusted', 'signer-allowed'],
  },
  {
    name: 'a signer whose line was removed since',
    input: () => ({ trustedKeys: [] }),
    failed: ['capsule-signed', 'signer-trusted'],
  },
  {
    name: 'a signer whose line had ended before the ledger took it in',
    input: () => ({ trustedKeys: [{ ...CAPSULE_KEY, validBefore: 0 }] }),
    failed: ['capsule-signed', 'signer-trusted'],
  },
  {
    name: 'a signer whose line has ended since',
    input: () => ({ trustedKeys: [{ ...CAPSULE_KEY, validBefore: ENDED_MS }] }),
    failed: [],
  },
  {
    name: "a trusted colleague's evidence, where only one's own counts",
    run: { key: stranger },
    input: ({ trustedKeys }) => ({ trustedKeys: [...trustedKeys, stranger] }),
    failed: ['signer-allowed'],
  },
  {
    name: "a trusted colleague's evidence, where anybody trusted counts",
    run: { key: stranger },
    input: ({ trustedKeys }) => ({ trustedKeys: [...trustedKeys, stranger] }),
    gate: { trustedSigners: ['any'] },
    failed: [],
  },
  {
    name: "a trusted colleague's evidence, where that key is named",
    run: { key: stranger },
    input: ({ trustedKeys }) => ({ trustedKeys: [...trustedKeys, stranger] }),
    gate: { trustedSigners: [fingerprint(stranger.publicKey)] },
    failed: [],
  },
  {
    name: 'a named key that is not, or no longer, trusted',
    run: { key: stranger },
    gate: { trustedSigners: [fingerprint(stranger.publicKey)] },
    failed: ['signer-trusted'],
  },
  {
    name: "one's own evidence, where only another key is named",
    gate: { trustedSigners: [fingerprint(stranger.publicKey)] },
    failed: ['signer-allowed'],
  },
  {
    name: 'a stranger, where anybody trusted counts',
    run: { key: stranger },
    gate: { trustedSigners: ['any'] },
    failed: ['signer-trusted'],
  },

  // Objectives
  {
    name: 'an objective that was missed',
    run: { indicators: [indicator('gateway: bookings are quick', false)] },
    failed: ['objectives'],
  },
  {
    name: 'an objective that was missed, where they are ignored',
    run: { indicators: [indicator('gateway: bookings are quick', false)] },
    gate: { objectives: 'ignore' },
    failed: [],
  },
  { name: 'an objective that was not measured', input: declares, failed: [] },
  {
    name: 'an objective that was not measured, where all must be',
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'every objective measured and held, where all must be',
    run: { indicators: [indicator('gateway: bookings are quick', true)] },
    input: declares,
    gate: { objectives: 'met' },
    failed: [],
  },
  {
    name: 'the objective of another service of the same name, where all must be measured',
    run: { indicators: [indicator('orders: bookings are quick', true)] },
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'an objective measured against an easier threshold, where all must be',
    run: { indicators: [{ ...indicator('gateway: bookings are quick', true), threshold: 500 }] },
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'an objective measured by calls that is to be measured by probes, where all must be',
    run: {
      indicators: [{ ...indicator('gateway: bookings are quick', true), measuredBy: 'calls' }],
    },
    input: declares,
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'an objective measured as it is to be, where all must be',
    run: {
      indicators: [{ ...indicator('gateway: bookings are quick', true), measuredBy: 'probes' }],
    },
    input: declares,
    gate: { objectives: 'met' },
    failed: [],
  },
  {
    name: 'evidence that does not say how it measured an objective that asks for one way, where all must be',
    run: { indicators: [indicator('gateway: bookings are quick', true)] },
    input: (good) => {
      const { pack } = declares(good);
      const asking = { ...objective, measuredBy: 'probes' as const };
      const objectives = [{ service: 'gateway', objective: asking, measuredBy: 'probes' as const }];
      return { pack: { ...pack, objectives } };
    },
    gate: { objectives: 'met' },
    failed: ['objectives'],
  },
  {
    name: 'one objective held and another missed',
    run: { indicators: [indicator('web: a', true), indicator('web: b', false)] },
    failed: ['objectives'],
  },
];

describe('the gate of production', () => testCases(CASES));
