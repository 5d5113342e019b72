/** Which sequence numbers of a link arrived: the highest, and a bitmap of the 64 before it. */
export interface SequenceWindow {
  /** -1: none arrived. */
  highest: number;
  /** Bit i: highest − 1 − i. */
  near: number;
  /** Bit i: highest − 33 − i. */
  far: number;
}

/** Nothing arrived, or nothing of it counts any more. */
export function emptyWindow(window: SequenceWindow): void {
  window.highest = -1;
  window.near = 0;
  window.far = 0;
}

export function recordSequence(window: SequenceWindow, sequence: number): void {
  const ahead = sequence - window.highest;
  if (ahead > 0) {
    shift(window, ahead);
    window.highest = sequence;
    return;
  }
  const bit = -ahead - 1;
  if (bit < 0 || bit >= 64) return;
  if (bit < 32) window.near |= 1 << bit;
  else window.far |= 1 << (bit - 32);
}

/** Moves the bitmap `by` places; the old highest becomes one of its bits. */
function shift(window: SequenceWindow, by: number): void {
  const { highest, near, far } = window;
  const hadAny = highest >= 0;
  if (by >= 64) {
    window.near = 0;
    window.far = by === 64 && hadAny ? 1 << 31 : 0;
    return;
  }
  if (by >= 32) {
    window.far = by === 32 ? near : near << (by - 32);
    window.near = 0;
  } else {
    window.far = (far << by) | (near >>> (32 - by));
    window.near = near << by;
  }
  if (!hadAny) return;
  if (by <= 32) window.near |= 1 << (by - 1);
  else window.far |= 1 << (by - 33);
}

/** Whether an acknowledgement (highest, near, far) says that `sequence` arrived. */
export function isAcknowledged(
  sequence: number,
  highest: number,
  near: number,
  far: number,
): boolean {
  const bit = highest - 1 - sequence;
  if (bit === -1) return true;
  if (bit < 0 || bit >= 64) return false;
  return bit < 32 ? ((near >>> bit) & 1) === 1 : ((far >>> (bit - 32)) & 1) === 1;
}
