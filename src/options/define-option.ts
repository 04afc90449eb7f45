import { ArgumentError } from '../errors';
import { describe } from '../util/describe';
import { refuseUnknownOptions } from './refuse-unknown-options';
import { replacedOptions } from './replaced-options';

/** One option: what a user may pass, and what the store works with. */
export interface OptionDefinition<Input, Resolved = Input> {
  /** Makes the input type part of the definition; it has no value. */
  readonly input?: Input;
  /** @throws {ArgumentError} for a wrong value, naming the option */
  resolve(value: unknown, name: string): Resolved;
}

type AnyDefinitions = Readonly<Record<string, OptionDefinition<unknown>>>;

/** The options that a user may pass, derived from their definitions. */
export type InputOf<Definitions> = {
  readonly [Name in keyof Definitions]?:
    | (Definitions[Name] extends OptionDefinition<infer Input, unknown> ? Input : never)
    | undefined;
};

/** The options with checks done and defaults filled in, derived from their definitions. */
export type ResolvedOf<Definitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends {
    resolve(value: unknown, name: string): infer Resolved;
  }
    ? Resolved
    : never;
};

interface Rule<Input> {
  /** Completes the sentence "Expected `option` to be …". */
  readonly expected: string;
  readonly isValid: (value: unknown) => value is Input;
}

/** Defines an option whose value is used as it was passed, or replaced by the default. */
export function defineOption<Input, Default = Input>({
  default: fallback,
  expected,
  isValid,
}: Rule<Input> & { readonly default: Default }): OptionDefinition<Input, Input | Default> {
  return {
    resolve(value, name) {
      if (value === undefined) {
        return fallback;
      }
      if (!isValid(value)) {
        throw new ArgumentError(name, expected, describe(value));
      }
      return value;
    },
  };
}

/** Defines an option that the store turns into another form. */
export function defineParsedOption<Input, Resolved>(
  parse: (value: unknown, name: string) => Resolved,
): OptionDefinition<Input, Resolved | undefined> {
  return {
    resolve: (value, name) => (value === undefined ? undefined : parse(value, name)),
  };
}

/**
 * Checks every option and fills in the defaults.
 *
 * @throws {ArgumentError} for an option that does not exist, and for the first wrong value
 */
export function resolveDefinitions<Definitions extends AnyDefinitions>(
  definitions: Definitions,
  options: unknown,
): ResolvedOf<Definitions> {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError('options', 'an object', describe(options));
  }
  refuseUnknownOptions('options', options, Object.keys(definitions), replacedOptions);
  const resolved = Object.entries(definitions).map(([name, definition]) => [
    name,
    definition.resolve(Reflect.get(options, name), name),
  ]);
  return Object.fromEntries(resolved);
}
