import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { RunSnapshot } from '../../../src/model/api.ts';
import { startStudioOnCopy } from '../../support/studioCommand.ts';
import { messagesOf } from '../../support/studioServer.ts';
import { sharedStudio, STARTED, test as base } from './studioPage.ts';

export { expect, expectNoAxeViolations, LOOKS } from './studioPage.ts';

/** All there are. */
export const THEMES = ['dark', 'light', 'hc', 'hcl', 'none'] as const;
/** Colours come from the same few variables everywhere: one view is looked at in all themes, others where MESH_SIM_LOOKS is `all`. */
export const USUAL_THEMES = THEMES.slice(0, process.env.MESH_SIM_LOOKS === 'all' ? undefined : 2);

/** simIds of sealed runs of three real node processes each, or two. */
export interface RecordedRuns {
  /** Two nodes, to which nothing happened. */
  readonly baseline: string;
  /** A node was killed while it received, came back and became healthy. */
  readonly passed: string;
  /** A node was offered another commit than the signed one. */
  readonly drifted: string;
}

const RECORDED = path.join(import.meta.dirname, '../__results__/recorded');

/** Where `recordRuns.setup.ts` leaves its workspace, once for all workers, and what the runs in it are. */
export const RECORDED_WORKSPACE = {
  folder: path.join(RECORDED, 'workspace'),
  configFolder: path.join(RECORDED, 'config'),
  runsFile: path.join(RECORDED, 'runs.json'),
} as const;

/** A Studio over a copy of the workspace with two passing runs and one that failed. */
export const test = base.extend<{ readonly runs: RecordedRuns }>({
  studioCommand: [
    async ({ shared, workspaceOf }, use) => {
      const start = () => startStudioOnCopy(RECORDED_WORKSPACE);
      await use(await sharedStudio(shared, `recorded runs: ${workspaceOf}`, start));
    },
    STARTED,
  ],
  runs: async ({}, use) => {
    await use(JSON.parse(await readFile(RECORDED_WORKSPACE.runsFile, 'utf8')) as RecordedRuns);
  },
});

/** Everything the orchestrator told of a run, straight from the API. */
export async function snapshotOf(printed: string, simId: string): Promise<RunSnapshot> {
  const { origin, hash } = new URL(printed);
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${origin}/api/mesh-sim/events?simId=${simId}`, { headers });
  const messages = await messagesOf(response);
  return messages.find(({ event }) => event === 'snapshot')?.data as RunSnapshot;
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
