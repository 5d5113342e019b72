import assert from 'node:assert/strict';
import { LoadedValue } from '../../../src/base/loadedValue.ts';

describe('what is shown until something newer is there', () => {
  let loads: ((value: string[]) => void)[];
  let changes: number;
  let shown: LoadedValue<string[]>;
  beforeEach(() => {
    loads = [];
    changes = 0;
    shown = new LoadedValue<string[]>({
      load: () => new Promise((resolve) => loads.push(resolve)),
      onChange: () => (changes += 1),
    });
  });
  const underWay = () => loads.length;
  const answer = (...rows: string[]) => loads.shift()?.(rows);

  async function showing(...rows: string[]): Promise<void> {
    const first = shown.get();
    answer(...rows);
    await first;
  }

  it('is loaded for who asks first, and not before', async () => {
    await shown.refresh();
    assert.equal(underWay(), 0);
    await showing('a');
    assert.deepEqual(await shown.get(), ['a']);
    assert.equal(changes, 0);
  });

  it('stays while that is loaded, and changes at once', async () => {
    await showing('a');
    const done = shown.refresh();
    assert.deepEqual(await shown.get(), ['a']);
    assert.equal(changes, 0);
    answer('a', 'b');
    await done;
    assert.equal(changes, 1);
    assert.deepEqual(await shown.get(), ['a', 'b']);
  });

  it('tells nobody of a value that is the same', async () => {
    await showing('a');
    const done = shown.refresh();
    await shown.get();
    answer('a');
    await done;
    assert.equal(changes, 0);
  });

  it('is loaded once more for all who asked in the meantime', async () => {
    await showing('a');
    const done = shown.refresh();
    await shown.get();
    void shown.refresh();
    void shown.refresh();
    assert.equal(underWay(), 1);
    answer('b');
    while (underWay() === 0) await shown.get();
    answer('c');
    await done;
    assert.equal(underWay(), 0);
    assert.deepEqual(await shown.get(), ['c']);
    assert.equal(changes, 2);
  });
});
