import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { keysAllowedFor, readAllowedSignersText } from '../../../src/signing/allowedSigners.ts';
import { momentOf } from '../../../src/signing/sshMoment.ts';
import { isTrustedAt } from '../../../src/signing/trustedKeys.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const NAMESPACES = ['mesh-sim', 'mesh-sim-ledger'] as const;

/** `KEY` stands for the signer's key; lines that hold for "me" only, or for all. */
const LINES = [
  'me KEY',
  '*@example.org,m? KEY',
  '"me" KEY comment',
  'me namespaces="mesh-sim" KEY',
  'me NameSpaces="git,mesh-sim" KEY',
  'me namespaces="mesh-sim-ledger" KEY',
  'me namespaces="mesh-*" KEY',
  'me namespaces="mesh-si?" KEY',
  'me namespaces="*,!mesh-sim" KEY',
  'me namespaces="!mesh-sim" KEY',
  'me namespaces="!mesh-sim-ledger,mesh-*" KEY',
  'me namespaces="" KEY',
  'me namespaces="git" KEY',
  'me namespaces="mesh.sim" KEY',
  'me namespaces="mesh-sim",namespaces="mesh-sim" KEY',
  '!me KEY',
  '*,!me KEY',
  '!me,* KEY',
  '"!me,*" KEY',
  '!you,* KEY',
  'me cert-authority KEY',
  'me cert-authority,namespaces="mesh-sim" KEY',
  'me valid-after="29990101" KEY',
  'me valid-before="20000101" KEY',
  'me valid-after="20260601Z" KEY',
  'me valid-before="20260601Z" KEY',
  'me Valid-After="202606011200",namespaces="mesh-sim" KEY',
  'me valid-before="20260601120001Z",valid-after="20260601120000Z" KEY',
  'me valid-before="20260601Z",valid-after="20260601Z" KEY',
  'me valid-before="20260601Z",valid-after="20260602Z" KEY',
  'me valid-before="20260601Z",valid-before="20270601Z" KEY',
  'me valid-before="20260631Z" KEY',
  'me valid-before="2026060112Z" KEY',
  'me valid-before="2026-06-01" KEY',
  'me valid-before="" KEY',
  'me valid-before=20260601Z KEY',
  'me valid-before="20000101",namespaces="mesh-sim" KEY',
  'me namespaces="mesh-sim",valid-after="29990101" KEY',
  'me no-such-option KEY',
  'me namespaces=mesh-sim KEY',
  '# me KEY',
  '  me KEY',
  'me\tKEY',
  'me, KEY',
  'KEY',
];

/** Around the dates of these lines, in UTC. */
const TIMES = [
  '19990101000000Z',
  ...['20260531235959Z', '20260601000000Z', '20260601120000Z', '20260601120002Z'],
  '20270101000000Z',
];

/** OpenSSH honours what we refuse for a positive match, and takes the 31st of June for the 1st of July; there we may trust less, never more. */
const REFUSED_HERE = [/^!you/, /^me,/, /20260631/];

describe('allowed_signers, as ssh-keygen reads it', function () {
  let folder: string;
  let key: string;
  const signatures = new Map<string, string>();

  before(async function () {
    const present = await execa('ssh-keygen', ['-Y'], { reject: false });
    if (present.code === 'ENOENT') this.skip();
    folder = await temporaryFolder();
    const file = path.join(folder, 'id');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
    key = (await readFile(`${file}.pub`, 'utf8')).trim();
    for (const namespace of NAMESPACES) {
      const message = path.join(folder, namespace);
      await writeFile(message, 'signed');
      await execa('ssh-keygen', ['-q', '-Y', 'sign', '-f', file, '-n', namespace, message]);
      signatures.set(namespace, `${message}.sig`);
    }
  });

  async function isBelievedBySsh(line: string, namespace: string, time: string): Promise<boolean> {
    const file = path.join(folder, 'allowed');
    await writeFile(file, `${line}\n`);
    const args = ['-Y', 'verify', '-f', file, '-I', 'me', '-n', namespace];
    args.push('-O', `verify-time=${time}`);
    const { exitCode } = await execa(
      'ssh-keygen',
      [...args, '-s', signatures.get(namespace) ?? ''],
      { input: 'signed', reject: false },
    );
    return exitCode === 0;
  }

  for (const template of LINES) {
    it(`believes no more of: ${template}`, async () => {
      const line = template.replace('KEY', key);
      const { signers, refused } = readAllowedSignersText(line);
      const asked = template.toLowerCase().includes('valid-')
        ? TIMES.map((time) => ['mesh-sim', time] as const)
        : NAMESPACES.map((one) => [one, TIMES.at(-1) ?? ''] as const);
      for (const [namespace, time] of asked) {
        const keys = keysAllowedFor(signers, namespace);
        const isBelieved = keys.some(({ publicKey }) =>
          isTrustedAt(keys, publicKey, momentOf(time) ?? NaN),
        );
        const expected = await isBelievedBySsh(line, namespace, time);
        if (isBelieved) assert.equal(expected, true, `${namespace} ${time}`);
        // A log key has to be named as one, unlike in OpenSSH.
        const isAny = signers[0]?.namespaces === undefined;
        const mayTrustLess = isAny && namespace === 'mesh-sim-ledger';
        if (expected && !mayTrustLess && !REFUSED_HERE.some((one) => one.test(template))) {
          assert.equal(isBelieved, true, `${namespace} ${time}`);
        }
      }
      for (const { problem } of refused) assert.match(problem, /^(has|is|excludes|ceases) /);
      const isComment = template.startsWith('#');
      assert.equal(signers.length + refused.length, isComment ? 0 : 1, 'read, or refused by name');
    });
  }
});
