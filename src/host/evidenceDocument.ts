import { MeshSimError, messageOf } from '../base/errors.ts';
import { mebibytes } from '../base/quantity.ts';
import { MAX_CAPSIM_BYTES } from '../evidence/capsim.ts';
import type { Problem } from '../model/api.ts';

/** Where the page of an evidence file asks for its bytes. */
export const DOCUMENT_ROUTE = '/host/document';

/** A file wherever the editor can reach it, disk or not. */
export interface EvidenceSource {
  readonly name: string;
  size(): Promise<number>;
  bytes(): Promise<Uint8Array>;
}

/** The bytes of an evidence file, or a problem in one sentence. A file larger than any evidence is not read. */
export async function answerDocument(source: EvidenceSource): Promise<Response> {
  try {
    const size = await source.size();
    if (size > MAX_CAPSIM_BYTES) throw tooLarge(source.name, size);
    const bytes = await source.bytes();
    if (bytes.length > MAX_CAPSIM_BYTES) throw tooLarge(source.name, bytes.length);
    return new Response(new Uint8Array(bytes));
  } catch (error) {
    if (error instanceof MeshSimError) return problem(413, error.code, error.message);
    return problem(404, 'usage', `${source.name} cannot be read (${messageOf(error)}).`);
  }
}

function tooLarge(name: string, size: number): MeshSimError {
  return new MeshSimError(
    'evidence-too-large',
    `${name} has ${mebibytes(size)}, more than the ${mebibytes(MAX_CAPSIM_BYTES)} evidence may have: it was not read.`,
  );
}

function problem(status: number, code: string, detail: string): Response {
  const type = `urn:oursynth:mesh-sim:problem:${code}`;
  const body: Problem = { type, title: code, status, detail, code };
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify(body), { status, headers });
}
