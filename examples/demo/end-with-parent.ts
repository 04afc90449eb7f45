// Loaded ahead of a program: it is told to end when the process that started it is gone, be it killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
