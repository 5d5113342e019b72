import type { RunEnvironment } from '../../model/evidence.ts';
import { leastIsolated } from '../../model/isolation.ts';
import type { ServiceTraffic } from '../../model/serviceTraffic.ts';
import type { Surroundings } from './nodeRecord.ts';
import type { SwitchReport } from './switch/control.ts';

/** What the network did with packets of services. `deviceDrops`: see DeviceDrops. */
export function serviceTraffic(
  { links, bytes, refused, timingErrorMs, decisionsDigest }: SwitchReport['services'],
  deviceDrops: number | null,
): ServiceTraffic {
  const total = (of: (link: (typeof links)[number]) => number) =>
    links.reduce((sum, link) => sum + of(link), 0);
  return {
    sent: total(({ sent }) => sent),
    bytes,
    delivered: total(({ delivered }) => delivered),
    lost: total(({ lost }) => lost),
    queueDropped: total(({ dropped, lost }) => dropped - lost),
    unreachable: total(({ unreachable }) => unreachable),
    refused: {
      forgedSource: refused['foreign-source'],
      foreignDestination: refused['foreign-destination'],
      unreadable:
        refused['not-ipv4'] + refused.truncated + refused.malformed + refused['to-itself'],
    },
    uncontrolled: deviceDrops === null ? null : deviceDrops + refused.flood + refused.jam,
    timingErrorMs,
    decisionsDigest,
  };
}

type ServiceEnvironment = Pick<
  RunEnvironment,
  'fidelity' | 'kernel' | 'tcp' | 'isolation' | 'isolationLimit'
>;

/** What evidence says of where services ran: `kernel` only where each of them had a wire in each life of its node. @param kernels versions of those of all machines */
export function serviceEnvironment(
  surroundings: readonly Surroundings[],
  kernels: readonly string[],
): ServiceEnvironment {
  const least = leastIsolated(
    surroundings.map(({ isolation, limit }) => ({ isolation, isolationLimit: limit })),
  );
  const { isolation, isolationLimit } = least ?? {};
  const controls = surroundings.map(({ wire }) => wire?.congestionControl);
  const areWired = controls.length > 0 && !controls.includes(undefined);
  return {
    ...(areWired
      ? {
          fidelity: 'kernel',
          kernel: [...new Set(kernels)].join(', '),
          tcp: { congestionControl: [...new Set(controls)].join(', ') },
        }
      : { fidelity: 'datagram' }),
    ...(isolation === undefined ? {} : { isolation }),
    ...(isolationLimit === undefined ? {} : { isolationLimit }),
  };
}
