import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  fragmentWith,
  NO_FILTER,
  placeIn,
  placeOfFragment,
  type Place,
} from '../../../webview/state/place.ts';

const simId = '00000000-0000-4000-8000-000000000000';
const whole: Place = {
  view: 'evidence',
  simId,
  a: simId,
  b: '11111111-0000-4000-8000-000000000000',
  t: 1740.125,
  filter: { words: 'n3 & lost', kind: 'simulation', outcome: 'failed' },
};

describe('the place a page remembers', () => {
  it('comes out of an address as it went in, and leaves the token alone', () => {
    const fragment = fragmentWith('#token=a_b-c', whole);
    assert.equal(new URLSearchParams(fragment.slice(1)).get('token'), 'a_b-c');
    assert.deepEqual(placeOfFragment(fragment), whole);
  });

  it('replaces what was there before', () => {
    const fragment = fragmentWith(fragmentWith('#token=x', whole), {
      view: 'trust',
      entry: 'ab'.repeat(32),
      filter: NO_FILTER,
    });
    assert.deepEqual(placeOfFragment(fragment), {
      view: 'trust',
      entry: 'ab'.repeat(32),
      filter: NO_FILTER,
    });
  });

  it('is none for an address that only holds a token', () => {
    assert.equal(placeOfFragment('#token=x'), undefined);
  });

  it('survives being kept as a plain object', () => {
    assert.deepEqual(placeIn(JSON.parse(JSON.stringify(whole))), whole);
  });

  it('takes nothing over that it does not know', () => {
    assert.equal(placeIn('run'), undefined);
    assert.equal(placeIn({ view: 'settings' }), undefined);
    const odd = { view: 'run', simId: '../../x', t: -4, filter: { kind: 'everything' } };
    assert.deepEqual(placeIn(odd), { view: 'run', filter: NO_FILTER });
  });
});
