import { MeshSimError } from '../../base/errors.ts';
import { readProvenance } from '../provenance/provenance.ts';
import { ProofReader } from '../provenance/provenanceProof.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { maybeActive, successfulDeploys } from './deployHistory.ts';
import { environmentOf } from './environments.ts';

/** Hashes of what may be active in an environment now, newest first: see GateInput. */
export async function activeIn(workspace: Workspace, environment: string): Promise<string[]> {
  const provenance = await readProvenance(workspace);
  const reader = await ProofReader.open(workspace, provenance, 'manifest');
  return maybeActive(successfulDeploys(provenance.entries, environment), reader);
}

const NAMED = /^active:(.*)$/s;

/**
 * The Capsule that an upgrade starts from, as a person names it: `active:production` is what the ledger says is active there;
 * what is not of this form is given back as it is.
 * @throws MeshSimError `usage` where nothing is active there, or nobody can tell what; as `environmentOf` where it is unknown
 */
export async function startingCapsule(workspace: Workspace, named: string): Promise<string> {
  const name = NAMED.exec(named)?.[1];
  if (name === undefined) return named;
  await environmentOf(workspace, name);
  const [active, ...others] = await activeIn(workspace, name);
  if (active !== undefined && others.length === 0) return active;
  throw new MeshSimError(
    'usage',
    active === undefined
      ? `Nothing is active in ${name} yet, so there is nothing to upgrade from: leave out --from for a first start.`
      : `The record of the newest deploy to ${name} does not verify, so nobody can tell what is active there: name the Capsule by its hash.`,
  );
}
