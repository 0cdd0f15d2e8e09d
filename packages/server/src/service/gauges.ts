import type { Clock } from '../base/clock.ts';
import type { StoreGauges } from '../base/metrics-store.ts';
import type { Store } from '../store/store.ts';
import type { EndpointLag, LagSurvey } from './lag.ts';

/** What the metrics show of the store: its figures, and how far each endpoint is behind. */
export async function storeGauges(
  store: Pick<Store, 'stats'>,
  survey: Pick<LagSurvey, 'lag'>,
  clock: Clock,
): Promise<StoreGauges> {
  const [stats, endpoints] = await Promise.all([store.stats(), survey.lag()]);
  const now = clock.now();
  const lag = endpoints.flatMap((one) => {
    // No page of this endpoint was read: better no figure than a wrong 0.
    if (one.truncated && one.lanes === 0) return [];
    const due = stats.lanesBehind.find(({ app, endpoint }) => app === one.app && endpoint === one.endpoint);
    const oldestAt = oldest(one, due?.oldestDueAt);
    const ageSeconds = oldestAt === undefined ? 0 : Math.max(0, now - oldestAt) / 1000;
    return [{ app: one.app, endpoint: one.endpoint, events: one.events, ageSeconds }];
  });
  return { ...stats, lag };
}

/** Among lanes that were not looked at, the one due longest stands for the oldest. */
function oldest({ oldestAt, truncated }: EndpointLag, oldestDueAt: number | undefined): number | undefined {
  if (!truncated || oldestDueAt === undefined) return oldestAt;
  return Math.min(oldestAt ?? oldestDueAt, oldestDueAt);
}
