// Lets a Node process take for now what the local AWS does: its clock can be moved on. For processes started with
// NODE_OPTIONS="--require <this file>" and LOCAL_AWS_CLOCK, the file that says by how many milliseconds.
const { readFileSync } = require('node:fs');

const RealDate = Date;
const moved = () => Number(readFileSync(process.env.LOCAL_AWS_CLOCK, 'utf8')) || 0;

class MovedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(MovedDate.now());
    else super(...given);
  }

  static now() {
    return RealDate.now() + moved();
  }
}

globalThis.Date = Object.defineProperty(MovedDate, 'name', { value: 'Date' });
