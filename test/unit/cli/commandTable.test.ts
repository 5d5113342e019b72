import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addCommands } from '../../../src/cli/commandTable.ts';
import type { CommandContext } from '../../../src/cli/commandContext.ts';

describe('the commands that are loaded', () => {
  async function loadedFor(...args: string[]): Promise<string[]> {
    const program = new Command();
    await addCommands(program, {} as CommandContext, args);
    return program.commands.map((one) => one.name());
  }

  it('are none for a run, and the one that is named, also after options of a run', async () => {
    assert.deepEqual(await loadedFor('--capsule', '3f9a21'), []);
    assert.deepEqual(await loadedFor('--capsule', '3f9a21', 'pack'), ['pack']);
    assert.deepEqual(await loadedFor('pcap', '7d0c'), ['pcap']);
    assert.deepEqual(await loadedFor('nonsense'), []);
  });

  it('are all where help is wanted, wherever that stands', async () => {
    const all = await loadedFor('--help');
    assert.ok(all.includes('deploy') && all.includes('help'));
    for (const args of [
      ['--nodes', '3', '-h'],
      ['--capsule', 'x', '--help'],
      ['help', 'deploy'],
    ]) {
      assert.deepEqual(await loadedFor(...args), all, args.join(' '));
    }
  });
});
