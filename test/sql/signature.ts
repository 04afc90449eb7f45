/** The parts of a routine's signature in the contract. */
export interface Signature {
  readonly parameters: ReadonlyArray<{ readonly name: string; readonly type: string }>;
  /** The names of the columns that a call returns. */
  readonly columns: readonly string[];
}

/** Parses a signature of the contract, such as `(IN p_sid varbinary(256)) found`. */
export function parseSignature(signature: string): Signature {
  const [, parameters = '', columns = ''] = /^\((.*)\)(.*)$/.exec(signature) ?? [];
  return {
    parameters: [...parameters.matchAll(/IN (\w+) ([^,]+)/g)].map(([, name = '', type = '']) => ({
      name,
      type,
    })),
    columns: columns.match(/\w+/g) ?? [],
  };
}

/** A valid argument for each parameter of the contract. A list is empty. */
const samples: Readonly<Record<string, string | number | null | readonly never[]>> = {
  'p_sid varbinary(256)': 'a',
  'p_sids longtext utf8mb4': [],
  'p_sess longtext utf8mb4': '{}',
  'p_changed longtext utf8mb4': '[]',
  'p_removed longtext utf8mb4': '[]',
  'p_touches longtext utf8mb4': [],
  'p_saves longtext utf8mb4': [],
  'p_sessions longtext utf8mb4': [],
  'p_texts longblob': '',
  'p_ttl_ms bigint': 60_000,
  'p_after varchar(255) ascii': '',
  'p_limit int': 10,
  'p_value longblob': '1',
  'p_except longblob': null,
  'p_keep int': 1,
  'p_by varchar(7) ascii': 'created',
};

/**
 * Returns arguments that the method for a routine with this signature accepts.
 *
 * @throws {Error} for a parameter that has no sample with its name and type
 */
export function sampleArguments(signature: string): Array<(typeof samples)[string]> {
  return parseSignature(signature).parameters.map(({ name, type }) => {
    const sample = samples[`${name} ${type}`];
    if (sample === undefined) {
      throw new Error(
        `Expected a sample for the parameter '${name} ${type}', got none. Add one to \`samples\``,
      );
    }
    return sample;
  });
}

/** Returns a call with arguments that a routine with this signature accepts. */
export function sampleCall(routine: string, signature: string): string {
  const values = sampleArguments(signature).map((value) => {
    if (typeof value === 'number' || value === null) {
      return String(value);
    }
    return `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
  });
  return `CALL ${routine}(${values.join(', ')})`;
}
