import path from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { Box, type BoxOptions, type Unavailable } from './box.ts';
import { Gateway, nameServers, type GatewayOptions } from './gateway.ts';
import { writeNameFiles } from './nameFiles.ts';
import { BoxLost } from './opening.ts';
import { placed } from './places.ts';

export interface NodeBox {
  readonly box: Box;
  readonly close: () => Promise<void>;
}

/** A box for the builds and services of a node, with its gateway; or why this machine has none for it. @throws BoxLost */
export async function openNodeBox(
  options: Omit<BoxOptions, 'files'> & Omit<GatewayOptions, 'box'>,
): Promise<NodeBox | Unavailable> {
  const { folder, deny, owners, place } = options;
  // Elsewhere there is no box to put them in.
  const files =
    process.platform === 'linux'
      ? writeNameFiles({
          folder: path.join(folder, placed('names', place)),
          deny: [...deny, ...owners.keys()],
          nameServers: nameServers(),
        })
      : [];
  const box = await Box.open({ ...options, files });
  if ('unavailable' in box) return box;
  const gateway = new Gateway({ ...options, box });
  const close = () => {
    gateway.close();
    return box.close();
  };
  try {
    await gateway.open();
    return { box, close };
  } catch (error) {
    const isLost = !(await box.answers());
    await close();
    if (isLost) throw new BoxLost();
    return { unavailable: messageOf(error) };
  }
}
