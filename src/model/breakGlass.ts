/** Long enough to say something to whoever reads the ledger later. */
export const MIN_BREAK_GLASS_REASON = 8;
