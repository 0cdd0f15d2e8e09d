import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');
const SRC = join(import.meta.dirname, '../src');

/** Which folder may import which; a folder may always import itself and what lies in it. A new folder or arrow is a decision. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  domain: ['base'],
  'domain/settings': ['domain', 'base'],
  config: ['domain', 'domain/settings', 'base'],
  store: ['domain', 'base'],
  'store/sqlite': ['store', 'domain', 'base'],
  'store/postgres': ['store', 'store/sqlite', 'domain', 'base'],
  service: ['store', 'domain', 'base'],
  wire: ['domain', 'base'],
  rest: ['service', 'wire', 'domain', 'domain/settings', 'base'],
  webhook: ['store', 'domain', 'base'],
};

/** Packages that only some folders may import. Files directly in `src` (`root`) put the parts together and may import anything. */
const OWNER: Readonly<Record<string, readonly string[]>> = {
  '@confab-im/protocol': [
    'domain',
    'domain/settings',
    'config',
    'store',
    'store/sqlite',
    'store/postgres',
    'service',
    'wire',
    'rest',
    'webhook',
  ],
  'node:sqlite': ['store/sqlite'],
  'node:worker_threads': ['store/sqlite'],
  undici: ['webhook'],
  'node:dns': ['webhook'],
  'node:tls': ['webhook'],
  'node:http': ['rest'],
  'node:https': ['rest'],
  'node:http2': [],
  'node:child_process': [],
  pg: ['store/postgres'],
  'node:fs': ['config', 'store/sqlite', 'store/postgres'],
  yaml: ['config'],
  'prom-client': ['base'],
  '@opentelemetry/api': ['base'],
  '@opentelemetry/exporter-trace-otlp-http': ['base'],
  '@opentelemetry/resources': ['base'],
  '@opentelemetry/sdk-trace': ['base'],
  pino: ['base', 'rest'],
};

/** What no import shows: globals and words, with the only places for them. */
const ONLY_IN: readonly {
  readonly what: string;
  readonly pattern: RegExp;
  readonly folders: readonly string[];
}[] = [
  {
    what: 'the clock',
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bset(?:Timeout|Interval)\b/,
    folders: ['base'],
  },
  { what: 'chance', pattern: /\bMath\.random\b/, folders: ['base'] },
  { what: 'the environment', pattern: /\bprocess\.(?:env|argv)\b/, folders: [] },
  { what: 'the console', pattern: /\bconsole\./, folders: [] },
  { what: 'fetch', pattern: /(?<![\w.#])fetch\(/, folders: [] },
  { what: 'exit', pattern: /\bprocess\.exit\b/, folders: [] },
];

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

/** Everything a file imports: static, type-only, side-effect, re-exported and dynamic alike. */
function specifiers(source: string): string[] {
  const found = withoutComments(source).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"\n]+)\1/g);
  return [...found].map((match) => match[2] ?? '');
}

function layerOf(file: string): string {
  if (posix.dirname(file) === '.') return 'root';
  for (let folder = posix.dirname(file); folder !== '.'; folder = posix.dirname(folder)) {
    if (folder in MAY_IMPORT) return folder;
  }
  throw new Error(`${file}: its folder is not in the table; add it on purpose`);
}

function target(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function importViolations(file: string, source: string): string[] {
  const from = layerOf(file);
  return specifiers(source).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      if (/^@confab-im\/[^/]+\//.test(specifier))
        return [`${file}: '${specifier}' reaches into another package`];
      const owners = OWNER[specifier];
      const allowed = from === 'root' || owners === undefined || owners.includes(from);
      return allowed ? [] : [`${file}: ${from} must not import '${specifier}'`];
    }
    const to = layerOf(target(file, specifier));
    const allowed = from === 'root' || to === from || MAY_IMPORT[from]?.includes(to) === true;
    return allowed ? [] : [`${file}: ${from} must not import ${to}`];
  });
}

function wordViolations(file: string, source: string): string[] {
  const folder = layerOf(file);
  const code = withoutComments(source);
  return ONLY_IN.flatMap(({ what, pattern, folders }) =>
    pattern.test(code) && !folders.includes(folder) ? [`${file}: ${folder} must not touch ${what}`] : [],
  );
}

/** Pure rules: nothing in `domain` waits or performs I/O. */
function domainViolations(file: string, source: string): string[] {
  if (!file.startsWith('domain/')) return [];
  const waits = /\basync\b|\bawait\b/.test(withoutComments(source));
  const io = specifiers(source).filter((name) => name.startsWith('node:') && name !== 'node:crypto');
  return [
    ...(waits ? [`${file}: a rule does not wait`] : []),
    ...io.map((name) => `${file}: a rule has no ${name}`),
  ];
}

/** The store's thread starts four times as fast without the schemas. */
function schemaViolations(file: string, source: string): string[] {
  const loaded = /^(?:import|export) (?!type\b)[^;]*'@confab-im\/protocol'/m.test(withoutComments(source));
  return file.startsWith('store/') && loaded
    ? [`${file}: store takes nothing but types from the protocol`]
    : [];
}

function violations(file: string, source: string): string[] {
  return [importViolations, wordViolations, domainViolations, schemaViolations].flatMap((rule) =>
    rule(file, source),
  );
}

/** The first cycle found, as the files on it. */
function cycle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const found = visit(next, [...path, file]);
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = visit(file, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

const sources = new Map(
  globSync('**/*.ts', { cwd: SRC })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => [file, readFileSync(join(SRC, file), 'utf8')]),
);

describe('the server', () => {
  test('has its files in the folders of the table, and every folder of the table exists', () => {
    assert.ok(sources.size > 100, `only ${sources.size} files found`);
    const layers = new Set([...sources.keys()].map(layerOf));
    assert.deepEqual([...layers].toSorted(), ['root', ...Object.keys(MAY_IMPORT)].toSorted());
  });

  test('imports only what the table allows, and touches the outside only where it may', () => {
    const found = [...sources].flatMap(([file, source]) => violations(file, source));
    assert.deepEqual(found, []);
  });

  test('has no cycle of imports', () => {
    const imports = new Map(
      [...sources].map(([file, source]) => [
        file,
        specifiers(source)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => target(file, specifier)),
      ]),
    );
    const missing = [...imports.values()].flat().filter((file) => !sources.has(file));
    assert.deepEqual(missing, [], 'relative imports that lead nowhere');
    assert.equal(cycle(imports)?.join(' -> '), undefined);
  });
});

describe('the checks', () => {
  const planted: readonly [string, string, RegExp][] = [
    ['rest/x.ts', "import { a } from '../store/store.ts';", /rest must not import store/],
    ['rest/group/x.ts', "import type { A } from '../../store/store.ts';", /rest must not import store/],
    ['webhook/x.ts', "import { a } from '../service/groups.ts';", /webhook must not import service/],
    ['service/x.ts', "export * from '../webhook/guard.ts';", /service must not import webhook/],
    ['service/x.ts', "const a = await import('../rest/server.ts');", /service must not import rest/],
    ['domain/x.ts', "import '../store/store.ts';", /domain must not import store/],
    ['base/x.ts', "import { a } from '@confab-im/protocol';", /base must not import '@confab-im\/protocol'/],
    ['rest/x.ts', "import { a } from '@confab-im/protocol/src/event.ts';", /reaches into another package/],
    ['service/x.ts', "import { DatabaseSync } from 'node:sqlite';", /service must not import 'node:sqlite'/],
    ['store/x.ts', "import type { DatabaseSync } from 'node:sqlite';", /store must not import 'node:sqlite'/],
    ['rest/x.ts', "const { fetch } = await import('undici');", /rest must not import 'undici'/],
    ['webhook/x.ts', "import { createServer } from 'node:http';", /webhook must not import 'node:http'/],
    ['service/x.ts', 'const now = Date.now();', /service must not touch the clock/],
    ['wire/x.ts', 'const now = new Date();', /wire must not touch the clock/],
    ['webhook/x.ts', 'setTimeout(retry, 5);', /webhook must not touch the clock/],
    ['webhook/x.ts', 'const jitter = Math.random();', /webhook must not touch chance/],
    ['config/x.ts', 'const { HOME } = process.env;', /config must not touch the environment/],
    ['rest/x.ts', 'const answer = await fetch(url);', /rest must not touch fetch/],
    ['service/x.ts', "console.log('hello');", /service must not touch the console/],
    ['domain/x.ts', 'export async function decide() {}', /a rule does not wait/],
    ['domain/x.ts', "import { readFileSync } from 'node:fs';", /a rule has no node:fs/],
    ['store/x.ts', "import { canonicalJson } from '@confab-im/protocol';", /nothing but types/],
  ];
  for (const [file, source, complaint] of planted) {
    test(`find ${file}: ${source}`, () => {
      assert.match(violations(file, source).join('\n'), complaint);
    });
  }

  test('find a folder that nobody listed', () => {
    assert.throws(() => violations('cache/x.ts', ''), /not in the table/);
    assert.throws(() => violations('rest/x.ts', "import { a } from '../cache/x.ts';"), /not in the table/);
  });

  test('find a cycle, and only where there is one', () => {
    const ring = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['d']],
      ['d', ['b']],
    ]);
    assert.deepEqual(cycle(ring), ['b', 'c', 'd', 'b']);
    assert.equal(cycle(new Map([...ring, ['d', []]])), undefined);
  });

  test('do not mind what is allowed', () => {
    const source = `
      // import { a } from '../rest/server.ts'; Date.now() is for base
      import type { GroupType } from '@confab-im/protocol';
      /** setTimeout would be wrong here */
      import { a } from '../domain/group.ts';
      const then = new Date(0), parsed = Date.parse(text), got = this.#fetch(url);`;
    assert.deepEqual(violations('store/x.ts', source), []);
    assert.deepEqual(violations('app.ts', "import { a } from './rest/server.ts';"), []);
  });
});

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifests = new Map(
  globSync(['package.json', 'packages/*/package.json'], { cwd: ROOT })
    .map((file): Manifest => JSON.parse(readFileSync(join(ROOT, file), 'utf8')))
    .map((manifest) => [manifest.name, manifest]),
);

function ours(name: string): string[] {
  return Object.keys(manifests.get(name)?.dependencies ?? {}).filter((dependency) =>
    manifests.has(dependency),
  );
}

describe('the packages', () => {
  test('depend on one another in one direction', () => {
    assert.deepEqual(ours('@confab-im/protocol'), []);
    assert.deepEqual(ours('@confab-im/receiver'), ['@confab-im/protocol']);
    assert.deepEqual(ours('@confab-im/server'), ['@confab-im/protocol']);
    assert.deepEqual(ours('@confab-im/recorder').toSorted(), ['@confab-im/protocol', '@confab-im/receiver']);
    assert.deepEqual(
      manifests.get('@confab-im/receiver')?.dependencies &&
        Object.keys(manifests.get('@confab-im/receiver')?.dependencies ?? {}),
      ['@confab-im/protocol'],
      'the receiver is installed in other people’s backends',
    );
  });

  test('the protocol is a leaf: nothing of Node in it', () => {
    const files = globSync('packages/protocol/src/**/*.ts', { cwd: ROOT }).filter(
      (file) => !file.endsWith('.test.ts'),
    );
    assert.ok(files.length > 30);
    const found = files.flatMap((file) =>
      specifiers(readFileSync(join(ROOT, file), 'utf8'))
        .filter((specifier) => specifier.startsWith('node:'))
        .map((specifier) => `${file}: ${specifier}`),
    );
    assert.deepEqual(found, []);
  });

  test('every dependency has its reason in docs/dependencies.md, and nothing else is named there', () => {
    const rows = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8').matchAll(
      /^\| `([^`]+)` \| (.+) \|$/gm,
    );
    const reasons = new Map([...rows].map((row) => [row[1] ?? '', row[2] ?? '']));
    const used = new Set(
      [...manifests.values()].flatMap((manifest) =>
        [
          manifest.dependencies,
          manifest.devDependencies,
          manifest.optionalDependencies,
          manifest.peerDependencies,
        ].flatMap((group) => Object.keys(group ?? {})),
      ),
    );
    const foreign = [...used].filter((name) => !manifests.has(name));
    assert.deepEqual([...reasons.keys()].toSorted(), foreign.toSorted());
    for (const [name, reason] of reasons) assert.ok(reason.length > 20, `${name}: say why`);
  });
});
