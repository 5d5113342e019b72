import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CATALOGUE } from '../../upgradeFailures/catalogue.ts';
import { cellsOf } from '../../upgradeFailures/table.ts';

const PAGE = path.join(import.meta.dirname, '../../../docs/upgrade.md');

describe('the catalogue of upgrade failures', () => {
  it('has at least twelve classes, each with a name of its own', () => {
    const names = new Set(CATALOGUE.map(({ name }) => name));
    assert.equal(names.size, CATALOGUE.length);
    assert.ok(names.size >= 12, `${names.size}`);
  });

  it('is what docs/upgrade.md tells of', () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    assert.deepEqual(
      rows.map(([, ...cells]) => cells.slice(0, 4)),
      CATALOGUE.map((failure) => cellsOf(failure)),
    );
  });
});
