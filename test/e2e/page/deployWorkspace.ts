import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { CapsuleList } from '../../../src/model/api.ts';
import type { LedgerEntry } from '../../../src/model/ledgerEntry.ts';
import type { ProvenancePage } from '../../../src/model/provenanceApi.ts';
import { ObjectStore } from '../../../src/capsule/objectStore.ts';
import { salvageEntries } from '../../../src/ledger/salvage.ts';
import { createTargets, type Targets } from '../../support/deployTargets.ts';
import type { StudioCommand } from '../../support/studioCommand.ts';
import { expect, test as base, type StudioPage } from './tinyStudio.ts';

export { expectNoAxeViolations, LOOKS, STILL } from './tinyStudio.ts';

export { expect };

/** With folders to deploy to: deploys and altered artifacts are no other spec's business, so each has a workspace of its own. */
export const test = base.extend<{ readonly targets: Targets }>({
  targets: async ({ shared, studioCommand }, use) => {
    const create = () => createTargets(studioCommand.folder);
    const name = `targets of ${studioCommand.folder}`;
    await use(await shared.of(name, create, (targets) => targets.dispose()));
  },
});

/**
 * A gate that asks for everything but an idle machine, neither for kept timing nor for quick answers of services, and takes a
 * first start for the change.
 */
export const BUSY = { allowDegraded: true, objectives: 'ignore', upgradeFrom: 'any' } as const;

/** Runs `use` while one byte of the file is another one. */
export async function whileAltered(file: string, use: () => Promise<void>): Promise<void> {
  const genuine = await readFile(file);
  const altered = Buffer.from(genuine);
  const middle = altered.length >> 1;
  altered[middle] = (altered[middle] ?? 0) ^ 1;
  // A new file, since a stored object may be linked from elsewhere.
  await rm(file);
  await writeFile(file, altered);
  try {
    await use();
  } finally {
    await rm(file);
    await writeFile(file, genuine);
  }
}

/** Asks as the page does; a body makes it a POST. */
export async function ask({ url }: StudioCommand, route: string, body?: object): Promise<Response> {
  const { origin, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return fetch(`${origin}${route}`, { ...init, headers: { authorization: `Bearer ${token}` } });
}

export async function capsuleOf(studio: StudioCommand): Promise<string> {
  const { capsules } = (await (await ask(studio, '/api/capsules')).json()) as CapsuleList;
  return capsules.at(-1)?.capsuleHash ?? '';
}

export function objectFile({ folder }: StudioCommand, digest: string): string {
  return new ObjectStore(path.join(folder, '.meshsim/objects')).pathOf(digest);
}

/** The timeline's rows of packs, newest first; a sentence of another row may speak of packing. */
export function packs(page: Page): Locator {
  return page.locator('.row', { has: page.locator('.row-title', { hasText: /^Pack / }) });
}

/** Opens the pane from the row of the oldest pack of the timeline. */
export async function openDeploy({ page }: StudioPage): Promise<Locator> {
  const pack = packs(page).last();
  await pack.locator('.row-open').click();
  await pack.getByText('Deploy', { exact: true }).click();
  const pane = page.locator('.deploy');
  await expect(pane.locator('.environment').first()).toBeVisible();
  return pane;
}

/** A toolkit button of the pane. */
export function button(pane: Locator, text: string): Locator {
  return pane.locator('vscode-button', { hasText: text });
}

/** Of the selected entry; a narrow page has one entry at a time. */
export function deployButton(page: Page, width: number): Locator {
  return width > 980
    ? page.locator('.row[aria-current] vscode-button', { hasText: 'Deploy' })
    : page.locator('.chain-strip').getByRole('button', { name: 'Deploy' });
}

export async function passedRun(studio: StudioCommand): Promise<string> {
  const listed = await ask(studio, '/api/provenance');
  const { runs } = (await listed.json()) as ProvenancePage;
  return runs.find(({ status }) => status === 'pass')?.simId ?? '';
}

/** The signed decision that let the Capsule in. */
export async function decisionOf({ folder }: StudioCommand): Promise<string> {
  const entries = await salvageEntries(path.join(folder, '.meshsim/ledger'));
  const allowed = entries.map(({ entry }) => entry).find(isAllowed);
  return allowed?.body ?? '';
}

function isAllowed(entry: LedgerEntry): entry is Extract<LedgerEntry, { kind: 'gate-decision' }> {
  return entry.kind === 'gate-decision' && entry.decision === 'allow';
}
