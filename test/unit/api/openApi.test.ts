import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createApi } from '../../../src/api/app.ts';
import { OPERATIONS, openApiDocument } from '../../../src/api/openApi.ts';
import { Studio } from '../../../src/studio/studio.ts';
import { workspaceIn } from '../../support/workspace.ts';
import { temporaryFolder } from '../../support/harborPay.ts';

describe('the OpenAPI document', () => {
  it('describes every route of the app and no other', async () => {
    const studio = new Studio(await workspaceIn(await temporaryFolder()));
    const routes = createApi(studio, { refusal: () => undefined }).routes;
    const served = routes
      .filter(({ path }) => path.startsWith('/api/') && !path.endsWith('openapi.json'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
      .map((route) => route.replace('{file}', '{simId}'));
    assert.deepEqual([...new Set(served)].sort(), Object.keys(OPERATIONS).sort());
  });

  it('is JSON', () => {
    const text = JSON.stringify(openApiDocument());
    assert.match(text, /"openapi":"3\.1\.0"/);
    assert.match(text, /capsuleHash/);
  });
});
