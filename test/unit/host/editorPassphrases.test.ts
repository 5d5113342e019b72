import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { editorPassphrases, type PassphraseDesk } from '../../../src/host/editorPassphrases.ts';
import { Vault } from '../../../src/vault/vault.ts';
import { isMeshSimError } from '../../support/errorCode.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const PASSPHRASE = 'harbour crane tide rope';
const SECRETS = new Map([['API_KEY', 'a value of some length']]);
/** Keys are derived in milliseconds: what protects them is not under test. */
const WORK_FACTOR = 2;

/** A person who gives these answers, one after the other, and what the editor remembers. */
function deskWith(...answers: (string | undefined)[]) {
  const kept = new Map<string, string>();
  const questions: string[] = [];
  const problems: string[] = [];
  const desk: PassphraseDesk = {
    ask: (question, problemOf) => {
      questions.push(question);
      const answer = answers.shift();
      const problem = answer === undefined ? undefined : problemOf?.(answer);
      if (problem !== undefined) problems.push(problem);
      return Promise.resolve(answer);
    },
    remembered: (scope) => Promise.resolve(kept.get(scope)),
    remember: (scope, passphrase) => Promise.resolve(void kept.set(scope, passphrase)),
    forget: (scope) => Promise.resolve(void kept.delete(scope)),
  };
  return { desk, kept, questions, problems };
}

describe('passphrases in the editor', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const vaultWith = (desk: PassphraseDesk): Vault =>
    new Vault({ folder, passphrases: editorPassphrases(desk), workFactor: WORK_FACTOR });

  it('are asked for twice for a new scope, and then not again', async () => {
    const { desk, questions } = deskWith(PASSPHRASE, PASSPHRASE);
    const vault = vaultWith(desk);

    await vault.set('sim', SECRETS);

    assert.deepEqual((await vault.open('sim'))?.secrets, SECRETS);
    assert.equal(questions.length, 2);
  });

  it('of a new scope are told to be too short while they are typed', async () => {
    const { desk, problems } = deskWith('tide', 'tide');

    await assert.rejects(
      vaultWith(desk).set('sim', SECRETS),
      isMeshSimError('vault-locked', /too short/),
    );

    assert.match(problems.join(), /too short/);
  });

  it('are not the only copy: another editor opens the vault by asking', async () => {
    await vaultWith(deskWith(PASSPHRASE, PASSPHRASE).desk).set('sim', SECRETS);
    const { desk, kept } = deskWith(PASSPHRASE);

    await vaultWith(desk).open('sim');

    assert.equal(kept.get('sim'), PASSPHRASE);
  });

  it('are forgotten when they do not open the vault, so that the next time asks', async () => {
    await vaultWith(deskWith(PASSPHRASE, PASSPHRASE).desk).set('sim', SECRETS);
    const { desk, kept, questions } = deskWith(PASSPHRASE);
    kept.set('sim', 'the one before it was changed');
    const vault = vaultWith(desk);

    await assert.rejects(vault.open('sim'), isMeshSimError('vault-locked', /does not open/));
    await vault.open('sim');

    assert.deepEqual(questions, ['Passphrase of the vault scope "sim"']);
  });

  it('store nothing when the two differ, or when nobody answers', async () => {
    const differing = vaultWith(deskWith(PASSPHRASE, 'something else').desk);
    await assert.rejects(differing.set('sim', SECRETS), isMeshSimError('vault-locked', /differ/));
    const nobody = vaultWith(deskWith(undefined).desk);
    await assert.rejects(
      nobody.set('sim', SECRETS),
      isMeshSimError('vault-locked', /no passphrase/),
    );

    assert.deepEqual(await nobody.scopes(), []);
  });
});
