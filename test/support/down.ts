import { releaseShared } from './shared-stack.ts'

/** Run by tap after all files: the runner, which holds the lease for every file, gives it back. */
await releaseShared(process.ppid, line => process.stderr.write(`# ${line}\n`))
