// An image whose version never starts.
console.error('there is no such setting: DATABASE');
process.exit(1);
