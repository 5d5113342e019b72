import { MeshSimError } from '../../base/errors.ts';
import { readEnvFile } from '../files/envFile.ts';
import { fileIn, folderOf, insideProduct, type ProductFiles } from '../files/productFiles.ts';
import { isRecord, recordOf, someOf, textOf, type Values } from '../sources/values.ts';
import { yamlDocuments } from '../sources/yamlText.ts';
import { assertDependencies, assertShape, assertShapes } from './composeShapes.ts';
import { mergedService } from './mergeServices.ts';

const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

export interface ComposeProject {
  readonly file: string;
  /** What paths in it are relative to. */
  readonly folder: string;
  /** Services as written, `extends` and the override file merged, variables not replaced yet. */
  readonly services: ReadonlyMap<string, Values>;
  /** Of `.env` beside it. */
  readonly variables: ReadonlyMap<string, string>;
  /** Where they stand; undefined: there is no such file. */
  readonly envFile?: string;
  /** Lines of it that are none of NAME=value, from 1. */
  readonly oddLines: readonly number[];
  /** Top-level keys that are not read. */
  readonly others: readonly string[];
}

export function composeFileIn(files: ProductFiles): string | undefined {
  return NAMES.find((name) => files.has(name));
}

/** @throws MeshSimError `source-invalid` */
export function composeProject(files: ProductFiles, file: string): ComposeProject {
  const folder = folderOf(file);
  const whole = readCompose(files, file);
  const names = [...included(files, file, whole), file, ...overrides(files, file)];
  const services = new Map<string, Values>();
  for (const name of names) {
    for (const [service, value] of Object.entries(servicesIn(files, name))) {
      const extended = withBase(files, name, service, value, []);
      services.set(service, mergedService(services.get(service) ?? {}, extended));
    }
  }
  if (services.size === 0) {
    throw new MeshSimError(
      'source-invalid',
      `${file} names no services: name another file with --from.`,
    );
  }
  assertDependencies(file, services);
  const envFile = fileIn(folder, '.env');
  const env = files.text(envFile);
  const { values, odd } = readEnvFile(env ?? '');
  return {
    file,
    folder,
    services,
    variables: new Map([...values].map(([name, { value }]) => [name, value])),
    ...(env === undefined ? {} : { envFile }),
    oddLines: odd,
    others: Object.keys(whole).filter((key) => !READ.has(key) && !key.startsWith('x-')),
  };
}

const READ = new Set(['services', 'version', 'name', 'include']);

function readCompose(files: ProductFiles, file: string): Values {
  const text = files.text(file);
  if (text === undefined) {
    throw new MeshSimError(
      'source-invalid',
      `${file} is not there, or cannot be read: name the compose file with --from.`,
    );
  }
  const [value, second] = yamlDocuments(text, file);
  if (!isRecord(value)) {
    throw new MeshSimError('source-invalid', `${file} holds no mapping: it is no compose file.`);
  }
  if (second !== undefined && second !== null) {
    throw new MeshSimError(
      'source-invalid',
      `${file} holds several documents: write them as one, without "---" between them.`,
    );
  }
  return value;
}

function servicesIn(files: ProductFiles, file: string): Record<string, Values> {
  const { services } = readCompose(files, file);
  assertShape(services, ['mapping'], `${file}, services`);
  const entries = Object.entries(recordOf(services));
  for (const [name, value] of entries) {
    if (isRecord(value)) {
      assertShapes(value, `${file}, services.${name}`);
      continue;
    }
    throw new MeshSimError(
      'source-invalid',
      `${file}, services.${name} is no mapping: give it at least an image or a build.`,
    );
  }
  return Object.fromEntries(entries) as Record<string, Values>;
}

function overrides(files: ProductFiles, file: string): string[] {
  const stem = file.replace(/\.ya?ml$/, '');
  return ['yaml', 'yml']
    .map((suffix) => `${stem}.override.${suffix}`)
    .filter((name) => files.has(name));
}

function included(files: ProductFiles, file: string, whole: Values): string[] {
  return someOf(whole.include).flatMap((entry) =>
    someOf(isRecord(entry) ? entry.path : entry).map((one) => {
      const inside = insideProduct(folderOf(file), textOf(one) ?? '');
      if (inside !== undefined && files.has(inside)) return inside;
      throw new MeshSimError(
        'source-invalid',
        `${file} includes ${textOf(one) ?? 'a file'}, which is not in this product: copy what it needs of it.`,
      );
    }),
  );
}

/** A service with what it extends below it, however often that extends another. */
function withBase(
  files: ProductFiles,
  file: string,
  name: string,
  value: Values,
  trail: readonly string[],
): Values {
  if (value.extends === undefined) return value;
  const place = `${file}, services.${name}.extends`;
  const here = `${file}#${name}`;
  if (trail.includes(here)) {
    throw new MeshSimError('source-invalid', `${place} leads back to ${name}: break the circle.`);
  }
  const { extends: base, ...own } = value;
  const wanted = isRecord(base) ? (textOf(base.service) ?? '') : (textOf(base) ?? '');
  const other = isRecord(base) ? textOf(base.file) : undefined;
  const baseFile = other === undefined ? file : insideProduct(folderOf(file), other);
  const found =
    baseFile === undefined || !files.has(baseFile)
      ? undefined
      : servicesIn(files, baseFile)[wanted];
  if (baseFile === undefined || found === undefined) {
    throw new MeshSimError(
      'source-invalid',
      `${place} names the service "${wanted}"${other === undefined ? '' : ` of ${other}`}, which is not there: correct it.`,
    );
  }
  return mergedService(withBase(files, baseFile, wanted, found, [...trail, here]), own);
}
