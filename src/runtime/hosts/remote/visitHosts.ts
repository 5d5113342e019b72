import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { messageOf } from '../../../base/errors.ts';
import { readRegularSync } from '../../../base/regularFile.ts';
import type { HostsFile } from '../../../model/hosts.ts';
import { sha256Hex } from '../../../signing/digest.ts';
import { sweptSchema } from '../../../wire/keeper.ts';
import { Shipper, type ShipperOptions } from '../ship/shipper.ts';
import type { HostClock } from '../pipes/control.ts';
import { sweepPods } from './kubernetes/sweepPods.ts';
import { openKeeper, type OpenedKeeper } from './openKeeper.ts';
import { PipesProcess, type PipesProcessOptions } from './pipesProcess.ts';

/** No visit takes longer. */
const MOST_MS = 5 * 60_000;

export interface VisitOptions extends Omit<PipesProcessOptions, 'entry' | 'onFailure'> {
  /** dist/pipes.cjs and dist/keeper.cjs. */
  readonly bundles: { readonly pipes: string; readonly keeper: string };
  readonly hosts: HostsFile['hosts'];
  /** Remove there what runs have left, or all that is kept for the next run too; left out: only look. */
  readonly remove?: 'left' | 'everything' | undefined;
  /** See ShipperOptions. */
  readonly onWait?: ShipperOptions['onWait'];
  /** Aborted: what is being sent is sent no further. */
  readonly signal: AbortSignal;
}

export type Visit = { readonly host: string } & (
  | (Omit<OpenedKeeper, 'link' | 'remove'> & {
      readonly clock: HostClock;
      /** What the way there carries each way, both at once, in Mbit/s; left out: it could not be measured. */
      readonly pathMbps?: number | undefined;
      /** Paths there; undefined: nothing was to be removed. */
      readonly removed?: readonly string[];
      /** What was sent there to run nodes in, and is kept. */
      readonly kept?: readonly { readonly path: string; readonly bytes: number }[];
    })
  /** What was left there was removed without a keeper. */
  | { readonly removed: readonly string[] }
  | { readonly problem: string }
);

/** Visits each host once, without a run. What is wrong with one is told of that one. */
export async function visitHosts(options: VisitOptions): Promise<Visit[]> {
  const { bundles, hosts, remove, compileCacheFolder, environment, onWait, signal } = options;
  const onFailure = () => undefined;
  const pipes = new PipesProcess({
    ...{ entry: bundles.pipes, compileCacheFolder, environment, onFailure },
  });
  // Nothing is sent to where all is to be removed.
  const shipper =
    remove === undefined
      ? new Shipper({ environment, bundleFolder: path.dirname(bundles.keeper), onWait, signal })
      : undefined;
  const keeper = { file: bundles.keeper, digest: sha256Hex(readRegularSync(bundles.keeper)) };
  const visits: Visit[] = [];
  try {
    // One after the other: what each says of its clock is not the work of another.
    for (const [node, [host, spec]] of Object.entries(hosts).entries()) {
      visits.push(await visit({ pipes, keeper, shipper, node, host, spec, remove }));
    }
  } finally {
    await pipes.stop();
  }
  return visits;
}

type Visited = Pick<
  Parameters<typeof openKeeper>[0],
  'pipes' | 'keeper' | 'shipper' | 'node' | 'host' | 'spec'
>;

async function visit({ remove, ...of }: Visited & Pick<VisitOptions, 'remove'>): Promise<Visit> {
  const { host } = of;
  const nobody = () => undefined;
  try {
    const { spec, pipes } = of;
    if (remove !== undefined && spec.kind === 'kubernetes') {
      return { host, removed: await sweepPods(host, spec, pipes.environment) };
    }
    // Others may visit the same host.
    const simId = `visit-${randomUUID()}`;
    const opened = await openKeeper({
      ...{ ...of, simId, nodeId: 'n0', mostMs: MOST_MS, onAgent: nobody, onLost: nobody },
    });
    const { link, remove: forget, ...found } = opened;
    const everything = remove === 'everything';
    const swept =
      remove === undefined ? {} : await link.ask({ ask: 'sweep', everything }, sweptSchema);
    const { clock } = link;
    const pathMbps = remove === undefined ? await link.measurePath() : undefined;
    link.close();
    await forget?.();
    if (clock === undefined) return { host, problem: `${host} did not tell its clock.` };
    return { host, ...found, clock, pathMbps, ...swept };
  } catch (error) {
    return { host, problem: messageOf(error) };
  }
}
