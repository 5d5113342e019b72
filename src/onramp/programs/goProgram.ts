import type { Command } from '../../model/registry.ts';
import { fileIn, filesBelow, folderOf, type ProductFiles } from '../files/productFiles.ts';
import type { Variable } from '../sketch.ts';
import type { Program } from './program.ts';

/** A main package of a Go module. Undefined: the folder has no go.mod, or nothing to run. */
export function goProgram(files: ProductFiles, folder: string): Program | undefined {
  const module = fileIn(folder, 'go.mod');
  if (!files.has(module)) return undefined;
  const [main] = mainPackages(files, folder);
  if (main === undefined) return undefined;
  const source = main.file;
  const binary = `./bin/${main.name}`;
  // The compiler keeps what it has compiled in the user's folder, and refuses to start without one.
  const env = new Map<string, Variable>([['HOME', { value: '${host.home}', source: module }]]);
  const builds = {
    value: ['go', 'build', '-o', `bin/${main.name}`, main.target],
    source: `${module} and ${source}`,
  };
  const isOwnBinary = (program: string) => program.startsWith('/') || program.startsWith('./');
  return {
    path: folder,
    build: builds,
    start: { value: [binary], source },
    env,
    ports: [],
    gaps: [],
    // An image runs what it compiled by a path of its own.
    adapt: (command: Command): Command =>
      typeof command !== 'string' && isOwnBinary(command[0] ?? '')
        ? [binary, ...command.slice(1)]
        : command,
  };
}

interface MainPackage {
  readonly name: string;
  /** As `go build` takes it. */
  readonly target: string;
  readonly file: string;
}

function mainPackages(files: ProductFiles, folder: string): MainPackage[] {
  const found = new Map<string, MainPackage>();
  for (const file of filesBelow(files, folder)) {
    if (!file.endsWith('.go') || file.endsWith('_test.go')) continue;
    const text = files.text(file) ?? '';
    if (!/^package main\b/m.test(text) || !/^func main\(\)/m.test(text)) continue;
    const where = folderOf(file);
    const below = where === folder ? '.' : folder === '.' ? where : where.slice(folder.length + 1);
    const name = (below === '.' ? folder : below).split('/').at(-1) ?? 'app';
    const target = below === '.' ? '.' : `./${below}`;
    found.set(target, { name: name === '.' ? 'app' : name, target, file });
  }
  return [...found.values()].sort((left, right) => left.target.length - right.target.length);
}
