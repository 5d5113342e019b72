import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { altered, alteredManifest } from '../../../src/agent/byzantine.ts';
import { ChunkShelf } from '../../../src/agent/chunkShelf.ts';
import { ManifestCheck, type ManifestVerdict } from '../../../src/agent/manifestCheck.ts';
import {
  decodeManifestPayload,
  encodeManifestPayload,
} from '../../../src/agent/manifestPayload.ts';
import { signPack } from '../../../src/capsule/packStatement.ts';
import { capsuleFrom } from '../../../src/capsule/load.ts';
import { CAPSULE_SCHEMA, type Capsule } from '../../../src/model/capsule.ts';
import { canonicalBytes } from '../../../src/signing/canonicalJson.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { signingKeyOf } from '../../../src/signing/keys.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const KEY = signingKeyOf(new Uint8Array(32).fill(1));
const OTHER_KEY = signingKeyOf(new Uint8Array(32).fill(2));

function capsule(name: string): Capsule {
  const digest = sha256Hex(Buffer.from(name));
  const manifest = {
    schema: CAPSULE_SCHEMA,
    name,
    chunker: { name: 'fastcdc-v1', minBytes: 1, averageBytes: 2, maxBytes: 10 },
    services: [
      {
        name: 'web',
        repo: '.',
        path: 'web',
        commit: '0'.repeat(40),
        tree: '0'.repeat(40),
        start: ['node'],
        env: {},
        secrets: [],
        ports: {},
        health: { command: ['true'], intervalMs: 10, timeoutMs: 10, deadlineMs: 100 },
        dependsOn: [],
        objectives: [],
        archive: { digest, size: 4 },
        chunks: [{ digest, size: 4 }],
      },
    ],
  };
  return capsuleFrom(canonicalBytes(manifest));
}

function payloadOf(of: Capsule, about = of, key = KEY): Buffer {
  const envelope = signPack(about, undefined, key);
  return encodeManifestPayload({ bytes: of.bytes, envelope });
}

function check(payload: Buffer, verify = true): ManifestVerdict {
  const trust = { publicKey: KEY.publicKey, capsuleHash: capsule('a').capsuleHash, verify };
  return new ManifestCheck(trust).payload(payload);
}

function sentence(verdict: ManifestVerdict): string {
  return verdict.intact ? 'accepted' : verdict.sentence;
}

describe('agent: manifests that neighbours send', () => {
  it('accepts the Capsule that the pinned key signed', () => {
    const verdict = check(payloadOf(capsule('a')));
    assert.equal(verdict.intact && verdict.capsule.capsuleHash, capsule('a').capsuleHash);
  });

  it('refuses a manifest under a statement about another Capsule', () => {
    assert.match(sentence(check(payloadOf(capsule('b'), capsule('a')))), /signature mismatch/);
  });

  it('refuses a statement that another key signed', () => {
    assert.notEqual(sentence(check(payloadOf(capsule('a'), capsule('a'), OTHER_KEY))), 'accepted');
  });

  it('refuses a Capsule that is signed but is not the one of this rehearsal', () => {
    assert.match(
      sentence(check(payloadOf(capsule('b')))),
      /is signed, but this rehearsal is about/,
    );
  });

  it('refuses every single altered byte', () => {
    const payload = payloadOf(capsule('a'));
    for (let at = 0; at < payload.length; at += 7) {
      const copy = Buffer.from(payload);
      copy[at] = (copy[at] ?? 0) ^ 1;
      assert.notEqual(sentence(check(copy)), 'accepted', `byte ${at}`);
    }
  });

  it('refuses bytes that are no manifest, verified or not', () => {
    for (const bytes of ['', 'abc', '\xff\xff\xff\xff{}']) {
      assert.equal(check(Buffer.from(bytes, 'latin1'), false).intact, false);
    }
  });

  it('lets an unsigned manifest in only when verification is off', () => {
    assert.equal(check(payloadOf(capsule('b'), capsule('a')), false).intact, true);
  });

  it('sees what a byzantine node does to a manifest, which stays readable', () => {
    const bad = Buffer.from(alteredManifest(payloadOf(capsule('a'))));
    assert.ok(decodeManifestPayload(bad) !== null);
    assert.match(sentence(check(bad)), /signature mismatch/);
  });
});

describe('agent: the chunks on its disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps after a restart what holds what its name says, and deletes the rest', () => {
    const good = Buffer.from('good');
    const bad = Buffer.from('bad');
    const before = new ChunkShelf(folder);
    before.put(sha256Hex(good), good);
    before.put(sha256Hex(bad), bad);
    writeFileSync(path.join(folder, sha256Hex(bad)), altered(bad));
    writeFileSync(path.join(folder, 'half.tmp'), 'torn');
    const after = new ChunkShelf(folder);
    assert.deepEqual([...after.recover()], [sha256Hex(good)]);
    assert.equal(existsSync(path.join(folder, sha256Hex(bad))), false);
    assert.equal(existsSync(path.join(folder, 'half.tmp')), false);
    assert.deepEqual(Buffer.from(after.read(sha256Hex(good))), good);
  });
});
