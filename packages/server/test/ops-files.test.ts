import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { createMetrics } from '../src/base/metrics.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ENDPOINT = { app: 1, endpoint: 'main' };

/** What Prometheus adds to every scrape. */
const OF_PROMETHEUS = new Map([['up', new Set(['job', 'instance'])]]);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const rules: readonly Rule[] = parse(text('ops/prometheus/alerts.yaml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
);
const dashboard = JSON.parse(text('ops/grafana/confab.json'));
const panels: readonly Panel[] = dashboard.panels;
const targets = panels.flatMap((panel) => panel.targets ?? []);
const expressions = [...rules.map(({ expr }) => expr), ...targets.map(({ expr }) => expr)];

/** Series of a server at work, with the names of their labels; and the type of each family. */
const series = new Map<string, Set<string>>(OF_PROMETHEUS);
const families = new Map<string, string>();
const helps = new Map<string, string>();

/** Names of metrics in an expression, each with its matchers and what stands in front of it. */
function selectors(expr: string): { name: string; labels: string[]; before: string }[] {
  const found = expr.matchAll(/\b((?:confab|process|nodejs)_\w+|up\b)(?:\{([^}]*)\})?/g);
  return [...found].map(({ 1: name = '', 2: matchers = '', index }) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map((match) => match[1] ?? ''),
    before: expr.slice(0, index),
  }));
}

/** Labels that an expression groups by. */
function groupings(expr: string): string[] {
  return [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap((match) => (match[1] ?? '').split(/,\s*/));
}

/** Where an expression stops being PromQL; `undefined`: nowhere. Grafana puts a duration for its interval. */
function syntaxError(expr: string): string | undefined {
  const query = expr.replaceAll('$__rate_interval', '5m');
  let at: string | undefined;
  parser.parse(query).iterate({
    enter: ({ type, from }) => {
      if (type.isError) at ??= query.slice(from);
    },
  });
  return at;
}

before(async () => {
  const metrics = createMetrics({
    version: '0.1.0',
    storeStats: async () => ({
      databaseBytes: 1,
      accounts: 1,
      groups: 1,
      lanesBehind: [{ ...ENDPOINT, lanes: 1 }],
      lag: [{ ...ENDPOINT, events: 1, ageSeconds: 1 }],
      deadLetters: [{ ...ENDPOINT, open: 1 }],
    }),
  });
  metrics.requestDone('send_group_msg', 0, 1);
  metrics.messageDropped(1);
  metrics.committed(1, 1);
  metrics.checkpointAge(1);
  metrics.node(64, 1);
  metrics.attemptDone(ENDPOINT, 'delivered', 1);
  metrics.delivered(ENDPOINT, 1);
  metrics.answerWarning(ENDPOINT);
  metrics.deadLettered(ENDPOINT, 'age');
  metrics.breaker(ENDPOINT, 'closed');
  metrics.lanesInMemory(ENDPOINT, 1);
  metrics.allowance(ENDPOINT, 1, 1);
  metrics.beforeAnswered(ENDPOINT, 'allowed', 1);
  metrics.beforeBreaker(ENDPOINT, 'closed');
  for (const line of (await metrics.render()).split('\n')) {
    const [, about = '', help = ''] = /^# HELP (\w+) (.+)/.exec(line) ?? [];
    if (about !== '') helps.set(about, help);
    const [, family = '', type = ''] = /^# TYPE (\w+) (\w+)/.exec(line) ?? [];
    if (family !== '') families.set(family, type);
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === '') continue;
    const known = series.get(name) ?? new Set<string>();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    series.set(name, known);
  }
});

describe('alert rules and dashboard', () => {
  test('name only metrics that the server has, with labels that these have', () => {
    assert.ok(expressions.length > 40);
    for (const expr of expressions) {
      const used = selectors(expr);
      assert.ok(used.length > 0, expr);
      for (const { name, labels } of used) {
        const known = series.get(name) ?? assert.fail(`${name} is no metric: ${expr}`);
        for (const label of [...labels, ...groupings(expr)])
          assert.ok(known.has(label), `${name} has no label ${label}: ${expr}`);
      }
    }
  });

  test('use every metric of the server', () => {
    const used = new Set(expressions.flatMap(selectors).map(({ name }) => name));
    const unused = [...families.keys()].filter(
      (family) => ![family, `${family}_bucket`, `${family}_count`].some((name) => used.has(name)),
    );
    assert.ok(families.size > 25);
    assert.deepEqual(unused, []);
  });

  test('take what only grows as a rate, and what goes up and down as it is', () => {
    for (const expr of expressions) {
      for (const { name, before } of selectors(expr)) {
        const family = name.replace(/_(?:bucket|sum|count)$/, '');
        const grows = ['counter', 'histogram'].includes(
          families.get(families.has(name) ? name : family) ?? '',
        );
        assert.equal(/\b(?:rate|increase)\($/.test(before), grows, `${name} in ${expr}`);
      }
    }
  });

  test('are PromQL by the grammar of Prometheus', () => {
    assert.notEqual(syntaxError('sum(rat(up[5m]))'), undefined, 'a function that there is not');
    for (const expr of expressions) assert.equal(syntaxError(expr), undefined, expr);
  });
});

test('docs/observability.md lists every metric, with its type and what it says of itself', () => {
  const rows = text('docs/observability.md').matchAll(
    /^\| `((?:confab|process|nodejs)_\w+)` *\| (\w+) *\| (.+?) *\|$/gm,
  );
  assert.deepEqual(
    [...rows].map(([, name, type, help]) => [name, type, help]).toSorted(),
    [...families].map(([name, type]) => [name, type, helps.get(name)]).toSorted(),
  );
});

describe('the alert rules', () => {
  test('have a name of their own, a severity, and a section of the runbook', () => {
    assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
    const anchors = [...text('docs/runbook.md').matchAll(/^#{2,3} (.+)$/gm)].map(({ 1: title = '' }) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { alert, labels, annotations } of rules) {
      assert.match(alert, /^Confab[A-Z]\w+$/);
      assert.ok(['critical', 'warning', 'info'].includes(labels.severity), alert);
      assert.equal(annotations.runbook, `docs/runbook.md#${alert.toLowerCase()}`);
      assert.ok(anchors.includes(alert.toLowerCase()), `docs/runbook.md has no section ${alert}`);
    }
    const sections = anchors.filter((anchor) => anchor.startsWith('confab'));
    assert.equal(sections.length, rules.length, 'a section without its alert');
  });

  test('say in the summary only what the expression keeps', () => {
    for (const { alert, expr, annotations } of rules) {
      const kept = groupings(expr);
      const [first = assert.fail(alert)] = selectors(expr);
      for (const [, label = ''] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
        const there = /\bby \(/.test(expr) ? kept.includes(label) : series.get(first.name)?.has(label);
        assert.ok(there, `${alert} names ${label}`);
      }
    }
  });
});

describe('the dashboard', () => {
  test('has panels that do not overlap, each with a title and an id of its own', () => {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      assert.ok(title.length > 0);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          assert.ok(x < 24 && !taken.has(`${x},${y}`), `${title} at ${x},${y}`);
          taken.add(`${x},${y}`);
        }
    }
  });

  test('asks only for variables that it has', () => {
    const known = new Set(dashboard.templating.list.map(({ name }: { name: string }) => name));
    for (const [, name = ''] of JSON.stringify(targets).matchAll(/\$(?!__)\{?(\w+)/g))
      assert.ok(known.has(name), name);
  });
});
