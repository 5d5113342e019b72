import { MeshSimError } from '../base/errors.ts';
import type { EvidenceStatement } from '../model/evidence.ts';
import { statementSchema } from '../model/evidence.ts';
import { canonicalBytes, parseCanonical } from '../signing/canonicalJson.ts';
import { MAX_CAPSIM_BYTES } from './capsim.ts';

/**
 * Reads a payload as our statement. The parsed value must say exactly what the bytes say: a default the schema fills in
 * would be a fact nobody signed. Throws `evidence-invalid` or `not-canonical`.
 */
export function readStatement(payload: Uint8Array): EvidenceStatement {
  const parsed = statementSchema.safeParse(parseCanonical(payload, MAX_CAPSIM_BYTES));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MeshSimError(
      'evidence-invalid',
      `The statement is not a mesh-sim test result: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
    );
  }
  if (Buffer.compare(canonicalBytes(parsed.data), payload) !== 0) {
    throw new MeshSimError('evidence-invalid', 'The statement leaves out what it must spell out.');
  }
  return parsed.data;
}
