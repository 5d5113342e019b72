import { pythonCheck, pythonService } from '../pythonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** n0 leads; others fetch what it has. @param speaks protocols, the one to ask for first */
function log(...speaks: readonly number[]): Version {
  const server = `
entries = []

def write(entry):
    entries.append(entry)
    return {}

def since(request):
    if request["protocol"] not in ${JSON.stringify(speaks)}:
        raise ValueError(f"the leader does not speak protocol {request['protocol']}")
    return entries

def read(_):
    for protocol in ${JSON.stringify(speaks)}:
        try:
            return ask("log.n0:4000/since", {"protocol": protocol})
        except RuntimeError as error:
            refused = error
    raise refused

serve({"/write": write, "/since": since, "/read": read}, int(os.environ["PORT"]))
`;
  const check = `
entry = os.environ["MESH_SIM_WAVE"]
ask("log.n0:4000/write", entry)
if entry not in ask("log:4000/read"):
    raise RuntimeError("the follower has not got what the leader wrote")
`;
  return {
    services: [pythonService('log', server, check)],
    registry: {
      checks: [pythonCheck('log', 'a follower has what the leader wrote', { on: 'n1' })],
    },
  };
}

export const LEADER_REFUSES_FOLLOWER: UpgradeFailure = {
  name: 'leader-refuses-follower',
  looksLike: 'leader and follower of different versions speak different protocols',
  runsOn: 'Python',
  programs: ['python3'],
  old: log(1),
  broken: log(2),
  fixed: log(2, 1),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "a follower has what the leader wrote" on n1, after wave 1, in mixed, failed: .*the leader does not speak protocol [12]/,
  },
};
