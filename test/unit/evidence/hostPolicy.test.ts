import assert from 'node:assert/strict';
import { MeshSimError } from '../../../src/base/errors.ts';
import { readInvocation } from '../../../src/cli/verifyOptions.ts';
import { verifyCapsim } from '../../../src/evidence/verify.ts';
import type { HostDemand } from '../../../src/model/hostDemand.ts';
import { TRUST } from '../../support/alteredEvidence.ts';
import { rehearsal } from '../../support/gateWorld.ts';
import { hostedNode, rehearsedOn } from '../../support/hostedNodes.ts';

const ask = (flag: string) => readInvocation(['--file', 'result.capsim', '--require-hosts', flag]);

describe('a policy that asks for hosts', () => {
  const judge = (requireHosts: HostDemand) => {
    const { bytes } = rehearsal(rehearsedOn(hostedNode()));
    const { exitCode, sentence } = verifyCapsim(bytes, { ...TRUST, policy: { requireHosts } });
    return [exitCode, sentence] as const;
  };

  it('is met by nodes that lived there, and by no others', () => {
    assert.equal(judge({ minRemote: 1, kinds: ['local', 'ssh'] })[0], 0);
    const [exitCode, sentence] = judge({ minRemote: 2 });
    assert.equal(exitCode, 4);
    assert.match(sentence, /^1 of its 3 nodes lived elsewhere .*; at least 2 are required/);
  });

  it('is a count on the command line, or what the gate asks by the same names; of a real run that passed', () => {
    const demands: readonly [string, HostDemand][] = [
      ['2', { minRemote: 2 }],
      [
        'minRemote=2,distinctHosts=3,kinds=local+ssh,maxClockErrorMs=0.5,platform=linux/arm64',
        {
          ...{ minRemote: 2, distinctHosts: 3, kinds: ['local', 'ssh'] },
          ...{ maxClockErrorMs: 0.5, platform: 'linux/arm64' },
        },
      ],
    ];
    for (const [flag, demand] of demands) {
      const asked = ask(flag);
      assert.ok(typeof asked === 'object' && asked.requirePass && asked.requireReal);
      assert.deepEqual(asked.requireHosts, demand);
    }
  });

  it('refuses what nobody can ask for, with what is wrong', () => {
    const cases: readonly [string, RegExp][] = [
      ['0', /^--require-hosts 0 asks for nothing that can be: minRemote is 0 \(/],
      ['many', /cannot be read: write how many nodes must have lived elsewhere, such as 2/],
      ['minRemote=2,minRemote=3', /cannot be read/],
      ['minRemote=two', /minRemote is /],
      ['kinds=ssh+moon', /kinds\[1\] is "moon" \(/],
      ['nearest=1', /has the unknown key "nearest"/],
    ];
    for (const [flag, sentence] of cases) {
      assert.throws(
        () => ask(flag),
        (error) =>
          error instanceof MeshSimError && error.code === 'usage' && sentence.test(error.message),
        flag,
      );
    }
  });
});
