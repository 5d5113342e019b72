import { expect, test } from './studioPage.ts';

test('the page reports no error on its way up', async ({ studio }) => {
  const errors: string[] = [];
  studio.page.on('pageerror', (error) => errors.push(error.message));
  await studio.open();
  await studio.screenshot('page-dark-wide');
  expect(errors).toEqual([]);
  await expect(studio.page.locator('body')).toHaveAttribute('data-boot', /"door":"http"/);
});
