import { MeshSimError } from '../../../base/errors.ts';
import { legible } from '../../../base/shortText.ts';
import { nodeIdOf } from '../../../model/nodeIds.ts';
import {
  doneSchema,
  neededSchema,
  preparedSchema,
  type HostClaims,
  type Prepared,
} from '../../../wire/keeper.ts';
import { secretsFor } from '../../real/launchCommand.ts';
import type { RealRunOptions } from '../../real/options.ts';
import { hostCommand } from './hostCommand.ts';
import { contentFiles, programFiles, type HostFile } from './hostContent.ts';
import { hostFailure, hostKeyIn } from './hostFailure.ts';
import { KeeperLink } from './keeperLink.ts';
import type { PipesProcess } from './pipesProcess.ts';
import type { RemoteNode } from './remoteNode.ts';

/** To a keeper that answers, and the same for what it has to be sent: a container may have to be created first. */
const OPEN_LIMIT_MS = 90_000;
/** So many digests are asked about at once. */
const ASKED_AT_ONCE = 5_000;

export interface OpenNodeOptions {
  readonly options: RealRunOptions;
  readonly pipes: PipesProcess;
  /** The bundled keeper, and its SHA-256. */
  readonly keeper: { readonly file: string; readonly digest: string };
  /** The node's host was lost while the run lasted, end of a sentence that begins with its agent. */
  readonly onLost: (node: RemoteNode, words: string) => void;
}

/**
 * Starts the keeper of a node on its host, and brings there what the node is started with.
 * @throws MeshSimError `host-failed`, `secret-missing`, `disk-failed` in one sentence
 */
export async function openNode(node: RemoteNode, context: OpenNodeOptions): Promise<void> {
  const { options, pipes, keeper, onLost } = context;
  const { index, host, spec } = node;
  requireSecretsAllowed(node, options);
  const link = new KeeperLink({
    ...{ pipes, node: index, host },
    onAgent: (news) => node.onAgent(news),
    onSilent: (ms) => {
      const seconds = Math.round(ms / 1_000);
      onLost(
        node,
        `is lost: ${host} was not heard from for ${seconds} s; it ends what it runs itself within 15 s`,
      );
    },
    onGone: (code, words) => {
      const failure = hostFailure(host, spec, { code, words });
      link.giveUp(failure);
      onLost(node, `is lost: ${endOfSentence(failure.message)}`);
    },
  });
  const { simId } = options;
  const command = hostCommand(spec, { simId, nodeId: nodeIdOf(index), digest: keeper.digest });
  pipes.send({ type: 'open', node: index, ...command, keeper: keeper.file });
  const limit = setTimeout(() => {
    const text = `${host} did not answer within ${OPEN_LIMIT_MS / 1_000} s: see whether it can be reached, and how busy it is.`;
    link.giveUp(new MeshSimError('host-failed', text));
    link.close();
  }, OPEN_LIMIT_MS);
  try {
    const claims = await link.greeted;
    const wallSkewMs = claims.wallMs - Date.now();
    await link.timed;
    const prepared = await prepare(link, simId, nodeIdOf(index));
    node.opened(link, {
      claims: shown(claims),
      prepared,
      hostKey: hostKeyIn(link.words),
      wallSkewMs,
    });
  } finally {
    clearTimeout(limit);
  }
  await bring(link, await programFiles(options));
  await bring(link, await contentFiles(options, index));
}

async function prepare(link: KeeperLink, simId: string, nodeId: string): Promise<Prepared> {
  return link.ask({ ask: 'prepare', simId, nodeId }, preparedSchema);
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

/** What a host says of itself is shown to people. */
function shown(claims: HostClaims): HostClaims {
  const { os, arch, node, kernel } = claims;
  const short = { os: legible(os, 32), arch: legible(arch, 32), node: legible(node, 32) };
  return { ...claims, ...short, kernel: legible(kernel, 100) };
}

function endOfSentence(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
