import assert from 'node:assert/strict';
import { MeshSimError } from '../../../src/base/errors.ts';
import { compilePlan } from '../../../src/mesh/compiledPlan.ts';
import { assertServicesPlaced, type PlacedService } from '../../../src/mesh/placementRules.ts';
import { planSchema, type PlanInput } from '../../../src/model/plan.ts';

const SERVICES: readonly PlacedService[] = [
  { name: 'store', ports: { http: 7301 }, dependsOn: [] },
  { name: 'front', ports: { http: 7302 }, dependsOn: ['store'] },
  { name: 'twin', ports: { api: 7301 }, dependsOn: [] },
];

function refusal(placement: PlanInput['placement'], plan: Partial<PlanInput> = {}): string {
  try {
    const parsed = planSchema.parse({
      capsuleHash: 'ab'.repeat(32),
      params: { nodes: 4 },
      placement,
      ...plan,
    });
    assertServicesPlaced(compilePlan(parsed), SERVICES);
    return '';
  } catch (error) {
    if (error instanceof MeshSimError) assert.equal(error.code, 'plan-invalid');
    return (error as Error).message;
  }
}

const apart = { twin: ['n3'], store: ['n0', 'n1'] };

describe('a placement', () => {
  it('is accepted where every service finds what it depends on', () => {
    assert.equal(refusal(apart), '');
    assert.equal(refusal({ ...apart, front: ['n2'] }), '');
    assert.equal(refusal(undefined), '');
  });

  const ring = { topology: { kind: 'ring' } } as const;
  const REFUSED: readonly [string, ReturnType<typeof refusal>, RegExp][] = [
    [
      'an unknown service',
      refusal({ ...apart, ledger: ['n0'] }),
      /^The placement of "ledger" is of no service of this Capsule: correct it to one of store, front, twin\.$/,
    ],
    [
      'an unknown node',
      refusal({ ...apart, front: ['n0', 'n4'] }),
      /^The placement of "front" names n4, but the run has n0 to n3: correct it\.$/,
    ],
    ['a node named twice', refusal({ front: ['n0', 'n0'] }), /names n0 twice/],
    ['a service on no node', refusal({ front: [] }), /places the service on no node/],
    [
      'a dependency on no node that a link leads to',
      refusal({ store: ['n0'], front: ['n2'], twin: ['n3'] }, ring),
      /^The placement of "front" puts it on n2, but "store", which it depends on, runs on n0 only, and no link joins them: place one of the two elsewhere, or add links both ways\.$/,
    ],
    [
      'two services at one port of one node',
      refusal({ store: ['n0'] }),
      /^The placement of "twin" puts it on n0 together with "store", and both have port 7301/,
    ],
    ['virtual time', refusal(apart, { world: 'virtual' }), /no service runs in virtual time/],
  ];
  for (const [name, sentence, expected] of REFUSED) {
    it(`is refused: ${name}`, () => assert.match(sentence, expected));
  }

  it('lets a dependency be reached over a link of the topology', () => {
    assert.equal(refusal({ store: ['n0'], front: ['n1', 'n3'], twin: ['n3'] }, ring), '');
  });
});
