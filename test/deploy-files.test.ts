/** The files in `deploy`, read as their tools read them, against the command line and the configuration that they use. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadConfig } from '@confab-im/server';
import { parse, parseAllDocuments } from 'yaml';
import { buildProgram } from '../packages/cli/src/program.ts';
import { healthHandlers } from '../packages/server/src/rest/health.ts';
import { ManualClock } from '../packages/server/test/support/manual-clock.ts';

const ROOT = join(import.meta.dirname, '..');
const text = (file: string) => readFileSync(join(ROOT, 'deploy', file), 'utf8');
const yaml = (file: string) => parse(text(file), { merge: true });
const PAGE = readFileSync(join(ROOT, 'docs/deployment.md'), 'utf8');

/** Requests under way get 10 s, then each delivery its time-out (5 s by default), then the last checkpoint. */
const STOP_SECONDS = 20;

type Tree = Readonly<Record<string, unknown>>;

/** The value at a path of keys, asserted to be there. */
function at<T>(tree: unknown, ...path: readonly (string | number)[]): T {
  return path.reduce<unknown>((value, key) => {
    const next = (value as Tree | undefined)?.[key];
    assert.notEqual(next, undefined, `nothing at ${path.join('.')}`);
    return next;
  }, tree) as T;
}

/** Fails unless the command takes these words. */
async function takes(words: readonly string[]): Promise<void> {
  const program = await buildProgram(words);
  const command =
    program.commands.find((one) => one.name() === words[0]) ?? assert.fail(`no command ${words[0]}`);
  for (const [n, word] of words.entries()) {
    if (!word.startsWith('--')) continue;
    const option =
      command.options.find(({ long }) => long === word) ?? assert.fail(`${words[0]} has no ${word}`);
    const value = words[n + 1] ?? '';
    if (option.argChoices !== undefined) assert.ok(option.argChoices.includes(value), `${word} ${value}`);
  }
}

const configOf = (file: string, env: Readonly<Record<string, string>> = {}) =>
  loadConfig({ text: text(file), env });

const probes = healthHandlers({
  clock: new ManualClock(),
  ready: async () => {},
  metrics: { contentType: '', render: async () => '' },
}).map(({ prefix }) => prefix);

describe('every configuration in deploy', () => {
  for (const folder of ['compose', 'kubernetes', 'systemd']) {
    test(`${folder}/confab.yaml is one, and its secrets are marked to be replaced`, () => {
      const config = configOf(`${folder}/confab.yaml`);
      assert.equal(config.listen.port, 7700);
      assert.equal(config.secretsKeys[0], Buffer.alloc(32).toString('base64'));
      assert.match(config.admin.tokens[0]?.token ?? '', /^replace-/);
      assert.match(config.apps[0]?.secretKeys[0] ?? '', /^replace-/);
    });
  }
});

describe('the container file', () => {
  const lines = text('Containerfile')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ word: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));
  const all = (word: string) => lines.filter((line) => line.word === word).map(({ rest }) => rest);
  const last = (word: string) => all(word).at(-1) ?? assert.fail(`no ${word}`);

  test('copies what is there, and runs the command as a user without rights', () => {
    for (const copy of all('COPY').filter((rest) => !rest.startsWith('--from'))) {
      for (const source of copy.split(/\s+/).slice(0, -1))
        assert.ok(existsSync(join(ROOT, source)), `there is no ${source}`);
    }
    assert.ok(existsSync(join(ROOT, 'packages/cli/bin/confab.js')));
    assert.equal(last('USER'), 'node');
    assert.deepEqual(JSON.parse(last('ENTRYPOINT')), ['confab']);
  });

  test('has the runtime that the packages need, and no other', () => {
    const [, major = ''] = /node:(\d+)/.exec(last('ARG')) ?? [];
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.ok(Number(major) >= Number(/\d+/.exec(engines.node)?.[0]));
    assert.match(last('RUN') + all('RUN').join(' '), /npm ci --ignore-scripts --omit=dev --omit=optional/);
  });

  test('starts with words that the command takes, and asks a page that there is', async () => {
    await takes(JSON.parse(last('CMD')));
    const [, path = ''] = /127\.0\.0\.1:7700(\/\w+)/.exec(last('HEALTHCHECK')) ?? [];
    assert.ok(probes.includes(path), path);
    assert.equal(last('EXPOSE'), '7700');
  });
});

describe('the compose file', () => {
  const compose = yaml('compose/compose.yaml');
  const services: Readonly<Record<string, Tree>> = compose.services;
  const nodes = Object.keys(services).filter((name) => name.startsWith('confab-'));

  test('has two nodes with names of their own on one database, which is up before them', () => {
    assert.equal(nodes.length, 2);
    for (const name of nodes) {
      const environment = at<Readonly<Record<string, string>>>(services[name], 'environment');
      const { PGPASSWORD, ...ours } = environment;
      assert.match(PGPASSWORD ?? '', /^\$\{CONFAB_DB_PASSWORD:\?/);
      const { store, cluster } = configOf('compose/confab.yaml', ours);
      assert.equal(cluster.node, name);
      assert.ok(store.kind === 'postgres');
      const { hostname, username, pathname } = new URL(store.url);
      const database = at<Readonly<Record<string, string>>>(services[hostname], 'environment');
      assert.equal(database.POSTGRES_USER, username);
      assert.equal(`/${database.POSTGRES_DB}`, pathname);
      assert.equal(at(services[name], 'depends_on', hostname, 'condition'), 'service_healthy');
      assert.ok(services[hostname]?.healthcheck !== undefined);
      assert.ok(Number.parseInt(at(services[name], 'stop_grace_period'), 10) >= STOP_SECONDS);
    }
  });

  test('mounts files that are there, and names only volumes and networks that it makes', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const volume of (service.volumes ?? []) as string[]) {
        const [from = ''] = volume.split(':');
        const there = from.startsWith('.')
          ? existsSync(join(ROOT, 'deploy/compose', from))
          : from in compose.volumes;
        assert.ok(there, `${name}: ${volume}`);
      }
      for (const network of (service.networks ?? []) as string[])
        assert.ok(network in compose.networks, name);
    }
    const { context, dockerfile } = at<{ context: string; dockerfile: string }>(
      services[nodes[0] ?? ''],
      'build',
    );
    assert.ok(existsSync(join(ROOT, 'deploy/compose', context, dockerfile)));
  });

  test('trusts the X-Forwarded-For of the network that the load balancer is in', () => {
    const subnet = at<string>(compose, 'networks', 'confab', 'ipam', 'config', 0, 'subnet');
    assert.deepEqual(configOf('compose/confab.yaml').trustedProxies, [subnet]);
  });

  test('has a load balancer that knows every node, asks whether it is ready, and repeats nothing', () => {
    const lines = text('compose/haproxy.cfg')
      .split('\n')
      .map((line) => line.trim());
    const servers = lines
      .filter((line) => line.startsWith('server '))
      .map((line) => line.split(/\s+/).slice(1));
    assert.deepEqual(
      servers.map(([name, address]) => [name, address]),
      nodes.map((name) => [name, `${name}:7700`]),
    );
    const [, path = ''] = /^option httpchk GET (\S+)$/m.exec(lines.join('\n')) ?? [];
    assert.equal(path, '/readyz');
    assert.ok(probes.includes(path));
    assert.ok(lines.includes('option forwardfor'));
    assert.ok(
      !lines.some((line) => line.startsWith('retry-on')),
      'a request that was sent is not sent again',
    );
    const bound = lines.find((line) => line.startsWith('bind '))?.split(':')[1];
    assert.ok(
      at<string[]>(services.lb, 'ports').every(
        (port) => port.startsWith('127.0.0.1:') && port.endsWith(`:${bound}`),
      ),
    );
  });
});

describe('the Kubernetes manifests', () => {
  const kustomization = yaml('kubernetes/kustomization.yaml');
  const documents: readonly Tree[] = (kustomization.resources as string[]).flatMap((file) =>
    parseAllDocuments(text(`kubernetes/${file}`)).map((document) => {
      assert.deepEqual(document.errors, []);
      return document.toJS() as Tree;
    }),
  );
  const ofKind = (kind: string) => documents.filter((document) => document.kind === kind);
  const deployments = ofKind('Deployment');
  const container = (deployment: Tree) => at<Tree>(deployment, 'spec', 'template', 'spec', 'containers', 0);
  const labels = (deployment: Tree) =>
    at<Readonly<Record<string, string>>>(deployment, 'spec', 'template', 'metadata', 'labels');

  test('are each of a kind and a version that the API server knows', () => {
    const known: Readonly<Record<string, string>> = {
      Namespace: 'v1',
      Deployment: 'apps/v1',
      PodDisruptionBudget: 'policy/v1',
      Service: 'v1',
    };
    for (const { kind, apiVersion } of documents) assert.equal(known[String(kind)], apiVersion);
    assert.deepEqual(
      deployments.map((one) => at(one, 'metadata', 'name')),
      ['confab-api', 'confab-dispatch'],
    );
  });

  test('start each role with words that the command takes, under the name of the pod', async () => {
    for (const deployment of deployments) {
      const args = at<string[]>(container(deployment), 'args');
      await takes(args);
      assert.equal(args[args.indexOf('--role') + 1], labels(deployment)['app.kubernetes.io/component']);
      for (const { name } of at<{ name: string }[]>(container(deployment), 'env'))
        assert.equal(
          configOf('kubernetes/confab.yaml', { [name]: 'confab-api-7d9c5b-x2x4k' }).cluster.node,
          'confab-api-7d9c5b-x2x4k',
        );
    }
  });

  test('mount and take from the environment only what the kustomization makes', () => {
    const secrets = (
      kustomization.secretGenerator as { name: string; files?: string[]; envs?: string[] }[]
    ).map((secret) => {
      for (const file of [...(secret.files ?? []), ...(secret.envs ?? [])])
        assert.ok(existsSync(join(ROOT, 'deploy/kubernetes', file)), file);
      return secret.name;
    });
    for (const deployment of deployments) {
      const pod = at<Tree>(deployment, 'spec', 'template', 'spec');
      const volumes = pod.volumes as { name: string; secret?: { secretName: string } }[];
      const used = [
        ...volumes.flatMap(({ secret }) => secret?.secretName ?? []),
        ...at<{ secretRef: { name: string } }[]>(container(deployment), 'envFrom').map(
          ({ secretRef }) => secretRef.name,
        ),
      ];
      assert.deepEqual(
        used.filter((name) => !secrets.includes(name)),
        [],
      );
      for (const { name } of at<{ name: string }[]>(container(deployment), 'volumeMounts'))
        assert.ok(
          volumes.some((volume) => volume.name === name),
          name,
        );
      assert.equal(
        pod.enableServiceLinks,
        false,
        'variables of a service CONFAB… would be taken for settings',
      );
    }
  });

  test('probe pages that there are, on the port that is listened on, and give the end its time', () => {
    for (const deployment of deployments) {
      const main = container(deployment);
      const ports = at<{ name: string; containerPort: number }[]>(main, 'ports');
      assert.equal(ports[0]?.containerPort, configOf('kubernetes/confab.yaml').listen.port);
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const { path, port } = at<{ path: string; port: string }>(main, probe, 'httpGet');
        assert.equal(path, probe === 'readinessProbe' ? '/readyz' : '/healthz');
        assert.ok(probes.includes(path));
        assert.equal(port, ports[0]?.name);
      }
      assert.ok(
        at<number>(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds') >=
          STOP_SECONDS + 5,
      );
    }
  });

  test('run without rights', () => {
    for (const deployment of deployments) {
      assert.equal(at(deployment, 'spec', 'template', 'spec', 'securityContext', 'runAsNonRoot'), true);
      assert.deepEqual(at(container(deployment), 'securityContext'), {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('select the pods that are meant', () => {
    for (const deployment of deployments)
      assert.deepEqual(at(deployment, 'spec', 'selector', 'matchLabels'), labels(deployment));
    for (const budget of ofKind('PodDisruptionBudget')) {
      const one = deployments.find(
        (deployment) => at(deployment, 'metadata', 'name') === at(budget, 'metadata', 'name'),
      );
      assert.deepEqual(at(budget, 'spec', 'selector', 'matchLabels'), labels(one ?? {}));
      assert.ok(
        at<number>(one, 'spec', 'replicas') > at<number>(budget, 'spec', 'minAvailable'),
        'a node could never be drained',
      );
    }
    const [service] = ofKind('Service');
    assert.deepEqual(
      at(service, 'spec', 'selector'),
      labels(deployments[0] ?? {}),
      'requests go to those that take them',
    );
  });
});

describe('the unit of systemd', () => {
  const unit = text('systemd/confab.service');
  const settings = new Map(
    unit
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

  test('runs words that the command takes, on the configuration that it loads', async () => {
    const [program = '', ...args] = (settings.get('ExecStart') ?? '').split(' ');
    assert.match(program, /^\/.*\/confab$/);
    await takes(args);
    const [name = '', file = ''] = (settings.get('LoadCredential') ?? '').split(':');
    assert.equal(args.at(-1), `\${CREDENTIALS_DIRECTORY}/${name}`);
    assert.equal(file, '/etc/confab/confab.yaml');
    const { store } = configOf('systemd/confab.yaml');
    assert.ok(store.kind === 'sqlite' && store.path.startsWith('./'), 'in the folder of its state');
    assert.equal(settings.get('WorkingDirectory'), `%S/${settings.get('StateDirectory')}`);
    assert.ok(Number.parseInt(settings.get('TimeoutStopSec') ?? '', 10) >= STOP_SECONDS);
  });

  test('takes every right away that the runtime does without', () => {
    for (const [name, value] of Object.entries({
      DynamicUser: 'yes',
      NoNewPrivileges: 'yes',
      CapabilityBoundingSet: '',
      ProtectSystem: 'strict',
      ProtectHome: 'yes',
      PrivateDevices: 'yes',
      PrivateTmp: 'yes',
      RestrictNamespaces: 'yes',
      UMask: '0077',
    }))
      assert.equal(settings.get(name), value, name);
    assert.equal(settings.has('MemoryDenyWriteExecute'), false, 'V8 compiles to memory that it then runs');
  });
});

test('docs/deployment.md names every file of deploy', () => {
  for (const file of [
    'Containerfile',
    'compose/compose.yaml',
    'compose/haproxy.cfg',
    'kubernetes/kustomization.yaml',
    'systemd/confab.service',
  ])
    assert.ok(PAGE.includes(`deploy/${file}`), file);
});
