import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine } from '../../support/commandLine.ts';

describe('mesh-sim keys', () => {
  it('says which lines of the trusted signers do not count, and why', async () => {
    const commands = await createCommandLine();
    const keys = () => commands.meshSim(['keys'], path.dirname(commands.configFolder));
    const before = await keys();
    assert.equal(before.exitCode, 0, before.stderr);
    assert.equal(before.stdout.trim().split('\n').length, 2, before.stdout);

    const { stdout: own } = await commands.meshSim(
      ['keys', 'export', '--signer'],
      path.dirname(commands.configFolder),
    );
    const [, key = ''] = /(ssh-ed25519 \S+)/.exec(own) ?? [];
    const file = path.join(commands.configFolder, 'allowed_signers');
    const lines = [`!eve,* ${key}`, `eve valid-before="20000132" ${key}`, `e\u200Bve ${key}`];
    await appendFile(file, `${lines.join('\n')}\n`);
    const { exitCode, stdout } = await keys();
    assert.equal(exitCode, 0);
    const said = stdout.trim().split('\n').slice(2);
    assert.equal(said.length, 3, stdout);
    assert.match(said[0] ?? '', /^Line 3 of .*allowed_signers trusts nobody: it excludes somebody/);
    assert.match(
      said[1] ?? '',
      /^Line 4 .*valid-before="20000132", which is no date such as 20260131/,
    );
    assert.match(said[2] ?? '', /^Line 5 .*U\+200B/);
  });
});
