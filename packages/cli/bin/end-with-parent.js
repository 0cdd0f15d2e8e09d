/**
 * Loaded into the pinned runtime by the launcher. The channel to the launcher closes when the launcher ends, however it ends
 * (also by SIGKILL, which it cannot forward); this process then stops as if asked to by SIGTERM.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
