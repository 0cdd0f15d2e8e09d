import { GetHistoryRequest as Request, GetHistoryResponse as Response } from '@confab-im/protocol';
import { archiveHour, archiveTime } from '../../domain/archive.ts';
import { refuse } from '../../domain/refusal.ts';
import { signArchiveAddress } from '../../service/archive-address.ts';
import type { ArchiveFile } from '../../service/archives.ts';
import { handler } from '../command.ts';

/** Files can be had for hours of the last seven days (tencent-rest-user D8). */
const KEPT_MS = 7 * 86_400_000;
const URL_SECONDS = 86_400;

export const getHistory = handler(
  Request,
  Response,
  async ({ archives, clock, keysOf }, { app, origin }, { ChatType, MsgTime }) => {
    const hour = archiveHour(app, MsgTime);
    if (hour === undefined) {
      return refuse('ARCHIVE_PARAMETERS', `MsgTime: "${MsgTime}" is no hour; write YYYYMMDDHH in UTC`);
    }
    const now = clock.now();
    if (hour.to <= now - KEPT_MS)
      return refuse('ARCHIVE_EXPIRED', `MsgTime: ${MsgTime} is more than 7 days ago`);
    if (hour.to > now)
      return refuse('ARCHIVE_NOT_READY', `MsgTime: the hour ${MsgTime} (UTC) is not over yet`);
    if (ChatType === 'C2C')
      return refuse('ARCHIVE_NOT_READY', 'There are no one-to-one messages on this server');
    const files = await archives.files(hour);
    if (files === undefined)
      return refuse('ARCHIVE_NOT_READY', 'The files are being made; ask again in a moment');
    if (files.length === 0)
      return refuse('ARCHIVE_NOT_READY', `No group had a message in the hour ${MsgTime} (UTC)`);
    const expires = Math.floor(now / 1000) + URL_SECONDS;
    const [key = ''] = keysOf(app);
    const shown = ({ from, size, md5, gzipSize, gzipMd5 }: ArchiveFile) => ({
      URL: origin + signArchiveAddress({ hour, from, expires }, key),
      ExpireTime: archiveTime(expires * 1000),
      FileSize: size,
      FileMD5: md5,
      GzipSize: gzipSize,
      GzipMD5: gzipMd5,
    });
    return { File: files.map(shown) };
  },
);
