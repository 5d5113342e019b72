/** Apart from the schema of events, so that the page need not carry a validator to read a packet. */

/** Classes of the rollout protocol's packets: those that events list one by one. */
export const PROTOCOL_FLOWS = ['control', 'chunk', 'ack', 'probe'] as const;

/** Classes a packet can belong to; each counts its packets on a link on its own. `service`: IP packets between services. */
export const FLOWS = [...PROTOCOL_FLOWS, 'service'] as const;

/** What became of a packet. `blackholed` and `peer-down` are not the link's doing. */
export const OUTCOMES = [
  'delivered',
  'lost',
  'corrupt',
  'blackholed',
  'overflow',
  'peer-down',
] as const;
