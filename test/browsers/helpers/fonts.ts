import type { Page } from 'playwright-core';

/** How wide a page draws a text, in pixels. */
export async function widthOf(page: Page, family: string, text: string): Promise<number> {
  await page.setContent(`<span style="font: 40px ${family}">${text}</span>`);
  return (await page.locator('span').boundingBox())?.width ?? 0;
}
