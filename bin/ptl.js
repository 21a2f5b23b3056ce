#!/usr/bin/env node
// `ptl`: from its source in a clone, where what was compiled may be older; else compiled.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (existsSync(join(__dirname, 'ptl.ts'))) {
  require('tsx/cjs');
  require('./ptl.ts');
} else {
  require('../dist/bin/ptl.js');
}
