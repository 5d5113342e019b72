import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, expectNoAxeViolations, LOOKS, test } from './recordedRuns.ts';

test('evidence of a passing run is stamped, signed, and replayed from its signed events', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'evidence', sim: runs.passed } });
  await expect(page.locator('.stamp')).toContainText('PASS');
  await expect(page.locator('.signature')).toContainText('Signature valid');
  await expect(page.locator('.key-picture')).toBeVisible();
  await expect(page.locator('.verification li.is-ok')).toHaveCount(11);
  await expect(page.locator('.objectives .section-head')).toContainText(/\d of 5 met/);
  await expect(page.locator('.objectives tbody tr')).toHaveCount(5);
  const objectiveRow = (name: string) => page.locator('.objectives tr', { hasText: name });
  await expect(objectiveRow('the gateway is answered').locator('.way')).toHaveText('by calls');
  await expect(objectiveRow('bookings are answered').locator('.way')).toHaveText('by probes');
  await expect(objectiveRow('comes back after a crash').locator('.way')).toHaveCount(0);
  await expect(objectiveRow('comes back after a crash').locator('.measured')).toContainText(
    /\d (s|ms)$/,
  );
  // The run before it had no crash: other conditions, so nothing is called better or worse.
  await expect(page.locator('.objectives td > .late, .objectives td > span.ok')).toHaveCount(0);
  await expect(page.locator('.invariants li')).toHaveCount(5);

  const health = page.locator('.node-health tbody tr');
  await expect(health).toHaveCount(3);
  await expect(health.locator('.strip-part.is-down')).toHaveCount(1);
  await expect(health.first().locator('.sparkline-line')).toHaveAttribute('d', /^M/);
  await expect(health.first()).toContainText(/\d ms/);
  await expect(page.locator('.hop-before')).toHaveCount(1);

  const replay = page.locator('.packet-replay');
  await expect(replay.locator('.ring-node')).toHaveCount(3);
  const instant = replay.locator('output');
  const before = await instant.innerText();
  await replay.getByRole('button', { name: 'Play' }).click();
  await expect(instant).not.toHaveText(before);
  await replay.getByRole('slider').press('End');
  await expect(replay).toContainText('READY 3/3');
  await studio.screenshot('evidence-pass-dark-1400');
});

test('evidence of a failed run names its cause first and opens the replay before it', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await studio.open({ place: { view: 'evidence', sim: runs.drifted } });
  await expect(page.locator('.stamp')).toContainText('FAIL');
  await expect(page.locator('.cause')).toContainText(/n2 halted in verify.*orders/);
  await expect(page.locator('.strip-part.is-halted')).toHaveCount(1);
  const replay = page.locator('.packet-replay');
  await expect(replay).toContainText('READY 0/3');
  await expect(replay.locator('.is-halted')).toHaveCount(0);
  await replay.getByRole('slider').press('End');
  await expect(replay.locator('.is-halted').first()).toBeVisible();
  await studio.screenshot('evidence-fail-dark-1400');
});

test('the replay goes from event to event where motion is to be reduced', async ({
  studio,
  runs,
}) => {
  const { page } = studio;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await studio.open({ place: { view: 'evidence', sim: runs.drifted, t: '0' } });
  const replay = page.locator('.packet-replay');
  await expect(replay.getByRole('button', { name: 'Play' })).toHaveCount(0);
  await replay.getByRole('button', { name: 'Next event' }).click();
  await expect(replay.locator('output')).not.toHaveText('0.00 s');
});

test('an altered copy of evidence says which check failed, what the ledger holds and what was found', async ({
  studio,
  runs,
  studioCommand,
}, info) => {
  const { page } = studio;
  const stored = path.join(studioCommand.folder, '.meshsim/runs', runs.passed, 'result.capsim');
  const bundle = (await readFile(stored)).toString();
  const payload = (JSON.parse(bundle) as { dsseEnvelope: { payload: string } }).dsseEnvelope
    .payload;
  const statement = Buffer.from(payload, 'base64').toString();
  const lie = Buffer.from(statement.replace('"outcome":"pass"', '"outcome":"fail"'));
  const copy = info.outputPath('altered.capsim');
  await writeFile(copy, bundle.replace(payload, lie.toString('base64')));

  await studio.open({ place: { view: 'evidence' } });
  await page.getByLabel('Evidence file to verify').setInputFiles(copy);
  await expect(page.locator('.stamp')).toContainText('INVALID');
  const banner = page.locator('.tampered');
  await expect(banner).toContainText('its check of the signature failed');
  await expect(banner.locator('dd').first()).toHaveText(/^[0-9a-f]{64}$/);
  await expect(page.locator('.verification li.is-failed')).toContainText('Signature');
  await expect(page.locator('.packet-replay')).toHaveCount(0);
  await studio.screenshot('evidence-tampered-dark-1400');
  await expectNoAxeViolations(page);
});

test('a stored file that was altered is shown as tampered, can still be exported, and is verified again once mended', async ({
  studio,
  runs,
  studioCommand,
}) => {
  const { page } = studio;
  const stored = path.join(studioCommand.folder, '.meshsim/runs', runs.baseline, 'result.capsim');
  const genuine = await readFile(stored);
  await writeFile(stored, genuine.toString().replace('"payload":"ey', '"payload":"fy'));
  await studio.open({ place: { view: 'evidence', sim: runs.baseline } });
  await expect(page.locator('.tampered')).toBeVisible();
  await expect(page.getByText('Export .capsim')).toBeVisible();
  await writeFile(stored, genuine);
  // Whoever else appends to the ledger may have the page verify it before, and take the button away.
  await page.evaluate(`for (const button of document.querySelectorAll('.tampered button')) {
    if (button.textContent.includes('Verify again')) button.click();
  }`);
  await expect(page.locator('.stamp')).toContainText('PASS');
});

test('a genuine copy is verified without its events, and says why there is nothing to replay', async ({
  studio,
  runs,
  studioCommand,
}) => {
  const { page } = studio;
  const folder = path.join(studioCommand.folder, '.meshsim/runs', runs.baseline);
  const events = await readFile(path.join(folder, 'events.jsonl'));
  await writeFile(path.join(folder, 'events.jsonl'), events.subarray(0, events.length - 10));
  await studio.open({ place: { view: 'evidence' } });
  await page
    .getByLabel('Evidence file to verify')
    .setInputFiles(path.join(folder, 'result.capsim'));
  await expect(page.locator('.stamp')).toContainText('PASS');
  await expect(page.locator('.packet-replay')).toContainText('not those that were signed');
  await expect(page.locator('.phase-strip')).toHaveCount(2);
  await writeFile(path.join(folder, 'events.jsonl'), events);
});

for (const [theme, width, height] of LOOKS) {
  test(`the Evidence view can be read by everybody in ${theme} at ${width} pixels`, async ({
    studio,
    runs,
  }) => {
    await studio.open({ theme, width, height, place: { view: 'evidence', sim: runs.drifted } });
    await expect(studio.page.locator('.packet-replay .ring-node').first()).toBeVisible();
    await studio.screenshot(`evidence-${theme}-${width}`);
    await expectNoAxeViolations(studio.page);
  });
}
