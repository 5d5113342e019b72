import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeUnfinished } from '../../../src/studio/workspace/unfinishedFiles.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

const NOW = Date.parse('2026-01-02T12:00:00Z');
const HOUR_MS = 3_600_000;

describe('studio: what was never written to its end', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function leave(name: string, hoursAgo: number, isFolder = false): void {
    const place = path.join(folder, name);
    if (isFolder) mkdirSync(path.join(place, 'tree'), { recursive: true });
    else writeFileSync(place, 'half');
    const then = new Date(NOW - hoursAgo * HOUR_MS);
    utimesSync(place, then, then);
  }

  it('is removed a day later, files and folders, and nothing else is', async () => {
    const young = `active.json.${randomUUID()}.tmp`;
    leave(`active.json.${randomUUID()}.tmp`, 25);
    leave(`abc.${randomBytes(6).toString('hex')}.tmp`, 25, true);
    leave(`abc.${randomBytes(6).toString('hex')}.tmp.damaged`, 25, true);
    leave(young, 23);
    leave('notes.tmp', 48);
    leave('active.json', 48);
    await removeUnfinished([folder, path.join(folder, 'none')], NOW);
    assert.deepEqual(readdirSync(folder).sort(), [young, 'active.json', 'notes.tmp'].sort());
  });
});
