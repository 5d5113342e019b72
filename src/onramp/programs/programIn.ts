import { fileIn, type ProductFiles } from '../files/productFiles.ts';
import { goProgram } from './goProgram.ts';
import { dockerfileIn, imageProgram, type ImageBuild } from './imageProgram.ts';
import { nodeProgram } from './nodeProgram.ts';
import type { Program } from './program.ts';
import { pythonProgram } from './pythonProgram.ts';
import { workspacesOf } from './workspaces.ts';

/** Languages a folder may be in without being understood here. */
const OTHERS: readonly (readonly [file: string, language: string])[] = [
  ['Cargo.toml', 'Rust'],
  ['pom.xml', 'Java (Maven)'],
  ['build.gradle', 'Java (Gradle)'],
  ['build.gradle.kts', 'Kotlin (Gradle)'],
  ['Gemfile', 'Ruby'],
  ['composer.json', 'PHP'],
  ['mix.exs', 'Elixir'],
];

/**
 * How what lies in a folder is built and started, by its own files and by the Dockerfile that is given or lies in it.
 * Undefined: nothing there says so. @throws MeshSimError `source-invalid`
 */
export function programIn(
  files: ProductFiles,
  folder: string,
  image?: ImageBuild,
): Program | undefined {
  const own = ownProgram(files, folder);
  const dockerfile = dockerfileIn(files, folder);
  const build = image ?? (dockerfile === undefined ? undefined : { dockerfile, context: folder });
  return build === undefined ? own : imageProgram(files, build, own);
}

/** By its own files alone. @throws MeshSimError `source-invalid` */
export function ownProgram(files: ProductFiles, folder: string): Program | undefined {
  const found =
    nodeProgram(files, folder, workspacesOf(files)) ??
    goProgram(files, folder) ??
    pythonProgram(files, folder);
  if (found !== undefined) return found;
  const other = OTHERS.find(([file]) => files.has(fileIn(folder, file)));
  if (other === undefined) return undefined;
  const [file, language] = other;
  const gap = {
    where: fileIn(folder, file),
    what: `how ${language} is built is not known here`,
    remedy: 'give the service a "build" by hand (docs/registry.md)',
  };
  return { path: folder, env: new Map(), ports: [], gaps: [gap], adapt: (command) => command };
}
