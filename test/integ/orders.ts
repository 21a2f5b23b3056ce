/** How many orders time out, whichever slot serves: an alarm that a team has already, raised by `threshold` of them. */
export const ORDERS = { alarm: 'outage-orders-time-out', namespace: 'OutageShop', metric: 'Timeouts', periodSeconds: 10, threshold: 1 } as const;
