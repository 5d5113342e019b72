import { COMPILED_CODE } from './compiledCode.ts';

/**
 * Loaded before all tests: what they start finds compiled code, as it does on a machine where the product was used before. Each
 * would compile the same bundles anew otherwise, since tests have caches of their own.
 */
process.env.NODE_COMPILE_CACHE ??= COMPILED_CODE;
