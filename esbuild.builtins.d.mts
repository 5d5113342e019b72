import type { Plugin } from 'esbuild';

export function builtinsOnUse(names: readonly string[]): Plugin;
