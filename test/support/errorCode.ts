import assert from 'node:assert/strict';
import { type ErrorCode, MeshSimError } from '../../src/base/errors.ts';

/** For assert.throws and assert.rejects: the product's own error, with this code and a sentence like this. */
export function isMeshSimError(code: ErrorCode, sentence: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof MeshSimError, `not a MeshSimError: ${String(error)}`);
    assert.equal(error.code, code);
    assert.match(error.message, sentence);
    return true;
  };
}
