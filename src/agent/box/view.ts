import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Folders of the machine (Filesystem Hierarchy Standard 3.0) that are usually empty: the first that is becomes the node's
 * place. Without privileges nothing can be mounted but on folders that are there.
 */
const PLACES = ['/srv', '/mnt', '/media', '/opt', '/var/opt', '/var/local'];

/** The first empty one of these folders; undefined: there is none. */
export function emptyPlace(places: readonly string[] = PLACES): string | undefined {
  return places.find((place) => {
    try {
      return readdirSync(place).length === 0 && realpathSync(place) === place;
    } catch {
      return false;
    }
  });
}

export interface ViewOptions {
  /** The node's folder, without links in its path. */
  readonly folder: string;
  /** Where it is found inside. */
  readonly place: string;
  /** Folders that are empty inside, without links in their paths. */
  readonly cover: readonly string[];
}

/** What paths of the machine are inside a box. */
export class View {
  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** What is to be mounted for it, see setUp. */
  get mounts() {
    const { folder, place, cover } = this.#options;
    return { node: { folder, place }, cover };
  }

  get place(): string {
    return this.#options.place;
  }

  /** Where a file of the machine is found inside; what is not of the node stays where it is. */
  pathInside(file: string): string {
    const { folder, place } = this.#options;
    const below = path.relative(folder, file);
    return isBelow(below) ? path.join(place, below) : file;
  }

  /** Whether a file of the machine is not to be seen inside, also through the link that leads to it. */
  hides(file: string): boolean {
    const { folder, cover } = this.#options;
    const real = realPath(file);
    if (isBelow(path.relative(folder, real))) return false;
    return cover.some((one) => isBelow(path.relative(one, real)));
  }

  /** A search path in two: what can be seen inside, and what cannot. */
  searchPath(hostPath: string): { readonly seen: string; readonly hidden: string } {
    const entries = hostPath.split(path.delimiter);
    const isHidden = (entry: string) => path.isAbsolute(entry) && this.hides(entry);
    return {
      seen: entries.filter((entry) => !isHidden(entry)).join(path.delimiter),
      hidden: entries.filter(isHidden).join(path.delimiter),
    };
  }
}

function isBelow(relative: string): boolean {
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
