/**
 * A node has more than one network where services start beside those that serve. All have the node's address: packets are told apart
 * by the flow they belong to, so no two places may use the same port to ask the same one.
 */

/** What Linux gives whoever connects is 32768 to 60999 (ip_local_port_range): a part of it for each place. */
const FIRST_PORT = 32_768;
const PORTS_OF_PLACE = 9_400;

/** As ip_local_port_range has it; empty, the machine's: the node has one place. */
export function portRange(place: number | undefined): string {
  if (place === undefined) return '';
  const first = FIRST_PORT + place * PORTS_OF_PLACE;
  return `${first} ${first + PORTS_OF_PLACE - 1}`;
}

/** The name of a file in the node's folder that each place has of its own. */
export function placed(name: string, place = 0): string {
  return place === 0 ? name : `${name}-${place}`;
}
