import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MemoryLimit } from '../../../src/base/memoryLimit.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

interface Group {
  readonly memory: MemoryLimit;
  readonly count: (kills: number) => Promise<void>;
}

const FILES = {
  v2: { events: 'memory.events', limit: 'memory.max', none: 'max\n' },
  v1: {
    events: 'memory/memory.oom_control',
    limit: 'memory/memory.limit_in_bytes',
    none: '9223372036854771712\n',
  },
};

describe('a limit of memory', () => {
  for (const [version, { events, limit, none }] of Object.entries(FILES)) {
    const inGroup = (limitText: string, test: (group: Group) => Promise<void>) =>
      withTemporaryFolder(async (folder) => {
        await mkdir(path.join(folder, 'memory'));
        await writeFile(path.join(folder, limit), limitText);
        const count = (kills: number) =>
          writeFile(path.join(folder, events), `low 0\nunder_oom 0\noom_kill ${kills}\n`);
        await count(2);
        await test({ memory: new MemoryLimit(folder), count });
      });

    it(`is why a program ended when the system says so, ${version}`, () =>
      inGroup('100663296\n', async ({ memory, count }) => {
        assert.equal(memory.whyEnded(), undefined);
        await count(3);
        assert.equal(memory.whyEnded(), 'the limit of memory there is 96.0 MiB');
        assert.equal(memory.whyEnded(), undefined);
      }));

    it(`is none where the system has no limit, ${version}`, () =>
      inGroup(none, async ({ memory, count }) => {
        await count(3);
        assert.equal(memory.whyEnded(), undefined);
      }));
  }

  it('is none where nobody counts', () =>
    withTemporaryFolder((folder) => {
      assert.equal(new MemoryLimit(folder).whyEnded(), undefined);
      return Promise.resolve();
    }));
});
