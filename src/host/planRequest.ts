import { MeshSimError, messageOf } from '../base/errors.ts';
import type { StartRequest } from '../model/api.ts';
import { startRequestOf } from '../model/startRequest.ts';
import { parsePlan } from '../studio/runs/planFile.ts';

/** A saved plan as the request that starts it. @param name of the file. @throws MeshSimError `plan-invalid` */
export function planRequest(text: string, name: string): StartRequest {
  return startRequestOf(parsePlan(parseJson(text, name), name));
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new MeshSimError('plan-invalid', `${name} is not a plan in JSON: ${messageOf(error)}.`);
  }
}
