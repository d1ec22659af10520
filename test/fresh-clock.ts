import { testClock } from './end-to-end/local-run.ts';

// Loaded before each test file: files share a process, and none begins in the time to which another has hurried.
testClock.reset();
