/** One class of packets, and how the network treats them. Whoever sends packets brings it along. */
export interface Flow {
  /** Index in model/packetClasses FLOWS: a key of every decision. */
  readonly index: number;
  /** A damaged packet reaches its receiver; else it is lost, as a frame check would do. */
  readonly arrivesDamaged: boolean;
  /** A packet of at most SMALL_BYTES does not wait for those queued before it. */
  readonly overtakes: boolean;
}

/** A frame of Ethernet. */
export const SMALL_BYTES = 1500;
