import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { publicKeyPem } from '../../../src/signing/publicKey.ts';
import { createCommandLineInProcess, type CommandLine } from '../../support/commandLine.ts';
import { temporaryFolder } from '../../support/harborPay.ts';
import { packedWorld, type PackedWorld } from '../../support/packedWorld.ts';

describe("a witness of somebody's ledger", () => {
  let world: PackedWorld;
  let colleague: CommandLine;
  let ledger: string;
  let key = '';

  const cosign = (folder: string, ...more: string[]) =>
    colleague.meshSim(['ledger', 'cosign', '--workspace', folder, ...more], folder);

  before(async () => {
    world = await packedWorld(await createCommandLineInProcess());
    colleague = await createCommandLineInProcess();
    ledger = path.join(world.product.repo, '.meshsim/ledger');
    const { exitCode, stdout, stderr } = await cosign(world.product.repo);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^cosigned {2}1 entries, all seen for the first time, by SHA256:/);
    [, key = ''] = /(ssh-ed25519 \S+)\s*$/.exec(stdout) ?? [];
  });
  after(() => world.product.dispose());

  const noteFile = async () => {
    const [name = ''] = await readdir(path.join(ledger, 'cosigned'));
    return path.join(ledger, 'cosigned', name);
  };

  it('signs what C2SP tlog-cosignature says, as another program checks it', async () => {
    const note = await readFile(await noteFile(), 'utf8');
    const [body = '', signatures = ''] = note.split('\n\n');
    const line = signatures.trimEnd().split('\n').at(-1) ?? '';
    const [, name = '', base64 = ''] = line.split(' ');
    const bytes = Buffer.from(base64, 'base64');
    const message = `cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n${body}\n`;
    const publicKey = publicKeyPem(name.split('/').at(-1) ?? '');
    assert.ok(verify(null, Buffer.from(message), publicKey, bytes.subarray(12)));
    assert.equal(bytes.length, 76);
  });

  it('is told of by name where the owner knows the key, and up to where it has seen', async () => {
    const before = await world.run('ledger', 'verify');
    assert.match(before.stdout, /seen up to entry 0 by SHA256:\S+, who is no witness by your/);
    const signers = path.join(world.commands.configFolder, 'allowed_signers');
    const lines = await readFile(signers, 'utf8');
    await writeFile(signers, `${lines}ada namespaces="mesh-sim-witness" ${key}\n`);
    const { stdout } = await world.run('ledger', 'verify');
    assert.match(stdout, /^ {2}seen up to entry 0 by ada, 20\d\d-/m);
    await writeFile(signers, lines);
  });

  it('gives away that entries were taken out: its checkpoint covers more', async () => {
    const copy = await temporaryFolder();
    const old = path.join(copy, 'old');
    await cp(ledger, old, { recursive: true });
    await world.run('--capsule', world.capsule, '--virtual', '--nodes', '2', '--quiet');
    assert.equal((await cosign(world.product.repo)).exitCode, 0);
    assert.equal((await world.run('ledger', 'verify')).exitCode, 0);

    // The former ledger, all of it, with its own checkpoint: nothing in it is wrong by itself.
    const cosigned = await noteFile();
    const note = await readFile(cosigned);
    const whole = path.join(copy, 'whole');
    await cp(ledger, whole, { recursive: true });
    await rm(ledger, { recursive: true });
    await cp(old, ledger, { recursive: true });
    assert.equal((await world.run('ledger', 'verify')).exitCode, 0);
    await writeFile(cosigned, note);
    const { exitCode, stderr } = await world.run('ledger', 'verify');
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^ledger-broken: The ledger was truncated: the cosigned checkpoint \S+ covers 3 entries, and 1 are left/,
    );
    const gate = await world.run('pack');
    assert.equal(gate.exitCode, 2, gate.stdout);

    // Nor does the witness vouch for it again, whatever lies beside it.
    await rm(cosigned);
    const again = await cosign(world.product.repo);
    assert.equal(again.exitCode, 2);
    assert.match(again.stderr, /^ledger-broken: It is not cosigned. The ledger was truncated/);
    await rm(ledger, { recursive: true });
    await cp(whole, ledger, { recursive: true });
    assert.equal((await world.run('ledger', 'verify')).exitCode, 0);
  });

  it('writes its signature elsewhere where it is told to, and leaves the ledger as it is', async () => {
    const before = await readFile(await noteFile(), 'utf8');
    const file = path.join(await temporaryFolder(), 'seen');
    assert.equal((await cosign(world.product.repo, '--output', file)).exitCode, 0);
    assert.equal(await readFile(await noteFile(), 'utf8'), before);
    assert.match(await readFile(file, 'utf8'), /\n— mesh-sim\/witness\/[0-9a-f]{64} \S+\n$/);
  });

  it('whose note was altered is no witness, and the audit says which', async () => {
    const file = await noteFile();
    const note = await readFile(file, 'utf8');
    const at = note.lastIndexOf(' ') + 30;
    const other = note[at] === 'A' ? 'B' : 'A';
    await writeFile(file, note.slice(0, at) + other + note.slice(at + 1));
    const { exitCode, stderr } = await world.run('ledger', 'verify');
    assert.equal(exitCode, 1);
    assert.match(stderr, /^ledger-broken: The cosigned checkpoint [0-9a-f]{16} cannot be used: /);
    await writeFile(file, note);
  });
});
