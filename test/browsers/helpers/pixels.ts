import type { Page } from 'playwright-core';

/** Counts the colours of a picture, on a canvas of the page. */
export async function coloursOf(page: Page, png: Buffer): Promise<number> {
  const url = `data:image/png;base64,${png.toString('base64')}`;
  return page.evaluate(`(async () => {
    const image = await createImageBitmap(await (await fetch(${JSON.stringify(url)})).blob());
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`);
}
