import path from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { Gateway, nameServers, type GatewayOptions } from './gateway.ts';
import { writeNameFiles } from './nameFiles.ts';
import { Box, type NamespaceOptions, type Unavailable } from './box.ts';

export interface NodeBox {
  readonly namespace: Box;
  readonly close: () => Promise<void>;
}

/** A namespace for the services of a node, with its gateway; or why this machine has none for it. */
export async function openNodeBox(
  options: Omit<NamespaceOptions, 'files'> & Omit<GatewayOptions, 'network'>,
): Promise<NodeBox | Unavailable> {
  const { folder, deny, owners } = options;
  // Elsewhere there is no namespace to put them in.
  const files =
    process.platform === 'linux'
      ? writeNameFiles({
          folder: path.join(folder, 'names'),
          deny: [...deny, ...owners.keys()],
          nameServers: nameServers(),
        })
      : [];
  const namespace = await Box.open({ ...options, files });
  if ('unavailable' in namespace) return namespace;
  const gateway = new Gateway({ ...options, network: namespace });
  const close = () => {
    gateway.close();
    return namespace.close();
  };
  try {
    await gateway.open();
    return { namespace, close };
  } catch (error) {
    await close();
    return { unavailable: messageOf(error) };
  }
}
