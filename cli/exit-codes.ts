/** How a command ended, for pipelines. Part of the interface: a code never changes its meaning. */
export const EXIT = { reached: 0, error: 1, stopped: 2, rolledBack: 3, waitingForPeople: 4, timedOut: 5, findings: 6 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For the help of `ptl release`. */
export const RELEASE_EXIT_CODES = `
Exit codes:
  0  the release reached what --until asks for
  1  it could not be submitted or followed, or the command line is wrong: the
     message says what to do
  2  stopped before live traffic was moved; a ticket says why
  3  rolled back: live traffic is where it was before; a ticket says why
  4  waiting for people: the message says who is asked, and by which command
     they answer; run the same command again to go on following it (what was
     stopped by then, by a test for example, is tried once more; what was
     rolled back, refused or aborted is not: its code is 3 or 2, see --again)
  5  timed out (--timeout); the release itself goes on`;

/** For the help of every other command. */
export const EXIT_CODES = `
Exit codes:
  0  done
  1  not done, or the command line is wrong: the message says why and what to do`;
