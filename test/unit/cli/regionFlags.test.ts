import assert from 'node:assert/strict';
import { regionsFlag } from '../../../src/cli/regionFlags.ts';
import { regionTopology } from '../../../src/model/regions.ts';
import { isMeshSimError } from '../../support/errorCode.ts';

describe('the regions of --regions', () => {
  it('are taken by id or by airport, in the order they are given', () => {
    const expected = regionTopology(['use', 'irl', 'sgp']);
    assert.deepEqual(regionsFlag('use,irl,sgp', undefined), expected);
    assert.deepEqual(regionsFlag('iad, DUB,sin', 'regions'), expected);
  });

  const refused: [string, string | undefined, RegExp][] = [
    [
      'use,irk',
      undefined,
      /There is no region "irk": near it are irl; "mesh-sim regions" lists all/,
    ],
    ['germany,use', undefined, /no region "germany": near it are deu;/],
    ['europe,use', undefined, /no region "europe": near it are irl, nld;/],
    ['use,xx', undefined, /no region "xx": known are use, usw2, bra/],
    ['use,', undefined, /no region "": known are/],
    ['use', undefined, /--regions use: expected 2 to 16 regions, such as deu,use,sgp/],
    ['use,sgp', 'ring', /--regions use,sgp: expected no --topology ring beside it/],
  ];
  for (const [value, topology, sentence] of refused) {
    it(`are refused as ${value}${topology === undefined ? '' : ` beside ${topology}`}`, () => {
      assert.throws(() => regionsFlag(value, topology), isMeshSimError('usage', sentence));
    });
  }
});
