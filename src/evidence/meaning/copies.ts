import { INVARIANTS } from '../../model/invariants.ts';
import { canonicalBytes, isSame } from '../../signing/canonicalJson.ts';
import { sha256Hex } from '../../signing/digest.ts';
import { resultParams } from '../resultParams.ts';
import { type Rule } from './rule.ts';

/** What a statement says twice, and what it refers to. */

export const urlFits: Rule = function* ({ statement, result }) {
  if (statement.predicate.url === `urn:uuid:${result.simId}`) return;
  yield 'The statement is about another simulation than its result.';
};

export const configurationFits: Rule = function* ({ statement, result }) {
  const [configuration] = statement.predicate.configuration;
  const content = Buffer.from(configuration?.content ?? '', 'base64');
  if (sha256Hex(content) !== configuration?.digest.sha256) {
    yield "The configuration's digest is not that of its content.";
  }
  if (configuration?.content !== Buffer.from(canonicalBytes(result.params)).toString('base64')) {
    yield "The configuration is not the result's parameters.";
  }
};

export const planIsOfTheCapsule: Rule = function* ({ plan, result }) {
  if (plan.capsuleHash !== result.capsuleHash) yield 'The plan is of another Capsule.';
};

export const paramsAreThePlans: Rule = function* ({ plan, result }) {
  if (!isSame(resultParams(plan), result.params)) {
    yield "The plan's parameters are not the result's.";
  }
};

/** A run points back to the pack and to the run before it; later steps point to a run, never the other way. */
export const linksPointBack: Rule = function* ({ evidence }) {
  const [pack, previous, ...more] = evidence.links;
  if (
    pack?.rel === 'capsule-pack' &&
    (previous?.rel ?? 'previous-sim') === 'previous-sim' &&
    more.length === 0
  ) {
    if (previous?.digest.sha256 !== pack.digest.sha256) return;
    yield 'It names the pack entry as the run before it.';
    return;
  }
  yield 'It must link to the pack entry once, and then to the run before it at most once.';
};

/** Everything that went well was an event when it began and another when it ended. */
export const eventsCoverTheReports: Rule = function* ({ evidence, result }) {
  const phases = result.nodeReports.flatMap((report) => report.phases);
  const ended = phases.filter(({ status }) => status === 'ok').length;
  const crashes = evidence.recovery.reduce((sum, node) => sum + node.crashes, 0);
  // The run itself starts and finishes; each invariant is judged once.
  const moves = 'upgrade' in evidence ? evidence.upgrade : { waves: [], windows: [] };
  const least =
    2 * ended + crashes + INVARIANTS.length + 2 + moves.waves.length + moves.windows.length;
  const { count } = evidence.events;
  if (count < least) yield `It counts ${count} events; what it reports was ${least} at least.`;
};
