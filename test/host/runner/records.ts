/** What the suite in the extension host tells its runner: one JSON line each, appended to the file `RESULTS_VARIABLE` names. */
export type HostRecord =
  | { readonly type: 'start'; readonly vscode: string; readonly node: string }
  | { readonly type: 'suite'; readonly title: string; readonly depth: number }
  | {
      readonly type: 'pass';
      readonly title: string;
      readonly depth: number;
      readonly milliseconds: number;
    }
  | { readonly type: 'pending'; readonly title: string; readonly depth: number }
  | {
      readonly type: 'fail';
      readonly title: string;
      readonly depth: number;
      readonly error: string;
    }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'end' };

export const RESULTS_VARIABLE = 'MESH_SIM_TEST_RESULTS';
