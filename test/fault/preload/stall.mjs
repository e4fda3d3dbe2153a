// Loaded with --import: at SIGUSR2 the event loop of this process stands still for five seconds, as in an endless loop or a very long garbage collection.
process.on('SIGUSR2', () => {
  for (const untilMs = performance.now() + 5000; performance.now() < untilMs;);
})
