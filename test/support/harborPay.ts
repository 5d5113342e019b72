export interface HarborPay {
  /** A fresh git repository that holds a copy of examples/harbor-pay at its root. */
  readonly folder: string;
  readonly registryFile: string;
  /** The id of its only commit; the same in every copy. */
  readonly commit: string;
  dispose(): Promise<void>;
}

export function createHarborPay(): Promise<HarborPay> {
  return Promise.reject(new Error('not yet'));
}

/** Writes a file (path relative to the repository) and commits it; returns the new commit's id. */
export function commitChange(
  _repo: { readonly folder: string },
  _file: string,
  _content: string | Uint8Array,
): Promise<string> {
  return Promise.reject(new Error('not yet'));
}
