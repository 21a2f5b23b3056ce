/** How long what is open may go on when its slot of the service on Fargate is lowered. */
export const DELAY_SECONDS = 4;
