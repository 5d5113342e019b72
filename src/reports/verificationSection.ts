import type { Evidence } from '../model/api.ts';
import { markup, type Markup } from './markup.ts';
import { section, table, toned } from './sheet.ts';

const VERDICTS: Readonly<Record<Evidence['verdict'], readonly ['good' | 'bad' | 'warn', string]>> =
  {
    verified: ['good', '✔ Verified'],
    invalid: ['bad', '✖ Invalid: nothing that this file states is to be believed'],
    untrusted: [
      'warn',
      '! Intact, but its signer is not trusted here: what follows is that signer’s word',
    ],
    'policy-not-met': ['warn', '! Genuine, but the policy is not met'],
  };

export function verdictLine({ verdict, sentence }: Evidence): Markup {
  const [tone, words] = VERDICTS[verdict];
  return markup`<p class="verdict">${toned(tone, `${words}.`)}</p>\n<p>${sentence}</p>`;
}

const MARKS = {
  ok: toned('good', '✔ holds'),
  failed: toned('bad', '✖ fails'),
  skipped: toned('quiet', '– not decided'),
} as const;

/** The steps of the verifier, in its own words and order. */
export function verification({ steps, signer, ledger }: Evidence): Markup {
  const name = signer?.name === undefined ? '' : ` (${signer.name})`;
  return section(
    'Verification',
    table(
      ['step', 'result', 'what was found'],
      steps.map(({ name, status, sentence }) => [name, MARKS[status], sentence]),
    ),
    ...(signer === undefined ? [] : [markup`<p>Signed by ${signer.fingerprint}${name}.</p>\n`]),
    ...(ledger === undefined
      ? []
      : [
          markup`<p>Entry ${ledger.index} of the ledger ${ledger.origin}, which had ${ledger.size} entries then.</p>\n`,
        ]),
  );
}
