import { messageOf } from '../../base/errors.ts';
import { Gateway, type GatewayOptions } from './gateway.ts';
import { NetworkNamespace, type NamespaceOptions, type Unavailable } from './networkNamespace.ts';

export interface NodeNetwork {
  readonly namespace: NetworkNamespace;
  readonly close: () => Promise<void>;
}

/** A namespace for the services of a node, with its gateway; or why this machine has none for it. */
export async function openNodeNetwork(
  options: NamespaceOptions & Omit<GatewayOptions, 'network'>,
): Promise<NodeNetwork | Unavailable> {
  const namespace = await NetworkNamespace.open(options);
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
