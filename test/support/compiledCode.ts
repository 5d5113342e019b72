import path from 'node:path';

/** Kept from one run of the tests to the next, beside the bundles it is compiled from. */
export const COMPILED_CODE = path.join(import.meta.dirname, '../../dist/.compiled');
