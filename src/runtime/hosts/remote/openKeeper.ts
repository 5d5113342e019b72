import { systemClock } from '../../../base/clock.ts';
import { MeshSimError } from '../../../base/errors.ts';
import { legible } from '../../../base/shortText.ts';
import { SHIPPED, type HostSpec } from '../../../model/hosts.ts';
import type { HostClaims } from '../../../wire/keeper.ts';
import { NodeMissing } from '../ship/failure.ts';
import { needOf, SHIP_EXIT } from '../ship/scripts.ts';
import type { Shipper } from '../ship/shipper.ts';
import { hostCommand } from './hostCommand.ts';
import { hostFailure, hostKeyIn, lastLine } from './hostFailure.ts';
import type { HostRecord, Hosting } from './hosting.ts';
import { KeeperLink, type KeeperLinkOptions } from './keeperLink.ts';
import { PodRecord } from './kubernetes/podRecord.ts';
import type { PipesProcess } from './pipesProcess.ts';
import { wallSkewMs } from './wallSkew.ts';

/** To a keeper that answers: a container may have to be created first. */
const OPEN_LIMIT_MS = 90_000;
/** A program that was told to end does so within moments. */
const END_LIMIT_MS = 10_000;

export interface KeeperProgram {
  /** The bundled keeper. */
  readonly file: string;
  /** Its SHA-256, hex. */
  readonly digest: string;
}

export interface OpenKeeperOptions extends Omit<Hosting, 'digest'> {
  readonly pipes: PipesProcess;
  readonly keeper: KeeperProgram;
  /** Tells its pipe from others. */
  readonly node: number;
  readonly host: string;
  readonly spec: HostSpec;
  readonly onAgent: KeeperLinkOptions['onAgent'];
  /** The keeper cannot be heard any more; end of a sentence. */
  readonly onLost: (words: string) => void;
  /** Brings Node.js there where a host has to have it sent; left out: such a host fails. */
  readonly shipper?: Shipper | undefined;
  /** It is wanted no more. */
  readonly signal?: AbortSignal | undefined;
  /** Left out: a minute and a half. */
  readonly limitMs?: number;
}

/** A keeper that is there. */
export interface OpenedKeeper {
  readonly link: KeeperLink;
  readonly claims: HostClaims;
  /** Of ssh: the fingerprint of the host's key. */
  readonly hostKey?: string | undefined;
  /** Of a Pod: the image that runs, by its digest, as the cluster tells it. */
  readonly image?: string | undefined;
  /** ms of the host's wall clock ahead of this machine's. */
  readonly wallSkewMs: number;
  /** To be called when its pipe was closed: nothing of the node stays there. Left out: nothing does. */
  readonly remove?: (() => Promise<void>) | undefined;
}

/**
 * Starts a keeper on a host, and waits until its clock is known. Where Node.js has to be sent first, it is.
 * @throws MeshSimError `host-failed` in one sentence, those of Shipper
 */
export async function openKeeper(options: OpenKeeperOptions): Promise<OpenedKeeper> {
  const { shipper, host, spec } = options;
  if (shipper === undefined) return openOnce(options);
  try {
    return await openOnce(options);
  } catch (error) {
    if (!(error instanceof NodeMissing)) throw error;
    await shipper.ship(host, spec, error);
    return openOnce(options);
  }
}

async function openOnce(options: OpenKeeperOptions): Promise<OpenedKeeper> {
  const { pipes, keeper, node, host, spec, onAgent, onLost, limitMs = OPEN_LIMIT_MS } = options;
  const { simId, nodeId, mostMs, signal } = options;
  const record = recordOf(options);
  const link = new KeeperLink({
    ...{ pipes, node, host, onAgent },
    onSilent: (ms) => {
      const seconds = Math.round(ms / 1_000);
      const words = `${host} was not heard from for ${seconds} s; it ends what it runs itself within 15 s.`;
      const end = (failure = new MeshSimError('host-failed', words)) => {
        lose(failure);
        link.close();
      };
      if (record === undefined) end();
      else void record.ending().then(end);
    },
    onGone: (end) => {
      if (end.code === SHIP_EXIT.missing && spec.node === SHIPPED) {
        link.giveUp(new NodeMissing(host, needOf(lastLine(end.words))));
        return;
      }
      if (record === undefined || end.refusal !== undefined) lose(hostFailure(host, spec, end));
      else void record.failure(end).then(lose);
    },
  });
  const lose = (failure: MeshSimError) => {
    link.giveUp(failure);
    onLost(failure.message.replace(/\.$/, ''));
  };
  const command = hostCommand(spec, { simId, nodeId, digest: keeper.digest, mostMs });
  pipes.send({ type: 'open', node, ...command, keeper: keeper.file });
  const limit = setTimeout(() => {
    const text = `${host} did not answer within ${limitMs / 1_000} s: see whether it can be reached, and how busy it is.`;
    const why = record?.pending(limitMs) ?? new MeshSimError('host-failed', text);
    void Promise.resolve(why).then((failure) => link.giveUp(failure));
  }, limitMs);
  record?.watch((failure) => link.giveUp(failure));
  const interrupt = () => link.giveUp(new MeshSimError('interrupted', 'The run was interrupted.'));
  signal?.addEventListener('abort', interrupt, { once: true });
  if (signal?.aborted === true) interrupt();
  try {
    const claims = await link.greeted;
    await link.timed;
    const image = await record?.image();
    const remove = record === undefined ? undefined : () => forget(record, link);
    return {
      link,
      claims: shown(claims),
      hostKey: hostKeyIn(link.words),
      image,
      wallSkewMs: wallSkewMs(claims, link.clock?.offsetMs ?? 0, systemClock),
      remove,
    };
  } catch (error) {
    link.close();
    if (record !== undefined) await forget(record, link);
    throw error;
  } finally {
    clearTimeout(limit);
    record?.unwatch();
    signal?.removeEventListener('abort', interrupt);
  }
}

function recordOf({ host, spec, pipes, simId, nodeId }: OpenKeeperOptions): HostRecord | undefined {
  if (spec.kind !== 'kubernetes') return undefined;
  return new PodRecord({ host, spec, simId, nodeId, environment: pipes.environment });
}

/** What the program of a pipe was about to make when it was ended may come to be after it was looked for. */
async function forget(record: HostRecord, link: KeeperLink): Promise<void> {
  if (await record.remove()) return;
  const limit = new Promise((resolve) => setTimeout(resolve, END_LIMIT_MS).unref());
  await Promise.race([link.gone, limit]);
  await record.remove();
}

/** What a host says of itself is shown to people. */
function shown(claims: HostClaims): HostClaims {
  const { os, arch, node, kernel } = claims;
  const short = { os: legible(os, 32), arch: legible(arch, 32), node: legible(node, 32) };
  return { ...claims, ...short, kernel: legible(kernel, 100) };
}
