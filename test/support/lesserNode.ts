import { openNodeBox } from '../../src/agent/box/nodeBox.ts';

/** Opens a node's box in the folder it is given, with the door it is given, and prints how far it reaches or why there is none. */
const [door = '', folder = ''] = process.argv.slice(2);
const found = await openNodeBox({
  ...{ door, folder, index: 0, cover: [], deny: [], owners: new Map(), ports: [443] },
  meshAddresses: () => undefined,
  onDenied: () => undefined,
});
console.log('unavailable' in found ? found.unavailable : found.box.isolation);
if (!('unavailable' in found)) await found.close();
