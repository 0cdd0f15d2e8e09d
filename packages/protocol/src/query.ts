/** Adds a query to a configured URL, which may have a path, a query or a fragment (never sent, so dropped) of its own. */
export function appendQuery(base: string, query: string): string {
  const url = base.split('#', 1)[0] ?? '';
  if (query === '') return url;
  if (!url.includes('?')) return `${url}?${query}`;
  return url.endsWith('?') || url.endsWith('&') ? url + query : `${url}&${query}`;
}

/** Path and query of a URL or of a request target (`/im?a=b`), split without judging the rest. */
export function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const target = (url.split('#', 1)[0] ?? '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

/** Percent-encodes a value; half a surrogate pair, which has no encoding, becomes U+FFFD. */
export function queryValue(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
