import { hiddenByMesh } from '../../src/agent/box/hiddenByMesh.ts';
import { openNodeBox } from '../../src/agent/box/nodeBox.ts';
import { Wire } from '../../src/agent/box/wire.ts';
import { messageOf } from '../../src/base/errors.ts';
import { DIST } from './commandLine.ts';

/**
 * Opens a node's box in the folder it is given, with the door it is given, and prints how far it reaches, or why there is none;
 * then why it has no wire. Nobody listens where its wire would lead, so one that gets that far is refused.
 */
const [door = '', folder = ''] = process.argv.slice(2);
const found = await openNodeBox({
  ...{ door, folder, index: 0, cover: [], deny: [], owners: new Map(), ports: [443] },
  meshAddresses: () => undefined,
  onDenied: () => undefined,
});
if ('unavailable' in found) {
  console.log(found.unavailable);
} else {
  const { box } = found;
  const network = { port: 1, token: '' };
  const why = await Wire.open({
    ...{ box, network, index: 0, scripts: DIST, folder, onLost: () => undefined },
  }).then(() => 'it has one', messageOf);
  console.log(`${box.isolation}: ${why}${hiddenByMesh()}`);
  await found.close();
}
