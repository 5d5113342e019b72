/** Runs git in a folder; rejects when it fails. */
export type RunGit = (folder: string, ...args: string[]) => Promise<unknown>;

export function gitIn(folder: string, ...args: string[]): Promise<string>;
export function commitHarborPay(folder: string, git?: RunGit): Promise<void>;
