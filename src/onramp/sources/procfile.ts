import { MeshSimError } from '../../base/errors.ts';
import { unwrapped } from '../compose/composeService.ts';
import { folderOf, insideProduct, type ProductFiles } from '../files/productFiles.ts';
import { ownProgram } from '../programs/programIn.ts';
import { commandOfLine, shellWords } from '../programs/shellWords.ts';
import { scanSources } from '../programs/sourceScan.ts';
import type { Description, Gap, Sketch } from '../sketch.ts';
import { dotenvOf } from './dotenv.ts';

const NAMES = ['Procfile', 'Procfile.dev'];
const ENTRY = /^([A-Za-z0-9_-]+)\s*:\s*(.+)$/;

/** The tools that run Procfiles give each process a PORT, from here in steps of a hundred. */
const FIRST_PORT = 5_000;
const PORT_STEP = 100;

export function procfileIn(files: ProductFiles): string | undefined {
  return NAMES.find((name) => files.has(name));
}

/** @throws MeshSimError `source-invalid` naming file and line */
export function describeProcfile(files: ProductFiles, file: string): Description {
  const sketches: Sketch[] = [];
  const gaps: Gap[] = [];
  for (const [index, line] of (files.text(file) ?? '').split(/\r?\n/).entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const source = `${file}:${index + 1}`;
    const [, name, command] = ENTRY.exec(text) ?? [];
    if (name === undefined || command === undefined) {
      throw new MeshSimError('source-invalid', `${source} is no "name: command": correct it.`);
    }
    if (shellWords(command) === undefined) {
      throw new MeshSimError(
        'source-invalid',
        `${source} opens a quote that is never closed: correct it.`,
      );
    }
    if (sketches.some((sketch) => sketch.name === name)) {
      throw new MeshSimError(
        'source-invalid',
        `${source} names "${name}" once more: rename one of them.`,
      );
    }
    const port = FIRST_PORT + PORT_STEP * sketches.length;
    const process = processOf(files, file, { name, command, source, port });
    sketches.push(process.sketch);
    gaps.push(...process.gaps);
  }
  return { sketches: afterRelease(sketches), gaps, notes: [] };
}

/** What runs once and ends before anything else of a release starts. */
const RELEASE = 'release';

function afterRelease(sketches: readonly Sketch[]): Sketch[] {
  const source = sketches.find(({ name }) => name === RELEASE)?.start.source;
  if (source === undefined) return [...sketches];
  return sketches.map((sketch) =>
    sketch.name === RELEASE
      ? { ...sketch, ports: [], once: { value: true, source } }
      : { ...sketch, dependsOn: [...sketch.dependsOn, { value: RELEASE, source }] },
  );
}

interface Process {
  readonly name: string;
  readonly command: string;
  readonly source: string;
  readonly port: number;
}

function processOf(files: ProductFiles, file: string, process: Process) {
  const { name, command, source, port } = process;
  const base = folderOf(file);
  const [whole, into] = /^cd\s+(["']?[\w./-]+["']?)\s*&&\s*/.exec(command) ?? [];
  const wanted = into === undefined ? undefined : insideProduct(base, into.replace(/["']/g, ''));
  if (into !== undefined && wanted === undefined) {
    throw new MeshSimError(
      'source-invalid',
      `${source} goes into ${into}, which is not in this product: correct it.`,
    );
  }
  const folder = wanted ?? base;
  const line = whole === undefined || wanted === undefined ? command : command.slice(whole.length);
  const program = ownProgram(files, folder);
  const words = commandOfLine(line);
  const start = typeof words === 'string' ? words : unwrapped(words);
  const facts = scanSources(files, folder);
  const saysPort = /\$\{?PORT\b/.test(line);
  const readsPort = saysPort || (facts.portVariable !== undefined && isOfWeb(name));
  const { env, gaps } = dotenvOf(files, folder, base, facts.variables);
  const { healthPath } = facts;
  const sketch: Sketch = {
    name,
    aliases: [],
    path: { value: program?.path ?? folder, source },
    ...(program?.root === undefined ? {} : { root: program.root }),
    ...(program?.build === undefined ? {} : { build: program.build }),
    start: { value: program?.adapt(start) ?? start, source },
    env: new Map([...(program?.env ?? []), ...env]),
    secrets: new Map(),
    ports: readsPort
      ? [{ value: port, source }]
      : isOfWeb(name) && facts.port !== undefined
        ? [facts.port]
        : [],
    ...(readsPort
      ? {
          portVariable: {
            value: saysPort ? 'PORT' : (facts.portVariable?.value ?? 'PORT'),
            source,
          },
        }
      : {}),
    ...(healthPath === undefined || !isOfWeb(name)
      ? {}
      : {
          health: {
            value: { kind: 'http' as const, path: healthPath.value },
            source: healthPath.source,
          },
        }),
    dependsOn: [],
  };
  return { sketch, gaps: [...(program?.gaps ?? []), ...gaps] };
}

/** The others of a product share its code, and do not listen. */
function isOfWeb(name: string): boolean {
  return !/work|sidekiq|celery|cron|clock|sched|queue|job|beat|consumer|watch|css|assets/i.test(
    name,
  );
}
