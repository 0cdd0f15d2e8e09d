import { ApiError } from './api-error.ts';

/** Reads the query parameters of a call; a value that does not fit ends the call. */
export class Query {
  readonly #values: URLSearchParams;

  constructor(values: URLSearchParams) {
    this.#values = values;
  }

  /** Refuses parameters that the route does not have: a misspelt filter must not select everything. */
  allowOnly(names: readonly string[]): void {
    for (const name of this.#values.keys()) {
      if (names.includes(name)) continue;
      const choice = names.length === 0 ? 'this call has none' : `this call has ${names.join(', ')}`;
      throw new ApiError('invalid', `The query parameter "${name.slice(0, 60)}" is unknown; ${choice}.`);
    }
  }

  text(name: string): string | undefined {
    return this.#values.get(name) ?? undefined;
  }

  flag(name: string): boolean {
    const value = this.text(name) ?? 'false';
    if (value === 'true' || value === 'false') return value === 'true';
    throw new ApiError('invalid', `The query parameter "${name}" must be true or false.`);
  }

  integer(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new ApiError(
      'invalid',
      `The query parameter "${name}" must be a whole number from ${min} to ${max}.`,
    );
  }
}
