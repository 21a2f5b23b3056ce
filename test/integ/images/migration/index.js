// An image, and a source of builds, that migrates nothing: it looks whether it was told what a migration is told, takes a second, and ends as it is asked to.
const { PATH_TO_LIVE, PATH_TO_LIVE_ENVIRONMENT, PATH_TO_LIVE_MIGRATION, PATH_TO_LIVE_RELEASE, PATH_TO_LIVE_RUN, TABLE } = process.env;

const told = [PATH_TO_LIVE, PATH_TO_LIVE_ENVIRONMENT, PATH_TO_LIVE_MIGRATION, PATH_TO_LIVE_RELEASE, TABLE].join(' ');
console.log(`${told} ${PATH_TO_LIVE_RUN}`);
const isTold = /^Orders Live a-(task|build) 1\.\d\.\d orders$/.test(told) && Boolean(PATH_TO_LIVE_RUN);
const status = { failing: 3, mended: 0 }[process.argv[2]] ?? 2;
setTimeout(() => process.exit(isTold ? status : 4), 1_000);
