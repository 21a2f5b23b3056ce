/** What must hold in every state, and of every step from one to the next: a sentence each. */
export const INVARIANTS = {
  agreed: 'no traffic moves to a release without every acceptance it needs, for the very content in the slot and the evidence there is',
  oneOwner: 'an environment has one owner at a time, and only a release on its way, by its present attempt, becomes it',
  oneWriter: 'the live rule is written by the one holder of a running lease, who was announced',
  whole: 'weights are whole numbers that sum to 100, in the ledger and in the live rule',
  healthy: 'no write gives traffic to a slot that is not healthy, or that holds something else than the ledger says',
  known: 'traffic goes to what is live, to what was live before, or to the release that has the environment; to nothing else',
  shadow: 'no slot is deployed to while it serves users',
  rest: 'where no release is in an environment, and nobody writes, all traffic is on what is live, or on what a roll back that has begun goes to; or users are out in an outage',
  out: 'nothing changes the shared state in a way that the live version does not understand while users have a version',
  understood: 'users get no version that does not understand the shared state, unless a person says so',
  left: 'users are out only while a release that takes them out has the environment, or where a ticket says so',
  waves: 'a release that went live in a wave, and did not come through the later ones, is not live there, or a ticket says that it stays',
  live: 'what becomes live has all of the traffic, and what was live is where a roll back goes',
  shifted: 'once traffic was moved for a release, it ends live or rolled back; or stopped, where users were only taken out',
  stopped: 'a release that somebody stopped, or wanted back, gets no more traffic',
  alarmed: 'a release whose slot an alarm went off in while it was watched does not go live; none gets traffic while one fires',
  watched: 'an alarm that is told of ends what a release with traffic waits for, a bake or people',
  frozen: 'while an environment is frozen no release gets more of its users, none of them is taken out, and no slot that is needed to roll back is taken',
  unhindered: 'what brings users back, or gives those who are out a version, ends in a frozen environment as it does without the freeze',
  takenOut: 'what was taken out of an environment gets no traffic there until it is submitted again',
  immutable: 'the content of a version never changes',
  inTime: 'a decision counts only while somebody waits for it',
  parties: 'only members of a party speak for it',
  errors: 'every error is one that the rules say',
  asked: 'nobody is asked about a release that was aborted, or has ended',
  turns: 'nobody waits for its turn in an environment that is free without being told, and nothing waits for one that has ended',
  ticket: 'a release that ended otherwise than live has a ticket, unless another took its place',
  superseded: 'another takes the place of a release only where that has moved nobody, and nothing that was accepted about it counts then',
  ended: 'where everything rests, every release has ended, nothing is locked, and no gate waits',
  outcomes: 'a release can go live, can be stopped, and can be rolled back',
  reachable: 'from every state, with no more trouble, everything comes to rest',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** Says that an invariant does not hold, and what was found. */
export type Say = (invariant: Invariant, found: string) => void;
