// Loaded with --import: at SIGWINCH (SIGUSR2 would end the process in order) the event loop of this process stands still for five seconds,
// as in an endless loop or a very long garbage collection.
process.on('SIGWINCH', () => {
  for (const untilMs = performance.now() + 5000; performance.now() < untilMs;);
})
