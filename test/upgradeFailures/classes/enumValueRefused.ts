import { pythonCheck, pythonService } from '../pythonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** @param reads states that it knows @param sends the state of the booking that it tells its peers of */
function bookings(reads: readonly string[], sends: string): Version {
  const server = `
from enum import Enum
State = Enum("State", {name: name for name in ${JSON.stringify(reads)}})

def receive(message):
    State(message["state"])
    return {}

def send(_):
    return [ask(peer + "/receive", {"state": "${sends}"}) for peer in os.environ["PEERS"].split(",")]

serve({"/receive": receive, "/send": send}, int(os.environ["PORT"]))
`;
  const env = { PEERS: '${peers:bookings.http|bookings.{id}:{port}}' };
  return {
    services: [pythonService('bookings', server, 'ask("bookings:4000/send")', env)],
    registry: { checks: [pythonCheck('bookings', 'every node takes a booking from every other')] },
  };
}

const KNOWN = ['held', 'paid'];

export const ENUM_VALUE_REFUSED: UpgradeFailure = {
  name: 'enum-value-refused',
  looksLike: 'the new version sends a value that the old one does not know',
  runsOn: 'Python',
  programs: ['python3'],
  old: bookings(KNOWN, 'paid'),
  broken: bookings([...KNOWN, 'refunded'], 'refunded'),
  // Who can read it is rolled out before who sends it.
  fixed: bookings([...KNOWN, 'refunded'], 'paid'),
  foundBy: {
    invariant: 'checks-held',
    says: /^The check "every node takes a booking from every other" on n\d, after wave 1, in mixed, failed: .*'refunded' is not a valid State/,
  },
};
