import { syllable } from 'syllable';
import { plainWordsOf } from './sentences';

/**
 * Returns how easy sentences are to read: 100 is very easy, 50 fairly difficult, 0 very difficult.
 * Sentences of code alone do not count.
 *
 * @see Rudolf Flesch, A new readability yardstick, 1948: https://doi.org/10.1037/h0057532
 */
export function readingEase(sentences: readonly string[]): number {
  const words = sentences.map(plainWordsOf).filter(({ length }) => length > 0);
  const all = words.flat();
  const syllables = all.reduce((sum, word) => sum + syllable(word), 0);
  return 206.835 - (1.015 * all.length) / words.length - (84.6 * syllables) / all.length;
}
