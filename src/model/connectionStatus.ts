/** Apart from the schema of events, so that the page need not carry a validator. */

/**
 * What a TCP connection between nodes came to, as the emulated network saw it: answered (`opened`), turned down by a RST before
 * that (`refused`), ended by a RST (`reset`) or by a FIN from both sides (`closed`), or met with silence (`timed-out`).
 */
export const CONNECTION_STATUSES = ['opened', 'closed', 'refused', 'reset', 'timed-out'] as const;

export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];
