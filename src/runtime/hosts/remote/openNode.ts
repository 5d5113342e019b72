import { MeshSimError } from '../../../base/errors.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import { doneSchema, neededSchema, preparedSchema } from '../../../wire/keeper.ts';
import { secretsFor } from '../../real/launchCommand.ts';
import type { RealRunOptions } from '../../real/options.ts';
import type { Shipper } from '../ship/shipper.ts';
import { contentFiles, type HostFile } from './hostContent.ts';
import type { KeeperLink } from './keeperLink.ts';
import { openKeeper, type KeeperProgram } from './openKeeper.ts';
import type { PipesProcess } from './pipesProcess.ts';
import type { RemoteNode } from './remoteNode.ts';

/** What comes before and after the time that a plan has. ms */
const AROUND_MS = 5 * 60_000;
/** Nobody holds a run up for longer. ms */
const HELD_MS = 12 * 3_600_000;
/** So many digests are asked about at once. */
const ASKED_AT_ONCE = 5_000;

export interface OpenNodeOptions {
  readonly options: RealRunOptions;
  readonly pipes: PipesProcess;
  readonly keeper: KeeperProgram;
  readonly shipper: Shipper;
  /** The run will not begin. */
  readonly signal: AbortSignal;
  /** The same for all nodes of a run. */
  readonly programs: Promise<readonly HostFile[]>;
  /** The node's host was lost while the run lasted, end of a sentence that begins with its agent. */
  readonly onLost: (node: RemoteNode, words: string) => void;
}

/**
 * Starts the keeper of a node on its host, and brings there what the node is started with.
 * @throws MeshSimError `host-failed`, `secret-missing`, `disk-failed` in one sentence
 */
export async function openNode(node: RemoteNode, context: OpenNodeOptions): Promise<void> {
  const { options, pipes, keeper, shipper, programs, signal, onLost } = context;
  const { index, host, spec } = node;
  requireSecretsAllowed(node, options);
  const { simId } = options;
  const nodeId = nodeIdOf(index);
  const { link, ...found } = await openKeeper({
    ...{ pipes, keeper, shipper, node: index, host, spec, simId, nodeId, signal },
    mostMs: mostMsOf(options),
    onAgent: (news) => node.onAgent(news),
    onLost: (words) => onLost(node, `is lost: ${words}`),
  });
  const prepared = await link
    .ask({ ask: 'prepare', simId, nodeId }, preparedSchema)
    .catch(async (error: unknown) => {
      link.close();
      await found.remove?.();
      throw error;
    });
  node.opened(link, { ...found, prepared });
  await bring(link, await programs);
  await bring(link, await contentFiles(options, index));
}

function mostMsOf({ plan, holdUp }: RealRunOptions): number {
  return plan.deadlineMs + AROUND_MS + (holdUp === undefined ? 0 : HELD_MS);
}

/** Sends what is not there yet, and gives it the names it is looked for by. */
async function bring(link: KeeperLink, files: readonly HostFile[]): Promise<void> {
  const byDigest = new Map(files.map((file) => [file.digest, file]));
  const digests = [...byDigest.keys()];
  for (let from = 0; from < digests.length; from += ASKED_AT_ONCE) {
    const asked = digests.slice(from, from + ASKED_AT_ONCE);
    const { missing } = await link.ask({ ask: 'need', digests: asked }, neededSchema);
    for (const digest of missing) {
      const file = byDigest.get(digest)?.file;
      if (file !== undefined) await link.upload(digest, file);
    }
  }
  for (let from = 0; from < files.length; from += ASKED_AT_ONCE) {
    const placed = files.slice(from, from + ASKED_AT_ONCE);
    const names = placed.map(({ digest, name }) => ({ digest, name }));
    await link.ask({ ask: 'place', files: names }, doneSchema);
  }
}

/** Secrets leave this machine only for a host that is said to be good for them. */
function requireSecretsAllowed({ index, host, spec }: RemoteNode, options: RealRunOptions): void {
  const [first] = Object.keys(secretsFor(options, index));
  if (first === undefined || spec.secrets) return;
  throw new MeshSimError(
    'secret-missing',
    `${nodeIdOf(index)} is to live on ${host}, and its services name the secret ${first}: set "secrets": true for ${host} in mesh.hosts.json, or place these services elsewhere.`,
  );
}
