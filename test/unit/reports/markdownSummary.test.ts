import assert from 'node:assert/strict';
import { markdownSummary } from '../../../src/reports/markdownSummary.ts';
import { observationOf } from '../../support/observation.ts';

describe('the summary of a run for the page of a job', () => {
  it('says the outcome, each node, the latency of each link and every invariant', () => {
    const run = observationOf({ nodes: 3 });
    const text = markdownSummary(run, { capsimFile: 'out/result.capsim' });
    assert.match(text, /^## ✅ PASS/);
    assert.match(text, /^\| n2 \| 0\.25 \| 0\.25 \| 0\.25 \| 0\.25 \| 0\.25 \| verified \|$/m);
    assert.ok(text.includes(run.latencyMatrix[2]?.[1]?.toFixed(1) ?? '?'));
    assert.equal(text.match(/^\| ✅ \| /gm)?.length, run.invariants.length);
    assert.match(text, /^Evidence: out\/result\.capsim$/m);
  });

  it('lets no text of others format, link or break a table', () => {
    const details = 'a | b\n## head <img src=x> [l](http://e) `c` **d** @all \u001b[0m';
    const run = observationOf({ nodes: 2 });
    const text = markdownSummary({
      ...run,
      outcome: 'fail',
      cause: details,
      invariants: run.invariants.map((one) => ({ ...one, details })),
    });
    const lines = text.split('\n').filter((line) => line.includes('head'));
    assert.equal(lines.length, run.invariants.length + 1);
    for (const line of lines) {
      assert.doesNotMatch(line.replaceAll('**', ''), /[<>[\]`*@\u001b]|:\/\//);
      if (line.startsWith('|')) assert.equal(line.split('|').length, 5);
    }
  });

  it('says that nothing was sealed where nothing was', () => {
    assert.match(markdownSummary(observationOf({ nodes: 2 })), /^Not sealed/m);
  });
});
