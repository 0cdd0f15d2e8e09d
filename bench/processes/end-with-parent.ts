/** Loaded into every process of the bench: the channel to the bench closes however the bench ends, and so ends the process. */
process.once('disconnect', () => process.exit(0));
process.channel?.unref();
