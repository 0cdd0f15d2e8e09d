import { nodeHttp } from '../src/adapters/node-http.ts';
import { adapterSuite } from './support/adapter-suite.ts';
import { endlessBodyTest } from './support/endless-body.ts';
import { listen } from './support/listen.ts';

adapterSuite('node:http', (receiver) => listen(nodeHttp(receiver)));
endlessBodyTest('node:http', (receiver) => listen(nodeHttp(receiver)));
