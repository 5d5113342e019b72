import assert from 'node:assert/strict';
import { MeshSimError } from '../../src/base/errors.ts';
import type { ErrorCode } from '../../src/base/errors.ts';

/** Asserts that an action fails with a code and one sentence, and returns the sentence. */
export async function sentenceOf(code: ErrorCode, action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => assert.fail(`should have failed with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MeshSimError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, /^[^\n]+\.$/, 'one line that ends in a full stop');
  return error.message;
}
