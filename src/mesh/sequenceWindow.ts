/** Which sequence numbers of a link arrived: the highest, and a bitmap of the 64 before it. */
export class SequenceWindow {
  highest = -1;
  /** Bit i: highest − 1 − i. */
  near = 0;
  /** Bit i: highest − 33 − i. */
  far = 0;

  reset(): void {
    this.highest = -1;
    this.near = 0;
    this.far = 0;
  }

  record(sequence: number): void {
    const ahead = sequence - this.highest;
    if (ahead > 0) {
      this.#shift(ahead);
      this.highest = sequence;
      return;
    }
    const bit = -ahead - 1;
    if (bit < 0 || bit >= 64) return;
    if (bit < 32) this.near |= 1 << bit;
    else this.far |= 1 << (bit - 32);
  }

  /** Moves the bitmap `by` places; the old highest becomes one of its bits. */
  #shift(by: number): void {
    const hadAny = this.highest >= 0;
    if (by >= 64) {
      this.near = 0;
      this.far = by === 64 && hadAny ? 1 << 31 : 0;
      return;
    }
    if (by >= 32) {
      this.far = by === 32 ? this.near : this.near << (by - 32);
      this.near = 0;
    } else {
      this.far = (this.far << by) | (this.near >>> (32 - by));
      this.near <<= by;
    }
    if (!hadAny) return;
    if (by <= 32) this.near |= 1 << (by - 1);
    else this.far |= 1 << (by - 33);
  }
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
