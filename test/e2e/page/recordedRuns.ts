import type { Page } from '@playwright/test';
import { commitChange } from '../../support/harborPay.ts';
import type { StudioCommand } from '../../support/studioCommand.ts';
import type { StartRequest } from '../../../src/model/api.ts';
import { test as base } from './studioPage.ts';

export { expect, expectNoAxeViolations, SCREENS, type Theme } from './studioPage.ts';

export const THEMES = ['dark', 'light', 'hc', 'hcl', 'none'] as const;

/** simIds of sealed runs of three real node processes each. */
export interface RecordedRuns {
  readonly baseline: string;
  /** A node was killed while it received, came back and became healthy. */
  readonly passed: string;
  /** A node was offered another commit than the signed one. */
  readonly drifted: string;
}

interface WorkerFixtures {
  /**
   * Tests that add to the workspace say so by a name of their own, and get one that tests which count its entries never see.
   */
  readonly workspaceOf: string;
  readonly runs: RecordedRuns;
}

/** A Studio over a workspace with two passing runs and one that failed. */
export const test = base.extend<object, WorkerFixtures>({
  workspaceOf: ['tests that only read', { option: true, scope: 'worker' }],
  runs: [
    async ({ studioCommand }, use) => {
      await use(await recordRuns(studioCommand));
    },
    { scope: 'worker', timeout: 180_000 },
  ],
});

async function recordRuns(studio: StudioCommand): Promise<RecordedRuns> {
  const call = caller(studio.url);
  const { capsules } = await call<{ capsules: { capsuleHash: string }[] }>('/api/capsules');
  const capsuleHash = capsules[0]?.capsuleHash ?? '';
  const params = { nodes: 3, latencyMs: [20, 60] as [number, number] };
  const commit = await commitChange(studio, 'services/orders/drift.txt', 'another content');
  const run = async (request: Partial<StartRequest>): Promise<string> => {
    const body = JSON.stringify({ capsuleHash, params, ...request });
    const { simId } = await call<{ simId: string }>('/api/mesh-sim/start', body);
    await call('/api/mesh-sim/record', JSON.stringify({ simId }));
    return simId;
  };
  return {
    baseline: await run({ seed: 1 }),
    passed: await run({ seed: 2, chaos: { preset: 'crash-mid-deploy' } }),
    drifted: await run({ seed: 3, drift: [{ node: 'n2', service: 'orders', commit }] }),
  };
}

/** Requests as the page makes them; a body makes it a POST. */
function caller(printed: string) {
  const { origin, hash } = new URL(printed);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  return async <T>(route: string, body?: string): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body };
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${origin}${route}`, { ...init, headers });
    if (!response.ok) throw new Error(`${route}: ${await response.text()}`);
    return (await response.json()) as T;
  };
}

/** Runs in the page, which has other globals than the tests. */
const OVERFLOWING = `
  [...document.querySelectorAll('html, .studio, .app, .centre, .side, .provenance, .entries')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    .map(({ localName, className }) => className || localName)`;

/** Areas that hold more than fits in their width, by class. */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(OVERFLOWING);
}
