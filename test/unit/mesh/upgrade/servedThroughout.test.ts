import assert from 'node:assert/strict';
import { servedThroughout } from '../../../../src/mesh/upgrade/servedThroughout.ts';
import type { Indicator } from '../../../../src/model/indicator.ts';

const NAME = 'web: the door stays open';

function seen(value: number): Indicator {
  return {
    ...{ name: NAME, metric: 'availability-percent', comparator: '>=', threshold: 90, value },
    ...{ measuredBy: 'probes', over: 'wire', sampleSize: 200, passed: value >= 90 },
  };
}

describe('whether services were there while nodes ran different Capsules', () => {
  const judge = (promised: readonly string[], measured: readonly Indicator[]) =>
    servedThroughout({ served: { promised, measured }, noServices: 'no service runs' });

  it('is judged by what they promise, with the figure', () => {
    assert.deepEqual(judge([NAME], [seen(97.5)]), {
      name: 'served-throughout',
      observed: 'held',
      details:
        'While nodes ran different Capsules, at those that no wave moved or that alone could answer, "web: the door stays open" was 97.5 % of 200 probes over the wire, and is to be >= 90 %.',
    });
    const missed = judge([NAME], [seen(71)]);
    assert.equal(missed.observed, 'violated');
    assert.match(missed.details, /was 71 % of 200 probes over the wire, and is to be >= 90 %\.$/);
  });

  it('is not observed where none promises it, too little was seen, or no service runs', () => {
    assert.match(judge([], []).details, /^No service promises availability/);
    assert.match(
      judge([NAME], []).details,
      /^Too few probes .* to judge "web: the door stays open"/,
    );
    const none = servedThroughout({ noServices: 'no service runs' });
    assert.equal(
      none.details,
      'Nobody measured whether services answered throughout: no service runs.',
    );
    for (const one of [judge([], []), judge([NAME], []), none]) {
      assert.equal(one.observed, 'not-observed');
    }
  });

  it('names those that too few probes judge', () => {
    const { observed, details } = judge([NAME, 'api: there'], [seen(99)]);
    assert.equal(observed, 'held');
    assert.match(details, /Too few probes judge "api: there"\.$/);
  });
});
