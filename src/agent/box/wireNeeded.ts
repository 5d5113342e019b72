/** Why a plan that places services cannot be run here, as a sentence, with the way out. `why`: one clause. */
export function wireNeeded(why: string): string {
  return `The plan places services on some nodes only, which takes a wire between nodes: ${why}. Remove "placement" from the plan, or run it on a Linux machine with user namespaces and /dev/net/tun.`;
}
