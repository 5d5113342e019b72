import type { MeshEventBody } from '../../model/events.ts';
import type { RefusalNews } from './switch/refusals.ts';

const SENTENCES: Readonly<Record<RefusalNews['status'], string>> = {
  acted: 'the first packet of a service is refused',
  healed: 'packets of services are carried again',
  'not-applied': 'no service of these nodes reached others over the emulated network meanwhile',
};

/** What the switch says of a fault that refuses packets, as an event. */
export function refusalEvent({ fault, status, packets: count }: RefusalNews): MeshEventBody {
  return { type: 'fault', fault, status, count, details: SENTENCES[status] };
}
