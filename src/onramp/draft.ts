import path from 'node:path';
import { MeshSimError } from '../base/errors.ts';
import { composeFileIn } from './compose/composeProject.ts';
import { describeCompose } from './compose/describeCompose.ts';
import type { ProductFiles } from './files/productFiles.ts';
import { isProgram } from '../model/registry.ts';
import { withReadablePackages } from './programs/readablePackages.ts';
import { withSharedBuilds } from './programs/workspaceBuild.ts';
import { registryText } from './registryText.ts';
import { settle, type Settled } from './settle/settle.ts';
import type { Description, Gap, MachineFacts } from './sketch.ts';
import { describeFolders } from './sources/folders.ts';
import { describeKubernetes } from './sources/kubernetes/describeKubernetes.ts';
import { kubernetesFilesIn } from './sources/kubernetes/resources.ts';
import { describeProcfile, procfileIn } from './sources/procfile.ts';

export interface DraftOptions extends MachineFacts {
  /** The one file to read; left out: what there is, the most telling first. */
  readonly from?: string | undefined;
  /** Of a compose file. */
  readonly profiles?: readonly string[];
}

export interface Draft extends Settled {
  /** Of mesh.services.json. */
  readonly text: string;
}

/**
 * A registry of what is there: from a compose file, a Procfile, Kubernetes manifests, or else from every folder that can be
 * started. Nothing is written and nothing is run.
 * @throws MeshSimError `source-invalid`: one sentence with file, place and what to do
 */
export function draftRegistry(product: ProductFiles, options: DraftOptions): Draft {
  const { files, gaps: unread } = withReadablePackages(product);
  const described = withSharedBuilds(files, describe(files, options));
  const description = { ...described, gaps: [...unread, ...described.gaps] };
  if (!hasOwnCode(description)) throw nothingFound(files, description);
  const settled = settle(description, { product: files.name, hasNames: options.hasNames });
  const gaps = [...settled.gaps, ...uncommitted(product, settled)];
  return { ...settled, gaps, text: registryText(settled.registry) };
}

function describe(files: ProductFiles, options: DraftOptions): Description {
  const { from, profiles = [] } = options;
  const compose = (file: string) => describeCompose(files, file, { ...options, profiles });
  if (from !== undefined) return named(files, from, compose, options);
  const composeFile = composeFileIn(files);
  const first = composeFile === undefined ? EMPTY : compose(composeFile);
  if (composeFile !== undefined && hasOwnCode(first)) return unread(files, first, composeFile);
  // A compose file that only brings databases is there for services that something else describes.
  const procfile = procfileIn(files);
  const manifests = kubernetesFilesIn(files);
  const second =
    procfile !== undefined
      ? describeProcfile(files, procfile)
      : manifests.length > 0
        ? describeKubernetes(files, manifests, options)
        : EMPTY;
  const rest = second.sketches.length > 0 ? second : describeFolders(files);
  return joined(first, joined(second.sketches.length > 0 ? EMPTY : second, rest));
}

const EMPTY: Description = { sketches: [], gaps: [], notes: [] };

function joined(first: Description, second: Description): Description {
  return {
    sketches: [...first.sketches, ...second.sketches],
    gaps: [...first.gaps, ...second.gaps],
    notes: [...first.notes, ...second.notes],
  };
}

function hasOwnCode({ sketches }: Description): boolean {
  return sketches.some(({ program }) => program === undefined);
}

function named(
  files: ProductFiles,
  from: string,
  compose: (file: string) => Description,
  options: DraftOptions,
): Description {
  const file = path.posix.normalize(from.replaceAll('\\', '/'));
  const text = files.text(file);
  if (text === undefined) {
    throw new MeshSimError(
      'source-invalid',
      `${from} is not in this product, or cannot be read: name a compose file, a Procfile or a Kubernetes manifest with --from.`,
    );
  }
  if (/(^|\/)Procfile[^/]*$/.test(file)) return describeProcfile(files, file);
  if (kubernetesFilesIn(files).includes(file)) return describeKubernetes(files, [file], options);
  if (/\.ya?ml$/.test(file)) return compose(file);
  throw new MeshSimError(
    'source-invalid',
    `${from} is none of what can be read: name a compose file, a Procfile or a Kubernetes manifest with --from.`,
  );
}

/** What lies beside the file that was read, and might have been meant. */
function unread(files: ProductFiles, description: Description, read: string): Description {
  const others = [procfileIn(files), ...kubernetesFilesIn(files)].filter(
    (file) => file !== undefined,
  );
  if (others.length === 0) return description;
  const note = `${read} describes the services; not read: ${others.slice(0, 3).join(', ')} (--from reads another)`;
  return { ...description, notes: [...description.notes, note] };
}

function nothingFound({ name }: ProductFiles, { gaps }: Description): MeshSimError {
  const gap = gaps.find(({ what }) => what.includes('left out')) ?? gaps[0];
  return new MeshSimError(
    'source-invalid',
    gap === undefined
      ? `Nothing in ${name} says how a service is started: add a compose file, a Procfile or a "start" script, or write mesh.services.json by hand (docs/registry.md).`
      : `No service of ${name} can be run: ${gap.where}: ${gap.what}; ${gap.remedy}.`,
  );
}

/** Packing takes what is committed: a service whose files are not has none. */
function uncommitted(files: ProductFiles, settled: Settled): Gap[] {
  return settled.registry.services.flatMap((service) => {
    if (isProgram(service)) return [];
    const { name, path: folder } = service;
    const own = files.paths.filter((file) => folder === '.' || file.startsWith(`${folder}/`));
    if (own.length === 0) throw nothingThere(settled, name, folder);
    if (own.some((file) => files.isCommitted(file))) return [];
    const remedy = `run "git add ${folder}" and commit`;
    return [
      {
        where: `${folder}/`,
        what: `nothing of "${name}" is in git, and only what is committed is packed`,
        remedy,
      },
    ];
  });
}

function nothingThere({ taken }: Settled, service: string, folder: string): MeshSimError {
  const said = taken.find((one) => one.service === service && one.field === 'path');
  return new MeshSimError(
    'source-invalid',
    `${said?.source ?? service} leads to the folder ${folder}, in which there is no file: correct it.`,
  );
}
