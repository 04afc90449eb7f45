import fc from 'fast-check';
import { mayExecute, routineNames, routines } from '../../src/contract';
import type { Parameter } from '../../src/database/connection';
import { hostileIds, hostileTexts } from '../e2e/matrix/hostile-sessions';

const texts = [
  ...hostileIds,
  ...hostileTexts,
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

/** Known hostile texts, random texts, and concatenations of both. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary', maxLength: 12 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));

/** Values that a request could make an application store in a session. */
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

/** Parameters that the application's account could pass to a routine. */
const hostileParameter: fc.Arbitrary<Parameter> = fc.oneof(
  hostileText.map((text) => Buffer.from(text)),
  hostileText,
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  hostileValue.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
  fc.constantFrom(null, 0, -1, 1, 100, 60_000, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300),
  fc.constantFrom('a', 'b', 'c').map((sid) => Buffer.from(sid)),
  fc
    .constantFrom('[]', '{}', '["a",1]', '[["a",60000]]', '["a","b"]')
    .map((json) => Buffer.from(json)),
);

/** Mostly valid, because a routine that rejects a number does not read its other parameters. */
const hostileNumber: fc.Arbitrary<Parameter> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(60_000) },
  { weight: 1, arbitrary: hostileParameter },
);

export interface HostileCall {
  readonly routine: string;
  readonly parameters: readonly Parameter[];
}

const routinesWithParameters = routineNames
  .filter((name) => mayExecute('application', name))
  .map((name) => ({ name, types: parameterTypes(routines[name].signature) }))
  .filter(({ types }) => types.length > 0);

function parameterTypes(signature: string): string[] {
  return [...signature.matchAll(/\bIN p_\w+ (\w+)/g)].map(([, type = '']) => type);
}

/** Calls of the routines that an application's account may execute. */
export const hostileCall: fc.Arbitrary<HostileCall> = fc
  .constantFrom(...routinesWithParameters)
  .chain(({ name, types }) =>
    fc
      .tuple(...types.map((type) => (type.endsWith('int') ? hostileNumber : hostileParameter)))
      .map((parameters) => ({ routine: name, parameters })),
  );
