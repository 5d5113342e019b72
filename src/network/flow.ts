/** One class of packets, and how the network treats them. Whoever sends packets brings it along. */
export interface Flow {
  /** Index in model/packetClasses FLOWS: a key of every decision. */
  readonly index: number;
  /** A damaged packet reaches its receiver; else it is lost, as a frame check would do. */
  readonly arrivesDamaged: boolean;
  /** A packet of at most SMALL_BYTES does not wait for those queued before it. */
  readonly overtakes: boolean;
  /** Bytes a link's queue holds of which the plan gives no size; left out: it has no end. Its rate is in bits per ms. */
  readonly queueBytesAt?: (bitsPerMs: number) => number;
  /** Packets of one stream never overtake each other on a link, however their delays are drawn. */
  readonly keepsOrder: boolean;
  /**
   * Where its packets are counted and digested. A replay sends the packets of `protocol` again; how many packets the
   * kernels of `services` send differs from run to run.
   */
  readonly account: Account;
}

export type Account = 'protocol' | 'services';

/** A frame of Ethernet. */
export const SMALL_BYTES = 1500;
