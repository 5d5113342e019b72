import { fingerprint } from '../signing/publicKey.ts';
import { whyUntrusted } from '../signing/trustedKeys.ts';
import type { UnprovenRecord } from './gateFacts.ts';
import { fails, must } from './finding.ts';
import type { Rule } from './gateRules.ts';

/** All of them in one sentence. */
export function toldRecords(records: readonly UnprovenRecord[]): string {
  const told = records.map(
    ({ index, name, problem }) => `${name}, ledger entry ${index} (${problem.replace(/\.$/, '')})`,
  );
  const [subject, verb] =
    records.length === 1 ? ['A record', 'does'] : [`${records.length} records`, 'do'];
  return `${subject} of this Capsule ${verb} not verify: ${told.join('; ')}.`;
}

export const CAPSULE_RULES: readonly Rule[] = [
  {
    rule: 'ledger-intact',
    about: 'capsule',
    check: ({ input: { ledger } }) =>
      must(
        ledger.problem === undefined,
        'Every entry of the ledger matches its signed checkpoint.',
        `The ledger is broken: ${ledger.problem ?? ''}`,
      ),
  },
  {
    rule: 'capsule-signed',
    about: 'capsule',
    check: ({ input: { pack, trustedKeys } }) => {
      if (pack === undefined) return fails('The Capsule was never packed in this workspace.');
      if (pack.problem !== undefined) return fails(`The Capsule does not hold: ${pack.problem}`);
      const keyid = fingerprint(pack.publicKey);
      const why = whyUntrusted(trustedKeys, pack.publicKey, Date.parse(pack.at));
      return must(
        why === undefined,
        `The Capsule is signed by ${keyid}, trusted here.`,
        `The Capsule is signed by ${keyid}, which ${why ?? ''}.`,
      );
    },
  },
  {
    rule: 'capsule-clean',
    about: 'capsule',
    check: ({ input: { pack } }) =>
      pack === undefined
        ? undefined
        : must(
            !pack.isDirty,
            'The Capsule is that of commits alone.',
            'The Capsule was packed from a dirty tree: commit, and pack again.',
          ),
  },
  {
    rule: 'records-intact',
    about: 'capsule',
    check: ({ input: { ledger, pack, unproven } }) => {
      // A broken ledger proves no record; that is the first rule's finding.
      if (ledger.problem !== undefined || pack === undefined) return undefined;
      return must(
        unproven.length === 0,
        'Every record of this Capsule verifies.',
        `${toldRecords(unproven)} Restore what is stored, or pack again: what was recorded before the newest pack does not count.`,
      );
    },
  },
];
