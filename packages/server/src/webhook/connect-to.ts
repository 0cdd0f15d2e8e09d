import type { Socket } from 'node:net';
import { systemClock } from '../base/clock.ts';
import type { EndpointSettings } from '../domain/endpoint.ts';
import type { WebhookProxy } from '../domain/proxy.ts';
import { connectionSettings } from './connection-settings.ts';
import { connectionOptions } from './sender.ts';
import { Connection } from './sender-connection.ts';

/**
 * One connection made exactly as those of webhooks to this endpoint: guard, proxy, TLS and time-out. For trying out what a webhook
 * would meet; `foreseenTrouble` comes first, for what needs no connection. Rejects with a sentence.
 */
export function connectTo(settings: EndpointSettings, proxies: readonly WebhookProxy[]): Promise<Socket> {
  const { hostname, port, protocol } = new URL(settings.url);
  const options = { clock: systemClock(), ...connectionSettings(settings, proxies) };
  const connection = new Connection(connectionOptions(options, new Set()));
  const target = { hostname: hostname.replace(/^\[|\]$/g, ''), port, protocol };
  return new Promise((resolve, reject) => {
    connection.connect(target, (error, socket) => {
      if (error !== null) reject(error);
      else resolve(socket);
    });
  });
}
