import path from 'node:path';
import { parseDotenv } from '../base/dotenv.ts';
import { messageOf, MeshSimError } from '../base/errors.ts';
import type { SourceService } from '../model/registry.ts';
import { pathInRoot } from '../model/serviceRoot.ts';
import { contentPieces } from './contentPieces.ts';
import { LINK_MODE, type SourceContent, type SourceEntry } from './sourceTree.ts';

/** A whole environment has less than 128 KiB on most systems. */
const MOST_BYTES = 256 * 1024;

type Env = Readonly<Record<string, string>>;

/**
 * What the files say that a service names in `envFiles`, as committed and packed; later files count over earlier ones. Values are as
 * they stand there: what would be a placeholder in a registry is none.
 * @throws MeshSimError `registry-invalid` for a file that is not packed, cannot be read strictly, or gives a secret; never with a value
 */
export async function envOfFiles(
  service: Pick<SourceService, 'path' | 'root' | 'envFiles' | 'secrets' | 'buildSecrets'>,
  { entries }: Pick<SourceContent, 'entries'>,
  signal?: AbortSignal,
): Promise<Env> {
  const env: Record<string, string> = {};
  const secrets = new Set([...service.secrets, ...(service.buildSecrets ?? [])]);
  for (const name of service.envFiles ?? []) {
    const place = path.posix.join(pathInRoot(service), name);
    const entry = entries.find((one) => one.path === place);
    Object.assign(env, valuesIn(await textOf(name, entry, signal), name, secrets));
  }
  return env;
}

/**
 * The environment of a service that was packed with one set of files, with another: what `env` of the registry says stays. A value
 * that is in both is taken for that of the files.
 */
export function withOtherFiles(env: Env, packed: Env, other: Env): Record<string, string> {
  const own = Object.entries(env).filter(([name, value]) => packed[name] !== value);
  return { ...other, ...Object.fromEntries(own) };
}

async function textOf(
  name: string,
  entry: SourceEntry | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (entry === undefined || entry.mode === LINK_MODE) {
    const what = entry === undefined ? 'nothing that is packed is called so' : 'it is a link';
    throw invalid(
      `names "${name}", and ${what}: commit the file, or correct it, relative to "path"`,
    );
  }
  if (entry.size > MOST_BYTES) {
    throw invalid(`names "${name}", which has more than ${MOST_BYTES} bytes: name another file`);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of contentPieces([entry], signal)) pieces.push(Uint8Array.from(piece));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch (cause) {
    throw invalid(`names "${name}", which is not UTF-8: save it as UTF-8`, cause);
  }
}

function valuesIn(text: string, file: string, secrets: ReadonlySet<string>): Env {
  const env: Record<string, string> = {};
  for (const { name, value, line, problem } of entriesIn(text, file)) {
    const bad = secrets.has(name)
      ? 'is a secret of this service, and would be public: take it out'
      : value.includes('\0')
        ? 'has a zero byte, which no variable can have: take it out'
        : problem;
    if (bad !== undefined) throw invalid(`names "${file}", in which ${name} (line ${line}) ${bad}`);
    env[name] = value.replaceAll('${', () => '$${');
  }
  return env;
}

function entriesIn(text: string, file: string) {
  try {
    return parseDotenv(text, file);
  } catch (error) {
    // It names the line, and never what stands there.
    throw invalid(`cannot be read: ${messageOf(error).replace(/\.$/, '')}`, error);
  }
}

function invalid(what: string, cause?: unknown): MeshSimError {
  return new MeshSimError('registry-invalid', `"envFiles" ${what}.`, { cause });
}
