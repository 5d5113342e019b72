/** Apart from the schema of events, so that the page need not carry a validator to read a packet. */

/** Message classes a packet can belong to; each counts its packets on a link on its own. */
export const FLOWS = ['control', 'chunk', 'ack', 'probe'] as const;

/** What became of a packet. `blackholed` and `peer-down` are not the link's doing. */
export const OUTCOMES = [
  'delivered',
  'lost',
  'corrupt',
  'blackholed',
  'overflow',
  'peer-down',
] as const;
