/** Request headers in either common form: the web's `Headers`, or Node's object with lower-case names. */
export type HeadersLike =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

/** The value of a header by its lower-case name; several values are joined as the web does, with a comma. */
export function headerOf(headers: HeadersLike, name: string): string | undefined {
  if (isWebHeaders(headers)) return headers.get(name) ?? undefined;
  const value = headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
}

function isWebHeaders(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}
