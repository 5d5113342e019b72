import { EVIDENCE_SCHEMA_V1, type EvidenceStatement } from '../../../src/model/evidence.ts';
import { set, type JsonEdit } from '../jsonEdit.ts';
import { CHAOS, E, FAIL, one, plan, VIRTUAL, type FalseStatement } from './edit.ts';

const S = `${E}network.services.`;
const traffic = (field: string, value: unknown) => set(`${S}${field}`, value);
const environment = (field: string, value: unknown) => set(`${E}environment.${field}`, value);

function without(...fields: ('services' | 'kernel' | 'tcp' | 'isolation')[]): JsonEdit {
  return (root) => {
    const { network, environment: ran } = (root as EvidenceStatement).predicate.meshsim_evidence;
    for (const field of fields) {
      Reflect.deleteProperty(network, field);
      Reflect.deleteProperty(ran, field);
    }
  };
}

/** Packets of services, where there were none before. */
function someTraffic(): unknown {
  return {
    ...{ sent: 0, bytes: 0, delivered: 0, lost: 0, queueDropped: 0, unreachable: 0 },
    refused: { forgedSource: 0, foreignDestination: 0, unreadable: 0 },
    ...{ uncontrolled: 0, timingErrorMs: null, decisionsDigest: 'a'.repeat(64) },
  };
}

/** What crossed the wires of nodes. */
export const SERVICES: readonly FalseStatement[] = [
  one(
    CHAOS,
    'more packets of services ended than were sent',
    /4000 packets, of which 8030 ended/,
    traffic('unreachable', 4_080),
  ),
  one(CHAOS, 'packets without bytes', /which no IPv4 packets have/, traffic('bytes', 79_999)),
  one(
    CHAOS,
    'packets longer than any',
    /which no IPv4 packets have/,
    traffic('bytes', 4_000 * 65_536),
  ),
  one(
    CHAOS,
    'half of the packets of services lost',
    /Services lost 2000 of 4000/,
    traffic('lost', 2_000),
    traffic('delivered', 1_900),
  ),
  one(CHAOS, 'none of the packets of services lost', /Services lost 0 of 4000/, traffic('lost', 0)),
  one(
    CHAOS,
    'full queues where nothing has a rate',
    /came to a full queue/,
    traffic('queueDropped', 1),
  ),
  one(
    CHAOS,
    'delays of no packet of services',
    /timing error of services is measured without/,
    traffic('delivered', 0),
  ),
  one(
    CHAOS,
    'delays out of order',
    /timing error of services has quantiles/,
    traffic('timingErrorMs.p50', 0.7),
  ),
  one(
    CHAOS,
    'packets of services later than the run',
    /timing error of services is longer/,
    traffic('timingErrorMs.p99', 9e6),
    environment('degraded', true),
  ),
  one(
    CHAOS,
    'packets of services that came late, and it is not said',
    /exceeds the budget/,
    traffic('timingErrorMs.p99', 900),
  ),
  one(
    CHAOS,
    'packets the machine dropped, and it is not said',
    /packets of services that its plan does not lose/,
    traffic('uncontrolled', 3),
  ),
  one(
    CHAOS,
    'a wire without a network',
    /takes nodes with a network of their own/,
    without('isolation'),
  ),
  one(CHAOS, 'a wire without packets', /does not say what packets/, without('services')),
  one(CHAOS, 'a wire without a kernel', /does not say what packets/, without('kernel')),
  one(CHAOS, 'a wire without TCP', /does not say what packets/, without('tcp')),
  one(
    CHAOS,
    'a kernel without a wire',
    /names a kernel or its TCP/,
    environment('fidelity', 'datagram'),
  ),
  one(
    CHAOS,
    'a wire on another system',
    /only real runs on Linux have/,
    environment('os', 'darwin'),
  ),
  one(
    CHAOS,
    'another congestion control than the plan asks for',
    /asks for the congestion control "reno", but it had "cubic"/,
    plan('tcp', { congestionControl: 'reno' }),
  ),
  one(
    FAIL,
    'a wire that nothing was sent over',
    /has decisions about what they sent/,
    set(`${E}network.services`, someTraffic()),
    environment('os', 'linux'),
  ),
  one(
    FAIL,
    'a wire in evidence of schema v1',
    /does not say what packets/,
    environment('fidelity', 'kernel'),
    (root) => {
      const evidence = (root as EvidenceStatement).predicate.meshsim_evidence;
      for (const field of ['faults', 'network.links.lost']) Reflect.deleteProperty(evidence, field);
      for (const report of evidence.network.links) Reflect.deleteProperty(report, 'lost');
      const invariants = evidence.invariants.map((one) => ({
        name: one.name,
        details: one.details,
        passed: !('observed' in one) || one.observed === 'held',
      }));
      Object.assign(evidence, { schema: EVIDENCE_SCHEMA_V1, invariants });
    },
  ),
  one(
    VIRTUAL,
    'packets of services in virtual time',
    /only real runs on Linux have/,
    set(`${E}network.services`, someTraffic()),
  ),
  one(
    CHAOS,
    'a limit of what has none',
    /no isolation that has more above it/,
    environment('isolationLimit', { by: 'machine', reason: 'None.' }),
  ),
];
