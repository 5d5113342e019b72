import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MigrationSigns, type MigrationNews } from '../../../src/agent/services/migrationSigns.ts';
import { withTemporaryFolder } from '../../support/temporaryFolder.ts';

/** What is told, and when something was. */
class Told {
  readonly news: MigrationNews[] = [];
  #heard: () => void = () => undefined;

  readonly report = (news: MigrationNews): void => {
    this.news.push(news);
    this.#heard();
  };

  async until(news: MigrationNews): Promise<void> {
    while (!this.news.includes(news)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

describe('signs of a migration', () => {
  it('are that its command runs, that it has changed its state, and that it is over', () =>
    withTemporaryFolder(async (folder) => {
      const told = new Told();
      writeFileSync(path.join(folder, 'kept'), 'as it was');
      const signs = new MigrationSigns({ looksAtState: true, report: told.report });
      await signs.during(folder, async (onSpawned) => {
        onSpawned();
        assert.deepEqual(told.news, ['begun']);
        writeFileSync(path.join(folder, 'more'), '');
        await told.until('changed');
      });
      assert.deepEqual(told.news, ['begun', 'changed', 'over']);
    }));

  it('leave out the state where nobody waits for its change', () =>
    withTemporaryFolder(async (folder) => {
      const told = new Told();
      const signs = new MigrationSigns({ looksAtState: false, report: told.report });
      await signs.during(folder, (onSpawned) => {
        onSpawned();
        writeFileSync(path.join(folder, 'more'), '');
        return Promise.resolve();
      });
      assert.deepEqual(told.news, ['begun', 'over']);
    }));

  it('are none where no command could be started', async () => {
    const told = new Told();
    const signs = new MigrationSigns({ looksAtState: false, report: told.report });
    await assert.rejects(signs.during('', () => Promise.reject(new Error('no such program'))));
    assert.deepEqual(told.news, []);
  });

  it('say that all is over once the last of several has ended', async () => {
    const told = new Told();
    const signs = new MigrationSigns({ looksAtState: false, report: told.report });
    await signs.during('', async (onSpawned) => {
      onSpawned();
      await signs.during('', (alsoSpawned) => {
        alsoSpawned();
        return Promise.resolve();
      });
      assert.deepEqual(told.news, ['begun', 'begun']);
    });
    assert.deepEqual(told.news, ['begun', 'begun', 'over']);
  });
});
