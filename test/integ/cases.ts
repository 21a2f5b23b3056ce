import { adopt } from './cases/adopt';
import { adoptFargate } from './cases/adopt-fargate';
import { contract } from './cases/contract';
import { fargateService } from './cases/fargate-service';
import { inFlight } from './cases/in-flight';
import { ledger } from './cases/ledger';
import { messes } from './cases/messes';
import { onlyTheFirebreak } from './cases/only-the-firebreak';
import { onlyTheSwitch } from './cases/only-the-switch';
import { outage } from './cases/outage';
import { ownPathMachine } from './cases/own-path-machine';
import { ownStack } from './cases/own-stack';
import { pipelines } from './cases/pipelines';
import { trafficSwitch } from './cases/traffic-switch';
import { waves } from './cases/waves';
import { wholeRelease } from './cases/whole-release';
import type { Case } from './integ';

/** Every case by its name. Long ones first: the lanes then end about the same time. */
export const CASES: Readonly<Record<string, Case>> = {
  messes,
  inFlight,
  adopt,
  contract,
  pipelines,
  fargateService,
  wholeRelease,
  outage,
  waves,
  adoptFargate,
  ownPathMachine,
  onlyTheFirebreak,
  onlyTheSwitch,
  trafficSwitch,
  ownStack,
  ledger,
};
