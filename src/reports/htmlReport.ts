import { statedRunOf } from '../evidence/statedRun.ts';
import type { Evidence } from '../model/api.ts';
import { sha256Hex } from '../signing/digest.ts';
import { howToVerify } from './howToVerify.ts';
import { markup } from './markup.ts';
import { REPORT_STYLE } from './reportStyle.ts';
import { outcomeLine, runSections } from './runSections.ts';
import { verdictLine, verification } from './verificationSection.ts';

export interface ReportedEvidence {
  /** As the verifier left it; whatever it does not hold for is not shown. */
  readonly evidence: Evidence;
  /** The very file, which the page carries along. */
  readonly capsim: Uint8Array;
  /** What to call it. */
  readonly fileName: string;
  /** Name and version of the program that writes the page. */
  readonly product: string;
}

/**
 * Evidence as one page that needs nothing else: to be read and printed, in a light or a dark window. It says what was verified,
 * and of what the file states no more than that. Without scripts, and with a policy that allows none.
 */
export function htmlReport(reported: ReportedEvidence): string {
  const { evidence, product } = reported;
  const { statement } = evidence;
  const believed = evidence.verdict === 'invalid' ? undefined : statement;
  const run = believed === undefined ? undefined : statedRunOf(believed);
  const title = run === undefined ? 'Evidence that does not hold' : `Rehearsal ${run.simId}`;
  const styleDigest = Buffer.from(sha256Hex(Buffer.from(REPORT_STYLE.text)), 'hex');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleDigest.toString('base64')}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${run === undefined ? [] : [outcomeLine(run)]}
${verdictLine(evidence)}
</header>
<main>
${verification(evidence)}
${run === undefined || believed === undefined ? [] : runSections(run, believed)}
${howToVerify(reported)}
</main>
<footer><p>Written by ${product}; verified at ${evidence.checkedAt}. What happened to the file or to the trust in its signer since then is not seen here.</p></footer>
</body>
</html>
`.text;
}
