import type { ProductFiles } from '../../files/productFiles.ts';
import type { Gap } from '../../sketch.ts';
import { recordOf, textOf, type Values } from '../values.ts';

const WORKLOAD = /^kind:\s*["']?(Deployment|StatefulSet)\b/m;

/** Files with Deployments; templates that a tool has to fill in are none. */
export function kubernetesFilesIn(files: ProductFiles): string[] {
  return files.paths.filter((file) => {
    if (!/\.ya?ml$/.test(file)) return false;
    const text = files.text(file) ?? '';
    return WORKLOAD.test(text) && /^apiVersion:/m.test(text) && !text.includes('{{');
  });
}

export interface Resource {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly value: Values;
}

export function resourceOf(file: string, value: Values): Resource {
  const name = textOf(recordOf(value.metadata).name) ?? '';
  return { file, kind: textOf(value.kind) ?? '', name, value };
}

export function gapOf(
  { file, kind, name }: Resource,
  field: string,
  what: string,
  remedy: string,
): Gap {
  return { where: `${file}, ${kind} ${name}, ${field}`, what, remedy };
}
