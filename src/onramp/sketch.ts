import type { Command } from '../model/registry.ts';
import type { RequiredProgram } from '../model/requiredProgram.ts';

/** A value and where it was read: `compose.yaml, services.api.command`. */
export interface Said<T> {
  readonly value: T;
  readonly source: string;
}

/** What could not be carried over, or could not be known. */
export interface Gap {
  /** The place: a file, and the key or line in it. */
  readonly where: string;
  /** One clause. */
  readonly what: string;
  /** One clause that says what to do. */
  readonly remedy: string;
}

/** A value for a service's environment. */
export interface Variable extends Said<string> {
  /** It is known from a file that is not in git and looks like one to be kept: the registry gets its name alone. */
  readonly isSecret?: boolean;
}

export interface ListeningPort extends Said<number> {
  /** UDP ports cannot be asked. */
  readonly protocol?: 'tcp' | 'udp';
}

export type HealthSketch =
  | { readonly kind: 'http'; readonly path: string; readonly port?: number }
  | { readonly kind: 'tcp'; readonly port?: number }
  | { readonly kind: 'command'; readonly command: Command };

export interface HealthTimes {
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly deadlineMs?: number;
}

/** A service as its sources describe it, before names, ports and addresses are settled. */
export interface Sketch {
  /** As its source calls it; other services reach it by this name. */
  readonly name: string;
  /** Further names by which others reach it. */
  readonly aliases: readonly string[];
  /** Its folder; left out: it is a program of the machine. */
  readonly path?: Said<string>;
  /** The folder that is packed, if it is another. */
  readonly root?: Said<string>;
  /** In the place of a folder. */
  readonly program?: Said<RequiredProgram>;
  readonly build?: Said<Command>;
  readonly start: Said<Command>;
  readonly env: ReadonlyMap<string, Variable>;
  readonly secrets: ReadonlyMap<string, Said<string | undefined>>;
  /** The first is the one it is asked at. */
  readonly ports: readonly ListeningPort[];
  /** Port numbers by which others know a port of it: a Kubernetes Service's `port` for its `targetPort`. */
  readonly knownAs?: ReadonlyMap<number, number>;
  /** The variable its code reads its port from. */
  readonly portVariable?: Said<string>;
  readonly health?: Said<HealthSketch & HealthTimes>;
  /** It does its work and ends: others wait for that. */
  readonly once?: Said<true>;
  readonly dependsOn: readonly Said<string>[];
}

/** What one source, or all of them together, say about a product. */
export interface Description {
  readonly sketches: readonly Sketch[];
  readonly gaps: readonly Gap[];
  /** Read, and of no consequence here. One clause each. */
  readonly notes: readonly string[];
}

/** What a draft has to know of the machine. */
export interface MachineFacts {
  /** Whether it has a program that a service could require. */
  readonly hasProgram: (program: string) => boolean;
  /** Whether services reach each other by name where they are to run. */
  readonly hasNames: boolean;
  /** Whether whoever rehearses is root, as which some servers do not start. */
  readonly isRoot?: boolean;
}
