import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { MeshSimError } from '../../../src/base/errors.ts';
import { machineFault } from '../../../src/base/machineFault.ts';

function systemError(code: string, syscall = 'write'): Error {
  return Object.assign(new Error(`${code}: no, ${syscall}`), { code, syscall });
}

describe('machineFault', () => {
  const disk = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EFBIG'];
  for (const code of disk) {
    it(`names the disk, its state and what to do for ${code}, however it is wrapped`, () => {
      const wrapped = new Error('unpacking failed', { cause: systemError(code) });
      const fault = machineFault(wrapped, { folder: tmpdir(), bytes: 12 });
      assert.equal(fault?.code, 'disk-failed');
      const { message } = fault;
      assert.ok(message.startsWith(`The disk of ${tmpdir()} `), message);
      assert.match(
        message,
        new RegExp(`\\(${code}: no, write; 12 bytes .*; \\d+ bytes are free\\): `),
      );
      assert.doesNotMatch(message, /undefined|\n/);
    });
  }

  const shortages = ['EMFILE', 'ENFILE', 'ENOMEM', 'ERR_WORKER_INIT_FAILED'];
  for (const code of shortages) {
    it(`says what the machine has no more of for ${code}`, () => {
      const fault = machineFault(
        new MeshSimError('service-failed', 'x', { cause: systemError(code) }),
      );
      assert.equal(fault?.code, 'machine-exhausted');
      assert.match(fault.message, /and try again\.$/);
      assert.doesNotMatch(fault.message, /undefined/);
    });
  }

  it('takes EAGAIN for a lack of processes only where one was to start', () => {
    assert.equal(machineFault(systemError('EAGAIN', 'spawn node'))?.code, 'machine-exhausted');
    assert.equal(machineFault(systemError('EAGAIN', 'read')), undefined);
  });

  it('keeps a sentence that says what the disk was written for, and leaves all other errors alone', () => {
    const known = new MeshSimError('disk-failed', 'The ledger.', { cause: systemError('ENOSPC') });
    assert.equal(machineFault(known), known);
    for (const other of [systemError('ENOENT'), new Error('x'), 'x', undefined]) {
      assert.equal(machineFault(other), undefined);
    }
  });
});
