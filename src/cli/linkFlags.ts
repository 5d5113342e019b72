import { MeshSimError } from '../base/errors.ts';
import type { WantedLink } from '../runtime/real/wantedLinks.ts';

export interface LinkFlags {
  readonly hold?: boolean;
  readonly open?: readonly string[];
}

const LAST_PORT = 65_535;

/**
 * "gateway.http@n0", or "8080:gateway.http@n0" for a port of this machine of one's own choice; each once.
 * @throws MeshSimError `usage`
 */
export function wantedLinks({ open = [] }: LinkFlags): WantedLink[] {
  const wanted = open.map(wantedLink);
  const twice = open.find((_, at) => wanted.slice(0, at).some((one) => isSame(one, wanted[at])));
  if (twice === undefined) return wanted;
  throw new MeshSimError('usage', `--open ${twice}: this port is opened already, give it once.`);
}

function wantedLink(value: string): WantedLink {
  const match = /^(?:(\d{1,5}):)?([^.@:]+)\.([^.@:]+)@(n(?:0|[1-9]\d{0,5}))$/.exec(value);
  const at = Number(match?.[1] ?? 0);
  if (match === null || at > LAST_PORT) {
    throw new MeshSimError(
      'usage',
      `--open ${value}: expected service.port@node, such as gateway.http@n0, or with a port of this machine, such as 8080:gateway.http@n0.`,
    );
  }
  const [, , service = '', port = '', nodeId = ''] = match;
  return { target: { service, port, nodeId }, at };
}

function isSame({ target }: WantedLink, other: WantedLink | undefined): boolean {
  return (
    target.service === other?.target.service &&
    target.port === other.target.port &&
    target.nodeId === other.target.nodeId
  );
}
