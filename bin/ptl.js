#!/usr/bin/env node
// `ptl`: the compiled entry where there is one, else the source.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const compiled = join(__dirname, '..', 'dist', 'bin', 'ptl.js');
if (existsSync(compiled)) {
  require(compiled);
} else {
  require('tsx/cjs');
  require('./ptl.ts');
}
