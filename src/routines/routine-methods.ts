import type { AttributeAction, RoutineName } from '../contract';

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

type MethodName<Name extends RoutineName> = Name extends `sess_${infer Rest}`
  ? CamelCase<Rest>
  : never;

type Method = (...parameters: never[]) => Promise<unknown>;

/**
 * A method for each routine of the contract: `getMany` for `sess_get_many`, and `findBy` for the
 * attributes' `find`. A class that implements this and lacks a method does not compile.
 */
export type RoutineMethods = Readonly<
  Record<MethodName<RoutineName> | `${AttributeAction}By`, Method>
>;
