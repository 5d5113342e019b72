import assert from 'node:assert/strict';
import { statedRunOf } from '../../../src/evidence/statedRun.ts';
import type { PlanInput } from '../../../src/model/plan.ts';
import { htmlReport } from '../../../src/reports/htmlReport.ts';
import { runSections } from '../../../src/reports/runSections.ts';
import { upgradeSection } from '../../../src/reports/upgradeSection.ts';
import { hostedNode } from '../../support/hostedNodes.ts';
import { observationOf } from '../../support/observation.ts';
import { reportedEvidence } from '../../support/reportedEvidence.ts';
import { UPGRADE, upgradeObservation } from '../../support/upgradeObservation.ts';

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

  it('says where nodes lived that did not live on the machine that rehearsed', () => {
    const reported = reportedEvidence({ nodes: 3 });
    const { statement } = reported.evidence;
    assert.ok(statement);
    const run = { ...statedRunOf(statement), hosts: [hostedNode({ os: 'li<b>nux' })] };
    const page = runSections(run, statement)
      .map(({ text }) => text)
      .join('');
    assert.match(
      page,
      /Node on another host.*n1 on edge \(ssh, li&lt;b&gt;nux x64, Node\.js v24\.1\.0\)/,
    );
    assert.doesNotMatch(htmlReport(reported), /Node on another host/);
  });

  it('shows an upgrade wave by wave, and each check', async () => {
    const { upgrade } = await upgradeObservation();
    assert.ok(upgrade);
    const kept = { name: 'kept', window: 'before', wave: 0, nodeId: 'n1' } as const;
    const failed = { ...kept, outcome: 'failed', details: 'It exited with <1>.' } as const;
    const run = { ...observationOf({ nodes: 3 }), upgrade: { ...upgrade, checks: [failed] } };
    const page = upgradeSection(run)
      .map(({ text }) => text)
      .join('');
    for (const shown of [
      'Upgrade',
      upgrade.from,
      'back to the old',
      'rolled-back',
      'kept',
      'exited with &lt;1&gt;',
    ]) {
      assert.ok(page.includes(shown), shown);
    }
    assert.deepEqual(upgradeSection(observationOf({ nodes: 3 })), []);
  });

  it('shows when the names of a wave switched, where they do at once', async () => {
    const page = async (strategy: PlanInput['upgrade'] & object) => {
      const { upgrade } = await upgradeObservation({ upgrade: strategy });
      assert.ok(upgrade);
      const sections = upgradeSection({ ...observationOf({ nodes: 3 }), upgrade });
      return { upgrade, text: sections.map(({ text }) => text).join('') };
    };
    const beside = await page({ ...UPGRADE, strategy: { kind: 'blue-green' } });
    assert.match(beside.text, /<th[^>]*>names switched, s</);
    for (const { switchedMs } of beside.upgrade.waves) {
      assert.ok(switchedMs !== undefined);
      assert.ok(beside.text.includes(`<td>${(switchedMs / 1000).toFixed(2)}</td>`), beside.text);
    }
    assert.doesNotMatch((await page(UPGRADE)).text, /names switched/);
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
