import { MeshSimError } from '../base/errors.ts';

const LENGTH_BYTES = 2;

/** One entry as it stands in a bundle: its length as 16 bits, big endian, and its bytes. */
export function framed(leaf: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(LENGTH_BYTES + leaf.length);
  frame.writeUInt16BE(leaf.length);
  frame.set(leaf, LENGTH_BYTES);
  return frame;
}

/** The leaves at the start of a bundle up to where it is torn, if it is. */
export function readableLeaves(bundle: Uint8Array): Uint8Array[] {
  const view = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.length);
  const leaves: Uint8Array[] = [];
  for (let at = 0; at + LENGTH_BYTES <= view.length;) {
    const end = at + LENGTH_BYTES + view.readUInt16BE(at);
    if (end > view.length) break;
    leaves.push(view.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return leaves;
}

/** The leaves of a bundle that must hold exactly `width`. Throws `ledger-broken`; `first` is the index of its first. */
export function leavesOf(bundle: Uint8Array, width: number, first: number): Uint8Array[] {
  const leaves = readableLeaves(bundle);
  const size = leaves.reduce((total, leaf) => total + LENGTH_BYTES + leaf.length, 0);
  if (leaves.length !== width || size !== bundle.length) {
    throw new MeshSimError(
      'ledger-broken',
      `The ledger's entry bundle from entry ${first} on is torn at entry ${first + Math.min(leaves.length, width)}.`,
    );
  }
  return leaves;
}
