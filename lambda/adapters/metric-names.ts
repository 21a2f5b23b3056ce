/** What metrics call a target group: `targetgroup/…`. */
export function targetGroupName(arn: string): string {
  return lastPart(arn);
}

/** What metrics call a load balancer: `app/…`. */
export function loadBalancerName(arn: string): string {
  return lastPart(arn).replace(/^loadbalancer\//, '');
}

function lastPart(arn: string): string {
  return arn.split(':').slice(5).join(':');
}
