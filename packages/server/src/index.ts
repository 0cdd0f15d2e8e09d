/** What programs that embed the server use: the configuration, and start and stop. */
export { type RunningServer, type StartOptions, startServer } from './app.ts';
export { backupFile, restoreStore } from './backup-store.ts';
export { createLogger, type Logger } from './base/logger.ts';
export type { AppConfig, Config, StoreConfig } from './config/config.ts';
export { ConfigError } from './config/config-error.ts';
export { describeConfig } from './config/describe.ts';
export { loadConfig } from './config/load.ts';
export { parseStore, STORE_EXPECTS } from './config/values.ts';
export type { EndpointSettings } from './domain/endpoint.ts';
export { type MoveStoreOptions, moveStore } from './move-store.ts';
export { StoreError } from './store/errors.ts';
export type { MoveProgress, MoveResult } from './store/move.ts';
export { VERSION } from './version.ts';
export { connectTo } from './webhook/connect-to.ts';
export { foreseenTrouble } from './webhook/foreseen.ts';
