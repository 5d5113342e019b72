import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCommandLine } from '../../support/commandLine.ts';
import { createTinyRepository, healthyService } from '../../support/tinyProduct.ts';
import { sealedFile } from './sealedFile.ts';
import { expect, test } from './workbench.ts';

test('a .capsim opens with its verdict: genuine, tampered, and of a signer nobody trusts here', async ({
  editor,
  window,
  product,
}) => {
  const genuine = await readFile(await sealedFile(editor.commandLine, product.folder), 'utf8');
  const inProduct = (name: string): string => path.join(product.folder, name);
  await writeFile(inProduct('genuine.capsim'), genuine);
  await writeFile(inProduct('tampered.capsim'), withOtherPayload(genuine));
  const theirs = await createTinyRepository([healthyService()]);
  const strangers = await createCommandLine();
  const foreign = await sealedFile(strangers, theirs.repo);
  await copyFile(foreign, inProduct('foreign.capsim'));
  await theirs.dispose();
  await rm(path.dirname(strangers.configFolder), { recursive: true });

  for (const [file, word] of [
    ['genuine.capsim', 'PASS'],
    ['tampered.capsim', 'INVALID'],
    ['foreign.capsim', 'UNTRUSTED'],
  ] as const) {
    await window.openFile(file);
    const pane = await window.frameWith(`.stamp:has-text("${word}")`);
    await expect(pane.locator('.stamp')).toBeVisible();
    await window.screenshot(`workbench-${path.basename(file, '.capsim')}-dark`);
    await window.runCommand('View: Close All Editors');
  }
});

/** One character of what was signed is another: the signature does not match any more. */
function withOtherPayload(capsim: string): string {
  return capsim.replace(/("payload":"[^"]{40})(.)/, (_, before: string, character: string) => {
    return before + (character === 'A' ? 'B' : 'A');
  });
}
