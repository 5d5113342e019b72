import { MeshSimError } from '../../../base/errors.ts';
import { megabytes } from '../../../base/quantity.ts';
import { legible } from '../../../base/shortText.ts';
import { HOSTS_FILE } from '../../../model/hosts.ts';
import { lastLine, type ProgramEnd } from '../remote/hostFailure.ts';
import { OLDEST_NODE } from '../remote/loader.ts';
import { NODE_BINARIES, nodeBinaryFor, OLDEST_GLIBC, type NodeBinary } from './nodeBinaries.ts';
import { SHIP_EXIT, type HostNeed } from './scripts.ts';

const INSTEAD = `install Node.js ${OLDEST_NODE} or newer there, and set "node" in ${HOSTS_FILE}`;
/** Of this machine's sh, gzip and cat, with LC_ALL=C. */
const NO_ROOM = /No space left on device|Disk quota exceeded|File too large/;

/** Node.js has to be sent to a host before anything can be started there. */
export class NodeMissing extends MeshSimError {
  readonly need: HostNeed;

  constructor(host: string, need: HostNeed) {
    super('host-failed', `${host} has no Node.js yet: "mesh-sim hosts check" sends it there.`);
    this.need = need;
  }
}

/** The one for that host. @throws MeshSimError `host-failed` where there is none, or the host cannot take it */
export function binaryFor(host: string, { system, library, programs }: HostNeed): NodeBinary {
  const binary = nodeBinaryFor(system);
  if (binary === undefined) {
    const known = Object.keys(NODE_BINARIES).join(' and ');
    throw failed(
      `${host} is ${legible(system, 60)}, and Node.js is sent to ${known} alone: ${INSTEAD}.`,
    );
  }
  const { major, minor } = OLDEST_GLIBC;
  if (/musl/i.test(library)) {
    throw failed(
      `${host} has musl as its C library, and the official Node.js needs glibc ${major}.${minor} or newer: ${INSTEAD}.`,
    );
  }
  const [, its = major, itsMinor = minor] = /^glibc (\d+)\.(\d+)/.exec(library) ?? [];
  if (Number(its) * 1_000 + Number(itsMinor) < major * 1_000 + minor) {
    throw failed(
      `${host} has ${legible(library, 40)}, and the official Node.js needs glibc ${major}.${minor} or newer: ${INSTEAD}.`,
    );
  }
  if (!programs.includes('sha256sum')) {
    throw failed(
      `${host} has no program sha256sum, by which it would see that what arrives is what was sent: install coreutils there, or ${INSTEAD}.`,
    );
  }
  return binary;
}

/** Why Node.js did not arrive there, as one sentence; undefined: ssh itself failed. */
export function shippingFailure(
  host: string,
  { bytes }: NodeBinary,
  { code, words }: ProgramEnd,
): MeshSimError | undefined {
  const last = lastLine(words);
  if (code === SHIP_EXIT.full || NO_ROOM.test(words)) {
    return failed(
      `${host} has no room for Node.js (${megabytes(bytes)}): make room there, or let MESH_SIM_CACHE name a folder that has it.`,
    );
  }
  if (code === SHIP_EXIT.notPrivate) {
    return failed(
      `${last} on ${host} is open to others than its user: what they placed there would be started; see who made it.`,
    );
  }
  if (code === SHIP_EXIT.noFolder) {
    return failed(
      `${host} lets nobody write to ${last}: let MESH_SIM_CACHE name a folder of its user there.`,
    );
  }
  if (code === SHIP_EXIT.unusable) {
    return failed(`The Node.js that was sent to ${host} does not run there (${last}): ${INSTEAD}.`);
  }
  if (code === SHIP_EXIT.cut || code === SHIP_EXIT.damaged) {
    return failed(
      `Node.js did not arrive at ${host} as it was sent: check the connection, and run again.`,
    );
  }
  return undefined;
}

function failed(sentence: string): MeshSimError {
  return new MeshSimError('host-failed', sentence);
}
