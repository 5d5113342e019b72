import { jsonService, PATIENT_PROBE } from '../jsonService.ts';
import type { UpgradeFailure, Version } from '../upgradeFailure.ts';

/** How long the new version may wait for its peers. */
const DEADLINE_MS = 20_000;

/** @param start what it does once it answers, before it is healthy */
function members(start: string): Version {
  const server = `
let joined = ${start === ''};
serve({
  '/healthz': () => {
    if (!joined) throw new Error('waits for its peers');
    return {};
  },
  ${start === '' ? '' : `'/hello': () => ({}),`}
}, process.env.PORT);
${start}`;
  const health = {
    http: { port: 'http', path: '/healthz' },
    ...PATIENT_PROBE,
    deadlineMs: DEADLINE_MS,
  };
  return { services: [jsonService('members', server, {}, { health })] };
}

/** @param otherwise what becomes of a peer that does not know the greeting */
function greeted(otherwise: string): string {
  return `
for (const node of ['n0', 'n1']) {
  for (;;) {
    const answer = await ask('members.' + node + ':4000/hello').catch((error) => error);
    if (!(answer instanceof Error)) break;
    console.error('Error: no greeting from ' + answer.message);
    ${otherwise}
    await new Promise((wake) => setTimeout(wake, 250));
  }
}
joined = true;`;
}

export const STARTS_FROM_SCRATCH_ONLY: UpgradeFailure = {
  name: 'starts-from-scratch-only',
  looksLike:
    'each new node waits for all others to be new: they come up together, and never one by one',
  runsOn: 'Node.js',
  programs: [],
  old: members(''),
  broken: members(greeted('')),
  fixed: members(greeted(`if (/ answered 404/.test(answer.message)) break;`)),
  foundBy: {
    invariant: 'upgraded-runs-signed-content',
    says: /"members" on n\d was not healthy within 20000 ms/,
  },
};
