import type { Page } from 'playwright-core';

/** The contrast of a text with what is behind it, by WCAG 2: 1 to 21. */
export interface Contrast {
  readonly text: string;
  readonly ratio: number;
}

/** The contrast of each text of a page. */
export function contrastsOf(page: Page): Promise<Contrast[]> {
  return page.evaluate(`(() => {
    const parts = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => {
      const [red, green, blue] = parts(color).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const groundOf = (element) => {
      if (element === null) return 'rgb(255, 255, 255)';
      const { backgroundColor } = getComputedStyle(element);
      return parts(backgroundColor)[3] === 0 ? groundOf(element.parentElement) : backgroundColor;
    };
    const hasText = (element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
    return [...document.querySelectorAll('body *')].filter(hasText).map((element) => {
      const lights = [getComputedStyle(element).color, groundOf(element)].map(luminance);
      return { text: element.textContent, ratio: (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05) };
    });
  })()`);
}
