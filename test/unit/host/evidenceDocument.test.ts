import assert from 'node:assert/strict';
import { MAX_CAPSIM_BYTES } from '../../../src/evidence/capsim.ts';
import { answerDocument, type EvidenceSource } from '../../../src/host/evidenceDocument.ts';
import type { Problem } from '../../../src/model/api.ts';

function sourceOf(size: number, bytes: EvidenceSource['bytes']): EvidenceSource {
  return { name: 'run.capsim', size: () => Promise.resolve(size), bytes };
}

describe('the document of an evidence editor', () => {
  it('is the bytes of the file', async () => {
    const bytes = new TextEncoder().encode('evidence');

    const response = await answerDocument(sourceOf(8, () => Promise.resolve(bytes)));

    assert.equal(await response.text(), 'evidence');
  });

  it('is refused in one sentence, unread, when the file is larger than evidence may be', async () => {
    const unread = () => Promise.reject(new Error('the file was read'));

    const response = await answerDocument(sourceOf(100 * 1024 * 1024, unread));

    assert.equal(response.status, 413);
    const { code, detail } = (await response.json()) as Problem;
    assert.equal(code, 'evidence-too-large');
    assert.match(detail, /^run\.capsim has 100\.0 MiB, more than the 8\.0 MiB/);
  });

  it('is refused when the file grew between the question and the reading', async () => {
    const grown = () => Promise.resolve(new Uint8Array(MAX_CAPSIM_BYTES + 1));

    assert.equal((await answerDocument(sourceOf(1, grown))).status, 413);
  });

  it('says why a file cannot be read', async () => {
    const gone = () => Promise.reject(new Error('it is gone'));

    const response = await answerDocument(sourceOf(1, gone));

    assert.equal(response.status, 404);
    assert.match(((await response.json()) as Problem).detail, /run\.capsim .*it is gone/);
  });
});
