import type { ReportedEvidence } from './htmlReport.ts';
import { markup, type Markup } from './markup.ts';
import { section } from './sheet.ts';

/** How somebody who believes neither this page nor its writer finds out, without a network. */
export function howToVerify({ evidence, capsim, fileName }: ReportedEvidence): Markup {
  const { signer } = evidence;
  const data = Buffer.from(capsim).toString('base64');
  const commands = [
    `oai-verify-sim --file ${fileName} --key capsule.pub`,
    `cosign verify-blob-attestation --bundle ${fileName} --key capsule.pub --insecure-ignore-tlog \\`,
    '  --type https://in-toto.io/attestation/test-result/v0.1 capsule.json',
  ];
  return section(
    'Verify it yourself, offline',
    markup`<p>This page proves nothing: it can be edited like any other. What proves is the file that it is about, which is inside it. <a download="${fileName}" href="data:application/json;base64,${data}">Save ${fileName}</a> (${capsim.length} bytes).</p>
<p>Get the public key of the signer from its owner, in a way that you trust${
      signer === undefined ? '' : ` (this file names ${signer.fingerprint})`
    }, as <code>capsule.pub</code>. Then, on any machine:</p>
<pre>${commands.join('\n')}</pre>
<p>The first command makes every step of the list above but those that need the workspace of the run, and needs nothing but this one file and the key. The second, cosign 3.0.4 or later, checks the signature and the Capsule it is about (<code>capsule.json</code> from whoever packed it), not what the result means.</p>
`,
  );
}
