import type { Problem } from '../domain/settings/problem.ts';
import { startProblem } from '../domain/settings/start.ts';
import type { WrittenConfig } from './schema.ts';

/** Every endpoint of a well-formed configuration that is to start at a time which has not come at `now` (unix ms). */
export function futureStarts({ apps }: WrittenConfig, now: number): readonly Problem[] {
  return apps.flatMap(({ endpoints }, app) =>
    endpoints.flatMap(({ start }, endpoint) => {
      const message = startProblem(start, now);
      return message === undefined ? [] : [{ path: ['apps', app, 'endpoints', endpoint, 'start'], message }];
    }),
  );
}
