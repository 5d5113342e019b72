import assert from 'node:assert/strict';
import { servedThroughout } from '../../../../src/mesh/upgrade/servedThroughout.ts';
import type { FaultKind } from '../../../../src/model/faultKinds.ts';
import type { Indicator } from '../../../../src/model/indicator.ts';
import type { ServiceAnswers } from '../../../../src/model/upgradeReport.ts';

const NAME = 'web: the door stays open';

function seen(value: number): Indicator {
  return {
    ...{ name: NAME, metric: 'availability-percent', comparator: '>=', threshold: 90, value },
    ...{ measuredBy: 'probes', over: 'wire', sampleSize: 200, passed: value >= 90 },
  };
}

describe('whether services were there while nodes ran different Capsules', () => {
  const judge = (promised: readonly string[], measured: readonly Indicator[], isBeside = false) =>
    servedThroughout({
      served: { promised, measured, sounded: [], answers: [], disturbedBy: undefined },
      noServices: 'no service runs',
      isBeside,
    });

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
    assert.match(judge([], []).details, /^No service promises availability, or takes connections/);
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

  it('says that all nodes were asked where the new services start beside the old', () => {
    assert.match(
      judge([NAME], [seen(100)], true).details,
      /^While the services of both Capsules ran side by side, at all nodes, "web: the door/,
    );
  });

  it('names those that too few probes judge', () => {
    const { observed, details } = judge([NAME, 'api: there'], [seen(99)]);
    assert.equal(observed, 'held');
    assert.match(details, /Too few probes .* to judge "api: there"\.$/);
  });
});

function at(nodeId: string, asked: number, refused = 0, unanswered = 0): ServiceAnswers {
  return { service: 'web', nodeId, asked, refused, unanswered };
}

describe('whether services that promise nothing took connections while nodes were upgraded', () => {
  const judge = (
    answers: readonly ServiceAnswers[],
    disturbedBy?: FaultKind,
    measured: readonly Indicator[] = [],
  ) => {
    const promised = measured.map(({ name }) => name);
    const served = { promised, measured, sounded: ['web'], answers, disturbedBy };
    return servedThroughout({ served, noServices: 'no service runs' });
  };

  it('holds where no node refused any outside of its own waves, and says how many were seen', () => {
    assert.deepEqual(judge([at('n0', 30), at('n1', 27, 0, 1)]), {
      name: 'served-throughout',
      observed: 'held',
      details:
        'No node refused connections to "web" outside of its own waves, of 57 that others wanted over the wire; 1 got no answer within 3 s.',
    });
  });

  it('is violated by one that was refused, and by a node that was silent to most, with the figures', () => {
    const refused = judge([at('n0', 30), at('n1', 57, 3)]);
    assert.equal(refused.observed, 'violated');
    assert.equal(
      refused.details,
      'n1 refused 3 of 57 connections to "web" that others wanted over the wire outside of its own waves.',
    );
    const silent = judge([at('n0', 30), at('n1', 9, 0, 5)]);
    assert.equal(silent.observed, 'violated');
    assert.match(silent.details, /^n1 left 5 of 9 connections to "web" .* for 3 s\.$/);
    assert.equal(judge([at('n0', 30), at('n1', 4, 0, 2)]).observed, 'held');
  });

  it('is not judged after a fault that may be why, by few, or of what others never reached', () => {
    const disturbed = judge([at('n0', 30, 4)], 'killService');
    assert.match(disturbed.details, /the fault "killService" of the plan may have it, too\.$/);
    const few = judge([at('n0', 19)]);
    assert.equal(few.details, 'Too few connections judge "web".');
    const local = judge([at('n0', 30, 30), at('n1', 30, 30)]);
    assert.match(local.details, /^No node ever reached "web" on another one/);
    const none = judge([]);
    assert.match(none.details, /^No connection to "web" was asked for over the wire/);
    for (const one of [disturbed, few, local, none]) assert.equal(one.observed, 'not-observed');
  });

  it('is told beside what others promise', () => {
    const both = judge([at('n0', 30)], undefined, [seen(97.5)]);
    assert.match(both.details, /is to be >= 90 %\. No node refused connections to "web"/);
    assert.equal(judge([at('n0', 30, 1)], undefined, [seen(97.5)]).observed, 'violated');
    const also = judge([at('n0', 30, 1)], 'pause', [seen(97.5)]);
    assert.equal(also.observed, 'held');
    assert.match(also.details, /the fault "pause" of the plan/);
  });
});
