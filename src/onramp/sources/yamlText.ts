import { isAlias, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';
import { MeshSimError } from '../../base/errors.ts';

/** Aliases that multiply: a few lines may name more values than a machine has memory for. */
const MAX_ALIASES = 10_000;

/**
 * The documents of a YAML file, anchors, aliases and merge keys resolved.
 * @throws MeshSimError `source-invalid` with line and column
 */
export function yamlDocuments(text: string, file: string): unknown[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { merge: true, lineCounter, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => valueOf(document, file, lineCounter));
}

function valueOf(document: Document, file: string, lineCounter: LineCounter): unknown {
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    const [sentence = ''] = problem.message.split(/ at line \d+| *\n/);
    throw invalid(
      `${file} is not YAML at line ${line}, column ${col} (${sentence}): correct it there.`,
      problem,
    );
  }
  let aliases = 0;
  visit(document, (_, node) => {
    if (isAlias(node)) aliases += 1;
  });
  if (aliases > MAX_ALIASES)
    throw invalid(`${file} has ${aliases} aliases: write out what they stand for.`);
  try {
    return document.toJS({ maxAliasCount: 1_000 }) as unknown;
  } catch (error) {
    throw invalid(
      `${file} has anchors that stand for too much, or for nothing (${error instanceof Error ? error.message : ''}): write out what they stand for.`,
      error,
    );
  }
}

function invalid(sentence: string, cause?: unknown): MeshSimError {
  return new MeshSimError('source-invalid', sentence, { cause });
}
