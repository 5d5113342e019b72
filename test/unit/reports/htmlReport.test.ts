import assert from 'node:assert/strict';
import { htmlReport } from '../../../src/reports/htmlReport.ts';
import { reportedEvidence } from '../../support/reportedEvidence.ts';

describe('evidence as a page', () => {
  it('shows every step of the verifier and what the verified run states', () => {
    const reported = reportedEvidence({
      nodes: 3,
      plan: { chaos: { preset: 'crash-mid-deploy' } },
    });
    const page = htmlReport(reported);
    for (const { sentence } of reported.evidence.steps)
      assert.ok(page.includes(sentence), sentence);
    assert.match(page, /✔ Verified/);
    assert.match(page, /✔ PASS/);
    assert.match(page, /crash-mid-deploy/);
    assert.match(page, /href="data:application\/json;base64,/);
    assert.doesNotMatch(page, /<script|(?:src|href)="https?:/);
  });

  it('shows nothing of what an altered file states', () => {
    const reported = reportedEvidence({ nodes: 3 }, (text) => text.replace(/"sig":"./, '"sig":"A'));
    const page = htmlReport(reported);
    assert.equal(reported.evidence.verdict, 'invalid');
    assert.match(page, /Invalid: nothing that this file states is to be believed/);
    assert.doesNotMatch(page, /✔ PASS|became healthy|<h2>(?:Nodes|Invariants)/);
  });

  it('says that a signer who is not trusted here is not', () => {
    const page = htmlReport(reportedEvidence({ nodes: 2 }, (text) => text, []));
    assert.match(page, /not trusted here/);
    assert.doesNotMatch(page, /✔ Verified/);
  });

  it('shows text of others as text', () => {
    const reported = reportedEvidence({ nodes: 2 });
    const page = htmlReport({ ...reported, fileName: '"><script>alert(1)</script>.capsim' });
    assert.doesNotMatch(page, /<script/);
  });
});
