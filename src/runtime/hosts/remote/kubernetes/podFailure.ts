import { legible } from '../../../../base/shortText.ts';
import { HOSTS_FILE } from '../../../../model/hosts.ts';
import { hostFailure, type ProgramEnd } from '../hostFailure.ts';
import { LOADER_EXIT, OLDEST_NODE } from '../loader.ts';
import { clusterFlags, CONTAINER, type PodHost } from './podSpec.ts';
import { containerOf, type PodState } from './podState.ts';

/** Who a sentence is about. */
export interface PodPlace {
  /** Name in mesh.hosts.json. */
  readonly host: string;
  readonly spec: PodHost;
  /** The Pod's name in the cluster. */
  readonly name: string;
}

/** Of runtimes of containers: the program to be started is not in the image. */
const NO_PROGRAM = /executable file .*not found|no such file or directory/i;
/** What kubectl says besides, and how it says that a container has ended. */
const ASIDE = /^(Warning: |warning: |pod \S+ (terminated|failed) |command terminated )/;
/** What its libraries tell developers, also after words that had no end of their own. */
const LOGGED = /[EWIF]\d{4} \d{2}:\d{2}:\d{2}\..*/;
/** States of a container that do not change by themselves. */
const NO_IMAGE = ['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];
const NO_START = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'];
const NOT_STARTED = ['StartError', 'ContainerCannotRun'];

function cut(words: string | undefined): string {
  return legible((words ?? '').trim(), 300).replace(/[.\s]+$/, '');
}

/** What to type to see for oneself. */
function seen({ spec }: PodPlace, words: string): string {
  return `kubectl ${[...clusterFlags(spec), words].join(' ')}`;
}

/** The lines that kubectl means for a person. */
function linesOf(words: string): string[] {
  const lines = words.split(/\r?\n/).map((line) => line.replace(LOGGED, '').trim());
  return lines.filter((line) => line !== '' && !ASIDE.test(line));
}

/** By what kubectl says itself, before there is a Pod or instead of being its pipe; undefined: it says nothing that is known. */
export function refusal(place: PodPlace, { code, words }: ProgramEnd): string | undefined {
  const { host, spec } = place;
  if (code === null && words.includes('ENOENT')) {
    return `There is no program "kubectl" on this machine to reach ${host} with: install it.`;
  }
  const attached = /couldn't attach to pod.*?: (.*)/.exec(words)?.[1];
  if (attached?.includes('orbidden') === true) {
    return `${host} does not let you attach to Pods (${cut(attached)}): ask for the verbs create and get of pods/attach there.`;
  }
  const said = linesOf(words);
  const line = (pattern: RegExp) => said.find((one) => pattern.test(one));
  const flag = line(/^error: unknown (flag|shorthand flag|command)/i);
  if (flag !== undefined) {
    return `Your kubectl is too old to reach ${host} with (${cut(flag)}): install a newer one.`;
  }
  if (line(/context .*(does not exist|was not found)|no context exists/) !== undefined) {
    return `Your kubeconfig has no context "${spec.context ?? ''}" for ${host}: see "kubectl config get-contexts", and set "context" in ${HOSTS_FILE}.`;
  }
  const unknown = line(/^Error from server \(NotFound\): namespaces /);
  if (unknown !== undefined) {
    return `${host} has no namespace "${/"([^"]*)"/.exec(unknown)?.[1] ?? spec.namespace ?? ''}": create it, or set "namespace" in ${HOSTS_FILE}.`;
  }
  const login = line(/logged in to the server|\(Unauthorized\)|getting credentials/);
  if (login !== undefined) {
    return `${host} does not know you (${cut(login)}): log in until "${seen(place, 'get pods')}" answers.`;
  }
  const forbidden = line(/^Error from server \(Forbidden\)/);
  if (forbidden !== undefined) {
    const why = cut(forbidden.replace(/^Error from server \(Forbidden\): /, ''));
    const verb = /cannot (\w+) resource "([\w/]+)"/.exec(why);
    if (verb !== null) {
      return `${host} forbids it: you cannot ${verb[1] ?? ''} ${verb[2] ?? ''} there (${why}): ask for create, get, list, watch and delete of pods, and for create and get of pods/attach.`;
    }
    return `${host} takes no such Pod (${why}): see quotas and policies of its namespace, and "memory" and "cpus" in ${HOSTS_FILE}.`;
  }
  const told = line(
    /^(error: )?(Unable to connect to the server|The connection to the server)|(dial tcp|connection refused|no such host|TLS handshake|x509)/i,
  );
  // One that was ended before it came to say so has logged it.
  const unreachable = told ?? /dial tcp [^\n"]+/.exec(words)?.[0];
  if (unreachable !== undefined) {
    return `The cluster of ${host} cannot be reached (${cut(unreachable)}): see that "${seen(place, 'get pods')}" answers.`;
  }
  return undefined;
}

/** By the state of its Pod, why a container will never run; undefined: it may, or does. */
export function hopeless(place: PodPlace, pod: PodState): string | undefined {
  const { host, spec } = place;
  const { waiting, terminated } = containerOf(pod, CONTAINER)?.state ?? {};
  const { reason = '', message } = waiting ?? terminated ?? {};
  const why = cut(message ?? reason);
  if (NO_IMAGE.includes(reason)) {
    return `${host} cannot have the image ${spec.image} (${why}): check "image" in ${HOSTS_FILE}, and that the cluster may pull it.`;
  }
  if (!NO_START.includes(reason) && !NOT_STARTED.includes(reason)) return undefined;
  if (NO_PROGRAM.test(why)) return noProgram(place, why);
  return `${host} cannot start the container of the Pod ${place.name} (${reason}: ${why}): see "${seen(place, `describe pod ${place.name}`)}".`;
}

function noProgram({ host, spec: { node = 'node' } }: PodPlace, why: string): string {
  return `${host} has no program "${node}" (${why}): use an image with Node.js ${OLDEST_NODE} or newer, or set "node" in ${HOSTS_FILE}.`;
}

/** Why a Pod is not running after all this time, in the words of the scheduler where it has any. */
export function stillPending(place: PodPlace, pod: PodState | undefined, limitMs: number): string {
  const within = `within ${Math.round(limitMs / 1_000)} s`;
  const unmet = pod?.status.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  const waiting = pod === undefined ? undefined : containerOf(pod, CONTAINER)?.state?.waiting;
  const why = cut(unmet?.message ?? unmet?.reason ?? waiting?.message ?? waiting?.reason);
  const told = why === '' ? '' : ` (${why})`;
  if (unmet !== undefined) {
    return `${place.host} found no Node for the Pod ${place.name} ${within}${told}: lower "memory" or "cpus", change "nodeSelector" in ${HOSTS_FILE}, or make room there.`;
  }
  return `${place.host} did not answer ${within}${told}: see "${seen(place, 'get pods')}", and how busy it is.`;
}

/** kubectl has said something that nothing is known of, and there is no Pod. */
export function unknown({ host }: PodPlace, { code, words }: ProgramEnd): string {
  const last = cut(linesOf(words).at(-1));
  const how = code === null ? 'ended before its time' : `ended with code ${code}`;
  return `${host} cannot be reached: kubectl ${how}${last === '' ? '' : ` (${last})`}.`;
}

/** Why a Pod that ran is no more. @param pod undefined: the cluster has none of that name any more */
export function ended(place: PodPlace, pod: PodState | undefined, end: ProgramEnd): string {
  const { host, spec, name } = place;
  if (pod === undefined) {
    return `The Pod ${name} on ${host} was deleted while it ran: find out by whom, and run again.`;
  }
  const { reason, message } = pod.status;
  const terminated = containerOf(pod, CONTAINER)?.state?.terminated;
  if (terminated?.reason === 'OOMKilled') {
    const limit =
      spec.memory === undefined ? 'its Node had none left' : `its limit is ${spec.memory}`;
    return `The Pod ${name} on ${host} was ended for want of memory (OOMKilled; ${limit}): raise "memory" in ${HOSTS_FILE}.`;
  }
  if (reason === 'DeadlineExceeded') {
    return `The Pod ${name} on ${host} was ended because it was there for too long (${cut(message)}): give the plan a longer deadline.`;
  }
  if (reason !== undefined) {
    const what = reason === 'Evicted' ? 'evicted' : `ended (${cut(reason)})`;
    const why = message === undefined ? '' : ` (${cut(message)})`;
    return `The Pod ${name} on ${host} was ${what}${why}: see what its Node lacks, and run again.`;
  }
  if (typeof pod.metadata.deletionTimestamp === 'string') {
    return `The Pod ${name} on ${host} was deleted while it ran: find out by whom, and run again.`;
  }
  const code = terminated?.exitCode ?? end.code;
  const own = linesOf(end.words).join('\n');
  if (Object.values(LOADER_EXIT).some((exit) => exit === code)) {
    return hostFailure(host, spec, { code, words: own }).message;
  }
  const last = cut(linesOf(end.words).at(-1));
  if (NO_PROGRAM.test(last)) return noProgram(place, last);
  const said = last === '' ? '' : ` (${last})`;
  if (terminated !== undefined) {
    return `The Pod ${name} on ${host} ended with code ${terminated.exitCode ?? 'unknown'}${said}: see that its image has a whole Node.js.`;
  }
  return `The connection to the Pod ${name} on ${host} was cut${said}: see that "${seen(place, 'get pods')}" answers, and run again.`;
}
