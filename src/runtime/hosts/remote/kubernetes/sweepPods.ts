import { MeshSimError } from '../../../../base/errors.ts';
import { lastLine } from '../hostFailure.ts';
import { kubectl } from './kubectl.ts';
import { refusal } from './podFailure.ts';
import { removePods } from './podRecord.ts';
import { clusterFlags, RUN_LABEL, type PodHost } from './podSpec.ts';
import { hasEnded, readPods, type PodState } from './podState.ts';

/** A Pod that waits for longer than any orchestrator waits for it has none any more. ms */
const WAITING_MS = 5 * 60_000;

/**
 * Removes the Pods that runs have left in a namespace. Those that run are not touched: their keepers end when their orchestrators do.
 * @returns what was removed, in words
 * @throws MeshSimError `host-failed`
 */
export async function sweepPods(
  host: string,
  spec: PodHost,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  const ask = [...clusterFlags(spec), 'get', 'pods', '--selector', RUN_LABEL, '--output', 'json'];
  const listed = await kubectl(ask, environment);
  const pods = listed.code === 0 ? readPods(listed.out) : undefined;
  if (pods === undefined) throw failure(host, spec, listed);
  const left = pods.filter((pod) => hasEnded(pod) || isForgotten(pod));
  if (left.length === 0) return [];
  const names = left.map(({ metadata }) => metadata.name);
  const removed = await removePods(spec, names, environment);
  if (removed.code !== 0) throw failure(host, spec, removed);
  return names.map((name) => `the Pod ${name}`);
}

function isForgotten({ status, metadata: { creationTimestamp = '' } }: PodState): boolean {
  return status.phase === 'Pending' && Date.now() - Date.parse(creationTimestamp) > WAITING_MS;
}

function failure(
  host: string,
  spec: PodHost,
  { code, words }: Pick<Awaited<ReturnType<typeof kubectl>>, 'code' | 'words'>,
): MeshSimError {
  const place = { host, spec, name: '' };
  const how = `The Pods that runs have left on ${host} cannot be removed: kubectl says "${lastLine(words)}".`;
  return new MeshSimError('host-failed', refusal(place, { code, words }) ?? how);
}
