import { type AppConfig, type Config, loadConfig } from '@confab-im/server';

/** Name of the endpoint that leads to the recorder of the same process. */
export const RECORDER = 'recorder';

/**
 * The configuration with one more endpoint in its first app: the recorder at `url`. It is not written to the file, so a later
 * `confab serve` pauses it (design, "Configuration") and the next demonstration takes it up again, with all that came between.
 * Only errors are logged: the demonstration prints for people.
 */
export function withRecorder(config: Config, app: AppConfig, url: string, authToken: string): Config {
  const endpoint =
    loadConfig({ text: endpointText(app.sdkAppId, url, authToken), env: {} }).apps[0]?.endpoints ?? [];
  const others = app.endpoints.filter(({ name }) => name !== RECORDER);
  return {
    ...config,
    log: { level: 'error' },
    apps: config.apps.map((one) => (one === app ? { ...app, endpoints: [...others, ...endpoint] } : one)),
  };
}

/** JSON is YAML; a whole configuration, since only a whole one gets its defaults filled in. */
function endpointText(sdkAppId: number, url: string, authToken: string): string {
  return JSON.stringify({
    apps: [
      {
        sdkAppId,
        secretKeys: ['0'.repeat(64)],
        admins: ['administrator'],
        endpoints: [
          {
            name: RECORDER,
            url,
            events: ['Group.CallbackAfterSendMsg'],
            authToken,
            allowPrivateNetwork: true,
          },
        ],
      },
    ],
  });
}
