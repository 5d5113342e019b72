import type { HostSpec } from '../../../model/hosts.ts';
import { containerCommand } from './containerCommand.ts';
import type { HostCommand, Hosting } from './hosting.ts';
import { podCommand } from './kubernetes/podSpec.ts';
import { startOverSsh } from './sshCommand.ts';

/** By kind, what starts a loader on a host. */
const COMMANDS: {
  readonly [Kind in HostSpec['kind']]: (
    spec: Extract<HostSpec, { kind: Kind }>,
    hosting: Hosting,
  ) => HostCommand;
} = {
  ssh: startOverSsh,
  docker: (spec, hosting) => containerCommand('docker', spec, hosting),
  podman: (spec, hosting) => containerCommand('podman', spec, hosting),
  kubernetes: podCommand,
};

/** What starts the keeper of a node on its host. */
export function hostCommand(spec: HostSpec, hosting: Hosting): HostCommand {
  return (COMMANDS[spec.kind] as (of: HostSpec, hosting: Hosting) => HostCommand)(spec, hosting);
}
