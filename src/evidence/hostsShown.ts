import type { EvidenceExtension } from '../model/evidence.ts';
import type { HostDemand } from '../model/hostDemand.ts';
import { LOCAL_HOST, type HostKind } from '../model/hostKinds.ts';
import { nodeIdOf } from '../model/nodeIds.ts';

/** Where a node lived, by what was sealed. */
interface Home {
  readonly nodeId: string;
  readonly host: string;
  readonly kind: HostKind;
  /** Two homes with the same one may be one machine. */
  readonly machine: string;
  readonly os: string;
  readonly arch: string;
  /** Of another host: how well its clock was known at the worst. */
  readonly clockErrorMs: number;
}

/** The nodes that lived elsewhere than on the machine that rehearsed. */
export function remoteHomes(evidence: EvidenceExtension): Home[] {
  return homesOf(evidence).filter(({ kind }) => kind !== LOCAL_HOST);
}

/** Of every node, in order. */
function homesOf(evidence: EvidenceExtension): Home[] {
  const { environment, result } = evidence;
  const elsewhere = ('hosts' in evidence ? evidence.hosts : undefined) ?? [];
  return Array.from({ length: result.params.nodes }, (_, index) => {
    const nodeId = nodeIdOf(index);
    const stated = elsewhere.find((one) => one.nodeId === nodeId);
    if (stated === undefined) {
      const { os, arch } = environment;
      const here = { host: LOCAL_HOST, kind: LOCAL_HOST, machine: LOCAL_HOST } as const;
      return { nodeId, ...here, os, arch, clockErrorMs: 0 };
    }
    const { host, kind, identity = 'unseen', os, arch, clock } = stated;
    // Names are the user's; of ssh the key says which machine it is. Those whose key nobody saw may all be the same.
    const machine = kind === 'ssh' ? `ssh ${identity}` : `${kind} ${host}`;
    const clockErrorMs = Math.max(clock.start.errorMs, clock.end.errorMs);
    return { nodeId, host, kind, machine, os, arch, clockErrorMs };
  });
}

/** Everything asked of hosts that evidence does not show, a sentence each. */
export function* hostProblems(evidence: EvidenceExtension, demand: HostDemand): Iterable<string> {
  const { kinds, minRemote = 0, distinctHosts = 0, maxClockErrorMs = Infinity, platform } = demand;
  const homes = homesOf(evidence);
  const others = homes.filter(({ kind }) => kinds?.includes(kind) === false);
  if (others.length > 0) {
    const told = others.map(({ nodeId, kind }) => `${nodeId} (${kind})`).join(', ');
    yield `Nodes lived on hosts of other kinds than ${kinds?.join(', ') ?? ''}: ${told}.`;
  }
  const remote = homes.filter(({ kind }) => kind !== LOCAL_HOST).length;
  if (remote < minRemote) {
    yield `${remote} of its ${homes.length} nodes lived elsewhere than on the machine that rehearsed; at least ${minRemote} are required: rehearse with --spread or --on.`;
  }
  const machines = new Set(homes.map(({ machine }) => machine)).size;
  if (machines < distinctHosts) {
    yield `Its nodes lived on ${machines} different ${machines === 1 ? 'host' : 'hosts'}, the machine that rehearsed included; at least ${distinctHosts} are required: rehearse with --spread or --on.`;
  }
  const vague = homes.find(({ clockErrorMs }) => clockErrorMs > maxClockErrorMs);
  if (vague !== undefined) {
    yield `The clock of ${vague.nodeId} on ${vague.host} was known to ${vague.clockErrorMs} ms; at most ${maxClockErrorMs} ms are allowed.`;
  }
  const strange = homes.find((home) => platform !== undefined && !isOn(home, platform));
  if (strange !== undefined) {
    const { nodeId, kind, os, arch } = strange;
    const whose = kind === LOCAL_HOST ? '' : ', by what its host says of itself';
    yield `${nodeId} ran on ${os}/${arch}${whose}; ${platform ?? ''} is required.`;
  }
}

function isOn({ os, arch }: Home, platform: string): boolean {
  return platform === os || platform === `${os}/${arch}`;
}
