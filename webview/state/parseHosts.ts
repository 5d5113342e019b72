import { HOST_NAME } from '../../src/model/hostKinds.ts';
import { OTHER_NODES, type HostPlacement } from '../../src/model/hostPlacement.ts';
import { nodeIdOf } from '../../src/model/nodeIds.ts';
import { listAt, objectAt, PartError } from './jsonParts.ts';

/** Node → its host; "*" → those of all others, one or a list of them. @throws PartError */
export function parseHosts(value: unknown, nodes: number): HostPlacement {
  const keys = [...Array.from({ length: nodes }, (_, index) => nodeIdOf(index)), OTHER_NODES];
  return Object.fromEntries(
    Object.entries(objectAt(value, 'hosts', keys)).map(
      ([node, given]): [string, string | string[]] => {
        const path = `hosts.${node}`;
        if (!Array.isArray(given)) return [node, hostAt(given, path)];
        const named = listAt(given, path, { min: 1, max: 10 });
        return [node, named.map((host, index) => hostAt(host, `${path}[${index}]`))];
      },
    ),
  );
}

function hostAt(value: unknown, path: string): string {
  if (typeof value === 'string' && HOST_NAME.test(value)) return value;
  throw new PartError(
    path,
    `${path} must be the name of a host in mesh.hosts.json, or "local", not ${JSON.stringify(value)}.`,
  );
}
