import type { Disturbance } from '../../wire/disturbance.ts';
import type { NameFaults } from '../box/nameFaults.ts';
import { NotApplied, type Acting } from '../disturbances.ts';
import type { Supervisor } from './supervisor.ts';

type Of<Kind extends Disturbance['kind']> = Extract<Disturbance, { kind: Kind }>;

export interface DisturbedNode {
  readonly nodeId: string;
  readonly supervisor: Supervisor;
  readonly nameFaults: NameFaults;
  /** Why its services have no network of their own, one clause; undefined: they have. */
  readonly unboxed: string | undefined;
  /** A service that was killed did not come back. */
  readonly onFailed: (error: unknown) => void;
  readonly onKilled: (service: string) => void;
}

type Act = (what: Disturbance, node: DisturbedNode, fault: number) => Acting | Promise<Acting>;
type Acts = {
  readonly [Kind in Disturbance['kind']]: (
    what: Of<Kind>,
    node: DisturbedNode,
    fault: number,
  ) => Acting | Promise<Acting>;
};

const ACTS: Acts = { pause, killService, dns };

/** Does to the services of a node what chaos asks for. @throws NotApplied */
export async function disturb(
  fault: number,
  what: Disturbance,
  node: DisturbedNode,
): Promise<Acting> {
  const act = ACTS[what.kind] as Act;
  return await act(what, node, fault);
}

/** SIGSTOP, and later SIGCONT, of all processes of services. */
async function pause(
  { services }: Of<'pause'>,
  { nodeId, supervisor }: DisturbedNode,
): Promise<Acting> {
  if (process.platform === 'win32') throw new NotApplied('Windows stops no process by a signal');
  const up = supervisor.up(services);
  if (up.length === 0) throw new NotApplied(`${whichOf(services, nodeId)} ran when it fired`);
  const counts = await Promise.all(up.map((service) => service.pause()));
  const count = counts.reduce((sum, one) => sum + one, 0);
  const names = up.map(({ name }) => name).join(', ');
  return {
    count,
    sentence: `${names} on ${nodeId} ${are(up.length)} paused: ${processes(count)} stopped`,
    end: () => {
      for (const service of up) service.resume();
      return Promise.resolve({ sentence: `${names} on ${nodeId} ${goes(up.length)} on` });
    },
  };
}

/** SIGKILL of all processes of services, which the node starts again as after any such end. */
async function killService(
  { service }: Of<'killService'>,
  { nodeId, supervisor, onFailed, onKilled }: DisturbedNode,
): Promise<Acting> {
  const named = service === undefined ? undefined : [service];
  const up = supervisor.up(named);
  if (up.length === 0) throw new NotApplied(`${whichOf(named, nodeId)} ran when it fired`);
  const counts = await Promise.all(up.map((running) => running.kill()));
  const count = counts.reduce((sum, one) => sum + one, 0);
  const killed = up.map(({ name }) => name);
  for (const name of killed) onKilled(name);
  const over = supervisor.startAgain(killed).then(
    () => ({
      sentence: `${killed.join(', ')} on ${nodeId} ${was(up.length)} started again and ${are(up.length)} healthy`,
    }),
    (error: unknown) => {
      onFailed(error);
      return undefined;
    },
  );
  const sentence = `${killed.join(', ')} on ${nodeId} ${was(up.length)} killed: ${processes(count)}`;
  return { count, sentence, over };
}

/** The name server of the box fails names, or answers them late. */
function dns(
  { names, delayMs }: Of<'dns'>,
  { nodeId, nameFaults, unboxed }: DisturbedNode,
  fault: number,
): Acting {
  if (unboxed !== undefined) {
    throw new NotApplied(`services of ${nodeId} ask this machine for names: ${unboxed}`);
  }
  nameFaults.begin(fault, { names, delayMs });
  const which = names === undefined ? 'names' : names.join(', ');
  const how = delayMs === undefined ? 'fail' : `are answered ${delayMs} ms late`;
  return {
    count: 0,
    sentence: `${which} ${how} on ${nodeId}`,
    end: () => {
      const count = nameFaults.end(fault);
      const met = `${count} ${count === 1 ? 'question' : 'questions'} met that`;
      return Promise.resolve({ count, sentence: `names are answered again on ${nodeId}: ${met}` });
    },
  };
}

function whichOf(services: readonly string[] | undefined, nodeId: string): string {
  return services === undefined
    ? `no service of ${nodeId}`
    : `${services.join(', ')} of ${nodeId}: none of them`;
}

function processes(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`;
}

function are(services: number): string {
  return services === 1 ? 'is' : 'are';
}

function was(services: number): string {
  return services === 1 ? 'was' : 'were';
}

function goes(services: number): string {
  return services === 1 ? 'goes' : 'go';
}
