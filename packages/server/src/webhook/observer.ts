import type { Failure, NextStep } from '../domain/delivery.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { LaneEvent } from '../store/lanes.ts';

export interface AttemptReport {
  readonly event: LaneEvent;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Unix ms of its end. */
  readonly at: number;
  readonly durationMs: number;
}

/** A receiver's answer has moved a lane, or tried to: see `Move`. `refused`: its position lies beyond the end of the log. */
export interface LaneMoved {
  readonly streamId: number;
  readonly groupId: string;
  readonly kind: 'back' | 'forward' | 'refused';
  readonly through: number;
}

/** Told of every outcome: the log line and the metrics of a delivery. */
export interface DeliveryObserver {
  delivered(endpoint: Endpoint, report: AttemptReport, warning: string | undefined): void;
  failed(endpoint: Endpoint, report: AttemptReport, failure: Failure, next: NextStep): void;
  moved(endpoint: Endpoint, move: LaneMoved): void;
  breaker(endpoint: Endpoint, state: 'open' | 'closed'): void;
  storeFailed(endpoint: Endpoint | undefined, error: unknown): void;
}
