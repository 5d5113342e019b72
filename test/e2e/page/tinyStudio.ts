import { startTinyStudio } from '../../support/studioCommand.ts';
import { healthyService, type TinyService } from '../../support/tinyProduct.ts';
import { sharedStudio, STARTED, test as base } from './studioPage.ts';

export { expect, expectNoAxeViolations, LOOKS, STILL, type StudioPage } from './studioPage.ts';

interface TestFixtures {
  /** The only one of the product; one for all tests with the same `workspaceOf`. */
  readonly service: TinyService;
}

/** A Studio over a product of one service, for tests that rehearse it. */
export const test = base.extend<TestFixtures>({
  service: [healthyService(), { option: true }],
  studioCommand: [
    async ({ shared, service, workspaceOf }, use) => {
      const start = () => startTinyStudio(service);
      await use(await sharedStudio(shared, `a product of one service: ${workspaceOf}`, start));
    },
    STARTED,
  ],
});
