/** What may be told of a database's URL: host, port and name. User, password and options stay out. */
export function databaseName(url: string): string {
  const { protocol, host, pathname, searchParams } = new URL(url);
  return `${protocol}//${host || (searchParams.get('host') ?? '')}${pathname}`;
}
