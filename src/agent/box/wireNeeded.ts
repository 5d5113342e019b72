const NEEDS = {
  placement: {
    what: 'The plan places services on some nodes only, which takes a wire between nodes',
    without: 'Remove "placement" from the plan',
  },
  beside: {
    what: 'With "blue-green" a node has two networks for its services, which takes a wire',
    without: 'Take "rolling", "canary" or "all-at-once"',
  },
} as const;

/** Why a plan cannot be run here that takes a wire, as a sentence, with the way out. `why`: one clause. */
export function wireNeeded(why: string, by: keyof typeof NEEDS = 'placement'): string {
  const { what, without } = NEEDS[by];
  return `${what}: ${why}. ${without}, or run it on a Linux machine with user namespaces and /dev/net/tun.`;
}
