import { readRegularSync } from '../../base/regularFile.ts';
import { MESH_NETWORK } from '../../model/meshAddress.ts';

/** Of the mesh, and the part of an address that names it: 10.99.0.0/24. */
const MESH = 0x0a630000;
const MESH_MASK = 0xffffff00;

/**
 * Services that have a wire find the nodes of the mesh at its addresses, and nobody else: where this machine has a way to the same
 * addresses, the hosts there are out of reach. That, as a sentence after a space; empty: it has none of its own.
 */
export function hiddenByMesh(table = routes()): string {
  const device = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .find(([, to = '', , , , , , mask = '']) => overlaps(valueOf(to), valueOf(mask)))?.[0];
  return device === undefined
    ? ''
    : ` This machine has a way to ${MESH_NETWORK} of its own (${device}): hosts there cannot be reached by services.`;
}

/** A way to everywhere else is no way to these addresses in particular. */
function overlaps(to: number, mask: number): boolean {
  const common = mask & MESH_MASK;
  return mask !== 0 && (to & common) === (MESH & common);
}

/** Of proc_pid_net(5) `route`: 32 bits in the order of the machine's memory, which is little-endian wherever Node.js runs. */
function valueOf(hex: string): number {
  const bytes = Buffer.from(hex, 'hex');
  return bytes.length === 4 ? bytes.readInt32LE() : 0;
}

function routes(): string {
  try {
    return readRegularSync('/proc/net/route').toString('utf8');
  } catch {
    return '';
  }
}
