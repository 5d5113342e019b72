import { pythonService } from '../pythonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** The settings lie in the state folder, where operators change them: the first version that starts writes them. */
function gateway(knows: readonly string[], onUnknown: string): Version {
  const server = `
import json
path = os.environ["STATE"] + "/gateway.json"
known = ${JSON.stringify(knows)}
if not os.path.exists(path):
    with open(path, "w") as file:
        json.dump({key: 1000 for key in known}, file)
for key in json.load(open(path)):
    if key not in known:
        ${onUnknown}
serve({}, int(os.environ["PORT"]))
`;
  return { services: [pythonService('gateway', server)] };
}

const REFUSED = 'raise KeyError(f"unknown setting {key} in gateway.json")';

export const CONFIG_KEY_REMOVED: UpgradeFailure = {
  name: 'config-key-removed',
  looksLike: 'the new version refuses a setting that the old one had written',
  runsOn: 'Python',
  programs: ['python3'],
  old: gateway(['timeout_ms', 'retry_ms'], REFUSED),
  broken: gateway(['timeout_ms'], REFUSED),
  fixed: gateway(
    ['timeout_ms'],
    'print(f"unknown setting {key} in gateway.json is not used any more")',
  ),
  foundBy: {
    invariant: 'upgraded-runs-signed-content',
    says: /"gateway" on n\d .*unknown setting retry_ms in gateway\.json/,
  },
};
