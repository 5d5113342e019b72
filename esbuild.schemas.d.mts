import type { Plugin } from 'esbuild';

export function schemasOnUse(sources: string): Plugin;
