import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MeshSimError, systemCode } from '../../base/errors.ts';
import { readRegular } from '../../base/regularFile.ts';
import { CAPTURE_MODES, type CaptureMode } from '../../model/captureMode.ts';
import { nodeIdOf } from '../../model/nodeIds.ts';
import { readBlocks, pcapngHeader } from '../../runtime/pcapng.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { runPaths } from '../workspace/workspacePaths.ts';
import { capturePart } from './captureFile.ts';
import { parsePlan, readPlanFile } from './planFile.ts';
import { simIdOf } from './runs.ts';

/** What a run kept of the packets between its services, as one pcapng file. */
export interface Capture {
  readonly simId: string;
  readonly mode: CaptureMode;
  readonly file: Buffer;
  readonly packets: number;
  /** Packets that the disk was too slow for. */
  readonly missed: number;
  /** ISO time: packets before it were let go of; left out: all are there. */
  readonly cutUntil?: string;
}

/**
 * The capture of a run, by a unique prefix of its simId; of one that goes on, what is on the disk by now.
 * @throws MeshSimError `run-unknown`, `usage` when ambiguous, `capture-missing` when it keeps none
 */
export async function captureOf(workspace: Workspace, prefix: string): Promise<Capture> {
  const simId = await simIdOf(workspace, prefix);
  const paths = runPaths(workspace.paths, simId);
  const parts = await partsIn(paths.folder);
  const [first] = parts;
  if (first === undefined) {
    throw new MeshSimError(
      'capture-missing',
      `Simulation ${simId} keeps no packets: start a run with --pcap, or switch "Keep packet headers" on in the Studio.`,
    );
  }
  const { params } = parsePlan(await readPlanFile(paths.plan), paths.plan);
  const { mode } = first;
  const read = await Promise.all(
    parts.map(({ number }) => readPart(path.join(paths.folder, capturePart(mode, number)))),
  );
  const blocks = read.map((bytes) => readBlocks(bytes));
  const start = blocks.find(({ startsAt }) => startsAt !== undefined)?.startsAt;
  const isCut = first.number > 0 && start !== undefined;
  const cutUntil = isCut ? new Date(start).toISOString() : undefined;
  const missed = blocks.reduce((sum, { dropped }) => sum + dropped, 0);
  const header = pcapngHeader(
    Array.from({ length: params.nodes }, (_, index) => nodeIdOf(index)),
    workspace.options.product,
    wordsOf({ simId, mode, missed, cutUntil }),
  );
  return {
    ...{ simId, mode, missed },
    file: Buffer.concat([header, ...blocks.map(({ whole }) => whole)]),
    packets: blocks.reduce((sum, { packets }) => sum + packets, 0),
    ...(cutUntil === undefined ? {} : { cutUntil }),
  };
}

interface Part {
  readonly mode: CaptureMode;
  readonly number: number;
}

/** The parts there are, oldest first. */
async function partsIn(folder: string): Promise<Part[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return CAPTURE_MODES.flatMap((mode) =>
    names.flatMap((name) => {
      const number = Number(name.slice(capturePart(mode, 0).length - 1));
      return name === capturePart(mode, number) ? [{ mode, number }] : [];
    }),
  ).sort((left, right) => left.number - right.number);
}

/** A run that goes on may have removed it by now. */
async function readPart(file: string): Promise<Buffer> {
  try {
    return Buffer.from(await readRegular(file));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** What the file says of itself. */
function wordsOf(capture: {
  readonly simId: string;
  readonly mode: CaptureMode;
  readonly missed: number;
  readonly cutUntil: string | undefined;
}): string {
  const { simId, mode, missed, cutUntil } = capture;
  const kept = mode === 'full' ? 'Packets are whole.' : 'Headers only.';
  const cut = cutUntil === undefined ? '' : ` What was sent before ${cutUntil} was let go of.`;
  const slow = missed === 0 ? '' : ` The disk was too slow for ${missed} packets.`;
  return `Packets between services of simulation ${simId}. ${kept}${cut}${slow}`;
}
