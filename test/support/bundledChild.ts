import path from 'node:path';
import { build } from 'esbuild';

/**
 * A program of this folder as one JavaScript file: its processes would each read and strip some hundred files of TypeScript.
 * @param name of its file, without `.ts`
 * @param folder where the file is written
 * @returns the file
 */
export async function bundledChild(name: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${name}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'warning',
    // Files of this folder find dist/ from where they are.
    define: { 'import.meta.dirname': JSON.stringify(import.meta.dirname) },
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.filename)});`,
    },
  });
  return outfile;
}
