import type { Locator, Page } from '@playwright/test';

export function panelOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Mesh-Sim parameters' });
}

export async function fillJson(page: Page, text: string): Promise<void> {
  const toggle = page.getByRole('button', { name: 'Edit as JSON' });
  if ((await toggle.getAttribute('aria-pressed')) !== 'true') await toggle.click();
  await page.getByLabel('Parameters as JSON').fill(text);
}

export async function showForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Edit as JSON', pressed: true }).click();
}
