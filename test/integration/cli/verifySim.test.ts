import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { allowedSignersLine, publicKeyPem } from '../../../src/signing/publicKey.ts';
import { createCommandLine } from '../../support/commandLine.ts';
import type { CommandOutcome } from '../../support/commandLine.ts';
import {
  CAPSULE_BYTES,
  CAPSULE_KEY,
  LOG_KEY,
  capsimWorld,
  keyNumber,
} from '../../support/sealedRun.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

interface World {
  readonly folder: string;
  readonly configFolder: string;
  readonly verify: (...args: string[]) => Promise<CommandOutcome>;
}

/** A folder with a genuine run.capsim, capsule.json and public keys; nobody is trusted yet. */
function withWorld(work: (world: World) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const commands = await createCommandLine();
    await writeFile(path.join(folder, 'run.capsim'), capsimWorld().bytes);
    await writeFile(path.join(folder, 'capsule.json'), CAPSULE_BYTES);
    await writeFile(path.join(folder, 'pub.pem'), publicKeyPem(CAPSULE_KEY.publicKey));
    await writeFile(path.join(folder, 'log.pem'), publicKeyPem(LOG_KEY.publicKey));
    await writeFile(path.join(folder, 'other.pem'), publicKeyPem(keyNumber(5).publicKey));
    await work({
      folder,
      configFolder: commands.configFolder,
      verify: (...args) => commands.verifySim(args, folder),
    });
  });
}

describe('oai-verify-sim', () => {
  it('verifies a genuine file with a given key', () =>
    withWorld(async ({ verify }) => {
      const { exitCode, stdout, stderr } = await verify('--file', 'run.capsim', '--key', 'pub.pem');
      assert.equal(exitCode, 0, stdout + stderr);
      assert.match(stdout, /VERIFIED/);
      assert.match(stdout, /outcome {4}PASS/);
      assert.equal(stderr, '');
    }));

  it('trusts the signers of the config folder, and the log key for checkpoints only', () =>
    withWorld(async ({ verify, configFolder }) => {
      await mkdir(configFolder, { recursive: true });
      const signers = path.join(configFolder, 'allowed_signers');
      await writeFile(
        signers,
        `${allowedSignersLine(CAPSULE_KEY.publicKey, 'me', 'mesh-sim-ledger')}\n`,
      );
      assert.equal((await verify('--file', 'run.capsim')).exitCode, 3);
      await writeFile(signers, `${allowedSignersLine(CAPSULE_KEY.publicKey, 'me')}\n`);
      assert.equal((await verify('--file', 'run.capsim')).exitCode, 0);
    }));

  it('says how to pin a signer it does not know', () =>
    withWorld(async ({ folder, verify }) => {
      const { exitCode, stdout } = await verify('--file', 'run.capsim');
      assert.equal(exitCode, 3);
      assert.ok(stdout.includes(CAPSULE_KEY.keyid));
      const line = stdout.split('\n').find((text) => text.includes('ssh-ed25519')) ?? '';
      await writeFile(path.join(folder, 'signers'), `${line.trim()}\n`);
      const pinned = await verify('--file', 'run.capsim', '--allowed-signers', 'signers');
      assert.equal(pinned.exitCode, 0);
    }));

  it('trusts nobody but the key it is given', () =>
    withWorld(async ({ verify }) => {
      assert.equal((await verify('--file', 'run.capsim', '--key', 'other.pem')).exitCode, 3);
    }));

  it('checks the Capsule, the log key and the policy', () =>
    withWorld(async ({ folder, verify }) => {
      const judge = (...args: string[]) => verify('run.capsim', '--key', 'pub.pem', ...args);
      assert.equal((await judge('--capsule', 'capsule.json', '--log-key', 'log.pem')).exitCode, 0);
      await writeFile(path.join(folder, 'other.json'), '{}');
      assert.equal((await judge('--capsule', 'other.json')).exitCode, 1);
      assert.equal((await judge('--log-key', 'other.pem')).exitCode, 1);
      assert.equal((await judge('--min-nodes', '3', '--max-age', '5000w')).exitCode, 0);
      assert.equal((await judge('--min-nodes', '4')).exitCode, 4);
      assert.equal((await judge('--require-chaos')).exitCode, 4);
      assert.equal((await judge('--require-isolation', 'any')).exitCode, 0);
      assert.equal((await judge('--require-isolation', 'full')).exitCode, 0);
      await writeFile(path.join(folder, 'shared.capsim'), capsimWorld({ shared: true }).bytes);
      const shared = (wanted: string) =>
        verify('shared.capsim', '--key', 'pub.pem', '--require-isolation', wanted);
      assert.equal((await shared('network')).exitCode, 0);
      assert.equal((await shared('full')).exitCode, 4);
      assert.equal((await judge('--require-isolation', 'most')).exitCode, 2);
      assert.equal((await judge('--require-hosts', 'kinds=local,platform=linux/x64')).exitCode, 0);
      assert.equal((await judge('--require-hosts', '1')).exitCode, 4);
      assert.equal((await judge('--require-hosts', 'none')).exitCode, 2);
      assert.equal((await judge('--max-age', '0m')).exitCode, 4);
    }));

  it('prints the very statement, the result, or JSON, and nothing else', () =>
    withWorld(async ({ verify }) => {
      const { sealed } = capsimWorld();
      const print = (...args: string[]) => verify('run.capsim', '--key', 'pub.pem', ...args);
      const statement = await print('--print', 'statement');
      assert.equal(statement.stdout, Buffer.from(sealed.statementBytes).toString());
      const result = await print('--print', 'result');
      assert.equal(result.stdout, Buffer.from(sealed.resultBytes).toString());
      const report = JSON.parse((await print('--json')).stdout) as Record<string, unknown>;
      assert.deepEqual([report.verdict, report.exitCode], ['verified', 0]);
      assert.deepEqual(report.result, JSON.parse(Buffer.from(sealed.resultBytes).toString()));
    }));

  it('prints nothing of an invalid file to stdout when asked for its result', () =>
    withWorld(async ({ folder, verify }) => {
      const file = path.join(folder, 'run.capsim');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/"logIndex":"[1-9]\d*"/, '"logIndex":"0"'));
      const { exitCode, stdout, stderr } = await verify(
        'run.capsim',
        '--key',
        'pub.pem',
        '--print',
        'result',
      );
      assert.deepEqual([exitCode, stdout], [1, '']);
      assert.match(stderr, /INVALID/);
    }));

  const BAD_FILES: readonly [string, Uint8Array, RegExp][] = [
    ['empty', new Uint8Array(), /empty/],
    ['truncated', capsimWorld().bytes.slice(0, 5000), /not JSON/],
    ['binary', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0xff), /UTF-8/],
    ['huge', new Uint8Array(9 * 1024 * 1024), /at most 8388608/],
    ['hostile to terminals', Buffer.from('{"\\u001b[31m":1}'), /./],
  ];
  for (const [name, content, pattern] of BAD_FILES) {
    it(`calls a file invalid that is ${name}, in one sentence`, () =>
      withWorld(async ({ folder, verify }) => {
        await writeFile(path.join(folder, 'bad.capsim'), content);
        const { exitCode, stdout, stderr } = await verify('--file', 'bad.capsim');
        assert.equal(exitCode, 1);
        assert.match(stdout, pattern);
        assert.doesNotMatch(stdout + stderr, /\u001b|node:internal|\.ts:/);
        assert.equal(stdout.match(/^INVALID {2}.*$/gm)?.length, 1);
      }));
  }

  const BAD_CALLS: readonly [string, string[], RegExp][] = [
    ['no file', [], /Which file/],
    [
      'a missing file',
      ['--file', 'nothing.capsim'],
      /nothing\.capsim cannot be read: there is no such file/,
    ],
    ['a folder', ['--file', '.'], /it is a folder/],
    ['two files by name', ['--file', 'other.capsim', '-f', 'run.capsim'], /--file is given twice/],
    ['two files', ['run.capsim', 'other.capsim'], /One file/],
    ['an unknown option', ['--file', 'run.capsim', '--trust-me'], /--trust-me/],
    ['a bad duration', ['run.capsim', '--max-age', 'soon'], /7d/],
    ['a bad count', ['run.capsim', '--min-nodes', '-1'], /min-nodes/],
    ['a bad --print', ['run.capsim', '--print', 'all'], /result, statement, summary/],
    ['a missing key', ['run.capsim', '--key', 'none.pem'], /none\.pem/],
    [
      'a key that is none',
      ['run.capsim', '--key', 'capsule.json'],
      /capsule\.json is not a public key/,
    ],
    ['missing signers', ['run.capsim', '--allowed-signers', 'none'], /none cannot be read/],
  ];
  for (const [name, args, pattern] of BAD_CALLS) {
    it(`exits 2 with one sentence for ${name}`, () =>
      withWorld(async ({ verify }) => {
        const { exitCode, stdout, stderr } = await verify(...args);
        assert.deepEqual([exitCode, stdout], [2, '']);
        assert.match(stderr, pattern);
        assert.equal(stderr.trimEnd().split('\n').length, 1);
      }));
  }

  it('explains itself', () =>
    withWorld(async ({ verify }) => {
      const { exitCode, stdout } = await verify('--help');
      assert.equal(exitCode, 0);
      for (const option of ['--key', '--capsule', '--max-age', '--print', 'Exit code']) {
        assert.ok(stdout.includes(option), option);
      }
      assert.match((await verify('--version')).stdout, /^\d+\.\d+\.\d+/);
    }));
});
