// Loads one file and tells when that was done, counted from the start of the process, on file descriptor 3.
const { writeSync } = require('node:fs');

require(process.argv[2]);
const wallMilliseconds = performance.now();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
writeSync(3, JSON.stringify({ wallMilliseconds, cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000 }));
process.exit(0);
