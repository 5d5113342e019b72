import assert from 'node:assert/strict';
import { StandIns } from '../../../src/agent/box/standIns.ts';

describe('agent/box: addresses that stand for names', () => {
  it('are the same for a name each time, and lead back to it', () => {
    const standIns = new StandIns();
    const address = standIns.addressOf('a.example');
    assert.equal(standIns.addressOf('a.example'), address);
    assert.equal(standIns.nameOf(address ?? ''), 'a.example');
    assert.equal(standIns.nameOf('192.0.2.1'), undefined);
  });

  it('lie in the block set aside for it, and end with it', () => {
    const standIns = new StandIns();
    const given = Array.from({ length: 131_071 }, (_, i) => standIns.addressOf(`n${i}.example`));
    assert.equal(given[0], '198.18.0.1');
    assert.equal(given[255], '198.18.1.0');
    assert.equal(given[131_069], '198.19.255.254');
    assert.equal(given[131_070], undefined);
  });
});
