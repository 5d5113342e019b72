import type { EvidenceStatement } from '../model/evidence.ts';
import { TEST_RESULT } from '../model/statementKinds.ts';
import { statementIn } from '../signing/statement.ts';

/** Reads a payload that nobody signed yet as our statement. @throws MeshSimError `signature-invalid` or `not-canonical` */
export function readStatement(bytes: Uint8Array): EvidenceStatement {
  return statementIn({ kind: TEST_RESULT, bytes }).statement;
}
