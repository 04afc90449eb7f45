import fc from 'fast-check';
import { hostileData, hostileIds } from '../matrix/hostile';

const hostileTexts = [
  ...hostileIds,
  ...(hostileData.list as readonly string[]),
  '$',
  '$.',
  '$**',
  '[[',
  '{"a":',
  '{"__proto__":{"x":1}}',
  'null',
  '1e999',
  '-9223372036854775809',
  '\ud800',
  'a'.repeat(256),
  '['.repeat(120),
];

/** Texts that were made to do harm, chance ones, and what comes of both together. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 12 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));

/** What an application could be made to put into a session. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: false },
    hostileText,
    fc.double(),
    fc.constantFrom(null, true, 0, -0, 2 ** 53, 1e308, 5e-324),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(hostileText, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** What whoever has the application's account could pass to a routine. */
export const hostileParameter: fc.Arbitrary<Buffer | string | number | null> = fc.oneof(
  hostileText.map((text) => Buffer.from(text)),
  hostileText,
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  hostileValue.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
  fc.constantFrom(null, 0, -1, 1, 100, 60_000, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300),
  fc.constantFrom('a', 'b', 'c').map((sid) => Buffer.from(sid)),
  fc.constantFrom('[]', '{}', '["a",1]', '[["a",60000]]', '["a","b"]').map((json) => Buffer.from(json)),
);
