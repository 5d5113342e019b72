/**
 * The chance of refusing a run whose links lose exactly as much as is asked for: one in a thousand. A run is refused when
 * fewer losses than it shows would have been rarer than that.
 */
export const LOSS_SIGNIFICANCE = 0.001;

/**
 * How many packets tell whether links lose at least this share: of so many, all of them arriving would be rarer than
 * LOSS_SIGNIFICANCE. 0 for a share of 0.
 */
export function packetsToTell(share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  return Math.ceil(Math.log(LOSS_SIGNIFICANCE) / Math.log1p(-share));
}

/** Usual policies ask for a loss of a percent or more; half of that is told apart at most. */
const USUAL_SHARE = 0.01;
const LEAST_SHARE = 0.005;
/** Answers the latency matrix takes its median from. */
const FEWEST_ANSWERS = 5;

/**
 * How many answered pings each node wants from each other one when the mesh is measured: enough that these packets alone tell
 * whether links lose what the plan says, or one percent where that is less. A ping and its answer are two packets.
 * @param share the least mean loss of a link, 0–1; without loss nothing is to be told
 */
export function answersToTell(nodes: number, share: number): number {
  const packets = packetsToTell(
    share <= 0 ? 0 : Math.min(USUAL_SHARE, Math.max(share, LEAST_SHARE)),
  );
  return Math.max(FEWEST_ANSWERS, Math.ceil(packets / (2 * nodes * (nodes - 1))));
}
