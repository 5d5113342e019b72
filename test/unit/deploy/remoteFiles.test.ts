import assert from 'node:assert/strict';
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { foldersOf, type SignedFile } from '../../../src/deploy/signedFiles.ts';
import { alteredIn, compareList, compareScript } from '../../../src/deploy/targets/remoteFiles.ts';
import { shellWord } from '../../../src/base/shellWord.ts';
import { sha256Hex } from '../../../src/signing/digest.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

/** Names a shell could stumble over, as far as a Capsule may have them. */
const NAMES = ['plain', 'with space', " it's $(id) `id`", '-n', 'ünïcode', 'a #b', 'in [x]/deep'];
const CONTENT = 'signed';
const SIGNED = sha256Hex(Buffer.from(CONTENT));

const suite = process.platform === 'win32' ? describe.skip : describe;
suite('the shell script that compares a release', () => {
  let folder: string;
  let release: string;
  let files: SignedFile[];

  beforeEach(async () => {
    folder = await temporaryFolder();
    release = path.join(folder, "re'lease");
    files = NAMES.map((name) => ({ path: `svc/${name}`, kind: 'file', content: SIGNED }));
    files.push({ path: 'svc/tool', kind: 'executable', content: SIGNED });
    files.push({ path: 'svc/link', kind: 'link', content: ' plain ' });
    for (const name of ['', ...foldersOf(files)]) await mkdir(at(name), { recursive: true });
    for (const { path: name, kind, content } of files) {
      if (kind === 'link') await symlink(content, at(name));
      else await writeFile(at(name), CONTENT, { mode: kind === 'file' ? 0o644 : 0o755 });
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const at = (name: string): string => path.join(release, name);

  async function compare(PATH = process.env.PATH, list = files) {
    const { stdout, stderr, exitCode } = await execa(
      '/bin/sh',
      ['-c', compareScript(shellWord(release))],
      { input: compareList(list), env: { PATH }, extendEnv: false, reject: false },
    );
    return { altered: alteredIn(stdout.split('\n'), list), stderr, exitCode };
  }

  it('finds nothing where all is as signed and more is there', async () => {
    await writeFile(at('svc/built'), 'more');
    assert.deepEqual((await compare()).altered, []);
  });

  it('finds every content that differs, whatever its name', async () => {
    for (const name of NAMES) await writeFile(at(`svc/${name}`), 'other');
    assert.deepEqual(
      (await compare()).altered,
      NAMES.map((name) => `svc/${name}`),
    );
  });

  const alterations: Record<string, readonly [alter: () => Promise<unknown>, path: string]> = {
    'a missing file': [() => rm(at('svc/plain')), 'svc/plain'],
    'a file that may be executed': [() => chmod(at('svc/plain'), 0o755), 'svc/plain'],
    'a tool that may not': [() => chmod(at('svc/tool'), 0o644), 'svc/tool'],
    'a link that leads elsewhere': [
      async () => {
        await rm(at('svc/link'));
        await symlink('plain', at('svc/link'));
      },
      'svc/link',
    ],
    'a link in the place of a folder': [
      async () => {
        await rename(at('svc/in [x]'), at('real'));
        await symlink('../real', at('svc/in [x]'));
      },
      'svc/in [x]',
    ],
    'a link in the place of the release': [
      async () => {
        await rename(release, path.join(folder, 'real'));
        await symlink('real', release);
      },
      'its whole folder',
    ],
    'no release': [() => rm(release, { recursive: true }), 'its whole folder'],
  };
  for (const [what, [alter, told]] of Object.entries(alterations)) {
    it(`finds ${what}`, async () => {
      await alter();
      assert.deepEqual((await compare()).altered, [told]);
    });
  }

  it('says that it cannot compare where no tool for it is there', async () => {
    const bin = await binOf({});
    const { exitCode, stderr } = await compare(bin);
    assert.equal(exitCode, 1);
    assert.match(stderr, /neither sha256sum nor shasum is there/);
  });

  it('takes a tool that fails or stays silent for no comparison', async () => {
    for (const tool of [
      'exit 0',
      'cat >/dev/null',
      'exit 1',
      'kill -9 $$',
      'echo "svc/plain: OK"',
    ]) {
      const { altered } = await compare(await binOf({ sha256sum: tool }));
      assert.equal(altered, undefined, tool);
    }
  });

  it('takes an answer without its end, or one of other files, for no comparison', () => {
    assert.equal(alteredIn(['altered:svc/plain'], files), undefined);
    assert.equal(alteredIn(['welcome', 'compared:3:3'], files), undefined);
  });

  it('does not depend on how many lines are kept', async () => {
    const many = Array.from({ length: 1_000 }, (_, index): SignedFile => {
      return { path: `svc/missing ${index}`, kind: 'file', content: SIGNED };
    });
    const script = compareScript(shellWord(release));
    const input = compareList([...files, ...many]);
    const { stdout } = await execa('/bin/sh', ['-c', script], { input });
    const kept = stdout.split('\n').slice(-200);
    assert.ok((alteredIn(kept, [...files, ...many]) ?? []).length > 100);
    assert.equal(alteredIn(kept.slice(-1), [...files, ...many]), undefined);
  });

  /** A PATH with what the script needs beside the tool, and with these. */
  async function binOf(scripts: Readonly<Record<string, string>>): Promise<string> {
    const bin = path.join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    for (const name of ['readlink', 'cat']) {
      const { stdout } = await execa('/bin/sh', ['-c', `command -v ${name}`]);
      await symlink(stdout, path.join(bin, name)).catch(() => undefined);
    }
    for (const [name, body] of Object.entries(scripts)) {
      await writeFile(path.join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    }
    return bin;
  }
});
