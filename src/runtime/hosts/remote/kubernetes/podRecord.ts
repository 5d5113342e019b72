import { MeshSimError } from '../../../../base/errors.ts';
import type { ProgramEnd } from '../hostFailure.ts';
import type { HostRecord, Hosting } from '../hosting.ts';
import { kubectl, type KubectlAnswer } from './kubectl.ts';
import { ended, hopeless, refusal, stillPending, unknown, type PodPlace } from './podFailure.ts';
import { clusterFlags, CONTAINER, podName, type PodHost } from './podSpec.ts';
import { containerOf, hasEnded, readPod, type PodState } from './podState.ts';

/** Between two looks at a Pod that is not there yet; each is a program that starts. ms */
const LOOK_MS = 3_000;

export interface PodRecordOptions extends Pick<Hosting, 'simId' | 'nodeId'> {
  readonly host: string;
  readonly spec: PodHost;
  /** For kubectl, which finds the user's cluster by it. */
  readonly environment: NodeJS.ProcessEnv;
}

/** What a cluster knows of the Pod of one node. */
export class PodRecord implements HostRecord {
  readonly #place: PodPlace;
  readonly #environment: NodeJS.ProcessEnv;
  #looking: NodeJS.Timeout | undefined;
  #isWatching = false;
  #wasThere = false;

  constructor({ host, spec, environment, ...of }: PodRecordOptions) {
    this.#place = { host, spec, name: podName(of) };
    this.#environment = environment;
  }

  watch(onHopeless: (failure: MeshSimError) => void): void {
    this.#isWatching = true;
    const lookLater = () => {
      this.#looking = setTimeout(() => void look(), LOOK_MS);
    };
    const look = async () => {
      const { pod } = await this.#look();
      if (!this.#isWatching) return;
      const sentence = pod === undefined ? undefined : hopeless(this.#place, pod);
      if (sentence === undefined) lookLater();
      else onHopeless(failed(sentence));
    };
    lookLater();
  }

  unwatch(): void {
    this.#isWatching = false;
    clearTimeout(this.#looking);
  }

  async pending(limitMs: number): Promise<MeshSimError> {
    const place = this.#place;
    const { pod, answer } = await this.#look();
    const known = pod === undefined ? refusal(place, answer) : hopeless(place, pod);
    return failed(known ?? stillPending(place, pod, limitMs));
  }

  async failure(end: ProgramEnd): Promise<MeshSimError> {
    const place = this.#place;
    const first = refusal(place, end);
    if (first !== undefined) return failed(first);
    const { pod, answer } = await this.#look();
    if (pod !== undefined) return failed(hopeless(place, pod) ?? ended(place, pod, end));
    const told = refusal(place, answer);
    // That there is no such Pod any more is an answer as well.
    return failed(told ?? (this.#wasThere ? ended(place, undefined, end) : unknown(place, end)));
  }

  async ending(): Promise<MeshSimError | undefined> {
    const { pod, answer } = await this.#look();
    const isGone = pod === undefined ? answer.words.includes('(NotFound)') : hasEnded(pod);
    return isGone ? failed(ended(this.#place, pod, { code: null, words: '' })) : undefined;
  }

  async image(): Promise<string | undefined> {
    const { pod } = await this.#look();
    const id = pod === undefined ? undefined : containerOf(pod, CONTAINER)?.imageID;
    // Runtimes say where it is from in ways of their own: "docker-pullable://node@sha256:…".
    const image = id?.replace(/^[a-z-]+:\/\//, '');
    return image?.includes('@sha256:') === true ? image : undefined;
  }

  async remove(): Promise<boolean> {
    const { out } = await removePods(this.#place.spec, [this.#place.name], this.#environment);
    return out.trim() !== '';
  }

  async #look(): Promise<{ readonly pod: PodState | undefined; readonly answer: KubectlAnswer }> {
    const { spec, name } = this.#place;
    const answer = await kubectl(
      [...clusterFlags(spec), 'get', 'pod', name, '--output', 'json'],
      this.#environment,
    );
    const pod = answer.code === 0 ? readPod(answer.out) : undefined;
    this.#wasThere ||= pod !== undefined;
    return { pod, answer };
  }
}

/** At once: keepers have left before, or have nobody left to be kept for. */
export function removePods(
  spec: PodHost,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<KubectlAnswer> {
  const now = ['--grace-period=0', '--force', '--wait=false', '--ignore-not-found'];
  return kubectl(
    [...clusterFlags(spec), 'delete', 'pods', ...now, '--output', 'name', ...names],
    environment,
  );
}

function failed(sentence: string): MeshSimError {
  return new MeshSimError('host-failed', sentence);
}
